//! The fast machine: all resources of a slot in one machine word.
//!
//! Each resource has a lane of the word that holds its free units; the lane's top bit is a guard, always set. An activity
//! fits into a slot when `word - request` leaves every guard set, one subtraction and one comparison for all resources.
//! The search for `duration` free slots in a row makes a bit mask of 32 slots at a time with the machine's vector
//! instructions and finds the run of ones in it by shifting. Long activities look at the far end of the window first: a
//! full slot there moves the window behind it at once (the idea of Boyer and Moore's string search).
//!
//! Large plans have long stretches in which everything is in use. Blocks of slots know what is the most that any of theirs
//! holds, and a block without room is passed as a whole.
//!
//! It suits networks on a single calendar with constant capacities and few slots or short activities; [`super::General`] takes
//! the rest.

use super::super::distances::{self, Distances};
use super::word::{Broad, Deep, Narrow, Wide, Widest, Word};
use super::{Direction, Machine, Manner, Windows};
use crate::index::Rows;
use crate::network::{EVERY_SLOT, NEVER, NO_EARLIEST, Network, Slot};
use crate::vectors::{self, compiled_twice};

/// An arc as the machine uses it: `start >= ends[end] + lag`, less the node's duration if the arc reaches its finish.
#[derive(Clone, Copy, Debug)]
struct PackedArc {
    /// Twice the other node, plus one for its finish.
    end: u32,
    lag: i32,
    /// All ones if the arc reaches the node's finish (the other way round: leaves its finish), else zero.
    whole: i32,
}

/// The fast machine over words of type `W`.
#[derive(Clone, Debug)]
pub struct Packed<'n, W> {
    /// Duration of each mode position.
    durations: Vec<Slot>,
    /// Request of each mode position.
    requests: Vec<W>,
    capacity: W,
    into: Rows<PackedArc>,
    out_of: Rows<PackedArc>,
    release: &'n [Slot],
    finish_release: Option<&'n [Slot]>,
    /// Mode position of each node.
    modes: Vec<u32>,
    /// Start and finish of each node, in turn.
    ends: Vec<Slot>,
    /// Free units of each slot, guards set, the first slot at [`MARGIN`]; nothing is free before it. Slots from `touched`
    /// on are untouched.
    free: Vec<W>,
    touched: usize,
    /// No node finishes later.
    end: Slot,
    /// How many nodes with an exact date found no room; they occupy nothing.
    clashes: i64,
    /// For each [`MASK`] words of `free` what none of them exceeds in any lane, as far as known; empty where plans are too
    /// small for whole stretches to be full.
    most: Vec<W>,
    /// How often something was taken from the words of each block since they were looked through.
    taken: Vec<u32>,
    /// Words behind `touched` that searches may reach.
    reach: usize,
    /// True if this processor has the instructions that [`vectors`] is about.
    has_vectors: bool,
}

/// Slots of a mask.
pub(super) const MASK: usize = 32;
/// Slots of a mask that are looked at in one step.
const LANES: usize = 8;
/// Words on either side of the slots, so that masks may reach beyond them.
const MARGIN: usize = MASK;

/// Words that suit a network, if any does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suit {
    /// [`Narrow`]
    Narrow,
    /// [`Broad`]
    Broad,
    /// [`Deep`]
    Deep,
    /// [`Wide`]
    Wide,
    /// [`Widest`]
    Widest,
}

/// The longest schedule, in slots, for which a word a slot is the better way whatever the activities.
const LONGEST: i64 = 1 << 13;
/// The same for schedules with maximal lags, for which the lags make room that schedules hardly ever use.
const LONGEST_IN_WINDOWS: i64 = 1 << 18;
/// Beyond it, a word a slot is the better way for activities that are this short on average,
const SHORT_ON_AVERAGE: i64 = 40;
/// unless such a schedule could take more bytes than this.
const MOST_BYTES: i64 = 1 << 28;
/// Plans of more nodes have stretches in which everything is in use, worth being left out as a whole.
const LARGE: usize = 2_000;
/// A block is looked through again after so much was taken from it. (Looking each time took two fifths of the time of
/// 100,000 activities on 50 resources.)
const TAKEN: u32 = 16;

