//! How much working time a set of calendars and leased resources ever offers together, and its longest stretch.
//!
//! Deliberately slow and simple, as it runs once for each combination of calendars that occurs: day by day over the time
//! in which exceptions make a difference, and over a few ordinary weeks for all the time after.

use rustc_hash::FxHashMap;

use super::resources::Resources;
use crate::index::{Id, IdVec};
use crate::plan::{Calendar, CalendarId, ResourceId};
use crate::units::{Amount, MINUTES_PER_DAY, MINUTES_PER_WEEK, Minutes, Moment};

/// What a combination of calendars offers from the project's start on; `None` is no limit, or none that could be told
/// cheaply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// Working time in all.
    pub total: Option<Minutes>,
    /// The longest time without a pause.
    pub longest_stretch: Option<Minutes>,
}

impl Offer {
    const ENDLESS: Offer = Offer { total: None, longest_stretch: None };
}

/// Days and exceptions that are walked over for one combination; beyond it is taken for endless.
const MOST_STEPS: i64 = 20_000_000;

type Stretches = Vec<(Moment, Moment)>;

/// The offers of all combinations met so far.
pub(super) struct Offers<'p> {
    calendars: &'p IdVec<CalendarId, Calendar>,
    resources: &'p Resources<'p>,
    start: Moment,
    single: Vec<Option<Offer>>,
    /// The ordinary weeks of each calendar, once they have been read.
    weeks: Vec<Option<Stretches>>,
    /// The time of calendars from the start until some moment, as far as it has been read.
    spans: FxHashMap<(CalendarId, Moment), Stretches>,
    combined: FxHashMap<(Vec<CalendarId>, Vec<ResourceId>), Offer>,
}

impl<'p> Offers<'p> {
    /// Offers from `start` on.
    pub fn new(calendars: &'p IdVec<CalendarId, Calendar>, resources: &'p Resources<'p>, start: Moment) -> Self {
        let (single, weeks) = (vec![None; calendars.len()], vec![None; calendars.len()]);
        let (spans, combined) = (FxHashMap::default(), FxHashMap::default());
        Offers { calendars, resources, start, single, weeks, spans, combined }
    }

    /// What calendars offer together while all of some leased resources (of base capacity 0) are there.
    ///
    /// # Arguments
    /// Both lists in ascending order without repetitions.
    pub fn of(&mut self, calendars: &[CalendarId], leased: &[ResourceId]) -> Offer {
        if let (&[calendar], []) = (calendars, leased) {
            if let Some(offer) = self.single[calendar.index()] {
                return offer;
            }
            let offer = self.compute(calendars, leased);
            self.single[calendar.index()] = Some(offer);
            return offer;
        }
        if calendars.is_empty() && leased.is_empty() {
            return Offer::ENDLESS;
        }
        let key = (calendars.to_vec(), leased.to_vec());
        if let Some(&offer) = self.combined.get(&key) {
            return offer;
        }
        let offer = self.compute(calendars, leased);
        self.combined.insert(key, offer);
        offer
    }

    fn compute(&mut self, calendars: &[CalendarId], leased: &[ResourceId]) -> Offer {
        let weekly = calendars.iter().fold(vec![ORDINARY_WEEKS], |common, &id| {
            let ordinary = || {
                let ordinary = Calendar { exceptions: Vec::new(), ..self.calendars[id].clone() };
                ordinary.stretches(ORDINARY_WEEKS.0, ORDINARY_WEEKS.1)
            };
            intersection(&common, self.weeks[id.index()].get_or_insert_with(ordinary))
        });
        let weekly_longest = longest(&weekly);
        let always = weekly_longest == ORDINARY_WEEKS.1 - ORDINARY_WEEKS.0;
        if leased.is_empty() && calendars.iter().all(|&id| self.calendars[id].exceptions.is_empty()) {
            return match (weekly.is_empty(), always) {
                (true, _) => Offer { total: Some(Minutes::ZERO), longest_stretch: Some(Minutes::ZERO) },
                (false, true) => Offer::ENDLESS,
                (false, false) => Offer { total: None, longest_stretch: Some(weekly_longest) },
            };
        }
        if leased.is_empty() && always {
            return Offer::ENDLESS;
        }
        let special = self.special_time(calendars, leased);
        let Some(special) = special else { return Offer::ENDLESS };
        let sum = special.iter().map(|&(from, to)| to - from).fold(Minutes::ZERO, |sum, length| sum + length);
        if leased.is_empty() && !weekly.is_empty() {
            return Offer { total: None, longest_stretch: Some(longest(&special).max(weekly_longest)) };
        }
        Offer { total: Some(sum), longest_stretch: Some(longest(&special)) }
    }

