//! What is done when, as bars along an axis of time: a row each, with links between them.

use super::axis::{Axis, Scale, called, draw_above, draw_below};
use super::canvas::{Anchor, Area, BELOW_TITLE, Canvas, EDGE, LETTERS, Place, Stroke, colour, number};
use super::lettering::{fitted, width};
use super::spread::Mark;

/// What a row looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A bar.
    Activity,
    /// A point in time: what takes no time.
    Milestone,
    /// A bracket around the rows below it.
    Summary,
    /// A point in time at which something is tested.
    Gate,
}

/// A row of a chart; times that are no finite numbers are not drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct GanttRow {
    /// What it is called.
    pub name: String,
    /// What the pointer is told that rests on it.
    pub tip: String,
    /// What stands beside its mark; only beside gates.
    pub beside: String,
    /// How far its name is moved in.
    pub depth: usize,
    /// Its look.
    pub shape: Shape,
    /// When it starts, and when it finishes: the same for what takes no time.
    pub span: (f64, f64),
    /// Until when it is done; before its start if it has not begun.
    pub done: f64,
    /// When it may finish without delaying anything.
    pub late: f64,
    /// When it should be finished.
    pub deadline: Option<f64>,
    /// True if it is critical.
    pub is_critical: bool,
}

/// An end of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its start.
    Start,
    /// Its finish.
    Finish,
}

/// A link between two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// The row that it leaves, and at which end.
    pub from: (usize, End),
    /// The row that it reaches, and at which end.
    pub to: (usize, End),
    /// True if it is critical.
    pub is_critical: bool,
}

/// What [`gantt`] draws.
#[derive(Clone, Copy)]
pub struct Gantt<'a> {
    /// The title of the picture.
    pub title: &'a str,
    /// The axis of time.
    pub time: Axis<'a>,
    /// From when to when there is room for bars; what is outside is not drawn.
    pub extent: (f64, f64),
    /// The rows from top to bottom.
    pub rows: &'a [GanttRow],
    /// Links between them.
    pub arrows: &'a [Arrow],
    /// Vertical lines, each with its name, which tells its date, below the chart.
    pub marks: &'a [Mark],
    /// A remark below the rows; may be empty.
    pub note: &'a str,
}

const PAGE: f64 = 1_000.0;
const ROW: f64 = 20.0;
/// Half the height of bars and marks.
const HALF: f64 = 6.0;
/// The height of what shows float, and of the bracket of a summary.
const THIN: f64 = 4.0;
/// The widest name, and what names are moved in by.
const NAME: f64 = 320.0;
const INDENT: f64 = 12.0;
/// The deepest rows that are moved in further than those above.
const DEEPEST: usize = 8;
/// Between the edges of the chart and what is drawn in it.
const MARGIN: f64 = 10.0;
/// Room for the labels below the chart, and for each name of a vertical line.
const LABELS: f64 = 34.0;
const LINE: f64 = 16.0;
/// The least width of a bar.
const LEAST: f64 = 2.0;

