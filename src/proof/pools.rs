//! Pools: what nodes share beside resources, why each holds, and when more is taken of one than there is.

use super::state::State;
use super::steps::{Basis, Definition, Term, Variable};
use crate::network::{Network, Slot};

/// Something that nodes share. In every schedule what they take of it is no more than there is.
#[derive(Debug)]
pub struct Pool {
    /// What there is of it from each slot on.
    steps: Vec<(Slot, i128)>,
    /// What each mode position takes in each of its slots.
    units: Vec<i128>,
    /// What each takes beside that, whenever it is done.
    extras: Vec<i128>,
    /// Nodes that take anything.
    nodes: Vec<usize>,
    /// What there is beside the steps, whatever the slots.
    allowance: i128,
    /// How much more there is for each slot that a start or a finish is later.
    slopes: Vec<(Variable, i128)>,
}

/// Entries of the table of what fits into a resource, at most.
const MOST_ENTRIES: i64 = 10_000_000;
/// Nodes of plans of which sets are looked at to see that a pool holds, and such sets, at most.
const MOST_IN_SETS: usize = 2_000;
const MOST_SETS: u32 = 300_000;

impl Pool {
    /// A resource as it is.
    pub fn resource(network: &Network, resource: usize) -> Pool {
        let steps = network.renewables[resource].steps.iter().map(|&(slot, units)| (slot, i128::from(units))).collect();
        let units = (0..network.modes.items().len()).map(|position| need(network, position, resource).into()).collect();
        Pool::new(network, steps, units)
    }

    fn new(network: &Network, steps: Vec<(Slot, i128)>, units: Vec<i128>) -> Pool {
        let extras = vec![0; units.len()];
        let mut pool = Pool { steps, units, extras, nodes: Vec::new(), allowance: 0, slopes: Vec::new() };
        pool.find_nodes(network);
        pool
    }

    fn find_nodes(&mut self, network: &Network) {
        let takes = |&node: &usize| network.modes.range(node).any(|at| self.units[at] != 0 || self.extras[at] != 0);
        self.nodes = (0..network.len()).filter(takes).collect();
    }

    /// What there is in a window, summed up over its slots. (The steps say from when on, so that the last one before `from`
    /// counts from there.)
    fn offered(&self, from: i128, to: i128) -> i128 {
        let in_step = |number: usize| {
            let begin = from.max(self.steps[number].0.into());
            let end = self.steps.get(number + 1).map_or(to, |next| to.min(next.0.into()));
            self.steps[number].1 * (end - begin).max(0)
        };
        (0..self.steps.len()).map(in_step).sum()
    }
}

/// Units that a mode position needs of a resource.
pub fn need(network: &Network, position: usize, resource: usize) -> i64 {
    let demands = network.demands.row(position).iter().filter(|demand| demand.resource as usize == resource);
    demands.map(|demand| i64::from(demand.amount)).sum()
}

/// What a mode position consumes of a total.
pub fn consumed(network: &Network, position: usize, total: usize) -> i64 {
    let consumptions = network.consumptions.row(position).iter().filter(|other| other.total as usize == total);
    consumptions.map(|other| other.amount).sum()
}

