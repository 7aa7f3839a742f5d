//! Whole fronts.

use crate::plan::testing::PlanBuilder;
use crate::plan::{Duration, LinkKind, Plan, TaskId};
use crate::units::Minutes;

/// A plan in periods: tasks with their modes (duration, cost in minor units) and predecessors, and more links.
pub fn plan(tasks: &[(&str, &[(i64, i64)], &[usize])], links: &[(usize, usize, LinkKind, i64)]) -> Plan {
    let mut builder = PlanBuilder::periods();
    let mut ids: Vec<TaskId> = Vec::new();
    for (name, modes, _) in tasks {
        let task = builder.task(name, Duration::Working(Minutes(modes[0].0)), &[]);
        let first = builder.edit(task).modes.start;
        builder.price(first, modes[0].1);
        for &(duration, cost) in &modes[1..] {
            let mode = builder.mode(task, Duration::Working(Minutes(duration)), &[]);
            builder.price(mode, cost);
        }
        ids.push(task);
    }
    for (number, (_, _, predecessors)) in tasks.iter().enumerate() {
        for &predecessor in *predecessors {
            builder.link(ids[predecessor], LinkKind::FinishToStart, ids[number], 0);
        }
    }
    for &(from, to, kind, lag) in links {
        builder.link(ids[from], kind, ids[to], lag);
    }
    builder.build()
}
