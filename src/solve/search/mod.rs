//! Search: a population of schedules, each of which walks on its own plateau.
//!
//! Every member has an order of the nodes and a choice of modes. In each round each member makes one child, by moving a
//! few nodes within its order or by taking a window of time from another member, mostly of its own island; the child
//! is decoded, improved forward and backward, and replaces its own parent if it is not worse. Children of a round see
//! only the population as it was at the beginning of the round and a random stream of their own, so that the result does
//! not depend on threads. Islands that stay as they are for long are begun anew ([`population`]); the best schedule is
//! kept apart from them. A child is given up as soon as it is certain, or for all that is known too unlikely, that it is
//! going to be worse than its parent ([`workshop`]).
//!
//! The exact side works beside each round, and hears of the best schedule before it, and of one as good in whose
//! neighbourhood it may look; what it finds joins the members.
//! Sources: Hartmann, "A competitive genetic algorithm for resource-constrained project scheduling", Naval Research
//! Logistics 45 (1998); Valls, Ballestin, Quintanilla, "Justification and RCPSP: a technique that pays", EJOR 165 (2005);
//! Debels, Vanhoucke, "A decomposition-based genetic algorithm for the resource-constrained project-scheduling
//! problem", Operations Research 55 (2007), section 3 (the window).

mod children;
mod choice;
mod context;
mod leads;
mod order;
mod population;
mod shifting;
mod workshop;

pub use context::{Context, Member, exact_date_violation};
pub use workshop::Workshop;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rand::Rng;
use rayon::prelude::*;

use super::aims::Score;
use super::exact::{Prover, Staffed};
use super::found_by::{FoundBy, Scheme};
use super::rules::{Rule, Urgency, disturbed, order_by};
use super::sgs::Machine;
use crate::cpm;
use crate::effort::{self, Stop};
use crate::network::{NEVER, Slot};
use children::Move;
use choice::{PLATEAU_GAIN, Records};
use population::{Island, Population};

/// How a search ended.
#[derive(Clone, Debug)]
pub struct Found {
    /// The best member, if any decode succeeded.
    pub best: Option<Member>,
    /// A node that found no place, if no decode succeeded.
    pub stuck: Option<u32>,
    /// A shorter schedule with people who are not among the ways listed, if the exact side has found one.
    pub beyond: Option<Staffed>,
    /// True if it is proven that there is no schedule.
    pub is_infeasible: bool,
    /// Schedules generated and improved.
    pub effort_spent: u64,
    /// What ended the search before its effort was spent, if anything did.
    pub stopped: Option<Stop>,
}

impl Found {
    fn keep(&mut self, member: &Member) {
        if self.best.as_ref().is_none_or(|best| member.score < best.score) {
            self.best = Some(member.clone());
        }
    }
}

/// Whoever looks on while the search works.
pub trait Watch {
    /// True if no schedule is better than one of this score.
    fn is_best(&self, score: &Score) -> bool;
    /// True if no schedule is better than any that is so long.
    fn is_shortest(&self, makespan: Slot) -> bool;
    /// Hears of the best member, and the effort spent, after each round.
    fn on_round(&self, best: &Member, effort_spent: u64);
    /// The exact side that is to work beside the search, if one can; asked once, with the best member.
    fn prover(&self, best: Option<&Member>) -> Option<Prover<'_>>;
    /// Hears what the exact side has proven: no schedule finishes before `bound`.
    fn on_bound(&self, bound: Slot);
}

