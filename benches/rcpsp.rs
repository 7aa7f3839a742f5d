//! How good schedules get on published benchmark sets within a time limit, beside what other solvers reached.
//!
//! ```text
//! cargo bench --bench rcpsp -- --dir DIR --set j120 --time 10 --count 60
//! ```
//!
//! `DIR` holds a folder for each set, at any depth, with the instances as published (`.sm`, `.mm`, `.rcp`, `.sch`, `.txt`, `.dzn`),
//! `best-known.csv` (instance, lb, ub, ...) and, if there is one, `peers.csv` (instance, solver, objective, lower_bound, ...).
//! The sets are PSPLIB (j30 to j120, <https://www.om-db.wi.tum.de/psplib/>), RG300, MMLIB and MPLIB
//! (<https://www.projectmanagement.ugent.be/research/data>), and MSPSP-InstLib for people with skills
//! (<https://github.com/youngkd/MSPSP-InstLib>). Published data is not part of this repository. Without `--dir`
//! a few generated plans are solved with a fixed effort and their answers asserted.
//!
//! The instances of a sample lie evenly over the set, from `--first` on; gaps are means in percent. Whatever is compared with
//! a peer is compared on the instances that both have a figure for.

#[path = "rcpsp/dzn.rs"]
mod dzn;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clap::Parser;
use floatline::effort::{Control, Limits};
use floatline::generate::{GenerateOptions, generate};
use floatline::io::{ReadOptions, read_draft};
use floatline::network::{Slot, compile};
use floatline::plan::Plan;
use floatline::plan::draft::PlanDraft;
use floatline::plan::validate;
use floatline::schedule::{Outcome, Status, makespan, working_time};
use floatline::solve::{Objective, SolveOptions, solve};

/// Solve benchmark sets and compare.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder with the sets; without it, generated plans are solved
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Sets: names of folders in DIR
    #[arg(long, value_delimiter = ',', default_values = ["j30", "j60", "j90", "j120"])]
    set: Vec<String>,
    /// Seconds for each instance
    #[arg(long, default_value_t = 10.0)]
    time: f64,
    /// Passes for each instance, in place of a time
    #[arg(long)]
    effort: Option<u64>,
    /// Instances of each set
    #[arg(long, default_value_t = 60)]
    count: usize,
    /// The first instance of the sample, by name
    #[arg(long, default_value_t = 0)]
    first: usize,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Instances solved at the same time, on so many threads each
    #[arg(long, default_value_t = 1)]
    side_by_side: usize,
    /// Seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Also report what was reached after so many seconds
    #[arg(long, value_delimiter = ',')]
    at: Vec<f64>,
    /// End an instance once its makespan is known to be optimal, which changes no gap to best known
    #[arg(long)]
    until_optimal: bool,
    /// Print a row for each instance
    #[arg(long)]
    each: bool,
    /// What cargo passes
    #[arg(long, hide = true)]
    bench: bool,
}

/// A row of best-known.csv.
#[derive(Clone, Copy, Debug)]
struct Known {
    lower: Option<Slot>,
    upper: Option<Slot>,
}

/// What came of an instance.
#[derive(Clone, Debug)]
struct Run {
    instance: String,
    status: Status,
    makespan: Option<i64>,
    bound: i64,
    seconds: f64,
    passes: u64,
    /// Makespan at each of the times asked for.
    early: Vec<Option<i64>>,
}

fn main() {
    let arguments = Arguments::parse();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build().expect("threads can be started");
    let Some(folder) = &arguments.dir else { return pool.install(|| generated(&arguments)) };
    for set in &arguments.set {
        let folders = find(folder, set);
        let [folder] = &folders[..] else {
            panic!("one folder `{set}` is expected in {}: {folders:?}", folder.display())
        };
        let known = best_known(folder);
        let jobs = sample(instances(folder), arguments.first, arguments.count);
        let next = Mutex::new(jobs.iter());
        let runs = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..arguments.side_by_side {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads).build();
                let pool = pool.expect("threads can be started");
                let (next, runs, known, arguments) = (&next, &runs, &known, &arguments);
                scope.spawn(move || {
                    loop {
                        let Some(path) = next.lock().expect("no worker fails").next() else { break };
                        let run = pool.install(|| run_file(path, known, arguments));
                        if arguments.each {
                            print_row(&run, known.get(&run.instance));
                        }
                        runs.lock().expect("no worker fails").push(run);
                    }
                });
            }
        });
        let mut runs = runs.into_inner().expect("no worker fails");
        runs.sort_by(|one, other| one.instance.cmp(&other.instance));
        report(set, &runs, &known, &peers(folder), &arguments);
    }
}

/// The folder of a set, at any depth; several of the same name are told apart by the folder above (`rcpsp/j30`).
fn find(folder: &Path, set: &str) -> Vec<PathBuf> {
    let candidate = folder.join(set);
    if candidate.is_dir() {
        return vec![candidate];
    }
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut folders: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.iter().flat_map(|folder| find(folder, set)).collect()
}

