//! Which rows of a chart are boxes, and which lie within one.

use crate::pictures::Shape;
use crate::schedule::{Gantt, GanttRow};
use crate::units::Minutes;

/// Boxes of a picture, at most, besides those of the ends of summaries.
const MOST_BOXES: usize = 120;

/// The rows that are boxes.
pub(super) struct Boxes {
    /// In the order of the chart.
    pub(super) shown: Vec<usize>,
    /// The box in which each row lies, its own or that of a summary above it, by its number in `shown`; none of summaries whose
    /// rows are boxes of their own, and of what is left out.
    pub(super) box_of: Vec<Option<usize>>,
    /// The end of the rows below each row.
    pub(super) ends: Vec<usize>,
    /// Summaries that are boxes, though there are rows below them, and the number of those rows.
    folded: (usize, usize),
    left_out: usize,
}

impl Boxes {
    /// Chooses the boxes of a chart.
    pub(super) fn of(chart: &Gantt) -> Boxes {
        let rows = &chart.rows;
        let ends: Vec<usize> = (0..rows.len()).map(|at| end_below(rows, at)).collect();
        let above = chart.rows_above();
        let has_below = |at: usize| ends[at] > at + 1;
        let mut is_open: Vec<bool> = (0..rows.len()).map(has_below).collect();
        if is_open.iter().filter(|is_open| !**is_open).count() > MOST_BOXES {
            is_open = opened(rows, &above, &ends);
        }
        let is_inside_open = |at: &usize| std::iter::successors(above[*at], |&at| above[at]).all(|at| is_open[at]);
        let mut shown: Vec<usize> = (0..rows.len()).filter(|&at| !is_open[at]).filter(is_inside_open).collect();
        let left_out = shown.len().saturating_sub(MOST_BOXES);
        if left_out > 0 {
            shown.sort_by_key(|&at| {
                let row = &rows[at];
                (row.is_done(), row.total_float.unwrap_or(Minutes::MAX), !row.longest_path, at)
            });
            shown.truncate(MOST_BOXES);
            shown.sort_unstable();
        }
        let mut box_of = vec![None; rows.len()];
        for (number, &at) in shown.iter().enumerate() {
            box_of[at..ends[at]].fill(Some(number));
        }
        let folded = shown.iter().filter(|&&at| has_below(at));
        let folded = folded.fold((0, 0), |(count, below), &at| (count + 1, below + ends[at] - at - 1));
        Boxes { shown, box_of, ends, folded, left_out }
    }

    /// The boxes below a summary that is none itself.
    pub(super) fn below(&self, at: usize) -> impl Iterator<Item = usize> {
        let (from, to) = (at + 1, self.ends[at]);
        let first = self.shown.partition_point(|&row| row < from);
        first..self.shown.partition_point(|&row| row < to)
    }

    /// True if a box stands for the rows below it.
    pub(super) fn is_folded(&self, number: usize) -> bool {
        let at = self.shown[number];
        self.ends[at] > at + 1
    }

    /// What is not shown; empty if everything is.
    pub(super) fn note(&self) -> String {
        let plural = |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let mut notes = Vec::new();
        if self.folded.0 > 0 {
            notes.push(format!(
                "{} drawn as one box each, with the links of the {} below them",
                plural(self.folded.0, "summary is", "summaries are"),
                plural(self.folded.1, "row", "rows"),
            ));
        }
        if self.left_out > 0 {
            let count = plural(self.left_out, "box is", "boxes are");
            notes.push(format!("{count} left out; shown is what has the least float"));
        }
        notes.join("; ")
    }
}

/// Where the rows below a row end.
fn end_below(rows: &[GanttRow], at: usize) -> usize {
    let is_below = |row: &&GanttRow| row.depth > rows[at].depth;
    if rows[at].shape == Shape::Summary { at + 1 + rows[at + 1..].iter().take_while(is_below).count() } else { at + 1 }
}

/// The summaries whose rows are shown: from the top, critical ones first, as long as there is room.
fn opened(rows: &[GanttRow], above: &[Option<usize>], ends: &[usize]) -> Vec<bool> {
    let mut children = vec![0; rows.len()];
    above.iter().flatten().for_each(|&at| children[at] += 1);
    let mut count = above.iter().filter(|above| above.is_none()).count();
    let mut is_open = vec![false; rows.len()];
    let mut summaries: Vec<usize> = (0..rows.len()).filter(|&at| ends[at] > at + 1).collect();
    summaries.sort_by_key(|&at| (rows[at].depth, !rows[at].critical, at));
    for at in summaries {
        let more = children[at] - 1;
        if above[at].is_none_or(|above| is_open[above]) && count + more <= MOST_BOXES {
            is_open[at] = true;
            count += more;
        }
    }
    is_open
}
