//! A baseline to track a plan by: what a schedule.csv promised, tasks that are gone included.

use rustc_hash::FxHashMap;

use super::BUFFER_COLUMNS;
use super::read_cells::{When, decode, parse_civil, parse_period, separator};
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::io::guard::bare;
use crate::plan::draft::DecimalMark;
use crate::plan::notation::{parse_duration, parse_money};
use crate::plan::{Plan, TaskId, TaskKind, TimeUnit};
use crate::track::buffers::Buffer;
use crate::track::{Baseline, Promise};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment, Money};

/// Findings that are written out.
const MOST_FINDINGS: usize = 1_000;

/// Reads what a schedule promised: the columns task, start, finish and, as far as they are there, name, mode and budget, or else
/// cost.
///
/// Rows whose mode is empty are taken for summaries if the file has modes; in a file without them summaries are those of
/// the plan.
///
/// # Errors
/// [`Error::is_invalid_plan`] with every mistake of the file.
pub fn read_baseline(plan: &Plan, name: &str, file: &str, bytes: &[u8]) -> Result<Baseline> {
    let text = decode(bytes);
    let mut records = csv::ReaderBuilder::new()
        .delimiter(separator(&text))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let tasks: FxHashMap<&str, TaskId> = plan.tasks().iter_enumerated().map(|(id, task)| (&*task.id, id)).collect();
    let mut findings = Findings::new();
    let (mut columns, mut rows, mut lines) = (None, Vec::new(), FxHashMap::default());
    let mut record = csv::StringRecord::new();
    loop {
        match records.read_record(&mut record) {
            Ok(true) if record.iter().all(str::is_empty) => continue,
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                findings.push(Finding::error("unreadable-row", Place::file(file), error.to_string()));
                break;
            }
        }
        let line = record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let Some(found) = &columns else {
            columns = Columns::find(&record, file, line, &mut findings);
            if columns.is_none() {
                break;
            }
            continue;
        };
        if let Some(row) = found.read(plan, &tasks, &record, (file, line), &mut findings) {
            match lines.insert(row.id.clone(), line) {
                None => rows.push(row),
                Some(first) => {
                    let text = format!("task `{}` was placed on line {first} already", row.id);
                    findings.push(Finding::error("duplicate-task", Place::cell(file, line, "task"), text));
                }
            }
        }
        if findings.iter().count() >= MOST_FINDINGS {
            break;
        }
    }
    if rows.is_empty() && !findings.has_errors() {
        findings.push(Finding::error("empty-baseline", Place::file(file), "the baseline has no rows"));
    }
    if !findings.has_errors() && rows.iter().all(|row| row.task.is_none()) {
        let text = "not one of its tasks is in the plan";
        findings.push(Finding::error("unknown-task", Place::file(file), text));
    }
    if findings.has_errors() {
        return Err(Error::invalid_schedule(findings));
    }
    Ok(Baseline { name: name.to_owned(), rows })
}

/// Reads buffers.csv: the buffers that were set aside in a baseline. Tasks that are gone are left out of their chains.
///
/// # Errors
/// [`Error::is_invalid_plan`] with every mistake of the file.
pub fn read_buffers(plan: &Plan, file: &str, bytes: &[u8]) -> Result<Vec<Buffer>> {
    let text = decode(bytes);
    let mut records = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut findings = Findings::new();
    let headers = records.headers().cloned().unwrap_or_default();
    let find = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let columns = BUFFER_COLUMNS.iter().map(|&name| find(name).ok_or(name)).collect::<std::result::Result<Vec<_>, _>>();
    let columns = match columns {
        Ok(columns) => columns,
        Err(name) => {
            let text = format!("buffers need a column `{name}`, as `solve --buffers` writes it");
            findings.push(Finding::error("missing-column", Place::file(file), text));
            return Err(Error::invalid_schedule(findings));
        }
    };
    let tasks: FxHashMap<&str, TaskId> = plan.tasks().iter_enumerated().map(|(id, task)| (&*task.id, id)).collect();
    let is_abstract = plan.project().time_unit == TimeUnit::Period;
    let mut buffers = Vec::new();
    for (record, line) in records.records().zip(2u32..) {
        let Ok(record) = record else { continue };
        let cell = |at: usize| bare(record.get(columns[at]).unwrap_or_default());
        let mut moment = |at: usize| {
            let text = cell(at);
            match if is_abstract { parse_period(text) } else { parse_civil(text) } {
                Some(When::At(moment)) => Some(moment),
                Some(When::On(date)) => Some(Moment::midnight(date)),
                None => {
                    let place = Place::cell(file, line, BUFFER_COLUMNS[at]);
                    findings.push(Finding::error("bad-moment", place, format!("`{text}` is no moment")));
                    None
                }
            }
        };
        let (from, to) = (moment(3), moment(4));
        let size = parse_duration(cell(2), &plan.time_scale(), DecimalMark::Point);
        if size.is_err() {
            let text = format!("`{}` is no duration", cell(2));
            findings.push(Finding::error("bad-duration", Place::cell(file, line, "size"), text));
        }
        let (Some(from), Some(to), Ok(size)) = (from, to, size) else { continue };
        buffers.push(Buffer {
            chain: cell(6).split(';').filter_map(|id| tasks.get(id.trim()).copied()).collect(),
            before: tasks.get(cell(1)).copied(),
            size: size.minutes(),
            from,
            to,
            is_cut: cell(5) == "yes",
        });
    }
    if findings.has_errors() { Err(Error::invalid_schedule(findings)) } else { Ok(buffers) }
}

