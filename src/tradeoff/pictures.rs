//! A front as a picture.

use super::point::{Front, Point};
use crate::pictures::{self, Axis, Course, ticks};
use crate::plan::Plan;
use crate::risk::{money_label, money_name};
use crate::schedule::words::{time_label, time_ticks};
use crate::units::Money;

/// Ticks of an axis, at most.
const TICKS: usize = 8;

impl Front {
    /// What the project costs at each finish, as SVG; `None` if there is no choice.
    ///
    /// # Arguments
    /// `chosen` is the number of the point that stands out.
    pub fn picture(&self, plan: &Plan, chosen: Option<usize>) -> Option<String> {
        if self.points.len() < 2 {
            return None;
        }
        let finish = |point: &Point| point.finish.0 as f64;
        let cost = |point: &Point| point.total.0 as f64 / 100.0;
        let range = |of: &dyn Fn(&Point) -> f64| {
            let values = || self.points.iter().map(of);
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
        };
        let ((first, last), (cheap, dear)) = (range(&finish), range(&cost));
        let point = |(at, point): (usize, &Point)| pictures::Point {
            name: if Some(at) == self.cheapest() { "cheapest".to_owned() } else { String::new() },
            spent: finish(point),
            reached: cost(point),
        };
        let points: Vec<pictures::Point> = self.points.iter().enumerate().map(point).collect();
        let has_more = self.points.iter().any(|point| point.total - point.direct != Money::ZERO);
        let what = if has_more { "cost of the project" } else { "cost of the tasks" };
        Some(pictures::front(&pictures::Front {
            title: &format!("{}: time against cost", plan.project().name),
            spent: Axis { name: "finish", ticks: &time_ticks(plan, first, last), label: &time_label(plan) },
            reached: Axis { name: &money_name(what, plan), ticks: &ticks(cheap, dear, TICKS), label: &money_label },
            points: &points,
            course: if self.corners.is_some() { Course::Straight } else { Course::Steps },
            chosen,
        }))
    }
}
