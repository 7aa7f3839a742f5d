//! How a project stands against its baseline: earned value and earned schedule, slips, spending, forecasts, warnings.
//!
//! [`track()`] takes a plan with its record ([`Plan::reports`], [`Plan::expenses`]), what was promised ([`Baseline`]) and a
//! forecast, which is a schedule of what is left, and puts together what a status report needs ([`Tracking`]).

mod baseline;
pub mod buffers;
mod chain;
mod earned_schedule;
mod figures;
mod issues;
mod picture;
mod ruler;
mod slippage;
mod spending;
mod spent;
#[cfg(test)]
mod tests;
mod valuation;
mod warnings;

pub use baseline::{Baseline, Promise};
pub use chain::chain_to;
pub use earned_schedule::{EarnedSchedule, TimeMethod, earned_schedule};
pub use figures::{CostMethod, EarnedValue};
pub use issues::{IssueAhead, IssueEffect};
pub use ruler::Ruler;
pub use slippage::{Scope, Slip};
pub use spending::Spending;
pub use spent::{Object, Spent};
pub use valuation::Valuation;
pub use warnings::{Overrun, Threatened, Warning};

use self::spending::Rest;
use self::valuation::Valuer;
use crate::index::IdVec;
use crate::plan::{Plan, TaskId};
use crate::risk::{EventRisk, Finishes, Outlook, Probability, Unplaced, percentile};
use crate::schedule::{Period, Schedule, TaskDates, penalty_and_bonus, project_cost, task_costs};
use crate::units::{Moment, Money};

/// Percentiles of something that was simulated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range<T> {
    /// The 50th percentile.
    pub middle: T,
    /// The 80th percentile.
    pub late: T,
}

/// What samples say of what is left.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// The finish of the project; [`Moment::NEVER`] if so many samples do not finish.
    pub finish: Range<Moment>,
    /// By how much its cost differs from that of the forecast; `None` if so many samples do not finish.
    pub more_cost: Range<Option<Money>>,
    /// The share of samples that do not finish: they count as later than any date.
    pub unfinished: Probability,
    /// What finds no time in them.
    pub unplaced: Vec<Unplaced>,
    /// What open issues do.
    pub issues: Vec<EventRisk>,
    /// The 80th percentile of the finish of tasks.
    marks: Vec<(TaskId, Moment)>,
}

impl Simulated {
    /// Sums up samples of what is left.
    ///
    /// # Arguments
    /// `tasks` are those of which the outlook tells.
    pub fn of(outlook: &Outlook, tasks: &[TaskId]) -> Simulated {
        let at = |finishes: &Finishes, share: f64| {
            let minutes: Vec<f64> = finishes.sampled.iter().map(|moment| moment.0 as f64).collect();
            Moment(percentile(&minutes, share).value as i64)
        };
        let cost = |share: f64| {
            let more = percentile(&outlook.more_cost, share).value;
            more.is_finite().then(|| Money(more.round() as i64))
        };
        let sampled = &outlook.project.sampled;
        let finishing = sampled.partition_point(|&finish| finish < Moment::NEVER);
        Simulated {
            finish: Range { middle: at(&outlook.project, 0.5), late: at(&outlook.project, 0.8) },
            more_cost: Range { middle: cost(0.5), late: cost(0.8) },
            unfinished: Probability::of(sampled.len() - finishing, sampled.len()),
            unplaced: outlook.unplaced.clone(),
            issues: outlook.issues.clone(),
            marks: tasks.iter().zip(&outlook.tasks).map(|(&task, finishes)| (task, at(finishes, 0.8))).collect(),
        }
    }

    /// The 80th percentile of the finish of a task, if the samples tell of it.
    pub fn late_finish(&self, task: TaskId) -> Option<Moment> {
        self.marks.iter().find(|(mark, _)| *mark == task).map(|&(_, late)| late)
    }
}

