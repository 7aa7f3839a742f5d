//! `floatline risk`: how sure a plan is, and what drives its finish.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use floatline::cpm;
use floatline::effort::{Control, Limits};
use floatline::error::{Error, Finding, Findings, Place, Result, Severity};
use floatline::io::results;
use floatline::io::results::Format::{Csv, Json};
use floatline::io::{FileWriter, write_file, write_files};
use floatline::network::compile;
use floatline::plan::draft::DecimalMark;
use floatline::plan::notation::parse_money;
use floatline::plan::{Plan, TimeUnit};
use floatline::risk::{
    Assessment, Defaults, Goal, Mitigated, Policy, RiskOptions, SampleSlice, assess, merge, mitigate, sample,
    usual_samples,
};
use floatline::schedule::{Schedule, verify};
use floatline::solve::SolveOptions;
use floatline::units::{MINUTES_PER_DAY, Money};
use serde_json::{Value, json};

use super::numbers::whole;
use super::progress::Line;
use super::settings::{Format, Settings};
use super::{Verdict, basis, calibrate, interrupt, plans, print};

mod words;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyFlag {
    /// Within the resources: who hands which resource to whom stays as in the schedule
    Flow,
    /// In the order of the schedule: each sample has a schedule of its own, in which the first takes what is free
    List,
    /// Links, calendars and constraints alone, as if there were enough of everything
    Cpm,
}

impl From<PolicyFlag> for Policy {
    fn from(flag: PolicyFlag) -> Policy {
        match flag {
            PolicyFlag::Flow => Policy::Flow,
            PolicyFlag::List => Policy::List,
            PolicyFlag::Cpm => Policy::Logic,
        }
    }
}

/// Simulate a plan: when is it done at which confidence, at what cost, and which tasks drive that? (Monte Carlo)
///
/// Durations vary as the columns optimistic, pessimistic and distribution of tasks.csv say; risks.csv and issues.csv tell what
/// else makes tasks longer and costs money, gates.csv how often work is done again. Every sample keeps links, calendars and
/// constraints, and hands resources on as the schedule does (see --policy). Sample K depends on the plan, the seed and K alone.
///
/// With -o, writes risk.csv (percentiles of the finish, of milestones, of the cost and of budgets), limits.csv (how
/// likely deadlines and budgets are to be kept, and both at once), drivers.csv (what drives the finish), tornado.csv (the mean finish with each driver at its low and at its high end), register.csv (what each risk does), moved.csv (which
/// tasks it moves), unfinished.csv (what finds no time in samples that do not finish), histogram.csv, promises.csv (dates for the stakeholders of stakeholders.csv at the confidence they
/// ask for) and scurve.csv into OUT, and with --mitigate or --budget purchases.csv (which mitigations to buy for every budget);
/// and finish.svg, cost.svg, tornado.svg and purchases.svg, the pictures.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline risk data/software-release
  floatline risk data/hardware-programme --samples 100000 -o out
  floatline risk data/first-plan.csv --uncertainty 0.9,1,1.4
  floatline risk data/datacenter-move --uncertainty 0.9,1,1.4 --uncertainty configuration=0.7,1,2
  floatline risk data/software-release --policy list
  floatline risk data/hardware-programme --budget 15000
  floatline risk data/hardware-programme --mitigate cost
  floatline risk data/software-release --effort 20 --first 0 --samples 50000 --slice one.json
  floatline risk data/software-release --effort 20 --first 50000 --samples 50000 --slice two.json
  floatline risk data/software-release --effort 20 --merge one.json two.json
  floatline risk data/software-release --calibration out/calibration.csv
  floatline risk data/software-release --precision 0.1 --samples 1000000

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Samples; with --precision no more than that [default: 10000, of plans above 1000 tasks fewer, down to 1000 above 10000 tasks]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 1, 100_000_000>)]
    samples: Option<u64>,
    /// The number of the first sample, to make one slice of a big run
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = whole::<u64, 0, { u64::MAX }>)]
    first: u64,
    /// Only make the samples and write them into this file, to be joined by --merge
    #[arg(long, value_name = "FILE", conflicts_with_all = ["precision", "merge", "mitigate", "budget"])]
    slice: Option<PathBuf>,
    /// Join slices of samples that --slice wrote, instead of making samples: the answer is that of one run of all of them
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["samples", "first", "precision"])]
    merge: Vec<PathBuf>,
    /// Go on until the standard error of the 80th percentile of the finish is no more than so many days by the clock (periods
    /// in a plan of periods)
    #[arg(long, value_name = "DAYS", value_parser = parse_positive)]
    precision: Option<f64>,
    /// What keeps samples within the resources
    #[arg(long, value_enum, default_value_t = PolicyFlag::Flow)]
    policy: PolicyFlag,
    /// Let durations vary as earlier projects say: calibration.csv of `floatline review`, or the folder that holds it
    ///
    /// What is left of each task takes a lognormal factor of its planned duration, that of its category or of all tasks, in
    /// place of the range that the plan states. Tasks of a category go together as far as their bias is not known.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["uncertainty", "p10_p90"])]
    calibration: Option<PathBuf>,
    /// Uncertainty of tasks without an estimate: least, most likely and greatest duration as factors of the planned one; with
    /// WHAT= that of one task, by its id, or of the tasks of a category (may be given several times)
    #[arg(long, value_name = "[WHAT=]A,M,B", value_parser = parse_spread)]
    uncertainty: Vec<(Option<String>, [f64; 3])>,
    /// The same for what tasks cost however long they take: fixed costs, materials and costs per use, as factors of the planned
    /// ones
    #[arg(long, value_name = "[WHAT=]A,M,B", value_parser = parse_spread)]
    cost_uncertainty: Vec<(Option<String>, [f64; 3])>,
    /// Optimistic and pessimistic durations are the 10th and the 90th percentile, not the least and the greatest there is
    #[arg(long)]
    p10_p90: bool,
    /// Take modes, people and the order of work from this schedule instead of searching for one
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// Also find out which mitigations of mitigations.csv to buy: for an early percentile of the finish (p80), a low cost of
    /// the project, mitigations included (cost), or a high probability of its deadline (deadline)
    #[arg(long, value_name = "GOAL", value_parser = parse_goal)]
    mitigate: Option<Goal>,
    /// The most to spend on mitigations; the goal is p80 unless --mitigate says another
    #[arg(long, value_name = "AMOUNT", value_parser = parse_amount)]
    budget: Option<Money>,
    /// Print all drivers, not only the first 15
    #[arg(long)]
    all: bool,
}

