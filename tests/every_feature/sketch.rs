//! Small plans that mix every feature of the plan model, as rows that a test can still change.

use std::fmt::Display;

use floatline::effort::{Random, random};
use floatline::plan::draft::{PlanDraft, Table, TableKind};
use rand::Rng;

/// A row of tasks.csv.
#[derive(Clone, Default)]
pub struct TaskRow {
    pub id: String,
    pub parent: String,
    pub duration: String,
    pub predecessors: String,
    pub resources: String,
    pub calendar: String,
    pub constraint: String,
    pub constraint_date: String,
    pub deadline: String,
    pub fixed_cost: String,
    pub payment: String,
    pub account: String,
    pub pause: String,
    pub priority: String,
    /// The activities it spans, as positions among the activities; a single one unless it is a summary.
    span: (usize, usize),
}

impl TaskRow {
    pub fn is_summary(&self) -> bool {
        self.duration.is_empty()
    }
}

/// A row of dependencies.csv.
#[derive(Clone, Default)]
pub struct LinkRow {
    pub predecessor: String,
    pub successor: String,
    pub kind: &'static str,
    pub lag: String,
    pub max_lag: String,
    pub lag_calendar: String,
}

/// A plan as rows of text.
#[derive(Clone, Default)]
pub struct Sketch {
    /// True if the plan counts in numbered periods.
    pub periods: bool,
    pub project: Vec<[String; 2]>,
    pub calendars: Vec<[String; 3]>,
    pub resources: Vec<[String; 7]>,
    pub availability: Vec<[String; 4]>,
    pub tasks: Vec<TaskRow>,
    pub links: Vec<LinkRow>,
    pub modes: Vec<[String; 5]>,
    pub budgets: Vec<[String; 6]>,
}

/// Calendars: hours of Monday to Thursday, Friday, Saturday. All work from 10 to 12 on Monday to Thursday, so that any mix of
/// them has working time.
const CALENDARS: [[&str; 3]; 6] = [
    ["06:00-14:00", "06:00-14:00", "off"],
    ["10:00-18:30", "10:00-15:00", "off"],
    ["08:00-12:00;13:00-19:00", "off", "off"],
    ["10:00-12:00;22:00-06:00", "22:00-06:00", "off"],
    ["08:00-12:00;13:00-17:00", "08:00-12:00", "08:00-12:00"],
    ["00:00-24:00", "00:00-24:00", "00:00-24:00"],
];

const SKILLS: [&str; 3] = ["design", "wiring", "tests"];

impl Sketch {
    /// The tables of the plan.
    pub fn draft(&self) -> PlanDraft {
        let mut tables = vec![
            table(TableKind::Project, &["key", "value"], &self.project),
            table(
                TableKind::Tasks,
                &[
                    "id",
                    "parent",
                    "duration",
                    "predecessors",
                    "resources",
                    "calendar",
                    "constraint",
                    "constraint_date",
                    "deadline",
                    "fixed_cost",
                    "payment",
                    "account",
                    "pause",
                    "priority",
                ],
                &self.tasks.iter().map(cells_of_task).collect::<Vec<_>>(),
            ),
        ];
        let mut add = |rows: usize, table: Table| {
            if rows > 0 {
                tables.push(table);
            }
        };
        let links: Vec<[String; 6]> = self.links.iter().map(cells_of_link).collect();
        let headers = ["predecessor", "successor", "type", "lag", "max_lag", "lag_calendar"];
        add(links.len(), table(TableKind::Dependencies, &headers, &links));
        let headers = ["id", "kind", "capacity", "calendar", "rate", "cost_per_use", "skills"];
        add(self.resources.len(), table(TableKind::Resources, &headers, &self.resources));
        let headers = ["resource", "from", "to", "units"];
        add(self.availability.len(), table(TableKind::Availability, &headers, &self.availability));
        let headers = ["task", "mode", "duration", "resources", "cost"];
        add(self.modes.len(), table(TableKind::Modes, &headers, &self.modes));
        let headers = ["calendar", "day", "hours"];
        add(self.calendars.len(), table(TableKind::Calendars, &headers, &self.calendars));
        let headers = ["id", "scope", "key", "from", "to", "cap"];
        add(self.budgets.len(), table(TableKind::Budgets, &headers, &self.budgets));
        PlanDraft { name: "sketch".to_owned(), tables, ..PlanDraft::default() }
    }
}

