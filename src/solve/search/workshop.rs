//! A worker's bench: a machine and the room in which orders become schedules without allocating.

use super::super::aims::Score;
use super::super::distances::Distances;
use super::super::found_by::FoundBy;
use super::super::posting;
use super::super::sgs::{Direction, Machine, Manner, Windows, by_worst_case_slack, parallel};
use super::context::{Context, Member};
use super::order::Sorter;
use super::shifting::{self, Reach};
use crate::effort::Random;
use crate::network::{NEVER, Slot};

/// Dates of all nodes and what they are worth.
#[derive(Clone, Debug)]
struct Dates {
    starts: Vec<Slot>,
    finishes: Vec<Slot>,
    score: Score,
}

impl Dates {
    fn take<M: Machine>(&mut self, context: &Context<'_>, machine: &M, modes: &[u32]) {
        let nodes = modes.len() as u32;
        self.starts.clear();
        self.starts.extend((0..nodes).map(|node| machine.start(node)));
        self.finishes.clear();
        self.finishes.extend((0..nodes).map(|node| machine.finish(node)));
        self.score = context.score(machine, modes, &self.starts, &self.finishes);
    }
}

/// A machine and room to work in.
///
/// The order and the modes to be decoded are put into `order` and `modes`; one of the `decode` functions makes a schedule
/// of them, which [`Workshop::member`] hands out.
#[derive(Clone, Debug)]
pub struct Workshop<'c, 'n, M> {
    context: &'c Context<'n>,
    machine: M,
    /// Nodes, predecessors first.
    pub order: Vec<u32>,
    /// Mode position of each node.
    pub modes: Vec<u32>,
    /// Room for keys of nodes.
    pub keys: Vec<i64>,
    /// Sorts by them.
    pub sorter: Sorter,
    best: Dates,
    next: Dates,
    late: Vec<Slot>,
    /// Room for values of nodes.
    worth: Vec<f64>,
    windows: Windows,
}

/// Passes of justification at most; each costs two schedules and almost all gain is in the first two.
const JUSTIFICATIONS: usize = 4;
/// Finishes that are assumed for the overhead before it is taken to go on for ever.
const OVERHEAD_ATTEMPTS: usize = 4;
/// Children that finish later than their rival by more than this part are not worth improving. (On j120_31_1 4 in 10
/// children were, and none of them became better than its parent; 120,000 children, 2 % to 19 % late.)
const HOPELESS: f64 = 0.04;
/// The part by which the last step of justification, from the right-justified schedule forward, may be hoped to shorten it.
/// (On 6 hard j120 and rg300 each 5 % and 1 % of the children that beat their parents were more than 1 % late before that
/// step, out of 39 % and 14 % of those that came so far. A second justification of a child that is still late after the
/// first one made 4 % of them and took a fifth of the time.)
const LAST_STEP: f64 = 0.01;

/// The latest finish that is worth improving to beat a rival.
fn late_by_hopeless(rival: &Member) -> Slot {
    (f64::from(rival.score.makespan) * (1.0 + HOPELESS)) as Slot
}

/// A finish from which the last step of justification may still come to `limit`.
fn nearly(limit: Slot) -> Slot {
    (f64::from(limit) * (1.0 + LAST_STEP)).ceil() as Slot
}

impl<'c, 'n, M: Machine> Workshop<'c, 'n, M> {
    /// An empty bench.
    pub fn new(context: &'c Context<'n>, machine: M) -> Self {
        let nodes = context.network.len();
        let dates = Dates { starts: vec![0; nodes], finishes: vec![0; nodes], score: Score::WORST };
        Workshop {
            context,
            machine,
            order: Vec::with_capacity(nodes),
            modes: Vec::with_capacity(nodes),
            keys: Vec::with_capacity(nodes),
            sorter: Sorter::default(),
            best: dates.clone(),
            next: dates,
            late: vec![0; nodes],
            worth: Vec::new(),
            windows: Windows::default(),
        }
    }

