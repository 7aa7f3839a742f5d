//! Schedules of work that has begun, as the judge of what remains sees them.

use super::links::Shifted;
use super::report::Report;
use super::{Judge, is_sound};
use crate::error::{Finding, Findings, Place};
use crate::index::{Id, IdVec, Rows};
use crate::plan::{ActivityType, ConstraintKind, LinkId, Plan, Progress, Task, TaskId, TaskKind};
use crate::schedule::cost::children_before_parents;
use crate::schedule::{Assignment, Placement, Schedule};
use crate::units::{Minutes, Moment};

/// The schedule of what remains, from one in which all work stands where it began, as users see it.
///
/// - Started work must start at its actual start, and finished work end at its actual finish.
/// - The rest of a started task is the last of its work, up to its finish.
/// - Finished work takes no time and needs nobody; it stands as early as the links allow that it hands on.
/// - A level of effort follows from what it is linked to, and takes part in nothing.
///
/// # Arguments
/// `plan` is a plan of what remains ([`Plan::remaining`]).
///
/// # Returns
/// The schedule for [`verify`](super::verify), and an error for each actual date that is not kept (`actual-start`,
/// `actual-finish`) and for each summary that does not span what is below it (`summary-roll-up`).
///
/// # Complexity
/// Linear in tasks and links, times the longest chain of finished work that stands in the file against its links.
pub fn left_of(plan: &Plan, schedule: &Schedule) -> (Schedule, Findings) {
    let mut findings = Findings::new();
    let count = plan.tasks().len();
    if !plan.has_progress() || schedule.placements.len() != count || schedule.assignments.len() != count {
        return (schedule.clone(), findings);
    }
    let sound = plan.tasks().ids().map(|task| is_sound(plan, schedule, task)).collect();
    let mut judge = Judge::new(plan, schedule, sound);
    judge.roll_up();
    let mut report = judge.check_summaries();
    let mut placements = schedule.placements.clone();
    for task in plan.tasks().ids().filter(|task| judge.sound[task.index()]) {
        judge.check_actual_dates(task, &mut report);
        judge.place_rest(task, &mut placements[task]);
    }
    judge.place_finished(&mut placements);
    span_summaries(plan, &mut placements);
    report.finish(&mut findings);
    let efforts = plan.tasks().iter().filter(|task| is_effort(task)).count();
    if efforts > 0 {
        let text = format!("{efforts} levels of effort are not judged: they last as long as what they are linked to");
        findings.push(Finding::note("not-judged", Place::default(), text));
    }
    let mut assignments: Rows<Assignment> = Rows::new();
    for (task, row) in plan.tasks().iter_enumerated() {
        let assigned = schedule.assignments.row(task.index());
        assignments.push_row(assigned.iter().filter(|_| !row.is_finished() && !is_effort(row)).copied());
    }
    (Schedule { placements, assignments }, findings)
}

fn is_effort(task: &Task) -> bool {
    task.activity == ActivityType::LevelOfEffort && task.kind != TaskKind::Summary
}

/// Makes summaries span what is below them.
fn span_summaries(plan: &Plan, placements: &mut IdVec<TaskId, Placement>) {
    let mut spans: IdVec<TaskId, Option<(Moment, Moment)>> = IdVec::filled(None, plan.tasks().len());
    for task in children_before_parents(plan) {
        let row = &plan.tasks()[task];
        if row.kind != TaskKind::Summary {
            spans[task] = Some((placements[task].start, placements[task].finish));
        } else if let Some((start, finish)) = spans[task] {
            (placements[task].start, placements[task].finish) = (start, finish);
        }
        if let (Some(parent), Some((start, finish))) = (row.parent, spans[task]) {
            let (first, last) = spans[parent].unwrap_or((start, finish));
            spans[parent] = Some((first.min(start), last.max(finish)));
        }
    }
}

