//! What a team costs at least.
//!
//! Everybody costs what the weeks cost that are decided on, and work beyond what these weeks pay for costs at least the
//! rate of the cheapest who can do it. This is the relaxation in which weeks are as short as wanted and nothing but
//! hours counts; as a linear program it is a transportation problem, of which the sum below is a bound that needs no
//! program.

use super::decisions::Stay;
use super::pool::{Need, Pool};

/// What no team costs less than, in the units of [`Pool::cost`]; none if the people allowed cannot do the work.
///
/// # Arguments
/// `step` divides what every week of everybody costs: the bound is rounded up to a multiple of it.
pub(super) fn least_cost(pool: &Pool, stays: &[Stay], step: i64) -> Option<i64> {
    if !has_hours(pool, stays) {
        return None;
    }
    let decided: Vec<i64> = (0..pool.len()).map(|person| stays[person].least_price(pool, person)).collect();
    // For each task the cheapest way, as the minutes and the price of each of its parts.
    let mut works: Vec<Work> = Vec::new();
    for modes in pool.tasks.iter().filter(|modes| !modes.is_empty()) {
        let mut least: Option<f64> = None;
        for mode in modes {
            let values: Option<f64> = mode.iter().map(|need| Some(rate(pool, stays, need)? * need.minutes)).sum();
            least = match (least, values) {
                (Some(least), Some(value)) => Some(least.min(value)),
                (least, value) => least.or(value),
            };
        }
        let value = least?;
        if value > 0.0 {
            works.push(Work { value, modes });
        }
    }
    let paid = decided.iter().enumerate().filter(|(_, price)| **price > 0);
    let saved: f64 = paid.map(|(person, &price)| covered(pool, stays, person, price as f64, &works)).sum();
    let beyond = works.iter().map(|work| work.value).sum::<f64>() - saved;
    let least = decided.iter().sum::<i64>() as f64 + beyond.max(0.0);
    // Rounding errors must not make it more than it is.
    let least = (least - 1e-6 - least.abs() * 1e-12).ceil() as i64;
    Some((least.max(0) + step - 1).div_euclid(step) * step)
}

/// A task whose work costs something.
struct Work<'p> {
    /// What it costs at least.
    value: f64,
    modes: &'p [Vec<Need>],
}

/// What a minute of a need costs at least; none if nobody is there for it.
fn rate(pool: &Pool, stays: &[Stay], need: &Need) -> Option<f64> {
    if need.has_others {
        return Some(0.0);
    }
    let there = need.able.iter().filter(|&&person| !stays[person].is_out);
    there.map(|&person| pool.people[person].per_minute).reduce(f64::min)
}

/// The most that work costs which the weeks pay for that somebody is there anyway.
fn covered(pool: &Pool, stays: &[Stay], person: usize, price: f64, works: &[Work<'_>]) -> f64 {
    let own = pool.people[person].per_minute;
    if own <= 0.0 {
        return works.iter().map(|work| work.value).sum();
    }
    let mut minutes = price / own;
    // The price of a minute in each task, the dearest first.
    let mut parts: Vec<(f64, f64)> = Vec::new();
    for work in works {
        let able = work.modes.iter().flatten().filter(|need| need.able.contains(&person));
        let dearest = able.filter_map(|need| rate(pool, stays, need)).fold(0.0, f64::max);
        if dearest > 0.0 {
            parts.push((dearest, work.value));
        }
    }
    parts.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut sum = 0.0;
    for (rate, value) in parts {
        let part = (minutes * rate).min(value);
        sum += part;
        minutes -= part / rate;
        if minutes <= 0.0 {
            break;
        }
    }
    sum
}

/// True unless those who can do some of the work have too few hours for it until the deadline.
fn has_hours(pool: &Pool, stays: &[Stay]) -> bool {
    let sole = pool.tasks.iter().filter(|modes| modes.len() == 1).flat_map(|modes| &modes[0]);
    let sole: Vec<&Need> = sole.filter(|need| !need.has_others).collect();
    let mut groups: Vec<&[usize]> = sole.iter().map(|need| &need.able[..]).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.iter().all(|group| {
        let within = |need: &&&Need| need.able.iter().all(|person| group.binary_search(person).is_ok());
        let work: f64 = sole.iter().filter(within).map(|need| need.minutes).sum();
        let hours = |&person: &usize| match stays[person].longest() {
            Some((from, to)) => pool.people[person].usable[from..=to].iter().sum::<i64>(),
            None => 0,
        };
        work <= group.iter().map(hours).sum::<i64>() as f64 + 1e-6
    })
}