    /// The schedule that was made last.
    pub fn member(&self, found_by: FoundBy) -> Member {
        Member {
            order: self.order.clone(),
            modes: self.modes.clone(),
            starts: self.best.starts.clone(),
            finishes: self.best.finishes.clone(),
            late: self.late.clone(),
            score: self.best.score,
            found_by,
        }
    }

    /// What the schedule that was made last is worth.
    pub fn score(&self) -> Score {
        self.best.score
    }

    /// Overwrites a member with the schedule that was made last.
    pub fn write_to(&self, member: &mut Member) {
        member.order.clone_from(&self.order);
        member.modes.clone_from(&self.modes);
        member.starts.clone_from(&self.best.starts);
        member.finishes.clone_from(&self.best.finishes);
        member.late.clone_from(&self.late);
        member.score = self.best.score;
    }

    /// Makes the schedule of the serial scheme and improves it.
    ///
    /// # Errors
    /// A node that found no place.
    pub fn decode(&mut self) -> Result<(), u32> {
        self.generate_in_order(self.context.bound, None, 0, &[])?;
        self.best.take(self.context, &self.machine, &self.modes);
        self.improve(None);
        Ok(())
    }

    /// Takes up a schedule by its starts and modes, and improves it.
    pub fn take_up(&mut self, starts: &[Slot], modes: &[u32]) {
        self.modes.clear();
        self.modes.extend_from_slice(modes);
        self.context.sort_by_start(starts, &mut self.keys, &mut self.sorter, &mut self.order);
        self.machine.reset(&self.modes);
        let Workshop { machine, order, .. } = self;
        order.iter().for_each(|&node| machine.place(node, starts[node as usize]));
        self.best.take(self.context, &self.machine, &self.modes);
        self.improve(None);
    }

    /// Makes the schedule of the serial scheme from the order of starts that keep not quite all that is asked, and improves
    /// it.
    ///
    /// # Errors
    /// A node that found no place.
    pub fn take_order(&mut self, starts: &[Slot], modes: &[u32]) -> Result<(), u32> {
        self.modes.clear();
        self.modes.extend_from_slice(modes);
        self.context.sort_by_start(starts, &mut self.keys, &mut self.sorter, &mut self.order);
        self.decode()
    }

    /// Makes the schedule of the serial scheme, and leaves it at that.
    ///
    /// # Errors
    /// A node that found no place.
    pub fn decode_plainly(&mut self) -> Result<(), u32> {
        self.generate_in_order(self.context.bound, None, 0, &[])?;
        self.best.take(self.context, &self.machine, &self.modes);
        self.late.clone_from(&self.best.starts);
        self.context.sort_by_start(&self.best.starts, &mut self.keys, &mut self.sorter, &mut self.order);
        Ok(())
    }

    /// Makes the schedule of the serial scheme and improves it, unless it is the rival's own or so late that improving it
    /// would be a waste.
    ///
    /// # Returns
    /// True if the schedule is as good as its rival, and another one.
    pub fn decode_against(&mut self, rival: &Member) -> bool {
        let is_late = self.is_late_finish_worse(rival);
        let hopeless = is_late.then(|| late_by_hopeless(rival));
        let (likely, settled) = (rival.score.makespan, self.settled_by(rival));
        if self.generate_in_order(likely, hopeless, settled, &rival.starts).is_err() {
            return false;
        }
        self.best.take(self.context, &self.machine, &self.modes);
        let is_rival = |dates: &Dates, modes: &[u32]| dates.starts == rival.starts && *modes == rival.modes;
        if is_rival(&self.best, &self.modes) || self.is_hopeless(rival) {
            return false;
        }
        self.improve(is_late.then_some(rival.score.makespan));
        self.best.score <= rival.score && !is_rival(&self.best, &self.modes)
    }