/// Which words suit a network; `None` if it needs [`super::General`].
pub fn suits(network: &Network) -> Option<Suit> {
    let plain_modes = network.modes.items().iter().all(|mode| mode.calendar == EVERY_SLOT);
    let plain_arcs = network.predecessors.items().iter().all(|arc| arc.calendar == EVERY_SLOT && !arc.by_mode);
    let plain_dates =
        !(0..network.len() as u32).any(|node| network.has_exact_date(node)) && network.maximal_lags.is_empty();
    // Windows settle exact dates and maximal lags outside the machine.
    let windows = !network.maximal_lags.is_empty() && distances::are_constant(network);
    let constant = network.renewables.iter().all(|renewable| renewable.steps.len() == 1);
    let plain = plain_modes && plain_arcs && (plain_dates || windows) && constant;
    let plain = plain && network.caps.is_empty() && network.weekly_limits.is_empty();
    if !plain {
        return None;
    }
    let length = longest(network);
    let most = if windows { LONGEST_IN_WINDOWS } else { LONGEST };
    let is_short = length <= SHORT_ON_AVERAGE.saturating_mul(network.len() as i64);
    let is_handy =
        |&(_, size): &(Suit, usize)| length <= most || (is_short && length.saturating_mul(size as i64) <= MOST_BYTES);
    holding(network).find(is_handy).map(|(suit, _)| suit)
}

/// The narrowest words that hold all resources of a network; `None` if none do.
pub fn narrowest(network: &Network) -> Option<Suit> {
    holding(network).next().map(|(suit, _)| suit)
}

/// Words that hold all resources of a network, the narrowest first, and their sizes.
fn holding(network: &Network) -> impl Iterator<Item = (Suit, usize)> {
    fn of<W: Word>(suit: Suit) -> (Suit, usize, usize, u32) {
        (suit, size_of::<W>(), W::LANES, W::LANE_BITS)
    }
    let peak = network.renewables.iter().map(|renewable| renewable.peak()).max().unwrap_or(0);
    let resources = network.renewables.len();
    let suits = [
        of::<Narrow>(Suit::Narrow),
        of::<Broad>(Suit::Broad),
        of::<Deep>(Suit::Deep),
        of::<Wide>(Suit::Wide),
        of::<Widest>(Suit::Widest),
    ];
    let holds = move |&(_, _, lanes, bits): &(Suit, usize, usize, u32)| resources <= lanes && peak < 1 << (bits - 1);
    suits.into_iter().filter(holds).map(|(suit, size, ..)| (suit, size))
}

/// No schedule that a machine generates is longer, and there is one that short if there is any: every node after the other,
/// with every lag, behind every date and change of a resource.
pub fn longest(network: &Network) -> i64 {
    let durations: i64 =
        network.modes.iter().map(|modes| modes.iter().map(|mode| i64::from(mode.duration)).max().unwrap_or(0)).sum();
    let lags: i64 = network.predecessors.items().iter().map(|arc| i64::from(arc.lag.max(0))).sum();
    let dates = network.release.iter().chain(&network.finish_release);
    let steps = network.renewables.iter().filter_map(|renewable| renewable.steps.last()).map(|step| &step.0);
    let dates = dates.chain(&network.must_start).chain(&network.must_finish).chain(steps).copied();
    let backward: i64 = network.maximal_lags.iter().map(|maximal| i64::from(maximal.arc.lag).abs()).sum();
    // Unscheduling leaves gaps.
    let gaps = if network.maximal_lags.is_empty() { 0 } else { durations + lags + 2 * backward };
    durations + lags + gaps + i64::from(dates.max().unwrap_or(0).max(0))
}

