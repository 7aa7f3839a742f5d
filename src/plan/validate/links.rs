//! dependencies.csv, and what holds for links from either table.

use super::cells::Cells;
use super::hierarchy::Hierarchy;
use super::report::Report;
use super::tasks::{Context, in_chunks};
use crate::error::{Finding, Place};
use crate::index::{Id, Rows};
use crate::plan::draft::{Table, TableKind};
use crate::plan::notation::{Fault, Names, parse_lag, parse_lag_calendar, parse_link_kind, quoted};
use crate::plan::{Lag, LagAmount, LagCalendar, Link, Task, TaskId, TaskKind};

/// All links with the row of each: first those of tasks.csv, then those of dependencies.csv, then those of gates.csv.
pub(super) struct Links<'a> {
    pub list: Vec<Link>,
    rows: Vec<u32>,
    sources: Vec<Source<'a>>,
}

/// The links that a column says.
struct Source<'a> {
    table: &'a Table,
    field: &'static str,
    /// The number of the first of them; they go on to the first of the next source.
    first: usize,
}

impl<'a> Links<'a> {
    /// Where a link stands.
    pub fn place(&self, link: usize) -> Place {
        let row = self.rows[link] as usize;
        let Source { table, field, .. } = self.source(link);
        match table.column(field) {
            Some(column) => table.place(row, column),
            None => table.row_place(row),
        }
    }

    /// True if a gate says that the link is there.
    pub fn is_of_gate(&self, link: usize) -> bool {
        self.source(link).table.kind() == TableKind::Gates
    }

    /// The source of a link; the table of tasks is always one.
    fn source(&self, link: usize) -> &Source<'a> {
        let behind = self.sources.partition_point(|source| source.first <= link);
        &self.sources[behind - 1]
    }

    /// Adds what gates say, each link with its row.
    pub fn add_gates(&mut self, table: &'a Table, links: Vec<(Link, u32)>) {
        self.sources.push(Source { table, field: "before", first: self.list.len() });
        for (link, row) in links {
            self.list.push(link);
            self.rows.push(row);
        }
    }
}

/// Puts the links of both tables together.
pub(super) fn read<'a>(
    tasks_table: &'a Table,
    table: Option<&'a Table>,
    (mut list, mut rows): (Vec<Link>, Vec<u32>),
    names: &Names<'a, TaskId>,
    context: Context<'a, '_>,
    report: &mut Report,
) -> Links<'a> {
    let mut sources = vec![Source { table: tasks_table, field: "predecessors", first: 0 }];
    if let Some(table) = table {
        sources.push(Source { table, field: "successor", first: list.len() });
        for (mut chunk, mut chunk_rows, chunk_report) in in_chunks(table.len(), |range| {
            let mut links = Vec::with_capacity(range.len());
            let mut link_rows = Vec::with_capacity(range.len());
            let mut report = Report::default();
            let columns = Columns::of(table);
            for row in range {
                if let Some(link) = columns.read_row(row, names, context, &mut report) {
                    links.push(link);
                    link_rows.push(row as u32);
                }
            }
            (links, link_rows, report)
        }) {
            list.append(&mut chunk);
            rows.append(&mut chunk_rows);
            report.absorb(chunk_report);
        }
    }
    Links { list, rows, sources }
}

struct Columns<'a> {
    predecessor: Cells<'a>,
    successor: Cells<'a>,
    kind: Cells<'a>,
    lag: Cells<'a>,
    max_lag: Cells<'a>,
    lag_calendar: Cells<'a>,
}

