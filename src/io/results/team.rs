//! team.csv: who is in a team, in which weeks, and at what cost.

use std::io::{self, Write};

use super::cells::{Cells, Format, decimal, write_table};
use super::moments::period_name;
use crate::plan::{Plan, ResourceId, TimeUnit};
use crate::team::{Engagement, Team};

/// The columns of team.csv: a row for each member, then for those of the pool who are not needed, and for those who
/// stay because they are not in the pool. `from_week` and `to_week` are the first days of the first and the last week
/// with work; `offered` is what the calendar offers in these weeks and `work` what is worked, both in hours (periods in
/// a plan of abstract periods); `load` is work in percent of what is offered. `cost` is what the weeks cost (in a plan
/// without rates their number), and `work_cost` what the work alone costs.
pub const TEAM_COLUMNS: &[&str] = &[
    "resource",
    "name",
    "team",
    "part",
    "from_week",
    "to_week",
    "weeks",
    "offered",
    "work",
    "load",
    "cost",
    "work_cost",
];

/// A row of the table.
enum Part<'t> {
    Member(&'t Engagement),
    NotNeeded(ResourceId),
    Stays(ResourceId),
}

/// Writes team.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_team(team: &Team, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let plan = &team.plan;
    let members = team.members.iter().map(Part::Member);
    let others = team.not_needed.iter().map(|&id| Part::NotNeeded(id));
    let rows: Vec<Part<'_>> = members.chain(others).chain(team.staying.iter().map(|&id| Part::Stays(id))).collect();
    let unit = if plan.project().time_unit == TimeUnit::Period { 1 } else { 60 };
    write_table(out, format, TEAM_COLUMNS, rows.len(), |at, cells: &mut Cells<'_>| {
        let (id, word) = match rows[at] {
            Part::Member(member) => (member.resource, "member"),
            Part::NotNeeded(id) => (id, "not needed"),
            Part::Stays(id) => (id, "stays"),
        };
        write_who(plan, id, word, cells);
        let Part::Member(member) = rows[at] else { return (4..TEAM_COLUMNS.len()).for_each(|_| cells.empty()) };
        cells.text(&period_name(plan, member.from));
        cells.text(&period_name(plan, member.last_week));
        cells.number(member.weeks);
        cells.number(decimal(i128::from(member.offered.0), unit));
        cells.number(decimal(i128::from(member.work.0), unit));
        match member.load() {
            Some(load) => cells.number(decimal((load * 100.0).round() as i128, 100)),
            None => cells.empty(),
        }
        match team.is_by_weeks {
            true => cells.number(member.cost.0),
            false => cells.number(member.cost),
        }
        cells.number(member.work_cost);
    })
}

fn write_who(plan: &Plan, id: ResourceId, word: &str, cells: &mut Cells<'_>) {
    let who = &plan.resources()[id];
    cells.text(&who.id);
    cells.text(&who.name);
    cells.text(who.team.map_or("", |team| plan.label(team)));
    cells.text(word);
}
