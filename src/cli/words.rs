//! The answer of `solve` for people: the figures, what drives the finish, the projects, the schedule.

use std::io::{self, Write};

use comfy_table::{Attribute, Cell, Row};
use floatline::io::results::{self, SummaryRow};
use floatline::level::Capacity;
use floatline::plan::{Plan, TaskId};
use floatline::schedule::{Outcome, Schedule, Status, makespan, project_cost, projects};
use floatline::units::{Amount, Minutes, Money};

use super::baseline::BUFFERS_FILE;
use super::files::{
    CAPACITIES_FILE, COMPLIANCE_FILE, GANTT_FILE, INTERESTS_FILE, NETWORK_FILE, PROJECTS_FILE, SCHEDULE_FILES,
    SUMMARY_FILE,
};
use super::gantt::{self, Screen};
use super::interests::Told;
use super::settings::Settings;
use super::solve::{Answer, Arguments};
use super::{buffers, print, summary};

/// Rows of the schedule that are printed unless all are asked for.
const MOST_ROWS: usize = 40;
/// Steps of the driving chain that are printed.
const MOST_STEPS: usize = 8;

/// The answer for people: the figures, what drives the finish, the schedule.
pub fn write_answer(
    out: &mut dyn Write,
    answer: &Answer,
    (schedule, told): (&Schedule, Option<&Told>),
    arguments: &Arguments,
    settings: &Settings,
    row: &SummaryRow,
) -> io::Result<()> {
    let Answer { plan, outcome, .. } = answer;
    let finish = summary::last_finish(plan, schedule);
    let makespan = makespan(plan, schedule);
    let money = |money: Money| summary::money_text(money, &plan.project().currency);
    writeln!(out, "{}\n", plan.project().name)?;
    let mut figures = vec![
        ("status", status_text(answer)),
        ("start", plan.format_moment(summary::first_start(plan, schedule))),
        ("finish", plan.format_moment(finish)),
        ("makespan", summary::in_words_of_work(plan, makespan)),
        ("cost", money(project_cost(plan, schedule).total())),
    ];
    if let Some(npv) = row.npv {
        figures.push(("npv", money(npv)));
    }
    if let Some(late) = row.tardiness.filter(|&late| late > 0.0) {
        figures.push(("tardiness", summary::tardiness_text(plan, late)));
    }
    let bound = outcome.leading_goal().and_then(|goal| Some((goal.objective, goal.bound?)));
    figures.push(("bound", summary::bound_text(plan, outcome, bound)));
    figures.push(("gap", summary::gap_text(row.gap)));
    if let Some(text) = summary::rules_text(plan, schedule) {
        figures.push(("rules", text));
    }
    if let Some(text) = summary::deadline_text(plan, finish) {
        figures.push(("deadline", text));
    }
    if let Some(stop) = outcome.stopped {
        figures.push(("stopped", format!("{}; another run may give another schedule", summary::stopped_by(stop))));
    }
    if settings.verbose {
        let passes = print::count(outcome.effort_spent as usize, "pass");
        figures.push(("effort", passes));
    }
    if !outcome.message.is_empty() {
        figures.push(("note", outcome.message.clone()));
    }
    for (name, value) in &figures {
        writeln!(out, "  {name:<9} {value}")?;
    }
    write_capacities(out, answer)?;
    buffers::write_words(out, plan, &answer.buffers, arguments.all)?;
    if !plan.tasks().is_empty() {
        write_chain(out, plan, schedule, outcome)?;
        write_projects(out, plan, schedule, outcome, arguments.all)?;
        match &answer.gantt {
            Some(chart) => {
                let most = if arguments.all { usize::MAX } else { MOST_ROWS };
                gantt::write(out, plan, chart, most, Screen::standard_output())?;
            }
            None => write_schedule_table(out, plan, schedule, outcome, arguments.all)?,
        }
    }
    if let Some(told) = told {
        told.write_words(out, plan)?;
    }
    if let Some(folder) = &settings.out {
        let projects = if projects(plan, schedule, &outcome.dates).is_empty() { "" } else { PROJECTS_FILE };
        let capacities = if answer.investment.is_some() { CAPACITIES_FILE } else { "" };
        let rules = if plan.rules().is_empty() { "" } else { COMPLIANCE_FILE };
        let interests = if told.is_some() { INTERESTS_FILE } else { "" };
        let buffers = if answer.buffers.is_empty() { "" } else { BUFFERS_FILE };
        let gantt = if answer.gantt.is_some() { GANTT_FILE } else { "" };
        let network = if answer.has_network { NETWORK_FILE } else { "" };
        let files = SCHEDULE_FILES
            .into_iter()
            .chain([projects, rules, capacities, interests, buffers, gantt, network])
            .filter(|file| !file.is_empty());
        let files: Vec<&str> = files.collect();
        writeln!(out, "\nwrote {} and {SUMMARY_FILE} to {}", files.join(", "), folder.display())?;
    }
    Ok(())
}

