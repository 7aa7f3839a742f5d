//! budgets.csv.

use super::cells::{Cells, Edge, Labels, Reading, not_negative, read_ids};
use super::report::Report;
use super::resources::Resources;
use crate::index::{Id, IdVec};
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, Names, parse_money, parse_scope};
use crate::plan::{Budget, BudgetId, BudgetScope, Task, TaskId, TaskKind};

/// Reads the budgets.
///
/// # Arguments
/// The kinds of the tasks must be set; `accounts` are the words in their account column.
pub(super) fn read(
    table: &Table,
    tasks: &[Task],
    names: &Names<'_, TaskId>,
    resources: &Resources<'_>,
    labels: &Labels<'_>,
    reading: &Reading,
    report: &mut Report,
) -> IdVec<BudgetId, Budget> {
    let cells = |field| Cells::of(table, field);
    let (ids, scopes, keys) = (cells("id"), cells("scope"), cells("key"));
    let (froms, tos, caps) = (cells("from"), cells("to"), cells("cap"));
    read_ids::<BudgetId>(table, "id", report);
    let mut is_account: Vec<bool> = Vec::new();
    for account in tasks.iter().filter_map(|task| task.account) {
        if is_account.len() <= account.index() {
            is_account.resize(account.index() + 1, false);
        }
        is_account[account.index()] = true;
    }
    let mut budgets = IdVec::new();
    for row in 0..table.len() {
        if caps.exist() && caps.text(row).is_empty() {
            caps.fault(row, report, Fault::new("missing-value", "a budget needs a cap"));
        }
        let cap = caps.parse(row, report, |text, mark| not_negative("negative-amount", parse_money(text, mark)));
        let from = froms.parse(row, report, |text, mark| reading.moment_if_any(text, mark, Edge::Start)).flatten();
        let to = tos.parse(row, report, |text, mark| reading.moment_if_any(text, mark, Edge::End)).flatten();
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            let text = format!("not after the beginning, {}", reading.shown(from));
            tos.fault(row, report, Fault::new("from-after-to", text));
        }
        let scope = match scopes.text(row) {
            "" => Some("all"),
            _ => scopes.parse(row, report, |text, _| parse_scope(text)),
        };
        let key = keys.text(row);
        let find_task =
            |kind_is_summary: bool| {
                let task = names.find(key).ok_or_else(|| Fault::new("unknown-task", "no such task"))?;
                let other = if kind_is_summary { "task" } else { "wbs" };
                match (tasks[task.index()].kind == TaskKind::Summary, kind_is_summary) {
                    (true, false) => {
                        Err(Fault::new("wrong-scope", "is a summary").with_hint(format!("use the scope `{other}`")))
                    }
                    (false, true) => Err(Fault::new("wrong-scope", "the task is no summary")
                        .with_hint(format!("use the scope `{other}`"))),
                    _ => Ok(task),
                }
            };
        let scope = match scope {
            None => continue,
            Some("all") if !key.is_empty() => Err(Fault::new("wrong-scope", "the scope `all` has no key")
                .with_hint("say by the column `scope` what the key is: task, wbs, account or resource")),
            Some("all") => Ok(BudgetScope::All),
            Some(scope) if key.is_empty() => {
                Err(Fault::new("missing-value", format!("the scope `{scope}` needs a key")))
            }
            Some("task") => find_task(false).map(BudgetScope::Task),
            Some("wbs") => find_task(true).map(BudgetScope::Wbs),
            Some("account") => {
                let label = labels.find(key).filter(|label| is_account.get(label.index()).is_some_and(|&known| known));
                label
                    .map(BudgetScope::Account)
                    .ok_or_else(|| Fault::new("unknown-account", "no task is booked on this account"))
            }
            Some(_) => {
                let resource = resources.names.find(key);
                resource.map(BudgetScope::Resource).ok_or_else(|| Fault::new("unknown-resource", "no such resource"))
            }
        };
        match (scope, cap) {
            (Err(fault), _) => keys.fault(row, report, fault),
            (Ok(scope), Some(cap)) => {
                budgets.push(Budget { id: ids.text(row).into(), scope, from, to, cap });
            }
            (Ok(_), None) => {}
        }
    }
    budgets
}
