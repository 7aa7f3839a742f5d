//! From a schedule to a levelled one.

use super::board::{Board, Worth};
use super::criterion::Criterion;
use super::exact::{Enumeration, least};
use super::indices::{Indices, ResourceLevel};
use super::profile::Profile;
use super::search::Search;
use super::windows::Windows;
use crate::effort::{Control, Stop};
use crate::error::{Error, Result};
use crate::network::{Network, Origin, Slot, compile_in_minutes};
use crate::plan::{Plan, ResourceId};
use crate::schedule::{Schedule, Status, place, verify, verify_dates};
use crate::solve::sgs::{General, Machine};
use crate::solve::{PartialOrder, partial_order};
use crate::units::Moment;

/// What a weight of one is told in, so that weights of different size are whole numbers.
const SCALE: i128 = 1 << 80;
/// Shares of the effort after which the search for better schedules makes room for the proof, and the proof for it.
const FIRST_SEARCH: f64 = 0.1;
const PROOF: f64 = 0.6;

/// How a schedule is levelled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LevelOptions {
    /// What is to be least. Of several resources the sum counts: of squares and peaks as shares of what they are in the given
    /// schedule, of idle days as shares of a resource's work, of RIC as it is.
    pub criterion: Criterion,
    /// The work resources that are levelled; all of them if empty.
    pub resources: Vec<ResourceId>,
    /// By when all shall be done; the finish of the given schedule if absent.
    pub until: Option<Moment>,
    /// True if capacities, materials and budgets are left aside: to see what a plan needs.
    pub ignore_capacity: bool,
    /// Seed of every random choice.
    pub seed: u64,
}

/// A levelled schedule, and what is known about it.
#[derive(Clone, Debug)]
pub struct Levelling {
    /// The schedule, approved by the validator.
    pub schedule: Schedule,
    /// `Optimal` if it is proven that no other start of the same modes is better; otherwise `Feasible`.
    pub status: Status,
    /// The criterion over all resources, each counted as [`LevelOptions::criterion`] says, of the given schedule.
    pub before: f64,
    /// That of the levelled schedule.
    pub after: f64,
    /// A value that no schedule beats.
    pub bound: f64,
    /// By when all had to be done.
    pub until: Moment,
    /// The levelled resources, in the order of the plan.
    pub resources: Vec<ResourceLevel>,
    /// Passes over the plan.
    pub effort_spent: u64,
    /// What ended the search early, if anything did.
    pub stopped: Option<Stop>,
}

/// Levels a schedule: moves starts, within what the plan allows and no finish of the project later than asked for, so that a
/// criterion is least.
///
/// Modes and people stay. Tasks with exact dates and what has begun stay where they are, and so do both ends of a link that the
/// schedule does not keep. Deadlines and "no later than" dates that are kept stay kept; what misses one does not get later.
/// The same plan, schedule, seed and effort give the same answer; it is never worse than the schedule given.
///
/// # Arguments
/// `control` limits the work in passes over the plan; the search chooses by the plan's size if no limit is set.
///
/// # Errors
/// [`Error::is_usage`] if the schedule finishes after the date asked for, or nobody is there to be levelled;
/// an invalid schedule if the validator refuses what is given.
pub fn level(
    plan: &Plan,
    network: &Network,
    schedule: &Schedule,
    options: &LevelOptions,
    control: &Control,
) -> Result<Levelling> {
    let judge = if options.ignore_capacity { verify_dates } else { verify };
    let findings = judge(plan, schedule);
    if findings.has_errors() {
        return Err(Error::invalid_schedule(findings));
    }
    let order = partial_order(network, schedule);
    if stands(plan, network, schedule, &order) {
        return on_slots(plan, network, &order, options, control);
    }
    // Somebody's own dates need not lie on the slots of the plan.
    let network = compile_in_minutes(plan)?;
    let order = partial_order(&network, schedule);
    if !stands(plan, &network, schedule, &order) {
        return Err(Error::usage(
            "the schedule has people on skills, or dates, that are not among the ways considered",
        ));
    }
    on_slots(plan, &network, &order, options, control)
}

/// True if a schedule is what its order, modes and slots say.
fn stands(plan: &Plan, network: &Network, schedule: &Schedule, order: &PartialOrder) -> bool {
    let placed = place(plan, network, &order.starts, &order.modes);
    let same_dates = schedule.placements.iter().zip(placed.placements.iter()).all(|(one, other)| {
        // A milestone may stand on either side of a pause.
        one.mode.is_none() || one.start == one.finish || (one.start, one.finish) == (other.start, other.finish)
    });
    let sorted = |schedule: &Schedule, task: usize| {
        let mut row: Vec<_> = schedule.assignments.row(task).iter().map(|item| (item.resource, item.amount)).collect();
        row.sort_unstable();
        row
    };
    same_dates && (0..schedule.assignments.len()).all(|task| sorted(schedule, task) == sorted(&placed, task))
}

