//! The command line: flags become settings, settings become library calls, results become text and exit codes.
//!
//! One file a verb. [`run`] is the whole journey; it alone knows the exit codes, and only this folder prints.

mod audit;
mod baseline;
mod basis;
mod batch;
mod buffers;
mod calibrate;
mod check;
mod compare;
mod completions;
mod convert;
mod doc;
mod excerpt;
mod explain;
mod files;
mod findings;
mod fix;
mod gantt;
mod generate;
mod groups;
mod init;
mod interests;
mod interrupt;
mod level;
mod log;
mod man;
mod names;
mod next;
mod numbers;
mod own;
mod people;
mod pictures;
mod plans;
mod print;
mod progress;
mod quality;
mod replan;
mod report;
mod review;
mod risk;
mod settings;
mod solve;
mod start;
mod summary;
mod team;
mod track;
mod tradeoff;
mod value;
mod verify;
mod whatif;
mod words;

use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use floatline::error::{Error, Result};
use floatline::io::require_folder;

use excerpt::Sources;
use settings::{Flags, Settings};

/// What the work came to; the exit code says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The work is done.
    Done,
    /// The user's data is wrong, or a file could not be read or written; what is wrong has been said.
    WrongInput,
    /// It is proven that no schedule exists; why has been said.
    Infeasible,
}

impl Verdict {
    fn exit_code(self) -> u8 {
        match self {
            Verdict::Done => 0,
            Verdict::WrongInput => WRONG_INPUT,
            Verdict::Infeasible => INFEASIBLE,
        }
    }
}

const WRONG_INPUT: u8 = 1;
const WRONG_USAGE: u8 = 2;
const INFEASIBLE: u8 = 3;

