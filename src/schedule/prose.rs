//! Figures of results in words, for people; the files have them exactly.

use super::{Goal, Measure, Objective, Outcome, Status, working_time};
use crate::plan::{Plan, TimeUnit};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment, Money};

/// A working time in the plan's time unit with up to two decimals.
pub fn in_units(plan: &Plan, time: Minutes) -> String {
    two_decimals(time.0 as f64 / plan.minutes_per_unit().0.max(1) as f64)
}

/// A number with up to two decimals: `53`, `125.47`.
pub fn two_decimals(value: f64) -> String {
    let text = format!("{value:.2}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// A working time with its unit, for people: `34.5 days`.
pub fn in_words(plan: &Plan, time: Minutes) -> String {
    let amount = in_units(plan, time);
    format!("{amount} {}{}", unit_name(plan), if amount == "1" { "" } else { "s" })
}

/// The plan's time unit: `day`.
pub fn unit_name(plan: &Plan) -> &'static str {
    match plan.project().time_unit {
        TimeUnit::Period => "period",
        TimeUnit::Minute => "minute",
        TimeUnit::Hour => "hour",
        TimeUnit::Day => "day",
        TimeUnit::Week => "week",
    }
}

/// What work is told in, if not in money: `hours`; `periods` in a plan of periods.
pub fn work_unit(plan: &Plan) -> &'static str {
    if plan.project().time_unit == TimeUnit::Period { "periods" } else { "hours" }
}

/// When something is told of: `at the end of 2026-03-10`, `at 2026-03-10 12:00`, `at time 12` in a plan of periods.
pub fn at_end_of(plan: &Plan, moment: Moment) -> String {
    let text = plan.format_end(moment);
    match plan.project().time_unit {
        TimeUnit::Period => format!("at time {text}"),
        _ if text.contains(' ') => format!("at {text}"),
        _ => format!("at the end of {text}"),
    }
}

/// The same, saying that pauses do not count: `34.5 days of work`.
pub fn in_words_of_work(plan: &Plan, time: Minutes) -> String {
    match plan.project().time_unit {
        TimeUnit::Period => in_words(plan, time),
        _ => format!("{} of work", in_words(plan, time)),
    }
}

/// A percentage for people; a small one is not shown as none.
pub fn percent(value: f64) -> String {
    if value > 0.0 && value < 0.1 { "< 0.1 %".to_owned() } else { format!("{value:.1} %") }
}

/// Money for people: `84,200.00 EUR`.
pub fn money_text(money: Money, currency: &str) -> String {
    let space = if currency.is_empty() { "" } else { " " };
    format!("{}{space}{currency}", money.grouped())
}

/// The status, and what it claims.
pub fn status_text(outcome: &Outcome) -> String {
    let better = |objective: Objective| match objective {
        Objective::Finish => "finishes earlier",
        Objective::Tardiness => "keeps its deadlines better",
        Objective::Cost => "costs less",
        Objective::NetPresentValue => "is worth more",
    };
    let is_met = |goal: &&Goal| !matches!(goal.bound, Some(Measure::Tardiness(late)) if late <= 0.0 && goal.is_proven);
    if outcome.status == Status::Optimal {
        let mut claims: Vec<&str> = outcome.goals.iter().filter(is_met).map(|goal| better(goal.objective)).collect();
        if claims.is_empty() {
            claims.push(better(Objective::Tardiness));
        }
        return format!("optimal: no schedule {}", claims.join(" or "));
    }
    let open = outcome.goals.iter().find(|goal| !goal.is_proven).map_or(Objective::Finish, |goal| goal.objective);
    format!("feasible: a schedule that {} may exist", better(open))
}

/// Whether the project's deadline is kept, in words; `None` if it has none.
pub fn deadline_text(plan: &Plan, finish: Moment) -> Option<String> {
    let deadline = plan.project().deadline?;
    let shown = plan.format_end(deadline);
    let distance = |early: Moment, late: Moment| {
        let working = working_time(plan, early, late);
        let days = (late - early).0 as f64 / MINUTES_PER_DAY as f64;
        let calendar = match plan.project().time_unit {
            TimeUnit::Period => String::new(),
            _ => format!(" ({days:.0} calendar days)"),
        };
        format!("{}{calendar}", in_words_of_work(plan, working))
    };
    Some(match deadline.cmp(&finish) {
        std::cmp::Ordering::Less => format!("{shown} MISSED by {}", distance(deadline, finish)),
        std::cmp::Ordering::Equal => format!("{shown} kept to the minute"),
        std::cmp::Ordering::Greater => format!("{shown} kept, {} to spare", distance(finish, deadline)),
    })
}

/// How far the leading objective is away from its bound; a dash if the bound says nothing.
pub fn gap_text(gap: Option<f64>) -> String {
    gap.map_or("-".to_owned(), percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_by_thousands() {
        assert_eq!(money_text(Money(123_456_789), "EUR"), "1,234,567.89 EUR");
        assert_eq!(money_text(Money(-5), ""), "-0.05");
        assert_eq!(money_text(Money(99_900), "$"), "999.00 $");
        assert_eq!(money_text(Money(-10_000_000), "EUR"), "-100,000.00 EUR");
    }

    #[test]
    fn numbers_for_people_have_two_decimals_at_most() {
        assert_eq!(two_decimals(125.4688), "125.47");
        assert_eq!(two_decimals(53.0), "53");
        assert_eq!(two_decimals(100.5), "100.5");
        assert_eq!(two_decimals(-0.001), "0");
        assert_eq!(percent(0.004), "< 0.1 %");
    }

    #[test]
    fn a_gap_that_nothing_is_known_of_is_a_dash() {
        assert_eq!(gap_text(Some(25.0)), "25.0 %");
        assert_eq!(gap_text(Some(0.0)), "0.0 %");
        assert_eq!(gap_text(None), "-");
    }
}
