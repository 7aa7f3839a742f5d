//! `floatline solve`: one plan to a schedule; several plans go to `batch`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum};
use comfy_table::{Attribute, Cell, Row};
use floatline::effort::{Control, Stopwatch};
use floatline::error::{Error, Findings, Result, Severity};
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{self, SummaryRow};
use floatline::io::{FileWriter, write_files};
use floatline::network::compile;
use floatline::plan::{Plan, TaskId, validate};
use floatline::schedule::{Outcome, Period, Schedule, Status, makespan, project_cost};
use floatline::solve::{Objective, Progress, SolveOptions, solve};
use floatline::units::{Amount, Moment, Money};
use serde_json::{Value, json};

use super::plans::{self, Job};
use super::progress::Line;
use super::settings::{Format, Settings};
use super::{Verdict, batch, interrupt, print, summary};

/// Rows of the schedule that are printed unless all are asked for.
const MOST_ROWS: usize = 40;
/// Steps of the driving chain that are printed.
const MOST_STEPS: usize = 8;
/// The files of a schedule in a folder of results.
const SCHEDULE_FILES: [&str; 4] = ["schedule.csv", "assignments.csv", "usage.csv", "costs.csv"];
/// The file of the figures.
pub const SUMMARY_FILE: &str = "summary.csv";

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
/// With -o, one plan writes schedule.csv, assignments.csv, usage.csv, costs.csv and summary.csv into OUT. Several
/// plans write the first four into OUT/NAME/ each and share OUT/summary.csv; a wrong plan becomes a row there and does
/// not stop the others.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline solve data/software-release
  floatline solve data/first-plan.csv --all
  floatline solve data/hardware-programme -o out --time-limit 10s
  floatline solve data/software-release --start 2026-03-09 --format csv > new.csv
  floatline solve data/datacenter-move --ignore-resources
  floatline solve data/solar-park --objective npv
  floatline solve data/hardware-programme --objective finish,cost
  floatline solve data/software-release data/datacenter-move -o out
  floatline solve --batch data -o out --effort 20

Exit codes: 0 done (also if no schedule was found within the limits: status `unknown`), 1 wrong input, 2 wrong usage, 3 proven \
infeasible. A batch ends with 1 if any plan was wrong, otherwise with 3 if any was infeasible.")]
pub struct Arguments {
    /// Plans: folders, tasks.csv files, other CSV files of tasks, .sm, .mm, .rcp or .sch files
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
    /// Start the project on this date (and time) instead of its own: 2026-03-02 or "2026-03-02 13:00"
    #[arg(long, value_name = "DATE", value_parser = plans::parse_start)]
    start: Option<Moment>,
    /// The periods of usage.csv and costs.csv
    #[arg(long, value_enum, default_value_t = PeriodFlag::Week)]
    period: PeriodFlag,
    /// Print every row of the schedule, not only the first 40
    #[arg(long)]
    all: bool,
}

/// What a plan can be optimised for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ObjectiveFlag {
    /// The last finish as early as possible
    Finish,
    /// As little working time after deadlines as possible, weighted by priority
    Tardiness,
    /// As little money as possible, overhead, penalty and bonus included
    Cost,
    /// The highest net present value: payments less costs, discounted by discount_rate
    Npv,
}

impl ObjectiveFlag {
    fn objective(self) -> Objective {
        match self {
            ObjectiveFlag::Finish => Objective::Finish,
            ObjectiveFlag::Tardiness => Objective::Tardiness,
            ObjectiveFlag::Cost => Objective::Cost,
            ObjectiveFlag::Npv => Objective::NetPresentValue,
        }
    }
}

impl Arguments {
    fn period(&self) -> Period {
        match self.period {
            PeriodFlag::Day => Period::Day,
            PeriodFlag::Week => Period::Week,
            PeriodFlag::Month => Period::Month,
        }
    }
}

/// Solves one plan or a batch.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let batch = match &arguments.batch {
        Some(folder) => plans::in_folder(folder)?,
        None => plans::Batch { jobs: plans::given(&arguments.plans), skipped: Vec::new() },
    };
    for path in batch.skipped.iter().filter(|_| !settings.quiet) {
        print::message(&format!("skipping `{}`, which is not a plan", path.display()));
    }
    let jobs = batch.jobs;
    let cancelled = interrupt::cancel_flag(settings.quiet);
    match &*jobs {
        [job] if arguments.batch.is_none() => one(job, arguments, settings, cancelled),
        _ => batch::run(&jobs, arguments, settings, cancelled),
    }
}

