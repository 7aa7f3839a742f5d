//! tasks.csv, row by row.
//!
//! Rows are independent once the ids of tasks and resources are known, so large tables are read in parallel in chunks
//! of fixed size whose results are put together in row order.

use std::convert::Infallible;
use std::ops::Range;

use rayon::prelude::*;

use super::calendars::Calendars;
use super::cells::{Cells, Edge, Labels, Reading, not_negative, read_ids};
use super::constraints::{read_constraint, read_manual};
use super::impacts::read_cost;
use super::report::{Report, listed};
use super::resources::Resources;
use crate::index::Id;
use crate::plan::draft::{DecimalMark, Table};
use crate::plan::notation::{
    DemandCell, DemandName, DistributionCell, Family, Fault, Names, Predecessor, make_distribution,
    parse_activity_type, parse_answer, parse_demands, parse_distribution, parse_duration, parse_earning_rule,
    parse_money, parse_pause, parse_predecessors, parse_priority,
};
use crate::plan::{
    Demand, DemandSource, Distribution, Duration, LabelId, Link, Project, Range32, ResourceId, Task, TaskId, TaskKind,
};
use crate::units::{Amount, Minutes, Money};
use crate::waves::in_waves;

/// Rows that one thread reads at a time. Fixed, so that results do not depend on the number of threads.
pub(super) const CHUNK: usize = 1024;

/// What the cells of tasks.csv say. Tasks are numbered as the rows are.
#[derive(Default)]
pub(super) struct TaskRows {
    pub tasks: Vec<Task>,
    /// The duration of each row; `None` if the cell is empty or wrong.
    pub durations: Vec<Option<Duration>>,
    /// The demands of each row, as positions in `demands`.
    pub row_demands: Vec<Range32>,
    pub demands: Vec<Demand>,
    pub links: Vec<Link>,
    /// The row on which each link stands.
    pub link_rows: Vec<u32>,
}

/// What the rows of all tables are read against.
#[derive(Clone, Copy)]
pub(super) struct Context<'a, 'b> {
    pub project: &'b Project,
    pub reading: Reading,
    pub calendars: &'b Calendars<'a>,
    pub resources: &'b Resources<'a>,
}

/// Runs a reader over all rows of a table, in parallel if they are many.
///
/// # Returns
/// The results of the chunks in row order.
pub(super) fn in_chunks<T: Send>(rows: usize, read: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    if rows <= CHUNK {
        return vec![read(0..rows)];
    }
    let chunks = rows.div_ceil(CHUNK);
    (0..chunks).into_par_iter().map(|chunk| read(chunk * CHUNK..((chunk + 1) * CHUNK).min(rows))).collect()
}

/// Reads the table.
pub(super) fn read<'a>(
    table: &'a Table,
    context: Context<'a, '_>,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> (TaskRows, Names<'a, TaskId>) {
    let names = read_ids(table, "id", report);
    let columns = Columns::of(table);
    let mut all = TaskRows::default();
    all.tasks.reserve_exact(table.len());
    all.durations.reserve_exact(table.len());
    all.row_demands.reserve_exact(table.len());
    let read = |number: usize, chunk: &mut Chunk| {
        let rows = number * CHUNK..((number + 1) * CHUNK).min(table.len());
        rows.for_each(|row| chunk.read_row(row, &columns, &names, context));
    };
    let Ok(()) = in_waves(table.len().div_ceil(CHUNK), read, |chunk| {
        all.append(&mut chunk.rows);
        report.absorb(std::mem::take(&mut chunk.report));
        Ok::<(), Infallible>(())
    });
    let cells = |field| Cells::of(table, field);
    let (accounts, categories, deliverables) = (cells("account"), cells("category"), cells("deliverable"));
    if accounts.exist() || categories.exist() || deliverables.exist() {
        for (row, task) in all.tasks.iter_mut().enumerate() {
            task.account = labels.intern(accounts.text(row));
            task.category = labels.intern(categories.text(row));
            task.deliverable = labels.intern(deliverables.text(row));
        }
    }
    (all, names)
}

