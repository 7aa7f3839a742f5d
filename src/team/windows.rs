//! When each task can be worked on at all: links and shortest durations, forwards from the start and backwards from the
//! deadline.
//!
//! What holds whoever does the work: durations run on all hours in which anybody works, and lags are left aside. That
//! gives weeks in which somebody must be there, if nobody else can do a task.

use crate::index::{Id, IdVec};
use crate::plan::{Duration, LagAmount, Link, LinkKind, Plan, TaskId, TaskKind};
use crate::units::{Minutes, Moment};

/// The earliest start and finish, and the latest ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) early_start: Moment,
    pub(super) early_finish: Moment,
    pub(super) late_start: Moment,
    pub(super) late_finish: Moment,
}

/// The window of each task; that of a summary is the whole time.
///
/// # Complexity
/// Links times the length of the longest chain, at worst.
pub(super) fn windows(plan: &Plan, until: Moment) -> IdVec<TaskId, Window> {
    let start = plan.project().start;
    let hours = Hours::of(plan, start, until.max(start));
    let length = |task: TaskId| {
        let minutes = |elapsed: bool| {
            let all =
                plan.modes_of(task).iter().filter(|mode| matches!(mode.duration, Duration::Elapsed(_)) == elapsed);
            all.map(|mode| mode.duration.minutes()).min()
        };
        (minutes(false), minutes(true))
    };
    // The earliest moment by which so much can be done from one, and the latest from which it can be done by one.
    let forwards = |from: Moment, (working, elapsed): (Option<Minutes>, Option<Minutes>)| {
        let working = working.map(|minutes| hours.after(from, minutes));
        working.into_iter().chain(elapsed.map(|minutes| from + minutes)).min().unwrap_or(from)
    };
    let backwards = |to: Moment, (working, elapsed): (Option<Minutes>, Option<Minutes>)| {
        let working = working.map(|minutes| hours.before(to, minutes));
        working.into_iter().chain(elapsed.map(|minutes| to - minutes)).max().unwrap_or(to)
    };
    let whole = Window { early_start: start, early_finish: start, late_start: until, late_finish: until };
    let mut windows: IdVec<TaskId, Window> = IdVec::from(vec![whole; plan.tasks().len()]);
    let is_work = |task: TaskId| plan.tasks()[task].kind != TaskKind::Summary;
    for task in plan.tasks().ids().filter(|&task| is_work(task)) {
        let length = length(task);
        windows[task].early_finish = forwards(start, length);
        windows[task].late_start = backwards(until, length);
    }
    let counts = |link: &&Link| {
        let is_later = match link.lag.amount {
            LagAmount::Minutes(minutes) => minutes >= Minutes::ZERO,
            LagAmount::Percent(_) => false,
        };
        is_later && is_work(link.predecessor) && is_work(link.successor)
    };
    let links: Vec<&Link> = plan.links().iter().filter(counts).collect();
    // As often as a chain is long; what is not at rest then holds all the same.
    for _ in 0..=plan.tasks().len().min(MOST_ROUNDS) {
        let before = windows.clone();
        for link in &links {
            let (one, other) = (windows[link.predecessor], windows[link.successor]);
            let successor = &mut windows[link.successor];
            match link.kind {
                LinkKind::FinishToStart => successor.early_start = other.early_start.max(one.early_finish),
                LinkKind::StartToStart => successor.early_start = other.early_start.max(one.early_start),
                LinkKind::FinishToFinish => successor.early_finish = other.early_finish.max(one.early_finish),
                LinkKind::StartToFinish => successor.early_finish = other.early_finish.max(one.early_start),
            }
            let least = forwards(successor.early_start, length(link.successor));
            successor.early_finish = successor.early_finish.max(least);
            let predecessor = &mut windows[link.predecessor];
            match link.kind {
                LinkKind::FinishToStart => predecessor.late_finish = one.late_finish.min(other.late_start),
                LinkKind::StartToStart => predecessor.late_start = one.late_start.min(other.late_start),
                LinkKind::FinishToFinish => predecessor.late_finish = one.late_finish.min(other.late_finish),
                LinkKind::StartToFinish => predecessor.late_start = one.late_start.min(other.late_finish),
            }
            let most = backwards(predecessor.late_finish, length(link.predecessor));
            predecessor.late_start = predecessor.late_start.min(most);
        }
        if windows == before {
            break;
        }
    }
    windows
}

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

    /// When so much is done that is begun at a moment; without an end, never.
    fn after(&self, from: Moment, minutes: Minutes) -> Moment {
        let mut left = minutes;
        if left <= Minutes::ZERO {
            return from;
        }
        let first = self.stretches.partition_point(|&(_, finish)| finish <= from);
        for &(start, finish) in &self.stretches[first..] {
            let start = start.max(from);
            if finish - start >= left {
                return start + left;
            }
            left = left - (finish - start);
        }
        Moment::MAX
    }

    /// When so much has to be begun that is done at a moment; without a beginning, always.
    fn before(&self, to: Moment, minutes: Minutes) -> Moment {
        let mut left = minutes;
        if left <= Minutes::ZERO {
            return to;
        }
        let last = self.stretches.partition_point(|&(start, _)| start < to);
        for &(start, finish) in self.stretches[..last].iter().rev() {
            let finish = finish.min(to);
            if finish - start >= left {
                return finish - left;
            }
            left = left - (finish - start);
        }
        Moment::MIN
    }
}
