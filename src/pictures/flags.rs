//! Names of vertical lines: flags above a chart, on lines that rise to them.
//!
//! A flag stands right or left of its line. Those that would touch each other are on different heights, the one on the longer
//! line where it does not cross the other. Sides are chosen by trying all, as there are few; heights are the longest chains of
//! "must be above".

use super::canvas::{Anchor, Area, Canvas, EDGE, LETTERS, Stroke, WIDTH, colour};
use super::lettering::{fitted, width};

/// The height of a flag.
const HEIGHT: f64 = 16.0;
/// Between a line and the text of its flag.
const GAP: f64 = 4.0;
/// The widest name, and the widest value behind it.
const NAME: f64 = 180.0;
const VALUE: f64 = 130.0;
/// Between the lowest flag and the chart.
const LIFT: f64 = 5.0;
/// Sides of so many flags are chosen; the others stand right of their lines if there is room.
const CHOSEN: usize = 8;

/// A line's name, and how high it is.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    at: f64,
    text: String,
    tip: String,
    is_left: bool,
    height: usize,
}

/// Flags above a chart, before it is known where the chart begins.
pub(super) struct Flags {
    flags: Vec<Flag>,
}

impl Flags {
    /// Places names of lines; `lines` has pixels from the left, names, and values that are written behind them.
    pub(super) fn of(lines: Vec<(f64, &str, &str)>) -> Flags {
        let flags = lines.into_iter().map(|(at, name, value)| {
            let text = format!("{} {}", fitted(name, LETTERS, NAME), fitted(value, LETTERS, VALUE));
            Flag { is_left: !fits_right(at, &text), at, text, tip: format!("{name} {value}"), height: 0 }
        });
        let mut flags: Vec<Flag> = flags.collect();
        flags.sort_by(|a, b| a.at.total_cmp(&b.at));
        let tried = flags.len().min(CHOSEN);
        let sides = (0..1_u32 << tried).filter_map(|sides| {
            let mut turned = flags.clone();
            for (number, flag) in turned.iter_mut().take(tried).enumerate() {
                flag.is_left = sides >> number & 1 == 1;
            }
            let is_inside = turned.iter().all(|flag| flag.left() >= EDGE && flag.right() <= WIDTH - EDGE);
            is_inside.then(|| raised(turned))
        });
        // The lowest, and of those the first: most to the right.
        let best = sides.min_by_key(|(flags, crossings)| (*crossings, highest(flags)));
        Flags { flags: best.unwrap_or_else(|| raised(flags)).0 }
    }

    /// Room for them above a chart.
    pub(super) fn room(&self) -> f64 {
        let heights = self.flags.iter().map(|flag| flag.height + 1);
        heights.max().map_or(0.0, |heights| heights as f64 * HEIGHT + LIFT)
    }

    /// Draws lines and names.
    pub(super) fn draw(&self, canvas: &mut Canvas, chart: &Area) {
        let dashes = Stroke { colour: colour::INK, width: 1.5, is_dashed: true };
        for flag in &self.flags {
            let top = flag.area(chart.top).top + 1.0;
            canvas.line("mark", (flag.at, chart.bottom), (flag.at, top), dashes);
        }
        for flag in &self.flags {
            let area = flag.area(chart.top);
            // Where no heights are free of crossings, a line passes behind the text.
            canvas.area(
                "flag",
                &Area { left: area.left + GAP - 1.0, right: area.right - GAP + 1.0, ..area },
                colour::WHITE,
                None,
            );
            let (anchor, x) = match flag.is_left {
                true => (Anchor::End, flag.at - GAP),
                false => (Anchor::Start, flag.at + GAP),
            };
            canvas.text("name", (x, area.bottom - 4.0), anchor, &flag.text, Some(&flag.tip));
        }
    }
}

impl Flag {
    fn left(&self) -> f64 {
        if self.is_left { self.at - self.size() } else { self.at }
    }

    fn right(&self) -> f64 {
        if self.is_left { self.at } else { self.at + self.size() }
    }

    fn size(&self) -> f64 {
        width(&self.text, LETTERS) + 2.0 * GAP
    }

    /// The area over a chart that begins at `top`.
    fn area(&self, top: f64) -> Area {
        let bottom = top - LIFT - self.height as f64 * HEIGHT;
        Area { left: self.left(), top: bottom - HEIGHT, right: self.right(), bottom }
    }

    /// True if a line would run through the text.
    fn is_over(&self, at: f64) -> bool {
        self.left() + 1.0 < at && at < self.right() - 1.0
    }
}

fn fits_right(at: f64, text: &str) -> bool {
    at + width(text, LETTERS) + 2.0 * GAP <= WIDTH - EDGE
}

