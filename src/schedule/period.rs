//! Periods of reporting: days, weeks and months, and the buckets they cut time into.

use jiff::civil::Date;

use crate::plan::{Plan, TimeUnit};
use crate::units::{MINUTES_PER_DAY, Moment};

/// How finely costs and usage are told over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Period {
    /// Days; single periods in a plan of abstract periods.
    Day,
    /// ISO weeks from Monday; ten periods in a plan of abstract periods.
    #[default]
    Week,
    /// Months of the civil calendar; a hundred periods in a plan of abstract periods.
    Month,
}

/// Steps of abstract periods that are told, about.
const STEPS: i64 = 60;

impl Period {
    /// Weeks; in a plan of abstract periods the finest of which there are not too many in so much time.
    pub fn fitting(plan: &Plan, from: Moment, to: Moment) -> Period {
        if plan.project().time_unit != TimeUnit::Period {
            return Period::Week;
        }
        let is_coarse = |period: &Period| (to - from).0 / Buckets::new(plan, *period).abstract_length() <= STEPS;
        [Period::Day, Period::Week].into_iter().find(is_coarse).unwrap_or(Period::Month)
    }

    /// What one of them is called: `each week`, `each period`, `ten periods each`.
    pub fn each(self, plan: &Plan) -> &'static str {
        match (plan.project().time_unit, self) {
            (TimeUnit::Period, Period::Day) => "each period",
            (TimeUnit::Period, Period::Week) => "ten periods each",
            (TimeUnit::Period, Period::Month) => "a hundred periods each",
            (_, Period::Day) => "each day",
            (_, Period::Week) => "each week",
            (_, Period::Month) => "each month",
        }
    }
}

/// The buckets of a period on a plan's time, numbered in order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Buckets {
    period: Period,
    is_abstract: bool,
}

impl Buckets {
    pub(crate) fn new(plan: &Plan, period: Period) -> Buckets {
        Buckets { period, is_abstract: plan.project().time_unit == TimeUnit::Period }
    }

    /// The bucket in which a moment lies.
    pub(crate) fn of(&self, moment: Moment) -> i64 {
        let moment = moment.clamp(Moment::MIN, Moment::MAX);
        if self.is_abstract {
            return moment.0.div_euclid(self.abstract_length());
        }
        match self.period {
            Period::Day => moment.day_number(),
            // 1970-01-01 was a Thursday.
            Period::Week => (moment.day_number() + 3).div_euclid(7),
            Period::Month => {
                let date = moment.date();
                i64::from(date.year()) * 12 + i64::from(date.month()) - 1
            }
        }
    }

    /// The last bucket that a stretch of time touches.
    pub(crate) fn last_of(&self, start: Moment, finish: Moment) -> i64 {
        self.of(Moment((finish.0 - 1).max(start.0)))
    }

    /// The moment at which a bucket begins.
    pub(crate) fn start(&self, bucket: i64) -> Moment {
        if self.is_abstract {
            return Moment(bucket * self.abstract_length());
        }
        match self.period {
            Period::Day => Moment(bucket * MINUTES_PER_DAY),
            Period::Week => Moment((bucket * 7 - 3) * MINUTES_PER_DAY),
            Period::Month => {
                let year = i16::try_from(bucket.div_euclid(12)).unwrap_or(i16::MAX);
                // The month after the last one that has dates begins when dates end.
                Date::new(year, bucket.rem_euclid(12) as i8 + 1, 1).map_or(Moment::MAX, Moment::midnight)
            }
        }
    }

    fn abstract_length(&self) -> i64 {
        match self.period {
            Period::Day => 1,
            Period::Week => 10,
            Period::Month => 100,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::testing::{Sketch, march};

    #[test]
    fn the_finest_steps_of_which_there_are_few_fit() {
        let dated = Sketch::new().build();
        let plan = Sketch::periods().build();
        let fitting = |to: i64| Period::fitting(&dated, Moment(0), Moment(to));
        assert_eq!([fitting(5), fitting(1_000_000)], [Period::Week; 2]);
        let fitting = |to: i64| Period::fitting(&plan, Moment(3), Moment(to));
        assert_eq!([fitting(63), fitting(64), fitting(613)], [Period::Day, Period::Week, Period::Month]);
        assert_eq!(Period::Week.each(&plan), "ten periods each");
    }

    #[test]
    fn buckets_tile_time() {
        let plan = Sketch::new().build();
        for period in [Period::Day, Period::Week, Period::Month] {
            let buckets = Buckets::new(&plan, period);
            for day in (-1_000..40_000).step_by(13) {
                let moment = Moment(day * MINUTES_PER_DAY + 777);
                let bucket = buckets.of(moment);
                assert!(buckets.start(bucket) <= moment && moment < buckets.start(bucket + 1), "{period:?} {moment}");
                assert_eq!(buckets.of(buckets.start(bucket)), bucket);
            }
        }
    }

    #[test]
    fn weeks_begin_on_mondays_and_months_on_the_first() {
        let plan = Sketch::new().build();
        let begin = |period, moment| {
            let buckets = Buckets::new(&plan, period);
            buckets.start(buckets.of(moment))
        };
        assert_eq!(begin(Period::Week, march(8, 23)), march(2, 0)); // Sunday 8 March
        assert_eq!(begin(Period::Month, march(31, 23)), march(1, 0));
        assert_eq!(begin(Period::Day, march(31, 23)), march(31, 0));
        let buckets = Buckets::new(&plan, Period::Week);
        assert_eq!(buckets.last_of(march(6, 8), march(9, 0)), buckets.of(march(6, 8)), "a finish is excluded");
    }
}
