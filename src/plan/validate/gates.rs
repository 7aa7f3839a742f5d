//! gates.csv.

use rustc_hash::FxHashSet;

use super::cells::{Cells, read_ids};
use super::impacts::{parse_delay, read_tasks};
use super::report::Report;
use super::uncertainty::PlanSoFar;
use crate::index::{Id, IdVec};
use crate::plan::draft::{DecimalMark, Table};
use crate::plan::notation::{Fault, parse_probability, parse_whole};
use crate::plan::{Gate, GateId, Lag, LagAmount, Link, LinkKind, TaskId, TaskKind};

/// How often a gate can be tried again.
const MOST_LOOPS: i64 = 1000;

/// Reads the table.
///
/// # Arguments
/// `links` are those of the other tables.
///
/// # Returns
/// The gates, and a link with its row for each task that waits for a gate and is no direct successor already.
pub(super) fn read(
    table: &Table,
    links: &[Link],
    plan: &PlanSoFar<'_>,
    report: &mut Report,
) -> (IdVec<GateId, Gate>, Vec<(Link, u32)>) {
    let columns = Columns::of(table);
    read_ids::<GateId>(table, "id", report);
    let mut gates = IdVec::new();
    let mut follows: FxHashSet<(TaskId, TaskId)> =
        links.iter().filter(|link| waits(link)).map(|link| (link.predecessor, link.successor)).collect();
    let mut new_links = Vec::new();
    for row in 0..table.len() {
        let Some(gate) = columns.read_row(row, plan, report) else { continue };
        for &successor in gate.before.iter().filter(|&&task| follows.insert((gate.after, task))) {
            let link = Link {
                predecessor: gate.after,
                successor,
                kind: LinkKind::FinishToStart,
                lag: Lag::NONE,
                max_lag: None,
            };
            new_links.push((link, row as u32));
        }
        gates.push(gate);
    }
    (gates, new_links)
}

/// True if the successor starts after the predecessor's finish.
fn waits(link: &Link) -> bool {
    let is_lead = match link.lag.amount {
        LagAmount::Minutes(minutes) => minutes.0 < 0,
        LagAmount::Percent(share) => share.0 < 0,
    };
    link.kind == LinkKind::FinishToStart && !is_lead
}

struct Columns<'a> {
    table: &'a Table,
    id: Cells<'a>,
    after: Cells<'a>,
    before: Cells<'a>,
    criterion: Cells<'a>,
    pass_probability: Cells<'a>,
    rework_task: Cells<'a>,
    rework_duration: Cells<'a>,
    max_loops: Cells<'a>,
}

impl<'a> Columns<'a> {
    fn of(table: &'a Table) -> Columns<'a> {
        let cells = |field| Cells::of(table, field);
        Columns {
            table,
            id: cells("id"),
            after: cells("after"),
            before: cells("before"),
            criterion: cells("criterion"),
            pass_probability: cells("pass_probability"),
            rework_task: cells("rework_task"),
            rework_duration: cells("rework_duration"),
            max_loops: cells("max_loops"),
        }
    }

    fn read_row(&self, row: usize, plan: &PlanSoFar<'_>, report: &mut Report) -> Option<Gate> {
        self.after.require(row, report);
        let after = self.after.task(row, plan.names, report);
        let mut before = read_tasks(self.before, row, plan.names, report);
        before.retain(|&task| {
            let is_self = Some(task) == after;
            if is_self {
                let fault = Fault::new("self-link", "a task cannot wait for a gate at its own finish");
                self.before.fault_called(row, report, "task", fault.in_part(&plan.tasks[task.index()].id));
            }
            !is_self
        });
        let pass_probability = self.pass_probability.parse(row, report, parse_probability);
        let rework_task = self.rework_task.task(row, plan.names, report);
        if rework_task.is_some_and(|task| plan.tasks[task.index()].kind == TaskKind::Summary) {
            let fault = Fault::new("summary-as-rework", "a summary has no duration of its own");
            self.rework_task.fault(row, report, fault.with_hint("write the time of rework into rework_duration"));
        }
        let rework = self.rework_duration.parse(row, report, |text, mark| parse_delay(text, mark, plan.reading));
        let max_loops = self.max_loops.parse(row, report, parse_loops).unwrap_or(1);
        self.check_rework(row, pass_probability, report);
        Some(Gate {
            id: self.id.text(row).into(),
            after: after?,
            before,
            criterion: self.criterion.text(row).into(),
            pass_probability: pass_probability.unwrap_or(1.0),
            rework_task,
            rework,
            max_loops,
            row: self.table.line(row),
        })
    }

    /// Holds what is said about failing against each other: how likely it is, and what is done then.
    fn check_rework(&self, row: usize, pass_probability: Option<f64>, report: &mut Report) {
        let has_rework = [self.rework_task, self.rework_duration].iter().any(|cells| !cells.text(row).is_empty());
        if pass_probability.is_some_and(|passes| passes < 1.0) && !has_rework {
            let text = "a gate that can fail needs a rework_task or a rework_duration";
            self.pass_probability.fault(row, report, Fault::new("gate-without-rework", text));
        }
        if has_rework && self.pass_probability.text(row).is_empty() {
            let text = "a gate with rework needs the probability that it is passed";
            self.pass_probability.fault(row, report, Fault::new("missing-value", text));
        }
    }
}

fn parse_loops(text: &str, mark: DecimalMark) -> Result<u32, Fault> {
    let loops = parse_whole(text, mark)?;
    let in_range = u32::try_from(loops).ok().filter(|_| (1..=MOST_LOOPS).contains(&loops));
    in_range.ok_or_else(|| Fault::new("out-of-range", format!("expected a whole number from 1 to {MOST_LOOPS}")))
}
