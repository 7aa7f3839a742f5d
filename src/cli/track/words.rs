//! How a project stands, for people.

use std::io::{self, Write};

use floatline::io::results::{NEVER, act_by_text, breaks_text, call_word, forecast_rows, threatened_words};
use floatline::plan::{LinkId, Plan, ProgressLogic, Task, TaskId, TaskKind, TimeUnit};
use floatline::quality::out_of_sequence;
use floatline::risk::Work;
use floatline::schedule::later;
use floatline::schedule::prose::{at_end_of, work_unit};
use floatline::track::{EarnedValue, Overrun, Slip};
use floatline::units::{MINUTES_PER_DAY, Minutes, Moment, Money};

use super::super::buffers::chain_text;
use super::super::settings::Settings;
use super::super::{print, quality, summary};
use super::{Answer, Arguments, PeriodFlag};

/// Rows of a table that are printed unless all are asked for.
const MOST_ROWS: usize = 12;
/// Names that are printed in a line.
const MOST_NAMES: usize = 8;

/// Everything that is known, the most important first.
pub fn write(out: &mut dyn Write, answer: &Answer<'_>, arguments: &Arguments, settings: &Settings) -> io::Result<()> {
    let plan = answer.forecast.whole;
    let at = at_end_of(plan, answer.tracking.at);
    writeln!(out, "{}: status {at}, against {}\n", plan.project().name, baseline_words(answer))?;
    write_figures(out, answer, arguments)?;
    write_forecasts(out, answer)?;
    write_warnings(out, answer, arguments)?;
    write_issues(out, answer, arguments)?;
    write_sequence(out, plan)?;
    write_parts(out, answer, arguments)?;
    write_spending(out, answer)?;
    write_trend(out, answer, arguments)?;
    write_slips(out, answer, arguments)?;
    write_buffers(out, answer)?;
    if let Some(folder) = &settings.out {
        let buffers = if answer.buffers.is_empty() { "" } else { ", penetration.csv" };
        writeln!(
            out,
            "\nwrote earned_value.csv, trend.csv, curve.csv, curve.svg, slippage.csv, spending.csv, forecasts.csv, \
             warnings.csv, effects.csv, spent.csv, schedule.csv{buffers} to {}",
            folder.display()
        )?;
    }
    if !answer.is_frozen {
        let text = "there is no baseline; `floatline solve PLAN --baseline NAME` freezes one, before work begins";
        writeln!(out, "\nnote: {text}")?;
    }
    Ok(())
}

fn baseline_words(answer: &Answer<'_>) -> String {
    if answer.is_frozen { format!("the baseline `{}`", answer.baseline.name) } else { answer.baseline.name.clone() }
}

fn ratio(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map_or("-".to_owned(), |value| format!("{value:.2}"))
}

fn write_figures(out: &mut dyn Write, answer: &Answer<'_>, arguments: &Arguments) -> io::Result<()> {
    let (plan, tracking) = (answer.forecast.whole, &answer.tracking);
    let total = &tracking.value.total;
    let unit = if tracking.is_in_hours { work_unit(plan) } else { &*plan.project().currency };
    let money = |amount: Money| summary::money_text(amount, unit);
    if total.budget == Money::ZERO {
        let spent = money(total.actual);
        return writeln!(out, "  the baseline has no costs, so that no value is planned or earned; spent {spent}");
    }
    let share = total.complete().map_or("-".to_owned(), |share| format!("{:.0} %", share * 100.0));
    if tracking.is_in_hours {
        writeln!(
            out,
            "  nothing costs anything: tasks are worth their working time in the baseline, and cost the time worked"
        )?;
    }
    let spent = match (tracking.is_estimated, answer.has_books) {
        (false, _) => "",
        (true, _) if tracking.is_in_hours => "about ",
        (true, true) => "about (expenses.csv has no rows) ",
        (true, false) => "about (no expenses.csv) ",
    };
    let owed = match total.committed {
        Money::ZERO => String::new(),
        owed => format!(", {} more is owed", money(owed)),
    };
    writeln!(out, "  done      {share}: earned {} of {} budgeted", money(total.earned), money(total.budget))?;
    writeln!(out, "  planned   {} by now", money(total.planned))?;
    writeln!(out, "  spent     {spent}{}{owed}", money(total.actual))?;
    let (cpi, cv) = (total.cost_performance(), total.cost_variance());
    writeln!(out, "  cost      CPI {}, CV {}: {}", ratio(cpi), money(cv), cost_words(total))?;
    let (spi, sv) = (total.schedule_performance(), total.schedule_variance());
    writeln!(out, "  schedule  SPI {}, SV {}", ratio(spi), money(sv))?;
    let schedule = &tracking.schedule;
    let (unit, units) = match (plan.project().time_unit, arguments.period) {
        (TimeUnit::Period, PeriodFlag::Day) => ("period", "periods"),
        (TimeUnit::Period, PeriodFlag::Week) => ("step", "steps of 10 periods"),
        (TimeUnit::Period, PeriodFlag::Month) => ("step", "steps of 100 periods"),
        (_, PeriodFlag::Day) => ("day", "days"),
        (_, PeriodFlag::Week) => ("week", "weeks"),
        (_, PeriodFlag::Month) => ("month", "months"),
    };
    let behind = schedule.variance();
    writeln!(
        out,
        "  time      SPI(t) {}, SV(t) {behind:+.1} {units}: what is earned was planned for {unit} {:.1}, it is {:.1} of {:.1}",
        ratio(schedule.performance()),
        schedule.earned,
        schedule.actual,
        schedule.planned
    )?;
    match total.to_complete(total.budget) {
        Some(index) => writeln!(out, "  to do     TCPI {index:.2} to stay within the budget"),
        None if total.earned >= total.budget => writeln!(out, "  to do     nothing"),
        None => writeln!(out, "  to do     nothing is left of the budget for it"),
    }
}

