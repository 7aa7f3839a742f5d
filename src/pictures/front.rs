//! What is spent against what is reached, for alternatives of which none is better than another in both: a front.

use std::fmt::Write as _;

use super::axis::{Axis, BELOW_CHART, Scale, called, draw_below, draw_left, left_room};
use super::beside::Room;
use super::canvas::{Area, BELOW_TITLE, Canvas, EDGE, LETTERS, Place, Stroke, WIDTH, colour, number};
use super::lettering::fitted;

/// An alternative.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// What it is called; may be empty.
    pub name: String,
    /// What it costs.
    pub spent: f64,
    /// What it brings.
    pub reached: f64,
}

/// How points are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Course {
    /// By straight lines: there is something between two alternatives.
    #[default]
    Straight,
    /// By steps: there is nothing between them, and who spends a little more reaches no more.
    Steps,
}

/// What [`front`] draws.
#[derive(Clone, Copy)]
pub struct Front<'a> {
    /// The title of the picture.
    pub title: &'a str,
    /// The axis of what is spent, below the chart.
    pub spent: Axis<'a>,
    /// The axis of what is reached, on the left.
    pub reached: Axis<'a>,
    /// The alternatives in any order; those that are no finite numbers are left out.
    pub points: &'a [Point],
    /// How they are joined, from the least spent to the most.
    pub course: Course,
    /// The number in `points` of the one that is chosen.
    pub chosen: Option<usize>,
}

const HEIGHT: f64 = 450.0;
/// The widest name of a point.
const NAME: f64 = 200.0;
/// So many points get their names, if there is room for them.
const NAMED: usize = 300;

/// Draws alternatives as points, joined by a line. Names stand beside their points where there is room, that of the chosen one
/// first; all are shown when a pointer rests on the point.
///
/// # Returns
/// An SVG picture.
pub fn front(front: &Front<'_>) -> String {
    let mut points: Vec<(usize, &Point)> = front.points.iter().enumerate().collect();
    points.retain(|(_, point)| point.spent.is_finite() && point.reached.is_finite());
    let key = |point: &Point| (point.spent, point.reached);
    points.sort_by(|(_, a), (_, b)| key(a).0.total_cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));

    let (top, bottom) = (BELOW_TITLE + 8.0, HEIGHT - BELOW_CHART);
    let up = Scale::over(points.iter().map(|(_, point)| point.reached), bottom, top).loosened(0.08);
    let chart = Area { left: left_room(&front.reached, &up), top, right: WIDTH - 2.0 * EDGE, bottom };
    let across = Scale::over(points.iter().map(|(_, point)| point.spent), chart.left, chart.right).loosened(0.06);
    let places: Vec<Place> = points.iter().map(|(_, point)| (across.at(point.spent), up.at(point.reached))).collect();
    let line = corners(&places, front.course);

    let mut canvas = Canvas::new(front.title, &description(front, &points), HEIGHT);
    draw_below(&mut canvas, &front.spent, &across, &chart);
    draw_left(&mut canvas, &front.reached, &up, &chart);
    if line.len() > 1 {
        canvas.path("front", &commands(&line), Stroke { width: 2.0, ..Stroke::thick(colour::BLUE) });
    }
    let is_chosen = |number: usize| front.chosen == Some(number);
    let mut dots: Vec<Dot<'_>> = points
        .iter()
        .zip(places)
        .map(|(&(number, point), place)| Dot { point, is_chosen: is_chosen(number), place })
        .collect();
    // The chosen one is above the others, and has the first choice of a place for its name.
    dots.sort_by_key(|dot| dot.is_chosen);
    for dot in &dots {
        let (class, colour) = match dot.is_chosen {
            true => ("point chosen", colour::VERMILION),
            false => ("point", colour::BLUE),
        };
        canvas.dot(class, dot.place, dot.radius(), colour, Some(&told(front, dot.point)));
    }
    let covered: Vec<(Place, f64)> = dots.iter().map(|dot| (dot.place, dot.radius())).collect();
    let mut room = Room { chart: &chart, points: &covered, line: &line, taken: Vec::new() };
    dots.sort_by_key(|dot| !dot.is_chosen);
    for dot in dots.iter().filter(|dot| !dot.point.name.trim().is_empty()).take(NAMED) {
        let text = fitted(&dot.point.name, LETTERS, NAME);
        if let Some((place, anchor)) = room.place((dot.place, dot.radius()), &text, dot.is_chosen) {
            canvas.text("name", place, anchor, &text, Some(&dot.point.name));
        }
    }
    canvas.finish()
}

/// A point in its place.
struct Dot<'a> {
    point: &'a Point,
    is_chosen: bool,
    place: Place,
}

impl Dot<'_> {
    fn radius(&self) -> f64 {
        if self.is_chosen { 8.0 } else { 5.0 }
    }
}

/// The corners of the line through places from left to right.
fn corners(places: &[Place], course: Course) -> Vec<Place> {
    let mut corners: Vec<Place> = Vec::with_capacity(places.len() * 2);
    for &(x, y) in places {
        if let (Course::Steps, Some(&(_, former))) = (course, corners.last()) {
            corners.push((x, former));
        }
        corners.push((x, y));
    }
    corners
}

fn commands(line: &[Place]) -> String {
    let mut commands = String::new();
    for (corner, (x, y)) in line.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(commands, "{}{} {}", if corner == 0 { "M" } else { "L" }, number(*x), number(*y));
    }
    commands
}

fn told(front: &Front<'_>, point: &Point) -> String {
    let (spent, reached) = (called(front.spent.label, point.spent), called(front.reached.label, point.reached));
    match point.name.trim() {
        "" => format!("{spent}, {reached}"),
        name => format!("{name}: {spent}, {reached}"),
    }
}

fn description(front: &Front<'_>, points: &[(usize, &Point)]) -> String {
    let mut text = format!("{} against {}.", front.reached.name, front.spent.name);
    for (number, point) in points {
        let chosen = if front.chosen == Some(*number) { " (chosen)" } else { "" };
        let _ = write!(text, " {}{chosen}.", told(front, point));
    }
    text
}
