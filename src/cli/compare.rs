//! `floatline check --compare`: our dates against those that another planner stored.

use std::borrow::Cow;
use std::io::{self as std_io, Write};
use std::path::Path;

use floatline::compare::{Comparison, Difference, Quantity, Value, compare};
use floatline::cpm::{self, Basis};
use floatline::error::{Error, Findings, Result};
use floatline::io;
use floatline::io::results::driver_words;
use floatline::network::compile;
use floatline::plan::draft::{PlanDraft, TableKind};
use floatline::plan::{Constraint, ConstraintKind, Plan, validate};
use floatline::schedule::Driver;
use floatline::units::Minutes;
use serde_json::{Value as Json, json};

use super::settings::{Format, Settings};
use super::{Verdict, plans, print};

/// Differences that are printed unless all are asked for.
const MOST_ROWS: usize = 40;

/// Compares a plan's dates by logic alone with those in a file, and prints what differs.
pub fn run(path: &Path, file: &Path, all: bool, settings: &Settings) -> Result<Verdict> {
    let mut draft = plans::read(path, &settings.read, None)?;
    take_dates(&mut draft, path, file, settings)?;
    let (plan, findings) = validate(&draft)?;
    let remaining = cpm::left_by_logic(Cow::Borrowed(&plan));
    let network = compile(&remaining)?;
    let modes = cpm::quickest_modes(&network);
    let dates = cpm::analyse(&remaining, &network, &modes, Basis::Logic);
    let comparison = compare(&remaining, &dates);
    match settings.format {
        Format::Table => print::out(|out| write_words(out, (&plan, &remaining), &comparison, &findings, all))?,
        Format::Csv => print::out(|out| write_csv(out, (&plan, &remaining), &comparison))?,
        Format::Json => print::out(|out| print::write_json(out, &as_json((&plan, &remaining), &comparison)))?,
    }
    Ok(if comparison.differences.is_empty() { Verdict::Done } else { Verdict::WrongInput })
}

/// Puts the dates that a file stores in the place of those of the draft.
fn take_dates(draft: &mut PlanDraft, path: &Path, file: &Path, settings: &Settings) -> Result<()> {
    let stored = match file == path {
        true => draft.table(TableKind::Dates).cloned(),
        false => {
            plans::require(file)?;
            io::read_dates(file, &settings.read)?
        }
    };
    let Some(stored) = stored.filter(|table| !table.is_empty()) else {
        return Err(Error::usage(format!(
            "`{}` holds no dates to compare with; expected a .xer or .xml file that a planner has scheduled, or a CSV file \
             with the columns task, early_start, early_finish, late_start, late_finish, total_float, free_float",
            file.display()
        )));
    };
    draft.tables.retain(|table| table.kind() != TableKind::Dates);
    draft.tables.push(stored);
    Ok(())
}

fn write_words(
    out: &mut dyn Write,
    (whole, plan): (&Plan, &Plan),
    comparison: &Comparison,
    findings: &Findings,
    all: bool,
) -> std_io::Result<()> {
    writeln!(out, "{}: dates by logic alone against those stored\n", plan.project().name)?;
    let rows = Quantity::ALL.iter().zip(&comparison.counts).map(|(quantity, count)| {
        let differ = count.compared - count.same;
        let share = match count.compared {
            0 => "-".to_owned(),
            compared => format!("{:.2} %", 100.0 * count.same as f64 / compared as f64),
        };
        vec![quantity.name().to_owned(), count.compared.to_string(), count.same.to_string(), differ.to_string(), share]
    });
    let headers = ["", "compared", "same", "differ", "agree"];
    print::write_table(out, &print::table(&headers, &[1, 2, 3, 4], rows.collect::<Vec<_>>()))?;
    let notes = findings.iter().count();
    if notes > 0 {
        writeln!(
            out,
            "\n{} about the plan; `floatline check` without --compare shows them",
            print::count(notes, "finding")
        )?;
    }
    if comparison.differences.is_empty() {
        return writeln!(out, "\nno differences");
    }
    let mut shown: Vec<&Difference> = comparison.differences.iter().collect();
    shown.sort_by_key(|difference| (!difference.is_first, difference.quantity, difference.task));
    let first = shown.iter().filter(|difference| difference.is_first).count();
    writeln!(out, "\n{first} of {} differences begin where nothing before them differs:\n", shown.len())?;
    let most = if all { shown.len() } else { MOST_ROWS };
    let rows = shown.iter().take(most).map(|difference| cells((whole, plan), difference).to_vec());
    print::write_table(out, &print::table(&HEADERS, &[], rows.collect::<Vec<_>>()))?;
    if shown.len() > most {
        writeln!(out, "... and {} more; --all shows them", shown.len() - most)?;
    }
    Ok(())
}

