//! What the forecasts of the past were worth: at each date of a report the plan as it stood is simulated, and held against
//! what came.
//!
//! Nothing that was forecast at the time needs to be kept: the forecasts are made again from the record, by links and calendars
//! alone, so that they can be repeated by anybody.

use std::borrow::Cow;

use super::groups::Coverage;
use super::{History, ReviewOptions};
use crate::cpm::left_by_logic;
use crate::effort::Control;
use crate::error::Result;
use crate::plan::{ActivityType, Plan, TaskId, TaskKind, TimeUnit};
use crate::risk::{Finishes, Outlook, Policy, RiskOptions, outlook, percentile};
use crate::units::Moment;

/// The forecasts of one date against what came of the tasks that were unfinished then and are finished by now.
///
/// Finishes are compared in working days of the project's calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct BackTest {
    /// The history.
    pub plan: String,
    /// The date, as the plan writes dates.
    pub date: String,
    /// Finishes that came within the forecast 10th to 90th percentile.
    pub coverage: Coverage,
    /// Finishes that came no later than the forecast 80th percentile.
    pub kept: Coverage,
    /// By how many working days the finishes came later than the forecast median, on average.
    pub late: f64,
    /// The mean pinball loss of the 10th, 50th and 90th percentile, in working days: 0 if every forecast was exact.
    pub pinball: [f64; 3],
    /// The mean Brier score of the probability that a task finishes by its planned date: 0 if it was always certain and
    /// right, 0.25 if it was always a half, 1 if it was always certain and wrong.
    pub brier: f64,
}

/// The shares of the percentiles that [`BackTest::pinball`] is about.
const SHARES: [f64; 3] = [0.1, 0.5, 0.9];

/// Forecasts of a history at the dates of its reports, as far as something that was unfinished then is finished by now. The
/// project as a whole is held against its finish if it is finished.
///
/// # Errors
/// As [`outlook`].
///
/// # Source
/// Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78 (1950). Gneiting,
/// Quantiles as optimal point forecasts, International Journal of Forecasting 27 (2011): pinball loss.
pub fn back_test(history: &History<'_>, options: &ReviewOptions, control: &Control) -> Result<Vec<BackTest>> {
    let plan = history.plan;
    let now = plan.project().status_date;
    let mut tests = Vec::new();
    for date in plan.report_dates().into_iter().filter(|&date| now.is_none_or(|now| date < now)) {
        let then = plan.as_of(date);
        let tasks: Vec<TaskId> = plan.tasks().ids().filter(|&task| was_open(plan, &then, task)).collect();
        if tasks.is_empty() {
            continue;
        }
        let left = left_by_logic(Cow::Owned(then)).into_owned();
        let options = RiskOptions {
            policy: Policy::Logic,
            seed: options.seed,
            samples: options.samples,
            ends_are_deciles: options.ends_are_deciles,
            ..RiskOptions::default()
        };
        let Outlook { project: whole, tasks: of_tasks, .. } =
            outlook(&left, None, &options, &tasks, false, control, &|_| {})?;
        let actual = |task: TaskId| plan.tasks()[task].progress.and_then(|progress| progress.finish);
        let mut compared: Vec<(&Finishes, Moment)> =
            tasks.iter().zip(&of_tasks).filter_map(|(&task, told)| Some((told, actual(task)?))).collect();
        compared.extend(finish(plan).map(|finish| (&whole, finish)));
        // What never finishes in samples is no forecast.
        compared.retain(|(told, _)| told.sampled.first().is_some_and(|&first| first < Moment::NEVER));
        if !compared.is_empty() {
            tests.push(test(history, date, &compared));
        }
    }
    Ok(tests)
}

/// True if a task was unfinished at the date of an earlier plan, and is finished by now.
fn was_open(plan: &Plan, then: &Plan, task: TaskId) -> bool {
    let row = &plan.tasks()[task];
    let is_judged = row.kind != TaskKind::Summary && row.activity != ActivityType::LevelOfEffort;
    is_judged && row.is_finished() && !then.tasks()[task].is_finished()
}

/// When the project was finished, if it is.
fn finish(plan: &Plan) -> Option<Moment> {
    let work = || {
        let is_work = |kind: TaskKind| kind != TaskKind::Summary;
        plan.tasks().iter().filter(move |task| is_work(task.kind) && task.activity != ActivityType::LevelOfEffort)
    };
    let is_finished = work().all(|task| task.is_finished());
    work().filter_map(|task| task.progress?.finish).max().filter(|_| is_finished)
}

fn test(history: &History<'_>, date: Moment, compared: &[(&Finishes, Moment)]) -> BackTest {
    let plan = history.plan;
    let calendar = &plan.calendars()[plan.project().calendar];
    let per_day = match plan.project().time_unit {
        TimeUnit::Period => 1.0,
        _ => plan.project().minutes_per_day.0 as f64,
    };
    // Work since the date: the end of a day and the beginning of the next are the same.
    let days = |moment: Moment| calendar.work_between(date, moment.max(date)).0 as f64 / per_day;
    let count = compared.len() as f64;
    let mut pinball = [0.0; 3];
    let (mut late, mut brier) = (0.0, 0.0);
    let (mut within, mut kept) = (Vec::new(), Vec::new());
    for (told, actual) in compared {
        let sampled = told.sampled.iter();
        let sampled: Vec<f64> = sampled.filter(|&&moment| moment < Moment::NEVER).map(|&moment| days(moment)).collect();
        let (actual, planned) = (days(*actual), days(told.planned));
        let at = |share: f64| percentile(&sampled, share).value;
        for (loss, share) in pinball.iter_mut().zip(SHARES) {
            let miss = actual - at(share);
            *loss += (share * miss).max((share - 1.0) * miss) / count;
        }
        late += (actual - at(0.5)) / count;
        within.push(at(0.1) <= actual && actual <= at(0.9));
        kept.push(actual <= at(0.8));
        let probability = sampled.partition_point(|&finish| finish <= planned) as f64 / sampled.len() as f64;
        brier += (probability - f64::from(u8::from(actual <= planned))).powi(2) / count;
    }
    BackTest {
        plan: history.name.to_owned(),
        date: plan.format_moment(date).replace(" 00:00", ""),
        coverage: Coverage::of(within),
        kept: Coverage::of(kept),
        late,
        pinball,
        brier,
    }
}
