//! What samples say, as pictures.

use super::answers::{moments, percentile};
use super::assess::Assessment;
use super::events::Source;
use super::mitigate::{Goal, Mitigated};
use super::model::Work;
use super::tornado::{Driver, Swing};
use crate::pictures::{self, Axis, Bar, Course, Front, Histogram, Mark, Point, Spread, Tornado, finite, ticks};
use crate::plan::{Plan, TimeUnit};
use crate::schedule::words::{TICKS, time_label, time_ticks};
use crate::units::{MINUTES_PER_DAY, Moment, Money};

/// Classes of a histogram, at most.
const CLASSES: usize = 48;
/// Bars of a tornado, at most.
const BARS: usize = 20;

impl Assessment {
    /// The finish of the samples: a histogram with its S-curve, as SVG; `None` without samples.
    pub fn finish_picture(&self, plan: &Plan) -> Option<String> {
        let sorted = self.finishes(&self.samples.finish);
        let (least, most) = ends(&sorted)?;
        let planned = self.finish_moment(self.planned.0).0 as f64;
        let mut marks = vec![Mark { name: "planned".to_owned(), at: planned }];
        marks.extend(plan.project().deadline.map(|at| Mark { name: "deadline".to_owned(), at: at.0 as f64 }));
        marks.extend(percentile_marks(&sorted));
        Some(pictures::spread(&Spread {
            title: &format!("{}: finish", plan.project().name),
            axis: Axis { name: "finish", ticks: &time_ticks(plan, least, most), label: &end_label(plan) },
            sorted: &sorted,
            classes: &self.finish_classes(plan)?,
            marks: &marks,
        }))
    }

    /// The finish of the samples that finish in classes of whole days, hours or periods; `None` if there are none.
    pub fn finish_classes(&self, plan: &Plan) -> Option<Histogram> {
        let sorted = self.finishes(&self.samples.finish);
        let (least, most) = ends(&sorted)?;
        let step = match plan.project().time_unit {
            TimeUnit::Period => 1.0,
            _ if most - least > 8.0 * MINUTES_PER_DAY as f64 => MINUTES_PER_DAY as f64,
            _ => 60.0,
        };
        Some(Histogram::of(&sorted, CLASSES, step))
    }

    /// The cost of the samples, likewise; `None` without samples, or if nothing costs anything.
    ///
    /// # Arguments
    /// `spent` is what has been spent already, besides what the samples cost.
    pub fn cost_picture(&self, plan: &Plan, spent: Money) -> Option<String> {
        let sorted: Vec<f64> =
            self.costs(&self.samples.cost).into_iter().map(|cost| (cost + spent.0 as f64) / 100.0).collect();
        let (least, most) = ends(&sorted)?;
        if (least, most) == (0.0, 0.0) {
            return None;
        }
        let mut marks = vec![Mark { name: "planned".to_owned(), at: (self.planned.1 + spent.0) as f64 / 100.0 }];
        marks.extend(percentile_marks(&sorted));
        Some(pictures::spread(&Spread {
            title: &format!("{}: cost", plan.project().name),
            axis: Axis { name: &money_name("cost", plan), ticks: &ticks(least, most, TICKS), label: &money_label },
            sorted: &sorted,
            classes: &Histogram::of(&sorted, CLASSES, 1.0),
            marks: &marks,
        }))
    }

    /// What moves the mean finish most, as SVG; `None` if nothing does.
    pub fn tornado_picture(&self, plan: &Plan) -> Option<String> {
        let swings = &self.swings[..self.swings.len().min(BARS)];
        let ends = swings.iter().flat_map(|swing| [swing.low, swing.high]);
        let (least, most) = (ends.clone().reduce(f64::min)?, ends.reduce(f64::max)?);
        let middle = moments(&self.finishes(&self.samples.finish)).0;
        let bar = |swing: &Swing| Bar { name: driver_title(plan, swing.driver), low: swing.low, high: swing.high };
        Some(pictures::tornado(&Tornado {
            title: &format!("{}: what moves the mean finish", plan.project().name),
            axis: Axis { name: "mean finish", ticks: &time_ticks(plan, least, most), label: &time_label(plan) },
            middle,
            bars: &swings.iter().map(bar).collect::<Vec<_>>(),
        }))
    }
}

