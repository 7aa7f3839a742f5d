//! The Gantt chart of `solve --gantt` in the terminal.

use std::io::{self, IsTerminal, Write};

use console::{Style, measure_text_width, pad_str, truncate_str};
use floatline::pictures::Shape;
use floatline::plan::Plan;
use floatline::schedule::{Gantt, GanttRow, Shown, waiting_for_gate};
use floatline::units::Moment;

use super::files::GANTT_FILE;
use super::print;

/// The width of what is no terminal.
const WIDTH: usize = 120;
/// The least room for bars, and the most for names: two fifths of the width.
const LEAST_CHART: usize = 20;
/// Between the labels of the axis.
const GAP: usize = 3;

/// What is drawn, in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Blank,
    Critical,
    Other,
    Done,
    Float,
    Summary,
    CriticalMilestone,
    Milestone,
    Gate,
    Deadline,
    Missed,
    Status,
    Due,
    /// Words.
    Text,
}

/// What can stand in the legend.
const LEGEND: [(Ink, &str); 12] = [
    (Ink::Critical, "critical"),
    (Ink::Other, "not critical"),
    (Ink::Done, "done"),
    (Ink::Float, "float"),
    (Ink::Summary, "summary"),
    (Ink::CriticalMilestone, "critical milestone"),
    (Ink::Milestone, "milestone"),
    (Ink::Gate, "quality gate"),
    (Ink::Deadline, "deadline"),
    (Ink::Missed, "missed deadline"),
    (Ink::Status, "status date"),
    (Ink::Due, "project deadline"),
];

impl Ink {
    /// Told apart without colours, too.
    fn character(self) -> char {
        match self {
            Ink::Blank | Ink::Text => ' ',
            Ink::Critical => '█',
            Ink::Other => '▒',
            Ink::Done => '=',
            Ink::Float => '·',
            Ink::Summary => '─',
            Ink::CriticalMilestone => '◆',
            Ink::Milestone => '◇',
            Ink::Gate => '╫',
            Ink::Deadline => '▼',
            Ink::Missed => '!',
            Ink::Status => '│',
            Ink::Due => '┊',
        }
    }

    fn style(self) -> Style {
        match self {
            Ink::Blank => Style::new(),
            Ink::Critical | Ink::CriticalMilestone => Style::new().red(),
            Ink::Other | Ink::Milestone => Style::new().blue(),
            Ink::Done => Style::new().green(),
            Ink::Float | Ink::Text => Style::new().dim(),
            Ink::Summary => Style::new().bold(),
            Ink::Gate => Style::new().magenta().bold(),
            Ink::Deadline | Ink::Due => Style::new().yellow(),
            Ink::Missed => Style::new().red().bold(),
            Ink::Status => Style::new().cyan(),
        }
    }
}

/// Where a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Columns.
    width: usize,
    /// True if colours are seen.
    is_coloured: bool,
}

impl Screen {
    /// Standard output: as wide as the terminal, and coloured if that is wished for; else 120 wide.
    pub fn standard_output() -> Screen {
        let terminal = console::Term::stdout();
        let is_terminal = io::stdout().is_terminal();
        let width = terminal.size_checked().filter(|_| is_terminal).map(|(_, columns)| usize::from(columns));
        Screen { width: width.unwrap_or(WIDTH), is_coloured: is_terminal && terminal.features().colors_supported() }
    }

    fn painted(self, text: &str, style: Style) -> String {
        if self.is_coloured { style.force_styling(true).apply_to(text).to_string() } else { text.to_owned() }
    }
}

