//! What links ask for, as far as it is certain: constant distances, and where lags lead that run on a calendar.
//!
//! A link to the finish of a task is met in working terms: no work of the task's calendar may lie between its finish and
//! where the lag leads. Where modes differ in their calendars, or in the lag, that of the most lenient counts.

use std::sync::Arc as Shared;

use rustc_hash::FxHashMap;

use super::lags::Leads;
use crate::network::{
    Arc, CalendarIndex, EVERY_SLOT, MaximalLag, NEVER, Network, NodeMode, OF_PREDECESSOR, OF_SUCCESSOR, Slot,
};

/// Where the lags of a network lead, each table made when first asked for.
#[derive(Debug)]
pub struct Links<'n> {
    network: &'n Network,
    horizon: Slot,
    known: FxHashMap<Way, Shared<Leads>>,
}

/// What a table depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Way {
    lag: i32,
    /// The calendars that the lag may run on.
    on: Vec<CalendarIndex>,
    /// Those in whose working terms its end is meant.
    until: Vec<CalendarIndex>,
    is_maximal: bool,
}

/// Slots of all tables together.
const MOST_SLOTS: usize = 8_000_000;

impl<'n> Links<'n> {
    /// # Arguments
    /// `horizon` is the slot at which tables may end: nothing starts or finishes after it.
    pub fn new(network: &'n Network, horizon: Slot) -> Links<'n> {
        Links { network, horizon, known: FxHashMap::default() }
    }

    /// True if they take more room than they are worth.
    pub fn are_too_large(&self) -> bool {
        self.known.len() * self.horizon as usize > MOST_SLOTS
    }

    /// Where a link leads from the end of its predecessor; none if a constant distance says all that is certain.
    pub fn leads(&mut self, arc: &Arc, successor: u32) -> Option<Shared<Leads>> {
        let network = self.network;
        let is_in_work = arc.kind.to_finish() && !never_pauses(network, successor);
        let lag = lags(network, arc).iter().copied().min()?;
        let nodes = (arc.other, successor);
        if has_date_in_work(network, successor) || !is_in_work && (lag == 0 || runs_always(network, arc, nodes)) {
            return None;
        }
        let on = lag_calendars(network, arc, nodes);
        let until = if is_in_work { calendars(network, successor) } else { Vec::new() };
        Some(self.table(Way { lag, on, until, is_maximal: false }))
    }

    /// Where a maximal lag leads from the end of its successor, back to that of its predecessor; none if a constant distance
    /// says all that is certain.
    pub fn leads_back(&mut self, maximal: &MaximalLag) -> Option<Shared<Leads>> {
        let MaximalLag { predecessor, successor, arc, .. } = maximal;
        let network = self.network;
        let nodes = (*predecessor, *successor);
        let is_constant = runs_always(network, arc, nodes) && never_pauses(network, *successor);
        if is_constant || has_date_in_work(network, *successor) {
            return None;
        }
        let lag = lags(network, arc).iter().copied().max()?;
        let on = lag_calendars(network, arc, nodes);
        Some(self.table(Way { lag, on, until: calendars(network, *successor), is_maximal: true }))
    }

    fn table(&mut self, way: Way) -> Shared<Leads> {
        let (network, beyond) = (self.network, self.horizon + 1);
        let make = |way: &Way| {
            let table = |led: &dyn Fn(Slot) -> i64| {
                Leads::new((0..=beyond).map(|slot| led(slot).clamp(-1, i64::from(beyond)) as Slot).collect())
            };
            match way.is_maximal {
                true => table(&|slot| way.latest(network, slot)).back(),
                false => table(&|slot| way.earliest(network, slot)),
            }
        };
        self.known.entry(way).or_insert_with_key(|way| Shared::new(make(way))).clone()
    }
}

impl Way {
    /// What an end at a slot keeps everything back from; [`NEVER`] if the lag never ends.
    fn earliest(&self, network: &Network, slot: Slot) -> i64 {
        let led = |&on: &CalendarIndex| network.shifted(network.calendar(on), slot, self.lag);
        let Some(led) = self.on.iter().filter_map(led).min() else { return NEVER.into() };
        let until = self.until.iter().map(|&until| network.calendar(until).last_finish(led.into()));
        until.min().unwrap_or(led.into())
    }

