//! A calendar as a table of accumulated work, so that working time is added and subtracted in O(log n).

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::HORIZON_LIMIT;
use super::near::Near;
use super::pattern::{Pattern, Span, aligned, week_of, week_start};
use crate::units::MINUTES_PER_WEEK;

/// A calendar compiled onto a time axis (minutes or slots).
///
/// `work(p)` is the working time before position `p`, up to a constant; it never decreases. Adding work to a position
/// means going up in `work` and back to a position, and that way back has two answers when work pauses there:
/// [`WorkTable::finish_of`] (the pause has not begun: where something finishes) and [`WorkTable::start_of`] (the pause is
/// over: where something can start).
///
/// The table is a sequence of runs of equal weeks; within a run everything is arithmetic, so positions far away cost no
/// more than near ones, and the size depends on the number of irregular weeks alone.
///
/// # Complexity
/// Every question takes `O(log n)` in the number of runs and of stretches in a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkTable {
    always: bool,
    /// The first run has no beginning: its `position` and `work` are those of its end. The last one has no end.
    runs: Vec<Run>,
    /// The run in which each `1 << cell_shift` positions behind the first run begin, and the last run; a search among the runs
    /// themselves waits for memory at every step.
    cells: Vec<u32>,
    cell_shift: u32,
    weeks: Vec<Week>,
    stretches: Vec<Stretch>,
    /// The stretches after position 0, once [`WorkTable::with_near`] has spelled them out.
    near: Option<Box<Near>>,
}

/// Equal weeks, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    position: i64,
    work: i64,
    week: u32,
}

/// A kind of week; `length` is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Week {
    length: i64,
    work: i64,
    first_stretch: u32,
    end_stretch: u32,
}

/// A working stretch, in positions since the beginning of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Stretch {
    // Narrow, so that the stretches of a week take few cache lines.
    start: u16,
    finish: u16,
    work_before: u16,
}

impl Stretch {
    #[inline]
    fn start(self) -> i64 {
        i64::from(self.start)
    }

    #[inline]
    fn finish(self) -> i64 {
        i64::from(self.finish)
    }

    #[inline]
    fn work_before(self) -> i64 {
        i64::from(self.work_before)
    }
}

/// A stretch of time with a given amount of work in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkSpan {
    /// Where the work begins: a position at which work is done.
    pub start: i64,
    /// Where it ends.
    pub finish: i64,
    /// [`WorkTable::work`] of the start.
    pub work: i64,
}

impl WorkTable {
    /// Earlier than every position of any plan: the answer where there is no earliest position.
    pub const BEFORE_ALL: i64 = -(1 << 30);

    /// The calendar that works always.
    pub fn always() -> WorkTable {
        let mut builder = Builder::new(0);
        builder.run(1, &[(0, 1)], None);
        builder.done()
    }

    /// The table of a pattern in minutes.
    pub(super) fn of_minutes(pattern: &Pattern) -> WorkTable {
        let runs = pattern.runs();
        let mut builder = Builder::new(runs.get(1).map_or(week_start(0), |run| week_start(run.0)));
        for (index, (week, spans)) in runs.iter().enumerate() {
            let stretches: Vec<(i64, i64)> =
                spans.iter().map(|&(start, finish)| (i64::from(start), i64::from(finish))).collect();
            let weeks = if index == 0 { None } else { runs.get(index + 1).map(|next| next.0 - week) };
            builder.run(MINUTES_PER_WEEK, &stretches, weeks);
        }
        builder.done()
    }

