//! `floatline solve`: one plan to a schedule; several plans go to `batch`.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use clap::{Args, ValueEnum};
use floatline::cpm;
use floatline::effort::{Control, Stopwatch};
use floatline::error::{Error, Findings, Result};
use floatline::io::DraftFile;
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{self, LogRun, LogSteps, SummaryRow};
use floatline::level::{Capacity, Investment, invest};
use floatline::network::{Network, compile};

use floatline::plan::{Plan, validate};
use floatline::risk::robust;
use floatline::schedule::{Gantt, Outcome, Period, Schedule, Status, gantt, projects};
use floatline::solve::{Objective, Progress, SolveOptions, solve, solve_with_proof};
use floatline::track::buffers::{Buffer, buffers};
use floatline::units::Moment;
use serde_json::{Value, json};

use super::audit::Meant;
use super::buffers::BufferFlag;
use super::files::{write_answer, write_failure};
use super::interests::Told;
use super::log::Log;
use super::own::Own;
use super::plans::{self, Job};
use super::progress::Line;
use super::settings::{Format, Settings};
use super::{Verdict, baseline, batch, calibrate, interrupt, print, start, summary, words};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PeriodFlag {
    Day,
    Week,
    Month,
}

/// Schedule plans: when is what done, by whom, at what cost, and can it be faster?
///
/// The schedule respects links, calendars, people, machines, materials and budgets. It is checked by a separate
/// validator before you see it, and comes with a proven lower bound of the project's length.
///
/// The search goes on until its schedule is proven to be the best, or --effort, --time-limit or Ctrl-C ends it, and hands
/// over the best schedule so far; --start goes on from there later.
///
/// With -o, one plan writes schedule.csv, assignments.csv, usage.csv, costs.csv and summary.csv into OUT, and projects.csv
/// if it has several summaries at the top level, capacities.csv for --objective peak, and interests.csv, what each stakeholder of
/// stakeholders.csv needs to know and what of it has changed, and the pictures gantt.svg with --gantt and network.svg with
/// --network. Several plans write theirs into OUT/NAME/ each and share OUT/summary.csv;
/// a wrong plan becomes a row there and does not stop the others.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline solve data/software-release
  floatline solve data/first-plan.csv --all
  floatline solve data/first-plan.csv --gantt
  floatline solve data/software-release -o out --gantt --network --png
  floatline solve data/hardware-programme -o out --time-limit 10s
  floatline solve data/hardware-programme -o out --start out --log out/log.jsonl
  floatline solve data/software-release -o out --against last-week/schedule.csv
  floatline solve data/software-release --start-date 2026-03-09 --format csv > new.csv
  floatline solve data/datacenter-move --ignore-resources
  floatline solve data/solar-park --objective npv
  floatline solve data/first-plan.csv --proof proof.txt
  floatline solve data/hardware-programme --objective finish,cost
  floatline solve data/software-release --objective p80
  floatline solve data/software-release --objective peak --until 2026-07-31
  floatline solve data/software-release data/datacenter-move -o out
  floatline solve my-plan --baseline first
  floatline solve data/software-release --buffers
  floatline solve my-plan --calibration out/calibration.csv
  floatline solve --batch data -o out --effort 20

