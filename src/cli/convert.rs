//! `floatline convert`: a plan from one format into another.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use floatline::cpm::{self, Basis};
use floatline::error::{Error, Finding, Findings, Result, Severity};
use floatline::index::IdVec;
use floatline::io::results::read_schedule;
use floatline::io::{self, CalendarEvents, PlanFormat};
use floatline::network::compile;
use floatline::plan::draft::PlanDraft;
use floatline::plan::{Plan, TaskId, validate};
use floatline::schedule::{Schedule, TaskDates, place};

use super::settings::Settings;
use super::{Verdict, names, plans, print};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A folder of CSV tables
    Csv,
    /// A workbook with a sheet for each table
    Xlsx,
    /// Microsoft Project, XML
    Mspdi,
    /// Primavera P6, XER
    Xer,
    /// iCalendar
    Ics,
    /// A Gantt chart in Mermaid
    Mermaid,
    /// PSPLIB, one way to do each task
    Sm,
    /// PSPLIB, several ways to do a task
    Mm,
    /// Patterson
    Rcp,
}

impl Target {
    /// The ending of its files; none for a folder.
    fn ending(self) -> Option<&'static str> {
        Some(match self {
            Target::Csv => return None,
            Target::Xlsx => "xlsx",
            Target::Mspdi => "xml",
            Target::Xer => "xer",
            Target::Ics => "ics",
            Target::Mermaid => "mmd",
            Target::Sm => "sm",
            Target::Mm => "mm",
            Target::Rcp => "rcp",
        })
    }

    /// The format that the ending of a path stands for.
    fn by_ending(out: &Path) -> Result<Target> {
        let Some(ending) = out.extension().filter(|_| !out.is_dir()) else { return Ok(Target::Csv) };
        let stands_for = |target: &&Target| target.ending().is_some_and(|own| ending.eq_ignore_ascii_case(own));
        let target = Target::value_variants().iter().find(stands_for);
        target.copied().ok_or_else(|| {
            let known: Vec<_> = Target::value_variants().iter().filter_map(|target| target.ending()).collect();
            let known = known.join(", .");
            Error::usage(format!("the ending of `{}` is none of .{known}; say --to FORMAT", out.display()))
        })
    }
}

/// Convert a plan into another format
///
/// What the other format cannot carry (names, dates, calendars, money) is reported and left out; what it cannot
/// express at all is an error, and nothing is written then. Formats with dates get those of --schedule, or else those by
/// logic alone: links, calendars and constraints, as if there were enough people, machines, materials and money.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline convert data/software-release/tasks.csv --to csv -o copy
  floatline convert data/software-release -o release.xlsx
  floatline convert release.xlsx -o release.xml
  floatline solve data/software-release -o out
  floatline convert data/software-release --schedule out/schedule.csv --person ana -o ana.ics
  floatline convert data/software-release --schedule out/schedule.csv -o release.mmd
  floatline generate --preset psplib --tasks 30 -o small
  floatline convert small -o small.sm
  floatline convert small.sm -o back")]
pub struct Arguments {
    /// The plan to convert
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The format to convert to; if it is left out, the ending of OUT tells, and a folder means csv
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<Target>,
    /// A schedule of the plan whose dates are written into formats with dates: the schedule.csv of an earlier solve
    #[arg(long, value_name = "FILE")]
    schedule: Option<PathBuf>,
    /// ics: only the tasks of this person or machine
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// ics: only milestones
    #[arg(long, conflicts_with = "person")]
    milestones: bool,
}