/// The weights of each resource with a profile in the given schedule.
fn weights(criterion: Criterion, profile: &Profile) -> Worth {
    let over = |value: i64| SCALE / i128::from(value.max(1));
    let work = i128::from(profile.work().max(1));
    let squares = over(profile.squares());
    let weight = match criterion {
        Criterion::Squares => squares,
        Criterion::Ric => SCALE / work * i128::from(profile.end().max(1)) / work,
        Criterion::Rid => over(profile.work()),
        Criterion::Peak => over(profile.peak()),
    };
    (weight, squares)
}

fn on_slots(
    plan: &Plan,
    network: &Network,
    order: &PartialOrder,
    options: &LevelOptions,
    control: &Control,
) -> Result<Levelling> {
    let PartialOrder { modes, starts, .. } = order;
    let own_end = last_finish(network, order);
    let end = latest_end(plan, network, order, own_end, (options.until, !options.ignore_capacity))?;
    let renewables = renewables(plan, network, modes, &options.resources)?;

    let mut board = board(plan, network, order, (options.criterion, &renewables), end, !options.ignore_capacity);
    for (levelled, profile) in board.levelled.iter_mut().zip(&board.profiles) {
        levelled.weights = weights(options.criterion, profile);
    }
    let given = board.profiles.clone();
    let before = board.worth();
    let found = improve(&mut board, network, starts, options.seed, control);

    let levelled = board.starts(starts).ok_or_else(|| Error::usage("tasks without resources found no place"))?;
    let schedule = place(plan, network, &levelled, modes);
    let findings = if options.ignore_capacity { verify_dates(plan, &schedule) } else { verify(plan, &schedule) };
    if findings.has_errors() {
        return Err(Error::rejected_schedule(findings));
    }
    let resources = (board.levelled.iter().zip(&given).zip(&board.profiles)).map(|((of, before), after)| {
        let renewable = &network.renewables[of.renewable as usize];
        ResourceLevel {
            resource: renewable.resource,
            before: Indices::new(plan, network, renewable, before),
            after: Indices::new(plan, network, renewable, after),
            usage_before: super::indices::usage(network, renewable, before),
            usage_after: super::indices::usage(network, renewable, after),
        }
    });
    let told = |worth: i128| worth as f64 / SCALE as f64;
    let after = board.worth().0;
    Ok(Levelling {
        resources: resources.collect(),
        schedule,
        status: if found.bound >= after { Status::Optimal } else { Status::Feasible },
        before: told(before.0),
        after: told(after),
        bound: told(found.bound.min(after)),
        until: network.axis.finish_moment(end),
        effort_spent: found.effort_spent,
        stopped: control.stop(),
    })
}

/// A board with a schedule on it; weights are still to be set.
pub(super) fn board<'n>(
    plan: &Plan,
    network: &'n Network,
    PartialOrder { modes, starts, .. }: &PartialOrder,
    chosen: (Criterion, &[u32]),
    end: Slot,
    keeps_capacity: bool,
) -> Board<'n> {
    let windows = Windows::new(network, modes, starts, end);
    let mut is_held: Vec<bool> = (0..network.len() as u32).map(|node| network.has_exact_date(node)).collect();
    windows.at_odds().into_iter().for_each(|node| is_held[node as usize] = true);
    for (node, origin) in network.origin.iter().enumerate() {
        is_held[node] |= matches!(origin, Origin::Task(task) if plan.tasks()[*task].progress.is_some());
    }
    Board::new(network, windows, chosen, end, keeps_capacity, |node| is_held[node as usize])
}

/// The last finish of a schedule.
pub(super) fn last_finish(network: &Network, PartialOrder { modes, starts, .. }: &PartialOrder) -> Slot {
    let is_task = |node: &usize| matches!(network.origin[*node], Origin::Task(_));
    let finishes = (0..network.len()).filter(is_task).filter_map(|node| network.finish(modes[node], starts[node]));
    finishes.max().unwrap_or(0)
}

/// What a search came to.
pub(super) struct Improved {
    /// No schedule is worth less.
    pub bound: i128,
    pub effort_spent: u64,
}

