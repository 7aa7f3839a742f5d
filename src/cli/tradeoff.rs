//! `floatline tradeoff`: what finishing earlier costs, and which finish is the cheapest.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use floatline::cpm;
use floatline::effort::Control;
use floatline::error::{Error, Result};
use floatline::io::FileWriter;
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{self};
use floatline::plan::{Plan, TimeUnit};
use floatline::risk::RiskOptions;
use floatline::tradeoff::{Change, Front, FrontOptions, Proof, Way, front};
use floatline::units::{Minutes, Moment, Money};
use serde_json::{Value, json};

use super::files::write_only;
use super::numbers::whole;
use super::progress::Line;
use super::settings::{Format, Settings};
use super::{Verdict, interrupt, plans, print, summary};

/// Time against cost: what does finishing earlier cost, and which finish is the cheapest? (crashing)
///
/// The ways to do a task are its rows in modes.csv. The answer is the front of plans of which none is both earlier and cheaper,
/// with the tasks that change from one to the next and what each day costs; overhead, penalty and bonus of project.csv tell the
/// cheapest finish of all. A point is `optimal` if it is
/// proven that no plan that finishes as early costs less, and none that costs as little finishes earlier; `cheapest by then` if
/// only the first is; `feasible` if that is not either.
///
/// With -o, writes front.csv (the points), steps.csv (which tasks change, and what the day costs) and front.svg (the picture)
/// into OUT, and schedule.csv and assignments.csv of the point that --pick names.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline tradeoff data/warehouse
  floatline tradeoff data/solar-park --continuous
  floatline tradeoff data/solar-park --ignore-resources --risk -o out
  floatline tradeoff data/hardware-programme --ignore-resources --points 12
  floatline tradeoff data/warehouse --ignore-resources --pick 2026-07-15 -o out

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// A task may take any time between its modes, at a price in between; resources and budgets are left aside
    #[arg(long)]
    continuous: bool,
    /// By links, calendars and constraints alone, as if there were enough of everything
    #[arg(long)]
    ignore_resources: bool,
    /// Points of the front, about, at equal distances [default: all, but 50 of a continuous front with more corners]
    #[arg(long, value_name = "N", value_parser = whole::<u16, 2, 10_000>)]
    points: Option<u16>,
    /// Simulate each point, as `risk` does, for the finish with a confidence of 80 %
    #[arg(long, conflicts_with = "continuous")]
    risk: bool,
    /// Samples for each point
    #[arg(long, value_name = "N", default_value_t = 2_000, requires = "risk", value_parser = whole::<u64, 1, 10_000_000>)]
    samples: u64,
    /// The point that stands out, and whose schedule is written: `cheapest`, `fastest`, or the cheapest by a date
    #[arg(long, value_name = "POINT", default_value = "cheapest")]
    pick: String,
    /// Print all points, not only the first 40
    #[arg(long)]
    all: bool,
}

/// Points that are printed unless all are asked for.
const MOST_POINTS: usize = 40;
/// Changes of a step that are printed.
const MOST_CHANGES: usize = 4;

/// A plan, its front, and the point picked.
struct Answer {
    plan: Plan,
    front: Front,
    picked: usize,
}

