//! What waits for what, as boxes in layers from left to right: an activity-on-node diagram.

use super::canvas::{Anchor, Area, BELOW_TITLE, Canvas, EDGE, LETTERS, Place, Stroke, WIDTH, colour, number};
use super::gantt::{Shape, arrow_head, polygon};
use super::layers::{Layout, Way, layout};
use super::lettering::{BOLD, fitted, width};

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is called, in bold.
    pub name: String,
    /// What stands below its name; three lines are shown.
    pub lines: Vec<String>,
    /// What the pointer is told that rests on it.
    pub tip: String,
    /// Its look.
    pub shape: Shape,
    /// Which share of it is done, from 0 to 1.
    pub done: f64,
    /// True if it is critical.
    pub is_critical: bool,
}

/// A link between two boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Which box it leaves.
    pub from: usize,
    /// Which box it reaches.
    pub to: usize,
    /// What stands beside it; may be empty.
    pub label: String,
    /// What the pointer is told that rests on its head.
    pub tip: String,
    /// True if it is critical.
    pub is_critical: bool,
}

/// What [`network`] draws.
#[derive(Clone, Copy, Debug)]
pub struct Network<'a> {
    /// The title of the picture.
    pub title: &'a str,
    /// The boxes; those beside each other are in this order as far as links allow.
    pub nodes: &'a [Node],
    /// Links between them; those from a box to itself, or to none, are not drawn.
    pub links: &'a [Link],
    /// A remark below the title; may be empty.
    pub note: &'a str,
}

/// The size of a box, and what is kept free above and below it.
const BOX: (f64, f64) = (184.0, 72.0);
const AROUND: f64 = 18.0;
/// Room for a link that passes boxes.
const LANE: f64 = 16.0;
/// Between the lines of a box.
const LINE: f64 = 15.0;
const LINES: usize = 3;
/// Between layers: the least, more for each link, the most; room for labels comes on top.
const GAP: (f64, f64, f64) = (44.0, 4.0, 110.0);
/// The widest label, and its height.
const LABEL: (f64, f64) = (180.0, 14.0);
/// How far the ends of milestones, and the posts of gates, reach in.
const POINT: f64 = 16.0;
const POST: f64 = 6.0;
/// A row of text.
const ROW: f64 = 20.0;
const CRITICAL: Stroke = Stroke { colour: colour::VERMILION, width: 2.8, is_dashed: false };
const OTHER: Stroke = Stroke { colour: colour::BLUE, width: 1.2, is_dashed: false };
const LINK: Stroke = Stroke { colour: colour::GREY, width: 1.0, is_dashed: false };
const CRITICAL_LINK: Stroke = Stroke { colour: colour::VERMILION, width: 2.2, is_dashed: false };

/// Draws the network of what waits for what: links lead from left to right, boxes without any stand below.
///
/// # Returns
/// An SVG picture, as large as its boxes need.
///
/// # Source
/// Layers after Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", IEEE
/// Transactions on Systems, Man and Cybernetics 11 (1981).
pub fn network(network: &Network<'_>) -> String {
    let drawing = Drawing::of(network);
    let mut canvas = Canvas::wide(network.title, &description(network), drawing.size);
    draw_legend(&mut canvas, network);
    if !network.note.is_empty() {
        let text = fitted(network.note, LETTERS, drawing.size.0 - 2.0 * EDGE);
        canvas.text("note", (EDGE, BELOW_TITLE + ROW + 8.0), Anchor::Start, &text, Some(network.note));
    }
    let is_critical = |at: &usize| network.links[drawing.linked[*at]].is_critical;
    let (critical, others): (Vec<usize>, Vec<usize>) = (0..drawing.linked.len()).partition(is_critical);
    others.iter().chain(&critical).for_each(|&at| drawing.draw_link(&mut canvas, at));
    drawing.draw_labels(&mut canvas);
    if let Some((top, _)) = drawing.loose {
        canvas.text("heading", (EDGE, top - AROUND), Anchor::Start, "Without links", None);
    }
    for (node, area) in network.nodes.iter().zip(&drawing.boxes) {
        draw_box(&mut canvas, node, area);
    }
    canvas.finish()
}

