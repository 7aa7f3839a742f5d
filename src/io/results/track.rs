//! What `track` writes: earned value, its trend and curve, slips, spending, forecasts, warnings, buffers.

use std::io::{self, Write};

use super::cells::{Cells, Decimal, Format, decimal, write_table};
use super::risk::NEVER;
use super::schedule::in_time_units;
use crate::plan::notation::earning_rule_text;
use crate::plan::{ActivityType, LabelId, Plan, TaskId};
use crate::track::buffers::{Buffer, Call, Penetration};
use crate::track::{
    Baseline, CostMethod, EarnedValue, Forecast, Overrun, Simulated, Threatened, TimeMethod, Tracking, Warning,
};
use crate::units::{Moment, Money};

/// The columns of earned_value.csv: a row for the project, its overhead, each account and each task (summaries with what is
/// below them); `kind` says which. Values are money or, where nothing costs anything, hours of working time. Indices whose
/// divisor is zero are empty; `ev_method` is the rule by which a task earns.
pub const EARNED_VALUE_COLUMNS: &[&str] = &[
    "kind",
    "id",
    "name",
    "bac",
    "pv",
    "ev",
    "ac",
    "committed",
    "cv",
    "sv",
    "cpi",
    "spi",
    "eac_budgeted",
    "eac_cpi",
    "eac_cpi_spi",
    "vac",
    "tcpi",
    "ev_method",
];

/// The columns of trend.csv: the project at each date of a report. `es`, `at` and `sv_t` are in periods.
pub const TREND_COLUMNS: &[&str] =
    &["date", "bac", "pv", "ev", "ac", "cpi", "spi", "es", "at", "sv_t", "spi_t", "eac_cpi", "finish_at_pace"];

/// The columns of curve.csv: cumulative money at the end of each period. `forecast` begins at the status date.
pub const CURVE_OF_VALUE_COLUMNS: &[&str] = &["date", "pv", "ev", "ac", "forecast"];

/// The columns of slippage.csv. `start_slip` and `finish_slip` are working time of the project calendar in the plan's time
/// unit; tasks that have come or gone since the baseline have one pair of dates.
pub const SLIPPAGE_COLUMNS: &[&str] = &[
    "task",
    "name",
    "change",
    "baseline_start",
    "baseline_finish",
    "start",
    "finish",
    "start_slip",
    "finish_slip",
    "cost",
];

/// The columns of spending.csv.
pub const SPENDING_COLUMNS: &[&str] =
    &["budget", "cap", "spent", "committed", "remaining", "to_come", "at_completion", "breaks"];

/// The columns of forecasts.csv: finish and cost in the end, by every method. Penalty and bonus of the project's deadline are in
/// the costs of the schedule and of samples, and in what these are held against, but in no budget.
pub const FORECAST_COLUMNS: &[&str] = &["what", "method", "finish", "cost", "against_baseline"];

/// The columns of warnings.csv. `overrun` is in the plan's time unit, or money; `sure` is no where only bad luck (the 80th
/// percentile) breaks it.
pub const WARNING_COLUMNS: &[&str] = &["kind", "id", "breaks", "overrun", "sure", "act_by"];

/// The columns of buffers.csv.
pub const BUFFER_COLUMNS: &[&str] = &["buffer", "protects", "size", "from", "to", "cut", "chain"];

/// The columns of penetration.csv: how much of each buffer is used up.
pub const PENETRATION_COLUMNS: &[&str] = &["buffer", "protects", "size", "chain_complete", "used", "finish", "call"];

fn ratio(cells: &mut Cells<'_>, value: Option<f64>) {
    match value.filter(|value| value.is_finite()) {
        Some(value) => cells.number(four_digits(value)),
        None => cells.empty(),
    }
}

/// A number with four decimals at most.
fn four_digits(value: f64) -> Decimal {
    decimal((value.clamp(-1e12, 1e12) * 10_000.0).round() as i128, 10_000)
}

fn money(cells: &mut Cells<'_>, value: Option<Money>) {
    match value {
        Some(value) => cells.number(value),
        None => cells.empty(),
    }
}

