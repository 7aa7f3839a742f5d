//! risk.csv, drivers.csv, register.csv, promises.csv and scurve.csv: what samples say of a plan.

use std::io::{self, Write};

use super::cells::{Cells, Format, write_table};
use super::summary::shortened;
use crate::network::Slot;
use crate::plan::{Plan, TimeUnit};
use crate::risk::{Assessment, Driver, EventRisk, Limit, Percentile, Source, Work, percentile};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment, Money};

/// The columns of risk.csv: a row for each percentile of the finish of the project (`id` is empty), of each milestone and
/// task with a deadline, of the cost, and of what is spent under each budget. `value` is `never` where so many samples do not
/// finish. `standard_error` is in days by the clock (in periods in a plan of
/// abstract periods), of a cost in money.
pub const RISK_COLUMNS: &[&str] = &["quantity", "id", "name", "percentile", "value", "standard_error"];

/// The columns of drivers.csv; `kind` is `task` or `gate`, whose name is its criterion. `mean` and `standard_deviation` are in the plan's time unit.
pub const DRIVER_COLUMNS: &[&str] =
    &["kind", "id", "name", "criticality", "cruciality", "sensitivity", "mean", "standard_deviation"];

/// The columns of tornado.csv: the mean finish with a task or gate at the 10th and at the 90th percentile of how long it
/// takes, or without and with a risk; `swing` is how far they are apart, in days by the clock (periods in a plan of abstract
/// periods).
pub const TORNADO_COLUMNS: &[&str] = &["kind", "id", "name", "low_finish", "high_finish", "swing"];

/// The columns of scurve.csv: the share of samples that finish, or cost, no more than that.
pub const CURVE_COLUMNS: &[&str] = &["share", "finish", "cost"];

/// The columns of register.csv. `mean_delay` and `p80_delay` tell by how many days by the clock (periods in a plan of abstract
/// periods) the finish is later with the risk than without it, the mean in samples that finish either way; `mean_cost` is that
/// of all samples, `unfinished` the share of them that finish without it alone.
pub const REGISTER_COLUMNS: &[&str] =
    &["kind", "id", "name", "happens", "mean_delay", "p80_delay", "mean_cost", "owner", "unfinished"];

/// The columns of unfinished.csv: what finds no time in some samples, so that these do not finish. `shortest` is the least time
/// that it takes there, `longest_stretch` the longest that it can work without a pause, if it must; both in the plan's time unit.
pub const UNFINISHED_COLUMNS: &[&str] = &["kind", "id", "name", "samples", "share", "shortest", "longest_stretch"];

/// The columns of moved.csv: a row for each risk or issue and each task or gate that finishes later where it happens, by
/// `mean_delay` days by the clock (periods in a plan of abstract periods) on average there.
pub const MOVED_COLUMNS: &[&str] = &["kind", "id", "moved_kind", "moved_id", "moved_name", "mean_delay"];

/// The columns of histogram.csv: how many samples finish from `from` on and before `to`, and what share of them that is.
pub const HISTOGRAM_COLUMNS: &[&str] = &["from", "to", "samples", "share"];

/// The columns of promises.csv: a row for each stakeholder and milestone (`task` is empty: the project). `confidence` is in
/// percent, `kept` the share of samples that keep the planned finish; `standard_error` of `promise` is in days by the clock
/// (periods in a plan of abstract periods).
pub const PROMISE_COLUMNS: &[&str] =
    &["stakeholder", "name", "task", "task_name", "planned", "kept", "confidence", "promise", "standard_error"];

/// The columns of limits.csv: a row for each deadline and budget, and one for a finish and a cost at once (`kind` is `both`).
/// `kept` is the share of samples that keep the limit.
pub const LIMIT_COLUMNS: &[&str] = &["kind", "id", "name", "finish", "cost", "kept", "standard_error"];

/// The percentiles of risk.csv.
pub const PERCENTILES: [f64; 9] = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95];

