//! What is learned, written down so that others can check it: the lines of a proof ([`crate::proof`]).

use std::io::Write;

use super::energy::Window;
use super::kernel::Kernel;
use super::literal::Literal;
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
    /// A window holds too much work.
    Overfull(Window),
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
            Cause::Overfull(Window { from, to }) => format!("energy {from} {to}"),
            Cause::Follows(_, Reason::Window(number)) => {
                let Window { from, to } = self.moved_by(number);
                format!("energy {from} {to}")
            }
            Cause::Follows(literal, Reason::Rival(rival)) => {
                format!("pair {} {rival}", self.owner(literal.side.variable()))
            }
            Cause::Follows(_, Reason::Clique(_)) => {
                let mut tasks: Vec<u32> = literals.iter().map(|literal| self.owner(literal.side.variable())).collect();
                tasks.sort_unstable();
                tasks.dedup();
                tasks.iter().fold("order".to_owned(), |rule, task| format!("{rule} {task}"))
            }
            Cause::Follows(_, Reason::Choice(task)) => format!("modes {task}"),
            Cause::Exceeded(total) => format!("total {total}"),
            Cause::Follows(_, Reason::Total(total)) => format!("total {total}"),
            Cause::Follows(_, Reason::Distance(distance)) => {
                let (from, to) = self.precedence.ends(distance);
                let from = self.owner(from);
                if to == self.makespan { format!("link {from} f") } else { format!("link {from} {}", self.owner(to)) }
            }
            Cause::Follows(_, Reason::Given | Reason::Decision | Reason::Granted | Reason::Lag(_)) => return,
        };
        out.extend_from_slice(format!("t {rule} :").as_bytes());
        self.write_literals(out, literals);
    }

    fn write_literals(&self, out: &mut Vec<u8>, literals: &[Literal]) {
        for literal in literals {
            let variable = literal.side.variable();
            let owner = self.owner(variable);
            let (sign, value) = if literal.side.is_lower() { (">=", literal.value) } else { ("<=", -literal.value) };
            // Into memory, which is never full.
            let _ = match self.task(owner) {
                _ if variable == self.makespan => write!(out, " f{sign}{value}"),
                Some(Task::Multi(choice)) if variable == choice.finish => write!(out, " e{owner}{sign}{value}"),
                Some(Task::Multi(choice)) if variable > choice.finish => {
                    write!(out, " m{owner}.{}{sign}{value}", variable - choice.finish - 1)
                }
                _ => write!(out, " s{owner}{sign}{value}"),
            };
        }
        out.push(b'\n');
    }
}
