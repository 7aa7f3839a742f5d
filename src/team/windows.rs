//! What links and hours say of the time between tasks, whoever does them.

use crate::index::Id;
use crate::plan::{Duration, LagAmount, Link, LinkKind, Plan, TaskId, TaskKind};
use crate::units::{Minutes, Moment};

/// The least working time, in minutes, from the start of each task to the finish of each other one that links bring
/// after it; of a task to itself how long it takes. None for what links say nothing of. Rows are by the first of the
/// two tasks.
///
/// # Complexity
/// Tasks times links times the length of the longest chain, at worst.
pub(super) fn distances(plan: &Plan) -> Vec<Vec<Option<i64>>> {
    let shortest = |task: TaskId| {
        let modes = plan.modes_of(task).iter();
        let working = modes.map(|mode| match mode.duration {
            Duration::Working(minutes) => minutes.0,
            Duration::Elapsed(_) => 0,
        });
        working.min().unwrap_or(0)
    };
    let length: Vec<i64> = plan.tasks().ids().map(shortest).collect();
    let is_work = |task: TaskId| plan.tasks()[task].kind != TaskKind::Summary;
    let follows = |link: &&Link| {
        let is_later = matches!(link.lag.amount, LagAmount::Minutes(minutes) if minutes >= Minutes::ZERO);
        is_later && link.kind == LinkKind::FinishToStart && is_work(link.predecessor) && is_work(link.successor)
    };
    let links: Vec<(usize, usize)> =
        plan.links().iter().filter(follows).map(|link| (link.predecessor.index(), link.successor.index())).collect();
    let from = |first: usize| {
        let mut row: Vec<Option<i64>> = vec![None; length.len()];
        row[first] = Some(length[first]);
        for _ in 0..plan.tasks().len().min(MOST_ROUNDS) {
            let mut is_stable = true;
            for &(before, after) in &links {
                let reached = row[before].map(|minutes| minutes + length[after]);
                if reached > row[after] {
                    (row[after], is_stable) = (reached, false);
                }
            }
            if is_stable {
                break;
            }
        }
        row
    };
    (0..length.len()).map(from).collect()
}

/// Working minutes of anybody in each week, between the start of the project and a moment.
pub(super) fn hours_by_week(plan: &Plan, weeks: &[Moment], until: Moment) -> Vec<i64> {
    let start = plan.project().start;
    let hours = Hours::of(plan, start, until.max(start));
    let within = |from: Moment, to: Moment| {
        let parts = hours.stretches.iter().map(|&(start, finish)| (finish.min(to) - start.max(from)).0.max(0));
        parts.sum()
    };
    weeks.windows(2).map(|week| within(week[0], week[1])).collect()
}

/// Rounds of passing dates along links.
const MOST_ROUNDS: usize = 200;

/// The hours in which anybody works.
struct Hours {
    /// In order and apart.
    stretches: Vec<(Moment, Moment)>,
}

impl Hours {
    fn of(plan: &Plan, from: Moment, to: Moment) -> Hours {
        let people = plan.resources().ids().map(|id| plan.calendar_of(id));
        let tasks = plan.tasks().iter().filter_map(|task| task.calendar);
        let mut calendars: Vec<_> = people.chain(tasks).chain([plan.project().calendar]).collect();
        calendars.sort_unstable();
        calendars.dedup();
        let mut all: Vec<(Moment, Moment)> =
            calendars.into_iter().flat_map(|id| plan.calendars()[id].stretches(from, to)).collect();
        all.sort_unstable();
        let mut stretches: Vec<(Moment, Moment)> = Vec::new();
        for (start, finish) in all {
            match stretches.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(finish),
                _ => stretches.push((start, finish)),
            }
        }
        Hours { stretches }
    }
}
