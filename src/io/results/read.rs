//! Anybody's schedule.csv, for the validator: ours, another tool's, one typed by hand.

use rustc_hash::FxHashMap;

use super::read_cells::{When, decode, parse_civil, parse_period, resource_items, separator};
use super::schedule::SCHEDULE_COLUMNS;
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::index::{Id, IdVec, Rows};
use crate::io::guard::bare;
use crate::plan::{DemandSource, ModeId, Plan, ResourceId, TaskId, TaskKind, TimeUnit};
use crate::schedule::{Assignment, Placement, Schedule, WorkingTimes, children_before_parents};
use crate::units::{Amount, MINUTES_PER_DAY, Minutes, Moment};

/// Findings that are written out; of further ones only the number is told.
const MOST_FINDINGS: usize = 1_000;
/// Unknown names for which the nearest known one is looked up.
const MOST_HINTS: usize = 20;

/// Reads a schedule of a plan.
///
/// The columns `task` and `start` must be there, `finish`, `mode` and `resources` may be; others are passed over. Without a
/// finish a task finishes when the duration of its mode is done; without a mode it is done in its only one; without
/// resources it has those that its mode demands by name. Of a plan of what remains, started tasks count from their actual
/// dates. A date without a time means the first working moment of that
/// day for a start and the last one for a finish. Summaries may be left out.
///
/// # Arguments
/// `file` is what findings call the file.
///
/// # Returns
/// The schedule, not judged yet, and warnings.
///
/// # Errors
/// [`Error::is_invalid_plan`] with every mistake of the file.
pub fn read_schedule(plan: &Plan, file: &str, bytes: &[u8]) -> Result<(Schedule, Findings)> {
    let mut reader = Reader::new(plan, file);
    reader.read_rows(&decode(bytes));
    reader.tell_unplaced();
    if reader.has_errors {
        return Err(Error::invalid_plan(reader.finish_findings()));
    }
    let schedule = reader.complete();
    let has_errors = reader.has_errors;
    let findings = reader.finish_findings();
    if has_errors { Err(Error::invalid_plan(findings)) } else { Ok((schedule, findings)) }
}

/// What a row says.
#[derive(Clone, Debug)]
pub(super) struct Row {
    line: u32,
    pub(super) start: Option<When>,
    pub(super) finish: Option<When>,
    pub(super) mode: Option<ModeId>,
    pub(super) assigned: Vec<Assignment>,
}

/// Where the columns stand.
struct Columns {
    task: usize,
    start: usize,
    finish: Option<usize>,
    mode: Option<usize>,
    resources: Option<usize>,
}

pub(super) struct Reader<'p> {
    plan: &'p Plan,
    file: std::sync::Arc<str>,
    tasks: FxHashMap<&'p str, TaskId>,
    resources: FxHashMap<&'p str, ResourceId>,
    pub(super) rows: Vec<Option<Row>>,
    findings: Findings,
    told: usize,
    left_out: usize,
    hints: usize,
    pub(super) has_errors: bool,
    /// True if what the plan no longer has, or the file does not tell, is no error.
    pub(super) is_lenient: bool,
    /// Warnings about what the plan no longer has.
    pub(super) warned: usize,
}

