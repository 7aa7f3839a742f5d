//! Moments as text, by the million: the text of each day is made once.

use crate::plan::{Plan, TimeUnit};
use crate::units::Moment;

/// Days whose texts are kept; beyond that each is made anew.
const MOST_DAYS: i64 = 1_000_000;

/// Writes moments of a span of time as the plan's user writes them: `2026-03-02 13:00`, or the number of a period.
pub(super) struct MomentTexts {
    is_abstract: bool,
    first_day: i64,
    days: Vec<[u8; 10]>,
}

impl MomentTexts {
    /// For moments that lie mostly between those of `moments`.
    pub(super) fn new(plan: &Plan, moments: impl Iterator<Item = Moment>) -> MomentTexts {
        let is_abstract = plan.project().time_unit == TimeUnit::Period;
        let range = moments.fold(None, |range: Option<(Moment, Moment)>, moment| {
            let (first, last) = range.unwrap_or((moment, moment));
            Some((first.min(moment), last.max(moment)))
        });
        let Some((first, last)) = range.filter(|_| !is_abstract) else {
            return MomentTexts { is_abstract, first_day: 0, days: Vec::new() };
        };
        let (first, last) = (first.clamp(Moment::MIN, Moment::MAX), last.clamp(Moment::MIN, Moment::MAX));
        let count = (last.day_number() - first.day_number() + 1).min(MOST_DAYS);
        let mut days = Vec::with_capacity(count as usize);
        let mut day = Some(first.date());
        while let Some(date) = day.filter(|_| (days.len() as i64) < count) {
            let mut text = [0; 10];
            text.copy_from_slice(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()).as_bytes());
            days.push(text);
            day = date.tomorrow().ok();
        }
        MomentTexts { is_abstract, first_day: first.day_number(), days }
    }

    /// Appends the text of a moment.
    pub(super) fn push(&self, moment: Moment, bytes: &mut Vec<u8>) {
        let day = moment.day_number() - self.first_day;
        match usize::try_from(day).ok().and_then(|day| self.days.get(day)).filter(|_| !self.is_abstract) {
            Some(text) => {
                let minute = moment.minute_of_day();
                bytes.extend_from_slice(text);
                bytes.push(b' ');
                push_two_digits(minute / 60, bytes);
                bytes.push(b':');
                push_two_digits(minute % 60, bytes);
            }
            None if self.is_abstract => bytes.extend_from_slice(moment.0.to_string().as_bytes()),
            None => bytes.extend_from_slice(moment.clamp(Moment::MIN, Moment::MAX).to_string().as_bytes()),
        }
    }
}

fn push_two_digits(number: i64, bytes: &mut Vec<u8>) {
    bytes.extend([b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
}

/// The name of a period of reporting that begins at a moment: its first date, or its first period's number.
pub(super) fn period_name(plan: &Plan, from: Moment) -> String {
    let text = plan.format_moment(from.clamp(Moment::MIN, Moment::MAX));
    text.split(' ').next().unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::testing::{Sketch, march};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_moment_reads_as_it_prints(minutes in Moment::MIN.0..=Moment::MAX.0, near in -5_000i64..5_000) {
            let plan = Sketch::new().build();
            let texts = MomentTexts::new(&plan, [march(2, 0), march(9, 0)].into_iter());
            for moment in [Moment(minutes), Moment(march(5, 0).0 + near)] {
                let mut bytes = Vec::new();
                texts.push(moment, &mut bytes);
                prop_assert_eq!(String::from_utf8(bytes).expect("text"), moment.to_string());
            }
        }
    }
}
