//! Branch and bound over who is in the team, and from which week to which.
//!
//! A node says of everybody whether they are in, and where their first and last week may lie. The solver looks for a
//! schedule with people in the longest weeks that this allows: without one the node is done with, and what a schedule
//! costs beyond what is decided shows what to decide next. The node that may be cheapest is next (best first), so the
//! least bound of the nodes that are left is a bound on the cost of every team.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::bound::least_cost;
use super::decisions::{Stay, branch, longest, propagate};
use super::descent::Best;
use super::inquiry::{Inquiry, Question, Reply};
use super::pool::Spans;
use crate::error::Result;
use crate::schedule::Schedule;

/// What is known of the people in the longest weeks of a node.
#[derive(Clone, Debug)]
enum Answer {
    /// Not asked yet; this schedule is to start from.
    Open(Schedule),
    /// A schedule, and its weeks.
    Found(Box<(Schedule, Spans)>),
    Unknown(Schedule),
}

struct Node {
    stays: Vec<Stay>,
    answer: Answer,
}

/// Nodes that are asked about at once.
const AT_ONCE: usize = 8;
/// Nodes that are kept at most.
const MOST_NODES: usize = 200_000;

/// Looks for the cheapest team.
///
/// # Arguments
/// `best` is the best team that is known, and is made better.
///
/// # Returns
/// What no team costs less than, in the units of the pool.
pub(super) fn search(inquiry: &mut Inquiry<'_>, best: &mut Best) -> Result<i64> {
    let pool = inquiry.pool;
    let step = step(inquiry);
    let mut nodes: Vec<Option<Node>> = Vec::new();
    let mut queue: BinaryHeap<Reverse<(i64, Reverse<usize>)>> = BinaryHeap::new();
    // The least bound of nodes that can neither be asked about nor decided.
    let mut unresolved = i64::MAX;
    let mut stays = vec![Stay::open(pool.week_count()); pool.len()];
    propagate(pool, &mut stays);
    let everybody = Answer::Found(Box::new((best.schedule.clone(), best.spans.clone())));
    let root = least_cost(pool, &stays, step).unwrap_or(0);
    nodes.push(Some(Node { stays, answer: everybody }));
    queue.push(Reverse((root, Reverse(0))));
    loop {
        // Nodes are decided further until there are some to ask about.
        let mut asked: Vec<(i64, usize)> = Vec::new();
        while asked.len() < AT_ONCE {
            let Some(Reverse((bound, Reverse(at)))) = queue.pop() else { break };
            if bound >= best.cost {
                // Nor can any that is left be cheaper.
                queue.clear();
                break;
            }
            let Some(node) = nodes[at].take() else { continue };
            let spans = match &node.answer {
                Answer::Open(_) => {
                    nodes[at] = Some(node);
                    asked.push((bound, at));
                    continue;
                }
                Answer::Found(found) => Some(&found.1),
                Answer::Unknown(_) => None,
            };
            let Some((less, more)) = branch(pool, &node.stays, spans) else {
                if spans.is_none() || bound < best.cost {
                    unresolved = unresolved.min(bound);
                }
                continue;
            };
            let start = match &node.answer {
                Answer::Found(found) => found.0.clone(),
                Answer::Open(schedule) | Answer::Unknown(schedule) => schedule.clone(),
            };
            let children = [(less, Answer::Open(start)), (more, node.answer.clone())];
            for (mut stays, answer) in children {
                if !propagate(pool, &mut stays) {
                    continue;
                }
                let Some(least) = least_cost(pool, &stays, step) else { continue };
                if least.max(bound) < best.cost && !inquiry.is_impossible(&longest(&stays)) {
                    nodes.push(Some(Node { stays, answer }));
                    queue.push(Reverse((least.max(bound), Reverse(nodes.len() - 1))));
                }
            }
        }
        let is_over = inquiry.is_over() || nodes.len() > MOST_NODES;
        if asked.is_empty() || is_over {
            let left = queue.iter().map(|Reverse((bound, _))| *bound).chain(asked.iter().map(|(bound, _)| *bound));
            let left = if is_over { left.min() } else { None };
            return Ok(left.unwrap_or(i64::MAX).min(unresolved).min(best.cost));
        }
        let question = |&(_, at): &(i64, usize)| match &nodes[at] {
            Some(Node { stays, answer: Answer::Open(start) }) => {
                Some(Question { spans: longest(stays), start: start.clone(), is_thrifty: false })
            }
            _ => None,
        };
        let questions: Vec<Question> = asked.iter().filter_map(question).collect();
        let replies = inquiry.ask_all(&questions)?;
        for (((bound, at), question), reply) in asked.into_iter().zip(questions).zip(replies) {
            best.take(&reply);
            let answer = match reply {
                Reply::Impossible => {
                    nodes[at] = None;
                    continue;
                }
                Reply::Found(found) => Answer::Found(Box::new((found.0, found.1))),
                Reply::Unknown => Answer::Unknown(question.start),
            };
            if let Some(node) = &mut nodes[at] {
                node.answer = answer;
            }
            queue.push(Reverse((bound, Reverse(at))));
        }
    }
}

/// What divides the cost of every week: the cost of a team is a multiple of it, unless uses cost something, too.
fn step(inquiry: &Inquiry<'_>) -> i64 {
    let pool = inquiry.pool;
    let uses = pool.people.iter().any(|one| inquiry.plan.resources()[one.resource].cost_per_use.0 != 0);
    if uses && !pool.is_by_weeks {
        return 1;
    }
    pool.people.iter().flat_map(|one| &one.prices).fold(0, |step, &price| num_integer::gcd(step, price)).max(1)
}
