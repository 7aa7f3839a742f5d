//! Learning from conflicts.
//!
//! Learning is first-UIP (Marques-Silva, Sakallah, "GRASP", IEEE Transactions on Computers 48 (1999)) on bounds: an entry of
//! the trail is needed up to a value, which may be less than what it raised its side to, and reasons are asked for that
//! value alone, when they are needed. What is learned is freed of literals that follow from older ones of it (Sorensson,
//! Biere, "Minimizing learned clauses", SAT 2009).

use super::kernel::Kernel;
use super::literal::Literal;
use super::trace::Cause;
use super::trail::{Reason, Trail};
use crate::solve::sgs::Word;

/// Room for the analysis of a conflict.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// Value needed of each entry of the trail.
    needs: Vec<i32>,
    marked: Vec<u32>,
    learned: Vec<Literal>,
    why: Vec<Literal>,
    /// The strongest literal of each side among those learned: value, entry.
    strongest: Vec<(i32, u32)>,
    /// Entries that are known to follow from others, up to a value; or not to, from a value on.
    implied: Vec<(u32, i32)>,
    levels: Vec<u64>,
    stamp: u64,
}
impl Analysis {
    /// Room for so many sides.
    pub fn new(sides: usize) -> Analysis {
        Analysis { strongest: vec![(NOT_NEEDED, 0); sides], ..Analysis::default() }
    }
}

const NOT_NEEDED: i32 = i32::MIN;
/// Reasons looked at behind a literal to show that it follows from others.
const MINIMIZE_DEPTH: u32 = 4;

impl<W: Word> Kernel<W> {
    /// Marks what a literal needs.
    #[inline]
    fn need(&mut self, literal: Literal, open: &mut u32) {
        let place = self.trail.entry_of(literal);
        let level = self.trail.entry(place).level;
        if level == 0 {
            return;
        }
        let need = &mut self.analysis.needs[place as usize];
        if *need == NOT_NEEDED {
            *need = literal.value;
            if level == self.trail.level() {
                *open += 1;
            } else {
                self.analysis.marked.push(place);
            }
        } else {
            *need = (*need).max(literal.value);
        }
        self.branching.reward(literal);
    }

    /// Learns a nogood from the conflict, goes back to where it forces something, and forces it.
    pub(super) fn learn(&mut self) {
        // A conflict may hold below the last decision.
        let level = |kernel: &Self, literal: Literal| kernel.trail.entry(kernel.trail.entry_of(literal)).level;
        let deepest = self.conflict.iter().map(|&literal| level(self, literal)).max().unwrap_or(0);
        self.trace_given();
        if deepest == 0 {
            self.is_exhausted = true;
            self.trace_conflict();
            self.trace_nogood(&[]);
            return;
        }
        if deepest < self.trail.level() {
            self.backtrack(deepest);
        }
        self.analysis.needs.clear();
        self.analysis.needs.resize(self.trail.len(), NOT_NEEDED);
        self.analysis.marked.clear();
        self.trace_conflict();
        let mut open = 0;
        for place in 0..self.conflict.len() {
            self.need(self.conflict[place], &mut open);
        }
        let mut why = std::mem::take(&mut self.analysis.why);
        let uip = loop {
            let place = self.trail.len() as u32 - 1;
            let entry = *self.trail.entry(place);
            let need = self.analysis.needs[place as usize];
            if need != NOT_NEEDED && open == 1 {
                break Literal { side: entry.side, value: need };
            }
            self.trail.pop();
            if need == NOT_NEEDED {
                continue;
            }
            self.analysis.needs[place as usize] = NOT_NEEDED;
            open -= 1;
            why.clear();
            let literal = Literal { side: entry.side, value: need };
            self.explain(entry.reason, literal, place, &mut why);
            self.trace_reason(place, literal, entry.reason, &why);
            if let Reason::Nogood(nogood) = entry.reason {
                self.reward(nogood);
            }
            for &literal in &why {
                self.need(literal, &mut open);
            }
        };
        why.clear();
        self.analysis.why = why;
        self.collect(uip);
        self.branching.fade();
        self.nogoods.fade();
        let learned = std::mem::take(&mut self.analysis.learned);
        let forced = learned[0].negated();
        self.trace_nogood(&learned);
        match learned.get(1) {
            None => {
                self.backtrack(0);
                if self.trail.is_false(forced) {
                    self.is_exhausted = true;
                } else {
                    self.give(forced);
                }
            }
            Some(&second) => {
                let back = level(self, second);
                let levels = self.levels(&learned);
                self.backtrack(back);
                let nogood = self.nogoods.add(&learned, levels, self.trace.as_ref().map_or(0, |trace| trace.nogoods()));
                self.trail.raise(forced, Reason::Nogood(nogood));
            }
        }
        self.analysis.learned = learned;
    }

    fn trace_conflict(&mut self) {
        if self.trace.is_some() {
            let literals = self.conflict.clone();
            self.trace_step(u32::MAX, self.conflict_cause, &literals);
        }
    }

