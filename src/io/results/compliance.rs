//! compliance.csv: whether a schedule keeps the rules of rules.csv.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use crate::plan::{Plan, RuleId, RuleKind};
use crate::schedule::{Breach, Schedule, breaches};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment};

/// The columns of compliance.csv: a row for each rule that is kept, and one for each breach of one that is not. `subject` is
/// the person, task or deliverable that a breach is about, `at` when it happens. `verdict` is `kept`, `broken`, `missed` for a wish,
/// or `due` with the moment until which something has to be kept in `at`.
pub const COMPLIANCE_COLUMNS: &[&str] = &["rule", "verdict", "subject", "at", "text", "reference"];

/// A row of compliance.csv.
struct Row {
    rule: RuleId,
    verdict: &'static str,
    subject: String,
    at: Option<Moment>,
    text: String,
}

/// Writes compliance.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_compliance(plan: &Plan, schedule: &Schedule, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let found = breaches(plan, schedule);
    let mut rows: Vec<Row> = Vec::new();
    for (id, rule) in plan.rules().iter_enumerated() {
        let of_rule = found.iter().filter(|breach| breach.rule == id);
        let broken: Vec<Row> = of_rule.map(row_of).collect();
        if !broken.is_empty() {
            rows.extend(broken);
        } else if let RuleKind::Retention { tasks, days } = &rule.kind {
            let until = |finish: Moment| finish + Minutes(i64::from(*days) * MINUTES_PER_DAY);
            rows.extend(tasks.iter().map(|&task| Row {
                rule: id,
                verdict: "due",
                subject: plan.tasks()[task].id.to_string(),
                at: Some(until(schedule.placements[task].finish).min(Moment::MAX)),
                text: format!("what proves the work on `{}` is kept until then", plan.tasks()[task].id),
            }));
        } else {
            let text = plan.rule_words(id);
            rows.push(Row { rule: id, verdict: "kept", subject: String::new(), at: None, text });
        }
    }
    write_table(out, format, COMPLIANCE_COLUMNS, rows.len(), |at, cells: &mut Cells<'_>| {
        let row = &rows[at];
        cells.text(&plan.rules()[row.rule].id);
        cells.text(row.verdict);
        cells.text(&row.subject);
        cells.text(&row.at.map(|at| plan.format_moment(at)).unwrap_or_default());
        cells.text(&row.text);
        cells.text(&plan.rules()[row.rule].reference);
    })
}

fn row_of(breach: &Breach) -> Row {
    Row {
        rule: breach.rule,
        verdict: if breach.is_wish { "missed" } else { "broken" },
        subject: breach.subject.to_string(),
        at: breach.at,
        text: breach.text.clone(),
    }
}
