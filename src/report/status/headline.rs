//! The figures at the top.

use super::super::document::{Fact, Tone, fact};
use super::super::timeline::day;
use super::{Status, share, verdict};
use crate::plan::BudgetScope;
use crate::risk::{Driver, Probability, driver_title, percentile};
use crate::schedule::later;
use crate::schedule::prose::{deadline_text, gap_text, in_words, status_text};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment, Money};

/// Risks that are named.
const MOST_RISKS: usize = 3;
/// A deadline that is kept no more often than that is in danger.
const SURE: f64 = 0.8;

impl Status<'_> {
    pub(super) fn headline(&self) -> Vec<Fact> {
        let facts = [
            Some(self.finish()),
            self.likely_finish(),
            self.deadline(),
            self.against_baseline(),
            self.cost(),
            self.surer_cost(),
            self.progress(),
            self.top_risks(),
            Some(self.answer()),
            self.left_aside(),
        ];
        facts.into_iter().flatten().collect()
    }

    fn finish(&self) -> Fact {
        let plan = self.plan();
        let length = crate::schedule::working_time(plan, plan.project().start, self.forecast.finish);
        let mut note = format!("{} after {}", in_words(plan, length), day(plan, plan.project().start));
        if self.is_done() {
            note.push_str("; everything is done");
        }
        let is_kept = plan.project().deadline.is_none_or(|deadline| self.forecast.finish <= deadline);
        fact("Finish", self.day(self.forecast.finish), note, if is_kept { Tone::Plain } else { Tone::Bad })
    }

    fn likely_finish(&self) -> Option<Fact> {
        let sorted = self.finishes();
        if sorted.is_empty() {
            return None;
        }
        let at = |share: f64| self.day(Moment(percentile(&sorted, share).value as i64));
        Some(fact("Finish, 80 % sure (P80)", at(0.8), format!("as likely as not (P50): {}", at(0.5)), Tone::Plain))
    }

    fn deadline(&self) -> Option<Fact> {
        let plan = self.plan();
        let deadline = plan.project().deadline?;
        let sorted = self.finishes();
        let kept = (!sorted.is_empty()).then(|| Probability::up_to(&sorted, deadline.0 as f64).share);
        let tone = match (self.forecast.finish <= deadline, kept) {
            (false, _) => Tone::Bad,
            (true, Some(kept)) if kept < SURE => Tone::Watch,
            _ => Tone::Good,
        };
        // The date stands above already.
        let words = deadline_text(plan, self.forecast.finish).unwrap_or_default();
        let words = words.strip_prefix(&plan.format_end(deadline)).unwrap_or(&words).trim();
        let note = match kept {
            Some(kept) => format!("{words}; kept in {} of the samples", share(kept)),
            None => words.to_owned(),
        };
        Some(fact("Deadline", self.day(deadline), note, tone))
    }

    fn against_baseline(&self) -> Option<Fact> {
        let tracked = self.promised()?;
        let promised = tracked.baseline.finish()?;
        let slip = later(self.plan(), promised, self.forecast.finish);
        let value = if slip == Minutes::ZERO { "as promised".to_owned() } else { self.moved_by(slip) };
        let tone = verdict(slip <= Minutes::ZERO);
        let note = format!("{} promised {}", tracked.baseline.name, self.day(promised));
        Some(fact("Against the baseline", value, note, tone))
    }

    /// What the project costs in the end.
    pub(super) fn in_the_end(&self) -> Money {
        match self.tracked {
            Some(tracked) => tracked.tracking.bottom_up(),
            None => crate::schedule::project_cost(self.forecast.left, self.forecast.schedule).total(),
        }
    }

    fn cost(&self) -> Option<Fact> {
        let cost = self.in_the_end();
        if self.costs_nothing() {
            return None;
        }
        let promised = self.promised().map(|tracked| tracked.tracking.value.total.budget);
        let budget = self.whole_budget();
        let note = match (budget, promised.filter(|promised| *promised != Money::ZERO)) {
            (Some((cap, counted)), _) if counted == cost => format!("of a budget of {}", self.money_text(cap)),
            // Penalty and bonus of the deadline are in no budget.
            (Some((cap, counted)), _) => {
                let (cap, counted) = (self.money_text(cap), self.money_text(counted));
                format!("with penalty and bonus; without them {counted} of a budget of {cap}")
            }
            (None, Some(promised)) => format!("budgeted {}", self.money_text(promised)),
            (None, None) => String::new(),
        };
        let tone = match budget {
            Some((cap, counted)) if counted > cap => Tone::Bad,
            Some((_, counted)) if counted == cost => Tone::Good,
            _ => Tone::Plain,
        };
        Some(fact("Cost", self.money_text(cost), note, tone))
    }

    /// The least cap on everything, and what counts under it in the end.
    fn whole_budget(&self) -> Option<(Money, Money)> {
        let plan = self.plan();
        let is_whole = |budget: &crate::plan::Budget| {
            budget.scope == BudgetScope::All && budget.from.is_none() && budget.to.is_none()
        };
        let whole = plan.budgets().iter_enumerated().filter(|(_, budget)| is_whole(budget));
        let (id, budget) = whole.min_by_key(|(_, budget)| budget.cap)?;
        let of_schedule = || {
            let cost = crate::schedule::project_cost(self.forecast.left, self.forecast.schedule);
            cost.tasks + cost.overhead
        };
        let spending = self.tracked.and_then(|tracked| tracked.tracking.spending.iter().find(|row| row.budget == id));
        Some((budget.cap, spending.map_or_else(of_schedule, |row| row.at_completion())))
    }

    fn surer_cost(&self) -> Option<Fact> {
        let more = &self.sampled?.outlook.more_cost;
        if more.first() == more.last() || self.costs_nothing() {
            return None;
        }
        let note = format!("as likely as not (P50): {}", self.likely_cost(more, 0.5));
        Some(fact("Cost, 80 % sure (P80)", self.likely_cost(more, 0.8), note, Tone::Plain))
    }

    /// True if nothing costs anything, so that values of the project are hours.
    pub(super) fn costs_nothing(&self) -> bool {
        match self.tracked {
            Some(tracked) => tracked.tracking.is_in_hours,
            None => self.in_the_end() == Money::ZERO && self.plan().risks().iter().all(|risk| risk.cost.is_none()),
        }
    }

    fn progress(&self) -> Option<Fact> {
        let tracking = self.tracked?.tracking;
        let total = &tracking.value.total;
        let complete = total.complete()?;
        let ratio = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
        let (cost, time) = (total.cost_performance(), tracking.schedule.performance());
        let is_behind = |value: Option<f64>| value.is_some_and(|value| value < 0.95);
        let note = format!("CPI {}, SPI {}, SPI(t) {}", ratio(cost), ratio(total.schedule_performance()), ratio(time));
        let tone = if is_behind(cost) || is_behind(time) { Tone::Watch } else { Tone::Good };
        Some(fact("Earned", share(complete), note, tone))
    }

    fn top_risks(&self) -> Option<Fact> {
        let risks = self.gravest_risks();
        let named: Vec<String> = risks.iter().take(MOST_RISKS).map(|(title, _)| title.clone()).collect();
        if named.is_empty() {
            return None;
        }
        Some(fact("Top risks", named.join("; "), "by the mean delay and cost that they bring", Tone::Watch))
    }

    fn answer(&self) -> Fact {
        let outcome = self.outcome;
        let (left, schedule) = (self.forecast.left, self.forecast.schedule);
        let gap = outcome.leading_goal().and_then(|goal| crate::schedule::gap(left, schedule, goal));
        let note = gap.map_or_else(String::new, |gap| format!("gap to the proven bound: {}", gap_text(Some(gap))));
        fact("Schedule", status_text(outcome), note, Tone::Plain)
    }

    /// Says that the schedule breaks budgets.
    fn left_aside(&self) -> Option<Fact> {
        // What is left of a cap is no more than the cap.
        let mut caps = self.plan().budgets().iter().zip(self.forecast.left.budgets().iter());
        let is_aside = caps.any(|(whole, left)| left.cap == Money::MAX && whole.cap < Money::MAX);
        let note = "the schedule leaves them aside: no other keeps them";
        is_aside.then(|| fact("Budgets", "not enough for what is left", note, Tone::Bad))
    }

    /// Risks and issues by what they cost in days and money on average, with what they are called and where they stand among the
    /// events.
    pub(super) fn gravest_risks(&self) -> Vec<(String, usize)> {
        let Some(assessment) = self.assessment() else { return Vec::new() };
        let plan = self.plan();
        // To the tenth of a day and the unit of money: what is less counts for nothing.
        let delay = |at: usize| (assessment.events[at].mean_delay / MINUTES_PER_DAY as f64 * 10.0).round() / 10.0;
        let cost = |at: usize| (assessment.events[at].cost / 100.0).round();
        let mut order: Vec<usize> =
            (0..assessment.events.len()).filter(|&at| delay(at) > 0.0 || cost(at) > 0.0).collect();
        order.sort_by(|&one, &other| {
            delay(other).total_cmp(&delay(one)).then(cost(other).total_cmp(&cost(one))).then(one.cmp(&other))
        });
        let title = |at: usize| driver_title(plan, Driver::Event(assessment.events[at].source));
        order.into_iter().map(|at| (title(at), at)).collect()
    }
}
