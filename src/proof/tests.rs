//! What the checker lets pass, and what not.

use super::{Checked, check, check_steps};
use crate::effort::{Control, Limits, random};
use crate::generate::{GenerateOptions, generate};
use crate::index::{Id, Rows};
use crate::network::{Consumption, Demand, Network, NodeMode, Total, TotalOrigin, compile};
use crate::plan::LinkKind::FinishToStart;
use crate::plan::{Plan, ResourceId, validate};
use crate::schedule::Status;
use crate::solve::testing::Project;
use crate::solve::{SolveOptions, solve_with_proof};
use rand::Rng;

/// A small plan in numbered periods with modes, links of all kinds and two materials that are hardly enough.
fn plan(seed: u64) -> (Plan, Network) {
    let kinds = if seed.is_multiple_of(2) { [0.0; 3] } else { [0.2, 0.2, 0.1] };
    let modes = 1 + (seed % 3) as usize;
    let options = GenerateOptions {
        seed,
        modes,
        materials: modes - 1,
        link_kinds: kinds,
        resource_factor: 0.9,
        ..GenerateOptions::psplib(9)
    };
    let (plan, _) = validate(&generate(&options).expect("the options make sense")).expect("the plan is sound");
    let network = compile(&plan).expect("the plan can be done");
    (plan, network)
}

/// Lets short modes consume of a total, and leaves too little of it for all to be done in their shortest.
fn make_haste_scarce(network: &mut Network) {
    network.consumptions = Rows::new();
    let mut most = 0;
    for node in 0..network.origin.len() {
        let durations = || network.modes.row(node).iter().map(|mode| i64::from(mode.duration));
        let longest = durations().max().unwrap_or(0);
        most += durations().map(|duration| longest - duration).max().unwrap_or(0);
        for amount in durations().map(|duration| longest - duration) {
            network.consumptions.push_row((amount > 0).then_some(Consumption { total: 0, amount }));
        }
    }
    let origin = TotalOrigin::Material(ResourceId::new(0));
    network.totals = vec![Total { origin, capacity: most / 3, with_overhead: false }];
}

/// The proof of what is best about a plan, if one could be given.
fn proof(plan: &Plan, network: &Network) -> Option<String> {
    let mut text = Vec::new();
    let control = Control::start(Limits { effort: Some(20_000), time: None });
    let solved = solve_with_proof(plan, network, &SolveOptions::default(), &control, &|_| {}, &mut text);
    let (outcome, written) = solved.expect("the schedule is valid and memory can be written to");
    assert!(matches!(outcome.status, Status::Optimal | Status::Infeasible), "{:?}", outcome.status);
    written.ok().map(|_| String::from_utf8(text).expect("proofs are text"))
}

fn verdict(plan: &Plan, network: &Network, proof: &str) -> Option<Checked> {
    check(plan, network, proof.as_bytes()).ok()
}

/// The same proof of one slot more, of which it is not true: there is a schedule that finishes by then.
fn with_more_claimed(proof: &str) -> Option<String> {
    let (before, rest) = proof.split_once("claim finish ")?;
    let (slot, steps) = rest.split_once('\n')?;
    let slot: i32 = slot.parse().ok()?;
    Some(format!("{before}claim finish {}\n{steps}", slot + 1))
}

#[test]
fn what_is_proven_is_checked_and_no_more_can_be_claimed() {
    let (mut finishes, mut nogoods) = (0, 0);
    let kinds = ["by resource", "by sets", "by sum", " k0*", "t energy", " pool ", "t pool", "t order", "t total"];
    let mut found = [0; 9];
    for seed in 0..120 {
        let (plan, mut network) = plan(seed % 60);
        if seed >= 60 {
            make_haste_scarce(&mut network);
        }
        let proof = proof(&plan, &network).expect("plans in periods have proofs");
        let checked = check(&plan, &network, proof.as_bytes());
        let checked = checked.unwrap_or_else(|fault| {
            panic!("plan {seed}, line {}: {} {:?}", fault.line, fault.text, proof.lines().nth(fault.line as usize - 1))
        });
        nogoods += checked.nogoods;
        for (kind, found) in kinds.iter().zip(&mut found) {
            *found += proof.lines().filter(|line| line.contains(kind)).count();
        }
        if let Some(more) = with_more_claimed(&proof) {
            finishes += 1;
            assert_eq!(verdict(&plan, &network, &more), None, "plan {seed}");
        }
    }
    assert!(found.iter().all(|&lines| lines > 5), "{found:?} lines with {kinds:?}");
    assert!(finishes > 80 && nogoods > 6_000, "{finishes} plans, {nogoods} nogoods");
}

