//! `floatline risk`: how sure a plan is, and what drives its finish.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use floatline::cpm;
use floatline::effort::{Control, Limits};
use floatline::error::{Error, Finding, Findings, Place, Result, Severity};
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{self, PERCENTILES, read_schedule};
use floatline::io::write_files;
use floatline::network::compile;
use floatline::plan::{Plan, TaskId, TaskKind, TimeUnit};
use floatline::risk::{
    Assessment, Histogram, Policy, Probability, RiskOptions, Source, Work, assess, moments, percentile,
};
use floatline::schedule::{Schedule, left_of, verify};
use floatline::solve::{SolveOptions, solve};
use floatline::units::{MINUTES_PER_DAY, Moment, Money};
use serde_json::{Value, json};

use super::progress::Line;
use super::settings::{Format, Settings};
use super::{Verdict, interrupt, plans, print, summary};

/// The files of an assessment in a folder of results.
const FILES: [&str; 5] = ["risk.csv", "drivers.csv", "register.csv", "promises.csv", "scurve.csv"];
/// Drivers that are printed unless all are asked for.
const MOST_DRIVERS: usize = 15;
/// Classes of the histogram that is printed, and the width of its bars.
const CLASSES: usize = 16;
const WIDEST_BAR: f64 = 48.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PolicyFlag {
    /// Within the resources: who hands which resource to whom stays as in the schedule
    Flow,
    /// In the order of the schedule: each sample has a schedule of its own, in which the first takes what is free
    List,
    /// Links, calendars and constraints alone, as if there were enough of everything
    Cpm,
}

impl From<PolicyFlag> for Policy {
    fn from(flag: PolicyFlag) -> Policy {
        match flag {
            PolicyFlag::Flow => Policy::Flow,
            PolicyFlag::List => Policy::List,
            PolicyFlag::Cpm => Policy::Logic,
        }
    }
}

/// Simulate a plan: when is it done at which confidence, at what cost, and which tasks drive that? (Monte Carlo)
///
/// Durations vary as the columns optimistic, pessimistic and distribution of tasks.csv say; risks.csv and issues.csv tell what
/// else makes tasks longer and costs money, gates.csv how often work is done again. Every sample keeps links, calendars and constraints, and hands resources on as the
/// schedule does. Sample K depends on the plan, the seed and K alone.
///
/// With -o, writes risk.csv (percentiles of the finish, of milestones and of the cost), drivers.csv (what drives the finish),
/// register.csv (what each risk does to it), promises.csv (dates for the stakeholders of stakeholders.csv at the confidence they
/// ask for) and scurve.csv into OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline risk data/software-release
  floatline risk data/hardware-programme --samples 100000 -o out
  floatline risk data/first-plan.csv --uncertainty 0.9,1,1.4
  floatline risk data/software-release --policy cpm
  floatline risk data/software-release --precision 0.1 --samples 1000000

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Samples; with --precision no more than that
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    samples: u64,
    /// The number of the first sample, to make one slice of a big run
    #[arg(long, value_name = "K", default_value_t = 0)]
    first: u64,
    /// Go on until the standard error of the 80th percentile of the finish is no more than so many days by the clock (periods
    /// in a plan of periods)
    #[arg(long, value_name = "DAYS", value_parser = parse_positive)]
    precision: Option<f64>,
    /// What keeps samples within the resources
    #[arg(long, value_enum, default_value_t = PolicyFlag::Flow)]
    policy: PolicyFlag,
    /// Uncertainty of tasks without an estimate: least, most likely and greatest duration as factors of the planned one
    #[arg(long, value_name = "A,M,B", value_parser = parse_spread)]
    uncertainty: Option<[f64; 3]>,
    /// Take modes, people and the order of work from this schedule instead of searching for one
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// Print all drivers, not only the first 15
    #[arg(long)]
    all: bool,
}

fn parse_positive(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| format!("`{text}` is not a number above zero"))
}

fn parse_spread(text: &str) -> std::result::Result<[f64; 3], String> {
    let numbers: Vec<f64> = text.split([',', ';']).filter_map(|part| part.trim().parse().ok()).collect();
    match numbers[..] {
        [least, likely, most] if 0.0 <= least && least <= likely && likely <= most && most < 1e6 => {
            Ok([least, likely, most])
        }
        _ => Err(format!("`{text}` is not a spread; expected three factors in ascending order such as 0.9,1,1.4")),
    }
}

