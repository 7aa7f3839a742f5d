//! The S-curve as a picture.

use super::{CurvePoint, Tracking};
use crate::pictures::{self, Axis, Curve, Curves, ticks};
use crate::plan::Plan;
use crate::risk::{money_label, money_name};
use crate::schedule::prose::work_unit;
use crate::schedule::words::{TICKS, time_label, time_ticks};
use crate::units::Money;

impl Tracking {
    /// Planned value, earned value, actual cost and what is to come, as SVG.
    pub fn picture(&self, plan: &Plan) -> String {
        let line = |name: &str, is_expected: bool, of: fn(&CurvePoint) -> Option<Money>| {
            let points = self.curve.iter().filter_map(|point| Some((point.at.0 as f64, of(point)?.0 as f64 / 100.0)));
            Curve { name: name.to_owned(), points: points.collect(), is_expected }
        };
        let curves = [
            line("planned value", false, |point| Some(point.planned)),
            line("earned value", false, |point| point.earned),
            line("actual cost", false, |point| point.actual),
            line("forecast cost", true, |point| point.forecast),
        ];
        let ends = |of: fn(&(f64, f64)) -> f64| {
            let all = || curves.iter().flat_map(|curve| &curve.points).map(of);
            (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
        };
        let ((first, last), (least, most)) = (ends(|point| point.0), ends(|point| point.1));
        pictures::curves(&Curves {
            title: &format!("{}: planned, earned, spent", plan.project().name),
            across: Axis { name: "", ticks: &time_ticks(plan, first, last), label: &time_label(plan) },
            up: Axis {
                name: &match self.is_in_hours {
                    true => format!("cumulative value in {}", work_unit(plan)),
                    false => money_name("cumulative value", plan),
                },
                ticks: &ticks(least.min(0.0), most, TICKS),
                label: &money_label,
            },
            curves: &curves,
            mark: Some((self.at.0 as f64, "status date")),
        })
    }
}