/// What is claimed of the answer.
fn status_text(answer: &Answer) -> String {
    match (&answer.investment, answer.outcome.status) {
        (None, _) => summary::status_text(&answer.outcome),
        (_, Status::Optimal) => "optimal: no other capacities that keep the date cost less".to_owned(),
        _ => "feasible: cheaper capacities may exist".to_owned(),
    }
}

/// How many units of each person and machine keep the date, if that was asked for.
fn write_capacities(out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
    let (plan, Some((until, capacities))) = (&answer.plan, &answer.investment) else { return Ok(()) };
    let money = |money: Money| summary::money_text(money, "");
    let row = |capacity: &Capacity| {
        vec![
            format!("  {}", plan.resources()[capacity.resource].id),
            capacity.now.to_string(),
            capacity.needed.to_string(),
            capacity.least.to_string(),
            money(capacity.price),
            money(capacity.cost(capacity.needed)),
        ]
    };
    writeln!(
        out,
        "\nCapacities that keep {} (price and cost of units a working day; none can do with less than LEAST):",
        plan.format_end(*until)
    )?;
    let headers = ["  resource", "now", "needed", "least", "price", "cost"];
    print::write_table(out, &print::table(&headers, &[1, 2, 3, 4, 5], capacities.iter().map(row)))?;
    let sum = |units: fn(&Capacity) -> Amount| {
        summary::money_text(Money(capacities.iter().map(|of| of.cost(units(of)).0).sum()), &plan.project().currency)
    };
    writeln!(
        out,
        "  in all {}; no capacities that keep the date cost less than {}",
        sum(|of| of.needed),
        sum(|of| of.least)
    )
}

fn write_chain(out: &mut dyn Write, plan: &Plan, schedule: &Schedule, outcome: &Outcome) -> io::Result<()> {
    let chain = summary::driving_chain(plan, schedule, outcome);
    writeln!(out, "\nWhat drives the finish, last task first:")?;
    let rows = chain.iter().take(MOST_STEPS).map(|step| {
        let task = &plan.tasks()[step.task];
        let start = plan.format_moment(schedule.placements[step.task].start);
        let finish = plan.format_moment(schedule.placements[step.task].finish);
        vec![format!("  {}", task.id), task.name.to_string(), start, finish, step.reason.clone()]
    });
    let mut table = print::table(&["  id", "task", "start", "finish", "why not earlier"], &[], rows);
    print::keep_whole(&mut table, &[0, 2, 3]);
    print::write_table(out, &table)?;
    if chain.len() > MOST_STEPS {
        writeln!(out, "   ... and {} before", print::count(chain.len() - MOST_STEPS, "task"))?;
    }
    Ok(())
}

