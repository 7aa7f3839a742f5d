//! Periods counted from the project's start, in which earned schedule is told.

use jiff::ToSpan;

use crate::plan::{Plan, TimeUnit};
use crate::schedule::Period;
use crate::units::{MINUTES_PER_DAY, Minutes, Moment};

/// The periods of a project: the first begins at its start.
#[derive(Clone, Copy, Debug)]
pub struct Ruler {
    origin: Moment,
    step: Step,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Minutes(i64),
    Months,
}

/// No project lasts so many months: the calendar does not.
const MOST_MONTHS: i64 = 12 * 10_000;

impl Ruler {
    /// The periods of a plan; single ones, tens and hundreds of them in a plan of abstract periods.
    pub fn new(plan: &Plan, period: Period) -> Ruler {
        let start = plan.project().start;
        let (origin, step) = match (plan.project().time_unit, period) {
            (TimeUnit::Period, Period::Day) => (start, Step::Minutes(1)),
            (TimeUnit::Period, Period::Week) => (start, Step::Minutes(10)),
            (TimeUnit::Period, Period::Month) => (start, Step::Minutes(100)),
            (_, Period::Day) => (Moment::midnight(start.date()), Step::Minutes(MINUTES_PER_DAY)),
            (_, Period::Week) => (Moment::midnight(start.date()), Step::Minutes(7 * MINUTES_PER_DAY)),
            (_, Period::Month) => (Moment::midnight(start.date()), Step::Months),
        };
        Ruler { origin, step }
    }

    /// The beginning of period `number`, from 0.
    pub fn mark(&self, number: i64) -> Moment {
        match self.step {
            Step::Minutes(minutes) => Moment(self.origin.0.saturating_add(number.saturating_mul(minutes))),
            Step::Months => {
                let months = number.clamp(-MOST_MONTHS, MOST_MONTHS);
                self.origin.date().checked_add(months.months()).map_or(Moment::MAX, Moment::midnight)
            }
        }
        .clamp(Moment::MIN, Moment::MAX)
    }

    /// The period in which a moment lies.
    pub fn period_of(&self, moment: Moment) -> i64 {
        match self.step {
            Step::Minutes(minutes) => (moment - self.origin).0.div_euclid(minutes),
            Step::Months => {
                let count = |date: jiff::civil::Date| i64::from(date.year()) * 12 + i64::from(date.month());
                let number = count(moment.clamp(Moment::MIN, Moment::MAX).date()) - count(self.origin.date());
                if self.mark(number) > moment { number - 1 } else { number }
            }
        }
    }

    /// How many periods have passed at a moment.
    pub fn position(&self, moment: Moment) -> f64 {
        let number = self.period_of(moment);
        let (from, to) = (self.mark(number), self.mark(number + 1));
        number as f64 + (moment - from).0 as f64 / ((to - from).0 as f64).max(1.0)
    }

    /// The moment at which so many periods have passed.
    pub fn moment(&self, position: f64) -> Moment {
        let number = position.clamp(-1e6, 1e6).floor();
        let (from, to) = (self.mark(number as i64), self.mark(number as i64 + 1));
        let part = ((to - from).0 as f64 * (position - number).clamp(0.0, 1.0)).round() as i64;
        (from + Minutes(part)).clamp(Moment::MIN, Moment::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::testing::{Sketch, march};

    #[test]
    fn positions_and_moments_are_each_others_inverse() {
        let plan = Sketch::new().build();
        for period in [Period::Day, Period::Week, Period::Month] {
            let ruler = Ruler::new(&plan, period);
            for hours in (0..20_000).step_by(37) {
                let moment = march(2, 0) + Minutes(hours * 60);
                assert_eq!(ruler.moment(ruler.position(moment)), moment, "{period:?}");
            }
        }
        let weeks = Ruler::new(&plan, Period::Week);
        assert_eq!((weeks.position(march(16, 0)), weeks.position(march(5, 12))), (2.0, 0.5));
        assert_eq!(weeks.mark(1), march(9, 0));
    }
}