/// Writes a chart with its legend, at most `most` rows of it.
pub fn write(out: &mut dyn Write, plan: &Plan, chart: &Gantt, most: usize, screen: Screen) -> io::Result<()> {
    let chart = chart.folded(most);
    let names: Vec<String> = chart.rows.iter().map(|row| name(plan, row)).collect();
    let widest = names.iter().map(|name| measure_text_width(name)).max().unwrap_or(0);
    let left = widest.min(screen.width * 2 / 5);
    // A mark and a blank before the name, a blank behind it.
    let columns = screen.width.saturating_sub(left + 3).max(LEAST_CHART);
    let ruler = Ruler { from: chart.from, to: chart.to, columns };
    let lines: Vec<Line> = chart.rows.iter().map(|row| line(plan, row, &ruler)).collect();
    let is_used = |ink: Ink| lines.iter().any(|line| line.cells.iter().any(|cell| cell.1 == ink));
    let legend = LEGEND.into_iter().filter(|(ink, _)| is_used(*ink)).map(|(ink, word)| {
        let sample = screen.painted(&ink.character().to_string(), ink.style());
        format!("{sample} {word}{}", dated(plan, ink))
    });
    writeln!(out, "\nSchedule (* critical):")?;
    for line in broken(legend, screen.width) {
        writeln!(out, "{line}")?;
    }
    let margin = " ".repeat(left + 3);
    for text in axis(plan, &chart, &ruler) {
        writeln!(out, "{}", format!("{margin}{text}").trim_end())?;
    }
    for ((row, name), line) in chart.rows.iter().zip(&names).zip(&lines) {
        let name = pad_str(&truncate_str(name, left, "…"), left, console::Alignment::Left, None).into_owned();
        let name = if row.shape == Shape::Summary { screen.painted(&name, Style::new().bold()) } else { name };
        let mark = if row.critical { screen.painted("*", Ink::Critical.style()) } else { " ".to_owned() };
        writeln!(out, "{}", format!("{mark} {name} {}", line.text(screen)).trim_end())?;
    }
    if chart.left_out > 0 {
        let count = print::count(chart.left_out, "more row");
        writeln!(out, " ... and {count} with more float; --all prints them, -o OUT draws {GANTT_FILE}")?;
    }
    Ok(())
}

/// Texts side by side, in as many lines as they need.
fn broken(texts: impl Iterator<Item = String>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for text in texts {
        match lines.last_mut().filter(|line| measure_text_width(line) + 2 + measure_text_width(&text) <= width) {
            Some(line) => {
                line.push_str("  ");
                line.push_str(&text);
            }
            None => lines.push(format!("  {text}")),
        }
    }
    lines
}

/// The date behind a word of the legend.
fn dated(plan: &Plan, ink: Ink) -> String {
    let project = plan.project();
    match (ink, project.status_date, project.deadline) {
        (Ink::Status, Some(status), _) => format!(" {}", plan.format_moment(status)),
        (Ink::Due, _, Some(deadline)) => format!(" {}", plan.format_end(deadline)),
        _ => String::new(),
    }
}

/// What a row is called, moved in by its depth: one line, whatever the plan says.
fn name(plan: &Plan, row: &GanttRow) -> String {
    let title = plain(&row.title(plan));
    format!("{}{}", "  ".repeat(row.depth.min(6)), title.trim())
}

