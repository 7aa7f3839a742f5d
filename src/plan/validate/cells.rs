//! Access to the cells of one column, and what the columns of several tables share.

use rustc_hash::FxHashMap;

use super::report::Report;
use crate::error::{Finding, Place};
use crate::index::Id;
use crate::plan::draft::{DateOrder, DecimalMark, Table};
use crate::plan::notation::{Fault, Names, TimeScale, means_nothing, parse_civil, parse_whole, quoted};
use crate::plan::{LabelId, TaskId, TimeUnit};
use crate::units::{Minutes, Moment};

/// One column of a table, which may be missing: then all its cells are empty.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    table: &'a Table,
    column: Option<usize>,
    field: &'static str,
}

impl<'a> Cells<'a> {
    /// The column of a field.
    pub fn of(table: &'a Table, field: &'static str) -> Cells<'a> {
        Cells { table, column: table.column(field), field }
    }

    /// True if the table has the column.
    pub fn exist(&self) -> bool {
        self.column.is_some()
    }

    /// How numbers are written in its table.
    pub fn decimal_mark(&self) -> DecimalMark {
        self.table.decimal_mark
    }

    /// The column's header; empty if it is missing.
    pub fn header(&self) -> &'a str {
        self.column.map_or("", |column| &self.table.columns()[column].header)
    }

    /// A cell.
    #[inline]
    pub fn text(&self, row: usize) -> &'a str {
        match self.column {
            Some(column) => self.table.cell(row, column),
            None => "",
        }
    }

    /// The value of a cell; `None` if it is empty or, which is reported, makes no sense.
    #[inline]
    pub fn parse<T>(
        &self,
        row: usize,
        report: &mut Report,
        parse: impl FnOnce(&'a str, DecimalMark) -> Result<T, Fault>,
    ) -> Option<T> {
        let text = self.text(row);
        if text.is_empty() {
            return None;
        }
        match parse(text, self.table.decimal_mark) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault(row, report, fault);
                None
            }
        }
    }

    /// Reports the cell if it is empty.
    pub fn require(&self, row: usize, report: &mut Report) {
        if self.exist() && self.text(row).is_empty() {
            self.fault(row, report, Fault::new("missing-value", "every row needs a value here"));
        }
    }

    /// The task that a cell names.
    #[inline]
    pub fn task(&self, row: usize, names: &Names<'_, TaskId>, report: &mut Report) -> Option<TaskId> {
        self.parse(row, report, |text, _| names.find(text).ok_or_else(|| Fault::new("unknown-task", "no such task")))
    }

    /// Reports a fault of a cell.
    pub fn fault(&self, row: usize, report: &mut Report, fault: Fault) {
        self.fault_called(row, report, self.field, fault);
    }

    /// Reports a fault of a cell whose value has another name than the column.
    pub fn fault_called(&self, row: usize, report: &mut Report, what: &str, fault: Fault) {
        match self.column {
            Some(column) => report.fault(self.table, row, column, what, fault),
            None => {
                let text = format!("{}: {}", what.replace('_', " "), fault.text);
                report
                    .push(Finding { hint: fault.hint, ..Finding::error(fault.rule, self.table.row_place(row), text) });
            }
        }
    }

    /// Reports a remark on a cell.
    pub fn warn(&self, row: usize, report: &mut Report, rule: &'static str, text: impl Into<String>) {
        report.push(Finding::warning(rule, self.place(row), text));
    }

    /// Where a cell stands.
    pub fn place(&self, row: usize) -> Place {
        match self.column {
            Some(column) => self.table.place(row, column),
            None => self.table.row_place(row),
        }
    }
}

/// The words that group things, numbered in the order in which they are met.
#[derive(Default)]
pub(super) struct Labels<'a> {
    numbers: FxHashMap<&'a str, LabelId>,
    words: Vec<&'a str>,
}