/// A plan and what came of it.
pub struct Answer {
    pub plan: Plan,
    pub findings: Findings,
    pub outcome: Outcome,
}

/// Reads and solves a plan.
///
/// # Errors
/// If the plan is wrong, or the compile step proves that a task can never be done.
pub fn answer(
    job: &Job,
    arguments: &Arguments,
    settings: &Settings,
    control: &Control,
    stopwatch: &mut Stopwatch,
    report: &(dyn Fn(&Plan, &Progress) + Sync),
) -> Result<Answer> {
    let draft = plans::read(&job.path, &settings.read, arguments.start)?;
    stopwatch.end("read");
    let (plan, findings) = validate(&draft)?;
    stopwatch.end("validate");
    let (network, ()) = rayon::join(|| compile(&plan), || drop(draft));
    let network = network?;
    stopwatch.end("compile");
    let options = SolveOptions {
        seed: settings.seed,
        objectives: arguments.objective.iter().map(|flag| flag.objective()).collect(),
        ignore_resources: arguments.ignore_resources,
    };
    let outcome = solve(&plan, &network, &options, control, &|progress| report(&plan, progress))?;
    stopwatch.end("solve");
    Ok(Answer { plan, findings, outcome })
}

/// Writes the files of an answer into a folder. Of a plan without schedule, files of an earlier run are taken away: they
/// would look like its schedule.
pub fn write_answer(dir: &Path, answer: &Answer, arguments: &Arguments, row: Option<&SummaryRow>) -> Result<()> {
    let Answer { plan, outcome, .. } = answer;
    let Some(schedule) = &outcome.schedule else { return write_failure(dir, row) };
    let period = arguments.period();
    let [schedule_file, assignments_file, usage_file, costs_file] = SCHEDULE_FILES;
    let files: [(&str, FileWriter<'_>); 5] = [
        (schedule_file, &|out| results::write_schedule(plan, schedule, &outcome.dates, Csv, out)),
        (assignments_file, &|out| results::write_assignments(plan, schedule, Csv, out)),
        (usage_file, &|out| results::write_usage(plan, schedule, period, Csv, out)),
        (costs_file, &|out| results::write_costs(plan, schedule, period, Csv, out)),
        (SUMMARY_FILE, &|out| results::write_summary(row.map_or(&[], std::slice::from_ref), Csv, out)),
    ];
    let count = if row.is_some() { files.len() } else { SCHEDULE_FILES.len() };
    write_files(dir, &files[..count])
}

/// Writes the summary of a plan that has no schedule, and takes away what an earlier run may have left.
pub fn write_failure(dir: &Path, row: Option<&SummaryRow>) -> Result<()> {
    if let Some(row) = row {
        write_files(dir, &[(SUMMARY_FILE, &|out| results::write_summary(std::slice::from_ref(row), Csv, out))])?;
    }
    for file in SCHEDULE_FILES {
        let path = dir.join(file);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io("remove", path, error)),
            _ => {}
        }
    }
    Ok(())
}