impl<'a> Columns<'a> {
    fn of(table: &'a Table) -> Columns<'a> {
        let cells = |field| Cells::of(table, field);
        Columns {
            predecessor: cells("predecessor"),
            successor: cells("successor"),
            kind: cells("type"),
            lag: cells("lag"),
            max_lag: cells("max_lag"),
            lag_calendar: cells("lag_calendar"),
        }
    }

    fn read_row(
        &self,
        row: usize,
        names: &Names<'_, TaskId>,
        context: Context<'_, '_>,
        report: &mut Report,
    ) -> Option<Link> {
        let mut task = |cells: Cells<'_>| {
            cells.require(row, report);
            cells.task(row, names, report)
        };
        let (predecessor, successor) = (task(self.predecessor), task(self.successor));
        let kind = self.kind.parse(row, report, |text, _| parse_link_kind(text)).unwrap_or_default();
        let calendar = self.lag_calendar.parse(row, report, |text, _| match parse_lag_calendar(text) {
            Some(calendar) => Ok(calendar),
            None => Ok(context.calendars.find(text)?.map_or(LagCalendar::Successor, LagCalendar::Named)),
        });
        let scale = &context.reading.scale;
        let mut lag = |cells: Cells<'_>| {
            let mut lag = cells.parse(row, report, |text, mark| parse_lag(text, scale, mark))?;
            match calendar {
                Some(calendar) if lag.calendar == LagCalendar::Successor => lag.calendar = calendar,
                Some(calendar) if calendar != lag.calendar => {
                    let text = "an elapsed lag runs on the clock; the lag calendar is not used for it";
                    cells.warn(row, report, "elapsed-lag-calendar", text);
                }
                _ => {}
            }
            Some(lag)
        };
        let (least, most) = (lag(self.lag), lag(self.max_lag));
        let least = least.unwrap_or(Lag { calendar: calendar.unwrap_or_default(), ..Lag::NONE });
        if let Some(most) = most
            && (most.calendar == least.calendar || least.is_zero())
            && is_less(most.amount, least.amount)
        {
            let lag = if self.lag.text(row).is_empty() { "0" } else { self.lag.text(row) };
            let fault = Fault::new("max-lag-below-lag", format!("is less than the lag {}", quoted(lag)));
            self.max_lag.fault(row, report, fault);
            return None;
        }
        Some(Link { predecessor: predecessor?, successor: successor?, kind, lag: least, max_lag: most })
    }
}

fn is_less(a: LagAmount, b: LagAmount) -> bool {
    match (a, b) {
        (LagAmount::Minutes(a), LagAmount::Minutes(b)) => a < b,
        (LagAmount::Percent(a), LagAmount::Percent(b)) => a < b,
        (LagAmount::Minutes(a), LagAmount::Percent(b)) => a.0 < 0 && b.0 >= 0,
        (LagAmount::Percent(a), LagAmount::Minutes(b)) => a.0 < 0 && b.0 >= 0,
    }
}

/// Checks each link by itself: not to itself, and summaries only where they make sense.
///
/// # Returns
/// True for each link that the search for cycles should leave out, as it has a fault of its own.
pub(super) fn check(links: &Links<'_>, tasks: &[Task], hierarchy: &Hierarchy, report: &mut Report) -> Vec<bool> {
    let mut left_out = Vec::new();
    for (at, link) in links.list.iter().enumerate() {
        let (from, to) = (&tasks[link.predecessor.index()], &tasks[link.successor.index()]);
        let is_self = link.predecessor == link.successor;
        let touches_summary = from.kind == TaskKind::Summary || to.kind == TaskKind::Summary;
        if !is_self && !touches_summary {
            continue;
        }
        let found = report_faults(link, at, (from, to), links, hierarchy, report);
        if found {
            left_out.resize(links.list.len(), false);
            left_out[at] = true;
        }
    }
    left_out
}

