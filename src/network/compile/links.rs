//! Links as compressed rows, their lags in slots.

use super::super::{Arc, CalendarIndex, EVERY_SLOT, MaximalLag, OF_PREDECESSOR, OF_SUCCESSOR, Slot};
use super::calendars::{CLOCK, Calendars, Divisor, PatternId};
use super::order::Order;
use super::ways::Way;
use crate::index::Rows;
use crate::plan::{Lag, LagAmount, LagCalendar, Link, LinkId, LinkKind, Plan};
use crate::units::Minutes;

/// Everything that links become.
pub(super) struct CompiledLinks {
    pub(super) predecessors: Rows<Arc>,
    pub(super) predecessor_links: Vec<Option<LinkId>>,
    pub(super) successors: Rows<Arc>,
    pub(super) maximal_lags: Vec<MaximalLag>,
    pub(super) mode_lags: Rows<i32>,
}

/// Marks the patterns that lags run on, takes their lengths into the divisor, and gives the longest one in minutes.
pub(super) fn survey(
    plan: &Plan,
    order: &Order,
    ways: &Rows<Way>,
    calendars: &mut Calendars,
    divisor: &mut Divisor,
) -> i64 {
    let mut longest = 0;
    for link in plan.links() {
        for lag in std::iter::once(&link.lag).chain(&link.max_lag) {
            if lag.is_zero() {
                continue;
            }
            let predecessor = ways.row(order.finish_node[link.predecessor] as usize);
            let successor = ways.row(order.start_node[link.successor] as usize);
            match lag.calendar {
                LagCalendar::Successor => successor.iter().for_each(|way| calendars.mark_used(way.lag_pattern)),
                LagCalendar::Predecessor => predecessor.iter().for_each(|way| calendars.mark_used(way.lag_pattern)),
                _ => {
                    let pattern = fixed_pattern(lag.calendar, calendars);
                    calendars.mark_used(pattern);
                }
            }
            for minutes in predecessor.iter().map(|way| lag_minutes(lag, way)) {
                divisor.fold(minutes);
                longest = longest.max(minutes.abs());
            }
        }
    }
    longest
}

fn lag_minutes(lag: &Lag, predecessor: &Way) -> i64 {
    match lag.amount {
        LagAmount::Minutes(minutes) => minutes.0,
        LagAmount::Percent(share) => share.of(Minutes(predecessor.minutes)).0,
    }
}

/// The pattern of a lag calendar that does not depend on the tasks it joins.
fn fixed_pattern(calendar: LagCalendar, calendars: &mut Calendars) -> PatternId {
    match calendar {
        LagCalendar::Named(calendar) => calendars.of_calendar(calendar),
        LagCalendar::Project => calendars.of_project(),
        LagCalendar::TwentyFourHours | LagCalendar::Successor | LagCalendar::Predecessor => CLOCK,
    }
}

/// What lags are turned into slots with.
struct LagCompiler<'a, 'b> {
    ways: &'a Rows<Way>,
    calendars: &'a mut Calendars<'b>,
    index: &'a [CalendarIndex],
    slot_minutes: i64,
    mode_lags: Rows<i32>,
}

/// Compiles all links.
///
/// # Arguments
/// `index` gives the calendar of each pattern. Every lag is a multiple of `slot_minutes` and fits a slot.
pub(super) fn links(
    plan: &Plan,
    order: &Order,
    ways: &Rows<Way>,
    calendars: &mut Calendars,
    index: &[CalendarIndex],
    slot_minutes: i64,
) -> CompiledLinks {
    let mut compiler = LagCompiler { ways, calendars, index, slot_minutes, mode_lags: Rows::new() };
    let incoming = &order.incoming;
    let count = incoming.items().len();
    let mut predecessors = Rows::with_capacity(incoming.len(), count);
    let mut predecessor_links = Vec::with_capacity(count);
    let mut maximal_lags = Vec::new();
    let mut arcs = Vec::new();
    for (node, row) in incoming.iter().enumerate() {
        for item in row {
            let plain = Arc {
                other: item.predecessor,
                lag: 0,
                calendar: EVERY_SLOT,
                kind: LinkKind::FinishToStart,
                by_mode: false,
            };
            predecessor_links.push(item.link());
            let Some(id) = item.link() else {
                arcs.push(plain);
                continue;
            };
            let link = &plan.links()[id];
            if link.kind == LinkKind::FinishToStart && link.lag.is_zero() {
                arcs.push(plain);
            } else {
                let arc = compiler.arc(link, &link.lag, item.predecessor, node as u32);
                arcs.push(Arc { other: item.predecessor, ..arc });
            }
            if let Some(lag) = &link.max_lag {
                let arc = compiler.arc(link, lag, item.predecessor, node as u32);
                maximal_lags.push(MaximalLag { predecessor: item.predecessor, successor: node as u32, arc, link: id });
            }
        }
        predecessors.push_row(arcs.drain(..));
    }
    let mode_lags = compiler.mode_lags;
    let rows: &Rows<Arc> = &predecessors;
    let outgoing = (0..incoming.len()).flat_map(|node| {
        rows.row(node).iter().map(move |arc| (arc.other as usize, Arc { other: node as u32, ..*arc }))
    });
    let successors = Rows::from_pairs(incoming.len(), outgoing);
    CompiledLinks { predecessors, predecessor_links, successors, maximal_lags, mode_lags }
}

impl LagCompiler<'_, '_> {
    /// The lag of a link, or its greatest lag, as seen by the predecessor.
    fn arc(&mut self, link: &Link, lag: &Lag, predecessor: u32, successor: u32) -> Arc {
        let mut arc = Arc { other: successor, lag: 0, calendar: EVERY_SLOT, kind: link.kind, by_mode: false };
        if lag.is_zero() {
            return arc;
        }
        let ways = self.ways.row(predecessor as usize);
        arc.calendar = match lag.calendar {
            LagCalendar::Successor => self.common(self.ways.row(successor as usize)).unwrap_or(OF_SUCCESSOR),
            LagCalendar::Predecessor => self.common(ways).unwrap_or(OF_PREDECESSOR),
            fixed => self.index[fixed_pattern(fixed, self.calendars) as usize],
        };
        let slots = |way: &Way| (lag_minutes(lag, way) / self.slot_minutes) as Slot;
        let first = ways.first().map_or(0, slots);
        if ways.iter().all(|way| slots(way) == first) {
            arc.lag = first;
        } else {
            arc.lag = self.mode_lags.len() as i32;
            arc.by_mode = true;
            self.mode_lags.push_row(ways.iter().map(slots).collect::<Vec<_>>());
        }
        arc
    }

    /// The lag calendar of all ways, if they agree.
    fn common(&self, ways: &[Way]) -> Option<CalendarIndex> {
        let mut calendars = ways.iter().map(|way| self.index[way.lag_pattern as usize]);
        let first = calendars.next()?;
        calendars.all(|other| other == first).then_some(first)
    }
}
