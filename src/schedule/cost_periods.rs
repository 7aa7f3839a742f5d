//! Costs over time: what falls due in each period on each account.
//!
//! Each task's cost is told by what has accrued at the ends of periods (the rule of [`Budget`](crate::plan::Budget)) and each
//! period gets the difference, so that the periods add up to the total to the cent.

use rustc_hash::FxHashMap;

use super::Schedule;
use super::cost::{Accrual, accrued, chosen_mode, project_cost, task_cost, to_money};
use super::period::{Buckets, Period};
use super::working_time::WorkingTimes;
use crate::index::Id;
use crate::plan::{LabelId, Plan, TaskId};
use crate::units::{Moment, Money};

/// What a cost is booked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostAccount {
    /// The tasks of an account; `None` for those without one.
    Tasks(Option<LabelId>),
    /// The project's overhead.
    Overhead,
    /// The penalty for finishing late, due at the finish.
    DelayPenalty,
    /// The bonus for finishing early, due at the finish; negative.
    EarlyBonus,
}

/// The cost of a period on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodCost {
    /// When the period begins.
    pub from: Moment,
    /// When it ends.
    pub to: Moment,
    /// What the cost is booked on.
    pub account: CostAccount,
    /// What falls due in the period.
    pub cost: Money,
}

/// The costs of every period and account, by period, then by account; those of zero are left out.
///
/// Their sum is [`ProjectCost::total`](super::ProjectCost::total). The schedule must be a valid one.
///
/// # Complexity
/// Linear in tasks and the periods that each of them touches.
pub fn costs_by_period(plan: &Plan, schedule: &Schedule, period: Period) -> Vec<PeriodCost> {
    let Some(finish) = schedule.finish() else { return Vec::new() };
    let project = plan.project();
    let from = schedule.placements.iter().map(|placement| placement.start).fold(project.start, Moment::min);
    let times = WorkingTimes::new(plan, schedule, from, finish);
    let buckets = Buckets::new(plan, period);
    let mut sums: FxHashMap<(i64, CostAccount), i128> = FxHashMap::default();
    let mut book = |bucket: i64, account: CostAccount, cost: i128| {
        if cost != 0 {
            *sums.entry((bucket, account)).or_default() += cost;
        }
    };

    for (task, placement) in schedule.placements.iter_enumerated() {
        if chosen_mode(plan, schedule, task).is_none() {
            continue;
        }
        let accrual = accrual(plan, schedule, task);
        if accrual.spread == Money::ZERO && accrual.at_start == Money::ZERO {
            continue;
        }
        let account = CostAccount::Tasks(plan.tasks()[task].account);
        let (first, last) = (buckets.of(placement.start), buckets.last_of(placement.start, placement.finish));
        let mut spent = 0;
        for bucket in first..last {
            let until = accrual.before(&times, buckets.start(bucket + 1));
            book(bucket, account, until - spent);
            spent = until;
        }
        // Whatever is left is due in the last period, in which the task finishes.
        book(last, account, i128::from(accrual.spread.0) + i128::from(accrual.at_start.0) - spent);
    }

    let cost = project_cost(plan, schedule);
    if project.overhead_per_day != Money::ZERO && project.start < finish {
        let calendar = times.of_project();
        let (first, last) = (buckets.of(project.start), buckets.last_of(project.start, finish));
        let mut spent = 0;
        for bucket in first..last {
            let worked = calendar.work_between(project.start, buckets.start(bucket + 1));
            let until = accrued(project.overhead_per_day, worked, project.minutes_per_day);
            book(bucket, CostAccount::Overhead, until - spent);
            spent = until;
        }
        book(last, CostAccount::Overhead, i128::from(cost.overhead.0) - spent);
    }
    let last = buckets.last_of(finish - crate::units::Minutes(1), finish);
    book(last, CostAccount::DelayPenalty, i128::from(cost.delay_penalty.0));
    book(last, CostAccount::EarlyBonus, -i128::from(cost.early_bonus.0));

    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_unstable();
    sums.into_iter()
        .map(|((bucket, account), cost)| PeriodCost {
            from: buckets.start(bucket),
            to: buckets.start(bucket + 1),
            account,
            cost: to_money(cost),
        })
        .collect()
}