Exit codes: 0 done (also if no schedule was found within the limits: status `unknown`), 1 wrong input, 2 wrong usage, 3 proven \
infeasible. A batch ends with 1 if any plan was wrong, otherwise with 3 if any was infeasible.")]
pub struct Arguments {
    /// Plans: folders, tasks.csv files, other CSV files of tasks, .xlsx, .ods, .xml, .xer, .sm, .mm, .rcp or .sch files
    #[arg(value_name = "PLAN", required_unless_present = "batch")]
    plans: Vec<PathBuf>,
    /// Solve every plan in this folder: each folder in it and each plan file, sorted by name
    #[arg(long, value_name = "DIR", conflicts_with = "plans")]
    batch: Option<PathBuf>,
    /// Dates by links, calendars and constraints alone, as if there were enough of everything (critical path method)
    #[arg(long)]
    ignore_resources: bool,
    /// What to optimise, the most important first: one or several of the values below, separated by commas
    ///
    /// `finish,cost` looks for the cheapest of the schedules that finish first. What is not named comes after what is, in the
    /// order tardiness, finish, cost.
    #[arg(
        long,
        value_enum,
        value_delimiter = ',',
        value_name = "LIST",
        default_value = "tardiness,finish",
        conflicts_with = "ignore_resources"
    )]
    objective: Vec<ObjectiveFlag>,
    /// With --objective peak: the date to be kept, such as 2026-07-31 (of a plan of periods: a period)
    ///
    /// Without it the project's deadline; without that, too, the finish with enough of everything (the critical path).
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Start the project on this date (and time) instead of its own: 2026-03-02 or "2026-03-02 13:00"
    #[arg(long, value_name = "DATE", value_parser = plans::parse_start)]
    start_date: Option<Moment>,
    /// Go on from this schedule: OUT of an earlier run, its schedule.csv, or any CSV file with the columns task and start
    ///
    /// The answer is never worse in the objectives than that schedule if it is valid. If the plan has changed since, what still fits of it is
    /// used, and warnings say what does not. The columns mode and resources (who is on it) count too if they are there. For
    /// several plans give the folder OUT of an earlier batch.
    #[arg(long, value_name = "FILE", value_parser = start::parse, conflicts_with = "ignore_resources")]
    start: Option<PathBuf>,
    /// Tell stakeholders what has changed since this schedule: OUT of an earlier run, or its schedule.csv
    ///
    /// Without it they are told what has changed since the schedule that -o OUT holds from an earlier run, if there is one.
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    against: Option<PathBuf>,
    /// Let tasks take as long as earlier projects say: calibration.csv of `floatline review`, or the folder that holds it
    ///
    /// Planned durations are multiplied by the mean factor of their category, or of all tasks, and rounded to half hours. A note says
    /// what that did.
    #[arg(long, value_name = "FILE")]
    calibration: Option<PathBuf>,
    /// Freeze the schedule as a baseline under this name, in PLAN/baselines/NAME/
    ///
    /// schedule.csv and costs.csv (by week) are written there once, and never changed: a name that is taken is refused. `check` judges progress by it.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["batch", "ignore_resources"])]
    baseline: Option<String>,
    /// Set time aside behind the critical chain and where other chains join it (critical chain), in buffers.csv
    ///
    /// Durations are taken as they are: they should be as likely to be too short as too long. With --baseline the buffers are
    /// frozen, and `track` tells how much of them is used up.
    #[arg(long, value_enum, value_name = "RULE", num_args = 0..=1, default_missing_value = "root", conflicts_with_all = ["batch", "ignore_resources"])]
    buffers: Option<BufferFlag>,
    /// Write what the search does to this file, a JSON object a line: begin, each step forward, end
    ///
    /// Each line is in the file as soon as it is known, so that a run that is killed leaves a readable log. Of several plans
    /// the lines stand one plan after the other in the order of the plans, each with the plan's name. With --effort only
    /// `seconds` and `threads` differ from run to run. A log that is there is replaced, any other file is not.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Write a proof of what the search says is best, or that there is no schedule, to this file
    ///
    /// `floatline verify PLAN --proof FILE` checks it. Of a schedule that is not proven to be the best, its bound is proven.
    /// Where no proof can be given (say of plans with pauses in working time) none is written, and a message says why.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["ignore_resources", "batch"])]
    proof: Option<PathBuf>,
    /// The periods of usage.csv and costs.csv
    #[arg(long, value_enum, default_value_t = PeriodFlag::Week)]
    period: PeriodFlag,
    /// Draw the schedule as a Gantt chart: in the terminal instead of the table, with -o also as a picture, gantt.svg
    ///
    /// Summaries are brackets around what is below them, quality gates stand behind the task they come after. Of plans with more
    /// than 40 rows (400 in the picture) the upper summaries and what has the least float is drawn; --all prints every row.
    #[arg(long)]
    gantt: bool,
    /// Draw what waits for what, with -o: boxes from left to right with links between them, in network.svg
    ///
    /// Of plans with more than 120 tasks and gates the lower summaries are a box each.
    #[arg(long)]
    network: bool,
    /// Print every row of the schedule, not only the first 40
    #[arg(long)]
    pub all: bool,
}

