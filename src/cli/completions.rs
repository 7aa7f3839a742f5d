//! `floatline completions`: scripts that let a shell complete verbs and flags.

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use floatline::error::Result;

use super::{Verdict, print};

/// Print a script that lets your shell complete floatline's verbs and options
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline completions bash > ~/.local/share/bash-completion/completions/floatline
  floatline completions zsh > ~/.zfunc/_floatline
  floatline completions fish > ~/.config/fish/completions/floatline.fish")]
pub struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub fn run(arguments: &Arguments) -> Result<Verdict> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "floatline", &mut script);
    print::out(|out| out.write_all(&script))?;
    Ok(Verdict::Done)
}