impl State<'_> {
    /// True if more is taken of a pool than there is: between two slots, or, without them, until the project has finished.
    pub fn is_overfull(&self, pool: &Pool, window: Option<(Slot, Slot)>) -> bool {
        let (from, to) = window.unwrap_or((0, self.bounds(Variable::Project).1));
        let (from, to) = (i128::from(from), i128::from(to));
        let taken = |&node: &usize| {
            let (start, finish) = (self.start(node), self.finish(node));
            let in_mode = |position: usize| {
                let duration = self.duration(position);
                let latest = i128::from(start.1.min(finish.1 - duration));
                let earliest = i128::from(finish.0.max(start.0 + duration));
                let slots = match window {
                    Some(_) => i128::from(duration).min(to - from).min(earliest - from).min(to - latest).max(0),
                    None => i128::from(duration),
                };
                pool.units[position] * slots + pool.extras[position]
            };
            self.ways(node).map(in_mode).min().unwrap_or(0)
        };
        let at_most = |&(variable, slope): &(Variable, i128)| {
            let (least, most) = self.bounds(variable);
            slope * i128::from(if slope > 0 { most } else { least })
        };
        let there = pool.allowance + pool.offered(from, to) + pool.slopes.iter().map(at_most).sum::<i128>();
        from <= to && pool.nodes.iter().map(taken).sum::<i128>() > there
    }

    /// The pool that is defined.
    ///
    /// # Errors
    /// If it need not hold in some schedule, or that cannot be seen.
    pub fn pool(&self, definition: &Definition) -> Result<Pool, String> {
        match definition {
            Definition::Units { basis, steps, units } => self.pool_of_units(basis, steps, units),
            Definition::Sum(terms) => self.pool_of_sum(terms),
        }
    }

    fn pool_of_units(&self, basis: &Basis, steps: &[(Slot, i64)], units: &[(usize, i64)]) -> Result<Pool, String> {
        if steps.first().is_none_or(|step| step.0 != 0) || !steps.is_sorted_by(|one, next| one.0 < next.0) {
            return Err("a pool has steps from slot 0 on, in order".to_owned());
        }
        let mut of_position = vec![0; self.network.modes.items().len()];
        units.iter().for_each(|&(position, units)| of_position[position] = units);
        for (number, &(from, capacity)) in steps.iter().enumerate() {
            let to = steps.get(number + 1).map_or(Slot::MAX, |next| next.0);
            let is_right = match *basis {
                Basis::Resource(resource) => self.most_in(resource, (from, to), &of_position)? <= capacity,
                Basis::Sets => self.sets((from, to), &of_position)?.fit(capacity)?,
            };
            if !is_right {
                return Err(format!("more than {capacity} units of the pool may be taken in a slot from {from} on"));
            }
        }
        let steps = steps.iter().map(|&(slot, capacity)| (slot, capacity.into())).collect();
        Ok(Pool::new(self.network, steps, of_position.into_iter().map(i128::from).collect()))
    }

    /// The most units that nodes take which fit into a resource together, in some slot of a window.
    fn most_in(&self, resource: usize, (from, to): (Slot, Slot), units: &[i64]) -> Result<i64, String> {
        let modes = &self.network.modes;
        let capacity = self.peak(resource, from, to);
        if (capacity + 1) * units.len() as i64 > MOST_ENTRIES {
            return Err(format!("resource {resource} is too large to see what fits into it"));
        }
        // The most that is taken with so much room: a node after the other, each at most once.
        let mut most = vec![0; capacity.max(0) as usize + 1];
        for node in 0..self.network.len() {
            let ways: Vec<(usize, i64)> = modes
                .range(node)
                .map(|position| (need(self.network, position, resource) as usize, units[position]))
                .filter(|&(need, units)| need < most.len() && units > 0)
                .collect();
            for room in (0..most.len()).rev() {
                let fitting = ways.iter().filter(|way| way.0 <= room);
                let with_node = fitting.map(|&(need, units)| most[room - need] + units).max().unwrap_or(0);
                most[room] = most[room].max(with_node);
            }
        }
        Ok(most[most.len() - 1])
    }

    /// The nodes that may run in a window, those that take most first.
    fn sets<'a>(&'a self, (from, to): (Slot, Slot), units: &'a [i64]) -> Result<Sets<'a>, String> {
        if self.network.len() > MOST_IN_SETS {
            return Err("the plan has too many nodes to look at sets of them".to_owned());
        }
        let windows = self.windows();
        let resources = || 0..self.network.renewables.len();
        let needs = |position: usize| resources().map(|resource| need(self.network, position, resource)).collect();
        let mut sets = Sets {
            state: self,
            units,
            needs: (0..units.len()).map(needs).collect(),
            peaks: resources().map(|resource| self.peak(resource, from, to)).collect(),
            nodes: Vec::new(),
            apart: vec![vec![false; self.network.len()]; self.network.len()],
            count: 0,
        };
        let unused = vec![0; sets.peaks.len()];
        let may_run = |node: usize| windows[node].0 < to && windows[self.network.len() + node].1 > from;
        let takes = |&node: &usize| may_run(node) && sets.most(node, &unused) > 0;
        let mut nodes: Vec<usize> = (0..self.network.len()).filter(takes).collect();
        nodes.sort_by_cached_key(|&node| std::cmp::Reverse(sets.most(node, &unused)));
        for &one in &nodes {
            let apart: Vec<usize> = nodes.iter().copied().filter(|&other| sets.are_apart(one, other)).collect();
            apart.into_iter().for_each(|other| sets.apart[one][other] = true);
        }
        sets.nodes = nodes;
        Ok(sets)
    }

    fn pool_of_sum(&self, terms: &[(Term, i64)]) -> Result<Pool, String> {
        let network = self.network;
        let positions = network.modes.items().len();
        let mut steps: Vec<(Slot, i128)> = Vec::new();
        let begins = network.renewables.iter().flat_map(|renewable| renewable.steps.iter().map(|step| step.0));
        steps.extend(begins.chain([0]).map(|begin| (begin, 0)));
        steps.sort_unstable();
        steps.dedup();
        let mut pool = Pool::new(network, steps, vec![0; positions]);
        for (term, weight) in terms {
            let weight = i128::from(*weight);
            match *term {
                Term::Resource(resource) => {
                    for step in &mut pool.steps {
                        step.1 += weight * i128::from(self.units(resource, step.0));
                    }
                    for position in 0..positions {
                        pool.units[position] += weight * i128::from(need(network, position, resource));
                    }
                }
                Term::Total(total) => {
                    pool.allowance += weight * i128::from(network.totals[total].capacity);
                    for position in 0..positions {
                        pool.extras[position] += weight * i128::from(consumed(network, position, total));
                    }
                }
                Term::Duration(node) => {
                    pool.slopes.extend([(Variable::Finish(node), weight), (Variable::Start(node), -weight)]);
                    for position in network.modes.range(node) {
                        pool.extras[position] += weight * i128::from(self.duration(position));
                    }
                }
                Term::Distance(before, least, after) => {
                    if !self.are_apart(before, after, least) {
                        return Err(format!("no path says that {after:?} is {least} slots later than {before:?}"));
                    }
                    pool.allowance -= weight * i128::from(least);
                    pool.slopes.extend([(after, weight), (before, -weight)]);
                }
            }
        }
        // What one term adds another may take away again.
        let mut slopes: Vec<(Variable, i128)> = Vec::new();
        for &(variable, slope) in &pool.slopes {
            match slopes.iter_mut().find(|other| other.0 == variable) {
                Some(other) => other.1 += slope,
                None => slopes.push((variable, slope)),
            }
        }
        pool.slopes = slopes.into_iter().filter(|slope| slope.1 != 0).collect();
        pool.find_nodes(network);
        Ok(pool)
    }
}

