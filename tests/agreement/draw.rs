//! Small plans that mix every feature, drawn at random and so tight that many have no schedule.
//!
//! Half of them count in numbered periods, half in dates whose hours, lags and durations are whole hours: then starts at
//! whole hours are all that an enumeration has to try.

use floatline::effort::{Random, random};
use floatline::plan::draft::{PlanDraft, Table, TableKind};
use rand::Rng;

/// Hours of a day.
const HOURS: [&str; 6] = ["09:00-12:00", "08:00-10:00;13:00-16:00", "22:00-02:00", "10:00-18:00", "06:00-11:00", "24h"];

/// The columns of each table.
fn columns(kind: TableKind) -> &'static [&'static str] {
    match kind {
        TableKind::Project => &["key", "value"],
        TableKind::Tasks => &[
            "id",
            "parent",
            "duration",
            "resources",
            "calendar",
            "constraint",
            "constraint_date",
            "deadline",
            "priority",
            "fixed_cost",
            "account",
            "pause",
        ],
        TableKind::Dependencies => &["predecessor", "successor", "type", "lag", "max_lag", "lag_calendar"],
        TableKind::Resources => &["id", "kind", "capacity", "calendar", "rate", "cost_per_use", "skills"],
        TableKind::Availability => &["resource", "from", "to", "units"],
        TableKind::Modes => &["task", "mode", "duration", "resources", "cost"],
        TableKind::Calendars => &["calendar", "day", "hours"],
        TableKind::Budgets => &["id", "scope", "key", "from", "to", "cap"],
        _ => &[],
    }
}

/// Draws a plan. It may be one that is refused as nonsense; then the next attempt may do.
pub fn draw(seed: u64, attempt: u64) -> PlanDraft {
    let mut random = random(seed, attempt);
    let mut pen = Pen {
        periods: random.random_bool(0.5),
        with_skills: random.random_bool(0.3),
        with_costs: random.random_bool(0.4),
        calendars: vec!["24h".to_owned()],
        resources: Vec::new(),
        ends: Vec::new(),
        tables: TableKind::ALL
            .into_iter()
            .map(|kind| Table::new(kind, kind.file_name(), columns(kind).iter().copied()))
            .collect(),
        random,
    };
    pen.calendars();
    pen.project();
    pen.resources();
    pen.tasks();
    pen.links();
    pen.budgets();
    let tables = pen.tables.into_iter().filter(|table| !table.is_empty()).collect();
    PlanDraft { name: format!("plan {seed}"), tables, ..PlanDraft::default() }
}

/// The tables of a plan as a reader of a failure wants to see them.
pub fn in_text(draft: &PlanDraft) -> String {
    let mut text = String::new();
    for table in &draft.tables {
        let headers: Vec<&str> = table.columns().iter().map(|column| &*column.header).collect();
        text += &format!("{}\n  {}\n", table.kind().file_name(), headers.join(","));
        for row in 0..table.len() {
            text += &format!("  {}\n", table.row(row).collect::<Vec<_>>().join(","));
        }
    }
    text
}

/// What links may join.
struct End {
    id: String,
    is_summary: bool,
    /// Its activities, as positions in their order; links lead from earlier ones to later ones.
    from: usize,
    to: usize,
}

struct Pen {
    random: Random,
    periods: bool,
    /// Then there are whole units alone, as a unit of somebody is not divided among those who ask for a skill.
    with_skills: bool,
    with_costs: bool,
    calendars: Vec<String>,
    /// Work resources and their capacities, then materials without one.
    resources: Vec<(String, Option<f64>)>,
    ends: Vec<End>,
    tables: Vec<Table>,
}

impl Pen {
    fn chance(&mut self, share: f64) -> bool {
        self.random.random_bool(share)
    }

    fn whole(&mut self, from: i64, to: i64) -> i64 {
        self.random.random_range(from..=to)
    }

