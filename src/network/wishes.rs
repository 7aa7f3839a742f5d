//! Wishes about who does what, which schedules come near to as well as they can.

use super::{Assigned, Network, NodeMode, Origin};
use crate::index::{Id, Rows};
use crate::plan::{Plan, ResourceId, ResourceKind};

/// What the wishes of a plan say of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// People in each mode position who are not among those wished for; empty if no such wish is there.
    pub of_modes: Vec<u32>,
    /// Nodes of which the second is wished to be done by somebody who does the first.
    pub pairs: Vec<(u32, u32)>,
    /// For each node the others that it makes such a pair with; empty if there are no pairs.
    partners: Rows<u32>,
    /// True for people and machines, by resource.
    works: Vec<bool>,
}

impl Wishes {
    /// The wishes of a plan for its nodes, each mode position of which is done by those `assigned`.
    pub(super) fn of(plan: &Plan, origin: &[Origin], modes: &Rows<NodeMode>, assigned: &Rows<Assigned>) -> Wishes {
        if !plan.rules().iter().any(|rule| rule.kind.is_wish()) {
            return Wishes::default();
        }
        let works: Vec<bool> = plan.resources().iter().map(|data| data.kind == ResourceKind::Work).collect();
        let mut of_modes = vec![0; assigned.len()];
        let mut node_of = vec![u32::MAX; plan.tasks().len()];
        for (node, origin) in (0..).zip(origin) {
            let Origin::Task(task) = *origin else { continue };
            node_of[task.index()] = node;
            let Some(preferred) = plan.preferred_for(task) else { continue };
            let is_other = |item: &&Assigned| works[item.resource.index()] && !preferred.contains(&item.resource);
            for position in modes.range(node as usize) {
                of_modes[position] = assigned.row(position).iter().filter(is_other).count() as u32;
            }
        }
        let pairs = plan.continued().into_iter();
        let pairs: Vec<(u32, u32)> =
            pairs.map(|(_, one, other)| (node_of[one.index()], node_of[other.index()])).collect();
        let both_ways = pairs.iter().flat_map(|&(one, other)| [(one as usize, other), (other as usize, one)]);
        let partners = Rows::from_pairs(if pairs.is_empty() { 0 } else { origin.len() }, both_ways);
        Wishes { of_modes, pairs, partners, works }
    }

    /// True if there are none.
    pub fn are_none(&self) -> bool {
        self.of_modes.is_empty() && self.pairs.is_empty()
    }

    /// Wishes that are not met where nodes are done in these mode positions.
    pub fn missed(&self, network: &Network, modes: &[u32]) -> i64 {
        if self.are_none() {
            return 0;
        }
        let of_modes: i64 = modes.iter().map(|&mode| i64::from(self.of_modes[mode as usize])).sum();
        let changes = self
            .pairs
            .iter()
            .filter(|pair| self.changes_hands(network, modes[pair.0 as usize], modes[pair.1 as usize]));
        of_modes + changes.count() as i64
    }

    /// Wishes about a node that are not met if it is done in a mode position, and others as they are.
    pub fn missed_at(&self, network: &Network, modes: &[u32], node: u32, position: u32) -> i64 {
        let partners = if self.pairs.is_empty() { &[] } else { self.partners.row(node as usize) };
        let changes = partners.iter().filter(|&&other| self.changes_hands(network, position, modes[other as usize]));
        i64::from(self.of_modes[position as usize]) + changes.count() as i64
    }

    /// True if people work in both mode positions, and none of them in both.
    fn changes_hands(&self, network: &Network, one: u32, other: u32) -> bool {
        let people = |position: u32| {
            let row = network.assigned.row(position as usize).iter();
            row.map(|item| item.resource).filter(|resource: &ResourceId| self.works[resource.index()])
        };
        let mut before = people(one).peekable();
        before.peek().is_some()
            && people(other).next().is_some()
            && !before.any(|person| people(other).any(|other| other == person))
    }
}
