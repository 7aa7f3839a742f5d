//! What each picture must have, read back from its XML.

mod network;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::*;
use crate::pictures::Histogram;

/// An element: its name, attributes, and the text right in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Element {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("a well-formed attribute");
            let value = quick_xml::escape::unescape(&attribute.value).expect("no unknown entity").into_owned();
            (attribute.key.as_ref().to_string(), value)
        });
        Element { name: start.name().as_ref().to_string(), attributes: attributes.collect(), text: String::new() }
    }

    fn get(&self, attribute: &str) -> &str {
        self.attributes.iter().find(|(name, _)| name == attribute).map_or("", |(_, value)| value)
    }

    fn number(&self, attribute: &str) -> f64 {
        self.get(attribute).parse().unwrap_or_else(|_| panic!("`{attribute}` of {self:?} is no number"))
    }
}

/// The elements of a well-formed picture, in order.
fn elements(picture: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(picture);
    let (mut elements, mut open) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                open.push(elements.len());
                elements.push(Element::of(&start));
            }
            Event::Empty(start) => elements.push(Element::of(&start)),
            Event::End(_) => {
                open.pop();
            }
            Event::Text(text) => {
                if let Some(&inside) = open.last() {
                    let element: &mut Element = &mut elements[inside];
                    element.text.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                let entity = format!("&{};", &*reference);
                let inside = *open.last().expect("text is inside elements");
                elements[inside].text.push_str(&quick_xml::escape::unescape(&entity).expect("a known entity"));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    elements
}

/// The elements of a class.
fn of_class<'e>(elements: &'e [Element], class: &str) -> Vec<&'e Element> {
    elements.iter().filter(|element| element.get("class").split(' ').any(|word| word == class)).collect()
}

/// Elements of a picture that is what a reader of the page needs it to be.
fn sound(picture: &str) -> Vec<Element> {
    let elements = elements(picture);
    assert_eq!((elements[0].name.as_str(), elements[0].get("role")), ("svg", "img"));
    assert_eq!([&elements[1].name, &elements[2].name], ["title", "desc"]);
    let (width, height) = (elements[0].number("width"), elements[0].number("height"));
    assert_eq!(elements[0].get("viewBox"), format!("0 0 {width} {height}"));
    for element in &elements {
        for (attribute, most) in
            [("x", width), ("x1", width), ("cx", width), ("y", height), ("y2", height), ("cy", height)]
        {
            if !element.get(attribute).is_empty() {
                assert!((0.0..=most).contains(&element.number(attribute)), "{element:?}");
            }
        }
        assert!(
            element.attributes.iter().all(|(_, value)| !value.contains("NaN") && !value.contains("inf")),
            "{element:?}"
        );
    }
    elements
}

fn plain(value: f64) -> String {
    format!("{value}")
}

fn axis<'a>(name: &'a str, ticks: &'a [f64]) -> Axis<'a> {
    Axis { name, ticks, label: &plain }
}

fn spread_of(sorted: &[f64], step: f64, marks: &[Mark]) -> String {
    let ticks = ticks(sorted[0], sorted[sorted.len() - 1], 8);
    let classes = Histogram::of(sorted, 20, step);
    spread(&Spread { title: "Finish", axis: axis("days", &ticks), sorted, classes: &classes, marks })
}

fn mark(name: &str, at: f64) -> Mark {
    Mark { name: name.into(), at }
}

#[test]
fn a_spread_has_a_bar_for_each_class_with_samples_and_a_line_for_each_mark() {
    let picture =
        spread_of(&[0.0, 1.0, 1.0, 5.0], 1.0, &[mark("P50", 1.0), mark("deadline", 4.0), mark("none", f64::NAN)]);
    let elements = sound(&picture);
    let bars = of_class(&elements, "bar");
    assert_eq!(bars.len(), 3);
    // Shares of 25 %, 50 % and 25 %.
    let heights: Vec<f64> = bars.iter().map(|bar| bar.number("height")).collect();
    assert!((heights[1] - 2.0 * heights[0]).abs() < 0.02 && heights[0] == heights[2]);
    assert_eq!(of_class(&elements, "mark").len(), 2);
    let names: Vec<&str> = of_class(&elements, "name").iter().map(|name| name.text.as_str()).collect();
    assert_eq!(names, ["P50 1", "deadline 4"]);
    assert!(elements[2].text.contains("4 samples from 0 to 5") && elements[2].text.contains("P50 1: 75.0 %"));
}