/// Simulates a plan and shows the answer.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    if !settings.quiet {
        let least = if settings.verbose { Severity::Note } else { Severity::Warning };
        print::some_findings(&findings, "", least);
    }
    let left = if arguments.policy == PolicyFlag::Cpm { cpm::left_by_logic } else { cpm::left_to_do };
    let plan = left(Cow::Owned(plan)).into_owned();
    let cancelled = interrupt::cancel_flag(settings.quiet);
    let schedule = schedule(&plan, arguments, settings)?;
    let control = Control::with_cancel_flag(Limits { effort: None, ..settings.limits }, cancelled);
    let line = Line::samples(settings.quiet, arguments.samples);
    let options = RiskOptions {
        policy: arguments.policy.into(),
        seed: settings.seed,
        first: arguments.first,
        samples: arguments.samples,
        spread: arguments.uncertainty,
        precision: arguments.precision.map(|error| (0.8, error * minutes_per_day(&plan))),
    };
    let assessed = assess(&plan, schedule.as_ref(), &options, &control, &|done| line.at(done));
    line.clear();
    let assessment = assessed?;
    if assessment.samples.finish.is_empty() {
        return Err(Error::usage("stopped before the first sample was made"));
    }
    if assessment.correlation_change > 0.0 && !settings.quiet {
        let text = format!(
            "the correlations contradict each other: the nearest ones that do not are simulated, changed by up to {:.3}",
            assessment.correlation_change
        );
        let finding = Finding::warning("correlations-changed", Place::file("correlations.csv"), text);
        print::some_findings(&Findings::from_iter([finding]), "", Severity::Warning);
    }
    if let Some(out) = &settings.out {
        let [risk, drivers, register, promises, curve] = FILES;
        write_files(
            out,
            &[
                (risk, &|out| results::write_risk(&plan, &assessment, Csv, out)),
                (drivers, &|out| results::write_drivers(&plan, &assessment, Csv, out)),
                (register, &|out| results::write_register(&plan, &assessment, Csv, out)),
                (promises, &|out| results::write_promises(&plan, &assessment, Csv, out)),
                (curve, &|out| results::write_curve(&plan, &assessment, Csv, out)),
            ],
        )?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| write_words(out, &plan, &assessment, arguments, settings))?,
        Format::Csv => print::out(|out| results::write_risk(&plan, &assessment, Csv, out))?,
        Format::Json => print::out(|out| print::write_json(out, &as_json(&plan, &assessment)?))?,
    }
    Ok(Verdict::Done)
}

/// The schedule whose modes and order of work the samples keep; none if they keep none.
fn schedule(plan: &Plan, arguments: &Arguments, settings: &Settings) -> Result<Option<Schedule>> {
    if let Some(path) = &arguments.schedule {
        let (file, bytes) = plans::content(path)?;
        let (schedule, mut findings) = read_schedule(plan, &file, &bytes)?;
        let (schedule, begun) = left_of(plan, &schedule);
        findings.append(begun);
        findings.append(verify(plan, &schedule));
        if findings.has_errors() {
            return Err(Error::invalid_plan(findings));
        }
        if !settings.quiet {
            print::some_findings(&findings, "", Severity::Warning);
        }
        return Ok(Some(schedule));
    }
    if arguments.policy == PolicyFlag::Cpm {
        return Ok(None);
    }
    let network = compile(plan)?;
    let options = SolveOptions { seed: settings.seed, ..SolveOptions::default() };
    let line = Line::search(settings.quiet);
    let outcome = solve(plan, &network, &options, &Control::start(settings.limits), &|progress| {
        line.show(plan, progress);
    });
    line.clear();
    let outcome = outcome?;
    match outcome.schedule {
        Some(schedule) => Ok(Some(schedule)),
        None => Err(Error::infeasible(format!("there is no schedule to simulate: {}", outcome.message))),
    }
}

/// Minutes of a day by the clock; of a period in a plan of periods.
fn minutes_per_day(plan: &Plan) -> f64 {
    if plan.project().time_unit == TimeUnit::Period { 1.0 } else { MINUTES_PER_DAY as f64 }
}