#[test]
fn no_change_of_a_proof_makes_it_prove_too_much() {
    let mut random = random(3, 0);
    let (mut refused, mut changed) = (0, 0);
    for seed in 0..12 {
        let (plan, network) = plan(seed);
        let proof = proof(&plan, &network).expect("plans in periods have proofs");
        let Some(more) = with_more_claimed(&proof) else { continue };
        let first = proof.lines().position(|line| line.starts_with("claim")).expect("there is a claim") + 1;
        for _ in 0..200 {
            let change = |text: &str, random: &mut crate::effort::Random| {
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                let at = random.random_range(first..lines.len());
                match random.random_range(0..4) {
                    0 => drop(lines.remove(at)),
                    1 => lines.swap(at, first),
                    2 => {
                        // One literal less.
                        let cut = lines[at].rfind(' ').unwrap_or(0);
                        lines[at].truncate(cut);
                    }
                    _ => {
                        let digits: Vec<usize> =
                            lines[at].char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
                        let Some(&digit) = digits.get(random.random_range(0..digits.len().max(1))) else {
                            return text.to_owned();
                        };
                        let new = char::from(b'0' + random.random_range(0..10_u8));
                        lines[at].replace_range(digit..=digit, &new.to_string());
                    }
                }
                lines.join("\n")
            };
            // What is claimed stays true, so that some changes do no harm; one of the two must be refused anyway.
            refused += usize::from(verdict(&plan, &network, &change(&proof, &mut random)).is_none());
            changed += 1;
            assert_eq!(verdict(&plan, &network, &change(&more, &mut random)), None, "plan {seed}");
        }
    }
    assert!(4 * refused > changed, "{refused} of {changed} changes were refused");
}

#[test]
fn proofs_of_other_plans_and_texts_that_are_none_are_refused_at_their_line() {
    let (plan, network) = plan(2);
    let proof = proof(&plan, &network).expect("plans in periods have proofs");
    let fault = |text: &str| check(&plan, &network, text.as_bytes()).expect_err("it proves nothing");
    let first = proof.lines().position(|line| line.starts_with("claim")).expect("there is a claim") as u32 + 1;
    assert_eq!(fault("").line, 1);
    assert_eq!(fault("anything").line, 1);
    assert_eq!(fault(&proof.replacen("node 3", "node 4", 1)).line, 5);
    assert_eq!(fault(&proof.replacen("claim finish", "claim", 1)).line, first);
    let head: Vec<&str> = proof.lines().take(first as usize).collect();
    let with = |line: &str| format!("{}\n{line}", head.join("\n"));
    for line in [
        "x",
        "t",
        "t link 0 1",
        "t link 0 99 : s0>=0",
        "t slot x : s0>=0",
        "t slot 3 : s0=3",
        "t slot 3 : q0>=3",
        "t slot 3 : s0>=99999999999",
        "t modes 0 : m0.99<=0",
        "r 1",
        "n 2 :",
        "n 1 :",
        "t total 99 :",
        "t order 99 :",
        "t order 0 1 2 3 0 1 2 3 0 1 2 3 0 : s0>=0",
        "n 1 : s0<=-5 x",
        "\u{0}\u{fffd}",
        "t slot 0 : s\u{e9}>=1",
    ] {
        assert_eq!(fault(&with(line)).line, first + 1, "{line}");
    }
    let cut: Vec<&str> = proof.lines().take(proof.lines().count() - 1).collect();
    assert_eq!(fault(&cut.join("\n")).line as usize, cut.len() + 1);
}