/// Draws a Gantt chart.
///
/// # Returns
/// An SVG picture, 1000 wide and as high as its rows need.
pub fn gantt(gantt: &Gantt<'_>) -> String {
    let top = BELOW_TITLE + 2.0 * ROW + 8.0;
    let note = if gantt.note.is_empty() { 0.0 } else { ROW };
    let bottom = top + ROW * gantt.rows.len().max(1) as f64;
    let height = bottom + LABELS + note + LINE * gantt.marks.len() as f64;
    let names = gantt.rows.iter().map(|row| indent(row) + width(&row.name, LETTERS));
    let left = EDGE + names.fold(60.0, f64::max).min(NAME) + EDGE;
    let chart = Area { left, top, right: PAGE - 2.0 * EDGE, bottom };
    let across = Scale::over([gantt.extent.0, gantt.extent.1], left + MARGIN, chart.right - MARGIN);
    let mut canvas = Canvas::wide(gantt.title, &description(gantt), (PAGE, height));
    draw_legend(&mut canvas, gantt);
    for at in (1..gantt.rows.len()).step_by(2) {
        let y = top + ROW * at as f64;
        canvas.area("stripe", &Area { left: EDGE, top: y, right: chart.right, bottom: y + ROW }, colour::PALE, None);
    }
    draw_above(&mut canvas, &gantt.time, &across, &chart);
    draw_below(&mut canvas, &gantt.time, &across, &chart);
    let drawing = Drawing { gantt, chart, across };
    for (at, row) in gantt.rows.iter().enumerate() {
        drawing.name(&mut canvas, at, row);
        drawing.float(&mut canvas, at, row);
    }
    gantt.arrows.iter().for_each(|arrow| drawing.arrow(&mut canvas, arrow));
    drawing.marks(&mut canvas, bottom + LABELS + note);
    for (at, row) in gantt.rows.iter().enumerate() {
        drawing.row(&mut canvas, at, row);
    }
    if !gantt.note.is_empty() {
        let text = fitted(gantt.note, LETTERS, PAGE - 2.0 * EDGE);
        canvas.text("note", (EDGE, bottom + LABELS + 4.0), Anchor::Start, &text, Some(gantt.note));
    }
    canvas.finish()
}

fn indent(row: &GanttRow) -> f64 {
    INDENT * row.depth.min(DEEPEST) as f64
}

fn is_finite(row: &GanttRow) -> bool {
    row.span.0.is_finite() && row.span.1.is_finite()
}

/// The colour of what is left to do.
fn left_colour(row: &GanttRow) -> &'static str {
    if row.is_critical { colour::VERMILION } else { colour::BLUE }
}

/// The colour of what is done.
fn done_colour(row: &GanttRow) -> &'static str {
    if row.is_critical { colour::DEEP_VERMILION } else { colour::DEEP_BLUE }
}

/// A chart whose places are known.
struct Drawing<'a> {
    gantt: &'a Gantt<'a>,
    chart: Area,
    across: Scale,
}

