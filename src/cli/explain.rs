//! `floatline explain`: why a task is when it is, why there is no schedule, why none finishes earlier.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use floatline::cpm::left_to_do;
use floatline::effort::{Control, Limits};
use floatline::error::{Error, Result};
use floatline::explain::{
    Bound, ConflictOptions, Feasibility, Infeasible, Line, TaskExplanation, TaskOptions, why_infeasible,
    why_not_earlier, why_task,
};
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::write_explanation;
use floatline::io::write_files;
use floatline::network::compile;
use floatline::plan::{Plan, TaskId};
use floatline::schedule::{Schedule, verify};
use floatline::solve::SolveOptions;

use super::numbers::whole;
use super::settings::{Format, Settings};
use super::{Verdict, basis, interrupt, names, plans, print, summary};

/// The file of the explanation in a folder of results.
const EXPLANATION_FILE: &str = "explanation.csv";
/// What is told where neither was found.
const NOT_DECIDED: &str =
    "not decided: neither a schedule nor a proof that there is none was found; give it more --effort";
/// Steps of a chain that are printed unless all are asked for.
const MOST_STEPS: usize = 12;

/// Explain why a task is when it is, why a plan has no schedule, or why none finishes earlier
///
/// `explain PLAN TASK` follows what holds a task back to the project's start: links, people, calendars, constraints,
/// money. Then it tries what would let the task start earlier, and tells by how much it would.
///
/// With --infeasible, names smallest sets of limits that cannot be kept together, and the least more time, money or capacity
/// with which there is a schedule. With --bound, tells what proves that no schedule finishes earlier.
///
/// With -o, writes explanation.csv into OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline explain data/software-release T9
  floatline explain data/hardware-programme --bound
  floatline explain data/bad/fixed-date-against-link --infeasible
  floatline explain data/bad/impossible-launch --infeasible
  floatline explain data/datacenter-move --infeasible --hard-deadlines

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The task to explain, by its id
    #[arg(value_name = "TASK", required_unless_present_any = ["infeasible", "bound"])]
    task: Option<String>,
    /// Explain why the plan has no schedule, and what is the least to change
    #[arg(long, conflicts_with_all = ["task", "bound"])]
    infeasible: bool,
    /// With --infeasible: deadlines and "no later than" constraints must be kept (they are wishes otherwise)
    #[arg(long, requires = "infeasible")]
    hard_deadlines: bool,
    /// With --infeasible: look for so many conflicts at most
    #[arg(long, value_name = "N", requires = "infeasible", default_value_t = 5, value_parser = whole::<u16, 1, 65_535>)]
    conflicts: u16,
    /// Explain why no schedule finishes earlier
    #[arg(long, conflicts_with = "task")]
    bound: bool,
    /// Explain this schedule instead of searching for one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["infeasible", "bound"])]
    schedule: Option<PathBuf>,
    /// Print all steps of the chain, not only the first 12
    #[arg(long)]
    all: bool,
}

/// An answer, with the schedule that it is about.
enum Answer {
    Task(TaskExplanation, Schedule),
    Infeasible(Infeasible),
    Feasible,
    NotDecided,
    Bound(Bound),
}

/// Explains.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    print::findings_of_plan(&findings, settings);
    let plan = left_to_do(Cow::Owned(plan)).into_owned();
    let task = arguments.task.as_deref().map(|id| find_task(&plan, id)).transpose()?;
    let control = Control::with_cancel_flag(settings.limits, interrupt::cancel_flag(settings.quiet));
    let answer = match task {
        Some(task) => explain_task(&plan, task, arguments, settings, &control)?,
        None if arguments.bound => explain_bound(&plan, settings, &control)?,
        None => explain_infeasible(&plan, arguments, settings, &control)?,
    };
    let lines = answer.lines(&plan);
    if let Some(out) = &settings.out {
        write_files(out, &[(EXPLANATION_FILE, &|out| write_explanation(&plan, &lines, Csv, out))])?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| answer.write(out, &plan, &lines, arguments, settings))?,
        Format::Csv => print::out(|out| write_explanation(&plan, &lines, Csv, out))?,
        Format::Json => print::out(|out| write_explanation(&plan, &lines, Json, out))?,
    }
    Ok(if matches!(answer, Answer::Infeasible(_)) { Verdict::Infeasible } else { Verdict::Done })
}

