//! `floatline people`: who does what in which week, who hands over to whom, and what hangs on one person.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use floatline::cpm::left_to_do;
use floatline::effort::Control;
use floatline::error::Result;
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{write_hand_offs, write_work_by_week};
use floatline::io::write_files;
use floatline::network::compile;
use floatline::plan::{Plan, ResourceId, ResourceKind, TimeUnit};
use floatline::schedule::{Schedule, hand_offs, only_one_can, verify, work_by_week, workload};
use floatline::solve::SolveOptions;
use floatline::units::Minutes;

use super::settings::{Format, Settings};
use super::{Verdict, basis, plans, print};

/// Who is busy, who hands over to whom, and what can only one person do?
///
/// Looks at a schedule of the plan, the one that `solve` finds or one that is given: how much everybody has to do and in which
/// week the most, along which links work goes from one person to another, and which tasks hang on one person alone. To choose a
/// team from a pool, ask `team`.
///
/// With -o, writes worklist.csv (resource, week, task, name, hours) and handoffs.csv into OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline people data/medical-device
  floatline people data/software-release -o out
  floatline people data/warehouse --all

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Look at this schedule instead of searching for one
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// Print all hand-offs, not only the first 12
    #[arg(long)]
    all: bool,
}

const MOST_ROWS: usize = 12;

/// Looks at the people of a schedule.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    print::findings_of_plan(&findings, settings);
    let plan = left_to_do(Cow::Owned(plan)).into_owned();
    let schedule = match &arguments.schedule {
        Some(path) => basis::given(&plan, path, verify, settings)?,
        None => {
            let network = compile(&plan)?;
            let control = Control::start(settings.limits);
            basis::solved(&plan, &network, &SolveOptions::default(), settings, "look at", &control)?.1
        }
    };
    if let Some(out) = &settings.out {
        write_files(
            out,
            &[
                ("worklist.csv", &|to| write_work_by_week(&plan, &schedule, Csv, to)),
                ("handoffs.csv", &|to| write_hand_offs(&plan, &schedule, Csv, to)),
            ],
        )?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| write_words(out, &plan, &schedule, arguments))?,
        Format::Csv => print::out(|out| write_work_by_week(&plan, &schedule, Csv, out))?,
        Format::Json => print::out(|out| write_work_by_week(&plan, &schedule, Json, out))?,
    }
    Ok(Verdict::Done)
}

fn write_words(out: &mut dyn Write, plan: &Plan, schedule: &Schedule, arguments: &Arguments) -> io::Result<()> {
    let is_period = plan.project().time_unit == TimeUnit::Period;
    let hours = |minutes: Minutes| match is_period {
        true => minutes.0.to_string(),
        false => format!("{:.1}", minutes.0 as f64 / 60.0),
    };
    let weeks = work_by_week(plan, schedule);
    let alone = only_one_can(plan);
    writeln!(out, "{}: people\n", plan.project().name)?;
    let rows = workload(plan, schedule)
        .into_iter()
        .filter(|usage| plan.resources()[usage.resource].kind == ResourceKind::Work);
    let rows = rows.map(|usage| {
        let data = &plan.resources()[usage.resource];
        let own = || weeks.iter().filter(|week| week.resource == usage.resource);
        let mut by_week: Vec<(floatline::units::Moment, i64)> = Vec::new();
        for week in own() {
            match by_week.last_mut() {
                Some(last) if last.0 == week.from => last.1 += week.work.0,
                _ => by_week.push((week.from, week.work.0)),
            }
        }
        let busiest = by_week.iter().copied().reduce(|most, week| if week.1 > most.1 { week } else { most });
        let mut tasks: Vec<_> = own().map(|week| week.task).collect();
        tasks.sort_unstable();
        tasks.dedup();
        vec![
            format!("  {}", data.id),
            data.team.map(|team| plan.label(team).to_owned()).unwrap_or_default(),
            tasks.len().to_string(),
            hours(usage.used),
            usage.utilisation().map(|share| format!("{share:.0} %")).unwrap_or_default(),
            busiest.map(|(from, _)| plan.format_moment(from).replace(" 00:00", "")).unwrap_or_default(),
            busiest.map(|(_, work)| hours(Minutes(work))).unwrap_or_default(),
            alone.iter().filter(|(_, person)| *person == usage.resource).count().to_string(),
        ]
    });
    let unit = if is_period { "periods" } else { "hours" };
    let headers = ["  who", "team", "tasks", unit, "of their time", "busiest week", "in it", "only they can"];
    print::write_table(out, &print::table(&headers, &[2, 3, 4, 6, 7], rows))?;
    let found = hand_offs(plan, schedule);
    if !found.is_empty() {
        writeln!(out, "\nHand-offs, the most frequent first:")?;
    }
    let shown = if arguments.all { found.len() } else { MOST_ROWS };
    let rows = found.iter().take(shown).map(|it| {
        let name = |id: ResourceId| plan.resources()[id].id.to_string();
        vec![format!("  {}", name(it.from)), name(it.to), it.links.len().to_string(), plan.format_moment(it.first)]
    });
    if !found.is_empty() {
        print::write_table(out, &print::table(&["  from", "to", "links", "first"], &[2], rows))?;
    }
    if found.len() > shown {
        writeln!(out, "  and {} more (--all shows them)", found.len() - shown)?;
    }
    if !alone.is_empty() {
        let named = alone
            .iter()
            .take(MOST_ROWS)
            .map(|&(task, person)| format!("{} ({})", plan.tasks()[task].id, plan.resources()[person].id));
        let more = alone.len().saturating_sub(MOST_ROWS);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out, "\nOnly one person can do: {}{more}", named.collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}
