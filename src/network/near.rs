//! The years around a project's start, spelled out: the part of a [`WorkTable`] that engines ask about all the time.
//!
//! A grid of equal cells over positions, and one over work, each cell naming the first stretch that could matter; a
//! question is then a shift, a load and, nearly always, no more than one step. On the sample of 250 tasks on 28
//! calendars this answers in a fifth of the time that runs of weeks take.

use super::WorkTable;
use super::worktable::WorkSpan;

/// The working stretches from position 0 on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Near {
    /// In order, with a last one that contains the end of what is spelled out.
    stretches: Vec<Stretch>,
    /// Positions `0..end` are spelled out, and `0..=work_end` is their work, counted from `work_base`.
    end: i64,
    work_base: i64,
    work_end: i64,
    /// For each `1 << position_shift` positions the first stretch that finishes after the cell's beginning.
    position_cells: Vec<u32>,
    position_shift: u32,
    /// For each `1 << work_shift` units of work the first stretch with work after the cell's beginning.
    work_cells: Vec<u32>,
    work_shift: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    start: i32,
    finish: i32,
    /// From position 0 to `start`.
    work: i32,
}

impl Stretch {
    #[inline]
    fn start(&self) -> i64 {
        i64::from(self.start)
    }

    #[inline]
    fn finish(&self) -> i64 {
        i64::from(self.finish)
    }

    #[inline]
    fn work(&self) -> i64 {
        i64::from(self.work)
    }

    /// Work done until its end.
    #[inline]
    fn work_until(&self) -> i64 {
        self.work() + self.finish() - self.start()
    }
}

impl Near {
    /// The first `most` stretches of a table; `None` if it has too few for the effort to pay.
    pub(super) fn of(table: &WorkTable, most: usize) -> Option<Near> {
        let work_base = table.work(0);
        let mut work = 0;
        let mut stretches = Vec::with_capacity(most);
        for (start, finish) in table.first_stretches(most) {
            if finish >= i64::from(super::HORIZON_LIMIT) {
                break;
            }
            stretches.push(Stretch { start: start as i32, finish: finish as i32, work: work as i32 });
            work += finish - start;
        }
        let last = *stretches.last().filter(|_| stretches.len() > 2)?;
        // The last stretch stays outside, so that every question inside ends at a stretch.
        let (end, work_end) = (last.start(), last.work());
        let per_stretch = |length: i64| (length / stretches.len() as i64).max(1).ilog2();
        let (position_shift, work_shift) = (per_stretch(end), per_stretch(work_end));
        let position_cells =
            cells(&stretches, end >> position_shift, |stretch, cell| stretch.finish() <= cell << position_shift);
        let work_cells =
            cells(&stretches, work_end >> work_shift, |stretch, cell| stretch.work_until() <= cell << work_shift);
        Some(Near { stretches, end, work_base, work_end, position_cells, position_shift, work_cells, work_shift })
    }

