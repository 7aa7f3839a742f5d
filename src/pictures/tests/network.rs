//! What a network must have: boxes apart, links that pass them, labels that can be read.

use super::*;
use crate::pictures::canvas::Area;
use crate::pictures::lettering::width;

fn node_of(name: &str, shape: Shape) -> Node {
    let lines = ["a name", "2026-03-02 to 2026-03-06", "float 2d"].map(str::to_owned).to_vec();
    Node { name: name.into(), lines, tip: format!("{name}: a tip"), shape, done: 0.0, is_critical: false }
}

fn link_of(from: usize, to: usize, label: &str) -> Link {
    Link { from, to, label: label.into(), tip: format!("{from} to {to}"), is_critical: false }
}

fn network_of(nodes: &[Node], links: &[Link]) -> String {
    network(&Network { title: "Plan: network", nodes, links, note: "2 summaries are a box each" })
}

fn area(element: &Element) -> Area {
    let (left, top) = (element.number("x"), element.number("y"));
    Area { left, top, right: left + element.number("width"), bottom: top + element.number("height") }
}

/// The area that a text takes at most.
fn area_of_text(element: &Element) -> Area {
    let (x, y, room) = (element.number("x"), element.number("y"), width(&element.text, 12.0));
    let left = if element.get("text-anchor") == "middle" { x - room / 2.0 } else { x };
    Area { left, top: y - 9.0, right: left + room, bottom: y + 3.0 }
}

/// Places along the commands of a link.
fn places(commands: &str) -> Vec<(f64, f64)> {
    let mut places: Vec<(f64, f64)> = Vec::new();
    let starts: Vec<usize> =
        commands.match_indices(char::is_alphabetic).map(|(at, _)| at).chain([commands.len()]).collect();
    for part in starts.windows(2) {
        let numbers: Vec<f64> =
            commands[part[0] + 1..part[1]].split(' ').map(|number| number.parse().expect("a number")).collect();
        let last = places.last().copied();
        match (&commands[part[0]..=part[0]], last, &numbers[..]) {
            ("M", None, &[x, y]) => places.push((x, y)),
            ("H", Some((from, y)), &[to]) => {
                places.extend((1..=40).map(|step| (from + (to - from) * f64::from(step) / 40.0, y)));
            }
            ("C", Some((x0, y0)), &[x1, y1, x2, y2, x3, y3]) => places.extend((1..=40).map(|step| {
                let (share, rest) = (f64::from(step) / 40.0, 1.0 - f64::from(step) / 40.0);
                let weights = [rest.powi(3), 3.0 * rest * rest * share, 3.0 * rest * share * share, share.powi(3)];
                let along = |numbers: [f64; 4]| weights.iter().zip(numbers).map(|(weight, it)| weight * it).sum();
                (along([x0, x1, x2, x3]), along([y0, y1, y2, y3]))
            })),
            other => panic!("{other:?} in {commands}"),
        }
    }
    places
}

/// Elements of a network in which nothing is in the way of anything else.
fn clear(picture: &str) -> Vec<Element> {
    let elements = sound(picture);
    let page = Area { left: 0.0, top: 0.0, right: elements[0].number("width"), bottom: elements[0].number("height") };
    let boxes: Vec<Area> = of_class(&elements, "node").into_iter().map(area).collect();
    for (at, one) in boxes.iter().enumerate() {
        assert!(page.holds(one) && !boxes[..at].iter().any(|other| other.overlaps(one)), "{one:?}");
    }
    for link in of_class(&elements, "link") {
        for (x, y) in places(link.get("d")) {
            let is_inside = |it: &&Area| it.left + 0.1 < x && x < it.right - 0.1 && it.top < y && y < it.bottom;
            assert_eq!(boxes.iter().find(is_inside), None, "({x}, {y}) of {}", link.get("d"));
        }
    }
    let labels: Vec<Area> = of_class(&elements, "label").into_iter().map(area_of_text).collect();
    for (at, one) in labels.iter().enumerate() {
        assert!(page.holds(one), "{one:?}");
        assert!(!labels[..at].iter().chain(&boxes).any(|other| other.overlaps(one)), "{one:?}");
    }
    for text in of_class(&elements, "name").into_iter().chain(of_class(&elements, "line")) {
        let area = area_of_text(text);
        let is_around = |it: &&Area| it.holds(&area);
        assert!(text.text.is_empty() || boxes.iter().any(|it| is_around(&it)), "{text:?}");
    }
    elements
}

