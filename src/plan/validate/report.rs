//! The collector of findings: every mistake with its place, and the nearest valid name for what is unknown.

use rustc_hash::FxHashMap;

use crate::error::{Finding, Findings, Place, Severity};
use crate::plan::draft::Table;
use crate::plan::notation::{Fault, quoted};

/// Findings of one rule that are shown; a plan with more of them has one cause, and a million lines help nobody.
const SHOWN_PER_RULE: usize = 1000;
/// Names looked at, and names compared letter by letter, in search of the nearest ones for all findings together.
const NAMES_SCANNED: usize = 40_000_000;
const NAMES_COMPARED: usize = 400_000;

/// Where a name is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Namespace {
    Task,
    Resource,
    Skill,
    Calendar,
    Account,
    Deliverable,
    Budget,
    Risk,
    Category,
    RiskGroup,
    CorrelationKey,
}

/// The valid names of each namespace, in file order.
#[derive(Default)]
pub(super) struct Vocabulary<'a> {
    pub tasks: Vec<&'a str>,
    /// The names of tasks with their ids: a task is often called by its name.
    pub task_names: Vec<(&'a str, &'a str)>,
    pub resources: Vec<&'a str>,
    pub skills: Vec<&'a str>,
    pub calendars: Vec<&'a str>,
    pub accounts: Vec<&'a str>,
    pub deliverables: Vec<&'a str>,
    pub budgets: Vec<&'a str>,
    pub risks: Vec<&'a str>,
    pub categories: Vec<&'a str>,
    pub risk_groups: Vec<&'a str>,
    /// Tasks, categories and groups of risks; filled if there are correlations.
    pub correlation_keys: Vec<&'a str>,
}

struct Entry {
    finding: Finding,
    sought: Option<(Namespace, Box<str>)>,
}

/// The findings so far. Parts of a table checked in parallel each fill their own, which are then absorbed in row order.
#[derive(Default)]
pub(super) struct Report {
    entries: Vec<Entry>,
    shown: FxHashMap<&'static str, usize>,
    hidden: FxHashMap<&'static str, usize>,
}

impl Report {
    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.add(Entry { finding, sought: None });
    }

    /// Adds what a parser has to say about a cell.
    ///
    /// # Arguments
    /// `what` names the value for the reader: `duration`, `predecessor`.
    pub fn fault(&mut self, table: &Table, row: usize, column: usize, what: &str, fault: Fault) {
        let value = fault.part.as_deref().unwrap_or_else(|| table.cell(row, column));
        let what = if fault.rule == "unknown-skill" { "skill" } else { what };
        let text = match value {
            "" => format!("the cell is empty: {}", fault.text),
            _ => format!("{} {}: {}", what.replace('_', " "), quoted(value), fault.text),
        };
        let mut finding = Finding::error(fault.rule, table.place(row, column), text);
        finding.hint = fault.hint;
        let namespace = match fault.rule {
            "unknown-task" => Some(Namespace::Task),
            "unknown-resource" => Some(Namespace::Resource),
            "unknown-skill" => Some(Namespace::Skill),
            "unknown-calendar" => Some(Namespace::Calendar),
            "unknown-account" => Some(Namespace::Account),
            "unknown-deliverable" => Some(Namespace::Deliverable),
            "unknown-budget" => Some(Namespace::Budget),
            "unknown-risk" => Some(Namespace::Risk),
            "unknown-category" => Some(Namespace::Category),
            "unknown-risk-group" => Some(Namespace::RiskGroup),
            "unknown-correlation-key" => Some(Namespace::CorrelationKey),
            _ => None,
        };
        let sought = namespace.filter(|_| finding.hint.is_none()).map(|namespace| (namespace, value.into()));
        self.add(Entry { finding, sought });
    }

    /// Adds the findings of another part.
    pub fn absorb(&mut self, other: Report) {
        for entry in other.entries {
            self.add(entry);
        }
        for (rule, count) in other.hidden {
            *self.hidden.entry(rule).or_default() += count;
        }
    }

    /// True if an error was found.
    pub fn has_errors(&self) -> bool {
        self.entries.iter().any(|entry| entry.finding.severity == Severity::Error)
    }

    /// All findings, with hints for unknown names.
    pub fn finish(self, vocabulary: &Vocabulary<'_>) -> Findings {
        let mut search = NameSearch { scans_left: NAMES_SCANNED, comparisons_left: NAMES_COMPARED };
        let mut findings = Findings::new();
        for Entry { mut finding, sought } in self.entries {
            if let Some((namespace, name)) = sought {
                let names = match namespace {
                    Namespace::Task => &vocabulary.tasks,
                    Namespace::Resource => &vocabulary.resources,
                    Namespace::Skill => &vocabulary.skills,
                    Namespace::Calendar => &vocabulary.calendars,
                    Namespace::Account => &vocabulary.accounts,
                    Namespace::Deliverable => &vocabulary.deliverables,
                    Namespace::Budget => &vocabulary.budgets,
                    Namespace::Risk => &vocabulary.risks,
                    Namespace::Category => &vocabulary.categories,
                    Namespace::RiskGroup => &vocabulary.risk_groups,
                    Namespace::CorrelationKey => &vocabulary.correlation_keys,
                };
                finding.hint = search
                    .nearest(&name, names.iter().copied())
                    .map(did_you_mean)
                    .or_else(|| match namespace {
                        Namespace::Task => search.task_called(&name, &vocabulary.task_names),
                        _ => None,
                    })
                    .or_else(|| all_of(names));
            }
            findings.push(finding);
        }
        let mut hidden: Vec<_> = self.hidden.into_iter().collect();
        hidden.sort_unstable();
        for (rule, count) in hidden {
            let text = format!("{count} more findings of the rule `{rule}` are not shown");
            findings.push(Finding::note("more-findings", Place::default(), text));
        }
        findings
    }

    fn add(&mut self, entry: Entry) {
        let rule = entry.finding.rule;
        let shown = self.shown.entry(rule).or_default();
        if *shown < SHOWN_PER_RULE {
            *shown += 1;
            self.entries.push(entry);
        } else {
            *self.hidden.entry(rule).or_default() += 1;
        }
    }
}

