//! What is left under the caps on the costs of periods while a schedule is made.

use super::jobs::{Job, Window};
use crate::index::Rows;
use crate::network::{NEVER, Network, PeriodCap, Slot, WorkTable};

/// The period caps of a network, and what every node mode pays under them.
#[derive(Clone, Debug)]
pub struct Purses<'n> {
    network: &'n Network,
    purses: Vec<Purse>,
    /// By mode position; caps that begin earlier first.
    charges: Rows<Charge>,
    /// What the answer given last costs.
    payments: Vec<(u32, i64)>,
}

/// A period cap.
#[derive(Clone, Copy, Debug)]
struct Purse {
    from: Slot,
    to: Slot,
    /// The cap, less the overhead that falls into it until the finish that is assumed.
    limit: i64,
    spent: i64,
}

/// What a job pays into a period cap; see [`crate::network::Spending`].
#[derive(Clone, Copy, Debug)]
struct Charge {
    purse: u32,
    spread: i64,
    at_start: i64,
    /// Work of the job's calendar between position 0 and either end of the period, where the period has one.
    work: [Slot; 2],
}

impl<'n> Purses<'n> {
    /// Nothing is spent, and the overhead goes on for ever.
    pub fn new(network: &'n Network) -> Purses<'n> {
        let mut charges = Rows::with_capacity(network.modes.items().len(), network.spendings.items().len());
        let mut row: Vec<Charge> = Vec::new();
        for (position, mode) in network.modes.items().iter().enumerate() {
            row.clear();
            row.extend(network.spendings.row(position).iter().map(|spending| {
                let cap = &network.caps[spending.cap as usize];
                Charge {
                    purse: spending.cap,
                    spread: spending.spread,
                    at_start: spending.at_start,
                    work: [cap.from, cap.to].map(|end| work_until(network.calendar(mode.calendar), end)),
                }
            }));
            row.sort_by_key(|charge| network.caps[charge.purse as usize].from);
            charges.push_row(row.iter().copied());
        }
        let purse = |cap: &PeriodCap| Purse { from: cap.from, to: cap.to, limit: 0, spent: 0 };
        let purses = network.caps.iter().map(purse).collect();
        let mut purses = Purses { network, purses, charges, payments: Vec::new() };
        purses.assume_finish(NEVER);
        purses
    }

    /// No caps.
    pub fn none(network: &'n Network) -> Purses<'n> {
        let charges = Rows::from_pairs(network.modes.items().len(), std::iter::empty());
        Purses { network, purses: Vec::new(), charges, payments: Vec::new() }
    }

    /// Gives everything back.
    pub fn reset(&mut self) {
        self.purses.iter_mut().for_each(|purse| purse.spent = 0);
    }

    /// Counts the overhead as if the project finished at `finish`.
    pub fn assume_finish(&mut self, finish: Slot) {
        for (purse, cap) in self.purses.iter_mut().zip(&self.network.caps) {
            purse.limit = cap.cap - self.network.overhead_in(cap, finish);
        }
    }

    /// By how much each period cap is exceeded, with the overhead until `finish`.
    pub fn excesses(&self, finish: Slot) -> impl Iterator<Item = i64> {
        let purses = self.purses.iter().zip(&self.network.caps);
        purses.map(move |(purse, cap)| (purse.spent + self.network.overhead_in(cap, finish) - cap.cap).max(0))
    }

    /// True if a job in a mode keeps all caps in a window.
    pub fn keeps(&self, mode: u32, job: &Job<'_>, window: &Window) -> bool {
        self.next_start(mode, job, window, |_, _| ()).is_none()
    }

    /// A start later than that of `window` before which a job in a mode would exceed some cap; `None` if all caps hold there,
    /// and then [`Purses::pay_as_asked`] pays for it.
    #[inline]
    pub fn start_after(&mut self, mode: u32, job: &Job<'_>, window: &Window) -> Option<Slot> {
        let mut payments = std::mem::take(&mut self.payments);
        payments.clear();
        let later = self.next_start(mode, job, window, |purse, payment| payments.push((purse, payment)));
        self.payments = payments;
        later
    }

    /// See [`Purses::start_after`]; `pay` hears of the caps that hold and what is paid under them.
    #[inline]
    fn next_start(&self, mode: u32, job: &Job<'_>, window: &Window, mut pay: impl FnMut(u32, i64)) -> Option<Slot> {
        for charge in self.charges.row(mode as usize) {
            let purse = &self.purses[charge.purse as usize];
            if purse.from > window.finish {
                break;
            }
            if !purse.is_touched(window) {
                continue;
            }
            let left = purse.limit - purse.spent;
            let payment = purse.payment(charge, job, window);
            // Where nothing is left without this job, it may still go where it spends nothing.
            if payment > left.max(0) {
                return Some(purse.start_behind(charge, job, window.start, left));
            }
            pay(charge.purse, payment);
        }
        None
    }

    /// Pays for the job and window asked about last.
    #[inline]
    pub fn pay_as_asked(&mut self) {
        for &(purse, payment) in &self.payments {
            self.purses[purse as usize].spent += payment;
        }
    }

    /// Pays for a job in a mode in a window; with `sign` -1 takes it back.
    #[inline]
    pub fn pay(&mut self, mode: u32, job: &Job<'_>, window: &Window, sign: i64) {
        for charge in self.charges.row(mode as usize) {
            let purse = &mut self.purses[charge.purse as usize];
            if purse.is_touched(window) {
                purse.spent += sign * purse.payment(charge, job, window);
            }
        }
    }
}

fn work_until(table: &WorkTable, position: Slot) -> Slot {
    // No more work than positions.
    (table.work(i64::from(position)) - table.work(0)) as Slot
}

impl Purse {
    /// False if a job in a window spends nothing under the cap. A milestone at either end of the period counts as inside,
    /// since its moment may be shown on either side of a pause there.
    #[inline]
    fn is_touched(&self, window: &Window) -> bool {
        let is_moment = window.start == window.finish;
        (window.start < self.to && self.from < window.finish)
            || (is_moment && self.from <= window.start && window.start <= self.to)
    }

    /// What a job spends under the cap, which its window touches.
    #[inline]
    fn payment(&self, charge: &Charge, job: &Job<'_>, window: &Window) -> i64 {
        if job.duration == 0 {
            return charge.spread + charge.at_start;
        }
        let starts_inside = self.from <= window.start;
        // The start is before the end of a period that is touched.
        let at_start = if starts_inside { charge.at_start } else { 0 };
        if starts_inside && window.finish <= self.to {
            return charge.spread + at_start;
        }
        let accrued = |work: Slot| {
            let done = (i64::from(work) - window.work).clamp(0, i64::from(job.duration));
            match charge.spread.checked_mul(done) {
                Some(product) => product / i64::from(job.duration),
                None => (i128::from(charge.spread) * i128::from(done) / i128::from(job.duration)) as i64,
            }
        };
        let until = if window.finish <= self.to { charge.spread } else { accrued(charge.work[1]) };
        let before = if starts_inside { 0 } else { accrued(charge.work[0]) };
        until - before + at_start
    }

    /// The first start at which a job could keep the cap, of which `left` is left.
    #[cold]
    fn start_behind(&self, charge: &Charge, job: &Job<'_>, start: Slot, left: i64) -> Slot {
        let starts_inside = self.from <= start && start < self.to;
        let left = left - if starts_inside { charge.at_start } else { 0 };
        if job.duration == 0 || left < 0 || self.to == NEVER {
            return if self.to == NEVER { NEVER } else { (self.to + 1).max(start + 1) };
        }
        // As much work as what is left pays for may lie within the cap's period; as the task moves on, the work within
        // never gets less before it is at the period's end.
        let paid = (i128::from(left) + 1) * i128::from(job.duration) / i128::from(charge.spread.max(1));
        let work_inside = (paid as i64 - 1).clamp(0, i64::from(job.duration));
        let work_before = i64::from(charge.work[1]) - work_inside;
        let later = match job.table {
            Some(table) => table.start_of(work_before + job.base),
            None => Some(work_before),
        };
        later.and_then(|later| Slot::try_from(later).ok()).unwrap_or(NEVER).max(start + 1)
    }
}