/// What a plan can be optimised for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ObjectiveFlag {
    /// The last finish as early as possible
    Finish,
    /// As little working time after deadlines as possible, weighted by priority
    Tardiness,
    /// As little money as possible, overhead, penalty and bonus included
    Cost,
    /// The highest net present value: payments less costs, discounted by discount_rate
    Npv,
    /// A robust schedule: of several good ones that which finishes earliest with a confidence of 80 %, as `risk` simulates it;
    /// good by the other objectives named. That takes about as long again
    P80,
    /// The cheapest capacities: how many units of each person and machine keep the deadline (see --until). Capacities in the
    /// plan are left aside; a unit costs its rate, or one if nothing has a rate. Not to be combined
    Peak,
}

impl ObjectiveFlag {
    /// What the search optimises; none if that is not for the search.
    pub fn objective(self) -> Option<Objective> {
        match self {
            ObjectiveFlag::Finish => Some(Objective::Finish),
            ObjectiveFlag::Tardiness => Some(Objective::Tardiness),
            ObjectiveFlag::Cost => Some(Objective::Cost),
            ObjectiveFlag::Npv => Some(Objective::NetPresentValue),
            ObjectiveFlag::P80 | ObjectiveFlag::Peak => None,
        }
    }
}

/// What a search optimises, of a verb that has only that.
///
/// # Errors
/// [`Error::is_usage`] for objectives that take more than a search.
pub fn searched_objectives(flags: &[ObjectiveFlag]) -> Result<Vec<Objective>> {
    let objective = |flag: &ObjectiveFlag| {
        flag.objective().ok_or_else(|| {
            let name = flag.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            Error::usage(format!("--objective {name} is answered by `floatline solve` alone"))
        })
    };
    flags.iter().map(objective).collect()
}

impl Arguments {
    /// The periods of the tables.
    pub fn period(&self) -> Period {
        match self.period {
            PeriodFlag::Day => Period::Day,
            PeriodFlag::Week => Period::Week,
            PeriodFlag::Month => Period::Month,
        }
    }

    /// The chart of an outcome, if it is asked for.
    fn chart(&self, plan: &Plan, outcome: &Outcome) -> Option<Gantt> {
        let schedule = outcome.schedule.as_ref().filter(|_| self.gantt)?;
        Some(gantt(plan, schedule, &outcome.dates))
    }

    /// True if the cheapest capacities are looked for.
    fn asks_for_capacities(&self) -> bool {
        self.objective.contains(&ObjectiveFlag::Peak)
    }

    /// Refuses what makes no sense together.
    fn check(&self) -> Result<()> {
        if self.until.is_some() && !self.asks_for_capacities() {
            return Err(Error::usage(
                "--until is the date that --objective peak keeps; other objectives do not know it",
            ));
        }
        let others = self.objective.len() > 1 || self.start.is_some() || self.proof.is_some();
        if self.asks_for_capacities() && others {
            return Err(Error::usage("--objective peak stands alone: without other objectives, --start and --proof"));
        }
        Ok(())
    }

    /// The schedule to start a plan from; `plan` is its name in a batch.
    pub fn start_of(&self, plan: Option<&str>) -> Result<Option<PathBuf>> {
        self.start.as_deref().map_or(Ok(None), |start| start::file(start, plan))
    }
}

