//! The rules of deliverables.csv, alone and against the tasks that make them.

use super::*;
use crate::plan::DeliverableId;

const HEADERS: &str = "id|name|acceptance|owner|category|due|evidence|evidence_until";

fn made() -> Table {
    tasks(&["id|duration|deliverable|parent", "w|||", "a|1d|hut|w", "b|1d||w", "c|2d|road|"])
}

#[test]
fn the_plan_keeps_deliverables_as_they_are_written() {
    let rows = [HEADERS, "hut|Hut|It stands|ana|thing|2026-03-20|R-1|2027-03-20", "road|||||2026-03-20 12:00||"];
    let plan = plan(vec![made(), table(TableKind::Deliverables, &rows)]);
    let [hut, road] = [0, 1].map(|at| &plan.deliverables()[DeliverableId::new(at)]);
    assert_eq!((&*hut.id, hut.title(), &*hut.acceptance, &*hut.owner), ("hut", "Hut", "It stands", "ana"));
    // A date is meant to its end.
    assert_eq!(hut.due, Some(Moment::midnight(date(2026, 3, 21))));
    assert_eq!((&*hut.category, &*hut.evidence), ("thing", "R-1"));
    assert_eq!(hut.evidence_until, Some(Moment::midnight(date(2027, 3, 21))));
    assert_eq!((road.title(), road.due), ("road", Some(Moment::midnight(date(2026, 3, 20)) + Minutes(720))));
    assert_eq!((road.evidence_until, road.row), (None, 3));
}

#[test]
fn every_mistake_of_deliverables_comes_out_at_once() {
    assert_findings(
        vec![
            made(),
            table(
                TableKind::Deliverables,
                &[HEADERS, "hut|||||soon||", "hut||||||R-1|never", "|||||||", "hat|||||||2026-03-01"],
            ),
        ],
        &[
            "error bad-date deliverables.csv:2 [due]",
            "error bad-date deliverables.csv:3 [evidence_until]",
            "error duplicate-id deliverables.csv:3 [id]",
            "error empty-id deliverables.csv:4 [id]",
            "warning date-without-evidence deliverables.csv:5 [evidence_until]",
            "warning deliverable-without-task deliverables.csv:5 [id]",
            "error unknown-deliverable tasks.csv:5 [deliverable]",
        ],
    );
}

#[test]
fn a_task_for_a_deliverable_that_is_not_listed_is_told_the_nearest_one() {
    let tables = vec![made(), table(TableKind::Deliverables, &["id", "hut", "roads"])];
    let expected = "deliverable `road`: not in deliverables.csv; did you mean `roads`?";
    assert_eq!(message(&draft(tables), "unknown-deliverable"), expected);
}

#[test]
fn without_the_table_tasks_contribute_to_whatever_they_say() {
    let plan = plan(vec![made()]);
    assert!(plan.deliverables().is_empty());
    let label = |id: &str| plan.deliverable_of(plan.find_task(id).expect("a task")).map(|label| plan.label(label));
    assert_eq!((label("a"), label("b")), (Some("hut"), None));
}

#[test]
fn tasks_contribute_to_what_their_summary_contributes_to() {
    let tables = vec![
        tasks(&["id|duration|deliverable|parent", "w||hut|", "a|1d|road|w", "b|1d||w"]),
        table(TableKind::Deliverables, &["id", "hut", "road"]),
    ];
    let plan = plan(tables);
    let label = |id: &str| plan.deliverable_of(plan.find_task(id).expect("a task")).map(|label| plan.label(label));
    assert_eq!((label("a"), label("b")), (Some("road"), Some("hut")));
}

#[test]
fn what_an_unreadable_table_of_deliverables_lacks_is_not_reported_again() {
    let nameless = table(TableKind::Deliverables, &["name|due", "Hut|2026-03-01"]);
    assert_findings(vec![made(), nameless], &["error missing-column deliverables.csv"]);
}
