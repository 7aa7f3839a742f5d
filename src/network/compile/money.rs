//! Costs, totals and period caps.

use rustc_hash::FxHashMap;

use super::super::{Assigned, Axis, Consumption, NEVER, NO_EARLIEST, Origin, PeriodCap, Spending, Total, TotalOrigin};
use super::calendars::Divisor;
use super::duties::Duties;
use super::order::parents_first;
use super::problem;
use super::ways::Way;
use crate::error::{Error, Result};
use crate::index::{Id, IdVec, Rows};
use crate::plan::{BudgetId, BudgetScope, LabelId, Plan, ResourceId, ResourceKind, Task, TaskId};
use crate::units::{Amount, Moment};

/// Everything that is about money and materials.
pub(super) struct CompiledMoney {
    pub(super) costs: Vec<i64>,
    /// By mode position, empty if all are zero.
    pub(super) at_start: Vec<i64>,
    /// By node, empty if all are zero.
    pub(super) payments: Vec<i64>,
    pub(super) totals: Vec<Total>,
    pub(super) consumptions: Rows<Consumption>,
    pub(super) caps: Vec<PeriodCap>,
    pub(super) spendings: Rows<Spending>,
}

/// Makes `divisor` divide the position of both ends of every budget.
pub(super) fn fold_budgets(plan: &Plan, minutes_to: impl Fn(Moment) -> i64, divisor: &mut Divisor) {
    for budget in plan.budgets() {
        for moment in [budget.from, budget.to].into_iter().flatten() {
            divisor.fold(minutes_to(moment));
        }
    }
}

/// What the use of a resource costs: spread over the work, and at its start.
#[derive(Clone, Copy)]
struct UseCost {
    spread: i128,
    at_start: i128,
}