fn report_faults(
    link: &Link,
    at: usize,
    (from, to): (&Task, &Task),
    links: &Links<'_>,
    hierarchy: &Hierarchy,
    report: &mut Report,
) -> bool {
    let mut error = |rule, text: String, hint: &str| {
        report.push(Finding::error(rule, links.place(at), text).with_hint(hint));
    };
    if link.predecessor == link.successor {
        error("self-link", format!("task `{}` is its own predecessor", from.id), "remove the link");
        return true;
    }
    for (summary, below) in [(link.predecessor, link.successor), (link.successor, link.predecessor)] {
        if hierarchy.contains(summary, below) {
            let text = if summary == link.predecessor {
                format!("task `{}` depends on its own summary `{}`", to.id, from.id)
            } else {
                format!("summary `{}` depends on its own task `{}`", to.id, from.id)
            };
            error("summary-own-descendant", text, "link the tasks below the summary to each other instead");
            return true;
        }
    }
    let (from_summary, to_summary) = (from.kind == TaskKind::Summary, to.kind == TaskKind::Summary);
    let mut found = false;
    if from_summary && !link.kind.from_finish() {
        let text = format!("a {} link leaves summary `{}`, but only FS and FF may", link.kind.code(), from.id);
        error("summary-link-type", text, "link from the first tasks below the summary instead");
        found = true;
    }
    if to_summary && link.kind.to_finish() {
        let text = format!("a {} link enters summary `{}`, but only FS and SS may", link.kind.code(), to.id);
        error("summary-link-type", text, "link to the last tasks below the summary instead");
        found = true;
    }
    if link.max_lag.is_some() {
        error(
            "summary-max-lag",
            "a link of a summary cannot have a greatest lag".into(),
            "put it on a task below the summary",
        );
        found = true;
    }
    if from_summary && matches!(link.lag.amount, LagAmount::Percent(_)) {
        let text = format!("a percentage lag needs a duration, and summary `{}` has none of its own", from.id);
        error("summary-percent-lag", text, "write the lag as a time");
        found = true;
    }
    found
}

/// Takes out links that repeat another one exactly, and remarks on each.
pub(super) fn drop_duplicates(links: &mut Links<'_>, tasks: &[Task], report: &mut Report) {
    let key = |link: &Link| (link.predecessor, link.kind);
    let mut repeated: Vec<(usize, usize)> = Vec::new();
    let mut check_group = |group: &mut Vec<usize>, list: &[Link]| {
        if group.len() > 8 {
            group.sort_by_key(|&at| (key(&list[at]), at));
        }
        for (number, &at) in group.iter().enumerate() {
            // Sorted groups have equal keys side by side; short ones are searched whole.
            let earlier = if group.len() > 8 { &group[number.saturating_sub(8)..number] } else { &group[..number] };
            if let Some(&first) = earlier.iter().find(|&&first| list[first] == list[at]) {
                repeated.push((first, at));
            }
        }
    };
    let mut group = Vec::new();
    if links.list.is_sorted_by_key(|link| link.successor) {
        let mut at = 0;
        for same in links.list.chunk_by(|a, b| a.successor == b.successor) {
            if same.len() > 1 {
                group.clear();
                group.extend(at..at + same.len());
                check_group(&mut group, &links.list);
            }
            at += same.len();
        }
    } else {
        let pairs = links.list.iter().enumerate().map(|(at, link)| (link.successor.index(), at as u32));
        for same in Rows::from_pairs(tasks.len(), pairs).iter().filter(|same| same.len() > 1) {
            group.clear();
            group.extend(same.iter().map(|&at| at as usize));
            check_group(&mut group, &links.list);
        }
    }
    if repeated.is_empty() {
        return;
    }
    repeated.sort_unstable_by_key(|&(_, at)| at);
    for &(first, at) in &repeated {
        let link = &links.list[at];
        let (from, to) = (&tasks[link.predecessor.index()].id, &tasks[link.successor.index()].id);
        let text = format!(
            "the link {from} -> {to} ({}) is given already at {}; it counts once",
            link.kind.code(),
            links.place(first)
        );
        report.push(Finding::warning("duplicate-link", links.place(at), text));
    }
    for source in &mut links.sources {
        source.first -= repeated.partition_point(|&(_, at)| at < source.first);
    }
    let mut is_kept = vec![true; links.list.len()];
    repeated.iter().for_each(|&(_, at)| is_kept[at] = false);
    let mut flags = is_kept.iter();
    links.list.retain(|_| flags.next().copied().unwrap_or(true));
    let mut flags = is_kept.iter();
    links.rows.retain(|_| flags.next().copied().unwrap_or(true));
}