/// A diagram whose places are known.
struct Drawing<'a> {
    network: &'a Network<'a>,
    size: (f64, f64),
    boxes: Vec<Area>,
    /// The links that are drawn, and their ways.
    linked: Vec<usize>,
    ways: Vec<Way>,
    /// Where each layer begins.
    lefts: Vec<f64>,
    /// Where the layers are drawn.
    top: f64,
    bottom: f64,
    /// Where boxes without links begin and end.
    loose: Option<(f64, f64)>,
}

impl<'a> Drawing<'a> {
    fn of(network: &'a Network<'a>) -> Drawing<'a> {
        let count = network.nodes.len();
        let is_drawn = |link: &Link| link.from != link.to && link.from < count && link.to < count;
        let linked: Vec<usize> = (0..network.links.len()).filter(|&at| is_drawn(&network.links[at])).collect();
        let mut number_of = vec![None; count];
        for &at in &linked {
            let link = &network.links[at];
            (number_of[link.from], number_of[link.to]) = (Some(0), Some(0));
        }
        number_of.iter_mut().flatten().enumerate().for_each(|(at, number)| *number = at);
        let number = |node: usize| number_of[node].unwrap_or_default();
        let pairs: Vec<(usize, usize)> =
            (linked.iter()).map(|&at| (number(network.links[at].from), number(network.links[at].to))).collect();
        let Layout { nodes, links: ways, layers, height } =
            layout(number_of.iter().flatten().count(), &pairs, (BOX.1 + AROUND, LANE));
        let (lefts, right) = across(network, &linked, &ways, layers);
        let top = BELOW_TITLE + 2.0 * ROW + if network.note.is_empty() { 0.0 } else { ROW };
        let bottom = top + height;
        let wide = WIDTH.max(right + EDGE).ceil();
        let columns = (((wide - 2.0 * EDGE + AROUND) / (BOX.0 + AROUND)) as usize).max(1);
        let loose_count = number_of.iter().filter(|number| number.is_none()).count();
        let loose = (loose_count > 0).then(|| {
            let top = if height > 0.0 { bottom + 2.0 * ROW } else { top + ROW };
            (top, top + loose_count.div_ceil(columns) as f64 * (BOX.1 + AROUND))
        });
        let mut placed = 0;
        let boxes = number_of.iter().map(|number| {
            let (left, top) = match number {
                Some(number) => {
                    let (layer, middle) = nodes[*number];
                    (lefts[layer], top + middle - BOX.1 / 2.0)
                }
                None => {
                    let (row, column) = (placed / columns, placed % columns);
                    placed += 1;
                    let first = loose.map_or(0.0, |(top, _)| top);
                    (EDGE + column as f64 * (BOX.0 + AROUND), first + row as f64 * (BOX.1 + AROUND))
                }
            };
            Area { left, top, right: left + BOX.0, bottom: top + BOX.1 }
        });
        let boxes: Vec<Area> = boxes.collect();
        let high = loose.map_or(bottom, |(_, end)| end) + EDGE;
        Drawing { network, size: (wide, high.ceil()), boxes, linked, ways, lefts, top, bottom, loose }
    }

    /// The ends of a link in the gap behind a layer, left and right.
    fn ends(&self, at: usize, step: usize) -> (Place, Place) {
        let way = &self.ways[at];
        let layer = way.first + step;
        let y = |step: usize| self.top + way.middles[step];
        ((self.lefts[layer] + BOX.0, y(step)), (self.lefts[layer + 1], y(step + 1)))
    }

    fn draw_link(&self, canvas: &mut Canvas, at: usize) {
        let link = &self.network.links[self.linked[at]];
        let (stroke, class) = match link.is_critical {
            true => (CRITICAL_LINK, "link critical"),
            false => (LINK, "link"),
        };
        let way = &self.ways[at];
        let steps = way.middles.len() - 1;
        let (first, last) = (self.ends(at, 0).0, self.ends(at, steps - 1).1);
        let mut commands = String::new();
        for step in 0..steps {
            let (mut begin, mut end) = self.ends(at, step);
            if step == 0 {
                begin.0 += if way.is_turned { HEAD } else { 0.0 };
                commands.push_str(&format!("M{} {}", number(begin.0), number(begin.1)));
            } else {
                commands.push_str(&format!("H{}", number(begin.0)));
            }
            if step + 1 == steps && !way.is_turned {
                end.0 -= HEAD;
            }
            if begin.1 == end.1 {
                commands.push_str(&format!("H{}", number(end.0)));
            } else {
                let middle = number((begin.0 + end.0) / 2.0);
                let [from, to, right] = [begin.1, end.1, end.0].map(number);
                commands.push_str(&format!("C{middle} {from} {middle} {to} {right} {to}"));
            }
        }
        canvas.path(class, &commands, stroke);
        let (tip, towards) = if way.is_turned { (first, -1.0) } else { (last, 1.0) };
        canvas.shape("head", &arrow_head(tip, (towards, 0.0), HEAD), stroke.colour, Some(&link.tip));
    }

    /// The ends of all links but one in the gap behind a layer.
    fn others_in_gap(&self, but: usize, layer: usize) -> impl Iterator<Item = (Place, Place)> {
        let others = self.ways.iter().enumerate().filter(move |(at, _)| *at != but);
        others.filter_map(move |(at, way)| {
            let step = layer.checked_sub(way.first).filter(|step| step + 1 < way.middles.len())?;
            Some(self.ends(at, step))
        })
    }

    /// Puts labels on their links, near their ends, where there is room and the fewest other links are covered.
    fn draw_labels(&self, canvas: &mut Canvas) {
        let mut taken: Vec<Area> = Vec::new();
        for (at, way) in self.ways.iter().enumerate() {
            let link = &self.network.links[self.linked[at]];
            let text = fitted(&link.label, LETTERS, LABEL.0);
            if text.is_empty() {
                continue;
            }
            let steps = way.middles.len() - 1;
            let step = if way.is_turned { 0 } else { steps - 1 };
            let (begin, end) = self.ends(at, step);
            let half = width(&text, LETTERS) / 2.0 + 2.0;
            let spots = SPOTS.iter().map(|share| {
                let (x, y) = on_curve((begin, end), *share);
                Area { left: x - half, right: x + half, top: y - LABEL.1 / 2.0, bottom: y + LABEL.1 / 2.0 }
            });
            let is_free = |spot: &Area| {
                let inside =
                    Area { left: begin.0 + 4.0, right: end.0 - HEAD - 2.0, top: self.top, bottom: self.bottom };
                inside.holds(spot) && !taken.iter().any(|other| other.overlaps(spot))
            };
            let others: Vec<(Place, Place)> = self.others_in_gap(at, way.first + step).collect();
            let covers = |spot: &Area| others.iter().filter(|ends| passes(**ends, spot)).count();
            // Without room it is told where the pointer rests on the head.
            if let Some(spot) = spots.filter(is_free).min_by_key(covers) {
                canvas.area("ground", &spot, colour::WHITE, None);
                let place = ((spot.left + spot.right) / 2.0, spot.bottom - 3.0);
                canvas.text("label", place, Anchor::Middle, &text, Some(&link.tip));
                taken.push(spot);
            }
        }
    }
}