/// Solves a single plan and shows the answer.
fn one(job: &Job, arguments: &Arguments, settings: &Settings, cancelled: Arc<AtomicBool>) -> Result<Verdict> {
    let control = Control::with_cancel_flag(settings.limits, cancelled);
    let line = Line::search(settings.quiet);
    let mut stopwatch = Stopwatch::start();
    let result =
        answer(job, arguments, settings, &control, &mut stopwatch, &|plan, progress| line.show(plan, progress));
    line.clear();
    let seconds = control.elapsed().as_secs_f64();
    let answer = match result {
        Ok(answer) => answer,
        Err(error) if error.is_infeasible() => {
            let row = summary::error_row(&job.name, &error, seconds, settings.seed);
            if let Some(out) = &settings.out {
                write_failure(out, Some(&row))?;
            }
            print_row_alone(&row, settings)?;
            return Err(error);
        }
        Err(error) => return Err(error),
    };
    if !settings.quiet {
        let least = if settings.verbose { Severity::Note } else { Severity::Warning };
        print::some_findings(&answer.findings, "", least);
    }
    let row = summary::row(&job.name, &answer.plan, &answer.outcome, seconds, settings.seed);
    if let Some(out) = &settings.out {
        write_answer(out, &answer, arguments, Some(&row))?;
        stopwatch.end("write");
    }
    if settings.verbose {
        print::message(&format!("times: {stopwatch}"));
    }
    match (&answer.outcome.schedule, settings.format) {
        (Some(_), Format::Table) if settings.quiet && settings.out.is_some() => {}
        (Some(schedule), Format::Table) => {
            print::out(|out| write_words(out, &answer, schedule, arguments, settings, &row))?;
        }
        (Some(schedule), Format::Csv) => {
            print::out(|out| results::write_schedule(&answer.plan, schedule, &answer.outcome.dates, Csv, out))?;
        }
        (Some(schedule), Format::Json) => {
            print::out(|out| print::write_json(out, &as_json(&answer, schedule, &row)?))?;
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

/// The answer for people: the figures, what drives the finish, the schedule.
fn write_words(
    out: &mut dyn Write,
    answer: &Answer,
    schedule: &Schedule,
    arguments: &Arguments,
    settings: &Settings,
    row: &SummaryRow,
) -> io::Result<()> {
    let Answer { plan, outcome, .. } = answer;
    let finish = summary::last_finish(plan, schedule);
    let makespan = makespan(plan, schedule);
    let money = |money: Money| summary::money_text(money, &plan.project().currency);
    writeln!(out, "{}\n", plan.project().name)?;
    let mut figures = vec![
        ("status", summary::status_text(outcome)),
        ("start", plan.format_moment(summary::first_start(plan, schedule))),
        ("finish", plan.format_moment(finish)),
        ("makespan", summary::in_words_of_work(plan, makespan)),
        ("cost", money(project_cost(plan, schedule).total())),
    ];
    if let Some(npv) = row.npv {
        figures.push(("npv", money(npv)));
    }
    if let Some(late) = row.tardiness.filter(|&late| late > 0.0) {
        figures.push(("tardiness", summary::tardiness_text(plan, late)));
    }
    let bound = outcome.leading_goal().and_then(|goal| Some((goal.objective, goal.bound?)));
    figures.push(("bound", summary::bound_text(plan, outcome, bound)));
    figures.push(("gap", row.gap.map_or("-".to_owned(), summary::percent)));
    if let Some(text) = summary::deadline_text(plan, finish) {
        figures.push(("deadline", text));
    }
    if let Some(stop) = outcome.stopped {
        figures.push(("stopped", format!("{}; another run may give another schedule", summary::stopped_by(stop))));
    }
    if settings.verbose {
        figures.push((
            "effort",
            format!("{} in {:.3} s", print::count(outcome.effort_spent as usize, "pass"), row.seconds),
        ));
    }
    if !outcome.message.is_empty() {
        figures.push(("note", outcome.message.clone()));
    }
    for (name, value) in &figures {
        writeln!(out, "  {name:<9} {value}")?;
    }
    if !plan.tasks().is_empty() {
        write_chain(out, plan, schedule, outcome)?;
        write_schedule_table(out, plan, schedule, outcome, arguments.all)?;
    }
    if let Some(folder) = &settings.out {
        writeln!(out, "\nwrote {} and {SUMMARY_FILE} to {}", SCHEDULE_FILES.join(", "), folder.display())?;
    }
    Ok(())
}

fn write_chain(out: &mut dyn Write, plan: &Plan, schedule: &Schedule, outcome: &Outcome) -> io::Result<()> {
    let chain = summary::driving_chain(plan, schedule, outcome);
    writeln!(out, "\nWhat drives the finish, last task first:")?;
    let rows = chain.iter().take(MOST_STEPS).map(|step| {
        let task = &plan.tasks()[step.task];
        let start = plan.format_moment(schedule.placements[step.task].start);
        let finish = plan.format_moment(schedule.placements[step.task].finish);
        vec![format!("  {}", task.id), task.name.to_string(), start, finish, step.reason.clone()]
    });
    let mut table = print::table(&["  id", "task", "start", "finish", "why not earlier"], &[], rows);
    print::keep_whole(&mut table, &[0, 2, 3]);
    print::write_table(out, &table)?;
    if chain.len() > MOST_STEPS {
        writeln!(out, "   ... and {} before", print::count(chain.len() - MOST_STEPS, "task"))?;
    }
    Ok(())
}

fn write_schedule_table(
    out: &mut dyn Write,
    plan: &Plan,
    schedule: &Schedule,
    outcome: &Outcome,
    all: bool,
) -> io::Result<()> {
    let shown = if all { plan.tasks().len() } else { plan.tasks().len().min(MOST_ROWS) };
    let mut table = print::table(&["", "id", "task", "start", "finish", "float", "who"], &[5], []);
    for task in plan.tasks().ids().take(shown) {
        let dates = &outcome.dates[task];
        let placement = &schedule.placements[task];
        let cells = [
            if dates.critical { "*".to_owned() } else { String::new() },
            plan.tasks()[task].id.to_string(),
            indented_title(plan, task),
            plan.format_moment(placement.start),
            plan.format_moment(placement.finish),
            summary::in_units(plan, dates.total_float),
            who(plan, schedule, task),
        ];
        let cells = cells.map(|text| {
            let cell = Cell::new(text);
            if dates.critical { cell.add_attribute(Attribute::Bold) } else { cell }
        });
        // What does not fit is cut: a task a line can be scanned, and the files have everything.
        let mut row = Row::from(cells);
        row.max_height(1);
        table.add_row(row);
    }
    print::keep_whole(&mut table, &[0, 1, 3, 4, 5]);
    writeln!(out, "\nSchedule (* critical; float in {}):", unit_name(plan))?;
    print::write_table(out, &table)?;
    let hidden = plan.tasks().len() - shown;
    if hidden > 0 {
        writeln!(out, " ... and {}; --all prints them, -o OUT writes them to files", print::count(hidden, "more row"))?;
    }
    Ok(())
}

/// The plan's time unit as the word for several of them.
fn unit_name(plan: &Plan) -> &'static str {
    use floatline::plan::TimeUnit;
    match plan.project().time_unit {
        TimeUnit::Period => "periods",
        TimeUnit::Minute => "minutes",
        TimeUnit::Hour => "hours",
        TimeUnit::Day => "days",
        TimeUnit::Week => "weeks",
    }
}

/// A task's title, moved in by its depth below summaries.
fn indented_title(plan: &Plan, task: TaskId) -> String {
    let depth = std::iter::successors(plan.tasks()[task].parent, |&parent| plan.tasks()[parent].parent).count();
    format!("{}{}", "  ".repeat(depth.min(6)), plan.tasks()[task].title())
}

/// Who works on a task, by ids: `ana, crane*2`.
fn who(plan: &Plan, schedule: &Schedule, task: TaskId) -> String {
    use floatline::index::Id;
    let names = schedule.assignments.row(task.index()).iter().map(|assignment| {
        let id = &plan.resources()[assignment.resource].id;
        if assignment.amount == Amount::ONE { id.to_string() } else { format!("{id}*{}", assignment.amount) }
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The answer for programs: the summary, the chain and the rows of schedule.csv as objects.
fn as_json(answer: &Answer, schedule: &Schedule, row: &SummaryRow) -> io::Result<Value> {
    let Answer { plan, outcome, .. } = answer;
    let tasks = table_as_json(|out| results::write_schedule(plan, schedule, &outcome.dates, Json, out))?;
    let chain = summary::driving_chain(plan, schedule, outcome);
    let chain: Vec<Value> =
        chain.iter().map(|step| json!({ "task": &*plan.tasks()[step.task].id, "reason": step.reason })).collect();
    Ok(json!({
        "summary": row_as_json(row)?,
        "bound_reason": outcome.bound_reason,
        "driving_chain": chain,
        "schedule": tasks,
    }))
}

/// A summary row as an object.
fn row_as_json(row: &SummaryRow) -> io::Result<Value> {
    let mut rows = table_as_json(|out| results::write_summary(std::slice::from_ref(row), Json, out))?;
    Ok(rows[0].take())
}

/// A result table as an array of objects.
fn table_as_json(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Value> {
    let mut text = Vec::new();
    write(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}