    /// Makes a schedule by posting precedence and improves it; false, with the schedule made last left as it is, if that
    /// failed, or if the network is not one for it.
    pub fn decode_posted(&mut self, random: &mut Random) -> bool {
        let Some(distances) = &self.context.distances else { return false };
        let Some(starts) = posting::schedule(self.context.network, distances, random) else { return false };
        let Workshop { machine, modes, windows, keys, sorter, order, .. } = self;
        keys.clear();
        keys.extend(starts.iter().map(|&start| i64::from(start)));
        sorter.sort(keys, order);
        machine.reset(modes);
        let manner = Manner::Improving(&starts);
        if machine.generate_in_windows(windows, distances, Direction::Forward, manner, order).is_err() {
            return false;
        }
        self.best.take(self.context, &self.machine, &self.modes);
        self.improve(None);
        true
    }

    /// Makes the schedule of the parallel scheme, earlier nodes of the order preferred, and improves it.
    ///
    /// # Errors
    /// A node that found no place, or was next when the time was over.
    pub fn decode_parallel(&mut self) -> Result<(), u32> {
        let mut rank = vec![0; self.order.len()];
        self.order.iter().enumerate().for_each(|(place, &node)| rank[node as usize] = place as u32);
        self.with_overhead(self.context.bound, |shop| {
            shop.machine.reset(&shop.modes);
            parallel(&mut shop.machine, shop.context.network, &rank, || shop.context.control.must_stop())
        })?;
        self.best.take(self.context, &self.machine, &self.modes);
        self.improve(None);
        Ok(())
    }

    /// Makes the schedule of the parallel scheme with the rule of the worst case slack, and improves it.
    ///
    /// # Errors
    /// A node that found no place.
    pub fn decode_by_slack(&mut self, late_start: &[Slot]) -> Result<(), u32> {
        self.with_overhead(self.context.bound, |shop| {
            shop.machine.reset(&shop.modes);
            by_worst_case_slack(&mut shop.machine, shop.context.network, &shop.modes, late_start)
        })?;
        self.best.take(self.context, &self.machine, &self.modes);
        self.improve(None);
        Ok(())
    }

    /// How many nodes at the front of the order are certain to start where they do in the rival: the same nodes in the same
    /// modes were placed before each.
    fn settled_by(&self, rival: &Member) -> usize {
        if self.context.has_maximal_lags() || self.context.caps_overhead || self.context.aims.purse().is_some() {
            return 0;
        }
        // Nodes with exact dates take their resources first of all.
        if self.context.exact.iter().any(|&node| self.modes[node as usize] != rival.modes[node as usize]) {
            return 0;
        }
        let same =
            |(node, other): &(&u32, &u32)| node == other && self.modes[**node as usize] == rival.modes[**node as usize];
        self.order.iter().zip(&rival.order).take_while(same).count()
    }

    /// True if no schedule that finishes later than the rival can be as good, whatever its other dates are: the finish
    /// comes first, or after deadlines that the rival keeps.
    fn is_late_finish_worse(&self, rival: &Member) -> bool {
        let aims = &self.context.aims;
        let keeps_deadlines = aims.finish_follows_deadlines() && rival.score.values[0] == 0;
        rival.score.violation == 0 && (aims.lead_with_finish() || keeps_deadlines)
    }

    /// True if the schedule made last is not worth improving: late, and deadlines that come first are met no better.
    fn is_hopeless(&self, rival: &Member) -> bool {
        let aims = &self.context.aims;
        let met_no_better = aims.finish_follows_deadlines() && self.best.score.values[0] >= rival.score.values[0];
        let is_late = self.best.score.makespan > late_by_hopeless(rival);
        is_late && rival.score.violation == 0 && (aims.lead_with_finish() || met_no_better)
    }

