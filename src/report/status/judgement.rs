//! Is it well made, is it allowed, is everything delivered?

use super::super::document::{Section, Table, Tone};
use super::{Status, titled, verdict};
use crate::io::results::{limit_words, offender_words};
use crate::quality::{Known, Verdict, trace};
use crate::schedule::breaches;
use crate::schedule::prose::percent;

/// Rows of a table.
const MOST: usize = 30;
/// Offenders that are named.
const NAMED: usize = 8;

impl Status<'_> {
    /// The fourteen points of the DCMA.
    pub(super) fn quality(&self) -> Option<Section> {
        let quality = self.quality?;
        let plan = self.plan();
        let mut section = Section::new("quality", "Quality of the plan");
        let (met, judged) = quality.met();
        section.text(format!("{met} of the {judged} points of the DCMA that can be judged are met."));
        let mut table =
            Table::new("The 14 points of the DCMA", &["#point", "what", "#found", "limit", "verdict", "offenders"]);
        for point in &quality.points {
            let value = match (point.value, point.limit) {
                (None, _) => "-".to_owned(),
                (Some(value), crate::quality::Limit::Index(_)) => format!("{value:.3}"),
                (Some(value), _) => percent(value),
            };
            let (tone, word, note) = match point.verdict {
                Verdict::Met => (Tone::Good, "met", String::new()),
                Verdict::Missed => {
                    let named = point.offenders.iter().take(NAMED).map(|&offender| offender_words(plan, offender));
                    let mut named = named.collect::<Vec<_>>().join(", ");
                    if point.offenders.len() > NAMED {
                        named.push_str(&format!(" and {} more", point.offenders.len() - NAMED));
                    }
                    (Tone::Watch, "missed", named)
                }
                Verdict::Open(why) => (Tone::Plain, "open", why.to_owned()),
            };
            let cells = [
                point.number.to_string(),
                point.name.to_owned(),
                value,
                limit_words(point.limit),
                word.to_owned(),
                note,
            ];
            table.push(tone, cells);
        }
        section.table(table);
        Some(section)
    }

    /// The rules of rules.csv.
    pub(super) fn compliance(&self) -> Option<Section> {
        let plan = self.plan();
        if plan.rules().is_empty() {
            return None;
        }
        let found = breaches(self.forecast.left, self.forecast.schedule);
        let mut table = Table::new("Rules, and whether they are kept", &["rule", "verdict", "what", "reference"]);
        for (id, rule) in plan.rules().iter_enumerated() {
            let of_rule: Vec<_> = found.iter().filter(|breach| breach.rule == id).collect();
            if of_rule.is_empty() {
                let cells = [rule.id.to_string(), "kept".to_owned(), plan.rule_words(id), rule.reference.to_string()];
                table.push(Tone::Good, cells);
            }
            for breach in of_rule {
                let (tone, word) = if breach.is_wish { (Tone::Watch, "missed") } else { (Tone::Bad, "broken") };
                let cells = [rule.id.to_string(), word.to_owned(), breach.text.clone(), rule.reference.to_string()];
                table.push(tone, cells);
            }
        }
        Section::of_table("compliance", "Rules", table.cut(MOST))
    }

    /// What is to be delivered, how far it is, and what it lacks.
    pub(super) fn deliverables(&self) -> Option<Section> {
        let plan = self.plan();
        let traces = trace(plan, &|task| self.forecast.spans[task].1, Known::Scheduled);
        if traces.is_empty() {
            return None;
        }
        let columns = ["deliverable", "state", "tests", "gates", "finish", "due", "by due date", "lacks"];
        let mut table = Table::new("Deliverables, and what leads to them", &columns);
        for trace in &traces {
            let row = &plan.deliverables()[trace.deliverable];
            let kept = trace.is_kept(plan);
            let lacks: Vec<&str> = trace.missing.iter().map(|missing| missing.words()).collect();
            let tone = match (kept, lacks.is_empty()) {
                (Some(false), _) => Tone::Bad,
                (_, false) => Tone::Watch,
                (_, true) => verdict(true),
            };
            let state = format!("{}, {} of {} tasks", trace.states[0].word(), trace.done, trace.tasks.len());
            let cells = [
                titled(&row.id, &row.name),
                state.trim_start_matches(", ").to_owned(),
                trace.states[1].word().to_owned(),
                trace.states[2].word().to_owned(),
                trace.finish.map_or("-".to_owned(), |(finish, _)| self.day(finish)),
                row.due.map_or("-".to_owned(), |due| self.day(due)),
                kept.map_or("", |kept| if kept { "yes" } else { "no" }).to_owned(),
                lacks.join(", "),
            ];
            table.push(tone, cells);
        }
        Section::of_table("deliverables", "Deliverables", table.cut(MOST))
    }
}