impl Judge<'_> {
    fn check_actual_dates(&self, task: TaskId, report: &mut Report) {
        // Without a status date started work has a date at which it must start.
        let progress = self.plan.tasks()[task].progress.filter(|_| self.plan.project().status_date.is_some());
        let Some(Progress { start, finish, .. }) = progress else { return };
        let (id, placement) = (self.id(task), &self.schedule.placements[task]);
        if placement.start != start {
            report.error("actual-start", || {
                format!(
                    "task `{id}` has started {}, but the schedule says {}",
                    self.at(start),
                    self.at(placement.start)
                )
            });
        }
        if let Some(finish) = finish.filter(|&finish| finish != placement.finish) {
            report.error("actual-finish", || {
                let says = self.at(placement.finish);
                format!("task `{id}` has finished {}, but the schedule says {says}", self.at(finish))
            });
        }
    }

    /// Places what is left of a task.
    fn place_rest(&self, task: TaskId, placement: &mut Placement) {
        let (row, project) = (&self.plan.tasks()[task], self.plan.project());
        if is_effort(row) {
            (placement.start, placement.finish) = (project.start, project.start);
            return;
        }
        let is_under_way = row.progress.is_some_and(|progress| progress.finish.is_none());
        if let (true, Some(_), Some(mode)) = (is_under_way, project.status_date, self.mode(task)) {
            let left = mode.duration.minutes();
            let start = match left {
                Minutes::ZERO => None,
                _ => self.times.of_task(task).start_before(placement.finish, left),
            };
            placement.start = start.unwrap_or(placement.finish);
        }
    }

    /// Places finished work as early as the status date, its links and those of its summaries allow.
    fn place_finished(&self, placements: &mut IdVec<TaskId, Placement>) {
        let (tasks, links) = (self.plan.tasks(), self.plan.links());
        if self.plan.project().status_date.is_none() {
            return;
        }
        let finished: Vec<TaskId> = tasks.ids().filter(|&task| tasks[task].is_finished()).collect();
        let with_summaries = |task: TaskId| std::iter::successors(Some(task), |&below| tasks[below].parent);
        for &task in &finished {
            let start = with_summaries(task).filter_map(|holder| self.earliest(holder)).max();
            let start = start.map_or(self.plan.project().start, |start| start.max(self.plan.project().start));
            (placements[task].start, placements[task].finish) = (start, start);
        }
        let into = Rows::from_pairs(
            tasks.len(),
            (0..links.len()).map(LinkId::new).map(|id| (links[id].successor.index(), id)),
        );
        for _ in 0..=finished.len() {
            let mut is_settled = true;
            for &task in &finished {
                let held = with_summaries(task).flat_map(|holder| into.row(holder.index()));
                let bound = held.filter_map(|&link| self.bound_of(link, placements)).max();
                if let Some(bound) = bound.filter(|&bound| bound > placements[task].start) {
                    (placements[task].start, placements[task].finish) = (bound, bound);
                    is_settled = false;
                }
            }
            if is_settled {
                return;
            }
        }
    }

    /// The date before which a task, or what is below a summary, does not start.
    fn earliest(&self, task: TaskId) -> Option<Moment> {
        let moment = self.plan.tasks()[task].constraint_of(ConstraintKind::StartNoEarlierThan)?.moment;
        let is_gate = self.is_summary(task);
        if is_gate { Some(moment) } else { self.times.of_task(task).next_work(moment) }
    }

    /// Where a link leads to.
    fn bound_of(&self, link: LinkId, placements: &IdVec<TaskId, Placement>) -> Option<Moment> {
        let link = &self.plan.links()[link];
        let (start, finish) = match self.is_summary(link.predecessor) {
            true => self.span(link.predecessor)?,
            false => (placements[link.predecessor].start, placements[link.predecessor].finish),
        };
        match self.shifted(if link.kind.from_finish() { finish } else { start }, &link.lag, link) {
            Shifted::To(bound) => Some(bound),
            Shifted::LongBefore | Shifted::LongAfter => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::draft::{PlanDraft, Table, TableKind};
    use crate::plan::validate;
    use crate::schedule::verify;
    use jiff::civil::date;

    const PROGRESS: [&str; 3] = [
        "task|actual_start|actual_finish|remaining_duration",
        "done|2026-03-02 08:00|2026-03-06 17:00|",
        "begun|2026-03-09 08:00||4d",
    ];

    fn plan(project: &[&str], tasks: &[&str]) -> Plan {
        let table = |kind: TableKind, lines: &[&str]| {
            let mut table = Table::new(kind, kind.file_name(), lines[0].split('|'));
            (2..).zip(&lines[1..]).for_each(|(line, row)| assert!(table.push_row(line, row.split('|'))));
            table
        };
        let tables = vec![
            table(TableKind::Project, project),
            table(TableKind::Tasks, tasks),
            table(TableKind::Progress, &PROGRESS),
        ];
        validate(&PlanDraft { name: "begun".into(), tables, ..PlanDraft::default() }).unwrap().0.into_remaining()
    }

    /// The rules that a schedule breaks, given day and hour of each start and finish in March.
    fn broken(plan: &Plan, dates: &[[i8; 4]]) -> Vec<&'static str> {
        let at = |day: i8, hour: i8| Moment::from_civil(date(2026, 3, day).at(hour, 0, 0, 0));
        let mut schedule = Schedule { placements: IdVec::new(), assignments: Rows::new() };
        for (task, &[first, from, last, to]) in plan.tasks().iter().zip(dates) {
            let mode = (task.kind != TaskKind::Summary).then_some(task.modes.start);
            schedule.placements.push(Placement { start: at(first, from), finish: at(last, to), mode });
            schedule.assignments.push_row([]);
        }
        let (left, mut findings) = left_of(plan, &schedule);
        findings.append(verify(plan, &left));
        findings.iter().map(|finding| finding.rule).collect()
    }

    const TASKS: [&str; 5] =
        ["id|duration|parent|predecessors", "all|||", "done|5d|all|", "begun|5d|all|done", "next|3d||begun FS+1d"];
    const GOOD: [[i8; 4]; 4] = [[2, 8, 16, 17], [2, 8, 6, 17], [9, 8, 16, 17], [18, 8, 20, 17]];

    #[test]
    fn begun_work_keeps_its_actual_dates_and_the_rest_lies_behind_the_status_date() {
        // Wednesday the 11th: four of five days are left of the second task, until Monday the 16th.
        let plan = plan(&["key|value", "start|2026-03-02", "status_date|2026-03-11 08:00"], &TASKS);
        let with = |at: usize, dates: [i8; 4]| {
            let mut all = GOOD;
            all[at] = dates;
            broken(&plan, &all)
        };
        assert!(broken(&plan, &GOOD).is_empty(), "{:?}", broken(&plan, &GOOD));
        assert_eq!(with(1, [2, 8, 5, 17]), ["actual-finish"]);
        assert_eq!(with(2, [10, 8, 16, 17]), ["actual-start"]);
        // A day too early: the rest would have to start before the status date, to which the link from what is done leads.
        let mut early = GOOD;
        (early[0], early[2]) = ([2, 8, 13, 17], [9, 8, 13, 17]);
        assert_eq!(broken(&plan, &early), ["start-before-project", "precedence-violated"]);
        assert_eq!(with(3, [17, 8, 19, 17]), ["precedence-violated"]);
        assert_eq!(with(0, [11, 8, 16, 17]), ["summary-roll-up"]);
        // The rest may wait.
        let later = [[2, 8, 17, 17], [2, 8, 6, 17], [9, 8, 17, 17], [19, 8, 23, 17]];
        assert!(broken(&plan, &later).is_empty());
    }

    #[test]
    fn finished_work_hands_on_what_it_should_have_waited_for() {
        let tasks = ["id|duration|predecessors", "begun|5d|", "done|5d|begun", "next|1d|done"];
        let project = ["key|value", "start|2026-03-02", "status_date|2026-03-11 08:00"];
        let dates = [[9, 8, 16, 17], [2, 8, 6, 17], [12, 8, 12, 17]];
        assert_eq!(broken(&plan(&project, &tasks), &dates), ["precedence-violated"]);
        let actual = [project[0], project[1], project[2], "progress_logic|actual"];
        assert!(broken(&plan(&actual, &tasks), &dates).is_empty());
    }

    #[test]
    fn without_a_status_date_started_work_stands_where_it_stands() {
        let plan = plan(&["key|value", "start|2026-03-02"], &TASKS);
        let good = [[2, 8, 13, 17], [2, 8, 6, 17], [9, 8, 13, 17], [17, 8, 19, 17]];
        assert!(broken(&plan, &good).is_empty(), "{:?}", broken(&plan, &good));
        let moved = [[2, 8, 16, 17], [2, 8, 6, 17], [10, 8, 16, 17], [18, 8, 20, 17]];
        assert_eq!(broken(&plan, &moved), ["must-start-on"]);
    }
}
