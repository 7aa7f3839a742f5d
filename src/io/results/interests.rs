//! interests.csv: who needs to know which dates, and what of them has changed; and the dates of an earlier schedule.csv.

use std::io::{self, Write};

use super::cells::{Cells, Format, decimal, write_table};
use super::read_cells::{When, decode, parse_civil, parse_period, separator};
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::io::guard::bare;
use crate::plan::{Plan, TaskId, TimeUnit};
use crate::schedule::{Notice, Spans};
use crate::units::{MINUTES_PER_DAY, Minutes, Moment};

/// The columns of interests.csv: a row for each thing that a stakeholder cares about. `what` is `project`, `phase`, `task`,
/// `milestone`, `deliverable`, `budget` or `risk`. `change` is `later` or `earlier` by the finish, `start later` or `start
/// earlier` if only that has moved, `new`, or empty if nothing has; the figures are days by the clock (in a plan of periods:
/// periods). All four are empty without an earlier schedule.
pub const INTEREST_COLUMNS: &[&str] = &[
    "stakeholder",
    "stakeholder_name",
    "interest",
    "what",
    "id",
    "name",
    "start",
    "finish",
    "due",
    "kept",
    "finish_before",
    "start_change",
    "finish_change",
    "change",
];

/// How the finish (or else the start) of something has changed, in a word; empty if it has not.
///
/// # Arguments
/// `earlier` are the dates before the change.
pub fn change_word(plan: &Plan, notice: &Notice, earlier: &Spans) -> &'static str {
    match (notice.span, notice.subject.span(plan, earlier)) {
        (Some(_), None) => "new",
        (Some(now), Some(before)) if now.1 != before.1 => {
            if now.1 > before.1 {
                "later"
            } else {
                "earlier"
            }
        }
        (Some(now), Some(before)) if now.0 != before.0 => {
            if now.0 > before.0 {
                "start later"
            } else {
                "start earlier"
            }
        }
        _ => "",
    }
}

/// Writes interests.csv, or the same rows as JSON.
///
/// # Arguments
/// `earlier` are the dates of an earlier schedule, if there is one.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write_interests(
    plan: &Plan,
    notices: &[Notice],
    earlier: Option<&Spans>,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let unit = if plan.project().time_unit == TimeUnit::Period { 1 } else { MINUTES_PER_DAY };
    write_table(out, format, INTEREST_COLUMNS, notices.len(), |at, cells: &mut Cells<'_>| {
        let notice = &notices[at];
        let stakeholder = &plan.stakeholders()[notice.stakeholder];
        let (id, name) = notice.subject.id_and_name(plan);
        for text in [&stakeholder.id, &stakeholder.name, &*notice.interest, notice.subject.word(plan), id, name] {
            cells.text(text);
        }
        match notice.span {
            Some((start, finish)) => {
                cells.text(&plan.format_moment(start));
                cells.text(&plan.format_moment(finish));
            }
            None => (0..2).for_each(|_| cells.empty()),
        }
        match notice.due {
            Some(due) => cells.text(&plan.format_end(due)),
            None => cells.empty(),
        }
        match notice.due.zip(notice.span) {
            Some((due, (_, finish))) => cells.flag(finish <= due),
            None => cells.empty(),
        }
        let before = earlier.and_then(|earlier| notice.subject.span(plan, earlier));
        match before {
            Some((_, finish)) => cells.text(&plan.format_moment(finish)),
            None => cells.empty(),
        }
        match notice.span.zip(before) {
            Some((now, before)) => {
                for (now, before) in [(now.0, before.0), (now.1, before.1)] {
                    cells.number(decimal(i128::from((now - before).0), i128::from(unit)));
                }
            }
            None => (0..2).for_each(|_| cells.empty()),
        }
        match earlier.map(|earlier| change_word(plan, notice, earlier)) {
            Some(word) if !word.is_empty() => cells.text(word),
            _ => cells.empty(),
        }
    })
}

