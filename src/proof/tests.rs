//! What the checker lets pass, and what not.

use super::{Checked, check, check_steps};
use crate::effort::{Control, Limits, random};
use crate::generate::{GenerateOptions, generate};
use crate::network::{Network, compile};
use crate::plan::LinkKind::FinishToStart;
use crate::plan::{Plan, validate};
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
    for seed in 0..60 {
        let (plan, network) = plan(seed);
        let proof = proof(&plan, &network).expect("plans in periods have proofs");
        let checked = check(&plan, &network, proof.as_bytes());
        let checked = checked.unwrap_or_else(|fault| {
            panic!("plan {seed}, line {}: {} {:?}", fault.line, fault.text, proof.lines().nth(fault.line as usize - 1))
        });
        nogoods += checked.nogoods;
        if let Some(more) = with_more_claimed(&proof) {
            finishes += 1;
            assert_eq!(verdict(&plan, &network, &more), None, "plan {seed}");
        }
    }
    assert!(finishes > 40 && nogoods > 3_000, "{finishes} plans, {nogoods} nogoods");
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