fn cost_words(total: &EarnedValue) -> &'static str {
    match total.cost_performance() {
        None => "nothing was spent",
        Some(index) if index < 0.98 => "dearer than planned",
        Some(index) if index > 1.02 => "cheaper than planned",
        Some(_) => "as planned",
    }
}

fn write_forecasts(out: &mut dyn Write, answer: &Answer<'_>) -> io::Result<()> {
    let plan = answer.forecast.whole;
    let rows = forecast_rows(answer.forecast, &answer.tracking);
    let promised = answer.baseline.finish();
    writeln!(out, "\nIn the end:")?;
    let rows = rows.iter().map(|row| {
        let (value, against) = match (row.finish, row.cost) {
            (Some(Moment::NEVER), _) | (None, None) => (NEVER.to_owned(), None),
            (Some(finish), _) => {
                let against = promised.map(|promised| signed_time(plan, later(plan, promised, finish)));
                (row.finish_text(plan).unwrap_or_default(), against)
            }
            (None, Some(cost)) => (
                summary::money_text(cost, &plan.project().currency),
                Some(signed_money(plan, cost - row.promised_cost)),
            ),
        };
        vec![format!("  {}", row.what), value, against.unwrap_or_default(), row.method.to_owned()]
    });
    print::write_table(out, &print::table(&["  what", "forecast", "against baseline", "by"], &[1, 2], rows))?;
    let extra = answer.tracking.promised_extra;
    if extra != Money::ZERO {
        writeln!(
            out,
            "  costs of the schedule and of samples have the penalty less the bonus for the finish ({} as promised); budgets do not",
            summary::money_text(extra, &plan.project().currency)
        )?;
    }
    let Some(simulated) = answer.forecast.simulated.as_ref().filter(|it| it.unfinished.share > 0.0) else {
        return Ok(());
    };
    let share = simulated.unfinished.share * 100.0;
    writeln!(
        out,
        "  {share:.1} % of the samples do not finish: they count as later than any date, and dearer than any cost"
    )?;
    for it in &simulated.unplaced {
        writeln!(out, "  {}", summary::unplaced_text(plan, it))?;
    }
    Ok(())
}

fn signed_time(plan: &Plan, minutes: Minutes) -> String {
    match minutes.0 {
        0 => "as promised".to_owned(),
        1.. => format!("+{}", summary::in_words(plan, minutes)),
        _ => format!("-{}", summary::in_words(plan, -minutes)),
    }
}

fn signed_money(plan: &Plan, amount: Money) -> String {
    let text = summary::money_text(amount, &plan.project().currency);
    if amount > Money::ZERO { format!("+{text}") } else { text }
}

