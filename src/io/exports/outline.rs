//! Who is below whom: outline levels, outline numbers, WBS codes, or a column that says it.

use std::borrow::Cow;
use std::collections::HashMap;

use super::source::{Losses, Source};
use crate::error::{Finding, Findings};

/// The parent of each task, as a position among them.
pub(super) fn parents(
    source: &Source<'_>,
    rows: &[usize],
    ids: &[Cow<'_, str>],
    findings: &mut Findings,
) -> Vec<Option<usize>> {
    if let Some(column) = source.table.column("parent") {
        return named(source, rows, ids, column, findings);
    }
    if let Some(column) = source.find(&["outline level"]) {
        return by_level(source, rows, column, findings);
    }
    let number = source.find(&["outline number"]).and_then(|column| by_number(source, rows, column));
    let code = || source.find(&["wbs"]).and_then(|column| by_number(source, rows, column));
    number.or_else(code).unwrap_or_else(|| vec![None; rows.len()])
}

/// Parents by their ids.
fn named(
    source: &Source<'_>,
    rows: &[usize],
    ids: &[Cow<'_, str>],
    column: usize,
    findings: &mut Findings,
) -> Vec<Option<usize>> {
    let positions: HashMap<&str, usize> = ids.iter().enumerate().map(|(at, id)| (&**id, at)).collect();
    let mut lost = Losses::default();
    let parents = rows.iter().map(|&row| {
        let name = source.cell(row, Some(column));
        let parent = positions.get(name).copied();
        if parent.is_none() && !name.is_empty() {
            lost.push(name, source.place(row, Some(column)));
        }
        parent
    });
    let parents = parents.collect();
    lost.report(Finding::error, "unknown-task", "no such parent", findings);
    parents
}

/// The nearest row above that has a lower level. Levels may leave some out, as in exports of a filtered view.
fn by_level(source: &Source<'_>, rows: &[usize], column: usize, findings: &mut Findings) -> Vec<Option<usize>> {
    let mut parents = Vec::with_capacity(rows.len());
    let mut open: Vec<(u32, usize)> = Vec::new();
    for (at, &row) in rows.iter().enumerate() {
        let text = source.cell(row, Some(column));
        let Ok(level) = text.parse::<u32>() else {
            let text = format!("outline level: `{text}` is no level; expected a whole number such as 1");
            findings.push(Finding::error("bad-outline-level", source.place(row, Some(column)), text));
            parents.push(None);
            continue;
        };
        while open.last().is_some_and(|&(above, _)| above >= level) {
            open.pop();
        }
        parents.push(open.last().map(|&(_, parent)| parent));
        open.push((level, at));
    }
    parents
}

/// The row whose number is that of a row without its last part: `1.2` is above `1.2.3`.
///
/// # Returns
/// `None` if the numbers do not tell the rows apart.
fn by_number(source: &Source<'_>, rows: &[usize], column: usize) -> Option<Vec<Option<usize>>> {
    let mut positions: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    for (at, &row) in rows.iter().enumerate() {
        let number = source.cell(row, Some(column));
        if number.is_empty() || positions.insert(number, at).is_some() {
            return None;
        }
    }
    let parent = |&row: &usize| {
        let mut number = source.cell(row, Some(column));
        while let Some((above, _)) = number.rsplit_once('.') {
            if let Some(&parent) = positions.get(above) {
                return Some(parent);
            }
            number = above;
        }
        None
    };
    Some(rows.iter().map(parent).collect())
}
