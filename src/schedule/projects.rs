//! The projects or phases of a plan: what its summaries of the top level come to in a schedule.

use super::cost::{task_costs, working_time};
use super::{Schedule, TaskDates};
use crate::index::{Id, IdVec};
use crate::plan::{Plan, TaskId, TaskKind};
use crate::units::{Minutes, Moment, Money};

/// One of several projects or phases of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectFigures {
    /// The summary.
    pub summary: TaskId,
    /// Activities and milestones below it.
    pub tasks: usize,
    /// The first start below it.
    pub start: Moment,
    /// The last finish below it.
    pub finish: Moment,
    /// Working time of the project calendar from start to finish.
    pub length: Minutes,
    /// What everything below it costs.
    pub cost: Money,
    /// Its finish by links, calendars and constraints alone, as if it had every resource for itself.
    pub early_finish: Moment,
    /// Working time of the project calendar from then to its finish: what it waits for resources and money.
    pub delay: Minutes,
    /// Its deadline: the tightest of its own and those of the summaries above it.
    pub deadline: Option<Moment>,
    /// Working time of the project calendar by which it misses its deadline; zero if it keeps it.
    pub late: Minutes,
    /// Least total float below it.
    pub total_float: Minutes,
    /// True if something below it is critical.
    pub critical: bool,
    /// The task below it that finishes last; it and its driver tell why the project does not finish earlier.
    pub last_task: TaskId,
}

/// The figures of the projects or phases of a plan: of the summaries of its top level, or, where all of that is in one
/// summary, of those below.
///
/// # Arguments
/// `dates` has an entry for each task.
///
/// # Returns
/// None, if there are not at least two such summaries.
///
/// # Complexity
/// Linear in tasks, assignments and the days of each project.
pub fn projects(plan: &Plan, schedule: &Schedule, dates: &IdVec<TaskId, TaskDates>) -> Vec<ProjectFigures> {
    let (tops, number_of) = summaries_on_top(plan);
    let mut count = vec![0; tops.len()];
    let mut last: Vec<Option<TaskId>> = vec![None; tops.len()];
    // In the order of the plan; among equal finishes the one on the longest path.
    for (task, row) in plan.tasks().iter_enumerated().filter(|(_, row)| row.kind != TaskKind::Summary) {
        let Some(number) = row.parent.and_then(|parent| number_of[parent.index()]) else { continue };
        let number = number as usize;
        count[number] += 1;
        let rank = |task: TaskId| (schedule.placements[task].finish, dates[task].longest_path, dates[task].critical);
        if last[number].is_none_or(|last| rank(task) > rank(last)) {
            last[number] = Some(task);
        }
    }
    let costs = task_costs(plan, schedule);
    let figures = |number: usize| {
        let summary = tops[number];
        let (placement, dates) = (&schedule.placements[summary], &dates[summary]);
        let above = std::iter::successors(Some(summary), |&task| plan.tasks()[task].parent);
        let deadline = above.filter_map(|task| plan.tasks()[task].deadline).min();
        Some(ProjectFigures {
            summary,
            tasks: count[number],
            start: placement.start,
            finish: placement.finish,
            length: working_time(plan, placement.start, placement.finish),
            cost: costs[summary].total(),
            early_finish: dates.early_finish,
            delay: working_time(plan, dates.early_finish, placement.finish),
            deadline,
            late: deadline.map_or(Minutes::ZERO, |deadline| working_time(plan, deadline, placement.finish)),
            total_float: dates.total_float,
            critical: dates.critical,
            last_task: last[number]?,
        })
    };
    (0..tops.len()).filter_map(figures).collect()
}

/// The summaries that stand for projects, if there are several; and for each task the number of the one it is or is below.
fn summaries_on_top(plan: &Plan) -> (Vec<TaskId>, Vec<Option<u32>>) {
    let tasks = plan.tasks();
    let mut children: Vec<Vec<TaskId>> = vec![Vec::new(); tasks.len()];
    let mut level = Vec::new();
    for (task, row) in tasks.iter_enumerated() {
        match row.parent {
            Some(parent) => children[parent.index()].push(task),
            None => level.push(task),
        }
    }
    // A single summary around everything is the plan itself.
    while let [only] = level[..] {
        level = std::mem::take(&mut children[only.index()]);
    }
    let tops: Vec<TaskId> = level.into_iter().filter(|&task| tasks[task].kind == TaskKind::Summary).collect();
    let mut number_of = vec![None; tasks.len()];
    if tops.len() < 2 {
        return (Vec::new(), number_of);
    }
    for (number, &top) in tops.iter().enumerate() {
        let mut open = vec![top];
        while let Some(task) = open.pop() {
            number_of[task.index()] = Some(number as u32);
            open.append(&mut children[task.index()]);
        }
    }
    (tops, number_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Id;
    use crate::schedule::testing::{DAY, Sketch, days, march, schedule};
    use crate::schedule::{Driver, TaskDates};

    /// Dates of a task that could finish at `early_finish`.
    fn dates(early_finish: Moment) -> TaskDates {
        TaskDates {
            early_start: march(2, 8),
            early_finish,
            late_start: march(2, 8),
            late_finish: early_finish,
            total_float: Minutes(0),
            free_float: Minutes(0),
            critical: true,
            longest_path: true,
            driver: Driver::ProjectStart,
        }
    }

    #[test]
    fn each_summary_of_the_top_level_is_a_project_and_one_around_all_of_them_is_not() {
        for with_root in [false, true] {
            let mut sketch = Sketch::new();
            let root = with_root.then(|| sketch.summary("root"));
            let [p, q] = ["P", "Q"].map(|id| sketch.summary(id));
            let inner = sketch.summary("inner");
            let [a, b, c] = ["A", "B", "C"].map(|id| sketch.task(id, days(1)));
            let parents = [(p, root), (q, root), (inner, Some(q)), (a, Some(p)), (b, Some(inner)), (c, Some(q))];
            for (task, parent) in parents {
                sketch.at(task).parent = parent;
            }
            sketch.at(q).deadline = Some(march(4, 0));
            let plan = sketch.build();
            // A and B work on Monday, C on Wednesday; Q could be done on Monday, and should be by the end of Tuesday.
            let monday = (march(2, 8), march(2, 17));
            let wednesday = (march(4, 8), march(4, 17));
            let all = (march(2, 8), march(4, 17));
            let times = [monday, all, all, monday, monday, wednesday];
            let times: Vec<_> = root.map(|_| all).into_iter().chain(times).collect();
            let made = schedule(&plan, &times);
            let dates = IdVec::from(vec![dates(march(2, 17)); plan.tasks().len()]);
            let found = projects(&plan, &made, &dates);
            let figures: Vec<_> = found
                .iter()
                .map(|project| (project.summary, project.tasks, project.length.0, project.delay.0, project.late.0))
                .collect();
            assert_eq!(figures, [(p, 1, DAY, 0, 0), (q, 2, 3 * DAY, 2 * DAY, DAY)]);
            assert_eq!((found[0].last_task, found[1].last_task), (a, c));
        }
    }

    #[test]
    fn a_plan_with_one_summary_is_one_project() {
        let mut sketch = Sketch::new();
        let p = sketch.summary("P");
        let [a, b] = ["A", "B"].map(|id| sketch.task(id, days(1)));
        sketch.at(a).parent = Some(p);
        let plan = sketch.build();
        let made = schedule(&plan, &[(march(2, 8), march(2, 17)); 3]);
        assert_eq!(projects(&plan, &made, &IdVec::from(vec![dates(march(2, 17)); 3])), []);
        assert_eq!(b.index(), 2);
    }
}