    /// The table of a pattern in slots of an axis that works on `axis_pattern`.
    ///
    /// The axis contains the pattern, works for ever in both directions, and every edge of the pattern is the edge of
    /// a slot; so is the beginning of every week, unless the pattern is that of the axis.
    ///
    /// # Arguments
    /// `slot_at_week` gives the position at the beginning of a week.
    pub(super) fn on_axis(
        pattern: &Pattern,
        axis_pattern: &Pattern,
        slot_minutes: i64,
        slot_at_week: impl Fn(i64) -> i64,
    ) -> WorkTable {
        if pattern == axis_pattern {
            return WorkTable::always();
        }
        let runs: Vec<(i64, &[Span], &[Span])> = aligned(pattern, axis_pattern).collect();
        let anchor = runs.get(1).map_or(week_of(0), |run| run.0);
        let mut builder = Builder::new(slot_at_week(anchor));
        for (index, &(week, spans, axis_spans)) in runs.iter().enumerate() {
            let length = minutes_before(axis_spans, MINUTES_PER_WEEK as u16) / slot_minutes;
            let stretches: Vec<(i64, i64)> = spans
                .iter()
                .map(|&(start, finish)| [start, finish].map(|at| minutes_before(axis_spans, at) / slot_minutes))
                .map(|[start, finish]| (start, finish))
                .collect();
            let weeks = if index == 0 { None } else { runs.get(index + 1).map(|next| next.0 - week) };
            if length > 0 {
                builder.run(length, &stretches, weeks);
            }
        }
        builder.done()
    }

    /// The same table with the first `stretches` stretches after position 0 spelled out for speed.
    pub(super) fn with_near(mut self, stretches: usize) -> WorkTable {
        self.near = if self.always { None } else { Near::of(&self, stretches).map(Box::new) };
        self
    }

    /// The working stretches from position 0 on that are spelled out for speed, in order; none if it has not been done.
    pub fn near_stretches(&self) -> impl Iterator<Item = (i64, i64)> {
        self.near.iter().flat_map(|near| near.stretches())
    }

    /// True if every position works, so that position and work are the same thing.
    #[inline]
    pub fn is_always(&self) -> bool {
        self.always
    }

    /// True if no work is ever done.
    pub fn is_never(&self) -> bool {
        self.weeks.iter().all(|week| week.work == 0)
    }

    /// Working time before `position`, up to a constant of the table. Any position is allowed, negative ones too.
    #[inline]
    pub fn work(&self, position: i64) -> i64 {
        if self.always {
            return position;
        }
        if let Some(work) = self.near.as_ref().and_then(|near| near.work(position)) {
            return work;
        }
        let run = &self.runs[self.run_number(position)];
        let week = self.week(run);
        let distance = position - run.position;
        let weeks = distance.div_euclid(week.length);
        let offset = distance - weeks * week.length;
        let stretches = self.stretches_of(week);
        let next = stretches.partition_point(|stretch| stretch.start() < offset);
        let within = match next {
            0 => 0,
            next => {
                let last = &stretches[next - 1];
                last.work_before() + offset.min(last.finish()) - last.start()
            }
        };
        run.work + weeks * week.work + within
    }

    /// The smallest position with `work(position) >= work`; `None` if the calendar never offers that much,
    /// [`WorkTable::BEFORE_ALL`] if every position will do.
    #[inline]
    pub fn finish_of(&self, work: i64) -> Option<i64> {
        if self.always {
            return Some(work);
        }
        if let Some(position) = self.near.as_ref().and_then(|near| near.finish_of(work)) {
            return Some(position);
        }
        let number = self.runs.partition_point(|run| run.work < work).saturating_sub(1);
        let run = &self.runs[number];
        let week = self.week(run);
        if week.work == 0 {
            return (work <= run.work).then_some(WorkTable::BEFORE_ALL);
        }
        let distance = work - run.work;
        let weeks = (distance - 1).div_euclid(week.work);
        let rest = distance - weeks * week.work; // 1 ..= week.work
        let stretches = self.stretches_of(week);
        let stretch = &stretches[stretches.partition_point(|stretch| stretch.work_before() < rest) - 1];
        Some(run.position + weeks * week.length + stretch.start() + (rest - stretch.work_before()))
    }

    /// The greatest position with `work(position) <= work`; `None` if no work is done after it for ever,
    /// [`WorkTable::BEFORE_ALL`] if there is no such position.
    #[inline]
    pub fn start_of(&self, work: i64) -> Option<i64> {
        if self.always {
            return Some(work);
        }
        if let Some(position) = self.near.as_ref().and_then(|near| near.start_of(work)) {
            return Some(position);
        }
        let number = self.runs.partition_point(|run| run.work <= work).saturating_sub(1);
        let run = &self.runs[number];
        let week = self.week(run);
        if week.work == 0 {
            return (work < run.work).then_some(WorkTable::BEFORE_ALL);
        }
        let distance = work - run.work;
        let weeks = distance.div_euclid(week.work);
        let rest = distance - weeks * week.work; // 0 .. week.work
        let stretches = self.stretches_of(week);
        let stretch = &stretches[stretches.partition_point(|stretch| stretch.work_before() <= rest) - 1];
        Some(run.position + weeks * week.length + stretch.start() + (rest - stretch.work_before()))
    }

