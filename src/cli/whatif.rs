//! `floatline whatif`: scenarios of a plan side by side.

use std::collections::BTreeSet;
use std::fs::DirEntry;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use floatline::effort::{Control, Limits};
use floatline::error::{Error, Finding, Findings, Result};
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{self};
use floatline::io::{FileWriter, read_scenarios, write_files};
use floatline::plan::draft::{PlanDraft, TableKind};
use floatline::plan::{Plan, validate};
use floatline::risk::RiskOptions;
use floatline::scenario::{
    BASE, Bench, Breakpoint, Comparison, Edit, Move, Scenario, Searched, Study, StudyOptions, Sweep, Wish, compare,
    read, scenarios, until,
};
use floatline::schedule::{Period, working_time};
use floatline::solve::SolveOptions;
use floatline::units::{Moment, Money};
use serde_json::{Value, json};

use super::files::{remove, schedule_file_names, schedule_files};
use super::numbers::whole;
use super::progress::Line;
use super::risk::PolicyFlag;
use super::settings::{Format, Settings};
use super::solve::{ObjectiveFlag, searched_objectives};
use super::{Verdict, interrupt, plans, print, summary};

/// Compare scenarios: what if a task took longer, somebody more were there, a date moved?
///
/// A scenario is a list of edits of the plan's tables. Those of scenarios.csv are compared, or what --set and --sweep say. An
/// edit is TABLE:ID.FIELD=VALUE: TABLE is task, resource, budget, mode, risk and so on; ID the row's id, a pattern with * and ?,
/// wbs:SUMMARY for the tasks below a summary, or category:NAME; FIELD a column; VALUE a new value, or a change: +10%, *1.5, +3d,
/// -2. TABLE:ID=delete takes a row out, and TABLE:ID=add adds one. Settings of the project are project:KEY=VALUE.
///
/// Each scenario is read like a plan, solved in parallel starting from the schedule of the plan as it is, and compared: finish,
/// cost, deadlines, how many tasks move. A schedule found in one scenario is used in any other for which it is valid and better,
/// so that what only allows more is never worse.
///
/// With -o, writes whatif.csv (a row for each scenario), moves.csv (which tasks move), and the files of each scenario's schedule
/// into a folder of its own, which is called after its number and its name: OUT/1-NAME. That of the plan as it is is OUT/base.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline whatif data/software-release
  floatline whatif data/software-release --scenario two-testers
  floatline whatif data/software-release --set task:B2.duration=+50% --set resource:yuki.capacity=2
  floatline whatif data/software-release --set task:category:testing.duration=*1.1 --risk
  floatline whatif data/datacenter-move --sweep resource:ops-de.capacity=4..8
  floatline whatif data/first-plan.csv --sweep task:5.duration=4d..9d --until 'finish<=2026-02-02'
  floatline whatif data/software-release --policy cpm -o out

Exit codes: 0 done (whatever became of the scenarios), 1 wrong input, 2 wrong usage.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Only these scenarios of scenarios.csv; edits of --set and --sweep build on it, if there is one
    #[arg(long, value_name = "NAME")]
    scenario: Vec<String>,
    /// Take the scenarios from this file instead of the plan's scenarios.csv, such as those of `check --fix`
    #[arg(long, value_name = "FILE")]
    scenarios: Option<PathBuf>,
    /// An edit: TABLE:ID.FIELD=VALUE; all of them together are one scenario
    #[arg(long, value_name = "EDIT")]
    set: Vec<String>,
    /// A scenario for each value of a series: TABLE:ID.FIELD=FROM..TO, FROM..TO/STEP or A,B,C; of several all combinations
    #[arg(long, value_name = "SWEEP")]
    sweep: Vec<String>,
    /// Search the sweep for the value from which on (or up to which) a goal is met: finish<=DATE, p80<=DATE, cost<=AMOUNT or
    /// tardiness<=DAYS
    #[arg(long, value_name = "GOAL", requires = "sweep")]
    until: Option<String>,
    /// Simulate each scenario, too, and compare the dates by which it is done with a confidence of 80 %
    #[arg(long)]
    risk: bool,
    /// Samples of each scenario
    #[arg(long, value_name = "N", default_value_t = 2_000, requires = "risk", value_parser = whole::<u64, 1, 10_000_000>)]
    samples: u64,
    /// What keeps samples within the resources; `cpm` leaves resources aside in the schedules, too
    #[arg(long, value_enum, default_value_t = PolicyFlag::Flow)]
    policy: PolicyFlag,
    /// What to optimise, the most important first, as in `solve`, which alone answers p80 and peak
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST", default_value = "tardiness,finish")]
    objective: Vec<ObjectiveFlag>,
    /// Print which tasks move in each scenario
    #[arg(long)]
    moves: bool,
}

