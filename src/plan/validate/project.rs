//! project.csv, and what a plan without it means.

use rustc_hash::FxHashMap;

use super::calendars::Calendars;
use super::cells::{Cells, Edge, Reading, not_negative};
use super::report::{Report, did_you_mean, nearest_word};
use crate::error::{Finding, Place};
use crate::plan::draft::{DecimalMark, PlanDraft, Table, TableKind, setting_names};
use crate::plan::notation::{
    Fault, TimeScale, parse_answer, parse_decimal, parse_duration, parse_float_rule, parse_money, parse_progress_logic,
    parse_time_unit, quoted,
};
use crate::plan::{Calendar, Dating, Project, TimeUnit};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment, Money, Share};

/// Keys with this beginning belong to a file format and are kept for it.
pub const EXTRA_PREFIX: &str = "psplib_";

/// The start of a project that does not say: 2026-01-05, a Monday.
const DEFAULT_START: Moment = Moment(20_458 * MINUTES_PER_DAY);

/// Reads the project's own data.
///
/// # Returns
/// The project and how the cells of its tables are to be read.
pub(super) fn read(draft: &PlanDraft, calendars: &Calendars<'_>, report: &mut Report) -> (Project, Reading) {
    let table = draft.table(TableKind::Project);
    let mut settings = Settings { table, rows: FxHashMap::default() };
    let extras = settings.collect(report);
    let time_unit = settings.get("time_unit", report, |text, _| parse_time_unit(text)).unwrap_or_default();
    let is_period = time_unit == TimeUnit::Period;
    let calendar = settings.get("calendar", report, |text, _| calendars.find(text)).flatten();
    let usual = if is_period { calendars.twenty_four_hours } else { calendars.standard };
    let calendar = calendar.unwrap_or(usual);
    if is_period && calendar != usual {
        settings.fault(
            "calendar",
            report,
            Fault::new("bad-value", "a plan of periods has no calendar").with_hint("leave the value empty"),
        );
    }
    let positive = |most: i64| {
        move |text: &str, mark: DecimalMark| {
            let value = parse_decimal(text, mark)?;
            let sensible =
                !value.is_negative() && value.scaled(60).is_some_and(|value| 0 < value && value <= most * 60);
            if sensible {
                Ok(value)
            } else {
                Err(Fault::new("out-of-range", format!("expected a number above 0 and up to {most}")))
            }
        }
    };
    let hours = settings.get("hours_per_day", report, positive(24)).and_then(|hours| hours.scaled(60));
    let days_per_week = settings.get("days_per_week", report, positive(7));
    let days_per_month = settings.get("days_per_month", report, positive(31));
    let minutes_per_day = if is_period { 1 } else { hours.unwrap_or_else(|| usual_day(&calendars.list[calendar])) };
    let days = |given: Option<crate::plan::notation::Decimal>, usual: i64| {
        let minutes = given.map_or(Some(usual * minutes_per_day), |days| days.scaled(minutes_per_day));
        Minutes(minutes.unwrap_or(usual * minutes_per_day).max(1))
    };
    let scale = TimeScale {
        unit: time_unit,
        minutes_per_day: Minutes(minutes_per_day),
        minutes_per_week: days(days_per_week, 5),
        minutes_per_month: days(days_per_month, 20),
    };
    let reading = Reading { scale, order: draft.date_order };
    let start = settings.get("start", report, |text, mark| reading.moment(text, mark, Edge::Start));
    if start.is_none() && !is_period && !settings.rows.contains_key("start") {
        let place = Place::file(table.map_or("project.csv".into(), |table| table.file().clone()));
        let text = format!("the plan has no start; it is scheduled from {DEFAULT_START}");
        let note = Finding::note("default-start", place, text);
        report.push(note.with_hint("set it by a row `start` in project.csv"));
    }
    let start = start.unwrap_or(if is_period { Moment(0) } else { DEFAULT_START });
    let deadline =
        settings.get("deadline", report, |text, mark| reading.moment_if_any(text, mark, Edge::End)).flatten();
    if deadline.is_some_and(|deadline| deadline <= start) {
        let text = format!("not after the project's start, {}", reading.shown(start));
        settings.fault("deadline", report, Fault::new("deadline-before-start", text));
    }
    let status_date = settings.get("status_date", report, |text, mark| reading.moment_if_any(text, mark, Edge::Start));
    let answer = |key, settings: &Settings<'_>, report: &mut Report| {
        settings.get(key, report, |text, _| parse_answer(text)).unwrap_or_default()
    };
    let dating = Dating {
        progress_logic: settings
            .get("progress_logic", report, |text, _| parse_progress_logic(text))
            .unwrap_or_default(),
        float_rule: settings.get("float_rule", report, |text, _| parse_float_rule(text)).unwrap_or_default(),
        critical_float: settings
            .get("critical_float", report, |text, mark| parse_duration(text, &reading.scale, mark))
            .map_or(Minutes::ZERO, |float| float.minutes()),
        lag_from_actual_start: answer("lag_from_actual_start", &settings, report),
        late_from_deadline: answer("late_from_deadline", &settings, report),
        late_by_project: answer("late_by_project", &settings, report),
        open_ends_critical: answer("open_ends_critical", &settings, report),
        honor_constraints: answer("honor_constraints", &settings, report),
        use_expected_finish: answer("use_expected_finish", &settings, report),
    };
    let discount_rate = settings.get("discount_rate", report, parse_discount_rate).unwrap_or_default();
    let mut money = |key| {
        let parse = |text: &str, mark| not_negative("negative-amount", parse_money(text, mark));
        settings.get(key, report, parse).unwrap_or(Money::ZERO)
    };
    let project = Project {
        overhead_per_day: money("overhead_per_day"),
        delay_penalty_per_day: money("delay_penalty_per_day"),
        early_bonus_per_day: money("early_bonus_per_day"),
        discount_rate,
        name: settings.text("name").unwrap_or(&draft.name).to_owned(),
        currency: settings.text("currency").unwrap_or_default().to_owned(),
        start,
        deadline,
        status_date: status_date.flatten(),
        calendar,
        minutes_per_day: scale.minutes_per_day,
        minutes_per_week: scale.minutes_per_week,
        minutes_per_month: scale.minutes_per_month,
        time_unit,
        dating,
        extras,
    };
    (project, reading)
}