/// A of 3 slots and B of 2 need 3 of 4 units each, C of 4 needs 2 and follows A; by slot 8.
fn holds(line: &str) -> bool {
    let project = Project {
        capacities: vec![4],
        activities: vec![(3, vec![3]), (2, vec![3]), (4, vec![2])],
        links: vec![(0, 2, FinishToStart, 0)],
        maximal_lags: vec![(0, 1, FinishToStart, 1)],
        dates: Vec::new(),
    };
    let mut lines = [(1, line.to_owned()), (2, "n 1 : s0>=9".to_owned())].into_iter();
    // The second line holds anyway, and the proof is not finished, unless the first line is refused.
    check_steps(&project.network(), 8, &mut lines).expect_err("nothing is proven").line == 3
}

#[test]
fn each_rule_says_what_the_plan_says_and_no_more() {
    for (line, expected) in [
        ("t link 0 2 : s0>=1 s2<=3", true),
        ("t link 0 2 : s0>=1 s2<=4", false),
        ("t link 2 0 : s2>=4 s0<=9", false),
        ("t link 0 1 : s0<=1 s1>=6", true),
        ("t link 0 1 : s0<=1 s1>=5", false),
        ("t link 2 f : s2>=4 f<=7", true),
        ("t link 2 f : s2>=4 f<=8", false),
        ("t slot 4 : s0<=4 s0>=2 s1<=4 s1>=3", true),
        ("t slot 4 : s0<=4 s0>=2 s1<=4 s1>=2", false),
        ("t pair 0 1 : s0>=2 s1<=4 s1>=1 s0<=2", true),
        ("t pair 0 1 : s0>=2 s1<=5 s1>=1 s0<=2", false),
        ("t pair 1 2 : s1>=0 s1<=1 s2>=0 s2<=1", true),
        ("t pair 0 1 : o0.1>=1 s0>=2 s1<=4", true),
        ("t pair 0 1 : o0.1>=1 s0>=2 s1<=5", false),
        ("t pair 1 0 : o1.0<=0 s0>=2 s1<=4", true),
        ("t pair 0 1 : o0.1<=0 s1>=1 s0<=2", true),
        ("t pair 0 1 : o0.1<=0 s1>=1 s0<=3", false),
        ("t pair 0 1 : o0.1<=0 o1.0<=0", true),
        ("t pair 0 1 : o0.1<=0 o1.0>=1", false),
        ("t chain 1 0 2 : o1.0>=1 o1.2<=0", true),
        ("t chain 1 0 2 : o0.1<=0 o1.2<=0", true),
        ("t chain 1 0 2 : o1.0>=1 o2.1>=1", true),
        ("t chain 1 0 2 : o1.0>=1 s1>=1 s2<=2", true),
        ("t chain 1 0 2 : o1.0>=1", false),
        ("t chain 1 0 2 : o1.2<=0", false),
        ("t chain 0 1 2 : o0.1>=1 o1.2<=0 o0.2<=0", false),
        ("t order 0 1 : s0>=2 s1<=4 s1>=1 s0<=2", true),
        ("t order 0 1 : s0>=2 s1<=5 s1>=1 s0<=2", false),
        ("t order 1 2 0 : s0>=1 s1>=1 s2>=1 s0<=5 s1<=6 s2<=4", true),
        ("t order 1 2 : s1>=0 s1<=1 s2>=0 s2<=1", true),
        ("t order 2 1 : s1>=0 s1<=4 s2>=0 s2<=1", false),
        ("t energy 0 3 : s0<=0 s1<=1", true),
        ("t energy 0 3 : s0<=0 s1<=2", false),
        ("t modes 0 : s0>=3 e0<=5", true),
        ("t modes 0 : s0>=3 e0<=6", false),
        ("t modes 0 : m0.0<=0", true),
    ] {
        assert_eq!(holds(line), expected, "{line}");
    }
}

/// A of 3 slots, B of 2, C of 4 that follows A, and D of 2 need 3, 1, 2 and 1 of 4 units of one resource, and 1, 1, 1 and 9
/// of 9 of another: only A and B, and B and C, can run at the same time.
fn project() -> Project {
    Project {
        capacities: vec![4, 9],
        activities: vec![(3, vec![3, 1]), (2, vec![1, 1]), (4, vec![2, 1]), (2, vec![1, 9])],
        links: vec![(0, 2, FinishToStart, 0)],
        maximal_lags: Vec::new(),
        dates: Vec::new(),
    }
}