/// Searches until the effort is spent, the context's control says stop, a schedule is the best there is, or there is none.
///
/// # Arguments
/// `machine` makes a machine for a worker; `effort` counts schedules; `watch` looks on.
pub fn search<M: Machine + Send>(
    context: &Context<'_>,
    machine: impl Fn() -> M + Sync,
    seed: u64,
    effort: u64,
    watch: &impl Watch,
) -> Found {
    let is_timed = effort == u64::MAX;
    let nodes = context.network.len();
    let mut size = population_size(nodes, if is_timed { FIRST_EFFORT } else { effort });
    let urgency = Urgency::new(context.network, &cpm::shortest_modes(context.network));
    // A bench for each thread, made when first needed.
    let workers: Vec<Mutex<Option<Workshop<'_, '_, M>>>> =
        (0..rayon::current_num_threads() + 1).map(|_| Mutex::new(None)).collect();
    let with_shop = |work: &mut dyn FnMut(&mut Workshop<'_, '_, M>)| {
        let index = rayon::current_thread_index().map_or(0, |index| index + 1);
        let mut slot = workers[index % workers.len()].lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        work(slot.get_or_insert_with(|| Workshop::new(context, machine())));
    };
    let seed_of = |index: u64| {
        let mut member = Err(0);
        with_shop(&mut |shop| member = seed_member(context, shop, &urgency, seed, index));
        member
    };
    let spent = AtomicU64::new(0);
    let mut found =
        Found { best: None, stuck: None, beyond: None, is_infeasible: false, effort_spent: 0, stopped: None };

    // The first member always comes to be, whatever the clock says.
    let mut population = Population::default();
    // Members begun by rule, and all passes: the streams of random numbers are numbered by them.
    let (mut begun, mut stream, mut begun_anew) = (0, 0, 0);
    if let Some(start) = &context.start {
        let mut member = Err(0);
        with_shop(&mut |shop| member = start.member(shop));
        stream += 1;
        absorb(&mut found, &mut population, Some(member));
    }
    if population.is_empty() {
        let first = seed_of(0);
        (begun, stream) = (1, stream + 1);
        absorb(&mut found, &mut population, Some(first));
    }
    spent.fetch_add(stream, Ordering::Relaxed);
    let enough = |found: &Found| {
        found.is_infeasible
            || found.best.as_ref().is_some_and(|best| watch.is_best(&best.score))
            || found.beyond.as_ref().is_some_and(|beyond| watch.is_shortest(beyond.makespan))
    };
    let mut prover: Option<Option<Prover<'_>>> = None;
    // Conflicts that the exact side may meet.
    let mut owed = 0.0;
    let mut rounds = 0_u64;
    if let Some(best) = &found.best {
        watch.on_round(best, stream);
    }
    let mut next_sizing = if is_timed { FIRST_EFFORT } else { u64::MAX };
    while stream < effort && !enough(&found) && !context.control.must_stop() {
        if stream >= next_sizing {
            // What was done so far tells how many passes the time is going to allow.
            size = size.max(population_size(nodes, context.control.extrapolated(stream)));
            next_sizing *= 4;
        }
        // Seeds come in blocks, so that easy plans are finished before all are made.
        if population.len() < size && begun < size as u64 + begun_anew {
            let missing = (size as u64 + begun_anew - begun).min(effort - stream);
            let missing = missing.min(if nodes > HUGE { 2 } else { 8 });
            let block = begun..begun + missing;
            let seeds: Vec<_> = block
                .clone()
                .into_par_iter()
                .map(|index| {
                    if context.control.must_stop() {
                        return None;
                    }
                    spent.fetch_add(1, Ordering::Relaxed);
                    Some(seed_of(index))
                })
                .collect();
            stream += block.end - block.start;
            begun = block.end;
            seeds.into_iter().for_each(|member| absorb(&mut found, &mut population, member));
            if let Some(best) = &found.best {
                watch.on_round(best, spent.load(Ordering::Relaxed));
            }
            continue;
        }
        let prover = prover.get_or_insert_with(|| watch.prover(found.best.as_ref()));
        if population.is_empty() {
            break;
        }
        let steps = steps_in_round(nodes);
        let allowed = |index: usize| (effort - stream).saturating_sub(index as u64 * steps).min(steps);
        let places = population.places();
        // Where the search has little left to find, its thread helps to prove.
        let proves_alone = !rounds.is_multiple_of(ROUNDS_OF_PROOF)
            && (!is_timed || rayon::current_num_threads() > 1)
            && prover.as_ref().is_some_and(|prover| prover.is_at_last_slots());
        rounds += 1;
        let places = if proves_alone { Vec::new() } else { places };
        let round: u64 = (0..places.len()).map(allowed).sum();
        let has_walked = AtomicBool::new(false);
        let walk_all = || -> Vec<Walk> {
            let walk_one = |(index, &place): (usize, &(usize, usize))| {
                let mut walk = Walk::default();
                let mut random = effort::random(seed, stream + index as u64);
                with_shop(&mut |shop| {
                    walk = self::walk(context, shop, &population, place, allowed(index), &mut random);
                });
                spent.fetch_add(walk.steps, Ordering::Relaxed);
                walk
            };
            let walks = places.par_iter().with_max_len(1).enumerate().map(walk_one).collect();
            has_walked.store(true, Ordering::Relaxed);
            walks
        };
        let share = prover.as_ref().map_or(0.0, |prover| prover.share());
        owed += share * round as f64 / PASSES_OF_CONFLICT as f64;
        let most = (effort - stream - round) / PASSES_OF_CONFLICT;
        let turn = if proves_alone { most.min(TURN_ALONE) } else { most.min(owed.max(0.0) as u64) };
        let prove = |prover: &mut Option<Prover<'_>>| {
            let Some(prover) = prover else { return };
            if let Some(best) = found.best.as_ref().filter(|best| best.score.violation == 0) {
                prover.hear(best.score.makespan, &best.starts, &best.modes);
                let mut random = effort::random(seed ^ OFFERS, stream);
                prover.offer(population.one_as_good(&best.score, &mut random).unwrap_or(best), random);
            }
            if proves_alone {
                return prover.work_twice(turn, &|| context.control.must_stop());
            }
            // Against the clock nobody waits for the other.
            let must_stop = || context.control.must_stop() || is_timed && has_walked.load(Ordering::Relaxed);
            prover.work(turn, &must_stop);
        };
        let conflicts = |prover: &Option<Prover<'_>>| prover.as_ref().map_or(0, |prover| prover.conflicts());
        let before = conflicts(prover);
        let ((), walks) = rayon::join(|| prove(prover), walk_all);
        let met = conflicts(prover) - before;
        // A turn that was longer is made up for; one that was cut short is not.
        owed = if proves_alone { owed } else { (owed - met as f64).min(1.0) };
        let proving = PASSES_OF_CONFLICT * met;
        spent.fetch_add(proving, Ordering::Relaxed);
        stream += round + proving;
        let mut walks = walks.into_iter();
        for island in population.islands.iter_mut().filter(|_| !proves_alone) {
            let walks: Vec<Walk> = walks.by_ref().take(island.members.len()).collect();
            island.choice.learn(walks.iter().map(|walk| walk.records));
            for (place, walk) in walks.into_iter().enumerate() {
                let Some(member) = walk.member else { continue };
                let twin = |other: &Member| other.score == member.score && other.starts == member.starts;
                if island.members.iter().any(twin) {
                    continue;
                }
                found.keep(&member);
                island.members[place] = member;
            }
        }
        if !proves_alone {
            begun_anew += population.grow_older(steps);
        }
        if let Some(prover) = prover {
            if let Some(staffed) = prover.take_found() {
                let mut member = None;
                let (starts, modes) = (&staffed.starts, &staffed.modes);
                with_shop(&mut |shop| {
                    let is_taken = match prover.is_exact() && staffed.crews.is_empty() {
                        true => {
                            shop.take_up(starts, modes);
                            true
                        }
                        false => shop.take_order(starts, modes).is_ok(),
                    };
                    member = is_taken.then(|| shop.member(FoundBy::Exact));
                });
                if prover.is_exact() && !staffed.crews.is_empty() {
                    found.beyond = Some(staffed);
                }
                if let Some(member) = member {
                    found.keep(&member);
                    population.settle(member);
                }
            }
            watch.on_bound(prover.bound());
            found.is_infeasible |= prover.is_infeasible();
        }
        if let Some(best) = &found.best {
            watch.on_round(best, spent.load(Ordering::Relaxed));
        }
    }
    if let Some(best) = found.best.as_mut().filter(|_| effort > 1) {
        let most = (effort.min(MOST_POLISH) / 4).max(8);
        with_shop(&mut |shop| {
            spent.fetch_add(leads::save_money(context, shop, best, most), Ordering::Relaxed);
            spent.fetch_add(leads::meet_wishes(context, shop, best, most), Ordering::Relaxed);
        });
        watch.on_round(best, spent.load(Ordering::Relaxed));
    }
    found.effort_spent = spent.into_inner();
    found.stopped = context.control.stop().filter(|_| !enough(&found) && stream < effort);
    found
}

