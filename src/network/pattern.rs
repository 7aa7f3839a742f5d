//! Sets of working minutes as weekly patterns that change now and then: the step between the plan's calendars and
//! [`WorkTable`](super::WorkTable)s.
//!
//! A [`Pattern`] is a sequence of runs of equal weeks, the first one reaching back for ever and the last one forward. A
//! holiday is a run of one week between two runs of the usual week; a shutdown of ten years is one run. So the size of
//! a pattern depends on the number of exceptions, never on their length, and every calendar is represented exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::plan::calendar::{Calendar, Shift};
use crate::plan::{Resource, ResourceKind};
use crate::units::{Amount, MINUTES_PER_DAY, MINUTES_PER_WEEK, Moment};

/// Days from a Monday to 1970-01-01, a Thursday.
const DAYS_BEFORE_EPOCH: i64 = 3;
/// The week of the first run, which has no beginning.
const FIRST_WEEK: i64 = i64::MIN;

/// A stretch of work within a week, in minutes since Monday 00:00, finish excluded.
pub(super) type Span = (u16, u16);

/// A set of working minutes.
///
/// Invariants: `runs[0].0` is [`FIRST_WEEK`], first weeks increase, neighbouring runs differ; spans are in order,
/// disjoint and do not adjoin. So equal sets have equal patterns.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    runs: Vec<(i64, Arc<[Span]>)>,
}

/// The first minute of a week.
pub(super) fn week_start(week: i64) -> i64 {
    week * MINUTES_PER_WEEK - DAYS_BEFORE_EPOCH * MINUTES_PER_DAY
}

/// The week in which a minute lies.
pub(super) fn week_of(minute: i64) -> i64 {
    (minute + DAYS_BEFORE_EPOCH * MINUTES_PER_DAY).div_euclid(MINUTES_PER_WEEK)
}

impl Pattern {
    /// Every minute.
    pub(super) fn always() -> Pattern {
        Pattern { runs: vec![(FIRST_WEEK, Arc::from([(0, MINUTES_PER_WEEK as u16)]))] }
    }

    /// True if every minute is worked.
    pub(super) fn is_always(&self) -> bool {
        self.runs.len() == 1 && is_full(&self.runs[0].1)
    }

    /// True if work goes on for ever in both directions.
    pub(super) fn is_endless(&self) -> bool {
        let ends = [self.runs.first(), self.runs.last()];
        ends.into_iter().flatten().all(|(_, spans)| !spans.is_empty())
    }

    /// The runs of equal weeks: number of the first week (of the first run without meaning) and the week's work.
    pub(super) fn runs(&self) -> &[(i64, Arc<[Span]>)] {
        &self.runs
    }

    /// The working minutes of a calendar.
    ///
    /// # Complexity
    /// `O(n log n)` in the number of exceptions.
    pub(super) fn of_calendar(calendar: &Calendar) -> Pattern {
        // Dates from which on another rule decides about the shifts: the exception with the greatest number that holds.
        let mut changes: BTreeMap<i64, Vec<(bool, usize)>> = BTreeMap::new();
        for (number, exception) in calendar.exceptions.iter().enumerate() {
            let [from, to] = [exception.from, exception.to].map(|date| Moment::midnight(date).day_number());
            if from <= to {
                changes.entry(from).or_default().push((true, number));
                changes.entry(to + 1).or_default().push((false, number));
            }
        }
        let mut holding = BTreeSet::new();
        let mut rules: Vec<(i64, Option<usize>)> = vec![(i64::MIN, None)];
        for (day, events) in changes {
            for (begins, number) in events {
                if begins {
                    holding.insert(number);
                } else {
                    holding.remove(&number);
                }
            }
            rules.push((day, holding.last().copied()));
        }
        rules.dedup_by(|next, last| next.1 == last.1);

        let shifts_on = |rule: Option<usize>, weekday: usize| -> &[Shift] {
            match rule {
                Some(number) => &calendar.exceptions[number].shifts,
                None => &calendar.week[weekday],
            }
        };
        // The week whose days, from the Sunday before it on, follow the given rules.
        let week_under = |rule_of: &dyn Fn(i64) -> Option<usize>| -> Arc<[Span]> {
            let mut spans = Vec::new();
            for day in -1..7i64 {
                for shift in shifts_on(rule_of(day), day.rem_euclid(7) as usize) {
                    let start = (day * MINUTES_PER_DAY + i64::from(shift.start_minute)).max(0);
                    let finish = (day * MINUTES_PER_DAY + i64::from(shift.finish_minute)).min(MINUTES_PER_WEEK);
                    if start < finish {
                        spans.push((start as u16, finish as u16));
                    }
                }
            }
            joined(spans)
        };
        let mut runs = vec![(FIRST_WEEK, week_under(&|_| None))];
        let mut next = 1;
        while next < rules.len() {
            // A week in which the rule changes (on Monday too: Sunday's shifts may reach into it) stands alone.
            let week = week_of(rules[next].0 * MINUTES_PER_DAY);
            let monday = week_start(week).div_euclid(MINUTES_PER_DAY);
            let first = next - 1;
            while next < rules.len() && rules[next].0 < monday + 7 {
                next += 1;
            }
            let within = &rules[first..next];
            let rule_of = |day: i64| within.iter().rev().find(|rule| rule.0 <= monday + day).and_then(|rule| rule.1);
            runs.push((week, week_under(&rule_of)));
            let rule = rules[next - 1].1;
            runs.push((week + 1, week_under(&|_| rule)));
        }
        Pattern::of_runs(runs)
    }

