//! A schedule that is being levelled: who stands where, how much of each resource is in use, and what that is worth.

use super::criterion::Criterion;
use super::hull::Hull;
use super::profile::{Profile, Stretch};
use super::windows::Windows;
use crate::network::{NEVER, Network, Slot};
use crate::solve::sgs::{General, Machine, Presence};

/// What is minimised: the criterion, and among equals the squares, which lead a search out of plateaus.
pub type Worth = (i128, i128);

/// Changes of level of a resource at which a node is tried, at most; of more each second, third and so on, others each time.
const MOST_EDGES: usize = 64;

/// A resource that is levelled.
#[derive(Clone, Debug)]
pub struct Levelled {
    /// Position in [`Network::renewables`].
    pub renewable: u32,
    /// What a unit of the criterion counts, and one of the squares.
    pub weights: Worth,
}

/// A levelled resource's use by a node.
#[derive(Clone, Copy, Debug)]
struct Need {
    /// Position in [`Board::levelled`].
    resource: usize,
    amount: i64,
}

/// The state of a search.
#[derive(Clone, Debug)]
pub struct Board<'n> {
    network: &'n Network,
    pub windows: Windows<'n>,
    pub criterion: Criterion,
    pub levelled: Vec<Levelled>,
    presence: Vec<Presence<'n>>,
    pub profiles: Vec<Profile>,
    /// Of each profile, as long as it stays.
    hulls: Vec<Option<Hull>>,
    /// By node.
    needs: Vec<Vec<Need>>,
    /// What keeps capacities, limits of weeks, and caps on costs of periods; none if they are left aside.
    machine: Option<General<'n>>,
    /// Nodes that the search places.
    pub movable: Vec<u32>,
    /// Nodes that stand wherever the others let them: they need nothing.
    loose: Vec<u32>,
    /// How often a place was looked for.
    pub asked: u64,
}

