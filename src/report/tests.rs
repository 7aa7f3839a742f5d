//! What a report says, word by word where that can be worked out by hand.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::document::{Piece, fact, pieces};
use super::*;
use crate::cpm::left_to_do;
use crate::effort::{Control, Limits};
use crate::io::testing::plan_of;
use crate::network::compile;
use crate::pictures::Shape;
use crate::plan::Plan;
use crate::plan::draft::TableKind::{self, Budgets, Calendars, Gates, Progress, Project, Tasks};
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
        let timeline = Timeline::new(plan, forecast.schedule, &chart, None, &BTreeSet::new());
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
        assert_eq!(anchors, ["decisions", "schedule", "why", "slips", "money"]);
        // A is done, so that nothing can be changed about it.
        let Block::Table(why) = &document.sections[2].blocks[0] else { panic!() };
        let driving: Vec<&str> = why.rows.iter().map(|row| row.cells[0].as_str()).collect();
        assert_eq!(driving, ["B"]);
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

#[test]
fn names_in_backticks_are_code_and_lone_backticks_are_letters() {
    let mut section = Section::new("x", "Section");
    section.text("`a_b` waits for `c|d`, ` and <`e`>`");
    let document = Document {
        title: String::new(),
        subtitle: String::new(),
        headline: vec![fact("What", "`x`", "", Tone::Plain)],
        sections: vec![section],
        origin: Origin::default(),
    };
    let (page, words) = (document.to_html(), document.to_markdown());
    assert!(
        page.contains("<p><code>a_b</code> waits for <code>c|d</code>, <code> and &lt;</code>e<code>&gt;</code></p>"),
        "{page}"
    );
    assert!(page.contains("<code>x</code>") && words.contains("**What**: `x`\n"), "{words}");
    assert!(words.contains("\n`a_b` waits for c\\|d,  and <e`>`\n"), "{words}");
    assert_eq!(pieces("a`b"), [Piece::Words("a`b")]);
    assert_eq!(pieces("``"), [Piece::Words("``")]);
}

/// C works on Fridays alone, so that B has float before it, and drives the finish all the same.
#[test]
fn the_chain_that_drives_the_finish_is_told_and_marked() {
    let tables = [
        (Tasks, "id,duration,predecessors,calendar,resources\nA,1d,,,ana\nB,1d,,,ana\nC,1d,B,fridays,\nX,1d,,,\n"),
        (Calendars, "id,day,hours\nfridays,Fri,08:00-16:00\n"),
        (Project, "key,value\nstart,2026-03-02\n"),
    ];
    let document = told(&tables, |_, _, status| status.document(Origin::default()));
    let block = |anchor: &str| {
        let section = document.sections.iter().find(|section| section.anchor == anchor).unwrap();
        section.blocks[0].clone()
    };
    let (Block::Timeline(timeline), Block::Table(why)) = (block("schedule"), block("why")) else { panic!() };
    let driving: Vec<&str> = timeline.rows.iter().filter(|row| row.drives).map(|row| row.title.as_str()).collect();
    // From the end back: C waits for Friday, and for nothing else that is not there long before.
    assert_eq!(why.rows[0].cells[..3], ["C", "2026-03-06", "2026-03-06"]);
    assert!(why.rows[0].cells[3].contains("its calendar `fridays` does not work"), "{why:?}");
    assert_eq!(driving.last(), Some(&"C"));
    assert_eq!(driving.len(), why.rows.len());
    assert!(timeline.rows.iter().all(|row| row.drives == row.state.contains("drives the finish")));
    let (page, words) = (document.to_html(), document.to_markdown());
    assert!(page.contains("data-only=\"drives\"") && page.contains("<th scope=\"row\" class=\"\">C</th>"), "{page}");
    assert!(words.contains("## Why not earlier") && words.contains("`B` finishes"), "{words}");
    let b = timeline.rows.iter().find(|row| row.title == "B").unwrap();
    assert!(b.drives && !b.is_critical, "{b:?}");
}

#[test]
fn of_a_long_chain_the_ends_are_told() {
    let tasks: String = (0..40)
        .map(|at| format!("T{at},1d,{}\n", if at > 0 { format!("T{}", at - 1) } else { String::new() }))
        .collect();
    let document = told(&[(Tasks, &format!("id,duration,predecessors\n{tasks}"))], |_, _, status| {
        status.document(Origin::default())
    });
    let section = document.sections.iter().find(|section| section.anchor == "why").unwrap();
    let Block::Table(why) = &section.blocks[0] else { panic!() };
    let first: Vec<&str> = why.rows.iter().map(|row| row.cells[0].as_str()).collect();
    assert_eq!(first[..2], ["T39", "T38"]);
    assert_eq!((first.len(), first[9], first[14]), (15, "... 26 tasks between them", "T0"));
}
