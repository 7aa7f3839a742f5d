//! Seeded plans of any size, always valid and feasible by construction: for trying things out, for tests and benches.
//!
//! [`generate`] draws the links (`shape`), then resources, calendars and money (`supply`), and writes both down as the
//! tables of a [`PlanDraft`] (`tables`), so that a generated plan goes through the same door as a user's.
//!
//! Why a plan of this kind can always be done: links only lead from earlier rows to later ones and have no greatest lag;
//! all calendars share the hours from 10 to 12 on Monday to Thursday; no task needs more of a resource than its base
//! capacity; absences end; material totals and budget caps exceed what the tasks need in their first modes.

mod shape;
mod supply;
mod tables;
mod words;

use crate::error::{Error, Result};
use crate::plan::draft::PlanDraft;

/// The most tasks that [`generate`] makes.
pub const MAX_TASKS: usize = 20_000_000;
/// The most links that [`generate`] makes.
pub const MAX_LINKS: usize = 200_000_000;

/// What kind of plan to generate. Shares are from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct GenerateOptions {
    /// Seed of every random choice: the same options give the same plan.
    pub seed: u64,
    /// The plan's name.
    pub name: String,
    /// Activities and milestones; summaries come on top.
    pub tasks: usize,
    /// Links per task, on average.
    pub density: f64,
    /// Share of links that are SS, FF and SF; the rest are FS.
    pub link_kinds: [f64; 3],
    /// Share of links with a lag or lead.
    pub lags: f64,
    /// Share of tasks that are milestones.
    pub milestones: f64,
    /// Tasks in a work package (a summary); 0 for a plan without summaries.
    pub package_size: usize,
    /// Work resources.
    pub resources: usize,
    /// Resource factor: the share of all work resources that a task needs, on average (Kolisch, Sprecher, Drexl 1995).
    pub resource_factor: f64,
    /// Resource strength: 0 gives each resource the least capacity that suffices for every single task, 1 as much as the
    /// earliest start of everything would use at its peak (Kolisch, Sprecher, Drexl 1995).
    pub resource_strength: f64,
    /// Share of tasks that ask for a skill instead of named resources.
    pub skills: f64,
    /// Absences of each work resource, in windows of one or two weeks over the length of the plan.
    pub absences: usize,
    /// Materials.
    pub materials: usize,
    /// Calendars besides the standard one.
    pub calendars: usize,
    /// Ways to do a task: 1 means no choice.
    pub modes: usize,
    /// Budget caps.
    pub budgets: usize,
    /// Risks.
    pub risks: usize,
    /// True for optimistic and pessimistic durations.
    pub estimates: bool,
    /// True for a plan in numbered periods without dates, calendars and money, like the instances of PSPLIB.
    pub periods: bool,
}

impl GenerateOptions {
    /// Links and calendars, nothing scarce: what the critical path method is for.
    pub fn cpm(tasks: usize) -> GenerateOptions {
        GenerateOptions {
            seed: 0,
            name: "generated".to_owned(),
            tasks,
            density: 2.0_f64.min(most_density(tasks)),
            link_kinds: [0.06, 0.06, 0.01],
            lags: 0.1,
            milestones: 0.03,
            package_size: 12,
            resources: 0,
            resource_factor: 0.0,
            resource_strength: 0.0,
            skills: 0.0,
            absences: 0,
            materials: 0,
            calendars: 3,
            modes: 1,
            budgets: 0,
            risks: 0,
            estimates: false,
            periods: false,
        }
    }

    /// The resource-constrained problem of the literature: numbered periods, four resources.
    pub fn psplib(tasks: usize) -> GenerateOptions {
        GenerateOptions {
            density: 1.8_f64.min(most_density(tasks)),
            link_kinds: [0.0; 3],
            lags: 0.0,
            milestones: 0.0,
            package_size: 0,
            resources: 4,
            resource_factor: 0.5,
            resource_strength: 0.3,
            calendars: 0,
            periods: true,
            ..GenerateOptions::cpm(tasks)
        }
    }

