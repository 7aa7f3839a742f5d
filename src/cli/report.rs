//! `floatline report`: how a project stands, as a page for people.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use floatline::effort::{Control, Limits};
use floatline::error::{Error, Result};
use floatline::io::results::Format::Csv;
use floatline::io::results::write_schedule;
use floatline::io::{write_file, write_files};
use floatline::plan::{Plan, StakeholderId};
use floatline::quality;
use floatline::report::{Document, Earlier, Origin, Sampled, Status, Tracked, specification};
use floatline::risk::{RiskOptions, assess, usual_samples};
use floatline::schedule::{Period, Spans};
use floatline::track::{Forecast, Simulated, track};

use super::audit::Meant;
use super::names::meant;
use super::numbers::whole;
use super::own::Own;
use super::progress::Line;
use super::settings::{Format, Page, Settings};
use super::start::SCHEDULE_FILE;
use super::{Verdict, audit, baseline, basis, interests, interrupt, plans, print, start};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// How the project stands, how it is going to end, and what has to be decided
    Status,
    /// What the plan says: scope, deliverables, work, assumptions, resources, calendars, budgets, risks, rules
    Spec,
}

/// A report that people look at: one HTML page, or Markdown
///
/// The page holds the finish and how sure it is, decisions to take, a Gantt chart (zoom, fold, links, critical path, float, baseline,
/// status date), what changed since the last report, slips, money (S-curve, earned value, budgets), risks (S-curve, tornado,
/// register), load, quality, rules, deliverables and stakeholders, as far as the plan tells of them. It needs no network and no
/// other file, prints, and names the files that it was made of.
///
/// With -o OUT it is written to OUT/report.html (report.md with --format md) beside the schedule.csv that it shows; the next report
/// into OUT tells what has changed since, and keeps that schedule in OUT/runs. OUT may be a file ending in .html or .md, too.
/// Without -o it is printed, as Markdown unless --format html asks for the page.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline report data/clinic-rollout
  floatline report data/clinic-rollout -o out
  floatline report data/software-release -o out/release.html
  floatline report data/software-release --for board --format md
  floatline report data/medical-device --kind spec -o out

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 proven infeasible.")]
pub struct Arguments {
    /// The plan: a folder, or any file that `solve` takes
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// What kind of report
    #[arg(long, value_enum, default_value_t = Kind::Status)]
    kind: Kind,
    /// Show what this stakeholder of stakeholders.csv asked for: their milestones and interests
    #[arg(long = "for", value_name = "STAKEHOLDER")]
    reader: Option<String>,
    /// The baseline: the name of one in PLAN/baselines, or a folder of results or schedule.csv [default: the last by name]
    #[arg(long, value_name = "NAME")]
    against: Option<String>,
    /// Look at the project as it stood on this date, instead of the status date of project.csv
    #[arg(long, value_name = "DATE")]
    status_date: Option<String>,
    /// What the changes are told against: a folder of results or a schedule.csv [default: the schedule.csv that OUT holds]
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Start from this schedule [default: the baseline, else the schedule.csv that OUT holds]; with --effort 1 the report is of it,
    /// unless it no longer holds
    #[arg(long, value_name = "FILE", value_parser = start::parse)]
    start: Option<PathBuf>,
    /// Samples of what is left; 0 for none [default: 10000, of plans of more than 300 tasks 1000, of more than 1000 tasks 200]
    #[arg(long, value_name = "N", value_parser = whole::<u64, 0, 10_000_000>)]
    samples: Option<u64>,
}

/// Tasks of a large project.
const LARGE: usize = 500;
/// Tasks of all passes over a large project together, unless --effort says otherwise.
const USUAL_PASSES: usize = 10_000;

/// Samples of a project of so many tasks, unless --samples says otherwise: those of the other verbs, but nobody shall wait for a
/// page.
fn samples_of_page(left: &Plan) -> u64 {
    match left.tasks().len() {
        ..=300 => usual_samples(left),
        301..=1_000 => 1_000,
        _ => 200,
    }
}

