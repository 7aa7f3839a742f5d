//! Continuous crashing against hand-worked numbers and against a linear program.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable};
use proptest::prelude::*;

use super::crash::{Course, course, range};
use super::flow::UNLIMITED;
use super::program::{Curve, Program};
use super::tests::{Row, plan};
use crate::effort::{Control, Limits};
use crate::network::{Slot, compile};
use crate::plan::{LinkKind, Plan};

fn whole(plan: &Plan) -> Course {
    let network = compile(plan).unwrap();
    let program = Program::new(plan, &network);
    assert!(program.left_out.is_empty(), "{:?}", program.left_out);
    let control = Control::start(Limits::default());
    course(&program, &program.curves(), usize::MAX, &|_| 0, &control).unwrap()
}

/// The cheapest cost at a finish by a linear program: events, and a cost for each task that lies above every line through
/// two neighbouring corners of its curve.
fn by_linear_program(program: &Program<'_>, curves: &[Curve], finish: Slot) -> Option<f64> {
    let mut variables = ProblemVariables::new();
    let events: Vec<Variable> = variables.add_vector(variable().min(0), program.events());
    let costs: Vec<Variable> = variables.add_vector(variable().min(0), curves.len());
    let total: Expression = costs.iter().sum();
    let mut model = variables.minimise(total.clone()).using(microlp);
    for arc in &program.fixed {
        assert_eq!(arc.capacity, UNLIMITED);
        model = model.with(constraint!(events[arc.to as usize] - events[arc.from as usize] >= arc.length as f64));
    }
    let (beginning, end) = (events[program.events() - 2], events[program.events() - 1]);
    model = model.with(constraint!(end - beginning <= f64::from(finish)));
    for (node, curve) in curves.iter().enumerate() {
        let duration = || events[2 * node + 1] - events[2 * node];
        let corners = curve.corners();
        model = model.with(constraint!(duration() >= f64::from(corners[0].0)));
        model = model.with(constraint!(duration() <= f64::from(corners[corners.len() - 1].0)));
        model = model.with(constraint!(costs[node] >= curve.least()));
        for pair in corners.windows(2) {
            let slope = (pair[1].1 - pair[0].1) as f64 / f64::from(pair[1].0 - pair[0].0);
            let line = (duration() - f64::from(pair[0].0)) * slope + pair[0].1 as f64;
            model = model.with(constraint!(costs[node] >= line));
        }
    }
    model.solve().ok().map(|solution| solution.eval(&total))
}

/// Activities A to F, finish 22 when nothing is crashed; every slope, cut and turn is worked out by hand below, in the manner
/// of the crashing examples of Hillier and Lieberman, "Introduction to Operations Research", chapter on project management.
///
/// | | normal | crash | slope | after |
/// |---|---|---|---|---|
/// | A | 6 | 4 | 100 | |
/// | B | 8 | 5 | 200 | |
/// | C | 7 | 6 | 300 | A |
/// | D | 5 | 3 | 150 | B |
/// | E | 9 | 6 | 400 | C, D |
#[test]
fn a_hand_worked_example_is_crashed_step_by_step() {
    let sketch: &[Row<'_>] = &[
        ("A", &[(6, 0), (4, 20_000)], &[]),
        ("B", &[(8, 0), (5, 60_000)], &[]),
        ("C", &[(7, 0), (6, 30_000)], &[0]),
        ("D", &[(5, 0), (3, 30_000)], &[1]),
        ("E", &[(9, 0), (6, 120_000)], &[2, 3]),
    ];
    // A-C-E and B-D-E both take 22. The cuts: A+D = 250, A+B = 300, C+D = 450, C+B = 500, E = 400. A+D is the cheapest for the
    // two days that both have (20), then E for its three days (17); then only C can shorten the path above (one day), below B
    // can, with C at 500 (16). Then A, C and E are at their shortest.
    let found = whole(&plan(sketch, &[]));
    assert_eq!(found.corners, [(22, 0.0), (20, 50_000.0), (17, 170_000.0), (16, 220_000.0)]);
    let durations: Vec<&[Slot]> = found.points.iter().map(|point| &*point.durations).collect();
    assert_eq!(durations[1], [4, 8, 7, 3, 9]);
    assert_eq!(durations[3], [4, 7, 6, 3, 6]);
}

