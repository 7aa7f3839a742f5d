//! `floatline review`: estimates against actuals, and what they teach for the next plan.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use floatline::effort::{Control, Limits};
use floatline::error::Result;
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{write_backtests, write_calibration, write_estimates, write_groups, write_lessons};
use floatline::io::write_files;
use floatline::plan::Plan;
use floatline::review::{By, Coverage, Group, History, LEAST_TO_LEARN_FROM, Review, ReviewOptions, review, unit_of};
use serde_json::json;

use super::calibrate::CALIBRATION_FILE;
use super::numbers::whole;
use super::settings::{Format, Settings};
use super::{Verdict, interrupt, plans, print};

/// Estimates against actuals: how far off were they, and what does that teach for the next plan?
///
/// Looks at what progress.csv tells of finished tasks, in one plan or in several together: how much longer than estimated they
/// took (their working time from actual start to actual finish), by category, person and size; how many actuals fell within the
/// ranges that were stated; and what forecasts at the dates of earlier reports would have said, against what came (by links and
/// calendars alone). Of all that it makes the calibration that `risk --calibration` and `solve --calibration` take for the
/// next plan. Categories with few tasks are drawn towards the whole.
///
/// With -o, writes estimates.csv (each finished task), groups.csv, calibration.csv, backtest.csv and lessons.csv into OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline review data/clinic-rollout
  floatline review data/clinic-rollout -o out
  floatline review data/clinic-rollout --samples 200 --all
  floatline risk data/software-release --effort 20 --calibration out/calibration.csv
  floatline solve data/first-plan.csv --calibration out

Exit codes: 0 done, 1 wrong input, 2 wrong usage or nothing finished yet.")]
pub struct Arguments {
    /// Plans with their progress; what they tell is pooled
    #[arg(value_name = "PLAN", required = true)]
    plans: Vec<PathBuf>,
    /// Samples of each forecast of the past; 0 looks at no forecasts
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = whole::<u64, 0, 1_000_000>)]
    samples: u64,
    /// Optimistic and pessimistic durations are the 10th and the 90th percentile, not the least and the greatest there is
    #[arg(long)]
    p10_p90: bool,
    /// Print all groups and lessons, not only the first 12
    #[arg(long)]
    all: bool,
}

const MOST_ROWS: usize = 12;

/// Reviews plans and shows what there is to learn.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let jobs = plans::given(&arguments.plans);
    let mut loaded: Vec<(String, Plan)> = Vec::new();
    for job in jobs {
        let (plan, findings) = plans::load(&job.path, &settings.read, None)?;
        print::findings_of_plan(&findings, settings);
        loaded.push((job.name, plan));
    }
    let histories: Vec<History<'_>> = loaded.iter().map(|(name, plan)| History { name, plan }).collect();
    let options =
        ReviewOptions { samples: arguments.samples, seed: settings.seed, ends_are_deciles: arguments.p10_p90 };
    let control =
        Control::with_cancel_flag(Limits { effort: None, ..settings.limits }, interrupt::cancel_flag(settings.quiet));
    let found = review(&histories, &options, &control)?;
    if let Some(out) = &settings.out {
        write_files(
            out,
            &[
                ("estimates.csv", &|to| write_estimates(&found.observations, Csv, to)),
                ("groups.csv", &|to| write_groups(&found.groups, Csv, to)),
                (CALIBRATION_FILE, &|to| write_calibration(&found.calibration, Csv, to)),
                ("backtest.csv", &|to| write_backtests(&found.backtests, Csv, to)),
                ("lessons.csv", &|to| write_lessons(&found.lessons, Csv, to)),
            ],
        )?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| write_words(out, &found, &histories, arguments, settings))?,
        Format::Csv => print::out(|out| write_groups(&found.groups, Csv, out))?,
        Format::Json => print::out(|out| {
            let value = json!({
                "groups": print::table_as_json(|to| write_groups(&found.groups, Json, to))?,
                "calibration": print::table_as_json(|to| write_calibration(&found.calibration, Json, to))?,
                "backtest": print::table_as_json(|to| write_backtests(&found.backtests, Json, to))?,
                "lessons": print::table_as_json(|to| write_lessons(&found.lessons, Json, to))?,
            });
            print::write_json(out, &value)
        })?,
    }
    Ok(Verdict::Done)
}