/// The task with an id.
///
/// # Errors
/// If there is none, naming one that may be meant.
fn find_task(plan: &Plan, id: &str) -> Result<TaskId> {
    plan.find_task(id).ok_or_else(|| {
        let near = names::meant(id, plan.tasks().iter().map(|task| &*task.id));
        Error::usage(format!("the plan has no task `{id}`{near}"))
    })
}

fn explain_task(
    plan: &Plan,
    task: TaskId,
    arguments: &Arguments,
    settings: &Settings,
    control: &Control,
) -> Result<Answer> {
    let schedule = match &arguments.schedule {
        Some(path) => basis::given(plan, path, verify, settings)?,
        None => basis::solved(plan, &compile(plan)?, &SolveOptions::default(), settings, "explain", control)?.1,
    };
    let options = TaskOptions { seed: settings.seed, ..TaskOptions::default() };
    let explanation = why_task(plan, &schedule, task, &options, &without_effort(settings, control))?;
    Ok(Answer::Task(explanation, schedule))
}

fn explain_bound(plan: &Plan, settings: &Settings, control: &Control) -> Result<Answer> {
    let network = compile(plan)?;
    let (outcome, _) = basis::solved(plan, &network, &SolveOptions::default(), settings, "explain", control)?;
    let bound = why_not_earlier(plan, &network, &outcome);
    bound.map(Answer::Bound).ok_or_else(|| Error::infeasible("there is no schedule to explain"))
}

fn explain_infeasible(plan: &Plan, arguments: &Arguments, settings: &Settings, control: &Control) -> Result<Answer> {
    let hard = if arguments.hard_deadlines { plan.wishes() } else { Vec::new() };
    let options = ConflictOptions { hard, most: arguments.conflicts.into(), seed: settings.seed };
    Ok(match why_infeasible(plan, &options, control)? {
        Feasibility::Infeasible(infeasible) => Answer::Infeasible(infeasible),
        Feasibility::Feasible => Answer::Feasible,
        Feasibility::NotDecided => Answer::NotDecided,
    })
}

/// The effort is that of the search; changes are tried with one of their own.
fn without_effort(settings: &Settings, control: &Control) -> Control {
    control.anew(Limits { effort: None, ..settings.limits })
}

/// The only row of an answer that has nothing to explain.
fn status_line(kind: &'static str, text: String) -> Line {
    Line { part: "status", number: 1, kind, text, ..Line::default() }
}

impl Answer {
    fn lines(&self, plan: &Plan) -> Vec<Line> {
        match self {
            Answer::Task(explanation, schedule) => explanation.lines(plan, schedule),
            Answer::Infeasible(infeasible) => infeasible.lines(plan),
            Answer::Bound(bound) => bound.lines(plan),
            Answer::Feasible => vec![status_line("feasible", "there is a schedule".to_owned())],
            Answer::NotDecided => vec![status_line("unknown", NOT_DECIDED.to_owned())],
        }
    }

    fn write(
        &self,
        out: &mut dyn Write,
        plan: &Plan,
        lines: &[Line],
        arguments: &Arguments,
        settings: &Settings,
    ) -> io::Result<()> {
        let of = |part: &'static str| lines.iter().filter(move |line| line.part == part);
        match self {
            Answer::Task(explanation, _) => {
                write_task(out, plan, explanation)?;
                let shown = if arguments.all { usize::MAX } else { MOST_STEPS };
                write_numbered(out, of("step").take(shown))?;
                if let left @ 1.. = of("step").count().saturating_sub(shown) {
                    writeln!(out, "   ... and {} before; --all prints them", print::count(left, "step"))?;
                }
                writeln!(out, "\nWhat would let it start earlier:")?;
                if of("change").next().is_none() {
                    writeln!(out, "   nothing that was tried")?;
                }
                write_numbered(out, of("change"))?;
            }
            Answer::Infeasible(infeasible) => write_infeasible(out, plan, infeasible, lines)?,
            Answer::Feasible => {
                let hint = if arguments.hard_deadlines {
                    ""
                } else {
                    " (--hard-deadlines asks whether one keeps all deadlines)"
                };
                writeln!(out, "{}: there is a schedule{hint}", plan.project().name)?;
            }
            Answer::NotDecided => writeln!(out, "{}: {NOT_DECIDED}", plan.project().name)?,
            Answer::Bound(_) => {
                writeln!(out, "{}: why no schedule finishes earlier\n", plan.project().name)?;
                for line in lines {
                    let number = if line.number == 0 { String::new() } else { format!("{}.", line.number) };
                    writeln!(out, "{number:>4} {}", line.text)?;
                }
            }
        }
        match &settings.out {
            Some(folder) => writeln!(out, "\nwrote {EXPLANATION_FILE} to {}", folder.display()),
            None => Ok(()),
        }
    }
}