impl Drawing<'_> {
    /// The middle of a row.
    fn middle(&self, at: usize) -> f64 {
        self.chart.top + ROW * (at as f64 + 0.5)
    }

    /// The left and the right end of what is drawn of a row.
    fn ends(&self, row: &GanttRow) -> (f64, f64) {
        let (left, right) = (self.across.at(row.span.0), self.across.at(row.span.1));
        match row.shape {
            Shape::Activity | Shape::Summary => (left, right.max(left + LEAST)),
            Shape::Milestone | Shape::Gate => (right - HALF, right + HALF),
        }
    }

    fn is_inside(&self, time: f64) -> bool {
        (self.gantt.extent.0..=self.gantt.extent.1).contains(&time)
    }

    fn name(&self, canvas: &mut Canvas, at: usize, row: &GanttRow) {
        let x = EDGE + indent(row);
        let shown = fitted(&row.name, LETTERS, self.chart.left - EDGE - x);
        let class = if row.shape == Shape::Summary { "name summary" } else { "name" };
        canvas.text(class, (x, self.middle(at) + 4.0), Anchor::Start, &shown, Some(&row.name));
    }

    fn float(&self, canvas: &mut Canvas, at: usize, row: &GanttRow) {
        if !is_finite(row) || !row.late.is_finite() || row.late <= row.span.1 {
            return;
        }
        let (y, left, right) = (self.middle(at), self.across.at(row.span.1), self.across.at(row.late));
        if right > left {
            let area = Area { left, right, top: y - THIN / 2.0, bottom: y + THIN / 2.0 };
            canvas.area("float", &area, FLOAT, Some(&row.tip));
        }
    }

    fn row(&self, canvas: &mut Canvas, at: usize, row: &GanttRow) {
        if !is_finite(row) {
            return;
        }
        let (y, (left, right)) = (self.middle(at), self.ends(row));
        let critical = if row.is_critical { " critical" } else { "" };
        let is_done = row.done >= row.span.1;
        let colour = if is_done { done_colour(row) } else { left_colour(row) };
        match row.shape {
            Shape::Activity => {
                let area = Area { left, right, top: y - HALF, bottom: y + HALF };
                canvas.area(&format!("bar{critical}"), &area, left_colour(row), Some(&row.tip));
                let done = if is_done { right } else { self.across.at(row.done).min(right) };
                if row.done >= row.span.0 && done > left {
                    canvas.area("done", &Area { right: done, ..area }, done_colour(row), Some(&row.tip));
                }
            }
            Shape::Summary => {
                let commands = bracket((left, right), y);
                canvas.shape(&format!("summary{critical}"), &commands, colour::INK, Some(&row.tip));
            }
            Shape::Milestone => {
                let commands = diamond(((left + right) / 2.0, y));
                canvas.shape(&format!("milestone{critical}"), &commands, colour, Some(&row.tip));
            }
            Shape::Gate => {
                let commands = gateway(((left + right) / 2.0, y));
                canvas.shape(&format!("gate{critical}"), &commands, colour, Some(&row.tip));
                let ground = if at.is_multiple_of(2) { colour::WHITE } else { colour::PALE };
                self.beside(canvas, (left, right, y), row, ground);
            }
        }
        if let Some(deadline) = row.deadline.filter(|deadline| self.is_inside(*deadline)) {
            let colour = if row.span.1 > deadline { colour::VERMILION } else { colour::INK };
            canvas.shape("deadline", &flag((self.across.at(deadline), y)), colour, Some(&row.tip));
        }
    }

    /// The text beside a mark: on the right, or on the side with more room.
    fn beside(&self, canvas: &mut Canvas, (left, right, y): (f64, f64, f64), row: &GanttRow, ground: &str) {
        let (before, behind) = (left - self.chart.left - MARGIN, self.chart.right - right - MARGIN);
        let is_right = width(&row.beside, LETTERS) <= behind || behind >= before;
        let shown = fitted(&row.beside, LETTERS, before.max(behind));
        let (x, anchor) = if is_right { (right + 4.0, Anchor::Start) } else { (left - 4.0, Anchor::End) };
        let begin = if is_right { x } else { x - width(&shown, LETTERS) };
        // Links pass behind the text.
        let behind = Area { left: begin - 1.0, right: begin + width(&shown, LETTERS), top: y - 7.0, bottom: y + 7.0 };
        canvas.area("ground", &behind, ground, None);
        canvas.text("beside", (x, y + 4.0), anchor, &shown, Some(&row.tip));
    }

    /// A link: down onto what starts later, around what does not. Marks are left downwards, as words stand beside them.
    fn arrow(&self, canvas: &mut Canvas, arrow: &Arrow) {
        let row = |(at, end): (usize, End)| Some((at, end, self.gantt.rows.get(at).filter(|row| is_finite(row))?));
        let (Some((from, leaves, before)), Some((to, reaches, after))) = (row(arrow.from), row(arrow.to)) else {
            return;
        };
        let is_mark = |row: &GanttRow| matches!(row.shape, Shape::Milestone | Shape::Gate);
        let place = |end: End, row: &GanttRow| match (is_mark(row), end) {
            (true, _) => self.across.at(row.span.1),
            (false, End::Start) => self.ends(row).0,
            (false, End::Finish) => self.ends(row).1,
        };
        let (x, y) = (place(leaves, before), self.middle(from));
        let (target, level) = (place(reaches, after), self.middle(to));
        let down = if level > y { 1.0 } else { -1.0 };
        let away = if leaves == End::Finish { 1.0 } else { -1.0 };
        let begin = match is_mark(before) {
            true => format!("M{} {}V{}", number(x), number(y + down * HALF), number(y + down * ROW / 2.0)),
            false => format!("M{} {}", number(x), number(y)),
        };
        // Onto the middle of a mark, and just inside a bar.
        let inside = if is_mark(after) { 0.0 } else { 3.0 };
        let is_direct = (leaves, reaches) == (End::Finish, End::Start) && target >= x - 1.0 && from != to;
        let (line, head) = if is_direct {
            let (turn, edge) = (target + inside, level - down * HALF);
            let line = format!("{begin}H{}V{}", number(turn), number(edge - down * HEAD));
            (line, arrow_head((turn, edge), (0.0, down), HEAD))
        } else {
            let into = if reaches == End::Start { 1.0 } else { -1.0 };
            let tip = if is_mark(after) { target - into * HALF } else { target };
            let aside = if is_mark(before) { String::new() } else { format!("H{}", number(x + away * 5.0)) };
            let line = format!(
                "{begin}{aside}V{}H{}V{}H{}",
                number(level - down * ROW / 2.0),
                number(tip - into * 8.0),
                number(level),
                number(tip - into * HEAD),
            );
            (line, arrow_head((tip, level), (into, 0.0), HEAD))
        };
        let colour = if arrow.is_critical { colour::VERMILION } else { colour::GREY };
        let stroke = Stroke { colour, width: if arrow.is_critical { 1.2 } else { 0.8 }, is_dashed: false };
        let class = if arrow.is_critical { "link critical" } else { "link" };
        canvas.path(class, &line, stroke);
        canvas.shape("head", &head, colour, None);
    }

    /// Vertical lines, their names below each other.
    fn marks(&self, canvas: &mut Canvas, first: f64) {
        let dashes = Stroke { colour: colour::INK, width: 1.2, is_dashed: true };
        for (number, mark) in self.gantt.marks.iter().enumerate() {
            if !self.is_inside(mark.at) {
                continue;
            }
            let (x, y) = (self.across.at(mark.at), first + LINE * number as f64);
            canvas.line("mark", (x, self.chart.top), (x, y - LETTERS), dashes);
            let shown = fitted(&mark.name, LETTERS, PAGE / 2.0);
            let half = width(&shown, LETTERS) / 2.0;
            let middle = x.clamp(EDGE + half, PAGE - EDGE - half);
            canvas.text("mark", (middle, y), Anchor::Middle, &shown, Some(&mark.name));
        }
    }
}

