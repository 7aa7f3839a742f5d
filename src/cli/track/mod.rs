//! `floatline track`: how a project stands against its baseline, and how it is going to end.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use floatline::effort::{Control, Limits};
use floatline::error::Result;
use floatline::io::FileWriter;
use floatline::io::results;
use floatline::io::results::Format::{Csv, Json};
use floatline::plan::draft::TableKind;
use floatline::plan::{Plan, TaskId, validate};
use floatline::risk::{RiskOptions, outlook, usual_samples};
use floatline::schedule::Period;
use floatline::solve::FormerSchedule;
use floatline::track::buffers::{Buffer, Penetration, penetration};
use floatline::track::{Baseline, Forecast, Simulated, Tracking, track};
use serde_json::json;

use super::files::write_only;
use super::numbers::whole;
use super::progress::Line;
use super::settings::{Format, Settings};
use super::{Verdict, baseline, basis, interrupt, plans, print};

mod words;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PeriodFlag {
    Day,
    Week,
    Month,
}

/// Where does the project stand? Earned value and earned schedule against a baseline, forecasts, slips, budgets, early warnings.
///
/// progress.csv tells what is done (rows of earlier dates may stay: they make the trend), expenses.csv what was paid, issues.csv
/// what has gone wrong. What is left is scheduled from the status date on, in the order of the baseline as far as it still
/// holds, and simulated as `risk` does it.
///
/// Values are those of the baseline: planned as its working time goes by, earned by the rule in the column ev_method of tasks.csv
/// (percent complete if it says nothing). Without expenses.csv actual costs are estimated from rates and the time worked.
///
/// With -o, writes earned_value.csv (by account, summary and task), trend.csv (every status date), curve.csv and curve.svg (the
/// S-curve), slippage.csv (dates against the baseline, tasks added and removed), spending.csv (budgets), forecasts.csv,
/// warnings.csv, effects.csv (what issues move), spent.csv (expenses by account, task and period), schedule.csv (the forecast) and, for a baseline with buffers, penetration.csv into OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline track data/clinic-rollout
  floatline track data/clinic-rollout -o out
  floatline track data/clinic-rollout --status-date 2026-06-01
  floatline track data/clinic-rollout --against 2026-01 --period month
  floatline track data/clinic-rollout --samples 0 --all

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, or any file that `solve` takes
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The baseline: the name of one in PLAN/baselines, or a folder of results or schedule.csv [default: the last by name]
    #[arg(long, value_name = "NAME")]
    against: Option<String>,
    /// Look at the project as it stood on this date, instead of the status date of project.csv; without either the last date of
    /// which progress.csv or expenses.csv tell
    #[arg(long, value_name = "DATE")]
    status_date: Option<String>,
    /// The periods of the S-curve and of earned schedule; in a plan of numbered periods steps of 1, 10 or 100 of them
    #[arg(long, value_enum, default_value_t = PeriodFlag::Week)]
    period: PeriodFlag,
    /// Samples of what is left; 0 for none [default: 10000, of plans above 1000 tasks fewer, down to 1000 above 10000 tasks]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 0, 10_000_000>)]
    samples: Option<u64>,
    /// Print all rows of every table
    #[arg(long)]
    all: bool,
}

/// The file of how much of buffers is used up, of baselines that have some.
const PENETRATION_FILE: &str = "penetration.csv";
/// Passes over what is left, unless --effort says otherwise.
const USUAL_EFFORT: u64 = 40;

/// Everything that is known at the status date.
struct Answer<'a> {
    forecast: &'a Forecast<'a>,
    baseline: &'a Baseline,
    is_frozen: bool,
    /// True if there is a table of expenses, if only an empty one.
    has_books: bool,
    tracking: Tracking,
    buffers: Vec<(Buffer, Penetration)>,
}

