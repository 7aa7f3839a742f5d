use super::*;
use crate::explain::conflict::quick_xplain;
use crate::explain::{ConflictOptions, Feasibility, Infeasible, why_infeasible};
use crate::index::{Id, IdVec, Rows};
use crate::plan::{BudgetScope, ConstraintKind, DemandSource, Duration, Limit, LinkId, LinkKind, ResourceKind, TaskId};
use crate::schedule::testing::{Sketch, days, lag, march};
use crate::schedule::{Assignment, Placement, Schedule, verify};
use crate::units::{Amount, Minutes, Moment, Money};
use proptest::prelude::*;

fn infeasible(plan: &Plan, hard: Vec<Limit>) -> Option<Infeasible> {
    let options = ConflictOptions { hard, ..ConflictOptions::default() };
    match why_infeasible(plan, &options, &control(2_000)).unwrap() {
        Feasibility::Infeasible(infeasible) => Some(infeasible),
        Feasibility::Feasible | Feasibility::NotDecided => None,
    }
}

fn conflicts(plan: &Plan, hard: Vec<Limit>) -> Vec<Vec<Limit>> {
    infeasible(plan, hard).unwrap().conflicts.into_iter().map(|conflict| conflict.limits).collect()
}

#[test]
fn a_smallest_part_is_found_whatever_its_size() {
    let all: Vec<Limit> = (0..40).map(|at| Limit::Link(LinkId::new(at))).collect();
    for wanted in [vec![], vec![7], vec![0, 39], vec![3, 4, 5, 20, 33], (0..40).collect::<Vec<usize>>()] {
        let wanted: Vec<Limit> = wanted.into_iter().map(|at| Limit::Link(LinkId::new(at))).collect();
        let mut asked = 0;
        let found = quick_xplain(&all, &mut |part| {
            asked += 1;
            Ok(wanted.iter().all(|limit| part.contains(limit)))
        });
        assert_eq!(found.unwrap(), wanted);
        assert!(asked <= 2 + 2 * wanted.len() * 7, "{asked} questions for {}", wanted.len());
    }
}

#[test]
fn dates_money_material_and_capacity_are_named_with_what_they_contradict() {
    let mut sketch = Sketch::new();
    let [a, b] = ["a", "b"].map(|id| sketch.task(id, days(5)));
    sketch.link(a, LinkKind::FinishToStart, b, lag(0));
    sketch.constrain(b, ConstraintKind::MustStartOn, march(4, 0));
    let cement = sketch.resource("cement", ResourceKind::Material, Some(5));
    [a, b].into_iter().for_each(|task| sketch.needs(task, cement, 3));
    [a, b].into_iter().for_each(|task| sketch.at(task).fixed_cost = Money(30_000));
    sketch.budget("all", BudgetScope::All, 50_000);
    let plan = sketch.build();
    let found = infeasible(&plan, Vec::new()).unwrap();
    let date = Limit::Constraint(b, ConstraintKind::MustStartOn);
    let sets: Vec<&[Limit]> = found.conflicts.iter().map(|conflict| &conflict.limits[..]).collect();
    let budget = Limit::Budget(crate::plan::BudgetId::new(0));
    for expected in [&[date, Limit::Link(LinkId::new(0))][..], &[budget], &[Limit::Capacity(cement)]] {
        assert!(sets.contains(&expected), "{expected:?} {sets:?}");
    }
    assert!(found.is_complete && found.conflicts.iter().all(|conflict| conflict.is_minimal));
    // Three conflicts take three repairs: the date by three days (Saturday 7 March, so that work begins on Monday), 100.00 more, and one cement more.
    let by = |limit: Limit| {
        let steps = &found.repairs[0].relaxations;
        steps.iter().find(|step| step.limit == limit).and_then(|step| step.by)
    };
    assert_eq!(by(date), Some(3 * 1440), "{:?}", found.repairs);
    assert_eq!((by(budget), by(Limit::Capacity(cement))), (Some(10_000), Some(Amount::ONE.0)));
    assert!(found.repairs[0].is_least);
    let lines = found.lines(&plan);
    assert!(lines.iter().any(|line| line.edits.iter().any(|edit| edit == "budget:all.cap=+100.00")), "{lines:?}");
}

#[test]
fn hours_of_a_week_can_be_what_cannot_be_kept() {
    let mut sketch = Sketch::new();
    let oven = sketch.person("oven");
    sketch.resources[oven.index()].max_per_week = Some(Minutes(40 * 60));
    let dry = sketch.task("dry", Duration::Elapsed(Minutes(81 * 60)));
    sketch.needs(dry, oven, 1);
    let plan = sketch.build();
    let found = infeasible(&plan, Vec::new()).unwrap();
    let sets: Vec<&[Limit]> = found.conflicts.iter().map(|conflict| &conflict.limits[..]).collect();
    assert_eq!(sets, [[Limit::WeeklyHours(oven)]]);
    let lines: Vec<(&str, String)> = found.lines(&plan).into_iter().map(|line| (line.kind, line.text)).collect();
    assert_eq!(lines[0], ("weekly hours", "`oven` works no more than 40h a week".to_owned()));
    let repair = "let `oven` work as long in a week as its calendar: then it finishes 2026-03-05 09:00";
    assert_eq!(lines[1], ("weekly hours", repair.to_owned()));
    assert_eq!(found.lines(&plan)[1].edits, ["resource:oven.max_hours_per_week="]);
}