/// The columns of tasks.csv that are read here.
struct Columns<'a> {
    table: &'a Table,
    id: Cells<'a>,
    name: Cells<'a>,
    parent: Cells<'a>,
    duration: Cells<'a>,
    optimistic: Cells<'a>,
    pessimistic: Cells<'a>,
    distribution: Cells<'a>,
    predecessors: Cells<'a>,
    resources: Cells<'a>,
    calendar: Cells<'a>,
    constraint: Cells<'a>,
    constraint_date: Cells<'a>,
    /// True if the header of the constraint's date says that it is a start-no-earlier-than date.
    date_means_start: bool,
    second_constraint: Cells<'a>,
    second_constraint_date: Cells<'a>,
    expected_finish: Cells<'a>,
    deadline: Cells<'a>,
    priority: Cells<'a>,
    fixed_cost: Cells<'a>,
    cost_distribution: Cells<'a>,
    payment: Cells<'a>,
    pause: Cells<'a>,
    activity: Cells<'a>,
    resource_calendars: Cells<'a>,
    manual: Cells<'a>,
    earning: Cells<'a>,
    has_estimates: bool,
    has_constraints: bool,
}

impl<'a> Columns<'a> {
    fn of(table: &'a Table) -> Columns<'a> {
        let cells = |field| Cells::of(table, field);
        let constraint_date = cells("constraint_date");
        let plain: String = constraint_date.header().chars().filter(char::is_ascii_alphabetic).collect();
        let (optimistic, pessimistic, distribution) =
            (cells("optimistic"), cells("pessimistic"), cells("distribution"));
        Columns {
            table,
            id: cells("id"),
            name: cells("name"),
            parent: cells("parent"),
            duration: cells("duration"),
            optimistic,
            pessimistic,
            distribution,
            predecessors: cells("predecessors"),
            resources: cells("resources"),
            calendar: cells("calendar"),
            constraint: cells("constraint"),
            constraint_date,
            date_means_start: !plain.eq_ignore_ascii_case("constraintdate"),
            deadline: cells("deadline"),
            priority: cells("priority"),
            fixed_cost: cells("fixed_cost"),
            cost_distribution: cells("cost_distribution"),
            payment: cells("payment"),
            pause: cells("pause"),
            activity: cells("type"),
            resource_calendars: cells("resource_calendars"),
            manual: cells("manual"),
            second_constraint: cells("second_constraint"),
            second_constraint_date: cells("second_constraint_date"),
            expected_finish: cells("expected_finish"),
            earning: cells("ev_method"),
            has_estimates: optimistic.exist() || pessimistic.exist() || distribution.exist(),
            has_constraints: constraint_date.exist() || cells("constraint").exist(),
        }
    }
}

impl TaskRows {
    /// Moves the rows of a chunk behind these, and leaves its memory to be used again.
    fn append(&mut self, chunk: &mut TaskRows) {
        let shift = self.demands.len() as u32;
        let shifted = |range: Range32| Range32 { start: range.start + shift, end: range.end + shift };
        self.row_demands.extend(chunk.row_demands.drain(..).map(shifted));
        self.tasks.append(&mut chunk.tasks);
        self.durations.append(&mut chunk.durations);
        self.demands.append(&mut chunk.demands);
        self.links.append(&mut chunk.links);
        self.link_rows.append(&mut chunk.link_rows);
    }
}

/// Rows in the making, with vectors that are used again for each row.
#[derive(Default)]
struct Chunk {
    rows: TaskRows,
    report: Report,
    predecessors: Vec<Predecessor<TaskId>>,
    demand_cells: Vec<DemandCell<ResourceId, LabelId>>,
}

impl Chunk {
    fn read_row(&mut self, row: usize, columns: &Columns<'_>, names: &Names<'_, TaskId>, context: Context<'_, '_>) {
        let Chunk { rows, report, predecessors, demand_cells } = self;
        let Context { project, reading, calendars, resources } = context;
        let mark = columns.table.decimal_mark;
        let task = TaskId::new(row);
        let parent = columns.parent.task(row, names, report);
        let duration = columns.duration.parse(row, report, |text, mark| {
            let duration = parse_duration(text, &reading.scale, mark)?;
            not_negative("negative-duration", Ok(duration.minutes())).map(|_| duration)
        });
        rows.durations.push(duration);
        let distribution =
            if columns.has_estimates { read_estimate(row, columns, duration, &reading, report) } else { None };
        let first = (columns.constraint, columns.constraint_date, columns.date_means_start);
        let second = (columns.second_constraint, columns.second_constraint_date, false);
        let read = |cells, report: &mut Report| read_constraint(row, cells, project.start, &reading, report);
        let constraint = if columns.has_constraints { read(first, report) } else { None };
        let second_constraint = if columns.second_constraint.exist() { read(second, report) } else { None };
        // Of two, the first is there.
        let (constraint, second_constraint) = (constraint.or(second_constraint), constraint.and(second_constraint));
        let list = columns.predecessors.text(row);
        if !list.is_empty() {
            predecessors.clear();
            for fault in parse_predecessors(list, names, &reading.scale, mark, predecessors) {
                columns.predecessors.fault_called(row, report, "predecessor", fault);
            }
            for found in predecessors.iter() {
                rows.links.push(Link {
                    predecessor: found.task,
                    successor: task,
                    kind: found.kind,
                    lag: found.lag,
                    max_lag: None,
                });
                rows.link_rows.push(row as u32);
            }
        }
        let before = rows.demands.len();
        read_demands(row, columns.resources, mark, resources, demand_cells, &mut rows.demands, report);
        rows.row_demands.push(Range32 { start: before as u32, end: rows.demands.len() as u32 });
        let fixed_cost = columns
            .fixed_cost
            .parse(row, report, |text, mark| not_negative("negative-amount", parse_money(text, mark)));
        let cost_distribution = read_cost(columns.cost_distribution, row, report);
        let is_free = fixed_cost.map_or(columns.fixed_cost.text(row).is_empty(), |cost| cost == Money::ZERO);
        if cost_distribution.is_some() && is_free {
            let text = "the row has no fixed_cost, the planned one, that could vary";
            columns.cost_distribution.fault(row, report, Fault::new("incomplete-estimate", text));
        }
        rows.tasks.push(Task {
            id: columns.id.text(row).into(),
            name: columns.name.text(row).into(),
            parent,
            kind: TaskKind::Activity,
            modes: Id::new(0)..Id::new(0),
            calendar: columns.calendar.parse(row, report, |text, _| calendars.find(text)).flatten(),
            constraint,
            second_constraint,
            expected_finish: columns
                .expected_finish
                .parse(row, report, |text, mark| reading.moment_if_any(text, mark, Edge::End))
                .flatten(),
            deadline: columns
                .deadline
                .parse(row, report, |text, mark| reading.moment_if_any(text, mark, Edge::End))
                .flatten(),
            priority: columns.priority.parse(row, report, parse_priority).unwrap_or(500),
            fixed_cost: fixed_cost.unwrap_or(Money::ZERO),
            cost_distribution: cost_distribution.map(Box::new),
            payment: columns.payment.parse(row, report, parse_money).unwrap_or(Money::ZERO),
            account: None,
            category: None,
            deliverable: None,
            pause: columns.pause.parse(row, report, |text, _| parse_pause(text)).unwrap_or_default(),
            activity: columns.activity.parse(row, report, |text, _| parse_activity_type(text)).unwrap_or_default(),
            is_manual: read_manual(row, columns.manual, constraint, report),
            ignores_resource_calendars: columns.resource_calendars.parse(row, report, |text, _| parse_answer(text))
                == Some(false),
            progress: None,
            earning: columns.earning.parse(row, report, parse_earning_rule).unwrap_or_default(),
            distribution: distribution.map(Box::new),
            row: columns.table.line(row),
        });
    }
}

/// Reads a list of resources into demands: each resource or skill once, nothing for zero units.
pub(super) fn read_demands(
    row: usize,
    cells: Cells<'_>,
    mark: DecimalMark,
    resources: &Resources<'_>,
    found: &mut Vec<DemandCell<ResourceId, LabelId>>,
    demands: &mut Vec<Demand>,
    report: &mut Report,
) {
    let list = cells.text(row);
    if list.is_empty() {
        return;
    }
    found.clear();
    for fault in parse_demands(list, &resources.names, &resources.skills, mark, found) {
        cells.fault_called(row, report, "resource", fault);
    }
    let first = demands.len();
    for cell in found.iter() {
        let source = match cell.name {
            DemandName::Resource(id) => DemandSource::Resource(id),
            DemandName::Skill(skill) => DemandSource::Skill(skill),
        };
        if cell.amount < Amount::ZERO {
            cells.fault_called(row, report, "resource", Fault::new("negative-amount", "units may not be negative"));
        } else if cell.amount == Amount::ZERO {
            cells.warn(row, report, "zero-demand", format!("`{list}`: zero units of a resource are ignored"));
        } else if demands[first..].iter().any(|demand| demand.source == source) {
            let fault =
                Fault::new("duplicate-demand", "named twice in the list").with_hint("write the sum, as in `dev*2`");
            let (what, fault) = match cell.name {
                DemandName::Resource(id) => ("resource", fault.in_part(&resources.list[id].id)),
                DemandName::Skill(_) => ("a skill in", fault),
            };
            cells.fault_called(row, report, what, fault);
        } else {
            demands.push(Demand { source, amount: cell.amount });
        }
    }
}

/// The uncertainty of a row's duration, from its columns of estimates.
fn read_estimate(
    row: usize,
    columns: &Columns<'_>,
    duration: Option<Duration>,
    reading: &Reading,
    report: &mut Report,
) -> Option<Distribution> {
    let Columns { optimistic, pessimistic, distribution, .. } = columns;
    let is_elapsed = matches!(duration, Some(Duration::Elapsed(_)));
    let value = |text: &str, mark| {
        let value = parse_duration(text, &reading.scale, mark)?;
        if duration.is_some() && value.minutes() != Minutes::ZERO && matches!(value, Duration::Elapsed(_)) != is_elapsed
        {
            return Err(Fault::new("mixed-estimate", "working and elapsed time are mixed with the row's duration"));
        }
        not_negative("negative-duration", Ok(value.minutes())).map(|minutes| minutes.0 as f64)
    };
    let least = optimistic.parse(row, report, value);
    let most = pessimistic.parse(row, report, value);
    let cell = distribution.parse(row, report, |text, mark| parse_distribution(text, mark, |text| value(text, mark)));
    let family = match cell {
        Some(DistributionCell::Full(full)) => {
            if least.is_some() || most.is_some() {
                distribution.warn(
                    row,
                    report,
                    "estimate-given-twice",
                    "the distribution has its own values; optimistic and pessimistic are not used",
                );
            }
            return Some(full);
        }
        Some(DistributionCell::Family(Family::Fixed)) => {
            return duration.map(|it| Distribution::Fixed(it.minutes().0 as f64));
        }
        Some(DistributionCell::Family(family)) => Some(family),
        None => None,
    };
    if family.is_none() && !distribution.text(row).is_empty() {
        return None;
    }
    if family.is_none() && optimistic.text(row).is_empty() && pessimistic.text(row).is_empty() {
        return None;
    }
    for (cells, other, what) in [(optimistic, pessimistic, "optimistic"), (pessimistic, optimistic, "pessimistic")] {
        if cells.text(row).is_empty() {
            let text = format!("the estimate lacks its {what} value");
            let at = match (distribution.text(row).is_empty(), cells.exist()) {
                (false, _) => distribution,
                (true, true) => cells,
                (true, false) => other,
            };
            at.fault(row, report, Fault::new("incomplete-estimate", text));
            return None;
        }
    }
    let (Some(least), Some(most)) = (least, most) else { return None };
    let family = family.unwrap_or(Family::Pert);
    let made = match family {
        Family::Pert | Family::Triangular => make_distribution(family, least, duration?.minutes().0 as f64, most),
        Family::Uniform | Family::Lognormal => make_distribution(family, least, most, 0.0),
        Family::Normal | Family::Discrete | Family::Fixed => {
            Err(Fault::new("incomplete-estimate", "needs its values in brackets, as in `normal(5d,1d)`"))
        }
    };
    made.map_err(|mut fault| {
        if fault.rule == "estimate-order" {
            let most_likely = matches!(family, Family::Pert | Family::Triangular).then(|| columns.duration.text(row));
            let values = [Some(optimistic.text(row)), most_likely, Some(pessimistic.text(row))];
            fault.text = format!("{}, but the row has {}", fault.text, listed(values.into_iter().flatten()));
        }
        let cells = if distribution.text(row).is_empty() { optimistic } else { distribution };
        cells.fault(row, report, fault);
    })
    .ok()
}