fn write_words(
    out: &mut dyn Write,
    plan: &Plan,
    assessment: &Assessment,
    arguments: &Arguments,
    settings: &Settings,
) -> io::Result<()> {
    let samples = &assessment.samples;
    let count = samples.finish.len();
    let policy = policy_text(arguments.policy.into());
    let stopped = if assessment.is_stopped { ", stopped early" } else { "" };
    writeln!(out, "{}: {}{stopped}, seed {}, {policy}", plan.project().name, samples_text(count), settings.seed)?;
    if assessment.uncertain == 0 && assessment.events.is_empty() {
        writeln!(
            out,
            "No duration is uncertain: give tasks.csv the columns optimistic and pessimistic, or say --uncertainty 0.9,1,1.4."
        )?;
    }
    let moment = |minutes: f64| plan.format_moment(Moment(minutes.round() as i64));
    let money = |cents: i64| summary::money_text(Money(cents), &plan.project().currency);
    let (finish, mut cost) = (assessment.finishes(&samples.finish), samples.cost.clone());
    cost.sort_unstable();
    let planned_finish = assessment.network.axis.finish_moment(assessment.planned.0).0 as f64;
    let has_costs = cost[cost.len() - 1] != 0;
    let planned = Probability::up_to(&finish, planned_finish);
    let planned_cost = if has_costs { format!(", {}", money(assessment.planned.1)) } else { String::new() };
    writeln!(out, "  planned       {}{planned_cost}; {} finish by then", moment(planned_finish), share_text(planned))?;
    if let Some(deadline) = plan.project().deadline {
        let met = Probability::up_to(&finish, deadline.0 as f64);
        writeln!(out, "  deadline      {}; {} keep it", plan.format_end(deadline), share_text(met))?;
    }
    let (mean, deviation) = moments(&finish);
    let unit = |minutes: f64| {
        let unit = if plan.project().time_unit == TimeUnit::Period { "periods" } else { "days" };
        format!("{:.2} {unit}", minutes / minutes_per_day(plan))
    };
    writeln!(out, "  mean          {}, standard deviation {} by the clock", moment(mean), unit(deviation))?;
    writeln!(out)?;
    let rows = PERCENTILES.iter().map(|&share| {
        let (at, dear) = (percentile(&finish, share), percentile(&as_floats(&cost), share));
        let mut row = vec![format!("P{:.0}", share * 100.0), moment(at.value), format!("± {}", unit(at.error))];
        if has_costs {
            row.push(money(dear.value as i64));
        }
        row
    });
    let headers: &[&str] = if has_costs { &["", "finish", "error", "cost"] } else { &["", "finish", "error"] };
    print::write_table(out, &print::table(headers, &[3], rows))?;
    write_histogram(out, plan, &finish)?;
    write_policies(out, plan, assessment)?;
    write_marks(out, plan, assessment)?;
    write_promises(out, plan, assessment)?;
    write_register(out, plan, assessment)?;
    write_drivers(out, plan, assessment, arguments.all)?;
    if let Some(folder) = &settings.out {
        writeln!(out, "\n{} written to {}", FILES.join(", "), folder.display())?;
    }
    Ok(())
}

/// A number of samples: `10,000 samples`.
fn samples_text(count: usize) -> String {
    let digits = summary::money_text(Money(count as i64 * 100), "");
    format!("{} sample{}", digits.trim_end_matches(".00"), if count == 1 { "" } else { "s" })
}

fn share_text(probability: Probability) -> String {
    format!("{:.1} % (± {:.1}) of the samples", probability.share * 100.0, probability.error * 100.0)
}

fn as_floats(values: &[i64]) -> Vec<f64> {
    values.iter().map(|&value| value as f64).collect()
}

