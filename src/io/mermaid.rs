//! A schedule as a Mermaid `gantt` block, for documents written in Markdown.

use std::fmt::Write as _;

use super::losses::Losses;
use crate::error::Findings;
use crate::index::{Id, IdVec};
use crate::plan::content::Cell;
use crate::plan::draft::TableKind;
use crate::plan::{Plan, TaskId, TaskKind, TimeUnit};
use crate::schedule::{Schedule, TaskDates};
use crate::units::Moment;

/// Words that begin a statement of the language; a name must not begin with them.
const KEYWORDS: [&str; 17] = [
    "gantt",
    "title",
    "section",
    "dateformat",
    "axisformat",
    "tickinterval",
    "inclusiveenddates",
    "topaxis",
    "excludes",
    "includes",
    "todaymarker",
    "weekday",
    "weekend",
    "click",
    "call",
    "acctitle",
    "accdescr",
];

/// Writes a `gantt` block: a section for each top summary with the activities below it, those without a summary first.
///
/// Critical activities get the flag `crit`. Dates are exact, so that `excludes` is not needed. Signs of a name that mean
/// something in the language are written as entity codes. Plans of periods are drawn on an axis of period numbers.
///
/// # Arguments
/// `dates` has an entry for each task, or none at all if nothing is known about what is critical.
///
/// # Returns
/// The text, and a note on what it does not show.
pub fn write_mermaid(plan: &Plan, schedule: &Schedule, dates: &IdVec<TaskId, TaskDates>) -> (String, Findings) {
    let is_abstract = plan.project().time_unit == TimeUnit::Period;
    let mut out = String::from("gantt\n");
    let title = plain(&plan.project().name);
    if !title.is_empty() {
        line(&mut out, format_args!("    title {title}"));
    }
    out.push_str(match is_abstract {
        true => "    dateFormat x\n    axisFormat %Q\n",
        false => "    dateFormat YYYY-MM-DD HH:mm\n    axisFormat %Y-%m-%d\n",
    });
    let tops = top_summaries(plan);
    let mut below: IdVec<TaskId, Vec<TaskId>> = IdVec::filled(Vec::new(), plan.tasks().len());
    let mut alone = Vec::new();
    for (task, row) in plan.tasks().iter_enumerated().filter(|(_, row)| row.kind != TaskKind::Summary) {
        match row.parent {
            Some(parent) => below[tops[parent]].push(task),
            None => alone.push(task),
        }
    }
    let bar = |out: &mut String, task| write_bar(out, plan, schedule, dates, task);
    alone.into_iter().for_each(|task| bar(&mut out, task));
    for (summary, tasks) in below.iter_enumerated().filter(|(_, tasks)| !tasks.is_empty()) {
        line(&mut out, format_args!("    section {}", label(plan, summary)));
        tasks.iter().for_each(|&task| bar(&mut out, task));
    }
    (out, Losses::of(plan, carries).into_note("a chart in Mermaid shows what takes place when"))
}

/// True for what can be seen in a chart.
fn carries(cell: &Cell<'_>) -> bool {
    match cell.table {
        TableKind::Project => cell.field == "name",
        TableKind::Tasks => ["id", "name", "duration"].contains(&cell.field),
        _ => false,
    }
}

/// The summary at the top above each task, or the task itself.
fn top_summaries(plan: &Plan) -> IdVec<TaskId, TaskId> {
    let mut tops: IdVec<TaskId, Option<TaskId>> = IdVec::filled(None, plan.tasks().len());
    for start in plan.tasks().ids() {
        let (mut at, mut path) = (start, Vec::new());
        let top = loop {
            if let Some(top) = tops[at] {
                break top;
            }
            path.push(at);
            match plan.tasks()[at].parent {
                Some(parent) => at = parent,
                None => break at,
            }
        };
        path.into_iter().for_each(|task| tops[task] = Some(top));
    }
    plan.tasks().ids().map(|task| tops[task].unwrap_or(task)).collect::<Vec<_>>().into()
}

