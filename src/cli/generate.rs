//! `floatline generate`: plans of any size, for trying things out and for measuring.

use clap::{Args, ValueEnum};
use floatline::error::{Error, Result};
use floatline::generate::{GenerateOptions, generate};
use floatline::io;
use floatline::plan::draft::TableKind;

use super::numbers::whole;
use super::settings::Settings;
use super::{Verdict, print};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Preset {
    /// Links of all kinds with lags, calendars, work packages; nothing scarce
    Cpm,
    /// Numbered periods and four scarce resources, like the instances of PSPLIB
    Psplib,
    /// People with skills and holidays, materials, modes, budgets and risks as well
    Enterprise,
}

/// Generate a plan of any size: always valid, and it can always be scheduled
///
/// The same options and --seed give the same plan.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline generate --tasks 200 -o big-plan
  floatline generate --preset psplib --tasks 60 --resource-strength 0.2 --seed 7 -o hard-plan
  floatline generate --preset cpm --tasks 1000000 --density 2.5 -o huge-plan")]
pub struct Arguments {
    /// What kind of plan; the options below change parts of it
    #[arg(long, value_enum, default_value_t = Preset::Enterprise)]
    preset: Preset,
    /// Tasks, milestones included; summaries come on top
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = whole::<usize, 0, { u64::MAX }>)]
    tasks: usize,
    /// Links per task, on average
    #[arg(long, value_name = "X")]
    density: Option<f64>,
    /// Shares of SS, FF and SF links from 0 to 1; the rest are FS
    #[arg(long, value_name = "SS,FF,SF", value_delimiter = ',', num_args = 1..=3)]
    link_kinds: Option<Vec<f64>>,
    /// Share of links with a lag or lead
    #[arg(long, value_name = "SHARE")]
    lags: Option<f64>,
    /// Share of tasks that are milestones
    #[arg(long, value_name = "SHARE")]
    milestones: Option<f64>,
    /// Tasks in a work package; 0 for a plan without summaries
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0, { u64::MAX }>)]
    package_size: Option<usize>,
    /// People and machines
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0, { u64::MAX }>)]
    resources: Option<usize>,
    /// Share of all people and machines that a task needs, on average
    #[arg(long, value_name = "SHARE")]
    resource_factor: Option<f64>,
    /// How plentiful resources are: 0 just enough for one task at a time, 1 enough for everything at its earliest
    #[arg(long, value_name = "SHARE")]
    resource_strength: Option<f64>,
    /// Share of tasks that ask for a skill instead of named people
    #[arg(long, value_name = "SHARE")]
    skills: Option<f64>,
    /// Absences of each of the people and machines
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0, { u64::MAX }>)]
    absences: Option<usize>,
    /// Materials
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0, { u64::MAX }>)]
    materials: Option<usize>,
    /// Calendars besides the standard one
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0, { u64::MAX }>)]
    calendars: Option<usize>,
    /// Ways to do a task
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0, { u64::MAX }>)]
    modes: Option<usize>,
    /// Budget caps
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0, { u64::MAX }>)]
    budgets: Option<usize>,
    /// Risks
    #[arg(long, value_name = "N", value_parser = whole::<usize, 0, { u64::MAX }>)]
    risks: Option<usize>,
}

impl Arguments {
    fn options(&self, settings: &Settings, name: &str) -> GenerateOptions {
        let preset = match self.preset {
            Preset::Cpm => GenerateOptions::cpm(self.tasks),
            Preset::Psplib => GenerateOptions::psplib(self.tasks),
            Preset::Enterprise => GenerateOptions::enterprise(self.tasks),
        };
        let link_kinds = self.link_kinds.as_ref().map(|shares| {
            let share = |at: usize| shares.get(at).copied().unwrap_or(0.0);
            [share(0), share(1), share(2)]
        });
        GenerateOptions {
            seed: settings.seed,
            name: name.to_owned(),
            tasks: self.tasks,
            density: self.density.unwrap_or(preset.density),
            link_kinds: link_kinds.unwrap_or(preset.link_kinds),
            lags: self.lags.unwrap_or(preset.lags),
            milestones: self.milestones.unwrap_or(preset.milestones),
            package_size: self.package_size.unwrap_or(preset.package_size),
            resources: self.resources.unwrap_or(preset.resources),
            resource_factor: self.resource_factor.unwrap_or(preset.resource_factor),
            resource_strength: self.resource_strength.unwrap_or(preset.resource_strength),
            skills: self.skills.unwrap_or(preset.skills),
            absences: self.absences.unwrap_or(preset.absences),
            materials: self.materials.unwrap_or(preset.materials),
            calendars: self.calendars.unwrap_or(preset.calendars),
            modes: self.modes.unwrap_or(preset.modes),
            budgets: self.budgets.unwrap_or(preset.budgets),
            risks: self.risks.unwrap_or(preset.risks),
            estimates: preset.estimates,
            periods: preset.periods,
        }
    }
}

/// Generates and writes a plan.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let out = settings.out.as_deref().ok_or_else(|| Error::usage("generate needs a folder to write to: -o OUT"))?;
    // Any plan table there would become part of the new plan.
    if let Some(table) = TableKind::ALL.iter().find(|kind| out.join(kind.file_name()).exists()) {
        let there = out.join(table.file_name());
        return Err(Error::usage(format!("`{}` is there already; choose another folder", there.display())));
    }
    let name = out.file_name().map_or_else(|| "generated".into(), |name| name.to_string_lossy());
    let draft = generate(&arguments.options(settings, &name))?;
    io::write_draft(&draft, out)?;
    if !settings.quiet {
        let rows: Vec<String> = draft
            .tables
            .iter()
            .map(|table| format!("{} ({})", table.file(), print::count(table.len(), "row")))
            .collect();
        print::out(|to| writeln!(to, "wrote {}: {}", out.display(), rows.join(", ")))?;
    }
    Ok(Verdict::Done)
}