fn write_warnings(out: &mut dyn Write, answer: &Answer<'_>, arguments: &Arguments) -> io::Result<()> {
    let (plan, warnings) = (answer.forecast.whole, &answer.tracking.warnings);
    if warnings.is_empty() {
        let has_dates = plan.project().deadline.is_some() || plan.tasks().iter().any(|task| task.deadline.is_some());
        let text = match has_dates || !plan.budgets().is_empty() {
            true => "No deadline and no budget is going to break.",
            false => "The plan has no deadlines and no budgets that could break.",
        };
        return writeln!(out, "\n{text}");
    }
    writeln!(out, "\nWhat breaks first:")?;
    let shown = if arguments.all { warnings.len() } else { MOST_ROWS };
    let rows = warnings.iter().take(shown).map(|warning| {
        let (kind, id) = threatened_words(plan, warning.what);
        let overrun = match warning.overrun {
            Overrun::Never => NEVER.to_owned(),
            Overrun::Time(minutes) => signed_time(plan, minutes),
            Overrun::Money(Money::ZERO) => "at this rate".to_owned(),
            Overrun::Money(money) => signed_money(plan, money),
        };
        vec![
            format!("  {kind} {id}"),
            breaks_text(plan, warning),
            overrun,
            if warning.is_forecast { "forecast" } else { "with bad luck" }.to_owned(),
            act_by_text(plan, warning),
        ]
    });
    print::write_table(out, &print::table(&["  what", "breaks", "by", "how sure", "act by"], &[2], rows))?;
    more(out, warnings.len(), shown)
}

/// What an issue moves most, by how many days (periods) on average, and how much there is besides.
fn moved_text(plan: &Plan, moved: &[(Work, f64)]) -> String {
    let Some((work, minutes)) = moved.iter().max_by(|one, other| one.1.total_cmp(&other.1)) else {
        return "nothing".to_owned();
    };
    let id = match *work {
        Work::Task(task) => &plan.tasks()[task].id,
        Work::Gate(gate) => &plan.gates()[gate].id,
    };
    let unit = if plan.project().time_unit == TimeUnit::Period { 1 } else { MINUTES_PER_DAY };
    let more = if moved.len() > 1 { format!(" and {} more", moved.len() - 1) } else { String::new() };
    format!("{id} {:+.2}{more}", minutes / unit as f64)
}

/// Work that began before what it waits for let it, and what becomes of it.
fn write_sequence(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    let open = |link: &LinkId| !plan.tasks()[plan.links()[*link].successor].is_finished();
    let links: Vec<LinkId> = out_of_sequence(plan).into_iter().filter(open).collect();
    if links.is_empty() {
        return Ok(());
    }
    let rest = match plan.project().dating.progress_logic {
        ProgressLogic::Retained | ProgressLogic::Actual => "what is left of it waits (progress_logic retained)",
        ProgressLogic::Override => "what is left of it goes on (progress_logic override)",
    };
    writeln!(out, "\nBegun out of sequence; {rest}: {}", quality::named_links(plan, &links))
}

/// What issues have moved and are going to move, open ones first.
fn write_issues(out: &mut dyn Write, answer: &Answer<'_>, arguments: &Arguments) -> io::Result<()> {
    let (plan, mut issues) = (answer.forecast.whole, answer.tracking.issues.iter().collect::<Vec<_>>());
    if issues.is_empty() {
        return Ok(());
    }
    issues.sort_by_key(|it| plan.issues()[it.issue].is_resolved);
    writeln!(out, "\nIssues, and what they move:")?;
    let shown = if arguments.all { issues.len() } else { MOST_ROWS };
    let rows = issues.iter().take(shown).map(|it| {
        let row = &plan.issues()[it.issue];
        let ends = it.ahead.as_ref().map(|ahead| [ahead.without, ahead.with].map(|at| plan.format_moment(at)));
        let [without, with] = ends.unwrap_or(["-".to_owned(), "-".to_owned()]);
        let days = it.ahead.as_ref().map_or("-".to_owned(), |ahead| {
            let unit = if plan.project().time_unit == TimeUnit::Period { 1 } else { MINUTES_PER_DAY };
            format!("{:+.2}", ahead.mean_delay / unit as f64)
        });
        vec![
            format!("  {}", row.id),
            if row.is_resolved { "resolved" } else { "open" }.to_owned(),
            plan.tasks()[it.task].id.to_string(),
            plan.format_moment(it.finish),
            it.slip.map_or("new".to_owned(), |slip| signed_time(plan, slip)),
            summary::money_text(it.cost, ""),
            without,
            with,
            days,
            it.ahead.as_ref().map_or(String::new(), |ahead| moved_text(plan, &ahead.moved)),
        ]
    });
    let headers =
        ["  issue", "", "task", "task finish", "slip", "cost", "P80 without it", "P80 with it", "mean, days", "moves"];
    print::write_table(out, &print::table(&headers, &[4, 5, 8], rows))?;
    more(out, issues.len(), shown)
}

fn more(out: &mut dyn Write, all: usize, shown: usize) -> io::Result<()> {
    if all > shown { writeln!(out, "  and {} more (--all shows them)", all - shown) } else { Ok(()) }
}