/// How the rest of a project is going to go.
#[derive(Clone, Debug)]
pub struct Forecast<'a> {
    /// The plan, with its progress.
    pub whole: &'a Plan,
    /// What is left of it ([`crate::cpm::left_to_do`]).
    pub left: &'a Plan,
    /// A schedule of what is left.
    pub schedule: &'a Schedule,
    /// Its dates and drivers.
    pub dates: &'a IdVec<TaskId, TaskDates>,
    /// When each task starts and finishes, what is done by its actual dates.
    pub spans: IdVec<TaskId, (Moment, Moment)>,
    /// When everything is finished.
    pub finish: Moment,
    /// What samples say, if there are any.
    pub simulated: Option<Simulated>,
}

impl<'a> Forecast<'a> {
    /// A schedule of what is left as the forecast.
    pub fn new(
        whole: &'a Plan,
        left: &'a Plan,
        schedule: &'a Schedule,
        dates: &'a IdVec<TaskId, TaskDates>,
        simulated: Option<Simulated>,
    ) -> Forecast<'a> {
        let spans = schedule.spans(left, dates);
        let finish = spans.iter().map(|span| span.1).max().unwrap_or(left.project().start);
        Forecast { whole, left, schedule, dates, spans, finish, simulated }
    }
}

/// How a project stood at one of its status dates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The date.
    pub at: Moment,
    /// Its value.
    pub value: EarnedValue,
    /// Its earned schedule.
    pub schedule: EarnedSchedule,
}

/// A point of the S-curve: cumulative money at a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// The date.
    pub at: Moment,
    /// Planned value.
    pub planned: Money,
    /// Earned value, until the status date.
    pub earned: Option<Money>,
    /// Actual cost, until the status date.
    pub actual: Option<Money>,
    /// Actual cost, and what the forecast spends from then on.
    pub forecast: Option<Money>,
}

/// Everything that is told of a project at a status date.
#[derive(Clone, Debug)]
pub struct Tracking {
    /// The status date.
    pub at: Moment,
    /// The periods in which earned schedule is told.
    pub ruler: Ruler,
    /// Values by task, account and in all.
    pub value: Valuation,
    /// True if neither the baseline nor the record tells of money, so that tasks are worth their working time: values and costs are
    /// hours (in a plan of periods: periods), a hundredth of one for each minor unit.
    pub is_in_hours: bool,
    /// True if no expenses are known, so that actual costs are estimated from rates and the time worked.
    pub is_estimated: bool,
    /// Earned schedule.
    pub schedule: EarnedSchedule,
    /// How the project stood at each date of a report, and at the status date.
    pub trend: Vec<Standing>,
    /// The S-curve by period.
    pub curve: Vec<CurvePoint>,
    /// Slips of tasks.
    pub slips: Vec<Slip>,
    /// Scope that has come and gone.
    pub scope: Scope,
    /// Budgets.
    pub spending: Vec<Spending>,
    /// What was booked, by period.
    pub spent: Vec<Spent>,
    /// What the rest costs by the forecast: tasks, overhead, penalty less bonus.
    pub to_come: Money,
    /// Penalty less bonus for the finish of the baseline: no part of any budget.
    pub promised_extra: Money,
    /// Issues that are known.
    pub issues: Vec<IssueEffect>,
    /// Early warnings.
    pub warnings: Vec<Warning>,
}

impl Tracking {
    /// The finish of a project that takes so many periods: the end of the work that is done by then on its calendar.
    pub fn finish_after(&self, plan: &Plan, periods: f64) -> Moment {
        let (start, moment) = (plan.project().start, self.ruler.moment(periods));
        let calendar = &plan.calendars()[plan.project().calendar];
        calendar.shifted(start, calendar.work_between(start, moment.max(start))).unwrap_or(moment)
    }

    /// What the project costs in the end if the rest costs what the forecast says.
    pub fn bottom_up(&self) -> Money {
        self.value.total.actual + self.to_come
    }