fn parse_positive(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| format!("`{text}` is not a number above zero"))
}

fn parse_spread(text: &str) -> std::result::Result<(Option<String>, [f64; 3]), String> {
    let (category, factors) = match text.rsplit_once('=') {
        Some((category, factors)) => (Some(category.trim().to_owned()), factors),
        None => (None, text),
    };
    let numbers: Vec<f64> = factors.split([',', ';']).filter_map(|part| part.trim().parse().ok()).collect();
    match numbers[..] {
        [least, likely, most] if 0.0 <= least && least <= likely && likely <= most && most < 1e6 => {
            Ok((category, [least, likely, most]))
        }
        _ => Err(format!("`{text}` is not a spread; expected three factors in ascending order such as 0.9,1,1.4")),
    }
}

fn parse_goal(text: &str) -> std::result::Result<Goal, String> {
    let share = text.strip_prefix(['p', 'P']).and_then(|number| number.parse::<f64>().ok()).map(|share| share / 100.0);
    match (text, share) {
        ("cost", _) => Ok(Goal::Cost),
        ("deadline", _) => Ok(Goal::Deadline),
        (_, Some(share)) if 0.0 < share && share < 1.0 => Ok(Goal::Percentile(share)),
        _ => Err(format!("`{text}` is no goal; expected a percentile such as p80, cost or deadline")),
    }
}

fn parse_amount(text: &str) -> std::result::Result<Money, String> {
    let amount = parse_money(text, DecimalMark::Point).ok().filter(|amount| *amount >= Money::ZERO);
    amount.ok_or_else(|| format!("`{text}` is not an amount of money; expected a number such as 10000 or 2500.50"))
}