/// The percentiles of a quantity.
struct Quantity<'a> {
    kind: &'static str,
    /// Id and name of what it is of; none for the project.
    of: Option<(&'a str, &'a str)>,
    /// Minutes, or minor units of money.
    percentiles: [Percentile<f64>; PERCENTILES.len()],
}

/// Writes risk.csv, or the same rows as JSON.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_risk(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let samples = &assessment.samples;
    if samples.finish.is_empty() {
        return write_table(out, format, RISK_COLUMNS, 0, |_, _| {});
    }
    // One after the other, so that no more than one quantity is there sorted.
    let of_times = |slots: &[Slot]| {
        let finishes = assessment.finishes(slots);
        PERCENTILES.map(|share| percentile(&finishes, share))
    };
    let of_costs = |costs: &[i64]| {
        let costs = assessment.costs(costs);
        PERCENTILES.map(|share| percentile(&costs, share))
    };
    let mut quantities = vec![Quantity { kind: "finish", of: None, percentiles: of_times(&samples.finish) }];
    for (&task, finishes) in assessment.marks.iter().zip(&samples.marks) {
        let row = &plan.tasks()[task];
        let of = Some((&*row.id, &*row.name));
        quantities.push(Quantity { kind: "finish", of, percentiles: of_times(finishes) });
    }
    quantities.push(Quantity { kind: "cost", of: None, percentiles: of_costs(&samples.cost) });
    for (budget, spent) in plan.budgets().iter().zip(&samples.budgets) {
        quantities.push(Quantity { kind: "budget", of: Some((&*budget.id, "")), percentiles: of_costs(spent) });
    }
    write_table(out, format, RISK_COLUMNS, quantities.len() * PERCENTILES.len(), |at, cells| {
        let Quantity { kind, of, percentiles } = &quantities[at / PERCENTILES.len()];
        let Percentile { share, value, error } = percentiles[at % PERCENTILES.len()];
        cells.text(kind);
        match of {
            Some((id, name)) => {
                cells.text(id);
                cells.text(name);
            }
            None => {
                cells.empty();
                cells.empty();
            }
        }
        cells.number(shortened(share * 100.0));
        if *kind == "finish" {
            cells.text(&plan.format_moment(Moment(value as i64)));
            cells.finite(by_the_clock(plan, error));
        } else {
            cost_cell(cells, value);
            cells.finite(error / 100.0);
        }
    })
}

/// Writes drivers.csv, or the same rows as JSON: what drives the finish, the most sensitive first.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_drivers(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let rows = assessment.drivers();
    write_table(out, format, DRIVER_COLUMNS, rows.len(), |at, cells: &mut Cells<'_>| {
        let risk = &rows[at];
        let (kind, id, name) = work_cells(plan, risk.work);
        for text in [kind, id, name] {
            cells.text(text);
        }
        for share in [risk.criticality, risk.cruciality, risk.sensitivity] {
            cells.number(shortened(share));
        }
        for minutes in [risk.mean, risk.deviation] {
            cells.number(shortened(in_units(plan, minutes)));
        }
    })
}

/// Writes limits.csv, or the same rows as JSON: how likely deadlines and budgets are to be kept.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_limits(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let limits = assessment.limits(plan);
    write_table(out, format, LIMIT_COLUMNS, limits.len(), |at, cells| {
        let kept = &limits[at];
        let (kind, id, name, finish, cost) = match kept.limit {
            Limit::Deadline(deadline) => ("deadline", "", &*plan.project().name, Some(deadline), None),
            Limit::TaskDeadline(task, deadline) => {
                ("deadline", &*plan.tasks()[task].id, &*plan.tasks()[task].name, Some(deadline), None)
            }
            Limit::Budget(budget, cap) => ("budget", &*plan.budgets()[budget].id, "", None, Some(cap)),
            Limit::Both(finish, cost) => ("both", "", &*plan.project().name, Some(finish), Some(cost)),
        };
        [kind, id, name].into_iter().for_each(|text| cells.text(text));
        match finish {
            Some(finish) => cells.text(&plan.format_end(finish)),
            None => cells.empty(),
        }
        match cost {
            Some(cost) => cells.number(cost),
            None => cells.empty(),
        }
        cells.number(shortened(kept.kept.share));
        cells.number(shortened(kept.kept.error));
    })
}