    /// Generates the schedule of the order, whose first `settled` nodes start at `starts`, unless it finishes after `limit`.
    /// It is likely to finish at `likely`.
    fn generate_in_order(
        &mut self,
        likely: Slot,
        limit: Option<Slot>,
        settled: usize,
        starts: &[Slot],
    ) -> Result<Slot, u32> {
        let order = std::mem::take(&mut self.order);
        let result = self.with_overhead(likely, |shop| shop.generate_once(&order, limit, (settled, starts)));
        self.order = order;
        result
    }

    /// Generates a schedule as if no overhead came after the finish that is likely, and again with the overhead that its
    /// finish then brings, as long as that breaks a cap on the costs of a period.
    fn with_overhead(
        &mut self,
        likely: Slot,
        mut generate: impl FnMut(&mut Self) -> Result<Slot, u32>,
    ) -> Result<Slot, u32> {
        if !self.context.caps_overhead {
            return generate(self);
        }
        let mut assumed = likely;
        for _ in 0..OVERHEAD_ATTEMPTS {
            self.machine.assume_finish(assumed);
            let makespan = generate(self)?;
            if makespan <= assumed || self.machine.cap_excess(makespan) == 0 {
                return Ok(makespan);
            }
            assumed = makespan;
        }
        self.machine.assume_finish(NEVER);
        generate(self)
    }

    /// Generates a schedule; where a maximal lag is exceeded, its predecessor is pushed back and all begins anew
    /// (the unscheduling step of Neumann, Schwindt, Zimmermann, "Project Scheduling with Time Windows and Scarce
    /// Resources" (2003), section 2.6, in its simplest form).
    fn generate_once(
        &mut self,
        order: &[u32],
        limit: Option<Slot>,
        (settled, starts): (usize, &[Slot]),
    ) -> Result<Slot, u32> {
        let Workshop { context, machine, modes, windows, .. } = self;
        if let Some(distances) = &context.distances {
            machine.reset(modes);
            let manner = limit.map_or(Manner::Yielding, Manner::Strict);
            return machine.generate_in_windows(windows, distances, Direction::Forward, manner, order);
        }
        if !context.has_maximal_lags() {
            machine.reset(modes);
            let (known, open) = order.split_at(settled);
            known.iter().for_each(|&node| machine.place(node, starts[node as usize]));
            let limit = limit.unwrap_or(NEVER);
            return machine.serial_unless(open, |node, start| context.paths.end_after(limit, node, start));
        }
        machine.forget_pushes();
        let attempts = 30 + 2 * context.network.maximal_lags.len().min(100);
        let mut makespan = 0;
        for _ in 0..attempts {
            machine.reset(modes);
            makespan = machine.serial(order)?;
            let mut pushed = false;
            for maximal in &context.network.maximal_lags {
                if let Some(start) = context.pushed_start(machine, modes, maximal) {
                    machine.push(maximal.predecessor, start);
                    pushed = true;
                }
            }
            if !pushed {
                break;
            }
        }
        Ok(makespan)
    }

    /// Justification by windows: each node of the best schedule as late as possible, the last to finish first, then all
    /// as early as possible again, the first to start first; leaves the starts in between in `late`. (The best schedule
    /// keeps its maximal lags, and so does whatever becomes of it.)
    fn justify_in_windows(&mut self, distances: &Distances) -> Result<Slot, u32> {
        let Workshop { machine, modes, windows, keys, sorter, order, best, late, .. } = self;
        let is_valid = best.score.violation == 0;
        let improving = |starts| if is_valid { Manner::Improving(starts) } else { Manner::Yielding };
        keys.clear();
        keys.extend(best.finishes.iter().map(|&finish| -i64::from(finish)));
        sorter.sort(keys, order);
        machine.reset(modes);
        let backward = Direction::Backward { finish: best.score.makespan };
        machine.generate_in_windows(windows, distances, backward, improving(&best.starts), order)?;
        late.clear();
        late.extend((0..modes.len() as u32).map(|node| machine.start(node)));
        keys.clear();
        keys.extend(late.iter().map(|&start| i64::from(start)));
        sorter.sort(keys, order);
        machine.reset(modes);
        machine.generate_in_windows(windows, distances, Direction::Forward, improving(late), order)
    }