#[test]
fn the_curve_rises_at_the_samples_by_their_shares() {
    let picture = spread_of(&[0.0, 1.0, 1.0, 5.0], 1.0, &[]);
    let elements = sound(&picture);
    let commands = of_class(&elements, "curve")[0].get("d").to_string();
    let rises: Vec<f64> = commands
        .split('V')
        .skip(1)
        .map(|rest| rest.split('H').next().and_then(|number| number.parse().ok()).expect("a number"))
        .collect();
    let ground: f64 = commands.split(['M', ' ', 'H']).nth(2).and_then(|number| number.parse().ok()).expect("a number");
    let unit = (ground - rises[2]) / 4.0;
    assert_eq!(rises.len(), 3);
    assert!((ground - rises[0] - unit).abs() < 0.02 && (ground - rises[1] - 3.0 * unit).abs() < 0.02);
}

#[test]
fn names_that_look_like_markup_stay_text() {
    let evil = "<script>alert('1')</script> & \"x\"\u{0}";
    let shown = "<script>alert('1')</script> & \"x\"";
    let pictures = [
        spread_of(&[1.0, 2.0], 1.0, &[mark(evil, 1.0)]),
        tornado(&Tornado {
            title: evil,
            axis: axis(evil, &[1.0]),
            middle: 1.0,
            bars: &[Bar { name: evil.into(), low: 0.0, high: 2.0 }],
        }),
        front(&Front {
            title: evil,
            spent: Axis { name: evil, ticks: &[0.0], label: &|_| evil.into() },
            reached: axis(evil, &[0.0]),
            points: &[Point { name: evil.into(), spent: 0.0, reached: 0.0 }],
            course: Course::Straight,
            chosen: None,
        }),
        gantt_of(&[GanttRow { tip: evil.into(), beside: evil.into(), ..bar_of(evil, Shape::Gate, (1.0, 1.0)) }], &[]),
    ];
    for picture in pictures {
        assert!(!picture.contains("<script") && !picture.contains('\0'));
        assert!(sound(&picture).iter().any(|element| element.text.starts_with(shown)), "{picture}");
    }
}

#[test]
fn a_tornado_has_two_colours_around_the_middle_and_grows_with_its_bars() {
    let bar = |name: &str, low, high| Bar { name: name.into(), low, high };
    let bars = [bar("a", 0.0, 20.0), bar("turned", 14.0, 8.0), bar("above", 11.0, 12.0), bar("none", f64::NAN, 1.0)];
    let drawn = |count| {
        tornado(&Tornado { title: "t", axis: axis("", &[0.0, 10.0, 20.0]), middle: 10.0, bars: &bars[..count] })
    };
    let (three, one) = (drawn(4), drawn(1));
    let elements = sound(&three);
    let (low, high) = (of_class(&elements, "low"), of_class(&elements, "high"));
    assert_eq!((low.len(), high.len()), (2, 3));
    let middle = of_class(&elements, "middle")[0].number("x1");
    assert!(low.iter().all(|part| (part.number("x") + part.number("width") - middle).abs() < 0.02));
    assert!(high[2].number("x") > middle, "nothing is drawn between the middle and a bar beside it");
    let ends: Vec<&str> = of_class(&elements, "end").iter().map(|end| end.text.as_str()).collect();
    assert_eq!(ends, ["0", "20", "8", "14", "11", "12"]);
    assert!(elements[0].number("height") > sound(&one)[0].number("height"));
    sound(&drawn(0));
}

