//! Progress on standard error, only if that is a terminal.

use std::io::IsTerminal;
use std::time::Duration;

use floatline::plan::Plan;
use floatline::schedule::{Measure, Objective};
use floatline::solve::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use super::{print, summary};

/// A line that shows how far the work is; invisible if nobody would see it.
pub struct Line(ProgressBar);

impl Line {
    /// For a search of unknown length.
    pub fn search(quiet: bool) -> Line {
        Line::styled(quiet, None, "{spinner} {elapsed}  {wide_msg}")
    }

    /// For a known number of things.
    pub fn steps(quiet: bool, steps: usize) -> Line {
        Line::styled(quiet, Some(steps as u64), "{bar:30} {pos}/{len} plans  {elapsed}, {eta} to go  {wide_msg}")
    }

    /// For a known number of samples.
    pub fn samples(quiet: bool, samples: u64) -> Line {
        Line::styled(quiet, Some(samples), "{bar:30} {human_pos}/{human_len} samples  {elapsed}, {eta} to go")
    }

    /// For an unknown number of points of a front.
    pub fn points(quiet: bool) -> Line {
        Line::styled(quiet, None, "{spinner} {pos} points  {elapsed}")
    }

    fn styled(quiet: bool, steps: Option<u64>, template: &str) -> Line {
        if quiet || !std::io::stderr().is_terminal() {
            return Line(ProgressBar::hidden());
        }
        let bar = match steps {
            Some(steps) => ProgressBar::new(steps),
            None => ProgressBar::new_spinner(),
        };
        // The templates are ours; a style that cannot be read would only look plainer.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Line(bar)
    }

    /// Shows where a search stands.
    pub fn show(&self, plan: &Plan, progress: &Progress) {
        if self.0.is_hidden() {
            return;
        }
        let passes = print::count(progress.effort_spent as usize, "pass");
        let passes = match progress.effort_limit {
            Some(limit) => format!("{passes} of {limit}"),
            None => passes,
        };
        let text = |measure: Measure| match measure {
            Measure::Finish(finish) => plan.format_moment(finish),
            Measure::Money(money) => summary::money_text(money, &plan.project().currency),
            Measure::Tardiness(late) => summary::tardiness_text(plan, late),
        };
        let leader = progress.leading_goal.map_or(Objective::Tardiness, |goal| goal.objective);
        let best = match progress.best {
            Some(best) => {
                let value = best.measure(leader).map_or("-".to_owned(), text);
                format!("best {value} (gap {}, by {})", summary::gap_text(best.gap), best.found_by)
            }
            None => "no schedule yet".to_owned(),
        };
        let bound = progress.leading_goal.and_then(|goal| goal.bound).map_or("-".to_owned(), text);
        // The most important first: a narrow terminal cuts the line.
        self.0.set_message(format!("{best}, bound {bound}, {passes}"));
    }

    /// So many things are done.
    pub fn at(&self, done: u64) {
        self.0.set_position(done);
    }

    /// One more thing is done.
    pub fn step(&self, what: &str) {
        self.0.set_message(what.to_owned());
        self.0.inc(1);
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}
