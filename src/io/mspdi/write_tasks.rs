//! The element `Tasks`.

use super::values::plain_number;
use super::write::Writer;
use super::write_calendars;
use crate::index::{Id, IdVec, Rows};
use crate::io::losses::Losses;
use crate::plan::draft::TableKind;
use crate::plan::{
    ActivityType, Constraint, ConstraintKind, Duration, LagAmount, LagCalendar, Link, LinkKind, Mode, ModeId, Plan,
    Task, TaskId, TaskKind,
};
use crate::schedule::Placement;
use crate::units::{Minutes, Moment, Money};

/// A task at its place in the outline.
pub(super) struct OutlineRow {
    pub(super) task: TaskId,
    level: usize,
    number: String,
}

/// The number of a task.
pub(super) fn uid(task: TaskId) -> i64 {
    task.index() as i64 + 1
}

/// Writes the element.
///
/// # Returns
/// The tasks in the order in which they stand in it.
pub(super) fn write(writer: &mut Writer<'_>) -> Vec<OutlineRow> {
    let plan = writer.plan;
    let rows = outline(plan);
    let numbers: Vec<Option<i64>> = rows.iter().map(|row| visible_number(plan, row.task)).collect();
    let keeps_ids = numbers.is_sorted_by(|a, b| a < b) && numbers.iter().all(Option::is_some);
    for pair in rows.windows(2) {
        if let [before, after] = pair
            && before.task > after.task
            && let Some(task) = plan.tasks().get(after.task)
        {
            let what = "tasks stand elsewhere than their summary;";
            writer.losses.note((TableKind::Tasks, "parent"), (what, "they are moved"), &task.id);
        }
    }
    let pairs = plan.links().iter().zip(0u32..).map(|(link, at)| (link.successor.index(), at));
    let links = Rows::from_pairs(plan.tasks().len(), pairs);
    writer.markup.open("Tasks");
    for ((row, number), position) in rows.iter().zip(numbers).zip(1i64..) {
        let Some(task) = plan.tasks().get(row.task) else { continue };
        if !keeps_ids {
            let what = "ids of tasks are no ascending numbers;";
            let outcome = "they are kept as WBS codes, and tasks are numbered";
            writer.losses.note((TableKind::Tasks, "id"), (what, outcome), &task.id);
        }
        task_losses(&mut writer.losses, task, writer.honors);
        let id = number.filter(|_| keeps_ids).unwrap_or(position);
        let own_links: Vec<Link> = links
            .row(row.task.index())
            .iter()
            .filter_map(|&at| plan.links().get(Id::new(at as usize)).copied())
            .collect();
        element(writer, row, task, id, &own_links);
    }
    writer.markup.close("Tasks");
    rows
}

/// All tasks, each summary right before what is below it.
fn outline(plan: &Plan) -> Vec<OutlineRow> {
    let tasks = plan.tasks();
    let pairs = tasks.iter().zip(0u32..).filter_map(|(task, at)| Some((task.parent?.index(), at)));
    let children = Rows::from_pairs(tasks.len(), pairs);
    let mut rows = Vec::with_capacity(tasks.len());
    // Tasks that are still to come, the next one last; with the number that they get.
    let mut waiting: Vec<(TaskId, usize, String)> = Vec::new();
    let roots: Vec<TaskId> =
        tasks.iter_enumerated().filter(|(_, task)| task.parent.is_none()).map(|(id, _)| id).collect();
    for (task, position) in roots.into_iter().zip(1usize..) {
        waiting.push((task, 1, position.to_string()));
        while let Some((task, level, number)) = waiting.pop() {
            let below = children.row(task.index());
            for (position, &child) in below.iter().enumerate().rev() {
                // Numbers of deep outlines would grow without end.
                let own = if level < 20 { format!("{number}.{}", position + 1) } else { number.clone() };
                waiting.push((TaskId::new(child as usize), level + 1, own));
            }
            rows.push(OutlineRow { task, level, number });
        }
    }
    rows
}

/// The id of a task, if it is a plain number.
fn visible_number(plan: &Plan, task: TaskId) -> Option<i64> {
    let id = &plan.tasks().get(task)?.id;
    let number = id.parse::<i32>().ok().filter(|number| *number > 0)?;
    (number.to_string() == **id).then_some(number.into())
}

