//! `floatline value`: what one more of everything scarce would bring.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use floatline::effort::{Control, Limits};
use floatline::error::Result;
use floatline::io::results;
use floatline::io::results::Format::{Csv, Json};
use floatline::io::write_file;
use floatline::plan::validate;
use floatline::scenario::{MarginalValue, StudyOptions, Values, people_values, values};
use floatline::schedule::Status;
use floatline::solve::SolveOptions;
use floatline::units::{Minutes, Money};

use super::progress::Line;
use super::settings::{Format, Settings};
use super::solve::{ObjectiveFlag, searched_objectives};
use super::whatif::signed;
use super::{Verdict, interrupt, plans, print, summary};

/// What would one more unit of each resource, one more day of each deadline and one percent more of each budget bring?
///
/// Each is tried alone: the plan is solved again with a little more of it, in parallel, and compared with the plan as it is. What
/// brings most stands first. The edits are those of `whatif`, to try several together.
///
/// With --people it asks what one more person would bring, with each set of skills that there is and with each single skill that tasks
/// ask for, and what it would bring to teach somebody a skill. A new person has the rate and the hours of the one named.
///
/// With -o, writes values.csv into OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline value data/datacenter-move
  floatline value data/software-release --objective cost --effort 20
  floatline value data/software-release -o out
  floatline value data/app-launch --people

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// What to optimise, the most important first, as in `solve`, which alone answers p80 and peak
    #[arg(long, value_enum, value_delimiter = ',', value_name = "LIST", default_value = "tardiness,finish")]
    objective: Vec<ObjectiveFlag>,
    /// Whom to hire and what to teach, instead of resources, deadlines and budgets
    #[arg(long)]
    people: bool,
    /// Print limits of which more brings nothing, too
    #[arg(long)]
    all: bool,
}

/// Finds out what more would bring, and shows it.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let draft = plans::read(&arguments.plan, &settings.read, None)?;
    let (_, findings) = validate(&draft)?;
    print::findings_of_plan(&findings, settings);
    let solve = SolveOptions {
        seed: settings.seed,
        objectives: searched_objectives(&arguments.objective)?,
        ..SolveOptions::default()
    };
    let options = StudyOptions { solve, limits: settings.limits, risk: None };
    let control = Control::with_cancel_flag(Limits::default(), interrupt::cancel_flag(settings.quiet));
    let line = Line::search(settings.quiet);
    let asked = if arguments.people { people_values } else { values };
    let found = asked(&draft, &options, &control, &|name| line.step(name));
    line.clear();
    let found = found?;
    if let Some(out) = &settings.out {
        write_file(&out.join("values.csv"), &|to| results::write_values(&found, Csv, to))?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| write_words(out, &found, arguments))?,
        Format::Csv => print::out(|out| results::write_values(&found, Csv, out))?,
        Format::Json => print::out(|out| results::write_values(&found, Json, out))?,
    }
    match found.base.outcome.status {
        Status::Infeasible => Ok(Verdict::Infeasible),
        _ => Ok(Verdict::Done),
    }
}

fn write_words(out: &mut dyn Write, found: &Values, arguments: &Arguments) -> io::Result<()> {
    let plan = &found.base.plan;
    let Some(figures) = &found.base.figures else {
        return writeln!(out, "{}: there is no schedule: {}", plan.project().name, found.base.outcome.message);
    };
    let finish = plan.format_moment(figures.finish);
    let cost = summary::money_text(figures.cost, &plan.project().currency);
    writeln!(out, "{}: finishes {finish}, costs {cost} ({})\n", plan.project().name, found.base.outcome.status.word())?;
    let matters = |value: &&MarginalValue| {
        (value.finish, value.cost) != (Minutes::ZERO, Money::ZERO) || value.tardiness.abs() > 1e-9
    };
    let shown: Vec<&MarginalValue> = found.values.iter().filter(|value| arguments.all || matters(value)).collect();
    let is_late = figures.tardiness > 0.0;
    let rows = shown.iter().map(|value| {
        let (limit, id, name) = value.limit.in_words(plan);
        let late = if is_late { summary::two_decimals(value.tardiness) } else { String::new() };
        let finish = summary::in_units(plan, value.finish);
        let mut row =
            vec![limit.to_owned(), id.to_owned(), name.to_owned(), value.edits_in_words(), finish, signed(value.cost)];
        if is_late {
            row.push(late);
        }
        row
    });
    let headers = match arguments.people {
        true => ["", "like or who", "skills", "edits", "finishes earlier", "saves"],
        false => ["limit", "id", "name", "edit", "finishes earlier", "saves"],
    };
    let mut headers = headers.to_vec();
    if is_late {
        headers.push("less late");
    }
    if shown.is_empty() {
        return match arguments.people {
            true if found.values.is_empty() => {
                writeln!(out, "no task asks for a skill: name them in tasks as `skill:NAME`")
            }
            true => writeln!(out, "neither a new person nor a new skill changes anything"),
            false => writeln!(out, "a little more of any resource, deadline or budget brings nothing"),
        };
    }
    print::write_table(out, &print::table(&headers, &[4, 5, 6], rows.collect::<Vec<_>>()))?;
    let nothing = found.values.len() - shown.len();
    if nothing > 0 {
        match arguments.people {
            true => writeln!(out, "\n{} change nothing (--all shows them)", print::count(nothing, "other trial"))?,
            false => {
                writeln!(out, "\nmore of {} brings nothing (--all shows them)", print::count(nothing, "other limit"))?
            }
        }
    }
    if found.left_out > 0 {
        let left_out = print::count(found.left_out, "training");
        writeln!(out, "\n{left_out} of people with less time to spare were not tried")?;
    }
    Ok(())
}
