//! Edits carried out on the cells of a plan.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::change::Column;
use super::edit::{Act, Edit, Part, Target, Value, nearest};
use crate::error::Findings;
use crate::plan::draft::{DecimalMark, PlanDraft, Table, TableKind, setting_names};
use crate::plan::is_setting;
use crate::plan::notation::{
    Fault, Names, TimeScale, list_items, names_of_demands, parse_civil, parse_duration, parse_predecessors,
};

/// Carries out edits one after the other.
///
/// # Arguments
/// `layers` are lists of edits of which each builds on the one before; within one a cell may be changed once. `scale` is what
/// units of time mean in the plan.
///
/// # Errors
/// Every edit that cannot be carried out: rows that are not there, cells without a value that could change, cells changed
/// twice. What the edited plan says is for [`validate`](crate::plan::validate) to judge.
pub fn apply(draft: &PlanDraft, scale: &TimeScale, layers: &[&[Edit]]) -> Result<PlanDraft, Findings> {
    let mut desk = Desk { draft, scale, sheets: BTreeMap::new(), changed: BTreeSet::new(), findings: Findings::new() };
    for layer in layers {
        desk.changed.clear();
        layer.iter().for_each(|edit| desk.carry_out(edit));
    }
    if desk.findings.has_errors() {
        return Err(desk.findings);
    }
    let mut edited = draft.clone();
    for (kind, sheet) in desk.sheets {
        let table = sheet.into_table(kind);
        match edited.tables.iter_mut().find(|table| table.kind() == kind) {
            Some(old) => *old = table,
            None => edited.tables.push(table),
        }
    }
    edited.tables.sort_by_key(Table::kind);
    Ok(edited)
}

/// A table whose cells can be changed.
struct Sheet<'a> {
    file: std::sync::Arc<str>,
    headers: Vec<String>,
    mark: DecimalMark,
    /// Position of the column of each field that is there.
    columns: BTreeMap<&'static str, usize>,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    /// Line of the file; where the row comes from.
    line: u32,
    /// Tells it from all others, also when they move.
    number: usize,
    cells: Vec<Cow<'a, str>>,
}

