//! The status report: how a project stands, how it is going to end, and what has to be decided.

mod chain;
mod decisions;
mod headline;
mod judgement;
mod load;
mod money;
mod readers;
mod risks;
mod slips;

use super::document::{Block, Document, Origin, Section, Tone, titled};
use super::timeline::{Timeline, end_day};
use crate::explain::Step;
use crate::io::results::NEVER;
use crate::plan::{Plan, StakeholderId, TaskKind};
use crate::quality::Quality;
use crate::risk::{Assessment, Outlook, percentile};
use crate::schedule::prose::at_end_of;
use crate::schedule::{Outcome, Spans, gantt};
use crate::track::{Baseline, Forecast, Tracking};
use crate::units::{Moment, Money};

/// What is known of a project, and for whom it is put together.
#[derive(Clone, Copy)]
pub struct Status<'a> {
    /// How what is left is going to go.
    pub forecast: &'a Forecast<'a>,
    /// The answer of the engine that the forecast is of.
    pub outcome: &'a Outcome,
    /// How it stands against a baseline.
    pub tracked: Option<Tracked<'a>>,
    /// What samples say.
    pub sampled: Option<Sampled<'a>>,
    /// How well the plan is made.
    pub quality: Option<&'a Quality>,
    /// What was said the last time.
    pub earlier: Option<Earlier<'a>>,
    /// Whom the report is for; everybody if it says nobody.
    pub reader: Option<StakeholderId>,
}

/// What samples of what is left say.
#[derive(Clone, Copy)]
pub struct Sampled<'a> {
    /// All of it.
    pub assessment: &'a Assessment,
    /// Its ends, what is done included: [`Assessment::outlook`].
    pub outlook: &'a Outlook,
}

/// A project against its baseline.
#[derive(Clone, Copy)]
pub struct Tracked<'a> {
    /// What was promised.
    pub baseline: &'a Baseline,
    /// How it stands.
    pub tracking: &'a Tracking,
    /// False if nobody promised it, and it is the plan as it is now.
    pub is_frozen: bool,
}

/// An earlier schedule.
#[derive(Clone, Copy)]
pub struct Earlier<'a> {
    /// Its dates.
    pub spans: &'a Spans,
    /// Where it is from.
    pub name: &'a str,
}

impl<'a> Status<'a> {
    /// A forecast, and nothing else is known.
    pub fn new(forecast: &'a Forecast<'a>, outcome: &'a Outcome) -> Status<'a> {
        Status { forecast, outcome, tracked: None, sampled: None, quality: None, earlier: None, reader: None }
    }

    /// The report.
    ///
    /// # Complexity
    /// Linear in the plan, times the periods of its curves.
    pub fn document(&self, origin: Origin) -> Document {
        let plan = self.plan();
        let at = match (plan.project().status_date, self.tracked) {
            (_, Some(tracked)) => format!(", status {}", at_end_of(plan, tracked.tracking.at)),
            (Some(at), None) => format!(", status {}", at_end_of(plan, at)),
            (None, None) => String::new(),
        };
        let reader = self.reader.map(|reader| &plan.stakeholders()[reader]);
        let reader = reader.map_or_else(String::new, |reader| format!(" for {}", reader.title()));
        // Those who asked for something are shown that, and what everybody has to know.
        let driving = self.driving();
        let sections = match self.reader {
            Some(reader) => vec![self.asked_for(reader), self.schedule(&driving), self.decisions(), self.changes()],
            None => vec![
                self.decisions(),
                self.schedule(&driving),
                self.why_not_earlier(&driving),
                self.changes(),
                self.slips(),
                self.money(),
                self.risks(),
                self.load(),
                self.quality(),
                self.compliance(),
                self.deliverables(),
                self.readers(),
            ],
        };
        Document {
            title: plan.project().name.to_string(),
            subtitle: format!("Status report{reader}{at}"),
            headline: self.headline(),
            sections: sections.into_iter().flatten().collect(),
            origin,
        }
    }

    pub(super) fn plan(&self) -> &'a Plan {
        self.forecast.whole
    }

    /// An amount with its currency.
    fn money_text(&self, amount: Money) -> String {
        crate::schedule::prose::money_text(amount, &self.plan().project().currency)
    }

    /// The Gantt chart; of what a reader cares about, if the report is for one.
    fn schedule(&self, driving: &[Step]) -> Option<Section> {
        let (plan, forecast) = (self.plan(), self.forecast);
        let mut chart = gantt(forecast.left, forecast.schedule, forecast.dates);
        if let Some(reader) = self.reader {
            self.keep_asked_for(reader, &mut chart);
        }
        if chart.rows.is_empty() {
            return None;
        }
        let mut section = Section::new("schedule", "Schedule");
        let baseline = self.promised().map(|tracked| tracked.baseline);
        let driving = driving.iter().map(|step| step.task).collect();
        let timeline = Timeline::new(plan, forecast.schedule, &chart, baseline, &driving);
        section.blocks.push(Block::Timeline(Box::new(timeline)));
        Some(section)
    }

    /// The baseline, if somebody promised it.
    fn promised(&self) -> Option<Tracked<'a>> {
        self.tracked.filter(|tracked| tracked.is_frozen)
    }

    /// True if nothing is left to do.
    fn is_done(&self) -> bool {
        let mut work = self.plan().tasks().iter().filter(|task| task.kind != TaskKind::Summary).peekable();
        work.peek().is_some() && work.all(|task| task.is_finished())
    }

    /// The finishes of the samples, ascending, in minutes; what is done counts with its actual dates. Empty if nothing is uncertain.
    fn finishes(&self) -> Vec<f64> {
        let finishes = self.sampled.map_or(&[][..], |sampled| &sampled.outlook.project.sampled);
        match finishes.first() == finishes.last() {
            true => Vec::new(),
            false => finishes.iter().copied().map(finish_number).collect(),
        }
    }

    fn assessment(&self) -> Option<&'a Assessment> {
        self.sampled.map(|sampled| sampled.assessment)
    }

    /// The day on which something ends.
    fn day(&self, moment: Moment) -> String {
        if moment == Moment::NEVER { NEVER.to_owned() } else { end_day(self.plan(), moment) }
    }

    /// A percentile of the cost in the end, as text; `more` is by how much samples cost more than planned, ascending.
    fn likely_cost(&self, more: &[f64], share: f64) -> String {
        match percentile(more, share).value {
            more if more.is_finite() => self.money_text(self.in_the_end() + Money(more.round() as i64)),
            _ => NEVER.to_owned(),
        }
    }
}

/// A finish in minutes; without an end if it never comes.
fn finish_number(finish: Moment) -> f64 {
    if finish == Moment::NEVER { f64::INFINITY } else { finish.0 as f64 }
}

/// Good or bad.
fn verdict(is_good: bool) -> Tone {
    if is_good { Tone::Good } else { Tone::Bad }
}

/// A share in whole percent.
fn share(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
