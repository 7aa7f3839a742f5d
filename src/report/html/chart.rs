//! The Gantt chart of a page: rows of text with bars beside them, which a style sheet places and a script folds and zooms.
//!
//! Rows lie in chunks; those of a long chart a browser only lays out when they come into view, so that thousands of them scroll
//! smoothly.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};

use super::super::timeline::{Timeline, TimelineRow};
use crate::pictures::Shape;

/// Rows that are laid out together.
const CHUNK: usize = 50;
/// Rows of a long chart.
const LONG: usize = 400;

/// The chart.
pub(super) fn chart(timeline: &Timeline) -> Markup {
    let depth = timeline.rows.iter().map(|row| row.depth).max().unwrap_or(0);
    html! {
        div .tools {
            span role="group" aria-label="Zoom" {
                button type="button" data-zoom="-1" aria-label="Zoom out" { "−" }
                button type="button" data-zoom="1" aria-label="Zoom in" { "+" }
                button type="button" data-zoom="0" { "Fit" }
            }
            @if depth > 0 {
                label {
                    "Levels "
                    select data-levels {
                        @for level in 0..=depth {
                            option value=(level) selected[level == timeline.open_depth] {
                                @if level == depth { "all" } @else { (level + 1) }
                            }
                        }
                    }
                }
            }
            label { input type="checkbox" data-only="critical"; " critical only" }
            @if timeline.rows.iter().any(|row| row.drives) {
                label { input type="checkbox" data-only="drives"; " what drives the finish" }
            }
            label { "Find " input type="search" data-find size="14"; }
            output aria-live="polite" {}
        }
        div .chart .long[timeline.rows.len() > LONG] role="treegrid" aria-label="Schedule" style=(grids(timeline)) data-scale="0" tabindex="0" {
            div .inner {
                div .row.head role="row" {
                    span .name role="columnheader" { "Task" }
                    span .date role="columnheader" { "Start" }
                    span .date role="columnheader" { "Finish" }
                    span .float role="columnheader" { "Float, " (timeline.unit) "s" }
                    span .who role="columnheader" { "Who" }
                    span .time role="columnheader" {
                        span .spoken { "Chart" }
                        @for (scale, ticks) in timeline.scales.iter().enumerate() {
                            span class={ "ticks s" (scale) } aria-hidden="true" {
                                @for (at, label) in ticks { (tick(*at, label, scale)) }
                            }
                        }
                    }
                }
                @for (number, rows) in timeline.rows.chunks(CHUNK).enumerate() {
                    div .chunk role="rowgroup" style={ "--rows:" (shown(timeline, rows)) } {
                        @for (at, row) in rows.iter().enumerate() { (row_of(timeline, number * CHUNK + at, row)) }
                    }
                }
            }
        }
        (left_out(timeline))
        (legend(timeline))
    }
}

/// On paper: how many rows are not there. The script counts anew when rows are folded or filtered.
fn left_out(timeline: &Timeline) -> Markup {
    let count = timeline.rows.len() - shown(timeline, &timeline.rows);
    html! {
        p .folded hidden[count == 0] {
            "Not printed: " span { (count) } " of " (timeline.rows.len()) " rows, which were folded or filtered away on the screen."
        }
    }
}

/// Rows of these that are shown at first.
fn shown(timeline: &Timeline, rows: &[TimelineRow]) -> usize {
    rows.iter().filter(|row| row.depth <= timeline.open_depth).count()
}

/// The part of the chart that a label takes in the widest view.
const LABEL: f64 = 0.15;

/// A label of the axis, on the right of its line, if there is room.
fn tick(at: f64, label: &str, scale: usize) -> Markup {
    let fits = at + LABEL / f64::from(1_u32 << scale) <= 1.0;
    html! { @if fits { span style={ "left:" (percent(at)) } { (label) } } }
}

fn percent(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    let short = text.trim_end_matches('0').trim_end_matches('.');
    format!("{}%", if short == "-0" { "0" } else { short })
}

/// Lines at the places of each scale, and at the marks, as backgrounds.
fn grids(timeline: &Timeline) -> String {
    let mut style = String::new();
    let line = |at: f64, colour: &str| {
        let at = percent(at);
        format!("var({colour}) {at} 0/1px 100% no-repeat")
    };
    let marks: Vec<String> =
        timeline.marks.iter().map(|mark| line(mark.at, if mark.is_deadline { "--e" } else { "--m" })).collect();
    for (number, ticks) in timeline.scales.iter().enumerate() {
        let lines = ticks.iter().map(|(at, _)| line(*at, "--l"));
        let all: Vec<String> = marks.iter().cloned().chain(lines).collect();
        let all = if all.is_empty() { "none".to_owned() } else { all.join(",") };
        // Writing to a string cannot fail.
        let _ = write!(style, "--g{number}:{all};");
    }
    style
}