#[test]
fn a_front_joins_its_points_from_left_to_right_and_shows_the_chosen_one() {
    let point = |name: &str, spent, reached| Point { name: name.into(), spent, reached };
    let points =
        [point("dear", 10.0, 5.0), point("", 0.0, 20.0), point("lost", f64::INFINITY, 1.0), point("fair", 5.0, 8.0)];
    let drawn = |course| {
        front(&Front {
            title: "f",
            spent: axis("money", &[0.0]),
            reached: axis("days", &[5.0]),
            points: &points,
            course,
            chosen: Some(3),
        })
    };
    let elements_of = |course| sound(&drawn(course));
    let straight = elements_of(Course::Straight);
    assert_eq!(of_class(&straight, "point").len(), 3);
    let (chosen, line) = (of_class(&straight, "chosen"), of_class(&straight, "front")[0].get("d").to_string());
    assert_eq!(chosen.len(), 1);
    let middle = format!("L{} {}L", chosen[0].get("cx"), chosen[0].get("cy"));
    assert!(line.contains(&middle), "{line}");
    // A corner more between two points each.
    let steps = of_class(&elements_of(Course::Steps), "front")[0].get("d").to_string();
    assert_eq!((line.matches('L').count(), steps.matches('L').count()), (2, 4));
    let names: Vec<&str> = of_class(&straight, "name").iter().map(|name| name.text.as_str()).collect();
    assert_eq!(names, ["fair", "dear"]);
    assert!(straight[2].text.contains("fair: 5, 8 (chosen)"));
}

#[test]
fn one_sample_equal_samples_and_any_range_are_drawn() {
    for (sorted, step) in [
        (vec![7.0], 1.0),
        (vec![7.0; 100], 1.0),
        (vec![0.0], 1.0),
        (vec![-1e300, 0.0, 1e300], 1e298),
        (vec![1e15, 1e15 + 1.0], 1.0),
        (vec![0.0, 1e-12], 1e-13),
    ] {
        let elements = sound(&spread_of(&sorted, step, &[mark("far", 1e300), mark("here", sorted[0])]));
        assert!(!of_class(&elements, "bar").is_empty() && of_class(&elements, "curve").len() == 1);
    }
    let empty = Histogram { least: 0.0, width: 0.0, counts: Vec::new() };
    let all = axis("", &[f64::MIN, f64::NAN, 0.0, f64::MAX]);
    sound(&spread(&Spread { title: "", axis: all, sorted: &[f64::MIN, f64::MAX], classes: &empty, marks: &[] }));
    let bars =
        [Bar { name: String::new(), low: f64::MIN, high: f64::MAX }, Bar { name: "0".into(), low: 3.0, high: 3.0 }];
    for (middle, bars) in [(0.0, &bars[..]), (3.0, &bars[1..]), (f64::NAN, &bars[..]), (1.0, &[])] {
        sound(&tornado(&Tornado { title: "", axis: all, middle, bars }));
    }
    let point = |at| Point { name: "x".into(), spent: at, reached: at };
    for points in [vec![], vec![point(3.0)], vec![point(3.0), point(3.0)], vec![point(f64::MIN), point(f64::MAX)]] {
        let chosen = Some(5);
        sound(&front(&Front { title: "", spent: all, reached: all, points: &points, course: Course::Steps, chosen }));
    }
}

#[test]
fn labels_that_would_overlap_are_thinned_evenly() {
    let ticks: Vec<f64> = (0..=1_000).map(f64::from).collect();
    let sorted = [0.0, 1_000.0];
    let classes = Histogram::of(&sorted, 20, 1.0);
    let label = |day: f64| format!("day {day:04}");
    let axis = Axis { name: "days", ticks: &ticks, label: &label };
    let elements = sound(&spread(&Spread { title: "t", axis, sorted: &sorted, classes: &classes, marks: &[] }));
    let mut labels = of_class(&elements, "label");
    labels.retain(|label| label.text.starts_with("day "));
    assert!(labels.len() > 5);
    let places: Vec<f64> = labels.iter().map(|label| label.number("x")).collect();
    let gaps: Vec<f64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // Eight letters of 12 pixels are at least 50 wide.
    assert!(gaps.iter().all(|gap| *gap > 50.0 && (gap - gaps[0]).abs() < 0.1));
}

fn bar_of(name: &str, shape: Shape, span: (f64, f64)) -> GanttRow {
    GanttRow {
        name: name.into(),
        tip: format!("{name}: a tip"),
        beside: String::new(),
        depth: 0,
        shape,
        span,
        done: f64::NEG_INFINITY,
        late: span.1,
        deadline: None,
        is_critical: false,
    }
}

