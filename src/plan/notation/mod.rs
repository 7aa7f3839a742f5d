//! How people write quantities and references in cells: numbers, durations, lags, dates, hours, money, lists of
//! predecessors and resources.
//!
//! Each parser is a pure function from text to a typed value or a [`Fault`] that says what is wrong and what is
//! expected. None of them panics, whatever the text, and none of them guesses: a form with two readings is refused.
//! `validate` calls them for every cell and turns faults into findings with their places.

mod date;
mod demand;
mod distribution;
mod duration;
mod earning;
mod hours;
mod lag;
mod link;
mod money;
mod names;
mod number;
mod words;

pub use date::{CivilCell, parse_civil, parse_date_range};
pub use demand::{DemandCell, DemandName, names_of_demands, parse_demands, skills_of_demands};
pub(in crate::plan) use distribution::make as make_distribution;
pub use distribution::{DistributionCell, Family, parse_distribution};
pub use duration::{TimeScale, parse_duration};
pub use earning::{earning_rule_text, parse_earning_rule};
pub use hours::parse_hours;
pub use lag::parse_lag;
pub use link::{Predecessor, parse_predecessors};
pub use money::{parse_money, parse_rate};
pub use names::Names;
pub use number::{
    Decimal, parse_amount, parse_coefficient, parse_confidence, parse_decimal, parse_probability, parse_whole,
};
pub use words::{
    DayCell, parse_activity_type, parse_answer, parse_constraint_kind, parse_day, parse_expense_kind, parse_float_rule,
    parse_issue_status, parse_lag_calendar, parse_link_kind, parse_pause, parse_priority, parse_progress_logic,
    parse_resource_kind, parse_scope, parse_time_unit,
};

#[cfg(test)]
mod tests;

/// What is wrong with a piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rule that is broken, in kebab case.
    pub rule: &'static str,
    /// The part of the cell that is at fault, if it is not the whole of it.
    pub part: Option<Box<str>>,
    /// What is wrong and what is expected, without the value itself.
    pub text: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault of the whole text.
    pub fn new(rule: &'static str, text: impl Into<String>) -> Fault {
        Fault { rule, part: None, text: text.into(), hint: None }
    }

    /// The same fault with a suggestion.
    pub fn with_hint(self, hint: impl Into<String>) -> Fault {
        Fault { hint: Some(hint.into()), ..self }
    }

    /// The same fault, said of a part of the cell.
    pub fn in_part(self, part: &str) -> Fault {
        Fault { part: Some(part.into()), ..self }
    }
}

/// The items of a list in a cell: separated by `;` or line breaks, trimmed, empty ones left out.
pub fn list_items(cell: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(cell);
    std::iter::from_fn(move || {
        loop {
            let text = rest?;
            // Both separators are ASCII, so that bytes can be searched.
            let item = match text.as_bytes().iter().position(|&byte| byte == b';' || byte == b'\n') {
                Some(at) => {
                    rest = Some(&text[at + 1..]);
                    &text[..at]
                }
                None => {
                    rest = None;
                    text
                }
            };
            let item = trimmed(item);
            if !item.is_empty() {
                return Some(item);
            }
        }
    })
}

/// As [`str::trim`], quicker for the usual text that needs none.
fn trimmed(text: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    if is_plain(text.as_bytes().first()) && is_plain(text.as_bytes().last()) { text } else { text.trim() }
}

/// True for the words with which other tools fill cells that hold nothing.
pub fn means_nothing(cell: &str) -> bool {
    cell.is_empty() || ["na", "n/a", "none", "-"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// Text for a message: in backticks, cut off if it is very long, control characters replaced.
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}