/// True if all lines are taken of a proof that no schedule has finished by slot 8.
fn are_taken(network: &Network, lines: &[&str]) -> bool {
    let last = "n 1 : s0>=9";
    let mut numbered = (1..).zip(lines.iter().chain([&last]).map(|&line| line.to_owned()));
    check_steps(network, 8, &mut numbered).expect_err("nothing is proven").line as usize == lines.len() + 2
}

#[test]
fn a_pool_holds_what_fits_into_a_resource_or_what_can_run_together() {
    let network = project().network();
    for (line, expected) in [
        // A and B fit into the first resource, and B, C and D do.
        ("p 1 by resource 0 : c0=4 m0=3 m1=1 m2=2 m3=1", true),
        ("p 1 by resource 0 : c0=3 m0=3 m1=1 m2=2 m3=1", false),
        ("p 1 by resource 0 : c0=4 m0=4 m1=1 m2=2 m3=1", false),
        ("p 1 by resource 0 : c0=4 m0=3 m1=1 m2=2 m3=2", false),
        ("p 1 by resource 1 : c0=4 m0=3 m1=1 m2=2 m3=1", false),
        ("p 1 by resource 0 : c0=3 m0=3 m2=3", true),
        ("p 1 by resource 0 : c0=4 c2=3 m0=3 m1=1 m2=2 m3=1", false),
        ("p 1 by resource 1 : c0=9 m0=1 m1=1 m2=1 m3=9", true),
        ("p 1 by sets : c0=3 m0=2 m1=1 m2=2 m3=3", true),
        ("p 1 by sets : c0=2 m0=2 m1=1 m2=2 m3=3", false),
        ("p 1 by sets : c0=3 m0=2 m1=2 m2=2 m3=3", false),
        ("p 1 by sets : c0=3 m0=2 m1=1 m2=2 m3=4", false),
        ("p 1 by sets : c0=1 m0=1 m2=1 m3=1", true),
        ("p 1 by sets : c0=0 m3=1", false),
        // C does not run before slot 3, A not from slot 4 on, as C has to follow it.
        ("p 1 by sets : c0=1 c3=5 m0=1 m2=5 m3=1", true),
        ("p 1 by sets : c0=1 c4=5 m0=1 m2=5 m3=1", false),
        ("p 1 by sets : c0=5 c4=1 m0=5 m2=1 m3=1", true),
        ("p 1 by sets : c0=5 c3=1 m0=5 m2=1 m3=1", false),
        ("p 1 by sets : c0=5 c4=0 m0=5 m3=1", false),
    ] {
        assert_eq!(are_taken(&network, &[line]), expected, "{line}");
    }
}

#[test]
fn a_pool_is_looked_at_in_each_mode_and_each_step_of_a_resource() {
    let mut network = project().network();
    // D needs 9 of the second resource for 2 slots, or 1 for 4.
    let slow = NodeMode { duration: 4, ..network.modes.row(3)[0] };
    network.modes = Rows::new();
    let both = [(3, 1), (2, 1), (4, 1), (2, 2)];
    for (duration, count) in both {
        let mode = NodeMode { duration, ..slow };
        network.modes.push_row([mode, slow].into_iter().take(count));
    }
    network.demands.push_row([Demand { resource: 1, amount: 1 }]);
    network.renewables[0].steps = vec![(0, 4), (5, 1)];
    for (line, expected) in [
        // B and the slow D may run beside A, or beside C.
        ("p 1 by sets : c0=4 m0=2 m1=1 m2=2 m3.0=3 m3.1=1", true),
        ("p 1 by sets : c0=3 m0=2 m1=1 m2=2 m3.0=3 m3.1=1", false),
        ("p 1 by sets : c0=4 m0=2 m1=1 m2=2 m3.0=3 m3.1=2", false),
        ("p 1 by sets : c0=4 m0=2 m1=1 m2=2 m3=1", true),
        ("p 1 by sets : c0=4 m0=2 m1=1 m2=2 m3=3", false),
        // From slot 5 on only B, or D, fit in the first resource.
        ("p 1 by resource 0 : c0=4 c5=1 m0=3 m1=1 m2=2 m3.0=1", true),
        ("p 1 by resource 0 : c0=4 c4=1 m0=3 m1=1 m2=2 m3.0=1", false),
        ("p 1 by resource 0 : c0=4 c5=1 m0=3 m1=1 m2=2 m3.0=1 m3.1=1", false),
    ] {
        assert_eq!(are_taken(&network, &[line]), expected, "{line}");
    }
}