#[test]
fn a_network_shows_what_is_critical_done_and_of_which_kind() {
    let nodes = [
        Node { is_critical: true, ..node_of("begin", Shape::Activity) },
        Node { is_critical: true, ..node_of("end", Shape::Milestone) },
        Node { done: 1.0, ..node_of("done", Shape::Activity) },
        Node { done: 0.5, ..node_of("begun", Shape::Activity) },
        node_of("gate", Shape::Gate),
        node_of("all", Shape::Summary),
        node_of("alone", Shape::Activity),
    ];
    let links = [
        Link { is_critical: true, ..link_of(0, 1, "FS+1d") },
        link_of(2, 3, "SS+2d, FF"),
        link_of(3, 4, ""),
        link_of(4, 5, ""),
        link_of(2, 5, ""),
        link_of(5, 5, "itself"),
        link_of(5, 99, "nowhere"),
    ];
    let elements = clear(&network_of(&nodes, &links));
    let of = |class| of_class(&elements, class);
    assert_eq!(["node", "milestone", "gate", "summary", "head"].map(|class| of(class).len()), [7, 1, 1, 1, 5]);
    let labels: Vec<&str> = of("label").iter().map(|label| label.text.as_str()).collect();
    assert_eq!(labels, ["FS+1d", "SS+2d, FF"]);
    // What is critical is told by the width of lines, too.
    let thick = |class| of(class).iter().filter(|it| it.number("stroke-width") > 2.0).count();
    assert_eq!((thick("outline"), thick("link")), (3, 1));
    let (done, whole) = (of("done"), of("node")[0].number("width") - 8.0);
    assert_eq!([done[0].number("width"), done[1].number("width")], [whole, whole / 2.0]);
    let legend: Vec<&str> = of("legend").iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(legend, ["critical", "not critical", "done", "milestone", "quality gate", "summary"]);
    assert!(elements.iter().any(|it| it.text == "begin: a tip") && elements.iter().any(|it| it.text == "0 to 1"));
    // The box without links stands below all others.
    let tops: Vec<f64> = of("node").iter().map(|node| node.number("y")).collect();
    assert!(tops[..6].iter().all(|top| *top < tops[6]) && elements.iter().any(|it| it.text == "Without links"));
    assert_eq!(of("note")[0].text, "2 summaries are a box each");
    assert!(elements[2].text.contains("4 activities, 1 milestones, 1 gates, 1 summaries"));
}

#[test]
fn links_lead_to_the_right_and_around_boxes() {
    let nodes: Vec<Node> = ["a", "b", "c"].map(|name| node_of(name, Shape::Activity)).into();
    let elements = clear(&network_of(&nodes, &[link_of(0, 1, ""), link_of(1, 2, ""), link_of(0, 2, "")]));
    let lefts: Vec<f64> = of_class(&elements, "node").iter().map(|node| node.number("x")).collect();
    assert!(lefts[0] < lefts[1] && lefts[1] < lefts[2]);
    // A cycle has a head that points to the left.
    let elements = clear(&network_of(&nodes, &[link_of(0, 1, "x"), link_of(1, 2, "y"), link_of(2, 0, "z")]));
    assert_eq!((of_class(&elements, "head").len(), of_class(&elements, "label").len()), (3, 3));
}

#[test]
fn long_texts_are_shortened_and_no_boxes_are_a_picture() {
    let long = "a name that nobody would want to read to its end ".repeat(4);
    let shapes = [Shape::Activity, Shape::Milestone, Shape::Gate, Shape::Summary];
    let nodes = shapes.map(|shape| Node { lines: vec![long.clone(); 5], ..node_of(&long, shape) });
    let elements = clear(&network_of(&nodes, &[link_of(0, 1, &long), link_of(1, 2, "FF+2d, SS+40%")]));
    assert!(of_class(&elements, "name").iter().all(|name| name.text.ends_with('…')));
    // Three lines each.
    assert_eq!(of_class(&elements, "line").len(), 12);
    let labels: Vec<&str> = of_class(&elements, "label").iter().map(|label| label.text.as_str()).collect();
    assert!(labels[0].ends_with('…') && labels[1] == "FF+2d, SS+40%");
    assert_eq!(sound(&network_of(&[], &[]))[2].text, "No tasks.");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn nothing_is_in_the_way_of_anything_else(
        names in prop::collection::vec(any::<String>(), 1..24),
        pairs in prop::collection::vec((0..24_usize, 0..24_usize, "(|FS[+]1d|SS[+]2d, FF|\\PC{0,30})"), 0..60),
        title in any::<String>(),
    ) {
        let shapes = [Shape::Activity, Shape::Milestone, Shape::Gate, Shape::Summary];
        let nodes: Vec<Node> = (names.iter().enumerate())
            .map(|(at, name)| Node {
                lines: vec![name.clone(), title.clone(), "float 2d".into()],
                done: at as f64 / 8.0,
                is_critical: at % 3 == 0,
                ..node_of(name, shapes[at % 4])
            })
            .collect();
        let links: Vec<Link> = (pairs.iter())
            .map(|(from, to, label)| Link { is_critical: from % 2 == 0, ..link_of(*from, *to, label) })
            .collect();
        let drawn = || network(&Network { title: &title, nodes: &nodes, links: &links, note: &title });
        let picture = drawn();
        let elements = clear(&picture);
        prop_assert_eq!(of_class(&elements, "node").len(), nodes.len());
        prop_assert_eq!(picture, drawn(), "the same input gives the same bytes");
    }
}
