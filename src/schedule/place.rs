//! From slots back to civil time.

use rayon::prelude::*;

use super::{Assignment, Placement, Schedule};
use crate::index::{IdVec, Rows};
use crate::network::{Network, Slot, roll_up};
use crate::plan::{Plan, TaskKind};
use crate::units::Moment;

/// Nodes of a plan from which on the work is shared among threads.
const WORTH_SHARING: usize = 20_000;

/// The schedule in which each node starts at its slot in its mode.
///
/// A task starts after a pause and finishes before one. A milestone stands where it is bound: before the pause if a finish
/// or a lag that has just ended holds it there, after the pause otherwise.
///
/// # Arguments
/// `starts` and `modes` have an entry for each node; `modes` holds mode positions.
///
/// # Complexity
/// Linear in tasks and links.
pub fn place(plan: &Plan, network: &Network, starts: &[Slot], modes: &[u32]) -> Schedule {
    let before_pause = network.before_pause(starts, modes);
    let tasks = plan.tasks();
    let placed = |index: usize| -> Placement {
        let node = network.finish_node.as_slice()[index] as usize;
        if tasks.as_slice()[index].kind == TaskKind::Summary {
            return Placement { start: Moment::MAX, finish: Moment::MIN, mode: None };
        }
        let (start, finish) = network.moments(starts[node], modes[node], before_pause[node]);
        Placement { start, finish, mode: network.mode(modes[node]).mode }
    };
    let placements: Vec<Placement> = if tasks.len() < WORTH_SHARING {
        (0..tasks.len()).map(placed).collect()
    } else {
        (0..tasks.len()).into_par_iter().with_min_len(WORTH_SHARING / 4).map(placed).collect()
    };
    let mut placements = IdVec::from(placements);
    roll_up(plan, &mut placements, |summary, below| {
        summary.start = summary.start.min(below.start);
        summary.finish = summary.finish.max(below.finish);
    });

    let mut assignments = Rows::with_capacity(tasks.len(), network.assigned.items().len());
    for (task, data) in tasks.iter_enumerated() {
        let items: &[_] = match data.kind {
            TaskKind::Summary => &[],
            _ => network.assigned.row(modes[network.start_node[task] as usize] as usize),
        };
        assignments.push_row(items.iter().map(|item| Assignment { resource: item.resource, amount: item.amount }));
    }
    Schedule { placements, assignments }
}
