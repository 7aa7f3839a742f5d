//! The calibration of a plan: by how much longer than estimated its tasks will take, judging by others.

use crate::index::Id;
use crate::plan::{Correlation, CorrelationKey, Distribution, LabelId, ModeId, Plan, TaskId, TaskKind, TimeUnit};
use crate::units::Minutes;

/// By how much longer than planned the next task of a category will take. It is a lognormal factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// The category; none for tasks of any other, and those without one.
    pub name: Option<String>,
    /// Observations it rests on.
    pub count: usize,
    /// The 10th percentile of the factor; above zero.
    pub tenth: f64,
    /// The median.
    pub median: f64,
    /// The 90th percentile; no less than the 10th.
    pub ninetieth: f64,
    /// The mean.
    pub mean: f64,
    /// How strongly two tasks of the category go together, from 0 to 1: the part of the uncertainty that is about their common
    /// bias.
    pub within: f64,
    /// How strongly they go together with tasks of other categories: by this times that of the other; from 0 to 1.
    pub across: f64,
}

impl Factor {
    /// The factor as a distribution of durations that were planned so long.
    pub fn of(&self, planned: Minutes) -> Distribution {
        let planned = planned.0 as f64;
        match self.tenth < self.ninetieth {
            true => Distribution::Lognormal(planned * self.tenth, planned * self.ninetieth),
            false => Distribution::Fixed(planned * self.median),
        }
    }

    /// Mean and standard deviation of the logarithm of the factor.
    pub fn log_moments(&self) -> (f64, f64) {
        let half = (self.ninetieth / self.tenth).ln() / 2.0;
        ((self.tenth * self.ninetieth).ln() / 2.0, half / crate::risk::NINETIETH)
    }
}

/// Factors of categories and of the whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// The whole first, if it is known; each category once.
    pub factors: Vec<Factor>,
}

/// What a calibration came to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Applied {
    /// Tasks that were calibrated by their category.
    pub by_category: usize,
    /// Tasks that were calibrated as tasks of any kind.
    pub by_whole: usize,
    /// Tasks that stay as the plan has them: neither their category nor the whole is in the calibration.
    pub untouched: usize,
    /// How long the tasks take after it, compared to before, all taken together.
    pub factor: f64,
    /// True if the tasks are too many to go together in samples as they should: ranges of the finish are too narrow then.
    pub is_independent: bool,
}

/// Tasks beyond this many are drawn independently: the engine ties no more together.
const MOST_TIED: usize = 1_000;

/// Calibrated durations are whole multiples of this many minutes, but never none: slots stay coarse, and dates readable.
const STEP: i64 = 30;

impl Calibration {
    /// The factor for tasks of a category, or without one.
    pub fn factor(&self, category: Option<&str>) -> Option<&Factor> {
        let of = |wanted: Option<&str>| self.factors.iter().find(|factor| factor.name.as_deref() == wanted);
        category.and_then(|category| of(Some(category))).or_else(|| of(None))
    }

    /// The plan with calibrated uncertainty: what is left of each task takes a lognormal factor of what is planned, in place of
    /// what its own estimate says. Planned durations stay.
    ///
    /// What is not known of the bias of a category is common to its tasks, so they go together in samples.
    ///
    /// # Arguments
    /// What is left of a plan ([`Plan::remaining`]).
    pub fn uncertain(&self, plan: &Plan) -> (Plan, Applied) {
        let (chosen, mut applied) = self.chosen(plan);
        applied.is_independent = chosen.len() > MOST_TIED;
        let correlations = if applied.is_independent { Vec::new() } else { self.correlations(plan, &chosen) };
        let estimates = chosen.iter().map(|(task, factor)| (*task, factor.of(planned(plan, *task))));
        (plan.with_estimates(estimates, correlations), applied)
    }

