//! The plan's invariants on arbitrary drafts.

use super::uncertainty::{risks, whole};
use super::*;

/// Plans of a few tasks with links and parents at random; many have cycles.
fn tangles() -> impl Strategy<Value = Vec<(Option<usize>, Vec<usize>)>> {
    let row = (proptest::option::weighted(0.4, 0..6usize), proptest::collection::vec(0..6usize, 0..2));
    proptest::collection::vec(row, 6)
}

/// Drafts of cells that are right or nearly so.
fn wild_drafts() -> impl Strategy<Value = PlanDraft> {
    let cell = prop_oneof![
        Just("a"),
        Just("b"),
        Just("c"),
        Just("1d"),
        Just("0"),
        Just("2ed"),
        Just("-1d"),
        Just(""),
        Just("a;b"),
        Just("a FS+1d"),
        Just("ana"),
        Just("ana*2"),
        Just("skill:rust"),
        Just("2026-03-05"),
        Just("2026-03-05..2026-03-09"),
        Just("SNET"),
        Just("mon"),
        Just("8-12"),
        Just("off"),
        Just("50%"),
        Just("standard"),
        Just("none"),
        Just("1"),
        Just("all"),
        Just("wbs"),
        Just("work"),
        Just("start"),
        Just("period"),
        Just("time_unit"),
        Just("pert(1d,2d,3d)"),
        Just("never"),
        Just("é;,"),
        Just("99999999999d"),
    ];
    let rows = proptest::collection::vec(proptest::collection::vec(cell, 12), 0..4);
    proptest::collection::vec(rows, 9).prop_map(|tables| {
        let tables = TableKind::ALL.iter().zip(tables).map(|(&kind, rows)| {
            let mut table = Table::new(kind, kind.file_name(), kind.fields().iter().map(|field| field.name));
            for (at, row) in rows.into_iter().enumerate() {
                table.push_row(at as u32 + 2, row);
            }
            table
        });
        PlanDraft { tables: tables.collect(), ..PlanDraft::default() }
    })
}

proptest! {
    #[test]
    fn cycles_are_found_exactly_where_a_slow_search_finds_them(rows in tangles()) {
        let lines: Vec<String> = rows.iter().enumerate().map(|(at, (parent, links))| {
            // Parents only point upwards, so that they form a forest; summaries get their links as they are.
            let parent = parent.filter(|&parent| parent < at).map_or(String::new(), |parent| format!("t{parent}"));
            let links: Vec<String> = links.iter().filter(|&&from| from != at).map(|from| format!("t{from}")).collect();
            format!("t{at}|1d|{}|{parent}", links.join(";"))
        }).collect();
        let lines: Vec<&str> = ["id|duration|predecessors|parent"].into_iter().chain(lines.iter().map(String::as_str)).collect();
        let draft = draft(vec![tasks(&lines)]);
        match validate(&draft) {
            Ok((plan, _)) => assert_invariants(&plan),
            Err(error) => {
                let found = error.findings().expect("carried");
                let rules: Vec<&str> = found.iter().filter(|it| it.severity == Severity::Error).map(|it| it.rule).collect();
                prop_assert!(rules.iter().all(|rule| ["dependency-cycle", "summary-own-descendant"].contains(rule)), "{:?}", rules);
                for finding in found.iter().filter(|finding| finding.rule == "dependency-cycle") {
                    let (_, names) = finding.text.split_once(": ").expect("a list of names");
                    let names: Vec<&str> = names.split(" -> ").collect();
                    prop_assert!(names.len() > 2 && names.first() == names.last(), "{}", finding.text);
                }
            }
        }
    }

    #[test]
    fn any_draft_ends_in_a_plan_or_in_findings(draft in wild_drafts()) {
        match validate(&draft) {
            Ok((plan, found)) => {
                assert_invariants(&plan);
                prop_assert!(!found.has_errors());
            }
            Err(error) => prop_assert!(error.findings().expect("carried").has_errors()),
        }
    }
}