/// What a member made of its steps in a round.
#[derive(Clone, Debug, Default)]
struct Walk {
    /// What became of it, if anything.
    member: Option<Member>,
    steps: u64,
    records: Records,
}

/// Lets member `index` of a population make children and become each that is as good.
fn walk<M: Machine>(
    context: &Context<'_>,
    shop: &mut Workshop<'_, '_, M>,
    population: &Population,
    (island, place): (usize, usize),
    steps: u64,
    random: &mut effort::Random,
) -> Walk {
    let mut walk = Walk::default();
    let Island { members, choice, .. } = &population.islands[island];
    for _ in 0..steps {
        if context.control.must_stop() {
            break;
        }
        walk.steps += 1;
        let parent = walk.member.as_ref().unwrap_or(&members[place]);
        let partner = population.partner(island, random);
        let drawn = choice.draw(population.len() == 1, random);
        children::make(context, shop, Move::ALL[drawn], parent, partner, random);
        let record = &mut walk.records[drawn];
        record.tries += 1.0;
        if shop.decode_against(parent) {
            let is_better = shop.score() < parent.score;
            // Becoming like a better partner is no merit of the move: what counts is to beat both.
            record.gains += if shop.score() < parent.score.min(partner.score) { 1.0 } else { PLATEAU_GAIN };
            let member = walk.member.get_or_insert_with(|| members[place].clone());
            shop.write_to(member);
            if is_better {
                member.found_by = FoundBy::Move(Move::ALL[drawn].name());
            }
        }
    }
    walk
}