impl<'n, W: Word> Packed<'n, W> {
    /// A machine for a network that [`suits`] words of type `W`.
    pub fn new(network: &'n Network) -> Self {
        let nodes = network.len();
        let modes = network.modes.items();
        let request = |position: usize| {
            let demands = network.demands.row(position).iter();
            demands.fold(W::default(), |word, demand| word.plus(W::lane(demand.amount, demand.resource as usize)))
        };
        let capacity = network
            .renewables
            .iter()
            .enumerate()
            .fold(W::GUARDS, |word, (lane, renewable)| word.plus(W::lane(renewable.peak(), lane)));
        let mut into = Rows::with_capacity(nodes, network.predecessors.items().len());
        let mut out_of = Rows::with_capacity(nodes, network.successors.items().len());
        let all_ones_if = |condition: bool| if condition { -1 } else { 0 };
        for node in 0..nodes {
            into.push_row(network.predecessors.row(node).iter().map(|arc| PackedArc {
                end: arc.other * 2 + u32::from(arc.kind.from_finish()),
                lag: arc.lag,
                whole: all_ones_if(arc.kind.to_finish()),
            }));
            out_of.push_row(network.successors.row(node).iter().map(|arc| PackedArc {
                end: arc.other * 2 + u32::from(arc.kind.to_finish()),
                lag: arc.lag,
                whole: all_ones_if(arc.kind.from_finish()),
            }));
        }
        let has_finish_release = network.finish_release.iter().any(|&slot| slot != NO_EARLIEST);
        let most_slots = modes.iter().map(|mode| mode.duration).max().unwrap_or(0) as usize;
        let reach = most_slots + 2 * MASK + MARGIN;
        // Longer schedules than these get more room when they come to be.
        let size = MARGIN + longest(network).min(LONGEST) as usize + reach;
        Packed {
            durations: modes.iter().map(|mode| mode.duration).collect(),
            requests: (0..modes.len()).map(request).collect(),
            capacity,
            into,
            out_of,
            release: &network.release,
            finish_release: has_finish_release.then_some(&network.finish_release),
            modes: vec![0; nodes],
            ends: vec![0; nodes * 2],
            free: std::iter::repeat_n(W::GUARDS, MARGIN).chain(std::iter::repeat_n(capacity, size - MARGIN)).collect(),
            touched: MARGIN,
            end: longest(network) as Slot,
            clashes: 0,
            most: if nodes > LARGE { vec![capacity; size.div_ceil(MASK)] } else { Vec::new() },
            taken: if nodes > LARGE { vec![0; size.div_ceil(MASK)] } else { Vec::new() },
            reach,
            has_vectors: vectors::are_there(),
        }
    }

    /// The machine as large networks have it, and with little room at first.
    #[cfg(test)]
    pub fn as_if_large(mut self) -> Self {
        self.free.truncate(MARGIN + self.reach);
        self.most = vec![self.capacity; self.free.len().div_ceil(MASK)];
        self.taken = vec![0; self.most.len()];
        self
    }
}

impl<W: Word> Packed<'_, W> {
    /// A bit for each of the slots from index `first` of `free` on: set where the request fits.
    #[inline(always)]
    fn mask(&self, first: usize, request: W) -> u32 {
        let mut lanes = [0; LANES];
        for (group, words) in self.free[first..first + MASK].chunks_exact(LANES).enumerate() {
            for lane in 0..LANES {
                let bit = 1 << (group * LANES + lane);
                lanes[lane] |= if words[lane].covers(request) { bit } else { 0 };
            }
        }
        lanes.iter().fold(0, |mask, lane| mask | lane)
    }

    /// The first index at or after `from` at which `length` slots in a row have room for the request.
    #[inline(always)]
    fn first_run(&mut self, from: usize, length: usize, request: W) -> usize {
        if from >= self.touched {
            return from;
        }
        let mut start = from;
        if length <= W::SHORT {
            loop {
                if let Some(block) = self.full_block(start, request) {
                    start = (block + 1) * MASK;
                    continue;
                }
                let runs = runs(self.mask(start, request), length as u32);
                if runs != 0 {
                    return start + runs.trailing_zeros() as usize;
                }
                self.survey(start);
                start += MASK - length + 1;
            }
        }
        // Slots `start..checked` are free; the rest of the window is looked at from its end.
        let (mut checked, mut slot) = (start, start + length);
        while slot > checked {
            slot -= 1;
            if !self.free[slot].covers(request) {
                checked = start + length;
                start = slot + 1;
                if let Some(block) = self.full_block(slot, request) {
                    start = (block + 1) * MASK;
                    checked = checked.max(start);
                } else {
                    self.survey(slot);
                }
                slot = start + length;
            }
        }
        start
    }

    /// The block of a word, if no word in it has room for the request.
    #[inline(always)]
    fn full_block(&self, index: usize, request: W) -> Option<usize> {
        let most = self.most.get(index / MASK)?;
        (!most.covers(request)).then_some(index / MASK)
    }

    /// Finds out what is the most that the words in the block of a word hold, if much was taken from them since the last time.
    #[inline(always)]
    fn survey(&mut self, index: usize) {
        let block = index / MASK;
        if self.taken.get(block).is_some_and(|&taken| taken >= TAKEN) {
            self.look_through(block);
        }
    }

    #[cold]
    fn look_through(&mut self, block: usize) {
        self.taken[block] = 0;
        let words = self.free[block * MASK..].iter().take(MASK);
        self.most[block] = words.fold(W::GUARDS, |most, &word| most.or_more(word));
    }

    /// Makes room for a schedule that reaches an index.
    #[inline(always)]
    fn reserve(&mut self, index: usize) {
        if index + self.reach > self.free.len() {
            self.grow(index);
        }
    }

    #[cold]
    fn grow(&mut self, index: usize) {
        let size = (index + self.reach).max(self.free.len() / 2 * 3);
        self.free.resize(size, self.capacity);
        if !self.most.is_empty() {
            // The last block was not whole before.
            self.most.pop();
            self.most.resize(size.div_ceil(MASK), self.capacity);
            self.taken.resize(size.div_ceil(MASK), 0);
        }
    }

    /// The last index from `lowest` to `until` at which `length` slots in a row have room for the request.
    #[inline(always)]
    fn last_run(&mut self, lowest: usize, until: usize, length: usize, request: W) -> Option<usize> {
        let mut start = until;
        if length <= W::SHORT {
            loop {
                if let Some(block) = self.full_block(start + length - 1, request) {
                    if block * MASK < lowest + length {
                        return None;
                    }
                    start = block * MASK - length;
                    continue;
                }
                let first = start + length - MASK;
                let runs = runs(self.mask(first, request), length as u32);
                if runs != 0 {
                    return Some(first + runs.ilog2() as usize).filter(|&start| start >= lowest);
                }
                if first <= lowest {
                    return None;
                }
                self.survey(start + length - 1);
                start = first - 1;
            }
        }
        // Slots `checked..start + length` are free.
        let mut checked = start + length;
        while let Some(full) = self.free[start..checked].iter().position(|word| !word.covers(request)) {
            let mut full = start + full;
            if let Some(block) = self.full_block(full, request) {
                full = block * MASK;
            } else {
                self.survey(full);
            }
            if full < lowest + length {
                return None;
            }
            checked = start.min(full);
            start = full - length;
        }
        Some(start)
    }
}

