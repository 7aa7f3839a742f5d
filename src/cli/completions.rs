//! `floatline completions`: scripts that let a shell complete verbs and flags.

use clap::Args;
use clap_complete::Shell;
use floatline::error::Result;

use super::{Verdict, print};

/// Print a script that lets your shell complete floatline's verbs and options
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(floatline completions bash)                 in ~/.bashrc
  source <(floatline completions zsh)                  in ~/.zshrc, after compinit
  floatline completions fish | source                  in config.fish")]
pub struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the script.
pub fn run(arguments: &Arguments) -> Result<Verdict> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "floatline", &mut script);
    print::out(|out| out.write_all(&script))?;
    Ok(Verdict::Done)
}