impl Mitigated {
    /// What more money for mitigations brings, as SVG; `None` if there is nothing worth buying.
    pub fn picture(&self, plan: &Plan, goal: Goal) -> Option<String> {
        let scale = if goal == Goal::Cost { 100.0 } else { 1.0 };
        let point = |purchase: &super::mitigate::Purchase| Point {
            name: purchase.mitigations.iter().map(|&id| &*plan.mitigations()[id].id).collect::<Vec<_>>().join(" "),
            spent: purchase.spent as f64 / 100.0,
            reached: purchase.value / scale,
        };
        let reached = self.purchases.iter().filter(|purchase| purchase.value.is_finite());
        let points: Vec<Point> = reached.map(point).collect();
        if points.len() < 2 {
            return None;
        }
        let range = |of: fn(&Point) -> f64| {
            points
                .iter()
                .map(of)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), at| (least.min(at), most.max(at)))
        };
        let ((cheap, dear), (least, most)) = (range(|point| point.spent), range(|point| point.reached));
        let time_label = time_label(plan);
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let (name, label): (String, pictures::Label<'_>) = match goal {
            Goal::Percentile(share) => (format!("P{} of the finish", share * 100.0), &time_label),
            Goal::Cost => (money_name("mean cost in all", plan), &money_label),
            Goal::Deadline => ("samples that keep the deadline".to_owned(), &percent),
        };
        let reached_ticks = match goal {
            Goal::Percentile(_) => time_ticks(plan, least, most),
            Goal::Cost | Goal::Deadline => ticks(least, most, TICKS),
        };
        Some(pictures::front(&Front {
            title: &format!("{}: what mitigations bring", plan.project().name),
            spent: Axis {
                name: &money_name("spent on mitigations", plan),
                ticks: &ticks(cheap, dear, TICKS),
                label: &money_label,
            },
            reached: Axis { name: &name, ticks: &reached_ticks, label },
            points: &points,
            course: Course::Steps,
            chosen: None,
        }))
    }
}

/// Moments at which something ends: midnight is the end of a day.
fn end_label(plan: &Plan) -> impl Fn(f64) -> String {
    let of_periods = time_label(plan);
    move |minutes| match plan.project().time_unit {
        TimeUnit::Period => of_periods(minutes),
        _ => plan.format_end(Moment(minutes.round() as i64)),
    }
}

/// What a driver is called: its id, and its name if it has one.
pub fn driver_title(plan: &Plan, driver: Driver) -> String {
    let (id, name): (&str, &str) = match driver {
        Driver::Work(Work::Task(task)) => (&plan.tasks()[task].id, &plan.tasks()[task].name),
        Driver::Work(Work::Gate(gate)) => (&plan.gates()[gate].id, &plan.gates()[gate].criterion),
        Driver::Event(Source::Risk(risk)) => (&plan.risks()[risk].id, &plan.risks()[risk].name),
        Driver::Event(Source::Issue(issue)) => {
            (&plan.issues()[issue].id, plan.tasks()[plan.issues()[issue].task].title())
        }
    };
    if name.is_empty() { id.to_owned() } else { format!("{id} {name}") }
}

/// The least and the greatest finite value of values in ascending order.
fn ends(sorted: &[f64]) -> Option<(f64, f64)> {
    let come = finite(sorted);
    Some((*come.first()?, *come.last()?))
}

fn percentile_marks(sorted: &[f64]) -> [Mark; 2] {
    [(0.5, "P50"), (0.8, "P80")]
        .map(|(share, name)| Mark { name: name.to_owned(), at: percentile(sorted, share).value })
}

/// `cost in EUR`.
pub(crate) fn money_name(what: &str, plan: &Plan) -> String {
    let currency = &plan.project().currency;
    if currency.is_empty() { what.to_owned() } else { format!("{what} in {currency}") }
}

/// Whole units of money, in groups of thousands.
pub(crate) fn money_label(amount: f64) -> String {
    let grouped = Money((amount * 100.0).round() as i64).grouped();
    grouped.split('.').next().unwrap_or_default().to_owned()
}