/// Where the columns stand.
struct Columns {
    task: usize,
    start: usize,
    finish: usize,
    name: Option<usize>,
    mode: Option<usize>,
    cost: Option<usize>,
}

impl Columns {
    fn find(record: &csv::StringRecord, file: &str, line: u32, findings: &mut Findings) -> Option<Columns> {
        let headers: Vec<String> = record.iter().map(|header| header.to_lowercase().replace(['_', '-'], " ")).collect();
        let find = |names: &[&str]| headers.iter().position(|header| names.contains(&header.as_str()));
        let task = find(&["task", "id", "task id", "activity", "activity id", "unique id"]);
        let start = find(&["start", "start date", "planned start", "baseline start"]);
        let finish = find(&["finish", "finish date", "end", "planned finish", "baseline finish"]);
        for (name, found) in [("task", task), ("start", start), ("finish", finish)] {
            if found.is_none() {
                let text = format!("a baseline needs a column `{name}`");
                findings.push(Finding::error("missing-column", Place::row(file, line), text));
            }
        }
        Some(Columns {
            task: task?,
            start: start?,
            finish: finish?,
            name: find(&["name", "task name"]),
            mode: find(&["mode"]),
            // What a task costs from the date of the schedule on is less than its budget if it had begun by then.
            cost: find(&["budget"]).or_else(|| find(&["cost", "baseline cost"])),
        })
    }

    fn read(
        &self,
        plan: &Plan,
        tasks: &FxHashMap<&str, TaskId>,
        record: &csv::StringRecord,
        (file, line): (&str, u32),
        findings: &mut Findings,
    ) -> Option<Promise> {
        let cell = |column: usize| bare(record.get(column).unwrap_or_default());
        let is_abstract = plan.project().time_unit == TimeUnit::Period;
        let mut moment = |column: usize, name: &str, is_finish: bool| -> Option<Moment> {
            let text = cell(column);
            match if is_abstract { parse_period(text) } else { parse_civil(text) } {
                Some(When::At(moment)) => Some(moment),
                Some(When::On(date)) => {
                    Some(Moment::midnight(date) + Minutes(if is_finish { MINUTES_PER_DAY } else { 0 }))
                }
                None => {
                    let expected =
                        if is_abstract { "the number of a period" } else { "a moment like `2026-03-02 13:00`" };
                    let text = format!("`{text}` is not {expected}");
                    findings.push(Finding::error("bad-moment", Place::cell(file, line, name), text));
                    None
                }
            }
        };
        let (start, finish) = (moment(self.start, "start", false), moment(self.finish, "finish", true));
        let id = cell(self.task);
        if id.is_empty() {
            findings.push(Finding::error("missing-value", Place::cell(file, line, "task"), "every row needs a task"));
        }
        let cost = match self.cost.map(cell).filter(|text| !text.is_empty()) {
            None => Some(Money::ZERO),
            Some(text) => match parse_money(text, DecimalMark::Point) {
                Ok(cost) => Some(cost),
                Err(fault) => {
                    let text = format!("`{text}`: {}", fault.text);
                    findings.push(Finding::error(fault.rule, Place::cell(file, line, "cost"), text));
                    None
                }
            },
        };
        let (start, finish, cost) = (start?, finish?, cost?);
        if finish < start {
            let text = format!("before the start, {}", plan.format_moment(start));
            findings.push(Finding::error("finish-before-start", Place::cell(file, line, "finish"), text));
            return None;
        }
        if id.is_empty() {
            return None;
        }
        let task = tasks.get(id).copied();
        let is_summary = match self.mode {
            Some(mode) => cell(mode).is_empty(),
            None => task.is_some_and(|task| plan.tasks()[task].kind == TaskKind::Summary),
        };
        let name = self.name.map(cell).unwrap_or_default().into();
        Some(Promise { id: id.into(), name, task, is_summary, start, finish, cost })
    }
}
