//! How much is in use over time, before and after: a chart for each resource, above each other on one axis of time.

use std::fmt::Write as _;

use super::axis::{Axis, BELOW_CHART, Scale, called, draw_below, draw_left, left_room};
use super::canvas::{Anchor, Area, BELOW_TITLE, Canvas, EDGE, LETTERS, Stroke, WIDTH, colour, number};
use super::lettering::{fitted, width};
use super::ticks::ticks;

/// The levels of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// What it is called.
    pub name: String,
    /// Levels before: each from its time to that of the next; ascending.
    pub before: Vec<(f64, f64)>,
    /// Levels after.
    pub after: Vec<(f64, f64)>,
}

/// What [`usage`] draws.
#[derive(Clone, Copy)]
pub struct Usage<'a> {
    /// The title of the picture.
    pub title: &'a str,
    /// What the levels before and after are called.
    pub names: [&'a str; 2],
    /// The axis of time, below the lowest chart.
    pub time: Axis<'a>,
    /// The charts, the uppermost first.
    pub panels: &'a [Panel],
}

const CHART: f64 = 90.0;
/// Above each chart, for its name.
const NAME: f64 = 24.0;
/// The length of a line in the legend.
const SAMPLE: f64 = 22.0;

/// Draws levels over time: those after as areas, those before as a dashed line.
///
/// # Returns
/// An SVG picture.
pub fn usage(usage: &Usage<'_>) -> String {
    let top = BELOW_TITLE + LETTERS + 6.0;
    let height = top + (NAME + CHART) * usage.panels.len() as f64 + BELOW_CHART;
    let mut canvas = Canvas::new(usage.title, &description(usage), height);
    draw_legend(&mut canvas, usage.names);
    let of_all = |take: fn(&(f64, f64)) -> f64| {
        usage.panels.iter().flat_map(move |panel| panel.before.iter().chain(&panel.after).map(take))
    };
    let label = |level: f64| format!("{}", number(level));
    let rows: Vec<(f64, Scale, Vec<f64>)> = (usage.panels.iter().enumerate())
        .map(|(at, panel)| {
            let bottom = top + (NAME + CHART) * (at + 1) as f64;
            let levels = panel.before.iter().chain(&panel.after).map(|step| step.1).filter(|level| level.is_finite());
            let most = levels.fold(0.0, f64::max);
            (bottom, Scale::over([0.0, most], bottom, bottom - CHART), ticks(0.0, most, 4))
        })
        .collect();
    let axes: Vec<Axis<'_>> = rows.iter().map(|row| Axis { name: "units", ticks: &row.2, label: &label }).collect();
    let left = rows.iter().zip(&axes).map(|(row, axis)| left_room(axis, &row.1)).fold(0.0, f64::max);
    let right = WIDTH - 2.0 * EDGE;
    let across = Scale::over(of_all(|step| step.0), left, right);
    for (number, (panel, ((bottom, up, _), axis))) in usage.panels.iter().zip(rows.iter().zip(&axes)).enumerate() {
        let chart = Area { left, top: bottom - CHART, right, bottom: *bottom };
        let name = fitted(&panel.name, LETTERS, right - left);
        canvas.text("name", (left, chart.top - 7.0), Anchor::Start, &name, Some(&panel.name));
        let above = Axis { name: "", ticks: usage.time.ticks, label: &|_| String::new() };
        let is_last = number + 1 == usage.panels.len();
        draw_below(&mut canvas, if is_last { &usage.time } else { &above }, &across, &chart);
        draw_left(&mut canvas, axis, up, &chart);
        for (from, to, level) in stretches(&panel.after).filter(|&(_, _, level)| level > 0.0) {
            let area = Area { left: across.at(from), right: across.at(to), top: up.at(level), bottom: *bottom };
            let tip = format!("{}: {} from {}", panel.name, label(level), called(usage.time.label, from));
            canvas.area("after", &area, colour::SKY, Some(&tip));
        }
        let mut line = String::new();
        for (from, to, level) in stretches(&panel.before) {
            let command = if line.is_empty() { "M" } else { "L" };
            let y = super::canvas::number(up.at(level));
            let (x, end) = (super::canvas::number(across.at(from)), super::canvas::number(across.at(to)));
            // Writing to a string cannot fail.
            let _ = write!(line, "{command}{x} {y}L{end} {y}");
        }
        if !line.is_empty() {
            canvas.path("before", &line, BEFORE);
        }
    }
    canvas.finish()
}

const BEFORE: Stroke = Stroke { colour: colour::VERMILION, width: 1.5, is_dashed: true };

fn draw_legend(canvas: &mut Canvas, [before, after]: [&str; 2]) {
    let (y, mut x) = (BELOW_TITLE + 2.0, EDGE);
    canvas.path("before", &format!("M{x} {y}L{} {y}", x + SAMPLE), BEFORE);
    x += SAMPLE + 6.0;
    canvas.text("legend", (x, y + 4.0), Anchor::Start, before, None);
    x += width(before, LETTERS) + 2.0 * EDGE;
    canvas.area("after", &Area { left: x, top: y - 5.0, right: x + SAMPLE, bottom: y + 5.0 }, colour::SKY, None);
    canvas.text("legend", (x + SAMPLE + 6.0, y + 4.0), Anchor::Start, after, None);
}

/// From, to and level of each step but the last, which has no end.
fn stretches(steps: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64, f64)> {
    let finite = |step: &[(f64, f64)]| step.iter().all(|(at, level)| at.is_finite() && level.is_finite());
    steps.windows(2).filter(move |pair| finite(pair)).map(|pair| (pair[0].0, pair[1].0, pair[0].1))
}

fn description(usage: &Usage<'_>) -> String {
    let peak = |steps: &[(f64, f64)]| number(steps.iter().map(|step| step.1).fold(0.0, f64::max));
    let [before, after] = usage.names;
    let mut text = format!("Units over time, {before} and {after}.");
    for panel in usage.panels {
        let _ =
            write!(text, " {}: at most {} {before}, {} {after}.", panel.name, peak(&panel.before), peak(&panel.after));
    }
    text
}
