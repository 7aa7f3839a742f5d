//! `floatline whatif`: scenarios of a plan side by side.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use floatline::effort::{Control, Limits};
use floatline::error::{Error, Findings, Result};
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{self};
use floatline::io::write_files;
use floatline::plan::draft::PlanDraft;
use floatline::plan::{Plan, validate};
use floatline::risk::RiskOptions;
use floatline::scenario::{
    Bench, Breakpoint, Comparison, Edit, Scenario, Searched, Study, StudyOptions, Sweep, Wish, compare, read,
    scenarios, until,
};
use floatline::schedule::{Period, working_time};
use floatline::solve::SolveOptions;
use floatline::units::{Moment, Money};
use serde_json::{Value, json};

use super::files::{write_failure, write_schedule_files};
use super::progress::Line;
use super::risk::PolicyFlag;
use super::settings::{Format, Settings};
use super::solve::ObjectiveFlag;
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
/// into OUT/SCENARIO.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline whatif data/software-release
  floatline whatif data/software-release --scenario two-testers
  floatline whatif data/software-release --set task:B2.duration=+50% --set resource:tina.capacity=2
  floatline whatif data/software-release --set task:category:test.duration=*1.5 --risk
  floatline whatif data/datacenter-move --sweep resource:sysadmin.capacity=1..6
  floatline whatif data/first-plan.csv --sweep resource:dev.capacity=1..8 --until 'finish<=2026-04-10'
  floatline whatif data/software-release --policy cpm -o out

Exit codes: 0 done (whatever became of the scenarios), 1 wrong input, 2 wrong usage.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Only these scenarios of scenarios.csv; edits of --set and --sweep build on it, if there is one
    #[arg(long, value_name = "NAME")]
    scenario: Vec<String>,
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
    #[arg(long, value_name = "N", default_value_t = 2_000, requires = "risk", value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    samples: u64,
    /// What keeps samples within the resources; `cpm` leaves resources aside in the schedules, too
    #[arg(long, value_enum, default_value_t = PolicyFlag::Flow)]
    policy: PolicyFlag,
    /// What to optimise, the most important first, as in `solve`
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
    let draft = plans::read(&arguments.plan, &settings.read, None)?;
    let (plan, findings) = validate(&draft)?;
    print::findings_of_plan(&findings, settings);
    let wish = arguments.until.as_ref().map(|text| Wish::parse(text, &plan)).transpose().map_err(Error::usage)?;
    let asked = Asked::of(&draft, &plan, arguments)?;
    if wish.is_some() && asked.sweeps.len() > 1 {
        return Err(Error::usage("--until searches one --sweep; several were given"));
    }
    let options = options(arguments, settings, wish.as_ref());
    let control = Control::with_cancel_flag(Limits::default(), interrupt::cancel_flag(settings.quiet));
    let line = Line::steps(settings.quiet, asked.scenarios.len() + 1);
    let answer =
        match (&wish, asked.sweeps.first()) {
            (Some(wish), Some(sweep)) => searched(&draft, (&asked.base, sweep), wish, (&options, &control), &line),
            _ => compare(&draft, &asked.scenarios, &options, &control, &|name| line.step(name))
                .map(|comparison| Answer { comparison, scenarios: asked.scenarios, told: None }),
        };
    line.clear();
    let answer = answer?;
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

