//! Several amounts that grow along one axis, as lines: the S-curve of a project.

use std::fmt::Write as _;

use super::axis::{Axis, BELOW_CHART, Scale, called, draw_below, draw_left, left_room};
use super::canvas::{Anchor, Area, BELOW_TITLE, Canvas, EDGE, LETTERS, Stroke, WIDTH, colour, number};
use super::lettering::width;

/// A line of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What it is called.
    pub name: String,
    /// Its points from left to right; those that are no finite numbers are left out.
    pub points: Vec<(f64, f64)>,
    /// True if it is what is expected, not what is: a dashed line in the colour of the one before it.
    pub is_expected: bool,
}

/// What [`curves`] draws.
#[derive(Clone, Copy)]
pub struct Curves<'a> {
    /// The title of the picture.
    pub title: &'a str,
    /// The axis below the chart.
    pub across: Axis<'a>,
    /// The axis on the left.
    pub up: Axis<'a>,
    /// The lines, at most four that are not expected ones.
    pub curves: &'a [Curve],
    /// A place across that is marked, and what it is called.
    pub mark: Option<(f64, &'a str)>,
}

const HEIGHT: f64 = 420.0;
const SAMPLE: f64 = 24.0;
/// Told apart by colour-blind people, and by their lightness.
const COLOURS: [&str; 4] = [colour::INK, colour::BLUE, colour::VERMILION, colour::ORANGE];

/// Draws lines along an axis, with a legend.
///
/// # Returns
/// An SVG picture.
pub fn curves(curves: &Curves<'_>) -> String {
    let top = BELOW_TITLE + LETTERS + 12.0;
    let bottom = HEIGHT - BELOW_CHART;
    let is_finite = |point: &&(f64, f64)| point.0.is_finite() && point.1.is_finite();
    let points = || curves.curves.iter().flat_map(|curve| curve.points.iter().filter(is_finite));
    let up = Scale::over(points().map(|point| point.1).chain([0.0]), bottom, top);
    let chart = Area { left: left_room(&curves.up, &up), top, right: WIDTH - 2.0 * EDGE, bottom };
    let across = Scale::over(points().map(|point| point.0), chart.left, chart.right);
    let mut canvas = Canvas::new(curves.title, &description(curves), HEIGHT);
    draw_below(&mut canvas, &curves.across, &across, &chart);
    draw_left(&mut canvas, &curves.up, &up, &chart);
    if let Some((at, name)) = curves.mark {
        let at = across.at(at);
        let dashes = Stroke { colour: colour::GREY, width: 1.0, is_dashed: true };
        canvas.line("mark", (at, chart.top), (at, chart.bottom), dashes);
        let is_left = at + width(name, LETTERS) + 6.0 > chart.right;
        let (x, anchor) = if is_left { (at - 4.0, Anchor::End) } else { (at + 4.0, Anchor::Start) };
        canvas.text("mark", (x, chart.bottom - 6.0), anchor, name, None);
    }
    let (mut legend, mut colours) = (EDGE, 0);
    for curve in curves.curves {
        if !curve.is_expected {
            colours += 1;
        }
        let stroke =
            Stroke { colour: COLOURS[(colours.max(1) - 1) % COLOURS.len()], width: 2.0, is_dashed: curve.is_expected };
        let mut line = String::new();
        for &(x, y) in curve.points.iter().filter(is_finite) {
            let command = if line.is_empty() { "M" } else { "L" };
            // Writing to a string cannot fail.
            let _ = write!(line, "{command}{} {}", number(across.at(x)), number(up.at(y)));
        }
        if line.is_empty() {
            continue;
        }
        canvas.path("curve", &line, stroke);
        let y = BELOW_TITLE + 4.0;
        canvas.path("sample", &format!("M{} {y}L{} {y}", number(legend), number(legend + SAMPLE)), stroke);
        canvas.text("legend", (legend + SAMPLE + 6.0, y + 4.0), Anchor::Start, &curve.name, None);
        legend += SAMPLE + 6.0 + width(&curve.name, LETTERS) + 2.0 * EDGE;
    }
    canvas.finish()
}

fn description(curves: &Curves<'_>) -> String {
    let mut text = format!("{} by {}.", curves.up.name, curves.across.name);
    for curve in curves.curves {
        if let Some(&(x, y)) = curve.points.last() {
            let (at, value) = (called(curves.across.label, x), called(curves.up.label, y));
            let _ = write!(text, " {}: {value} at {at}.", curve.name);
        }
    }
    text
}