/// Children that a member makes in a round: enough work between two meetings of the workers.
fn steps_in_round(nodes: usize) -> u64 {
    (600 / nodes.max(1) as u64).clamp(1, 16)
}

/// A conflict of the exact side takes about as long as so many passes (10 on j60, 8 on j120).
const PASSES_OF_CONFLICT: u64 = 8;

/// Of so many rounds one is left to the search where all threads are worth more to a proof.
const ROUNDS_OF_PROOF: u64 = 8;
/// Conflicts of a round that is left to the proof.
const TURN_ALONE: u64 = 1_000;

/// What makes the random stream of schedules offered for repair another one than those of the walks.
const OFFERS: u64 = 1 << 63;

/// The effort of which a quarter goes into cheaper modes for the best schedule at most.
const MOST_POLISH: u64 = 8_000;

/// Passes for which the first seeds are made where only a clock limits the search.
const FIRST_EFFORT: u64 = 400;

/// Larger populations stall later (120 activities, ten seconds, two threads: 40 members end 0.82 % above best known, 100
/// members 0.67 %); small efforts and large plans, whose members take more passes to become good, cannot feed them.
fn population_size(nodes: usize, effort: u64) -> usize {
    let (least, most) = match nodes {
        0..=600 => (40, 200),
        601..=6_000 => (20, 40),
        _ => (8, 8),
    };
    let each = (nodes as f64 / 120.0).max(1.0);
    let fed = ((effort as f64 / each).sqrt() / 8.5) as u64;
    fed.clamp(least, most).min(effort.div_ceil(10)).max(1) as usize
}

fn absorb(found: &mut Found, population: &mut Population, member: Option<Result<Member, u32>>) {
    match member {
        Some(Ok(member)) => {
            found.keep(&member);
            population.push(member);
        }
        Some(Err(node)) => found.stuck = found.stuck.or(Some(node)),
        None => {}
    }
}

/// Improving a schedule of more nodes takes seconds.
const HUGE: usize = 20_000;

/// Networks of more nodes do without the rule of the worst case slack, which compares all pairs of waiting nodes.
const WORST_CASE_SLACK: usize = 1_000;

/// Member `index` of the first population: each rule with the serial and the parallel scheme, the worst case slack, then
/// rules with noise.
fn seed_member<M: Machine>(
    context: &Context<'_>,
    shop: &mut Workshop<'_, '_, M>,
    urgency: &Urgency,
    seed: u64,
    index: u64,
) -> Result<Member, u32> {
    let network = context.network;
    let mut random = effort::random(seed, index);
    let rules = 2 * Rule::ALL.len() as u64;
    let plain = index < rules;
    let rule = Rule::ALL[if plain { index as usize / 2 } else { index as usize % 2 }];
    let mut keys = urgency.keys(network, rule);
    if let Some(due) = leads::seed_keys(context, urgency, index) {
        keys = due;
    }
    if !plain {
        let strength = [0.05, 0.1, 0.2, 0.4][random.random_range(0..4)];
        keys = disturbed(&keys, strength, &mut random);
    }
    shop.modes = match index {
        0 | 1 => cpm::shortest_modes(network),
        _ => context.choice.drawn(network, &mut random),
    };
    if let Some(modes) = leads::seed_modes(context, index) {
        shop.modes = modes;
    }
    context.choice.repair(network, &mut shop.modes, |_| NEVER, &mut random);
    if index % 3 == 2 && shop.decode_posted(&mut random) {
        return Ok(shop.member(FoundBy::Posting));
    }
    shop.order = order_by(network, &keys);
    if index == rules && !context.has_maximal_lags() && network.len() <= WORST_CASE_SLACK {
        shop.decode_by_slack(urgency.late_starts())?;
        Ok(shop.member(FoundBy::Rule { rule: "WCS", scheme: Scheme::Parallel, disturbed: false }))
    } else if index.is_multiple_of(2) || context.has_maximal_lags() {
        // The first schedule of a huge plan is told of before it is improved.
        if index == 0 && network.len() > HUGE {
            shop.decode_plainly()?
        } else {
            shop.decode()?
        }
        if shop.score().violation > 0 && shop.decode_posted(&mut random) {
            return Ok(shop.member(FoundBy::Posting));
        }
        Ok(shop.member(FoundBy::Rule { rule: rule.name(), scheme: Scheme::Serial, disturbed: !plain }))
    } else {
        shop.decode_parallel()?;
        Ok(shop.member(FoundBy::Rule { rule: rule.name(), scheme: Scheme::Parallel, disturbed: !plain }))
    }
}
