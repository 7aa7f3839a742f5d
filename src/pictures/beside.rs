//! Names beside points: where there is room for them.

use super::canvas::{Anchor, Area, LETTERS, Place};
use super::lettering::width;

/// From the edge of a point to its name.
const GAP: f64 = 4.0;
/// The height of a name.
const HEIGHT: f64 = 14.0;

/// What names must not cover.
pub(super) struct Room<'a> {
    /// The chart they must not leave.
    pub(super) chart: &'a Area,
    /// The points and their radii.
    pub(super) points: &'a [(Place, f64)],
    /// Corners of the line through the points.
    pub(super) line: &'a [Place],
    /// Names that have their places.
    pub(super) taken: Vec<Area>,
}

impl Room<'_> {
    /// A place for a name beside a point, on one of eight sides. Nothing if it would cover the line, another name or a point
    /// everywhere; a name that must be told may cover the line.
    pub(super) fn place(&mut self, point: (Place, f64), text: &str, must: bool) -> Option<(Place, Anchor)> {
        let free: Vec<_> =
            around(point, width(text, LETTERS)).into_iter().filter(|(_, _, area)| self.is_free(area)).collect();
        let is_off_line = |area: &Area| !self.line.windows(2).any(|ends| crosses(ends[0], ends[1], area));
        let (place, anchor, area) =
            *free.iter().find(|(_, _, area)| is_off_line(area)).or(free.first().filter(|_| must))?;
        self.taken.push(area);
        Some((place, anchor))
    }

    fn is_free(&self, area: &Area) -> bool {
        let square = |&((x, y), radius): &(Place, f64)| Area {
            left: x - radius,
            top: y - radius,
            right: x + radius,
            bottom: y + radius,
        };
        self.chart.holds(area)
            && !self.taken.iter().any(|taken| taken.overlaps(area))
            && !self.points.iter().any(|point| square(point).overlaps(area))
    }
}

/// The places around a point, the usual ones first: where the text stands, and what it covers.
fn around(((x, y), radius): (Place, f64), width: f64) -> [(Place, Anchor, Area); 8] {
    // To the right and downwards, in the distance from the point's middle.
    let sides = [(1.0, 0.0), (0.7, -1.3), (0.7, 1.3), (-0.7, -1.3), (-0.7, 1.3), (-1.0, 0.0), (0.0, -2.0), (0.0, 2.0)];
    sides.map(|(right, down)| {
        let (x, middle) = (x + right * (radius + GAP), y + down * (radius + GAP));
        let (anchor, left) = match right {
            right if right > 0.0 => (Anchor::Start, x),
            right if right < 0.0 => (Anchor::End, x - width),
            _ => (Anchor::Middle, x - width / 2.0),
        };
        let area = Area { left, top: middle - HEIGHT / 2.0, right: left + width, bottom: middle + HEIGHT / 2.0 };
        ((x, middle + 4.0), anchor, area)
    })
}

/// True if a straight line goes through an area (Liang and Barsky 1984).
fn crosses(from: Place, to: Place, area: &Area) -> bool {
    let (across, down) = (to.0 - from.0, to.1 - from.1);
    let borders = [
        (-across, from.0 - area.left),
        (across, area.right - from.0),
        (-down, from.1 - area.top),
        (down, area.bottom - from.1),
    ];
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    for (direction, distance) in borders {
        match direction {
            0.0 if distance < 0.0 => return false,
            0.0 => {}
            direction if direction < 0.0 => enters = enters.max(distance / direction),
            direction => leaves = leaves.min(distance / direction),
        }
    }
    enters <= leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: Area = Area { left: 0.0, top: 0.0, right: 200.0, bottom: 200.0 };

    #[test]
    fn lines_cross_areas_they_go_through() {
        let area = Area { left: 10.0, top: 10.0, right: 20.0, bottom: 20.0 };
        for (from, to, is_crossed) in [
            ((0.0, 15.0), (30.0, 15.0), true),
            ((0.0, 0.0), (30.0, 30.0), true),
            ((12.0, 12.0), (13.0, 13.0), true),
            ((0.0, 25.0), (30.0, 25.0), false),
            ((0.0, 15.0), (5.0, 15.0), false),
            ((0.0, 25.0), (25.0, 50.0), false),
        ] {
            assert_eq!(crosses(from, to, &area), is_crossed, "{from:?} {to:?}");
        }
    }

    #[test]
    fn names_avoid_edges_points_and_each_other() {
        let points = [(195.0, 100.0), (100.0, 100.0), (112.0, 100.0)].map(|place| (place, 5.0));
        let mut room = Room { chart: &CHART, points: &points, line: &[], taken: Vec::new() };
        let anchors: Vec<_> =
            points.iter().map(|&point| room.place(point, "abc", false).map(|(_, anchor)| anchor)).collect();
        // The first has the edge on its right; the second has the third there, above and below too.
        assert_eq!(anchors, [Some(Anchor::End), Some(Anchor::End), Some(Anchor::Start)]);
        for (number, area) in room.taken.iter().enumerate() {
            assert!(CHART.holds(area) && !room.taken[..number].iter().any(|other| other.overlaps(area)));
        }
    }

    #[test]
    fn only_names_that_must_be_told_cover_the_line() {
        let point = ((100.0, 100.0), 5.0);
        let zigzag = [(0.0, 85.0), (200.0, 85.0), (200.0, 101.0), (0.0, 101.0), (0.0, 115.0), (200.0, 115.0)];
        for must in [false, true] {
            let mut room = Room { chart: &CHART, points: &[point], line: &zigzag, taken: Vec::new() };
            assert_eq!(room.place(point, "abc", must).is_some(), must);
        }
    }

    #[test]
    fn a_name_without_room_is_not_placed() {
        let mut room = Room { chart: &CHART, points: &[], line: &[], taken: vec![CHART] };
        assert_eq!(room.place(((100.0, 100.0), 5.0), "abc", true), None);
    }
}
