//! What samples say of a plan, in words and tables.

use std::io::{self, Write};

use floatline::io::results::{NEVER, PERCENTILES};
use floatline::pictures::{Histogram, finite};
use floatline::plan::{Plan, TaskId, TaskKind, TimeUnit};
use floatline::risk::{
    Assessment, Goal, Limit, Mitigated, Policy, Probability, Purchase, Source, Work, moments, percentile,
};
use floatline::units::{MINUTES_PER_DAY, Moment, Money};

use super::{Answer, Arguments, minutes_per_day};
use crate::cli::settings::Settings;
use crate::cli::{print, summary};

/// Drivers that are printed unless all are asked for.
const MOST_DRIVERS: usize = 15;
/// Classes of the histogram that is printed, and the width of its bars.
const CLASSES: usize = 16;
const WIDEST_BAR: f64 = 48.0;

pub fn write_words(out: &mut dyn Write, answer: &Answer, arguments: &Arguments, settings: &Settings) -> io::Result<()> {
    let Answer { plan, assessment, bought, calibrated } = answer;
    let samples = &assessment.samples;
    let count = samples.finish.len();
    let policy = policy_text(arguments.policy.into());
    let stopped = if assessment.is_stopped { ", stopped early" } else { "" };
    writeln!(out, "{}: {}{stopped}, seed {}, {policy}", plan.project().name, samples_text(count), settings.seed)?;
    if let Some(calibrated) = calibrated {
        writeln!(out, "  calibrated    {calibrated}")?;
    }
    let is_open = |task: &floatline::plan::Task| task.kind != TaskKind::Summary && !task.is_finished();
    if plan.has_progress() && !plan.tasks().iter().any(is_open) {
        writeln!(out, "Everything is finished: nothing is left to simulate, and all dates are the status date.")?;
    } else if assessment.uncertain == 0 && assessment.events.is_empty() {
        writeln!(
            out,
            "No duration is uncertain: give tasks.csv the columns optimistic and pessimistic, or say --uncertainty 0.9,1,1.4."
        )?;
    }
    let moment = |minutes: f64| plan.format_moment(Moment(minutes.round() as i64));
    let money = |cents: i64| summary::money_text(Money(cents), &plan.project().currency);
    let (finish, cost) = (assessment.finishes(&samples.finish), assessment.costs(&samples.cost));
    let planned_finish = assessment.finish_moment(assessment.planned.0).0 as f64;
    let has_costs = cost.iter().any(|&cost| cost.is_finite() && cost != 0.0) || assessment.planned.1 != 0;
    let planned = Probability::up_to(&finish, planned_finish);
    let planned_cost = if has_costs { format!(", {}", money(assessment.planned.1)) } else { String::new() };
    writeln!(out, "  planned       {}{planned_cost}; {} finish by then", moment(planned_finish), share_text(planned))?;
    if plan.spent() != Money::ZERO {
        let spent = summary::money_text(plan.spent(), &plan.project().currency);
        writeln!(out, "  spent         {spent} before the status date: part of all costs here, as caps are whole")?;
    }
    if let Some(deadline) = plan.project().deadline {
        let met = Probability::up_to(&finish, deadline.0 as f64);
        writeln!(out, "  deadline      {}; {} keep it", plan.format_end(deadline), share_text(met))?;
    }
    write_unfinished(out, plan, assessment)?;
    write_both(out, plan, assessment)?;
    let (mean, deviation) = moments(&finish);
    let unit = |minutes: f64| {
        let unit = if plan.project().time_unit == TimeUnit::Period { "periods" } else { "days" };
        format!("{:.2} {unit}", minutes / minutes_per_day(plan))
    };
    let of = if assessment.unfinished() > 0 { "; of the samples that finish" } else { "" };
    writeln!(out, "  mean          {}, standard deviation {} by the clock{of}", moment(mean), unit(deviation))?;
    writeln!(out)?;
    let rows = PERCENTILES.iter().map(|&share| {
        let (at, dear) = (percentile(&finish, share), percentile(&cost, share));
        let error = if at.value.is_finite() && at.error.is_finite() {
            format!("± {}", unit(at.error))
        } else {
            "-".to_owned()
        };
        let mut row = vec![format!("P{:.0}", share * 100.0), moment(at.value), error];
        if has_costs {
            row.push(cost_text(plan, dear.value));
        }
        row
    });
    let headers: &[&str] = if has_costs { &["", "finish", "error", "cost"] } else { &["", "finish", "error"] };
    print::write_table(out, &print::table(headers, &[3], rows))?;
    write_histogram(out, plan, &finish)?;
    write_policies(out, plan, assessment)?;
    write_marks(out, plan, assessment)?;
    write_budgets(out, plan, assessment)?;
    write_promises(out, plan, assessment)?;
    write_register(out, plan, assessment)?;
    write_drivers(out, plan, assessment, arguments.all)?;
    if let Some((goal, mitigated)) = bought {
        write_purchases(out, plan, *goal, mitigated, arguments)?;
    } else if !plan.mitigations().is_empty() {
        writeln!(out, "\nmitigations.csv: --budget AMOUNT or --mitigate cost tells which of them to buy")?;
    }
    if let Some(folder) = &settings.out {
        let (tables, pictures) = (answer.tables(), answer.pictures());
        let files = tables.iter().map(|table| table.file).chain(pictures.iter().map(|(file, _)| *file));
        let files: Vec<&str> = files.collect();
        writeln!(out, "\n{} written to {}", files.join(", "), folder.display())?;
    }
    Ok(())
}