impl<'n> Board<'n> {
    /// # Arguments
    /// `windows` have every node placed; `is_held` tells which nodes stay there. `end` is where profiles end.
    pub fn new(
        network: &'n Network,
        windows: Windows<'n>,
        (criterion, renewables): (Criterion, &[u32]),
        end: Slot,
        keeps_capacity: bool,
        is_held: impl Fn(u32) -> bool,
    ) -> Board<'n> {
        let nodes = 0..network.len() as u32;
        let presence: Vec<Presence<'_>> =
            (renewables.iter()).map(|&number| Presence::new(network, &network.renewables[number as usize])).collect();
        let needs = |node: u32| -> Vec<Need> {
            let demands = network.demands.row(windows.mode(node) as usize).iter();
            let known = demands.filter_map(|demand| {
                let resource = renewables.iter().position(|&number| number == demand.resource)?;
                Some(Need { resource, amount: i64::from(demand.amount) })
            });
            if network.mode(windows.mode(node)).duration > 0 { known.collect() } else { Vec::new() }
        };
        let needs: Vec<Vec<Need>> = nodes.clone().map(needs).collect();
        let needs_anything = |node: u32| {
            let mode = windows.mode(node) as usize;
            let is_kept = !network.demands.row(mode).is_empty() || !network.spendings.row(mode).is_empty();
            !needs[node as usize].is_empty() || keeps_capacity && is_kept
        };
        let free: Vec<u32> = nodes.clone().filter(|&node| !is_held(node)).collect();
        let (movable, loose) = free.into_iter().partition(|&node| needs_anything(node) || windows.is_tied(node));
        let profiles: Vec<Profile> = presence.iter().map(|presence| Profile::new(presence.inward(end))).collect();
        let levelled = renewables.iter().map(|&renewable| Levelled { renewable, weights: (0, 0) }).collect();
        let machine = keeps_capacity.then(|| {
            let mut machine = General::new(network);
            machine.assume_finish(end);
            machine.reset(&nodes.clone().map(|node| windows.mode(node)).collect::<Vec<_>>());
            machine
        });
        let mut board = Board {
            network,
            windows,
            criterion,
            levelled,
            presence,
            hulls: vec![None; profiles.len()],
            profiles,
            needs,
            machine,
            movable,
            loose,
            asked: 0,
        };
        for node in nodes {
            board.enter(node, board.windows.early(node).0, 1);
        }
        for node in board.loose.clone() {
            board.windows.take_out(node);
        }
        board
    }

    /// What the criterion and the squares come to, each resource counted by its weight.
    pub fn worth(&self) -> Worth {
        let of = |(levelled, profile): (&Levelled, &Profile)| {
            let squares = levelled.weights.1 * i128::from(profile.squares());
            (levelled.weights.0 * i128::from(self.criterion.of(profile)), squares)
        };
        self.levelled.iter().zip(&self.profiles).map(of).fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1))
    }

    /// The start of a node that is placed.
    #[inline]
    pub fn start(&self, node: u32) -> Slot {
        self.windows.early(node).0
    }

    /// Takes a node out.
    pub fn take_out(&mut self, node: u32) {
        self.enter(node, self.start(node), -1);
        self.windows.take_out(node);
    }

    /// Places a node; false if some link is broken by that.
    pub fn place(&mut self, node: u32, start: Slot) -> bool {
        let is_kept = self.windows.place(node, start);
        self.enter(node, start, 1);
        is_kept
    }

    /// Adds what a node uses that starts at `start`, or takes it away.
    fn enter(&mut self, node: u32, start: Slot, sign: i64) {
        if let Some(machine) = &mut self.machine {
            if sign > 0 {
                machine.place(node, start);
            } else {
                machine.take_out(node);
            }
        }
        let needs = std::mem::take(&mut self.needs[node as usize]);
        for need in &needs {
            for stretch in self.stretches(node, start, need.resource) {
                self.profiles[need.resource].add(stretch, sign * need.amount);
                self.hulls[need.resource] = None;
            }
        }
        self.needs[node as usize] = needs;
    }

    /// How much a node uses of each levelled resource that it needs.
    pub fn amounts(&self, node: u32) -> impl Iterator<Item = (usize, i64)> {
        self.needs[node as usize].iter().map(|need| (need.resource, need.amount))
    }

    /// When a node that starts at `start` works, in the time of a resource.
    fn stretches(&self, node: u32, start: Slot, resource: usize) -> Vec<Stretch> {
        let finish = self.network.finish(self.windows.mode(node), start).unwrap_or(start);
        self.stretches_until(node, start, finish, resource)
    }

    /// When a node works between two positions if it works whenever it can, in the time of a resource.
    pub fn stretches_until(&self, node: u32, start: Slot, finish: Slot, resource: usize) -> Vec<Stretch> {
        if start >= finish {
            return Vec::new();
        }
        let mode = self.network.mode(self.windows.mode(node));
        let presence = &self.presence[resource];
        let (from, to) = (presence.inward(start), presence.inward(finish));
        let calendar = self.network.calendar(mode.calendar);
        if calendar.work(i64::from(finish)) - calendar.work(i64::from(start)) == i64::from(to - from) {
            return vec![(from, to)];
        }
        let (mut stretches, mut at): (Vec<Stretch>, i64) = (Vec::new(), i64::from(start));
        while at < i64::from(finish) {
            let end = calendar.stretch_end(at).min(i64::from(finish));
            let (from, to) = (presence.inward(at as Slot), presence.inward(end as Slot));
            match stretches.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => stretches.push((from, to)),
            }
            let Some(next) = calendar.next_start(end) else { break };
            at = next;
        }
        stretches
    }

    /// What a node that is not placed adds if it starts at `start`. Peaks and idle times count as a whole, not only what is
    /// added to them: only differences between starts of one node mean something.
    pub fn price(&mut self, node: u32, start: Slot) -> Worth {
        let mut worth = (0, 0);
        for number in 0..self.needs[node as usize].len() {
            let need = self.needs[node as usize][number];
            let stretches = self.stretches(node, start, need.resource);
            let profile = &self.profiles[need.resource];
            let weights = self.levelled[need.resource].weights;
            let squares = i128::from(profile.squares_added(&stretches, need.amount));
            let value = match self.criterion {
                Criterion::Squares | Criterion::Ric => squares,
                Criterion::Peak => i128::from((profile.peak_within(&stretches) + need.amount).max(profile.peak())),
                Criterion::Rid => i128::from(match stretches[..] {
                    [stretch] => {
                        let hull = self.hulls[need.resource].get_or_insert_with(|| Hull::new(profile));
                        hull.idle_with(profile, stretch, need.amount)
                    }
                    _ => {
                        let mut with = profile.clone();
                        stretches.iter().for_each(|&stretch| with.add(stretch, need.amount));
                        with.idle()
                    }
                }),
            };
            worth.0 += weights.0 * value;
            worth.1 += weights.1 * squares;
        }
        worth
    }

    /// True if a node that is not placed may start at `start`, which lies in its window: it can work then, capacities and
    /// caps leave room, and greatest distances are kept.
    pub fn has_room(&mut self, node: u32, start: Slot) -> bool {
        self.network.first_start(self.windows.mode(node), start) == Some(start)
            && self.windows.keeps_maximal_lags(node, start)
            && self.machine.as_mut().is_none_or(|machine| machine.room_after(node, start) == start)
    }

    /// Starts in the window of a node between which no criterion has a better one: where it starts or finishes with a change
    /// of level, where the capacities begin to have room, and the ends of the window. Ascending.
    pub fn candidates(&mut self, node: u32) -> Vec<Slot> {
        let (earliest, latest) = (self.windows.early(node).0, self.windows.late(node).0);
        if earliest > latest {
            return Vec::new();
        }
        let (network, mode) = (self.network, self.windows.mode(node));
        let mut starts = vec![earliest, latest];
        let last_finish = network.finish(mode, latest).unwrap_or(NEVER);
        for need in &self.needs[node as usize] {
            let presence = &self.presence[need.resource];
            let (from, to) = (presence.inward(earliest), presence.inward(last_finish));
            let edges = self.profiles[need.resource].edges(from, to);
            let stride = edges.len().div_ceil(MOST_EDGES).max(1);
            for edge in edges.skip(self.asked as usize % stride).step_by(stride) {
                starts.extend(network.first_start(mode, presence.outward_end(edge)));
                starts.push(network.last_start(mode, Slot::MAX, presence.outward_begin(edge)));
            }
        }
        if let Some(machine) = &mut self.machine {
            let first = machine.room_after(node, earliest);
            starts.push(first);
            starts.extend(machine.room_before(node, latest, earliest));
        }
        starts.retain(|start| (earliest..=latest).contains(start));
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// The best start in the window of a node that is not placed, near `wish` among equals; none if it has no room.
    pub fn best_start(&mut self, node: u32, wish: Slot) -> Option<(Worth, Slot)> {
        self.asked += 1;
        let mut starts = self.candidates(node);
        starts.push(wish.clamp(self.windows.early(node).0, self.windows.late(node).0.max(self.windows.early(node).0)));
        let mut priced: Vec<(Worth, Slot, Slot)> = (starts.into_iter())
            .map(|start| (self.price(node, start), start.abs_diff(wish).try_into().unwrap_or(Slot::MAX), start))
            .collect();
        priced.sort_unstable();
        let best = priced.into_iter().find(|&(_, _, start)| self.has_room(node, start))?;
        Some((best.0, best.2))
    }

    /// The start of each node: those that need nothing stand as near to where they stood as the others let them.
    pub fn starts(&self, given: &[Slot]) -> Option<Vec<Slot>> {
        let mut windows = self.windows.clone();
        for &node in &self.loose {
            let (earliest, latest) = (windows.early(node).0, windows.late(node).0);
            let wish = given[node as usize].max(earliest).min(latest);
            if earliest > latest || !windows.place(node, wish) {
                return None;
            }
        }
        Some((0..self.network.len() as u32).map(|node| windows.early(node).0).collect())
    }
}