/// What is asked of a task that does not fit into its place in the file.
fn task_losses(losses: &mut Losses, task: &Task, honors: bool) {
    if task.second_constraint.is_some() && exact(task).filter(|_| !honors).is_none() {
        losses.warn((TableKind::Tasks, "second_constraint"), ("second date constraints", "are left out"), &task.id);
    }
    match task.activity {
        ActivityType::Task => {}
        ActivityType::LevelOfEffort => {
            let what = "tasks of the kind level of effort";
            losses.warn((TableKind::Tasks, "type"), (what, "become tasks of their duration"), &task.id);
        }
        ActivityType::StartMilestone | ActivityType::FinishMilestone => {
            losses.note((TableKind::Tasks, "type"), ("kinds of milestones", "are left out"), &task.id);
        }
    }
}

/// True if links do not win over constraints: the plan says so, or has exact dates, which would not be kept otherwise.
pub(super) fn honors_constraints(plan: &Plan) -> bool {
    let is_exact = |it: Constraint| matches!(it.kind, ConstraintKind::MustStartOn | ConstraintKind::MustFinishOn);
    plan.project().dating.honor_constraints
        || plan.tasks().iter().any(|task| !task.is_manual && task.constraints().any(is_exact))
}

/// The exact date to which two constraints come down, where links win over it: code and date.
fn exact(task: &Task) -> Option<(i64, Moment)> {
    let (first, second) = (task.constraint?, task.second_constraint?);
    let code = match (first.kind, second.kind) {
        (ConstraintKind::StartNoEarlierThan, ConstraintKind::StartNoLaterThan) => 2,
        (ConstraintKind::FinishNoEarlierThan, ConstraintKind::FinishNoLaterThan) => 3,
        _ => return None,
    };
    (first.moment == second.moment).then_some((code, first.moment))
}

/// The code and the date of a task's constraint.
fn constraint(task: &Task, honors: bool) -> (i64, Option<Moment>) {
    if let Some((code, moment)) = exact(task).filter(|_| !honors) {
        return (code, Some(moment));
    }
    let Some(Constraint { kind, moment }) = task.constraint.filter(|_| !task.is_manual) else { return (0, None) };
    match kind {
        ConstraintKind::AsSoonAsPossible => (0, None),
        ConstraintKind::AsLateAsPossible => (1, None),
        ConstraintKind::MustStartOn => (2, Some(moment)),
        ConstraintKind::MustFinishOn => (3, Some(moment)),
        ConstraintKind::StartNoEarlierThan => (4, Some(moment)),
        ConstraintKind::StartNoLaterThan => (5, Some(moment)),
        ConstraintKind::FinishNoEarlierThan => (6, Some(moment)),
        ConstraintKind::FinishNoLaterThan => (7, Some(moment)),
    }
}

/// The way in which a task is done: the one that was chosen, or else the first.
pub(super) fn mode_of<'p>(writer: &Writer<'p>, task: TaskId) -> Option<&'p Mode> {
    let chosen: Option<ModeId> = placement(writer, task).and_then(|placement| placement.mode);
    let chosen = chosen.and_then(|mode| writer.plan.modes().get(mode));
    chosen.or_else(|| writer.plan.modes_of(task).first())
}

/// Where a task stands in the schedule.
pub(super) fn placement(writer: &Writer<'_>, task: TaskId) -> Option<Placement> {
    writer.schedule.and_then(|schedule| schedule.placements.get(task)).copied()
}

