//! Who is busy when: the use of every resource by period.

use rayon::prelude::*;

use super::Schedule;
use super::period::{Buckets, Period};
use super::profile::{Use, usage_steps, uses_by_resource};
use super::working_time::{WorkingTimes, unit_steps};
use crate::index::Id;
use crate::plan::{Plan, ResourceId, ResourceKind};
use crate::schedule::cost::chosen_mode;
use crate::units::{Amount, Minutes, Moment};

/// The use of a resource within a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Whose.
    pub resource: ResourceId,
    /// When the period begins.
    pub from: Moment,
    /// When it ends.
    pub to: Moment,
    /// Work: unit-minutes in use, rounded down. Materials: zero.
    pub used: Minutes,
    /// Work: unit-minutes that are there in working time, rounded down. Materials: zero.
    pub available: Minutes,
    /// Work: the most units in use at once. Materials: the quantity used up in the period.
    pub peak: Amount,
}

impl Usage {
    /// The share of what is there that is in use, in percent; `None` if nothing is there.
    pub fn utilisation(&self) -> Option<f64> {
        (self.available > Minutes::ZERO).then(|| self.used.0 as f64 * 100.0 / self.available.0 as f64)
    }
}

/// The use of every resource in every period from project start to finish, by resource, then by period; of materials
/// only the periods in which they are used. The schedule must be a valid one.
///
/// # Complexity
/// `O(n log n)` for `n` working stretches of tasks, plus resources times periods.
pub fn usage_by_period(plan: &Plan, schedule: &Schedule, period: Period) -> Vec<Usage> {
    let Some(finish) = schedule.finish() else { return Vec::new() };
    let start = schedule.placements.iter().map(|placement| placement.start).fold(plan.project().start, Moment::min);
    let buckets = Buckets::new(plan, period);
    let cuts = (buckets.of(start)..=buckets.last_of(start, finish) + 1).map(|bucket| buckets.start(bucket));
    usage_between(plan, schedule, &cuts.collect::<Vec<_>>())
}

/// The use of every resource from project start to finish in one sum: the workload.
///
/// # Complexity
/// As [`usage_by_period`].
pub fn workload(plan: &Plan, schedule: &Schedule) -> Vec<Usage> {
    let Some(finish) = schedule.finish() else { return Vec::new() };
    let start = schedule.placements.iter().map(|placement| placement.start).fold(plan.project().start, Moment::min);
    usage_between(plan, schedule, &[start, finish.max(start + Minutes(1))])
}

/// The most units of all work resources that are in use at once.
///
/// # Complexity
/// `O(n log n)` for `n` working stretches of tasks.
pub fn most_in_use(plan: &Plan, schedule: &Schedule) -> Amount {
    let Some(finish) = schedule.finish() else { return Amount::ZERO };
    let start = schedule.placements.iter().map(|placement| placement.start).fold(plan.project().start, Moment::min);
    let times = WorkingTimes::new(plan, schedule, start, finish.max(start + Minutes(1)));
    let uses = uses_by_resource(plan, schedule, |task| chosen_mode(plan, schedule, task).is_some());
    let is_work = |at: &usize| plan.resources()[ResourceId::new(*at)].kind == ResourceKind::Work;
    let pieces = (0..plan.resources().len()).filter(is_work).flat_map(|at| uses.row(at)).flat_map(|used| {
        let placement = &schedule.placements[used.task];
        let stretches = times.of_task(used.task).stretches_between(placement.start, placement.finish);
        stretches.map(|(start, finish)| (start, finish, used.amount))
    });
    amount(usage_steps(pieces).into_iter().map(|(_, used)| used).max().unwrap_or(0))
}

/// The use between each two neighbours of `cuts`, which ascend.
fn usage_between(plan: &Plan, schedule: &Schedule, cuts: &[Moment]) -> Vec<Usage> {
    let [first, .., last] = cuts else { return Vec::new() };
    let times = WorkingTimes::new(plan, schedule, *first, *last);
    let uses = uses_by_resource(plan, schedule, |task| chosen_mode(plan, schedule, task).is_some());
    let rows: Vec<Vec<Usage>> = (0..plan.resources().len())
        .into_par_iter()
        .map(|at| {
            let (resource, uses) = (ResourceId::new(at), uses.row(at));
            match plan.resources()[resource].kind {
                ResourceKind::Work => work_usage(plan, schedule, &times, resource, uses, cuts),
                ResourceKind::Material => material_usage(schedule, &times, resource, uses, cuts),
            }
        })
        .collect();
    rows.into_iter().flatten().collect()
}