impl<'a> Sheet<'a> {
    fn of(kind: TableKind, table: &'a Table) -> Sheet<'a> {
        let cells = |row: usize| table.row(row).map(Cow::Borrowed).collect();
        Sheet {
            file: table.file().clone(),
            headers: table.columns().iter().map(|column| column.header.to_string()).collect(),
            mark: table.decimal_mark,
            columns: kind.fields().iter().filter_map(|field| Some((field.name, table.column(field.name)?))).collect(),
            rows: (0..table.len()).map(|row| Row { line: table.line(row), number: row, cells: cells(row) }).collect(),
        }
    }

    /// A table that is not there yet, with the columns that it needs and rows of one cell.
    fn fresh(kind: TableKind, rows: &[&'a str]) -> Sheet<'a> {
        let needed: Vec<&str> = kind.fields().iter().filter(|field| field.required).map(|field| field.name).collect();
        let rows = rows.iter().enumerate();
        Sheet {
            file: kind.file_name().into(),
            headers: needed.iter().map(|&name| name.to_owned()).collect(),
            mark: DecimalMark::Point,
            columns: needed.into_iter().enumerate().map(|(at, name)| (name, at)).collect(),
            rows: rows.map(|(number, &cell)| Row { line: 1, number, cells: vec![Cow::Borrowed(cell)] }).collect(),
        }
    }

    fn into_table(self, kind: TableKind) -> Table {
        let mut table = Table::new(kind, self.file, self.headers);
        table.decimal_mark = self.mark;
        for row in &self.rows {
            table.push_row(row.line, row.cells.iter().map(|cell| &**cell));
        }
        table
    }

    /// The column of a field, which is added if it is not there.
    fn column(&mut self, field: &'static str) -> usize {
        if let Some(&at) = self.columns.get(field) {
            return at;
        }
        self.headers.push(field.to_owned());
        self.rows.iter_mut().for_each(|row| row.cells.push(Cow::Borrowed("")));
        self.columns.insert(field, self.headers.len() - 1);
        self.headers.len() - 1
    }

    fn cell(&self, row: usize, field: &str) -> &str {
        self.columns.get(field).map_or("", |&at| &self.rows[row].cells[at])
    }
}

/// The columns that together tell the rows of a table apart.
fn keys(kind: TableKind) -> &'static [&'static str] {
    match kind {
        TableKind::Project => &["key"],
        TableKind::Dependencies => &["predecessor", "successor"],
        TableKind::Availability => &["resource", "from"],
        TableKind::Modes => &["task", "mode"],
        TableKind::Calendars => &["calendar", "day"],
        TableKind::Correlations => &["a", "b"],
        TableKind::Progress | TableKind::Dates => &["task"],
        TableKind::Expenses => &["date", "task"],
        TableKind::Scenarios => &["scenario"],
        TableKind::Tasks
        | TableKind::Resources
        | TableKind::Budgets
        | TableKind::Deliverables
        | TableKind::Risks
        | TableKind::Mitigations
        | TableKind::Gates
        | TableKind::Issues
        | TableKind::Stakeholders
        | TableKind::Rules => &["id"],
    }
}

/// Columns of other tables that name tasks, and whether a cell is a list of them. A row goes with the task it names; a list
/// loses it.
const REFERENCES: [(TableKind, &str, bool); 16] = [
    (TableKind::Rules, "tasks", true),
    (TableKind::Dependencies, "predecessor", false),
    (TableKind::Dependencies, "successor", false),
    (TableKind::Modes, "task", false),
    (TableKind::Progress, "task", false),
    (TableKind::Expenses, "task", false),
    (TableKind::Dates, "task", false),
    (TableKind::Issues, "task", false),
    (TableKind::Gates, "after", false),
    (TableKind::Gates, "rework_task", true),
    (TableKind::Gates, "before", true),
    (TableKind::Risks, "tasks", true),
    (TableKind::Stakeholders, "milestones", true),
    (TableKind::Budgets, "key", false),
    (TableKind::Correlations, "a", false),
    (TableKind::Correlations, "b", false),
];

/// The resources of a plan without resources.csv: each name in its lists of resources is one.
fn implied_resources(draft: &PlanDraft) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for table in [TableKind::Tasks, TableKind::Modes].into_iter().filter_map(|kind| draft.table(kind)) {
        let Some(column) = table.column("resources") else { continue };
        for name in (0..table.len()).flat_map(|row| names_of_demands(table.cell(row, column))) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Work in progress.
struct Desk<'a> {
    draft: &'a PlanDraft,
    scale: &'a TimeScale,
    /// The tables that have been changed.
    sheets: BTreeMap<TableKind, Sheet<'a>>,
    /// The cells that the layer has changed: table, number of the row, column.
    changed: BTreeSet<(TableKind, usize, &'static str)>,
    findings: Findings,
}

impl<'a> Desk<'a> {
    fn sheet(&mut self, kind: TableKind) -> &mut Sheet<'a> {
        let draft = self.draft;
        self.sheets.entry(kind).or_insert_with(|| match (draft.table(kind), kind) {
            (Some(table), _) => Sheet::of(kind, table),
            (None, TableKind::Resources) => Sheet::fresh(kind, &implied_resources(draft)),
            (None, _) => Sheet::fresh(kind, &[]),
        })
    }

    fn carry_out(&mut self, edit: &Edit) {
        match &edit.act {
            Act::Add => self.add(edit),
            Act::Delete => self.delete(edit),
            Act::Set(field, value) => self.set(edit, field, value),
        }
    }

    fn refuse(&mut self, edit: &Edit, part: Part, text: &str, fault: Fault) {
        let finding = edit.source.finding(part, text, fault);
        self.findings.push(finding);
    }

    /// The rows that a target means, by position; none is reported.
    fn find(&mut self, edit: &Edit) -> Vec<usize> {
        let tasks = match &edit.target {
            Target::Key(_) => BTreeSet::new(),
            Target::Below(summary) => self.tasks_below(summary),
            Target::Category(category) => self.tasks_of(category),
        };
        let kind = edit.table;
        if kind == TableKind::Dependencies {
            self.give_rows_to_links(|predecessor, successor| match &edit.target {
                Target::Key(_) => {
                    edit.target.fits(&format!("{predecessor}/{successor}")) || edit.target.fits(predecessor)
                }
                Target::Below(_) | Target::Category(_) => tasks.contains(predecessor),
            });
        }
        let order = self.draft.date_order;
        let sheet = self.sheet(kind);
        let key_of = |row: usize| keys(kind).iter().map(|field| sheet.cell(row, field)).collect::<Vec<_>>();
        let is_meant = |row: usize| {
            let key = key_of(row);
            match &edit.target {
                Target::Key(_) if key.len() == 1 => edit.target.fits(key[0]),
                Target::Key(_) if edit.target.fits(&key.join("/")) => true,
                // A date may be written in another way.
                Target::Key(wanted) if kind == TableKind::Availability => {
                    let day = |text: &str| parse_civil(text, order).ok().and_then(|day| day.start().ok());
                    let is_same =
                        |from: &str| from == key[1] || day(from).is_some_and(|from| day(key[1]) == Some(from));
                    match wanted.split_once('/') {
                        Some((resource, from)) => resource == key[0] && is_same(from),
                        None => edit.target.fits(key[0]),
                    }
                }
                // Of keys of several columns the first one means all its rows.
                Target::Key(_) => edit.target.fits(key[0]),
                Target::Category(category) if kind == TableKind::Risks => sheet.cell(row, "category") == category,
                Target::Below(_) | Target::Category(_) => tasks.contains(key[0]),
            }
        };
        let found: Vec<usize> = (0..sheet.rows.len()).filter(|&row| is_meant(row)).collect();
        if found.is_empty() {
            let known: Vec<String> = (0..sheet.rows.len()).map(|row| key_of(row).join("/")).collect();
            let target = edit.target.to_string();
            let fault = Fault::new("unknown-row", format!("{} has no such row", kind.file_name()));
            let fault = match nearest(&target, known.iter().map(String::as_str)) {
                Some(near) => fault.with_hint(format!("did you mean `{near}`?")),
                None if kind == TableKind::Dependencies => {
                    fault.with_hint("a link is called by its tasks, as in `dependency:A/B.lag=2d`")
                }
                None => fault,
            };
            self.refuse(edit, Part::Id, &target, fault);
        }
        found
    }

    /// The tasks below a summary that have no tasks below them.
    fn tasks_below(&mut self, summary: &str) -> BTreeSet<String> {
        let sheet = self.sheet(TableKind::Tasks);
        let parents: BTreeMap<&str, &str> =
            (0..sheet.rows.len()).map(|row| (sheet.cell(row, "id"), sheet.cell(row, "parent"))).collect();
        let is_summary: BTreeSet<&str> = parents.values().copied().collect();
        let is_below = |id: &str| {
            let mut at = id;
            // A plan that is wrong may go in circles.
            for _ in 0..parents.len() {
                match parents.get(at) {
                    Some(&parent) if parent == summary => return true,
                    Some(&parent) if !parent.is_empty() => at = parent,
                    _ => return false,
                }
            }
            false
        };
        parents.keys().filter(|id| !is_summary.contains(**id) && is_below(id)).map(|id| (*id).to_owned()).collect()
    }

    fn tasks_of(&mut self, category: &str) -> BTreeSet<String> {
        let sheet = self.sheet(TableKind::Tasks);
        let is_of = |row: &usize| sheet.cell(*row, "category") == category;
        (0..sheet.rows.len()).filter(is_of).map(|row| sheet.cell(row, "id").to_owned()).collect()
    }

    fn add(&mut self, edit: &Edit) {
        let kind = edit.table;
        let Target::Key(key) = &edit.target else {
            let fault = Fault::new("bad-edit", "a row is added under an id of its own");
            return self.refuse(edit, Part::Id, &edit.target.to_string(), fault);
        };
        let fields = keys(kind);
        let parts: Vec<&str> = key.splitn(fields.len(), '/').collect();
        if parts.len() < fields.len() || edit.target.is_many() {
            let text = format!("a row of {} is added as {}", kind.file_name(), fields.join("/"));
            return self.refuse(edit, Part::Id, key, Fault::new("bad-edit", text));
        }
        let sheet = self.sheet(kind);
        let is_there = |row: &Row| {
            fields
                .iter()
                .zip(&parts)
                .all(|(field, part)| sheet.columns.get(field).is_some_and(|&at| row.cells[at] == *part))
        };
        if sheet.rows.iter().any(is_there) {
            let text = format!("{} has this row already", kind.file_name());
            return self.refuse(edit, Part::Id, key, Fault::new("duplicate-id", text));
        }
        let columns: Vec<usize> = fields.iter().map(|field| sheet.column(field)).collect();
        let mut cells = vec![Cow::Borrowed(""); sheet.headers.len()];
        columns.iter().zip(&parts).for_each(|(&at, part)| cells[at] = Cow::Owned((*part).to_owned()));
        let number = sheet.rows.iter().map(|row| row.number + 1).max().unwrap_or(0);
        sheet.rows.push(Row { line: edit.source.places[0].row.unwrap_or(1), number, cells });
    }

    fn set(&mut self, edit: &Edit, field: &'static str, value: &Value) {
        let kind = edit.table;
        let rows = match (&edit.target, kind) {
            // A setting that is not there yet is as usual.
            (Target::Key(key), TableKind::Project) => self.setting(edit, key),
            _ => self.find(edit),
        };
        let (scale, order) = (self.scale, self.draft.date_order);
        let (mut any, mut faults) = (false, Vec::new());
        for &row in &rows {
            let sheet = self.sheet(kind);
            let number = sheet.rows[row].number;
            let name =
                if kind == TableKind::Project { sheet.cell(row, "key").to_lowercase() } else { field.to_owned() };
            let column = Column { table: kind, field: &name, mark: sheet.mark, scale, order };
            let cell = sheet.cell(row, field).to_owned();
            let is_relative = !matches!(value, Value::Is(_));
            if is_relative && !column.has_value(&cell) {
                continue;
            }
            any = true;
            match column.changed(&cell, value, edit.source.mark) {
                Ok(text) => {
                    if (kind, field) == (TableKind::Tasks, "duration")
                        && let Some(factor) = self.growth(&cell, &text, value)
                    {
                        self.scale_estimate(row, factor, edit, &mut faults);
                    }
                    let sheet = self.sheet(kind);
                    let at = sheet.column(field);
                    sheet.rows[row].cells[at] = text.into();
                }
                // What is said of a part is said of the edit.
                Err(fault) if fault.part.is_some() => faults.push(fault),
                Err(fault) => faults.push(fault.in_part(&cell)),
            }
            if !self.changed.insert((kind, number, field)) {
                let text = "the scenario changes this cell twice; let it build on another that makes the first change";
                self.refuse(edit, Part::Field, &edit.to_string(), Fault::new("edited-twice", text));
            }
        }
        if !any && !rows.is_empty() {
            faults
                .push(Fault::new("bad-edit", format!("there is no {} yet that could change", field.replace('_', " "))));
        }
        // One is enough of those that say the same of many rows.
        if let Some(fault) = faults.into_iter().next() {
            self.refuse(edit, Part::Value, &value.to_string(), fault);
        }
    }

    /// The row of a setting of the project, which is added if it is not there.
    fn setting(&mut self, edit: &Edit, key: &str) -> Vec<usize> {
        let sheet = self.sheet(TableKind::Project);
        let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
        let is_called = |row: &usize| plain(sheet.cell(*row, "key")) == plain(key);
        if let Some(row) = (0..sheet.rows.len()).find(is_called) {
            return vec![row];
        }
        if !is_setting(&plain(key)) {
            let fault = Fault::new("unknown-key", "project.csv has no such key");
            let near = nearest(&plain(key), setting_names()).map(|near| format!("did you mean `{near}`?"));
            let fault = fault.with_hint(
                near.unwrap_or_else(|| format!("the keys are {}", setting_names().collect::<Vec<_>>().join(", "))),
            );
            self.refuse(edit, Part::Id, key, fault);
            return Vec::new();
        }
        let sheet = self.sheet(TableKind::Project);
        let (at, _) = (sheet.column("key"), sheet.column("value"));
        let mut cells = vec![Cow::Borrowed(""); sheet.headers.len()];
        cells[at] = Cow::Owned(key.to_owned());
        let number = sheet.rows.iter().map(|row| row.number + 1).max().unwrap_or(0);
        sheet.rows.push(Row { line: 1, number, cells });
        vec![sheet.rows.len() - 1]
    }

    /// How many times as long a duration becomes.
    fn growth(&mut self, before: &str, after: &str, value: &Value) -> Option<f64> {
        if let Value::Times(factor) = value {
            return Some(*factor);
        }
        let (scale, mark) = (self.scale, self.sheet(TableKind::Tasks).mark);
        let minutes = |text: &str| parse_duration(text, scale, mark).ok().map(|duration| duration.minutes().0);
        let (before, after) = (minutes(before)?, minutes(after)?);
        (before > 0 && after >= 0).then(|| after as f64 / before as f64)
    }

    /// With a duration the estimate around it becomes so many times as long, but for what the scenario has set itself.
    fn scale_estimate(&mut self, row: usize, factor: f64, edit: &Edit, faults: &mut Vec<Fault>) {
        let (scale, order) = (self.scale, self.draft.date_order);
        let number = self.sheet(TableKind::Tasks).rows[row].number;
        let is_set = |field| self.changed.contains(&(TableKind::Tasks, number, field));
        let estimates: Vec<&str> =
            ["optimistic", "pessimistic", "distribution"].into_iter().filter(|field| !is_set(field)).collect();
        let sheet = self.sheet(TableKind::Tasks);
        for field in estimates {
            let Some(&at) = sheet.columns.get(field) else { continue };
            let column = Column { table: TableKind::Tasks, field, mark: sheet.mark, scale, order };
            let cell = &mut sheet.rows[row].cells[at];
            let has_numbers = cell.contains(|c: char| c.is_ascii_digit());
            match column.changed(cell, &Value::Times(factor), edit.source.mark) {
                Ok(text) => *cell = text.into(),
                Err(_) if !has_numbers => {}
                Err(fault) => faults.push(fault.in_part(cell)),
            }
        }
    }

    fn delete(&mut self, edit: &Edit) {
        let rows: BTreeSet<usize> = self.find(edit).into_iter().collect();
        let sheet = self.sheet(edit.table);
        let key = keys(edit.table)[0];
        let mut numbers: BTreeSet<usize> = rows.iter().map(|&row| sheet.rows[row].number).collect();
        if edit.table == TableKind::Tasks {
            let named = rows.iter().map(|&row| sheet.cell(row, key).to_owned()).collect();
            let gone = self.with_all_below(named);
            self.forget_tasks(&gone);
            let sheet = self.sheet(TableKind::Tasks);
            let is_gone = |row: &usize| gone.contains(sheet.cell(*row, key));
            numbers.extend((0..sheet.rows.len()).filter(is_gone).map(|row| sheet.rows[row].number));
        }
        let sheet = self.sheet(edit.table);
        let gone: BTreeSet<String> = rows.iter().map(|&row| sheet.cell(row, key).to_owned()).collect();
        sheet.rows.retain(|row| !numbers.contains(&row.number));
        self.forget_interests_in(edit.table, &gone);
    }

    /// Takes budgets, risks and resources out of the interests of stakeholders.
    fn forget_interests_in(&mut self, kind: TableKind, gone: &BTreeSet<String>) {
        let prefix = match kind {
            TableKind::Budgets => "budget",
            TableKind::Risks => "risk",
            TableKind::Resources => "resource",
            _ => return,
        };
        self.drop_interests(|item| {
            item.split_once(':')
                .is_some_and(|(kind, name)| kind.trim().eq_ignore_ascii_case(prefix) && gone.contains(name.trim()))
        });
    }

    /// True for a table of the plan, or one that the edits have made.
    fn has(&self, kind: TableKind) -> bool {
        self.draft.table(kind).is_some() || self.sheets.contains_key(&kind)
    }

    /// Takes items out of the interests of stakeholders.
    fn drop_interests(&mut self, is_gone: impl Fn(&str) -> bool) {
        if !self.has(TableKind::Stakeholders) {
            return;
        }
        let sheet = self.sheet(TableKind::Stakeholders);
        let Some(&at) = sheet.columns.get("interests") else { return };
        for row in sheet.rows.iter_mut().filter(|row| list_items(&row.cells[at]).any(&is_gone)) {
            let left: Vec<&str> = list_items(&row.cells[at]).filter(|item| !is_gone(item)).collect();
            row.cells[at] = left.join(";").into();
        }
    }

    /// Tasks, and those that are below summaries among them.
    fn with_all_below(&mut self, mut tasks: BTreeSet<String>) -> BTreeSet<String> {
        let sheet = self.sheet(TableKind::Tasks);
        loop {
            let before = tasks.len();
            let is_below = |row: &usize| tasks.contains(sheet.cell(*row, "parent"));
            let below: Vec<String> =
                (0..sheet.rows.len()).filter(is_below).map(|row| sheet.cell(row, "id").to_owned()).collect();
            tasks.extend(below);
            if tasks.len() == before {
                return tasks;
            }
        }
    }

    /// The words in a column of the tasks that are gone with them.
    fn words_lost(&mut self, field: &str, gone: &BTreeSet<String>) -> BTreeSet<String> {
        let sheet = self.sheet(TableKind::Tasks);
        let of = |is_gone: bool| -> BTreeSet<String> {
            let rows = (0..sheet.rows.len()).filter(|&row| gone.contains(sheet.cell(row, "id")) == is_gone);
            rows.map(|row| sheet.cell(row, field).to_owned()).filter(|word| !word.is_empty()).collect()
        };
        let (lost, left) = (of(true), of(false));
        lost.difference(&left).cloned().collect()
    }

    /// Takes tasks out of whatever refers to them.
    fn forget_tasks(&mut self, gone: &BTreeSet<String>) {
        let keys: BTreeSet<String> =
            self.words_lost("category", gone).into_iter().chain(gone.iter().cloned()).collect();
        self.forget_interests(gone);
        for (kind, field, is_list) in REFERENCES {
            if !self.has(kind) {
                continue;
            }
            let sheet = self.sheet(kind);
            let Some(&at) = sheet.columns.get(field) else { continue };
            if is_list {
                let keeps =
                    |cell: &str| list_items(cell).filter(|item| !gone.contains(*item)).collect::<Vec<_>>().join(";");
                let has_any = |cell: &str| list_items(cell).any(|item| gone.contains(item));
                sheet
                    .rows
                    .iter_mut()
                    .filter(|row| has_any(&row.cells[at]))
                    .for_each(|row| row.cells[at] = keeps(&row.cells[at]).into());
                // A risk that hits nothing any more is gone.
                if kind == TableKind::Risks {
                    sheet.rows.retain(|row| !row.cells[at].is_empty());
                }
            } else {
                let gone = if kind == TableKind::Correlations { &keys } else { gone };
                let plain = |cell: &str| cell.rsplit_once(':').map_or(cell.to_owned(), |(_, key)| key.to_owned());
                sheet.rows.retain(|row| !gone.contains(&*row.cells[at]) && !gone.contains(&plain(&row.cells[at])));
            }
        }
        self.forget_predecessors(gone);
    }

    /// Takes out of the interests of stakeholders what goes with tasks: themselves, categories and deliverables that nothing is of
    /// any more, risks that hit nothing else.
    fn forget_interests(&mut self, gone: &BTreeSet<String>) {
        if !self.has(TableKind::Stakeholders) {
            return;
        }
        let categories = self.words_lost("category", gone);
        let deliverables = match self.has(TableKind::Deliverables) {
            true => BTreeSet::new(),
            false => self.words_lost("deliverable", gone),
        };
        let mut risks = BTreeSet::new();
        if self.has(TableKind::Risks) {
            let sheet = self.sheet(TableKind::Risks);
            let hits_nothing = |row: &usize| list_items(sheet.cell(*row, "tasks")).all(|task| gone.contains(task));
            risks.extend((0..sheet.rows.len()).filter(hits_nothing).map(|row| sheet.cell(row, "id").to_owned()));
        }
        let is_gone = |item: &str| {
            let Some((kind, name)) = item.split_once(':') else { return gone.contains(item) };
            let lost = match &*kind.trim().to_lowercase() {
                "task" | "wbs" => gone,
                "category" => &categories,
                "deliverable" => &deliverables,
                "risk" => &risks,
                _ => return gone.contains(item),
            };
            lost.contains(name.trim()) || gone.contains(item)
        };
        self.drop_interests(is_gone);
    }

    /// Takes tasks out of the lists of predecessors.
    fn forget_predecessors(&mut self, gone: &BTreeSet<String>) {
        self.take_links(|link| gone.contains(link.predecessor));
    }

    /// Makes rows of dependencies.csv of the links in lists of predecessors that are meant, by their predecessor and
    /// successor, so that they can be changed as such.
    fn give_rows_to_links(&mut self, is_meant: impl Fn(&str, &str) -> bool) {
        let mut rows = Vec::new();
        self.take_links(|link| {
            let moves = is_meant(link.predecessor, link.successor);
            if moves {
                let (kind, lag) = kind_and_lag(link.tail);
                rows.push([link.predecessor, link.successor, kind, lag].map(str::to_owned));
            }
            moves
        });
        if rows.is_empty() {
            return;
        }
        let mark = self.sheet(TableKind::Tasks).mark;
        let sheet = self.sheet(TableKind::Dependencies);
        let columns = ["predecessor", "successor", "type", "lag"].map(|field| sheet.column(field));
        let next = sheet.rows.iter().map(|row| row.number + 1).max().unwrap_or(0);
        for (at, row) in rows.into_iter().enumerate() {
            let mut cells = vec![Cow::Borrowed(""); sheet.headers.len()];
            for (column, text) in columns.into_iter().zip(row) {
                cells[column] = text.into();
            }
            if (mark, sheet.mark) == (DecimalMark::Comma, DecimalMark::Point) {
                cells[columns[3]] = cells[columns[3]].replace(',', ".").into();
            }
            sheet.rows.push(Row { line: 1, number: next + at, cells });
        }
    }

    /// Takes links out of the lists of predecessors.
    fn take_links(&mut self, mut is_taken: impl FnMut(&ListedLink<'_>) -> bool) {
        let scale = self.scale;
        if self.draft.table(TableKind::Tasks).is_none() {
            return;
        }
        let sheet = self.sheet(TableKind::Tasks);
        let Some(&at) = sheet.columns.get("predecessors") else { return };
        let ids: Vec<String> = (0..sheet.rows.len()).map(|row| sheet.cell(row, "id").to_owned()).collect();
        let names: Names<'_, usize> = ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let mark = sheet.mark;
        let mut found = Vec::new();
        for (row, successor) in sheet.rows.iter_mut().zip(&ids).filter(|(row, _)| !row.cells[at].is_empty()) {
            let cell = &row.cells[at];
            let is_separator =
                |c: char| matches!(c, ';' | '\n') || c == ',' && !names.any_comma() && !cell.contains(';');
            let items = || cell.split(is_separator).map(str::trim).filter(|item| !item.is_empty());
            let stays = |item: &&str| {
                found.clear();
                // What cannot be read is for validation to complain about.
                let faults = parse_predecessors(item, &names, scale, mark, &mut found);
                let ([link], true) = (&found[..], faults.is_empty()) else { return true };
                let predecessor = ids[link.task].as_str();
                let tail = item.get(predecessor.len()..).unwrap_or_default();
                !is_taken(&ListedLink { predecessor, successor, tail })
            };
            let kept: Vec<&str> = items().filter(stays).collect();
            if kept.len() < items().count() {
                row.cells[at] = kept.join(";").into();
            }
        }
    }
}

/// A link in a list of predecessors.
struct ListedLink<'a> {
    predecessor: &'a str,
    successor: &'a str,
    /// What follows the predecessor: its kind and its lag, as far as it has them.
    tail: &'a str,
}

/// The parts of `SS+2d`.
fn kind_and_lag(tail: &str) -> (&str, &str) {
    let tail = tail.trim();
    match tail.get(..2).filter(|kind| kind.chars().all(|c| c.is_ascii_alphabetic())) {
        Some(kind) => (kind, tail[2..].trim()),
        None => ("", tail),
    }
}
