//! What a report says, word by word where that can be worked out by hand.

use std::borrow::Cow;

use super::*;
use crate::cpm::left_to_do;
use crate::effort::{Control, Limits};
use crate::io::testing::plan_of;
use crate::network::compile;
use crate::pictures::Shape;
use crate::plan::Plan;
use crate::plan::draft::TableKind::{self, Budgets, Gates, Progress, Project, Tasks};
use crate::schedule::gantt;
use crate::solve::{SolveOptions, solve};
use crate::track::{Baseline, Forecast, track};

fn told<T>(tables: &[(TableKind, &str)], tell: impl FnOnce(&Plan, &Forecast<'_>, Status<'_>) -> T) -> T {
    let plan = plan_of(tables);
    let left = left_to_do(Cow::Borrowed(&plan));
    let control = Control::start(Limits { effort: Some(30), time: None });
    let outcome = solve(&left, &compile(&left).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap();
    let schedule = outcome.schedule.clone().unwrap();
    let forecast = Forecast::new(&plan, &left, &schedule, &outcome.dates, None);
    tell(&plan, &forecast, Status::new(&forecast, &outcome))
}

fn value<'d>(document: &'d Document, name: &str) -> &'d Fact {
    document.headline.iter().find(|fact| fact.name == name).unwrap_or_else(|| panic!("no {name}: {document:?}"))
}

/// A takes five days, B two of its float; C waits for both.
const TASKS: &str =
    "id,parent,duration,predecessors,deadline\nS,,,,\nA,S,5d,,\nB,S,2d,,2026-03-05\nC,,1d,A;B,\nM,,0,C,\n";
const PROJECT: &str = "key,value\nname,Small\nstart,2026-03-02\ndeadline,2026-03-06\n";

#[test]
fn the_headline_says_what_is_missed() {
    let late = TASKS.replace("2026-03-05", "2026-03-02");
    let document = told(&[(Tasks, &late), (Project, PROJECT)], |_, _, status| status.document(Origin::default()));
    assert_eq!((document.title.as_str(), document.subtitle.as_str()), ("Small", "Status report"));
    let (finish, deadline) = (value(&document, "Finish"), value(&document, "Deadline"));
    assert_eq!((finish.value.as_str(), finish.tone), ("2026-03-09", Tone::Bad));
    assert_eq!((deadline.value.as_str(), deadline.tone), ("2026-03-06", Tone::Bad));
    assert!(deadline.note.contains("MISSED by 1 day"), "{}", deadline.note);
    let decisions = document.sections.iter().find(|section| section.anchor == "decisions").unwrap();
    let [Block::List(lines)] = &decisions.blocks[..] else { panic!("{decisions:?}") };
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(
        texts,
        ["The project misses its deadline 2026-03-06.", "B finishes 2026-03-03, after its deadline 2026-03-02."]
    );
}

#[test]
fn rows_of_the_chart_stand_where_their_dates_are() {
    let gates = "id,after,before\nG,A,C\n";
    told(&[(Tasks, TASKS), (Project, PROJECT), (Gates, gates)], |plan, forecast, _| {
        let chart = gantt(forecast.left, forecast.schedule, forecast.dates);
        let timeline = Timeline::new(plan, forecast.schedule, &chart, None);
        let titles: Vec<&str> = timeline.rows.iter().map(|row| row.title.as_str()).collect();
        assert_eq!(titles, ["S", "A", "G", "B", "C", "M"]);
        // The deadline of the project is a day too early for A, and that of B leaves it two days.
        let [summary, a, gate, b, c, milestone] = &timeline.rows[..] else { panic!() };
        assert!(summary.has_rows && !a.has_rows && summary.shape == Shape::Summary);
        assert_eq!((a.depth, c.depth, timeline.open_depth), (1, 0, 1));
        // Eight days by the clock from midnight: five and a weekend, and one to its seventeenth hour.
        assert_eq!((a.dates.0.as_str(), a.dates.1.as_str()), ("2026-03-02", "2026-03-06"));
        assert!((a.span.0..=1.0).contains(&a.span.1) && a.span.1 == gate.span.1 && gate.shape == Shape::Gate);
        assert!(a.is_critical && !b.is_critical && b.late > b.span.1 && a.late == a.span.1, "{a:?} {b:?}");
        assert_eq!((a.float.as_str(), b.float.as_str(), summary.float.as_str()), ("-1", "2", ""));
        assert_eq!(c.waits_for, [(1, "FS"), (3, "FS")]);
        assert_eq!(c.links, "A FS; B FS");
        assert_eq!(milestone.state, "critical, milestone");
        assert!(b.deadline.is_some_and(|deadline| deadline > b.span.1));
        assert!(timeline.scales.windows(2).all(|pair| pair[0].len() <= pair[1].len()));
        assert_eq!(timeline.marks.len(), 1);
    });
}

#[test]
fn a_project_under_way_is_held_against_its_baseline() {
    let tables = [
        (Tasks, "id,duration,predecessors,fixed_cost\nA,5d,,1000\nB,5d,A,2000\n"),
        (Project, "key,value\nstart,2026-03-02\nstatus_date,2026-03-11\ncurrency,EUR\n"),
        (Progress, "task,actual_start,actual_finish\nA,2026-03-03 08:00,2026-03-09 17:00\n"),
        (Budgets, "id,scope,cap\nall,all,3500\n"),
    ];
    told(&tables, |plan, forecast, status| {
        let before = plan.as_of(plan.project().start);
        let control = Control::start(Limits { effort: Some(30), time: None });
        let promised = solve(&before, &compile(&before).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap();
        let baseline = Baseline::of_schedule(&before, &promised.schedule.unwrap(), "first");
        let tracking = track(forecast, &baseline, crate::schedule::Period::Week);
        let tracked = Tracked { baseline: &baseline, tracking: &tracking, is_frozen: true };
        let document = Status { tracked: Some(tracked), ..status }.document(Origin::default());
        assert_eq!(document.subtitle, "Status report, status at the end of 2026-03-10");
        let against = value(&document, "Against the baseline");
        // B was promised for the ten days from 2 March on and begins on the 11th: two days later.
        assert_eq!((against.value.as_str(), against.tone), ("2 days later", Tone::Bad));
        assert_eq!(value(&document, "Earned").value, "33 %");
        let anchors: Vec<&str> = document.sections.iter().map(|section| section.anchor).collect();
        assert_eq!(anchors, ["decisions", "schedule", "slips", "money"]);
    });
}

#[test]
fn markdown_keeps_tables_and_escapes_texts() {
    let mut table = Table::new("A *table*", &["what", "#how much"]);
    table.push(Tone::Plain, ["a|b".to_owned(), "1".to_owned()]);
    table.push(Tone::Plain, ["<c>\n_d_".to_owned(), "2".to_owned()]);
    let mut section = Section::new("x", "Section");
    section.table(table.cut(2));
    let document = Document {
        title: "# T".to_owned(),
        subtitle: String::new(),
        headline: Vec::new(),
        sections: vec![section],
        origin: Origin { version: "1".to_owned(), command: "floatline `x`".to_owned(), inputs: Vec::new() },
    };
    assert_eq!(
        document.to_markdown(),
        "# \\# T\n\n\n\n\n## Section\n\nA \\*table\\*:\n\n| what | how much |\n| --- | ---: |\n| a\\|b | 1 |\n\
         | &lt;c&gt; \\_d\\_ | 2 |\n\n## How this report was made\n\nfloatline 1, by `floatline 'x'`\n"
    );
}
