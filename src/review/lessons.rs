//! The most telling of what was found, in plain words, gravest first.

use super::backtest::BackTest;
use super::calibration::Calibration;
use super::groups::{By, Coverage, Group, student};
use super::observe::minutes_per_day;
use super::{CONFIDENCE, History, Observation, unit_of};
use crate::plan::{Issue, LabelId};
use crate::risk::mean;
use crate::risk::moments;
use crate::units::{MINUTES_PER_DAY, Money};

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// What it is about: `category`, `person`, `size`, `all`, `ranges`, `forecasts` or `issues`.
    pub about: &'static str,
    /// Which one, if there are several.
    pub name: String,
    /// How many days it is about: lost if above zero, gained if below.
    pub days: f64,
    /// What there is to learn.
    pub text: String,
}

/// Groups smaller than this teach nothing.
pub const LEAST_TO_LEARN_FROM: usize = 3;

/// The lessons of what was found, those about the most days first.
pub fn lessons(
    histories: &[History<'_>],
    observations: &[Observation],
    groups: &[Group],
    calibration: &Calibration,
    backtests: &[BackTest],
) -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = groups
        .iter()
        .filter(|group| {
            group.count >= LEAST_TO_LEARN_FROM
                && group.is_biased()
                && !(group.by == By::Category && group.name.is_empty())
        })
        .filter(|group| group.by != By::Person || beyond_categories(group, observations, calibration))
        .filter_map(|group| of_group(group, calibration))
        .collect();
    lessons.extend(of_ranges(observations, groups));
    lessons.extend(of_forecasts(backtests, unit_of(histories)));
    lessons.extend(histories.iter().flat_map(of_issues));
    lessons.sort_by(|one, other| other.days.abs().total_cmp(&one.days.abs()));
    lessons
}

fn of_group(group: &Group, calibration: &Calibration) -> Option<Lesson> {
    let (low, high) = group.interval?;
    let who = match group.by {
        By::Whole => format!("all in all, {} tasks", group.count),
        By::Category => format!("{}: {} tasks", group.name, group.count),
        By::Person => format!("{} tasks of {}", group.count, group.name),
        By::Size => format!("{} tasks of {}", group.count, group.name),
    };
    let sure = CONFIDENCE * 100.0;
    let mut text =
        format!("{who} took {:.2} times their estimate ({sure:.0} % sure: {low:.2} to {high:.2})", group.factor);
    if let (By::Category, Some(next)) = (group.by, calibration.factor(Some(&group.name))) {
        text = format!("{text}; plan the next {:.2} times as long", next.mean);
    }
    Some(Lesson { about: group.by.word(), name: group.name.clone(), days: group.days, text })
}

/// True if it is 80 % sure that a person's tasks differ from what is usual for their categories, in the direction in which they
/// differ from their estimates: whoever does nothing but interfaces is as late as interfaces are.
fn beyond_categories(person: &Group, observations: &[Observation], calibration: &Calibration) -> bool {
    let own = observations.iter().filter(|seen| seen.people.contains(&person.name));
    let beyond: Vec<f64> = own
        .map(|seen| {
            let usual = calibration.factor(seen.category.as_deref()).map_or(1.0, |factor| factor.median);
            (seen.ratio() / usual).ln()
        })
        .collect();
    let (mean, deviation) = moments(&beyond);
    let half = student(CONFIDENCE / 2.0 + 0.5, (beyond.len() - 1) as f64) * deviation / (beyond.len() as f64).sqrt();
    mean.abs() > half && (mean > 0.0) == (person.factor > 1.0)
}

/// Whether stated ranges are too narrow or too wide, if that is sure.
fn of_ranges(observations: &[Observation], groups: &[Group]) -> Option<Lesson> {
    let coverage = groups.first()?.coverage;
    let found = misfit(coverage)?;
    // What lies outside came as a surprise.
    let missed = observations.iter().filter_map(|seen| {
        let (low, high) = seen.range?;
        Some((seen.actual - high).max(0.0) + (low - seen.actual).max(0.0))
    });
    let text = format!(
        "stated ranges from P10 to P90 held {} of {} actuals ({:.0} %) where 80 % are promised: they are {found}",
        coverage.within,
        coverage.of,
        coverage.share()? * 100.0
    );
    Some(Lesson { about: "ranges", name: String::new(), days: missed.sum(), text })
}

/// `too narrow` or `too wide`, if 80 % do not lie within what is known of the true share.
fn misfit(coverage: Coverage) -> Option<&'static str> {
    let (low, high) = coverage.interval()?;
    match coverage.of >= LEAST_TO_LEARN_FROM {
        true if high < CONFIDENCE => Some("too narrow"),
        true if low > CONFIDENCE => Some("too wide"),
        _ => None,
    }
}

/// How far forecasts of the past were off.
fn of_forecasts(backtests: &[BackTest], unit: &str) -> Option<Lesson> {
    let sum = |count: &dyn Fn(&BackTest) -> usize| backtests.iter().map(count).sum::<usize>();
    let (of, kept) = (sum(&|test| test.kept.of), sum(&|test| test.kept.within));
    if of == 0 {
        return None;
    }
    let late = backtests.iter().map(|test| test.late * test.kept.of as f64).sum::<f64>() / of as f64;
    let dates = match backtests.len() {
        1 => "1 status date".to_owned(),
        many => format!("{many} status dates"),
    };
    let side = if late < 0.0 { "before" } else { "after" };
    let text = format!(
        "forecasts of {dates}: {kept} of {of} finishes ({:.0} %) kept the P80 that was forecast; on average they came {:.1} \
         {unit} {side} the forecast median",
        kept as f64 / of as f64 * 100.0,
        late.abs()
    );
    Some(Lesson { about: "forecasts", name: String::new(), days: late, text })
}

/// What the issues of a project cost, by the category of the tasks that they hit.
fn of_issues(history: &History<'_>) -> Vec<Lesson> {
    let plan = history.plan;
    let unit = unit_of(std::slice::from_ref(history));
    let mut categories: Vec<Option<LabelId>> = Vec::new();
    let category = |issue: &Issue| plan.tasks()[issue.task].category;
    for issue in plan.issues().iter() {
        if !categories.contains(&category(issue)) {
            categories.push(category(issue));
        }
    }
    let lesson = |wanted: &Option<LabelId>| {
        let issues: Vec<&Issue> = plan.issues().iter().filter(|issue| category(issue) == *wanted).collect();
        let days: f64 = issues
            .iter()
            .filter_map(|issue| {
                let delay = issue.delay.as_ref()?;
                let per_day = if delay.is_elapsed { MINUTES_PER_DAY as f64 } else { minutes_per_day(plan, issue.task) };
                Some(mean(&delay.minutes) / per_day)
            })
            .sum();
        let cost: f64 = issues.iter().filter_map(|issue| issue.cost.as_ref()).map(mean).sum();
        if days == 0.0 && cost == 0.0 {
            return None;
        }
        let name = wanted.map_or("", |label| plan.label(label));
        let of = if name.is_empty() { "without a category".to_owned() } else { format!("of category {name}") };
        let count = issues.len();
        let issues = if count == 1 { "issue" } else { "issues" };
        let money = match cost {
            0.0 => String::new(),
            cost => format!(" and {} {}", Money(cost.round() as i64), plan.project().currency).trim_end().to_owned(),
        };
        let text = format!("{count} {issues} at tasks {of} cost {days:.1} {unit}{money}");
        Some(Lesson { about: "issues", name: name.to_owned(), days, text })
    };
    categories.iter().filter_map(lesson).collect()
}