/// Reads the dates of an earlier schedule.csv, of this plan or of an earlier version of it. Cells without a date are passed over.
///
/// # Returns
/// The dates, and a warning if it has tasks that the plan does not have.
///
/// # Errors
/// [`Error::is_invalid_plan`] if it has not the columns `task`, `start` and `finish`, or not one task that the plan has.
pub fn read_spans(plan: &Plan, file: &str, bytes: &[u8]) -> Result<(Spans, Findings)> {
    let text = decode(bytes);
    let mut findings = Findings::new();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(&text))
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let find = |name: &str| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
    let (Some(task), Some(start), Some(finish)) = (find("task"), find("start"), find("finish")) else {
        let text = "an earlier schedule needs the columns `task`, `start` and `finish`";
        findings.push(Finding::error("missing-column", Place::file(file), text));
        return Err(Error::invalid_schedule(findings));
    };
    let by_id: rustc_hash::FxHashMap<&str, TaskId> =
        plan.tasks().iter_enumerated().map(|(id, row)| (&*row.id, id)).collect();
    let moment = |text: &str, of_day: Minutes| -> Option<Moment> {
        let when = match plan.project().time_unit {
            TimeUnit::Period => parse_period(text.trim()),
            _ => parse_civil(text.trim()),
        };
        Some(match when? {
            When::At(moment) => moment,
            When::On(date) => Moment::midnight(date) + of_day,
        })
    };
    let mut spans: Spans = vec![None; plan.tasks().len()].into();
    let (mut rows, mut known) = (0, 0);
    for record in reader.records().flatten() {
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let id = bare(cell(task).trim());
        rows += usize::from(!id.is_empty());
        let Some(&task) = by_id.get(id) else { continue };
        known += 1;
        spans[task] = moment(cell(start), Minutes::ZERO).zip(moment(cell(finish), Minutes(MINUTES_PER_DAY)));
    }
    if known == 0 && !plan.tasks().is_empty() {
        findings.push(Finding::error("unknown-task", Place::file(file), "not one of its tasks is in the plan"));
        return Err(Error::invalid_schedule(findings));
    }
    if known < rows {
        let text = match 2 * known < rows {
            true => format!("only {known} of its {rows} tasks are in the plan: is it the schedule of another one?"),
            false => format!("{known} of its {rows} tasks are in the plan"),
        };
        findings.push(Finding::warning("unknown-task", Place::file(file), text));
    }
    Ok((spans, findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effort::{Control, Limits};
    use crate::io::testing::plan_of;
    use crate::network::compile;
    use crate::plan::draft::TableKind::{self, Budgets, Deliverables, Project, Risks, Stakeholders, Tasks};
    use crate::schedule::{Schedule, notices};
    use crate::solve::{SolveOptions, solve};

    const TABLES: [(TableKind, &str); 6] = [
        (Project, "key,value\nname,Hut\nstart,2026-03-02\ndeadline,2026-03-13\n"),
        (
            Tasks,
            "id,name,parent,duration,predecessors,resources,category,deliverable,deadline\n\
             W,Works,,,,,,,\n\
             A,Dig,W,2d,,ana,site,hut,2026-03-02\n\
             B,Build,W,3d,A,ben,site,hut,\n\
             C,Paint,,1d,B,ana,desk,,\n\
             M,Done,,0,C,,,,\n",
        ),
        (Deliverables, "id,name,due\nhut,The hut,2026-03-06\n"),
        (Budgets, "id,scope,key,from,to,cap\nmarch,wbs,W,2026-03-03,,5000\n"),
        (Risks, "id,name,probability,tasks,delay\nrain,Rain,10%,A;C,1d\n"),
        (
            Stakeholders,
            "id,name,milestones,interests\nboard,The board,,M;deliverable:hut;budget:march\nboss,,C,resource:ana;risk:rain;wbs:W\n",
        ),
    ];

    fn solved(plan: &Plan) -> (Schedule, Spans) {
        let network = compile(plan).unwrap();
        let control = Control::start(Limits { effort: Some(5), ..Limits::default() });
        let outcome = solve(plan, &network, &SolveOptions::default(), &control, &|_| {}).unwrap();
        let schedule = outcome.schedule.unwrap();
        let spans: Vec<_> = schedule.spans(plan, &outcome.dates).iter().map(|&span| Some(span)).collect();
        (schedule, spans.into())
    }

    fn rows(plan: &Plan, notices: &[Notice], earlier: Option<&Spans>) -> Vec<String> {
        let mut text = Vec::new();
        write_interests(plan, notices, earlier, Format::Csv, &mut text).unwrap();
        String::from_utf8(text).unwrap().lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn everybody_is_told_what_they_care_about_and_nothing_twice() {
        let plan = plan_of(&TABLES);
        let (schedule, spans) = solved(&plan);
        let found = rows(&plan, &notices(&plan, &schedule, &spans), None);
        // Two days from Monday 2 March, three, and one.
        let expected = [
            "board,The board,milestone,project,,Hut,2026-03-02 08:00,2026-03-09 17:00,2026-03-13,yes,,,,",
            "board,The board,task:M,milestone,M,Done,2026-03-09 17:00,2026-03-09 17:00,,,,,,",
            "board,The board,deliverable:hut,deliverable,hut,The hut,2026-03-02 08:00,2026-03-06 17:00,2026-03-06,yes,,,,",
            // What is paid from it begins before it.
            "board,The board,budget:march,budget,march,,2026-03-03 00:00,2026-03-06 17:00,,,,,,",
            "boss,,milestone,task,C,Paint,2026-03-09 08:00,2026-03-09 17:00,,,,,,",
            "boss,,resource:ana,task,A,Dig,2026-03-02 08:00,2026-03-03 17:00,2026-03-02,no,,,,",
            "boss,,risk:rain,risk,rain,Rain,2026-03-02 08:00,2026-03-09 17:00,,,,,,",
            "boss,,wbs:W,phase,W,Works,2026-03-02 08:00,2026-03-06 17:00,,,,,,",
            "boss,,wbs:W,task,B,Build,2026-03-04 08:00,2026-03-06 17:00,,,,,,",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn changes_since_an_earlier_schedule_are_told_by_days() {
        let plan = plan_of(&TABLES);
        let (schedule, spans) = solved(&plan);
        // Then A began a day later, B took a day less, C was on Friday, X was still there and M was not yet.
        let former = "Task;Start;Finish\nA;2026-03-03 08:00;2026-03-03 17:00\nB;2026-03-04 08:00;2026-03-05 17:00\nX;2026-03-04;2026-03-05\n\
                      C;2026-03-11 08:00;2026-03-11 17:00\nW;;\n";
        let (earlier, findings) = read_spans(&plan, "schedule.csv", former.as_bytes()).unwrap();
        let told: Vec<String> = findings.iter().map(|finding| finding.text.clone()).collect();
        assert_eq!(told, ["4 of its 5 tasks are in the plan"]);
        let found = rows(&plan, &notices(&plan, &schedule, &spans), Some(&earlier));
        let changes: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|row| {
                let cells: Vec<&str> = row.split(',').collect();
                (cells[2], cells[10..].to_vec())
            })
            .collect();
        let expected = [
            ("milestone", vec!["2026-03-11 17:00", "-1", "-2", "earlier"]),
            ("task:M", vec!["", "", "", "new"]),
            ("deliverable:hut", vec!["2026-03-05 17:00", "-1", "1", "later"]),
            ("budget:march", vec!["2026-03-05 17:00", "-0.3333", "1", "later"]),
            ("milestone", vec!["2026-03-11 17:00", "-2", "-2", "earlier"]),
            ("resource:ana", vec!["2026-03-03 17:00", "-1", "0", "start earlier"]),
            ("risk:rain", vec!["2026-03-11 17:00", "-1", "-2", "earlier"]),
            ("wbs:W", vec!["", "", "", "new"]),
            ("wbs:W", vec!["2026-03-05 17:00", "0", "1", "later"]),
        ];
        assert_eq!(changes, expected);
        // Nothing has changed since itself.
        let found = rows(&plan, &notices(&plan, &schedule, &spans), Some(&spans));
        assert!(found.iter().all(|row| row.ends_with(',')), "{found:?}");
    }

    #[test]
    fn a_file_that_is_no_schedule_is_refused() {
        let plan = plan_of(&TABLES);
        let error = read_spans(&plan, "x.csv", b"id,start\nA,2026-03-02\n").unwrap_err();
        assert_eq!(error.findings().unwrap().iter().next().unwrap().rule, "missing-column");
        let error = read_spans(&plan, "x.csv", b"task,start,finish\nX,2026-03-02,2026-03-02\n").unwrap_err();
        assert_eq!(error.findings().unwrap().iter().next().unwrap().rule, "unknown-task");
        let other = b"task,start,finish\nX,2026-03-02,2026-03-02\nY,2026-03-02,2026-03-02\nA,2026-03-02,2026-03-02\n";
        let (spans, findings) = read_spans(&plan, "x.csv", other).unwrap();
        assert_eq!(spans.iter().flatten().count(), 1);
        assert!(findings.iter().next().unwrap().text.starts_with("only 1 of its 3 tasks"), "{findings:?}");
    }
}