/// The hint for a near miss.
pub(super) fn did_you_mean(name: &str) -> String {
    format!("did you mean {}?", quoted(name))
}

/// The hint for a name that is like no other: what there is, if that is little.
fn all_of(names: &[&str]) -> Option<String> {
    const MOST: usize = 8;
    const SCANNED: usize = 1000;
    if names.len() > SCANNED {
        return None;
    }
    let mut different: Vec<&str> = Vec::new();
    for &name in names {
        if !different.contains(&name) {
            if different.len() == MOST {
                return None;
            }
            different.push(name);
        }
    }
    match &*different {
        [] => None,
        [only] => Some(format!("there is only {}", quoted(only))),
        several => Some(format!("there are {}", listed(several.iter().copied()))),
    }
}

/// Names in backticks with commas between them.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(quoted).collect::<Vec<_>>().join(", ")
}

/// The nearest name in a short list of words.
pub(super) fn nearest_word<'n>(word: &str, words: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    NameSearch { scans_left: 1000, comparisons_left: 1000 }.nearest(word, words)
}

/// Search for the nearest name, bounded over all searches of a plan.
struct NameSearch {
    scans_left: usize,
    comparisons_left: usize,
}

impl NameSearch {
    /// The hint for a task that is called by its name instead of its id.
    fn task_called(&mut self, wanted: &str, names: &[(&str, &str)]) -> Option<String> {
        let near = self.nearest(wanted, names.iter().map(|(name, _)| *name))?;
        let (name, id) = names.iter().find(|(name, _)| *name == near)?;
        Some(format!("did you mean {}, the id of {}?", quoted(id), quoted(name)))
    }

    /// The name with the fewest letters to change, if they are few; the first of several.
    fn nearest<'n>(&mut self, wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        const LONGEST: usize = 64;
        if wanted.is_empty() || wanted.len() > LONGEST {
            return None;
        }
        let wanted = wanted.to_lowercase();
        let letters = wanted.chars().count();
        // Of a name with another letter for each of its own nothing is left.
        let tolerance = (letters / 3).max(1).min(letters - 1);
        let mut best: Option<(usize, &str)> = None;
        for name in names {
            if self.scans_left == 0 || self.comparisons_left == 0 {
                return None;
            }
            self.scans_left -= 1;
            // A character is one to four bytes: a length in bytes too far off cannot be near in ASCII, nor is it elsewhere
            // worth the time.
            if name.len().abs_diff(wanted.len()) > tolerance * 4 || name.len() > LONGEST {
                continue;
            }
            self.comparisons_left -= 1;
            let distance = strsim::osa_distance(&wanted, &name.to_lowercase());
            if distance <= tolerance && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, name));
                if distance == 0 {
                    break;
                }
            }
        }
        best.map(|(_, name)| name)
    }
}