    /// Every minute before a moment.
    pub(super) fn until(moment: Moment) -> Pattern {
        let week = week_of(moment.0);
        let (full, empty): (Arc<[Span]>, Arc<[Span]>) = (Arc::from([(0, MINUTES_PER_WEEK as u16)]), Arc::from([]));
        let begun = (moment.0 - week_start(week)) as u16;
        let begun = if begun > 0 { joined(vec![(0, begun)]) } else { empty.clone() };
        Pattern::of_runs(vec![(FIRST_WEEK, full), (week, begun), (week + 1, empty)])
    }

    /// The minutes at which a work resource has any units, whatever its calendar; `None` if that is always.
    pub(super) fn of_presence(resource: &Resource) -> Option<Pattern> {
        if resource.kind == ResourceKind::Material {
            return None;
        }
        let steps = unit_steps(resource);
        if steps.iter().all(|&(_, units)| units > Amount::ZERO) {
            return None;
        }
        let (full, empty): (Arc<[Span]>, Arc<[Span]>) = (Arc::from([(0, MINUTES_PER_WEEK as u16)]), Arc::from([]));
        let whole = |present: bool| if present { full.clone() } else { empty.clone() };
        let mut present = steps[0].1 > Amount::ZERO;
        let mut runs = vec![(FIRST_WEEK, whole(present))];
        let mut next = 1;
        while next < steps.len() {
            let week = week_of(steps[next].0);
            let monday = week_start(week);
            let mut spans = Vec::new();
            let mut from = 0;
            while next < steps.len() && steps[next].0 < monday + MINUTES_PER_WEEK {
                let at = (steps[next].0 - monday) as u16;
                if present && from < at {
                    spans.push((from, at));
                }
                present = steps[next].1 > Amount::ZERO;
                from = at;
                next += 1;
            }
            if present {
                spans.push((from, MINUTES_PER_WEEK as u16));
            }
            runs.push((week, joined(spans)));
            runs.push((week + 1, whole(present)));
        }
        Some(Pattern::of_runs(runs))
    }

    /// The most minutes of any week.
    pub(super) fn longest_week(&self) -> i64 {
        self.runs.iter().map(|(_, spans)| spans.iter().map(length).sum()).max().unwrap_or(0)
    }

    /// No more than so many minutes of every week, the first ones.
    pub(super) fn with_weeks_of(&self, most: i64) -> Pattern {
        let cut = |spans: &[Span]| -> Arc<[Span]> {
            let mut left = most;
            let kept = spans.iter().map(|span| {
                let kept = length(span).min(left);
                left -= kept;
                (span.0, span.0 + kept as u16)
            });
            kept.filter(|span| span.0 < span.1).collect()
        };
        Pattern::of_runs(self.runs.iter().map(|(week, spans)| (*week, cut(spans))).collect())
    }