const FLOAT: &str = "#A9CCE3";
/// The length of the head of an arrow.
const HEAD: f64 = 5.0;

/// A closed line through places.
pub(super) fn polygon(places: &[Place]) -> String {
    let places: Vec<String> = places.iter().map(|(x, y)| format!("{} {}", number(*x), number(*y))).collect();
    format!("M{}Z", places.join("L"))
}

fn diamond((x, y): Place) -> String {
    polygon(&[(x, y - HALF), (x + HALF, y), (x, y + HALF), (x - HALF, y)])
}

/// Two posts and what lies across them.
fn gateway((x, y): Place) -> String {
    let (post, up, down) = (3.0, y - HALF, y + HALF);
    polygon(&[
        (x - HALF, up),
        (x + HALF, up),
        (x + HALF, down),
        (x + HALF - post, down),
        (x + HALF - post, up + post),
        (x - HALF + post, up + post),
        (x - HALF + post, down),
        (x - HALF, down),
    ])
}

/// A bar whose ends point down.
fn bracket((left, right): (f64, f64), y: f64) -> String {
    let tooth = ((right - left) / 2.0).min(HALF);
    let (up, line, down) = (y - THIN, y, y + HALF);
    polygon(&[(left, up), (right, up), (right, down), (right - tooth, line), (left + tooth, line), (left, down)])
}

/// A small pointer from above, and the line below it.
fn flag((x, y): Place) -> String {
    let top = y - ROW / 2.0 + 1.0;
    polygon(&[
        (x - 4.0, top),
        (x + 4.0, top),
        (x + 0.6, top + 6.0),
        (x + 0.6, y + 8.0),
        (x - 0.6, y + 8.0),
        (x - 0.6, top + 6.0),
    ])
}