fn accrual(plan: &Plan, schedule: &Schedule, task: TaskId) -> Accrual {
    let (placement, cost) = (&schedule.placements[task], task_cost(plan, schedule, task));
    Accrual { task, start: placement.start, finish: placement.finish, spread: cost.spread(), at_start: cost.per_use }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Duration, ResourceId, ResourceKind};
    use crate::schedule::testing::{DAY, Sketch, days, march, schedule};
    use crate::schedule::{makespan, task_costs, working_time};
    use crate::units::{Minutes, Rate};
    use proptest::prelude::*;

    #[test]
    fn costs_fall_into_the_periods_in_which_they_accrue() {
        let mut sketch = Sketch::new();
        sketch.project.overhead_per_day = Money(1_000);
        sketch.project.deadline = Some(march(6, 17));
        sketch.project.delay_penalty_per_day = Money(200);
        sketch.project.early_bonus_per_day = Money(300);
        let capex = sketch.label("capex");
        let ana = sketch.person("ana");
        sketch.resources[0].rate = Rate { money: Money(10_000), per: Minutes(DAY) };
        sketch.resources[0].cost_per_use = Money(50);
        let task = sketch.task("a", days(3));
        sketch.at(task).account = Some(capex);
        sketch.needs(task, ana, 1);
        let milestone = sketch.task("m", days(0));
        sketch.at(milestone).fixed_cost = Money(7);
        let plan = sketch.build();
        // Friday 6, Monday 9 and Tuesday 10 March; the milestone on Tuesday 17:00. Two days late: 4.00.
        let schedule = schedule(&plan, &[(march(6, 8), march(10, 17)), (march(10, 17), march(10, 17))]);
        let costs = costs_by_period(&plan, &schedule, Period::Week);
        let rows: Vec<_> = costs.iter().map(|row| (row.from, row.account, row.cost.0)).collect();
        let (first, second) = (march(2, 0), march(9, 0));
        assert_eq!(
            rows,
            [
                (first, CostAccount::Tasks(Some(capex)), 10_050),
                (first, CostAccount::Overhead, 5_000),
                (second, CostAccount::Tasks(None), 7),
                (second, CostAccount::Tasks(Some(capex)), 20_000),
                (second, CostAccount::Overhead, 2_000),
                (second, CostAccount::DelayPenalty, 400),
            ]
        );
        assert_eq!(makespan(&plan, &schedule), Minutes(7 * DAY));
        assert_eq!(working_time(&plan, march(6, 12), march(9, 9)), Minutes(240 + 60));
        assert_eq!(working_time(&plan, march(9, 9), march(6, 12)), Minutes::ZERO);
    }

    #[test]
    fn finishing_early_earns_the_bonus() {
        let mut sketch = Sketch::new();
        sketch.project.deadline = Some(march(6, 17));
        sketch.project.early_bonus_per_day = Money(300);
        sketch.task("a", days(2));
        let plan = sketch.build();
        let schedule = schedule(&plan, &[(march(2, 8), march(3, 17))]);
        // Wednesday to Friday: three days.
        assert_eq!(project_cost(&plan, &schedule).early_bonus, Money(900));
        assert_eq!(project_cost(&plan, &schedule).total(), Money(-900));
    }

    #[test]
    fn summaries_cost_what_is_below_them() {
        let mut sketch = Sketch::new();
        let (outer, inner) = (sketch.summary("outer"), sketch.summary("inner"));
        let cement = sketch.resource("cement", ResourceKind::Material, None);
        sketch.resources[0].rate.money = Money(333);
        let task = sketch.task("a", days(2));
        sketch.needs(task, cement, 3);
        sketch.at(task).parent = Some(inner);
        sketch.at(inner).parent = Some(outer);
        let plan = sketch.build();
        let schedule = schedule(&plan, &[(march(2, 8), march(3, 17)); 3]);
        let costs = task_costs(&plan, &schedule);
        assert_eq!(costs[task].materials, Money(999));
        assert_eq!((costs[outer], costs[inner]), (costs[task], costs[task]));
        assert_eq!(project_cost(&plan, &schedule).tasks, Money(999), "summaries are not counted again");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn periods_add_up_to_the_total_to_the_cent(
            tasks in prop::collection::vec((0i64..40, 0i64..30, -5_000i64..100_000, 0i64..999), 1..8),
            overhead in 0i64..10_000,
        ) {
            let mut sketch = Sketch::new();
            sketch.project.overhead_per_day = Money(overhead);
            sketch.project.deadline = Some(march(20, 0));
            sketch.project.delay_penalty_per_day = Money(777);
            sketch.project.early_bonus_per_day = Money(333);
            let mut times = Vec::new();
            for (at, &(start, length, fixed, rate)) in tasks.iter().enumerate() {
                // Elapsed tasks may lie anywhere.
                let task = sketch.task(&at.to_string(), Duration::Elapsed(Minutes(length * 777)));
                sketch.at(task).fixed_cost = Money(fixed);
                sketch.resource(&at.to_string(), ResourceKind::Work, Some(1));
                sketch.resources[at].rate.money = Money(rate);
                sketch.resources[at].cost_per_use = Money(rate / 3);
                sketch.needs(task, ResourceId::new(at), 1);
                let start = march(2, 0) + Minutes(start * 1_111);
                times.push((start, start + Minutes(length * 777)));
            }
            let plan = sketch.build();
            let schedule = schedule(&plan, &times);
            let total = project_cost(&plan, &schedule).total();
            for period in [Period::Day, Period::Week, Period::Month] {
                let sum: Money = costs_by_period(&plan, &schedule, period).iter().map(|row| row.cost).sum();
                prop_assert_eq!(sum, total);
            }
        }
    }
}
