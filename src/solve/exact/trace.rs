//! What is learned, written down so that others can check it: the lines of a proof ([`crate::proof`]).

use std::fmt;
use std::io::Write;

use super::energy::Window;
use super::kernel::Kernel;
use super::literal::Literal;
use super::pools::{Basis, Pool, User};
use super::precedence::Distance;
use super::tasks::Task;
use super::trail::Reason;
use crate::solve::sgs::Word;

/// Why literals cannot hold together.
#[derive(Clone, Copy, Debug)]
pub enum Cause {
    /// A literal follows from the others, for a reason, and its contrary is one of them.
    Follows(Literal, Reason),
    /// They are those of a nogood.
    Nogood(u32),
    /// More is in use in a slot than there is.
    Overload(i32),
    /// A window of a pool holds too much work.
    Overfull(usize, Window),
    /// More of a total is consumed in any case than there is.
    Exceeded(usize),
}

/// The proof so far.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    text: Vec<u8>,
    /// Steps from which the next nogood follows: place on the trail, where their line is among `lines`.
    steps: Vec<(u32, usize, usize)>,
    lines: Vec<u8>,
    nogoods: u32,
    /// Entries of the trail before the first decision that are proven.
    settled: u32,
}

impl Trace {
    /// Hands out what was written since it was last asked.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text)
    }

    /// Number of nogoods written.
    pub fn nogoods(&self) -> u32 {
        self.nogoods
    }
}

impl<W: Word> Kernel<W> {
    /// Writes down what is learned from here on.
    ///
    /// # Arguments
    /// `takes_pool` tells whether a proof may have the pool that a line defines; it does without the others.
    pub fn keep_trace(&mut self, takes_pool: &mut dyn FnMut(&str) -> bool) {
        let mut trace = Box::<Trace>::default();
        // The checker would have to look at too many sets to believe in weights of tasks.
        self.weights = None;
        self.pools.truncate(self.weighted);
        let (resources, derived) = self.counts;
        let pools = self.pools.split_off(resources);
        let last = derived.min(pools.len());
        for (place, pool) in pools.into_iter().enumerate() {
            let line = self.definition(self.pools.len() - resources + 1, &pool);
            if takes_pool(&line) {
                trace.text.extend_from_slice(line.as_bytes());
                self.pools.push(pool);
            } else if place < last {
                self.counts.1 -= 1;
            } else {
                self.blend = None;
            }
        }
        self.weighted = self.pools.len();
        self.trace = Some(trace);
        if let Some(total) = self.totals.exceeded() {
            self.trace_step(0, Cause::Exceeded(total), &[]);
            self.trace_nogood(&[]);
        }
    }

    /// The line that defines a pool.
    fn definition(&self, number: usize, pool: &Pool) -> String {
        let numbered = |letter: char, weights: &[i64]| -> Vec<String> {
            let counts = weights.iter().enumerate().filter(|&(_, &weight)| weight > 0);
            counts.map(|(number, weight)| format!("{letter}{number}*{weight}")).collect()
        };
        let (reason, words) = match &pool.basis {
            Basis::Resource(resource) => (format!("resource {resource}"), units(pool)),
            Basis::Sets => ("sets".to_owned(), units(pool)),
            Basis::Sum(weights) => {
                let distances = self.precedence.distances().iter().zip(&weights.distances);
                let distance = |(&Distance { from, to, least }, weight): (&Distance, &i64)| {
                    format!("{}{least:+}<={}*{weight}", self.name(from), self.name(to))
                };
                let words = [
                    numbered('r', &weights.resources),
                    numbered('k', &weights.totals),
                    numbered('d', &weights.durations),
                    distances.filter(|(_, weight)| **weight > 0).map(distance).collect(),
                ];
                ("sum".to_owned(), words.concat())
            }
        };
        format!("p {number} by {reason} : {}\n", words.join(" "))
    }

    /// Writes a step for the nogood that is being learned: literals that cannot hold together, of which all but one held
    /// before entry `place`.
    pub(super) fn trace_step(&mut self, place: u32, cause: Cause, literals: &[Literal]) {
        let Some(mut trace) = self.trace.take() else { return };
        let from = trace.lines.len();
        self.write_step(&mut trace.lines, cause, literals);
        trace.steps.push((place, from, trace.lines.len()));
        self.trace = Some(trace);
    }

    /// Writes the nogood that follows from the steps.
    pub(super) fn trace_nogood(&mut self, literals: &[Literal]) {
        let Some(mut trace) = self.trace.take() else { return };
        let Trace { text, steps, lines, nogoods, .. } = &mut *trace;
        steps.sort_by_key(|step| step.0);
        for (_, from, to) in steps.drain(..) {
            text.extend_from_slice(&lines[from..to]);
        }
        lines.clear();
        *nogoods += 1;
        text.extend_from_slice(format!("n {nogoods} :").as_bytes());
        self.write_literals(text, literals);
        self.trace = Some(trace);
    }

    /// Proves what came to hold before the first decision, each by itself.
    pub(super) fn trace_given(&mut self) {
        if self.trace.is_none() {
            return;
        }
        let known = self.trail.len_given();
        let first = self.trace.as_ref().map_or(0, |trace| trace.settled);
        for place in first.max(2 * self.variables())..known {
            let entry = *self.trail.entry(place);
            let literal = Literal { side: entry.side, value: entry.value };
            if entry.reason != Reason::Given {
                let mut why = Vec::new();
                self.explain(entry.reason, literal, place, &mut why);
                why.push(literal.negated());
                self.trace_step(place, Cause::Follows(literal, entry.reason), &why);
                self.trace_nogood(&[literal.negated()]);
            }
        }
        if let Some(trace) = &mut self.trace {
            trace.settled = known;
        }
    }