/// Writes a report.
///
/// # Arguments
/// `meant` takes the options that the schedule in the folder of results stood for.
pub fn run(arguments: &Arguments, settings: &Settings, meant: &mut Meant) -> Result<Verdict> {
    let named = settings.out.as_deref().filter(|out| !out.is_dir()).and_then(Path::extension);
    let of_name = match named.map(|ending| ending.to_string_lossy().to_lowercase()).as_deref() {
        None => None,
        Some("html" | "htm") => Some(Page::Html),
        Some("md") => Some(Page::Md),
        Some(other) => {
            return Err(Error::usage(format!(
                "a report is written as .html or .md, not as .{other}; or give a folder"
            )));
        }
    };
    if of_name.is_some() && settings.page.is_some() && of_name != settings.page {
        return Err(Error::usage("-o names a file of one kind, and --format another"));
    }
    let page = match (settings.format, settings.page.or(of_name), &settings.out) {
        (Format::Csv | Format::Json, ..) => {
            return Err(Error::usage("a report is written as html or md; `floatline track` writes tables"));
        }
        (Format::Table, Some(page), _) => page,
        (Format::Table, None, Some(_)) => Page::Html,
        (Format::Table, None, None) => Page::Md,
    };
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    print::findings_of_plan(&findings, settings);
    let (document, written) = match arguments.kind {
        Kind::Spec => (specification(&plan, origin(settings, meant)?), None),
        Kind::Status => status(plan, arguments, settings, meant)?,
    };
    let text = match page {
        Page::Html => document.to_html(),
        Page::Md => document.to_markdown(),
    };
    let name = if page == Page::Html { "report.html" } else { "report.md" };
    match &settings.out {
        None => print::out(|out| out.write_all(text.as_bytes()))?,
        Some(out) if of_name.is_some() => {
            write_file(out, &|to| to.write_all(text.as_bytes()))?;
            tell(out, settings)?;
        }
        Some(out) => {
            let report: (&str, floatline::io::FileWriter<'_>) = (name, &|to| to.write_all(text.as_bytes()));
            match &written {
                Some(schedule) => {
                    write_files(out, &[report, (SCHEDULE_FILE, &|to| to.write_all(schedule))])?;
                }
                None => write_files(out, &[report])?,
            }
            tell(&out.join(name), settings)?;
        }
    }
    Ok(Verdict::Done)
}

fn tell(path: &Path, settings: &Settings) -> Result<()> {
    if settings.quiet { Ok(()) } else { print::out(|out| writeln!(out, "wrote {}", path.display())) }
}

/// From what and how the report is made.
fn origin(settings: &Settings, meant: &Meant) -> Result<Origin> {
    let (asked, inputs) = audit::asked(settings.out.as_deref(), meant)?;
    let words = std::iter::once("floatline".to_owned()).chain(asked.iter().map(|word| print::quoted(word)));
    let command = words.collect::<Vec<_>>().join(" ");
    let inputs = inputs.into_iter().map(|stamp| (stamp.path, stamp.sha256)).collect();
    Ok(Origin { version: env!("CARGO_PKG_VERSION").to_owned(), command, inputs })
}

/// The status report, and the schedule that it shows.
fn status(
    plan: Plan,
    arguments: &Arguments,
    settings: &Settings,
    meant: &mut Meant,
) -> Result<(Document, Option<Vec<u8>>)> {
    let reader = arguments.reader.as_deref().map(|name| find_reader(&plan, name)).transpose()?;
    let promised = baseline::promised(&plan, &arguments.plan, arguments.against.as_deref())?;
    let has_begun = plan.has_progress() || !plan.expenses().is_empty();
    let asked = arguments.status_date.as_deref();
    let plan = if has_begun || asked.is_some() { plans::at_status_date(plan, asked)? } else { plan };
    let tasks = plan.tasks().len();
    let limits = match tasks > LARGE {
        true => settings.limits_or((USUAL_PASSES / tasks).max(1) as u64),
        false => settings.limits,
    };
    let cancelled = interrupt::cancel_flag(settings.quiet);
    let former = baseline::find(&plan, &arguments.plan, arguments.against.as_deref())?.map(|found| found.1);
    let own = settings.out.as_deref().and_then(Own::find);
    let mut earlier = earlier(&plan, arguments.since.as_deref(), own.as_ref(), settings)?;
    let asked = arguments.start.as_deref().map(|path| start::file(path, None)).transpose()?.flatten();
    let start = match (&asked, &former, &own) {
        (Some(file), ..) => Some(start::read(&plan, file)?.0),
        (None, Some(former), _) => Some(former.clone()),
        // The schedule of the folder is one that somebody has searched for already.
        (None, None, Some(own)) => start::read(&plan, &own.file).ok().map(|read| read.0),
        (None, None, None) => None,
    };
    let is_start_own = own.as_ref().is_some_and(|own| match &asked {
        Some(file) => own.is_named(file),
        None => former.is_none() && start.is_some(),
    });
    let control = || Control::with_cancel_flag(limits, cancelled.clone());
    let (left, (outcome, schedule)) = basis::of_rest(&plan, start, "report", settings, &control)?;
    let assessment = match arguments.samples.unwrap_or_else(|| samples_of_page(&left)) {
        0 => None,
        samples => {
            let options = RiskOptions { samples, seed: settings.seed, is_thorough: false, ..RiskOptions::default() };
            let line = Line::samples(settings.quiet, samples);
            let control = Control::with_cancel_flag(Limits::default(), cancelled.clone());
            let assessment = assess(&left, Some(&schedule), &options, &control, &|done| line.at(done));
            line.clear();
            Some(assessment?)
        }
    };
    let outlook = assessment.as_ref().map(|assessment| assessment.outlook(&left));
    let sampled = assessment.as_ref().zip(outlook.as_ref());
    let simulated = sampled.map(|(assessment, outlook)| Simulated::of(outlook, &assessment.marks));
    let forecast = Forecast::new(&plan, &left, &schedule, &outcome.dates, simulated);
    let is_frozen = promised.is_some();
    let baseline = match promised {
        Some((baseline, _)) => Some(baseline),
        None if has_begun => Some(baseline::unfrozen(&plan, settings, &control())?),
        None => None,
    };
    let period = Period::fitting(&plan, plan.project().start, forecast.finish);
    let tracking = baseline.as_ref().map(|baseline| track(&forecast, baseline, period));
    let quality = quality::assess_against(&plan, former.as_ref())?;
    if let Some(own) = &own {
        let since = earlier.as_mut().map(|(_, file)| file).filter(|file| own.is_named(file));
        let kept = own.keep(&[("--since", since.is_some()), ("--start", is_start_own)], meant)?;
        if let (Some(kept), Some(since)) = (kept, since) {
            *since = kept;
        }
    }
    let name = earlier.as_ref().map_or_else(String::new, |(_, file)| file.display().to_string());
    let document = Status {
        tracked: baseline.as_ref().zip(tracking.as_ref()).map(|(baseline, tracking)| Tracked {
            baseline,
            tracking,
            is_frozen,
        }),
        sampled: sampled.map(|(assessment, outlook)| Sampled { assessment, outlook }),
        quality: Some(&quality),
        earlier: earlier.as_ref().map(|(spans, _)| Earlier { spans, name: &name }),
        reader,
        ..Status::new(&forecast, &outcome)
    };
    let mut written = Vec::new();
    write_schedule(&left, &schedule, &outcome.dates, Csv, &mut written)
        .map_err(|source| Error::io("write", SCHEDULE_FILE, source))?;
    Ok((document.document(origin(settings, meant)?), Some(written)))
}

/// The dates of the last report, and where they are from.
fn earlier(
    plan: &Plan,
    since: Option<&Path>,
    own: Option<&Own>,
    settings: &Settings,
) -> Result<Option<(Spans, PathBuf)>> {
    match (since, own) {
        (Some(path), _) => interests::asked(plan, path, settings).map(Some),
        // What is no schedule of the plan says nothing.
        (None, Some(own)) => Ok(interests::read(plan, &own.file).ok().map(|(spans, file, _)| (spans, file))),
        (None, None) => Ok(None),
    }
}

/// A stakeholder by id or name.
fn find_reader(plan: &Plan, name: &str) -> Result<StakeholderId> {
    let is_meant = |row: &floatline::plan::Stakeholder| *row.id == *name || row.name.eq_ignore_ascii_case(name);
    let found = plan.stakeholders().iter_enumerated().find(|(_, row)| is_meant(row));
    found.map(|(id, _)| id).ok_or_else(|| {
        let known: Vec<&str> = plan.stakeholders().iter().map(|row| &*row.id).collect();
        if known.is_empty() {
            return Error::usage(format!(
                "--for {name}: the plan has no stakeholders.csv, which says what whom concerns"
            ));
        }
        let meant = meant(name, known.iter().copied());
        Error::usage(format!("--for: nobody is called `{name}`{meant}; there are {}", known.join(", ")))
    })
}
