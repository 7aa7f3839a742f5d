//! Plans made by hand with one weakness each: what is proposed takes it away, and leaves a plan.

use super::*;
use crate::io::testing::draft_of;
use crate::plan::draft::TableKind::{self, Gates, Progress, Project, Scenarios, Tasks};
use crate::quality::Point;
use crate::scenario::read;

const START: (TableKind, &str) = (Project, "key,value\nstart,2026-03-02\n");

/// The plan after a proposal, as whoever keeps the written scenarios beside the plan would get it.
fn carried_out(draft: &PlanDraft, plan: &Plan, scenario: &Scenario) -> Quality {
    let mut text = Vec::new();
    crate::io::results::write_scenarios(std::slice::from_ref(scenario), &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let mut with = draft.clone();
    with.tables.retain(|table| table.kind() != Scenarios);
    with.tables.extend(draft_of(&[(Tasks, "id,duration\n"), (Scenarios, &text)]).tables.into_iter().skip(1));
    let again = read(&with).unwrap();
    let layers = |scenario: &Scenario| scenario.layers.iter().flatten().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(layers(&again[0]), layers(scenario));
    let layers: Vec<&[Edit]> = again[0].layers.iter().map(Vec::as_slice).collect();
    let edited = apply(draft, &plan.time_scale(), &layers).unwrap();
    let (plan, _) = validate(&edited).unwrap_or_else(|error| panic!("{text}{:?}", error.findings()));
    assess(&plan).unwrap()
}

/// All proposals, each tried out.
fn proposals(draft: &PlanDraft) -> Vec<Proposal> {
    let (plan, _) = validate(draft).unwrap();
    let quality = assess(&plan).unwrap();
    let found = mend(draft, &plan, &quality).unwrap();
    let missed = |quality: &Quality| -> Vec<usize> {
        let missed = |point: &&Point| point.verdict == Verdict::Missed;
        quality.points.iter().filter(missed).map(|point| point.number).collect()
    };
    assert_eq!(found.iter().map(|proposal| proposal.point).collect::<Vec<_>>(), missed(&quality));
    for proposal in &found {
        let (before, after) = proposal.counts;
        assert_eq!(before, quality.points[proposal.point - 1].count);
        let Some(scenario) = &proposal.scenario else {
            assert!(!proposal.words.is_empty() && before == after, "{proposal:?}");
            continue;
        };
        assert!(NAMES.contains(&&*scenario.name));
        let mended = carried_out(draft, &plan, scenario);
        let point = &mended.points[proposal.point - 1];
        assert!(point.verdict == Verdict::Met || point.count < before, "{proposal:?}");
        assert_eq!((point.count, point.verdict == Verdict::Met), (after, proposal.is_met));
    }
    found
}

fn edits(tables: &[(TableKind, &str)], point: usize) -> (Vec<String>, Proposal) {
    let found = proposals(&draft_of(tables)).into_iter().find(|proposal| proposal.point == point);
    let proposal = found.unwrap_or_else(|| panic!("point {point} is not missed"));
    let layers = proposal.scenario.iter().flat_map(|scenario| scenario.layers.iter().flatten());
    (layers.map(ToString::to_string).collect(), proposal)
}

/// A chain of tasks of five days each, in which some have other cells: predecessors, constraint, its date, deadline.
fn chain(count: usize, other: &[(usize, [&str; 4])]) -> String {
    let mut text = "id,duration,predecessors,constraint,constraint_date,deadline,fixed_cost\n".to_owned();
    for at in 0..count {
        let before = if at == 0 { String::new() } else { format!("T{}", at - 1) };
        let [predecessors, constraint, date, deadline] =
            other.iter().find(|(number, _)| *number == at).map_or([""; 4], |(_, cells)| *cells);
        let predecessors = if predecessors.is_empty() { before.as_str() } else { predecessors };
        text += &format!("T{at},5d,{predecessors},{constraint},{date},{deadline},10\n");
    }
    text
}

#[test]
fn a_plan_that_misses_nothing_is_left_alone() {
    assert_eq!(proposals(&draft_of(&[START, (Tasks, &chain(5, &[]))])), []);
}

#[test]
fn dangling_ends_are_tied_to_a_new_start_and_finish() {
    let text = "id,duration,predecessors,fixed_cost\nA,5d,,1\nB,5d,A,1\nC,3d,,1\nFINISH,2d,C,1\n";
    let (edits, proposal) = edits(&[START, (Tasks, text)], 1);
    // A task of the plan is called FINISH already.
    let expected = [
        "task:START=add",
        "task:START.duration=0",
        "dependency:START/A=add",
        "dependency:START/C=add",
        "task:FINISH-2=add",
        "task:FINISH-2.duration=0",
        "dependency:B/FINISH-2=add",
        "dependency:FINISH/FINISH-2=add",
    ];
    assert_eq!(edits, expected);
    assert_eq!((proposal.counts, proposal.is_met), ((4, 0), true));
}

#[test]
fn a_milestone_of_the_plan_is_the_finish_where_that_moves_nothing() {
    let text = |days: u32| format!("id,duration,predecessors,fixed_cost\nA,5d,,1\nB,{days}d,A,1\nC,3d,A,1\nM,0,B,\n");
    // C is over before M.
    assert_eq!(edits(&[START, (Tasks, &text(5))], 1).0, ["dependency:C/M=add"]);
    // C would move M, which may be promised to somebody.
    assert_eq!(edits(&[START, (Tasks, &text(1))], 1).0[0], "task:FINISH=add");
}

#[test]
fn leads_are_cut_to_nothing_but_not_lags_beside_them() {
    let text = "id,duration,predecessors,fixed_cost\nA,5d,,1\nB,5d,A-2d,1\nC,5d,B SS+1d;B FF-1d,1\nD,5d,C FS-50%,1\n";
    let (edits, proposal) = edits(&[START, (Tasks, text)], 2);
    assert_eq!(edits, ["dependency:C/D.lag=0", "dependency:A/B.lag=0"]);
    assert_eq!((proposal.counts, proposal.is_met), ((3, 1), false));
    assert!(proposal.words.iter().any(|words| words.starts_with("B>C has another link")), "{:?}", proposal.words);
}

#[test]
fn only_so_many_lags_go_as_have_to_the_longest_first() {
    // Of 20 links one may have a lag.
    let other = [(3, ["T2+1d", "", "", ""]), (7, ["T6+9d", "", "", ""]), (9, ["T8+50%", "", "", ""])];
    let (edits, proposal) = edits(&[START, (Tasks, &chain(21, &other))], 3);
    assert_eq!(edits, ["dependency:T6/T7.lag=0", "dependency:T8/T9.lag=0"]);
    assert_eq!((proposal.counts, proposal.is_met), ((3, 1), true));
    assert!(proposal.words[0].contains("9 d") && proposal.words[1].contains("2.5 d"), "{:?}", proposal.words);
}

#[test]
fn dates_that_hold_tasks_become_soft() {
    let other = [
        (2, ["", "MSO", "2026-04-06", ""]),
        (3, ["", "MFO", "2026-05-01", ""]),
        (4, ["", "FNLT", "2026-07-31", "2026-12-31"]),
        (5, ["", "SNLT", "2026-07-31", ""]),
        (6, ["", "FNLT", "2026-07-31", "2026-06-30"]),
    ];
    let (edits, proposal) = edits(&[START, (Tasks, &chain(7, &other))], 5);
    let expected = [
        "task:T2.constraint=SNET",
        "task:T3.constraint=FNET",
        "task:T4.constraint=",
        "task:T4.constraint_date=",
        "task:T4.deadline=2026-07-31",
        "task:T5.constraint=",
        "task:T5.constraint_date=",
        "task:T6.constraint=",
        "task:T6.constraint_date=",
    ];
    assert_eq!(edits, expected);
    assert_eq!((proposal.counts, proposal.is_met), ((5, 0), true));
    // Of 20 tasks one may be held.
    let (edits, proposal) = self::edits(&[START, (Tasks, &chain(20, &other[..2]))], 5);
    assert_eq!(edits, ["task:T2.constraint=SNET"]);
    assert_eq!(proposal.counts, (2, 1));
}

#[test]
fn a_task_that_is_scheduled_by_hand_is_so_no_longer() {
    let text = "id,duration,predecessors,constraint,constraint_date,manual,fixed_cost\nA,5d,,MSO,2026-03-03,yes,1\nB,5d,A,,,,1\n";
    assert_eq!(edits(&[START, (Tasks, text)], 5).0, ["task:A.constraint=SNET", "task:A.manual=no"]);
}

#[test]
fn what_has_much_float_is_tied_to_what_could_need_it() {
    // X is over after five days, and nothing needs it before the finish in twenty weeks.
    let text = chain(20, &[]) + "W,2d,,,,,1\nX,3d,W,,,,1\nE,0,T19;X,,,,\n";
    let (edits, proposal) = edits(&[START, (Tasks, &text)], 6);
    assert_eq!(edits, ["dependency:X/T1=add"]);
    assert_eq!((proposal.counts, proposal.is_met), ((2, 0), true));
}

#[test]
fn deadlines_that_cannot_be_kept_move_to_the_earliest_finish() {
    let (edits, proposal) = edits(&[START, (Tasks, &chain(4, &[(3, ["", "", "", "2026-03-20"])]))], 7);
    // Twenty days from 2 March.
    assert_eq!(edits, ["task:T3.deadline=2026-03-27 17:00"]);
    assert_eq!((proposal.counts, proposal.is_met), ((4, 0), true));
}

#[test]
fn what_no_edit_can_do_is_said_in_words() {
    let found = proposals(&draft_of(&[START, (Tasks, "id,duration,predecessors\nA,60d,\nB,5d,A\nC*,5d,B-1d\n")]));
    let words: Vec<(usize, bool, &str)> =
        found.iter().map(|it| (it.point, it.scenario.is_some(), &*it.words[0])).collect();
    assert_eq!(words.iter().map(|it| (it.0, it.1)).collect::<Vec<_>>(), [(2, false), (8, false), (10, false)]);
    assert!(words[0].2.contains("no edit can name B>C*"), "{words:?}");
    assert!(words[1].2.ends_with("results of their own: A"), "{words:?}");
    assert!(words[2].2.ends_with("what they cost: A, B, C*"), "{words:?}");
}

#[test]
fn work_under_way_and_gates_are_no_hindrance() {
    let tables = [
        (Project, "key,value\nstart,2026-03-02\nstatus_date,2026-03-16\n"),
        (
            Tasks,
            "id,parent,duration,predecessors,fixed_cost\nS,,,,\nA,S,5d,,1\nB,S,5d,A+3d,1\nC,,5d,B SS-1d,1\nD,,5d,,1\nE,,5d,S,1\n",
        ),
        (Progress, "task,actual_start,actual_finish\nA,2026-03-02,2026-03-06\nB,2026-03-11,\n"),
        (Gates, "id,after,before\ng,B,D\n"),
    ];
    let found = proposals(&draft_of(&tables));
    assert!(found.iter().filter(|proposal| proposal.scenario.is_some()).count() >= 3, "{found:#?}");
}

#[test]
fn proposals_for_drawn_plans_are_sound() {
    let mut state = 7_u64;
    let mut below = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let mut proposed = [0; 15];
    for _ in 0..60 {
        let mut text = "id,parent,duration,predecessors,constraint,constraint_date,deadline\nS,,,,,,\n".to_owned();
        for at in 0..12 {
            let mut links = Vec::new();
            for _ in 0..below(3).min(at) {
                let kind = ["FS", "FS", "SS", "FF"][below(4) as usize];
                let lag = ["", "", "", "+4d", "-2d", "-20%"][below(6) as usize];
                links.push(format!("T{} {kind}{lag}", below(at)));
            }
            let days = [0, 1, 5, 20, 50][below(5) as usize];
            let constraint =
                ["", "", "", "", "MSO,2026-05-04", "FNLT,2026-04-30", "SNLT,2026-04-01"][below(7) as usize];
            let constraint = if constraint.is_empty() { "," } else { constraint };
            let deadline = ["", "", "2026-03-31"][below(3) as usize];
            let parent = if below(4) == 0 { "S" } else { "" };
            text += &format!("T{at},{parent},{days}d,{},{constraint},{deadline}\n", links.join(";"));
        }
        let draft = draft_of(&[START, (Tasks, &text)]);
        if validate(&draft).is_err() {
            continue;
        }
        for proposal in proposals(&draft).iter().filter(|proposal| proposal.scenario.is_some()) {
            proposed[proposal.point] += 1;
        }
    }
    for point in [1, 2, 3, 5, 6, 7] {
        assert!(proposed[point] > 0, "point {point}: {proposed:?}");
    }
}
