//! `floatline man`: manual pages, from what `--help` says.

use clap::{Args, Command};
use clap_mangen::Man;
use floatline::error::{Error, Result};
use floatline::io::{FileWriter, write_files};

use super::names::meant;
use super::settings::Settings;
use super::{Verdict, print};

/// Print manual pages, or write one for each verb
///
/// Without -o one page goes to standard output: that of a verb, or of floatline itself. With -o OUT all pages are written there:
/// floatline.1, floatline-solve.1 and so on.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline man -o man1
  floatline man solve > floatline-solve.1")]
pub struct Arguments {
    /// The verb
    #[arg(value_name = "VERB")]
    verb: Option<String>,
}

/// Prints or writes the pages.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let mut program = super::command();
    program.build();
    let verbs = || program.get_subcommands().filter(|verb| verb.get_name() != "help");
    let chosen = match &arguments.verb {
        None => &program,
        Some(name) => verbs().find(|verb| verb.get_name() == name).ok_or_else(|| {
            Error::usage(format!("there is no verb `{name}`{}", meant(name, verbs().map(Command::get_name))))
        })?,
    };
    let Some(out) = &settings.out else {
        print::out(|out| page(chosen).render(out))?;
        return Ok(Verdict::Done);
    };
    let due: Vec<&Command> =
        if arguments.verb.is_some() { vec![chosen] } else { [&program].into_iter().chain(verbs()).collect() };
    let pages: Vec<(String, Vec<u8>)> = due
        .into_iter()
        .map(|command| {
            let mut text = Vec::new();
            page(command).render(&mut text)?;
            Ok((file_name(command), text))
        })
        .collect::<std::io::Result<_>>()
        .map_err(|source| Error::io("write", out, source))?;
    let writers: Vec<_> = pages.iter().map(|(_, text)| |to: &mut dyn std::io::Write| to.write_all(text)).collect();
    let files: Vec<(&str, FileWriter<'_>)> =
        pages.iter().zip(&writers).map(|((name, _), writer)| (&**name, writer as FileWriter<'_>)).collect();
    write_files(out, &files)?;
    if !settings.quiet {
        print::out(|to| writeln!(to, "wrote {} to {}", print::count(files.len(), "page"), out.display()))?;
    }
    Ok(Verdict::Done)
}

/// `floatline-solve` of a verb.
fn title(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}

fn file_name(command: &Command) -> String {
    format!("{}.1", title(command))
}

fn page(command: &Command) -> Man {
    Man::new(command.clone()).title(title(command).to_uppercase())
}
