//! `floatline level`: even use of people and machines without a later finish.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use floatline::cpm::{self, Basis};
use floatline::effort::{Control, Limits};
use floatline::error::{Error, Result};
use floatline::index::IdVec;
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{self, write_levelling};
use floatline::level::{Criterion, LevelOptions, Levelling, level};
use floatline::network::{Network, compile};
use floatline::plan::{Plan, ResourceId, ResourceKind, TaskId, TaskKind};
use floatline::schedule::{Period, Schedule, TaskDates, verify, verify_dates};
use floatline::solve::{SolveOptions, partial_order};
use floatline::units::Moment;
use serde_json::{Value, json};

use super::files::write_schedule_files;
use super::settings::{Format, Settings};
use super::{Verdict, basis, interrupt, names, plans, print};

mod words;

/// The table of indices, and the picture.
const LEVELLING_FILE: &str = "levelling.csv";
const PICTURE_FILE: &str = "levelling.svg";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CriterionFlag {
    /// The sum of squared usage: the usual measure
    Squares,
    /// The resource improvement coefficient n sum(y^2) / (sum y)^2: as squares, but each resource counts by how uneven it is
    Ric,
    /// Resource idle days: units that are released, or wait, until they are needed again
    Rid,
    /// The most units in use at once
    Peak,
}

impl From<CriterionFlag> for Criterion {
    fn from(flag: CriterionFlag) -> Criterion {
        match flag {
            CriterionFlag::Squares => Criterion::Squares,
            CriterionFlag::Ric => Criterion::Ric,
            CriterionFlag::Rid => Criterion::Rid,
            CriterionFlag::Peak => Criterion::Peak,
        }
    }
}

/// Level a schedule: move tasks within their float so that people and machines are used evenly.
///
/// Takes the schedule that `solve` finds, or that of --schedule, and moves starts within what links, lags, calendars, exact
/// dates, capacities, budgets and deadlines allow. The project does not finish later, unless --until gives it more time. Modes
/// and people stay, and so do tasks with exact dates and work that has begun. The answer is never worse than the schedule it
/// began with; of small plans it is proven that no other is better (status `optimal`).
///
/// Usage is counted over the working time of a resource, from the project's start to the date by which all shall be done, in
/// the plan's time unit. Of several resources the sum of the measure counts: squares and peaks as shares of what they were,
/// idle days as shares of a resource's work, RIC as it is.
///
/// With -o, writes schedule.csv, assignments.csv, usage.csv and costs.csv as `solve` does, levelling.csv (resource, index,
/// before, after) and levelling.svg (usage before and after) into OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline level data/software-release
  floatline level data/hardware-programme --measure rid -o out
  floatline level data/datacenter-move --measure peak --resource ops-de --ignore-capacity
  floatline solve data/software-release --effort 100 -o out
  floatline level data/software-release --schedule out/schedule.csv --until 2026-06-30

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Level this schedule instead of searching for one
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// What is to be least
    #[arg(long, value_enum, default_value_t = CriterionFlag::Squares)]
    measure: CriterionFlag,
    /// By when all shall be done; without it the finish of the schedule: 2026-07-31, "2026-07-31 13:00", or a period
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Level only this person or machine (may be given several times)
    #[arg(long, value_name = "ID")]
    resource: Vec<String>,
    /// Leave capacities, materials and budgets aside, as `solve --ignore-resources` does: how many would it take?
    #[arg(long)]
    ignore_capacity: bool,
    /// Print all tasks that moved and all resources, not only the first 20
    #[arg(long)]
    all: bool,
}

