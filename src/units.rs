//! Quantities with their units: moments, minutes, money, amounts, shares.
//!
//! Ranges are checked where a quantity enters the program ([`Moment::MIN`], [`Money::MAX`], ...), so that sums of the
//! plain integers inside cannot overflow later.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

use jiff::civil::{Date, DateTime};

/// Minutes in a day of the clock.
pub const MINUTES_PER_DAY: i64 = 24 * 60;
/// Minutes in a week of the clock.
pub const MINUTES_PER_WEEK: i64 = 7 * MINUTES_PER_DAY;

/// A point in civil time, to the minute, counted from 1970-01-01 00:00 without time zone.
///
/// Time is half-open everywhere: a start is included, a finish excluded.
/// In a plan whose time unit is the abstract period, moment `k` is the beginning of period `k`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// The earliest moment a plan may name: 0001-01-01 00:00.
    pub const MIN: Moment = Moment(-719_162 * MINUTES_PER_DAY);
    /// The latest moment a schedule may reach: 9999-12-31 00:00.
    pub const MAX: Moment = Moment(2_932_896 * MINUTES_PER_DAY);
    /// Later than any moment: when something ends that finds no end. No date, so that nothing is to be counted from it.
    pub const NEVER: Moment = Moment(i64::MAX);

    /// The moment of a civil date and time; seconds are dropped.
    pub fn from_civil(civil: DateTime) -> Moment {
        let day = Moment::midnight(civil.date());
        Moment(day.0 + i64::from(civil.hour()) * 60 + i64::from(civil.minute()))
    }

    /// The beginning of a date.
    pub fn midnight(date: Date) -> Moment {
        let days = date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
        Moment(days * MINUTES_PER_DAY)
    }

    /// Days since 1970-01-01, rounded down.
    #[inline]
    pub fn day_number(self) -> i64 {
        self.0.div_euclid(MINUTES_PER_DAY)
    }

    /// Minutes since midnight, from 0 to 1439.
    #[inline]
    pub fn minute_of_day(self) -> i64 {
        self.0.rem_euclid(MINUTES_PER_DAY)
    }

    /// The civil date on which the moment lies.
    ///
    /// # Panics
    /// If the moment is outside [`Moment::MIN`] ..= [`Moment::MAX`], which readers and compile step refuse.
    pub fn date(self) -> Date {
        let days = i32::try_from(self.day_number()).expect("moments are checked to lie in years 1 to 9999");
        Date::constant(1970, 1, 1) + jiff::Span::new().days(days)
    }

    /// The civil date and time.
    ///
    /// # Panics
    /// As [`Moment::date`].
    pub fn civil(self) -> DateTime {
        let minute = self.minute_of_day();
        self.date().at((minute / 60) as i8, (minute % 60) as i8, 0, 0)
    }
}

impl fmt::Display for Moment {
    /// `2026-03-02 13:00`, the form that spreadsheets recognise.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.civil();
        write!(
            out,
            "{:04}-{:02}-{:02} {:02}:{:02}",
            civil.year(),
            civil.month(),
            civil.day(),
            civil.hour(),
            civil.minute()
        )
    }
}

impl Add<Minutes> for Moment {
    type Output = Moment;
    #[inline]
    fn add(self, minutes: Minutes) -> Moment {
        Moment(self.0 + minutes.0)
    }
}

impl Sub<Minutes> for Moment {
    type Output = Moment;
    #[inline]
    fn sub(self, minutes: Minutes) -> Moment {
        Moment(self.0 - minutes.0)
    }
}

impl Sub for Moment {
    type Output = Minutes;
    #[inline]
    fn sub(self, earlier: Moment) -> Minutes {
        Minutes(self.0 - earlier.0)
    }
}

/// A span of time in minutes, working or elapsed as its holder says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Minutes(pub i64);

impl Minutes {
    /// None at all.
    pub const ZERO: Minutes = Minutes(0);
    /// The longest duration or lag a plan may name: a thousand years.
    pub const MAX: Minutes = Minutes(1000 * 366 * MINUTES_PER_DAY);
}

impl Add for Minutes {
    type Output = Minutes;
    #[inline]
    fn add(self, other: Minutes) -> Minutes {
        Minutes(self.0 + other.0)
    }
}

impl AddAssign for Minutes {
    #[inline]
    fn add_assign(&mut self, other: Minutes) {
        self.0 += other.0;
    }
}

impl Sub for Minutes {
    type Output = Minutes;
    #[inline]
    fn sub(self, other: Minutes) -> Minutes {
        Minutes(self.0 - other.0)
    }
}

impl Neg for Minutes {
    type Output = Minutes;
    #[inline]
    fn neg(self) -> Minutes {
        Minutes(-self.0)
    }
}