    /// What the baseline promised to cost, penalty and bonus for its finish included, as [`Tracking::bottom_up`] has them.
    pub fn promised_cost(&self) -> Money {
        self.value.total.budget + self.promised_extra
    }
}

/// Looks at a project at its status date; without one, at the time up to which anything is known of it.
///
/// # Complexity
/// Tasks times periods and status dates, and the forecast's spans.
///
/// # Example
/// ```
/// # use floatline::{cpm, effort::{Control, Limits}, io::{read_draft, ReadOptions}, network::compile, plan::validate};
/// # use floatline::{schedule::Period, solve::{solve, SolveOptions}, track::{track, Baseline, Forecast}};
/// # let folder = tempfile::tempdir()?;
/// # std::fs::write(folder.path().join("tasks.csv"), "id,duration,predecessors,fixed_cost\na,5d,,100\nb,5d,a,100\n")?;
/// # std::fs::write(folder.path().join("project.csv"), "key,value\nstart,2026-03-02\nstatus_date,2026-03-09\n")?;
/// # std::fs::write(folder.path().join("progress.csv"), "task,actual_start,percent_complete\na,2026-03-02 08:00,60\n")?;
/// let (plan, _) = validate(&read_draft(folder.path(), &ReadOptions::default())?)?;
/// let control = Control::start(Limits { effort: Some(20), time: None });
/// // What was promised: here the schedule of the plan before anything was done.
/// let before = plan.as_of(plan.project().start);
/// let promised = solve(&before, &compile(&before)?, &SolveOptions::default(), &control, &|_| {})?;
/// let baseline = Baseline::of_schedule(&before, &promised.schedule.unwrap(), "first");
/// // What is left.
/// let left = cpm::left_to_do(std::borrow::Cow::Borrowed(&plan));
/// let rest = solve(&left, &compile(&left)?, &SolveOptions::default(), &control, &|_| {})?;
/// let schedule = rest.schedule.unwrap();
/// let forecast = Forecast::new(&plan, &left, &schedule, &rest.dates, None);
/// let tracking = track(&forecast, &baseline, Period::Week);
/// assert_eq!(tracking.value.total.schedule_performance(), Some(0.6));
/// assert_eq!(tracking.slips[1].finish.0, 2 * 480);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn track(forecast: &Forecast<'_>, baseline: &Baseline, period: Period) -> Tracking {
    let plan = forecast.whole;
    let at = status_date(plan);
    let end = baseline.finish().map_or(forecast.finish, |finish| finish.max(forecast.finish)).max(at);
    let costs_nothing = baseline.rows.iter().all(|row| row.cost == Money::ZERO);
    let is_in_hours = costs_nothing && plan.expenses().is_empty() && plan.project().overhead_per_day == Money::ZERO;
    let in_hours = is_in_hours.then(|| baseline.in_hours(plan));
    let baseline = in_hours.as_ref().unwrap_or(baseline);
    let valuer = Valuer::new(plan, baseline, end, is_in_hours);
    let ruler = Ruler::new(plan, period);
    let planned = planned_curve(&valuer, baseline, ruler);
    let is_done =
        plan.tasks().ids().all(|task| plan.tasks()[task].modes.is_empty() || plan.tasks()[task].is_finished());
    let standing = |at: Moment| -> (Valuation, EarnedSchedule) {
        let value = valuer.at(at);
        let by = if is_done { at.min(forecast.finish) } else { at };
        let schedule = EarnedSchedule {
            actual: ruler.position(by).max(0.0),
            earned: earned_schedule(&planned, value.total.earned.0 as f64),
            planned: planned.last().map_or(0.0, |&(end, _)| end),
        };
        (value, schedule)
    };
    let (value, schedule) = standing(at);
    let mut dates = plan.report_dates();
    dates.retain(|&date| date < at && date > plan.project().start);
    let mut trend: Vec<Standing> = dates
        .into_iter()
        .map(|at| {
            let (value, schedule) = standing(at);
            Standing { at, value: value.total, schedule }
        })
        .collect();
    trend.push(Standing { at, value: value.total, schedule });

    let costs = task_costs(forecast.left, forecast.schedule);
    let rest = Rest::of(forecast, &costs);
    let of_project = project_cost(forecast.left, forecast.schedule);
    let of_tasks: Money = rest
        .costs
        .iter()
        .zip(plan.tasks().iter())
        .filter(|(_, task)| !task.modes.is_empty())
        .map(|(&cost, _)| cost)
        .sum();
    let to_come = of_tasks + of_project.overhead + of_project.delay_penalty - of_project.early_bonus;
    let extra = |finish: Option<Moment>| {
        finish.map_or(Money::ZERO, |finish| {
            let (penalty, bonus) = penalty_and_bonus(plan, finish);
            penalty - bonus
        })
    };
    let spending = spending::spending(plan, &value, &rest, forecast.finish);
    let warnings = warnings::warnings(forecast, &spending, &rest);
    let slips = slippage::slips(plan, baseline, &forecast.spans);
    let curve = curve(forecast, &valuer, &rest, (at, end), ruler, value.total.actual);
    Tracking {
        at,
        ruler,
        is_in_hours,
        is_estimated: valuer.estimates,
        schedule,
        trend,
        curve,
        issues: issues::effects(forecast, &slips),
        slips,
        scope: slippage::scope(plan, baseline, &costs),
        spending,
        spent: spent::spent(plan, &value, ruler),
        to_come,
        promised_extra: extra(baseline.finish()),
        warnings,
        value,
    }
}