/// Finish and cost at once: how likely they are kept, and what can be promised of both.
fn write_both(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    let both = assessment.limits(plan).into_iter().find_map(|kept| match kept.limit {
        Limit::Both(finish, cost) => Some((finish, cost, kept.kept)),
        _ => None,
    });
    let (Some((finish, cost, kept)), Some(sure)) = (both, assessment.joint_confidence(0.8)) else { return Ok(()) };
    let money = |money: Money| summary::money_text(money, &plan.project().currency);
    writeln!(
        out,
        "  both          {} finish by {} and cost no more than {}",
        share_text(kept),
        plan.format_end(finish),
        money(cost)
    )?;
    match sure.1.is_finite() {
        true => {
            writeln!(out, "  80 % sure     of {} and {} at once", plan.format_moment(sure.0), cost_text(plan, sure.1))
        }
        false => writeln!(out, "  80 % sure     of no date and no cost: too many samples do not finish"),
    }
}

/// What is spent under each budget.
fn write_budgets(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    if plan.budgets().is_empty() {
        return Ok(());
    }
    let rows = plan.budgets().iter_enumerated().zip(&assessment.samples.budgets).map(|((id, budget), spent)| {
        let (sorted, cap) = (assessment.costs(spent), plan.whole_cap(id).0 as f64);
        let kept = Probability::up_to(&sorted, cap);
        let at = |share: f64| cost_text(plan, percentile(&sorted, share).value);
        vec![
            budget.id.to_string(),
            cost_text(plan, cap),
            at(0.5),
            at(0.8),
            at(0.9),
            format!("{:.1} %", kept.share * 100.0),
        ]
    });
    writeln!(out)?;
    let mut table = print::table(&["budget", "cap", "P50", "P80", "P90", "kept by"], &[1, 2, 3, 4, 5], rows);
    print::keep_whole(&mut table, &[0, 1, 2, 3, 4, 5]);
    print::write_table(out, &table)
}

/// A number of samples: `10,000 samples`.
fn samples_text(count: usize) -> String {
    let digits = summary::money_text(Money(count as i64 * 100), "");
    format!("{} sample{}", digits.trim_end_matches(".00"), if count == 1 { "" } else { "s" })
}

fn share_text(probability: Probability) -> String {
    format!("{:.1} % (± {:.1}) of the samples", probability.share * 100.0, probability.error * 100.0)
}

/// A cost in minor units of money; infinite if it never ends.
fn cost_text(plan: &Plan, cost: f64) -> String {
    match cost.is_finite() {
        true => summary::money_text(Money(cost.round() as i64), &plan.project().currency),
        false => NEVER.to_owned(),
    }
}

