//! The checker.

use std::cell::Cell;
use std::io::BufRead;

use super::HEADING;
use super::state::{State, horizon};
use super::steps::{Literal, Rule, Step, number, parse, value};
use crate::network::{HORIZON_LIMIT, Network, Slot};
use crate::plan::Plan;

/// What a proof proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// No schedule finishes before this slot.
    Finish(Slot),
    /// There is no schedule.
    None,
}

/// A proof that does not hold: the line, counted from 1, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub line: u32,
    /// What is wrong.
    pub text: String,
}

/// What was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What is proven.
    pub claim: Claim,
    /// Nogoods it took.
    pub nogoods: usize,
    /// Steps from which they follow.
    pub steps: usize,
}

/// Checks a proof.
///
/// # Arguments
/// `text` is the proof, whatever bytes it holds.
///
/// # Errors
/// The first line that does not follow, or is missing.
///
/// # Complexity
/// Each step looks at the whole plan.
pub fn check(plan: &Plan, network: &Network, text: impl BufRead) -> Result<Checked, Fault> {
    let unreadable = Cell::new(None);
    let mut lines = (1..).zip(text.split(b'\n')).map_while(|(line, bytes)| match bytes {
        Ok(bytes) => Some((line, String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) => {
            unreadable.set(Some(Fault { line, text: format!("cannot be read: {error}") }));
            None
        }
    });
    let checked = check_lines(plan, network, &mut lines);
    unreadable.take().map_or(checked, Err)
}

fn check_lines(
    plan: &Plan,
    network: &Network,
    lines: &mut impl Iterator<Item = (u32, String)>,
) -> Result<Checked, Fault> {
    let (claim, end) = heading(plan, network, lines)?;
    let (nogoods, steps) = check_steps(network, end, lines)?;
    Ok(Checked { claim, nogoods, steps })
}

/// Checks the lines behind a claim: that no schedule has finished by `end`.
///
/// # Returns
/// The number of nogoods and of steps.
pub fn check_steps(
    network: &Network,
    end: Slot,
    lines: &mut impl Iterator<Item = (u32, String)>,
) -> Result<(usize, usize), Fault> {
    let mut checker = Checker::new(network, end);
    let mut last = 0;
    for (line, text) in lines {
        last = line;
        if text.trim().is_empty() {
            continue;
        }
        let step = parse(&text, network).and_then(|step| checker.take(step));
        if step.map_err(|text| Fault { line, text })? {
            return Ok((checker.nogoods.len(), checker.steps));
        }
    }
    let text = "the proof ends before anything is proven: there is no nogood without literals".to_owned();
    Err(Fault { line: last + 1, text })
}

/// Tells of lines that define pools, one after the other, whether a proof that no schedule has finished by `end` may have
/// them; those that it may not do not count.
pub fn takes_pools(network: &Network, end: Slot) -> impl FnMut(&str) -> bool {
    let mut checker = Checker::new(network, end);
    move |line| parse(line, network).and_then(|step| checker.take(step)).is_ok()
}

/// Reads the lines up to the claim.
///
/// # Returns
/// The claim, and a slot by which some schedule finishes if there is any.
fn heading(
    plan: &Plan,
    network: &Network,
    lines: &mut impl Iterator<Item = (u32, String)>,
) -> Result<(Claim, Slot), Fault> {
    let fault = |line: u32, text: String| Fault { line, text };
    match lines.next() {
        Some((_, text)) if text.trim_end() == HEADING => {}
        _ => return Err(fault(1, format!("a proof begins with the line `{HEADING}`"))),
    }
    if network.calendars.iter().any(|table| !table.is_always()) || !network.left_out.is_empty() {
        return Err(fault(
            1,
            "the plan has pauses, or too many choices of people: no proof speaks of such plans".to_owned(),
        ));
    }
    let mut nodes = 0;
    for (line, text) in lines {
        let words: Vec<&str> = text.split_whitespace().collect();
        match *words {
            ["node", ..] => {
                let expected =
                    (nodes < network.len()).then(|| format!("node {nodes} {}", network.node_name(plan, nodes as u32)));
                if expected.as_deref() != Some(text.trim_end()) {
                    let expected = expected.unwrap_or_else(|| "no more nodes".to_owned());
                    return Err(fault(line, format!("the proof is of another plan: expected `{expected}`")));
                }
                nodes += 1;
            }
            _ if nodes < network.len() => {
                return Err(fault(
                    line,
                    format!("the proof is of another plan: it has {nodes} nodes, the plan {}", network.len()),
                ));
            }
            ["claim", "finish", slot] => {
                let slot = value(slot).map_err(|text| fault(line, text))?;
                if slot <= 0 {
                    return Err(fault(line, "no schedule finishes before slot 1 anyway".to_owned()));
                }
                return Ok((Claim::Finish(slot), slot - 1));
            }
            ["claim", "none", end] => {
                let (end, least) = (number(end).map_err(|text| fault(line, text))?, horizon(network));
                if (end as i64) < least || end > HORIZON_LIMIT as usize {
                    return Err(fault(
                        line,
                        format!(
                            "the plan may have a schedule that finishes as late as slot {least}, and the proof only looks until slot {end}"
                        ),
                    ));
                }
                return Ok((Claim::None, end as Slot));
            }
            _ => return Err(fault(line, "expected `claim finish SLOT` or `claim none SLOT`".to_owned())),
        }
    }
    Err(fault(nodes as u32 + 2, "the proof ends before it claims anything".to_owned()))
}

struct Checker<'n> {
    /// What holds in every schedule there could be.
    state: State<'n>,
    /// What was proven, in order.
    nogoods: Vec<Vec<Literal>>,
    /// The steps since the last of them.
    pending: Vec<Pending>,
    steps: usize,
}