const HEADERS: [&str; 7] = ["task", "name", "quantity", "stored", "ours", "begins here", "our rule"];

/// The cells of a difference, given the plan and what remains of it.
fn cells((whole, plan): (&Plan, &Plan), difference: &Difference) -> [String; 7] {
    let task = &plan.tasks()[difference.task];
    let text = |value: Value| match value {
        Value::Date(moment) => plan.format_moment(moment),
        Value::Float(minutes) => hours(minutes),
    };
    let expected = task.expected_finish.filter(|_| plan.project().dating.use_expected_finish).map(Value::Date);
    let rule = match difference.quantity {
        Quantity::EarlyFinish if expected == Some(difference.ours) => "the finish that is expected of it".to_owned(),
        Quantity::EarlyStart | Quantity::EarlyFinish => early_rule((whole, plan), difference),
        Quantity::LateStart | Quantity::LateFinish => {
            "the least that successors, dates and the finish allow".to_owned()
        }
        Quantity::TotalFloat => "work between early and late dates".to_owned(),
        Quantity::FreeFloat => "work until a successor, or the finish, moves".to_owned(),
    };
    [
        task.id.to_string(),
        task.name.to_string(),
        difference.quantity.name().to_owned(),
        text(difference.stored),
        text(difference.ours),
        if difference.is_first { "yes" } else { "no" }.to_owned(),
        rule,
    ]
}

/// What holds a task where we have it; a date that only what remains of the plan has comes from progress.
fn early_rule((whole, plan): (&Plan, &Plan), difference: &Difference) -> String {
    let task = difference.task;
    let is_new = |it: &Constraint| {
        it.kind == ConstraintKind::StartNoEarlierThan && !whole.tasks()[task].constraints().any(|own| own == *it)
    };
    let added = plan.tasks()[task].constraints().find(is_new).filter(|_| difference.driver == Driver::Constraint);
    let Some(Constraint { moment, .. }) = added else { return driver_words(plan, task, difference.driver) };
    let resume = plan.tasks()[task].progress.and_then(|progress| progress.resume);
    let what = if resume == Some(moment) { "work goes on" } else { "a lag from an actual start ends" };
    format!("{what} {}", plan.format_moment(moment))
}

/// Working time in hours and minutes: `-12h`, `3h30m`.
fn hours(minutes: Minutes) -> String {
    let sign = if minutes.0 < 0 { "-" } else { "" };
    match (minutes.0.abs() / 60, minutes.0.abs() % 60) {
        (hours, 0) => format!("{sign}{hours}h"),
        (0, minutes) => format!("{sign}{minutes}m"),
        (hours, minutes) => format!("{sign}{hours}h{minutes}m"),
    }
}

fn write_csv(out: &mut dyn Write, (whole, plan): (&Plan, &Plan), comparison: &Comparison) -> std_io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HEADERS.map(|header| header.replace(' ', "_")))?;
    for difference in &comparison.differences {
        writer.write_record(cells((whole, plan), difference).map(|cell| io::guarded(&cell).into_owned()))?;
    }
    writer.flush()
}

fn as_json((whole, plan): (&Plan, &Plan), comparison: &Comparison) -> Json {
    let counts = Quantity::ALL.iter().zip(&comparison.counts).map(|(quantity, count)| {
        (quantity.name().to_owned(), json!({ "compared": count.compared, "same": count.same }))
    });
    let differences = comparison.differences.iter().map(|difference| {
        let keys = HEADERS.map(|header| header.replace(' ', "_"));
        keys.into_iter().zip(cells((whole, plan), difference).map(Json::from)).collect::<serde_json::Map<_, _>>()
    });
    json!({
        "plan": plan.project().name,
        "counts": counts.collect::<serde_json::Map<_, _>>(),
        "differences": differences.collect::<Vec<_>>(),
    })
}