/// How many samples do not finish, and what keeps them from it.
fn write_unfinished(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    let unfinished = Probability::of(assessment.unfinished(), assessment.samples.finish.len());
    if unfinished.share == 0.0 {
        return Ok(());
    }
    writeln!(out, "  unfinished    {} do not finish: they count as later than any date", share_text(unfinished))?;
    for it in &assessment.unplaced {
        writeln!(out, "                {}", summary::unplaced_text(plan, it))?;
    }
    Ok(())
}

/// Bars for the finishes of the samples: by days or more, by hours if all lie within a few days.
fn write_histogram(out: &mut dyn Write, plan: &Plan, finish: &[f64]) -> io::Result<()> {
    let come = finite(finish);
    let (Some(first), Some(last)) = (come.first(), come.last()) else { return Ok(()) };
    let range = last - first;
    if range <= 0.0 {
        return Ok(());
    }
    let is_by_day = range > 4.0 * minutes_per_day(plan);
    let step = match plan.project().time_unit {
        TimeUnit::Period => 1.0,
        _ if is_by_day => MINUTES_PER_DAY as f64,
        _ if range > 240.0 => 60.0,
        _ => 1.0,
    };
    let histogram = Histogram::of(finish, CLASSES, step);
    let most = histogram.counts.iter().copied().max().unwrap_or(1).max(1);
    writeln!(out, "\nfinish of the samples, and the share that has finished by then")?;
    let mut sum = 0;
    for (class, &count) in histogram.counts.iter().enumerate() {
        sum += count;
        let end = histogram.least + histogram.width * (class + 1) as f64;
        let end = match plan.project().time_unit {
            // A class holds whole periods, of which the last is before its end.
            TimeUnit::Period => plan.format_moment(Moment(end as i64 - 1)),
            _ => plan.format_end(Moment(end as i64)),
        };
        let bar = "█".repeat((count as f64 / most as f64 * WIDEST_BAR).round() as usize);
        let share = sum as f64 / finish.len() as f64 * 100.0;
        writeln!(out, "{}", format!("  {end}  {share:>5.1} %  {bar}").trim_end())?;
    }
    Ok(())
}

fn policy_text(policy: Policy) -> &'static str {
    match policy {
        Policy::Flow => "resources handed on as in the schedule",
        Policy::List => "resources to the first of the schedule that can start",
        Policy::Logic => "links and calendars alone",
    }
}

/// How much it matters what keeps the samples within the resources.
fn write_policies(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    if assessment.policies.is_empty() {
        return Ok(());
    }
    let moment = |minutes: f64| plan.format_moment(Moment(minutes as i64));
    let rows = assessment.policies.iter().map(|risk| {
        let flag = match risk.policy {
            Policy::Flow => "flow",
            Policy::List => "list",
            Policy::Logic => "cpm",
        };
        vec![flag.to_owned(), policy_text(risk.policy).to_owned(), moment(risk.mean), moment(risk.late)]
    });
    writeln!(out, "\nthe finish with each --policy, on the same samples")?;
    let mut table = print::table(&["policy", "", "mean", "P80"], &[], rows);
    print::keep_whole(&mut table, &[0, 2, 3]);
    print::write_table(out, &table)
}

/// Milestones and tasks with a deadline.
fn write_marks(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    if assessment.marks.is_empty() {
        return Ok(());
    }
    let moment = |slot: i32| plan.format_moment(assessment.finish_moment(slot));
    let row = |(place, &task): (usize, &TaskId)| {
        let finish = assessment.finishes(&assessment.samples.marks[place]);
        let row = &plan.tasks()[task];
        let kept = row.deadline.map(|deadline| {
            let met = Probability::up_to(&finish, deadline.0 as f64);
            format!("{:.1} %", met.share * 100.0)
        });
        let at = |share: f64| plan.format_moment(Moment(percentile(&finish, share).value as i64));
        vec![
            row.id.to_string(),
            row.name.to_string(),
            moment(assessment.planned_marks[place]),
            at(0.5),
            at(0.8),
            at(0.9),
            row.deadline.map_or("-".to_owned(), |deadline| plan.format_end(deadline)),
            kept.unwrap_or("-".to_owned()),
        ]
    };
    let what = if assessment.marks.iter().all(|&task| plan.tasks()[task].kind == TaskKind::Milestone) {
        "milestone"
    } else {
        "task"
    };
    writeln!(out)?;
    let headers = [what, "name", "planned", "P50", "P80", "P90", "deadline", "kept by"];
    let mut table = print::table(&headers, &[7], assessment.marks.iter().enumerate().map(row));
    print::keep_whole(&mut table, &[0, 2, 3, 4, 5, 6, 7]);
    print::write_table(out, &table)?;
    if assessment.unmarked > 0 {
        writeln!(out, "... and {} more that are not kept; stakeholders.csv asks for any", assessment.unmarked)?;
    }
    Ok(())
}

