//! What `replan` writes: the schedules that were found, and what each of them changes.

use std::io::{self, Write};

use super::cells::{Format, decimal, write_table};
use super::schedule::{driver_words, in_time_units};
use crate::plan::{Plan, ResourceId};
use crate::replan::{Alternative, Manner, Replan};
use crate::units::Amount;

/// The columns of alternatives.csv: the one that changes least first. `cost` is that of what is left, `days` by how much tasks
/// are moved in all, `people` how many are done by others, `broken` how many dates of the plan are missed.
pub const ALTERNATIVE_COLUMNS: &[&str] =
    &["alternative", "manner", "chosen", "finish", "cost", "moved", "days", "people", "broken"];

/// The columns of changes.csv: the tasks that the chosen schedule moves or gives to others, and why. `later` is working time of
/// the project calendar in the plan's time unit.
pub const CHANGE_COLUMNS: &[&str] =
    &["task", "name", "start_before", "finish_before", "start", "finish", "later", "people_before", "people", "why"];

/// How a schedule was found, in words.
pub fn manner_words(manner: Manner) -> &'static str {
    match manner {
        Manner::OrderKept => "order kept, only what must moves",
        Manner::LeastChange => "least delay of all tasks",
        Manner::Weighed => "finish weighed against delay",
        Manner::BestFinish => "best finish, then least delay",
        Manner::Regardless => "best regardless",
    }
}

/// Writes alternatives.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_alternatives(plan: &Plan, found: &Replan, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, ALTERNATIVE_COLUMNS, found.alternatives.len(), |at, cells| {
        let Alternative { manner, change, .. } = &found.alternatives[at];
        cells.number(at + 1);
        cells.text(manner_words(*manner));
        cells.flag(at == found.chosen);
        cells.text(&plan.format_end(change.finish));
        cells.number(change.cost);
        cells.number(change.moved());
        cells.number(decimal((change.days * 100.0).round() as i128, 100));
        cells.number(change.people());
        cells.number(change.broken);
    })
}

/// Writes changes.csv, or the same rows as JSON.
///
/// # Arguments
/// `left` is the plan of what is left, of which the schedules are.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_changes(left: &Plan, chosen: &Alternative, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let moves = &chosen.change.moves;
    write_table(out, format, CHANGE_COLUMNS, moves.len(), |at, cells| {
        let it = &moves[at];
        let data = &left.tasks()[it.task];
        cells.text(&data.id);
        cells.text(&data.name);
        for (start, finish) in [it.before, it.now] {
            cells.text(&left.format_moment(start));
            cells.text(&left.format_end(finish));
        }
        cells.number(in_time_units(left, it.later));
        cells.text(&people_cell(left, &it.people_before));
        cells.text(&people_cell(left, &it.people));
        cells.text(&why_moved(left, chosen, at));
    })
}

/// Resources as tasks.csv writes them.
pub fn people_cell(plan: &Plan, people: &[(ResourceId, Amount)]) -> String {
    let one = |&(resource, amount): &(ResourceId, Amount)| {
        let id = &plan.resources()[resource].id;
        if amount == Amount::ONE { id.to_string() } else { format!("{id}*{amount}") }
    };
    people.iter().map(one).collect::<Vec<_>>().join(";")
}

/// Why a task is where it is now: what keeps it from starting earlier, or that it was put there for the sake of others.
pub fn why_moved(left: &Plan, chosen: &Alternative, at: usize) -> String {
    let it = &chosen.change.moves[at];
    match left.tasks()[it.task].progress {
        Some(_) => "under way: what is left of it".to_owned(),
        None if it.later.0 < 0 => "there is room earlier".to_owned(),
        None if it.later.0 == 0 => "others do it".to_owned(),
        None => driver_words(left, it.task, chosen.dates[it.task].driver),
    }
}
