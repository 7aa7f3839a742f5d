//! Why there is no schedule, in words: what cannot be kept together.

use super::exact::{self, Requirement};
use crate::network::{NO_EARLIEST, Network, Slot, TotalOrigin};
use crate::plan::Plan;
use crate::schedule::words;

/// Requirements that a message names at most.
const MOST_NAMED: usize = 12;

/// A smallest set of requirements that cannot all be kept, in words; none if it cannot be found.
pub fn refusal(plan: &Plan, network: &Network, must_stop: &dyn Fn() -> bool) -> Option<String> {
    let requirements = exact::conflict(network, must_stop)?;
    let named = requirements.iter().take(MOST_NAMED).map(|&requirement| describe(plan, network, requirement));
    let mut named: Vec<String> = named.collect();
    named.dedup();
    let mut text = format!("these cannot all be kept: {}", named.join("; "));
    if requirements.len() > MOST_NAMED {
        text.push_str(&format!("; and {} more", requirements.len() - MOST_NAMED));
    }
    Some(text)
}

fn describe(plan: &Plan, network: &Network, requirement: Requirement) -> String {
    let name = |node: u32| network.node_name(plan, node);
    let date = |slot: Slot| plan.format_moment(network.axis.start_moment(slot));
    match requirement {
        Requirement::Link(position) => match network.predecessor_links[position] {
            Some(id) => {
                let link = &plan.links()[id];
                format!("task `{}` with predecessor `{}`", plan.tasks()[link.successor].id, words::link(plan, link))
            }
            None => {
                let after = (0..network.len()).find(|&node| network.predecessors.range(node).contains(&position));
                let before = network.predecessors.items()[position].other;
                format!("{} after {}", name(after.unwrap_or(0) as u32), name(before))
            }
        },
        Requirement::MaximalLag(number) => {
            let link = &plan.links()[network.maximal_lags[number].link];
            let (from, to) = (&plan.tasks()[link.predecessor].id, &plan.tasks()[link.successor].id);
            let most = link.max_lag.as_ref().map(|lag| words::lag(plan, lag)).unwrap_or_default();
            let most = most.strip_prefix('+').unwrap_or(&most);
            let most = if most.is_empty() { "0" } else { most };
            format!("max_lag {most} from task `{from}` to task `{to}` ({})", link.kind.code())
        }
        Requirement::Release(node) => {
            format!("{} not before {}", name(node), date(network.release[node as usize]))
        }
        Requirement::FinishRelease(node) => {
            let finish = network.axis.finish_moment(network.finish_release[node as usize]);
            format!("{} not finished before {}", name(node), plan.format_moment(finish))
        }
        Requirement::ExactDate(node) => match network.must_start[node as usize] {
            NO_EARLIEST => {
                let finish = network.axis.finish_moment(network.must_finish[node as usize]);
                format!("{} finishing on {}", name(node), plan.format_moment(finish))
            }
            start => format!("{} starting on {}", name(node), date(start)),
        },
        Requirement::Resource(resource) => {
            let resource = &plan.resources()[network.renewables[resource as usize].resource];
            format!("the capacity of resource `{}`", resource.id)
        }
        Requirement::Total(total) => match network.totals[total as usize].origin {
            TotalOrigin::Material(material) => format!("the stock of material `{}`", plan.resources()[material].id),
            TotalOrigin::Budget(budget) => format!("the cap of budget `{}`", plan.budgets()[budget].id),
            TotalOrigin::Rule(rule) => plan.rule_name(rule),
            TotalOrigin::Cost => "the cap on what all tasks cost".to_owned(),
        },
    }
}
