//! modes.csv, and the modes of all tasks put together.

use super::cells::{Cells, Labels, not_negative};
use super::report::Report;
use super::tasks::{Context, TaskRows, read_demands};
use crate::index::{Id, IdVec, Rows};
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, Names, parse_duration, parse_money};
use crate::plan::{Duration, LabelId, Mode, ModeId, Range32, Task, TaskId, TaskKind};
use crate::units::{Minutes, Money};

/// The name of the mode that the row of tasks.csv is.
const FIRST_MODE: &str = "1";

/// Where a mode stands: a row of tasks.csv or of modes.csv.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ModeOrigin {
    Task,
    Table(u32),
}

/// A row of modes.csv.
#[derive(Clone, Copy)]
struct ModeRow {
    row: u32,
    name: LabelId,
    duration: Duration,
    /// `None`: as in tasks.csv.
    demands: Option<Range32>,
    cost: Money,
}

/// The modes of all tasks, grouped by task, with the place of each.
#[derive(Default)]
pub(super) struct Modes {
    pub list: Vec<Mode>,
    /// Empty if there is no modes.csv: then every mode is a row of tasks.csv.
    origins: Vec<ModeOrigin>,
}

impl Modes {
    /// Where a mode stands.
    pub fn origin(&self, mode: ModeId) -> ModeOrigin {
        self.origins.get(mode.index()).copied().unwrap_or(ModeOrigin::Task)
    }
}

/// Reads modes.csv, gives every task its modes and tells activities from milestones.
///
/// # Arguments
/// The kinds of summaries must be set already: they get no modes.
pub(super) fn assemble<'a>(
    tasks_table: &'a Table,
    table: Option<&'a Table>,
    rows: &mut TaskRows,
    names: &Names<'a, TaskId>,
    context: Context<'a, '_>,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> Modes {
    let mode_rows = match table {
        Some(table) => read(table, rows, names, context, labels, report),
        None => Rows::new(),
    };
    let durations = Cells::of(tasks_table, "duration");
    let first_name = labels.intern(FIRST_MODE);
    let mut modes = Modes::default();
    modes.list.reserve(rows.tasks.len());
    for (at, task) in rows.tasks.iter_mut().enumerate() {
        let extra = if mode_rows.is_empty() { &[] } else { mode_rows.row(at) };
        let first = modes.list.len();
        if task.kind != TaskKind::Summary {
            let is_replaced = extra.iter().any(|mode| Some(mode.name) == first_name);
            if let (Some(duration), false, Some(name)) = (rows.durations[at], is_replaced, first_name) {
                modes.list.push(Mode { name, duration, demands: rows.row_demands[at], cost: Money::ZERO });
                if table.is_some() {
                    modes.origins.push(ModeOrigin::Task);
                }
            }
            for mode in extra {
                let demands = mode.demands.unwrap_or(rows.row_demands[at]);
                modes.list.push(Mode { name: mode.name, duration: mode.duration, demands, cost: mode.cost });
                modes.origins.push(ModeOrigin::Table(mode.row));
            }
            check_durations(at, task, &modes.list[first..], extra, durations, table, report);
        }
        task.modes = ModeId::new(first)..ModeId::new(modes.list.len());
    }
    modes
}

/// Tells milestones from activities and remarks on durations that are missing or contradict each other.
fn check_durations(
    row: usize,
    task: &mut Task,
    modes: &[Mode],
    extra: &[ModeRow],
    durations: Cells<'_>,
    table: Option<&Table>,
    report: &mut Report,
) {
    if modes.is_empty() {
        if durations.exist() && durations.text(row).is_empty() {
            let fault = Fault::new("missing-duration", "a task needs a duration or rows in modes.csv");
            durations.fault(row, report, fault.with_hint("write 0 for a milestone"));
        }
        return;
    }
    if modes.iter().all(|mode| mode.duration.minutes() == Minutes::ZERO) {
        task.kind = TaskKind::Milestone;
    }
    let Some(table) = table else { return };
    for mode in extra {
        let written = durations.text(row);
        let number = modes.iter().find(|it| it.name == mode.name).map(|it| it.duration);
        let cells = Cells::of(table, "mode");
        if cells.text(mode.row as usize) == FIRST_MODE && !written.is_empty() && number.is_some() {
            let in_modes = Cells::of(table, "duration");
            if in_modes.text(mode.row as usize) != written {
                let text = format!(
                    "mode 1 of `{}` takes {} here but {written} in tasks.csv; the value here is used",
                    task.id,
                    in_modes.text(mode.row as usize)
                );
                in_modes.warn(mode.row as usize, report, "mode-replaces-duration", text);
            }
        }
    }
}

fn read<'a>(
    table: &'a Table,
    rows: &mut TaskRows,
    names: &Names<'a, TaskId>,
    context: Context<'a, '_>,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> Rows<ModeRow> {
    let cells = |field| Cells::of(table, field);
    let (ids, mode_names, durations) = (cells("task"), cells("mode"), cells("duration"));
    let (resources, costs) = (cells("resources"), cells("cost"));
    let mut found = Vec::new();
    let mut pairs: Vec<(usize, ModeRow)> = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        for cells in [ids, mode_names, durations] {
            cells.require(row, report);
        }
        let task = ids.task(row, names, report);
        let duration = durations.parse(row, report, |text, mark| {
            let duration = parse_duration(text, &context.reading.scale, mark)?;
            not_negative("negative-duration", Ok(duration.minutes())).map(|_| duration)
        });
        let first = rows.demands.len() as u32;
        read_demands(row, resources, table.decimal_mark, context.resources, &mut found, &mut rows.demands, report);
        let own = Range32 { start: first, end: rows.demands.len() as u32 };
        let cost = costs.parse(row, report, |text, mark| not_negative("negative-amount", parse_money(text, mark)));
        let name = labels.intern(mode_names.text(row));
        let (Some(task), Some(duration), Some(name)) = (task, duration, name) else { continue };
        if rows.tasks[task.index()].kind == TaskKind::Summary {
            let fault = Fault::new("summary-with-mode", "a summary has no modes");
            ids.fault(row, report, fault.with_hint("give the modes to a task below it"));
            continue;
        }
        let demands = (!resources.text(row).is_empty()).then_some(own);
        let cost = cost.unwrap_or(Money::ZERO);
        pairs.push((task.index(), ModeRow { row: row as u32, name, duration, demands, cost }));
    }
    let by_task = Rows::from_pairs(rows.tasks.len(), pairs.into_iter());
    for modes in by_task.iter() {
        let mut sorted: Vec<&ModeRow> = modes.iter().collect();
        sorted.sort_unstable_by_key(|mode| (mode.name, mode.row));
        for pair in sorted.windows(2).filter(|pair| pair[0].name == pair[1].name) {
            let line = table.line(pair[0].row as usize);
            let text = format!("the task has this mode on line {line} already");
            mode_names.fault(pair[1].row as usize, report, Fault::new("duplicate-mode", text));
        }
    }
    by_task
}

/// The modes as the plan holds them.
pub(super) fn finish(modes: Modes) -> IdVec<ModeId, Mode> {
    IdVec::from(modes.list)
}
