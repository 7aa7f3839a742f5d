//! What drives the finish: the chain of tasks that each wait for the next, back to the start.

use super::super::document::{Section, Table, Tone};
use super::super::timeline::day;
use super::{Status, titled};
use crate::explain::{Step, driving_chain};

/// Steps that are told from the end of a long chain, and from its beginning.
const MOST: (usize, usize) = (9, 5);

impl Status<'_> {
    /// The chain that drives the finish, the last task first.
    pub(super) fn driving(&self) -> Vec<Step> {
        let forecast = self.forecast;
        // What could not be compiled would have no schedule.
        driving_chain(forecast.left, forecast.schedule, forecast.dates).unwrap_or_default()
    }

    /// Why the project does not finish earlier.
    pub(super) fn why_not_earlier(&self, chain: &[Step]) -> Option<Section> {
        let (left, schedule) = (self.forecast.left, self.forecast.schedule);
        let mut section = Section::new("why", "Why not earlier");
        let caption = "What drives the finish: each task waits for what is told beside it, from the end back";
        let mut table = Table::new(caption, &["task", "start", "finish", "does not start earlier because"]);
        let between = chain.len().saturating_sub(MOST.0 + MOST.1);
        for (at, step) in chain.iter().enumerate() {
            if between > 1 && (MOST.0..MOST.0 + between).contains(&at) {
                if at == MOST.0 {
                    let text = format!("... {between} tasks between them");
                    table.push(Tone::Plain, [text, String::new(), String::new(), String::new()]);
                }
                continue;
            }
            let row = &left.tasks()[step.task];
            // What is done of it counts, too.
            let (start, finish) = self.forecast.spans[step.task];
            let reason = match row.progress {
                Some(_) => "it has begun".to_owned(),
                None => step.reason(left, schedule),
            };
            let cells = [titled(&row.id, &row.name), day(left, start), self.day(finish), reason];
            table.push(Tone::Plain, cells);
        }
        section.table(table);
        section.if_any()
    }
}