/// Converts a plan.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let out = settings.out.as_deref().ok_or_else(|| Error::usage("convert needs a place to write to: -o OUT"))?;
    let target = match arguments.to {
        Some(target) => target,
        None => Target::by_ending(out)?,
    };
    if target != Target::Ics && (arguments.person.is_some() || arguments.milestones) {
        return Err(Error::usage("--person and --milestones choose the events of a calendar; say --to ics"));
    }
    plans::require(&arguments.plan)?;
    let draft = io::read_draft(&arguments.plan, &settings.read)?;
    let (plan, findings) = validate(&draft)?;
    if !settings.quiet {
        let is_shown = |finding: &Finding| {
            let is_loss = matches!(finding.rule, "not-carried" | "unused-table" | "unknown-element");
            settings.verbose || is_loss || finding.severity > Severity::Note
        };
        print::all_findings(&findings.into_iter().filter(is_shown).collect());
    }
    match target.ending() {
        None => {
            let same = out.canonicalize().ok().is_some_and(|out| arguments.plan.canonicalize().ok() == Some(out));
            if same {
                let text = format!("`{}` would be written over itself; choose another -o", out.display());
                return Err(Error::usage(text));
            }
            io::write_draft(&draft, out)?;
        }
        Some(ending) => {
            if out.is_dir() {
                return Err(Error::usage(format!("`{}` is a folder, a .{ending} plan is a file", out.display())));
            }
            let (bytes, mut losses) = bytes_of(target, &draft, &plan, arguments)?;
            if target != Target::Xlsx {
                losses.append(io::scenarios_left_out(&draft));
            }
            if !settings.quiet {
                print::all_findings(&losses);
            }
            io::write_file(out, &|to| to.write_all(&bytes))?;
        }
    }
    if !settings.quiet {
        print::out(|to| writeln!(to, "wrote {}", out.display()))?;
    }
    Ok(Verdict::Done)
}

/// The content of a file, and what it cannot hold.
fn bytes_of(target: Target, draft: &PlanDraft, plan: &Plan, arguments: &Arguments) -> Result<(Vec<u8>, Findings)> {
    let psplib = |format: PlanFormat| io::write_psplib(plan, format).map(|(text, losses)| (text.into_bytes(), losses));
    match target {
        Target::Csv => Ok((Vec::new(), Findings::new())),
        Target::Sm => psplib(PlanFormat::PsplibSm),
        Target::Mm => psplib(PlanFormat::PsplibMm),
        Target::Rcp => psplib(PlanFormat::Patterson),
        Target::Xlsx => Ok((io::write_workbook(draft)?, Findings::new())),
        Target::Mspdi => {
            let dated = Dated::new(plan, arguments)?;
            let (text, losses) = io::write_mspdi(plan, Some(&dated.schedule), &dated.dates)?;
            Ok((text.into_bytes(), losses))
        }
        Target::Xer => {
            let dated = Dated::new(plan, arguments)?;
            io::write_xer(plan, Some(&dated.dates))
        }
        Target::Mermaid => {
            let dated = Dated::new(plan, arguments)?;
            let (text, losses) = io::write_mermaid(plan, &dated.schedule, &dated.dates);
            Ok((text.into_bytes(), losses))
        }
        Target::Ics => {
            let dated = Dated::new(plan, arguments)?;
            let events = match &arguments.person {
                Some(id) => CalendarEvents::TasksOf(resource(plan, id)?),
                None if arguments.milestones => CalendarEvents::Milestones,
                None => CalendarEvents::AllTasks,
            };
            let (text, losses) = io::write_icalendar(plan, &dated.schedule, events);
            Ok((text.into_bytes(), losses))
        }
    }
}

/// The resource of an id.
fn resource(plan: &Plan, id: &str) -> Result<floatline::plan::ResourceId> {
    let found = plan.resources().iter_enumerated().find(|(_, resource)| &*resource.id == id);
    found.map(|(resource, _)| resource).ok_or_else(|| {
        let hint = names::meant(id, plan.resources().iter().map(|resource| &*resource.id));
        Error::usage(format!("the plan has no person or machine `{id}`{hint}"))
    })
}

/// A plan with dates.
struct Dated {
    /// When everything is done; what has been done already at its actual dates.
    schedule: Schedule,
    dates: IdVec<TaskId, TaskDates>,
}

impl Dated {
    fn new(plan: &Plan, arguments: &Arguments) -> Result<Dated> {
        let remaining = cpm::left_by_logic(Cow::Borrowed(plan));
        let network = compile(&remaining)?;
        let modes = cpm::quickest_modes(&network);
        let dates = cpm::analyse(&remaining, &network, &modes, Basis::Logic);
        let mut schedule = match &arguments.schedule {
            Some(path) => {
                let (file, bytes) = plans::content(path)?;
                read_schedule(&remaining, &file, &bytes)?.0
            }
            None => {
                let early = cpm::planned_dates(&remaining, &network, &modes);
                let early =
                    early.ok_or_else(|| Error::infeasible("the plan has no dates: `floatline check` says why"))?;
                place(&remaining, &network, &early.start, &modes)
            }
        };
        for (task, &span) in schedule.spans(&remaining, &dates).iter_enumerated() {
            (schedule.placements[task].start, schedule.placements[task].finish) = span;
        }
        Ok(Dated { schedule, dates })
    }
}
