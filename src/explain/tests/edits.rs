use std::path::Path;

use super::*;
use crate::explain::repair::Relaxation;
use crate::explain::words::edits;
use crate::io::{ReadOptions, read_draft};
use crate::plan::notation::TimeScale;
use crate::plan::{Limit, TaskId};
use crate::scenario::{Edit, apply};
use crate::units::{Amount, Money};

/// All that limits can be about, in an order that does not depend on the order of rows.
fn limits_of(plan: &Plan) -> Vec<String> {
    let id = |task: TaskId| &plan.tasks()[task].id;
    let mut all = vec![format!("project {:?}", plan.project().deadline)];
    all.extend(plan.tasks().iter().map(|task| {
        let constraints: Vec<_> = task.constraints().collect();
        format!("task {} {:?} {constraints:?} {:?}", task.id, task.deadline, task.pause)
    }));
    all.extend(plan.links().iter().map(|link| {
        format!(
            "link {} {} {:?} {:?} {:?}",
            id(link.predecessor),
            id(link.successor),
            link.kind,
            link.lag,
            link.max_lag
        )
    }));
    let resources = plan.resources().iter();
    all.extend(
        resources.map(|it| format!("resource {} {:?} {:?} {:?}", it.id, it.capacity, it.max_per_week, it.windows)),
    );
    // A cap that nothing reaches is as good as none.
    let budgets = plan.budgets().iter().filter(|budget| budget.cap != Money::MAX);
    all.extend(budgets.map(|it| format!("budget {} {:?} {:?}", it.id, it.scope, it.cap)));
    all.sort_unstable();
    all
}

#[test]
fn what_is_told_to_try_is_what_whatif_reads_and_does_the_same() {
    let mut tried = 0;
    for name in ["software-release", "datacenter-move", "hardware-programme", "solar-park", "warehouse"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
        let draft = read_draft(&folder, &ReadOptions::default()).unwrap();
        let plan = validate(&draft).unwrap().0;
        let project = plan.project();
        let scale = TimeScale {
            unit: project.time_unit,
            minutes_per_day: project.minutes_per_day,
            minutes_per_week: project.minutes_per_week,
            minutes_per_month: project.minutes_per_month,
        };
        for limit in plan.limits().into_iter().chain(plan.wishes()) {
            let more = match limit {
                Limit::Capacity(_) => Amount::ONE.0,
                Limit::Budget(_) => 12_300,
                Limit::Link(link) if plan.links()[link].lag.is_zero() => continue,
                Limit::Link(_) => 30,
                _ => 1440,
            };
            for by in [None, Some(more)] {
                let told = edits(&plan, &Relaxation { limit, by });
                if told.is_empty() {
                    continue;
                }
                let parsed: Vec<Edit> = told.iter().map(|edit| Edit::parse(edit).unwrap()).collect();
                let edited = apply(&draft, &scale, &[&parsed]).unwrap_or_else(|it| panic!("{name} {told:?} {it:?}"));
                let edited = validate(&edited).unwrap_or_else(|it| panic!("{name} {told:?} {it:?}")).0;
                let meant = match by {
                    Some(by) => plan.relaxed(limit, by),
                    None => plan.without(&[limit]),
                };
                let (edited, meant) = (limits_of(&edited), limits_of(&meant));
                let only = |one: &[String], other: &[String]| {
                    one.iter().filter(|it| !other.contains(it)).cloned().collect::<Vec<_>>()
                };
                assert_eq!(only(&edited, &meant), only(&meant, &edited), "{name} {told:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "{tried}");
}
