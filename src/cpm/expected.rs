//! Work whose finish is given: how long it takes follows from where it starts.

use std::borrow::Cow;

use super::EarlyDates;
use super::forward::{placed, quickest_modes};
use super::manner::Manner;
use crate::network::{Network, Origin, compile};
use crate::plan::{ActivityType, ConstraintKind, Plan, Task, TaskId, TaskKind};
use crate::units::Minutes;

/// What is left of a plan ([`Plan::remaining`]) for dates by logic, with expected finishes counted, if it uses them
/// ([`Dating::use_expected_finish`](crate::plan::Dating)): what is left of a task becomes the work between its earliest start
/// and the finish that is expected of it.
///
/// A task keeps its duration if it could not start before its expected finish, if it is to be as late as possible, or if a
/// link holds its finish. A plan that cannot be compiled is handed back without these durations.
///
/// # Complexity
/// Linear in tasks and links.
///
/// # Source
/// Primavera P6, "Schedule Options", "Use expected finish dates".
pub fn left_by_logic(plan: Cow<'_, Plan>) -> Cow<'_, Plan> {
    with_expected_finishes(match plan {
        Cow::Borrowed(plan) => plan.remaining(),
        Cow::Owned(plan) => Cow::Owned(plan.into_remaining()),
    })
}

/// What is left of a plan for whatever respects resources: as [`left_by_logic`], without links that move nothing
/// ([`Plan::without_idle_links`]).
pub fn left_to_do(plan: Cow<'_, Plan>) -> Cow<'_, Plan> {
    Plan::without_idle_links(left_by_logic(plan))
}

fn with_expected_finishes(plan: Cow<'_, Plan>) -> Cow<'_, Plan> {
    let is_used = plan.project().dating.use_expected_finish && plan.tasks().iter().any(is_expected);
    let Ok(network) = (if is_used { compile(&plan) } else { return plan }) else { return plan };
    let durations = durations(&plan, network);
    if durations.is_empty() {
        return plan;
    }
    let mut plan = plan.into_owned();
    for (task, minutes) in durations {
        plan.set_duration(task, minutes);
    }
    Cow::Owned(plan)
}

/// The durations that expected finishes give, of those tasks that take as long by them as nothing else.
fn durations(plan: &Plan, mut network: Network) -> Vec<(TaskId, Minutes)> {
    let modes = quickest_modes(&network);
    let manner = Manner::of(plan, &network, &modes);
    let mut dates = EarlyDates::unset(network.len());
    let mut durations = Vec::new();
    for node in 0..network.len() {
        let mut dated = placed(&network, &modes, Some(&manner), &[], node, &dates);
        if let (Origin::Task(task), Some((start, _))) = (network.origin[node], dated)
            && let Some(expected) = plan.tasks()[task].expected_finish.filter(|_| is_expected(&plan.tasks()[task]))
            && !network.predecessors.row(node).iter().any(|arc| arc.kind.to_finish())
        {
            let mode = modes[node];
            let table = network.calendar(network.mode(mode).calendar);
            let work = |slot| table.work(i64::from(slot));
            let left = work(network.axis.slot_at_or_before(expected)) - work(start);
            if left > 0 {
                durations.push((task, Minutes(left * network.axis.slot_minutes.0)));
                network.modes.items_mut()[mode as usize].duration = left as i32;
                dated = network.finish(mode, start).map(|finish| (start, finish));
            }
        }
        dates.set(node, dated.unwrap_or((network.horizon, network.horizon)));
    }
    durations
}

/// True for work that lasts until its expected finish if it can.
fn is_expected(task: &Task) -> bool {
    let is_work = task.activity == ActivityType::Task && (task.kind == TaskKind::Activity || task.progress.is_some());
    let is_open = task.expected_finish.is_some() && !task.is_finished();
    is_work && is_open && task.constraint_of(ConstraintKind::AsLateAsPossible).is_none()
}
