//! The time in which a resource is of use to anybody.

use super::steps::Steps;
use crate::network::{NEVER, Network, Renewable, Slot, WorkTable};

/// The working time of a renewable: the axis's positions ("outside") and its own ("inside").
#[derive(Clone, Copy, Debug)]
pub struct Presence<'n> {
    /// `None` if it works in every slot, so that inside and outside are the same.
    table: Option<&'n WorkTable>,
    /// Work of the table at position 0.
    pub base: i64,
}

impl<'n> Presence<'n> {
    pub fn new(network: &'n Network, of: &Renewable) -> Self {
        let table = network.calendar(of.calendar);
        Presence { table: Some(table).filter(|table| !table.is_always()), base: table.work(0) }
    }

    /// True if it works in every slot.
    pub fn is_always(&self) -> bool {
        self.table.is_none()
    }

    /// The inside position of an outside one.
    #[inline]
    pub fn inward(&self, position: Slot) -> Slot {
        match self.table {
            Some(table) => (table.work(i64::from(position)) - self.base) as Slot,
            None => position,
        }
    }

    /// The outside positions of a stretch: where a task that finishes at its beginning finishes, and where one that starts
    /// at its end starts.
    #[inline]
    pub fn outward(&self, (from, to): (Slot, Slot)) -> (Slot, Slot) {
        (self.outward_begin(from), self.outward_end(to))
    }

    /// Where a task that finishes at an inside position finishes.
    #[inline]
    pub fn outward_begin(&self, from: Slot) -> Slot {
        match self.table {
            Some(table) if from != Slot::MIN => {
                let position = table.finish_of(i64::from(from) + self.base);
                position.and_then(|position| Slot::try_from(position).ok()).unwrap_or(Slot::MIN)
            }
            _ => from,
        }
    }

    /// Where a task that starts at an inside position starts.
    #[inline]
    pub fn outward_end(&self, to: Slot) -> Slot {
        match self.table {
            Some(table) if to != NEVER => {
                let position = table.start_of(i64::from(to) + self.base);
                position.and_then(|position| Slot::try_from(position).ok()).unwrap_or(NEVER)
            }
            _ => to,
        }
    }

    /// The capacity of a renewable over its inside positions.
    pub fn steps(&self, of: &Renewable) -> Steps {
        let mut steps: Vec<(Slot, i32)> = Vec::with_capacity(of.steps.len());
        for &(at, units) in &of.steps {
            let at = self.inward(at);
            // A step that lasts only while nobody can work has no length here.
            if steps.last().is_some_and(|last| last.0 == at) {
                steps.pop();
            }
            steps.push((at, units));
        }
        Steps::new(&steps)
    }
}