/// Solves one plan or a batch.
///
/// # Arguments
/// `meant` takes the options that the schedule in the folder of results stood for.
pub fn run(arguments: &Arguments, settings: &Settings, meant: &mut Meant) -> Result<Verdict> {
    arguments.check()?;
    if arguments.network && settings.out.is_none() {
        return Err(Error::usage("--network is a picture among the files of -o; give -o OUT, too"));
    }
    let batch = match &arguments.batch {
        Some(folder) => plans::in_folder(folder)?,
        None => plans::Batch { jobs: plans::given(&arguments.plans), skipped: Vec::new() },
    };
    for path in batch.skipped.iter().filter(|_| !settings.quiet) {
        print::message(&format!("skipping `{}`, which is not a plan", path.display()));
    }
    let jobs = batch.jobs;
    if arguments.proof.is_some() && jobs.len() > 1 {
        return Err(Error::usage("--proof writes a proof about one plan; several plans were given"));
    }
    if arguments.against.is_some() && jobs.len() > 1 {
        return Err(Error::usage("--against is a schedule of one plan; several plans were given"));
    }
    if arguments.buffers.is_some() && jobs.len() > 1 {
        return Err(Error::usage("--buffers is about the schedule of one plan; several plans were given"));
    }
    if arguments.baseline.is_some() && jobs.len() > 1 {
        return Err(Error::usage("--baseline freezes the schedule of one plan; several plans were given"));
    }
    let log = Log::open(arguments.log.as_deref(), jobs.len())?;
    let cancelled = interrupt::cancel_flag(settings.quiet);
    let verdict = match &*jobs {
        [job] if arguments.batch.is_none() => one(job, arguments, settings, (cancelled, meant), &log),
        _ => batch::run(&jobs, arguments, settings, cancelled, &log),
    };
    log.close().and(verdict)
}

/// A plan and what came of it.
pub struct Answer {
    pub plan: Plan,
    pub findings: Findings,
    /// What of the schedule to start from does not fit the plan.
    pub start_findings: Findings,
    pub outcome: Outcome,
    /// The number of nogoods of the proof, or why there is none, if one was asked for.
    pub proof: Option<std::result::Result<u32, &'static str>>,
    /// The capacities that keep a date, if those were asked for.
    pub investment: Option<(Moment, Vec<Capacity>)>,
    /// Time that is set aside, if that was asked for.
    pub buffers: Vec<Buffer>,
    /// The chart, if that was asked for.
    pub gantt: Option<Gantt>,
    /// True if the network is to be drawn.
    pub has_network: bool,
}

impl Answer {
    /// What stakeholders are to be told, against an earlier schedule that is given or lies in the folder of results.
    ///
    /// # Errors
    /// If the one that is given cannot be read.
    pub fn told(&self, earlier: (Option<&Path>, Option<&Path>), settings: &Settings) -> Result<Option<Told>> {
        let Some(schedule) = &self.outcome.schedule else { return Ok(None) };
        Told::of(&self.plan, schedule, &self.outcome, earlier, settings)
    }
}

/// What a plan is worked on with.
pub struct Task<'a> {
    pub job: &'a Job,
    /// Its number among the plans of the run.
    pub number: usize,
    /// The schedule to start from.
    pub start: Option<PathBuf>,
    pub arguments: &'a Arguments,
    pub settings: &'a Settings,
    pub control: &'a Control,
    pub log: &'a Log,
}

/// Reads and solves a plan, and writes its log.
///
/// # Errors
/// If the plan is wrong, or the compile step proves that a task can never be done.
pub fn answer(
    task: &Task<'_>,
    stopwatch: &mut Stopwatch,
    report: &(dyn Fn(&Plan, &Progress) + Sync),
) -> Result<Answer> {
    let result = work(task, stopwatch, report);
    if task.log.is_kept() {
        let (name, seconds) = (&task.job.name, task.control.elapsed().as_secs_f64());
        let line = match &result {
            Ok(answer) => results::log_end(name, &answer.plan, &answer.outcome, seconds),
            Err(error) => {
                let row = summary::error_row(name, error, task.control, task.settings.seed);
                results::log_failure(name, &row.status, &row.message, seconds)
            }
        };
        task.log.end(task.number, &line);
    }
    result
}

