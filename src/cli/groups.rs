//! The verbs of the help in groups, in the order in which a newcomer needs them.

use std::io::{self, IsTerminal};

use clap::Command;
use comfy_table::{ColumnConstraint, Width};

use super::print;

/// Groups and their verbs.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Plan (from tables to a schedule)", &["init", "doc", "check", "solve", "explain", "people", "level"]),
    ("Decide (how sure, what else, at what price)", &["risk", "whatif", "value", "tradeoff", "team"]),
    ("Control (while the work is done)", &["track", "replan", "review"]),
    ("Share (with other tools and other people)", &["report", "convert", "verify", "audit"]),
    ("Tool", &["generate", "completions", "man"]),
];

/// Columns of the names of verbs, with the blanks around them.
const NAME_WIDTH: u16 = 14;
/// Help is not wider than this.
const MOST_WIDTH: u16 = 100;

/// The command with its verbs grouped in its help.
pub fn grouped(command: Command) -> Command {
    let mut help = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (title, verbs) in GROUPS {
        let rows = verbs.iter().map(|name| {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map_or_else(String::new, |about| about.to_string().trim_end_matches('.').to_owned());
            vec![format!(" {name}"), about]
        });
        let mut table = print::table(&[], &[], rows.collect::<Vec<_>>());
        let width = if io::stdout().is_terminal() { table.width().unwrap_or(MOST_WIDTH) } else { MOST_WIDTH };
        table.set_width(width.min(MOST_WIDTH));
        if let Some(names) = table.column_mut(0) {
            names.set_constraint(ColumnConstraint::Absolute(Width::Fixed(NAME_WIDTH)));
        }
        let lines: Vec<String> = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        help.push_str(&format!("\n{title}:\n{}", lines.concat()));
    }
    help.push_str("\nOptions of every verb:\n{options}{after-help}");
    command.help_template(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_verb_is_in_one_group() {
        let command = crate::cli::Arguments::command();
        let mut verbs: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        let mut grouped: Vec<&str> = GROUPS.into_iter().flat_map(|(_, verbs)| verbs).copied().collect();
        verbs.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(verbs, grouped);
    }
}
