//! Samples as a histogram, and the share of them that is no greater: an S-curve.

use std::fmt::Write as _;

use super::axis::{Axis, BELOW_CHART, Scale, called, draw_below};
use super::canvas::{Anchor, Area, BELOW_TITLE, Canvas, EDGE, LETTERS, Stroke, WIDTH, colour, number};
use super::flags::Flags;
use super::histogram::{Histogram, finite};
use super::lettering::{fitted, width};

/// A vertical line with a name: the planned finish, a deadline, P50, P80.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it is called; what its value is called is written behind it.
    pub name: String,
    /// Its value.
    pub at: f64,
}

/// What [`spread`] draws.
#[derive(Clone, Copy)]
pub struct Spread<'a> {
    /// The title of the picture.
    pub title: &'a str,
    /// The axis of values.
    pub axis: Axis<'a>,
    /// The samples in ascending order, at least one of them finite; infinite ones never come, and count in shares alone.
    pub sorted: &'a [f64],
    /// The samples by classes.
    pub classes: &'a Histogram,
    /// Lines across the chart; those that are no finite numbers are left out.
    pub marks: &'a [Mark],
}

/// The height of the picture, unless very many marks need more.
const HEIGHT: f64 = 450.0;
/// The least height of the chart in it.
const LEAST_CHART: f64 = 200.0;
/// Grid lines above the ground line.
const LINES: usize = 5;
/// Room for the labels of the shares, left and right.
const SIDE: f64 = 74.0;
/// A step of the left axis begins with one of these numbers. They lie closer together than those of other axes, as the lines
/// are those of the right axis and the bars shall fill the chart.
const STEPS: [f64; 10] = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];

/// Draws a histogram of samples (left axis: the share of them in each class) and the share that is no greater than a value
/// (right axis).
///
/// # Returns
/// An SVG picture.
pub fn spread(spread: &Spread<'_>) -> String {
    let (sorted, label) = (spread.sorted, spread.axis.label);
    let scale = scale(spread);
    let marks = spread.marks.iter().filter(|mark| mark.at.is_finite());
    let marks: Vec<(&Mark, String)> = marks.map(|mark| (mark, called(label, mark.at))).collect();
    let flags = Flags::of(marks.iter().map(|(mark, value)| (scale.at(mark.at), &mark.name[..], &value[..])).collect());

    let top = BELOW_TITLE + flags.room() + 4.0;
    let height = HEIGHT.max(top + LEAST_CHART + BELOW_CHART);
    let chart = Area { left: SIDE, top, right: WIDTH - SIDE, bottom: height - BELOW_CHART };
    let mut canvas = Canvas::new(spread.title, &description(spread, &marks), height);
    let all = sorted.len().max(1) as f64;
    let step = step(spread.classes.counts.iter().max().map_or(0.0, |&count| count as f64 / all * 100.0));
    draw_below(&mut canvas, &spread.axis, &scale, &chart);
    draw_shares(&mut canvas, step, &chart);
    draw_bars(&mut canvas, spread, &scale, Scale::over([0.0, step * LINES as f64], chart.bottom, chart.top));
    let shares = Scale::over([0.0, 1.0], chart.bottom, chart.top);
    canvas.path("curve", &curve(sorted, &scale, &shares, &chart), Stroke::thick(colour::VERMILION));
    flags.draw(&mut canvas, &chart);
    canvas.finish()
}

/// All there is to see, and a little more: curves begin at the ground and end at the top.
fn scale(spread: &Spread<'_>) -> Scale {
    let Histogram { least, width, ref counts } = *spread.classes;
    let samples = finite(spread.sorted);
    let samples = [samples.first(), samples.last()].into_iter().flatten().copied();
    let values = samples.chain([least, least + width * counts.len() as f64]);
    let scale = Scale::over(values.chain(spread.marks.iter().map(|mark| mark.at)), SIDE, WIDTH - SIDE);
    if counts.len() < 4 { scale.widened(width) } else { scale.loosened(0.02) }
}

/// A round number of percent, so that some steps of it hold the greatest share and few do not.
fn step(percent: f64) -> f64 {
    let wanted = percent / LINES as f64;
    let powers = (-9..=1).map(|power| 10_f64.powi(power));
    let mut steps = powers.flat_map(|power| STEPS.map(|digit| digit * power));
    steps.find(|step| *step >= wanted * (1.0 - 1e-9)).unwrap_or(20.0)
}