fn gantt_of(rows: &[GanttRow], arrows: &[Arrow]) -> String {
    let (ticks, marks) = ([0.0, 5.0, 10.0], [mark("status date 4", 4.0), mark("far away", 99.0)]);
    let (time, note) = (axis("", &ticks), "3 rows are left out");
    gantt(&Gantt { title: "Plan", time, extent: (0.0, 10.0), rows, arrows, marks: &marks, note })
}

#[test]
fn a_gantt_chart_shows_what_is_done_critical_late_and_tested() {
    let rows = [
        GanttRow { is_critical: true, ..bar_of("all", Shape::Summary, (0.0, 8.0)) },
        GanttRow { done: 4.0, depth: 1, is_critical: true, ..bar_of("begun", Shape::Activity, (0.0, 8.0)) },
        GanttRow { done: 2.0, depth: 1, deadline: Some(1.0), ..bar_of("finished", Shape::Activity, (0.0, 2.0)) },
        GanttRow { late: 6.0, depth: 1, deadline: Some(9.0), ..bar_of("loose", Shape::Activity, (4.0, 5.0)) },
        bar_of("point", Shape::Milestone, (8.0, 8.0)),
        GanttRow { beside: "Q1 before x".into(), ..bar_of("Q1 tested", Shape::Gate, (8.0, 8.0)) },
    ];
    let elements = sound(&gantt_of(&rows, &[]));
    let of = |class| of_class(&elements, class);
    assert_eq!([of("bar").len(), of("milestone").len(), of("gate").len(), of("summary").len() - 1], [3, 1, 1, 1]);
    // The summary, and what is begun.
    assert_eq!(of("critical").len(), 2);
    // Half of eight, and all of two of them.
    let (bars, done) = (of("bar"), of("done"));
    let whole = bars[0].number("width");
    assert!(
        (done[0].number("width") - whole / 2.0).abs() < 0.02 && (done[1].number("width") - whole / 4.0).abs() < 0.02
    );
    assert!(done[0].get("fill") != done[1].get("fill") && bars[0].get("fill") != bars[2].get("fill"));
    let (float, loose) = (of("float")[0], bars[2]);
    assert!((float.number("x") - loose.number("x") - loose.number("width")).abs() < 0.02);
    assert!((float.number("width") - whole / 8.0).abs() < 0.02 && float.number("height") < loose.number("height"));
    // One is missed.
    let deadlines = of("deadline");
    assert!(deadlines.len() == 2 && deadlines[0].get("fill") != deadlines[1].get("fill"));
    assert_eq!(of("beside")[0].text, "Q1 before x");
    let names: Vec<&str> = of("mark").iter().map(|mark| mark.text.as_str()).collect();
    assert_eq!(names, ["", "status date 4"]);
    let legend: Vec<&str> = of("legend").iter().map(|entry| entry.text.as_str()).collect();
    let all = ["critical", "not critical", "done", "float", "summary", "milestone", "quality gate", "deadline"];
    assert_eq!(legend[..8], all);
    assert_eq!(legend[8..], ["missed deadline"]);
    assert!(elements[2].text.contains("from 0 to 8: 3 activities, 1 milestones, 1 gates, in 1 summaries"));
    assert!(of("note")[0].text == "3 rows are left out" && elements.iter().any(|it| it.text == "begun: a tip"));
}

#[test]
fn names_of_rows_are_cut_before_the_bars_begin() {
    let long = "a name that nobody would want to read to its end ".repeat(4);
    let rows: Vec<GanttRow> =
        (0..12).map(|depth| GanttRow { depth, ..bar_of(&long, Shape::Activity, (0.0, 10.0)) }).collect();
    let elements = sound(&gantt_of(&rows, &[]));
    let left = of_class(&elements, "bar")[0].number("x");
    for name in of_class(&elements, "name") {
        let end = name.number("x") + super::lettering::width(&name.text, 12.0);
        assert!(name.text.ends_with('…') && end <= left, "{end} {left}");
    }
}