/// Simulates a plan and shows the answer.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    print::findings_of_plan(&findings, settings);
    let left = if arguments.policy == PolicyFlag::Cpm { cpm::left_by_logic } else { cpm::left_to_do };
    let plan = left(Cow::Owned(plan)).into_owned();
    let cancelled = interrupt::cancel_flag(settings.quiet);
    let schedule = schedule(&plan, arguments, settings)?;
    let (plan, calibrated) = calibrated(plan, arguments.calibration.as_deref(), settings)?;
    let control = Control::with_cancel_flag(Limits { effort: None, ..settings.limits }, cancelled);
    let samples = arguments.samples.unwrap_or_else(|| usual_samples(&plan));
    let line = Line::samples(settings.quiet, samples);
    let options = RiskOptions {
        policy: arguments.policy.into(),
        seed: settings.seed,
        first: arguments.first,
        samples,
        defaults: defaults(&plan, "--uncertainty", &arguments.uncertainty)?,
        ends_are_deciles: arguments.p10_p90,
        costs: defaults(&plan, "--cost-uncertainty", &arguments.cost_uncertainty)?,
        precision: arguments.precision.map(|error| (0.8, error * minutes_per_day(&plan))),
        is_thorough: true,
    };
    if let Some(path) = &arguments.slice {
        let slice = sample(&plan, schedule.as_ref(), &options, &control, &|done| line.at(done));
        line.clear();
        let text = slice?.to_json();
        write_file(path, &|out| out.write_all(&text))?;
        return Ok(Verdict::Done);
    }
    let assessed = match arguments.merge.is_empty() {
        true => assess(&plan, schedule.as_ref(), &options, &control, &|done| line.at(done)),
        false => merge(&plan, schedule.as_ref(), &options, slices(&arguments.merge)?, &control),
    };
    line.clear();
    let assessment = assessed?;
    if assessment.samples.finish.is_empty() {
        return Err(Error::usage("stopped before the first sample was made"));
    }
    if assessment.correlation_change > 0.0 && !settings.quiet {
        let text = format!(
            "the correlations contradict each other: the nearest ones that do not are simulated, changed by up to {:.3}",
            assessment.correlation_change
        );
        let finding = Finding::warning("correlations-changed", Place::file("correlations.csv"), text);
        print::some_findings(&Findings::from_iter([finding]), "", Severity::Warning);
    }
    let bought = bought(&plan, schedule.as_ref(), &options, arguments, &control)?;
    let answer = Answer { plan, assessment, bought, calibrated };
    if let Some(out) = &settings.out {
        let tables = answer.tables();
        let writers: Vec<_> = tables.iter().map(|table| |out: &mut dyn Write| (table.write)(Csv, out)).collect();
        let files: Vec<(&str, FileWriter<'_>)> =
            tables.iter().zip(&writers).map(|(table, writer)| (table.file, writer as FileWriter<'_>)).collect();
        let pictures = answer.pictures();
        let texts: Vec<_> =
            pictures.iter().map(|(_, text)| |out: &mut dyn Write| out.write_all(text.as_bytes())).collect();
        let drawn = pictures.iter().zip(&texts).map(|((file, _), writer)| (*file, writer as FileWriter<'_>));
        write_files(out, &files.into_iter().chain(drawn).collect::<Vec<_>>())?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| words::write_words(out, &answer, arguments, settings))?,
        Format::Csv => print::out(|out| results::write_risk(&answer.plan, &answer.assessment, Csv, out))?,
        Format::Json => print::out(|out| print::write_json(out, &answer.as_json()?))?,
    }
    Ok(Verdict::Done)
}

/// The plan as uncertain as the calibration says, and what that did.
fn calibrated(plan: Plan, path: Option<&Path>, settings: &Settings) -> Result<(Plan, Option<String>)> {
    let Some(path) = path else { return Ok((plan, None)) };
    let (calibration, findings) = calibrate::read(&plan, path)?;
    print::findings_of_plan(&findings, settings);
    let (plan, applied) = calibration.uncertain(&plan);
    Ok((plan, Some(calibrate::words(path, &applied))))
}

/// The uncertainty that is given for the whole plan and for categories.
fn defaults(plan: &Plan, flag: &str, given: &[(Option<String>, [f64; 3])]) -> Result<Defaults> {
    let mut defaults = Defaults::default();
    for (category, factors) in given {
        let Some(name) = category else {
            defaults.others = Some(*factors);
            continue;
        };
        let labels = || plan.tasks().iter().filter_map(|task| task.category);
        if let Some(task) = plan.tasks().ids().find(|&task| *plan.tasks()[task].id == **name) {
            defaults.by_task.push((task, *factors));
            continue;
        }
        let Some(label) = labels().find(|&label| plan.label(label) == name) else {
            let mut known: Vec<&str> = labels().map(|label| plan.label(label)).collect();
            known.sort_unstable();
            known.dedup();
            let known = if known.is_empty() {
                "none has a category".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            };
            return Err(Error::usage(format!("{flag}: no task has the id `{name}`, or is of this category; {known}")));
        };
        defaults.by_category.push((label, *factors));
    }
    Ok(defaults)
}

/// The schedule whose modes and order of work the samples keep; none if they keep none.
fn schedule(plan: &Plan, arguments: &Arguments, settings: &Settings) -> Result<Option<Schedule>> {
    match &arguments.schedule {
        None if arguments.policy == PolicyFlag::Cpm => Ok(None),
        Some(path) => basis::given(plan, path, verify, settings).map(Some),
        None => {
            let solved = |plan: &Plan| {
                let (options, control) = (SolveOptions::default(), Control::start(settings.limits));
                basis::solved(plan, &compile(plan)?, &options, settings, "simulate", &control)
                    .map(|(_, schedule)| Some(schedule))
            };
            // What becomes of a project under way is told even if it has spent too much.
            match plan.spent() {
                Money::ZERO => solved(plan),
                _ => Ok(basis::despite_budgets(plan.clone(), settings, solved)?.1),
            }
        }
    }
}

/// Slices of samples, from their files.
fn slices(paths: &[PathBuf]) -> Result<Vec<SampleSlice>> {
    let slice = |path: &PathBuf| {
        let (name, bytes) = plans::content(path)?;
        SampleSlice::from_json(&name, &bytes)
    };
    paths.iter().map(slice).collect()
}

/// The mitigations to buy, if that is asked for.
fn bought(
    plan: &Plan,
    schedule: Option<&Schedule>,
    options: &RiskOptions,
    arguments: &Arguments,
    control: &Control,
) -> Result<Option<(Goal, Mitigated)>> {
    if arguments.mitigate.is_none() && arguments.budget.is_none() {
        return Ok(None);
    }
    let goal = arguments.mitigate.unwrap_or(Goal::Percentile(0.8));
    let budget = arguments.budget.map(|budget| budget.0);
    let mitigated = mitigate(plan, schedule, options, goal, budget, control)?;
    Ok(Some((goal, mitigated)))
}

/// Minutes of a day by the clock; of a period in a plan of periods.
fn minutes_per_day(plan: &Plan) -> f64 {
    if plan.project().time_unit == TimeUnit::Period { 1.0 } else { MINUTES_PER_DAY as f64 }
}

/// What is told of a plan.
struct Answer {
    plan: Plan,
    assessment: Assessment,
    /// What to buy, and what for.
    bought: Option<(Goal, Mitigated)>,
    /// What the calibration did, if there is one.
    calibrated: Option<String>,
}

/// Writes a table of an assessment.
type WriteTable = fn(&Plan, &Assessment, results::Format, &mut dyn Write) -> io::Result<()>;

/// The tables of an assessment: the key in the answer as JSON, the file in a folder of results, and what writes it.
const TABLES: [(&str, &str, WriteTable); 10] = [
    ("percentiles", "risk.csv", results::write_risk),
    ("limits", "limits.csv", results::write_limits),
    ("drivers", "drivers.csv", results::write_drivers),
    ("tornado", "tornado.csv", results::write_tornado),
    ("register", "register.csv", results::write_register),
    ("moved", "moved.csv", results::write_moved),
    ("unfinished", "unfinished.csv", results::write_unfinished),
    ("histogram", "histogram.csv", results::write_histogram),
    ("promises", "promises.csv", results::write_promises),
    ("curve", "scurve.csv", results::write_curve),
];

/// A table of the answer, as in [`TABLES`].
struct Table<'a> {
    key: &'static str,
    file: &'static str,
    write: Box<WriteAs<'a>>,
}

type WriteAs<'a> = dyn Fn(results::Format, &mut dyn Write) -> io::Result<()> + Sync + 'a;

impl Answer {
    fn tables(&self) -> Vec<Table<'_>> {
        let Answer { plan, assessment, bought, .. } = self;
        let table = |(key, file, write): (&'static str, &'static str, WriteTable)| Table {
            key,
            file,
            write: Box::new(move |format, out| write(plan, assessment, format, out)),
        };
        let mut tables: Vec<Table<'_>> = TABLES.into_iter().map(table).collect();
        if let Some((goal, mitigated)) = bought {
            tables.push(Table {
                key: "purchases",
                file: "purchases.csv",
                write: Box::new(|format, out| results::write_purchases(plan, *goal, mitigated, format, out)),
            });
        }
        tables
    }

    /// Pictures, by their files.
    fn pictures(&self) -> Vec<(&'static str, String)> {
        let Answer { plan, assessment, bought, .. } = self;
        let front = bought.as_ref().and_then(|(goal, mitigated)| mitigated.picture(plan, *goal));
        let all = [
            ("finish.svg", assessment.finish_picture(plan)),
            ("cost.svg", assessment.cost_picture(plan, Money::ZERO)),
            ("tornado.svg", assessment.tornado_picture(plan)),
            ("purchases.svg", front),
        ];
        all.into_iter().filter_map(|(file, picture)| Some((file, picture?))).collect()
    }

    fn as_json(&self) -> io::Result<Value> {
        let Answer { plan, assessment, bought, .. } = self;
        let moment = |slot: i32| plan.format_moment(assessment.finish_moment(slot));
        let mut answer = json!({
            "plan": plan.project().name,
            "samples": assessment.samples.finish.len(),
            "first": assessment.samples.first,
            "planned_finish": moment(assessment.planned.0),
            "planned_cost": Money(assessment.planned.1).to_string(),
            "spent": plan.spent().to_string(),
            "correlation_change": assessment.correlation_change,
        });
        if let Some(calibrated) = &self.calibrated {
            answer["calibration"] = json!(calibrated);
        }
        if let Some((_, mitigated)) = bought {
            answer["purchases_proven"] = json!(mitigated.is_proven);
        }
        for table in self.tables() {
            answer[table.key] = print::table_as_json(|out| (table.write)(Json, out))?;
        }
        Ok(answer)
    }
}
