//! Fewer people and fewer weeks, step by step: who can be dropped, swapped, or come later and leave earlier?
//!
//! Each step tries many small changes of the best team at once and takes the cheapest team that comes out.

use std::collections::BTreeSet;

use super::inquiry::{Inquiry, Question, Reply};
use super::pool::{Pool, Spans};
use crate::error::Result;
use crate::schedule::Schedule;

/// The best team that is known.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) schedule: Schedule,
    /// The weeks in which people work.
    pub(super) spans: Spans,
    /// What it costs, in the units of [`Pool::cost`].
    pub(super) cost: i64,
}

impl Best {
    /// Takes a schedule that was found, if it is cheaper.
    pub(super) fn take(&mut self, reply: &Reply) -> bool {
        match reply {
            Reply::Found(found) if found.2 < self.cost => {
                let (schedule, spans, cost) = (**found).clone();
                *self = Best { schedule, spans, cost };
                true
            }
            _ => false,
        }
    }
}

/// Most changes that are tried at once.
const MOST_TRIED: usize = 48;

/// Makes a team cheaper for as long as a change does, and the effort is not spent.
///
/// # Arguments
/// `most` are passes that may have been spent in the end.
pub(super) fn descend(inquiry: &mut Inquiry<'_>, best: &mut Best, most: u64) -> Result<()> {
    let mut tried: BTreeSet<(Spans, bool)> = BTreeSet::new();
    loop {
        let mut questions = Vec::new();
        for (spans, is_thrifty) in changes(inquiry.pool, &best.spans) {
            if questions.len() < MOST_TRIED
                && !inquiry.is_impossible(&spans)
                && tried.insert((spans.clone(), is_thrifty))
            {
                questions.push(Question { spans, start: best.schedule.clone(), is_thrifty });
            }
        }
        if questions.is_empty() || inquiry.is_over() || inquiry.spent >= most {
            return Ok(());
        }
        let replies = inquiry.ask_all(&questions)?;
        let mut any = false;
        for reply in &replies {
            any |= best.take(reply);
        }
        // Changes that were not tried for want of room come next.
        if !any && questions.len() < MOST_TRIED {
            return Ok(());
        }
    }
}

/// The changes of a team: those that save most first.
///
/// A week of room for everybody else when somebody comes later or leaves earlier was tried and measured worse: it takes the
/// effort that other changes need.
fn changes(pool: &Pool, spans: &Spans) -> Vec<(Spans, bool)> {
    let whole = (0, pool.week_count() - 1);
    // The team as it is, its people free to come at any time.
    let free: Spans = spans.iter().map(|span| span.map(|_| whole)).collect();
    let mut found: Vec<(i64, Spans, bool)> = Vec::new();
    let mut add = |saving: i64, base: &Spans, edits: &[(usize, Option<(usize, usize)>)], is_thrifty: bool| {
        let mut changed = base.clone();
        edits.iter().for_each(|&(person, span)| changed[person] = span);
        found.push((saving, changed, is_thrifty));
    };
    add(0, &free, &[], true);
    for (person, span) in spans.iter().enumerate() {
        let Some((from, to)) = *span else { continue };
        let price = pool.price(person, (from, to));
        add(price, &free, &[(person, None)], true);
        add(price, spans, &[(person, None)], false);
        for other in (0..pool.len()).filter(|&other| spans[other].is_none()) {
            let saving = price - pool.people[other].prices[from..=to].iter().sum::<i64>();
            add(saving, &free, &[(person, None), (other, Some(whole))], true);
            add(saving, spans, &[(person, None), (other, Some((from, to)))], false);
        }
        if from < to {
            let (first, last) = (pool.people[person].prices[from], pool.people[person].prices[to]);
            for (saving, less) in [(first, (from + 1, to)), (last, (from, to - 1))] {
                add(saving, spans, &[(person, Some(less))], false);
                add(saving, &free, &[(person, Some(less))], true);
            }
            let half = (from + to) / 2;
            add(pool.price(person, (half + 1, to)), &free, &[(person, Some((from, half)))], true);
            add(pool.price(person, (from, half)), &free, &[(person, Some((half + 1, to)))], true);
        }
    }
    found.sort_by_key(|(saving, ..)| std::cmp::Reverse(*saving));
    found.into_iter().map(|(_, spans, is_thrifty)| (spans, is_thrifty)).collect()
}