/// Rows of moved tasks that are printed of each scenario.
const MOST_MOVES: usize = 20;

/// Compares scenarios and shows the answer.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let mut draft = plans::read(&arguments.plan, &settings.read, None)?;
    if let Some(path) = &arguments.scenarios {
        draft.tables.retain(|table| table.kind() != TableKind::Scenarios);
        draft.tables.push(read_scenarios(path)?);
    }
    let (plan, findings) = validate(&draft)?;
    print::findings_of_plan(&findings, settings);
    let wish = arguments.until.as_ref().map(|text| Wish::parse(text, &plan)).transpose().map_err(Error::usage)?;
    let asked = Asked::of(&draft, &plan, arguments)?;
    if wish.is_some() && asked.sweeps.len() > 1 {
        return Err(Error::usage("--until searches one --sweep; several were given"));
    }
    let options = options(arguments, settings, wish.as_ref())?;
    let control = Control::with_cancel_flag(Limits::default(), interrupt::cancel_flag(settings.quiet));
    let line = Line::steps(settings.quiet, asked.scenarios.len() + 1);
    let answer =
        match (&wish, asked.sweeps.first()) {
            (Some(wish), Some(sweep)) => searched(&draft, (&asked.base, sweep), wish, (&options, &control), &line),
            _ => compare(&draft, &asked.scenarios, &options, &control, &|name| line.step(name))
                .map(|comparison| Answer { comparison, scenarios: asked.scenarios, told: None }),
        };
    line.clear();
    let answer = answer.map_err(|error| blamed_on_edits(error, arguments))?;
    if let Some(out) = &settings.out {
        answer.write(out)?;
    }
    let Answer { comparison, scenarios, .. } = &answer;
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| write_words(out, &answer, arguments, settings))?,
        Format::Csv => print::out(|out| results::write_whatif(comparison, scenarios, Csv, out))?,
        Format::Json => print::out(|out| print::write_json(out, &answer.as_json()?))?,
    }
    Ok(Verdict::Done)
}

/// The error of a plan in which only edits of the command line are wrong says so.
fn blamed_on_edits(error: Error, arguments: &Arguments) -> Error {
    let said: Vec<&String> = arguments.set.iter().chain(&arguments.sweep).collect();
    let is_edit = |finding: &Finding| said.iter().any(|text| ***text == *finding.place.file);
    match error.findings() {
        Some(findings) if error.is_invalid_plan() && findings.iter().all(is_edit) => {
            Error::invalid_edits(findings.clone())
        }
        _ => error,
    }
}

fn options(arguments: &Arguments, settings: &Settings, wish: Option<&Wish>) -> Result<StudyOptions> {
    let has_samples = arguments.risk || wish.is_some_and(|wish| wish.needs_samples().is_some());
    Ok(StudyOptions {
        solve: SolveOptions {
            seed: settings.seed,
            objectives: searched_objectives(&arguments.objective)?,
            ignore_resources: arguments.policy == PolicyFlag::Cpm,
            start: None,
        },
        limits: settings.limits,
        risk: has_samples.then(|| RiskOptions {
            seed: settings.seed,
            samples: arguments.samples,
            policy: arguments.policy.into(),
            ..RiskOptions::default()
        }),
    })
}

