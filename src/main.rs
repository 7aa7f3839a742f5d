//! The `floatline` program: flags in, exit code out. Everything it says and does is in [`cli`].

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