/// Rounded half up.
fn rounded(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

fn use_cost(plan: &Plan, task: TaskId, item: &Assigned, minutes: i64) -> UseCost {
    let resource = &plan.resources()[item.resource];
    let (amount, one) = (i128::from(item.amount.0), i128::from(Amount::ONE.0));
    let price = i128::from(resource.rate.money.0);
    // Amounts, prices and minutes are bounded by 1e13, 1e14 and 6e8.
    let spread = match resource.kind {
        _ if price == 0 => 0,
        ResourceKind::Work => {
            rounded(amount * price * i128::from(minutes), one * i128::from(resource.rate.per.0.max(1)))
        }
        ResourceKind::Material => rounded(amount * price, one),
    };
    let per_use = i128::from(resource.cost_per_use.0);
    let at_start = if per_use == 0 { 0 } else { rounded(amount * per_use, one) };
    let (spread, at_start) = plan.use_left(task, resource.kind, (spread, at_start));
    UseCost { spread, at_start }
}

/// No plan costs more, so that sums fit 64 bits.
const MOST_MONEY: i128 = (i64::MAX / 4) as i128;

fn too_dear(task: &Task, cents: i128) -> Error {
    let text =
        format!("the costs of the plan add up to more than can be counted; task `{}` has {cents} cents", task.id);
    problem("cost-range", "tasks.csv", Some(task.row), text)
}

/// The budgets that count a task's whole cost.
struct TaskBudgets {
    all: Vec<BudgetId>,
    of_task: FxHashMap<TaskId, Vec<BudgetId>>,
    of_account: FxHashMap<LabelId, Vec<BudgetId>>,
    of_resource: FxHashMap<ResourceId, Vec<BudgetId>>,
    /// For each task a list of `lists`: the budgets of the summaries above it.
    above: Vec<u32>,
    lists: Vec<Vec<BudgetId>>,
}

impl TaskBudgets {
    fn of(plan: &Plan) -> TaskBudgets {
        let mut budgets = TaskBudgets {
            all: Vec::new(),
            of_task: FxHashMap::default(),
            of_account: FxHashMap::default(),
            of_resource: FxHashMap::default(),
            above: Vec::new(),
            lists: vec![Vec::new()],
        };
        let mut of_summary: FxHashMap<TaskId, Vec<BudgetId>> = FxHashMap::default();
        for (id, budget) in plan.budgets().iter_enumerated() {
            match budget.scope {
                BudgetScope::All => budgets.all.push(id),
                BudgetScope::Task(task) => budgets.of_task.entry(task).or_default().push(id),
                BudgetScope::Wbs(task) => of_summary.entry(task).or_default().push(id),
                BudgetScope::Account(label) => budgets.of_account.entry(label).or_default().push(id),
                BudgetScope::Resource(resource) => budgets.of_resource.entry(resource).or_default().push(id),
            }
        }
        if !of_summary.is_empty() {
            budgets.above = vec![0; plan.tasks().len()];
            for task in parents_first(plan) {
                let inherited = plan.tasks()[task].parent.map_or(0, |parent| budgets.above[parent.index()]);
                budgets.above[task.index()] = match of_summary.get(&task) {
                    Some(own) => {
                        let mut list = budgets.lists[inherited as usize].clone();
                        list.extend_from_slice(own);
                        budgets.lists.push(list);
                        budgets.lists.len() as u32 - 1
                    }
                    None => inherited,
                };
            }
        }
        budgets
    }

    fn of_whole_task(&self, plan: &Plan, task: TaskId) -> impl Iterator<Item = BudgetId> {
        let own = self.of_task.get(&task).into_iter().flatten();
        let account = plan.tasks()[task].account.and_then(|account| self.of_account.get(&account));
        let above = &self.lists[self.above.get(task.index()).map_or(0, |&list| list as usize)];
        self.all.iter().chain(own).chain(account.into_iter().flatten()).chain(above).copied()
    }
}

/// Where a budget stands in the network.
#[derive(Clone, Copy)]
enum Limit {
    Total(u32),
    Cap(u32),
}

/// Compiles costs, totals and caps.
///
/// # Errors
/// [`Error::is_invalid_plan`](crate::error::Error::is_invalid_plan) if the costs of all tasks do not fit 64 bits.
pub(super) fn money(
    plan: &Plan,
    origin: &[Origin],
    ways: &Rows<Way>,
    assigned: &Rows<Assigned>,
    axis: &Axis,
) -> Result<CompiledMoney> {
    let budgets = TaskBudgets::of(plan);
    let has_overhead = plan.project().overhead_per_day.0 > 0;
    let mut totals = Vec::new();
    let mut caps = Vec::new();
    let mut material: IdVec<ResourceId, Option<u32>> = IdVec::filled(None, plan.resources().len());
    for (id, resource) in plan.resources().iter_enumerated() {
        if let (ResourceKind::Material, Some(capacity)) = (resource.kind, resource.capacity) {
            material[id] = Some(totals.len() as u32);
            totals.push(Total { origin: TotalOrigin::Material(id), capacity: capacity.0, with_overhead: false });
        }
    }
    let mut limits: IdVec<BudgetId, Limit> = IdVec::new();
    for (budget, data) in plan.budgets().iter_enumerated() {
        let with_overhead = has_overhead && data.scope == BudgetScope::All;
        limits.push(if data.from.is_none() && data.to.is_none() {
            totals.push(Total { origin: TotalOrigin::Budget(budget), capacity: data.cap.0, with_overhead });
            Limit::Total(totals.len() as u32 - 1)
        } else {
            let from = data.from.map_or(NO_EARLIEST, |moment| axis.slot_at_or_after(moment));
            let to = data.to.map_or(NEVER, |moment| axis.slot_at_or_before(moment));
            caps.push(PeriodCap { budget, from, to, cap: data.cap.0, with_overhead });
            Limit::Cap(caps.len() as u32 - 1)
        });
    }

    let duties = Duties::of(plan, origin, ways, assigned, &mut totals);
    let positions = ways.items().len();
    let mut costs = Vec::with_capacity(positions);
    let mut at_start = vec![0; if plan.resources().iter().any(|it| it.cost_per_use.0 != 0) { positions } else { 0 }];
    let mut consumptions = Rows::with_capacity(positions, 0);
    let mut spendings = Rows::with_capacity(positions, 0);
    let mut most_of_total = vec![0i64; totals.len()];
    let mut most_of_cap = vec![0i64; caps.len()];
    let mut most_of_all = 0i128;
    let mut consumed: Vec<Consumption> = Vec::new();
    let mut spent: Vec<Spending> = Vec::new();
    let (mut taken_of_totals, mut taken_of_caps) = (Vec::new(), Vec::new());
    for (node, origin) in origin.iter().enumerate() {
        let Origin::Task(task) = *origin else {
            costs.push(0);
            consumptions.push_row([]);
            spendings.push_row([]);
            continue;
        };
        let data = &plan.tasks()[task];
        let mut dearest = 0i128;
        for (position, way) in ways.range(node).zip(ways.row(node)) {
            let items = assigned.row(position);
            let own = data.fixed_cost.0 + way.mode.map_or(0, |mode| plan.modes()[mode].cost.0);
            let of_uses = || items.iter().map(|item| (item, use_cost(plan, task, item, way.minutes)));
            let mut cost = UseCost { spread: i128::from(own), at_start: 0 };
            for (_, of_use) in of_uses() {
                cost.spread += of_use.spread;
                cost.at_start += of_use.at_start;
            }
            dearest = dearest.max(cost.spread.abs() + cost.at_start.abs());
            if most_of_all + dearest > MOST_MONEY {
                return Err(too_dear(data, dearest));
            }
            for (item, of_use) in of_uses() {
                if let Some(total) = material[item.resource] {
                    consumed.push(Consumption { total, amount: item.amount.0 });
                }
                for &budget in budgets.of_resource.get(&item.resource).into_iter().flatten() {
                    add(limits[budget], of_use, &mut consumed, &mut spent);
                }
            }
            for budget in budgets.of_whole_task(plan, task) {
                add(limits[budget], cost, &mut consumed, &mut spent);
            }
            duties.take(task, items, &mut consumed);
            if let Some(due) = at_start.get_mut(costs.len()) {
                *due = cost.at_start as i64;
            }
            costs.push((cost.spread + cost.at_start) as i64);
            consumed.sort_unstable_by_key(|item| item.total);
            spent.sort_unstable_by_key(|item| item.cap);
            taken_of_totals.extend(consumed.iter().map(|item| (item.total, item.amount)));
            taken_of_caps.extend(spent.iter().map(|item| (item.cap, item.spread + item.at_start)));
            consumptions.push_row(consumed.drain(..));
            spendings.push_row(spent.drain(..));
        }
        most_of_all += dearest;
        add_most(&mut most_of_total, &mut taken_of_totals);
        add_most(&mut most_of_cap, &mut taken_of_caps);
    }

    let keep_total = |(total, most): (&Total, &i64)| total.with_overhead || *most > total.capacity;
    let keep_cap = |(cap, most): (&PeriodCap, &i64)| cap.with_overhead || *most > cap.cap;
    let kept_totals: Vec<bool> = totals.iter().zip(&most_of_total).map(keep_total).collect();
    let kept_caps: Vec<bool> = caps.iter().zip(&most_of_cap).map(keep_cap).collect();
    let payment = |origin: &Origin| match *origin {
        Origin::Task(task) => plan.tasks()[task].payment.0,
        _ => 0,
    };
    let is_paid = plan.tasks().iter().any(|task| task.payment.0 != 0);
    Ok(CompiledMoney {
        costs,
        at_start,
        payments: origin.iter().filter(|_| is_paid).map(payment).collect(),
        consumptions: without_dropped(consumptions, &kept_totals, |item| &mut item.total),
        spendings: without_dropped(spendings, &kept_caps, |item| &mut item.cap),
        totals: totals.into_iter().zip(&kept_totals).filter(|(_, kept)| **kept).map(|(total, _)| total).collect(),
        caps: caps.into_iter().zip(&kept_caps).filter(|(_, kept)| **kept).map(|(cap, _)| cap).collect(),
    })
}

/// A task meets each budget once at most: resources stand once in a row, and a budget has one scope.
fn add(limit: Limit, cost: UseCost, consumed: &mut Vec<Consumption>, spent: &mut Vec<Spending>) {
    // Callers have checked that both parts and their sum fit.
    let (spread, at_start) = (cost.spread as i64, cost.at_start as i64);
    match limit {
        _ if spread == 0 && at_start == 0 => {}
        Limit::Total(total) => consumed.push(Consumption { total, amount: spread + at_start }),
        Limit::Cap(cap) => spent.push(Spending { cap, spread, at_start }),
    }
}

/// Adds to each limit the most that one way of a node takes of it.
fn add_most(most: &mut [i64], taken: &mut Vec<(u32, i64)>) {
    taken.sort_unstable();
    for group in taken.chunk_by(|a, b| a.0 == b.0) {
        let (limit, amount) = group[group.len() - 1];
        most[limit as usize] = most[limit as usize].saturating_add(amount);
    }
    taken.clear();
}

/// The rows without what concerns dropped limits, which are renumbered.
fn without_dropped<T: Copy>(rows: Rows<T>, kept: &[bool], limit_of: impl Fn(&mut T) -> &mut u32) -> Rows<T> {
    if kept.iter().all(|&kept| kept) {
        return rows;
    }
    let mut number = 0;
    let numbers: Vec<Option<u32>> = kept
        .iter()
        .map(|&kept| {
            number += u32::from(kept);
            kept.then(|| number - 1)
        })
        .collect();
    let mut result = Rows::with_capacity(rows.len(), 0);
    for row in rows.iter() {
        result.push_row(row.iter().filter_map(|&item| {
            let mut item = item;
            let limit = limit_of(&mut item);
            *limit = numbers[*limit as usize]?;
            Some(item)
        }));
    }
    result
}