/// Where labels are tried: shares of the way through a gap.
const SPOTS: [f64; 13] = [0.5, 0.55, 0.6, 0.45, 0.65, 0.4, 0.7, 0.35, 0.75, 0.3, 0.8, 0.25, 0.2];
/// Places at which a link through a gap is looked at.
const STEPS: u32 = 40;
/// The length of the head of an arrow.
const HEAD: f64 = 8.0;

/// Where each layer begins, and where the last ends.
fn across(network: &Network<'_>, linked: &[usize], ways: &[Way], layers: usize) -> (Vec<f64>, f64) {
    let mut counts = vec![0; layers];
    let mut labels = vec![0.0_f64; layers];
    for (&at, way) in linked.iter().zip(ways) {
        let last = way.first + way.middles.len() - 2;
        let bends = way.middles.windows(2).enumerate().filter(|(_, pair)| pair[0] != pair[1]);
        bends.for_each(|(step, _)| counts[way.first + step] += 1);
        let label = fitted(&network.links[at].label, LETTERS, LABEL.0);
        if !label.is_empty() {
            let gap = if way.is_turned { way.first } else { last };
            labels[gap] = labels[gap].max(width(&label, LETTERS) + 12.0);
        }
    }
    let mut left = EDGE;
    let lefts = counts.iter().zip(labels).map(|(&count, label)| {
        let here = left;
        left += BOX.0 + (GAP.0 + GAP.1 * f64::from(count)).min(GAP.2) + label;
        here
    });
    let lefts: Vec<f64> = lefts.collect();
    let right = lefts.last().map_or(0.0, |left| left + BOX.0);
    (lefts, right)
}

