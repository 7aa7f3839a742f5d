//! Money: the S-curve, earned value, budgets, forecasts.

use super::super::document::{Section, Table, Tone};
use super::{Status, Tracked, titled, verdict};
use crate::io::results::forecast_rows;
use crate::pictures::{self, Axis, Curve, Curves, ticks};
use crate::plan::{BudgetId, TaskKind};
use crate::risk::{Limit, money_label, money_name};
use crate::schedule::prose::work_unit;
use crate::schedule::words::{TICKS, time_label, time_ticks};
use crate::schedule::{Period, costs_by_period, spent_by_budget};
use crate::track::EarnedValue;
use crate::units::Money;

impl Status<'_> {
    /// What it has cost, and is going to cost.
    pub(super) fn money(&self) -> Option<Section> {
        let mut section = Section::new("money", "Money");
        match self.tracked {
            Some(tracked) => self.tracked_money(tracked, &mut section),
            None => section.picture(self.planned_curve()),
        }
        section.table(self.budgets(|_| true));
        section.if_any()
    }

    fn tracked_money(&self, tracked: Tracked<'_>, section: &mut Section) {
        let (plan, tracking) = (self.plan(), tracked.tracking);
        let total = &tracking.value.total;
        if total.budget == Money::ZERO && total.actual == Money::ZERO {
            return;
        }
        section.picture(Some(tracking.picture(plan)));
        let money = |amount: Money| crate::schedule::prose::money_text(amount, "");
        let ratio = |value: Option<f64>| {
            value.filter(|value| value.is_finite()).map_or("-".to_owned(), |value| format!("{value:.2}"))
        };
        let columns = ["part", "#budget", "#planned", "#earned", "#actual", "#committed", "#CPI", "#SPI"];
        let caption = match tracking.is_estimated {
            _ if tracking.is_in_hours => {
                &format!("Earned value by part, in {} of work, as nothing costs anything", work_unit(plan))
            }
            true => "Earned value by part (actual costs estimated from rates and the time worked)",
            false => "Earned value by part",
        };
        let mut table = Table::new(caption, &columns);
        let mut row = |name: String, value: &EarnedValue| {
            let index = value.cost_performance();
            let tone = if index.is_some_and(|index| index < 0.9) { Tone::Watch } else { Tone::Plain };
            let cells = [
                name,
                money(value.budget),
                money(value.planned),
                money(value.earned),
                money(value.actual),
                money(value.committed),
                ratio(index),
                ratio(value.schedule_performance()),
            ];
            table.push(tone, cells);
        };
        let tops = plan.tasks().iter_enumerated().filter(|(_, task)| task.parent.is_none());
        let (summaries, others): (Vec<_>, Vec<_>) = tops.partition(|(_, task)| task.kind == TaskKind::Summary);
        let others: Vec<_> =
            others.into_iter().filter(|(task, _)| tracking.value.tasks[*task].budget != Money::ZERO).collect();
        for (task, data) in summaries.into_iter().chain(others) {
            row(titled(&data.id, &data.name), &tracking.value.tasks[task]);
        }
        for (name, value) in
            [("(overhead, no task)", &tracking.value.overhead), ("(tasks that are gone)", &tracking.value.removed)]
        {
            if *value != EarnedValue::default() {
                row(name.to_owned(), value);
            }
        }
        row("all".to_owned(), total);
        section.table(table);
        let mut table = Table::new("In the end, by every method", &["what", "forecast", "by"]);
        for forecast in forecast_rows(self.forecast, tracking) {
            let value = match (forecast.finish, forecast.cost) {
                (Some(finish), _) => self.day(finish),
                (None, Some(cost)) => self.money_text(cost),
                (None, None) => continue,
            };
            table.push(Tone::Plain, [forecast.what.to_owned(), value, forecast.method.to_owned()]);
        }
        section.table(table);
    }

    /// Planned costs as they grow; `None` if nothing costs anything.
    fn planned_curve(&self) -> Option<String> {
        let plan = self.plan();
        let period = Period::fitting(plan, plan.project().start, self.forecast.finish);
        let costs = costs_by_period(self.forecast.left, self.forecast.schedule, period);
        let mut sum = 0.0;
        let mut points: Vec<(f64, f64)> = Vec::new();
        for cost in &costs {
            if points.is_empty() {
                points.push((cost.from.0 as f64, 0.0));
            }
            sum += cost.cost.0 as f64 / 100.0;
            let at = cost.to.min(self.forecast.finish).0 as f64;
            match points.last_mut().filter(|last| last.0 == at) {
                Some(last) => last.1 = sum,
                None => points.push((at, sum)),
            }
        }
        let (first, last) = (points.first()?.0, points.last()?.0);
        let most = points.iter().map(|point| point.1).fold(0.0, f64::max);
        Some(pictures::curves(&Curves {
            title: &format!("{}: cost", plan.project().name),
            across: Axis { name: "", ticks: &time_ticks(plan, first, last), label: &time_label(plan) },
            up: Axis { name: &money_name("cost", plan), ticks: &ticks(0.0, most, TICKS), label: &money_label },
            curves: &[Curve { name: "planned cost".to_owned(), points, is_expected: false }],
            mark: None,
        }))
    }

    /// Budgets against what is spent, or what the schedule costs under each.
    ///
    /// # Arguments
    /// `is_told` says which.
    pub(super) fn budgets(&self, is_told: impl Fn(BudgetId) -> bool) -> Table {
        let plan = self.plan();
        let money = |amount: Money| crate::schedule::prose::money_text(amount, "");
        let limits = self.assessment().map(|assessment| assessment.limits(plan)).unwrap_or_default();
        let kept = |id: BudgetId| {
            let of_budget = limits.iter().find(|kept| matches!(kept.limit, Limit::Budget(of, _) if of == id));
            of_budget.map_or_else(String::new, |kept| super::share(kept.kept.share))
        };
        let Some(tracked) = self.tracked else {
            let columns = ["budget", "#cap", "#in the end", "#left in the end", "kept in samples"];
            let mut table = Table::new("Budgets", &columns);
            let spent = spent_by_budget(self.forecast.left, self.forecast.schedule);
            for ((id, budget), end) in plan.budgets().iter_enumerated().zip(spent).filter(|((id, _), _)| is_told(*id)) {
                let tone = verdict(end <= budget.cap);
                let left = money(budget.cap - end);
                table.push(tone, [budget.id.to_string(), money(budget.cap), money(end), left, kept(id)]);
            }
            return table;
        };
        let columns = [
            "budget",
            "#cap",
            "#spent",
            "#committed",
            "#left",
            "#in the end",
            "kept in samples",
            "breaks at this rate",
        ];
        let mut table = Table::new("Budgets", &columns);
        for row in tracked.tracking.spending.iter().filter(|row| is_told(row.budget)) {
            let end = row.at_completion();
            let tone = match (end > row.cap, row.breaks) {
                (true, _) => Tone::Bad,
                (false, Some(_)) => Tone::Watch,
                (false, None) => Tone::Good,
            };
            let cells = [
                plan.budgets()[row.budget].id.to_string(),
                money(row.cap),
                money(row.spent),
                money(row.committed),
                money(row.remaining()),
                money(end),
                kept(row.budget),
                row.breaks.map_or("-".to_owned(), |breaks| self.day(breaks)),
            ];
            table.push(tone, cells);
        }
        table
    }
}
