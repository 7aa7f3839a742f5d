//! Why no schedule finishes earlier.

use super::words::{Line, moment, name, working};
use crate::network::Network;
use crate::plan::{LinkId, Plan, TaskKind};
use crate::schedule::{Outcome, words};
use crate::solve::{BoundReason, PathStep, ProvenBound, ResourceWindow, names, prove_bound};
use crate::units::{Minutes, Moment};

/// What is known of why no schedule finishes earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// No schedule finishes before.
    pub finish: Moment,
    /// The finish of the best schedule found.
    pub best: Moment,
    /// A reason that can be shown; it may prove an earlier bound than `finish`.
    pub proven: ProvenBound,
}

/// Why no schedule of a plan finishes earlier.
///
/// # Arguments
/// `outcome` is the answer of the solver.
///
/// # Returns
/// `None` if it has no schedule.
pub fn why_not_earlier(plan: &Plan, network: &Network, outcome: &Outcome) -> Option<Bound> {
    let best = outcome.schedule.as_ref()?.finish().unwrap_or(plan.project().start);
    let proven = prove_bound(network, best)?;
    Some(Bound { finish: outcome.lower_bound.max(proven.finish), best, proven })
}

impl Bound {
    /// True if no path and no single resource proves the bound: a search through all schedules that finish earlier does.
    pub fn is_by_search(&self) -> bool {
        self.finish > self.proven.finish
    }

    /// The sentences of the explanation.
    pub fn lines(&self, plan: &Plan) -> Vec<Line> {
        let reached = match self.best.cmp(&self.finish) {
            std::cmp::Ordering::Greater => format!("the best schedule known finishes {}", moment(plan, self.best)),
            _ => "the best schedule reaches that".to_owned(),
        };
        let mut lines = vec![Line::of(
            "bound",
            0,
            "finish",
            "",
            format!("no schedule finishes before {}; {reached}", moment(plan, self.finish)),
        )];
        if self.is_by_search() {
            let text = format!(
                "a search through all schedules that finish earlier has found none; what a path or a single resource \
                 proves is {}, because of this:",
                moment(plan, self.proven.finish)
            );
            lines.push(Line::of("bound", 0, "search", "", text));
        }
        match &self.proven.reason {
            BoundReason::Path(steps) => lines.extend(path_lines(plan, steps)),
            BoundReason::Window(window) => lines.extend(window_lines(plan, window)),
        }
        lines
    }
}

fn path_lines(plan: &Plan, steps: &[PathStep]) -> Vec<Line> {
    let line = |(at, step): (usize, &PathStep)| {
        let task = &plan.tasks()[step.task];
        let times = match task.kind == TaskKind::Milestone {
            // Before a pause or after it; where the project starts there is nothing before.
            true if step.finish < plan.project().start => format!("cannot come before {}", moment(plan, step.start)),
            true => format!("cannot come before {}", moment(plan, step.finish)),
            false => format!(
                "cannot start before {} nor finish before {}",
                moment(plan, step.start),
                moment(plan, step.finish)
            ),
        };
        let why = match (step.link, at) {
            (Some(link), _) => format!("{} ", after(plan, link)),
            (None, 0) => String::new(),
            (None, _) => "waits for its summary and ".to_owned(),
        };
        let text = format!("{} {why}{times}", name(plan, step.task));
        Line::of("bound", at + 1, "path", &task.id, text)
    };
    steps.iter().enumerate().map(line).collect()
}

/// `waits for `a` FS+1d and`.
fn after(plan: &Plan, link: LinkId) -> String {
    let link = &plan.links()[link];
    let lag = words::lag(plan, &link.lag);
    format!("waits for {} ({}{lag}) and", name(plan, link.predecessor), link.kind.code())
}

fn window_lines(plan: &Plan, window: &ResourceWindow) -> Vec<Line> {
    let ids: Vec<&str> = window.resources.iter().map(|&id| &plan.resources()[id].id[..]).collect();
    let who = match &window.resources[..] {
        [only] => plan.resources()[*only].title().to_owned(),
        several => names(plan, several),
    };
    let (needed, offered) = window.in_whole_units();
    let text = format!(
        "to finish by {}, {who} would have to do {} of work between {} and {}, and {} {}: {} too much",
        moment(plan, window.refuted),
        working(plan, needed),
        moment(plan, window.from),
        moment(plan, window.to),
        if ids.len() == 1 { "has" } else { "have" },
        working(plan, offered),
        working(plan, Minutes(needed.0 - offered.0)),
    );
    let mut lines = vec![Line::of("bound", 1, "resource", &ids.join("; "), text)];
    for (at, &task) in window.tasks.iter().enumerate() {
        let length = plan.modes_of(task).iter().map(|mode| mode.duration.minutes()).min().unwrap_or_default();
        let text = format!("{} lies within that time: {} on {who}", name(plan, task), working(plan, length));
        lines.push(Line::of("bound", at + 2, "work", &plan.tasks()[task].id, text));
    }
    lines
}