    fn trace_reason(&mut self, place: u32, literal: Literal, reason: Reason, why: &[Literal]) {
        if self.trace.is_some() {
            let literals: Vec<Literal> = why.iter().copied().chain([literal.negated()]).collect();
            self.trace_step(place, Cause::Follows(literal, reason), &literals);
        }
    }

    fn reward(&mut self, nogood: u32) {
        let Kernel { nogoods, trail, analysis, .. } = self;
        nogoods.reward(nogood, |literals| count_levels(literals, trail, analysis));
    }

    fn levels(&mut self, literals: &[Literal]) -> u32 {
        count_levels(literals, &self.trail, &mut self.analysis)
    }

    /// Puts the learned nogood together: the literal of the last level first, then the one of the next level below.
    fn collect(&mut self, uip: Literal) {
        let uip_place = self.trail.len() as u32 - 1;
        let Analysis { marked, needs, strongest, .. } = &mut self.analysis;
        let mut note = |side: usize, value: i32, place: u32| {
            if strongest[side].0 < value {
                strongest[side] = (value, place);
            }
        };
        note(uip.side.index(), uip.value, uip_place);
        for &place in marked.iter() {
            note(self.trail.entry(place).side.index(), needs[place as usize], place);
        }
        self.analysis.stamp += 1;
        let stamp = self.analysis.stamp;
        for place in 0..self.analysis.marked.len() {
            let level = self.trail.entry(self.analysis.marked[place]).level as usize;
            if self.analysis.levels.len() <= level {
                self.analysis.levels.resize(level + 1, 0);
            }
            self.analysis.levels[level] = stamp;
        }
        self.analysis.implied.clear();
        let mut learned = std::mem::take(&mut self.analysis.learned);
        learned.clear();
        learned.push(uip);
        let mut deepest = 0;
        for index in 0..self.analysis.marked.len() {
            let place = self.analysis.marked[index];
            let entry = *self.trail.entry(place);
            let value = self.analysis.needs[place as usize];
            if self.analysis.strongest[entry.side.index()].1 != place || self.follows(place, value, MINIMIZE_DEPTH) {
                continue;
            }
            learned.push(Literal { side: entry.side, value });
            if entry.level > deepest {
                deepest = entry.level;
                let last = learned.len() - 1;
                learned.swap(1, last);
            }
        }
        let Analysis { marked, strongest, .. } = &mut self.analysis;
        strongest[uip.side.index()].0 = NOT_NEEDED;
        for &place in marked.iter() {
            strongest[self.trail.entry(place).side.index()].0 = NOT_NEEDED;
        }
        self.analysis.learned = learned;
    }

    /// True if the entry at `place`, up to `value`, follows from other literals of the nogood, all older.
    fn follows(&mut self, place: u32, value: i32, depth: u32) -> bool {
        let entry = *self.trail.entry(place);
        if matches!(entry.reason, Reason::Decision) || depth == 0 {
            return false;
        }
        let mut why = std::mem::take(&mut self.analysis.why);
        let from = why.len();
        self.explain(entry.reason, Literal { side: entry.side, value }, place, &mut why);
        let to = why.len();
        self.analysis.why = why;
        let all = (from..to).all(|index| self.is_implied(self.analysis.why[index], place, depth - 1));
        if all && self.trace.is_some() {
            let why = self.analysis.why[from..to].to_vec();
            self.trace_reason(place, Literal { side: entry.side, value }, entry.reason, &why);
        }
        self.analysis.why.truncate(from);
        all
    }

    /// True if a literal holds anyway, or follows from literals of the nogood that are older than entry `place`.
    fn is_implied(&mut self, literal: Literal, place: u32, depth: u32) -> bool {
        let before = self.trail.entry_of(literal);
        let level = self.trail.entry(before).level;
        if level == 0 {
            return true;
        }
        let (strongest, at) = self.analysis.strongest[literal.side.index()];
        if strongest >= literal.value && at < place {
            return true;
        }
        if self.analysis.implied.iter().any(|&(known, up_to)| known == before && literal.value <= up_to) {
            return true;
        }
        if self.analysis.levels.get(level as usize) != Some(&self.analysis.stamp) {
            return false;
        }
        let implied = self.follows(before, literal.value, depth);
        if implied {
            self.analysis.implied.push((before, literal.value));
        }
        implied
    }
}

/// Number of different levels of literals that are true.
fn count_levels(literals: &[Literal], trail: &Trail, analysis: &mut Analysis) -> u32 {
    analysis.stamp += 1;
    let mut count = 0;
    for &literal in literals {
        let level = trail.entry(trail.entry_of(literal)).level as usize;
        if analysis.levels.len() <= level {
            analysis.levels.resize(level + 1, 0);
        }
        if analysis.levels[level] != analysis.stamp {
            analysis.levels[level] = analysis.stamp;
            count += 1;
        }
    }
    count
}
