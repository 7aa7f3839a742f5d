//! The shape of a plan's network: ends that hang, tasks where much comes together, work out of its order.

use crate::index::{Id, IdVec};
use crate::plan::{LabelId, Link, LinkId, LinkKind, Plan, Task, TaskId, TaskKind};
use crate::units::Minutes;

/// What is conspicuous besides the fourteen points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Activities with predecessors of which none holds their start: only links from finish to finish or start to finish lead in.
    pub dangling_starts: Vec<TaskId>,
    /// Activities with successors of which none waits for their finish: only links from their start lead out.
    pub dangling_finishes: Vec<TaskId>,
    /// Links for each activity that is not finished; 2 to 4 are usual.
    pub density: f64,
    /// Activities in which many links come together, and how many; the most first.
    pub hotspots: Vec<(TaskId, usize)>,
    /// Links that work has not waited for: the successor was started before the link let it.
    pub out_of_sequence: Vec<LinkId>,
    /// Activities that take over ten times as long as the usual one of their category, or of the plan.
    pub unusual_durations: Vec<TaskId>,
}

/// So many links come together in a hotspot, at least.
const HOTSPOT: usize = 6;
/// Hotspots that are named.
const MOST_HOTSPOTS: usize = 10;
/// Over so many times the usual duration is unusual.
const UNUSUAL: i64 = 10;
/// Tasks that say what is usual, at least.
const FEWEST: usize = 5;

/// Which links lead into and out of each task, its summaries' included.
#[derive(Clone, Debug)]
pub struct Links {
    /// By task.
    pub of: IdVec<TaskId, Ends>,
}

/// Links at a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Links in, and those of them that hold its start.
    pub into: (usize, usize),
    /// Links out, and those of them that wait for its finish.
    pub out_of: (usize, usize),
}

impl Links {
    /// Those of a plan.
    pub fn of(plan: &Plan) -> Links {
        let mut ends = IdVec::from(vec![Ends::default(); plan.tasks().len()]);
        for link in plan.links().iter() {
            let into = &mut ends[link.successor].into;
            *into = (into.0 + 1, into.1 + usize::from(!link.kind.to_finish()));
            let out_of = &mut ends[link.predecessor].out_of;
            *out_of = (out_of.0 + 1, out_of.1 + usize::from(link.kind.from_finish()));
        }
        // What holds a summary holds all below it; parents may stand behind their children.
        let own = ends.clone();
        for task in plan.tasks().ids() {
            let above = std::iter::successors(plan.tasks()[task].parent, |&above| plan.tasks()[above].parent);
            for above in above {
                let (sum, more) = (&mut ends[task], own[above]);
                sum.into = (sum.into.0 + more.into.0, sum.into.1 + more.into.1);
                sum.out_of = (sum.out_of.0 + more.out_of.0, sum.out_of.1 + more.out_of.1);
            }
        }
        Links { of: ends }
    }
}

/// The activities that are not finished, milestones included.
pub fn open(plan: &Plan) -> impl Iterator<Item = (TaskId, &Task)> {
    plan.tasks().iter_enumerated().filter(|(_, task)| task.kind != TaskKind::Summary && !task.is_finished())
}

impl Shape {
    /// That of a plan.
    pub fn of(plan: &Plan, links: &Links) -> Shape {
        let named = |is_meant: &dyn Fn(&Ends) -> bool| -> Vec<TaskId> {
            open(plan).filter(|(task, _)| is_meant(&links.of[*task])).map(|(task, _)| task).collect()
        };
        let is_open = |task: TaskId| plan.tasks()[task].kind != TaskKind::Summary && !plan.tasks()[task].is_finished();
        let of_open = plan.links().iter().filter(|link| is_open(link.successor)).count();
        let mut hotspots: Vec<(TaskId, usize)> =
            open(plan).map(|(task, _)| (task, links.of[task].into.0)).filter(|&(_, count)| count >= HOTSPOT).collect();
        hotspots.sort_by_key(|&(task, count)| (std::cmp::Reverse(count), task));
        hotspots.truncate(MOST_HOTSPOTS);
        Shape {
            dangling_starts: named(&|ends| ends.into.0 > 0 && ends.into.1 == 0),
            dangling_finishes: named(&|ends| ends.out_of.0 > 0 && ends.out_of.1 == 0),
            density: of_open as f64 / open(plan).count().max(1) as f64,
            hotspots,
            out_of_sequence: out_of_sequence(plan),
            unusual_durations: unusual_durations(plan),
        }
    }
}

/// The links whose successors began before their predecessors let them, whatever has become of them since.
pub fn out_of_sequence(plan: &Plan) -> Vec<LinkId> {
    plan.links().iter_enumerated().filter(|(_, link)| started_early(plan, link)).map(|(id, _)| id).collect()
}

/// True if work on the successor began before the end of the predecessor that it waits for.
fn started_early(plan: &Plan, link: &Link) -> bool {
    if link.kind.to_finish() || link.lag.is_lead() {
        return false;
    }
    let Some(started) = plan.tasks()[link.successor].progress.map(|progress| progress.start) else { return false };
    let before = plan.tasks()[link.predecessor].progress;
    let end = match link.kind {
        LinkKind::StartToStart => before.map(|progress| progress.start),
        _ => before.and_then(|progress| progress.finish),
    };
    plan.tasks()[link.predecessor].kind != TaskKind::Summary && end.is_none_or(|end| end > started)
}

/// Activities that take far longer than others of their kind.
fn unusual_durations(plan: &Plan) -> Vec<TaskId> {
    let duration = |task: TaskId| plan.modes_of(task).first().map_or(Minutes::ZERO, |mode| mode.duration.minutes());
    let works = || open(plan).map(|(task, row)| (task, row, duration(task))).filter(|(.., time)| *time > Minutes::ZERO);
    let mut by_kind: std::collections::BTreeMap<Option<usize>, Vec<Minutes>> = Default::default();
    for (_, row, time) in works() {
        by_kind.entry(None).or_default().push(time);
        if let Some(category) = row.category {
            by_kind.entry(Some(category.index())).or_default().push(time);
        }
    }
    let median = |times: &mut Vec<Minutes>| {
        times.sort_unstable();
        (times.len() >= FEWEST).then(|| times[times.len() / 2])
    };
    let usual: std::collections::BTreeMap<_, Option<Minutes>> =
        by_kind.iter_mut().map(|(kind, times)| (*kind, median(times))).collect();
    let usual_of = |category: Option<LabelId>| {
        let of_kind = category.and_then(|category| usual.get(&Some(category.index())).copied().flatten());
        of_kind.or(usual.get(&None).copied().flatten())
    };
    let is_unusual = |row: &Task, time: Minutes| usual_of(row.category).is_some_and(|usual| time.0 > UNUSUAL * usual.0);
    works().filter(|(_, row, time)| is_unusual(row, *time)).map(|(task, ..)| task).collect()
}