#[test]
fn steps_by_a_pool_say_what_is_taken_of_it_and_no_more() {
    let network = project().network();
    let sets = "p 1 by sets : c0=3 m0=2 m1=1 m2=2 m3=3";
    let path = "p 1 by sum : s0+3<=s2*2 d2*2 e2+0<=f*2";
    let sum = "p 1 by sum : r0*1 r1*1";
    for (pool, line, expected) in [
        // Of 12 units 6, 2 and 6 are taken; less by D if it starts later.
        (sets, "t energy 0 4 pool 1 : s0<=1 s1<=2 s3<=2", true),
        (sets, "t energy 0 4 pool 1 : s0<=1 s1<=2 s3<=3", false),
        (sets, "t energy 0 4 : s0<=1 s1<=2 s3<=2", false),
        (sets, "t energy 4 0 pool 1 : s0<=1 s1<=2 s3<=2", false),
        // 22 units are taken in all, of 3 in each slot.
        (sets, "t pool 1 : f<=7", true),
        (sets, "t pool 1 : f<=8", false),
        (sets, "t pool 2 : f<=7", false),
        (sets, "t energy 0 4 pool 0 : s0<=1 s1<=2 s3<=2", false),
        // 48 units, of 13 in each slot.
        (sum, "t pool 1 : f<=3", true),
        (sum, "t pool 1 : f<=4", false),
        (sum, "t energy 0 3 pool 1 : s0<=0 s1<=1 s3<=1 s2<=1", true),
        (sum, "t energy 0 3 pool 1 : s0<=0 s1<=1 s3<=1 s2<=2", false),
        // The path takes 7 slots.
        (path, "t pool 1 : f<=6", true),
        (path, "t pool 1 : f<=7", false),
        (path, "t pool 1 : f<=7 s0>=1", true),
        (path, "t pool 1 : f<=7 s2>=4", false),
        (path, "t energy 5 5 pool 1 : f<=6", true),
    ] {
        assert_eq!(are_taken(&network, &[pool, line]), expected, "{pool}\n{line}");
    }
    for distance in ["s0+4<=s2", "s2+4<=s0", "e2+1<=f", "e0+1<=s2", "s0-1<=s1", "s0+8<=f"] {
        assert!(!are_taken(&network, &[&format!("p 1 by sum : {distance}*1")]), "{distance}");
    }
    for distance in ["s0-9<=s0", "e0-3<=s0", "s0+7<=e2", "s0+7<=f", "s0+2<=s2"] {
        assert!(are_taken(&network, &[&format!("p 1 by sum : {distance}*1")]), "{distance}");
    }
    // Before it is defined there is no pool, nor is it defined twice.
    assert!(!are_taken(&network, &["t pool 1 : f<=7", sets]));
    assert!(!are_taken(&network, &[sets, sets]));
    assert!(are_taken(&network, &[sets, &sets.replacen('1', "2", 1), "t pool 2 : f<=7"]));
}