    /// The working stretches in the time in which exceptions and leases make a difference; `None` if that is too long.
    fn special_time(&mut self, calendars: &[CalendarId], leased: &[ResourceId]) -> Option<Stretches> {
        let exceptions = || calendars.iter().flat_map(|&id| &self.calendars[id].exceptions);
        // A week more lets a stretch that reaches out of the special time end by itself.
        let last = exceptions().map(|exception| Moment::midnight(exception.to).0 + MINUTES_PER_WEEK + MINUTES_PER_DAY);
        let mut to = last.max().unwrap_or(i64::MIN);
        for &resource in leased {
            let ends = self.resources.list[resource].windows.iter().map(|window| window.to.0);
            to = if calendars.is_empty() || to == i64::MIN { ends.max()? } else { ends.max()?.max(to) };
        }
        let to = Moment(to).min(Moment::MAX);
        if to <= self.start {
            return Some(Vec::new());
        }
        let days = (to.0 - self.start.0) / MINUTES_PER_DAY + 1;
        if days.saturating_mul(exceptions().count() as i64 + 1) > MOST_STEPS {
            return None;
        }
        let mut common: Stretches = vec![(self.start, to)];
        for &resource in leased {
            let windows = self.resources.list[resource].windows.iter().filter(|window| window.units > Amount::ZERO);
            let mut open: Stretches = windows.map(|window| (window.from, window.to)).collect();
            open.sort_unstable();
            open.dedup_by(|next, last| {
                let joined = next.0 <= last.1;
                if joined {
                    last.1 = last.1.max(next.1);
                }
                joined
            });
            common = intersection(&common, &open);
        }
        for &id in calendars {
            let span = self.spans.entry((id, to)).or_insert_with(|| self.calendars[id].stretches(self.start, to));
            common = intersection(&common, span);
        }
        Some(common)
    }
}

/// Four weeks, long enough that every stretch that ends at all lies within them in full.
const ORDINARY_WEEKS: (Moment, Moment) = {
    // 2024-01-01 was a Monday.
    let monday = 19_723 * MINUTES_PER_DAY;
    (Moment(monday), Moment(monday + 4 * MINUTES_PER_WEEK))
};

fn longest(stretches: &[(Moment, Moment)]) -> Minutes {
    stretches.iter().map(|&(from, to)| to - from).max().unwrap_or(Minutes::ZERO)
}

/// The time in both of two lists of stretches, each in order and disjoint.
fn intersection(a: &[(Moment, Moment)], b: &[(Moment, Moment)]) -> Stretches {
    let (mut at_a, mut at_b) = (0, 0);
    let mut common = Vec::new();
    while let (Some(one), Some(other)) = (a.get(at_a), b.get(at_b)) {
        let (from, to) = (one.0.max(other.0), one.1.min(other.1));
        if from < to {
            common.push((from, to));
        }
        if one.1 <= other.1 {
            at_a += 1;
        } else {
            at_b += 1;
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_ordinary_weeks_begin_on_a_monday() {
        assert_eq!(ORDINARY_WEEKS.0, Moment::midnight(date(2024, 1, 1)));
        assert_eq!(date(2024, 1, 1).weekday(), jiff::civil::Weekday::Monday);
    }
}
