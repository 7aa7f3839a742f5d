//! What the general machine asks about node modes and links all the time, looked up once.

use rustc_hash::FxHashMap;

use super::overlay::Overlay;
use super::presence::Presence;
use crate::cpm;
use crate::index::Rows;
use crate::network::{Arc, CalendarIndex, NO_EARLIEST, Network, Slot, WorkTable};
use crate::plan::LinkKind;

/// A node mode.
#[derive(Clone, Copy, Debug)]
pub struct Job<'n> {
    pub duration: Slot,
    /// When it can work, if not always.
    pub table: Option<&'n WorkTable>,
    /// Work of the table at position 0.
    pub base: i64,
    /// True if it must run in one working stretch.
    pub unbroken: bool,
    /// No start is earlier, by the node's own dates.
    pub release: Slot,
    /// The exact start, if it has one.
    pub fixed: Option<Slot>,
}

/// When a job works: from `start` to `finish`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: Slot,
    pub finish: Slot,
    /// Work of the job's calendar between position 0 and the start.
    pub work: i64,
}

impl Job<'_> {
    /// The first time at or after `from` at which the job can be done; `None` if there is none up to `horizon`.
    #[inline]
    pub fn first_window(&self, from: Slot, horizon: Slot) -> Option<Window> {
        let table = match self.table {
            Some(table) if self.duration > 0 => table,
            _ => {
                let finish = from.saturating_add(self.duration);
                return (finish <= horizon).then_some(Window { start: from, finish, work: i64::from(from) });
            }
        };
        let length = i64::from(self.duration);
        let from = match self.unbroken {
            true => table.fitting_start(i64::from(from), length)?,
            false => i64::from(from),
        };
        let span = table.span(from, length).filter(|span| span.finish <= i64::from(horizon))?;
        Some(Window { start: span.start as Slot, finish: span.finish as Slot, work: span.work - self.base })
    }

    /// The last time at which the job starts at or before `latest_start` and has finished at or before `until`; `None` if
    /// there is none.
    #[inline]
    pub fn last_window(&self, latest_start: Slot, until: Slot) -> Option<Window> {
        let table = match self.table {
            Some(table) if self.duration > 0 => table,
            _ => {
                let start = latest_start.min(until.saturating_sub(self.duration));
                return Some(Window { start, finish: start.checked_add(self.duration)?, work: i64::from(start) });
            }
        };
        let (length, latest_start, until) = (i64::from(self.duration), i64::from(latest_start), i64::from(until));
        let span = if self.unbroken {
            let start = table.last_fitting_start(until.min(latest_start + length), length)?;
            table.span(start, length)?
        } else {
            table.last_span(latest_start, until, length)?
        };
        let slot = |position: i64| Slot::try_from(position).ok();
        Some(Window { start: slot(span.start)?, finish: slot(span.finish)?, work: span.work - self.base })
    }

    /// What the job does from `start` on, whether or not it can start there.
    #[inline]
    pub fn window_at(&self, start: Slot) -> Window {
        let (table, length) = match self.table {
            Some(table) if self.duration > 0 => (table, i64::from(self.duration)),
            _ => return Window { start, finish: start.saturating_add(self.duration), work: i64::from(start) },
        };
        if let Some(span) = table.span(i64::from(start), length)
            && span.start == i64::from(start)
            && let Ok(finish) = Slot::try_from(span.finish)
        {
            return Window { start, finish, work: span.work - self.base };
        }
        let work = table.work(i64::from(start));
        let finish = table.finish_of(work + length).and_then(|finish| Slot::try_from(finish).ok());
        Window { start, finish: finish.unwrap_or(start), work: work - self.base }
    }

    /// True if the job works at some time between `from` and `to` in a window.
    pub fn works_within(&self, window: &Window, (from, to): (Slot, Slot)) -> bool {
        let (from, to) = (from.max(window.start), to.min(window.finish));
        match self.table {
            Some(table) => table.work(i64::from(to)) > table.work(i64::from(from)),
            None => to > from,
        }
    }
}

/// How the time of a resource is told from that of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The resource has the job's calendar: its positions are the job's work.
    Own,
    /// The resource works in every slot, and so does the job.
    Axis,
    /// The resource works at other times, too: a number in [`Jobs::overlays`].
    Over(u32),
    /// The same, but the two calendars are not spelled out.
    Other,
}

/// A job's demand for a resource.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    pub resource: u32,
    pub amount: i32,
    pub clock: Clock,
}

/// The node modes of a network, by mode position, and its links.
#[derive(Clone, Debug)]
pub struct Jobs<'n> {
    pub jobs: Vec<Job<'n>>,
    pub needs: Rows<Need>,
    pub overlays: Vec<Overlay>,
    /// Predecessors and successors of each node by links without a lag from finish to start.
    pub plain_into: Rows<u32>,
    pub plain_out_of: Rows<u32>,
    /// The other links.
    pub into: Rows<Arc>,
    pub out_of: Rows<Arc>,
}