impl<'p> Reader<'p> {
    pub(super) fn new(plan: &'p Plan, file: &str) -> Reader<'p> {
        let mut resources: FxHashMap<&str, ResourceId> = FxHashMap::default();
        for (id, resource) in plan.resources().iter_enumerated() {
            resources.entry(&resource.name).or_insert(id);
        }
        // An id goes before another resource's name.
        resources.extend(plan.resources().iter_enumerated().map(|(id, resource)| (&*resource.id, id)));
        Reader {
            plan,
            file: file.into(),
            tasks: plan.tasks().iter_enumerated().map(|(id, task)| (&*task.id, id)).collect(),
            resources,
            rows: vec![None; plan.tasks().len()],
            findings: Findings::new(),
            told: 0,
            left_out: 0,
            hints: 0,
            has_errors: false,
            is_lenient: false,
            warned: 0,
        }
    }

    pub(super) fn error(&mut self, rule: &'static str, place: Place, text: String, hint: Option<String>) {
        self.has_errors = true;
        if self.told == MOST_FINDINGS {
            self.left_out += 1;
            return;
        }
        self.told += 1;
        self.findings.push(Finding { hint, ..Finding::error(rule, place, text) });
    }

    pub(super) fn warn(&mut self, rule: &'static str, place: Place, text: String, hint: Option<String>) {
        self.warned += 1;
        if self.warned <= MOST_FINDINGS {
            self.findings.push(Finding { hint, ..Finding::warning(rule, place, text) });
        }
    }

    /// What the plan does not know: an error, or only a warning where the plan may have changed.
    fn unknown(&mut self, rule: &'static str, place: Place, text: String, hint: Option<String>) {
        if self.is_lenient {
            self.warn(rule, place, text, hint);
        } else {
            self.error(rule, place, text, hint);
        }
    }

    pub(super) fn finish_findings(&mut self) -> Findings {
        if self.left_out > 0 {
            let text = format!("{} more errors are left out here", self.left_out);
            self.findings.push(Finding::error("more-findings", Place::file(self.file.clone()), text));
        }
        std::mem::take(&mut self.findings)
    }

    pub(super) fn read_rows(&mut self, text: &str) {
        let mut records = csv::ReaderBuilder::new()
            .delimiter(separator(text))
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let mut columns = None;
        loop {
            match records.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.error("unreadable-row", Place::file(self.file.clone()), error.to_string(), None);
                    break;
                }
            }
            if record.iter().all(str::is_empty) {
                continue;
            }
            let line = record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
            match &columns {
                None => match self.read_header(&record, line) {
                    Some(found) => columns = Some(found),
                    None => return,
                },
                Some(columns) => self.read_row(columns, &record, line),
            }
        }
        if columns.is_none() {
            self.error("missing-column", Place::file(self.file.clone()), "the schedule is empty".into(), None);
        }
    }

    fn read_header(&mut self, record: &csv::StringRecord, line: u32) -> Option<Columns> {
        let headers: Vec<String> = record.iter().map(|header| header.to_lowercase().replace(['_', '-'], " ")).collect();
        let find = |names: &[&str]| headers.iter().position(|header| names.contains(&header.as_str()));
        let task = find(&["task", "id", "task id", "activity", "activity id", "unique id", "job"]);
        let start = find(&["start", "start date", "start time", "planned start"]);
        let finish = find(&["finish", "finish date", "end", "end date", "planned finish"]);
        let mode = find(&["mode"]);
        let resources = find(&["resources", "resource names", "resource", "assigned to"]);
        for (at, header) in headers.iter().enumerate() {
            let is_used = [task, start, finish, mode, resources].contains(&Some(at));
            let is_ours = SCHEDULE_COLUMNS.iter().any(|column| column.replace('_', " ") == *header);
            if !is_used && !is_ours && !header.is_empty() {
                let place = Place::cell(self.file.clone(), line, &record[at]);
                let text = format!("column `{}` is not known and passed over", &record[at]);
                self.findings.push(Finding::warning("unknown-column", place, text));
            }
        }
        let (Some(task), Some(start)) = (task, start) else {
            for (name, found) in [("task", task), ("start", start)] {
                if found.is_none() {
                    let text = format!("a schedule needs a column `{name}`");
                    self.error("missing-column", Place::row(self.file.clone(), line), text, None);
                }
            }
            return None;
        };
        Some(Columns { task, start, finish, mode, resources })
    }

    fn read_row(&mut self, columns: &Columns, record: &csv::StringRecord, line: u32) {
        let plan = self.plan;
        let cell = |column: usize| bare(record.get(column).unwrap_or_default());
        let place = |column: &str| Place::cell(self.file.clone(), line, column);
        let id = cell(columns.task);
        let Some(&task) = self.tasks.get(id) else {
            let place = place("task");
            let hint = self.nearest(id, plan.tasks().iter().map(|task| &*task.id));
            self.unknown("unknown-task", place, format!("the plan has no task `{id}`"), hint);
            // What is wrong with its dates is told in the same go.
            return self.check_moment(cell(columns.start), "start", line);
        };
        if let Some(earlier) = &self.rows[task.index()] {
            let text = format!("task `{id}` was placed on line {} already", earlier.line);
            return self.error("duplicate-task", place("task"), text, None);
        }
        let is_summary = plan.tasks()[task].kind == TaskKind::Summary;
        let start = self.moment(cell(columns.start), "start", line);
        if start.is_none() && !is_summary && !self.is_lenient && cell(columns.start).is_empty() {
            self.error("bad-moment", self.place(line, "start"), format!("task `{id}` has no start"), None);
        }
        let finish = columns.finish.and_then(|column| match self.is_lenient {
            true => self.parsed(cell(column)),
            false => self.moment(cell(column), "finish", line),
        });
        let (mut mode, mut assigned) = (None, Vec::new());
        if !is_summary {
            mode = self.mode(task, columns.mode.map(cell).unwrap_or_default(), line);
            let people = columns.resources.map(cell).unwrap_or_default();
            // Whoever is named counts even where the mode is no longer known.
            let any = Some(plan.tasks()[task].modes.start).filter(|_| self.is_lenient && !people.is_empty());
            if let Some(mode) = mode.or(any) {
                assigned = self.assigned(task, mode, people, line);
            }
        }
        self.rows[task.index()] = Some(Row { line, start, finish, mode, assigned });
    }

    fn place(&self, line: u32, column: &str) -> Place {
        Place::cell(self.file.clone(), line, column)
    }

    /// The moment of a cell; `None` if it is empty or wrong.
    fn moment(&mut self, text: &str, column: &str, line: u32) -> Option<When> {
        if text.is_empty() {
            return None;
        }
        let when = self.parsed(text);
        if when.is_none() {
            let text = self.no_moment(text);
            self.error("bad-moment", self.place(line, column), text, None);
        }
        when
    }

    /// Looks at a moment that is not used.
    fn check_moment(&mut self, text: &str, column: &str, line: u32) {
        if !text.is_empty() && self.parsed(text).is_none() {
            let text = self.no_moment(text);
            self.unknown("bad-moment", self.place(line, column), text, None);
        }
    }

    fn is_abstract(&self) -> bool {
        self.plan.project().time_unit == TimeUnit::Period
    }

    fn parsed(&self, text: &str) -> Option<When> {
        if self.is_abstract() { parse_period(text) } else { parse_civil(text) }
    }

    /// What is said of a cell that holds no moment.
    fn no_moment(&self, text: &str) -> String {
        let expected = if self.is_abstract() { "the number of a period" } else { "a moment like `2026-03-02 13:00`" };
        format!("`{text}` is not {expected}")
    }

    fn mode(&mut self, task: TaskId, text: &str, line: u32) -> Option<ModeId> {
        let row = &self.plan.tasks()[task];
        let modes = (row.modes.start.index()..row.modes.end.index()).map(ModeId::new);
        let name = |mode: ModeId| self.plan.label(self.plan.modes()[mode].name);
        let found = match (text, modes.len()) {
            ("", 1) => Some(row.modes.start),
            ("", _) => None,
            (text, _) => modes.clone().find(|&mode| name(mode) == text),
        };
        if found.is_none() && !(self.is_lenient && text.is_empty()) {
            let names = modes.map(|mode| format!("`{}`", name(mode))).collect::<Vec<_>>().join(", ");
            let (rule, problem) = match text {
                "" => ("mode-needed", format!("task `{}` can be done in several modes", row.id)),
                text => ("unknown-mode", format!("task `{}` has no mode `{text}`", row.id)),
            };
            self.unknown(rule, self.place(line, "mode"), problem, Some(format!("its modes are {names}")));
        }
        found
    }

    fn assigned(&mut self, task: TaskId, mode: ModeId, text: &str, line: u32) -> Vec<Assignment> {
        let plan = self.plan;
        let demands = plan.demands_of(&plan.modes()[mode]);
        if text.is_empty() {
            let mut assigned = Vec::with_capacity(demands.len());
            for demand in demands {
                match demand.source {
                    DemandSource::Resource(resource) => assigned.push(Assignment { resource, amount: demand.amount }),
                    DemandSource::Skill(_) if self.is_lenient => {}
                    DemandSource::Skill(skill) => {
                        let (id, skill) = (&plan.tasks()[task].id, plan.label(skill));
                        let text = format!("task `{id}` needs the skill `{skill}`, but nobody is named for it");
                        let hint = Some("name people in the column `resources`, such as `ana;ben*0.5`".into());
                        self.error("people-needed", self.place(line, "resources"), text, hint);
                    }
                }
            }
            return assigned;
        }
        let mut assigned = Vec::new();
        let known = |name: &str| self.resources.contains_key(name);
        for item in resource_items(text, &known) {
            match item {
                Err(item) => {
                    let text = format!("`{item}` has no readable amount");
                    self.error("bad-amount", self.place(line, "resources"), text, None);
                }
                Ok((name, amount)) => match self.resources.get(name) {
                    Some(&resource) => assigned.push(Assignment { resource, amount }),
                    None => {
                        let hint = self.nearest(name, plan.resources().iter().map(|resource| &*resource.id));
                        let text = format!("the plan has no resource `{name}`");
                        self.unknown("unknown-resource", self.place(line, "resources"), text, hint);
                    }
                },
            }
        }
        // The same name twice in a cell is one assignment of both amounts.
        assigned.sort_by_key(|assignment| assignment.resource);
        assigned.dedup_by(|next, last| {
            let same = next.resource == last.resource;
            if same {
                last.amount = Amount((last.amount.0 + next.amount.0).min(Amount::MAX.0));
            }
            same
        });
        assigned
    }

    fn nearest<'n>(&mut self, name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
        self.hints += 1;
        if self.hints > MOST_HINTS || name.is_empty() {
            return None;
        }
        let scored = known.map(|known| (strsim::jaro_winkler(name, known), known));
        let (score, nearest) = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))?;
        (score > 0.8).then(|| format!("did you mean `{nearest}`?"))
    }

    fn tell_unplaced(&mut self) {
        let plan = self.plan;
        for (task, row) in plan.tasks().iter_enumerated() {
            if row.kind != TaskKind::Summary && self.rows[task.index()].is_none() {
                let text = format!("task `{}` is not in the schedule", row.id);
                self.error("unplaced-task", Place::file(self.file.clone()), text, None);
            }
        }
    }

    /// The schedule, with dates made moments and missing finishes computed.
    fn complete(&mut self) -> Schedule {
        let plan = self.plan;
        let rows = std::mem::take(&mut self.rows);
        let mut schedule = Schedule { placements: IdVec::new(), assignments: Rows::new() };
        for row in &rows {
            let mode = row.as_ref().and_then(|row| row.mode);
            schedule.placements.push(Placement { start: Moment(0), finish: Moment(0), mode });
            schedule.assignments.push_row(row.iter().flat_map(|row| row.assigned.iter().copied()));
        }
        let named = rows.iter().flatten().flat_map(|row| [row.start, row.finish]).flatten().map(|when| match when {
            When::At(moment) => moment,
            When::On(date) => Moment::midnight(date),
        });
        let (mut first, mut last) = (plan.project().start, plan.project().start);
        for moment in named {
            (first, last) = (first.min(moment), last.max(moment));
        }
        let first = Moment(first.0 - 60 * MINUTES_PER_DAY).max(Moment::MIN);
        let mut length = last - first + Minutes(60 * MINUTES_PER_DAY);
        let is_activity = |task: &TaskId| plan.tasks()[*task].kind != TaskKind::Summary;
        let mut pending: Vec<TaskId> = plan.tasks().ids().filter(is_activity).collect();
        // Finishes may lie beyond every moment named in the file: look twice as far each time.
        while !pending.is_empty() {
            let to = (first + length).min(Moment::MAX);
            let times = WorkingTimes::new(plan, &schedule, first, to);
            pending.retain(|&task| {
                match rows[task.index()].as_ref().and_then(|row| resolve(plan, &times, task, row)) {
                    Some((start, finish)) => {
                        (schedule.placements[task].start, schedule.placements[task].finish) = (start, finish);
                        false
                    }
                    None => true,
                }
            });
            if times.to() < to || to == Moment::MAX {
                break;
            }
            length = length + length;
        }
        for task in pending {
            let line = rows[task.index()].as_ref().map_or(0, |row| row.line);
            let text =
                format!("no finish can be found for task `{}` on its calendar and people", plan.tasks()[task].id);
            self.error("never-finishes", self.place(line, "start"), text, None);
        }
        place_summaries(plan, &rows, &mut schedule);
        schedule
    }
}