/// The head of an arrow whose tip is at a place; `(across, down)` is where it points.
pub(super) fn arrow_head((x, y): Place, (across, down): Place, length: f64) -> String {
    let (back_x, back_y) = (x - across * length, y - down * length);
    let half = length / 2.0;
    polygon(&[(x, y), (back_x + down * half, back_y + across * half), (back_x - down * half, back_y - across * half)])
}

/// Samples of what there is in the chart.
fn draw_legend(canvas: &mut Canvas, gantt: &Gantt<'_>) {
    let rows = || gantt.rows.iter().filter(|row| is_finite(row));
    let is_bar = |row: &&GanttRow| row.shape == Shape::Activity;
    let has = |shape: Shape| rows().any(|row| row.shape == shape);
    let y = BELOW_TITLE + 4.0;
    let bar = |x: f64, half: f64| Area { left: x, right: x + 2.0 * HALF, top: y - half, bottom: y + half };
    let mut x = EDGE;
    let mut put = |is_there: bool, name: &str, draw: &dyn Fn(&mut Canvas, f64)| {
        if is_there {
            draw(canvas, x);
            canvas.text("legend", (x + 2.0 * HALF + 5.0, y + 4.0), Anchor::Start, name, None);
            x += 2.0 * HALF + 5.0 + width(name, LETTERS) + 1.5 * EDGE;
        }
    };
    let filled =
        |colour: &'static str| move |canvas: &mut Canvas, x: f64| canvas.area("sample", &bar(x, HALF), colour, None);
    put(rows().any(|row| row.is_critical), "critical", &filled(colour::VERMILION));
    put(rows().filter(is_bar).any(|row| !row.is_critical), "not critical", &filled(colour::BLUE));
    put(rows().filter(is_bar).any(|row| row.done > row.span.0), "done", &filled(colour::DEEP_BLUE));
    put(rows().any(|row| row.late > row.span.1), "float", &|canvas, x| {
        canvas.area("sample", &bar(x, THIN / 2.0), FLOAT, None);
    });
    let shaped = |commands: fn(Place) -> String, colour: &'static str| {
        move |canvas: &mut Canvas, x: f64| canvas.shape("sample", &commands((x + HALF, y)), colour, None)
    };
    put(has(Shape::Summary), "summary", &shaped(|(x, y)| bracket((x - HALF, x + HALF), y), colour::INK));
    put(has(Shape::Milestone), "milestone", &shaped(diamond, colour::BLUE));
    put(has(Shape::Gate), "quality gate", &shaped(gateway, colour::BLUE));
    let deadlines = || rows().filter_map(|row| Some((row.deadline?, row.span.1)));
    put(deadlines().any(|(deadline, finish)| deadline >= finish), "deadline", &shaped(flag, colour::INK));
    put(deadlines().any(|(deadline, finish)| deadline < finish), "missed deadline", &shaped(flag, colour::VERMILION));
}

fn description(gantt: &Gantt<'_>) -> String {
    let called = |time: f64| called(gantt.time.label, time);
    let rows = || gantt.rows.iter().filter(|row| is_finite(row));
    let count = |shape: Shape| rows().filter(|row| row.shape == shape).count();
    let first = rows().map(|row| row.span.0).fold(f64::INFINITY, f64::min);
    let last = rows().map(|row| row.span.1).fold(f64::NEG_INFINITY, f64::max);
    if first > last {
        return "No tasks.".to_owned();
    }
    let mut text = format!(
        "Bars along time from {} to {}: {} activities, {} milestones, {} gates, in {} summaries; {} rows are critical.",
        called(first),
        called(last),
        count(Shape::Activity),
        count(Shape::Milestone),
        count(Shape::Gate),
        count(Shape::Summary),
        rows().filter(|row| row.is_critical && row.shape != Shape::Summary).count(),
    );
    for mark in gantt.marks {
        text.push_str(&format!(" {}.", mark.name));
    }
    if !gantt.note.is_empty() {
        text.push_str(&format!(" {}.", gantt.note));
    }
    text
}