/// The dates that stakeholders can be promised.
fn write_promises(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    let promises = assessment.promises(plan);
    if promises.is_empty() {
        return Ok(());
    }
    let moment = |minutes: f64| plan.format_moment(Moment(minutes as i64));
    let rows = promises.iter().map(|promise| {
        let stakeholder = &plan.stakeholders()[promise.stakeholder];
        let task = promise.task.map(|task| &plan.tasks()[task]);
        vec![
            stakeholder.title().to_owned(),
            task.map_or("the project".to_owned(), |task| task.id.to_string()),
            task.map_or(String::new(), |task| task.name.to_string()),
            moment(promise.planned),
            format!("{:.1} %", promise.kept.share * 100.0),
            format!("{:.0} %", promise.date.share * 100.0),
            moment(promise.date.value),
        ]
    });
    writeln!(out, "\ndates to promise, at the confidence asked for")?;
    let headers = ["stakeholder", "task", "name", "planned", "kept by", "asks for", "promise"];
    let mut table = print::table(&headers, &[4, 5], rows);
    print::keep_whole(&mut table, &[1, 3, 4, 5, 6]);
    print::write_table(out, &table)
}

/// What risks and issues do, the worst first.
fn write_register(out: &mut dyn Write, plan: &Plan, assessment: &Assessment) -> io::Result<()> {
    if assessment.events.is_empty() {
        return Ok(());
    }
    let mut events = assessment.events.clone();
    events.sort_by(|one, other| other.mean_delay.total_cmp(&one.mean_delay));
    let days = |minutes: f64| match minutes.is_finite() {
        true => format!("{:+.2}", minutes / minutes_per_day(plan)),
        false => NEVER.to_owned(),
    };
    let has_unfinished = assessment.unfinished() > 0;
    let rows = events.iter().map(|event| {
        let (id, name) = match event.source {
            Source::Risk(risk) => (&plan.risks()[risk].id, plan.risks()[risk].title()),
            Source::Issue(issue) => (&plan.issues()[issue].id, plan.tasks()[plan.issues()[issue].task].title()),
        };
        let mut row = vec![
            id.to_string(),
            name.to_owned(),
            format!("{:.1} %", event.share * 100.0),
            days(event.mean_delay),
            days(event.late_delay),
            summary::money_text(Money(event.cost.round() as i64), &plan.project().currency),
        ];
        if has_unfinished {
            row.push(format!("{:.1} %", event.unfinished * 100.0));
        }
        row
    });
    let unit = if plan.project().time_unit == TimeUnit::Period { "periods" } else { "days by the clock" };
    writeln!(out, "\nwhat risks and issues do to the finish, in {unit}")?;
    let headers = ["risk", "name", "happens in", "mean", "P80", "mean cost", "keeps from finishing"];
    let headers = if has_unfinished { &headers[..] } else { &headers[..6] };
    let mut table = print::table(headers, &[2, 3, 4, 5, 6][..headers.len() - 2], rows);
    print::keep_whole(&mut table, &[0, 2, 3, 4, 5]);
    print::write_table(out, &table)
}