/// Writes earned_value.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_earned_value(plan: &Plan, tracking: &Tracking, format: Format, out: &mut dyn Write) -> io::Result<()> {
    type Row<'r> = (&'r str, String, String, EarnedValue, String);
    let part = |kind, id, name, value| -> Row<'_> { (kind, id, name, value, String::new()) };
    let mut rows = vec![part("project", String::new(), plan.project().name.clone(), tracking.value.total)];
    if tracking.value.overhead != EarnedValue::default() {
        rows.push(part("overhead", String::new(), "overhead and what names no task".into(), tracking.value.overhead));
    }
    if tracking.value.removed != EarnedValue::default() {
        rows.push(part("removed", String::new(), "tasks that are gone".into(), tracking.value.removed));
    }
    let word = |account: Option<LabelId>| account.map(|account| plan.label(account).to_owned()).unwrap_or_default();
    if tracking.value.accounts.iter().any(|(account, _)| account.is_some()) {
        let accounts = tracking.value.accounts.iter();
        rows.extend(accounts.map(|&(account, value)| part("account", word(account), String::new(), value)));
    }
    for (task, data) in plan.tasks().iter_enumerated() {
        let (kind, method) = match (data.modes.is_empty(), data.activity) {
            (true, _) => ("summary", String::new()),
            (false, ActivityType::LevelOfEffort) => ("task", "as time goes by".to_owned()),
            (false, _) => ("task", earning_rule_text(&data.earning)),
        };
        rows.push((kind, data.id.to_string(), data.name.to_string(), tracking.value.tasks[task], method));
    }
    write_table(out, format, EARNED_VALUE_COLUMNS, rows.len(), |at, cells| {
        let (kind, id, name, value, method) = &rows[at];
        cells.text(kind);
        cells.text(id);
        cells.text(name);
        for amount in [value.budget, value.planned, value.earned, value.actual, value.committed] {
            cells.number(amount);
        }
        cells.number(value.cost_variance());
        cells.number(value.schedule_variance());
        ratio(cells, value.cost_performance());
        ratio(cells, value.schedule_performance());
        for method in CostMethod::ALL {
            money(cells, value.estimate_at_completion(method));
        }
        let estimate = value.estimate_at_completion(CostMethod::AtCpi);
        money(cells, estimate.map(|estimate| value.variance_at_completion(estimate)));
        ratio(cells, value.to_complete(value.budget));
        cells.text(method);
    })
}

/// Writes trend.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_trend(plan: &Plan, tracking: &Tracking, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, TREND_COLUMNS, tracking.trend.len(), |at, cells| {
        let standing = &tracking.trend[at];
        let (value, schedule) = (&standing.value, &standing.schedule);
        cells.text(&plan.format_moment(standing.at));
        for amount in [value.budget, value.planned, value.earned, value.actual] {
            cells.number(amount);
        }
        ratio(cells, value.cost_performance());
        ratio(cells, value.schedule_performance());
        for number in [schedule.earned, schedule.actual, schedule.variance()] {
            cells.number(four_digits(number));
        }
        ratio(cells, schedule.performance());
        money(cells, value.estimate_at_completion(CostMethod::AtCpi));
        match schedule.length_at_completion(TimeMethod::AtPace, value.cost_performance()) {
            Some(length) => cells.text(&plan.format_last_day(tracking.finish_after(plan, length))),
            None => cells.empty(),
        }
    })
}

/// Writes curve.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_value_curve(plan: &Plan, tracking: &Tracking, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, CURVE_OF_VALUE_COLUMNS, tracking.curve.len(), |at, cells| {
        let point = &tracking.curve[at];
        cells.text(&plan.format_moment(point.at));
        cells.number(point.planned);
        money(cells, point.earned);
        money(cells, point.actual);
        money(cells, point.forecast);
    })
}

/// Writes slippage.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_slippage(
    forecast: &Forecast<'_>,
    baseline: &Baseline,
    tracking: &Tracking,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let plan = forecast.whole;
    let (slips, scope) = (&tracking.slips, &tracking.scope);
    let rows = slips.len() + scope.added.len() + scope.removed.len();
    let costs = |task: TaskId| tracking.value.tasks[task].budget;
    write_table(out, format, SLIPPAGE_COLUMNS, rows, |at, cells| {
        let dates = |cells: &mut Cells<'_>, dates: Option<(Moment, Moment)>| match dates {
            Some((start, finish)) => [plan.format_moment(start), plan.format_end(finish)].map(|it| cells.text(&it)),
            None => [cells.empty(), cells.empty()],
        };
        if let Some(slip) = slips.get(at) {
            let data = &plan.tasks()[slip.task];
            cells.text(&data.id);
            cells.text(&data.name);
            cells.text(change_of(slip.finish.0));
            dates(cells, Some(slip.promised));
            dates(cells, Some(slip.now));
            cells.number(in_time_units(plan, slip.start));
            cells.number(in_time_units(plan, slip.finish));
            cells.number(costs(slip.task));
        } else if let Some(&(task, cost)) = scope.added.get(at - slips.len()) {
            let data = &plan.tasks()[task];
            cells.text(&data.id);
            cells.text(&data.name);
            cells.text("added");
            dates(cells, None);
            dates(cells, Some(forecast.spans[task]));
            cells.empty();
            cells.empty();
            cells.number(cost);
        } else {
            let row = &baseline.rows[scope.removed[at - slips.len() - scope.added.len()]];
            cells.text(&row.id);
            cells.text(&row.name);
            cells.text("removed");
            dates(cells, Some((row.start, row.finish)));
            dates(cells, None);
            cells.empty();
            cells.empty();
            cells.number(row.cost);
        }
    })
}

