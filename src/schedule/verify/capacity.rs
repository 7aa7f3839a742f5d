//! Capacities: never more in use than there is, no more material used up than there is, no week too long.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Judge;
use super::report::Report;
use crate::index::Id;
use crate::plan::{Resource, ResourceId, ResourceKind, TaskId};
use crate::schedule::profile::{Overload, Use, overloads, uses_by_resource};
use crate::schedule::words;
use crate::units::{Amount, MINUTES_PER_WEEK, Minutes, Moment};

/// Overloads of one resource that are written out.
const MOST_OVERLOADS: usize = 20;
/// Tasks that a finding names.
const MOST_NAMES: usize = 5;

impl Judge<'_> {
    /// Checks every resource, in parallel; the findings come in the order of the resources.
    pub(super) fn check_capacities(&self) -> Report {
        let uses = uses_by_resource(self.plan, self.schedule, |task| self.mode(task).is_some());
        let reports: Vec<Report> = (0..self.plan.resources().len())
            .into_par_iter()
            .map(|at| {
                let mut report = Report::default();
                let (resource, uses) = (&self.plan.resources()[ResourceId::new(at)], uses.row(at));
                match resource.kind {
                    ResourceKind::Work => {
                        self.check_units(resource, uses, &mut report);
                        self.check_weekly_hours(resource, uses, &mut report);
                    }
                    ResourceKind::Material => check_quantity(resource, uses, &mut report),
                }
                report
            })
            .collect();
        let mut all = Report::default();
        for report in reports {
            all.append(report);
        }
        all
    }

    fn check_units(&self, resource: &Resource, uses: &[Use], report: &mut Report) {
        let overloads = overloads(resource, uses, self.schedule, &self.times);
        for overload in overloads.iter().take(MOST_OVERLOADS) {
            report.error("capacity-exceeded", || {
                format!(
                    "`{}` is overloaded from {} to {}: {} units are in use and {} are there; at work on it: {}",
                    resource.id,
                    self.at(overload.from),
                    self.at(overload.to),
                    decimal(overload.used),
                    overload.available,
                    self.names_at_work(uses, overload)
                )
            });
        }
        if overloads.len() > MOST_OVERLOADS {
            report.error("capacity-exceeded", || {
                format!("`{}` is overloaded {} more times", resource.id, overloads.len() - MOST_OVERLOADS)
            });
        }
    }

    fn names_at_work(&self, uses: &[Use], overload: &Overload) -> String {
        let at_work = |used: &&Use| {
            let Some((start, finish)) = self.span(used.task) else { return false };
            let moment = overload.from;
            start <= moment && moment < finish && self.times.of_task(used.task).next_work(moment) == Some(moment)
        };
        let mut names = uses.iter().filter(at_work).map(|used| format!("`{}`", self.id(used.task)));
        let mut text = names.by_ref().take(MOST_NAMES).collect::<Vec<_>>().join(", ");
        let more = names.count();
        if more > 0 {
            text += &format!(" and {more} more");
        }
        text
    }

    /// Checks what all units of the resource together work in each calendar week from Monday.
    fn check_weekly_hours(&self, resource: &Resource, uses: &[Use], report: &mut Report) {
        let Some(most) = resource.max_per_week else { return };
        for (week, work) in self.work_by_week(uses) {
            if work > i128::from(most.0) * i128::from(Amount::ONE.0) {
                report.error("weekly-hours-exceeded", || {
                    // Rounded up: it shall not look like what is allowed.
                    let work = (work + i128::from(Amount::ONE.0 - 1)) / i128::from(Amount::ONE.0);
                    let work = Minutes(i64::try_from(work).unwrap_or(i64::MAX));
                    let (work, most, week) = (words::hours(work), words::hours(most), self.at(monday(week)));
                    format!("`{}` works {work} in the week of {}, more than {most}", resource.id, day_of(&week))
                });
            }
        }
    }

    /// What some uses of a resource come to in each week of [`week_of`], in minutes times parts of units, as far as they count
    /// under limits of weeks.
    pub(super) fn work_by_week(&self, uses: &[Use]) -> BTreeMap<i64, i128> {
        let mut weeks: BTreeMap<i64, i128> = BTreeMap::new();
        for used in uses.iter().filter(|used| self.plan.has_weeks(&self.plan.tasks()[used.task])) {
            let Some(span) = self.span(used.task) else { continue };
            for (week, minutes) in self.minutes_by_week(used.task, span) {
                *weeks.entry(week).or_default() += i128::from(minutes.0) * i128::from(used.amount.0);
            }
        }
        weeks
    }

    /// How long a task works in each week if it works from a moment to another.
    pub(super) fn minutes_by_week(
        &self,
        task: TaskId,
        (start, finish): (Moment, Moment),
    ) -> impl Iterator<Item = (i64, Minutes)> {
        let time = self.times.of_task(task);
        let weeks = week_of(start)..=week_of(finish - Minutes(1)).max(week_of(start));
        weeks.map(move |week| (week, time.work_between(monday(week).max(start), monday(week + 1).min(finish))))
    }
}

fn check_quantity(resource: &Resource, uses: &[Use], report: &mut Report) {
    let Some(capacity) = resource.capacity else { return };
    let used: i128 = uses.iter().map(|used| i128::from(used.amount.0)).sum();
    if used > i128::from(capacity.0) {
        report.error("material-exceeded", || {
            format!("{} of `{}` are used, but there are only {capacity}", decimal(used), resource.id)
        });
    }
}

/// Weeks since the one of Monday 1969-12-29.
pub(super) fn week_of(moment: Moment) -> i64 {
    (moment.0 - monday(0).0).div_euclid(MINUTES_PER_WEEK)
}

/// When a week begins.
pub(super) fn monday(week: i64) -> Moment {
    // 1970-01-01 was a Thursday.
    Moment(week * MINUTES_PER_WEEK - 3 * 24 * 60)
}

/// The date of a moment in text.
fn day_of(moment: &str) -> &str {
    moment.split(' ').next().unwrap_or(moment)
}

/// A sum of amounts in decimals.
fn decimal(amount: i128) -> String {
    match i64::try_from(amount) {
        Ok(amount) => Amount(amount).to_string(),
        Err(_) => (amount / i128::from(Amount::ONE.0)).to_string(),
    }
}