/// Bars for the finishes of the samples: by days or more, by hours if all lie within a few days.
fn write_histogram(out: &mut dyn Write, plan: &Plan, finish: &[f64]) -> io::Result<()> {
    let range = finish[finish.len() - 1] - finish[0];
    if range <= 0.0 {
        return Ok(());
    }
    let is_by_day = range > 4.0 * minutes_per_day(plan);
    let step = match plan.project().time_unit {
        TimeUnit::Period => 1.0,
        _ if is_by_day => MINUTES_PER_DAY as f64,
        _ if range > 240.0 => 60.0,
        _ => 1.0,
    };
    let histogram = Histogram::of(finish, CLASSES, step);
    let most = histogram.counts.iter().copied().max().unwrap_or(1).max(1);
    writeln!(out, "\nfinish of the samples, and the share that has finished by then")?;
    let mut sum = 0;
    for (class, &count) in histogram.counts.iter().enumerate() {
        sum += count;
        let end = histogram.least + histogram.width * (class + 1) as f64;
        let end = match plan.project().time_unit {
            // A class holds whole periods, of which the last is before its end.
            TimeUnit::Period => plan.format_moment(Moment(end as i64 - 1)),
            _ => plan.format_end(Moment(end as i64)),
        };
        let bar = "█".repeat((count as f64 / most as f64 * WIDEST_BAR).round() as usize);
        let share = sum as f64 / finish.len() as f64 * 100.0;
        writeln!(out, "{}", format!("  {end}  {share:>5.1} %  {bar}").trim_end())?;
    }
    Ok(())
}

fn policy_text(policy: Policy) -> &'static str {
    match policy {
        Policy::Flow => "resources handed on as in the schedule",
        Policy::List => "resources to the first of the schedule that can start",
        Policy::Logic => "links and calendars alone",
    }
}

/// How much it matters what keeps the samples within the resources.
fn write_policies(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    if assessment.policies.is_empty() {
        return Ok(());
    }
    let moment = |minutes: f64| plan.format_moment(Moment(minutes as i64));
    let rows = assessment.policies.iter().map(|risk| {
        let flag = match risk.policy {
            Policy::Flow => "flow",
            Policy::List => "list",
            Policy::Logic => "cpm",
        };
        vec![flag.to_owned(), policy_text(risk.policy).to_owned(), moment(risk.mean), moment(risk.late)]
    });
    writeln!(out, "\nthe finish with each --policy, on the same samples")?;
    let mut table = print::table(&["policy", "", "mean", "P80"], &[], rows);
    print::keep_whole(&mut table, &[0, 2, 3]);
    print::write_table(out, &table)
}

/// Milestones and tasks with a deadline.
fn write_marks(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    if assessment.marks.is_empty() {
        return Ok(());
    }
    let axis = &assessment.network.axis;
    let moment = |slot: i32| plan.format_moment(axis.finish_moment(slot));
    let row = |(place, &task): (usize, &TaskId)| {
        let finish = assessment.finishes(&assessment.samples.marks[place]);
        let row = &plan.tasks()[task];
        let kept = row.deadline.map(|deadline| {
            let met = Probability::up_to(&finish, deadline.0 as f64);
            format!("{:.1} %", met.share * 100.0)
        });
        let at = |share: f64| plan.format_moment(Moment(percentile(&finish, share).value as i64));
        vec![
            row.id.to_string(),
            row.name.to_string(),
            moment(assessment.planned_marks[place]),
            at(0.5),
            at(0.8),
            at(0.9),
            row.deadline.map_or("-".to_owned(), |deadline| plan.format_end(deadline)),
            kept.unwrap_or("-".to_owned()),
        ]
    };
    let what = if assessment.marks.iter().all(|&task| plan.tasks()[task].kind == TaskKind::Milestone) {
        "milestone"
    } else {
        "task"
    };
    writeln!(out)?;
    let headers = [what, "name", "planned", "P50", "P80", "P90", "deadline", "kept by"];
    let mut table = print::table(&headers, &[7], assessment.marks.iter().enumerate().map(row));
    print::keep_whole(&mut table, &[0, 2, 3, 4, 5, 6, 7]);
    print::write_table(out, &table)
}

/// The dates that stakeholders can be promised.
fn write_promises(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    let promises = assessment.promises(plan);
    if promises.is_empty() {
        return Ok(());
    }
    let moment = |minutes: f64| plan.format_moment(Moment(minutes as i64));
    let rows = promises.iter().map(|promise| {
        let stakeholder = &plan.stakeholders()[promise.stakeholder];
        let task = promise.task.map(|task| &plan.tasks()[task]);
        vec![
            stakeholder.title().to_owned(),
            task.map_or("the project".to_owned(), |task| task.id.to_string()),
            task.map_or(String::new(), |task| task.name.to_string()),
            moment(promise.planned),
            format!("{:.1} %", promise.kept.share * 100.0),
            format!("{:.0} %", promise.date.share * 100.0),
            moment(promise.date.value),
        ]
    });
    writeln!(out, "\ndates to promise, at the confidence asked for")?;
    let headers = ["stakeholder", "task", "name", "planned", "kept by", "asks for", "promise"];
    let mut table = print::table(&headers, &[4, 5], rows);
    print::keep_whole(&mut table, &[1, 3, 4, 5, 6]);
    print::write_table(out, &table)
}