fn write_task(out: &mut dyn Write, plan: &Plan, explanation: &TaskExplanation) -> io::Result<()> {
    let task = &plan.tasks()[explanation.task];
    let float = summary::in_words_of_work(plan, explanation.total_float);
    let critical = if explanation.is_critical { "critical" } else { "not critical" };
    writeln!(out, "{}: why {} is when it is; {critical}, total float {float}\n", plan.project().name, task.title())
}

fn write_infeasible(out: &mut dyn Write, plan: &Plan, infeasible: &Infeasible, lines: &[Line]) -> io::Result<()> {
    writeln!(out, "{}: there is no schedule", plan.project().name)?;
    for (at, conflict) in infeasible.conflicts.iter().enumerate() {
        let heading = match (conflict.limits.len(), conflict.is_minimal) {
            (0 | 1, _) => "this cannot be kept",
            (_, true) => "these cannot all be kept; without any one of them they could be",
            (_, false) => "these cannot all be kept",
        };
        writeln!(out, "\nConflict {}: {heading}", at + 1)?;
        for line in lines.iter().filter(|line| line.part == "conflict" && line.number == at + 1) {
            writeln!(out, "  - {}", line.text)?;
        }
        if let Some(reason) = &conflict.reason {
            writeln!(out, "    ({reason})")?;
        }
    }
    if !infeasible.is_complete {
        writeln!(out, "\nThere may be more conflicts.")?;
    }
    writeln!(out, "\nThe least that makes it possible, each verified by a schedule:")?;
    if infeasible.repairs.is_empty() {
        writeln!(out, "   nothing was found within the effort")?;
    }
    write_numbered(out, lines.iter().filter(|line| line.part == "repair"))
}

/// Sentences with their numbers, and below each what `whatif` takes to try it.
fn write_numbered<'l>(out: &mut dyn Write, lines: impl Iterator<Item = &'l Line>) -> io::Result<()> {
    for line in lines {
        writeln!(out, "{:>4} {}", format!("{}.", line.number), line.text)?;
        if !line.edits.is_empty() {
            let edits: Vec<String> = line.edits.iter().map(|edit| format!("--set {}", for_shell(edit))).collect();
            writeln!(out, "       {}", edits.join(" "))?;
        }
    }
    Ok(())
}

/// A text in quotes between which a shell changes nothing. Double quotes serve every shell; what they do not keep as it is stands
/// in single ones, as POSIX shells read them.
fn for_shell(text: &str) -> String {
    match text.contains(['"', '$', '`', '\\', '!']) {
        true => format!("'{}'", text.replace('\'', r"'\''")),
        false => format!("\"{text}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_quoted_so_that_a_shell_takes_them_as_they_are() {
        assert_eq!(for_shell("task:A.duration=-1d"), "\"task:A.duration=-1d\"");
        assert_eq!(for_shell("task:Joe's.duration=-1d"), "\"task:Joe's.duration=-1d\"");
        assert_eq!(for_shell("task:a\"b.duration=-1d"), "'task:a\"b.duration=-1d'");
        assert_eq!(for_shell("task:$'x.duration=-1d"), r"'task:$'\''x.duration=-1d'");
    }
}
