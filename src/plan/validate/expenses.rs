//! expenses.csv: what has been paid or is owed.

use rustc_hash::FxHashSet;

use super::cells::{Cells, Edge, Labels};
use super::report::Report;
use super::uncertainty::PlanSoFar;
use crate::index::Id;
use crate::plan::draft::Table;
use crate::plan::notation::{parse_expense_kind, parse_money};
use crate::plan::{Expense, LabelId};
use crate::units::Moment;

/// Reads the table.
pub(super) fn read<'a>(
    table: &'a Table,
    plan: &PlanSoFar<'_>,
    status_date: Option<Moment>,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> Vec<Expense> {
    let cells = |field| Cells::of(table, field);
    let (dates, amounts, tasks) = (cells("date"), cells("amount"), cells("task"));
    let (accounts, kinds, notes) = (cells("account"), cells("kind"), cells("note"));
    let known: FxHashSet<LabelId> = plan.tasks.iter().filter_map(|task| task.account).collect();
    let mut expenses = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        dates.require(row, report);
        amounts.require(row, report);
        let date = dates.parse(row, report, |text, mark| plan.reading.moment(text, mark, Edge::Start));
        let amount = amounts.parse(row, report, parse_money);
        let task = tasks.task(row, plan.names, report);
        let is_committed = kinds.parse(row, report, |text, _| parse_expense_kind(text)).unwrap_or(false);
        let own = labels.intern(accounts.text(row));
        let of_task = task.and_then(|task| plan.tasks[task.index()].account);
        if let Some(account) = own.filter(|account| !known.contains(account)) {
            let text = format!("no task is booked on the account `{}`", labels.word(account));
            accounts.warn(row, report, "account-without-task", text);
        }
        let (Some(date), Some(amount)) = (date, amount) else { continue };
        if let Some(status) = status_date.filter(|&status| date > status && !is_committed) {
            let text =
                format!("paid after the status date, {}, so it does not count yet", plan.reading.shown_date(status));
            dates.warn(row, report, "expense-after-status-date", text);
        }
        let note = notes.text(row).into();
        let account = own.or(of_task);
        expenses.push(Expense { date, amount, task, account, is_committed, note, row: table.line(row) });
    }
    expenses
}