    /// The first position at or after `position` at which work is done; `None` if there is none.
    #[inline]
    pub fn next_start(&self, position: i64) -> Option<i64> {
        if self.always {
            return Some(position);
        }
        if let Some(start) = self.near.as_ref().and_then(|near| near.next_start(position)) {
            return Some(start);
        }
        self.start_of(self.work(position))
    }

    /// The last position at or before `position` at which work has just been done: where something that must be finished
    /// by `position` finishes at the latest; [`WorkTable::BEFORE_ALL`] if no work is done before it.
    #[inline]
    pub fn last_finish(&self, position: i64) -> i64 {
        if self.always {
            return position;
        }
        // All the work before `position` is on offer, so the question has an answer.
        self.finish_of(self.work(position)).unwrap_or(position)
    }

    /// The first `length` units of work (at least one) at or after `from`; `None` if there are fewer.
    #[inline]
    pub fn span(&self, from: i64, length: i64) -> Option<WorkSpan> {
        if let Some(span) = self.near.as_ref().and_then(|near| near.span(from, length)) {
            return Some(span);
        }
        let start = self.next_start(from)?;
        let work = self.work(start);
        Some(WorkSpan { start, finish: self.finish_of(work + length)?, work })
    }

    /// The last `length` units of work (at least one) that begin at or before `latest_start` and end at or before `until`;
    /// `None` if there are none.
    #[inline]
    pub fn last_span(&self, latest_start: i64, until: i64, length: i64) -> Option<WorkSpan> {
        if let Some(span) = self.near.as_ref().and_then(|near| near.last_span(latest_start, until, length)) {
            return Some(span);
        }
        let mut work = self.work(until) - length;
        let mut start = self.start_of(work)?;
        if start > latest_start {
            // The last working position at or before the limit; there `work` is one less than behind it.
            start = self.last_finish(latest_start + 1) - 1;
            work = self.work(start);
        }
        if start <= WorkTable::BEFORE_ALL {
            return None;
        }
        Some(WorkSpan { start, finish: self.finish_of(work + length)?, work })
    }

    /// The end of the working stretch that contains `position`, which must be working; `i64::MAX` if it never ends.
    pub fn stretch_end(&self, position: i64) -> i64 {
        if self.always {
            return i64::MAX;
        }
        if let Some(end) = self.near.as_ref().and_then(|near| near.stretch_end(position)) {
            return end;
        }
        let mut number = self.run_number(position);
        let mut at = position;
        loop {
            let run = &self.runs[number];
            let run_end = self.runs.get(number + 1).map(|next| next.position);
            let week = self.week(run);
            let start = run.position + (at - run.position).div_euclid(week.length) * week.length;
            let stretches = self.stretches_of(week);
            let index = stretches.partition_point(|stretch| start + stretch.start() <= at);
            let Some(stretch) = index.checked_sub(1).map(|index| &stretches[index]) else { return at };
            if start + stretch.finish() <= at {
                return at;
            }
            if stretch.finish() < week.length {
                return start + stretch.finish();
            }
            if week.work == week.length {
                let Some(end) = run_end else { return i64::MAX };
                at = end;
            } else {
                at = start + week.length;
            }
            if run_end.is_some_and(|end| end <= at) {
                number += 1;
            }
        }
    }

    /// The first position at or after `position` from which on `length` is worked without a pause; `None` if there is none.
    pub fn fitting_start(&self, position: i64, length: i64) -> Option<i64> {
        let mut start = self.next_start(position)?;
        // Where the search came into the run it is in.
        let mut entered = (usize::MAX, start);
        loop {
            let end = self.stretch_end(start);
            if end.saturating_sub(start) >= length {
                return Some(start);
            }
            start = self.next_start(end)?;
            let number = self.run_number(start);
            if number != entered.0 {
                entered = (number, start);
            }
            let week = self.week(&self.runs[number]).length;
            if start.saturating_sub(entered.1) > 2 * week {
                // Every kind of stretch within the run has been seen; what is left is the one that leads out of it.
                let last_week = self.runs.get(number + 1)?.position - week;
                if last_week > start {
                    start = self.next_start(last_week)?;
                }
                entered.1 = i64::MAX;
            }
        }
    }