/// Start and finish of a task; `None` if they lie beyond the time for which `times` is known.
fn resolve(plan: &Plan, times: &WorkingTimes<'_>, task: TaskId, row: &Row) -> Option<(Moment, Moment)> {
    let time = times.of_task(task);
    let start = match row.start? {
        When::At(moment) => moment,
        When::On(date) => time.next_work(Moment::midnight(date))?,
    };
    let duration = plan.modes()[row.mode?].duration.minutes();
    let progress = plan.tasks()[task].progress.filter(|_| plan.project().status_date.is_some());
    let finish = match row.finish {
        Some(When::At(moment)) => moment,
        // A milestone on a date takes no part of that day.
        Some(When::On(date)) if duration == Minutes::ZERO && start.date() == date => start,
        Some(When::On(date)) => {
            let midnight = Moment::midnight(date) + Minutes(MINUTES_PER_DAY);
            time.last_work(midnight).unwrap_or(midnight)
        }
        None if let Some(finish) = progress.and_then(|progress| progress.finish) => finish,
        None if duration == Minutes::ZERO => start,
        // What is left of it lies behind the status date.
        None if progress.is_some() => time.finish_after(start.max(plan.project().start), duration)?,
        None => time.finish_after(start, duration)?,
    };
    Some((start, finish))
}