/// Cells for a column of the tables of uncertainty, now and then a wrong one.
fn cells_of(field: &str) -> impl Strategy<Value = &'static str> + use<> {
    let (right, wrong): (&[&str], &str) = match field {
        "id" => (&["r1", "r2", "v", "w", "x", "y", "z"], ""),
        "risk" => (&["r1", "r2"], "r4"),
        "tasks" | "milestones" => (&["build", "fix; ship", "build;fix;build"], "works;shop"),
        "task" | "after" => (&["design", "build", "fix"], "works"),
        "before" => (&["", "ship", "ship, ship"], "design"),
        "rework_task" => (&["fix", "build"], "works"),
        "a" => (&["build", "site", "task:fix", "risk:weather"], "works"),
        "b" => (&["ship", "site", "category:desk", "vendor"], "build"),
        "probability" | "probability_after" | "pass_probability" | "confidence" => (&["0.3", "60%", "0.01"], "7"),
        "coefficient" => (&["0.5", "-1", "20%"], "2"),
        "delay" | "delay_after" | "rework_duration" => (&["", "1d", "2ed", "pert(1d,2d,3d)"], "uniform(1d,2ed)"),
        "cost" | "cost_after" => (&["500", "1.50", "0"], "-1"),
        "group" => (&["", "vendor", "xor:weather", "exclusive:weather"], "é:,"),
        "max_loops" => (&["", "1", "3"], "0"),
        "status" => (&["", "open", "done"], "dome"),
        _ => (&["", "2026-03-05"], ""),
    };
    let right = proptest::sample::select(right.to_vec());
    prop_oneof![20 => right, 1 => Just(wrong)]
}

/// Rows of the six tables.
fn uncertain_tables() -> impl Strategy<Value = [Table; 6]> {
    TableKind::UNCERTAIN.map(|kind| {
        let row: Vec<_> = kind.fields().iter().map(|field| cells_of(field.name)).collect();
        proptest::collection::vec(row, 0..3).prop_map(move |rows| {
            let mut table = Table::new(kind, kind.file_name(), kind.fields().iter().map(|field| field.name));
            (2..).zip(rows).for_each(|(line, row)| assert!(table.push_row(line, row)));
            table
        })
    })
}

proptest! {
    #[test]
    fn whatever_the_tables_say_ends_in_findings_or_in_a_sound_plan(wild in uncertain_tables(), kind in 0..6usize) {
        // All tables at once are hardly ever right, one alone is more often.
        let mut alone = vec![whole(), risks()];
        alone.extend(wild.get(kind).filter(|table| table.kind() != TableKind::Risks).cloned());
        let mut all = vec![whole()];
        all.extend(wild);
        for tables in [alone, all] {
            let Ok((plan, _)) = validate(&draft(tables)) else { continue };
            assert_invariants(&plan);
            let is_summary = |task: &TaskId| plan.tasks()[*task].kind == TaskKind::Summary;
            for risk in plan.risks() {
                assert!(!risk.tasks.is_empty() && (0.0..=1.0).contains(&risk.probability));
                assert!(risk.delay.is_none() || !risk.tasks.iter().any(is_summary));
            }
            for mitigation in plan.mitigations() {
                let effects = (&mitigation.probability_after, &mitigation.delay_after, &mitigation.cost_after);
                assert_ne!(effects, (&None, &None, &None));
            }
            for gate in plan.gates() {
                let has_link = |task: &&TaskId| {
                    plan.links().iter().any(|link| link.predecessor == gate.after && link.successor == **task)
                };
                assert!(gate.before.iter().all(|task| has_link(&task)) && gate.max_loops > 0);
                assert!(gate.pass_probability == 1.0 || gate.rework.is_some() || gate.rework_task.is_some());
            }
            for stakeholder in plan.stakeholders() {
                assert!(0.0 < stakeholder.confidence && stakeholder.confidence < 1.0);
            }
        }
    }
}
