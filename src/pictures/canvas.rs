//! Where shapes and texts are put: a tree of SVG elements, of the crate `svg`.
//!
//! Not by the crate `plotters`: its SVG has whole pixels only, which makes stairs of a curve, and neither `title` nor `desc`; it
//! takes a text's width for that of its bytes, and lets through characters that XML cannot hold.

use svg::Document;
use svg::node::Node;
use svg::node::element::Element;

use super::lettering::{BOLD, FONTS, cleaned, fitted};

/// The width of a picture, unless it says.
pub(super) const WIDTH: f64 = 800.0;
/// Kept free at the edges.
pub(super) const EDGE: f64 = 10.0;
/// The size of letters.
pub(super) const LETTERS: f64 = 12.0;
/// The size of a title's letters.
const TITLE: f64 = 16.0;
/// Where a title ends.
pub(super) const BELOW_TITLE: f64 = 36.0;

/// Colours by Okabe and Ito, and greys.
pub(super) mod colour {
    pub(crate) const BLUE: &str = "#0072B2";
    pub(crate) const SKY: &str = "#56B4E9";
    pub(crate) const ORANGE: &str = "#E69F00";
    pub(crate) const VERMILION: &str = "#D55E00";
    /// Blue and vermilion, darker.
    pub(crate) const DEEP_BLUE: &str = "#003F66";
    pub(crate) const DEEP_VERMILION: &str = "#7F3800";
    pub(crate) const INK: &str = "#222222";
    pub(crate) const GREY: &str = "#555555";
    pub(crate) const FAINT: &str = "#DDDDDD";
    pub(crate) const PALE: &str = "#F5F5F5";
    pub(crate) const WHITE: &str = "#FFFFFF";
}

/// A place: from the left, and from the top.
pub(super) type Place = (f64, f64);

/// An area; its `top` is the lesser number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    /// True if they share more than a border.
    pub(super) fn overlaps(&self, other: &Area) -> bool {
        let across = self.left < other.right && other.left < self.right;
        across && self.top < other.bottom && other.top < self.bottom
    }

    /// True if the other does not stick out.
    pub(super) fn holds(&self, other: &Area) -> bool {
        let across = self.left <= other.left && other.right <= self.right;
        across && self.top <= other.top && other.bottom <= self.bottom
    }
}

/// A line's looks.
#[derive(Clone, Copy)]
pub(super) struct Stroke {
    pub(super) colour: &'static str,
    pub(super) width: f64,
    pub(super) is_dashed: bool,
}

impl Stroke {
    /// A thin one.
    pub(super) const fn thin(colour: &'static str) -> Stroke {
        Stroke { colour, width: 1.0, is_dashed: false }
    }

    /// A thick one.
    pub(super) const fn thick(colour: &'static str) -> Stroke {
        Stroke { colour, width: 2.5, is_dashed: false }
    }
}

/// Which part of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A picture in the making.
pub(super) struct Canvas {
    document: Document,
    width: f64,
}

impl Canvas {
    /// White, with a title; `description` tells screen readers what there is to see.
    pub(super) fn new(title: &str, description: &str, height: f64) -> Canvas {
        Canvas::wide(title, description, (WIDTH, height))
    }

    /// As [`Canvas::new`], of another width.
    pub(super) fn wide(title: &str, description: &str, (width, height): (f64, f64)) -> Canvas {
        let document = Document::new()
            .set("viewBox", format!("0 0 {width} {height}"))
            .set("width", width)
            .set("height", height)
            .set("role", "img")
            .set("font-family", FONTS)
            .set("font-size", LETTERS);
        let mut canvas = Canvas { document, width };
        canvas.document.append(texts("title", title));
        canvas.document.append(texts("desc", description));
        let ground = Area { left: 0.0, top: 0.0, right: width, bottom: height };
        canvas.area("ground", &ground, colour::WHITE, None);
        let shown = fitted(title, TITLE * BOLD, width - 2.0 * EDGE);
        let mut element = text_element("heading", (EDGE, 24.0), Anchor::Start, &shown);
        element.assign("font-size", TITLE);
        element.assign("font-weight", "bold");
        canvas.document.append(element);
        canvas
    }