/// Improves the schedule on a board: a search, a proof if the plan is small enough, and a longer search if it is not.
pub(super) fn improve<'n>(
    board: &mut Board<'n>,
    network: &'n Network,
    given: &[Slot],
    seed: u64,
    control: &Control,
) -> Improved {
    let nodes = board.movable.len().max(1) as u64;
    let passes = control.effort().unwrap_or_else(|| match control.has_time_limit() {
        true => u64::MAX / nodes / 2,
        false => (DEFAULT_PLACED * 300 / nodes.max(300) / nodes).clamp(4, 20_000),
    });
    let all = passes.saturating_mul(nodes);
    // Under a time limit alone, shares of the effort mean nothing.
    let of = |share: f64| (all.min(DEFAULT_PLACED.max(nodes) * 16) as f64 * share) as u64;
    let mut bound = root_bound(board, network);
    let mut search = Search::new(board, network, bound, seed, control);
    search.run(of(FIRST_SEARCH));
    let best = search.best.clone();
    if best.0.0 > bound {
        let mut proof = Enumeration { board, network, control, best, until: of(PROOF) };
        let is_complete = proof.run();
        let best = proof.best;
        let mut search = Search::new(board, network, bound, seed.wrapping_add(1), control);
        search.best = best;
        if is_complete {
            bound = search.best.0.0;
        }
        search.settle(if is_complete { 0 } else { all });
    }
    let mut search = Search::new(board, network, bound, seed, control);
    search.return_to(given);
    Improved { bound, effort_spent: board.asked / nodes }
}

/// Placements of nodes if nobody says how many: about a second. From 300 nodes on fewer, as each has more to look at.
const DEFAULT_PLACED: u64 = 100_000;

/// What no schedule is worth less than.
fn root_bound(board: &Board<'_>, network: &Network) -> i128 {
    let mut empty = board.clone();
    let movable = empty.movable.clone();
    movable.iter().for_each(|&node| empty.take_out(node));
    least(&empty, network, &movable)
}

/// The position by which all shall be done: what is asked for, as far as deadlines and money for the overhead allow it.
pub(super) fn latest_end(
    plan: &Plan,
    network: &Network,
    PartialOrder { modes, starts, .. }: &PartialOrder,
    own: Slot,
    (until, keeps_money): (Option<Moment>, bool),
) -> Result<Slot> {
    let Some(until) = until else { return Ok(own) };
    let asked = network.axis.slot_at_or_before(until).min(network.horizon);
    if asked < own {
        return Err(Error::usage(format!(
            "the schedule finishes at {}, which is after {}; levelling does not shorten it",
            plan.format_moment(network.axis.finish_moment(own)),
            plan.format_end(until)
        )));
    }
    // A deadline that is kept stays kept.
    let asked = if own <= network.deadline { asked.min(network.deadline) } else { asked };
    if !keeps_money {
        return Ok(asked);
    }
    // What the overhead takes grows with the finish.
    let mut machine = General::new(network);
    machine.reset(modes);
    starts.iter().enumerate().for_each(|(node, &start)| machine.place(node as u32, start));
    let has_money = |end: Slot| {
        let of_totals =
            network.totals.iter().enumerate().filter(|(_, total)| total.with_overhead).all(|(at, total)| {
                let overhead = network.overhead.map_or(0, |overhead| network.overhead_until(&overhead, end));
                overhead + used_of(network, modes, at) <= total.capacity
            });
        of_totals && machine.broken_cap(end).is_none()
    };
    let (mut low, mut high) = (own, asked);
    while low < high {
        let middle = low + (high - low + 1) / 2;
        if has_money(middle) { low = middle } else { high = middle - 1 }
    }
    Ok(low)
}

/// How much of a total the modes use.
fn used_of(network: &Network, modes: &[u32], total: usize) -> i64 {
    let rows = modes.iter().flat_map(|&mode| network.consumptions.row(mode as usize));
    rows.filter(|row| row.total as usize == total).map(|row| row.amount).sum()
}

/// The renewables that are levelled: those asked for, or all, that somebody uses.
pub(super) fn renewables(plan: &Plan, network: &Network, modes: &[u32], asked: &[ResourceId]) -> Result<Vec<u32>> {
    let is_used = |number: usize| {
        let demands = modes.iter().flat_map(|&mode| network.demands.row(mode as usize));
        demands.into_iter().any(|demand| demand.resource as usize == number)
    };
    let is_asked = |number: usize| asked.is_empty() || asked.contains(&network.renewables[number].resource);
    let all = 0..network.renewables.len();
    let found: Vec<u32> =
        all.filter(|&number| is_asked(number) && is_used(number)).map(|number| number as u32).collect();
    if found.is_empty() {
        let of = match asked {
            [] => "no task needs a person or machine".to_owned(),
            ids => {
                let ids: Vec<&str> = ids.iter().map(|&id| &*plan.resources()[id].id).collect();
                format!("no task needs {}", ids.join(" or "))
            }
        };
        return Err(Error::usage(format!("{of}, so there is nothing to level")));
    }
    Ok(found)
}
