//! Axes: from values to pixels, and the labels along the edges of a chart.

use super::canvas::{Anchor, Area, Canvas, EDGE, LETTERS, Stroke, colour};
use super::lettering::{cleaned, fitted, width};

/// What a value of an axis is called: minutes to a date for instance.
pub type Label<'a> = &'a dyn Fn(f64) -> String;

/// What the values along an edge of a chart are, and where they are labelled.
#[derive(Clone, Copy)]
pub struct Axis<'a> {
    /// What is measured, with its unit; may be empty.
    pub name: &'a str,
    /// Where there are grid lines and labels. Of those that would overlap only each second, third and so on is drawn, and none
    /// outside the chart; of neighbours that are called the same only the first.
    pub ticks: &'a [f64],
    /// What a value is called.
    pub label: Label<'a>,
}

/// Room for the labels and the name of the axis below a chart.
pub(super) const BELOW_CHART: f64 = 50.0;
/// The widest label along an axis.
const LABEL: f64 = 130.0;
/// Between labels side by side, and between those above each other.
const GAP: f64 = 10.0;
const LINE: f64 = 16.0;

/// Values to pixels. `from` is the pixel of the least value, and may be above `to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    least: f64,
    most: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale over all finite values, from one pixel to another. A single value is put in the middle.
    pub(super) fn over(values: impl IntoIterator<Item = f64>, from: f64, to: f64) -> Scale {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let ends = finite.fold(None, |ends: Option<(f64, f64)>, value| match ends {
            None => Some((value, value)),
            Some((least, most)) => Some((least.min(value), most.max(value))),
        });
        let (least, most) = ends.unwrap_or((0.0, 1.0));
        Scale { least, most, from, to }.widened(if least < most { 0.0 } else { (least.abs() / 1_000.0).max(0.5) })
    }

    /// The scale with more values on either side.
    pub(super) fn widened(self, by: f64) -> Scale {
        let by = if by.is_finite() { by } else { 0.0 };
        Scale { least: (self.least - by).max(f64::MIN), most: (self.most + by).min(f64::MAX), ..self }
    }

    /// The scale with a share of its values more on either side.
    pub(super) fn loosened(self, share: f64) -> Scale {
        self.widened((self.most / 2.0 - self.least / 2.0) * 2.0 * share)
    }

    /// The pixel of a value; that of the nearest end for values outside.
    pub(super) fn at(&self, value: f64) -> f64 {
        // Halves, as the difference of two numbers may be greater than the greatest number.
        let share = (value / 2.0 - self.least / 2.0) / (self.most / 2.0 - self.least / 2.0);
        self.from + (self.to - self.from) * if share.is_nan() { 0.5 } else { share.clamp(0.0, 1.0) }
    }

    /// The value of a pixel.
    pub(super) fn value(&self, pixel: f64) -> f64 {
        let share = (pixel - self.from) / (self.to - self.from);
        self.least * (1.0 - share) + self.most * share
    }

    fn holds(&self, value: f64) -> bool {
        (self.least..=self.most).contains(&value)
    }
}

/// A labelled place of an axis.
struct Tick {
    /// Its pixel along the axis.
    at: f64,
    /// What it is called, shortened.
    text: String,
    /// The middle of the text; not `at` where the text would stick out of the picture.
    middle: f64,
}

/// Grid lines and labels of the axis below a chart.
pub(super) fn draw_below(canvas: &mut Canvas, axis: &Axis<'_>, scale: &Scale, chart: &Area) {
    for tick in labels_across(canvas, axis, scale) {
        canvas.line("grid", (tick.at, chart.top), (tick.at, chart.bottom), Stroke::thin(colour::FAINT));
        canvas.line("tick", (tick.at, chart.bottom), (tick.at, chart.bottom + 4.0), Stroke::thin(colour::GREY));
        canvas.text("label", (tick.middle, chart.bottom + 18.0), Anchor::Middle, &tick.text, None);
    }
    let middle = (chart.left + chart.right) / 2.0;
    let name = fitted(axis.name, LETTERS, chart.right - chart.left);
    canvas.text("axis", (middle, chart.bottom + 38.0), Anchor::Middle, &name, None);
    canvas.line("edge", (chart.left, chart.bottom), (chart.right, chart.bottom), Stroke::thin(colour::GREY));
}

