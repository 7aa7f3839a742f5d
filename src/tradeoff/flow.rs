//! A flow through the network of a project, from its beginning to its end: the dual of crashing.
//!
//! Each arc says that its head comes at least so many slots after its tail, and costs so much for each slot by which that is
//! undercut: its capacity. What the last day of the project costs is then the value of a flow, and the cheapest set of
//! tasks to shorten is a minimum cut of the arcs that are tight (Fulkerson, "A network flow computation for project cost
//! curves", Management Science 7 (1961); Phillips and Dessouky, "Solving the project time/cost tradeoff problem using the
//! minimal cut concept", Management Science 24 (1977)). The flow is kept from cut to cut and only ever grows, which makes the
//! whole a primal-dual algorithm for a flow of minimum cost (Ford and Fulkerson, "Flows in Networks", 1962, III.3): between
//! two cuts one shortest-path search by slack tells how far the finish moves until another arc becomes tight.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::index::Rows;

/// An arc that nothing undercuts.
pub const UNLIMITED: i64 = 1 << 60;

/// A least distance between two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// The event that it counts from.
    pub from: u32,
    /// The event that it holds.
    pub to: u32,
    /// The distance in slots.
    pub length: i64,
    /// What a slot less costs; [`UNLIMITED`] if there is no less.
    pub capacity: i64,
}

/// Times of events, and a flow that proves that none are cheaper.
#[derive(Clone, Debug)]
pub struct Flow<'a> {
    arcs: &'a [Arc],
    /// Arcs at each event: twice its number, and one more if the event is at its head.
    incident: &'a Rows<u32>,
    source: u32,
    sink: u32,
    /// What flows along each arc.
    along: Vec<i64>,
    times: Vec<i64>,
    value: i64,
    /// Slack to each event on the best way from the source, at most that to the sink.
    slack: Vec<i64>,
}

/// The next finish that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The finish can come forward by so many slots at the present price.
    Slots(i64),
    /// It can come no further.
    Last,
}

/// The arcs at each event, as [`Flow`] wants them.
pub fn incident(events: usize, arcs: &[Arc]) -> Rows<u32> {
    let ends = arcs
        .iter()
        .zip(0_u32..)
        .flat_map(|(arc, number)| [(arc.from as usize, 2 * number), (arc.to as usize, 2 * number + 1)]);
    Rows::from_pairs(events, ends)
}