/// Finds the front and shows it.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    print::findings_of_plan(&findings, settings);
    let is_by_logic = arguments.continuous || arguments.ignore_resources;
    let left = if is_by_logic { cpm::left_by_logic } else { cpm::left_to_do };
    let plan = left(Cow::Owned(plan)).into_owned();
    let by = wanted(&plan, &arguments.pick)?;
    let options = FrontOptions {
        is_continuous: arguments.continuous,
        ignore_resources: arguments.ignore_resources,
        points: arguments.points.map(usize::from),
        seed: settings.seed,
        risk: arguments.risk.then(|| RiskOptions {
            seed: settings.seed,
            samples: arguments.samples,
            ..RiskOptions::default()
        }),
    };
    let control = Control::with_cancel_flag(settings.limits, interrupt::cancel_flag(settings.quiet));
    let line = Line::points(settings.quiet);
    let found = front(&plan, &options, &control, &|points| line.at(points as u64));
    line.clear();
    let front = found?;
    let picked = match by {
        Wanted::Cheapest => front.cheapest(),
        Wanted::Fastest => front.points.len().checked_sub(1),
        Wanted::By(moment) => front.by(moment),
    };
    let picked = picked.ok_or_else(|| {
        let earliest = front.points.last().map(|point| plan.format_moment(point.finish)).unwrap_or_default();
        Error::usage(format!("--pick: no point finishes by `{}`; the earliest is {earliest}", arguments.pick))
    })?;
    let answer = Answer { plan, front, picked };
    if let Some(out) = &settings.out {
        answer.write(out)?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| answer.write_words(out, arguments, settings))?,
        Format::Csv => print::out(|out| results::write_front(&answer.plan, &answer.front, Csv, out))?,
        Format::Json => print::out(|out| print::write_json(out, &answer.as_json()?))?,
    }
    Ok(Verdict::Done)
}

/// What --pick asks for.
enum Wanted {
    Cheapest,
    Fastest,
    By(Moment),
}

fn wanted(plan: &Plan, pick: &str) -> Result<Wanted> {
    match (pick, plans::parse_end(plan, pick)) {
        ("cheapest", _) => Ok(Wanted::Cheapest),
        ("fastest", _) => Ok(Wanted::Fastest),
        (_, Ok(moment)) => Ok(Wanted::By(moment)),
        _ => Err(Error::usage(format!("--pick `{pick}`: expected cheapest, fastest or a date such as 2026-09-15"))),
    }
}

impl Answer {
    fn write(&self, folder: &std::path::Path) -> Result<()> {
        let Answer { plan, front, picked } = self;
        let point = &front.points[*picked];
        let picture = front.picture(plan, Some(*picked)).unwrap_or_default();
        let schedule = |out: &mut dyn Write| match &point.schedule {
            Some(schedule) => results::write_schedule(plan, schedule, &point.dates, Csv, out),
            None => Ok(()),
        };
        let assignments = |out: &mut dyn Write| match &point.schedule {
            Some(schedule) => results::write_assignments(plan, schedule, Csv, out),
            None => Ok(()),
        };
        let files: [(&str, FileWriter<'_>); 5] = [
            ("front.csv", &|out| results::write_front(plan, front, Csv, out)),
            ("steps.csv", &|out| results::write_steps(plan, front, Csv, out)),
            ("front.svg", &|out| out.write_all(picture.as_bytes())),
            ("schedule.csv", &schedule),
            ("assignments.csv", &assignments),
        ];
        let due = self.files();
        let own = files.map(|(file, _)| file);
        let due: Vec<_> = files.into_iter().filter(|(file, _)| due.contains(file)).collect();
        write_only(folder, &own, &due)
    }

    /// The files that there is something to write into.
    fn files(&self) -> Vec<&'static str> {
        let mut files = vec!["front.csv", "steps.csv"];
        if self.front.points.len() > 1 {
            files.push("front.svg");
        }
        if self.front.points[self.picked].schedule.is_some() {
            files.extend(["schedule.csv", "assignments.csv"]);
        }
        files
    }

    fn as_json(&self) -> io::Result<Value> {
        let Answer { plan, front, picked } = self;
        Ok(json!({
            "plan": plan.project().name,
            "picked": picked + 1,
            "left_out": front.left_out,
            "corners": front.corners,
            "stopped": front.is_stopped,
            "front": print::table_as_json(|out| results::write_front(plan, front, Json, out))?,
            "steps": print::table_as_json(|out| results::write_steps(plan, front, Json, out))?,
        }))
    }

    /// True if there may be points that were not found, other than those that --points leaves out.
    fn may_have_more(&self) -> bool {
        self.front.is_stopped
            || self.front.points.iter().any(|it| matches!(it.proof, Proof::Cheapest | Proof::Feasible))
    }

