//! What becomes of the text of a cell: arithmetic on numbers, durations, money and dates as planners write them.

use super::edit::Value;
use crate::plan::Duration;
use crate::plan::TimeUnit;
use crate::plan::draft::{DateOrder, DecimalMark, TableKind};
use crate::plan::notation::{Fault, TimeScale, means_nothing, parse_civil, parse_decimal, parse_duration};
use crate::units::Minutes;

/// What units of time mean where dates move: days and weeks by the clock, months of thirty days.
pub(super) const CLOCK: TimeScale = TimeScale {
    unit: TimeUnit::Day,
    minutes_per_day: Minutes(crate::units::MINUTES_PER_DAY),
    minutes_per_week: Minutes(crate::units::MINUTES_PER_WEEK),
    minutes_per_month: Minutes(30 * crate::units::MINUTES_PER_DAY),
};

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Duration,
    Date,
    Money,
    Number,
    /// Numbers without a fraction.
    Whole,
    Text,
}

/// How the cells of a column are read.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// The table.
    pub table: TableKind,
    /// The column; of project.csv the key.
    pub field: &'a str,
    /// How its numbers are written.
    pub mark: DecimalMark,
    /// What units of time mean.
    pub scale: &'a TimeScale,
    /// The order of day and month where dates do not tell.
    pub order: Option<DateOrder>,
}

