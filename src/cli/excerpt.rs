//! The rows that findings are about, with the cell underlined.

use std::path::{Path, PathBuf};

use floatline::error::{Finding, Severity};
use floatline::io::{self, Excerpt};
use floatline::plan::draft::TableKind;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of the text of a row that are shown at most; what is left and right of the cell is cut.
const MOST_COLUMNS: usize = 84;
/// What stands for what was cut.
const CUT: &str = "...";

/// The files that findings can be about: plans, and what else was named on the command line.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<PathBuf>);

impl Sources {
    /// Files and folders.
    pub fn of(paths: impl IntoIterator<Item = PathBuf>) -> Sources {
        Sources(paths.into_iter().collect())
    }

    /// The row of a finding with its cell underlined, as lines to be printed below it; none for what is only worth knowing,
    /// has no row, or does not say clearly in which file it is.
    pub fn lines(&self, finding: &Finding) -> Vec<String> {
        let place = &finding.place;
        let is_grave = finding.severity >= Severity::Warning && place.row.is_some();
        let file = if is_grave { self.find(&place.file) } else { None };
        file.and_then(|path| io::excerpt(&path, place)).map_or_else(Vec::new, |excerpt| drawn(&excerpt))
    }

    /// The one file of this name.
    fn find(&self, name: &str) -> Option<PathBuf> {
        let mut found: Vec<PathBuf> = self.0.iter().filter_map(|path| within(path, name)).collect();
        found.sort();
        found.dedup();
        if found.len() == 1 { found.pop() } else { None }
    }
}

/// The file of this name that a path leads to: the path itself, a file in the folder, or one beside a tasks.csv.
fn within(path: &Path, name: &str) -> Option<PathBuf> {
    let file_name = path.file_name().unwrap_or_default();
    let is_tasks = file_name.eq_ignore_ascii_case(TableKind::Tasks.file_name());
    let file = match path.is_dir() {
        true => path.join(name),
        false if file_name == name => path.to_owned(),
        false if is_tasks => path.with_file_name(name),
        false => return None,
    };
    file.is_file().then_some(file)
}

/// The row behind its number, and a line that underlines the cell.
fn drawn(excerpt: &Excerpt) -> Vec<String> {
    let number = excerpt.row.to_string();
    let margin = " ".repeat(number.len());
    let Some(cell) = &excerpt.cell else {
        let (text, ..) = clipped(&excerpt.text, 0, 0);
        return vec![format!("{number} | {text}")];
    };
    let (text, before, width) = clipped(&excerpt.text, cell.start, cell.end);
    vec![format!("{number} | {text}"), format!("{margin} | {}{}", " ".repeat(before), "^".repeat(width))]
}