/// A place on the curve of a link through a gap.
fn on_curve(((left, from), (right, to)): (Place, Place), share: f64) -> Place {
    let rest = 1.0 - share;
    let bow = 3.0 * rest * share;
    let x = rest.powi(3) * left + bow * (left + right) / 2.0 + share.powi(3) * right;
    let y = (rest.powi(3) + bow * rest) * from + (bow * share + share.powi(3)) * to;
    (x, y)
}

/// True if a link through a gap leads through an area.
fn passes(ends: (Place, Place), area: &Area) -> bool {
    let is_inside = |(x, y): Place| area.left < x && x < area.right && area.top < y && y < area.bottom;
    (0..=STEPS).any(|step| is_inside(on_curve(ends, f64::from(step) / f64::from(STEPS))))
}

/// The outline of a box, and the lines in it.
fn outlines(shape: Shape, area: &Area) -> Vec<String> {
    let Area { left, top, right, bottom } = *area;
    let middle = (top + bottom) / 2.0;
    let whole = |by: f64| {
        polygon(&[(left + by, top + by), (right - by, top + by), (right - by, bottom - by), (left + by, bottom - by)])
    };
    let upright = |x: f64| format!("M{} {}V{}", number(x), number(top), number(bottom));
    match shape {
        Shape::Activity => vec![whole(0.0)],
        Shape::Summary => vec![whole(0.0), whole(4.0)],
        Shape::Gate => vec![whole(0.0), upright(left + POST), upright(right - POST)],
        Shape::Milestone => vec![polygon(&[
            (left + POINT, top),
            (right - POINT, top),
            (right, middle),
            (right - POINT, bottom),
            (left + POINT, bottom),
            (left, middle),
        ])],
    }
}

fn draw_outlines(canvas: &mut Canvas, (class, shape): (&str, Shape), area: &Area, fill: &str, stroke: Stroke) {
    let lines = outlines(shape, area);
    canvas.shape(class, &lines[0], fill, None);
    for (at, line) in lines.iter().enumerate() {
        let thin = Stroke { width: stroke.width.min(1.2), ..stroke };
        canvas.path("outline", line, if at == 0 { stroke } else { thin });
    }
}

const DONE: &str = "#E4E4E4";
const CRITICAL_FILL: &str = "#FDF0E6";

