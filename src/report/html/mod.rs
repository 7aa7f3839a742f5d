//! A report as one HTML page that needs nothing else: no network, and no script but for folding and zooming.

mod chart;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::{Block, Column, Document, Fact, Piece, Row, Section, Table, Tone, pieces};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Figures that are longer are written in smaller letters.
const LARGE: usize = 20;
/// Columns with texts that are longer stay wide on a phone, where tables are moved sideways.
const LONG: usize = 40;

impl Document {
    /// The report as an HTML page. Texts of the plan are escaped: they stay texts.
    pub fn to_html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content={ "floatline " (self.origin.version) };
                    title { (self.title) ": " (self.subtitle) }
                    style { (PreEscaped(STYLE)) }
                    noscript { style { ".chart .row[hidden]{display:flex}.tools,.fold,.folded{display:none!important}" } }
                }
                body {
                    a .skip href="#content" { "Skip to the content" }
                    header {
                        h1 { (self.title) }
                        p { (self.subtitle) }
                    }
                    nav aria-label="Sections" {
                        ul {
                            @for section in &self.sections { li { a href={ "#" (section.anchor) } { (section.title) } } }
                            li { a href="#origin" { "How this was made" } }
                        }
                    }
                    main #content {
                        (headline(&self.headline))
                        @for section in &self.sections { (section_of(section)) }
                    }
                    footer #origin {
                        h2 { "How this was made" }
                        p { "floatline " (self.origin.version) ", by " code { (self.origin.command) } }
                        @if !self.origin.inputs.is_empty() {
                            details {
                                summary { (self.origin.inputs.len()) " files were read" }
                                ul .files {
                                    @for (path, digest) in &self.origin.inputs { li { (path) " " code { "SHA-256 " (digest) } } }
                                }
                            }
                        }
                    }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        page.into_string()
    }
}

/// A text with its names in backticks as code.
fn worded(text: &str) -> Markup {
    html! {
        @for piece in pieces(text) {
            @match piece {
                Piece::Words(words) => (dated(words)),
                Piece::Code(code) => code { (code) },
            }
        }
    }
}

/// A text whose dates are not broken over lines.
fn dated(text: &str) -> Markup {
    const LENGTH: usize = "2026-03-02".len();
    let is_date = |bytes: &[u8]| {
        bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() })
    };
    let dates = text.as_bytes().windows(LENGTH).enumerate().filter(|(_, bytes)| is_date(bytes));
    let mut pieces: Vec<(&str, &str)> = Vec::new();
    let mut rest = 0;
    for (at, _) in dates.filter(|(at, _)| text.is_char_boundary(*at)) {
        if at >= rest {
            pieces.push((&text[rest..at], &text[at..at + LENGTH]));
            rest = at + LENGTH;
        }
    }
    html! {
        @for (before, date) in pieces { (before) span .day { (date) } }
        (text[rest..])
    }
}

fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Good => "good",
        Tone::Watch => "watch",
        Tone::Bad => "bad",
    }
}

fn headline(facts: &[Fact]) -> Markup {
    html! {
        @if !facts.is_empty() {
            dl .facts {
                @for fact in facts {
                    div class=(tone_class(fact.tone)) {
                        dt { (fact.name) }
                        dd {
                            span class=(if fact.value.chars().count() > LARGE { "value long" } else { "value" }) { (worded(&fact.value)) }
                            @if !fact.note.is_empty() { " " span .note { (worded(&fact.note)) } }
                        }
                    }
                }
            }
        }
    }
}

fn section_of(section: &Section) -> Markup {
    html! {
        section id=(section.anchor) aria-labelledby={ (section.anchor) "-title" } {
            h2 id={ (section.anchor) "-title" } { (section.title) }
            @for blocks in section.blocks.chunk_by(|one, next| is_picture(one) && is_picture(next)) {
                @if is_picture(&blocks[0]) { div .figures { @for block in blocks { (block_of(block)) } } }
                @else { @for block in blocks { (block_of(block)) } }
            }
        }
    }
}

fn is_picture(block: &Block) -> bool {
    matches!(block, Block::Picture(_))
}

fn block_of(block: &Block) -> Markup {
    match block {
        Block::Text(text) => html! { p { (worded(text)) } },
        Block::List(lines) => html! {
            ul .lines { @for line in lines { li class=(tone_class(line.tone)) { (worded(&line.text)) } } }
        },
        Block::Table(table) => table_of(table),
        // Made by our own hand from escaped texts.
        Block::Picture(svg) => html! { figure tabindex="0" { (PreEscaped(svg)) } },
        Block::Timeline(timeline) => chart::chart(timeline),
    }
}

fn table_of(table: &Table) -> Markup {
    let is_long = |at: usize| table.rows.iter().any(|row| row.cells[at].chars().count() > LONG);
    let class = |(at, column): (usize, &Column)| match column.is_number {
        true => "number",
        false if is_long(at) => "long",
        false => "",
    };
    let classes: Vec<&str> = table.columns.iter().enumerate().map(class).collect();
    let row_of = |row: &Row| {
        html! {
            tr class=(tone_class(row.tone)) {
                @for (at, (cell, class)) in row.cells.iter().zip(&classes).enumerate() {
                    @if at == 0 { th scope="row" class=(class) { (worded(cell)) } }
                    @else { td class=(class) { (worded(cell)) } }
                }
            }
        }
    };
    html! {
        div .wide tabindex="0" role="region" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead { tr { @for (column, class) in table.columns.iter().zip(&classes) { th scope="col" class=(class) { (column.name) } } } }
                tbody { @for row in &table.rows { (row_of(row)) } }
            }
            @if table.left_out > 0 { p .more { "and " (table.left_out) " more" } }
        }
    }
}