fn highest(flags: &[Flag]) -> usize {
    flags.iter().map(|flag| flag.height).max().unwrap_or(0)
}

/// Gives flags their heights, and counts the crossings that no heights avoid.
fn raised(mut flags: Vec<Flag>) -> (Vec<Flag>, usize) {
    let mut crossings = 0;
    // (above, below)
    let mut pairs = Vec::new();
    for (second, b) in flags.iter().enumerate() {
        for (first, a) in flags[..second].iter().enumerate() {
            if a.left() >= b.right() || b.left() >= a.right() {
                continue;
            }
            // The line of one below the text of the other must end there.
            let (a_is_over, b_is_over) = (a.is_over(b.at), b.is_over(a.at));
            crossings += usize::from(a_is_over && b_is_over);
            // Where texts hardly touch, either order will do; flags to the right go down to the right, as longer ones do.
            let is_first_above = a_is_over || !(b_is_over || a.is_left && b.is_left);
            pairs.push(if is_first_above { (first, second) } else { (second, first) });
        }
    }
    // A chain has at most as many links as there are flags; a ring would never end.
    let is_low = |flags: &[Flag]| pairs.iter().any(|&(above, below)| flags[above].height <= flags[below].height);
    for _ in 0..flags.len() {
        if !is_low(&flags) {
            break;
        }
        for &(above, below) in &pairs {
            flags[above].height = flags[above].height.max(flags[below].height + 1);
        }
    }
    if is_low(&flags) {
        // One above the other, whatever they cross.
        flags.iter_mut().enumerate().for_each(|(number, flag)| flag.height = number);
        crossings += flags.len();
    }
    (flags, crossings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flags(lines: &[(f64, &str)]) -> Vec<Flag> {
        Flags::of(lines.iter().map(|&(at, name)| (at, name, "5")).collect()).flags
    }

    /// Pairs of texts that touch, and pairs of a line and a text it runs through.
    fn faults(flags: &[Flag]) -> (usize, usize) {
        let mut faults = (0, 0);
        for (number, a) in flags.iter().enumerate() {
            for (other, b) in flags.iter().enumerate() {
                faults.0 += usize::from(number < other && a.area(0.0).overlaps(&b.area(0.0)));
                faults.1 += usize::from(number != other && a.height > b.height && b.is_over(a.at));
            }
        }
        faults
    }

    #[test]
    fn flags_far_apart_are_on_one_height() {
        let flags = flags(&[(100.0, "P50"), (300.0, "P80"), (500.0, "deadline")]);
        assert!(flags.iter().all(|flag| flag.height == 0 && !flag.is_left));
    }

    #[test]
    fn lines_close_together_have_names_on_different_heights() {
        let flags =
            flags(&[(300.0, "planned finish"), (304.0, "P50 of all"), (309.0, "P80 of all"), (304.0, "another")]);
        let mut places: Vec<(usize, bool)> = flags.iter().map(|flag| (flag.height, flag.is_left)).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 4);
        assert_eq!(faults(&flags), (0, 0));
    }

    #[test]
    fn at_the_edges_flags_turn_inwards() {
        let flags = flags(&[(12.0, "at the left"), (788.0, "at the right")]);
        assert_eq!((flags[0].is_left, flags[1].is_left), (false, true));
    }

    #[test]
    fn names_that_hardly_touch_make_no_ring() {
        // The first reaches just over the third, but not over its line.
        for mirrored in [false, true] {
            let lines = [62.3, 139.6, 170.9].map(|at| (if mirrored { WIDTH - at } else { at }, "P80"));
            let flags = Flags::of(lines.map(|(at, name)| (at, name, "2026-03-12")).into()).flags;
            assert_eq!(faults(&flags), (0, 0));
        }
    }

    proptest! {
        #[test]
        fn texts_never_touch_and_stay_inside(lines in prop::collection::vec((50.0..750.0_f64, 1..60_usize), 0..12)) {
            let names: Vec<String> = lines.iter().map(|line| "a".repeat(line.1)).collect();
            let flags = Flags::of(lines.iter().zip(&names).map(|(line, name)| (line.0, &name[..], &name[..])).collect()).flags;
            prop_assert_eq!(faults(&flags).0, 0);
            prop_assert!(flags.iter().all(|flag| flag.left() >= EDGE && flag.right() <= WIDTH - EDGE));
        }

        #[test]
        fn three_short_names_are_never_crossed(lines in prop::collection::vec(50.0..750.0_f64, 3)) {
            let flags = Flags::of(lines.into_iter().map(|at| (at, "P80", "2026-03-12")).collect()).flags;
            prop_assert_eq!(faults(&flags), (0, 0));
        }
    }
}