/// Turn a project plan in CSV files into an optimised, dated, checked schedule.
#[derive(Debug, Parser)]
#[command(name = "floatline", version, propagate_version = true, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Init(init::Arguments),
    Doc(doc::Arguments),
    Check(check::Arguments),
    Solve(solve::Arguments),
    Risk(risk::Arguments),
    #[command(name = "whatif")]
    WhatIf(whatif::Arguments),
    Value(value::Arguments),
    Explain(explain::Arguments),
    Tradeoff(tradeoff::Arguments),
    Level(level::Arguments),
    People(people::Arguments),
    Team(team::Arguments),
    Track(track::Arguments),
    Replan(replan::Arguments),
    Review(review::Arguments),
    Report(report::Arguments),
    Verify(verify::Arguments),
    Audit(audit::Arguments),
    Convert(convert::Arguments),
    Generate(generate::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

const EXAMPLES: &str = "\
A PLAN is a folder of CSV tables (tasks.csv and any of the others), a single CSV file of tasks, a workbook (.xlsx, .ods), a \
file of MS Project (.xml) or Primavera P6 (.xer, .xml), or a benchmark instance: PSPLIB (.sm, .mm), Patterson (.rcp), \
ProGen/max (.sch) or MPLIB.

Examples:
  floatline init my-plan                       an example to start from
  floatline doc tasks                          what can stand in a table, and how is it written?
  floatline check my-plan                      is the plan sound?
  floatline solve my-plan                      when is what done, by whom?
  floatline solve my-plan -o out               the answer as CSV files in out/
  floatline solve --batch data -o out          every plan in data/, in parallel
  floatline risk my-plan                       how sure is the finish, and what drives it?
  floatline whatif my-plan --set task:T1.duration=+20%
                                               what if something were different?
  floatline explain my-plan TASK               why is a task when it is?
  floatline tradeoff my-plan                   what does finishing earlier cost?
  floatline level my-plan                      can people be used more evenly?
  floatline track my-plan                      where does the project stand?
  floatline replan my-plan                     what now, with as little change as it is worth?
  floatline review my-plan                     how good were the estimates?
  floatline report my-plan -o out              a page to show to people

Exit codes: 0 done, 1 wrong input (or a file that cannot be read or written), 2 wrong usage, 3 proven infeasible.";

/// The command line, with the verbs in the groups of the help; what looks like a negative number is a value, of which the option
/// says what is wrong with it.
fn command() -> Command {
    let takes_numbers = |option: Arg| {
        let is_valued = option.get_action().takes_values() && !option.is_positional();
        if is_valued { option.allow_negative_numbers(true) } else { option }
    };
    let program = Arguments::command().mut_args(takes_numbers);
    groups::grouped(program.mut_subcommands(|verb| verb.mut_args(takes_numbers)))
}

/// Runs the program.
pub fn run() -> ExitCode {
    // On wrong usage clap explains it and exits with code 2.
    let matches = command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let settings = match Settings::resolve(&arguments.flags) {
        Ok(settings) => settings,
        Err(error) => return failed(&error, &Sources::default()),
    };
    let outcome = obey(&arguments.verb, &settings);
    let code = match &outcome {
        Ok(verdict) => ExitCode::from(verdict.exit_code()),
        Err(error) => failed(error, &sources(&matches)),
    };
    if let Some((verb, given)) = matches.subcommand() {
        let against = given.try_get_raw("against").ok().flatten().and_then(|mut names| names.next());
        let against = against.map(|name| name.to_string_lossy().into_owned());
        next::hint(verb, &plans_of(verb, given, &settings), against.as_deref(), &outcome, &settings);
    }
    code
}

/// Says what stopped the work.
fn failed(error: &Error, sources: &Sources) -> ExitCode {
    // The reader of our output has seen enough.
    if error.is_broken_pipe() {
        return ExitCode::SUCCESS;
    }
    print::error(error, sources);
    ExitCode::from(if error.is_usage() {
        WRONG_USAGE
    } else if error.is_infeasible() {
        INFEASIBLE
    } else {
        WRONG_INPUT
    })
}

/// What the command line names to be read: findings can be about files among it.
fn sources(matches: &ArgMatches) -> Sources {
    let Some((_, given)) = matches.subcommand() else { return Sources::default() };
    let read = given.ids().filter(|id| id.as_str() != "out");
    let values = read.filter_map(|id| given.try_get_raw(id.as_str()).ok().flatten());
    Sources::of(values.flatten().map(Into::into))
}

/// The plans that a verb is about, as they were typed; of those that write one, where it is.
fn plans_of(verb: &str, given: &ArgMatches, settings: &Settings) -> Vec<String> {
    let text = |value: &std::ffi::OsStr| value.to_string_lossy().into_owned();
    let named = ["plan", "plans", "dir"].into_iter().filter_map(|id| given.try_get_raw(id).ok().flatten());
    let mut plans: Vec<String> = named.flatten().map(text).collect();
    if plans.is_empty() && matches!(verb, "init" | "generate") {
        plans.push(settings.out.as_ref().map_or_else(|| ".".to_owned(), |out| text(out.as_os_str())));
    }
    plans
}

fn obey(verb: &Verb, settings: &Settings) -> Result<Verdict> {
    if settings.page.is_some() && !matches!(verb, Verb::Report(_)) {
        return Err(Error::usage("only `report` writes html and md; the other verbs print table, csv or json"));
    }
    if let Some(threads) = settings.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        pool.map_err(|error| Error::usage(format!("cannot start {threads} threads: {error}")))?;
    }
    // Plans, files of other formats and what the program says of itself are no results.
    let has_results = !matches!(
        verb,
        Verb::Init(_)
            | Verb::Convert(_)
            | Verb::Generate(_)
            | Verb::Audit(_)
            | Verb::Doc(_)
            | Verb::Completions(_)
            | Verb::Man(_)
    );
    let results = settings.out.as_ref().filter(|_| has_results);
    // A report may be a single file.
    if let Some(out) = results.filter(|_| !matches!(verb, Verb::Report(_))) {
        // Nobody shall wait for an answer that then cannot be written.
        require_folder(out)?;
    }
    let mut meant = audit::Meant::new();
    let verdict = obey_verb(verb, settings, &mut meant)?;
    if let Some(out) = results.filter(|out| out.is_dir()) {
        pictures::settle(out, settings)?;
        audit::write(out, verdict.exit_code(), &meant, settings)?;
    }
    Ok(verdict)
}

fn obey_verb(verb: &Verb, settings: &Settings, meant: &mut audit::Meant) -> Result<Verdict> {
    match verb {
        Verb::Init(arguments) => init::run(arguments, settings),
        Verb::Doc(arguments) => doc::run(arguments, settings),
        Verb::Check(arguments) => check::run(arguments, settings),
        Verb::Solve(arguments) => solve::run(arguments, settings, meant),
        Verb::Risk(arguments) => risk::run(arguments, settings),
        Verb::WhatIf(arguments) => whatif::run(arguments, settings),
        Verb::Value(arguments) => value::run(arguments, settings),
        Verb::Explain(arguments) => explain::run(arguments, settings),
        Verb::Tradeoff(arguments) => tradeoff::run(arguments, settings),
        Verb::Level(arguments) => level::run(arguments, settings),
        Verb::People(arguments) => people::run(arguments, settings),
        Verb::Team(arguments) => team::run(arguments, settings),
        Verb::Replan(arguments) => replan::run(arguments, settings),
        Verb::Track(arguments) => track::run(arguments, settings),
        Verb::Review(arguments) => review::run(arguments, settings),
        Verb::Report(arguments) => report::run(arguments, settings, meant),
        Verb::Verify(arguments) => verify::run(arguments, settings),
        Verb::Audit(arguments) => audit::run(arguments, settings),
        Verb::Convert(arguments) => convert::run(arguments, settings),
        Verb::Generate(arguments) => generate::run(arguments, settings),
        Verb::Completions(arguments) => completions::run(arguments),
        Verb::Man(arguments) => man::run(arguments, settings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        command().debug_assert();
    }
}