fn element(writer: &mut Writer<'_>, row: &OutlineRow, task: &Task, id: i64, links: &[Link]) {
    let is_summary = task.kind == TaskKind::Summary;
    let mode = mode_of(writer, row.task).copied();
    let placement = placement(writer, row.task);
    let dates = IdVec::get(writer.dates, row.task).copied();
    let out = &mut writer.markup;
    out.open("Task");
    out.number("UID", uid(row.task));
    out.number("ID", id);
    out.leaf("Name", if task.name.is_empty() { &task.id } else { &task.name });
    out.leaf("Active", "1");
    out.flag("Manual", task.is_manual);
    // Fixed duration: what people have to do does not change how long it lasts.
    out.leaf("Type", "1");
    out.leaf("IsNull", "0");
    out.leaf("WBS", if id.to_string() == *task.id { &row.number } else { &task.id });
    out.leaf("OutlineNumber", &row.number);
    out.number("OutlineLevel", row.level as i64);
    out.number("Priority", task.priority.into());
    let span = placement.map(|it| (it.start, it.finish)).or(dates.map(|it| (it.early_start, it.early_finish)));
    if let Some((start, finish)) = span {
        out.date("Start", start);
        out.date("Finish", finish);
    }
    let duration = mode.map(|mode| mode.duration);
    let length = duration.map_or(Minutes::ZERO, Duration::minutes);
    if let Some(duration) = duration {
        let is_elapsed = matches!(duration, Duration::Elapsed(_));
        out.duration("Duration", length);
        if let Some(constraint) = task.constraint.filter(|_| task.is_manual) {
            let start = span.map_or(constraint.moment, |(start, _)| start);
            let is_start = constraint.kind == ConstraintKind::MustStartOn;
            out.date("ManualStart", if is_start { constraint.moment } else { start });
            out.duration("ManualDuration", length);
        }
        out.leaf("DurationFormat", if is_elapsed { "8" } else { "7" });
    }
    if let Some(resume) = task.progress.and_then(|progress| progress.resume) {
        out.date("Resume", resume);
    }
    out.leaf("Estimated", "0");
    out.flag("Milestone", !is_summary && length == Minutes::ZERO);
    out.flag("Summary", is_summary);
    if let Some(dates) = dates {
        out.flag("Critical", dates.critical);
        out.date("EarlyStart", dates.early_start);
        out.date("EarlyFinish", dates.early_finish);
        out.date("LateStart", dates.late_start);
        out.date("LateFinish", dates.late_finish);
        out.number("FreeSlack", dates.free_float.0.saturating_mul(10));
        out.number("TotalSlack", dates.total_float.0.saturating_mul(10));
    }
    let cost = task.fixed_cost + mode.map_or(Money::ZERO, |mode| mode.cost);
    out.number("FixedCost", cost.0);
    if let Some(progress) = task.progress {
        let remaining = progress.remaining;
        let done = Minutes((length - remaining).0.max(0));
        let percent = match (progress.finish, length.0) {
            (Some(_), _) => 100,
            (None, 0) => 0,
            // Not complete before it is finished.
            (None, length) => (i128::from(done.0) * 100 / i128::from(length)).min(99) as i64,
        };
        out.number("PercentComplete", percent);
        out.date("ActualStart", progress.start);
        if let Some(finish) = progress.finish {
            out.date("ActualFinish", finish);
        }
        out.duration("ActualDuration", if progress.finish.is_some() { length } else { done });
        out.duration("RemainingDuration", remaining);
    }
    let (code, date) = constraint(task, writer.honors);
    out.number("ConstraintType", code);
    let ignores = task.ignores_resource_calendars && !is_summary;
    // Only a task with a calendar of its own can do without those of its people.
    let calendar = task.calendar.or(ignores.then_some(writer.plan.project().calendar));
    out.number("CalendarUID", calendar.map_or(-1, write_calendars::uid));
    if let Some(date) = date {
        out.date("ConstraintDate", date);
    }
    if let Some(deadline) = task.deadline {
        out.date("Deadline", deadline);
    }
    out.flag("IgnoreResourceCalendar", ignores);
    for (at, link) in links.iter().enumerate() {
        let is_second = links.iter().take(at).any(|other| other.predecessor == link.predecessor);
        if is_second {
            let what = "pairs of tasks have several links,";
            let outcome = "of which Microsoft Project keeps one";
            writer.losses.warn((TableKind::Dependencies, "predecessor"), (what, outcome), &task.id);
        }
        self::link(writer, link, task);
    }
    writer.markup.close("Task");
}

fn link(writer: &mut Writer<'_>, link: &Link, successor: &Task) {
    let losses = &mut writer.losses;
    let is_elapsed = link.lag.calendar == LagCalendar::TwentyFourHours;
    let is_named = matches!(link.lag.calendar, LagCalendar::Predecessor | LagCalendar::Project | LagCalendar::Named(_));
    if is_named && !link.lag.is_zero() {
        let what = "lags run on another calendar than the successor's;";
        let outcome = "they run on the successor's in Microsoft Project";
        losses.warn((TableKind::Dependencies, "lag_calendar"), (what, outcome), &successor.id);
    }
    let (lag, format) = match link.lag.amount {
        LagAmount::Minutes(minutes) => ((minutes.0.saturating_mul(10)).to_string(), if is_elapsed { "8" } else { "7" }),
        LagAmount::Percent(share) => {
            if share.0 % 100 != 0 {
                let what = "lags in fractions of a percent";
                losses.warn(
                    (TableKind::Dependencies, "lag"),
                    (what, "may be rounded by Microsoft Project"),
                    &successor.id,
                );
            }
            (plain_number(f64::from(share.0) / 100.0, 2), if is_elapsed { "20" } else { "19" })
        }
    };
    let out = &mut writer.markup;
    out.open("PredecessorLink");
    out.number("PredecessorUID", uid(link.predecessor));
    out.leaf(
        "Type",
        match link.kind {
            LinkKind::FinishToFinish => "0",
            LinkKind::FinishToStart => "1",
            LinkKind::StartToFinish => "2",
            LinkKind::StartToStart => "3",
        },
    );
    out.leaf("CrossProject", "0");
    out.leaf("LinkLag", &lag);
    out.leaf("LagFormat", format);
    out.close("PredecessorLink");
}