fn row_of(timeline: &Timeline, at: usize, row: &TimelineRow) -> Markup {
    let mut class = "row".to_owned();
    let classes = [(row.is_critical, " critical"), (row.drives, " drives"), (row.shape == Shape::Summary, " summary")];
    for (is_so, name) in classes {
        if is_so {
            class.push_str(name);
        }
    }
    let mut waits = String::new();
    for (from, kind) in &row.waits_for {
        let _ = write!(waits, "{}{from}{kind}", if waits.is_empty() { "" } else { " " });
    }
    let is_open = row.depth < timeline.open_depth;
    html! {
        div class=(class) role="row" id={ "r" (at) } aria-level=(row.depth + 1) tabindex="-1"
            aria-expanded=[row.has_rows.then_some(is_open)] hidden[row.depth > timeline.open_depth]
            data-after=[(!waits.is_empty()).then_some(&waits)] {
            span .name role="rowheader" style={ "--depth:" (row.depth.min(9)) } {
                @if row.has_rows { span .fold aria-hidden="true" {} }
                (row.title)
            }
            span .date role="gridcell" { (row.dates.0) }
            span .date role="gridcell" { (row.dates.1) }
            span .float role="gridcell" { (row.float) }
            span .who role="gridcell" { (row.people) }
            span .time role="gridcell" {
                (bars(row))
                span .spoken {
                    (row.state)
                    @if !row.links.is_empty() { "; after " (row.links) }
                }
            }
        }
    }
}

/// The marks of a row along time.
fn bars(row: &TimelineRow) -> Markup {
    let mut marks = String::new();
    let mut put = |class: &str, from: f64, to: f64| {
        let width = percent((to - from).max(0.0));
        let _ = write!(marks, "<i class=\"{class}\" style=\"left:{};width:{width}\"></i>", percent(from));
    };
    if let Some((start, finish)) = row.promised {
        put("promised", start, finish);
    }
    if row.late > row.span.1 {
        put("late", row.span.1, row.late);
    }
    match row.shape {
        Shape::Summary => put("bracket", row.span.0, row.span.1),
        Shape::Activity => {
            put("bar", row.span.0, row.span.1);
            if let Some(done) = row.done.filter(|done| *done > row.span.0) {
                put("done", row.span.0, done.min(row.span.1));
            }
        }
        Shape::Milestone => put(if row.done.is_some() { "diamond over" } else { "diamond" }, row.span.1, row.span.1),
        Shape::Gate => put("gate", row.span.1, row.span.1),
    }
    if let Some(deadline) = row.deadline {
        put(if row.span.1 > deadline { "due missed" } else { "due" }, deadline, deadline);
    }
    PreEscaped(marks)
}

/// What the marks mean.
fn legend(timeline: &Timeline) -> Markup {
    let any = |is_so: &dyn Fn(&TimelineRow) -> bool| timeline.rows.iter().any(is_so);
    let bar = |row: &TimelineRow| row.shape == Shape::Activity;
    let samples = [
        ("bar critical", "critical", any(&|row| bar(row) && row.is_critical)),
        ("bar", "not critical", any(&|row| bar(row) && !row.is_critical)),
        ("bar driving", "drives the finish", any(&|row| row.drives)),
        ("done", "done", any(&|row| bar(row) && row.done.is_some())),
        ("late", "float", any(&|row| row.late > row.span.1)),
        ("promised", "baseline", any(&|row| row.promised.is_some())),
        ("bracket", "summary", any(&|row| row.shape == Shape::Summary)),
        ("diamond", "milestone", any(&|row| row.shape == Shape::Milestone)),
        ("gate", "quality gate", any(&|row| row.shape == Shape::Gate)),
        ("due", "deadline", any(&|row| row.deadline.is_some_and(|deadline| row.span.1 <= deadline))),
        ("due missed", "missed deadline", any(&|row| row.deadline.is_some_and(|deadline| row.span.1 > deadline))),
    ];
    html! {
        ul .legend {
            @for (class, name, _) in samples.iter().filter(|sample| sample.2) {
                li { span .sample aria-hidden="true" { i class=(class) {} } (name) }
            }
            @for mark in &timeline.marks {
                li { span .sample aria-hidden="true" { i class=(if mark.is_deadline { "mark end" } else { "mark" }) {} } (mark.name) }
            }
        }
    }
}