impl<'n> Jobs<'n> {
    /// # Arguments
    /// `presence` is the working time of each renewable.
    pub fn new(network: &'n Network, presence: &[Presence<'n>]) -> Self {
        let mut clocks = Clocks { network, presence, known: FxHashMap::default(), overlays: Vec::new(), size: 0 };
        let modes = network.modes.items();
        let mut jobs = Vec::with_capacity(modes.len());
        let mut needs = Rows::with_capacity(modes.len(), network.demands.items().len());
        for node in 0..network.len() {
            for position in network.modes.range(node) {
                jobs.push(job(network, node, position));
                let calendar = modes[position].calendar;
                needs.push_row(network.demands.row(position).iter().map(|demand| Need {
                    resource: demand.resource,
                    amount: demand.amount,
                    clock: clocks.clock(calendar, demand.resource as usize),
                }));
            }
        }
        let is_plain = |arc: &&Arc| arc.kind == LinkKind::FinishToStart && arc.lag == 0 && !arc.by_mode;
        let split = |arcs: &Rows<Arc>| {
            let (mut plain, mut others) = (Rows::with_capacity(arcs.len(), arcs.items().len()), Rows::new());
            for row in arcs.iter() {
                plain.push_row(row.iter().filter(is_plain).map(|arc| arc.other));
                others.push_row(row.iter().filter(|arc| !is_plain(arc)).copied());
            }
            (plain, others)
        };
        let (plain_into, into) = split(&network.predecessors);
        let (plain_out_of, out_of) = split(&network.successors);
        Jobs { jobs, needs, overlays: clocks.overlays, plain_into, plain_out_of, into, out_of }
    }

    /// Nothing is spelled out any more.
    ///
    /// # Returns
    /// How many demands used an overlay.
    #[cfg(test)]
    pub fn forget_overlays(&mut self) -> usize {
        let mut count = 0;
        let mut needs = Rows::with_capacity(self.needs.len(), self.needs.items().len());
        for row in self.needs.iter() {
            needs.push_row(row.iter().map(|need| match need.clock {
                Clock::Over(_) => {
                    count += 1;
                    Need { clock: Clock::Other, ..*need }
                }
                _ => *need,
            }));
        }
        self.needs = needs;
        count
    }
}

fn job(network: &Network, node: usize, position: usize) -> Job<'_> {
    let mode = &network.modes.items()[position];
    let table = network.calendar(mode.calendar);
    let mut release = network.release[node];
    if network.finish_release[node] != NO_EARLIEST {
        release = release.max(network.start_for_finish(position as u32, network.finish_release[node]));
    }
    Job {
        duration: mode.duration,
        base: table.work(0),
        table: Some(table).filter(|table| !table.is_always()),
        unbroken: mode.unbroken,
        release,
        fixed: cpm::fixed_start(network, position as u32, node),
    }
}

/// Bytes that overlays may take; pairs of calendars beyond that do without. (A hundred pairs of calendars over a few years
/// take about one million.)
const MOST_OVERLAYS: usize = 32 << 20;

/// The clocks of pairs of calendars.
struct Clocks<'a, 'n> {
    network: &'n Network,
    presence: &'a [Presence<'n>],
    /// By the calendars of job and resource.
    known: FxHashMap<(CalendarIndex, CalendarIndex), Clock>,
    overlays: Vec<Overlay>,
    size: usize,
}

impl Clocks<'_, '_> {
    fn clock(&mut self, calendar: CalendarIndex, resource: usize) -> Clock {
        let pair = (calendar, self.network.renewables[resource].calendar);
        if let Some(&clock) = self.known.get(&pair) {
            return clock;
        }
        let clock = self.new_clock(calendar, resource);
        self.known.insert(pair, clock);
        clock
    }

    fn new_clock(&mut self, calendar: CalendarIndex, resource: usize) -> Clock {
        let (table, presence) = (self.network.calendar(calendar), &self.presence[resource]);
        let of_resource = self.network.renewables[resource].calendar;
        if table.is_always() {
            return if presence.is_always() { Clock::Axis } else { Clock::Other };
        }
        if calendar == of_resource {
            return Clock::Own;
        }
        let is_too_much = self.size > MOST_OVERLAYS;
        match Overlay::new(table, |position| presence.inward(position as Slot)).filter(|_| !is_too_much) {
            Some(overlay) => {
                self.size += overlay.size();
                self.overlays.push(overlay);
                Clock::Over(self.overlays.len() as u32 - 1)
            }
            None => Clock::Other,
        }
    }
}