fn instances(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of the set can be read");
    let is_instance = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        ["sm", "mm", "rcp", "sch", "txt", "dzn"].contains(&extension.as_str())
    };
    let mut paths: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(is_instance).collect();
    paths.sort();
    paths
}

/// `count` of the paths at even distances, from number `first` on.
fn sample(paths: Vec<PathBuf>, first: usize, count: usize) -> Vec<PathBuf> {
    let (all, count) = (paths.len(), count.min(paths.len()));
    (0..count).map(|index| paths[(first + index * all / count) % all].clone()).collect()
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let Ok(mut reader) = csv::Reader::from_path(path) else { return Vec::new() };
    reader.deserialize().map(|row| row.expect("a row of cells")).collect()
}

fn best_known(folder: &Path) -> BTreeMap<String, Known> {
    let number = |text: &String| text.parse::<Slot>().ok();
    let of = |row: &BTreeMap<String, String>| Known { lower: number(&row["lb"]), upper: number(&row["ub"]) };
    rows(&folder.join("best-known.csv")).iter().map(|row| (row["instance"].clone(), of(row))).collect()
}

/// Best makespan of each solver on each instance.
fn peers(folder: &Path) -> BTreeMap<String, BTreeMap<String, Option<i64>>> {
    let mut peers: BTreeMap<String, BTreeMap<String, Option<i64>>> = BTreeMap::new();
    for row in rows(&folder.join("peers.csv")) {
        let objective = row["objective"].parse::<f64>().ok().map(|value| value as i64);
        peers.entry(row["solver"].clone()).or_default().insert(row["instance"].clone(), objective);
    }
    peers
}

fn run_file(path: &Path, known: &BTreeMap<String, Known>, arguments: &Arguments) -> Run {
    let began = Instant::now();
    let draft = match path.extension().is_some_and(|extension| extension == "dzn") {
        true => dzn::read(path),
        false => read_draft(path, &ReadOptions::default()).expect("the instance can be read"),
    };
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let proven = known.get(&name).filter(|known| known.lower == known.upper).and_then(|known| known.upper);
    let enough = proven.filter(|_| arguments.until_optimal).map(i64::from);
    run(name, &draft, enough, arguments, began)
}

/// Solves a plan within the limits, or until a schedule is `enough` periods long.
fn run(instance: String, draft: &PlanDraft, enough: Option<i64>, arguments: &Arguments, began: Instant) -> Run {
    // Some published instances ask for more than there ever is, which is an error in a plan.
    let Ok((plan, _)) = validate(draft) else {
        let seconds = began.elapsed().as_secs_f64();
        let (status, early) = (Status::Infeasible, vec![None; arguments.at.len()]);
        return Run { instance, status, makespan: None, bound: 0, seconds, passes: 0, early };
    };
    let options = SolveOptions { seed: arguments.seed, objectives: vec![Objective::Finish], ..SolveOptions::default() };
    let limits = match arguments.effort {
        Some(effort) => Limits { effort: Some(effort), time: None },
        None => Limits { effort: None, time: Some(Duration::from_secs_f64(arguments.time)) },
    };
    let has_enough = Arc::new(AtomicBool::new(false));
    let control = Control::with_cancel_flag(limits, Arc::clone(&has_enough));
    // Best finishes and when they were there.
    let history = Mutex::new(Vec::new());
    let outcome: Option<Outcome> = compile(&plan).ok().map(|network| {
        let report = |progress: &floatline::solve::Progress| {
            let finish = progress.best.map(|best| length(&plan, best.finish));
            if finish.zip(enough).is_some_and(|(finish, enough)| finish <= enough) {
                has_enough.store(true, Ordering::Relaxed);
            }
            history.lock().expect("no worker fails").push((control.elapsed().as_secs_f64(), finish));
        };
        solve(&plan, &network, &options, &control, &report).expect("the validator accepts every schedule")
    });
    let history = history.into_inner().expect("no worker fails");
    let before = |time: &f64| history.iter().take_while(|entry| entry.0 <= *time).filter_map(|entry| entry.1).last();
    Run {
        instance,
        status: outcome.as_ref().map_or(Status::Infeasible, |outcome| outcome.status),
        makespan: outcome.as_ref().and_then(|outcome| outcome.schedule.as_ref()).map(|best| makespan(&plan, best).0),
        bound: outcome.as_ref().map_or(0, |outcome| length(&plan, outcome.lower_bound)),
        seconds: began.elapsed().as_secs_f64(),
        passes: outcome.as_ref().map_or(0, |outcome| outcome.effort_spent),
        early: arguments.at.iter().map(before).collect(),
    }
}

/// Periods from the project's start.
fn length(plan: &Plan, finish: floatline::units::Moment) -> i64 {
    working_time(plan, plan.project().start, finish).0
}

