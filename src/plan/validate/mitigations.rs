//! mitigations.csv.

use super::cells::{Cells, not_negative, read_ids};
use super::impacts::{read_cost, read_delay};
use super::report::Report;
use super::risks::Risks;
use super::uncertainty::PlanSoFar;
use crate::index::IdVec;
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, parse_money, parse_probability};
use crate::plan::{Mitigation, MitigationId};

/// The columns of which a row fills at least one.
const AFTER: [&str; 3] = ["probability_after", "delay_after", "cost_after"];

/// Reads the table.
pub(super) fn read(
    table: &Table,
    risks: &Risks<'_>,
    plan: &PlanSoFar<'_>,
    report: &mut Report,
) -> IdVec<MitigationId, Mitigation> {
    let cells = |field| Cells::of(table, field);
    let (ids, risk_ids, costs) = (cells("id"), cells("risk"), cells("cost"));
    let [probabilities, delays, costs_after] = AFTER.map(cells);
    read_ids::<MitigationId>(table, "id", report);
    let mut mitigations = IdVec::new();
    for row in 0..table.len() {
        risk_ids.require(row, report);
        costs.require(row, report);
        let risk = risk_ids.parse(row, report, |text, _| {
            risks.names.find(text).ok_or_else(|| Fault::new("unknown-risk", "no such risk"))
        });
        let cost = costs.parse(row, report, |text, mark| not_negative("negative-amount", parse_money(text, mark)));
        let probability_after = probabilities.parse(row, report, parse_probability);
        let hit = risk.map_or(&[][..], |risk| &risks.list[risk].tasks);
        let delay_after = read_delay(delays, row, (hit, plan.tasks), plan.reading, report);
        let cost_after = read_cost(costs_after, row, report);
        if AFTER.iter().all(|field| cells(field).text(row).is_empty()) {
            let text = "a mitigation needs a value in probability_after, delay_after or cost_after";
            ids.fault(row, report, Fault::new("mitigation-without-effect", text));
        }
        let (Some(risk), Some(cost)) = (risk, cost) else { continue };
        let before = risks.list[risk].probability;
        if probability_after.is_some_and(|after| after > before) {
            let text = format!("the risk is less likely without the mitigation: {before}");
            probabilities.warn(row, report, "mitigation-raises-risk", text);
        }
        mitigations.push(Mitigation {
            id: ids.text(row).into(),
            risk,
            cost,
            probability_after,
            delay_after,
            cost_after,
            row: table.line(row),
        });
    }
    mitigations
}
