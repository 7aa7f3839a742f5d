//! How sure it is, and what drives it.

use super::super::document::{Section, Table, Tone};
use super::{Sampled, Status, share, titled};
use crate::risk::{Driver, Source, driver_title, percentile};
use crate::units::{MINUTES_PER_DAY, Moment, Money};

/// Rows of a table.
const MOST: usize = 15;

impl Status<'_> {
    /// What samples say.
    pub(super) fn risks(&self) -> Option<Section> {
        let Sampled { assessment, outlook } = self.sampled.filter(|it| !it.outlook.project.sampled.is_empty())?;
        let plan = self.plan();
        let mut section = Section::new("risk", "How sure?");
        if self.is_done() {
            return None;
        }
        let sorted: Vec<f64> = outlook.project.sampled.iter().copied().map(super::finish_number).collect();
        let more = &outlook.more_cost;
        let is_sure = more.first() == more.last();
        if sorted.first() == sorted.last() && is_sure && assessment.events.is_empty() {
            section.text(
                "No duration is uncertain and there are no risks, so that every sample finishes at the same time.",
            );
            return Some(section);
        }
        section.text(format!("By {} samples of what is left.", assessment.samples.finish.len()));
        let unfinished = sorted.iter().filter(|finish| finish.is_infinite()).count();
        if unfinished > 0 {
            let places = assessment.unplaced.iter().map(|it| match it.work {
                Some(work) => driver_title(plan, Driver::Work(work)),
                None => "a summary".to_owned(),
            });
            section.text(format!(
                "{} of them do not finish, and count as later than any date: no time is found for {}.",
                share(unfinished as f64 / sorted.len() as f64),
                places.collect::<Vec<_>>().join(", ")
            ));
        }
        section.picture(assessment.finish_picture(plan));
        let spent = self.in_the_end() - Money(assessment.planned.1);
        section.picture(assessment.cost_picture(plan, spent).filter(|_| !self.costs_nothing()));
        section.picture(assessment.tornado_picture(plan));
        let is_free = self.costs_nothing();
        let (caption, columns): (_, &[&'static str]) = match is_free {
            true => ("Finish at a confidence", &["confidence", "finish"]),
            false => ("Finish and cost at a confidence", &["confidence", "finish", "#cost"]),
        };
        let mut table = Table::new(caption, columns);
        for confidence in [0.1, 0.5, 0.8, 0.9, 0.95] {
            let finish = self.day(Moment(percentile(&sorted, confidence).value as i64));
            let cost = (!is_free).then(|| self.likely_cost(more, confidence));
            table.push(Tone::Plain, [format!("P{:.0}", confidence * 100.0), finish].into_iter().chain(cost));
        }
        section.table(table);
        section.table(self.register());
        Some(section)
    }

    /// Risks and issues, the gravest first.
    fn register(&self) -> Table {
        let columns = ["risk or issue", "owner", "#happens in", "#mean delay in days", "#mean cost", "mitigations"];
        let mut table = Table::new("Risks and issues, the gravest first", &columns);
        let (Some(assessment), plan) = (self.assessment(), self.plan()) else { return table };
        for (title, at) in self.gravest_risks() {
            let event = &assessment.events[at];
            let owner = match event.source {
                Source::Risk(risk) => &plan.risks()[risk].owner,
                Source::Issue(issue) => &plan.issues()[issue].owner,
            };
            let answers = plan.mitigations().iter().filter(|row| event.source == Source::Risk(row.risk));
            let answers = answers.map(|row| format!("{} for {}", row.id, self.money_text(row.cost)));
            let cells = [
                title,
                owner.to_string(),
                share(event.share),
                format!("{:.1}", event.mean_delay / MINUTES_PER_DAY as f64),
                self.money_text(Money(event.cost.round() as i64)),
                answers.collect::<Vec<_>>().join("; "),
            ];
            table.push(Tone::Plain, cells);
        }
        table.cut(MOST)
    }

    /// Dates that stakeholders can be promised.
    pub(super) fn promises(&self, reader: Option<crate::plan::StakeholderId>) -> Table {
        let columns = ["who", "what", "planned", "#likely to be kept", "#confidence asked for", "can be promised"];
        let mut table = Table::new("Dates that can be promised", &columns);
        let (Some(assessment), plan) = (self.assessment(), self.plan()) else { return table };
        let promises = assessment.promises(plan).into_iter();
        let asked = promises.filter(|promise| reader.is_none_or(|reader| promise.stakeholder == reader));
        for promise in asked {
            let stakeholder = &plan.stakeholders()[promise.stakeholder];
            let what = promise.task.map_or("finish of the project".to_owned(), |task| {
                let row = &plan.tasks()[task];
                titled(&row.id, &row.name)
            });
            let tone = if promise.kept.share < stakeholder.confidence { Tone::Watch } else { Tone::Good };
            let cells = [
                stakeholder.title().to_owned(),
                what,
                self.day(Moment(promise.planned as i64)),
                share(promise.kept.share),
                share(stakeholder.confidence),
                self.day(Moment(promise.date.value as i64)),
            ];
            table.push(tone, cells);
        }
        table
    }
}
