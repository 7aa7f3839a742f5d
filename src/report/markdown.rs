//! A report as Markdown: the tables and lists of the page, without its pictures.

use std::fmt::Write as _;

use super::document::{Block, Document, Piece, Section, Table, pieces};
use super::timeline::{Timeline, TimelineRow};
use crate::pictures::Shape;

/// Rows of a timeline, at most.
const MOST_ROWS: usize = 40;

impl Document {
    /// The report as Markdown (GitHub's, with tables). Texts of the plan are escaped: they stay texts.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("# {}\n\n{}\n\n", escaped(&self.title), escaped(&self.subtitle));
        let put = |text: &mut String, line: String| {
            text.push_str(&line);
            text.push('\n');
        };
        for fact in &self.headline {
            let note = if fact.note.is_empty() { String::new() } else { format!(" ({})", worded(&fact.note)) };
            put(&mut text, format!("- **{}**: {}{note}", escaped(&fact.name), worded(&fact.value)));
        }
        let is_told = |section: &&Section| section.blocks.iter().any(|block| !matches!(block, Block::Picture(_)));
        for section in self.sections.iter().filter(is_told) {
            put(&mut text, format!("\n## {}", escaped(&section.title)));
            for block in &section.blocks {
                match block {
                    Block::Text(paragraph) => put(&mut text, format!("\n{}", worded(paragraph))),
                    Block::List(lines) => {
                        text.push('\n');
                        lines.iter().for_each(|line| put(&mut text, format!("- {}", worded(&line.text))));
                    }
                    Block::Table(table) => write_table(&mut text, table),
                    Block::Timeline(timeline) => write_table(&mut text, &told(timeline)),
                    Block::Picture(_) => {}
                }
            }
        }
        let origin = &self.origin;
        put(&mut text, "\n## How this report was made".to_owned());
        put(&mut text, format!("\nfloatline {}, by `{}`", escaped(&origin.version), origin.command.replace('`', "'")));
        if !origin.inputs.is_empty() {
            text.push('\n');
            for (path, digest) in &origin.inputs {
                put(&mut text, format!("- {} (SHA-256 {digest})", escaped(path)));
            }
        }
        text
    }
}

/// What of a timeline is worth a row: summaries at the top, milestones and gates, what is critical and what drives the finish.
fn told(timeline: &Timeline) -> Table {
    let is_told = |row: &&TimelineRow| {
        let is_top = row.shape == Shape::Summary && row.depth == 0;
        is_top
            || row.drives
            || matches!(row.shape, Shape::Milestone | Shape::Gate)
            || (row.is_critical && row.shape != Shape::Summary)
    };
    let caption = "Phases, milestones, what is critical and what drives the finish";
    let mut table = Table::new(caption, &["what", "start", "finish", "float", "who", "state"]);
    for row in timeline.rows.iter().filter(is_told) {
        let (start, finish) = row.dates.clone();
        let cells = [row.title.clone(), start, finish, row.float.clone(), row.people.clone(), row.state.clone()];
        table.push(Default::default(), cells);
    }
    table.cut(MOST_ROWS)
}

fn write_table(text: &mut String, table: &Table) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{}:\n", escaped(&table.caption));
    let line = |cells: &mut dyn Iterator<Item = String>| format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "));
    text.push_str(&line(&mut table.columns.iter().map(|column| escaped(column.name))));
    text.push_str(&line(
        &mut table.columns.iter().map(|column| if column.is_number { "---:" } else { "---" }.to_owned()),
    ));
    for row in &table.rows {
        text.push_str(&line(&mut row.cells.iter().map(|cell| worded(cell))));
    }
    if table.left_out > 0 {
        let _ = writeln!(text, "\nand {} more", table.left_out);
    }
}

/// A text in which nothing but names in backticks is a command of Markdown or HTML.
fn worded(text: &str) -> String {
    // Code with these would not be code everywhere: in tables bars end cells, and some readers take tags for what they are.
    let is_plain = |code: &str| !code.contains(['|', '<', '\\']) && !code.contains(char::is_control);
    let piece = |piece: Piece<'_>| match piece {
        Piece::Code(code) if is_plain(code) => format!("`{code}`"),
        Piece::Code(words) | Piece::Words(words) => escaped(words),
    };
    pieces(text).into_iter().map(piece).collect()
}

/// A text in which nothing is a command of Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        // What is no beginning of a name or a tag is safe, and easier to read.
        let begins = letters.peek().is_some_and(|next| next.is_alphanumeric() || "#/!?".contains(*next));
        match letter {
            '&' if begins => safe.push_str("&amp;"),
            '<' if begins => safe.push_str("&lt;"),
            '>' if safe.is_empty() || !begins && !safe.ends_with(' ') => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                safe.push('\\');
                safe.push(letter);
            }
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}