/// What risks and issues do, the worst first.
fn write_register(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    if assessment.events.is_empty() {
        return Ok(());
    }
    let mut events = assessment.events.clone();
    events.sort_by(|one, other| other.mean_delay.total_cmp(&one.mean_delay));
    let days = |minutes: f64| format!("{:+.2}", minutes / minutes_per_day(plan));
    let rows = events.iter().map(|event| {
        let (id, name) = match event.source {
            Source::Risk(risk) => (&plan.risks()[risk].id, plan.risks()[risk].title()),
            Source::Issue(issue) => (&plan.issues()[issue].id, plan.tasks()[plan.issues()[issue].task].title()),
        };
        vec![
            id.to_string(),
            name.to_owned(),
            format!("{:.1} %", event.share * 100.0),
            days(event.mean_delay),
            days(event.late_delay),
            summary::money_text(Money(event.cost.round() as i64), &plan.project().currency),
        ]
    });
    let unit = if plan.project().time_unit == TimeUnit::Period { "periods" } else { "days by the clock" };
    writeln!(out, "\nwhat risks and issues do to the finish, in {unit}")?;
    let headers = ["risk", "name", "happens in", "mean", "P80", "mean cost"];
    let mut table = print::table(&headers, &[2, 3, 4, 5], rows);
    print::keep_whole(&mut table, &[0, 2, 3, 4, 5]);
    print::write_table(out, &table)
}

/// What drives the finish.
fn write_drivers(out: &mut dyn Write, plan: &Plan, assessment: &Assessment, all: bool) -> io::Result<()> {
    let drivers = assessment.drivers();
    let shown = if all { drivers.len() } else { MOST_DRIVERS };
    let rows = drivers.iter().take(shown).map(|risk| {
        let (id, name) = match risk.work {
            Work::Task(task) => (&plan.tasks()[task].id, &plan.tasks()[task].name),
            Work::Gate(gate) => (&plan.gates()[gate].id, &plan.gates()[gate].criterion),
        };
        let units = |minutes: f64| summary::two_decimals(minutes / plan.minutes_per_unit().0 as f64);
        vec![
            id.to_string(),
            name.to_string(),
            format!("{:.1} %", risk.criticality * 100.0),
            format!("{:.2}", risk.sensitivity),
            format!("{:.2}", risk.cruciality),
            units(risk.mean),
            units(risk.deviation),
        ]
    });
    writeln!(out)?;
    let headers = ["driver", "name", "critical in", "sensitivity", "correlation", "mean", "deviation"];
    let mut table = print::table(&headers, &[2, 3, 4, 5, 6], rows);
    print::keep_whole(&mut table, &[0, 2, 3, 4, 5, 6]);
    print::write_table(out, &table)?;
    if drivers.len() > shown {
        writeln!(out, "... and {} more; --all shows them", drivers.len() - shown)?;
    }
    Ok(())
}

fn as_json(plan: &Plan, assessment: &Assessment) -> io::Result<Value> {
    let table = |write: &dyn Fn(&mut dyn Write) -> io::Result<()>| -> io::Result<Value> {
        let mut text = Vec::new();
        write(&mut text)?;
        Ok(serde_json::from_slice(&text)?)
    };
    let moment = |slot: i32| plan.format_moment(assessment.network.axis.finish_moment(slot));
    Ok(json!({
        "plan": plan.project().name,
        "samples": assessment.samples.finish.len(),
        "first": assessment.samples.first,
        "planned_finish": moment(assessment.planned.0),
        "planned_cost": Money(assessment.planned.1).to_string(),
        "correlation_change": assessment.correlation_change,
        "percentiles": table(&|out| results::write_risk(plan, assessment, Json, out))?,
        "drivers": table(&|out| results::write_drivers(plan, assessment, Json, out))?,
        "register": table(&|out| results::write_register(plan, assessment, Json, out))?,
        "promises": table(&|out| results::write_promises(plan, assessment, Json, out))?,
        "curve": table(&|out| results::write_curve(plan, assessment, Json, out))?,
    }))
}
