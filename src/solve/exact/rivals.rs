//! Tasks that cannot run at the same time.
//!
//! Which of two rivals comes first is a variable of its own: 1 if the one of the smaller number does, 0 if the other. It is
//! known once one can no longer finish before the other's latest start (detectable precedences; Vilim, "O(n log n) filtering
//! algorithms for unary resource constraint", CPAIOR 2004, section 3.2, for one pair at a time), or by the orders of both
//! with a third task; and it keeps the second behind the first. What is learned of orders holds at any time (as in Siala,
//! Artigues, Hebrard, "Two clause learning approaches for disjunctive scheduling", CP 2015). (Job shops, one thread, passes to
//! the proof, three seeds: ft10 0.41 of what it took without orders, others of 100 to 180 tasks 0.6 to 1.4; ten instances of
//! PSPLIB that have rivals 0.91.)

use fixedbitset::FixedBitSet;

use super::literal::Literal;
use super::tasks::Task;
use super::timetable::Steps;
use super::trail::{Reason, Trail};

/// All pairs of rivals.
#[derive(Clone, Debug)]
pub struct Rivals {
    /// The finish of each task: a variable, and what to add to it.
    ends: Vec<(u32, i32)>,
    /// A row for each task: how it stands to the others; padded to whole blocks.
    stands: Vec<u8>,
    stride: usize,
    /// The pairs that have orders, the smaller number first, in order; the variable of the first.
    orders: Vec<(u32, u32)>,
    first_order: u32,
    /// Bounds of all tasks as they were when last refreshed.
    least_start: Vec<i32>,
    most_start: Vec<i32>,
    least_end: Vec<i32>,
    most_end: Vec<i32>,
}

/// How a task stands to another: rivals of which either may come first,
const OPEN: u8 = 1;
/// or it does,
const BEFORE: u8 = 2;
/// or the other does;
const BEHIND: u8 = 4;
/// the other follows it by links,
const LINKED_BEFORE: u8 = 8;
/// or it the other;
const LINKED_BEHIND: u8 = 16;
/// or they are rivals without an order, because there are too many.
const UNNAMED: u8 = 32;

/// Tasks that are compared in one step.
const BLOCK: usize = 16;
/// Pairs that have an order at most.
const MOST_ORDERS: usize = 50_000;

/// A literal that cannot be true, and why it would have to be.
type Clash = (Literal, Reason);

impl Rivals {
    /// The pairs that together always need more of a resource than there ever is; pairs that `follow` each other anyway are
    /// left out.
    ///
    /// # Arguments
    /// `first_order` is the variable of the first order; the others come behind it.
    pub fn new(tasks: &[Task], capacities: &[Steps], first_order: u32, follow: impl Fn(u32, u32) -> bool) -> Rivals {
        let peak = |steps: &Steps| steps.iter().map(|step| step.1).max().unwrap_or(0);
        let needs = |task: &Task| -> Vec<i32> {
            let of = |resource: u32| task.modes().iter().map(|mode| mode.amount(resource)).min().unwrap_or(0);
            (0..capacities.len() as u32).map(of).collect()
        };
        let needs: Vec<Vec<i32>> = tasks.iter().map(needs).collect();
        let peaks: Vec<i32> = capacities.iter().map(peak).collect();
        let exceed = |one: usize, other: usize| {
            let both = needs[one].iter().zip(&needs[other]).zip(&peaks);
            both.into_iter().any(|((&one, &other), &peak)| one > 0 && other > 0 && one + other > peak)
        };
        let stride = tasks.len().next_multiple_of(BLOCK);
        let takes_time = |task: usize| tasks[task].least_duration() > 0;
        // In the pauses of one task there is room for the other, unless they pause together.
        let pause_together = |one: usize, other: usize| {
            tasks[one].calendar().is_some() && tasks[one].calendar() == tasks[other].calendar()
        };
        let are_rivals = |one: usize, other: usize| {
            takes_time(one) && takes_time(other) && exceed(one, other) && pause_together(one, other)
        };
        let mut stands = vec![0; tasks.len() * stride];
        let mut orders = Vec::new();
        for one in 0..tasks.len() {
            for other in one + 1..tasks.len() {
                let (of_one, of_other) = match (one as u32, other as u32) {
                    (one, other) if follow(one, other) => (LINKED_BEFORE, LINKED_BEHIND),
                    (one, other) if follow(other, one) => (LINKED_BEHIND, LINKED_BEFORE),
                    _ if !are_rivals(one, other) => continue,
                    _ if orders.len() == MOST_ORDERS => (UNNAMED, UNNAMED),
                    pair => {
                        orders.push(pair);
                        (OPEN, OPEN)
                    }
                };
                stands[one * stride + other] = of_one;
                stands[other * stride + one] = of_other;
            }
        }
        let end = |(number, task): (u32, &Task)| {
            let literal = task.ends_from(number, 0);
            (literal.side.variable(), -literal.value)
        };
        Rivals {
            ends: (0..).zip(tasks).map(end).collect(),
            stands,
            stride,
            orders,
            first_order,
            least_start: vec![i32::MIN; stride],
            most_start: vec![i32::MAX; stride],
            least_end: vec![i32::MIN; stride],
            most_end: vec![i32::MAX; stride],
        }
    }

