//! A list of working stretches with accumulated work: how the validator and the result tables count working time.
//!
//! A [`Timeline`] is made from the plain list of stretches of a calendar over a span of time. It shares nothing with the
//! tables that engines use, so that a mistake there is seen here.

use crate::units::{MINUTES_PER_DAY, Minutes, Moment};

/// A stretch of working time, finish excluded.
pub(crate) type Stretch = (Moment, Moment);

/// Working stretches between two moments, in order, disjoint, not adjoining.
///
/// Questions about moments outside the span are answered as if nothing were worked there.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    stretches: Vec<Stretch>,
    /// Work before each stretch, and at the end the work of all of them.
    work_before: Vec<i64>,
    /// The day on which the span begins.
    first_day: i64,
    /// For each day of the span the first stretch that ends after that day's midnight.
    first_of_day: Vec<u32>,
}

impl Timeline {
    /// The timeline of these stretches.
    pub(crate) fn new(stretches: Vec<Stretch>) -> Timeline {
        let mut work_before = Vec::with_capacity(stretches.len() + 1);
        let mut work = 0;
        for (start, finish) in &stretches {
            work_before.push(work);
            work += (*finish - *start).0;
        }
        work_before.push(work);
        let first_day = stretches.first().map_or(0, |stretch| stretch.0.day_number());
        let last_day = stretches.last().map_or(0, |stretch| stretch.1.day_number());
        let mut first_of_day = Vec::with_capacity((last_day - first_day + 2) as usize);
        let mut next = 0;
        for day in first_day..=last_day + 1 {
            while next < stretches.len() && stretches[next].1.0 <= day * MINUTES_PER_DAY {
                next += 1;
            }
            first_of_day.push(u32::try_from(next).expect("spans are cut so that stretches stay below 2^32"));
        }
        Timeline { stretches, work_before, first_day, first_of_day }
    }

    /// The first stretch that ends after `moment`, or the number of stretches.
    #[inline]
    fn stretch_after(&self, moment: Moment) -> usize {
        let day = moment.day_number() - self.first_day;
        if day < 0 {
            return 0;
        }
        let day = day as usize;
        let Some(&first) = self.first_of_day.get(day) else { return self.stretches.len() };
        let last = self.first_of_day.get(day + 1).map_or(self.stretches.len(), |&next| next as usize);
        let first = first as usize;
        first + self.stretches[first..last].partition_point(|stretch| stretch.1 <= moment)
    }

    /// Work before `moment`.
    #[inline]
    fn work_until(&self, moment: Moment) -> i64 {
        let at = self.stretch_after(moment);
        let begun = self.stretches.get(at).map_or(0, |stretch| (moment - stretch.0).0.max(0));
        self.work_before[at] + begun
    }

    /// All stretches.
    pub(crate) fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    /// The stretch in which `moment` is worked, or else the next one.
    #[inline]
    pub(crate) fn stretch_at_or_after(&self, moment: Moment) -> Option<Stretch> {
        self.stretches.get(self.stretch_after(moment)).copied()
    }

    /// The stretch in which the minute before `moment` is worked, or else the last one before it.
    pub(crate) fn stretch_before(&self, moment: Moment) -> Option<Stretch> {
        let at = self.stretch_after(moment);
        match self.stretches.get(at) {
            Some(&stretch) if stretch.0 < moment => Some(stretch),
            _ => self.stretches.get(at.checked_sub(1)?).copied(),
        }
    }

    /// Work from one moment to another; zero if the second is not later.
    #[inline]
    pub(crate) fn work_between(&self, from: Moment, to: Moment) -> Minutes {
        Minutes((self.work_until(to) - self.work_until(from)).max(0))
    }

    /// The first moment by which `work` (positive) is done if it begins at `from`; `None` if it is not done within the
    /// span.
    pub(crate) fn finish_after(&self, from: Moment, work: Minutes) -> Option<Moment> {
        let target = self.work_until(from) + work.0;
        let at = self.work_before.partition_point(|&before| before < target);
        let (start, _) = self.stretches.get(at.checked_sub(1)?)?;
        Some(Moment(start.0 + target - self.work_before[at - 1]))
    }

    /// The last moment from which `work` (positive) is done before `to`; `None` if that is before the span.
    pub(crate) fn start_before(&self, to: Moment, work: Minutes) -> Option<Moment> {
        let target = self.work_until(to) - work.0;
        if target < 0 {
            return None;
        }
        let at = self.work_before.partition_point(|&before| before <= target) - 1;
        self.stretches.get(at).map(|stretch| Moment(stretch.0.0 + target - self.work_before[at]))
    }
}