/// Tracks a project.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let draft = plans::read(&arguments.plan, &settings.read, None)?;
    let has_books = draft.table(TableKind::Expenses).is_some();
    let (plan, findings) = validate(&draft)?;
    print::findings_of_plan(&findings, settings);
    let plan = plans::at_status_date(plan, arguments.status_date.as_deref())?;
    let limits = settings.limits_or(USUAL_EFFORT);
    let cancelled = interrupt::cancel_flag(settings.quiet);
    let control = || Control::with_cancel_flag(limits, cancelled.clone());
    let found = baseline::promised(&plan, &arguments.plan, arguments.against.as_deref())?;
    let is_frozen = found.is_some();
    let (baseline, buffers) = match found {
        Some(found) => found,
        None => (baseline::unfrozen(&plan, settings, &control())?, Vec::new()),
    };
    let start = if is_frozen { former(&plan, arguments)? } else { None };
    let (left, (outcome, schedule)) = basis::of_rest(&plan, start, "forecast", settings, &control)?;
    let simulated = match arguments.samples.unwrap_or_else(|| usual_samples(&left)) {
        0 => None,
        samples => {
            let options = RiskOptions { samples, seed: settings.seed, ..RiskOptions::default() };
            let line = Line::samples(settings.quiet, samples);
            // Samples are many small steps: an effort limit is for the search.
            let control = Control::with_cancel_flag(Limits::default(), cancelled.clone());
            let is_watched = |task: &TaskId| {
                let data = &plan.tasks()[*task];
                data.deadline.is_some() && !data.is_finished()
            };
            let watched: Vec<TaskId> = plan.tasks().ids().filter(is_watched).collect();
            let outlook = outlook(&left, Some(&schedule), &options, &watched, true, &control, &|done| line.at(done));
            line.clear();
            Some(Simulated::of(&outlook?, &watched))
        }
    };
    let forecast = Forecast::new(&plan, &left, &schedule, &outcome.dates, simulated);
    let period = match arguments.period {
        PeriodFlag::Day => Period::Day,
        PeriodFlag::Week => Period::Week,
        PeriodFlag::Month => Period::Month,
    };
    let tracking = track(&forecast, &baseline, period);
    let buffers = buffers.into_iter().map(|buffer| {
        let used = penetration(&forecast, &buffer);
        (buffer, used)
    });
    let buffers = buffers.collect();
    let answer = Answer { forecast: &forecast, baseline: &baseline, is_frozen, has_books, tracking, buffers };
    if let Some(out) = &settings.out {
        answer.write(out)?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| words::write(out, &answer, arguments, settings))?,
        Format::Csv => print::out(|out| results::write_earned_value(&plan, &answer.tracking, Csv, out))?,
        Format::Json => print::out(|out| print::write_json(out, &answer.as_json()?))?,
    }
    Ok(Verdict::Done)
}

/// What the baseline says of the order of work.
fn former(plan: &Plan, arguments: &Arguments) -> Result<Option<FormerSchedule>> {
    Ok(baseline::find(plan, &arguments.plan, arguments.against.as_deref())?.map(|(_, former)| former))
}

impl Answer<'_> {
    fn write(&self, folder: &std::path::Path) -> Result<()> {
        let (forecast, tracking, baseline) = (self.forecast, &self.tracking, self.baseline);
        let (plan, left) = (forecast.whole, forecast.left);
        let picture = tracking.picture(plan);
        let files: [(&str, FileWriter<'_>); 12] = [
            ("earned_value.csv", &|out| results::write_earned_value(plan, tracking, Csv, out)),
            ("trend.csv", &|out| results::write_trend(plan, tracking, Csv, out)),
            ("curve.csv", &|out| results::write_value_curve(plan, tracking, Csv, out)),
            ("curve.svg", &|out| out.write_all(picture.as_bytes())),
            ("slippage.csv", &|out| results::write_slippage(forecast, baseline, tracking, Csv, out)),
            ("spending.csv", &|out| results::write_spending(plan, tracking, Csv, out)),
            ("forecasts.csv", &|out| results::write_forecasts(forecast, baseline, tracking, Csv, out)),
            ("warnings.csv", &|out| results::write_warnings(plan, &tracking.warnings, Csv, out)),
            ("effects.csv", &|out| results::write_effects(plan, tracking, Csv, out)),
            ("spent.csv", &|out| results::write_spent(plan, tracking, Csv, out)),
            ("schedule.csv", &|out| results::write_schedule(left, forecast.schedule, forecast.dates, Csv, out)),
            (PENETRATION_FILE, &|out| results::write_penetration(plan, &self.buffers, Csv, out)),
        ];
        let due = if self.buffers.is_empty() { &files[..11] } else { &files };
        write_only(folder, &[PENETRATION_FILE], due)
    }

    fn as_json(&self) -> std::io::Result<serde_json::Value> {
        let (forecast, tracking, baseline) = (self.forecast, &self.tracking, self.baseline);
        let plan = forecast.whole;
        let schedule = &tracking.schedule;
        Ok(json!({
            "plan": plan.project().name,
            "status_date": plan.format_moment(tracking.at),
            "baseline": baseline.name,
            "actual_cost_is_estimated": tracking.is_estimated,
            "earned_schedule": {
                "es": schedule.earned,
                "at": schedule.actual,
                "pd": schedule.planned,
                "sv_t": schedule.variance(),
                "spi_t": schedule.performance(),
            },
            "earned_value": print::table_as_json(|out| results::write_earned_value(plan, tracking, Json, out))?,
            "forecasts": print::table_as_json(|out| results::write_forecasts(forecast, baseline, tracking, Json, out))?,
            "trend": print::table_as_json(|out| results::write_trend(plan, tracking, Json, out))?,
            "curve": print::table_as_json(|out| results::write_value_curve(plan, tracking, Json, out))?,
            "slippage": print::table_as_json(|out| results::write_slippage(forecast, baseline, tracking, Json, out))?,
            "spending": print::table_as_json(|out| results::write_spending(plan, tracking, Json, out))?,
            "warnings": print::table_as_json(|out| results::write_warnings(plan, &tracking.warnings, Json, out))?,
            "issues": print::table_as_json(|out| results::write_effects(plan, tracking, Json, out))?,
            "spent": print::table_as_json(|out| results::write_spent(plan, tracking, Json, out))?,
            "buffers": print::table_as_json(|out| results::write_penetration(plan, &self.buffers, Json, out))?,
        }))
    }
}