    /// How wide it is.
    pub(super) fn width(&self) -> f64 {
        self.width
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, from: Place, to: Place, stroke: Stroke) {
        let mut element = stroked("line", class, stroke);
        for (name, value) in [("x1", from.0), ("y1", from.1), ("x2", to.0), ("y2", to.1)] {
            element.assign(name, number(value));
        }
        self.document.append(element);
    }

    /// A line through places, by the commands of an SVG path.
    pub(super) fn path(&mut self, class: &str, commands: &str, stroke: Stroke) {
        let mut element = stroked("path", class, stroke);
        element.assign("d", commands);
        element.assign("stroke-linejoin", "round");
        self.document.append(element);
    }

    /// A filled area, with a text for the pointer that rests on it.
    pub(super) fn area(&mut self, class: &str, area: &Area, colour: &str, tip: Option<&str>) {
        let mut element = classed("rect", class);
        let (width, height) = (area.right - area.left, area.bottom - area.top);
        for (name, value) in [("x", area.left), ("y", area.top), ("width", width), ("height", height)] {
            element.assign(name, number(value));
        }
        element.assign("fill", colour);
        self.add(element, tip);
    }

    /// A filled shape, by the commands of an SVG path.
    pub(super) fn shape(&mut self, class: &str, commands: &str, colour: &str, tip: Option<&str>) {
        let mut element = classed("path", class);
        element.assign("d", commands);
        element.assign("fill", colour);
        self.add(element, tip);
    }

    /// A dot; a white ring sets it off from the lines below.
    pub(super) fn dot(&mut self, class: &str, (x, y): Place, radius: f64, colour: &str, tip: Option<&str>) {
        let mut element = classed("circle", class);
        for (name, value) in [("cx", x), ("cy", y), ("r", radius)] {
            element.assign(name, number(value));
        }
        element.assign("fill", colour);
        element.assign("stroke", colour::WHITE);
        self.add(element, tip);
    }

    /// A text on a base line, as it is: whoever calls has seen to its room.
    pub(super) fn text(&mut self, class: &str, place: Place, anchor: Anchor, text: &str, tip: Option<&str>) {
        let element = text_element(class, place, anchor, text);
        match tip {
            None => self.document.append(element),
            // In a group, as what is inside a text element may be taken for its text.
            Some(_) => {
                let mut group = Element::new("g");
                group.append(element);
                self.add(group, tip);
            }
        }
    }

    /// A text in bold letters, as it is.
    pub(super) fn bold_text(&mut self, class: &str, place: Place, anchor: Anchor, text: &str) {
        let mut element = text_element(class, place, anchor, text);
        element.assign("font-weight", "bold");
        self.document.append(element);
    }

    /// A text that reads upwards, its middle at a place.
    pub(super) fn upward_text(&mut self, class: &str, (x, y): Place, text: &str) {
        let mut element = text_element(class, (x, y), Anchor::Middle, text);
        element.assign("transform", format!("rotate(-90 {} {})", number(x), number(y)));
        self.document.append(element);
    }

    /// The picture.
    pub(super) fn finish(self) -> String {
        let mut text = self.document.to_string();
        text.push('\n');
        text
    }

    fn add(&mut self, mut element: Element, tip: Option<&str>) {
        if let Some(tip) = tip {
            element.append(texts("title", tip));
        }
        self.document.append(element);
    }
}

/// A number of pixels, to the hundredth.
pub(super) fn number(value: f64) -> f64 {
    // Adding zero takes the sign off a zero.
    (value * 100.0).round() / 100.0 + 0.0
}

fn classed(name: &str, class: &str) -> Element {
    let mut element = Element::new(name);
    element.assign("class", class);
    element
}

fn stroked(name: &str, class: &str, stroke: Stroke) -> Element {
    let mut element = classed(name, class);
    element.assign("fill", "none");
    element.assign("stroke", stroke.colour);
    element.assign("stroke-width", stroke.width);
    if stroke.is_dashed {
        element.assign("stroke-dasharray", "5 3");
    }
    element
}

fn texts(name: &str, text: &str) -> Element {
    let mut element = Element::new(name);
    element.append(svg::node::Text::new(cleaned(text)));
    element
}

fn text_element(class: &str, (x, y): Place, anchor: Anchor, text: &str) -> Element {
    let mut element = texts("text", text);
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    for (name, value) in [("class", class), ("text-anchor", anchor), ("fill", colour::INK)] {
        element.assign(name, value);
    }
    element.assign("x", number(x));
    element.assign("y", number(y));
    element
}