    /// The variable of the first order.
    pub fn first_order(&self) -> u32 {
        self.first_order
    }

    /// Number of orders.
    pub fn len(&self) -> usize {
        self.orders.len()
    }

    /// The pair whose order a variable is, if it is one: the task that comes first if it is 1, and the other.
    #[inline]
    pub fn pair(&self, variable: u32) -> Option<(u32, u32)> {
        self.orders.get(variable.checked_sub(self.first_order)? as usize).copied()
    }

    /// The values of all orders where tasks start as in `values`.
    pub fn orders_in<'a>(&'a self, values: &'a [i32]) -> impl Iterator<Item = i32> + 'a {
        self.orders.iter().map(|&(one, other)| i32::from(values[one as usize] < values[other as usize]))
    }

    fn stand(&self, one: u32, other: u32) -> u8 {
        self.stands[one as usize * self.stride + other as usize]
    }

    /// The literal that one rival comes before another.
    fn before(&self, first: u32, second: u32) -> Literal {
        let pair = (first.min(second), first.max(second));
        let order = self.first_order + self.orders.partition_point(|&other| other < pair) as u32;
        if first < second { Literal::at_least(order, 1) } else { Literal::at_most(order, 0) }
    }

    /// The rivals whose order a literal about it tells, the first one first.
    pub fn told(&self, literal: Literal) -> Option<(u32, u32)> {
        let (one, other) = self.pair(literal.side.variable())?;
        Some(if literal.side.is_lower() { (one, other) } else { (other, one) })
    }

    /// For each task those that never run at the same time: its rivals, and those that `follow` it or that it follows.
    pub fn apart(&self, follow: &[FixedBitSet]) -> Vec<FixedBitSet> {
        let mut apart = self.pairs();
        for (task, behind) in follow.iter().enumerate() {
            apart[task].union_with(behind);
            behind.ones().for_each(|other| apart[other].insert(task));
        }
        apart
    }

    /// The rivals of each task.
    pub fn pairs(&self) -> Vec<FixedBitSet> {
        let tasks = self.ends.len();
        let is_rival = |task: usize, rival: usize| {
            self.stands[task * self.stride + rival] & (OPEN | BEFORE | BEHIND | UNNAMED) != 0
        };
        let rivals = |task: usize| (0..tasks).filter(move |&rival| is_rival(task, rival));
        let row = |task: usize| {
            let mut row = FixedBitSet::with_capacity(tasks);
            row.extend(rivals(task));
            row
        };
        (0..tasks).map(row).collect()
    }