/// What is to be compared.
struct Asked {
    /// What the sweeps build on.
    base: Scenario,
    sweeps: Vec<Sweep>,
    scenarios: Vec<Scenario>,
}

impl Asked {
    fn of(draft: &PlanDraft, plan: &Plan, arguments: &Arguments) -> Result<Asked> {
        let listed = chosen(read(draft)?, &arguments.scenario)?;
        let mut findings = Findings::new();
        let mut edits = Vec::new();
        for text in &arguments.set {
            match Edit::parse(text) {
                Ok(edit) => edits.push(edit),
                Err(wrong) => wrong.into_iter().for_each(|finding| findings.push(finding)),
            }
        }
        let mut sweeps = Vec::new();
        for text in &arguments.sweep {
            match Sweep::parse(text, &plan.time_scale()) {
                Ok(sweep) => sweeps.push(sweep),
                Err(wrong) => wrong.into_iter().for_each(|finding| findings.push(finding)),
            }
        }
        if findings.has_errors() {
            return Err(Error::invalid_edits(findings));
        }
        let name = edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let is_free = arguments.set.is_empty() && arguments.sweep.is_empty();
        if is_free && listed.is_empty() {
            return Err(Error::usage(
                "there is nothing to compare: the plan has no scenarios.csv; say what is different by --set or --sweep, as in \
                 --set task:T1.duration=+20%",
            ));
        }
        if is_free {
            return Ok(Asked { base: Scenario::default(), sweeps, scenarios: listed });
        }
        let below = match (&arguments.scenario[..], &listed[..]) {
            ([_], [only]) => only.clone(),
            ([], _) => Scenario::default(),
            _ => return Err(Error::usage("--set and --sweep build on one --scenario; several were given")),
        };
        let base = match edits.is_empty() {
            true => below,
            false if below.name.is_empty() => below.with(name, edits),
            false => below.with(format!("{} {name}", below.name), edits),
        };
        let scenarios = if sweeps.is_empty() { vec![base.clone()] } else { scenarios(&base, &sweeps) };
        Ok(Asked { base, sweeps, scenarios })
    }
}

/// The scenarios that are named; all if none is.
fn chosen(all: Vec<Scenario>, names: &[String]) -> Result<Vec<Scenario>> {
    if names.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| {
        all.iter().find(|scenario| scenario.name == *name).cloned().ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|scenario| &*scenario.name).collect();
            let known = if known.is_empty() {
                "the plan has no scenarios.csv".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            };
            Error::usage(format!("there is no scenario `{name}`; {known}"))
        })
    };
    names.iter().map(find).collect()
}

/// Searches a sweep.
fn searched(
    draft: &PlanDraft,
    (base, sweep): (&Scenario, &Sweep),
    wish: &Wish,
    (options, control): (&StudyOptions, &Control),
    line: &Line,
) -> Result<Answer> {
    let bench = Bench::new(draft, options, control)?;
    let Searched { values, comparison, breakpoint, is_bisected } =
        until(&bench, base, sweep, wish, &|name| line.step(name))?;
    let all = scenarios(base, std::slice::from_ref(sweep));
    let named = |at: usize| format!("{} = {}", sweep.path, sweep.value(at));
    let mut told = match breakpoint {
        Breakpoint::Always => "the goal is met at every value".to_owned(),
        Breakpoint::Never => "the goal is met at no value".to_owned(),
        Breakpoint::From(at) => format!("the goal is met from {} on", named(at)),
        Breakpoint::UpTo(at) => format!("the goal is met up to {}", named(at)),
        Breakpoint::First(at) => format!("the goal is met at some values, {} the first of them", named(at)),
    };
    let meets = |study: &&Study| study.figures.as_ref().is_some_and(|figures| wish.is_met(figures));
    let cost = |study: &Study| study.figures.as_ref().map(|figures| figures.cost);
    if let Some(cheapest) = comparison.scenarios.iter().filter(meets).min_by_key(|study| cost(study)) {
        told.push_str(&format!("; cheapest: {}", cheapest.name));
    }
    if is_bisected {
        told.push_str(&format!(" ({} of {} values solved)", values.len(), all.len()));
    }
    Ok(Answer { scenarios: values.iter().map(|&at| all[at].clone()).collect(), comparison, told: Some(told) })
}