/// A step from which something is going to follow.
enum Pending {
    Theory(Vec<Literal>),
    Recall(usize),
}

impl<'n> Checker<'n> {
    fn new(network: &'n Network, end: Slot) -> Checker<'n> {
        Checker { state: State::new(network, end), nogoods: Vec::new(), pending: Vec::new(), steps: 0 }
    }

    /// Takes a step in; true if nothing is left to be proven.
    fn take(&mut self, step: Step) -> Result<bool, String> {
        match step {
            Step::Pool(number, definition) => {
                if number != self.state.pools() + 1 {
                    return Err(format!("the next pool is number {}", self.state.pools() + 1));
                }
                self.state.define(&definition)?;
                return Ok(false);
            }
            Step::Theory(Rule::Energy(_, _, Some(pool)) | Rule::Pool(pool), _)
                if !(1..=self.state.pools()).contains(&pool) =>
            {
                return Err(format!("there is no pool {pool} yet"));
            }
            Step::Theory(rule, literals) => {
                if !self.follows_from_plan(&rule, &literals) {
                    return Err("the plan does not contradict these literals by this rule".to_owned());
                }
                self.pending.push(Pending::Theory(literals));
            }
            Step::Recall(nogood) => {
                if !(1..=self.nogoods.len()).contains(&nogood) {
                    return Err(format!("there is no nogood {nogood} yet"));
                }
                self.pending.push(Pending::Recall(nogood));
            }
            Step::Nogood(number, literals) => {
                if number != self.nogoods.len() + 1 {
                    return Err(format!("the next nogood is number {}", self.nogoods.len() + 1));
                }
                self.follows_from_steps(&literals)?;
                self.pending.clear();
                let mut is_last = literals.is_empty();
                if let [literal] = literals[..] {
                    self.state.assert(literal.negated());
                    is_last = self.state.is_empty_at(literal);
                }
                self.nogoods.push(literals);
                return Ok(is_last);
            }
        }
        self.steps += 1;
        Ok(false)
    }

    fn follows_from_plan(&mut self, rule: &Rule, literals: &[Literal]) -> bool {
        let mark = self.state.mark();
        literals.iter().for_each(|&literal| self.state.assert(literal));
        let is_empty = literals.iter().any(|&literal| self.state.is_empty_at(literal));
        let follows = is_empty || self.state.contradicts(rule);
        self.state.go_back(mark);
        follows
    }

    /// Assumes literals and draws the consequences of the pending steps, until something is contradicted.
    fn follows_from_steps(&mut self, literals: &[Literal]) -> Result<(), String> {
        let mark = self.state.mark();
        literals.iter().for_each(|&literal| self.state.assert(literal));
        let mut contradicted = literals.iter().any(|&literal| self.state.is_empty_at(literal));
        for (number, step) in self.pending.iter().enumerate() {
            if contradicted {
                break;
            }
            let literals = match step {
                Pending::Theory(literals) => literals,
                Pending::Recall(nogood) => &self.nogoods[nogood - 1],
            };
            let mut open = literals.iter().filter(|&&literal| !self.state.holds(literal));
            match (open.next(), open.next()) {
                (None, _) => contradicted = true,
                (Some(&literal), None) => {
                    self.state.assert(literal.negated());
                    contradicted = self.state.is_empty_at(literal);
                }
                _ => {
                    let steps = self.pending.len();
                    return Err(format!(
                        "of the {steps} steps before it, number {} says nothing yet: more than one of its literals is open",
                        number + 1
                    ));
                }
            }
        }
        self.state.go_back(mark);
        if contradicted { Ok(()) } else { Err("it does not follow from the steps before it".to_owned()) }
    }
}
