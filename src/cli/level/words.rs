//! What levelling came to, in words and tables.

use std::io::{self, Write};

use floatline::level::{Criterion, ResourceLevel};
use floatline::plan::ResourceId;
use floatline::schedule::{Period, Schedule, Status, Usage, usage_by_period, working_time};
use floatline::units::Minutes;

use super::Answer;
use crate::cli::settings::Settings;
use crate::cli::{print, summary};

/// Rows that are printed unless all are asked for.
const MOST_ROWS: usize = 20;
/// Heights of the bar of a week.
const BARS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub fn write_words(out: &mut dyn Write, answer: &Answer, all: bool, settings: &Settings) -> io::Result<()> {
    let Answer { plan, levelling, criterion, .. } = answer;
    writeln!(out, "{}\n", plan.project().name)?;
    let status = match levelling.status {
        Status::Optimal => "optimal: no other starts within the same date are better".to_owned(),
        _ => format!("{}: better starts may exist", levelling.status.word()),
    };
    writeln!(out, "  status    {status}")?;
    writeln!(out, "  measure   {}", measure_text(*criterion, levelling.resources.len()))?;
    let gained = levelling.before - levelling.after;
    let percent = if levelling.before > 0.0 { 100.0 * gained / levelling.before } else { 0.0 };
    let number = summary::two_decimals;
    writeln!(
        out,
        "  value     {} before, {} after ({percent:.1} % less); none is below {}",
        number(levelling.before),
        number(levelling.after),
        number(levelling.bound)
    )?;
    writeln!(out, "  until     {}", plan.format_end(levelling.until))?;
    if let Some(stop) = levelling.stopped {
        writeln!(out, "  stopped   {}; another run may give another schedule", summary::stopped_by(stop))?;
    }
    if settings.verbose {
        writeln!(out, "  effort    {}", print::count(levelling.effort_spent as usize, "pass"))?;
    }
    let shown = if all { levelling.resources.len() } else { levelling.resources.len().min(MOST_ROWS) };
    write_indices(out, answer, shown)?;
    write_usage(out, answer, shown)?;
    write_moved(out, answer, all)?;
    if let Some(folder) = &settings.out {
        let files = crate::cli::files::SCHEDULE_FILES.join(", ");
        writeln!(
            out,
            "\nwrote {files}, {} and {} to {}",
            super::LEVELLING_FILE,
            super::PICTURE_FILE,
            folder.display()
        )?;
    }
    Ok(())
}

fn measure_text(criterion: Criterion, resources: usize) -> String {
    let what = match criterion {
        Criterion::Squares => "sum of squared usage, as a share of what it was",
        Criterion::Ric => "resource improvement coefficient, 1 where usage is level",
        Criterion::Rid => "resource idle days, as a share of the work",
        Criterion::Peak => "highest usage, as a share of what it was",
    };
    if resources == 1 { what.to_owned() } else { format!("{what}; {resources} resources added up") }
}

/// The indices of each resource, before and after.
fn write_indices(out: &mut dyn Write, answer: &Answer, shown: usize) -> io::Result<()> {
    let number = summary::two_decimals;
    let cell = |before: String, after: String| if before == after { before } else { format!("{before} → {after}") };
    let row = |of: &ResourceLevel| {
        let (before, after) = (&of.before, &of.after);
        let pairs = [
            (number(before.squares), number(after.squares)),
            (number(before.ric), number(after.ric)),
            (number(before.rid), number(after.rid)),
            (number(before.rrh), number(after.rrh)),
            (before.peak.to_string(), after.peak.to_string()),
        ];
        let cells = pairs.map(|(before, after)| cell(before, after));
        std::iter::once(format!("  {}", id(answer, of.resource))).chain(cells).collect()
    };
    writeln!(out, "\nHow even usage was and is (ric: 1 is level; rid: idle days; rrh: released and engaged again):")?;
    let headers = ["  resource", "squares", "ric", "rid", "rrh", "peak"];
    let rows = answer.levelling.resources[..shown].iter().map(row);
    print::write_table(out, &print::table(&headers, &[1, 2, 3, 4, 5], rows))?;
    write_rest(out, answer.levelling.resources.len() - shown, "resource")
}

fn id(answer: &Answer, resource: ResourceId) -> String {
    answer.plan.resources()[resource].id.to_string()
}

/// The usage of each resource week by week, before and after.
fn write_usage(out: &mut dyn Write, answer: &Answer, shown: usize) -> io::Result<()> {
    let Answer { plan, before, levelling, .. } = answer;
    let weeks = |schedule: &Schedule| usage_by_period(plan, schedule, Period::Week);
    let (old, new) = (weeks(before), weeks(&levelling.schedule));
    let Some(first) = old.iter().chain(&new).map(|usage| usage.from).min() else { return Ok(()) };
    let widest =
        levelling.resources[..shown].iter().map(|of| id(answer, of.resource).chars().count()).max().unwrap_or(0);
    let what = if plan.minutes_per_unit() == Minutes(1) { "ten periods" } else { "week" };
    writeln!(out, "\nWork in each {what} from {}, before and after:", plan.format_moment(first))?;
    for of in &levelling.resources[..shown] {
        let used = |rows: &[Usage]| -> Vec<i64> {
            rows.iter().filter(|usage| usage.resource == of.resource).map(|usage| usage.used.0).collect()
        };
        let (old, new) = (used(&old), used(&new));
        let most = old.iter().chain(&new).copied().max().unwrap_or(0).max(1);
        let bars = |weeks: &[i64]| -> String {
            // Whatever is in use at all has a bar.
            weeks.iter().map(|&used| BARS[((used * 8 + most - 1) / most) as usize]).collect()
        };
        writeln!(out, "  {:<widest$}  before  {}", id(answer, of.resource), bars(&old).trim_end())?;
        writeln!(out, "  {:<widest$}  after   {}", "", bars(&new).trim_end())?;
    }
    Ok(())
}

/// The tasks that moved, and by how much.
fn write_moved(out: &mut dyn Write, answer: &Answer, all: bool) -> io::Result<()> {
    let Answer { plan, before, levelling, .. } = answer;
    let moved: Vec<_> = answer.moved().collect();
    if moved.is_empty() {
        return writeln!(out, "\nNo task moved.");
    }
    let shown = if all { moved.len() } else { moved.len().min(MOST_ROWS) };
    let rows = moved[..shown].iter().map(|&task| {
        let (old, new) = (before.placements[task].start, levelling.schedule.placements[task].start);
        let by = working_time(plan, old.min(new), old.max(new));
        let sign = if new < old { "-" } else { "+" };
        vec![
            format!("  {}", plan.tasks()[task].id),
            plan.tasks()[task].name.to_string(),
            plan.format_moment(old),
            plan.format_moment(new),
            format!("{sign}{}", summary::in_units(plan, by)),
        ]
    });
    writeln!(out, "\n{} moved:", print::count(moved.len(), "task"))?;
    let mut table = print::table(&["  id", "task", "start before", "start after", "by"], &[4], rows);
    print::keep_whole(&mut table, &[0, 2, 3, 4]);
    print::write_table(out, &table)?;
    write_rest(out, moved.len() - shown, "task")
}

fn write_rest(out: &mut dyn Write, hidden: usize, thing: &str) -> io::Result<()> {
    match hidden {
        0 => Ok(()),
        _ => writeln!(out, "   ... and {}; --all prints them", print::count(hidden, &format!("more {thing}"))),
    }
}