    /// The last position from which on `length` is worked without a pause and finished at or before `position`; `None` if
    /// there is none.
    pub fn last_fitting_start(&self, position: i64, length: i64) -> Option<i64> {
        let mut finish = self.last_finish(position);
        let mut entered = (usize::MAX, finish);
        loop {
            if finish <= WorkTable::BEFORE_ALL {
                return None;
            }
            let start = self.stretch_start(finish - 1);
            if finish - start >= length {
                return Some(finish - length);
            }
            finish = self.last_finish(start);
            let number = self.run_number(finish - 1);
            if number != entered.0 {
                entered = (number, finish);
            }
            let run = &self.runs[number];
            let week = self.week(run).length;
            if entered.1.saturating_sub(finish) > 2 * week {
                if number == 0 {
                    return None;
                }
                finish = finish.min(self.last_finish(run.position + week));
                entered.1 = i64::MIN;
            }
        }
    }

    /// The beginning of the working stretch that contains `position`, which must be working; no earlier than
    /// [`WorkTable::BEFORE_ALL`].
    fn stretch_start(&self, position: i64) -> i64 {
        if self.always {
            return WorkTable::BEFORE_ALL;
        }
        // The pauses between a position and `position` never grow as it moves on.
        let work = self.work(position);
        let (mut outside, mut inside) = (WorkTable::BEFORE_ALL - 1, position);
        while inside - outside > 1 {
            let middle = outside + (inside - outside) / 2;
            if work - self.work(middle) == position - middle {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        inside
    }

    /// The length of the longest working stretch there ever is; `i64::MAX` if one has no end.
    pub fn longest_stretch(&self) -> i64 {
        let (mut longest, mut current) = (0, 0);
        for (number, run) in self.runs.iter().enumerate() {
            let week = self.week(run);
            let stretches = self.stretches_of(week);
            let weeks = match self.runs.get(number + 1) {
                Some(next) if number > 0 => Some((next.position - run.position) / week.length),
                _ => None,
            };
            let (Some(first), Some(last)) = (stretches.first(), stretches.last()) else {
                current = 0;
                continue;
            };
            if week.work == week.length {
                let Some(weeks) = weeks else { return i64::MAX };
                current += weeks * week.length;
                longest = longest.max(current);
                continue;
            }
            let head = if first.start() == 0 { first.finish() } else { 0 };
            let tail = if last.finish() == week.length { week.length - last.start() } else { 0 };
            let inner = stretches.iter().map(|stretch| stretch.finish() - stretch.start()).max().unwrap_or(0);
            let between_weeks = if weeks == Some(1) { 0 } else { tail + head };
            longest = longest.max(current + head).max(inner).max(between_weeks);
            current = tail;
        }
        longest
    }

    /// The first `most` working stretches from position 0 on (in which the first may have begun earlier), or as many as
    /// there are up to the horizon; `i64::MAX` is the end of one that has none.
    pub(super) fn first_stretches(&self, most: usize) -> Vec<(i64, i64)> {
        let mut found: Vec<(i64, i64)> = Vec::with_capacity(most + 1);
        let mut add = |start: i64, finish: i64| {
            match found.last_mut() {
                Some(last) if last.1 == start => last.1 = finish,
                _ if finish > 0 => found.push((start.max(0), finish)),
                _ => {}
            }
            found.len() > most
        };
        let first = self.run_number(0);
        for (number, run) in self.runs.iter().enumerate().skip(first) {
            let week = self.week(run);
            let end = self.runs.get(number + 1).map_or(i64::MAX, |next| next.position);
            let begin = if number == first {
                run.position + (-run.position).div_euclid(week.length) * week.length
            } else {
                run.position
            };
            let is_done = match week.work {
                0 => end == i64::MAX,
                work if work == week.length => add(begin, end),
                _ => (begin..end.min(i64::from(HORIZON_LIMIT))).step_by(week.length as usize).any(|at| {
                    let mut stretches = self.stretches_of(week).iter();
                    stretches.any(|stretch| add(at + stretch.start(), at + stretch.finish()))
                }),
            };
            if is_done || end >= i64::from(HORIZON_LIMIT) {
                break;
            }
        }
        found.truncate(most);
        found
    }

    #[inline]
    fn run_number(&self, position: i64) -> usize {
        let behind = position - self.runs[0].position;
        if behind < 0 {
            return 0;
        }
        let cell = ((behind >> self.cell_shift) as usize).min(self.cells.len() - 2);
        let (first, last) = (self.cells[cell] as usize, self.cells[cell + 1] as usize);
        first + self.runs[first + 1..=last].partition_point(|run| run.position <= position)
    }

    #[inline]
    fn week(&self, run: &Run) -> &Week {
        &self.weeks[run.week as usize]
    }

    #[inline]
    fn stretches_of(&self, week: &Week) -> &[Stretch] {
        &self.stretches[week.first_stretch as usize..week.end_stretch as usize]
    }
}

/// Minutes of `spans` before the minute `at` of the week.
pub(super) fn minutes_before(spans: &[Span], at: u16) -> i64 {
    spans.iter().map(|&(start, finish)| i64::from(finish.min(at).saturating_sub(start))).sum()
}

/// Builds a table run by run.
struct Builder {
    table: WorkTable,
    kinds: FxHashMap<(i64, Vec<Stretch>), u32>,
    position: i64,
    work: i64,
}

impl Builder {
    /// # Arguments
    /// `anchor` is the position at which the first run ends, or any beginning of a week if it is the only one.
    fn new(anchor: i64) -> Builder {
        let (runs, weeks, stretches) = (Vec::new(), Vec::new(), Vec::new());
        let (cells, cell_shift) = (Vec::new(), 0);
        let table = WorkTable { always: false, runs, cells, cell_shift, weeks, stretches, near: None };
        Builder { table, kinds: FxHashMap::default(), position: anchor, work: 0 }
    }

    /// Adds a run of `weeks` equal weeks; the first and the last run have no number of weeks.
    fn run(&mut self, length: i64, stretches: &[(i64, i64)], weeks: Option<i64>) {
        let first_stretch = self.table.stretches.len();
        let mut work = 0;
        for &(start, finish) in stretches {
            match self.table.stretches[first_stretch..].last_mut() {
                // Where the axis leaves out what lies between them.
                Some(last) if last.finish() == start => last.finish = finish as u16,
                _ => {
                    let [start, finish, work_before] = [start, finish, work].map(|at| at as u16);
                    self.table.stretches.push(Stretch { start, finish, work_before });
                }
            }
            work += finish - start;
        }
        let kind = (length, self.table.stretches[first_stretch..].to_vec());
        let week = match self.kinds.entry(kind) {
            Entry::Occupied(known) => {
                self.table.stretches.truncate(first_stretch);
                *known.get()
            }
            Entry::Vacant(new) => {
                let (first_stretch, end_stretch) = (first_stretch as u32, self.table.stretches.len() as u32);
                self.table.weeks.push(Week { length, work, first_stretch, end_stretch });
                *new.insert(self.table.weeks.len() as u32 - 1)
            }
        };
        self.table.runs.push(Run { position: self.position, work: self.work, week });
        let weeks = weeks.unwrap_or(0);
        self.position += weeks * length;
        self.work += weeks * work;
    }

    fn done(mut self) -> WorkTable {
        let WorkTable { runs, cells, .. } = &mut self.table;
        let first = runs[0].position;
        let span = runs[runs.len() - 1].position - first;
        let shift = (span / runs.len() as i64).max(1).ilog2();
        let beginnings = (0..=span >> shift).map(|cell| first + (cell << shift));
        let number = |position: i64| runs.partition_point(|run| run.position <= position) as u32 - 1;
        cells.extend(beginnings.map(number).chain([runs.len() as u32 - 1]));
        self.table.cell_shift = shift;
        self.table.always = self.table.weeks.iter().all(|week| week.work == week.length);
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::calendar::{Calendar, Exception, Shift};
    use crate::units::Moment;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn shift() -> impl Strategy<Value = Shift> {
        (0u16..1440, prop_oneof![1u16..=600, Just(1440u16)])
            .prop_map(|(start, length)| Shift { start_minute: start, finish_minute: start + length })
    }

    fn hours() -> impl Strategy<Value = Vec<Shift>> {
        prop_oneof![
            2 => Just(Vec::new()),
            3 => prop::collection::vec(shift(), 1..3),
            1 => Just(vec![Shift { start_minute: 0, finish_minute: 1440 }]),
        ]
    }

    /// Calendars that are usual, that never work, that work for some days only, or that never stop.
    pub(crate) fn calendar() -> impl Strategy<Value = Calendar> {
        let week = prop_oneof![
            3 => prop::array::uniform7(hours()),
            1 => Just(Default::default()),
            1 => Just(Calendar::standard().week),
            1 => Just(Calendar::twenty_four_hours().week),
        ];
        let exception = (0i64..40, prop_oneof![4 => 0i64..9, 1 => 10i64..40, 1 => Just(100_000i64)], hours());
        (week, prop::collection::vec(exception, 0..5)).prop_map(|(week, exceptions)| {
            let first = date(2026, 2, 20);
            let day = |days: i64| first + jiff::Span::new().days(days);
            let exceptions = exceptions
                .into_iter()
                .map(|(from, length, shifts)| Exception { from: day(from), to: day(from + length), shifts })
                .collect();
            Calendar { id: "any".into(), week, exceptions }
        })
    }

    /// Ten weeks around the exceptions.
    fn window() -> (i64, i64) {
        (Moment::midnight(date(2026, 2, 11)).0, Moment::midnight(date(2026, 4, 22)).0)
    }

    fn minutes_worked(calendar: &Calendar) -> Vec<bool> {
        let (from, to) = window();
        let mut worked = vec![false; (to - from) as usize];
        for (start, finish) in calendar.stretches(Moment(from), Moment(to)) {
            worked[(start.0 - from) as usize..(finish.0 - from) as usize].fill(true);
        }
        worked
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_table_agrees_with_the_calendar_minute_by_minute(calendar in calendar()) {
            let table = WorkTable::of_minutes(&Pattern::of_calendar(&calendar));
            let (from, to) = window();
            let worked = minutes_worked(&calendar);
            let is_worked = |minute: i64| worked[(minute - from) as usize];
            let mut work = table.work(from);
            let mut next_start = Vec::new(); // positions that wait for the next working minute
            for minute in from..to {
                prop_assert_eq!(table.work(minute), work, "work before minute {}", minute);
                next_start.push(minute);
                if is_worked(minute) {
                    prop_assert_eq!(table.start_of(work), Some(minute));
                    prop_assert_eq!(table.finish_of(work + 1), Some(minute + 1));
                    for waiting in next_start.drain(..) {
                        prop_assert_eq!(table.next_start(waiting), Some(minute));
                    }
                    work += 1;
                }
            }
            let mut end = from;
            for minute in (from..to).step_by(7).filter(|&minute| is_worked(minute)) {
                end = end.max(minute);
                while end < to && is_worked(end) {
                    end += 1;
                }
                if end < to {
                    prop_assert_eq!(table.stretch_end(minute), end);
                } else {
                    prop_assert!(table.stretch_end(minute) >= to);
                }
            }
        }

        #[test]
        fn unbroken_work_fits_where_the_calendar_says(calendar in calendar(), length in prop_oneof![1i64..700, 700i64..4000]) {
            let table = WorkTable::of_minutes(&Pattern::of_calendar(&calendar));
            let (from, to) = window();
            let worked = minutes_worked(&calendar);
            let mut run = 0; // minutes worked without a pause before a minute
            let mut fits = Vec::new();
            for minute in from..to {
                run = if worked[(minute - from) as usize] { run + 1 } else { 0 };
                if run >= length {
                    fits.push(minute + 1 - length);
                }
            }
            for minute in (from + 4000..to - 4000).step_by(997) {
                if let Some(&next) = fits.iter().find(|&&fit| fit >= minute) {
                    prop_assert_eq!(table.fitting_start(minute, length), Some(next));
                } else {
                    prop_assert!(table.fitting_start(minute, length).is_none_or(|start| start > to - length));
                }
                if let Some(&last) = fits.iter().rev().find(|&&fit| fit + length <= minute) {
                    prop_assert_eq!(table.last_fitting_start(minute, length), Some(last));
                } else {
                    prop_assert!(table.last_fitting_start(minute, length).is_none_or(|start| start < from));
                }
            }
        }

        #[test]
        fn far_away_the_table_agrees_with_the_calendar_too(calendar in calendar(), year in 1i16..9990, length in 1i64..30) {
            let table = WorkTable::of_minutes(&Pattern::of_calendar(&calendar));
            let from = Moment::midnight(date(year, 3, 1));
            let to = Moment(from.0 + length * 1440);
            let slow: i64 = calendar.stretches(from, to).iter().map(|(start, finish)| finish.0 - start.0).sum();
            prop_assert_eq!(table.work(to.0) - table.work(from.0), slow);
        }

        #[test]
        fn there_and_back_is_the_pause_around_a_position(calendar in calendar(), position in -1_035_000_000i64..4_000_000_000) {
            let table = WorkTable::of_minutes(&Pattern::of_calendar(&calendar));
            let work = table.work(position);
            let finish = table.finish_of(work).expect("work before a position has been offered");
            prop_assert!(finish <= position);
            prop_assert!(finish == WorkTable::BEFORE_ALL || table.work(finish) == work);
            prop_assert_eq!(table.last_finish(position), finish);
            if finish > WorkTable::BEFORE_ALL {
                let start = table.stretch_start(finish - 1);
                prop_assert_eq!(table.stretch_end(start), table.stretch_end(finish - 1));
                prop_assert!(start == WorkTable::BEFORE_ALL || table.work(start - 1) == table.work(start));
            }
            match table.start_of(work) {
                Some(start) => {
                    prop_assert!(start >= position && table.work(start) == work && table.work(start + 1) == work + 1);
                    prop_assert!(table.stretch_end(start) > start);
                    prop_assert!(table.stretch_end(start).saturating_sub(start) <= table.longest_stretch());
                }
                None => prop_assert_eq!(table.work(position + 100_000_000_000), work),
            }
        }

        #[test]
        fn and_and_or_work_minute_by_minute(a in calendar(), b in calendar()) {
            let [pattern_a, pattern_b] = [&a, &b].map(Pattern::of_calendar);
            let both = WorkTable::of_minutes(&pattern_a.and(&pattern_b));
            let either = WorkTable::of_minutes(&pattern_a.or(&pattern_b));
            let (from, _) = window();
            for (minute, (in_a, in_b)) in (from..).zip(minutes_worked(&a).into_iter().zip(minutes_worked(&b))) {
                prop_assert_eq!(both.work(minute + 1) - both.work(minute), i64::from(in_a && in_b));
                prop_assert_eq!(either.work(minute + 1) - either.work(minute), i64::from(in_a || in_b));
            }
        }
    }

    #[test]
    fn a_calendar_that_never_works_never_finishes_anything() {
        let never = Calendar { id: "never".into(), week: Default::default(), exceptions: Vec::new() };
        let table = WorkTable::of_minutes(&Pattern::of_calendar(&never));
        assert!(table.is_never() && !table.is_always());
        assert_eq!(table.finish_of(table.work(0) + 1), None);
        assert_eq!(table.next_start(0), None);
        assert_eq!(table.last_finish(0), WorkTable::BEFORE_ALL);
        assert_eq!(table.longest_stretch(), 0);
    }

    #[test]
    fn a_range_of_nine_thousand_years_takes_no_more_room_than_a_day() {
        let off = Exception { from: date(1000, 1, 1), to: date(9999, 12, 31), shifts: Vec::new() };
        let calendar = Calendar { exceptions: vec![off], ..Calendar::standard() };
        let table = WorkTable::of_minutes(&Pattern::of_calendar(&calendar));
        assert!(table.runs.len() <= 5);
        // 9999-12-31 is a Friday; work goes on at 08:00 of the Monday after it.
        assert_eq!(table.next_start(0), Some(Moment::MAX.0 + 3 * 1440 + 480));
    }

    #[test]
    fn always_is_recognised_however_it_is_spelt() {
        assert!(WorkTable::of_minutes(&Pattern::of_calendar(&Calendar::twenty_four_hours())).is_always());
        assert_eq!(WorkTable::always().work(-5), -5);
        assert_eq!(WorkTable::always().longest_stretch(), i64::MAX);
    }
}