/// The stretches that two lists have in common.
///
/// # Complexity
/// Linear; stretches that lie within one of the other list are copied as one piece.
pub(crate) fn intersection(one: &[Stretch], other: &[Stretch]) -> Vec<Stretch> {
    let (mut one, mut other) = (one, other);
    let mut both = Vec::with_capacity(one.len().max(other.len()));
    while let (Some(&a), Some(&b)) = (one.first(), other.first()) {
        let (start, finish) = (a.0.max(b.0), a.1.min(b.1));
        if start < finish {
            both.push((start, finish));
        }
        if a.1 <= b.1 {
            one = &one[1..];
        }
        if b.1 <= a.1 {
            other = &other[1..];
        }
        if a.1 < b.1 {
            one = copied_within(b, one, &mut both);
        } else if b.1 < a.1 {
            other = copied_within(a, other, &mut both);
        }
    }
    both
}

/// Copies the first stretches of a list as far as they lie within a longer one; returns those after them.
#[inline]
fn copied_within<'s>(wide: Stretch, list: &'s [Stretch], both: &mut Vec<Stretch>) -> &'s [Stretch] {
    if list.first().is_none_or(|stretch| wide.1 < stretch.1) {
        return list;
    }
    // Most lists have two stretches a day, so that a run is short or very long.
    let mut end = list.iter().take(8).take_while(|stretch| stretch.1 <= wide.1).count();
    if end == 8 {
        end += list[8..].partition_point(|stretch| stretch.1 <= wide.1);
    }
    let (within, rest) = list.split_at(end);
    let before = within.iter().take_while(|stretch| stretch.0 < wide.0).count();
    for stretch in &within[..before] {
        if wide.0 < stretch.1 {
            both.push((wide.0, stretch.1));
        }
    }
    both.extend_from_slice(&within[before..]);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every answer counted minute by minute.
    struct Naive(Vec<Stretch>);

    impl Naive {
        fn works(&self, minute: i64) -> bool {
            self.0.iter().any(|stretch| stretch.0.0 <= minute && minute < stretch.1.0)
        }

        fn work_between(&self, from: i64, to: i64) -> i64 {
            (from..to).filter(|&minute| self.works(minute)).count() as i64
        }
    }

    fn lists() -> impl Strategy<Value = Vec<Stretch>> {
        // Gaps and lengths from a few minutes to more than a day, so that days without an end of work occur.
        prop::collection::vec((1i64..2_000, 1i64..2_000), 0..6).prop_map(|pieces| {
            let mut at = -2_000;
            let mut stretches = Vec::new();
            for (gap, length) in pieces {
                stretches.push((Moment(at + gap), Moment(at + gap + length)));
                at += gap + length;
            }
            stretches
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn a_timeline_counts_as_a_minute_by_minute_count_does(
            stretches in lists(), from in -4_000i64..20_000, length in 0i64..8_000, work in 1i64..4_000,
        ) {
            let naive = Naive(stretches.clone());
            let timeline = Timeline::new(stretches);
            let to = from + length;
            prop_assert_eq!(timeline.work_between(Moment(from), Moment(to)).0, naive.work_between(from, to));
            let next = (from..30_000).find(|&minute| naive.works(minute));
            let answer = timeline.stretch_at_or_after(Moment(from)).map(|stretch| stretch.0.0.max(from));
            prop_assert_eq!(answer, next);
            let last = (-5_000..=from).rev().find(|&minute| naive.works(minute - 1));
            let answer = timeline.stretch_before(Moment(from)).map(|stretch| stretch.1.0.min(from));
            prop_assert_eq!(answer, last);

            let mut left = work;
            let mut finish = None;
            for minute in from..30_000 {
                left -= i64::from(naive.works(minute));
                if left == 0 {
                    finish = Some(Moment(minute + 1));
                    break;
                }
            }
            prop_assert_eq!(timeline.finish_after(Moment(from), Minutes(work)), finish);
            let mut left = work;
            let mut start = None;
            for minute in (-5_000..from).rev() {
                left -= i64::from(naive.works(minute));
                if left == 0 {
                    start = Some(Moment(minute));
                    break;
                }
            }
            prop_assert_eq!(timeline.start_before(Moment(from), Minutes(work)), start);
        }

        #[test]
        fn the_intersection_works_when_both_work(one in lists(), other in lists()) {
            let both = Naive(intersection(&one, &other));
            let (one, other) = (Naive(one), Naive(other));
            for minute in (-3_000..20_000).step_by(7) {
                prop_assert_eq!(both.works(minute), one.works(minute) && other.works(minute));
            }
        }
    }
}
