//! `floatline check`: what is wrong with plans, or with somebody's schedule of one.

use std::borrow::Cow;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use floatline::cpm::{left_by_logic, left_to_do};
use floatline::effort::Control;
use floatline::error::{Error, Finding, Findings, Place, Result, Severity};
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{self, read_schedule};
use floatline::io::{FileWriter, write_files};
use floatline::mend::{Proposal, mend};
use floatline::network::{Network, compile};
use floatline::plan::{Plan, TaskKind, validate};
use floatline::quality::{self, Known, Quality, Trace};
use floatline::schedule::{Schedule, left_of, makespan, missing_for_rules, verify, verify_dates};
use floatline::solve::{SolveOptions, impossible_because, solve};
use serde_json::{Value, json};

use super::excerpt::Sources;
use super::settings::{Format, Settings};
use super::{Verdict, baseline, compare, findings, fix, plans, print, summary};

/// Check plans: every mistake at once, with its place and what to do about it
///
/// A plan without mistakes may still be impossible, by its links and dates, its materials or its money: that is told too.
///
/// A sound plan is judged by the 14 points of the DCMA, and by the shape of its network; -o writes quality.csv. Floats (points 6, 7
/// and 13) and forecasts (11) are those by links, calendars, constraints and deadlines, as if there were enough people and machines.
///
/// Of the deliverables in deliverables.csv it tells which tasks, tests and gates lead to each, and what is missing; -o writes
/// traceability.csv. With --schedule, whether they are there when they are due.
///
/// With --schedule, judge a schedule of the plan instead, whoever made it: is every link, calendar, capacity and
/// budget respected?
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline check data/software-release
  floatline check data/bad/* --format csv > findings.csv
  floatline solve data/first-plan.csv -o out
  floatline check data/first-plan.csv --schedule out/schedule.csv
  floatline check data/bridge-repair.xer --compare data/bridge-repair.xer
  floatline check data/software-release --fix fixes.csv

Exit codes: 0 no errors (warnings and notes may remain), 1 errors, 2 wrong usage, 3 no errors but a plan that is proven \
infeasible.")]
pub struct Arguments {
    /// Plans: folders, tasks.csv files, other CSV files of tasks, .xlsx, .ods, .xml, .xer, .sm, .mm, .rcp or .sch files
    #[arg(value_name = "PLAN", required = true)]
    plans: Vec<PathBuf>,
    /// A schedule to judge: CSV with the columns task, start, finish, and mode and resources where the plan leaves a
    /// choice
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// Compare our dates by logic alone with those that another planner stored in a file (.xer, .xml, or CSV with the
    /// columns of dates.csv); may be PLAN itself
    #[arg(long, value_name = "FILE", conflicts_with = "schedule")]
    compare: Option<PathBuf>,
    /// Propose edits for the points that are missed, and write them to this file as scenarios, one for each point
    ///
    /// Dangling ends are tied to a start and a finish, leads and long lags are cut, hard dates become soft, and so on: as few
    /// changes as meet the point. Each scenario has been tried out: the plan stays valid, and the point is met or has fewer
    /// offenders. `floatline whatif PLAN --scenarios FILE` shows what becomes of the dates. What no edit can do is said in words.
    /// A file of earlier proposals is replaced, any other file is not.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["schedule", "compare"])]
    fix: Option<PathBuf>,
    /// The baseline for points 11 and 14: the name of one in PLAN/baselines, or a schedule.csv
    ///
    /// Without it the last one by name is taken, if there is one.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["schedule", "compare"])]
    baseline: Option<String>,
    /// Print all differences, however many there are
    #[arg(long, requires = "compare")]
    all: bool,
    /// Judge the schedule as if there were enough people, machines, materials and money
    #[arg(long, requires = "schedule")]
    ignore_resources: bool,
}

/// The rule of the finding about a plan that has no mistakes and no schedule either.
const INFEASIBLE: &str = "infeasible";

/// What was found out about one plan.
struct Report {
    name: String,
    /// The plan, and what else the findings can be about.
    sources: Sources,
    findings: Findings,
    /// The plan in figures, if it is sound.
    figures: Option<Vec<(&'static str, String)>>,
    /// How well it is made, if it is sound.
    quality: Option<(Plan, Quality)>,
    /// A schedule that was looked at, and the plan it is of.
    judged: Option<(Plan, Schedule)>,
    /// The deliverables as the schedule that is judged has them.
    scheduled: Option<(Plan, Vec<Trace>)>,
    /// What would make the plan better, if that was asked for.
    proposals: Option<Vec<Proposal>>,
}

impl Report {
    /// That of a plan of which nothing but findings is known.
    fn wrong(name: String, findings: Findings) -> Report {
        Report {
            name,
            sources: Sources::default(),
            findings,
            figures: None,
            quality: None,
            judged: None,
            scheduled: None,
            proposals: None,
        }
    }

    /// The deliverables and what leads to them; `None` if there are none.
    fn traces(&self) -> Option<(&Plan, &[Trace])> {
        let judged = self.quality.as_ref().map(|(plan, quality)| (plan, &*quality.deliverables));
        let scheduled = self.scheduled.as_ref().map(|(plan, traces)| (plan, &**traces));
        judged.or(scheduled).filter(|(_, traces)| !traces.is_empty())
    }
}

/// Checks plans.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    if let (Some(file), [plan]) = (&arguments.compare, &*arguments.plans) {
        return compare::run(plan, file, arguments.all, settings);
    }
    if arguments.compare.is_some() {
        return Err(Error::usage("--compare looks at one plan; several were given"));
    }
    if arguments.schedule.is_some() && arguments.plans.len() > 1 {
        return Err(Error::usage("--schedule judges a schedule of one plan; several plans were given"));
    }
    if arguments.fix.is_some() && arguments.plans.len() > 1 {
        return Err(Error::usage("--fix proposes edits of one plan; several plans were given"));
    }
    let mut reports = Vec::new();
    for job in plans::given(&arguments.plans) {
        let read = plans::read(&job.path, &settings.read, None);
        let read = read.and_then(|draft| validate(&draft).map(|(plan, findings)| (draft, plan, findings)));
        let mut report = match read {
            Ok((draft, plan, findings)) => {
                let mut report = examine((job.name, &job.path), &plan, findings, arguments, settings)?;
                if let (Some(path), Some((plan, quality))) = (&arguments.fix, &report.quality) {
                    let proposals = mend(&draft, plan, quality)?;
                    fix::write_file(path, &proposals)?;
                    report.proposals = Some(proposals);
                }
                report
            }
            Err(error) => match error.findings() {
                Some(findings) => Report::wrong(job.name, findings.clone()),
                None => return Err(error),
            },
        };
        report.sources = Sources::of([job.path].into_iter().chain(arguments.schedule.clone()));
        reports.push(report);
    }
    if let Some(out) = &settings.out {
        write_files_of(out, &reports)?;
    }
    match settings.format {
        Format::Table => print_words(&reports, arguments.fix.as_deref(), settings)?,
        Format::Csv => print_csv(&reports)?,
        Format::Json => print::out(|out| print::write_json(out, &as_json(&reports)))?,
    }
    let mut errors =
        reports.iter().flat_map(|report| report.findings.iter()).filter(|finding| finding.severity == Severity::Error);
    Ok(match errors.clone().next() {
        None => Verdict::Done,
        Some(_) if errors.all(|error| error.rule == INFEASIBLE) => Verdict::Infeasible,
        Some(_) => Verdict::WrongInput,
    })
}

/// Looks at a valid plan, or at a schedule of it.
fn examine(
    (name, path): (String, &Path),
    plan: &Plan,
    mut findings: Findings,
    arguments: &Arguments,
    settings: &Settings,
) -> Result<Report> {
    if let Some(path) = &arguments.schedule {
        // The plan's own remarks would bury those about the schedule.
        let (file, bytes) = plans::content(path)?;
        let left = if arguments.ignore_resources { left_by_logic } else { left_to_do };
        let left = &*left(Cow::Borrowed(plan));
        let mut judged = None;
        let mut scheduled = None;
        findings = match read_schedule(left, &file, &bytes) {
            Ok((schedule, mut findings)) => {
                let traces = quality::trace(plan, &|task| schedule.placements[task].finish, Known::Scheduled);
                scheduled = Some((plan.clone(), traces));
                let judge = if arguments.ignore_resources { verify_dates } else { verify };
                let (schedule, begun) = left_of(left, &schedule);
                findings.append(begun);
                findings.append(judge(left, &schedule));
                judged = Some((left.clone(), schedule));
                findings
            }
            Err(error) => error.findings().cloned().ok_or(error)?,
        };
        let figures = (!findings.has_errors()).then(|| vec![("schedule", "keeps every rule of the plan".to_owned())]);
        return Ok(Report { figures, judged, scheduled, ..Report::wrong(name, findings) });
    }
    for breach in missing_for_rules(plan) {
        let place = Place::row("rules.csv", plan.rules()[breach.rule].row);
        let text = format!("{}: {}", plan.rule_name(breach.rule), breach.text);
        findings.push(Finding::warning("rule-not-kept", place, text));
    }
    let whole = plan;
    // What is left of a plan that has begun is what can be impossible.
    let plan = &*left_to_do(Cow::Borrowed(plan));
    let network = match compile(plan) {
        Ok(network) => network,
        Err(error) if error.is_infeasible() => {
            findings.push(Finding::error(INFEASIBLE, Place::default(), error.to_string()));
            return Ok(Report::wrong(name, findings));
        }
        Err(error) => {
            findings.append(error.findings().cloned().ok_or(error)?);
            return Ok(Report::wrong(name, findings));
        }
    };
    if let Some(reason) = impossible_because(plan, &network) {
        findings.push(Finding::error(INFEASIBLE, Place::default(), reason));
    }
    let baseline = baseline::find(whole, path, arguments.baseline.as_deref())?;
    let former = baseline.as_ref().map(|(_, former)| former);
    let (figures, quality) =
        rayon::join(|| figures((whole, plan), &network, settings), || quality::assess_against(whole, former));
    let mut figures = figures?;
    figures.extend(baseline.iter().map(|(name, _)| ("baseline", name.clone())));
    let quality = Some((whole.clone(), quality?));
    Ok(Report { figures: Some(figures), quality, ..Report::wrong(name, findings) })
}

/// The plan in figures.
///
/// # Arguments
/// The plan as a whole, where what is finished is what it was, and what is left of it.
fn figures(
    (whole, plan): (&Plan, &Plan),
    network: &Network,
    settings: &Settings,
) -> Result<Vec<(&'static str, String)>> {
    let kind = |kind: TaskKind| whole.tasks().iter().filter(|task| task.kind == kind).count();
    let (milestones, summaries) = (kind(TaskKind::Milestone), kind(TaskKind::Summary));
    let mut figures = vec![
        (
            "tasks",
            format!(
                "{} to be worked on, {}, {summaries} summar{}",
                kind(TaskKind::Activity),
                print::count(milestones, "milestone"),
                if summaries == 1 { "y" } else { "ies" }
            ),
        ),
        ("links", plan.links().len().to_string()),
        ("resources", plan.resources().len().to_string()),
        ("calendars", plan.calendars().len().to_string()),
        ("budgets", plan.budgets().len().to_string()),
    ];
    // The critical path: what a schedule without any shortage takes.
    let options = SolveOptions { seed: settings.seed, ignore_resources: true, ..SolveOptions::default() };
    let outcome = solve(plan, network, &options, &Control::start(settings.limits), &|_| {})?;
    if let Some(schedule) = &outcome.schedule {
        let length = summary::in_words(plan, makespan(plan, schedule));
        let finish = plan.format_moment(summary::last_finish(plan, schedule));
        figures.push(("critical path", format!("{length}, finish {finish} at the earliest")));
    }
    Ok(figures)
}

fn print_words(reports: &[Report], fix: Option<&Path>, settings: &Settings) -> Result<()> {
    print::out(|out| {
        for (at, report) in reports.iter().enumerate() {
            if settings.quiet && !report.findings.has_errors() {
                continue;
            }
            if reports.len() > 1 {
                writeln!(out, "{}{}", if at == 0 { "" } else { "\n" }, report.name)?;
            }
            findings::write(out, &report.findings, &report.sources)?;
            let counts = findings::counts(&report.findings);
            writeln!(out, "{counts}")?;
            for (name, value) in report.figures.iter().flatten() {
                writeln!(out, "  {name:<13} {value}")?;
            }
            match &report.quality {
                Some((plan, quality)) if reports.len() == 1 && !settings.quiet => {
                    super::quality::write(out, plan, quality)?;
                }
                Some((_, quality)) => writeln!(out, "  {:<13} {:.0} % of the 14 points", "quality", quality.index())?,
                None => {}
            }
            if let (Some((plan, traces)), false) = (report.traces(), settings.quiet) {
                super::quality::write_traces(out, plan, traces)?;
            }
            if let (Some(path), Some(proposals)) = (fix, &report.proposals) {
                fix::write_words(out, path, proposals)?;
            }
        }
        Ok(())
    })
}

/// Writes quality.csv and traceability.csv of each plan: into the folder of results, or of several plans into a folder of its own for each.
fn write_files_of(out: &Path, reports: &[Report]) -> Result<()> {
    for report in reports {
        let folder = if reports.len() > 1 { out.join(&report.name) } else { out.to_owned() };
        let mut files: Vec<(&str, FileWriter<'_>)> = Vec::new();
        let judged = report.quality.as_ref();
        let quality = |to: &mut dyn Write| {
            judged.map_or(Ok(()), |(plan, quality)| results::write_quality(plan, quality, Csv, to))
        };
        if judged.is_some() {
            files.push(("quality.csv", &quality));
        }
        let traced = report.traces();
        let traces =
            |to: &mut dyn Write| traced.map_or(Ok(()), |(plan, traces)| results::write_traces(plan, traces, Csv, to));
        if traced.is_some() {
            files.push(("traceability.csv", &traces));
        }
        let kept = report.judged.as_ref().filter(|(plan, _)| !plan.rules().is_empty());
        let rules = |to: &mut dyn Write| {
            kept.map_or(Ok(()), |(plan, schedule)| results::write_compliance(plan, schedule, Csv, to))
        };
        if kept.is_some() {
            files.push(("compliance.csv", &rules));
        }
        if !files.is_empty() {
            write_files(&folder, &files)?;
        }
    }
    Ok(())
}

fn print_csv(reports: &[Report]) -> Result<()> {
    print::out(|out| findings::write_csv(out, reports.iter().map(|report| (&*report.name, &report.findings))))
}

fn as_json(reports: &[Report]) -> Value {
    let object = |report: &Report| {
        let count = |severity| report.findings.count(severity);
        let quality = report.quality.as_ref().and_then(|(plan, quality)| {
            print::table_as_json(|out| results::write_quality(plan, quality, Json, out)).ok()
        });
        let deliverables = report
            .traces()
            .and_then(|(plan, traces)| print::table_as_json(|out| results::write_traces(plan, traces, Json, out)).ok());
        json!({
            "plan": report.name,
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "notes": count(Severity::Note),
            "findings": findings::json(&report.findings),
            "quality": quality,
            "deliverables": deliverables,
            "proposals": report.proposals.as_deref().map(fix::as_json),
            "figures": report.figures.iter().flatten().map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect::<serde_json::Map<String, Value>>(),
        })
    };
    reports.iter().map(object).collect()
}
