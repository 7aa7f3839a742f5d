//! Whether the whole plan fits between its start and the end of time.

use super::links::Links;
use super::modes::Modes;
use super::report::Report;
use crate::error::Finding;
use crate::index::{Id, Rows};
use crate::plan::draft::Table;
use crate::plan::notation::quoted;
use crate::plan::{LagAmount, Link, Project, Task, TaskKind};
use crate::units::{Minutes, Moment};

/// Reports a plan whose longest chain of links reaches beyond [`Moment::MAX`] even if work never paused.
///
/// Whether pauses and scarce resources push a plan over the end is seen when it is compiled.
///
/// # Arguments
/// The links must be free of cycles.
pub(super) fn check(
    table: &Table,
    project: &Project,
    tasks: &[Task],
    modes: &Modes,
    links: &Links<'_>,
    report: &mut Report,
) {
    let room = (Moment::MAX - project.start).0;
    // Minutes::MAX times all rows of all tables is far from the end of i64, so sums need no checks.
    let longest = |task: &Task| modes.list[task.modes.start.index()..task.modes.end.index()].iter().map(minutes).max();
    let all: i64 = tasks.iter().filter_map(longest).sum::<i64>()
        + links.list.iter().map(|link| lag_minutes(link).max(0)).sum::<i64>();
    if all <= room {
        return;
    }
    let (chain, last) = longest_chain(tasks, modes, &links.list);
    if chain > room {
        let years = chain / (366 * crate::units::MINUTES_PER_DAY);
        let text = format!(
            "the longest chain of tasks, which ends with {}, takes more than {years} years of work; plans end before {}",
            quoted(&tasks[last].id),
            Moment::MAX.date()
        );
        let place = table.row_place(last);
        report.push(Finding::error("plan-too-long", place, text).with_hint("check the units of durations and lags"));
    }
}

fn minutes(mode: &crate::plan::Mode) -> i64 {
    mode.duration.minutes().0
}

fn lag_minutes(link: &Link) -> i64 {
    match link.lag.amount {
        LagAmount::Minutes(Minutes(minutes)) => minutes,
        LagAmount::Percent(_) => 0,
    }
}

/// The longest path over finish-to-start links between activities, each in its shortest mode, and its last task.
fn longest_chain(tasks: &[Task], modes: &Modes, links: &[Link]) -> (i64, usize) {
    let shortest: Vec<i64> = tasks
        .iter()
        .map(|task| modes.list[task.modes.start.index()..task.modes.end.index()].iter().map(minutes).min().unwrap_or(0))
        .collect();
    let is_activity = |at: usize| tasks[at].kind != TaskKind::Summary;
    let counted = |link: &&Link| {
        link.kind == Default::default() && is_activity(link.predecessor.index()) && is_activity(link.successor.index())
    };
    let mut start = vec![0i64; tasks.len()];
    let mut longest = (0, 0);
    // Links listed by their successors, each behind its predecessor, are in an order to add them up in.
    if links.is_sorted_by_key(|link| link.successor) && links.iter().all(|link| link.predecessor < link.successor) {
        links.iter().filter(counted).for_each(|link| {
            let (from, to) = (link.predecessor.index(), link.successor.index());
            start[to] = start[to].max(start[from] + shortest[from] + lag_minutes(link));
        });
        for (at, (start, shortest)) in start.iter().zip(&shortest).enumerate() {
            if start + shortest > longest.0 {
                longest = (start + shortest, at);
            }
        }
        return longest;
    }
    let pairs = links
        .iter()
        .filter(counted)
        .map(|link| (link.predecessor.index(), (link.successor.index(), lag_minutes(link))));
    let arcs = Rows::from_pairs(tasks.len(), pairs);
    let mut waiting = vec![0u32; tasks.len()];
    arcs.items().iter().for_each(|&(to, _)| waiting[to] += 1);
    let mut ready: Vec<usize> = (0..tasks.len()).filter(|&at| waiting[at] == 0).collect();
    while let Some(at) = ready.pop() {
        let finish = start[at] + shortest[at];
        if finish > longest.0 {
            longest = (finish, at);
        }
        for &(to, lag) in arcs.row(at) {
            start[to] = start[to].max(finish + lag);
            waiting[to] -= 1;
            if waiting[to] == 0 {
                ready.push(to);
            }
        }
    }
    longest
}