fn change_of(minutes: i64) -> &'static str {
    match minutes {
        0 => "as promised",
        1.. => "later",
        _ => "earlier",
    }
}

/// Writes spending.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_spending(plan: &Plan, tracking: &Tracking, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, SPENDING_COLUMNS, tracking.spending.len(), |at, cells| {
        let row = &tracking.spending[at];
        cells.text(&plan.budgets()[row.budget].id);
        for amount in [row.cap, row.spent, row.committed, row.remaining(), row.to_come, row.at_completion()] {
            cells.number(amount);
        }
        match row.breaks {
            Some(breaks) => cells.text(&plan.format_last_day(breaks)),
            None => cells.empty(),
        }
    })
}

/// A finish or a cost in the end, by a method.
#[derive(Clone, Debug)]
pub struct ForecastRow {
    /// `finish` or `cost`.
    pub what: &'static str,
    /// The method, in words.
    pub method: &'static str,
    /// The finish.
    pub finish: Option<Moment>,
    /// True if it is no more exact than to the day.
    pub is_of_day: bool,
    /// The cost; `None` of a cost that never ends.
    pub cost: Option<Money>,
    /// What the baseline promised of the cost: with penalty and bonus where they are in the cost.
    pub promised_cost: Money,
}

impl ForecastRow {
    /// The finish as text.
    pub fn finish_text(&self, plan: &Plan) -> Option<String> {
        let text = |finish| match finish {
            Moment::NEVER => NEVER.to_owned(),
            _ if self.is_of_day => plan.format_last_day(finish),
            _ => plan.format_end(finish),
        };
        self.finish.map(text)
    }
}

/// What samples say: the 50th and the 80th percentile.
const SIMULATED: [&str; 2] = ["simulated, as likely as not (P50)", "simulated, 80 % sure (P80)"];

/// Finish and cost in the end by every method that has an answer; no cost where nothing costs anything.
pub fn forecast_rows(forecast: &Forecast<'_>, tracking: &Tracking) -> Vec<ForecastRow> {
    let mut rows = Vec::new();
    let mut finish = |method, finish: Option<Moment>, is_of_day: bool| {
        let row = ForecastRow { what: "finish", method, finish, is_of_day, cost: None, promised_cost: Money::ZERO };
        rows.extend(finish.map(|_| row));
    };
    finish("schedule of what is left", Some(forecast.finish), false);
    if let Some(Simulated { finish: range, .. }) = &forecast.simulated {
        finish(SIMULATED[0], Some(range.middle), false);
        finish(SIMULATED[1], Some(range.late), false);
    }
    for method in TimeMethod::ALL {
        let length = tracking.schedule.length_at_completion(method, tracking.value.total.cost_performance());
        let words = match method {
            TimeMethod::AsPlanned => "earned schedule, the rest as planned",
            TimeMethod::AtPace => "earned schedule, at the pace so far (SPI(t))",
            TimeMethod::AtPaceAndCost => "earned schedule, at SPI(t) x CPI",
        };
        finish(words, length.map(|length| tracking.finish_after(forecast.whole, length)), true);
    }
    if !tracking.is_in_hours {
        rows.extend(cost_rows(forecast, tracking));
    }
    rows
}

fn cost_rows(forecast: &Forecast<'_>, tracking: &Tracking) -> Vec<ForecastRow> {
    let row = |method, cost, promised_cost| ForecastRow {
        what: "cost",
        method,
        finish: None,
        is_of_day: false,
        cost,
        promised_cost,
    };
    let promised = tracking.promised_cost();
    let mut rows = vec![row("schedule of what is left (AC + ETC)", Some(tracking.bottom_up()), promised)];
    if let Some(Simulated { more_cost, .. }) = &forecast.simulated {
        for (method, more) in [(SIMULATED[0], more_cost.middle), (SIMULATED[1], more_cost.late)] {
            rows.push(row(method, more.map(|more| tracking.bottom_up() + more), promised));
        }
    }
    for method in CostMethod::ALL {
        let words = match method {
            CostMethod::AsBudgeted => "the rest as budgeted (AC + BAC - EV)",
            CostMethod::AtCpi => "at the cost performance so far (BAC / CPI)",
            CostMethod::AtCpiAndSpi => "at CPI x SPI",
        };
        // By budgets: penalty and bonus are in none.
        let total = &tracking.value.total;
        rows.extend(total.estimate_at_completion(method).map(|cost| row(words, Some(cost), total.budget)));
    }
    rows
}