impl<'a> Labels<'a> {
    /// The label of a word; `None` for the empty one.
    pub fn intern(&mut self, word: &'a str) -> Option<LabelId> {
        if word.is_empty() {
            return None;
        }
        let words = &mut self.words;
        Some(*self.numbers.entry(word).or_insert_with(|| {
            words.push(word);
            LabelId::new(words.len() - 1)
        }))
    }

    /// The label of a word that has one.
    pub fn find(&self, word: &str) -> Option<LabelId> {
        self.numbers.get(word).copied()
    }

    /// The word behind a label.
    pub fn word(&self, label: LabelId) -> &'a str {
        self.words[label.index()]
    }

    /// All words in the order of their labels.
    pub fn into_words(self) -> Vec<Box<str>> {
        self.words.into_iter().map(Box::from).collect()
    }
}

/// Whether a moment begins or ends something, which decides what a date without a time means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    End,
}

/// How the cells of a plan are to be read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub scale: TimeScale,
    pub order: Option<DateOrder>,
}

impl Reading {
    /// A moment: a date with or without time, or the number of a period.
    pub fn moment(&self, text: &str, mark: DecimalMark, edge: Edge) -> Result<Moment, Fault> {
        if self.scale.unit == TimeUnit::Period {
            let periods = parse_whole(text, mark).ok().filter(|periods| (0..=Minutes::MAX.0).contains(periods));
            return periods.map(Moment).ok_or_else(|| {
                Fault::new("bad-date", "expected the number of a period, 0 or more, as the time unit is the period")
            });
        }
        let cell = parse_civil(text, self.order)?;
        match edge {
            Edge::Start => cell.start(),
            Edge::End => cell.end(),
        }
    }

    /// As [`Reading::moment`], for cells that other tools fill with `NA` if there is no date.
    pub fn moment_if_any(&self, text: &str, mark: DecimalMark, edge: Edge) -> Result<Option<Moment>, Fault> {
        if means_nothing(text) { Ok(None) } else { self.moment(text, mark, edge).map(Some) }
    }

    /// A moment as findings print it.
    pub fn shown(&self, moment: Moment) -> String {
        match self.scale.unit {
            TimeUnit::Period => moment.0.to_string(),
            _ => moment.to_string(),
        }
    }

    /// The same, without the midnight that stands for a whole date.
    pub fn shown_date(&self, moment: Moment) -> String {
        match self.has_days() && moment.minute_of_day() == 0 {
            true => moment.date().to_string(),
            false => self.shown(moment),
        }
    }

    /// True unless time is numbered periods.
    pub fn has_days(&self) -> bool {
        self.scale.unit != TimeUnit::Period
    }
}

/// Reads the ids of a table and reports empty and repeated ones.
///
/// # Returns
/// The names, each standing for the row that has it first.
pub(super) fn read_ids<'a, I: Id>(table: &'a Table, field: &'static str, report: &mut Report) -> Names<'a, I> {
    let cells = Cells::of(table, field);
    let mut names = Names::with_capacity(table.len());
    if !cells.exist() {
        return names;
    }
    for row in 0..table.len() {
        let id = cells.text(row);
        if id.is_empty() {
            cells.fault(row, report, Fault::new("empty-id", "every row needs an id"));
        } else if let Some(first) = names.insert(id, I::new(row)) {
            let line = table.line(first.index());
            cells.fault(row, report, Fault::new("duplicate-id", format!("already used on line {line}")));
        } else if id.contains(';') {
            cells.warn(
                row,
                report,
                "separator-in-id",
                format!("id {} contains `;`, which separates the items of lists", quoted(id)),
            );
        }
    }
    names
}

/// Refuses values below zero.
pub(super) fn not_negative<T: Copy + Default + PartialOrd>(
    rule: &'static str,
    value: Result<T, Fault>,
) -> Result<T, Fault> {
    let value = value?;
    if value < T::default() { Err(Fault::new(rule, "may not be negative")) } else { Ok(value) }
}
