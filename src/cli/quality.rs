//! How well a plan is made, in words.

use std::io::{self, Write};

use floatline::io::results::{limit_words, offender_words};
use floatline::plan::{LinkId, Plan, TaskId};
use floatline::quality::{Known, Limit, Offender, Quality, State, Trace, Verdict};

use super::{print, summary};

/// Offenders of a point that are printed.
const NAMED: usize = 5;

/// Writes the fourteen points, and what else is conspicuous.
pub fn write(out: &mut dyn Write, plan: &Plan, quality: &Quality) -> io::Result<()> {
    let (met, judged) = quality.met();
    writeln!(out, "\nquality by the 14 points of the DCMA: {met} of {judged} met, index {:.0} %", quality.index())?;
    let rows = quality.points.iter().map(|point| {
        let value = match (point.value, point.limit) {
            (None, _) => "-".to_owned(),
            (Some(value), Limit::Index(_)) => summary::two_decimals(value),
            (Some(value), _) => summary::percent(value),
        };
        let (verdict, note) = match point.verdict {
            Verdict::Met => ("met", String::new()),
            Verdict::Missed => ("MISSED", named(plan, &point.offenders)),
            Verdict::Open(why) => ("-", why.to_owned()),
        };
        let of = if point.of.is_empty() {
            "-".to_owned()
        } else {
            format!("{} of {} {}", point.count, point.base, point.of)
        };
        vec![
            point.number.to_string(),
            point.name.to_owned(),
            of,
            value,
            limit_words(point.limit),
            verdict.to_owned(),
            note,
        ]
    });
    let table =
        print::table(&["", "point", "found", "value", "limit", "verdict", ""], &[0, 3], rows.collect::<Vec<_>>());
    print::write_table(out, &table)?;
    write_shape(out, plan, quality)
}

fn write_shape(out: &mut dyn Write, plan: &Plan, quality: &Quality) -> io::Result<()> {
    let shape = &quality.shape;
    let tasks = |tasks: &[TaskId]| named(plan, &tasks.iter().map(|&task| Offender::Task(task)).collect::<Vec<_>>());
    writeln!(out, "  links for each activity: {} (2 to 4 are usual)", summary::two_decimals(shape.density))?;
    for (what, found) in [
        ("start held by no link, only the finish is", &shape.dangling_starts),
        ("nothing waits for the finish, only for the start", &shape.dangling_finishes),
        ("over ten times as long as usual", &shape.unusual_durations),
    ] {
        if !found.is_empty() {
            writeln!(out, "  {what}: {}", tasks(found))?;
        }
    }
    if !shape.hotspots.is_empty() {
        let hotspot = |(task, links): &(TaskId, usize)| format!("{} ({links} links)", plan.tasks()[*task].id);
        writeln!(
            out,
            "  much comes together in {}",
            shape.hotspots.iter().map(hotspot).collect::<Vec<_>>().join(", ")
        )?;
    }
    if !shape.out_of_sequence.is_empty() {
        writeln!(out, "  begun before its predecessor let it: {}", named_links(plan, &shape.out_of_sequence))?;
    }
    Ok(())
}

/// The first of some links, and how many there are besides.
pub fn named_links(plan: &Plan, links: &[LinkId]) -> String {
    named(plan, &links.iter().map(|&link| Offender::Link(link)).collect::<Vec<_>>())
}

/// Deliverables that are printed.
const MOST_TRACES: usize = 20;

/// Writes the deliverables: how far they are, when they are there, and what is missing.
pub fn write_traces(out: &mut dyn Write, plan: &Plan, traces: &[Trace]) -> io::Result<()> {
    let whole = traces.iter().filter(|trace| trace.missing.is_empty()).count();
    writeln!(out, "\nDeliverables: {} of {} with all that they need", whole, traces.len())?;
    // Those that lack something are worth more than those that do not.
    let mut shown: Vec<&Trace> = traces.iter().collect();
    shown.sort_by_key(|trace| trace.missing.is_empty() && trace.is_kept(plan) != Some(false));
    shown.truncate(MOST_TRACES);
    shown.sort_by_key(|trace| trace.deliverable);
    let rows = shown.iter().map(|trace| {
        let row = &plan.deliverables()[trace.deliverable];
        let share = |count: usize, all: usize| if all == 0 { "-".to_owned() } else { format!("{count} of {all}") };
        let tests = trace.tests.iter().filter(|&&task| plan.tasks()[task].is_finished()).count();
        let finish = trace.finish.map_or("-".to_owned(), |(finish, _)| plan.format_moment(finish));
        let kept = match trace.is_kept(plan) {
            Some(true) => "kept",
            Some(false) => "LATE",
            None => "",
        };
        vec![
            row.id.to_string(),
            row.name.to_string(),
            if trace.states[0] == State::Nothing { "-" } else { trace.states[0].word() }.to_owned(),
            share(trace.done, trace.tasks.len()),
            share(tests, trace.tests.len()),
            trace.gates.iter().map(|&gate| &*plan.gates()[gate].id).collect::<Vec<_>>().join(", "),
            row.due.map_or("-".to_owned(), |due| plan.format_end(due)),
            finish,
            kept.to_owned(),
            trace.missing.iter().map(|missing| missing.words()).collect::<Vec<_>>().join(", "),
        ]
    });
    let is_scheduled = traces.iter().filter_map(|trace| trace.finish).any(|(_, known)| known == Known::Scheduled);
    let finish = if is_scheduled { "finish" } else { "earliest finish" };
    let headers = ["id", "name", "state", "tasks done", "tests done", "gates", "due", finish, "", "missing"];
    let mut table = print::table(&headers, &[3, 4], rows.collect::<Vec<_>>());
    print::keep_whole(&mut table, &[0, 6, 7]);
    print::write_table(out, &table)?;
    if traces.len() > MOST_TRACES {
        writeln!(out, "... and {} more; -o writes all of them", traces.len() - MOST_TRACES)?;
    }
    Ok(())
}

/// The first offenders, and how many there are besides.
fn named(plan: &Plan, offenders: &[Offender]) -> String {
    let first: Vec<String> = offenders.iter().take(NAMED).map(|&offender| offender_words(plan, offender)).collect();
    match offenders.len().saturating_sub(NAMED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