/// Writes forecasts.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_forecasts(
    forecast: &Forecast<'_>,
    baseline: &Baseline,
    tracking: &Tracking,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = forecast_rows(forecast, tracking);
    let plan = forecast.whole;
    write_table(out, format, FORECAST_COLUMNS, rows.len(), |at, cells| {
        let row = &rows[at];
        cells.text(row.what);
        cells.text(row.method);
        match row.finish_text(plan) {
            Some(finish) => cells.text(&finish),
            None => cells.empty(),
        }
        match (row.finish, row.cost) {
            (None, None) => cells.text(NEVER),
            (_, cost) => money(cells, cost),
        }
        match (row.finish, row.cost, baseline.finish()) {
            (Some(Moment::NEVER), ..) => cells.empty(),
            (Some(finish), _, Some(promised)) => {
                cells.number(in_time_units(plan, crate::schedule::later(plan, promised, finish)));
            }
            (_, Some(cost), _) => cells.number(cost - row.promised_cost),
            _ => cells.empty(),
        }
    })
}

/// What a warning is about: kind and id.
pub fn threatened_words(plan: &Plan, what: Threatened) -> (&'static str, String) {
    match what {
        Threatened::Project => ("project", String::new()),
        Threatened::Task(task) => ("task", plan.tasks()[task].id.to_string()),
        Threatened::Deliverable(id) => ("deliverable", plan.deliverables()[id].id.to_string()),
        Threatened::Budget(id) => ("budget", plan.budgets()[id].id.to_string()),
    }
}

/// When something breaks: when money runs out is known to the day.
pub fn breaks_text(plan: &Plan, warning: &Warning) -> String {
    match warning.overrun {
        Overrun::Time(_) | Overrun::Never => plan.format_end(warning.breaks),
        Overrun::Money(_) => plan.format_last_day(warning.breaks),
    }
}

/// Until when something can be done, or why there is no such date.
pub fn act_by_text(plan: &Plan, warning: &Warning) -> String {
    match (warning.act_by, warning.overrun) {
        (Some(moment), _) => plan.format_moment(moment),
        (None, Overrun::Money(Money::ZERO)) => "all of it is under way".to_owned(),
        (None, Overrun::Never) => "-".to_owned(),
        (None, _) => "too late to win back".to_owned(),
    }
}

/// Writes warnings.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_warnings(plan: &Plan, warnings: &[Warning], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, WARNING_COLUMNS, warnings.len(), |at, cells| {
        let warning = &warnings[at];
        let (kind, id) = threatened_words(plan, warning.what);
        cells.text(kind);
        cells.text(&id);
        cells.text(&breaks_text(plan, warning));
        match warning.overrun {
            Overrun::Time(minutes) => cells.number(in_time_units(plan, minutes)),
            Overrun::Money(money) => cells.number(money),
            Overrun::Never => cells.text(NEVER),
        }
        cells.flag(warning.is_forecast);
        match warning.act_by {
            Some(moment) => cells.text(&plan.format_moment(moment)),
            None => cells.empty(),
        }
    })
}

fn chain_cell(plan: &Plan, chain: &[TaskId]) -> String {
    chain.iter().map(|&task| &*plan.tasks()[task].id).collect::<Vec<_>>().join(";")
}

fn protected(plan: &Plan, buffer: &Buffer) -> (&'static str, String) {
    match buffer.before {
        None => ("project", String::new()),
        Some(task) => ("feeding", plan.tasks()[task].id.to_string()),
    }
}

/// Writes buffers.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_buffers(plan: &Plan, buffers: &[Buffer], format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, BUFFER_COLUMNS, buffers.len(), |at, cells| {
        let buffer = &buffers[at];
        let (kind, protects) = protected(plan, buffer);
        cells.text(kind);
        cells.text(&protects);
        cells.number(in_time_units(plan, buffer.size));
        cells.text(&plan.format_moment(buffer.from));
        cells.text(&plan.format_moment(buffer.to));
        cells.flag(buffer.is_cut);
        cells.text(&chain_cell(plan, &buffer.chain));
    })
}

/// The word for what the use of a buffer calls for.
pub fn call_word(call: Call) -> &'static str {
    match call {
        Call::Watch => "watch",
        Call::Plan => "plan",
        Call::Act => "act",
    }
}

/// Writes penetration.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_penetration(
    plan: &Plan,
    buffers: &[(Buffer, Penetration)],
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_table(out, format, PENETRATION_COLUMNS, buffers.len(), |at, cells| {
        let (buffer, penetration) = &buffers[at];
        let (kind, protects) = protected(plan, buffer);
        cells.text(kind);
        cells.text(&protects);
        cells.number(in_time_units(plan, buffer.size));
        cells.number(four_digits(penetration.complete));
        ratio(cells, Some(penetration.used));
        cells.text(&plan.format_end(penetration.finish));
        cells.text(call_word(penetration.call()));
    })
}