#[test]
fn deadlines_are_limits_only_if_they_are_hard() {
    let mut sketch = Sketch::new();
    let [a, b] = ["a", "b"].map(|id| sketch.task(id, days(2)));
    let ana = sketch.person("ana");
    [a, b].into_iter().for_each(|task| sketch.needs(task, ana, 1));
    sketch.project.deadline = Some(march(5, 0));
    sketch.at(b).deadline = Some(march(4, 0));
    sketch.constrain(a, ConstraintKind::FinishNoLaterThan, march(4, 0));
    let plan = sketch.build();
    assert!(infeasible(&plan, Vec::new()).is_none());
    let soon = [Limit::Deadline(b), Limit::Constraint(a, ConstraintKind::FinishNoLaterThan), Limit::Capacity(ana)];
    let found = conflicts(&plan, plan.wishes());
    assert!(found.contains(&vec![Limit::ProjectDeadline, Limit::Capacity(ana)]), "{found:?}");
    assert!(found.contains(&soon.to_vec()), "{found:?}");
    let found = infeasible(&plan, vec![Limit::ProjectDeadline]).unwrap();
    let days = |limit: Limit| found.repairs.iter().find(|repair| repair.relaxations[0].limit == limit).cloned();
    // Four days of work end on Thursday 5 March.
    assert_eq!(days(Limit::ProjectDeadline).unwrap().relaxations[0].by, Some(1440));
    assert_eq!(days(Limit::Capacity(ana)).unwrap().relaxations[0].by, Some(Amount::ONE.0));
}

#[test]
fn a_calendar_that_never_offers_the_work_is_the_conflict() {
    let mut sketch = Sketch::new();
    let task = sketch.task("a", days(1));
    let mut closed = crate::plan::Calendar::standard();
    (closed.id, closed.week) = ("closed".into(), Default::default());
    let closed = sketch.calendar(closed);
    sketch.at(task).calendar = Some(closed);
    assert_eq!(conflicts(&sketch.build(), Vec::new()), [[Limit::Calendar(closed)]]);
}

/// The last period in which brute force lets a task start.
const LAST: i64 = 12;

/// A valid schedule of a plan of a few tasks of one mode in periods, by trying all starts; hard wishes are kept.
fn tried(plan: &Plan, hard: &[Limit]) -> bool {
    let count = plan.tasks().len();
    let mut starts = vec![0; count];
    loop {
        let mut assignments = Rows::new();
        let mut placements = IdVec::new();
        for (task, &start) in plan.tasks().iter().zip(&starts) {
            let mode = task.modes.start;
            let demands = plan.demands_of(&plan.modes()[mode]).iter().filter_map(|demand| match demand.source {
                DemandSource::Resource(resource) => Some(Assignment { resource, amount: demand.amount }),
                DemandSource::Skill(_) => None,
            });
            assignments.push_row(demands);
            let finish = Moment(start + plan.modes()[mode].duration.minutes().0);
            placements.push(Placement { start: Moment(start), finish, mode: Some(mode) });
        }
        let schedule = Schedule { placements, assignments };
        let is_kept = |limit: &Limit| match *limit {
            Limit::Deadline(task) => {
                plan.tasks()[task].deadline.is_none_or(|date| schedule.placements[task].finish <= date)
            }
            Limit::ProjectDeadline => plan.project().deadline.is_none_or(|date| schedule.finish().unwrap() <= date),
            _ => true,
        };
        if hard.iter().all(is_kept) && !verify(plan, &schedule).has_errors() {
            return true;
        }
        let Some(at) = starts.iter().position(|&start| start < LAST) else { return false };
        starts[at] += 1;
        starts[..at].fill(0);
    }
}