/// General Foundry (Render, Stair and Hanna, "Quantitative Analysis for Management", table 13.9), weeks and dollars: cut by
/// one week for 1,000, by two for 3,000; the path A-C-E-G-H takes 15.
#[test]
fn a_textbook_example_is_crashed_at_the_least_cost() {
    let sketch: &[Row<'_>] = &[
        ("A", &[(2, 0), (1, 1_000)], &[]),
        ("B", &[(3, 0), (1, 4_000)], &[]),
        ("C", &[(2, 0), (1, 1_000)], &[0]),
        ("D", &[(4, 0), (3, 1_000)], &[1]),
        ("E", &[(4, 0), (2, 2_000)], &[2]),
        ("F", &[(3, 0), (2, 500)], &[2]),
        ("G", &[(5, 0), (2, 6_000)], &[3, 4]),
        ("H", &[(2, 0), (1, 3_000)], &[5, 6]),
    ];
    // Then 2,000 for each week down to 10, and 3,000 down to 7.
    let found = whole(&plan(sketch, &[]));
    assert_eq!(found.corners, [(15, 0.0), (14, 1_000.0), (10, 9_000.0), (7, 18_000.0)]);
}

/// A task that was shortened is given back its time where another cut makes it dispensable: the case that greedy crashing of
/// critical paths gets wrong (Fulkerson 1961).
#[test]
fn time_is_given_back_where_a_later_cut_no_longer_needs_it() {
    // A (10) -> D (10); B (10) -> E (10); A -> X (0) -> E with D and B cheap, X the bridge: paths A-D, A-X-E, B-E, all 20.
    let sketch: &[Row<'_>] = &[
        ("A", &[(10, 0), (5, 15_000)], &[]),
        ("B", &[(10, 0), (5, 50_000)], &[]),
        ("D", &[(10, 0), (5, 50_000)], &[0]),
        ("X", &[(1, 0), (0, 900)], &[0]),
        ("E", &[(9, 0), (4, 15_000)], &[3, 1]),
    ];
    let plan = plan(sketch, &[]);
    let found = whole(&plan);
    let network = compile(&plan).unwrap();
    let program = Program::new(&plan, &network);
    for point in &found.points {
        let exact = by_linear_program(&program, &program.curves(), point.finish).unwrap();
        assert!((exact - point.cost).abs() < 1.0, "{point:?}: {exact}");
    }
    assert_eq!(found.corners.first().unwrap().0, 20);
    assert_eq!(found.corners.last().unwrap().0, 10);
}

prop_compose! {
    /// Modes of a task, durations and costs of all kinds; links of all kinds with lags and leads.
    fn sketched()(count in 2usize..9)(
        modes in prop::collection::vec(prop::collection::vec((0i64..12, 0i64..1000), 1..5), count),
        links in prop::collection::vec((0..count, 1..count.max(2), 0usize..4, -3i64..4), 0..14),
    ) -> Plan {
        let kinds = [LinkKind::FinishToStart, LinkKind::StartToStart, LinkKind::FinishToFinish, LinkKind::StartToFinish];
        let names: Vec<String> = (0..modes.len()).map(|task| format!("T{task}")).collect();
        let sketch: Vec<Row<'_>> =
            names.iter().zip(&modes).map(|(name, modes)| (&**name, &**modes, &[][..])).collect();
        let links: Vec<(usize, usize, LinkKind, i64)> = links
            .into_iter()
            .map(|(from, step, kind, lag)| (from, (from + step).min(modes.len() - 1), kinds[kind], lag))
            .filter(|link| link.0 < link.1)
            .collect();
        plan(&sketch, &links)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_finish_costs_what_the_linear_program_says(plan in sketched()) {
        let network = compile(&plan).unwrap();
        let program = Program::new(&plan, &network);
        let curves = program.curves();
        let control = Control::start(Limits::default());
        let (earliest, latest) = range(&program, &curves).unwrap();
        // One point for each slot.
        let count = (latest - earliest) as usize + 1;
        let found = course(&program, &curves, count, &|_| 0, &control).unwrap();
        prop_assert_eq!(found.corners.last().unwrap().0, earliest);
        for point in &found.points {
            let exact = by_linear_program(&program, &curves, point.finish).expect("the finish is within the range");
            prop_assert!((exact - point.cost).abs() < 0.01, "{point:?}: {exact}");
        }
        let slopes: Vec<f64> = found
            .corners
            .windows(2)
            .map(|pair| (pair[1].1 - pair[0].1) / f64::from(pair[0].0 - pair[1].0))
            .collect();
        prop_assert!(slopes.iter().all(|&slope| slope > 0.0), "{slopes:?}");
        prop_assert!(slopes.windows(2).all(|pair| pair[0] < pair[1]), "{slopes:?}");
        prop_assert!(by_linear_program(&program, &curves, earliest - 1).is_none());
    }
}
