//! `floatline replan`: a new schedule from the status date that weighs what it brings against what it changes.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use floatline::cpm;
use floatline::effort::{Control, Limits};
use floatline::error::{Error, Result};
use floatline::io::FileWriter;
use floatline::io::results;
use floatline::io::results::Format::{Csv, Json};
use floatline::plan::draft::DecimalMark;
use floatline::plan::notation::parse_duration;
use floatline::plan::{Plan, TaskId, TaskKind, TimeUnit};
use floatline::replan::{Alternative, Replan, ReplanOptions, replan};
use floatline::schedule::Period;
use floatline::units::{Minutes, Moment, Money};
use serde_json::json;

use super::files::write_schedule_files;
use super::settings::{Format, Settings};
use super::{Verdict, baseline, basis, interrupt, names, plans, print, summary};

/// What now? A new schedule of what is left that changes no more than it is worth.
///
/// Work that has begun goes on from the status date; several schedules of the rest are found, from the one that changes
/// nothing that need not change to the best regardless of any change, and the one is chosen that is best at the price of change
/// (--stability). What is changed, and why, is told for each task.
///
/// Each of the four searches has the passes of --effort; --time-limit is shared out among them.
///
/// The schedule to change is the last baseline, or the one given by --against: OUT of `solve` or of an earlier replan.
///
/// With -o, writes schedule.csv and the other files of `solve`, alternatives.csv and changes.csv into OUT; the next replan goes
/// on from there with --against OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline replan data/clinic-rollout
  floatline replan data/clinic-rollout --stability 1
  floatline replan data/clinic-rollout --freeze 2w -o out
  floatline replan data/clinic-rollout --against 2026-01 --keep H
  floatline replan data/clinic-rollout --status-date 2026-06-01 --pick 2

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, or any file that `solve` takes
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The schedule by which people work now: the name of a baseline in PLAN/baselines, or a folder of results or schedule.csv
    /// [default: the last baseline by name]
    #[arg(long, value_name = "NAME")]
    against: Option<String>,
    /// The price of change, from 0 (change everything for the best finish) to 1 (change nothing that need not change)
    ///
    /// A day of the project's finish, or what a day costs in overhead and penalty, is worth moving every task that is left by
    /// (1 - N) / N days. Other people on a task count as a day, a broken date of the plan as five.
    #[arg(long, value_name = "N", default_value_t = 0.5, value_parser = parse_share)]
    stability: f64,
    /// What starts within this time from the status date on stays where it is, if it can: 3d, 2w
    #[arg(long, value_name = "TIME")]
    freeze: Option<String>,
    /// A task that stays where it is, if it can; of a summary all that is below it (may be given several times)
    #[arg(long, value_name = "ID")]
    keep: Vec<String>,
    /// Choose this alternative by its number, instead of the one that --stability chooses
    #[arg(long, value_name = "NUMBER", value_parser = parse_number)]
    pick: Option<usize>,
    /// Look at the project as it stood on this date, instead of the status date of project.csv; without either the last date of
    /// which progress.csv or expenses.csv tell
    #[arg(long, value_name = "DATE")]
    status_date: Option<String>,
    /// Print all changes, not only the first 20
    #[arg(long)]
    all: bool,
}

/// Searches that share a time limit.
const SEARCHES: u32 = 4;
/// Changes that are printed.
const MOST_ROWS: usize = 20;

fn parse_share(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| format!("`{text}` is not a number from 0 to 1"))
}

fn parse_number(text: &str) -> std::result::Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|&number| number > 0);
    number.ok_or_else(|| format!("`{text}` is not the number of an alternative; they are numbered from 1"))
}

