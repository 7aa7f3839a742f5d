//! What is left of the hours that resources may work in a week while a schedule is made.

use super::jobs::{Job, Window};
use crate::index::Rows;
use crate::network::{HORIZON_LIMIT, NEVER, Network, Slot, WeeklyLimit};

/// Weeks without other work in which a job is tried: what alone is too much in all of them is too much in any.
const MOST_IDLE: u32 = 1_000;

/// The limits on the work of weeks of a network, and how much of it is taken.
#[derive(Clone, Debug)]
pub struct Weeks<'n> {
    network: &'n Network,
    /// The week of the project start; weeks are counted from it on.
    first: i64,
    /// Where weeks begin, as far as anybody has asked. (A week that the axis leaves out begins where the next one does.)
    begins: Vec<Slot>,
    /// By limit, then by week as far as anything is placed: units times slots.
    taken: Vec<Vec<i64>>,
    /// By mode position.
    shares: Rows<Share>,
    /// What the answer given last takes: limit, week and work.
    payments: Vec<(u32, usize, i64)>,
}

/// The units that a job takes of a limited resource.
#[derive(Clone, Copy, Debug)]
struct Share {
    /// Position in [`Network::weekly_limits`].
    limit: u32,
    units: i64,
}

/// Later weeks have no dates: it is beyond the year 9999.
const LAST_WEEK: i64 = 420_000;

/// A limit that a job would exceed.
struct Excess {
    week: usize,
    /// The job's work that the week still has room for, in slots.
    room: i64,
    /// True if nothing else works under the limit in the week.
    is_idle: bool,
}

