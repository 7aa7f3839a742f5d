//! What the tables are for, what they are called, and an example of each.
//!
//! The examples are the tables of one small plan, `data/every-table`, so that they fit each other and are read by tests.

use super::{SETTINGS, TableKind};

/// The text of a table of the plan that has every table.
macro_rules! example {
    ($name:literal) => {
        include_str!(concat!("../../../data/every-table/", $name, ".csv"))
    };
}

impl TableKind {
    /// What the table is for, in one sentence without an end.
    pub fn about(self) -> &'static str {
        match self {
            TableKind::Project => "settings of the project, a row each: its start, calendar, deadline, currency",
            TableKind::Tasks => {
                "what is to be done: a row for each task, milestone and summary; the one table that a plan needs"
            }
            TableKind::Dependencies => "links between tasks, for those who prefer them to the column `predecessors`",
            TableKind::Resources => {
                "people, machines and materials; without it every name in a task's resources is one person"
            }
            TableKind::Availability => {
                "when there are more or fewer of a person or machine than usual: holidays, part time, leases"
            }
            TableKind::Modes => {
                "other ways to do a task: faster for more money, or by somebody else; the search chooses"
            }
            TableKind::Calendars => "working hours, weekends and public holidays",
            TableKind::Budgets => "caps on what may be spent, in all, on something, or within some time",
            TableKind::Deliverables => "what is to be delivered, when it counts as done and by when",
            TableKind::Risks => "what may happen, how likely, and what it does to tasks and cost",
            TableKind::Mitigations => "what can be bought to make a risk smaller",
            TableKind::Correlations => "what tends to be late together",
            TableKind::Gates => "reviews and tests that may fail, what waits for them, and what is done again then",
            TableKind::Issues => "what has happened, and what it costs until it is resolved",
            TableKind::Stakeholders => "who is promised which dates, how surely, and what else they care about",
            TableKind::Progress => "what has begun, what is finished, and how much is left",
            TableKind::Expenses => "what has been paid or is owed",
            TableKind::Dates => "the dates that another planner made of the plan, for `check --compare`",
            TableKind::Rules => {
                "what the work has to comply with: hours and rest, approvals, separation of duties, freezes"
            }
            TableKind::Scenarios => "what could be different: lists of edits that `whatif` compares",
        }
    }

    /// An example: the table of a small plan that has every table (`data/every-table`), as CSV.
    pub fn example(self) -> &'static str {
        match self {
            TableKind::Project => example!("project"),
            TableKind::Tasks => example!("tasks"),
            TableKind::Dependencies => example!("dependencies"),
            TableKind::Resources => example!("resources"),
            TableKind::Availability => example!("availability"),
            TableKind::Modes => example!("modes"),
            TableKind::Calendars => example!("calendars"),
            TableKind::Budgets => example!("budgets"),
            TableKind::Deliverables => example!("deliverables"),
            TableKind::Risks => example!("risks"),
            TableKind::Mitigations => example!("mitigations"),
            TableKind::Correlations => example!("correlations"),
            TableKind::Gates => example!("gates"),
            TableKind::Issues => example!("issues"),
            TableKind::Stakeholders => example!("stakeholders"),
            TableKind::Progress => example!("progress"),
            TableKind::Expenses => example!("expenses"),
            TableKind::Dates => example!("dates"),
            TableKind::Rules => example!("rules"),
            TableKind::Scenarios => example!("scenarios"),
        }
    }

    /// Its file name without the ending.
    pub fn stem(self) -> &'static str {
        self.file_name().trim_end_matches(".csv")
    }

    /// What one of its rows is called: `task`, `dependency`.
    pub fn row_name(self) -> String {
        let stem = self.stem();
        match stem.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => stem.strip_suffix('s').filter(|_| self != TableKind::Progress).unwrap_or(stem).to_owned(),
        }
    }

    /// The table that a word names: its file with or without the ending, or one of its rows.
    pub fn called(word: &str) -> Option<TableKind> {
        let word = word.to_lowercase();
        let word = word.trim_end_matches(".csv");
        TableKind::ALL.into_iter().find(|kind| kind.stem() == word || kind.row_name() == word)
    }
}

/// The keys of project.csv.
pub fn setting_names() -> impl Iterator<Item = &'static str> + Clone {
    SETTINGS.iter().map(|field| field.name)
}