fn table<const N: usize>(kind: TableKind, headers: &[&str; N], rows: &[[String; N]]) -> Table {
    let mut table = Table::new(kind, kind.file_name(), headers.iter().copied());
    for (at, row) in rows.iter().enumerate() {
        assert!(table.push_row(at as u32 + 2, row.iter().map(String::as_str)));
    }
    table
}

fn cells_of_task(row: &TaskRow) -> [String; 14] {
    let TaskRow { id, parent, duration, predecessors, resources, calendar, .. } = row.clone();
    let TaskRow { constraint, constraint_date, deadline, fixed_cost, payment, account, pause, priority, .. } =
        row.clone();
    [
        id,
        parent,
        duration,
        predecessors,
        resources,
        calendar,
        constraint,
        constraint_date,
        deadline,
        fixed_cost,
        payment,
        account,
        pause,
        priority,
    ]
}

fn cells_of_link(row: &LinkRow) -> [String; 6] {
    let LinkRow { predecessor, successor, kind, lag, max_lag, lag_calendar } = row.clone();
    [predecessor, successor, kind.to_owned(), lag, max_lag, lag_calendar]
}

/// Draws a plan that has schedules: links lead from earlier activities to later ones without greatest lags, every task
/// finds what it needs somewhere, and dates are only "no earlier", wishes, or left to the test.
pub fn draw(seed: u64) -> Sketch {
    let mut pen = Pen { random: random(seed, 0), sketch: Sketch::default() };
    pen.sketch.periods = pen.chance(0.15);
    pen.project();
    pen.calendars();
    pen.resources();
    pen.tasks();
    pen.links();
    pen.sketch
}

struct Pen {
    random: Random,
    sketch: Sketch,
}

impl Pen {
    fn chance(&mut self, share: f64) -> bool {
        self.random.random_bool(share)
    }