/// Gives summaries the dates that the file says or, where it does not or says only a date that fits, those of what is
/// below them.
fn place_summaries(plan: &Plan, rows: &[Option<Row>], schedule: &mut Schedule) {
    let mut rolled_up: FxHashMap<TaskId, (Moment, Moment)> = FxHashMap::default();
    for task in children_before_parents(plan) {
        let placement = schedule.placements[task];
        let (mut start, mut finish) = (placement.start, placement.finish);
        if plan.tasks()[task].kind == TaskKind::Summary {
            let Some(&(first, last)) = rolled_up.get(&task) else { continue };
            (start, finish) = (first, last);
            let row = rows[task.index()].as_ref();
            let says = |when: Option<When>, rolled: Moment, begin: Moment| match when {
                Some(When::At(moment)) => moment,
                Some(When::On(date)) if begin.clamp(Moment::MIN, Moment::MAX).date() != date => Moment::midnight(date),
                _ => rolled,
            };
            schedule.placements[task].start = says(row.and_then(|row| row.start), first, first);
            schedule.placements[task].finish = says(row.and_then(|row| row.finish), last, last - Minutes(1));
        }
        if let Some(parent) = plan.tasks()[task].parent {
            let known = rolled_up.entry(parent).or_insert((start, finish));
            *known = (known.0.min(start), known.1.max(finish));
        }
    }
}