#[test]
fn links_lead_from_end_to_end_and_those_of_unknown_rows_are_left_out() {
    let rows = [
        bar_of("first", Shape::Activity, (0.0, 4.0)),
        bar_of("next", Shape::Activity, (4.0, 8.0)),
        bar_of("beside", Shape::Activity, (2.0, 6.0)),
        bar_of("gate", Shape::Gate, (8.0, 8.0)),
    ];
    let arrow = |from, to| Arrow { from, to, is_critical: true };
    let (start, finish) = (End::Start, End::Finish);
    let arrows = [
        arrow((0, finish), (1, start)),
        arrow((0, start), (2, start)),
        arrow((1, finish), (3, start)),
        arrow((2, finish), (9, start)),
    ];
    let elements = sound(&gantt_of(&rows, &arrows));
    let links = of_class(&elements, "link");
    assert_eq!((links.len(), of_class(&elements, "head").len()), (3, 3));
    let bars = of_class(&elements, "bar");
    let begin = format!("M{} ", bars[0].number("x") + bars[0].number("width"));
    assert!(links[0].get("d").starts_with(&begin), "{}", links[0].get("d"));
    // Straight down onto what follows, around what lies beside.
    assert_eq!(links.iter().map(|link| link.get("d").matches('H').count()).collect::<Vec<_>>(), [1, 3, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_names_and_numbers_make_sound_pictures(
        rows in prop::collection::vec((any::<String>(), any::<f64>(), any::<f64>()), 1..12),
        title in any::<String>(),
    ) {
        let numbers: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let mut sorted: Vec<f64> = numbers.iter().copied().filter(|number| number.is_finite()).chain([0.0]).collect();
        sorted.sort_by(f64::total_cmp);
        let marks: Vec<Mark> = rows.iter().map(|row| mark(&row.0, row.1)).collect();
        let classes = Histogram { least: sorted[0], width: 1e300, counts: vec![1, 0, 7] };
        let drawn = || spread(&Spread { title: &title, axis: axis(&title, &numbers), sorted: &sorted, classes: &classes, marks: &marks });
        let picture = drawn();
        sound(&picture);
        prop_assert_eq!(picture, drawn(), "the same input gives the same bytes");
        let bars: Vec<Bar> = rows.iter().map(|row| Bar { name: row.0.clone(), low: row.1, high: row.2 }).collect();
        sound(&tornado(&Tornado { title: &title, axis: axis(&title, &numbers), middle: numbers[0], bars: &bars }));
        let points: Vec<Point> = rows.iter().map(|row| Point { name: row.0.clone(), spent: row.1, reached: row.2 }).collect();
        let (spent, reached) = (axis(&title, &numbers), axis("", &numbers));
        sound(&front(&Front { title: &title, spent, reached, points: &points, course: Course::Steps, chosen: Some(0) }));
        let steps: Vec<(f64, f64)> = rows.iter().map(|row| (row.1, row.2)).collect();
        let panels = [Panel { name: title.clone(), before: steps.clone(), after: steps }];
        sound(&usage(&Usage { title: &title, names: [&title, "after"], time: axis(&title, &numbers), panels: &panels }));
        let shapes = [Shape::Activity, Shape::Milestone, Shape::Summary, Shape::Gate];
        let ends = [End::Start, End::Finish];
        let bars: Vec<GanttRow> = (rows.iter().enumerate())
            .map(|(at, (name, start, finish))| GanttRow {
                tip: title.clone(),
                beside: title.clone(),
                depth: at * at,
                late: *start,
                deadline: Some(*finish),
                is_critical: at % 2 == 0,
                ..bar_of(name, shapes[at % 4], (*start, *finish))
            })
            .collect();
        let arrows: Vec<Arrow> = (0..rows.len() * 2)
            .map(|at| Arrow { from: (at / 2, ends[at % 2]), to: (rows.len() - at / 2, ends[at / 2 % 2]), is_critical: false })
            .collect();
        for extent in [(numbers[0], numbers[numbers.len() - 1]), (f64::MIN, f64::MAX), (0.0, 1.0)] {
            let time = axis(&title, &numbers);
            sound(&gantt(&Gantt { title: &title, time, extent, rows: &bars, arrows: &arrows, marks: &marks, note: &title }));
        }
    }
}