/// What is told.
struct Answer {
    comparison: Comparison,
    scenarios: Vec<Scenario>,
    /// Where the goal is met, if one was asked for.
    told: Option<String>,
}

impl Answer {
    fn write(&self, out: &Path) -> Result<()> {
        let Answer { comparison, scenarios, .. } = self;
        let studies = std::iter::once(&comparison.base).chain(&comparison.scenarios);
        let last = comparison.scenarios.len();
        let mut of_schedules = Vec::new();
        for (number, study) in studies.enumerate() {
            let Some(schedule) = &study.outcome.schedule else { continue };
            let folder = folder_name(number, last, &study.name);
            let files = schedule_files(&study.plan, schedule, &study.outcome.dates, Period::Week);
            of_schedules.extend(files.into_iter().map(|(file, write)| (format!("{folder}/{file}"), write)));
        }
        let whatif = |to: &mut dyn Write| results::write_whatif(comparison, scenarios, Csv, to);
        let moves = |to: &mut dyn Write| results::write_moves(comparison, Csv, to);
        let mut files: Vec<(&str, FileWriter<'_>)> = vec![("whatif.csv", &whatif), ("moves.csv", &moves)];
        files.extend(of_schedules.iter().map(|(name, write)| (name.as_str(), &**write as FileWriter<'_>)));
        write_files(out, &files)?;
        remove_others(out, &files.iter().map(|(name, _)| *name).collect())
    }

    fn as_json(&self) -> io::Result<Value> {
        let Answer { comparison, scenarios, told } = self;
        Ok(json!({
            "plan": comparison.base.plan.project().name,
            "goal": told,
            "scenarios": print::table_as_json(|out| results::write_whatif(comparison, scenarios, Json, out))?,
            "moves": print::table_as_json(|out| results::write_moves(comparison, Json, out))?,
        }))
    }
}

/// Letters of a scenario's name that the name of its folder has.
const MOST_LETTERS: usize = 40;

/// The folder of a scenario: its number, that of its row below `base`, and as much of its name as every file system takes.
///
/// # Arguments
/// `last` is the last number: all have as many digits, so that they are sorted.
fn folder_name(number: usize, last: usize, name: &str) -> String {
    if number == 0 {
        return name.to_owned();
    }
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || ".-_".contains(letter) { letter } else { '_' };
    let short: String = name.chars().map(plain).take(MOST_LETTERS).collect();
    let digits = last.to_string().len();
    format!("{number:0digits$}-{}", short.trim_end_matches(['.', '_']))
}

/// Takes away what an earlier run wrote of scenarios and this one did not: it would be taken for part of this answer. Folders
/// in which there is anything else stay as they are.
fn remove_others(out: &Path, written: &BTreeSet<&str>) -> Result<()> {
    let names = |folder: &Path| -> Result<Vec<String>> {
        let fail = |source| Error::io("read", folder, source);
        let entries = std::fs::read_dir(folder).map_err(fail)?;
        let name = |entry: io::Result<DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
        entries.map(name).collect::<io::Result<Vec<_>>>().map_err(fail)
    };
    let is_ours = |folder: &str| {
        let is_numbered = folder
            .split_once('-')
            .is_some_and(|(number, _)| !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit()));
        is_numbered || folder == BASE
    };
    for folder in names(out)?.into_iter().filter(|name| is_ours(name) && out.join(name).is_dir()) {
        let path = out.join(&folder);
        let files = names(&path)?;
        if !files.iter().all(|file| schedule_file_names().any(|own| own == file)) {
            continue;
        }
        let left = |file: &&String| !written.contains(&*format!("{folder}/{file}"));
        files.iter().filter(left).try_for_each(|file| remove(&path.join(file)))?;
        // It stays if this run wrote into it.
        let _ = std::fs::remove_dir(&path);
    }
    Ok(())
}

fn write_words(out: &mut dyn Write, answer: &Answer, arguments: &Arguments, settings: &Settings) -> io::Result<()> {
    let Answer { comparison, scenarios, told } = answer;
    let plan = &comparison.base.plan;
    writeln!(out, "{}: {}\n", plan.project().name, print::count(scenarios.len(), "scenario"))?;
    let has_samples = comparison.base.figures.is_some_and(|figures| figures.late_finish.is_some());
    let has_budgets = !plan.budgets().is_empty();
    let is_shown = |column: &Column| match column {
        Column::LateFinish => has_samples,
        Column::Budgets => has_budgets,
        _ => true,
    };
    let shown: Vec<Column> = Column::ALL.into_iter().filter(is_shown).collect();
    let dominated = comparison.dominated();
    let rows = std::iter::once(&comparison.base).chain(&comparison.scenarios).enumerate().map(|(at, study)| {
        let is_dominated = at > 0 && dominated[at - 1];
        shown.iter().map(|column| column.cell(comparison, study, is_dominated)).collect()
    });
    let headers: Vec<&str> = shown.iter().map(|column| column.header()).collect();
    let right: Vec<usize> = (0..shown.len()).filter(|&at| shown[at].is_number()).collect();
    print::write_table(out, &print::table(&headers, &right, rows.collect::<Vec<_>>()))?;
    for study in comparison.scenarios.iter().filter(|study| study.figures.is_none()) {
        writeln!(out, "\n{}: {}", study.name, study.outcome.message)?;
    }
    if let Some(told) = told {
        writeln!(out, "\n{told}")?;
    }
    if arguments.moves {
        comparison.scenarios.iter().try_for_each(|study| write_moves(out, comparison, study))?;
    }
    if let Some(folder) = &settings.out {
        writeln!(out, "\nwrote whatif.csv, moves.csv and a folder for each schedule to {}", folder.display())?;
    }
    Ok(())
}

/// A column of the table for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Scenario,
    Status,
    Finish,
    FinishChange,
    LateFinish,
    Cost,
    CostChange,
    Peak,
    Moved,
    Critical,
    Deadlines,
    Budgets,
    Dominated,
}

impl Column {
    const ALL: [Column; 13] = [
        Column::Scenario,
        Column::Status,
        Column::Finish,
        Column::FinishChange,
        Column::LateFinish,
        Column::Cost,
        Column::CostChange,
        Column::Peak,
        Column::Moved,
        Column::Critical,
        Column::Deadlines,
        Column::Budgets,
        Column::Dominated,
    ];

    fn header(self) -> &'static str {
        match self {
            Column::Scenario => "scenario",
            Column::Status => "status",
            Column::Finish => "finish",
            Column::FinishChange | Column::CostChange => "change",
            Column::LateFinish => "p80",
            Column::Cost => "cost",
            Column::Peak => "peak",
            Column::Moved => "moved",
            Column::Critical => "critical",
            Column::Deadlines => "deadlines",
            Column::Budgets => "budgets",
            Column::Dominated => "",
        }
    }

    fn is_number(self) -> bool {
        use Column::{Cost, CostChange, Critical, FinishChange, Moved, Peak};
        matches!(self, FinishChange | Cost | CostChange | Peak | Moved | Critical)
    }

    fn cell(self, comparison: &Comparison, study: &Study, is_dominated: bool) -> String {
        let nothing = || "-".to_owned();
        let figures = match (self, &study.figures) {
            (Column::Scenario, _) => return study.name.clone(),
            (Column::Status, _) => return study.outcome.status.word().to_owned(),
            (_, None) => return nothing(),
            (_, Some(figures)) => figures,
        };
        let plan = &study.plan;
        let is_base = std::ptr::eq(study, &comparison.base);
        let before = comparison.base.figures.as_ref().filter(|_| !is_base);
        let moves = |is_meant: &dyn Fn(&Move) -> bool| comparison.moves(study).iter().filter(|it| is_meant(it)).count();
        let of = |(kept, all): (usize, usize)| if all == 0 { nothing() } else { format!("{kept} of {all}") };
        match self {
            Column::Scenario | Column::Status => String::new(),
            Column::Finish => plan.format_moment(figures.finish),
            Column::FinishChange => before.map_or_else(nothing, |before| change(plan, before.finish, figures.finish)),
            Column::LateFinish => {
                figures.late_finish.map_or_else(String::new, |late| plan.format_moment(Moment(late as i64)))
            }
            Column::Cost => summary::money_text(figures.cost, ""),
            Column::CostChange => before.map_or_else(nothing, |before| signed(Money(figures.cost.0 - before.cost.0))),
            Column::Peak => figures.peak.to_string(),
            Column::Moved if is_base => nothing(),
            Column::Moved => moves(&|it| it.starts.0 != it.starts.1).to_string(),
            Column::Critical if is_base => figures.critical.to_string(),
            Column::Critical => {
                let more = moves(&|it| !it.critical.0 && it.critical.1);
                let fewer = moves(&|it| it.critical.0 && !it.critical.1);
                format!("{} (+{more} -{fewer})", figures.critical)
            }
            Column::Deadlines => of(figures.deadlines),
            Column::Budgets => of(figures.budgets),
            Column::Dominated => {
                if is_dominated {
                    "dominated".to_owned()
                } else {
                    String::new()
                }
            }
        }
    }
}

/// Working time between two finishes, with a sign.
pub fn change(plan: &Plan, before: Moment, after: Moment) -> String {
    let (sign, time) = match after >= before {
        true => ("+", working_time(plan, before, after)),
        false => ("-", working_time(plan, after, before)),
    };
    if before == after { "0".to_owned() } else { format!("{sign}{}", summary::in_units(plan, time)) }
}

/// Money with a sign.
pub fn signed(money: Money) -> String {
    let sign = if money.0 > 0 { "+" } else { "" };
    if money.0 == 0 { "0".to_owned() } else { format!("{sign}{}", summary::money_text(money, "")) }
}

fn write_moves(out: &mut dyn Write, comparison: &Comparison, study: &Study) -> io::Result<()> {
    let plan = &comparison.base.plan;
    let moves = comparison.moves(study);
    let moved: Vec<_> =
        moves.iter().filter(|it| it.starts.0 != it.starts.1 || it.finishes.0 != it.finishes.1).collect();
    writeln!(
        out,
        "\n{}: {}",
        study.name,
        match moved.len() {
            0 => "no task moves".to_owned(),
            count => format!(
                "{} other dates",
                if count == 1 { "1 task has".to_owned() } else { format!("{count} tasks have") }
            ),
        }
    )?;
    let rows = moved.iter().take(MOST_MOVES).map(|it| {
        let task = &plan.tasks()[it.task];
        let (starts, finishes) = (it.starts, it.finishes);
        let moment = |moment| plan.format_moment(moment);
        vec![
            task.id.to_string(),
            task.name.to_string(),
            moment(starts.0),
            moment(starts.1),
            moment(finishes.1),
            change(plan, finishes.0, finishes.1),
        ]
    });
    if !moved.is_empty() {
        print::write_table(
            out,
            &print::table(
                &["task", "name", "start before", "start", "finish", "change"],
                &[5],
                rows.collect::<Vec<_>>(),
            ),
        )?;
    }
    if moved.len() > MOST_MOVES {
        writeln!(out, "and {} more (moves.csv of -o has all)", moved.len() - MOST_MOVES)?;
    }
    Ok(())
}