    /// Everything a plan of a company has: people with skills and holidays, materials, money, modes and risks.
    pub fn enterprise(tasks: usize) -> GenerateOptions {
        let resources = (tasks / 12).clamp(4, 60);
        GenerateOptions {
            density: 1.6_f64.min(most_density(tasks)),
            resources,
            resource_factor: (1.5 / resources as f64).min(1.0),
            resource_strength: 0.3,
            skills: 0.1,
            absences: 2,
            materials: 3,
            modes: 2,
            budgets: 3,
            risks: (tasks / 10).clamp(3, 200),
            estimates: true,
            ..GenerateOptions::cpm(tasks)
        }
    }

    /// Refuses options that no plan can have.
    fn check(&self) -> Result<()> {
        let shares = [
            ("resource factor", self.resource_factor),
            ("resource strength", self.resource_strength),
            ("share of tasks with skills", self.skills),
            ("share of links with lags", self.lags),
            ("share of milestones", self.milestones),
            ("share of SS, FF and SF links together", self.link_kinds.iter().sum()),
        ];
        for (what, share) in shares {
            if !(0.0..=1.0).contains(&share) {
                return Err(Error::usage(format!("{what} is `{share}`, must be from 0 to 1")));
            }
        }
        if self.link_kinds.iter().any(|share| !(0.0..=1.0).contains(share)) {
            return Err(Error::usage("shares of link kinds must be from 0 to 1"));
        }
        if self.tasks == 0 || self.tasks > MAX_TASKS {
            return Err(Error::usage(format!("{} tasks asked for, must be from 1 to {MAX_TASKS}", self.tasks)));
        }
        if !(self.density >= 0.0 && self.density * self.tasks as f64 <= MAX_LINKS as f64) {
            return Err(Error::usage(format!(
                "density is `{}`, must be 0 or more and give no more than {MAX_LINKS} links",
                self.density
            )));
        }
        let counts = [
            ("resources", self.resources, 10_000),
            ("materials", self.materials, 10_000),
            ("calendars", self.calendars, 1_000),
            ("absences", self.absences, 1_000),
            ("modes", self.modes, 100),
            ("budgets", self.budgets, 1_000_000),
            ("risks", self.risks, 1_000_000),
        ];
        for (what, count, most) in counts {
            if count > most {
                return Err(Error::usage(format!("{count} {what} asked for, must be {most} or fewer")));
            }
        }
        if self.modes == 0 {
            return Err(Error::usage("0 modes asked for, a task needs at least 1"));
        }
        let dated = [
            ("calendars", self.calendars),
            ("absences", self.absences),
            ("budgets", self.budgets),
            ("risks", self.risks),
        ];
        if let Some((what, _)) = dated.iter().find(|(_, count)| self.periods && *count > 0) {
            return Err(Error::usage(format!("a plan in numbered periods has no {what}")));
        }
        if self.periods && (self.skills > 0.0 || self.estimates || self.lags > 0.0) {
            return Err(Error::usage("a plan in numbered periods has no skills, lags or estimates"));
        }
        Ok(())
    }
}

/// The density at which every pair of tasks is linked.
fn most_density(tasks: usize) -> f64 {
    tasks.saturating_sub(1) as f64 / 2.0
}