impl Column<'_> {
    fn kind(&self) -> Kind {
        match (self.table, self.field) {
            (TableKind::Project, "start" | "deadline" | "status_date") => Kind::Date,
            (TableKind::Project, field) if field.ends_with("_per_day") && field != "hours_per_day" => Kind::Money,
            (TableKind::Project, "hours_per_day" | "days_per_week" | "days_per_month" | "discount_rate") => {
                Kind::Number
            }
            (TableKind::Project, "critical_float") => Kind::Duration,
            (TableKind::Project, _) => Kind::Text,
            (_, "duration" | "optimistic" | "pessimistic" | "distribution" | "lag" | "max_lag") => Kind::Duration,
            (_, "remaining_duration" | "rework_duration" | "delay" | "delay_after") => Kind::Duration,
            (TableKind::Availability | TableKind::Budgets, "from" | "to") => Kind::Date,
            (_, "deadline" | "constraint_date" | "second_constraint_date" | "expected_finish") => Kind::Date,
            (TableKind::Deliverables, "due" | "evidence_until") => Kind::Date,
            (_, "actual_start" | "actual_finish" | "resume" | "opened" | "resolved" | "date") => Kind::Date,
            (_, "fixed_cost" | "cost_distribution" | "payment" | "cap" | "cost" | "cost_after" | "amount") => {
                Kind::Money
            }
            (TableKind::Resources, "rate" | "cost_per_use") => Kind::Money,
            (_, "priority" | "max_loops") => Kind::Whole,
            (_, "capacity" | "units" | "probability" | "probability_after" | "confidence" | "coefficient") => {
                Kind::Number
            }
            (_, "pass_probability" | "max_hours_per_week" | "percent_complete") => Kind::Number,
            _ => Kind::Text,
        }
    }

    /// What an empty cell stands for where it is counted from.
    fn usual(&self) -> &'static str {
        match self.field {
            "capacity" => "1",
            "priority" => "500",
            "lag" | "fixed_cost" | "payment" | "rate" | "cost_per_use" => "0",
            "overhead_per_day" | "delay_penalty_per_day" | "early_bonus_per_day" => "0",
            _ => "",
        }
    }

    /// True if a cell has a value that can be counted from.
    pub fn has_value(&self, cell: &str) -> bool {
        !means_nothing(cell) || !self.usual().is_empty()
    }

    /// The text of a cell after a change.
    ///
    /// # Arguments
    /// `mark` is how numbers are written in the change.
    ///
    /// # Errors
    /// If the cell or its kind does not allow for it.
    pub fn changed(&self, cell: &str, value: &Value, mark: DecimalMark) -> Result<String, Fault> {
        let cell = if means_nothing(cell) { self.usual() } else { cell };
        match (value, self.kind()) {
            (Value::Is(text), kind) => Ok(self.respelled(text, kind, mark)),
            (_, Kind::Text) => Err(Fault::new("bad-edit", "this is text; give it a new value instead of a change")),
            (_, Kind::Date) if matches!(value, Value::Times(_)) => {
                Err(Fault::new("bad-edit", "a date cannot be multiplied; move it, as in `+3d`"))
            }
            (Value::More(text), Kind::Date) => self.moved(cell, text, mark),
            (Value::Times(factor), _) => self.of_numbers(cell, |number| Ok(number * factor)),
            (Value::More(text), Kind::Duration) => self.longer(cell, text, mark),
            (Value::More(text), _) => {
                let more = parse_decimal(text, mark).map_err(|fault| fault.in_part(text))?.to_f64();
                self.of_numbers(cell, |number| Ok(number + more))
            }
        }
    }

    /// A value in the decimal mark of the table.
    fn respelled(&self, text: &str, kind: Kind, mark: DecimalMark) -> String {
        let has_numbers = !matches!(kind, Kind::Date | Kind::Text);
        match (mark, self.mark) {
            (DecimalMark::Point, DecimalMark::Comma) if has_numbers => text.replace('.', ","),
            (DecimalMark::Comma, DecimalMark::Point) if has_numbers => text.replace(',', "."),
            _ => text.to_owned(),
        }
    }

    /// A cell whose numbers are others; shares behind a colon (`0.3` in `discrete(2d:0.3;5d:0.7)`) stay.
    fn of_numbers(&self, cell: &str, change: impl Fn(f64) -> Result<f64, Fault>) -> Result<String, Fault> {
        let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'');
        let mut told = String::with_capacity(cell.len() + 4);
        let mut rest = cell;
        let mut any = false;
        while let Some(begin) = rest.find(|c: char| c.is_ascii_digit()) {
            let end = rest[begin..].find(|c| !is_digit(c)).map_or(rest.len(), |length| begin + length);
            // What separates the items of a list is no part of a number.
            let number = rest[begin..end].trim_end_matches([',', '.', '\'']);
            let (before, after) = (&rest[..begin], &rest[begin + number.len()..]);
            let is_share = before.trim_end().ends_with(':');
            let is_negative = before.ends_with(['-', '\u{2212}']);
            told.push_str(if is_negative && !is_share { before.trim_end_matches(['-', '\u{2212}']) } else { before });
            if is_share {
                told.push_str(number);
            } else {
                let number = parse_decimal(number, self.mark)?.to_f64();
                told.push_str(&self.spelled(change(if is_negative { -number } else { number })?));
                any = true;
            }
            rest = after;
        }
        told.push_str(rest);
        if any { Ok(told) } else { Err(Fault::new("bad-edit", "there is no number here that could change")) }
    }

    /// A number as the table writes it.
    fn spelled(&self, number: f64) -> String {
        let kind = self.kind();
        let places = match kind {
            Kind::Whole => 0,
            Kind::Duration if self.scale.unit == TimeUnit::Period => 0,
            Kind::Money => 2,
            _ => 4,
        };
        let text = format!("{number:.places$}");
        let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        let text = if text == "-0" { "0" } else { text };
        if self.mark == DecimalMark::Comma { text.replace('.', ",") } else { text.to_owned() }
    }

    /// A duration, or a distribution of durations, that is longer by a duration.
    fn longer(&self, cell: &str, more: &str, mark: DecimalMark) -> Result<String, Fault> {
        let more = parse_duration(more, self.scale, mark).map_err(|fault| fault.in_part(more))?;
        let Some((family, list)) = cell.split_once('(') else { return self.sum(cell, more) };
        let list = list.trim_end().trim_end_matches(')');
        let separator = if list.contains(';') || self.mark == DecimalMark::Comma { ';' } else { ',' };
        let items = list.split(separator).map(|item| {
            let (value, share) = item.split_once(':').map_or((item, None), |(value, share)| (value, Some(share)));
            let sum = self.sum(value.trim(), more)?;
            Ok(share.map_or(sum.clone(), |share| format!("{sum}:{share}")))
        });
        let items: Vec<String> = items.collect::<Result<_, Fault>>()?;
        Ok(format!("{family}({})", items.join(&separator.to_string())))
    }

    fn sum(&self, cell: &str, more: Duration) -> Result<String, Fault> {
        let before = parse_duration(cell, self.scale, self.mark)?;
        let minutes = before.minutes() + more.minutes();
        if minutes < Minutes::ZERO && self.field != "lag" {
            return Err(Fault::new("bad-edit", "nothing can take less than no time"));
        }
        let is_elapsed = match (before, more) {
            (Duration::Working(_), Duration::Working(_)) => false,
            (Duration::Elapsed(_), Duration::Elapsed(_)) => true,
            (Duration::Working(Minutes(0)), Duration::Elapsed(_)) => true,
            (Duration::Elapsed(Minutes(0)), Duration::Working(_)) => false,
            _ => return Err(Fault::new("mixed-estimate", "working and elapsed time are mixed")),
        };
        Ok(match self.scale.unit {
            TimeUnit::Period => minutes.0.to_string(),
            _ if is_elapsed => format!("{}em", minutes.0),
            _ if minutes.0 % self.scale.minutes_per_day.0 == 0 => {
                format!("{}d", minutes.0 / self.scale.minutes_per_day.0)
            }
            _ => format!("{}m", minutes.0),
        })
    }

    /// A date that is so much later by the clock.
    fn moved(&self, cell: &str, by: &str, mark: DecimalMark) -> Result<String, Fault> {
        if means_nothing(cell) {
            return Err(Fault::new("bad-edit", "there is no date here that could move"));
        }
        if self.scale.unit == TimeUnit::Period {
            return Ok((crate::plan::notation::parse_whole(cell, self.mark)?
                + crate::plan::notation::parse_whole(by, mark)?)
            .to_string());
        }
        let by = parse_duration(by, &CLOCK, mark).map_err(|fault| fault.in_part(by))?.minutes();
        let date = parse_civil(cell, self.order)?;
        let moved = (date.start()? + by).to_string();
        let is_whole = date.minute.is_none() && by.0 % crate::units::MINUTES_PER_DAY == 0;
        Ok(if is_whole { moved.split(' ').next().unwrap_or(&moved).to_owned() } else { moved })
    }
}
