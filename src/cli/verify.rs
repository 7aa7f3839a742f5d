//! `floatline verify`: does a proof hold?

use std::borrow::Cow;
use std::path::PathBuf;

use clap::Args;
use floatline::cpm::left_to_do;
use floatline::error::{Finding, Findings, Place, Result};
use floatline::io::open;
use floatline::network::compile;
use floatline::plan::Plan;
use floatline::proof::{Checked, Claim, check};
use serde_json::json;

use super::excerpt::Sources;
use super::plans::Job;
use super::settings::{Format, Settings};
use super::{Verdict, findings, plans, print};

/// Check a proof that no schedule of a plan is better, or that there is none
///
/// `solve --proof FILE` writes one. The checker shares no code with the engine that wrote it: it reads line by line and
/// believes only what follows from the plan and from the lines before.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline solve data/first-plan.csv --proof proof.txt
  floatline verify data/first-plan.csv --proof proof.txt
  floatline verify data/first-plan.csv --proof proof.txt --format json

Exit codes: 0 the proof holds, 1 it does not, or the plan is wrong, 2 wrong usage.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv file, another CSV file of tasks, a .xlsx, .ods, .xml, .xer, .sm, .mm, .rcp or .sch file
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The proof
    #[arg(long, value_name = "FILE")]
    proof: PathBuf,
}

/// Checks a proof.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let job = Job::of(&arguments.plan);
    let (plan, _) = plans::load(&job.path, &settings.read, None)?;
    // What is left of a plan that has begun is what was proven of.
    let plan = left_to_do(Cow::Owned(plan));
    let network = compile(&plan)?;
    plans::require(&arguments.proof)?;
    let file = open(&arguments.proof)?;
    let name = arguments.proof.file_name().unwrap_or(arguments.proof.as_os_str()).to_string_lossy();
    let (checked, findings) = match check(&plan, &network, file) {
        Ok(checked) => (Some(checked), Findings::new()),
        Err(fault) => {
            let finding = Finding::error("proof", Place::row(&*name, fault.line), fault.text);
            (None, Findings::from_iter([finding]))
        }
    };
    let proven = checked.map(|checked| words(&plan, &checked, |slot| network.axis.finish_moment(slot)));
    match settings.format {
        Format::Table if settings.quiet && checked.is_some() => {}
        Format::Table => print::out(|out| {
            findings::write(out, &findings, &Sources::default())?;
            match &proven {
                Some(proven) => writeln!(out, "{}: {proven}", job.name),
                None => writeln!(out, "{}: the proof does not hold", job.name),
            }
        })?,
        Format::Csv => print::out(|out| findings::write_csv(out, [(&*job.name, &findings)]))?,
        Format::Json => print::out(|out| {
            let value = json!({
                "plan": job.name,
                "holds": checked.is_some(),
                "proven": proven,
                "nogoods": checked.map(|checked| checked.nogoods),
                "steps": checked.map(|checked| checked.steps),
                "findings": findings::json(&findings),
            });
            print::write_json(out, &value)
        })?,
    }
    Ok(if checked.is_some() { Verdict::Done } else { Verdict::WrongInput })
}

/// What is proven.
fn words(
    plan: &Plan,
    checked: &Checked,
    moment: impl Fn(floatline::network::Slot) -> floatline::units::Moment,
) -> String {
    let claim = match checked.claim {
        Claim::Finish(slot) => format!("no schedule finishes before {}", plan.format_moment(moment(slot))),
        Claim::None => "there is no schedule".to_owned(),
    };
    let nogoods = print::count(checked.nogoods, "nogood");
    format!("{claim}: the proof holds ({nogoods} from {})", print::count(checked.steps, "step"))
}