fn work(task: &Task<'_>, stopwatch: &mut Stopwatch, report: &(dyn Fn(&Plan, &Progress) + Sync)) -> Result<Answer> {
    let Task { job, arguments, settings, control, log, .. } = task;
    let draft = plans::read(&job.path, &settings.read, arguments.start_date)?;
    stopwatch.end("read");
    let (plan, findings) = validate(&draft)?;
    let left = if arguments.ignore_resources { cpm::left_by_logic } else { cpm::left_to_do };
    let plan = left(Cow::Owned(plan)).into_owned();
    let (plan, findings, calibrated) = match &arguments.calibration {
        Some(path) => {
            let (calibration, more) = calibrate::read(&plan, path)?;
            let (plan, applied) = calibration.scaled(&plan);
            (plan, findings.into_iter().chain(more).collect(), Some(calibrate::words(path, &applied)))
        }
        None => (plan, findings, None),
    };
    stopwatch.end("validate");
    let (network, ()) = rayon::join(|| compile(&plan), || drop(draft));
    let network = network?;
    stopwatch.end("compile");
    let (start, start_findings) = match &task.start {
        Some(path) => {
            let (former, findings) = start::read(&plan, path)?;
            stopwatch.end("start");
            (Some(former), findings)
        }
        None => (None, Findings::new()),
    };
    let options = SolveOptions {
        seed: settings.seed,
        objectives: arguments.objective.iter().filter_map(|flag| flag.objective()).collect(),
        ignore_resources: arguments.ignore_resources,
        start,
    };
    let run = LogRun { threads: rayon::current_num_threads(), limits: settings.limits };
    if log.is_kept() {
        log.add(task.number, &results::log_begin(&job.name, &plan, &network, &options, run));
    }
    let steps = Mutex::new(LogSteps::default());
    let tell = |progress: &Progress| {
        report(&plan, progress);
        if log.is_kept() {
            let mut steps = steps.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if let Some(line) = steps.line(&job.name, &plan, progress, control.elapsed().as_secs_f64()) {
                log.add(task.number, &line);
            }
        }
    };
    if arguments.asks_for_capacities() {
        let until = arguments.until.as_deref().map(|text| plans::parse_until(&plan, text)).transpose()?;
        let Investment { plan, mut outcome, until, capacities } = invest(&plan, until, &options, control)?;
        outcome.message = with_calibration(outcome.message, calibrated);
        stopwatch.end("invest");
        let investment = Some((until, capacities));
        let gantt = arguments.chart(&plan, &outcome);
        let buffers = Vec::new();
        let has_network = arguments.network;
        return Ok(Answer {
            plan,
            findings,
            start_findings,
            outcome,
            proof: None,
            investment,
            buffers,
            gantt,
            has_network,
        });
    }
    let (outcome, proof) = match &arguments.proof {
        Some(path) => {
            let mut draft = DraftFile::create(path)?;
            let (outcome, written) = solve_with_proof(&plan, &network, &options, control, &tell, &mut draft)?;
            if written.is_ok() {
                draft.keep()?;
            }
            (outcome, Some(written))
        }
        None => (solve(&plan, &network, &options, control, &tell)?, None),
    };
    stopwatch.end("solve");
    let outcome = match outcome.schedule {
        Some(_) if arguments.objective.contains(&ObjectiveFlag::P80) => {
            let outcome = more_robust(&plan, &network, outcome, &options, control)?;
            stopwatch.end("robust");
            outcome
        }
        _ => outcome,
    };
    let mut outcome = outcome;
    outcome.message = with_calibration(outcome.message, calibrated);
    let buffers = match (arguments.buffers, &outcome.schedule) {
        (Some(rule), Some(schedule)) => buffers(&plan, schedule, &outcome.dates, rule.into()),
        _ => Vec::new(),
    };
    let gantt = arguments.chart(&plan, &outcome);
    let has_network = arguments.network;
    Ok(Answer { plan, findings, start_findings, outcome, proof, investment: None, buffers, gantt, has_network })
}