    /// Takes in the bounds of a task.
    #[inline]
    pub fn refresh(&mut self, task: u32, trail: &Trail) {
        let (end, more) = self.ends[task as usize];
        self.least_start[task as usize] = trail.least(task);
        self.most_start[task as usize] = trail.most(task);
        self.least_end[task as usize] = trail.least(end) + more;
        self.most_end[task as usize] = trail.most(end) + more;
    }

    /// Takes in what is known of an order.
    ///
    /// # Returns
    /// The task that comes first, and the other, if that is known; `None` too for what is no order.
    pub fn refresh_order(&mut self, variable: u32, trail: &Trail) -> Option<(u32, u32)> {
        let (one, other) = self.pair(variable)?;
        let (of_one, of_other, known) = match (trail.least(variable), trail.most(variable)) {
            (1, _) => (BEFORE, BEHIND, Some((one, other))),
            (_, 0) => (BEHIND, BEFORE, Some((other, one))),
            _ => (OPEN, OPEN, None),
        };
        self.stands[one as usize * self.stride + other as usize] = of_one;
        self.stands[other as usize * self.stride + one as usize] = of_other;
        known
    }

    /// Draws conclusions from bounds of a task that have risen, and from orders of it.
    ///
    /// # Errors
    /// A literal that cannot be true.
    #[inline]
    pub fn order(&self, task: u32, trail: &mut Trail) -> Result<(), Clash> {
        for block in (0..self.stride).step_by(BLOCK) {
            if self.has_news(task as usize, block) {
                for rival in block as u32..(block + BLOCK).min(self.ends.len()) as u32 {
                    match self.stand(task, rival) {
                        OPEN => {
                            self.detect(task, rival, trail)?;
                            self.detect(rival, task, trail)?;
                        }
                        BEFORE => self.push(task, rival, trail)?,
                        BEHIND => self.push(rival, task, trail)?,
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// True if something follows about a task and its rivals in a block.
    #[inline]
    fn has_news(&self, task: usize, block: usize) -> bool {
        let (least_start, most_start) = (self.least_start[task], self.most_start[task]);
        let (least_end, most_end) = (self.least_end[task], self.most_end[task]);
        let (starts, latest) = (block_of(&self.least_start, block), block_of(&self.most_start, block));
        let (ends, until) = (block_of(&self.least_end, block), block_of(&self.most_end, block));
        let mut news = false;
        for (at, &stand) in self.stands[task * self.stride + block..][..BLOCK].iter().enumerate() {
            let is_known = (ends[at] > most_start) | (least_end > latest[at]);
            let is_before = (starts[at] < least_end) | (latest[at] < most_end);
            let is_behind = (least_start < ends[at]) | (most_start < until[at]);
            news |= (stand == OPEN) & is_known | (stand == BEFORE) & is_before | (stand == BEHIND) & is_behind;
        }
        news
    }

    /// If `first` cannot come after `second`, it comes before it.
    fn detect(&self, first: u32, second: u32, trail: &mut Trail) -> Result<(), Clash> {
        let (end_of_second, more) = self.ends[second as usize];
        if trail.least(end_of_second) + more <= trail.most(first) {
            return Ok(());
        }
        raise(self.before(first, second), Reason::Order, trail)
    }

    /// `second` comes after `first`.
    fn push(&self, first: u32, second: u32, trail: &mut Trail) -> Result<(), Clash> {
        let (end_of_first, more) = self.ends[first as usize];
        let late = Literal::at_least(second, trail.least(end_of_first) + more);
        raise(late, Reason::Rival(first), trail)?;
        let early = Literal::at_most(end_of_first, trail.most(second) - more);
        raise(early, Reason::Rival(second), trail)
    }

    /// Draws conclusions from an order that has become known: who comes before the first comes before the second, and who
    /// comes behind the second comes behind the first.
    ///
    /// # Errors
    /// A literal that cannot be true.
    pub fn chain(&self, (first, second): (u32, u32), trail: &mut Trail) -> Result<(), Clash> {
        let row = |task: u32| &self.stands[task as usize * self.stride..][..self.stride];
        let is_behind = |to_first: u8, to_second: u8| {
            (to_second & (BEFORE | LINKED_BEFORE) != 0) & (to_first & (OPEN | BEHIND) != 0)
        };
        let is_before = |to_first: u8, to_second: u8| {
            (to_first & (BEHIND | LINKED_BEHIND) != 0) & (to_second & (OPEN | BEFORE) != 0)
        };
        let blocks = row(first).chunks_exact(BLOCK).zip(row(second).chunks_exact(BLOCK));
        for (block, (of_first, of_second)) in blocks.enumerate() {
            let both = || of_first.iter().copied().zip(of_second.iter().copied());
            if !both().fold(false, |news, (one, two)| news | is_behind(one, two) | is_before(one, two)) {
                continue;
            }
            for (other, (one, two)) in (block as u32 * BLOCK as u32..).zip(both()) {
                if is_behind(one, two) {
                    raise(self.before(first, other), Reason::Chain(second), trail)?;
                } else if is_before(one, two) {
                    raise(self.before(other, second), Reason::Chain(first), trail)?;
                }
            }
        }
        Ok(())
    }

    /// Why a literal about task `task` follows from its order with a rival.
    pub fn explain(&self, tasks: &[Task], (task, rival): (u32, u32), literal: Literal, why: &mut Vec<Literal>) {
        let is_lower = literal.side.is_lower();
        let (first, second) = if is_lower { (rival, task) } else { (task, rival) };
        why.push(self.before(first, second));
        why.push(match is_lower {
            // The second starts late because the first ends late,
            true => tasks[first as usize].ends_from(first, literal.value),
            // and the first ends early because the second starts early.
            false => Literal::at_most(second, tasks[first as usize].ends_by(first, 0).value - literal.value),
        });
    }

    /// Why an order was known, as things were before entry `place`.
    pub fn explain_order(
        &self,
        tasks: &[Task],
        literal: Literal,
        (place, trail): (u32, &Trail),
        why: &mut Vec<Literal>,
    ) {
        let Some((first, second)) = self.told(literal) else { return };
        // The second cannot finish before the latest start of the first: by any slot in between, best by one that is given.
        let (starts, ends) = (Literal::at_most(first, 0), tasks[second as usize].ends_from(second, 0));
        let given = place.min(trail.len_given());
        let latest = |place: u32| -trail.bound_before(starts.side, place);
        let earliest = |place: u32| trail.bound_before(ends.side, place) - ends.value;
        let slot = match latest(given) {
            latest if latest < earliest(place) => latest,
            _ => latest(place).max(earliest(given) - 1),
        };
        why.extend([Literal::at_most(first, slot), tasks[second as usize].ends_from(second, slot + 1)]);
    }

    /// Why an order follows from those of both rivals with a task in between.
    pub fn explain_chain(&self, middle: u32, literal: Literal, why: &mut Vec<Literal>) {
        let Some((first, second)) = self.told(literal) else { return };
        let pairs = [(first, middle), (middle, second)].into_iter();
        why.extend(
            pairs
                .filter(|&(one, other)| self.stand(one, other) != LINKED_BEFORE)
                .map(|(one, other)| self.before(one, other)),
        );
    }
}

/// Lets a literal hold that has to.
#[inline]
fn raise(literal: Literal, reason: Reason, trail: &mut Trail) -> Result<(), Clash> {
    if trail.is_true(literal) {
        return Ok(());
    }
    if trail.is_false(literal) {
        return Err((literal, reason));
    }
    trail.raise(literal, reason);
    Ok(())
}

/// A block of bounds.
#[inline]
fn block_of(bounds: &[i32], block: usize) -> &[i32; BLOCK] {
    bounds[block..].first_chunk().expect("there are whole blocks of bounds")
}