/// The status date of a plan, or the last moment of which anything is told.
pub fn status_date(plan: &Plan) -> Moment {
    let known = plan.reports().iter().filter_map(|report| report.progress);
    let known = known.map(|progress| progress.finish.unwrap_or(progress.start));
    let paid = plan.expenses().iter().filter(|expense| !expense.is_committed).map(|expense| expense.date);
    plan.project().status_date.unwrap_or_else(|| known.chain(paid).fold(plan.project().start, Moment::max))
}

/// Positions of the ends of periods, with the value planned until then; the last is the end of the baseline.
fn planned_curve(valuer: &Valuer<'_>, baseline: &Baseline, ruler: Ruler) -> Vec<(f64, f64)> {
    let Some(finish) = baseline.finish() else { return Vec::new() };
    let last = ruler.period_of(finish).clamp(0, MOST_POINTS);
    let marks = (0..=last).map(|number| ruler.mark(number)).filter(|&mark| mark < finish);
    let points = marks.chain([finish]).map(|at| (ruler.position(at), valuer.planned(at).0 as f64));
    points.collect()
}

/// Periods that a curve has at most: fifty years of weeks.
const MOST_POINTS: i64 = 2_600;

fn curve(
    forecast: &Forecast<'_>,
    valuer: &Valuer<'_>,
    rest: &Rest<'_>,
    (at, end): (Moment, Moment),
    ruler: Ruler,
    actual: Money,
) -> Vec<CurvePoint> {
    let last = ruler.period_of(end).clamp(0, MOST_POINTS) + 1;
    let mut dates: Vec<Moment> = (0..=last).map(|number| ruler.mark(number)).collect();
    dates.push(at);
    dates.sort_unstable();
    dates.dedup();
    let overhead_of = |date: Moment| {
        let from = forecast.left.project().start;
        valuer.overhead_between(from, date.min(forecast.finish))
    };
    let point = |date: Moment| {
        let planned = valuer.planned(date);
        if date <= at {
            let total = valuer.at(date).total;
            let forecast = (date == at).then_some(total.actual);
            return CurvePoint { at: date, planned, earned: Some(total.earned), actual: Some(total.actual), forecast };
        }
        let spent: Money = rest.until(date);
        let forecast = Some(actual + spent + overhead_of(date));
        CurvePoint { at: date, planned, earned: None, actual: None, forecast }
    };
    dates.into_iter().map(point).collect()
}