    /// What an end at a slot lets nothing come behind; [`NEVER`] if it sets no limit.
    fn latest(&self, network: &Network, slot: Slot) -> i64 {
        let led = |&on: &CalendarIndex| network.shifted(network.calendar(on), slot, self.lag).unwrap_or(NEVER);
        let led = self.on.iter().map(led).max().unwrap_or(NEVER);
        if led == NEVER {
            return NEVER.into();
        }
        let until = self.until.iter().map(|&until| network.calendar(until).next_start(led.into()));
        until.map(|until| until.unwrap_or(NEVER.into())).max().unwrap_or(led.into())
    }
}

/// The least distance between the ends that an arc joins, as far as it is constant; none if nothing is. (A lag in working
/// time is at least as long by the clock; a lead goes back further.)
pub fn certain_lag(network: &Network, arc: &Arc, successor: u32) -> Option<i32> {
    let lag = lags(network, arc).iter().copied().min()?;
    let is_certain = lag >= 0 || runs_always(network, arc, (arc.other, successor));
    (is_certain && (!arc.kind.to_finish() || never_pauses(network, successor))).then_some(lag)
}

/// The greatest distance that a maximal lag allows, if it is constant.
pub fn certain_maximal_lag(network: &Network, maximal: &MaximalLag) -> Option<i32> {
    let MaximalLag { predecessor, successor, arc, .. } = maximal;
    let lag = lags(network, arc).iter().copied().max()?;
    let is_constant = runs_always(network, arc, (*predecessor, *successor)) && never_pauses(network, *successor);
    is_constant.then_some(lag)
}

/// True if links ask for nothing beside.
pub fn are_certain(network: &Network) -> bool {
    let is_certain = |arc: &Arc, nodes: (u32, u32), is_in_work: bool| {
        let is_constant = arc.lag == 0 || lag_calendars(network, arc, nodes).len() == 1;
        !arc.by_mode && is_constant && (!is_in_work || calendars(network, nodes.1).len() == 1)
    };
    let is_certain_link = |node: u32| {
        let mut arcs = network.predecessors.row(node as usize).iter();
        arcs.all(|arc| is_certain(arc, (arc.other, node), arc.kind.to_finish()))
    };
    let mut maximal_lags = network.maximal_lags.iter();
    (0..network.len() as u32).all(is_certain_link)
        && maximal_lags.all(|maximal| is_certain(&maximal.arc, (maximal.predecessor, maximal.successor), true))
}

/// The lags that an arc may have.
fn lags<'a>(network: &'a Network, arc: &'a Arc) -> &'a [i32] {
    if arc.by_mode { network.mode_lags.row(arc.lag as usize) } else { std::slice::from_ref(&arc.lag) }
}

/// True if the lag of an arc from a node to another runs in every slot.
fn runs_always(network: &Network, arc: &Arc, nodes: (u32, u32)) -> bool {
    match arc.calendar {
        OF_SUCCESSOR | OF_PREDECESSOR => lag_calendars(network, arc, nodes) == [EVERY_SLOT],
        fixed => network.calendar(fixed).is_always(),
    }
}

/// True if a node works in every slot, whichever way it is done; a milestone, too, stands in the pauses of its calendar.
pub fn never_pauses(network: &Network, node: u32) -> bool {
    network.modes.row(node as usize).iter().all(|mode| network.calendar(mode.calendar).is_always())
}

/// True if a node has an exact date and may stand in a pause instead, if the date lies in one.
pub fn has_date_in_work(network: &Network, node: u32) -> bool {
    network.has_exact_date(node) && !never_pauses(network, node)
}

/// The calendars of the modes of a node, each once.
pub fn calendars(network: &Network, node: u32) -> Vec<CalendarIndex> {
    of_modes(network, node, |mode| mode.calendar)
}

/// The calendars that the lag of an arc from a node to another may run on, each once.
fn lag_calendars(network: &Network, arc: &Arc, (predecessor, successor): (u32, u32)) -> Vec<CalendarIndex> {
    match arc.calendar {
        OF_SUCCESSOR => of_modes(network, successor, |mode| mode.lag_calendar),
        OF_PREDECESSOR => of_modes(network, predecessor, |mode| mode.lag_calendar),
        fixed => vec![fixed],
    }
}

fn of_modes(network: &Network, node: u32, of: impl Fn(&NodeMode) -> CalendarIndex) -> Vec<CalendarIndex> {
    let number = |mode: &NodeMode| match of(mode) {
        calendar if network.calendar(calendar).is_always() => EVERY_SLOT,
        calendar => calendar,
    };
    let mut calendars: Vec<CalendarIndex> = network.modes.row(node as usize).iter().map(number).collect();
    calendars.sort_unstable();
    calendars.dedup();
    calendars
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;
    use crate::effort::random;
    use crate::generate::{GenerateOptions, generate};
    use crate::index::Id;
    use crate::network::compile;
    use crate::plan::{LinkId, validate};

    const HORIZON: Slot = 600;

    /// What an arc of one network asks of starts of its nodes, as the tables have it and as the network has it.
    struct Case<'n> {
        network: &'n Network,
        links: Links<'n>,
        random: crate::effort::Random,
    }