fn write_words(
    out: &mut dyn Write,
    found: &Review,
    histories: &[History<'_>],
    arguments: &Arguments,
    settings: &Settings,
) -> io::Result<()> {
    let title = match histories {
        [one] => one.plan.project().name.clone(),
        many => print::count(many.len(), "project"),
    };
    writeln!(out, "{title}: {} finished\n", print::count(found.observations.len(), "task"))?;
    if found.without_work > 0 {
        let skipped = print::count(found.without_work, "finished task");
        writeln!(out, "  {skipped} left out: no working time of the calendar between start and finish\n")?;
    }
    let unit = unit_of(histories);
    write_groups_table(out, &found.groups, unit, arguments.all)?;
    writeln!(out, "\nFor the next plan: actual by planned duration")?;
    let rows = found.calibration.factors.iter().map(|factor| {
        vec![
            format!("  {}", factor.name.as_deref().unwrap_or("any other task")),
            factor.count.to_string(),
            format!("{:.2}", factor.tenth),
            format!("{:.2}", factor.median),
            format!("{:.2}", factor.ninetieth),
            format!("{:.2}", factor.mean),
        ]
    });
    let headers = ["  category", "tasks", "P10", "P50", "P90", "mean"];
    print::write_table(out, &print::table(&headers, &[1, 2, 3, 4, 5], rows))?;
    if !found.backtests.is_empty() {
        writeln!(
            out,
            "\nWhat forecasts at earlier dates would have said, by links and calendars alone, against what came:"
        )?;
        let rows = found.backtests.iter().map(|test| {
            let mut row = vec![
                format!("  {}", test.date),
                test.coverage.of.to_string(),
                share(test.coverage),
                share(test.kept),
                format!("{:.1}", test.late),
            ];
            row.extend(test.pinball.iter().map(|loss| format!("{loss:.2}")));
            row.push(format!("{:.2}", test.brier));
            if histories.len() > 1 {
                row.insert(0, format!("  {}", test.plan));
            }
            row
        });
        let late = format!("{unit} late");
        let mut headers = vec![
            "  status date",
            "finishes",
            "in P10..P90",
            "by P80",
            &late,
            "loss P10",
            "loss P50",
            "loss P90",
            "Brier",
        ];
        let first = usize::from(histories.len() > 1);
        if first > 0 {
            headers.insert(0, "  plan");
        }
        let right: Vec<usize> = (first + 1..headers.len()).collect();
        print::write_table(out, &print::table(&headers, &right, rows))?;
    }
    write_lessons_table(out, found, unit, arguments.all)?;
    if let Some(folder) = &settings.out {
        writeln!(
            out,
            "\nwrote estimates.csv, groups.csv, {CALIBRATION_FILE}, backtest.csv and lessons.csv to {}",
            folder.display()
        )?;
    }
    Ok(())
}

fn write_groups_table(out: &mut dyn Write, groups: &[Group], unit: &str, all: bool) -> io::Result<()> {
    // Whoever is told of least can be left out: people with a single task, unless all is asked for.
    let is_shown = |group: &&Group| all || group.by != By::Person || group.count > 1;
    let shown: Vec<&Group> = groups.iter().filter(is_shown).collect();
    let rows = shown.iter().map(|group| {
        let interval = group.interval.map(|(low, high)| format!("{low:.2} to {high:.2}"));
        vec![
            format!("  {}", group.by.word()),
            if group.by == By::Category && group.name.is_empty() { "(none)".to_owned() } else { group.name.clone() },
            group.count.to_string(),
            format!("{:.2}", group.factor),
            interval.unwrap_or_default(),
            group.spread.map(|spread| format!("{spread:.2}")).unwrap_or_default(),
            share(group.coverage),
            format!("{:+.1}", group.days),
        ]
    });
    let headers = ["  group", "name", "tasks", "factor", "80 % sure", "spread", "in P10..P90", unit];
    print::write_table(out, &print::table(&headers, &[2, 3, 5, 6, 7], rows))?;
    if shown.len() < groups.len() {
        let left = print::count(groups.len() - shown.len(), "group");
        writeln!(out, "  and {left} of people with a single task (--all shows them)")?;
    }
    Ok(())
}

fn write_lessons_table(out: &mut dyn Write, found: &Review, unit: &str, all: bool) -> io::Result<()> {
    let seen = found.observations.len();
    if seen < LEAST_TO_LEARN_FROM {
        let tasks = print::count(seen, "finished task");
        writeln!(out, "\nOf {tasks} little can be told: it takes {LEAST_TO_LEARN_FROM} of a kind for a lesson.")?;
    } else if found.lessons.is_empty() {
        let tasks = print::count(seen, "finished task");
        writeln!(out, "\nNothing stands out in {tasks}: estimates were right as far as this can be told.")?;
    }
    if found.lessons.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nLessons, by the {unit} they are about:")?;
    let most = if all { usize::MAX } else { MOST_ROWS };
    for lesson in found.lessons.iter().take(most) {
        writeln!(out, "  {:>+7.1}  {}", lesson.days, lesson.text)?;
    }
    if found.lessons.len() > most {
        writeln!(out, "  and {} more (--all shows them)", found.lessons.len() - most)?;
    }
    Ok(())
}

/// `12 of 40`.
fn share(coverage: Coverage) -> String {
    if coverage.of == 0 { String::new() } else { format!("{} of {}", coverage.within, coverage.of) }
}
