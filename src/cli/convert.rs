//! `floatline convert`: a plan from one format into another.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use floatline::error::{Error, Result, Severity};
use floatline::io::{self, PlanFormat};
use floatline::plan::validate;

use super::settings::Settings;
use super::{Verdict, plans, print};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// A folder of CSV tables
    Csv,
    /// PSPLIB, one way to do each task
    Sm,
    /// PSPLIB, several ways to do a task
    Mm,
    /// Patterson
    Rcp,
}

impl Target {
    fn format(self) -> PlanFormat {
        match self {
            Target::Csv => PlanFormat::Csv,
            Target::Sm => PlanFormat::PsplibSm,
            Target::Mm => PlanFormat::PsplibMm,
            Target::Rcp => PlanFormat::Patterson,
        }
    }

    /// The format that the ending of a path stands for.
    fn by_ending(out: &Path) -> Result<Target> {
        let Some(ending) = out.extension().filter(|_| !out.is_dir()) else { return Ok(Target::Csv) };
        let target = ending.to_str().and_then(|ending| Target::from_str(ending, true).ok());
        target.filter(|target| *target != Target::Csv).ok_or_else(|| {
            let text = format!("the ending of `{}` is none of .sm, .mm, .rcp; say --to FORMAT", out.display());
            Error::usage(text)
        })
    }
}

/// Convert a plan into another format
///
/// What the other format cannot carry (names, dates, calendars, money) is reported and left out; what it cannot
/// express at all is an error, and nothing is written then.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline convert data/software-release/tasks.csv --to csv -o copy
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
}

/// Converts a plan.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let out = settings.out.as_deref().ok_or_else(|| Error::usage("convert needs a place to write to: -o OUT"))?;
    let format = match arguments.to {
        Some(target) => target.format(),
        None => Target::by_ending(out)?.format(),
    };
    plans::require(&arguments.plan)?;
    let draft = io::read_draft(&arguments.plan, &settings.read)?;
    let (plan, findings) = validate(&draft)?;
    if !settings.quiet {
        let least = if settings.verbose { Severity::Note } else { Severity::Warning };
        print::some_findings(&findings, "", least);
    }
    if format == PlanFormat::Csv {
        let same = out.canonicalize().ok().is_some_and(|out| arguments.plan.canonicalize().ok() == Some(out));
        if same {
            return Err(Error::usage(format!("`{}` would be written over itself; choose another -o", out.display())));
        }
        io::write_draft(&draft, out)?;
    } else {
        if out.is_dir() {
            return Err(Error::usage(format!("`{}` is a folder, a .{} plan is a file", out.display(), format.name())));
        }
        let (text, losses) = io::write_psplib(&plan, format)?;
        if !settings.quiet {
            print::some_findings(&losses, "", Severity::Note);
        }
        io::write_file(out, &|to| to.write_all(text.as_bytes()))?;
    }
    if !settings.quiet {
        print::out(|to| writeln!(to, "wrote {}", out.display()))?;
    }
    Ok(Verdict::Done)
}