    fn one_of(&mut self, list: &[&'static str]) -> String {
        list[self.random.random_range(0..list.len())].to_owned()
    }

    /// The text in a share of cases, otherwise nothing.
    fn maybe(&mut self, share: f64, text: impl FnOnce(&mut Pen) -> String) -> String {
        if self.chance(share) { text(self) } else { String::new() }
    }

    fn add(&mut self, kind: TableKind, cells: &[&str]) {
        let table = self.tables.iter_mut().find(|table| table.kind() == kind).expect("there is a table of each kind");
        let line = table.len() as u32 + 2;
        assert!(table.push_row(line, cells.iter().copied()), "a small table has room");
    }

    /// The name of a calendar in a share of cases.
    fn calendar(&mut self, share: f64) -> String {
        self.maybe(share, |pen| match pen.periods {
            true => String::new(),
            false => pen.calendars[pen.random.random_range(0..pen.calendars.len())].clone(),
        })
    }

    /// A date of the first days, most with a time; or a period.
    fn date(&mut self) -> String {
        if self.periods {
            return self.whole(0, 10).to_string();
        }
        // 2026-01-05 is a Monday.
        let day = self.whole(5, 8);
        let time = self.maybe(0.7, |pen| format!(" {:02}:00", pen.whole(0, 23)));
        format!("2026-01-{day:02}{time}")
    }

    fn calendars(&mut self) {
        if self.periods {
            return;
        }
        for name in ["site", "office"] {
            let (week, weekend) = (self.one_of(&HOURS), self.one_of(&["off", "off", "10:00-12:00"]));
            self.add(TableKind::Calendars, &[name, "mon..fri", &week]);
            self.add(TableKind::Calendars, &[name, "sat..sun", &weekend]);
            if self.chance(0.3) {
                let day = format!("2026-01-{:02}", self.whole(5, 8));
                let hours = self.one_of(&["off", "off", "09:00-11:00", "24h"]);
                self.add(TableKind::Calendars, &[name, &day, &hours]);
            }
            self.calendars.push(name.to_owned());
        }
    }

    fn project(&mut self) {
        if self.periods {
            return self.add(TableKind::Project, &["time_unit", "period"]);
        }
        let start = self.one_of(&["2026-01-05", "2026-01-05 08:00", "2026-01-06 13:00", "2026-01-04"]);
        self.add(TableKind::Project, &["start", &start]);
        self.add(TableKind::Project, &["calendar", "site"]);
        if self.with_costs && self.chance(0.5) {
            let overhead = self.one_of(&["80", "33.33"]);
            self.add(TableKind::Project, &["overhead_per_day", &overhead]);
        }
    }

    fn resources(&mut self) {
        for number in 0..self.whole(1, if self.periods { 3 } else { 2 }) {
            let id = format!("crew{number}");
            let capacity =
                if self.with_skills { self.one_of(&["1", "1", "2"]) } else { self.one_of(&["1", "2", "3", "1.5"]) };
            let calendar = self.calendar(0.4);
            let rated = self.with_costs && !self.periods;
            let rate = self.maybe(if rated { 0.6 } else { 0.0 }, |pen| pen.one_of(&["10/h", "7.77/h"]));
            let cost_per_use = self.maybe(if rated { 0.3 } else { 0.0 }, |_| "50".to_owned());
            let skills = self.maybe(0.7, |pen| pen.one_of(&["dig", "dig", "dig;lift", "lift"]));
            self.add(TableKind::Resources, &[&id, "work", &capacity, &calendar, &rate, &cost_per_use, &skills]);
            if self.chance(0.3) {
                self.absence(&id);
            }
            self.resources.push((id, capacity.parse().ok()));
        }
        if self.chance(0.4) {
            let capacity = self.whole(3, 9).to_string();
            self.add(TableKind::Resources, &["stuff", "material", &capacity, "", "", "", ""]);
            self.resources.push(("stuff".to_owned(), None));
        }
    }

    /// Other units for a time, in a third of cases none.
    fn absence(&mut self, resource: &str) {
        let units = if self.with_skills { self.one_of(&["0", "1", "2"]) } else { self.one_of(&["0", "0.5", "1", "4"]) };
        let (from, to) = if self.periods {
            let from = self.whole(0, 8);
            (from.to_string(), (from + self.whole(1, 4)).to_string())
        } else {
            let day = self.whole(5, 7);
            let (morning, evening) = (self.whole(6, 12), self.whole(13, 20));
            let (from, to) = (format!("2026-01-{day:02}"), format!("2026-01-{:02}", day + self.whole(0, 1)));
            match self.chance(0.5) {
                true => (format!("{from} {morning:02}:00"), format!("{to} {evening:02}:00")),
                false => (from, to),
            }
        };
        self.add(TableKind::Availability, &[resource, &from, &to, &units]);
    }

    /// A duration above zero.
    fn duration(&mut self) -> String {
        match (self.periods, self.whole(0, 9)) {
            (true, _) => self.whole(1, 5).to_string(),
            (false, 0) => format!("{}eh", self.whole(1, 8)),
            (false, _) => format!("{}h", self.whole(1, 6)),
        }
    }

    fn demands(&mut self) -> String {
        let mut list = Vec::new();
        if self.with_skills && self.chance(0.4) {
            let (skill, amount) = (self.one_of(&["dig", "dig", "lift"]), self.one_of(&["1", "1", "2"]));
            list.push(format!("skill:{skill}*{amount}"));
        }
        for (id, capacity) in self.resources.clone() {
            let Some(capacity) = capacity else {
                list.extend(self.chance(0.4).then(|| format!("{id}*{}", self.whole(1, 4))));
                continue;
            };
            if self.chance(if list.is_empty() { 0.6 } else { 0.3 }) {
                let amount =
                    if self.with_skills { self.one_of(&["1", "2"]) } else { self.one_of(&["1", "1", "2", "0.5"]) };
                let is_there = amount.parse::<f64>().is_ok_and(|amount| amount <= capacity);
                list.push(format!("{id}*{}", if is_there { &amount } else { "1" }));
            }
        }
        list.join(";")
    }

    fn tasks(&mut self) {
        let count = self.whole(2, if self.periods { 5 } else { 4 }) as usize;
        let summary = if self.chance(0.2) { self.random.random_range(0..count) } else { count };
        let last_below = self.random.random_range(summary..=count);
        for activity in 0..count {
            if activity == summary {
                let constraint = self.maybe(0.2, |_| "SNET".to_owned());
                let date = if constraint.is_empty() { String::new() } else { self.date() };
                let deadline = self.maybe(0.2, Pen::date);
                self.add(TableKind::Tasks, &["S", "", "", "", "", &constraint, &date, &deadline]);
                let to = (last_below + 1).min(count);
                self.ends.push(End { id: "S".to_owned(), is_summary: true, from: activity, to });
            }
            let parent = if (summary..=last_below).contains(&activity) { "S" } else { "" };
            self.activity(activity, parent);
        }
    }

    fn activity(&mut self, activity: usize, parent: &str) {
        let id = format!("T{activity}");
        let is_milestone = self.chance(0.08);
        let duration = if is_milestone { "0".to_owned() } else { self.duration() };
        let demands = if is_milestone { String::new() } else { self.demands() };
        let calendar = self.calendar(0.2);
        let kinds = ["SNET", "SNET", "FNET", "MSO", "MFO", "SNLT", "FNLT", "ALAP"];
        let constraint = self.maybe(0.35, |pen| pen.one_of(&kinds));
        let date = if constraint.is_empty() || constraint == "ALAP" { String::new() } else { self.date() };
        let deadline = self.maybe(0.15, Pen::date);
        let priority = self.maybe(0.2, |pen| pen.whole(0, 1000).to_string());
        let fixed_cost =
            self.maybe(if self.with_costs { 0.6 } else { 0.0 }, |pen| pen.one_of(&["100", "250", "99.99"]));
        let account = self.maybe(0.5, |_| "build".to_owned());
        let pause = self.maybe(if self.periods { 0.0 } else { 0.12 }, |_| "never".to_owned());
        let row = [
            &id,
            parent,
            &duration,
            &demands,
            &calendar,
            &constraint,
            &date,
            &deadline,
            &priority,
            &fixed_cost,
            &account,
            &pause,
        ];
        self.add(TableKind::Tasks, &row);
        if !is_milestone && self.chance(0.25) {
            let (duration, demands) = (self.duration(), self.maybe(0.7, Pen::demands));
            let demands = if demands.is_empty() { "none" } else { &demands };
            let cost = self.maybe(if self.with_costs { 0.4 } else { 0.0 }, |pen| pen.one_of(&["40", "150"]));
            self.add(TableKind::Modes, &[&id, "other", &duration, demands, &cost]);
        }
        self.ends.push(End { id, is_summary: false, from: activity, to: activity + 1 });
    }

    fn links(&mut self) {
        let ends = std::mem::take(&mut self.ends);
        for to in &ends {
            let mut before: Vec<&End> = ends.iter().filter(|from| from.to <= to.from).collect();
            for _ in 0..[0, 1, 1, 2][self.random.random_range(0..4)].min(before.len()) {
                let from = before.swap_remove(self.random.random_range(0..before.len()));
                self.link(from, to);
            }
        }
    }

    fn link(&mut self, from: &End, to: &End) {
        let kind = match (from.is_summary, to.is_summary) {
            (true, true) => "FS".to_owned(),
            (true, false) => self.one_of(&["FS", "FF"]),
            (false, true) => self.one_of(&["FS", "SS"]),
            (false, false) => self.one_of(&["FS", "FS", "SS", "FF", "SF"]),
        };
        let unit = if self.periods { "" } else { ["h", "h", "eh"][self.random.random_range(0..3)] };
        let least = if self.chance(0.4) { self.whole(-3, 4) } else { 0 };
        let is_percent = !from.is_summary && self.chance(0.1);
        let lag = match (is_percent, self.periods) {
            (true, true) => self.one_of(&["50%", "-25%", "100%", "33.3%"]),
            (true, false) => self.one_of(&["100%", "-100%", "200%"]),
            (false, _) if least == 0 => String::new(),
            (false, _) => format!("{least}{unit}"),
        };
        let has_most = !is_percent && !from.is_summary && !to.is_summary && self.chance(0.3);
        let most = if has_most { format!("{}{unit}", least + self.whole(0, 4)) } else { String::new() };
        let is_on_calendar = !self.periods && unit != "eh" && (!lag.is_empty() || !most.is_empty());
        let lag_calendar = self.maybe(if is_on_calendar { 0.5 } else { 0.0 }, |pen| {
            pen.one_of(&["predecessor", "successor", "project", "24h", "office"])
        });
        self.add(TableKind::Dependencies, &[&from.id, &to.id, &kind, &lag, &most, &lag_calendar]);
    }

    fn budgets(&mut self) {
        if !self.with_costs {
            return;
        }
        for number in 0..self.whole(0, 2) {
            let (scope, key) = [("all", ""), ("all", ""), ("account", "build"), ("resource", "crew0"), ("task", "T0")]
                [self.random.random_range(0..5)];
            let (from, to) = match (self.chance(0.5), self.periods) {
                (false, _) => (String::new(), String::new()),
                (true, true) => {
                    let from = self.whole(0, 6);
                    (from.to_string(), (from + self.whole(1, 6)).to_string())
                }
                (true, false) => {
                    let from = self.whole(5, 6);
                    (
                        self.maybe(0.5, |_| format!("2026-01-{from:02}")),
                        format!("2026-01-{:02}", from + self.whole(0, 1)),
                    )
                }
            };
            let cap = self.whole(1, 12) * 50;
            self.add(TableKind::Budgets, &[&format!("B{number}"), scope, key, &from, &to, &cap.to_string()]);
        }
    }
}
