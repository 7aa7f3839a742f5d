//! `floatline convert`: a plan from one format into another.

use std::path::PathBuf;

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
  floatline convert small --to sm -o small.sm
  floatline convert small.sm --to csv -o back")]
pub struct Arguments {
    /// The plan to convert
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The format to convert to
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Target,
}

/// Converts a plan.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let out = settings.out.as_deref().ok_or_else(|| Error::usage("convert needs a place to write to: -o OUT"))?;
    let format = arguments.to.format();
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