/// A bit for each bit of `mask` at which a run of `length` ones begins (upwards).
#[inline(always)]
fn runs(mut mask: u32, length: u32) -> u32 {
    let mut missing = length - 1;
    for step in [1, 2, 4, 8] {
        let step = missing.min(step);
        mask &= mask >> step;
        missing -= step;
    }
    mask
}

compiled_twice! {
    fn serial<W: Word>(
        machine: &mut Packed<'_, W>,
        order: &[u32],
        is_vain: impl Fn(u32, Slot) -> bool,
    ) -> Result<Slot, u32> {
        super::serial(machine, order, is_vain)
    }
}

compiled_twice! {
    fn justify_right<W: Word>(
        machine: &mut Packed<'_, W>,
        order: &[u32],
        horizon: Slot,
        is_vain: impl Fn(u32, Slot) -> bool,
    ) -> Option<Slot> {
        super::justify_right(machine, order, horizon, is_vain)
    }
}

compiled_twice! {
    fn generate<W: Word>(
        machine: &mut Packed<'_, W>,
        windows: &mut Windows,
        distances: &Distances,
        direction: Direction,
        manner: Manner<'_>,
        order: &[u32],
    ) -> Result<Slot, u32> {
        windows.generate(machine, distances, direction, manner, order)
    }
}