prop_compose! {
    /// Three tasks in periods with links, greatest lags, dates, a machine, a material and a budget.
    fn small_plan()
        (lengths in prop::collection::vec(1i64..4, 3),
         units in prop::collection::vec(0i64..3, 3),
         quantities in prop::collection::vec(0i64..3, 3),
         links in prop::collection::vec((0usize..3, 0usize..3, 0usize..4, 0i64..3, prop::option::of(0i64..2)), 0..3),
         date in prop::option::of((0usize..3, 0i64..5)),
         deadline in prop::option::of((0usize..3, 2i64..6)),
         of_project in prop::option::of(3i64..7),
         (capacity, stock, cap) in (2i64..3, 3i64..6, 2i64..8))
        -> Plan {
        let mut sketch = Sketch::periods();
        let machine = sketch.resource("machine", ResourceKind::Work, Some(capacity));
        let stone = sketch.resource("stone", ResourceKind::Material, Some(stock));
        let tasks: Vec<TaskId> = (0..3).map(|at| {
            let task = sketch.task(["a", "b", "c"][at], Duration::Working(Minutes(lengths[at])));
            for (resource, units) in [(machine, units[at]), (stone, quantities[at])] {
                if units > 0 {
                    sketch.needs(task, resource, units);
                }
            }
            sketch.at(task).fixed_cost = Money(100 * lengths[at]);
            task
        }).collect();
        let kinds = [LinkKind::FinishToStart, LinkKind::StartToStart, LinkKind::FinishToFinish, LinkKind::StartToFinish];
        for (one, other, kind, least, more) in links {
            if one != other {
                let link = sketch.link(tasks[one.min(other)], kinds[kind], tasks[one.max(other)], lag(least));
                link.max_lag = more.map(|more| lag(least + more));
            }
        }
        if let Some((task, moment)) = date {
            sketch.constrain(tasks[task], ConstraintKind::MustStartOn, Moment(moment));
        }
        if let Some((task, moment)) = deadline {
            sketch.at(tasks[task]).deadline = Some(Moment(moment));
        }
        sketch.project.deadline = of_project.map(Moment);
        sketch.budget("all", BudgetScope::All, 100 * cap);
        sketch.build()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn conflicts_are_minimal_and_repairs_suffice_by_brute_force(plan in small_plan()) {
        let hard = plan.wishes();
        let all: Vec<Limit> = plan.limits().into_iter().chain(hard.iter().copied()).collect();
        let without = |kept: &[Limit]| {
            let dropped: Vec<Limit> = all.iter().copied().filter(|limit| !kept.contains(limit)).collect();
            let hard: Vec<Limit> = hard.iter().copied().filter(|limit| kept.contains(limit)).collect();
            tried(&plan.without(&dropped), &hard)
        };
        let Some(found) = infeasible(&plan, hard.clone()) else {
            return Ok(());
        };
        prop_assert!(!without(&all));
        prop_assert!(!found.conflicts.is_empty());
        for conflict in &found.conflicts {
            prop_assert!(conflict.is_minimal, "{conflict:?}");
            prop_assert!(!without(&conflict.limits), "{conflict:?}");
            for left_out in &conflict.limits {
                let rest: Vec<Limit> = conflict.limits.iter().copied().filter(|limit| limit != left_out).collect();
                prop_assert!(without(&rest), "{left_out:?} is not needed in {conflict:?}");
            }
        }
        for repair in &found.repairs {
            let suffices = |less: i64| {
                let steps = repair.relaxations.iter();
                let dropped: Vec<Limit> = steps.clone().filter(|step| step.by.is_none()).map(|step| step.limit).collect();
                let plan = steps.filter_map(|step| Some((step.limit, step.by? - less))).fold(plan.clone(), |plan, (limit, by)| plan.relaxed(limit, by));
                let hard: Vec<Limit> = hard.iter().copied().filter(|limit| !dropped.contains(limit)).collect();
                tried(&plan.without(&dropped), &hard)
            };
            prop_assert!(suffices(0), "{repair:?}");
            // A single date or lag has steps of one period.
            let is_period = |limit: Limit| !matches!(limit, Limit::Budget(_) | Limit::Capacity(_));
            if let ([step], true) = (&repair.relaxations[..], repair.is_least)
                && step.by.is_some_and(|by| by > 1) && is_period(step.limit)
            {
                prop_assert!(!suffices(1), "{repair:?}");
            }
        }
    }
}

#[test]
fn a_long_plan_is_explained_and_each_member_is_needed() {
    let mut plan = generated(GenerateOptions { seed: 3, ..GenerateOptions::enterprise(120) });
    let finish = solved(&plan, 5).lower_bound;
    plan = plan.with_project_deadline(finish - Minutes(10 * 1440));
    let found = infeasible(&plan, vec![Limit::ProjectDeadline]).unwrap();
    let limits = &found.conflicts[0].limits;
    assert!(limits.contains(&Limit::ProjectDeadline) && limits.len() > 3, "{limits:?}");
    assert!(found.conflicts[0].is_minimal);
    let deadline = plan.project().deadline.unwrap();
    let of = |kept: &[Limit]| {
        let dropped: Vec<Limit> = plan.limits().into_iter().filter(|limit| !kept.contains(limit)).collect();
        solved(&plan.without(&dropped), 5)
    };
    assert!(of(limits).lower_bound > deadline);
    for left_out in limits.iter().filter(|&&limit| limit != Limit::ProjectDeadline) {
        let rest: Vec<Limit> = limits.iter().copied().filter(|limit| limit != left_out).collect();
        assert!(of(&rest).schedule.unwrap().finish().unwrap() <= deadline, "{left_out:?}");
    }
    assert!(found.repairs.iter().any(|repair| repair.relaxations[0].limit == Limit::ProjectDeadline));
}
