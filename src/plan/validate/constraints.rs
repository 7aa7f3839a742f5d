//! The date constraints of tasks.csv.

use super::cells::{Cells, Edge, Reading};
use super::report::Report;
use crate::plan::notation::{Fault, means_nothing, parse_answer, parse_constraint_kind};
use crate::plan::{Constraint, ConstraintKind};
use crate::units::Moment;

/// The constraint of a row, from its type and its date.
pub(super) fn read_constraint(
    row: usize,
    (constraint, constraint_date, date_means_start): (Cells<'_>, Cells<'_>, bool),
    start: Moment,
    reading: &Reading,
    report: &mut Report,
) -> Option<Constraint> {
    use ConstraintKind::*;
    let given = constraint.text(row);
    let date = constraint_date.text(row);
    let has_date = !means_nothing(date);
    if given.is_empty() && !has_date {
        return None;
    }
    let kind = constraint.parse(row, report, |text, _| parse_constraint_kind(text));
    if kind.is_none() && !given.is_empty() {
        return None;
    }
    let kind = match kind {
        Some(kind) => kind,
        None if date_means_start => StartNoEarlierThan,
        None => {
            let fault =
                Fault::new("date-without-constraint", "a constraint date needs a type in the column `constraint`");
            constraint_date.fault(row, report, fault.with_hint("write SNET for start no earlier than"));
            return None;
        }
    };
    if matches!(kind, AsSoonAsPossible | AsLateAsPossible) {
        if has_date {
            let text = format!("constraint `{given}` has no date; `{date}` is ignored");
            constraint_date.warn(row, report, "date-without-constraint", text);
        }
        return (kind == AsLateAsPossible).then_some(Constraint { kind, moment: start });
    }
    if !has_date {
        let fault = Fault::new("constraint-without-date", "needs a date in the column `constraint_date`");
        constraint.fault(row, report, fault);
        return None;
    }
    let edge = match kind {
        MustFinishOn | FinishNoEarlierThan | FinishNoLaterThan => Edge::End,
        _ => Edge::Start,
    };
    let moment = constraint_date.parse(row, report, |text, mark| reading.moment(text, mark, edge))?;
    if matches!(kind, MustStartOn | MustFinishOn) && moment < start {
        // A date alone allows any time of that day.
        let whole_day = reading.moment(date, constraint_date.decimal_mark(), Edge::End).is_ok_and(|end| end > start);
        if !whole_day {
            let text = format!("lies before the project's start, {}", reading.shown(start));
            constraint_date.fault(row, report, Fault::new("constraint-before-start", text));
            return None;
        }
    }
    Some(Constraint { kind, moment })
}

/// Whether a task is scheduled by hand, which takes a date at which it stands.
pub(super) fn read_manual(row: usize, cells: Cells<'_>, constraint: Option<Constraint>, report: &mut Report) -> bool {
    let is_manual = cells.parse(row, report, |text, _| parse_answer(text)).unwrap_or_default();
    let has_date =
        constraint.is_some_and(|it| matches!(it.kind, ConstraintKind::MustStartOn | ConstraintKind::MustFinishOn));
    if is_manual && !has_date {
        let fault =
            Fault::new("manual-without-date", "a task that is scheduled by hand needs the date at which it stands");
        cells.fault(
            row,
            report,
            fault.with_hint("write MSO in the column `constraint` and the start in `constraint_date`"),
        );
    }
    is_manual && has_date
}