    /// Justification by the schemes: as [`Workshop::justify_in_windows`] without maximal lags; given up if it does not lead
    /// to a finish by `limit`.
    fn justify(&mut self, limit: Option<Slot>) -> Result<Slot, u32> {
        let context = self.context;
        context.sort_by_finish(&self.best.finishes, &mut self.keys, &mut self.sorter, &mut self.order);
        self.machine.reset(&self.modes);
        let makespan = self.best.score.makespan;
        let least = limit.map_or(Slot::MIN, |limit| makespan - nearly(limit));
        let is_vain = |node: u32, start: Slot| context.paths.begin_before(least, node, start);
        let justified = if context.keeps_wishes {
            let dates = (&*self.best.starts, &*self.best.finishes);
            shifting::justify_within_wishes(context, &mut self.machine, &self.order, dates, makespan, is_vain)
        } else {
            self.machine.justify_right_unless(&self.order, makespan, is_vain)
        };
        justified.ok_or(0u32)?;
        let nodes = self.modes.len() as u32;
        self.late.clear();
        self.late.extend((0..nodes).map(|node| self.machine.start(node)));
        context.sort_by_start(&self.late, &mut self.keys, &mut self.sorter, &mut self.order);
        self.generate_in_order(makespan, limit, 0, &[])
    }

    /// Forward-backward improvement: everything as late as possible by finish, then as early as possible by start; leaves
    /// the order of the best schedule behind.
    ///
    /// # Arguments
    /// Schedules that finish after `limit`, if there is one, are not asked for.
    fn improve(&mut self, limit: Option<Slot>) {
        let context = self.context;
        self.late.clone_from(&self.best.starts);
        for _ in 0..JUSTIFICATIONS {
            if context.control.must_stop() {
                break;
            }
            let justified = match &context.distances {
                Some(distances) => self.justify_in_windows(distances),
                None => self.justify(limit),
            };
            if justified.is_err() {
                break;
            }
            self.next.take(context, &self.machine, &self.modes);
            let (next, best) = (self.next.score, self.best.score);
            if next <= best {
                std::mem::swap(&mut self.next, &mut self.best);
            }
            if next >= best || next.makespan == best.makespan {
                break;
            }
        }
        self.shift_costs(Reach::Costs);
        context.sort_by_start(&self.best.starts, &mut self.keys, &mut self.sorter, &mut self.order);
    }

    /// Takes up a member's schedule and moves costs back in it, together with what brings less than that saves.
    ///
    /// # Returns
    /// True if the schedule became better.
    pub fn delay_costs(&mut self, member: &Member) -> bool {
        let context = self.context;
        self.modes.clone_from(&member.modes);
        self.best.starts.clone_from(&member.starts);
        self.best.finishes.clone_from(&member.finishes);
        self.best.score = member.score;
        self.late.clone_from(&member.late);
        self.shift_costs(Reach::Chains);
        self.shift_costs(Reach::Costs);
        context.sort_by_start(&self.best.starts, &mut self.keys, &mut self.sorter, &mut self.order);
        self.best.score < member.score
    }

    fn shift_costs(&mut self, reach: Reach) {
        let context = self.context;
        if context.aims.purse().is_none() {
            return;
        }
        context.sort_by_finish(&self.best.finishes, &mut self.keys, &mut self.sorter, &mut self.order);
        self.machine.reset(&self.modes);
        let (dates, makespan) = ((&*self.best.starts, &*self.best.finishes), self.best.score.makespan);
        let how = (reach, &mut self.worth);
        if shifting::shift_costs(context, &mut self.machine, &self.modes, &self.order, dates, makespan, how) {
            self.next.take(context, &self.machine, &self.modes);
            if self.next.score < self.best.score {
                std::mem::swap(&mut self.next, &mut self.best);
            }
        }
    }
}