#[test]
fn a_sum_weighs_totals_against_time() {
    let mut network = project().network();
    // A takes 3 slots, or 1 and a unit of the total; of that there is one.
    let modes: Vec<NodeMode> = (0..4).map(|node| network.modes.row(node)[0]).collect();
    network.modes = Rows::new();
    network.modes.push_row([modes[0], NodeMode { duration: 1, ..modes[0] }]);
    modes[1..].iter().for_each(|&mode| network.modes.push_row([mode]));
    network.demands = Rows::new();
    (0..5).for_each(|_| network.demands.push_row([]));
    network.consumptions = Rows::new();
    let unit = Consumption { total: 0, amount: 1 };
    (0..5).for_each(|position| network.consumptions.push_row((position == 1).then_some(unit)));
    network.totals.push(Total { origin: TotalOrigin::Material(ResourceId::new(0)), capacity: 1, with_overhead: false });
    let path = "d0*1 e0+0<=s2*1 d2*1 e2+0<=f*1";
    for (sum, line, expected) in [
        (format!("{path} k0*1"), "t pool 1 : f<=4", true),
        (format!("{path} k0*1"), "t pool 1 : f<=5", false),
        (format!("{path} k0*1"), "t pool 1 : f<=5 m0.1<=0", true),
        (format!("{path} k0*1"), "t pool 1 : f<=6 m0.1<=0", false),
        (format!("{path} k1*1"), "t pool 1 : f<=4", false),
    ] {
        assert_eq!(are_taken(&network, &[&format!("p 1 by sum : {sum}"), line]), expected, "{sum}\n{line}");
    }
}

#[test]
fn pools_that_make_no_sense_are_refused_without_ado() {
    let network = project().network();
    for line in [
        "p",
        "p 1",
        "p 1 by",
        "p 1 by sets",
        "p 1 by sets :",
        "p 2 by sets : c0=3",
        "p 0 by sets : c0=3",
        "p x by sets : c0=3",
        "p 1 by chance : c0=3",
        "p 1 by resource : c0=3",
        "p 1 by resource 2 : c0=3",
        "p 1 by resource 0 1 : c0=3",
        "p 1 by sets : m0=1",
        "p 1 by sets : c1=3",
        "p 1 by sets : c0=3 c0=4",
        "p 1 by sets : c0=3 c4=4 c2=9",
        "p 1 by sets : c0=3 m4=1",
        "p 1 by sets : c0=3 m0.1=1",
        "p 1 by sets : c0=3 m0.=1",
        "p 1 by sets : c0=3 m0=-1",
        "p 1 by sets : c0=3 m0",
        "p 1 by sets : c0=3 x0=1",
        "p 1 by sets : c0=3 \u{e9}=1",
        "p 1 by sets : c0=9999999999",
        "p 1 by sets : c0=99999999999999999999999999",
        "p 1 by sum : r0",
        "p 1 by sum : r0*",
        "p 1 by sum : r2*1",
        "p 1 by sum : k0*1",
        "p 1 by sum : d4*1",
        "p 1 by sum : r0*-1",
        "p 1 by sum : r0*9999999999999",
        "p 1 by sum : r0*99999999999999999999999999",
        "p 1 by sum : s0<=s2*1",
        "p 1 by sum : s0+<=s2*1",
        "p 1 by sum : s0+1<=s9*1",
        "p 1 by sum : s0+1<=m2.0*1",
        "p 1 by sum : s0+9999999999<=s2*1",
        "p 1 by sum : +<=*1",
        "p 1 by sum : \u{e9}*1",
    ] {
        assert!(!are_taken(&network, &[line]), "{line}");
    }
    let most = "r0*1099511627776 r1*1099511627776 d0*1099511627776 s0-1073741824<=s2*1099511627776 ".repeat(1_000);
    let pool = format!("p 1 by sum : {most}");
    assert!(are_taken(&network, &[&pool]));
    assert!(!are_taken(&network, &[&pool, "t energy -1073741824 1073741824 pool 1 : s0<=1073741824"]));
    assert!(!are_taken(&network, &[&pool, "t pool 1 : f<=1073741824 s0>=-1073741824"]));
    assert!(are_taken(&network, &["p 1 by sets : c0=2147483648 c1073741824=2147483648 m0=2147483648"]));
    // There is no room to see what fits into a resource of so many units, nor time to look at so many sets.
    let large = Project { capacities: vec![2_000_000_000, 9], ..project() }.network();
    assert!(!are_taken(&large, &["p 1 by resource 0 : c0=9 m0=1"]));
    assert!(are_taken(&large, &["p 1 by sets : c0=9 m0=1"]));
    let many = Project { capacities: vec![20], activities: vec![(1, vec![1]); 40], links: Vec::new(), ..project() };
    let pool = (0..40).fold("p 1 by sets : c0=40".to_owned(), |line, node| format!("{line} m{node}=2"));
    assert!(!are_taken(&many.network(), &[&pool]));
}