    /// The plan with calibrated durations, in all modes: planned ones times the mean factor, rounded to half hours (in a plan of
    /// periods, to periods). Their uncertainty is that of [`Calibration::uncertain`].
    ///
    /// The mean and not the median, since tasks follow each other: a chain of tasks takes the sum of their means on average, and
    /// longer than the sum of their medians, as overruns are larger than what others gain.
    ///
    /// # Arguments
    /// What is left of a plan ([`Plan::remaining`]).
    pub fn scaled(&self, plan: &Plan) -> (Plan, Applied) {
        let (uncertain, mut applied) = self.uncertain(plan);
        let step = if plan.project().time_unit == TimeUnit::Period { 1 } else { STEP };
        let (mut before, mut after) = (0, 0);
        let mut durations = Vec::new();
        for (task, factor) in self.chosen(plan).0 {
            for mode in plan.tasks()[task].modes.start.index()..plan.tasks()[task].modes.end.index() {
                let mode = ModeId::new(mode);
                let minutes = plan.modes()[mode].duration.minutes().0;
                let longer = (minutes as f64 * factor.mean / step as f64).round() as i64 * step;
                let longer = if minutes > 0 { longer.max(step) } else { 0 };
                durations.push((mode, Minutes(longer)));
                (before, after) = (before + minutes, after + longer);
            }
        }
        applied.factor = if before > 0 { after as f64 / before as f64 } else { 1.0 };
        (uncertain.with_durations(&durations), applied)
    }

    /// The tasks that are calibrated, each with its factor.
    fn chosen(&self, plan: &Plan) -> (Vec<(TaskId, &Factor)>, Applied) {
        let mut chosen = Vec::new();
        let mut applied = Applied { factor: 1.0, ..Applied::default() };
        for (task, row) in plan.tasks().iter_enumerated() {
            if row.kind != TaskKind::Activity || row.is_finished() || planned(plan, task) <= Minutes::ZERO {
                continue;
            }
            match self.factor(row.category.map(|category| plan.label(category))) {
                Some(factor) => {
                    let count = if factor.name.is_some() { &mut applied.by_category } else { &mut applied.by_whole };
                    *count += 1;
                    chosen.push((task, factor));
                }
                None => applied.untouched += 1,
            }
        }
        let sum = |factor: &dyn Fn(&Factor) -> f64| -> f64 {
            chosen.iter().map(|(task, of)| planned(plan, *task).0 as f64 * factor(of)).sum()
        };
        if !chosen.is_empty() {
            applied.factor = sum(&|factor| factor.mean) / sum(&|_| 1.0);
        }
        (chosen, applied)
    }

    /// How the tasks of a plan go together. A later row counts where two name the same tasks.
    fn correlations(&self, plan: &Plan, chosen: &[(TaskId, &Factor)]) -> Vec<Correlation> {
        let mut categories: Vec<(LabelId, &Factor)> = Vec::new();
        for (task, factor) in chosen {
            if let Some(label) = plan.tasks()[*task].category.filter(|label| categories.iter().all(|it| it.0 != *label))
            {
                categories.push((label, factor));
            }
        }
        let mut rows = Vec::new();
        let mut tie = |a: CorrelationKey, b: CorrelationKey, coefficient: f64| {
            rows.push(Correlation { a, b, coefficient, row: 0 });
        };
        if let Some(whole) = self.factor(None) {
            tie(CorrelationKey::EveryTask, CorrelationKey::EveryTask, whole.across * whole.across);
            for (label, factor) in &categories {
                tie(CorrelationKey::EveryTask, CorrelationKey::Category(*label), whole.across * factor.across);
            }
        }
        for (at, (one, factor)) in categories.iter().enumerate() {
            for (other, others) in &categories[at + 1..] {
                tie(CorrelationKey::Category(*one), CorrelationKey::Category(*other), factor.across * others.across);
            }
            tie(CorrelationKey::Category(*one), CorrelationKey::Category(*one), factor.within);
        }
        if rows.iter().all(|row| row.coefficient == 0.0) {
            return Vec::new();
        }
        rows
    }
}

/// What is planned of a task, in its first mode.
fn planned(plan: &Plan, task: TaskId) -> Minutes {
    plan.modes_of(task).first().map_or(Minutes::ZERO, |mode| mode.duration.minutes())
}