/// A text that cannot move the cursor.
fn plain(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// From moments to columns.
struct Ruler {
    from: Moment,
    to: Moment,
    columns: usize,
}

impl Ruler {
    /// The column in which a moment lies, from 0; none if it is outside.
    fn column(&self, moment: Moment) -> Option<usize> {
        let is_inside = (self.from..=self.to).contains(&moment);
        let share = |minutes: i64| minutes as i128 * self.columns as i128 / (self.to - self.from).0 as i128;
        is_inside.then(|| (share((moment - self.from).0) as usize).min(self.columns - 1))
    }

    /// The last column of what ends at a moment.
    fn last_column(&self, moment: Moment) -> Option<usize> {
        let before = Moment(moment.0 - 1).max(self.from);
        self.column(before)
    }
}

/// The cells of a row.
struct Line {
    cells: Vec<(char, Ink)>,
}

impl Line {
    fn put(&mut self, column: Option<usize>, ink: Ink) {
        if let Some(column) = column {
            self.cells[column] = (ink.character(), ink);
        }
    }

    fn fill(&mut self, from: Option<usize>, to: Option<usize>, ink: Ink) {
        if let (Some(from), Some(to)) = (from, to) {
            (from..=to).for_each(|column| self.put(Some(column), ink));
        }
    }

    /// Writes words right of a column if there is room, else left of it.
    fn say(&mut self, column: usize, text: &str) {
        let words: Vec<char> = text.chars().collect();
        // Wide letters take two cells: such a text is left to the picture.
        if measure_text_width(text) != words.len() {
            return;
        }
        let behind = column + 2;
        let start = if behind + words.len() <= self.cells.len() {
            behind
        } else if let Some(start) = column.checked_sub(words.len() + 1) {
            start
        } else {
            return;
        };
        for (cell, char) in self.cells[start..].iter_mut().zip(words) {
            *cell = (char, Ink::Text);
        }
    }

    /// The cells, each stretch of one ink painted at once.
    fn text(&self, screen: Screen) -> String {
        let end = self.cells.iter().rposition(|cell| cell.0 != ' ').map_or(0, |last| last + 1);
        let stretches = self.cells[..end].chunk_by(|one, next| one.1 == next.1);
        let painted = stretches.map(|stretch| {
            let text: String = stretch.iter().map(|cell| cell.0).collect();
            if stretch[0].1 == Ink::Blank { text } else { screen.painted(&text, stretch[0].1.style()) }
        });
        painted.collect()
    }
}

/// Draws a row: what matters more over what matters less.
fn line(plan: &Plan, row: &GanttRow, ruler: &Ruler) -> Line {
    let mut line = Line { cells: vec![(' ', Ink::Blank); ruler.columns] };
    let project = plan.project();
    let (start, last) = (ruler.column(row.start), ruler.last_column(row.finish));
    let last = last.max(start);
    if row.late_finish > row.finish {
        let until = ruler.last_column(row.late_finish.min(ruler.to));
        line.fill(last.map(|last| last + usize::from(row.shape == Shape::Activity)), until, Ink::Float);
    }
    line.put(project.deadline.and_then(|deadline| ruler.last_column(deadline)), Ink::Due);
    line.put(project.status_date.and_then(|status| ruler.column(status)), Ink::Status);
    match row.shape {
        Shape::Activity => {
            line.fill(start, last, if row.critical { Ink::Critical } else { Ink::Other });
            if let Some(done) = row.done.filter(|done| *done > row.start) {
                line.fill(start, ruler.last_column(done), Ink::Done);
            }
        }
        Shape::Summary => {
            line.fill(start, last, Ink::Summary);
            let ends = [(start, '┌'), (last, '┐')];
            for (column, corner) in ends.into_iter().filter(|_| start < last) {
                if let Some(column) = column {
                    line.cells[column].0 = corner;
                }
            }
        }
        Shape::Milestone => line.put(last, if row.critical { Ink::CriticalMilestone } else { Ink::Milestone }),
        Shape::Gate => line.put(last, Ink::Gate),
    }
    if let Some(deadline) = row.deadline {
        let ink = if row.finish > deadline { Ink::Missed } else { Ink::Deadline };
        line.put(ruler.last_column(deadline), ink);
    }
    if let (Shown::Gate(gate), Some(column)) = (row.shown, last) {
        let waiting: Vec<String> =
            waiting_for_gate(plan, gate).into_iter().map(|task| plain(&plan.tasks()[task].id)).collect();
        if !waiting.is_empty() {
            line.say(column, &format!("before {}", waiting.join(", ")));
        }
    }
    line
}

/// The labels of the axis, and below them a rule with their places; as many as have room.
fn axis(plan: &Plan, chart: &Gantt, ruler: &Ruler) -> [String; 2] {
    let placed = |at_most: usize| -> Vec<(usize, String)> {
        let ticks = chart.ticks(plan, at_most).into_iter();
        ticks.filter_map(|(at, label)| Some((ruler.column(at)?, label))).collect()
    };
    let is_loose = |ticks: &Vec<(usize, String)>| {
        ticks.windows(2).all(|pair| pair[0].0 + pair[0].1.chars().count() + GAP <= pair[1].0)
    };
    let most = ruler.columns / GAP;
    let ticks = (1..=most).rev().map(placed).find(is_loose).unwrap_or_default();
    let mut rule = vec!['─'; ruler.columns];
    let mut labels = String::new();
    for (column, label) in ticks {
        rule[column] = '┬';
        let gap = column.saturating_sub(labels.chars().count());
        if column + label.chars().count() <= ruler.columns {
            labels.push_str(&" ".repeat(gap));
            labels.push_str(&label);
        }
    }
    [labels, rule.into_iter().collect()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_with_the_chart_ends_in_its_last_column() {
        let ruler = Ruler { from: Moment(100), to: Moment(200), columns: 10 };
        assert_eq!([100, 109, 110, 199, 200].map(|at| ruler.column(Moment(at))), [0, 0, 1, 9, 9].map(Some));
        assert_eq!([100, 110, 111, 200].map(|at| ruler.last_column(Moment(at))), [0, 0, 1, 9].map(Some));
        assert_eq!([99, 201].map(|at| ruler.column(Moment(at))), [None, None]);
    }

    #[test]
    fn colours_are_there_only_if_they_are_wished_for_and_take_no_room() {
        let painted = |is_coloured| Screen { width: 20, is_coloured }.painted("█", Ink::Critical.style());
        assert_eq!((painted(false), painted(true)), ("█".to_owned(), "\x1b[31m█\x1b[0m".to_owned()));
        let texts = || [painted(true), "eight 10".to_owned(), "eleven 1111".to_owned()].into_iter();
        assert_eq!(broken(texts(), 13), [format!("  {}  eight 10", painted(true)), "  eleven 1111".to_owned()]);
    }
}
