//! Accepted and refused forms of every notation, and that no text makes a parser panic.

mod dates;
mod properties;
mod quantities;
mod references;

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::*;
use crate::plan::calendar::Shift;
use crate::plan::draft::{DateOrder, DecimalMark};
use crate::plan::{
    ConstraintKind, Distribution, Duration, Lag, LagAmount, LagCalendar, LinkKind, Pause, ResourceKind, ThreePoint,
    TimeUnit,
};
use crate::units::{Amount, Minutes, Moment, Money, Rate, Share};

const POINT: DecimalMark = DecimalMark::Point;
const COMMA: DecimalMark = DecimalMark::Comma;
const UNKNOWN: DecimalMark = DecimalMark::Unknown;

/// 8-hour days, 5-day weeks, 20-day months.
const SCALE: TimeScale = TimeScale {
    unit: TimeUnit::Day,
    minutes_per_day: Minutes(480),
    minutes_per_week: Minutes(2400),
    minutes_per_month: Minutes(9600),
};
const PERIODS: TimeScale = TimeScale {
    unit: TimeUnit::Period,
    minutes_per_day: Minutes(1),
    minutes_per_week: Minutes(5),
    minutes_per_month: Minutes(20),
};

fn rule<T>(result: Result<T, Fault>) -> &'static str {
    result.err().map_or("accepted", |fault| fault.rule)
}