/// What is said of an outcome, after what the calibration did.
fn with_calibration(message: String, calibrated: Option<String>) -> String {
    match calibrated {
        Some(text) if message.is_empty() => format!("durations calibrated {text}"),
        Some(text) => format!("durations calibrated {text}; {message}"),
        None => message,
    }
}

/// The outcome with a schedule that finishes earlier with a confidence of 80 %, if one is found.
fn more_robust(
    plan: &Plan,
    network: &Network,
    outcome: Outcome,
    options: &SolveOptions,
    control: &Control,
) -> Result<Outcome> {
    let Some(usual) = &outcome.schedule else { return Ok(outcome) };
    let effort = (outcome.effort_spent / 8).clamp(20, 20_000);
    let found = robust(plan, network, usual, options, (0.8, effort), control)?;
    let moment = |minutes: f64| plan.format_moment(Moment(minutes as i64));
    let told = format!(
        "finishes by {} with a confidence of 80 %, {} schedules compared on {} samples",
        moment(found.percentile),
        found.compared,
        found.samples
    );
    let told = match found.percentile < found.usual {
        true => format!("{told} (by {} with the schedule that is best by its dates)", moment(found.usual)),
        false => told,
    };
    let mut outcome = outcome.with_schedule(plan, network, found.schedule)?;
    outcome.message = if outcome.message.is_empty() { told } else { format!("{}; {told}", outcome.message) };
    Ok(outcome)
}