fn print_row(run: &Run, known: Option<&Known>) {
    let upper = known.and_then(|known| known.upper);
    println!(
        "  {:<22} {:<10} {:>6} known {:>6} bound {:>6} {:>6.2} s {:>9} passes {:?}",
        run.instance,
        run.status.word(),
        run.makespan.map_or("-".to_owned(), |makespan| makespan.to_string()),
        upper.map_or("-".to_owned(), |upper| upper.to_string()),
        run.bound,
        run.seconds,
        run.passes,
        run.early.iter().map(|early| early.unwrap_or(-1)).collect::<Vec<_>>()
    );
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

fn percent(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3} %"))
}

fn above(makespan: i64, reference: i64) -> f64 {
    (makespan - reference) as f64 / reference.max(1) as f64 * 100.0
}

fn report(
    set: &str,
    runs: &[Run],
    known: &BTreeMap<String, Known>,
    peers: &BTreeMap<String, BTreeMap<String, Option<i64>>>,
    arguments: &Arguments,
) {
    let upper = |run: &Run| known.get(&run.instance).and_then(|known| known.upper).map(i64::from);
    let gap = |makespan: &dyn Fn(&Run) -> Option<i64>| {
        mean(runs.iter().filter_map(|run| Some(above(makespan(run)?, upper(run)?))))
    };
    let to_bound = mean(runs.iter().filter_map(|run| Some(above(run.makespan?, run.bound))));
    let proven = runs.iter().filter(|run| run.status == Status::Optimal).count();
    let better = runs.iter().filter(|run| run.makespan.zip(upper(run)).is_some_and(|(own, best)| own < best)).count();
    let missing = runs.iter().filter(|run| run.makespan.is_none() && upper(run).is_some()).count();
    let wrong = runs.iter().filter(|run| {
        let lower = known.get(&run.instance).and_then(|known| known.lower).map(i64::from);
        let beaten = run.makespan.zip(lower).is_some_and(|(own, lower)| own < lower);
        let refuted = run.status == Status::Infeasible && upper(run).is_some();
        beaten || refuted || upper(run).is_some_and(|upper| run.bound > upper)
    });
    let seconds = mean(runs.iter().map(|run| run.seconds)).unwrap_or(0.0);
    // A run that is over at once says nothing about speed.
    let busy = || runs.iter().filter(|run| run.seconds > 0.5);
    let speed = busy().map(|run| run.passes).sum::<u64>() as f64 / busy().map(|run| run.seconds).sum::<f64>().max(1e-9);
    println!(
        "{set}: {} instances, {} above best known, {} above bound, {proven} proven, {better} better than known, \
         {missing} without a schedule, {seconds:.2} s each, {speed:.0} passes/s on {} threads",
        runs.len(),
        percent(gap(&|run| run.makespan)),
        percent(to_bound),
        arguments.threads,
    );
    for (place, time) in arguments.at.iter().enumerate() {
        let reached = gap(&|run| if run.seconds <= *time { run.makespan } else { run.early[place] });
        println!("  after {time} s: {} above best known", percent(reached));
    }
    for (solver, results) in peers {
        let both = |run: &Run| {
            let theirs = (*results.get(&run.instance)?)?;
            Some((above(run.makespan?, upper(run)?), above(theirs, upper(run)?)))
        };
        let theirs = mean(runs.iter().filter_map(|run| Some(both(run)?.1)));
        let ours = mean(runs.iter().filter_map(|run| Some(both(run)?.0)));
        let without = runs.iter().filter(|run| results.get(&run.instance) == Some(&None)).count();
        println!(
            "  {solver}: {} on the same instances (here {}), {without} without a schedule",
            percent(theirs),
            percent(ours)
        );
    }
    for run in wrong {
        println!("  WRONG {}: makespan {:?}, bound {}", run.instance, run.makespan, run.bound);
    }
}

/// Makespans of the generated plans after [`GENERATED_EFFORT`] passes.
const GENERATED: [(usize, i64); 2] = [(60, 119), (120, 171)];
const GENERATED_EFFORT: u64 = 4_000;

fn generated(arguments: &Arguments) {
    for (tasks, expected) in GENERATED {
        let options = GenerateOptions { seed: 1, ..GenerateOptions::psplib(tasks) };
        let draft = generate(&options).expect("the options make sense");
        let arguments =
            Arguments { effort: Some(GENERATED_EFFORT), at: Vec::new(), dir: None, set: Vec::new(), ..*arguments };
        let run = run(format!("generated{tasks}"), &draft, None, &arguments, Instant::now());
        let speed = run.passes as f64 / run.seconds;
        println!(
            "{}: makespan {:?}, bound {}, {:.2} s, {speed:.0} passes/s",
            run.instance, run.makespan, run.bound, run.seconds
        );
        assert_eq!(run.makespan, Some(expected));
    }
}