/// Sets of nodes that can run at the same time, as they are looked at to see that they all fit into a pool.
struct Sets<'a> {
    state: &'a State<'a>,
    /// What each mode position takes.
    units: &'a [i64],
    /// What each needs of each resource, and the most that there ever is of that.
    needs: Vec<Vec<i64>>,
    peaks: Vec<i64>,
    nodes: Vec<usize>,
    /// For each node those that cannot run beside it.
    apart: Vec<Vec<bool>>,
    /// Sets looked at so far.
    count: u32,
}

impl Sets<'_> {
    /// True if no set takes more than so much.
    fn fit(mut self, capacity: i64) -> Result<bool, String> {
        let (nodes, unused) = (self.nodes.clone(), vec![0; self.peaks.len()]);
        Ok(!self.exceed(&nodes, &unused, capacity)?)
    }

    /// True if some of these nodes, which can all run beside those chosen, take more than so much.
    ///
    /// # Arguments
    /// `used` is what those chosen use of each resource.
    fn exceed(&mut self, nodes: &[usize], used: &[i64], room: i64) -> Result<bool, String> {
        if room < 0 {
            return Ok(true);
        }
        self.count += 1;
        if self.count > MOST_SETS {
            return Err("there are too many sets of nodes to see that all fit into the pool".to_owned());
        }
        let rests = self.rests(nodes, used);
        for (place, &node) in nodes.iter().enumerate().take_while(|&(place, _)| rests[place] > room) {
            for position in self.state.network.modes.range(node).filter(|&position| self.units[position] > 0) {
                if !self.fits(position, used) {
                    continue;
                }
                let used: Vec<i64> = used.iter().zip(&self.needs[position]).map(|(used, need)| used + need).collect();
                let others = nodes[place + 1..].iter().copied();
                let can_run = |&other: &usize| !self.apart[node][other] && self.most(other, &used) > 0;
                let others: Vec<usize> = others.filter(can_run).collect();
                if self.exceed(&others, &used, room - self.units[position])? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// For each of these nodes: the most that it and those behind it in the list could take together, if of nodes no two of
    /// which can run at the same time only the one that takes most counts.
    fn rests(&self, nodes: &[usize], used: &[i64]) -> Vec<i64> {
        let mut groups: Vec<(i64, Vec<usize>)> = Vec::new();
        let mut rests = vec![0; nodes.len()];
        for (place, &node) in nodes.iter().enumerate().rev() {
            let taken = self.most(node, used);
            match groups.iter_mut().find(|group| group.1.iter().all(|&other| self.apart[node][other])) {
                Some(group) => {
                    group.0 = group.0.max(taken);
                    group.1.push(node);
                }
                None => groups.push((taken, vec![node])),
            }
            rests[place] = groups.iter().map(|group| group.0).sum();
        }
        rests
    }

    /// True if two nodes cannot run at the same time: one follows the other, or in no modes they fit into all resources.
    fn are_apart(&self, one: usize, other: usize) -> bool {
        let modes = |node: usize| self.state.network.modes.range(node);
        let fit = |position: usize| modes(other).any(|beside| self.fits(beside, &self.needs[position]));
        one != other && (self.state.follow(one, other) || !modes(one).any(fit))
    }

    /// The most that a node takes in a mode that can run beside what uses so much; 0 if there is none.
    fn most(&self, node: usize, used: &[i64]) -> i64 {
        let fitting = self.state.network.modes.range(node).filter(|&position| self.fits(position, used));
        fitting.map(|position| self.units[position]).max().unwrap_or(0)
    }

    /// True if a mode position takes time and can run beside what uses so much of each resource.
    fn fits(&self, position: usize, used: &[i64]) -> bool {
        let mut all = used.iter().zip(&self.needs[position]).zip(&self.peaks);
        self.state.duration(position) > 0 && all.all(|((used, need), peak)| used + need <= *peak)
    }
}