/// Writes tornado.csv, or the same rows as JSON: what moves the mean finish most, the widest swing first.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_tornado(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, TORNADO_COLUMNS, assessment.swings.len(), |at, cells| {
        let swing = &assessment.swings[at];
        let (kind, id, name) = match swing.driver {
            Driver::Work(work) => work_cells(plan, work),
            Driver::Event(source) => source_cells(plan, source),
        };
        [kind, id, name].into_iter().for_each(|text| cells.text(text));
        cells.text(&plan.format_moment(Moment(swing.low.round() as i64)));
        cells.text(&plan.format_moment(Moment(swing.high.round() as i64)));
        cells.number(shortened(by_the_clock(plan, swing.width())));
    })
}

/// Kind, id and name of a task or gate.
fn work_cells(plan: &Plan, work: Work) -> (&str, &str, &str) {
    match work {
        Work::Task(task) => ("task", &plan.tasks()[task].id, &plan.tasks()[task].name),
        Work::Gate(gate) => ("gate", &plan.gates()[gate].id, &plan.gates()[gate].criterion),
    }
}

/// Kind, id and name of a risk or issue.
fn source_cells(plan: &Plan, source: Source) -> (&str, &str, &str) {
    match source {
        Source::Risk(risk) => ("risk", &plan.risks()[risk].id, &plan.risks()[risk].name),
        Source::Issue(issue) => ("issue", &plan.issues()[issue].id, plan.tasks()[plan.issues()[issue].task].title()),
    }
}

/// Writes register.csv, or the same rows as JSON: what each risk and issue does to finish and cost.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_register(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    write_table(out, format, REGISTER_COLUMNS, assessment.events.len(), |at, cells| {
        let event = &assessment.events[at];
        let (kind, id, name) = source_cells(plan, event.source);
        let owner = match event.source {
            Source::Risk(risk) => &plan.risks()[risk].owner,
            Source::Issue(issue) => &plan.issues()[issue].owner,
        };
        cells.text(kind);
        cells.text(id);
        cells.text(name);
        cells.number(shortened(event.share));
        cells.number(shortened(by_the_clock(plan, event.mean_delay)));
        match event.late_delay.is_finite() {
            true => cells.number(shortened(by_the_clock(plan, event.late_delay))),
            false => cells.text(NEVER),
        }
        cells.number(Money(event.cost.round() as i64));
        cells.text(owner);
        cells.number(shortened(event.unfinished));
    })
}

/// Writes unfinished.csv, or the same rows as JSON: what finds no time in some samples.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_unfinished(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let count = assessment.samples.finish.len() as f64;
    write_table(out, format, UNFINISHED_COLUMNS, assessment.unplaced.len(), |at, cells| {
        let it = &assessment.unplaced[at];
        let (kind, id, name) = it.work.map_or(("summary", "", ""), |work| work_cells(plan, work));
        [kind, id, name].into_iter().for_each(|text| cells.text(text));
        cells.number(it.samples);
        cells.number(shortened(it.samples as f64 / count));
        cells.number(shortened(in_units(plan, it.shortest.0 as f64)));
        match it.longest_stretch {
            Some(longest) => cells.number(shortened(in_units(plan, longest.0 as f64))),
            None => cells.empty(),
        }
    })
}