fn options(arguments: &Arguments, settings: &Settings, wish: Option<&Wish>) -> StudyOptions {
    let has_samples = arguments.risk || wish.is_some_and(|wish| wish.needs_samples().is_some());
    StudyOptions {
        solve: SolveOptions {
            seed: settings.seed,
            objectives: arguments.objective.iter().filter_map(|flag| flag.objective()).collect(),
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
    }
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
            return Err(Error::invalid_plan(findings));
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
    fn write(&self, out: &std::path::Path) -> Result<()> {
        let Answer { comparison, scenarios, .. } = self;
        write_files(
            out,
            &[
                ("whatif.csv", &|to| results::write_whatif(comparison, scenarios, Csv, to)),
                ("moves.csv", &|to| results::write_moves(comparison, Csv, to)),
            ],
        )?;
        for study in std::iter::once(&comparison.base).chain(&comparison.scenarios) {
            let unfit = |c: char| matches!(c, ':' | '/' | '\\' | '*' | '?' | '"' | '<' | '>' | '|');
            let folder = out.join(study.name.replace(unfit, "_"));
            match &study.outcome.schedule {
                Some(schedule) => {
                    let of_schedule = (&study.plan, schedule, &study.outcome.dates);
                    write_schedule_files(&folder, of_schedule, Period::Week, Vec::new())?;
                }
                None => write_failure(&folder, None)?,
            }
        }
        Ok(())
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

fn write_words(out: &mut dyn Write, answer: &Answer, arguments: &Arguments, settings: &Settings) -> io::Result<()> {
    let Answer { comparison, scenarios, told } = answer;
    let plan = &comparison.base.plan;
    writeln!(out, "{}: {}\n", plan.project().name, print::count(scenarios.len(), "scenario"))?;
    let has_samples = comparison.base.figures.is_some_and(|figures| figures.late_finish.is_some());
    let has_budgets = !plan.budgets().is_empty();
    let headers = [
        "scenario",
        "status",
        "finish",
        "change",
        "p80",
        "cost",
        "change",
        "peak",
        "moved",
        "critical",
        "deadlines",
        "budgets",
        "",
    ];
    let is_shown = |column: &usize| (*column != 4 || has_samples) && (*column != 11 || has_budgets);
    let shown: Vec<usize> = (0..headers.len()).filter(is_shown).collect();
    let dominated = comparison.dominated();
    let rows = std::iter::once(&comparison.base).chain(&comparison.scenarios).enumerate().map(|(at, study)| {
        let cells = cells(comparison, study, at > 0 && dominated[at - 1]);
        shown.iter().map(|&column| cells[column].clone()).collect()
    });
    let headers: Vec<&str> = shown.iter().map(|&column| headers[column]).collect();
    let right: Vec<usize> = headers
        .iter()
        .enumerate()
        .filter(|(_, name)| ["change", "cost", "peak", "moved", "critical"].contains(name))
        .map(|(at, _)| at)
        .collect();
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

fn cells(comparison: &Comparison, study: &Study, is_dominated: bool) -> Vec<String> {
    let (plan, base) = (&study.plan, &comparison.base);
    let is_base = std::ptr::eq(study, base);
    let mut cells = vec![study.name.clone(), study.outcome.status.word().to_owned()];
    let Some(figures) = &study.figures else {
        cells.resize(13, "-".to_owned());
        return cells;
    };
    let (days, money) = match base.figures.as_ref().filter(|_| !is_base) {
        Some(before) => (change(plan, before.finish, figures.finish), signed(Money(figures.cost.0 - before.cost.0))),
        None => ("-".to_owned(), "-".to_owned()),
    };
    let moves = comparison.moves(study);
    let [moved, more, fewer] = [
        moves.iter().filter(|it| it.starts.0 != it.starts.1).count(),
        moves.iter().filter(|it| !it.critical.0 && it.critical.1).count(),
        moves.iter().filter(|it| it.critical.0 && !it.critical.1).count(),
    ];
    let of = |(kept, all): (usize, usize)| if all == 0 { "-".to_owned() } else { format!("{kept} of {all}") };
    cells.extend([
        plan.format_moment(figures.finish),
        days,
        figures.late_finish.map_or_else(String::new, |late| plan.format_moment(Moment(late as i64))),
        summary::money_text(figures.cost, ""),
        money,
        figures.peak.to_string(),
        if is_base { "-".to_owned() } else { moved.to_string() },
        if is_base { figures.critical.to_string() } else { format!("{} (+{more} -{fewer})", figures.critical) },
        of(figures.deadlines),
        of(figures.budgets),
        if is_dominated { "dominated".to_owned() } else { String::new() },
    ]);
    cells
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