/// Finds new schedules and shows them.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    print::findings_of_plan(&findings, settings);
    let plan = plans::at_status_date(plan, arguments.status_date.as_deref())?;
    let Some((name, former)) = baseline::find(&plan, &arguments.plan, arguments.against.as_deref())? else {
        return Err(Error::usage(
            "replan changes a schedule by which people work: give its folder with --against OUT, or freeze one with \
             `floatline solve PLAN --baseline NAME`",
        ));
    };
    let options = options(arguments, &plan, settings)?;
    let left = cpm::left_to_do(Cow::Borrowed(&plan)).into_owned();
    let cancelled = interrupt::cancel_flag(settings.quiet);
    // Searches share the time, but not the passes: the best regardless is that of `solve` with as many.
    let limits = Limits { time: settings.limits.time.map(|time| time / SEARCHES), ..settings.limits };
    let control = || Control::with_cancel_flag(limits, cancelled.clone());
    let search = |left: &Plan| replan(&plan, left, &former, &options, &control);
    let (left, mut found) = basis::despite_budgets(left, settings, search)?;
    if let Some(pick) = arguments.pick {
        if pick > found.alternatives.len() {
            let count = match found.alternatives.len() {
                1 => "is only 1 alternative".to_owned(),
                many => format!("are {many} alternatives, numbered from 1"),
            };
            return Err(Error::usage(format!("--pick {pick}: there {count}")));
        }
        found.chosen = pick - 1;
    }
    let chosen = &found.alternatives[found.chosen];
    if let Some(out) = &settings.out {
        let more: [(&str, FileWriter<'_>); 2] = [
            ("alternatives.csv", &|to| results::write_alternatives(&plan, &found, Csv, to)),
            ("changes.csv", &|to| results::write_changes(&left, chosen, Csv, to)),
        ];
        write_schedule_files(out, (&left, &chosen.schedule, &chosen.dates), Period::Week, more.to_vec())?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => {
            print::out(|out| write_words(out, (&plan, &left), (&name, &found), arguments, settings))?;
        }
        Format::Csv => print::out(|out| results::write_changes(&left, chosen, Csv, out))?,
        Format::Json => print::out(|out| {
            let answer = json!({
                "plan": plan.project().name,
                "against": name,
                "chosen": found.chosen + 1,
                "cannot_stay": ids(&plan, &found.cannot_stay),
                "added": ids(&plan, &chosen.change.added),
                "alternatives": print::table_as_json(|out| results::write_alternatives(&plan, &found, Json, out))?,
                "changes": print::table_as_json(|out| results::write_changes(&left, chosen, Json, out))?,
            });
            print::write_json(out, &answer)
        })?,
    }
    Ok(Verdict::Done)
}

fn options(arguments: &Arguments, plan: &Plan, settings: &Settings) -> Result<ReplanOptions> {
    let frozen_until = arguments.freeze.as_deref().map(|text| {
        let duration = parse_duration(text, &plan.time_scale(), DecimalMark::Point).ok();
        let minutes = duration.map(|duration| duration.minutes()).filter(|&minutes| minutes > Minutes::ZERO);
        let minutes =
            minutes.ok_or_else(|| Error::usage(format!("--freeze `{text}`: expected a time such as 3d or 2w")))?;
        let from = plan.project().status_date.unwrap_or(plan.project().start).max(plan.project().start);
        let calendar = &plan.calendars()[plan.project().calendar];
        Ok::<Moment, Error>(calendar.shifted(from, minutes).unwrap_or(Moment::MAX))
    });
    let task = |id: &String| -> Result<TaskId> {
        plan.find_task(id).ok_or_else(|| {
            let near = names::meant(id, plan.tasks().iter().map(|task| &*task.id));
            Error::usage(format!("--keep `{id}`: the plan has no such task{near}"))
        })
    };
    let kept = arguments.keep.iter().map(task).collect::<Result<Vec<TaskId>>>()?;
    if !settings.quiet {
        for &idle in kept.iter().filter(|&&task| !can_be_kept(plan, task)) {
            let text = "has begun, or is a milestone, which stands where what it waits for lets it";
            print::message(&format!("warning: --keep `{}` changes nothing: it {text}", plan.tasks()[idle].id));
        }
    }
    Ok(ReplanOptions {
        stability: arguments.stability,
        frozen_until: frozen_until.transpose()?,
        kept,
        seed: settings.seed,
    })
}

/// True if a task, or one below it, is work that has not begun.
fn can_be_kept(plan: &Plan, kept: TaskId) -> bool {
    let is_within = |task: TaskId| {
        std::iter::successors(Some(task), |&below| plan.tasks()[below].parent).any(|above| above == kept)
    };
    let mut waiting =
        plan.tasks().iter_enumerated().filter(|(_, data)| data.kind == TaskKind::Activity && data.progress.is_none());
    waiting.any(|(task, _)| is_within(task))
}