/// Writes moved.csv, or the same rows as JSON: which tasks each risk and issue moves.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_moved(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let of_event = |event: &'_ EventRisk| -> Vec<(Source, Work, f64)> {
        event.moved.iter().map(|&(work, delay)| (event.source, work, delay)).collect()
    };
    let rows: Vec<(Source, Work, f64)> = assessment.events.iter().flat_map(of_event).collect();
    write_table(out, format, MOVED_COLUMNS, rows.len(), |at, cells| {
        let (source, work, delay) = rows[at];
        let ((kind, id, _), (moved_kind, moved_id, name)) = (source_cells(plan, source), work_cells(plan, work));
        [kind, id, moved_kind, moved_id, name].into_iter().for_each(|text| cells.text(text));
        cells.number(shortened(by_the_clock(plan, delay)));
    })
}

/// Writes histogram.csv, or the same rows as JSON: how many samples finish when.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_histogram(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let Some(histogram) = assessment.finish_classes(plan) else {
        return write_table(out, format, HISTOGRAM_COLUMNS, 0, |_, _| {});
    };
    let count = assessment.samples.finish.len() as f64;
    write_table(out, format, HISTOGRAM_COLUMNS, histogram.counts.len(), |at, cells| {
        let end = |number: usize| Moment((histogram.least + histogram.width * number as f64) as i64);
        cells.text(&plan.format_moment(end(at)));
        cells.text(&plan.format_moment(end(at + 1)));
        cells.number(histogram.counts[at]);
        cells.number(shortened(histogram.counts[at] as f64 / count));
    })
}

/// Writes promises.csv, or the same rows as JSON: the dates that stakeholders can be promised.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_promises(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let promises = assessment.promises(plan);
    write_table(out, format, PROMISE_COLUMNS, promises.len(), |at, cells| {
        let promise = &promises[at];
        let stakeholder = &plan.stakeholders()[promise.stakeholder];
        cells.text(&stakeholder.id);
        cells.text(&stakeholder.name);
        match promise.task {
            Some(task) => {
                cells.text(&plan.tasks()[task].id);
                cells.text(&plan.tasks()[task].name);
            }
            None => {
                cells.empty();
                cells.empty();
            }
        }
        cells.text(&plan.format_moment(Moment(promise.planned as i64)));
        cells.number(shortened(promise.kept.share));
        cells.number(shortened(promise.date.share * 100.0));
        cells.text(&plan.format_moment(Moment(promise.date.value as i64)));
        cells.finite(by_the_clock(plan, promise.date.error));
    })
}

/// Writes scurve.csv, or the same rows as JSON: finish and cost for each hundredth of the samples.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_curve(plan: &Plan, assessment: &Assessment, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let samples = &assessment.samples;
    let (finish, cost) = (assessment.finishes(&samples.finish), assessment.costs(&samples.cost));
    let rows = if finish.is_empty() { 0 } else { 100 };
    write_table(out, format, CURVE_COLUMNS, rows, |at, cells| {
        let share = (at + 1) as f64 / 100.0;
        let place = ((at + 1) * finish.len()).div_ceil(100) - 1;
        cells.number(shortened(share));
        cells.text(&plan.format_moment(Moment(finish[place] as i64)));
        cost_cell(cells, cost[place]);
    })
}

/// The word for a date or a cost of samples that do not finish.
pub const NEVER: &str = "never";

/// A cost in minor units of money; infinite if it never ends.
pub(super) fn cost_cell(cells: &mut Cells<'_>, cost: f64) {
    match cost.is_finite() {
        true => cells.number(Money(cost.round() as i64)),
        false => cells.text(NEVER),
    }
}

/// Minutes in days by the clock, or in periods.
pub(super) fn by_the_clock(plan: &Plan, minutes: f64) -> f64 {
    match plan.project().time_unit {
        TimeUnit::Period => minutes,
        _ => minutes / MINUTES_PER_DAY as f64,
    }
}

/// Minutes in the plan's time unit.
fn in_units(plan: &Plan, minutes: f64) -> f64 {
    let Minutes(unit) = plan.minutes_per_unit();
    minutes / unit.max(1) as f64
}