/// Values of accounts and of the summaries at the top, two levels deep if they are few.
fn write_parts(out: &mut dyn Write, answer: &Answer<'_>, arguments: &Arguments) -> io::Result<()> {
    let (plan, value) = (answer.forecast.whole, &answer.tracking.value);
    let money = |amount: Money| summary::money_text(amount, "");
    let row = |name: String, value: &EarnedValue| {
        vec![
            format!("  {name}"),
            money(value.budget),
            money(value.planned),
            money(value.earned),
            money(value.actual),
            money(value.committed),
            ratio(value.cost_performance()),
            ratio(value.schedule_performance()),
        ]
    };
    let tasks = || plan.tasks().iter_enumerated();
    let has_summaries = tasks().any(|(_, task)| task.kind == TaskKind::Summary);
    // Work beside the summaries is part of the whole; much of it is one part.
    let is_alone = |task: &Task| task.kind != TaskKind::Summary && task.parent.is_none();
    let alone = tasks().filter(|(_, task)| is_alone(task)).count();
    let is_told = arguments.all || alone <= MOST_ROWS;
    let is_part = |task: &Task| match task.kind {
        TaskKind::Summary => arguments.all || task.parent.is_none(),
        _ => is_told && is_alone(task),
    };
    let parts: Vec<TaskId> = tasks().filter(|(_, task)| is_part(task)).map(|(task, _)| task).collect();
    let headers = |what: &str| {
        [
            what.to_owned(),
            "BAC".into(),
            "PV".into(),
            "EV".into(),
            "AC".into(),
            "owed".into(),
            "CPI".into(),
            "SPI".into(),
        ]
    };
    let table = |what: &str, rows: Vec<Vec<String>>| {
        let headers = headers(what);
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        print::table(&headers, &[1, 2, 3, 4, 5, 6, 7], rows)
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    if has_summaries {
        for task in parts {
            let data = &plan.tasks()[task];
            rows.push(row(format!("{} {}", data.id, data.name).trim_end().to_owned(), &value.tasks[task]));
        }
        if !is_told {
            let mut sum = EarnedValue::default();
            tasks().filter(|(_, task)| is_alone(task)).for_each(|(task, _)| sum += value.tasks[task]);
            rows.push(row(format!("({alone} tasks of no summary)"), &sum));
        }
        if value.overhead != EarnedValue::default() {
            rows.push(row("(overhead, no task)".into(), &value.overhead));
        }
        if value.removed != EarnedValue::default() {
            rows.push(row("(tasks that are gone)".into(), &value.removed));
        }
        rows.push(row("all".into(), &value.total));
        writeln!(out, "\nBy part of the project:")?;
        print::write_table(out, &table("  part", rows))?;
    }
    if value.accounts.iter().any(|(account, _)| account.is_some()) {
        let rows = value.accounts.iter().map(|(account, value)| {
            row(account.map_or("(none)".to_owned(), |account| plan.label(account).to_owned()), value)
        });
        writeln!(out, "\nBy account:")?;
        print::write_table(out, &table("  account", rows.collect()))?;
    }
    Ok(())
}

fn write_spending(out: &mut dyn Write, answer: &Answer<'_>) -> io::Result<()> {
    let (plan, spending) = (answer.forecast.whole, &answer.tracking.spending);
    if spending.is_empty() || answer.tracking.is_estimated {
        return Ok(());
    }
    let money = |amount: Money| summary::money_text(amount, "");
    writeln!(out, "\nBudgets:")?;
    let rows = spending.iter().map(|row| {
        vec![
            format!("  {}", plan.budgets()[row.budget].id),
            money(row.cap),
            money(row.spent),
            money(row.committed),
            money(row.remaining()),
            money(row.at_completion()),
            row.breaks.map_or("-".to_owned(), |breaks| plan.format_last_day(breaks)),
        ]
    });
    let headers = ["  budget", "cap", "spent", "owed", "left", "in the end", "breaks at this rate"];
    print::write_table(out, &print::table(&headers, &[1, 2, 3, 4, 5], rows))
}

fn write_trend(out: &mut dyn Write, answer: &Answer<'_>, arguments: &Arguments) -> io::Result<()> {
    let (plan, tracking) = (answer.forecast.whole, &answer.tracking);
    if tracking.trend.len() < 2 {
        return Ok(());
    }
    let shown = if arguments.all { tracking.trend.len() } else { MOST_ROWS };
    let first = tracking.trend.len().saturating_sub(shown);
    writeln!(out, "\nTrend:")?;
    let rows = tracking.trend[first..].iter().map(|standing| {
        let (value, schedule) = (&standing.value, &standing.schedule);
        let length = schedule.length_at_completion(floatline::track::TimeMethod::AtPace, value.cost_performance());
        vec![
            format!("  {}", plan.format_end(standing.at)),
            value.complete().map_or("-".to_owned(), |share| format!("{:.0} %", share * 100.0)),
            ratio(value.cost_performance()),
            ratio(value.schedule_performance()),
            ratio(schedule.performance()),
            value
                .estimate_at_completion(floatline::track::CostMethod::AtCpi)
                .map_or("-".to_owned(), |cost| summary::money_text(cost, "")),
            length.map_or("-".to_owned(), |length| plan.format_last_day(tracking.finish_after(plan, length))),
        ]
    });
    let headers = ["  status", "done", "CPI", "SPI", "SPI(t)", "BAC / CPI", "finish at SPI(t)"];
    print::write_table(out, &print::table(&headers, &[1, 2, 3, 4, 5], rows))
}

fn write_slips(out: &mut dyn Write, answer: &Answer<'_>, arguments: &Arguments) -> io::Result<()> {
    let (plan, tracking) = (answer.forecast.whole, &answer.tracking);
    let is_part = |slip: &&Slip| slip.finish != Minutes::ZERO && plan.tasks()[slip.task].kind != TaskKind::Summary;
    let mut slips: Vec<&Slip> = tracking.slips.iter().filter(is_part).collect();
    slips.sort_by_key(|slip| (std::cmp::Reverse(slip.finish), slip.task));
    let late = slips.iter().filter(|slip| slip.finish > Minutes::ZERO).count();
    writeln!(out, "\nAgainst the baseline {late} finish later, {} earlier:", slips.len() - late)?;
    let shown = if arguments.all { slips.len() } else { MOST_ROWS };
    let rows = slips.iter().take(shown).map(|slip| {
        let data = &plan.tasks()[slip.task];
        let state = match data.progress {
            Some(progress) if progress.finish.is_some() => "done",
            Some(_) => "under way",
            None => "",
        };
        let milestone = if data.kind == TaskKind::Milestone { " (milestone)" } else { "" };
        vec![
            format!("  {}", data.id),
            format!("{}{milestone}", data.title()),
            plan.format_end(slip.promised.1),
            plan.format_end(slip.now.1),
            signed_time(plan, slip.finish),
            state.to_owned(),
        ]
    });
    print::write_table(out, &print::table(&["  id", "task", "promised", "finish", "slip", ""], &[4], rows))?;
    more(out, slips.len(), shown)?;
    let list = |ids: Vec<String>| {
        let more = ids.len().saturating_sub(MOST_NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", ids.into_iter().take(MOST_NAMES).collect::<Vec<_>>().join(", "))
    };
    if !tracking.scope.added.is_empty() {
        let cost: Money = tracking.scope.added.iter().map(|&(_, cost)| cost).sum();
        let ids = tracking.scope.added.iter().map(|&(task, _)| plan.tasks()[task].id.to_string()).collect();
        let cost = summary::money_text(cost, &plan.project().currency);
        writeln!(out, "  added since, not in the budget ({cost}): {}", list(ids))?;
    }
    if !tracking.scope.removed.is_empty() {
        let ids = tracking.scope.removed.iter().map(|&row| answer.baseline.rows[row].id.to_string()).collect();
        writeln!(out, "  removed since, still in the budget: {}", list(ids))?;
    }
    Ok(())
}

fn write_buffers(out: &mut dyn Write, answer: &Answer<'_>) -> io::Result<()> {
    if answer.buffers.is_empty() {
        return Ok(());
    }
    let plan = answer.forecast.whole;
    writeln!(out, "\nBuffers (a third used: make a plan; two thirds: act):")?;
    let rows = answer.buffers.iter().map(|(buffer, used)| {
        vec![
            format!(
                "  {}",
                buffer.before.map_or("project".to_owned(), |task| format!("before {}", plan.tasks()[task].id))
            ),
            summary::in_units(plan, buffer.size),
            format!("{:.0} %", used.complete * 100.0),
            if used.used.is_finite() { format!("{:.0} %", used.used * 100.0) } else { "all".to_owned() },
            call_word(used.call()).to_owned(),
            chain_text(plan, buffer),
        ]
    });
    print::write_table(out, &print::table(&["  buffer", "size", "chain done", "used", "", "behind"], &[1, 2, 3], rows))
}