fn ids<'p>(plan: &'p Plan, tasks: &[TaskId]) -> Vec<&'p str> {
    tasks.iter().map(|&task| &*plan.tasks()[task].id).collect()
}

fn write_words(
    out: &mut dyn Write,
    (plan, left): (&Plan, &Plan),
    (name, found): (&str, &Replan),
    arguments: &Arguments,
    settings: &Settings,
) -> io::Result<()> {
    let chosen = &found.alternatives[found.chosen];
    let money = |amount: Money| summary::money_text(amount, &plan.project().currency);
    writeln!(
        out,
        "{}: replanned from {}, against `{name}`\n",
        plan.project().name,
        plan.format_moment(left.project().start)
    )?;
    let rows = found.alternatives.iter().enumerate().map(|(at, alternative)| {
        let change = &alternative.change;
        vec![
            format!("  {}{}", if at == found.chosen { "*" } else { "" }, at + 1),
            results::manner_words(alternative.manner).to_owned(),
            plan.format_end(change.finish),
            money(change.cost),
            change.moved().to_string(),
            format!("{:.1}", change.days),
            change.people().to_string(),
            change.broken.to_string(),
        ]
    });
    let days = if plan.project().time_unit == TimeUnit::Period { "periods" } else { "days" };
    let headers = ["  no", "schedule", "finish", "rest costs", "moved", days, "people", "late"];
    print::write_table(out, &print::table(&headers, &[3, 4, 5, 6, 7], rows))?;
    let how = match arguments.pick {
        Some(_) => "picked".to_owned(),
        None => format!("best at --stability {}", arguments.stability),
    };
    writeln!(
        out,
        "\n  * {how}; moved, {days}, people: tasks that start at another time, by how much in all, done by others;"
    )?;
    writeln!(out, "    late: dates of the plan that are missed")?;
    if !found.cannot_stay.is_empty() {
        writeln!(out, "\nCannot stay where they were: {}", ids(plan, &found.cannot_stay).join(", "))?;
    }
    if !chosen.change.added.is_empty() {
        writeln!(out, "\nNew since: {}", ids(plan, &chosen.change.added).join(", "))?;
    }
    write_changes(out, (plan, left), chosen, arguments)?;
    if let Some(folder) = &settings.out {
        writeln!(out, "\nwrote the files of the schedule, alternatives.csv and changes.csv to {}", folder.display())?;
    }
    Ok(())
}

fn write_changes(
    out: &mut dyn Write,
    (plan, left): (&Plan, &Plan),
    chosen: &Alternative,
    arguments: &Arguments,
) -> io::Result<()> {
    let moves = &chosen.change.moves;
    if moves.is_empty() {
        return writeln!(out, "\nNothing changes.");
    }
    writeln!(out, "\nWhat changes:")?;
    let shown = if arguments.all { moves.len() } else { MOST_ROWS };
    let rows = (0..moves.len()).take(shown).map(|at| {
        let it = &moves[at];
        let data = &plan.tasks()[it.task];
        let is_begun = data.progress.is_some();
        let (before, now) = match is_begun {
            true => (format!("{} (finish)", plan.format_end(it.before.1)), plan.format_end(it.now.1)),
            false => (plan.format_moment(it.before.0), plan.format_moment(it.now.0)),
        };
        let sign = match it.later.0 {
            0 => "",
            1.. => "+",
            _ => "-",
        };
        let people = match it.changes_people() {
            true => format!(
                "{} for {}",
                results::people_cell(plan, &it.people),
                results::people_cell(plan, &it.people_before)
            ),
            false => String::new(),
        };
        vec![
            format!("  {}", data.id),
            data.title().to_owned(),
            before,
            now,
            format!("{sign}{}", summary::in_units(plan, Minutes(it.later.0.abs()))),
            people,
            results::why_moved(left, chosen, at),
        ]
    });
    let headers = ["  id", "task", "start before", "start now", "by", "people", "why"];
    print::write_table(out, &print::table(&headers, &[4], rows))?;
    if moves.len() > shown {
        writeln!(out, "  and {} more (--all shows them)", moves.len() - shown)?;
    }
    Ok(())
}