/// As much of a line around a cell as there is room for.
///
/// # Returns
/// The text, the columns before the cell, and the columns of the cell, at least one.
fn clipped(line: &str, start: usize, end: usize) -> (String, usize, usize) {
    // Whatever is not printed as it stands takes one column as a blank.
    let shown = |cluster: &str| {
        let is_plain = !cluster.chars().any(char::is_control) && cluster.width() > 0;
        if is_plain { cluster.to_owned() } else { " ".to_owned() }
    };
    let clusters: Vec<(usize, String)> = line.grapheme_indices(true).map(|(at, it)| (at, shown(it))).collect();
    let width = |from: usize, to: usize| -> usize {
        clusters.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, cluster)| cluster.width()).sum()
    };
    let room = MOST_COLUMNS - 2 * CUT.len();
    let (whole, ahead, cell) = (width(0, usize::MAX), width(0, start), width(start, end));
    if whole <= MOST_COLUMNS {
        let text = clusters.into_iter().map(|(_, cluster)| cluster).collect::<String>();
        return (text.trim_end().to_owned(), ahead, cell.max(1));
    }
    // The cell with its left neighbours, as far as the cell itself leaves room for them.
    let skipped = ahead.saturating_sub(room.saturating_sub(cell).min(room / 2));
    let (mut at, mut text, mut used, mut before) = (0, String::new(), 0, None);
    let lead = if skipped > 0 { CUT } else { "" };
    text.push_str(lead);
    for (byte, cluster) in &clusters {
        if at >= skipped && used + cluster.width() <= room {
            if *byte >= start && before.is_none() {
                before = Some(lead.len() + used);
            }
            used += cluster.width();
            text.push_str(cluster);
        } else if at >= skipped {
            text.push_str(CUT);
            break;
        }
        at += cluster.width();
    }
    let before = before.unwrap_or(lead.len() + used);
    (text.trim_end().to_owned(), before, cell.clamp(1, (lead.len() + room).saturating_sub(before).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn underlined(text: &str, cell: &str) -> Vec<String> {
        let start = text.find(cell).unwrap();
        drawn(&Excerpt { row: 12, text: text.to_owned(), cell: Some(start..start + cell.len()) })
    }

    #[test]
    fn the_cell_is_underlined_as_wide_as_it_is_printed() {
        assert_eq!(underlined("A,3x,Ana", "3x"), ["12 | A,3x,Ana", "   |   ^^"]);
        // Each of the two characters takes two columns, the letter with its accent one.
        assert_eq!(underlined("设计,é\u{301},3x", "3x"), ["12 | 设计,é\u{301},3x", "   |        ^^"]);
        assert_eq!(underlined("a,设计,b", "设计"), ["12 | a,设计,b", "   |   ^^^^"]);
        assert_eq!(underlined("a\tb\t3x", "3x"), ["12 | a b 3x", "   |     ^^"]);
    }

    #[test]
    fn an_empty_cell_is_pointed_at_and_a_row_is_only_shown() {
        let empty = Excerpt { row: 3, text: "A,,Ana".to_owned(), cell: Some(2..2) };
        assert_eq!(drawn(&empty), ["3 | A,,Ana", "  |   ^"]);
        assert_eq!(drawn(&Excerpt { cell: None, ..empty }), ["3 | A,,Ana"]);
    }

    #[test]
    fn a_long_row_is_cut_around_the_cell() {
        let long = "x".repeat(300);
        let check = |text: &str, cell: &str, whole: bool| {
            let lines = underlined(text, cell);
            let columns: Vec<char> = lines[0].chars().collect();
            let marks: Vec<usize> =
                lines[1].chars().enumerate().filter(|(_, it)| *it == '^').map(|(at, _)| at).collect();
            let marked: String = marks.iter().map(|&at| columns[at]).collect();
            assert!(if whole { marked == cell } else { cell.starts_with(&marked) && marked.len() > 20 }, "{lines:#?}");
            assert!(lines.iter().all(|line| line.width() <= 5 + MOST_COLUMNS), "{lines:#?}");
        };
        check(&format!("A,{long},3y,{long}"), "3y", true);
        check(&format!("A,3y,{long}"), "3y", true);
        check(&format!("{long},3y"), "3y", true);
        check(&format!("A,{long},3y"), &long, false);
    }

    #[test]
    fn the_file_is_looked_for_where_the_plan_is_and_must_be_the_only_one() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
            std::fs::write(folder.path().join(name).join("tasks.csv"), "id\n").unwrap();
        }
        std::fs::write(folder.path().join("a/risks.csv"), "id\n").unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        let find = |paths: &[&PathBuf], name| Sources::of(paths.iter().map(|path| (*path).clone())).find(name);
        assert_eq!(find(&[&a], "tasks.csv"), Some(a.join("tasks.csv")));
        assert_eq!(find(&[&a.join("tasks.csv")], "risks.csv"), Some(a.join("risks.csv")));
        assert_eq!(find(&[&a, &b], "tasks.csv"), None);
        assert_eq!(find(&[&a, &b], "risks.csv"), Some(a.join("risks.csv")));
        assert_eq!(find(&[&b], "risks.csv"), None);
    }
}