fn work_usage(
    plan: &Plan,
    schedule: &Schedule,
    times: &WorkingTimes<'_>,
    resource: ResourceId,
    uses: &[Use],
    cuts: &[Moment],
) -> Vec<Usage> {
    let pieces = uses.iter().flat_map(|used| {
        let placement = &schedule.placements[used.task];
        let stretches = times.of_task(used.task).stretches_between(placement.start, placement.finish);
        stretches.map(|(start, finish)| (start, finish, used.amount))
    });
    let usage = usage_steps(pieces);
    let steps = unit_steps(&plan.resources()[resource]);
    let calendar = times.of_calendar_of(resource);
    let there = steps.iter().enumerate().map(|(at, &(from, units))| {
        let to = steps.get(at + 1).map_or(Moment::MAX, |next| next.0);
        (from.max(cuts[0]), to, i128::from(units.0))
    });
    let there: Vec<_> = there.filter(|(from, to, _)| from < to).collect();

    let mut rows = Vec::with_capacity(cuts.len() - 1);
    let (mut next_use, mut next_there) = (0, 0);
    for cut in cuts.windows(2) {
        let (from, to) = (cut[0], cut[1]);
        let (mut used, mut peak) = (0i128, 0i128);
        while next_use + 1 < usage.len() && usage[next_use].0 < to {
            let (begin, end) = (usage[next_use].0.max(from), usage[next_use + 1].0.min(to));
            if begin < end {
                used += usage[next_use].1 * i128::from((end - begin).0);
                peak = peak.max(usage[next_use].1);
            }
            if usage[next_use + 1].0 > to {
                break;
            }
            next_use += 1;
        }
        let mut available = 0i128;
        while let Some(&(begin, end, units)) = there.get(next_there).filter(|step| step.0 < to) {
            available += units * i128::from(calendar.work_between(begin.max(from), end.min(to)).0);
            if end > to {
                break;
            }
            next_there += 1;
        }
        rows.push(Usage { resource, from, to, used: minutes(used), available: minutes(available), peak: amount(peak) });
    }
    rows
}

/// Materials are used up evenly over the work of a task, as their cost is; all at once by a milestone.
fn material_usage(
    schedule: &Schedule,
    times: &WorkingTimes<'_>,
    resource: ResourceId,
    uses: &[Use],
    cuts: &[Moment],
) -> Vec<Usage> {
    let mut quantities = vec![0i128; cuts.len() - 1];
    for used in uses {
        let placement = &schedule.placements[used.task];
        let time = times.of_task(used.task);
        let all = i128::from(used.amount.0);
        let work = i128::from(time.work_between(placement.start, placement.finish).0);
        let first = cuts.partition_point(|&cut| cut <= placement.start).saturating_sub(1);
        let mut before = 0;
        for (at, quantity) in quantities.iter_mut().enumerate().skip(first) {
            let until = match cuts[at + 1] {
                cut if cut >= placement.finish || work == 0 => all,
                cut => all * i128::from(time.work_between(placement.start, cut).0) / work,
            };
            *quantity += until - before;
            before = until;
            if before == all {
                break;
            }
        }
    }
    let rows = cuts.windows(2).zip(quantities).filter(|(_, quantity)| *quantity > 0);
    rows.map(|(cut, quantity)| Usage {
        resource,
        from: cut[0],
        to: cut[1],
        used: Minutes::ZERO,
        available: Minutes::ZERO,
        peak: amount(quantity),
    })
    .collect()
}

fn minutes(unit_minutes: i128) -> Minutes {
    Minutes(i64::try_from(unit_minutes / i128::from(Amount::ONE.0)).unwrap_or(i64::MAX))
}

fn amount(amount: i128) -> Amount {
    Amount(i64::try_from(amount).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::testing::{DAY, Sketch, days, march, schedule};

    #[test]
    fn usage_counts_hours_units_and_what_is_there() {
        let mut sketch = Sketch::new();
        let dev = sketch.resource("dev", ResourceKind::Work, Some(3));
        let cement = sketch.resource("cement", ResourceKind::Material, None);
        // One of three is away on Monday 9 March.
        sketch.window(dev, march(9, 0), march(10, 0), 2);
        for id in ["a", "b"] {
            let task = sketch.task(id, days(2));
            sketch.needs(task, dev, 1);
            sketch.needs(task, cement, 10);
        }
        let plan = sketch.build();
        // `a` on 5 and 6 March, `b` on 6 and 9 March: both on Friday.
        let schedule = schedule(&plan, &[(march(5, 8), march(6, 17)), (march(6, 8), march(9, 17))]);
        let rows = usage_by_period(&plan, &schedule, Period::Week);
        let row = |at: usize| {
            let row: &Usage = &rows[at];
            (row.resource, row.from, row.used.0 / DAY, row.available.0 / DAY, row.peak)
        };
        assert_eq!(row(0), (dev, march(2, 0), 3, 15, Amount(20_000)));
        assert_eq!(row(1), (dev, march(9, 0), 1, 14, Amount(10_000)));
        assert_eq!(row(2), (cement, march(2, 0), 0, 0, Amount(150_000)));
        assert_eq!(row(3), (cement, march(9, 0), 0, 0, Amount(50_000)));
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[0].utilisation(), Some(20.0));
        assert_eq!(rows[2].utilisation(), None);

        let all = workload(&plan, &schedule);
        // From 2 to 9 March: five days of three and one of two.
        assert_eq!((all[0].used.0 / DAY, all[0].available.0 / DAY, all[0].peak), (4, 17, Amount(20_000)));
        for period in [Period::Day, Period::Month] {
            let used: i64 = usage_by_period(&plan, &schedule, period).iter().map(|row| row.used.0).sum();
            assert_eq!(used, all[0].used.0);
        }
    }
}