/// Levels a schedule and shows the answer.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    print::findings_of_plan(&findings, settings);
    let left = if arguments.ignore_capacity { cpm::left_by_logic } else { cpm::left_to_do };
    let plan = left(Cow::Owned(plan)).into_owned();
    let options = LevelOptions {
        criterion: arguments.measure.into(),
        resources: arguments.resource.iter().map(|id| resource(&plan, id)).collect::<Result<_>>()?,
        until: arguments.until.as_deref().map(|text| plans::parse_until(&plan, text)).transpose()?,
        ignore_capacity: arguments.ignore_capacity,
        seed: settings.seed,
    };
    let network = compile(&plan)?;
    let before = match &arguments.schedule {
        Some(path) if arguments.ignore_capacity => basis::given(&plan, path, verify_dates, settings)?,
        Some(path) => basis::given(&plan, path, verify, settings)?,
        None => {
            let options = SolveOptions { ignore_resources: arguments.ignore_capacity, ..SolveOptions::default() };
            basis::solved(&plan, &network, &options, settings, "level", &Control::start(settings.limits))?.1
        }
    };
    // Passes of the search say nothing here; a time limit holds again.
    let limits = Limits { effort: settings.limits.effort, time: settings.limits.time };
    let control = Control::with_cancel_flag(limits, interrupt::cancel_flag(settings.quiet));
    let levelling = level(&plan, &network, &before, &options, &control)?;
    let is_less = |asked: Moment| levelling.until < network.axis.finish_moment(network.axis.slot_at_or_before(asked));
    if let Some(asked) = options.until.filter(|&asked| is_less(asked) && !settings.quiet) {
        print::message(&format!(
            "note: not all of the time until {} can be used: a deadline that is kept, or the money for overhead, allows for no \
             finish after {}",
            plan.format_end(asked),
            plan.format_end(levelling.until)
        ));
    }
    let dates = dates(&plan, &network, &levelling.schedule);
    let answer = Answer { plan, before, levelling, criterion: options.criterion };
    if let Some(out) = &settings.out {
        let Answer { plan, levelling, .. } = &answer;
        let picture = levelling.picture(plan);
        let table = |out: &mut dyn Write| write_levelling(plan, levelling, Csv, out);
        let drawn = |out: &mut dyn Write| out.write_all(picture.as_bytes());
        let of_schedule = (plan, &levelling.schedule, &dates);
        write_schedule_files(out, of_schedule, Period::Week, vec![(LEVELLING_FILE, &table), (PICTURE_FILE, &drawn)])?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| words::write_words(out, &answer, arguments.all, settings))?,
        Format::Csv => print::out(|out| write_levelling(&answer.plan, &answer.levelling, Csv, out))?,
        Format::Json => print::out(|out| print::write_json(out, &answer.as_json(&dates)?))?,
    }
    Ok(Verdict::Done)
}

/// The person or machine with an id.
fn resource(plan: &Plan, id: &str) -> Result<ResourceId> {
    let is_work = |resource: &ResourceId| plan.resources()[*resource].kind == ResourceKind::Work;
    let mut known = plan.resources().ids().filter(is_work);
    if let Some(found) = known.find(|&resource| *plan.resources()[resource].id == *id) {
        return Ok(found);
    }
    let ids = plan.resources().ids().filter(is_work).map(|resource| &*plan.resources()[resource].id);
    let hint = names::meant(id, ids);
    Err(Error::usage(format!("--resource: no person or machine has the id `{id}`{hint}")))
}

/// Dates and floats of a schedule, for its file.
fn dates(plan: &Plan, network: &Network, schedule: &Schedule) -> IdVec<TaskId, TaskDates> {
    let order = partial_order(network, schedule);
    let basis = Basis::Scheduled { starts: &order.starts, handovers: &order.handovers };
    cpm::analyse(plan, network, &order.modes, basis)
}

/// What is told of a plan.
struct Answer {
    plan: Plan,
    before: Schedule,
    levelling: Levelling,
    criterion: Criterion,
}

impl Answer {
    /// The tasks that start at another time than before, in the order of the plan.
    fn moved(&self) -> impl Iterator<Item = TaskId> {
        let start = |schedule: &Schedule, task: TaskId| schedule.placements[task].start;
        let tasks = self.plan.tasks().iter_enumerated().filter(|(_, row)| row.kind != TaskKind::Summary);
        tasks
            .map(|(task, _)| task)
            .filter(move |&task| start(&self.before, task) != start(&self.levelling.schedule, task))
    }

    fn as_json(&self, dates: &IdVec<TaskId, TaskDates>) -> io::Result<Value> {
        let Answer { plan, levelling, before, criterion } = self;
        let moved = self.moved().map(|task| {
            let start = |schedule: &Schedule| plan.format_moment(schedule.placements[task].start);
            json!({ "task": &*plan.tasks()[task].id, "before": start(before), "after": start(&levelling.schedule) })
        });
        Ok(json!({
            "plan": plan.project().name,
            "measure": criterion.word(),
            "status": levelling.status.word(),
            "before": levelling.before,
            "after": levelling.after,
            "bound": levelling.bound,
            "until": plan.format_end(levelling.until),
            "levelling": print::table_as_json(|out| write_levelling(plan, levelling, Json, out))?,
            "moved": moved.collect::<Vec<_>>(),
            "schedule": print::table_as_json(|out| results::write_schedule(plan, &levelling.schedule, dates, Json, out))?,
        }))
    }
}
