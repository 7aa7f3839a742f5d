//! What to try next.
//!
//! Literals that took part in recent conflicts come first, the way the best schedule has them (VSIDS of Moskewicz et al.,
//! "Chaff", DAC 2001, with solution-guided phases; Schutt, Feydt, Stuckey, Wallace, "Solving RCPSP/max by lazy clause
//! generation", Journal of Scheduling 16 (2013), section 5); where none are left, the task that can start first does so.

use super::literal::Literal;
use super::trail::Trail;

/// Activities of all literals, a heap of those that may be tried, and the values of the best schedule.
#[derive(Clone, Debug)]
pub struct Branching {
    /// Place of the first literal of each variable; that of value v comes v - least - 1 places later.
    first: Vec<u32>,
    least: Vec<i32>,
    variable: Vec<u32>,
    activity: Vec<f64>,
    /// Places of literals, the most active at the top.
    heap: Vec<u32>,
    /// Where each place is in the heap.
    at: Vec<u32>,
    /// Places taken from the heap, with the level they were decided at.
    taken: Vec<(u32, u32)>,
    bump: f64,
    /// Values to try first.
    guide: Vec<i32>,
    /// What the others follow from once it is decided: so many of the first variables.
    deciding: u32,
}

const NOT_THERE: u32 = u32::MAX;

impl Branching {
    /// # Arguments
    /// The window of each variable; all others follow from the first `deciding` ones. The values to try first have to be set.
    pub fn new(windows: &[(i32, i32)], deciding: u32) -> Branching {
        let mut first = Vec::with_capacity(windows.len());
        let mut variable = Vec::new();
        for (number, &(least, most)) in windows.iter().enumerate() {
            first.push(variable.len() as u32);
            variable.extend(std::iter::repeat_n(number as u32, (most - least) as usize));
        }
        Branching {
            first,
            least: windows.iter().map(|window| window.0).collect(),
            activity: vec![0.0; variable.len()],
            heap: Vec::new(),
            at: vec![NOT_THERE; variable.len()],
            taken: Vec::new(),
            bump: 1.0,
            guide: Vec::new(),
            deciding,
            variable,
        }
    }

    /// The values to try first.
    pub fn set_guide(&mut self, values: impl Iterator<Item = i32>) {
        self.guide.clear();
        self.guide.extend(values);
    }

    /// Takes note that a literal took part in a conflict, if it is about one of the variables.
    #[inline]
    pub fn reward(&mut self, literal: Literal) {
        let variable = literal.side.variable() as usize;
        let Some(&first) = self.first.get(variable) else { return };
        // "At most v" is the contrary of "at least v + 1".
        let value = if literal.side.is_lower() { literal.value } else { 1 - literal.value };
        let place = i64::from(first) + i64::from(value) - i64::from(self.least[variable]) - 1;
        let end = self.first.get(variable + 1).map_or(self.variable.len(), |&first| first as usize);
        if place < i64::from(first) || place >= end as i64 {
            return;
        }
        let place = place as usize;
        self.activity[place] += self.bump;
        if self.activity[place] > 1e100 {
            self.activity.iter_mut().for_each(|activity| *activity *= 1e-100);
            self.bump *= 1e-100;
        }
        match self.at[place] {
            NOT_THERE => self.push(place as u32),
            at => self.rise(at as usize),
        }
    }

    /// Lets conflicts of long ago count less.
    pub fn fade(&mut self) {
        self.bump *= 1.0 / 0.95;
    }

    /// What to try next; none if every variable has its value.
    pub fn next(&mut self, trail: &Trail) -> Option<Literal> {
        while let Some(place) = self.pop() {
            self.taken.push((place, trail.level()));
            let variable = self.variable[place as usize];
            let value = self.least[variable as usize] + 1 + (place - self.first[variable as usize]) as i32;
            if trail.least(variable) < value && value <= trail.most(variable) {
                let is_later = self.guide[variable as usize] >= value;
                let literal = Literal::at_least(variable, value);
                return Some(if is_later { literal } else { literal.negated() });
            }
        }
        let open = (0..self.deciding).filter(|&variable| !trail.is_fixed(variable));
        let first = open.min_by_key(|&variable| (trail.least(variable), trail.most(variable)))?;
        Some(Literal::at_most(first, trail.least(first)))
    }

    /// Puts back what was taken after the first `level` decisions.
    pub fn backtrack(&mut self, level: u32) {
        while let Some(&(place, _)) = self.taken.last().filter(|&&(_, at)| at >= level) {
            self.taken.pop();
            if self.at[place as usize] == NOT_THERE {
                self.push(place);
            }
        }
    }

    fn push(&mut self, place: u32) {
        self.at[place as usize] = self.heap.len() as u32;
        self.heap.push(place);
        self.rise(self.heap.len() - 1);
    }

    fn pop(&mut self) -> Option<u32> {
        let top = *self.heap.first()?;
        self.at[top as usize] = NOT_THERE;
        let last = self.heap.pop()?;
        if last != top {
            self.heap[0] = last;
            self.at[last as usize] = 0;
            self.sink(0);
        }
        Some(top)
    }

    fn rise(&mut self, mut at: usize) {
        let place = self.heap[at];
        while at > 0 {
            let above = (at - 1) / 2;
            if self.activity[self.heap[above] as usize] >= self.activity[place as usize] {
                break;
            }
            self.set(at, self.heap[above]);
            at = above;
        }
        self.set(at, place);
    }

    fn sink(&mut self, mut at: usize) {
        let place = self.heap[at];
        loop {
            let mut below = 2 * at + 1;
            if below >= self.heap.len() {
                break;
            }
            let is_more = |one: usize, other: usize| {
                self.activity[self.heap[one] as usize] > self.activity[self.heap[other] as usize]
            };
            if below + 1 < self.heap.len() && is_more(below + 1, below) {
                below += 1;
            }
            if self.activity[self.heap[below] as usize] <= self.activity[place as usize] {
                break;
            }
            self.set(at, self.heap[below]);
            at = below;
        }
        self.set(at, place);
    }

    fn set(&mut self, at: usize, place: u32) {
        self.heap[at] = place;
        self.at[place as usize] = at as u32;
    }
}