impl<W: Word> Machine for Packed<'_, W> {
    fn reset(&mut self, modes: &[u32]) {
        self.modes.copy_from_slice(modes);
        self.free[MARGIN..self.touched].fill(self.capacity);
        let blocks = self.touched.div_ceil(MASK).min(self.most.len());
        self.most[..blocks].fill(self.capacity);
        self.taken[..blocks].fill(0);
        self.touched = MARGIN;
        self.clashes = 0;
    }

    fn serial_unless(&mut self, order: &[u32], is_vain: impl Fn(u32, Slot) -> bool) -> Result<Slot, u32> {
        serial(self.has_vectors, self, order, is_vain)
    }

    fn justify_right_unless(
        &mut self,
        order: &[u32],
        horizon: Slot,
        is_vain: impl Fn(u32, Slot) -> bool,
    ) -> Option<Slot> {
        justify_right(self.has_vectors, self, order, horizon, is_vain)
    }

    #[inline(always)]
    fn earliest(&mut self, node: u32) -> Slot {
        let mode = self.modes[node as usize] as usize;
        let duration = self.durations[mode];
        let mut from = self.release[node as usize];
        for arc in self.into.row(node as usize) {
            from = from.max(self.ends[arc.end as usize] + arc.lag - (duration & arc.whole));
        }
        if let Some(finish_release) = self.finish_release {
            from = from.max(finish_release[node as usize].saturating_sub(duration));
        }
        let request = self.requests[mode];
        if request == W::default() || duration == 0 {
            return from;
        }
        (self.first_run(from as usize + MARGIN, duration as usize, request) - MARGIN) as Slot
    }

    #[inline(always)]
    fn latest(&mut self, node: u32, horizon: Slot) -> Option<Slot> {
        let mode = self.modes[node as usize] as usize;
        let duration = self.durations[mode];
        let mut until = horizon - duration;
        for arc in self.out_of.row(node as usize) {
            until = until.min(self.ends[arc.end as usize] - arc.lag - (duration & arc.whole));
        }
        let mut lowest = self.release[node as usize];
        if let Some(finish_release) = self.finish_release {
            lowest = lowest.max(finish_release[node as usize].saturating_sub(duration));
        }
        if until < lowest {
            return None;
        }
        let request = self.requests[mode];
        if request == W::default() || duration == 0 {
            return Some(until);
        }
        let (lowest, until) = (lowest as usize + MARGIN, until as usize + MARGIN);
        self.reserve(until);
        let start = self.last_run(lowest, until, duration as usize, request)?;
        Some((start - MARGIN) as Slot)
    }

    #[inline(always)]
    fn place(&mut self, node: u32, start: Slot) {
        let mode = self.modes[node as usize] as usize;
        let finish = start + self.durations[mode];
        self.ends[node as usize * 2] = start;
        self.ends[node as usize * 2 + 1] = finish;
        let request = self.requests[mode];
        if request != W::default() {
            let (from, to) = (start as usize + MARGIN, finish as usize + MARGIN);
            self.reserve(to);
            for word in &mut self.free[from..to] {
                *word = word.minus(request);
            }
            self.touched = self.touched.max(to);
            if !self.taken.is_empty() {
                self.taken[from / MASK..=to / MASK].iter_mut().for_each(|taken| *taken += 1);
            }
        }
    }

    fn generate_in_windows(
        &mut self,
        windows: &mut Windows,
        distances: &Distances,
        direction: Direction,
        manner: Manner<'_>,
        order: &[u32],
    ) -> Result<Slot, u32> {
        generate(self.has_vectors, self, windows, distances, direction, manner, order)
    }

    #[inline(always)]
    fn room_after(&mut self, node: u32, from: Slot) -> Slot {
        let mode = self.modes[node as usize] as usize;
        let (duration, request) = (self.durations[mode], self.requests[mode]);
        if from > self.end - duration {
            return NEVER;
        }
        if request == W::default() || duration == 0 {
            return from;
        }
        let start = (self.first_run(from as usize + MARGIN, duration as usize, request) - MARGIN) as Slot;
        if start > self.end - duration { NEVER } else { start }
    }

    #[inline(always)]
    fn room_before(&mut self, node: u32, until: Slot, lowest: Slot) -> Option<Slot> {
        let mode = self.modes[node as usize] as usize;
        let (duration, request) = (self.durations[mode], self.requests[mode]);
        let until = until.min(self.end - duration);
        if until < lowest || lowest < 0 {
            return None;
        }
        if request == W::default() || duration == 0 {
            return Some(until);
        }
        let (lowest, until) = (lowest as usize + MARGIN, until as usize + MARGIN);
        self.reserve(until);
        let start = self.last_run(lowest, until, duration as usize, request)?;
        Some((start - MARGIN) as Slot)
    }

    fn place_exactly(&mut self, node: u32, start: Slot) {
        if start >= 0 && self.room_after(node, start) == start {
            self.place(node, start);
            return;
        }
        self.clashes += 1;
        self.ends[node as usize * 2] = start;
        self.ends[node as usize * 2 + 1] = start + self.durations[self.modes[node as usize] as usize];
    }

    #[inline(always)]
    fn take_out(&mut self, node: u32) {
        let request = self.requests[self.modes[node as usize] as usize];
        if request != W::default() {
            let [from, to] = [0, 1].map(|end| self.ends[node as usize * 2 + end] as usize + MARGIN);
            for word in &mut self.free[from..to] {
                *word = word.plus(request);
            }
            if !self.taken.is_empty() {
                // Until they are looked through again, the blocks may hold anything.
                let blocks = from / MASK..=to / MASK;
                self.most[blocks.clone()].fill(self.capacity);
                self.taken[blocks].fill(TAKEN);
            }
        }
    }

    fn clashes(&self) -> i64 {
        self.clashes
    }

    #[inline(always)]
    fn start(&self, node: u32) -> Slot {
        self.ends[node as usize * 2]
    }

    #[inline(always)]
    fn finish(&self, node: u32) -> Slot {
        self.ends[node as usize * 2 + 1]
    }
}