fn draw_box(canvas: &mut Canvas, node: &Node, area: &Area) {
    let critical = if node.is_critical { " critical" } else { "" };
    let is_done = node.done >= 1.0;
    let fill = match (is_done, node.is_critical) {
        (true, _) => DONE,
        (false, true) => CRITICAL_FILL,
        (false, false) => colour::WHITE,
    };
    let (class, stroke) = (format!("{}{critical}", class(node.shape)), if node.is_critical { CRITICAL } else { OTHER });
    draw_outlines(canvas, (&class, node.shape), area, fill, stroke);
    let pad = match node.shape {
        Shape::Activity | Shape::Summary => 8.0,
        Shape::Gate => POST + 6.0,
        Shape::Milestone => POINT + 2.0,
    };
    if node.done > 0.0 && node.shape == Shape::Activity {
        let (left, right) = (area.left + 4.0, area.right - 4.0);
        let until = left + (right - left) * node.done.min(1.0);
        let strip = Area { left, right: until, top: area.bottom - 6.0, bottom: area.bottom - 3.0 };
        canvas.area("done", &strip, colour::DEEP_BLUE, None);
    }
    let room = BOX.0 - 2.0 * pad;
    let (x, first) = (area.left + pad, area.top + 16.0);
    canvas.bold_text("name", (x, first), Anchor::Start, &fitted(&node.name, LETTERS * BOLD, room));
    for (at, line) in node.lines.iter().take(LINES).enumerate() {
        let y = first + LINE * (at + 1) as f64;
        canvas.text("line", (x, y), Anchor::Start, &fitted(line, LETTERS, room), None);
    }
    // Over all of it, so that the pointer finds the same everywhere.
    canvas.area("node", area, "transparent", Some(&node.tip));
}

fn class(shape: Shape) -> &'static str {
    match shape {
        Shape::Activity => "activity",
        Shape::Milestone => "milestone",
        Shape::Summary => "summary",
        Shape::Gate => "gate",
    }
}

/// Samples of what there is in the diagram.
fn draw_legend(canvas: &mut Canvas, network: &Network<'_>) {
    let nodes = || network.nodes.iter();
    let has = |shape: Shape| nodes().any(|node| node.shape == shape);
    let y = BELOW_TITLE + 4.0;
    let mut x = EDGE;
    let mut put = |is_there: bool, name: &str, (shape, fill, stroke): (Shape, &str, Stroke)| {
        if is_there {
            let area = Area { left: x, right: x + SAMPLE.0, top: y - SAMPLE.1 / 2.0, bottom: y + SAMPLE.1 / 2.0 };
            draw_outlines(canvas, ("sample", shape), &area, fill, stroke);
            canvas.text("legend", (area.right + 6.0, y + 4.0), Anchor::Start, name, None);
            x = area.right + 6.0 + width(name, LETTERS) + 1.5 * EDGE;
        }
    };
    put(nodes().any(|node| node.is_critical), "critical", (Shape::Activity, CRITICAL_FILL, CRITICAL));
    put(nodes().any(|node| !node.is_critical), "not critical", (Shape::Activity, colour::WHITE, OTHER));
    put(nodes().any(|node| node.done >= 1.0), "done", (Shape::Activity, DONE, OTHER));
    put(has(Shape::Milestone), "milestone", (Shape::Milestone, colour::WHITE, OTHER));
    put(has(Shape::Gate), "quality gate", (Shape::Gate, colour::WHITE, OTHER));
    put(has(Shape::Summary), "summary", (Shape::Summary, colour::WHITE, OTHER));
}

/// The size of a sample.
const SAMPLE: (f64, f64) = (40.0, 14.0);

fn description(network: &Network<'_>) -> String {
    if network.nodes.is_empty() {
        return "No tasks.".to_owned();
    }
    let count = |shape: Shape| network.nodes.iter().filter(|node| node.shape == shape).count();
    let mut text = format!(
        "Boxes from left to right, each behind what it waits for: {} activities, {} milestones, {} gates, {} summaries, \
         {} links; {} boxes are critical.",
        count(Shape::Activity),
        count(Shape::Milestone),
        count(Shape::Gate),
        count(Shape::Summary),
        network.links.len(),
        network.nodes.iter().filter(|node| node.is_critical).count(),
    );
    if !network.note.is_empty() {
        text.push_str(&format!(" {}.", network.note));
    }
    text
}