/// Money in minor units (cents): a hundred to the unit of the project's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    /// None at all.
    pub const ZERO: Money = Money(0);
    /// The largest amount a cell may hold, a million million units, so that a million of them add up safely.
    pub const MAX: Money = Money(100_000_000_000_000);

    /// The quotient in minor units, rounded to the nearest whole number, halves upwards; the denominator is positive.
    pub fn half_up(numerator: i128, denominator: i128) -> Money {
        let rounded = (2 * numerator + denominator).div_euclid(2 * denominator);
        Money(rounded.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }

    /// The amount with its thousands in groups: `1,234.50`.
    pub fn grouped(self) -> String {
        let plain = self.to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", &*plain), |digits| ("-", digits));
        let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        format!("{sign}{grouped}.{cents}")
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(iter: I) -> Money {
        iter.fold(Money::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    /// `1234.50`: plain decimal with two digits, as every spreadsheet reads it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(out, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

/// A price per working time (people, machines) or per unit (materials).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// What `per` costs.
    pub money: Money,
    /// The working time that `money` buys of one unit; zero minutes never occur. Not used for materials.
    pub per: Minutes,
}

impl Rate {
    /// True if an hour costs a whole number of parts of the minor unit of money.
    pub fn is_whole_an_hour(self, parts: i64) -> bool {
        i128::from(self.money.0) * 60 * i128::from(parts) % i128::from(self.per.0.max(1)) == 0
    }
}

/// An amount of a resource in ten-thousandths of a unit: `50%` of a person is 5,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Amount(pub i64);

impl Amount {
    /// None at all.
    pub const ZERO: Amount = Amount(0);
    /// One whole unit.
    pub const ONE: Amount = Amount(10_000);
    /// The largest amount a cell may hold: a thousand million units.
    pub const MAX: Amount = Amount(1_000_000_000 * Amount::ONE.0);
}

impl Add for Amount {
    type Output = Amount;
    #[inline]
    fn add(self, other: Amount) -> Amount {
        Amount(self.0 + other.0)
    }
}

impl AddAssign for Amount {
    #[inline]
    fn add_assign(&mut self, other: Amount) {
        self.0 += other.0;
    }
}

impl Sub for Amount {
    type Output = Amount;
    #[inline]
    fn sub(self, other: Amount) -> Amount {
        Amount(self.0 - other.0)
    }
}

impl fmt::Display for Amount {
    /// `2`, `0.5`: decimal without trailing zeros.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 10_000, self.0.unsigned_abs() % 10_000);
        if part == 0 {
            return write!(out, "{sign}{whole}");
        }
        let digits = format!("{part:04}");
        write!(out, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// A share in hundredths of a percent: 5,000 is one half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Share(pub i32);

impl Share {
    /// The largest share a cell may hold: 10,000 %.
    pub const MAX: Share = Share(1_000_000);

    /// The share of a span, rounded half away from zero.
    pub fn of(self, minutes: Minutes) -> Minutes {
        let product = i128::from(minutes.0) * i128::from(self.0);
        let half = if product < 0 { -5_000 } else { 5_000 };
        // At most a hundred times a thousand years: fits.
        Minutes(((product + half) / 10_000) as i64)
    }
}

impl fmt::Display for Share {
    /// `50%`, `12.5%`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}%", Amount(i64::from(self.0) * 100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn moments_and_civil_times_are_two_views_of_one_thing() {
        for civil in [date(1970, 1, 1).at(0, 0, 0, 0), date(2026, 3, 2).at(13, 5, 0, 0), date(1, 1, 1).at(23, 59, 0, 0)]
        {
            assert_eq!(Moment::from_civil(civil).civil(), civil);
        }
        assert_eq!(Moment::MIN.civil(), date(1, 1, 1).at(0, 0, 0, 0));
        assert_eq!(Moment::MAX.civil(), date(9999, 12, 31).at(0, 0, 0, 0));
        assert_eq!(Moment::from_civil(date(2026, 3, 2).at(13, 5, 0, 0)).to_string(), "2026-03-02 13:05");
    }

    #[test]
    fn quantities_print_as_a_spreadsheet_reads_them() {
        assert_eq!(Money(-5).to_string(), "-0.05");
        assert_eq!(Money(123_450).to_string(), "1234.50");
        assert_eq!(Amount(5_000).to_string(), "0.5");
        assert_eq!(Amount(20_000).to_string(), "2");
        assert_eq!(Share(1_250).to_string(), "12.5%");
    }

    #[test]
    fn shares_round_half_away_from_zero() {
        assert_eq!(Share(5_000).of(Minutes(3)), Minutes(2));
        assert_eq!(Share(-5_000).of(Minutes(3)), Minutes(-2));
    }
}
