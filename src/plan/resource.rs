//! Resources: people, teams, machines and materials.

use super::{CalendarId, LabelId};
use crate::units::{Amount, Minutes, Moment, Money, Rate};

/// Whether a resource is there again when a task has finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// Renewable: people and machines, in use while tasks work.
    #[default]
    Work,
    /// Non-renewable: used up, limited by a total.
    Material,
}

/// A row of availability.csv: so many units from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// First moment.
    pub from: Moment,
    /// Moment after the last.
    pub to: Moment,
    /// Units that are there.
    pub units: Amount,
}

/// A row of resources.csv.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The user's id, unique.
    pub id: Box<str>,
    /// The user's name for it; empty if none was given.
    pub name: Box<str>,
    /// Work or material.
    pub kind: ResourceKind,
    /// Team, if any.
    pub team: Option<LabelId>,
    /// Units at a time (work) or in all (material); `None` is a material without limit.
    pub capacity: Option<Amount>,
    /// A calendar of its own.
    pub calendar: Option<CalendarId>,
    /// Price.
    pub rate: Rate,
    /// Cost of each use by a task and unit, due at the task's start.
    pub cost_per_use: Money,
    /// Skills: those of the table, those that demands ask for with a level or as a team, and certificates.
    pub skills: Vec<LabelId>,
    /// Skills that are held until a moment only.
    pub certificates: Vec<(LabelId, Moment)>,
    /// Work that all units together may do in a calendar week from Monday; see [`Resource::week_of`].
    pub max_per_week: Option<Minutes>,
    /// Times at which other than `capacity` units are there. Where windows overlap the smallest units count.
    /// While no unit is there the resource does not work, and tasks on it pause.
    pub windows: Vec<Window>,
}

impl Resource {
    /// The name, or the id if it has none.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }

    /// What so many units cost for their part in a task that takes so long: the rate for that time, of a material for the
    /// amount, rounded half up, which is spread over the work; and the cost of their use, which is due at the start.
    pub fn cost_of(&self, amount: Amount, work: Minutes) -> (Money, Money) {
        // A schedule from elsewhere may assign anything.
        let units = i128::from(amount.clamp(Amount::ZERO, Amount::MAX).0);
        let one = i128::from(Amount::ONE.0);
        let rate = i128::from(self.rate.money.0);
        let spread = match self.kind {
            // Three factors within their bounds stay below 10^36.
            ResourceKind::Work => {
                Money::half_up(rate * units * i128::from(work.0), one * i128::from(self.rate.per.0.max(1)))
            }
            ResourceKind::Material => Money::half_up(rate * units, one),
        };
        (spread, Money::half_up(i128::from(self.cost_per_use.0) * units, one))
    }

    /// How long a task with so many units may work in a week, whatever else does: as long as they need for all the work that
    /// the resource may do. None without a limit.
    pub fn week_of(&self, units: Amount) -> Option<Minutes> {
        let most = self.max_per_week.filter(|_| units > Amount::ZERO)?;
        let minutes = i128::from(most.0) * i128::from(Amount::ONE.0) / i128::from(units.0);
        Some(Minutes(i64::try_from(minutes).unwrap_or(i64::MAX)))
    }

    /// What the resource may work in a week if it has another capacity and each unit works as long as now. None without a
    /// limit.
    pub fn week_with(&self, capacity: Option<Amount>) -> Option<Minutes> {
        let most = self.max_per_week?;
        match (self.capacity, capacity) {
            (Some(before), Some(now)) if before > Amount::ZERO && now > before => {
                let minutes = i128::from(most.0) * i128::from(now.0) / i128::from(before.0);
                // In twentieths of an hour, so that tables can hold it.
                Some(Minutes(i64::try_from(minutes / 3 * 3).unwrap_or(i64::MAX)).max(most))
            }
            _ => Some(most),
        }
    }

    /// Units of a work resource at a moment, its calendar left aside.
    pub fn units_at(&self, moment: Moment) -> Amount {
        let windows = self.windows.iter().filter(|window| window.from <= moment && moment < window.to);
        windows.map(|window| window.units).min().unwrap_or(self.capacity.unwrap_or(Amount::MAX))
    }
}