    impl Case<'_> {
        /// The start and the finish of a node that starts somewhere.
        fn times(&mut self, node: u32) -> Option<(Slot, Slot)> {
            let mode = self.network.modes.range(node as usize).start as u32;
            let start = self.network.first_start(mode, self.random.random_range(0..HORIZON / 2))?;
            Some((start, self.network.finish(mode, start).filter(|&finish| finish <= HORIZON)?))
        }

        /// Whether some times of two nodes keep a link, or a maximal lag between them.
        fn judge(&mut self, maximal: &MaximalLag, is_maximal: bool) -> Option<(bool, bool)> {
            let MaximalLag { predecessor, successor, arc, .. } = maximal;
            let (before, after) = (self.times(*predecessor)?, self.times(*successor)?);
            let [from, to] =
                [*predecessor, *successor].map(|node| self.network.modes.range(node as usize).start as u32);
            let end = |is_finish: bool, times: (Slot, Slot)| if is_finish { times.1 } else { times.0 };
            let ends = (end(arc.kind.from_finish(), before), end(arc.kind.to_finish(), after));
            if is_maximal {
                let leads = self.links.leads_back(maximal)?;
                let latest = self.network.latest_by_maximal_lag(maximal, before, from, to);
                return Some((leads.from(ends.1) <= ends.0, latest.is_none_or(|latest| ends.1 <= latest)));
            }
            let leads = self.links.leads(&Arc { other: *predecessor, ..*arc }, *successor)?;
            let earliest = self.network.earliest_by_arc(arc, arc.lag, before, from, to);
            Some((leads.from(ends.0) <= ends.1, earliest.is_some_and(|earliest| earliest <= after.0)))
        }
    }

    #[test]
    fn tables_allow_what_the_network_allows() {
        let mut seen = [[0; 2]; 2];
        for seed in 0..12 {
            let options = GenerateOptions { seed, lags: 0.6, link_kinds: [0.2; 3], ..GenerateOptions::cpm(60) };
            let plan = validate(&generate(&options).unwrap()).unwrap().0;
            let network = compile(&plan).unwrap();
            let mut case = Case { network: &network, links: Links::new(&network, HORIZON), random: random(seed, 0) };
            for node in 0..network.len() as u32 {
                for &arc in network.predecessors.row(node as usize) {
                    let link = Arc { other: node, ..arc };
                    let joined =
                        MaximalLag { predecessor: arc.other, successor: node, arc: link, link: LinkId::new(0) };
                    for (kind, number) in [false, true].into_iter().zip(0..).cycle().take(20) {
                        let Some((by_table, by_network)) = case.judge(&joined, kind) else { continue };
                        assert_eq!(by_table, by_network, "seed {seed}, {joined:?}, maximal: {kind}");
                        seen[number][usize::from(by_table)] += 1;
                    }
                }
            }
            assert!(are_certain(&network), "seed {seed}");
        }
        assert!(seen.iter().flatten().all(|&count| count > 1_000), "{seen:?}");
    }
}