/// A discount rate in percent, the sign for it being optional: `8%`, `7.5`.
fn parse_discount_rate(text: &str, mark: DecimalMark) -> Result<Share, Fault> {
    const EXPECTED: &str = "expected percent a year such as `8%`, from 0 to 1000, with at most two decimals";
    let (number, has_sign) = match text.trim().strip_suffix('%') {
        Some(number) => (number.trim_end(), true),
        None => (text.trim(), false),
    };
    let rate = parse_decimal(number, mark)?;
    let share = rate.scaled(100).filter(|share| rate.places() <= 2 && (0..=100_000).contains(share));
    match share {
        Some(share) if !has_sign && 0 < share && share < 100 => {
            let text = format!("it is not clear whether `{number}` counts percent or is a factor");
            let hint = format!("write `{number}%`, or the factor in percent such as `8%`");
            Err(Fault::new("ambiguous-number", text).with_hint(hint))
        }
        Some(share) => Ok(Share(share as i32)),
        None => Err(Fault::new("out-of-range", EXPECTED)),
    }
}

/// Working minutes of the most usual working day of a calendar; of several, the longest.
fn usual_day(calendar: &Calendar) -> i64 {
    let length = |weekday: &Vec<crate::plan::calendar::Shift>| -> i64 {
        weekday.iter().map(|shift| i64::from(shift.finish_minute - shift.start_minute)).sum()
    };
    let mut lengths: Vec<i64> = calendar.week.iter().map(length).filter(|&length| length > 0).collect();
    lengths.sort_unstable();
    let most_usual = lengths.chunk_by(|a, b| a == b).max_by_key(|same| (same.len(), same[0])).map(|same| same[0]);
    most_usual.unwrap_or(8 * 60)
}

/// The rows of project.csv by their key.
struct Settings<'a> {
    table: Option<&'a Table>,
    rows: FxHashMap<&'static str, usize>,
}

impl<'a> Settings<'a> {
    /// Finds the row of each key.
    ///
    /// # Returns
    /// The keys that only a file format needs, with their values.
    fn collect(&mut self, report: &mut Report) -> Vec<(String, String)> {
        let mut extras: Vec<(String, String)> = Vec::new();
        let Some(table) = self.table else { return extras };
        let (keys, values) = (Cells::of(table, "key"), Cells::of(table, "value"));
        for row in 0..table.len() {
            let written = keys.text(row);
            let key = written.trim().to_lowercase().replace([' ', '-'], "_");
            if written.is_empty() {
                if keys.exist() {
                    keys.fault(row, report, Fault::new("empty-id", "every row needs a key"));
                }
            } else if let Some(known) = setting_names().find(|&known| known == key) {
                match self.rows.insert(known, row) {
                    Some(first) => {
                        let text = format!("already given on line {}", table.line(first));
                        keys.fault(row, report, Fault::new("duplicate-id", text));
                    }
                    None if values.text(row).is_empty() => {
                        self.rows.remove(known);
                    }
                    None => {}
                }
            } else if key.starts_with(EXTRA_PREFIX) {
                extras.push((key, values.text(row).to_owned()));
            } else {
                let place = table.column("key").map_or_else(|| table.row_place(row), |column| table.place(row, column));
                let finding = Finding::warning("unknown-key", place, format!("key {} is not used", quoted(written)));
                let near = nearest_word(&key, setting_names());
                report.push(finding.with_hint(match near {
                    Some(near) => did_you_mean(near),
                    None => format!("the keys are {}", setting_names().collect::<Vec<_>>().join(", ")),
                }));
            }
        }
        extras
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        let row = *self.rows.get(key)?;
        self.table.map(|table| Cells::of(table, "value").text(row))
    }

    fn get<T>(
        &self,
        key: &'static str,
        report: &mut Report,
        parse: impl FnOnce(&str, DecimalMark) -> Result<T, Fault>,
    ) -> Option<T> {
        let text = self.text(key)?;
        let table = self.table?;
        match parse(text, table.decimal_mark) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault(key, report, fault);
                None
            }
        }
    }

    fn fault(&self, key: &'static str, report: &mut Report, fault: Fault) {
        if let (Some(table), Some(&row)) = (self.table, self.rows.get(key)) {
            Cells::of(table, "value").fault_called(row, report, key, fault);
        }
    }
}