#[test]
fn sets_of_any_size_take_turns_by_resources_and_by_links() {
    let many = Project { capacities: vec![1], activities: vec![(1, vec![1]); 30], links: Vec::new(), ..project() };
    let network = many.network();
    let nodes = (0..30).fold(String::new(), |nodes, node| format!("{nodes} {node}"));
    let by = |last: u32, nodes: u32| (0..nodes).fold(String::new(), |text, node| format!("{text} s{node}<={last}"));
    for (last, count, expected) in [(7, 30, true), (7, 9, true), (7, 8, false), (2, 4, true), (3, 4, false)] {
        let line = format!(
            "t order{} :{}",
            &nodes[..nodes.find(&format!(" {count}")).unwrap_or(nodes.len())],
            by(last, count)
        );
        assert_eq!(are_taken(&network, &[&line]), expected, "{line}");
    }
    let mut project = project();
    project.activities.push((0, vec![0, 0]));
    project.links.extend([0, 2].map(|node| (node, 4, FinishToStart, 0)));
    let network = project.network();
    for (line, expected) in [
        ("t order 0 2 : s0<=3 s2<=4 s0>=2", true),
        ("t order 0 2 : s0<=3 s2<=4 s0>=1", false),
        ("t order 0 2 : s0<=4 s2<=4 s0>=2", false),
        ("t pair 0 2 : s0>=2 s2<=4 s2>=0 s0<=3", true),
        ("t order 0 1 : s0<=0 s1<=0", false),
        // Not one before the other says no more than that of two that may run together.
        ("t pair 0 1 : o0.1<=0 o1.0<=0", false),
        ("t chain 0 1 2 : o1.0<=0 o1.2>=1 o0.2<=0", false),
        // Two that take no time may each have finished before the other starts.
        ("t pair 4 4 : o4.4>=1", false),
        ("t chain 0 2 4 : o0.2>=1 o4.0>=1", true),
        // The end that takes no time comes after all others.
        ("t order 0 2 4 : s0>=1 s2>=1 s0<=4 s2<=4 s4>=5 s4<=7", true),
        ("t order 0 2 4 : s0>=1 s2>=1 s0<=4 s2<=4 s4>=5 s4<=8", false),
        ("t order 0 2 4 : s0>=2 s2>=2 s0<=4 s2<=4 s4>=5 s4<=8", true),
        ("t order 0 1 4 : s0>=1 s1>=1 s4<=4", false),
        ("t order 0 2 2 : s0<=3 s2<=4 s0>=2", false),
        ("t order : s0<=3", false),
    ] {
        assert_eq!(are_taken(&network, &[line]), expected, "{line}");
    }
    // B takes long to be done at times, and leaves room for A meanwhile.
    let mut network = self::project().network();
    network.renewables[0].steps = vec![(0, 3)];
    let slow = NodeMode { duration: 6, ..network.modes.row(1)[0] };
    let modes: Vec<NodeMode> = (0..4).map(|node| network.modes.row(node)[0]).collect();
    network.modes = Rows::new();
    for (node, &mode) in modes.iter().enumerate() {
        network.modes.push_row([mode, slow].into_iter().take(if node == 1 { 2 } else { 1 }));
    }
    network.demands = Rows::new();
    [3, 3, 3, 2, 3].into_iter().for_each(|amount| network.demands.push_row([Demand { resource: 0, amount }]));
    for (line, expected) in [
        ("t order 0 1 : e1>=6 s0>=2 s0<=3", false),
        ("t order 0 1 : e1>=6 e1<=6 s0>=1 s0<=3", false),
        ("t order 0 1 : e1>=6 e1<=6 s0>=2 s0<=3", true),
        // A runs from slot 1 to 4, B from there to 6, D behind.
        ("t order 0 1 3 : e1>=6 s0>=1 s3>=6", false),
        ("t order 0 1 3 : e1>=6 s0>=2 s3>=6", true),
    ] {
        assert_eq!(are_taken(&network, &[line]), expected, "{line}");
    }
}