/// The labels of the axis once more, above a high chart.
pub(super) fn draw_above(canvas: &mut Canvas, axis: &Axis<'_>, scale: &Scale, chart: &Area) {
    for tick in labels_across(canvas, axis, scale) {
        canvas.line("tick", (tick.at, chart.top - 4.0), (tick.at, chart.top), Stroke::thin(colour::GREY));
        canvas.text("label", (tick.middle, chart.top - 8.0), Anchor::Middle, &tick.text, None);
    }
    canvas.line("edge", (chart.left, chart.top), (chart.right, chart.top), Stroke::thin(colour::GREY));
}

/// The labels of a horizontal axis that have room side by side.
fn labels_across(canvas: &Canvas, axis: &Axis<'_>, scale: &Scale) -> Vec<Tick> {
    let room = |tick: &Tick| {
        let half = width(&tick.text, LETTERS) / 2.0;
        (tick.middle - half, tick.middle + half + GAP)
    };
    let mut ticks = labels(axis, scale);
    for tick in &mut ticks {
        let half = width(&tick.text, LETTERS) / 2.0;
        tick.middle = tick.at.clamp(EDGE + half, canvas.width() - EDGE - half);
    }
    thinned(ticks, room)
}

/// Room for the name and the labels of an axis on the left.
pub(super) fn left_room(axis: &Axis<'_>, scale: &Scale) -> f64 {
    let widths = labels(axis, scale).into_iter().map(|tick| width(&tick.text, LETTERS));
    EDGE + 2.0 * LETTERS + widths.fold(0.0, f64::max) + 8.0
}

/// Grid lines and labels of the axis on the left of a chart.
pub(super) fn draw_left(canvas: &mut Canvas, axis: &Axis<'_>, scale: &Scale, chart: &Area) {
    let ticks = labels(axis, scale);
    for tick in thinned(ticks, |tick| (tick.at, tick.at + LINE)) {
        canvas.line("grid", (chart.left, tick.at), (chart.right, tick.at), Stroke::thin(colour::FAINT));
        canvas.text("label", (chart.left - 6.0, tick.at + 4.0), Anchor::End, &tick.text, None);
    }
    let name = fitted(axis.name, LETTERS, chart.bottom - chart.top);
    canvas.upward_text("axis", (EDGE + 8.0, (chart.top + chart.bottom) / 2.0), &name);
    canvas.line("edge", (chart.left, chart.top), (chart.left, chart.bottom), Stroke::thin(colour::GREY));
}

/// What a value is called, as one line of text.
pub(super) fn called(label: Label<'_>, value: f64) -> String {
    cleaned(label(value).trim())
}

/// The labels inside a scale, along it.
fn labels(axis: &Axis<'_>, scale: &Scale) -> Vec<Tick> {
    let inside = axis.ticks.iter().filter(|tick| scale.holds(**tick));
    let mut ticks: Vec<Tick> = inside
        .map(|&tick| {
            let at = scale.at(tick);
            Tick { at, middle: at, text: fitted(&(axis.label)(tick), LETTERS, LABEL) }
        })
        .collect();
    ticks.sort_by(|a, b| a.at.total_cmp(&b.at));
    // What is called the same would be read as the same.
    let is_same = |later: &Tick, earlier: &Tick| !later.text.is_empty() && later.text == earlier.text;
    ticks.dedup_by(|later, earlier| later.at == earlier.at || is_same(later, earlier));
    ticks
}

/// Each `n`-th label, for the least `n` with which none overlaps the one after it.
fn thinned(ticks: Vec<Tick>, room: impl Fn(&Tick) -> (f64, f64)) -> Vec<Tick> {
    let fits = |stride: &usize| {
        let kept: Vec<&Tick> = ticks.iter().step_by(*stride).collect();
        kept.windows(2).all(|pair| room(pair[0]).1 <= room(pair[1]).0)
    };
    let stride = (1..ticks.len()).find(fits).unwrap_or(ticks.len().max(1));
    ticks.into_iter().step_by(stride).collect()
}
