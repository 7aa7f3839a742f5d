//! Results between a low and a high input, the widest first: a tornado.

use std::fmt::Write as _;

use super::axis::{Axis, BELOW_CHART, Scale, called, draw_below};
use super::canvas::{Anchor, Area, BELOW_TITLE, Canvas, EDGE, LETTERS, Place, Stroke, WIDTH, colour};
use super::lettering::{fitted, width};

/// A bar of a tornado: the results of a low and a high input around those of all inputs' middles.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The input.
    pub name: String,
    /// One end of the results.
    pub low: f64,
    /// The other end; it may be below `low`.
    pub high: f64,
}

/// What [`tornado`] draws.
#[derive(Clone, Copy)]
pub struct Tornado<'a> {
    /// The title of the picture.
    pub title: &'a str,
    /// The axis of results.
    pub axis: Axis<'a>,
    /// The result around which the bars lie.
    pub middle: f64,
    /// Bars from top to bottom, the widest first; those that are no finite numbers are left out.
    pub bars: &'a [Bar],
}

/// The height of a bar, and from one to the next.
const THICKNESS: f64 = 18.0;
const PITCH: f64 = 26.0;
/// The widest name, and the widest label at the end of a bar.
const NAME: f64 = 230.0;
const END: f64 = 120.0;
/// Between a text and its bar.
const GAP: f64 = 6.0;

/// Draws a bar for each input, one below the other: what lies below the middle and what lies above it in two colours. Ends are
/// labelled.
///
/// # Returns
/// An SVG picture, as high as its bars need.
pub fn tornado(tornado: &Tornado<'_>) -> String {
    let bars: Vec<Ends<'_>> = tornado.bars.iter().filter_map(|bar| Ends::of(bar, tornado.axis)).collect();
    let widest =
        |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| width(text, LETTERS)).fold(0.0, f64::max) + GAP;
    let left = EDGE + widest(&mut bars.iter().map(|bar| &bar.name));
    let (low, high) =
        (widest(&mut bars.iter().map(|bar| &bar.texts.0)), widest(&mut bars.iter().map(|bar| &bar.texts.1)));

    let values = bars.iter().flat_map(|bar| [bar.least, bar.most]).chain([tornado.middle]);
    let chart = Area {
        left,
        top: BELOW_TITLE + 20.0,
        right: WIDTH - EDGE,
        bottom: BELOW_TITLE + 20.0 + GAP + bars.len().max(1) as f64 * PITCH,
    };
    let scale = Scale::over(values, chart.left + low + GAP, chart.right - high - GAP);
    let mut canvas = Canvas::new(tornado.title, &description(tornado, &bars), chart.bottom + BELOW_CHART);
    draw_below(&mut canvas, &tornado.axis, &scale, &chart);
    let first = chart.top + GAP / 2.0 + (PITCH - THICKNESS) / 2.0;
    let row = |number: usize| first + number as f64 * PITCH;
    for (number, bar) in bars.iter().enumerate() {
        draw_bar(&mut canvas, bar, tornado.middle, &scale, row(number));
    }
    if tornado.middle.is_finite() {
        draw_middle(&mut canvas, &called(tornado.axis.label, tornado.middle), scale.at(tornado.middle), &chart);
    }
    for (number, bar) in bars.iter().enumerate() {
        let base = row(number) + THICKNESS - 5.0;
        canvas.text("name", (chart.left - GAP, base), Anchor::End, &bar.name, Some(&bar.bar.name));
        draw_end(&mut canvas, (scale.at(bar.least) - GAP, base), Anchor::End, &bar.texts.0);
        draw_end(&mut canvas, (scale.at(bar.most) + GAP, base), Anchor::Start, &bar.texts.1);
    }
    canvas.finish()
}

/// A bar with its ends in order.
struct Ends<'a> {
    bar: &'a Bar,
    least: f64,
    most: f64,
    /// The name, shortened.
    name: String,
    /// What the ends are called, shortened.
    texts: (String, String),
}

impl<'a> Ends<'a> {
    fn of(bar: &'a Bar, axis: Axis<'_>) -> Option<Ends<'a>> {
        if !bar.low.is_finite() || !bar.high.is_finite() {
            return None;
        }
        let (least, most) = (bar.low.min(bar.high), bar.low.max(bar.high));
        let text = |value| fitted(&(axis.label)(value), LETTERS, END);
        Some(Ends { bar, least, most, name: fitted(&bar.name, LETTERS, NAME), texts: (text(least), text(most)) })
    }

    fn told(&self, axis: Axis<'_>) -> String {
        format!("{}: {} to {}", self.bar.name, called(axis.label, self.least), called(axis.label, self.most))
    }
}

fn draw_bar(canvas: &mut Canvas, bar: &Ends<'_>, middle: f64, scale: &Scale, top: f64) {
    let bottom = top + THICKNESS;
    let tip = format!("{}: {} to {}", bar.bar.name, bar.texts.0, bar.texts.1);
    let (from, to) = (scale.at(bar.least), scale.at(bar.most));
    // A bar that lies on one side of the middle has one colour.
    let seam = if middle.is_finite() { scale.at(middle).clamp(from, to) } else { to };
    for (class, left, right, colour) in [("bar low", from, seam, colour::BLUE), ("bar high", seam, to, colour::ORANGE)]
    {
        if right > left {
            canvas.area(class, &Area { left, top, right, bottom }, colour, Some(&tip));
        }
    }
}

/// What the end of a bar is called, on white: grid lines pass behind it.
fn draw_end(canvas: &mut Canvas, (x, y): Place, anchor: Anchor, text: &str) {
    let size = width(text, LETTERS);
    let left = if anchor == Anchor::Start { x } else { x - size };
    let back = Area { left, top: y - LETTERS, right: left + size, bottom: y + 4.0 };
    canvas.area("back", &back, colour::WHITE, None);
    canvas.text("end", (x, y), anchor, text, None);
}

/// The line through all bars, and its label above them.
fn draw_middle(canvas: &mut Canvas, text: &str, at: f64, chart: &Area) {
    canvas.line(
        "middle",
        (at, chart.bottom),
        (at, chart.top - 4.0),
        Stroke { width: 1.5, ..Stroke::thin(colour::INK) },
    );
    let shown = fitted(text, LETTERS, WIDTH / 2.0);
    let half = width(&shown, LETTERS) / 2.0;
    let x = at.clamp(EDGE + half, WIDTH - EDGE - half);
    canvas.text("name", (x, chart.top - 8.0), Anchor::Middle, &shown, Some(text));
}

fn description(tornado: &Tornado<'_>, bars: &[Ends<'_>]) -> String {
    let mut text = format!("Bars around {}.", called(tornado.axis.label, tornado.middle));
    for bar in bars {
        // Writing to a string cannot fail.
        let _ = write!(text, " {}.", bar.told(tornado.axis));
    }
    text
}