/// Solves a single plan and shows the answer.
fn one(
    job: &Job,
    arguments: &Arguments,
    settings: &Settings,
    (cancelled, meant): (Arc<AtomicBool>, &mut Meant),
    log: &Log,
) -> Result<Verdict> {
    let start = arguments.start_of(None)?;
    let own = settings.out.as_deref().and_then(Own::find);
    let is_own = |file: &Path| own.as_ref().is_some_and(|own| own.is_named(file));
    let starts_from_own = start.as_deref().is_some_and(is_own);
    let baseline = arguments.baseline.as_deref().map(|name| baseline::new(&job.path, name)).transpose()?;
    let control = Control::with_cancel_flag(settings.limits, cancelled);
    let line = Line::search(settings.quiet);
    let mut stopwatch = Stopwatch::start();
    let task = Task { job, number: 0, start, arguments, settings, control: &control, log };
    let result = answer(&task, &mut stopwatch, &|plan, progress| line.show(plan, progress));
    line.clear();
    let answer = match result {
        Ok(answer) => answer,
        Err(error) if error.is_infeasible() => {
            let row = summary::error_row(&job.name, &error, &control, settings.seed);
            if let Some(out) = &settings.out {
                write_failure(out, Some(&row))?;
            }
            print_row_alone(&row, settings)?;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    print::findings_of_plan(&answer.findings, settings);
    print::findings_of_plan(&answer.start_findings, settings);
    if let (Some(proof), false) = (&answer.proof, settings.quiet) {
        match proof {
            Ok(nogoods) => print::message(&format!("proof written: {}", print::count(*nogoods as usize, "nogood"))),
            Err(reason) => print::message(&format!("no proof was written: {reason}")),
        }
    }
    let row = summary::row(&job.name, &answer.plan, &answer.outcome, &control, settings.seed);
    let told = answer.told((arguments.against.as_deref(), settings.out.as_deref()), settings)?;
    if let Some(own) = &own {
        let earlier = told.as_ref().and_then(|told| told.earlier.as_ref());
        let is_told = earlier.is_some_and(|(_, file)| own.is_named(file));
        own.keep(&[("--against", is_told), ("--start", starts_from_own)], meant)?;
    }
    if let Some(out) = &settings.out {
        write_answer(out, &answer, told.as_ref(), arguments.period(), Some(&row))?;
        stopwatch.end("write");
    }
    if let (Some(folder), Some(schedule)) = (&baseline, &answer.outcome.schedule) {
        baseline::freeze(folder, &answer, schedule)?;
        if !settings.quiet {
            print::message(&format!("baseline written: {}", folder.display()));
        }
    }
    if settings.verbose {
        print::message(&format!("times: {stopwatch}"));
    }
    match (&answer.outcome.schedule, settings.format) {
        (Some(_), Format::Table) if settings.quiet && settings.out.is_some() => {}
        (Some(schedule), Format::Table) => {
            print::out(|out| words::write_answer(out, &answer, (schedule, told.as_ref()), arguments, settings, &row))?;
        }
        (Some(schedule), Format::Csv) => {
            print::out(|out| results::write_schedule(&answer.plan, schedule, &answer.outcome.dates, Csv, out))?;
        }
        (Some(schedule), Format::Json) => {
            print::out(|out| print::write_json(out, &as_json(&answer, (schedule, told.as_ref()), &row)?))?;
        }
        (None, _) => {
            print_row_alone(&row, settings)?;
            print::message(&format!("{}: {}: {}", job.name, row.status, row.message));
        }
    }
    let verdict = if answer.outcome.status == Status::Infeasible { Verdict::Infeasible } else { Verdict::Done };
    // The program ends here, which frees the millions of small pieces of a large plan faster than we could.
    std::mem::forget(answer);
    Ok(verdict)
}

/// Shows programs that there is no schedule; people are told on standard error.
fn print_row_alone(row: &SummaryRow, settings: &Settings) -> Result<()> {
    match settings.format {
        Format::Json => print::out(|out| print::write_json(out, &json!({ "summary": row_as_json(row)? }))),
        Format::Table | Format::Csv => Ok(()),
    }
}

/// The answer for programs: the summary, the chain and the rows of schedule.csv as objects.
fn as_json(answer: &Answer, (schedule, interests): (&Schedule, Option<&Told>), row: &SummaryRow) -> io::Result<Value> {
    let Answer { plan, outcome, .. } = answer;
    let tasks = print::table_as_json(|out| results::write_schedule(plan, schedule, &outcome.dates, Json, out))?;
    let chain = summary::driving_chain(plan, schedule, outcome);
    let chain: Vec<Value> =
        chain.iter().map(|step| json!({ "task": &*plan.tasks()[step.task].id, "reason": step.reason })).collect();
    let projects = projects(plan, schedule, &outcome.dates);
    let projects = print::table_as_json(|out| results::write_projects(plan, &projects, &outcome.dates, Json, out))?;
    let mut told = json!({
        "summary": row_as_json(row)?,
        "bound_reason": outcome.bound_reason,
        "driving_chain": chain,
        "projects": projects,
        "schedule": tasks,
    });
    if let Some((_, capacities)) = &answer.investment {
        told["capacities"] = print::table_as_json(|out| results::write_capacities(plan, capacities, Json, out))?;
    }
    if !answer.buffers.is_empty() {
        told["buffers"] = print::table_as_json(|out| results::write_buffers(plan, &answer.buffers, Json, out))?;
    }
    if let Some(Told { notices, earlier }) = interests {
        let earlier = earlier.as_ref().map(|(spans, _)| spans);
        told["interests"] = print::table_as_json(|out| results::write_interests(plan, notices, earlier, Json, out))?;
    }
    Ok(told)
}

/// A summary row as an object.
fn row_as_json(row: &SummaryRow) -> io::Result<Value> {
    let mut rows = print::table_as_json(|out| results::write_summary(std::slice::from_ref(row), Json, out))?;
    Ok(rows[0].take())
}