/// What drives the finish.
fn write_drivers(out: &mut dyn Write, plan: &Plan, assessment: &Assessment, all: bool) -> io::Result<()> {
    let drivers = assessment.drivers();
    let shown = if all { drivers.len() } else { MOST_DRIVERS };
    let rows = drivers.iter().take(shown).map(|risk| {
        let (id, name) = match risk.work {
            Work::Task(task) => (&plan.tasks()[task].id, &plan.tasks()[task].name),
            Work::Gate(gate) => (&plan.gates()[gate].id, &plan.gates()[gate].criterion),
        };
        let units = |minutes: f64| summary::two_decimals(minutes / plan.minutes_per_unit().0 as f64);
        vec![
            id.to_string(),
            name.to_string(),
            format!("{:.1} %", risk.criticality * 100.0),
            format!("{:.2}", risk.sensitivity),
            format!("{:.2}", risk.cruciality),
            units(risk.mean),
            units(risk.deviation),
        ]
    });
    writeln!(out)?;
    let headers = ["driver", "name", "critical in", "sensitivity", "correlation", "mean", "deviation"];
    let mut table = print::table(&headers, &[2, 3, 4, 5, 6], rows);
    print::keep_whole(&mut table, &[0, 2, 3, 4, 5, 6]);
    print::write_table(out, &table)?;
    if drivers.len() > shown {
        writeln!(out, "... and {} more; --all shows them", drivers.len() - shown)?;
    }
    Ok(())
}

/// What to buy for every budget.
fn write_purchases(
    out: &mut dyn Write,
    plan: &Plan,
    goal: Goal,
    mitigated: &Mitigated,
    arguments: &Arguments,
) -> io::Result<()> {
    let currency = &plan.project().currency;
    let money = |cents: f64| cost_text(plan, cents);
    let told = |value: f64| match goal {
        Goal::Percentile(_) => plan.format_moment(Moment(value as i64)),
        Goal::Cost => money(value),
        Goal::Deadline => format!("{:.1} %", value * 100.0),
    };
    let (what, name) = match goal {
        Goal::Percentile(share) => (format!("an early finish (P{})", share * 100.0), format!("P{}", share * 100.0)),
        Goal::Cost => ("a low mean cost, mitigations included".to_owned(), "mean cost".to_owned()),
        Goal::Deadline => ("keeping the deadline".to_owned(), "deadline kept".to_owned()),
    };
    let proof = if mitigated.is_proven { "no set of them does better" } else { "not all sets were looked at" };
    writeln!(
        out,
        "\nwhich of {} mitigations to buy for {what}, on {}; {proof}",
        mitigated.choices,
        samples_text(mitigated.samples)
    )?;
    let ids = |purchase: &Purchase| match purchase.mitigations.is_empty() {
        true => "nothing".to_owned(),
        false => purchase.mitigations.iter().map(|&id| &*plan.mitigations()[id].id).collect::<Vec<_>>().join(" "),
    };
    let rows = mitigated.purchases.iter().enumerate().map(|(place, purchase)| {
        let told_gain = |gain: f64| match goal {
            _ if !gain.is_finite() => "-".to_owned(),
            Goal::Percentile(_) => format!("{:.2}", gain / minutes_per_day(plan)),
            Goal::Cost => money(gain),
            Goal::Deadline => format!("{:+.1} %", gain * 100.0),
        };
        let gain = mitigated
            .gain(place, goal)
            .map(|(gain, spent)| [told_gain(gain), told_gain(gain * 100_000.0 / spent.max(1) as f64)]);
        let [gain, rate] = gain.unwrap_or(["-".to_owned(), "-".to_owned()]);
        vec![
            money(purchase.spent as f64),
            ids(purchase),
            told(purchase.value),
            told(purchase.fresh),
            gain,
            rate,
            money(purchase.mean_cost),
        ]
    });
    let gained = match goal {
        Goal::Percentile(_) if plan.project().time_unit == TimeUnit::Period => "periods gained",
        Goal::Percentile(_) => "days gained",
        Goal::Cost | Goal::Deadline => "gained",
    };
    let headers = ["spent", "buy", &name, "on fresh samples", gained, "per 1,000", "mean cost in all"];
    let mut table = print::table(&headers, &[0, 4, 5, 6], rows);
    print::keep_whole(&mut table, &[0, 2, 3, 4, 5, 6]);
    print::write_table(out, &table)?;
    if let (Some(budget), Some(best)) = (arguments.budget, mitigated.purchases.last()) {
        writeln!(
            out,
            "With {}: buy {} for {}: {name} {} instead of {}.",
            summary::money_text(budget, currency),
            ids(best),
            money(best.spent as f64),
            told(best.value),
            told(mitigated.purchases[0].value),
        )?;
    }
    Ok(())
}
