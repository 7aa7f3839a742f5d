//! risks.csv.

use rustc_hash::FxHashMap;

use super::cells::{Cells, Labels, read_ids};
use super::impacts::{read_cost, read_delay, read_tasks};
use super::report::Report;
use super::uncertainty::PlanSoFar;
use crate::index::IdVec;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, Names, parse_probability};
use crate::plan::{LabelId, Risk, RiskGroup, RiskId};

/// How far the probabilities of an exclusive group may miss 1 by their last digits.
const ROUNDING: f64 = 1e-9;

/// The words before the name of an exclusive group.
const EXCLUSIVE: [&str; 2] = ["exclusive", "xor"];

/// The rows of the table; those with faults, which are reported, are among them.
#[derive(Default)]
pub(super) struct Risks<'a> {
    pub list: IdVec<RiskId, Risk>,
    pub names: Names<'a, RiskId>,
    groups: FxHashMap<LabelId, Group>,
}

/// What the rows of a group have said so far.
struct Group {
    is_exclusive: bool,
    line: u32,
    sum: f64,
}

impl Risks<'_> {
    /// True if some risk belongs to a group.
    pub fn has_group(&self, group: LabelId) -> bool {
        self.groups.contains_key(&group)
    }
}

/// Reads the table.
pub(super) fn read<'a>(
    table: &'a Table,
    plan: &PlanSoFar<'_>,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> Risks<'a> {
    let cells = |field| Cells::of(table, field);
    let (ids, titles, owners, categories) = (cells("id"), cells("name"), cells("owner"), cells("category"));
    let (probabilities, tasks, groups) = (cells("probability"), cells("tasks"), cells("group"));
    let (delays, costs) = (cells("delay"), cells("cost"));
    let mut risks = Risks { names: read_ids(table, "id", report), ..Risks::default() };
    for row in 0..table.len() {
        probabilities.require(row, report);
        tasks.require(row, report);
        let probability = probabilities.parse(row, report, parse_probability);
        let hit = read_tasks(tasks, row, plan.names, report);
        let delay = read_delay(delays, row, (&hit, plan.tasks), plan.reading, report);
        let group = groups.parse(row, report, |text, _| parse_group(text)).and_then(|(is_exclusive, name)| {
            let label = labels.intern(name)?;
            Some(if is_exclusive { RiskGroup::Exclusive(label) } else { RiskGroup::Together(label) })
        });
        if let Some(group) = group {
            risks.join(group, probability, row, (groups, probabilities), table.line(row), report);
        }
        risks.list.push(Risk {
            id: ids.text(row).into(),
            name: titles.text(row).into(),
            // Nothing is more likely, so that a mitigation of a risk without a probability is not warned of.
            probability: probability.unwrap_or(1.0),
            tasks: hit,
            delay,
            cost: read_cost(costs, row, report),
            group,
            owner: owners.text(row).into(),
            category: labels.intern(categories.text(row)),
            row: table.line(row),
        });
    }
    risks
}

/// A group and whether it is exclusive: `vendor`, `exclusive:vendor`, `xor:vendor`.
pub(super) fn parse_group(text: &str) -> Result<(bool, &str), Fault> {
    let Some((word, name)) = text.split_once(':') else { return Ok((false, text)) };
    let is_exclusive = EXCLUSIVE.iter().any(|known| known.eq_ignore_ascii_case(word.trim()));
    if !is_exclusive || name.trim().is_empty() {
        return Err(Fault::new("bad-group", "expected the name of a group, such as `vendor` or `exclusive:vendor`"));
    }
    Ok((true, name.trim()))
}

impl Risks<'_> {
    /// Adds a row to its group and checks that it fits in.
    fn join(
        &mut self,
        group: RiskGroup,
        probability: Option<f64>,
        row: usize,
        (cells, probabilities): (Cells<'_>, Cells<'_>),
        line: u32,
        report: &mut Report,
    ) {
        let is_exclusive = matches!(group, RiskGroup::Exclusive(_));
        let known = self.groups.entry(group.label()).or_insert(Group { is_exclusive, line, sum: 0.0 });
        if known.is_exclusive != is_exclusive {
            let kind = if known.is_exclusive { "exclusive" } else { "not exclusive" };
            let fault = Fault::new("mixed-group", format!("on line {} the group is {kind}", known.line));
            cells.fault(row, report, fault.with_hint("write it in the same way on every row"));
            return;
        }
        let before = known.sum;
        known.sum += probability.unwrap_or(0.0);
        let most = 1.0 + ROUNDING;
        if is_exclusive && before <= most && known.sum > most {
            let text = format!(
                "with it the probabilities of the exclusive group, of which at most one risk happens, add up to {:.3}, \
                 more than 1",
                known.sum
            );
            probabilities.fault(row, report, Fault::new("exclusive-above-one", text));
        }
    }
}