    /// The minutes that belong to both.
    pub(super) fn and(&self, other: &Pattern) -> Pattern {
        self.combined(other, |mine, theirs| {
            let mut spans = Vec::new();
            let (mut a, mut b) = (0, 0);
            while a < mine.len() && b < theirs.len() {
                let (start, finish) = (mine[a].0.max(theirs[b].0), mine[a].1.min(theirs[b].1));
                if start < finish {
                    spans.push((start, finish));
                }
                if mine[a].1 <= theirs[b].1 {
                    a += 1;
                } else {
                    b += 1;
                }
            }
            spans.into()
        })
    }

    /// The minutes that belong to either.
    pub(super) fn or(&self, other: &Pattern) -> Pattern {
        self.combined(other, |mine, theirs| joined(mine.iter().chain(theirs).copied().collect()))
    }

    fn combined(&self, other: &Pattern, combine: impl Fn(&[Span], &[Span]) -> Arc<[Span]>) -> Pattern {
        Pattern::of_runs(aligned(self, other).map(|(week, mine, theirs)| (week, combine(mine, theirs))).collect())
    }

    /// Brings runs into the form that the invariants ask for.
    ///
    /// `runs` are in order; of several runs that begin with the same week the last one counts.
    fn of_runs(runs: Vec<(i64, Arc<[Span]>)>) -> Pattern {
        let mut kept: Vec<(i64, Arc<[Span]>)> = Vec::with_capacity(runs.len());
        for (week, spans) in runs {
            if kept.last().is_some_and(|last| last.0 == week) {
                kept.pop();
            }
            if kept.last().is_none_or(|last| last.1 != spans) {
                kept.push((week, spans));
            }
        }
        Pattern { runs: kept }
    }
}

/// The common runs of two patterns: first week, and each one's work in these weeks.
pub(super) fn aligned<'a>(a: &'a Pattern, b: &'a Pattern) -> impl Iterator<Item = (i64, &'a [Span], &'a [Span])> {
    let (mut next_a, mut next_b) = (0, 0);
    std::iter::from_fn(move || {
        let week_a = a.runs.get(next_a).map_or(i64::MAX, |run| run.0);
        let week_b = b.runs.get(next_b).map_or(i64::MAX, |run| run.0);
        let week = week_a.min(week_b);
        if week == i64::MAX {
            return None;
        }
        next_a += usize::from(week_a == week);
        next_b += usize::from(week_b == week);
        Some((week, &*a.runs[next_a - 1].1, &*b.runs[next_b - 1].1))
    })
}

/// Units of a work resource as steps: each moment from which on other units are there, the first one without meaning.
pub(super) fn unit_steps(resource: &Resource) -> Vec<(i64, Amount)> {
    let base = resource.capacity.unwrap_or(Amount::MAX);
    let mut events: Vec<(i64, bool, Amount)> = Vec::with_capacity(2 * resource.windows.len());
    for window in resource.windows.iter().filter(|window| window.from < window.to) {
        events.push((window.from.0, true, window.units));
        events.push((window.to.0, false, window.units));
    }
    events.sort_unstable();
    let mut open: BTreeMap<Amount, usize> = BTreeMap::new();
    let mut steps = vec![(i64::MIN, base)];
    let mut index = 0;
    while index < events.len() {
        let minute = events[index].0;
        while index < events.len() && events[index].0 == minute {
            let (_, opens, units) = events[index];
            let count = open.entry(units).or_insert(0);
            // Every window closes later than it opens, so the count never falls below zero.
            *count = if opens { *count + 1 } else { *count - 1 };
            if *count == 0 {
                open.remove(&units);
            }
            index += 1;
        }
        let units = open.first_key_value().map_or(base, |(&units, _)| units);
        if steps[steps.len() - 1].1 != units {
            steps.push((minute, units));
        }
    }
    steps
}

fn length(span: &Span) -> i64 {
    i64::from(span.1 - span.0)
}

fn is_full(spans: &[Span]) -> bool {
    spans == [(0, MINUTES_PER_WEEK as u16)]
}

/// Spans in order, overlapping and adjoining ones made one.
fn joined(mut spans: Vec<Span>) -> Arc<[Span]> {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let joins = next.0 <= last.1;
        if joins {
            last.1 = last.1.max(next.1);
        }
        joins
    });
    spans.into()
}
