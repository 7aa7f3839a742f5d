//! The tables of a plan and their columns: names, which are required, what other tools call them, what they hold and mean.
//!
//! What is declared here is what readers read and what `floatline doc` tells: there is no other list.

use std::collections::BTreeSet;

mod control;
mod guide;
mod holds;
mod means;
mod uncertain;
mod work;

#[cfg(test)]
mod tests;

pub use control::{RULE_WORDS, RuleWord};
pub use guide::setting_names;
pub use holds::Holds;
pub use work::SETTINGS;

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// True if a plan that has the table must have the column.
    pub required: bool,
    /// Other headers it is known by, in lower case with single blanks.
    pub synonyms: &'static [&'static str],
    /// What its cells hold.
    pub holds: Holds,
    /// What it says about its row.
    pub about: &'static str,
    /// What an empty cell means, if not simply nothing; what stands wholly in backticks could as well be written.
    pub empty: &'static str,
}

impl Field {
    /// The same field with what an empty cell means.
    const fn empty(self, means: &'static str) -> Field {
        Field { empty: means, ..self }
    }
}

const fn required(name: &'static str, synonyms: &'static [&'static str], holds: Holds, about: &'static str) -> Field {
    Field { name, required: true, synonyms, holds, about, empty: "" }
}

const fn optional(name: &'static str, synonyms: &'static [&'static str], holds: Holds, about: &'static str) -> Field {
    Field { name, required: false, synonyms, holds, about, empty: "" }
}

/// The tables that a plan can have; each has a fixed file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    /// project.csv
    Project,
    /// tasks.csv
    Tasks,
    /// dependencies.csv
    Dependencies,
    /// resources.csv
    Resources,
    /// availability.csv
    Availability,
    /// modes.csv
    Modes,
    /// calendars.csv
    Calendars,
    /// budgets.csv
    Budgets,
    /// deliverables.csv
    Deliverables,
    /// risks.csv
    Risks,
    /// mitigations.csv
    Mitigations,
    /// correlations.csv
    Correlations,
    /// gates.csv
    Gates,
    /// issues.csv
    Issues,
    /// stakeholders.csv
    Stakeholders,
    /// progress.csv
    Progress,
    /// expenses.csv
    Expenses,
    /// dates.csv
    Dates,
    /// rules.csv
    Rules,
    /// scenarios.csv
    Scenarios,
}

impl TableKind {
    /// All kinds, in the order in which they are read and written.
    pub const ALL: [TableKind; 20] = [
        TableKind::Project,
        TableKind::Tasks,
        TableKind::Dependencies,
        TableKind::Resources,
        TableKind::Availability,
        TableKind::Modes,
        TableKind::Calendars,
        TableKind::Budgets,
        TableKind::Deliverables,
        TableKind::Risks,
        TableKind::Mitigations,
        TableKind::Correlations,
        TableKind::Gates,
        TableKind::Issues,
        TableKind::Stakeholders,
        TableKind::Progress,
        TableKind::Expenses,
        TableKind::Dates,
        TableKind::Rules,
        TableKind::Scenarios,
    ];

    /// The tables of what may come differently, and of who wants to know.
    pub const UNCERTAIN: [TableKind; 6] = [
        TableKind::Risks,
        TableKind::Mitigations,
        TableKind::Correlations,
        TableKind::Gates,
        TableKind::Issues,
        TableKind::Stakeholders,
    ];

    /// The name of its file.
    pub fn file_name(self) -> &'static str {
        match self {
            TableKind::Project => "project.csv",
            TableKind::Tasks => "tasks.csv",
            TableKind::Dependencies => "dependencies.csv",
            TableKind::Resources => "resources.csv",
            TableKind::Availability => "availability.csv",
            TableKind::Modes => "modes.csv",
            TableKind::Calendars => "calendars.csv",
            TableKind::Budgets => "budgets.csv",
            TableKind::Deliverables => "deliverables.csv",
            TableKind::Risks => "risks.csv",
            TableKind::Mitigations => "mitigations.csv",
            TableKind::Correlations => "correlations.csv",
            TableKind::Gates => "gates.csv",
            TableKind::Issues => "issues.csv",
            TableKind::Stakeholders => "stakeholders.csv",
            TableKind::Progress => "progress.csv",
            TableKind::Expenses => "expenses.csv",
            TableKind::Dates => "dates.csv",
            TableKind::Rules => "rules.csv",
            TableKind::Scenarios => "scenarios.csv",
        }
    }

    /// Its columns.
    pub fn fields(self) -> &'static [Field] {
        match self {
            TableKind::Project => work::PROJECT,
            TableKind::Tasks => work::TASKS,
            TableKind::Dependencies => work::DEPENDENCIES,
            TableKind::Resources => means::RESOURCES,
            TableKind::Availability => means::AVAILABILITY,
            TableKind::Modes => work::MODES,
            TableKind::Calendars => means::CALENDARS,
            TableKind::Budgets => means::BUDGETS,
            TableKind::Deliverables => work::DELIVERABLES,
            TableKind::Risks => uncertain::RISKS,
            TableKind::Mitigations => uncertain::MITIGATIONS,
            TableKind::Correlations => uncertain::CORRELATIONS,
            TableKind::Gates => uncertain::GATES,
            TableKind::Issues => uncertain::ISSUES,
            TableKind::Stakeholders => uncertain::STAKEHOLDERS,
            TableKind::Progress => control::PROGRESS,
            TableKind::Expenses => control::EXPENSES,
            TableKind::Dates => control::DATES,
            TableKind::Rules => control::RULES,
            TableKind::Scenarios => control::SCENARIOS,
        }
    }

    /// The field that a header means, by name or synonym; case, underscores, hyphens and repeated blanks do not matter.
    pub fn find_field(self, header: &str) -> Option<usize> {
        let plain = plain(header);
        self.fields()
            .iter()
            .position(|field| plain == field.name.replace('_', " ") || field.synonyms.contains(&plain.as_str()))
    }

    /// How many of its columns some headers name. Of issues that hit no task there are none: what issue trackers export are
    /// tasks, which they call issues, too.
    pub(crate) fn known<'h>(self, headers: impl Iterator<Item = &'h str>) -> usize {
        let found: BTreeSet<usize> = headers.filter_map(|header| self.find_field(header)).collect();
        let is_tracker = self == TableKind::Issues && found.iter().all(|&field| self.fields()[field].name != "task");
        if is_tracker { 0 } else { found.len() }
    }
}

/// A header in lower case, with single blanks for whatever separates its words.
pub(crate) fn plain(header: &str) -> String {
    let spaced = header.to_lowercase().replace(['_', '-', '\u{a0}', '\n', '\r', '\t'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