    fn write_words(&self, out: &mut dyn Write, arguments: &Arguments, settings: &Settings) -> io::Result<()> {
        let Answer { plan, front, picked } = self;
        let money = |money: Money| summary::money_text(money, &plan.project().currency);
        let way = match (arguments.continuous, arguments.ignore_resources) {
            (true, _) => "any duration between the modes of a task",
            (false, true) => "links and calendars alone",
            (false, false) => "within resources and budgets",
        };
        let stopped = if front.is_stopped { ", stopped early: there may be more" } else { "" };
        let count = print::count(front.points.len(), "point");
        writeln!(out, "{}: time against cost, {way}: {count}{stopped}", plan.project().name)?;
        if let Some(corners) = front.corners {
            writeln!(
                out,
                "The whole curve has {}; between them each day costs the same.",
                print::count(corners, "corner")
            )?;
        }
        if !front.left_out.is_empty() {
            writeln!(out, "Left aside: {}.", front.left_out.join("; "))?;
        }
        writeln!(out)?;
        let has_risk = front.points.iter().any(|point| point.late.is_some());
        let shown = if arguments.all { front.points.len() } else { MOST_POINTS };
        let rows = (0..front.points.len()).take(shown).map(|at| {
            let point = &front.points[at];
            let step = front.step(plan, at);
            let mark = if at == *picked { "*" } else { "" };
            let mut row = vec![
                format!("{mark}{}", at + 1),
                plan.format_moment(point.finish),
                money(point.direct),
                money(point.total),
                step.as_ref().map_or("-".to_owned(), |step| money(Money(step.price_of_day.round() as i64))),
                point.proof.word().to_owned(),
            ];
            if has_risk {
                row.push(point.late.map_or("-".to_owned(), |late| plan.format_moment(late)));
            }
            row.push(step.map_or(String::new(), |step| changes_text(plan, &step.changes)));
            row
        });
        let day = if plan.project().time_unit == TimeUnit::Period { "a period costs" } else { "a day costs" };
        let mut headers = vec!["point", "finish", "tasks cost", "project costs", day, "status"];
        if has_risk {
            headers.push("P80");
        }
        headers.push("what changes");
        let mut table = print::table(&headers, &[0, 2, 3, 4], rows);
        print::keep_whole(&mut table, &(0..headers.len() - 1).collect::<Vec<_>>());
        print::write_table(out, &table)?;
        if front.points.len() > shown {
            writeln!(out, "... and {} more; --all shows them", front.points.len() - shown)?;
        }
        let is_within = !arguments.continuous && !arguments.ignore_resources;
        let has_gaps = is_within && (self.may_have_more() || arguments.points.is_some());
        if has_gaps {
            let told = match arguments.points {
                Some(_) => "Finishes between these may exist; without --points all are looked for.",
                None => "Finishes between or before these may exist; more --effort looks further.",
            };
            writeln!(out, "\n{told}")?;
        }
        if let Some(cheapest) = front.cheapest().map(|at| &front.points[at]) {
            writeln!(
                out,
                "\nThe cheapest finish {} {}: {}.",
                if has_gaps { "found is" } else { "is" },
                plan.format_moment(cheapest.finish),
                money(cheapest.total)
            )?;
        }
        if let Some(folder) = &settings.out {
            writeln!(out, "{} written to {}", self.files().join(", "), folder.display())?;
        }
        Ok(())
    }
}

/// `cabling two shifts; mounting 18d -> 12d`.
fn changes_text(plan: &Plan, changes: &[Change]) -> String {
    let units = |minutes: Minutes| summary::in_units(plan, minutes);
    let text = |&Change { task, from, to }: &Change| {
        let id = &plan.tasks()[task].id;
        let mode = |way: Way| way.mode.map(|mode| plan.label(plan.modes()[mode].name)).filter(|name| !name.is_empty());
        match mode(to).filter(|_| from.mode != to.mode) {
            Some(name) => format!("{id} {} -> {} ({name})", units(from.duration), units(to.duration)),
            None => format!("{id} {} -> {}", units(from.duration), units(to.duration)),
        }
    };
    let mut texts: Vec<String> = changes.iter().take(MOST_CHANGES).map(text).collect();
    if changes.len() > MOST_CHANGES {
        texts.push(format!("{} more", changes.len() - MOST_CHANGES));
    }
    texts.join("; ")
}
