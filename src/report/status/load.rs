//! Who is busy when.

use super::super::document::{Section, Table, Tone};
use super::{Status, titled};
use crate::pictures::{self, Axis, Panel};
use crate::plan::{Plan, ResourceId, ResourceKind, TimeUnit};
use crate::schedule::words::{time_label, time_ticks};
use crate::schedule::{Period, Usage, usage_by_period, workload};
use crate::units::Amount;

/// Resources that are drawn.
const DRAWN: usize = 12;
/// Rows of a table.
const MOST: usize = 40;
/// Who is busier than that, in percent, is the next to be short.
const BUSY: f64 = 95.0;

/// The most units of a resource that there are at some time.
fn most_units(plan: &Plan, resource: ResourceId) -> Amount {
    let row = &plan.resources()[resource];
    row.windows.iter().map(|window| window.units).chain(row.capacity).max().unwrap_or(Amount::ONE)
}

impl Status<'_> {
    /// The load of people and machines, the busiest first.
    pub(super) fn load(&self) -> Option<Section> {
        let (left, schedule) = (self.forecast.left, self.forecast.schedule);
        let plan = self.plan();
        let is_work = |usage: &Usage| plan.resources()[usage.resource].kind == ResourceKind::Work;
        let mut loads: Vec<Usage> = workload(left, schedule).into_iter().filter(is_work).collect();
        loads.retain(|usage| usage.used.0 > 0);
        loads.sort_by(|one, other| {
            let load = |usage: &Usage| usage.utilisation().unwrap_or(0.0);
            load(other).total_cmp(&load(one)).then(one.resource.cmp(&other.resource))
        });
        let mut section = Section::new("load", "People and machines");
        let drawn: Vec<ResourceId> = loads.iter().take(DRAWN).map(|usage| usage.resource).collect();
        section.picture(self.load_picture(&drawn));
        let hours = |minutes: i64| format!("{:.0}", minutes as f64 / 60.0);
        let columns = ["who", "#hours of work", "#hours there", "#load", "#most units at once", "#units"];
        let (columns, in_hours) = match plan.project().time_unit {
            TimeUnit::Period => (["who", "#work", "#there", "#load", "#most units at once", "#units"], false),
            _ => (columns, true),
        };
        let amount = |minutes: i64| if in_hours { hours(minutes) } else { minutes.to_string() };
        let mut table = Table::new("Load from now to the finish, the busiest first", &columns);
        for usage in &loads {
            let resource = &plan.resources()[usage.resource];
            let load = usage.utilisation();
            let tone = if load.is_some_and(|load| load > BUSY) { Tone::Watch } else { Tone::Plain };
            let cells = [
                titled(&resource.id, &resource.name),
                amount(usage.used.0),
                amount(usage.available.0),
                load.map_or("-".to_owned(), |load| format!("{load:.0} %")),
                usage.peak.to_string(),
                most_units(plan, usage.resource).to_string(),
            ];
            table.push(tone, cells);
        }
        section.table(table.cut(MOST));
        section.if_any()
    }

    /// Units that work and units that are there, on average by week or number of periods.
    fn load_picture(&self, resources: &[ResourceId]) -> Option<String> {
        let (left, plan) = (self.forecast.left, self.plan());
        let period = Period::fitting(plan, left.project().start, self.forecast.finish);
        let usage = usage_by_period(left, self.forecast.schedule, period);
        let (first, last) = (usage.first()?.from.0 as f64, usage.iter().map(|usage| usage.to.0).max()? as f64);
        let mut panels: Vec<Panel> = Vec::new();
        for &resource in resources {
            let weeks: Vec<&Usage> = usage.iter().filter(|usage| usage.resource == resource).collect();
            // Units that are there all week work so long.
            let full = weeks.iter().map(|week| week.available.0).max().filter(|full| *full > 0)? as f64;
            let most = most_units(plan, resource).0 as f64 / Amount::ONE.0 as f64;
            let steps = |of: fn(&Usage) -> i64| -> Vec<(f64, f64)> {
                let steps = weeks.iter().map(|week| (week.from.0 as f64, of(week) as f64 * most / full));
                let end = weeks.last().map(|week| (week.to.0 as f64, 0.0));
                steps.chain(end).collect()
            };
            let row = &plan.resources()[resource];
            panels.push(Panel {
                name: titled(&row.id, &row.name),
                before: steps(|week| week.available.0),
                after: steps(|week| week.used.0),
            });
        }
        (!panels.is_empty()).then(|| {
            pictures::usage(&pictures::Usage {
                title: &format!("{}: units at work, on average of {}", plan.project().name, period.each(plan)),
                names: ["there", "at work"],
                time: Axis { name: "", ticks: &time_ticks(plan, first, last), label: &time_label(plan) },
                panels: &panels,
            })
        })
    }
}