/// A task: `name :crit, t3, 2026-03-02 08:00, 2026-03-03 17:00`.
fn write_bar(out: &mut String, plan: &Plan, schedule: &Schedule, dates: &IdVec<TaskId, TaskDates>, task: TaskId) {
    let Some(placement) = schedule.placements.get(task) else { return };
    let critical = if dates.get(task).is_some_and(|dates| dates.critical) { "crit, " } else { "" };
    let (name, number) = (label(plan, task), task.index() + 1);
    let moment = |moment: Moment| plan.format_moment(moment);
    if plan.tasks()[task].kind == TaskKind::Milestone {
        line(out, format_args!("    {name} :{critical}milestone, t{number}, {}, 0d", moment(placement.start)));
    } else {
        let (start, finish) = (moment(placement.start), moment(placement.finish));
        line(out, format_args!("    {name} :{critical}t{number}, {start}, {finish}"));
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

/// The name of a task such that it cannot be read as anything else.
fn label(plan: &Plan, task: TaskId) -> String {
    let row = &plan.tasks()[task];
    let text = [row.title(), &row.id].into_iter().map(plain).find(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| format!("t{}", task.index() + 1));
    let lower = text.to_lowercase();
    if !KEYWORDS.iter().any(|word| lower.starts_with(word)) {
        return text;
    }
    let mut rest = text.chars();
    let first = rest.next().map(code).unwrap_or_default();
    first + rest.as_str()
}

/// Text with entity codes for the signs of the language, in one line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            ':' | ';' | '#' | ',' | '%' | '<' | '>' | '&' | '"' | '`' | '\\' | '{' | '}' => out.push_str(&code(c)),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => out.push(' '),
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// `#58;`
fn code(c: char) -> String {
    format!("#{};", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::PlanBuilder;
    use crate::schedule::Driver;
    use crate::schedule::testing::{Sketch, days, march, schedule};
    use crate::units::Minutes;

    fn dates(start: Moment, finish: Moment, critical: bool) -> TaskDates {
        TaskDates {
            early_start: start,
            early_finish: finish,
            late_start: start,
            late_finish: finish,
            total_float: Minutes::ZERO,
            free_float: Minutes::ZERO,
            critical,
            longest_path: critical,
            driver: Driver::ProjectStart,
        }
    }

    #[test]
    fn summaries_are_sections_and_names_cannot_break_out() {
        let mut sketch = Sketch::new();
        sketch.project.name = "House: north; #1".into();
        let house = sketch.summary("H");
        let inner = sketch.summary("H.1");
        let dig = sketch.task("dig", days(1));
        let done = sketch.task("done", days(0));
        let alone = sketch.task("alone", days(1));
        sketch.at(house).name = "House, all".into();
        sketch.at(inner).parent = Some(house);
        sketch.at(dig).parent = Some(inner);
        sketch.at(dig).name = "Dig :crit, x\n50%% deep".into();
        sketch.at(done).parent = Some(house);
        sketch.at(alone).name = "Section 5".into();
        let plan = sketch.build();
        let (monday, evening) = (march(2, 8), march(2, 17));
        let times = [(monday, evening), (monday, evening), (monday, evening), (evening, evening), (monday, evening)];
        let plan_schedule = schedule(&plan, &times);
        let all: IdVec<TaskId, TaskDates> = times
            .iter()
            .zip([true, true, true, false, false])
            .map(|(t, c)| dates(t.0, t.1, c))
            .collect::<Vec<_>>()
            .into();
        let expected = "\
gantt
    title House#58; north#59; #35;1
    dateFormat YYYY-MM-DD HH:mm
    axisFormat %Y-%m-%d
    #83;ection 5 :t5, 2026-03-02 08:00, 2026-03-02 17:00
    section House#44; all
    Dig #58;crit#44; x 50#37;#37; deep :crit, t3, 2026-03-02 08:00, 2026-03-02 17:00
    done :milestone, t4, 2026-03-02 17:00, 0d
";
        let (text, findings) = write_mermaid(&plan, &plan_schedule, &all);
        assert_eq!(text, expected);
        let said: Vec<&str> = findings.iter().map(|finding| &*finding.text).collect();
        let left_out = "project.csv (`start`, `hours_per_day`, `days_per_week`, `days_per_month`, `currency`); tasks.csv (`parent`)";
        assert_eq!(
            said,
            [format!("a chart in Mermaid shows what takes place when; it leaves out what the plan says in {left_out}")]
        );
        let (unknown, _) = write_mermaid(&plan, &plan_schedule, &IdVec::new());
        assert_eq!(unknown, expected.replace("crit, t3", "t3"));
    }

    #[test]
    fn periods_are_numbers_on_the_axis() {
        let mut builder = PlanBuilder::periods();
        builder.minutes("A", 3);
        let plan = builder.build();
        let (text, _) = write_mermaid(&plan, &schedule(&plan, &[(Moment(2), Moment(5))]), &IdVec::new());
        assert_eq!(
            text.lines().skip_while(|line| !line.contains("dateFormat")).collect::<Vec<_>>(),
            ["    dateFormat x", "    axisFormat %Q", "    A :t1, 2, 5"]
        );
    }
}