/// Grid lines, the shares on either side, and what they are shares of.
fn draw_shares(canvas: &mut Canvas, step: f64, chart: &Area) {
    let rows = Scale::over([0.0, LINES as f64], chart.bottom, chart.top);
    let percent = |percent: f64| format!("{} %", (percent * 1e9).round() / 1e9);
    for line in (0..=LINES).map(|line| line as f64) {
        let y = rows.at(line);
        canvas.line("grid", (chart.left, y), (chart.right, y), Stroke::thin(colour::FAINT));
        canvas.text("label", (chart.left - 6.0, y + 4.0), Anchor::End, &percent(line * step), None);
        let share = percent(line * 100.0 / LINES as f64);
        canvas.text("label", (chart.right + 6.0, y + 4.0), Anchor::Start, &share, None);
    }
    let ground = (chart.left, chart.bottom);
    canvas.line("edge", ground, (chart.right, chart.bottom), Stroke::thin(colour::GREY));
    let middle = (chart.top + chart.bottom) / 2.0;
    for (x, text, is_bar) in
        [(EDGE + 9.0, "share of samples in each class", true), (WIDTH - EDGE - 1.0, "share no greater", false)]
    {
        let text = fitted(text, LETTERS, chart.bottom - chart.top - 20.0);
        let y = middle + width(&text, LETTERS) / 2.0 + 8.0;
        let (left, right) = (x - 9.0, x + 1.0);
        match is_bar {
            true => canvas.area("key", &Area { left, right, top: y - 5.0, bottom: y + 5.0 }, colour::SKY, None),
            false => {
                let across = (left + right) / 2.0;
                canvas.line("key", (across, y - 6.0), (across, y + 6.0), Stroke::thick(colour::VERMILION));
            }
        }
        canvas.upward_text("axis", (x, middle - 4.0), &text);
    }
}

/// A bar for each class that has samples.
fn draw_bars(canvas: &mut Canvas, spread: &Spread<'_>, scale: &Scale, percents: Scale) {
    let Histogram { least, width, ref counts } = *spread.classes;
    let all = spread.sorted.len().max(1) as f64;
    for (number, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (from, to) = (least + width * number as f64, least + width * (number + 1) as f64);
        let (left, right) = (scale.at(from), scale.at(to));
        let gap = if right - left > 4.0 { 1.0 } else { 0.0 };
        let percent = count as f64 / all * 100.0;
        let area =
            Area { left, top: percents.at(percent), right: (right - gap).max(left + 0.5), bottom: percents.at(0.0) };
        let (from, to) = (called(spread.axis.label, from), called(spread.axis.label, to));
        canvas.area("bar", &area, colour::SKY, Some(&format!("{from} to {to}: {percent:.1} %")));
    }
}

/// The empirical distribution, a step for each half pixel where it rises.
fn curve(sorted: &[f64], scale: &Scale, shares: &Scale, chart: &Area) -> String {
    let (mut commands, mut former) = (String::new(), 0.0);
    let _ = write!(commands, "M{} {}", number(chart.left), number(chart.bottom));
    let columns = ((chart.right - chart.left) * 2.0) as usize;
    for x in (0..=columns).map(|column| chart.left + column as f64 / 2.0) {
        let share = share_up_to(sorted, scale.value(x));
        if share > former {
            // Writing to a string cannot fail.
            let _ = write!(commands, "H{}V{}", number(x), number(shares.at(share)));
            former = share;
        }
    }
    let _ = write!(commands, "H{}", number(chart.right));
    commands
}

fn description(spread: &Spread<'_>, marks: &[(&Mark, String)]) -> String {
    let mut text = format!("Histogram and cumulative share of {} samples", spread.sorted.len());
    let come = finite(spread.sorted);
    if let [first, .., last] | [first @ last] = come {
        let _ = write!(text, " from {} to {}", called(spread.axis.label, *first), called(spread.axis.label, *last));
    }
    text.push('.');
    if come.len() < spread.sorted.len() {
        let _ = write!(text, " {} of them never come.", spread.sorted.len() - come.len());
    }
    for (mark, value) in marks {
        let percent = share_up_to(spread.sorted, mark.at) * 100.0;
        let _ = write!(text, " {} {value}: {percent:.1} % of samples are no greater.", mark.name);
    }
    text
}

/// The share of values, in ascending order, that are no greater than a limit.
fn share_up_to(sorted: &[f64], limit: f64) -> f64 {
    sorted.partition_point(|value| *value <= limit) as f64 / sorted.len().max(1) as f64
}
