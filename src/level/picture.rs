//! What levelling changed, as a picture.

use super::levelling::Levelling;
use crate::pictures::{self, Axis, Panel, Usage};
use crate::plan::Plan;
use crate::schedule::words::{time_label, time_ticks};
use crate::units::{Amount, Moment};

/// Charts in a picture, at most.
const MOST_PANELS: usize = 24;

impl Levelling {
    /// The usage of the levelled resources before and after, as SVG: those that changed most first, if there are too many.
    pub fn picture(&self, plan: &Plan) -> String {
        let mut shown: Vec<_> = self.resources.iter().collect();
        if shown.len() > MOST_PANELS {
            let gain =
                |at: &&super::ResourceLevel| (at.after.squares - at.before.squares) / at.before.squares.max(1e-9);
            shown.sort_by(|one, other| gain(one).total_cmp(&gain(other)).then(one.resource.cmp(&other.resource)));
            shown.truncate(MOST_PANELS);
        }
        let steps = |usage: &[(Moment, Amount)]| {
            usage.iter().map(|&(at, units)| (at.0 as f64, units.0 as f64 / Amount::ONE.0 as f64)).collect()
        };
        let panels: Vec<Panel> = (shown.into_iter())
            .map(|of| {
                let resource = &plan.resources()[of.resource];
                let name = match resource.title() {
                    title if *title == *resource.id => title.to_owned(),
                    title => format!("{} {title}", resource.id),
                };
                Panel { name, before: steps(&of.usage_before), after: steps(&of.usage_after) }
            })
            .collect();
        let (start, until) = (plan.project().start.0 as f64, self.until.0 as f64);
        pictures::usage(&Usage {
            title: &format!("{}: people and machines in use", plan.project().name),
            names: ["before", "after"],
            time: Axis { name: "", ticks: &time_ticks(plan, start, until), label: &time_label(plan) },
            panels: &panels,
        })
    }
}