impl<'a> Flow<'a> {
    /// No flow, and the earliest times: each event as late as the longest way to it.
    ///
    /// # Arguments
    /// The last two events are the beginning and the end; `incident` is [`incident`] of the arcs.
    ///
    /// # Returns
    /// `None` if the arcs contradict each other.
    ///
    /// # Complexity
    /// Linear where arcs lead from lower to higher events; those that lead back may need more rounds.
    pub fn new(arcs: &'a [Arc], incident: &'a Rows<u32>) -> Option<Flow<'a>> {
        let events = incident.len();
        let (source, sink) = (events as u32 - 2, events as u32 - 1);
        let mut times = vec![i64::MIN; events];
        times[source as usize] = 0;
        let order = || [source as usize].into_iter().chain(0..events - 2);
        let mut rounds = 0;
        loop {
            let mut has_moved = false;
            for event in order().filter(|&event| event < events) {
                let time = times[event];
                if time == i64::MIN {
                    continue;
                }
                for &end in incident.row(event).iter().filter(|&&end| end % 2 == 0) {
                    let arc = arcs[end as usize / 2];
                    if times[arc.to as usize] < time + arc.length {
                        times[arc.to as usize] = time + arc.length;
                        has_moved = true;
                    }
                }
            }
            rounds += 1;
            if !has_moved {
                break;
            }
            if rounds > events + 1 {
                return None;
            }
        }
        let along = vec![0; arcs.len()];
        Some(Flow { arcs, incident, source, sink, along, times, value: 0, slack: Vec::new() })
    }

    /// What a slot less costs at present.
    pub fn value(&self) -> i64 {
        self.value
    }

    /// What flows along each arc.
    pub fn along(&self) -> &[i64] {
        &self.along
    }

    /// The finish.
    pub fn finish(&self) -> i64 {
        self.times[self.sink as usize]
    }

    /// The cheapest times of the events if the finish comes forward by so many slots, no more than the next step has.
    pub fn times_before(&self, slots: i64) -> impl Fn(u32) -> i64 {
        move |event| self.times[event as usize] - self.slack.get(event as usize).map_or(0, |&slack| slack.min(slots))
    }

    /// Brings the flow to its maximum along tight arcs, and tells how far the finish can come forward from here for its value.
    ///
    /// # Complexity
    /// Dinic's algorithm on tight arcs, and one search by Dijkstra's.
    pub fn next(&mut self) -> Step {
        while let Some(levels) = self.levels() {
            if !self.block(&levels) {
                return Step::Last;
            }
        }
        match self.search() {
            Some(slots) => Step::Slots(slots),
            None => Step::Last,
        }
    }

    /// Brings the finish forward by the slots that [`Flow::next`] told.
    pub fn advance(&mut self) {
        for (time, slack) in self.times.iter_mut().zip(&mut self.slack) {
            *time -= std::mem::take(slack);
        }
    }

    /// The event at the other side of an end, what more can flow to it, and the slack on the way.
    fn way(&self, end: u32) -> (u32, i64, i64) {
        let (number, arc) = (end as usize / 2, self.arcs[end as usize / 2]);
        let slack = self.times[arc.to as usize] - self.times[arc.from as usize] - arc.length;
        match end % 2 {
            0 => (arc.to, arc.capacity - self.along[number], slack),
            _ => (arc.from, self.along[number], -slack),
        }
    }

    /// The number of tight arcs to each event from the source; `None` if no more can flow to the sink.
    fn levels(&self) -> Option<Vec<u32>> {
        let mut levels = vec![u32::MAX; self.times.len()];
        levels[self.source as usize] = 0;
        let mut queue = vec![self.source];
        let mut at = 0;
        while let Some(&event) = queue.get(at) {
            at += 1;
            for &end in self.incident.row(event as usize) {
                let (other, room, slack) = self.way(end);
                if room > 0 && slack == 0 && levels[other as usize] == u32::MAX {
                    levels[other as usize] = levels[event as usize] + 1;
                    queue.push(other);
                }
            }
        }
        (levels[self.sink as usize] != u32::MAX).then_some(levels)
    }

    /// Sends what can flow along shortest tight ways; false if there is one along which anything can.
    fn block(&mut self, levels: &[u32]) -> bool {
        let mut next = vec![0; self.times.len()];
        let mut path: Vec<u32> = Vec::new();
        let mut event = self.source;
        loop {
            if event == self.sink {
                let room = path.iter().map(|&end| self.way(end).1).min().unwrap_or(UNLIMITED);
                if room >= UNLIMITED / 2 {
                    return false;
                }
                for &end in &path {
                    self.along[end as usize / 2] += if end % 2 == 0 { room } else { -room };
                }
                self.value += room;
                path.clear();
                event = self.source;
                continue;
            }
            let row = self.incident.row(event as usize);
            let place = &mut next[event as usize];
            let Some(&end) = row.get(*place) else {
                // Nothing more comes through here.
                let Some(end) = path.pop() else { return true };
                event = if end % 2 == 0 { self.arcs[end as usize / 2].from } else { self.arcs[end as usize / 2].to };
                next[event as usize] += 1;
                continue;
            };
            let (other, room, slack) = self.way(end);
            if room > 0 && slack == 0 && levels[other as usize] == levels[event as usize] + 1 {
                path.push(end);
                event = other;
            } else {
                next[event as usize] += 1;
            }
        }
    }

    /// Finds the least slack to each event, at most that to the sink, which it hands back; `None` if nothing leads there.
    fn search(&mut self) -> Option<i64> {
        let mut found = vec![i64::MAX; self.times.len()];
        let mut heap = BinaryHeap::from([(Reverse(0), self.source)]);
        found[self.source as usize] = 0;
        while let Some((Reverse(slack), event)) = heap.pop() {
            if event == self.sink {
                break;
            }
            if slack > found[event as usize] {
                continue;
            }
            for &end in self.incident.row(event as usize) {
                let (other, room, more) = self.way(end);
                if room > 0 && slack + more < found[other as usize] {
                    found[other as usize] = slack + more;
                    heap.push((Reverse(slack + more), other));
                }
            }
        }
        let slots = found[self.sink as usize];
        if slots == i64::MAX {
            return None;
        }
        found.iter_mut().for_each(|slack| *slack = (*slack).min(slots));
        self.slack = found;
        Some(slots)
    }
}