/// The projects or phases of a plan that has several: how each comes out, and why it does not finish earlier.
fn write_projects(
    out: &mut dyn Write,
    plan: &Plan,
    schedule: &Schedule,
    outcome: &Outcome,
    all: bool,
) -> io::Result<()> {
    let projects = projects(plan, schedule, &outcome.dates);
    if projects.is_empty() {
        return Ok(());
    }
    let has_names = projects.iter().any(|project| !plan.tasks()[project.summary].name.is_empty());
    let has_deadlines = projects.iter().any(|project| project.deadline.is_some());
    let shown = if all { projects.len() } else { projects.len().min(MOST_ROWS) };
    let mut headers = vec!["", "id", "start", "finish", "length", "tasks", "cost"];
    if has_names {
        headers.insert(2, "name");
    }
    if has_deadlines {
        headers.push("due");
    }
    headers.push("last task");
    let from = 2 + usize::from(has_names);
    let mut table = print::table(&headers, &[from + 2, from + 3, from + 4], []);
    for project in &projects[..shown] {
        let summary = &plan.tasks()[project.summary];
        let last = results::driver_words(plan, project.last_task, outcome.dates[project.last_task].driver);
        let mut cells = vec![
            if project.critical { "*".to_owned() } else { String::new() },
            summary.id.to_string(),
            // Days are enough here; the files have the times.
            first_word(&plan.format_moment(project.start)),
            first_word(&plan.format_end(project.finish)),
            summary::in_units(plan, project.length),
            project.tasks.to_string(),
            summary::money_text(project.cost, ""),
        ];
        if has_names {
            cells.insert(2, summary.name.to_string());
        }
        if has_deadlines {
            cells.push(match project.deadline {
                Some(_) if project.late > Minutes::ZERO => {
                    format!("MISSED by {}", summary::in_units(plan, project.late))
                }
                Some(deadline) => format!("{} kept", plan.format_end(deadline)),
                None => String::new(),
            });
        }
        cells.push(format!("{}: {last}", plan.tasks()[project.last_task].id));
        let mut row = Row::from(cells);
        row.max_height(1);
        table.add_row(row);
    }
    print::keep_whole(&mut table, &[0, 1, from, from + 1, from + 2, from + 3, from + 4]);
    writeln!(
        out,
        "\nProjects and phases (* critical; length in {}; last task: what finishes last, and what it waits for):",
        unit_name(plan)
    )?;
    print::write_table(out, &table)?;
    if projects.len() > shown {
        writeln!(out, " ... and {}; --all prints them", print::count(projects.len() - shown, "more row"))?;
    }
    Ok(())
}

fn write_schedule_table(
    out: &mut dyn Write,
    plan: &Plan,
    schedule: &Schedule,
    outcome: &Outcome,
    all: bool,
) -> io::Result<()> {
    let shown = if all { plan.tasks().len() } else { plan.tasks().len().min(MOST_ROWS) };
    let mut table = print::table(&["", "id", "task", "start", "finish", "float", "who"], &[5], []);
    let spans = schedule.spans(plan, &outcome.dates);
    for task in plan.tasks().ids().take(shown) {
        let dates = &outcome.dates[task];
        let (start, finish) = spans[task];
        let cells = [
            if dates.critical { "*".to_owned() } else { String::new() },
            plan.tasks()[task].id.to_string(),
            indented_title(plan, task),
            plan.format_moment(start),
            plan.format_moment(finish),
            summary::in_units(plan, dates.total_float),
            who(plan, schedule, task),
        ];
        let cells = cells.map(|text| {
            let cell = Cell::new(text);
            if dates.critical { cell.add_attribute(Attribute::Bold) } else { cell }
        });
        // What does not fit is cut: a task a line can be scanned, and the files have everything.
        let mut row = Row::from(cells);
        row.max_height(1);
        table.add_row(row);
    }
    print::keep_whole(&mut table, &[0, 1, 3, 4, 5]);
    writeln!(out, "\nSchedule (* critical; float in {}):", unit_name(plan))?;
    print::write_table(out, &table)?;
    let hidden = plan.tasks().len() - shown;
    if hidden > 0 {
        writeln!(out, " ... and {}; --all prints them, -o OUT writes them to files", print::count(hidden, "more row"))?;
    }
    Ok(())
}

fn first_word(text: &str) -> String {
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// The plan's time unit as the word for several of them.
fn unit_name(plan: &Plan) -> &'static str {
    use floatline::plan::TimeUnit;
    match plan.project().time_unit {
        TimeUnit::Period => "periods",
        TimeUnit::Minute => "minutes",
        TimeUnit::Hour => "hours",
        TimeUnit::Day => "days",
        TimeUnit::Week => "weeks",
    }
}

/// A task's title, moved in by its depth below summaries.
fn indented_title(plan: &Plan, task: TaskId) -> String {
    let depth = std::iter::successors(plan.tasks()[task].parent, |&parent| plan.tasks()[parent].parent).count();
    format!("{}{}", "  ".repeat(depth.min(6)), plan.tasks()[task].title())
}

/// Who works on a task, by ids: `ana, crane*2`.
fn who(plan: &Plan, schedule: &Schedule, task: TaskId) -> String {
    use floatline::index::Id;
    let names = schedule.assignments.row(task.index()).iter().map(|assignment| {
        let id = &plan.resources()[assignment.resource].id;
        if assignment.amount == Amount::ONE { id.to_string() } else { format!("{id}*{}", assignment.amount) }
    });
    names.collect::<Vec<_>>().join(", ")
}