impl<'n> Weeks<'n> {
    /// Nothing is taken.
    pub fn new(network: &'n Network) -> Weeks<'n> {
        Weeks::of(network, &network.weekly_limits)
    }

    /// No limits.
    pub fn none(network: &'n Network) -> Weeks<'n> {
        Weeks::of(network, &[])
    }

    fn of(network: &'n Network, limits: &[WeeklyLimit]) -> Weeks<'n> {
        let mut shares = Rows::with_capacity(network.modes.items().len(), 0);
        for node in 0..network.len() {
            let counts = network.without_weeks.binary_search(&(node as u32)).is_err();
            for position in network.modes.range(node) {
                shares.push_row(network.demands.row(position).iter().filter(|_| counts).filter_map(|demand| {
                    let limit = limits.iter().position(|limit| limit.resource == demand.resource)?;
                    Some(Share { limit: limit as u32, units: i64::from(demand.amount) })
                }));
            }
        }
        let first = network.axis.week_at(0);
        let begins = vec![network.axis.week_start(first)];
        Weeks { network, first, begins, taken: vec![Vec::new(); limits.len()], shares, payments: Vec::new() }
    }

    /// Gives everything back.
    pub fn reset(&mut self) {
        self.taken.iter_mut().for_each(Vec::clear);
    }

    /// True if a job in a mode keeps all limits in a window.
    pub fn keeps(&self, mode: u32, job: &Job<'_>, window: &Window) -> bool {
        if self.shares.row(mode as usize).is_empty() {
            return true;
        }
        if self.begins[self.begins.len() - 1] < window.finish {
            let mut further = self.clone();
            further.reach(window.finish);
            return further.keeps(mode, job, window);
        }
        self.excess(mode, job, window, |_| ()).is_none()
    }

    /// A start later than that of `window` before which a job in a mode would exceed some limit; `None` if all limits hold
    /// there, and then [`Weeks::pay_as_asked`] takes what it needs.
    ///
    /// # Arguments
    /// `idle` counts the weeks in which the job alone was too much; [`NEVER`] is the answer if these are too many.
    #[inline]
    pub fn start_after(&mut self, mode: u32, job: &Job<'_>, window: &Window, idle: &mut u32) -> Option<Slot> {
        if self.taken.is_empty() {
            return None;
        }
        let mut payments = std::mem::take(&mut self.payments);
        payments.clear();
        self.reach(window.finish);
        let excess = self.excess(mode, job, window, |payment| payments.push(payment));
        self.payments = payments;
        let excess = excess?;
        *idle += u32::from(excess.is_idle);
        Some(if *idle > MOST_IDLE { NEVER } else { self.start_behind(&excess, job, window.start) })
    }

    /// Takes what the job and window asked about last need.
    #[inline]
    pub fn pay_as_asked(&mut self) {
        for &(limit, week, work) in &self.payments {
            take(&mut self.taken[limit as usize], week, work);
        }
    }

    /// Takes what a job in a mode needs in a window; with `sign` -1 gives it back.
    #[inline]
    pub fn pay(&mut self, mode: u32, job: &Job<'_>, window: &Window, sign: i64) {
        if self.shares.row(mode as usize).is_empty() {
            return;
        }
        self.reach(window.finish);
        let Weeks { begins, taken, shares, .. } = self;
        for (week, work) in work_by_week(begins, job, window) {
            for share in shares.row(mode as usize) {
                take(&mut taken[share.limit as usize], week, sign * share.units * work);
            }
        }
    }

    /// The last week in which a job in a mode would exceed some limit; `pay` hears of what it takes of weeks before that is
    /// found.
    #[inline]
    fn excess(
        &self,
        mode: u32,
        job: &Job<'_>,
        window: &Window,
        mut pay: impl FnMut((u32, usize, i64)),
    ) -> Option<Excess> {
        let shares = self.shares.row(mode as usize);
        if shares.is_empty() {
            return None;
        }
        for (week, work) in work_by_week(&self.begins, job, window) {
            for share in shares {
                let used = self.taken[share.limit as usize].get(week).copied().unwrap_or(0);
                let left = (self.network.weekly_limits[share.limit as usize].work - used).max(0);
                if share.units * work > left {
                    return Some(Excess { week, room: left / share.units, is_idle: used == 0 });
                }
                pay((share.limit, week, share.units * work));
            }
        }
        None
    }

    /// The first start at which no more of a job lies in a week than there is room for. Until its start is in the week, it
    /// only comes to have more of its work there; so nothing is passed over.
    #[cold]
    fn start_behind(&self, excess: &Excess, job: &Job<'_>, start: Slot) -> Slot {
        let end = i64::from(self.begins[excess.week + 1]);
        let later = match job.table {
            Some(table) => table.start_of(table.work(end) - excess.room),
            None => Some(end - excess.room),
        };
        later.and_then(|later| Slot::try_from(later).ok()).unwrap_or(NEVER).max(start + 1)
    }

    /// Makes sure that the end of the week is known in which a job finishes at `finish`.
    #[inline]
    fn reach(&mut self, finish: Slot) {
        if self.taken.is_empty() {
            return;
        }
        while self.begins[self.begins.len() - 1] < finish || self.begins.len() < 2 {
            let week = self.first + self.begins.len() as i64;
            let begin = self.network.axis.week_start(week);
            let is_over = begin >= HORIZON_LIMIT || week > LAST_WEEK;
            self.begins.push(if is_over { NEVER } else { begin });
        }
    }
}

fn take(taken: &mut Vec<i64>, week: usize, work: i64) {
    if taken.len() <= week {
        taken.resize(week + 1, 0);
    }
    taken[week] += work;
}

/// The weeks in which a job works, and for how many slots; the last one first.
#[inline]
fn work_by_week<'a>(begins: &'a [Slot], job: &'a Job<'_>, window: &Window) -> impl Iterator<Item = (usize, i64)> + 'a {
    let Window { start, finish, work } = *window;
    let duration = i64::from(job.duration);
    let first = begins.partition_point(|&begin| begin <= start).saturating_sub(1);
    // The last week that begins before the finish.
    let last = (first + begins[first + 1..].iter().take_while(|&&begin| begin < finish).count()).max(first);
    let done_until = move |week: usize| {
        if week == first {
            return 0;
        }
        let begin = i64::from(begins[week]);
        let done = match job.table {
            Some(table) => table.work(begin) - job.base - work,
            None => begin - i64::from(start),
        };
        done.clamp(0, duration)
    };
    let mut until = duration;
    (first..=last).rev().filter_map(move |week| {
        let before = done_until(week);
        let within = until - before;
        until = before;
        (within > 0).then_some((week, within))
    })
}