/// Generates a plan.
///
/// # Errors
/// [`Error::is_usage`] if the options contradict each other or the tables would exceed 4 GiB.
///
/// # Complexity
/// Linear in tasks, links and demands, but for a sort of the tasks' dates for each resource.
///
/// # Example
/// ```
/// use floatline::generate::{GenerateOptions, generate};
/// use floatline::plan::draft::TableKind;
///
/// let draft = generate(&GenerateOptions { seed: 7, ..GenerateOptions::psplib(30) })?;
/// assert_eq!(draft.table(TableKind::Tasks).map(|table| table.len()), Some(30));
/// # Ok::<(), floatline::error::Error>(())
/// ```
pub fn generate(options: &GenerateOptions) -> Result<PlanDraft> {
    options.check()?;
    let shape = shape::draw(options)?;
    let supply = supply::draw(options, &shape);
    tables::write(options, &shape, &supply)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::draft::TableKind;

    fn rows(draft: &PlanDraft, kind: TableKind) -> usize {
        draft.table(kind).map_or(0, |table| table.len())
    }

    fn links(draft: &PlanDraft) -> usize {
        let tasks = draft.table(TableKind::Tasks).unwrap();
        let column = tasks.column("predecessors").unwrap();
        (0..tasks.len()).map(|row| tasks.cell(row, column).split(';').filter(|link| !link.is_empty()).count()).sum()
    }

    #[test]
    fn the_same_options_give_the_same_plan_and_another_seed_another() {
        for options in [GenerateOptions::cpm(200), GenerateOptions::psplib(60), GenerateOptions::enterprise(150)] {
            let first = generate(&options).unwrap();
            assert_eq!(first, generate(&options).unwrap());
            assert_ne!(first, generate(&GenerateOptions { seed: 1, ..options }).unwrap());
        }
    }

    #[test]
    fn a_plan_has_the_size_asked_for() {
        let options = GenerateOptions { density: 2.5, package_size: 10, ..GenerateOptions::cpm(1000) };
        let draft = generate(&options).unwrap();
        assert_eq!(links(&draft), 2500);
        // 100 packages of 10 tasks in 10 phases of 10 packages.
        assert_eq!(rows(&draft, TableKind::Tasks), 1000 + 100 + 10);
        let options = GenerateOptions::enterprise(240);
        let draft = generate(&options).unwrap();
        // 20 people and machines, 3 materials; two absences for each of the 20.
        assert_eq!(rows(&draft, TableKind::Resources), 23);
        assert_eq!(rows(&draft, TableKind::Availability), 40);
        assert_eq!(rows(&draft, TableKind::Budgets), 3);
        assert_eq!(rows(&draft, TableKind::Risks), 24);
    }

    #[test]
    fn links_lead_from_earlier_rows_to_later_ones_and_never_twice() {
        let draft = generate(&GenerateOptions { density: 3.0, ..GenerateOptions::cpm(500) }).unwrap();
        let tasks = draft.table(TableKind::Tasks).unwrap();
        let column = tasks.column("predecessors").unwrap();
        let mut earlier = std::collections::BTreeSet::new();
        for row in 0..tasks.len() {
            let mut seen = std::collections::BTreeSet::new();
            for link in tasks.cell(row, column).split(';').filter(|link| !link.is_empty()) {
                let id = link.split(' ').next().unwrap();
                assert!(earlier.contains(id), "{link} before row {row}");
                assert!(seen.insert(id), "{id} twice in row {row}");
            }
            earlier.insert(tasks.cell(row, 0));
        }
    }

    #[test]
    fn the_densest_plan_links_every_pair_and_more_is_refused() {
        // A chain of layers of one task each: n (n - 1) / 2 pairs.
        let options = GenerateOptions { density: most_density(6), ..GenerateOptions::cpm(6) };
        assert_eq!(links(&generate(&options).unwrap()), 15);
        assert!(generate(&GenerateOptions { density: most_density(6) + 0.2, ..options }).unwrap_err().is_usage());
    }

    #[test]
    fn nonsense_is_a_usage_error() {
        let base = GenerateOptions::cpm(10);
        for options in [
            GenerateOptions { tasks: 0, ..base.clone() },
            GenerateOptions { density: f64::NAN, ..base.clone() },
            GenerateOptions { density: -1.0, ..base.clone() },
            GenerateOptions { density: 1e300, ..base.clone() },
            GenerateOptions { lags: 1.5, ..base.clone() },
            GenerateOptions { link_kinds: [0.5, 0.5, 0.5], ..base.clone() },
            GenerateOptions { link_kinds: [1.5, -1.0, 0.0], ..base.clone() },
            GenerateOptions { modes: 0, ..base.clone() },
            GenerateOptions { periods: true, ..base.clone() },
        ] {
            assert!(generate(&options).unwrap_err().is_usage(), "{options:?}");
        }
    }

    #[test]
    fn one_task_is_a_plan() {
        for options in [GenerateOptions::cpm(1), GenerateOptions::psplib(1), GenerateOptions::enterprise(1)] {
            let draft = generate(&options).unwrap();
            assert!(rows(&draft, TableKind::Tasks) >= 1);
        }
    }
}