    fn whole(&mut self, from: i64, to: i64) -> i64 {
        self.random.random_range(from..=to)
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.random.random_range(0..list.len())]
    }

    /// The text in a share of cases, otherwise nothing.
    fn maybe(&mut self, share: f64, text: impl FnOnce(&mut Pen) -> String) -> String {
        if self.chance(share) { text(self) } else { String::new() }
    }

    fn set(&mut self, key: &str, value: impl Display) {
        self.sketch.project.push([key.to_owned(), value.to_string()]);
    }

    /// A date of the first weeks, half of them with a time; or a period.
    fn date(&mut self) -> String {
        if self.sketch.periods {
            return self.whole(0, 30).to_string();
        }
        // 2026-01-05 is a Monday.
        let day = self.whole(5, 31);
        let time = self.maybe(0.5, |pen| format!(" {:02}:{:02}", pen.whole(0, 23), pen.one_of(&[0, 0, 15, 30])));
        format!("2026-01-{day:02}{time}")
    }

    fn project(&mut self) {
        if self.sketch.periods {
            self.set("time_unit", "period");
            return;
        }
        let start = self.one_of(&["2026-01-05", "2026-01-05", "2026-01-07 13:30", "2026-01-10", "2026-01-06 03:07"]);
        self.set("start", start);
        if self.chance(0.3) {
            let day = self.whole(1, 28);
            self.set("deadline", format!("2026-02-{day:02}"));
        }
        if self.chance(0.3) {
            let hours = self.one_of(&["6", "7.5", "10", "24"]);
            self.set("hours_per_day", hours);
        }
        if self.chance(0.3) {
            let unit = self.one_of(&["hour", "minute", "week"]);
            self.set("time_unit", unit);
        }
        if self.chance(0.3) {
            let money = self.one_of(&["100", "33.33", "0.01"]);
            self.set("overhead_per_day", money);
            self.set("delay_penalty_per_day", "250");
            self.set("early_bonus_per_day", "70.5");
            self.set("discount_rate", "12.5%");
        }
    }

    fn calendars(&mut self) {
        if self.sketch.periods {
            return;
        }
        for name in 0..self.whole(0, 4) {
            let [week, friday, saturday] = self.one_of(&CALENDARS);
            let mut add = |day: &str, hours: &str| {
                self.sketch.calendars.push([format!("cal{name}"), day.to_owned(), hours.to_owned()]);
            };
            add("mon..thu", week);
            add("fri", friday);
            add("sat..sun", saturday);
            if self.chance(0.4) {
                let day = self.whole(5, 25);
                let hours = self.one_of(&["off", "off", "09:00-12:00", "10:00-11:30;20:00-23:45"]);
                let days = format!("2026-01-{day:02}..2026-01-{:02}", day + self.random.random_range(0..=4));
                self.sketch.calendars.push([format!("cal{name}"), days, hours.to_owned()]);
            }
        }
        if !self.sketch.calendars.is_empty() && self.chance(0.3) {
            let calendar = self.calendar(1.0);
            self.set("calendar", calendar);
        }
    }

    /// The name of a calendar in a share of cases.
    fn calendar(&mut self, share: f64) -> String {
        if self.sketch.periods {
            return String::new();
        }
        let mut names: Vec<String> = self.sketch.calendars.iter().map(|row| row[0].clone()).collect();
        names.dedup();
        names.extend(["standard".to_owned(), "24h".to_owned()]);
        self.maybe(share, |pen| names[pen.random.random_range(0..names.len())].clone())
    }

    fn resources(&mut self) {
        for number in 0..self.whole(1, 4) {
            let capacity = self.one_of(&["1", "1", "2", "3", "1.5"]);
            let skills: Vec<&str> = SKILLS.into_iter().filter(|_| self.random.random_bool(0.5)).collect();
            let (rate, use_cost) = match self.sketch.periods {
                true => (String::new(), String::new()),
                false => (
                    self.maybe(0.6, |pen| pen.one_of(&["85", "85/h", "600/d", "2000/w", "7.77/h"]).to_owned()),
                    self.maybe(0.2, |pen| pen.one_of(&["50", "12.34"]).to_owned()),
                ),
            };
            let calendar = self.calendar(0.4);
            let row = [
                format!("crew{number}"),
                "work".to_owned(),
                capacity.to_owned(),
                calendar,
                rate,
                use_cost,
                skills.join(";"),
            ];
            self.sketch.resources.push(row);
            for _ in 0..self.one_of(&[0, 0, 1, 2]) {
                self.absence(&format!("crew{number}"));
            }
        }
        for number in 0..self.whole(0, 2) {
            let capacity = self.one_of(&["", "200"]).to_owned();
            let rate = if self.sketch.periods { String::new() } else { "5".to_owned() };
            let [calendar, use_cost, skills] = [const { String::new() }; 3];
            let row = [format!("stuff{number}"), "material".to_owned(), capacity, calendar, rate, use_cost, skills];
            self.sketch.resources.push(row);
        }
    }

    fn absence(&mut self, resource: &str) {
        let units = self.one_of(&["0", "0", "0.5", "1", "4"]).to_owned();
        let (from, to) = if self.sketch.periods {
            let from = self.whole(0, 20);
            (from.to_string(), (from + self.whole(1, 8)).to_string())
        } else {
            let from = self.whole(5, 25);
            let to = from + self.whole(0, 5);
            let time =
                |pen: &mut Pen, hour: i64| pen.maybe(0.3, |pen| format!(" {hour:02}:{}", pen.one_of(&["00", "20"])));
            (format!("2026-01-{from:02}{}", time(self, 9)), format!("2026-01-{to:02}{}", time(self, 15)))
        };
        self.sketch.availability.push([resource.to_owned(), from, to, units]);
    }

    fn duration(&mut self) -> String {
        if self.sketch.periods {
            return self.whole(0, 6).to_string();
        }
        match self.whole(0, 11) {
            0 => "0".to_owned(),
            1..=4 => format!("{}d", self.whole(1, 4)),
            5..=7 => format!("{}h", self.whole(1, 14)),
            8 => format!("{}m", self.whole(1, 300)),
            9 => format!("{}ed", self.whole(1, 3)),
            10 => format!("{}eh", self.whole(1, 40)),
            _ => self.one_of(&["0.5d", "1.5d", "1w", "7m"]).to_owned(),
        }
    }

    fn demands(&mut self) -> String {
        let work: Vec<[String; 7]> = self.sketch.resources.iter().filter(|row| row[1] == "work").cloned().collect();
        let mut list: Vec<String> = Vec::new();
        if self.chance(0.25) {
            let skill = self.one_of(&SKILLS);
            let holders: f64 = work.iter().filter(|row| row[6].contains(skill)).map(|row| units(&row[2])).sum();
            let amount = self.one_of(&["1", "2", "0.5"]);
            if holders >= units(amount) {
                list.push(format!("skill:{skill}*{amount}"));
            }
        }
        if list.is_empty() && self.chance(0.75) {
            for row in &work {
                if self.chance(0.45) {
                    let amount = self.one_of(&["1", "1", "2", "0.5", "0.25"]);
                    let amount = if units(amount) > units(&row[2]) { "1" } else { amount };
                    list.push(format!("{}*{amount}", row[0]));
                }
            }
        }
        let materials: Vec<String> =
            self.sketch.resources.iter().filter(|row| row[1] == "material").map(|row| row[0].clone()).collect();
        for name in materials {
            if self.chance(0.15) {
                list.push(format!("{name}*{}", self.whole(1, 9)));
            }
        }
        list.join(";")
    }

    fn tasks(&mut self) {
        let count = self.whole(2, 12) as usize;
        let mut open: Vec<usize> = Vec::new();
        for activity in 0..count {
            while !open.is_empty() && self.chance(0.3) {
                self.close(&mut open, activity);
            }
            while open.len() < 2 && self.chance(0.15) {
                let parent = self.parent(&open);
                let id = format!("S{}", self.sketch.tasks.len());
                let mut row = TaskRow { id, parent, span: (activity, activity + 1), ..TaskRow::default() };
                self.wishes(&mut row, &["SNET", "FNLT"]);
                open.push(self.sketch.tasks.len());
                self.sketch.tasks.push(row);
            }
            let parent = self.parent(&open);
            self.activity(activity, parent);
        }
        while !open.is_empty() {
            self.close(&mut open, count);
        }
    }

    fn parent(&self, open: &[usize]) -> String {
        open.last().map_or_else(String::new, |&at| self.sketch.tasks[at].id.clone())
    }

    fn close(&mut self, open: &mut Vec<usize>, activity: usize) {
        if let Some(at) = open.pop() {
            self.sketch.tasks[at].span.1 = activity;
        }
    }

    /// A constraint that leaves a schedule, and a deadline.
    fn wishes(&mut self, row: &mut TaskRow, kinds: &[&'static str]) {
        if self.chance(0.3) {
            row.constraint = self.one_of(kinds).to_owned();
            if row.constraint != "ALAP" {
                row.constraint_date = self.date();
            }
        }
        row.deadline = self.maybe(0.12, Pen::date);
    }

    fn activity(&mut self, activity: usize, parent: String) {
        let id = format!("T{activity}");
        let duration = self.duration();
        let is_milestone = duration == "0";
        let mut row = TaskRow { id, parent, duration, span: (activity, activity + 1), ..TaskRow::default() };
        self.wishes(&mut row, &["SNET", "FNET", "SNLT", "FNLT", "ALAP"]);
        row.resources = if is_milestone { String::new() } else { self.demands() };
        row.calendar = self.calendar(0.2);
        row.priority = self.maybe(0.2, |pen| pen.whole(0, 1000).to_string());
        if !self.sketch.periods {
            row.fixed_cost = self.maybe(0.3, |pen| pen.one_of(&["100", "999.99"]).to_owned());
            row.payment = ["", "", "", "750", "", "-20.50", ""][activity % 7].to_owned();
            row.account = self.maybe(0.5, |pen| pen.one_of(&["build", "run"]).to_owned());
        }
        if !is_milestone && self.chance(0.2) {
            for mode in 2..=self.whole(2, 3) {
                let duration = self.duration();
                let duration = if duration == "0" { "1".to_owned() } else { duration };
                let resources = match self.whole(0, 3) {
                    0 => "none".to_owned(),
                    1 => String::new(),
                    _ => self.demands(),
                };
                let cost = if self.sketch.periods { String::new() } else { self.one_of(&["", "40"]).to_owned() };
                self.sketch.modes.push([row.id.clone(), format!("way{mode}"), duration, resources, cost]);
            }
        }
        self.sketch.tasks.push(row);
    }

    fn links(&mut self) {
        let tasks = self.sketch.tasks.clone();
        for to in &tasks {
            let before: Vec<&TaskRow> = tasks.iter().filter(|from| from.span.1 <= to.span.0).collect();
            if before.is_empty() {
                continue;
            }
            for _ in 0..self.one_of(&[0, 1, 1, 2, 3]) {
                let near = before.len().saturating_sub(4);
                let from = before[self.random.random_range(near..before.len())];
                let known = |row: &LinkRow| row.predecessor == from.id && row.successor == to.id;
                if !self.sketch.links.iter().any(known) {
                    let link = self.link(from, to);
                    self.sketch.links.push(link);
                }
            }
        }
        self.write_some_as_predecessors();
    }

    fn link(&mut self, from: &TaskRow, to: &TaskRow) -> LinkRow {
        let kind = match (from.is_summary(), to.is_summary()) {
            (true, true) => "FS",
            (true, false) => self.one_of(&["FS", "FF"]),
            (false, true) => self.one_of(&["FS", "SS"]),
            (false, false) => self.one_of(&["FS", "FS", "FS", "SS", "FF", "SF"]),
        };
        let lag = match (self.whole(0, 9), self.sketch.periods) {
            (0..=5, _) => String::new(),
            (6, _) if !from.is_summary() => self.one_of(&["50%", "-25%", "100%", "33.3%"]).to_owned(),
            (_, true) => self.whole(-2, 4).to_string(),
            (7, false) => format!("{}ed", self.whole(-1, 3)),
            (8, false) => format!("{}d", self.whole(-2, 3)),
            _ => format!("{}h", self.whole(-9, 20)),
        };
        let lag_calendar = match (lag.is_empty() || self.sketch.periods || lag.contains('e'), self.whole(0, 5)) {
            (true, _) | (_, 0..=1) => String::new(),
            (_, 2) => self.calendar(1.0),
            _ => self.one_of(&["predecessor", "successor", "project", "24h"]).to_owned(),
        };
        let (predecessor, successor) = (from.id.clone(), to.id.clone());
        LinkRow { predecessor, successor, kind, lag, max_lag: String::new(), lag_calendar }
    }

    /// Moves links that need no column of dependencies.csv into the predecessors' cells, half of them.
    fn write_some_as_predecessors(&mut self) {
        for row in std::mem::take(&mut self.sketch.links) {
            if !row.lag_calendar.is_empty() || self.chance(0.5) {
                self.sketch.links.push(row);
                continue;
            }
            let sign = if row.lag.is_empty() || row.lag.starts_with('-') { "" } else { "+" };
            let kind = if row.kind == "FS" && row.lag.is_empty() { "" } else { row.kind };
            let item = format!("{} {kind}{sign}{}", row.predecessor, row.lag);
            let to = self.sketch.tasks.iter_mut().find(|task| task.id == row.successor);
            let cell = &mut to.expect("links join tasks of the sketch").predecessors;
            let separator = if cell.is_empty() { "" } else { ";" };
            *cell = format!("{cell}{separator}{}", item.trim_end());
        }
    }
}

fn units(text: &str) -> f64 {
    text.parse().expect("amounts of a sketch are numbers")
}
