//! What a report consists of, whatever it is written as: headline figures, and sections of texts, lists, tables and pictures.

use super::timeline::Timeline;

/// A report.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is about.
    pub title: String,
    /// What kind of report it is, for whom, and as of when.
    pub subtitle: String,
    /// The most important figures.
    pub headline: Vec<Fact>,
    /// The rest.
    pub sections: Vec<Section>,
    /// From what and how it was made.
    pub origin: Origin,
}

/// From what and how a report was made, so that it can be made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The program's version.
    pub version: String,
    /// The command line.
    pub command: String,
    /// The files that were read, each with the SHA-256 digest of its bytes.
    pub inputs: Vec<(String, String)>,
}

/// How a figure is to be taken. A colour shows it, and the words say it, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Somebody should have an eye on it.
    Watch,
    /// Not as it should be.
    Bad,
}

/// A figure with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// How much it is.
    pub value: String,
    /// What else there is to say about it; may be empty.
    pub note: String,
    /// How it is to be taken.
    pub tone: Tone,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its name in links; of letters.
    pub anchor: &'static str,
    /// Its heading.
    pub title: String,
    /// What it consists of.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// Lines of a list.
    List(Vec<Line>),
    /// Rows below headers.
    Table(Table),
    /// An SVG picture of [`crate::pictures`].
    Picture(String),
    /// When what is done.
    Timeline(Box<Timeline>),
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// How it is to be taken.
    pub tone: Tone,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it tells.
    pub caption: String,
    /// Its headers.
    pub columns: Vec<Column>,
    /// Its rows, with a cell for each column.
    pub rows: Vec<Row>,
    /// Rows that are left out.
    pub left_out: usize,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub name: &'static str,
    /// True if it holds numbers.
    pub is_number: bool,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<String>,
    /// How it is to be taken.
    pub tone: Tone,
}

impl Table {
    /// A table without rows. Names of columns of numbers begin with `#`, which is not shown.
    pub fn new(caption: impl Into<String>, columns: &[&'static str]) -> Table {
        let column = |name: &&'static str| match name.strip_prefix('#') {
            Some(name) => Column { name, is_number: true },
            None => Column { name, is_number: false },
        };
        Table { caption: caption.into(), columns: columns.iter().map(column).collect(), ..Table::default() }
    }

    /// Adds a row.
    pub fn push(&mut self, tone: Tone, cells: impl IntoIterator<Item = String>) {
        let row = Row { cells: cells.into_iter().collect(), tone };
        debug_assert_eq!(row.cells.len(), self.columns.len(), "{}", self.caption);
        self.rows.push(row);
    }

    /// Leaves out all rows after so many.
    pub fn cut(mut self, most: usize) -> Table {
        self.left_out += self.rows.len().saturating_sub(most);
        self.rows.truncate(most);
        self
    }
}

impl Section {
    /// A section without blocks.
    pub fn new(anchor: &'static str, title: impl Into<String>) -> Section {
        Section { anchor, title: title.into(), blocks: Vec::new() }
    }

    /// A section that is one table; `None` if that has no rows.
    pub fn of_table(anchor: &'static str, title: impl Into<String>, table: Table) -> Option<Section> {
        let mut section = Section::new(anchor, title);
        section.table(table);
        section.if_any()
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds a table, if it has rows.
    pub fn table(&mut self, table: Table) {
        if !table.rows.is_empty() {
            self.blocks.push(Block::Table(table));
        }
    }

    /// Adds a list, if it has lines.
    pub fn list(&mut self, lines: Vec<Line>) {
        if !lines.is_empty() {
            self.blocks.push(Block::List(lines));
        }
    }

    /// Adds a picture, if there is one.
    pub fn picture(&mut self, svg: Option<String>) {
        self.blocks.extend(svg.map(Block::Picture));
    }

    /// The section; `None` if there is nothing in it.
    pub fn if_any(self) -> Option<Section> {
        (!self.blocks.is_empty()).then_some(self)
    }
}

/// A figure as it is.
pub(super) fn fact(name: &str, value: impl Into<String>, note: impl Into<String>, tone: Tone) -> Fact {
    Fact { name: name.to_owned(), value: value.into(), note: note.into(), tone }
}

/// `id name`, or the one there is.
pub(super) fn titled(id: &str, name: &str) -> String {
    if name.is_empty() || name == id { id.to_owned() } else { format!("{id} {name}") }
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// As it is.
    Words(&'t str),
    /// What stands in backticks: a name, or something to type.
    Code(&'t str),
}

/// A text in pieces. A backtick without another one in its line is a letter like any other.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(open) = rest[from..].find('`').map(|at| from + at) {
        let code = rest[open + 1..].split('`').next().unwrap_or_default();
        let close = open + 1 + code.len();
        if close == rest.len() || code.trim().is_empty() || code.contains('\n') {
            from = open + 1;
            continue;
        }
        pieces.extend([Piece::Words(&rest[..open]), Piece::Code(code)]);
        (rest, from) = (&rest[close + 1..], 0);
    }
    pieces.push(Piece::Words(rest));
    pieces
}