    fn write_step(&self, out: &mut Vec<u8>, cause: Cause, literals: &[Literal]) {
        let recall = |nogood: u32| format!("r {}\n", self.nogoods.number(nogood));
        let rule = match cause {
            Cause::Nogood(nogood) | Cause::Follows(_, Reason::Nogood(nogood)) => {
                out.extend_from_slice(recall(nogood).as_bytes());
                return;
            }
            Cause::Overload(slot) | Cause::Follows(_, Reason::Slot(slot)) => format!("slot {slot}"),
            Cause::Overfull(pool, window) => self.energy_rule(pool, window),
            Cause::Follows(_, Reason::Window(number)) => {
                let (pool, window, _) = self.moves[number as usize];
                self.energy_rule(pool, window)
            }
            Cause::Follows(literal, Reason::Rival(rival)) => {
                format!("pair {} {rival}", self.owner(literal.side.variable()))
            }
            Cause::Follows(literal, Reason::Order | Reason::Chain(_)) => {
                let Some((first, second)) = self.rivals.told(literal) else { return };
                match cause {
                    Cause::Follows(_, Reason::Chain(middle)) => format!("chain {first} {middle} {second}"),
                    _ => format!("pair {first} {second}"),
                }
            }
            Cause::Follows(_, Reason::Clique(_)) => {
                let mut tasks: Vec<u32> = literals.iter().map(|literal| self.owner(literal.side.variable())).collect();
                tasks.sort_unstable();
                tasks.dedup();
                tasks.iter().fold("order".to_owned(), |rule, task| format!("{rule} {task}"))
            }
            Cause::Follows(_, Reason::Choice(task)) => format!("modes {task}"),
            Cause::Exceeded(total) => self.total_rule(total as u32),
            Cause::Follows(_, Reason::Total(total)) => self.total_rule(total),
            Cause::Follows(_, Reason::Distance(distance)) => {
                let Distance { from, to, .. } = self.precedence.distances()[distance as usize];
                let from = self.owner(from);
                if to == self.makespan { format!("link {from} f") } else { format!("link {from} {}", self.owner(to)) }
            }
            Cause::Follows(_, Reason::Given | Reason::Decision | Reason::Granted | Reason::Lag(_)) => return,
        };
        out.extend_from_slice(format!("t {rule} :").as_bytes());
        self.write_literals(out, literals);
    }

    /// That a window of a pool holds too much work.
    fn energy_rule(&self, pool: usize, Window { from, to }: Window) -> String {
        match pool.checked_sub(self.counts.0) {
            Some(number) => format!("energy {from} {to} pool {}", number + 1),
            None => format!("energy {from} {to}"),
        }
    }

    /// That a total is exceeded; that of the blend, which is the last pool, has it for a name.
    fn total_rule(&self, total: u32) -> String {
        match self.blend {
            Some(blend) if blend == total => format!("pool {}", self.pools.len() - self.counts.0),
            _ => format!("total {total}"),
        }
    }

    fn write_literals(&self, out: &mut Vec<u8>, literals: &[Literal]) {
        for literal in literals {
            let (sign, value) = if literal.side.is_lower() { (">=", literal.value) } else { ("<=", -literal.value) };
            // Into memory, which is never full.
            let _ = write!(out, " {}{sign}{value}", self.name(literal.side.variable()));
        }
        out.push(b'\n');
    }

    /// A variable as proofs call it.
    fn name(&self, variable: u32) -> Name {
        let owner = self.owner(variable);
        match self.task(owner) {
            _ if variable == self.makespan => Name::Project,
            _ if let Some((one, other)) = self.rivals.pair(variable) => Name::Order(one, other),
            Some(Task::Multi(choice)) if variable == choice.finish => Name::Finish(owner),
            Some(Task::Multi(choice)) if variable > choice.finish => Name::Mode(owner, variable - choice.finish - 1),
            _ => Name::Start(owner),
        }
    }
}

/// What a pool offers, and what each task takes of it in each mode.
fn units(pool: &Pool) -> Vec<String> {
    let mut words: Vec<String> = pool.steps.iter().map(|(slot, units)| format!("c{slot}={units}")).collect();
    for User { task, amounts, .. } in &pool.users {
        match amounts[..] {
            [amount] => words.push(format!("m{task}={amount}")),
            ref amounts => {
                let in_mode = |(mode, amount): (usize, &i32)| format!("m{task}.{mode}={amount}");
                words.extend(amounts.iter().enumerate().map(in_mode));
            }
        }
    }
    words
}

/// The name of a variable.
enum Name {
    Project,
    Start(u32),
    Finish(u32),
    Mode(u32, u32),
    Order(u32, u32),
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Project => out.write_str("f"),
            Name::Start(node) => write!(out, "s{node}"),
            Name::Finish(node) => write!(out, "e{node}"),
            Name::Order(one, other) => write!(out, "o{one}.{other}"),
            Name::Mode(node, mode) => write!(out, "m{node}.{mode}"),
        }
    }
}