    /// The stretches before the end of what is spelled out.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (i64, i64)> {
        let before_end = &self.stretches[..self.stretches.len() - 1];
        before_end.iter().map(|stretch| (stretch.start(), stretch.finish()))
    }

    /// [`WorkTable::work`], if `position` is near.
    #[inline]
    pub(super) fn work(&self, position: i64) -> Option<i64> {
        let stretch = self.stretch_after(position)?;
        Some(self.work_base + stretch.work() + (position - stretch.start()).max(0))
    }

    /// [`WorkTable::next_start`], if `position` is near.
    #[inline]
    pub(super) fn next_start(&self, position: i64) -> Option<i64> {
        Some(self.stretch_after(position)?.start().max(position))
    }

    /// [`WorkTable::stretch_end`], if `position` is near and working.
    #[inline]
    pub(super) fn stretch_end(&self, position: i64) -> Option<i64> {
        self.stretch_after(position).filter(|stretch| stretch.start() <= position).map(Stretch::finish)
    }

    /// [`WorkTable::finish_of`], if `work` is near.
    #[inline]
    pub(super) fn finish_of(&self, work: i64) -> Option<i64> {
        let work = work - self.work_base;
        if work <= 0 || work > self.work_end {
            return None;
        }
        let stretch = self.stretch_of_work(work - 1);
        Some(stretch.start() + (work - stretch.work()))
    }

    /// [`WorkTable::start_of`], if `work` is near.
    #[inline]
    pub(super) fn start_of(&self, work: i64) -> Option<i64> {
        let work = work - self.work_base;
        if work < 0 || work >= self.work_end {
            return None;
        }
        let stretch = self.stretch_of_work(work);
        Some(stretch.start() + (work - stretch.work()))
    }

    /// [`WorkTable::span`], if all of it is near.
    #[inline]
    pub(super) fn span(&self, from: i64, length: i64) -> Option<WorkSpan> {
        let stretch = self.stretch_after(from)?;
        let start = stretch.start().max(from);
        let work = stretch.work() + start - stretch.start();
        let finish = if length <= stretch.finish() - start { start + length } else { self.finish_near(work + length)? };
        Some(WorkSpan { start, finish, work: self.work_base + work })
    }

    /// [`WorkTable::last_span`], if all of it is near.
    #[inline]
    pub(super) fn last_span(&self, latest_start: i64, until: i64, length: i64) -> Option<WorkSpan> {
        let stretch = self.stretch_after(until)?;
        let work = stretch.work() + (until - stretch.start()).max(0) - length;
        if work < 0 {
            return None;
        }
        let first = if stretch.work() <= work { stretch } else { self.stretch_of_work(work) };
        let start = first.start() + (work - first.work());
        if start > latest_start {
            return None;
        }
        let finish = if until > stretch.start() { until } else { self.finish_near(work + length)? };
        Some(WorkSpan { start, finish, work: self.work_base + work })
    }

    /// Where the unit of work before `work`, counted from position 0, ends.
    #[inline]
    fn finish_near(&self, work: i64) -> Option<i64> {
        if work <= 0 || work > self.work_end {
            return None;
        }
        let stretch = self.stretch_of_work(work - 1);
        Some(stretch.start() + (work - stretch.work()))
    }

    /// The first stretch that finishes after `position`.
    #[inline]
    fn stretch_after(&self, position: i64) -> Option<&Stretch> {
        if position < 0 || position >= self.end {
            return None;
        }
        let mut at = self.position_cells[(position >> self.position_shift) as usize] as usize;
        while self.stretches[at].finish() <= position {
            at += 1;
        }
        Some(&self.stretches[at])
    }

    /// The stretch in which the unit of work after `work` is done.
    #[inline]
    fn stretch_of_work(&self, work: i64) -> &Stretch {
        let mut at = self.work_cells[(work >> self.work_shift) as usize] as usize;
        loop {
            let stretch = &self.stretches[at];
            if stretch.work_until() > work {
                return stretch;
            }
            at += 1;
        }
    }
}

/// For each of the cells `0..=last` the first stretch that is not before it.
fn cells(stretches: &[Stretch], last: i64, is_before: impl Fn(&Stretch, i64) -> bool) -> Vec<u32> {
    let mut first = 0;
    let cell = |cell| {
        first += stretches[first..].iter().take_while(|stretch| is_before(stretch, cell)).count();
        first as u32
    };
    (0..=last).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::super::WorkTable;
    use super::super::pattern::Pattern;
    use crate::plan::calendar::{Calendar, Exception, Shift};
    use jiff::civil::date;
    use proptest::prelude::*;

    prop_compose! {
        fn shifts()(cuts in proptest::collection::btree_set(0u16..1440, 0..6)) -> Vec<Shift> {
            let cuts: Vec<u16> = cuts.into_iter().collect();
            cuts.chunks_exact(2).map(|cut| Shift { start_minute: cut[0], finish_minute: cut[1] }).collect()
        }
    }

    prop_compose! {
        fn calendar()(
            week in proptest::array::uniform7(shifts()),
            days in proptest::collection::vec((1i8..13, 1i8..29, shifts()), 0..8),
        ) -> Calendar {
            let exception = |(month, day, shifts)| {
                let day = date(1970, month, day);
                Exception { from: day, to: day, shifts }
            };
            Calendar { id: "any".into(), week, exceptions: days.into_iter().map(exception).collect() }
        }
    }

    proptest! {
        /// Rival: the same table without its near part.
        #[test]
        fn near_answers_are_those_of_the_runs_of_weeks(
            calendar in calendar(),
            positions in proptest::collection::vec(-3_000i64..2_500_000, 60),
        ) {
            let far = WorkTable::of_minutes(&Pattern::of_calendar(&calendar));
            let near = far.clone().with_near(2_048);
            for position in positions {
                let work = far.work(position);
                prop_assert_eq!(near.work(position), work);
                prop_assert_eq!(near.next_start(position), far.next_start(position));
                for length in [1, 37, 900, 40_000] {
                    prop_assert_eq!(near.span(position, length), far.span(position, length));
                    for latest in [position - 20_000, position - length, position + 1] {
                        let last = |table: &WorkTable| table.last_span(latest, position, length);
                        prop_assert_eq!(last(&near), last(&far));
                        let Some(span) = last(&far) else { continue };
                        prop_assert!(span.start <= latest && span.finish <= position);
                        prop_assert_eq!(Some(span), far.span(span.start, length));
                    }
                }
                for work in [work - 1, work, work + 1] {
                    prop_assert_eq!(near.finish_of(work), far.finish_of(work));
                    prop_assert_eq!(near.start_of(work), far.start_of(work));
                }
                if far.next_start(position) == Some(position) {
                    prop_assert_eq!(near.stretch_end(position), far.stretch_end(position));
                }
            }
        }
    }
}
