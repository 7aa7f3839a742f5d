//! Reviews by hand, and what shrinkage comes to at its ends.

use super::*;
use crate::effort::Limits;
use crate::io::testing::plan_of;
use crate::plan::draft::TableKind;
use crate::plan::{Distribution, TaskKind};
use crate::risk::{Outlook, outlook};
use crate::units::Minutes;

const PROJECT: &str = "key,value\nstart,2026-03-02\nstatus_date,2026-04-01\n";

fn plan(tasks: &str, progress: &str) -> Plan {
    plan_of(&[(TableKind::Project, PROJECT), (TableKind::Tasks, tasks), (TableKind::Progress, progress)])
}

fn reviewed(plans: &[&Plan]) -> Review {
    let histories: Vec<History<'_>> = plans.iter().map(|plan| History { name: "p", plan }).collect();
    let options = ReviewOptions { samples: 100, ..ReviewOptions::default() };
    review(&histories, &options, &Control::start(Limits::default())).unwrap()
}

/// Observations of a category, by their ratios.
fn seen(category: &str, ratios: &[f64]) -> Vec<Observation> {
    let one = |ratio: &f64| Observation {
        plan: "p".into(),
        task: "t".into(),
        name: String::new(),
        category: Some(category.to_owned()).filter(|category| !category.is_empty()),
        people: Vec::new(),
        planned: 2.0,
        actual: 2.0 * ratio,
        range: None,
    };
    ratios.iter().map(one).collect()
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-3
}

/// Four days were planned, and it took 4, 8 (until Wednesday of the second week) and 16 (until Monday of the fourth).
fn doubling() -> Plan {
    let tasks = "id,duration,distribution,category,resources\nA,4d,\"uniform(3d,8d)\",code,ana\n\
                 B,4d,\"uniform(3d,8d)\",code,ben\nC,4d,\"uniform(3d,8d)\",code,cy;dee\n";
    let progress = "task,actual_start,actual_finish\nA,2026-03-02,2026-03-05\nB,2026-03-02,2026-03-11\n\
                    C,2026-03-02,2026-03-23\n";
    plan(tasks, progress)
}

#[test]
fn bias_spread_and_coverage_are_those_of_the_formulas() {
    let plan = doubling();
    let review = reviewed(&[&plan]);
    let ratios: Vec<f64> = review.observations.iter().map(Observation::ratio).collect();
    assert_eq!(ratios, [1.0, 2.0, 4.0]);
    let whole = &review.groups[0];
    assert_eq!((whole.by, whole.count), (By::Whole, 3));
    // Logarithms 0, ln 2 and 2 ln 2: mean ln 2, standard deviation ln 2; sums 28 - 12 days.
    assert!(is_near(whole.factor, 2.0) && is_near(whole.spread.unwrap(), 2_f64.ln()), "{whole:?}");
    assert!(is_near(whole.mean, 7.0 / 3.0) && is_near(whole.median, 2.0) && is_near(whole.days, 16.0), "{whole:?}");
    // Student's t at 90 % with two degrees of freedom is 1.8856; 2 exp(-+ 1.8856 ln 2 / sqrt 3).
    let (low, high) = whole.interval.unwrap();
    assert!(is_near(low, 0.9404) && is_near(high, 4.2535), "{low} {high}");
    // Uniform from 3 to 8 days: P10 is 3.5 and P90 7.5 days, between which lies the first of the three.
    assert_eq!(whole.coverage, Coverage { within: 1, of: 3 });
    // Wilson with z = 1.2816: (1/3 + z^2/6) / (1 + z^2/3) = 0.3923, half the width 0.2865.
    let (low, high) = whole.coverage.interval().unwrap();
    assert!(is_near(low, 0.1058) && is_near(high, 0.6788), "{low} {high}");
    let named: Vec<(By, &str)> = review.groups.iter().map(|group| (group.by, &*group.name)).collect();
    assert_eq!(
        named,
        [
            (By::Whole, ""),
            (By::Category, "code"),
            (By::Person, "ana"),
            (By::Person, "ben"),
            (By::Person, "cy"),
            (By::Person, "dee"),
            (By::Size, "3 to 10 days"),
        ]
    );
    // One observation has no spread.
    assert_eq!((review.groups[2].interval, review.groups[2].spread), (None, None));
}

#[test]
fn elapsed_durations_count_by_the_clock_and_what_takes_no_time_does_not_count() {
    let plan = plan(
        "id,duration\nwait,4ed\nmilestone,0\nweekend,1d\nopen,2d\n",
        "task,actual_start,actual_finish\nwait,2026-03-02 12:00,2026-03-08 12:00\nmilestone,2026-03-03,2026-03-03\n\
         weekend,2026-03-07,2026-03-08\nopen,2026-03-02,\n",
    );
    let (seen, without_work) = observations(&History { name: "p", plan: &plan }, false);
    let [wait] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((&*wait.task, wait.planned, wait.actual, without_work), ("wait", 4.0, 6.0, 1));
    assert_eq!((wait.is_within(), wait.range), (None, None));
}

#[test]
fn ends_of_estimates_are_percentiles_if_that_is_said() {
    let plan = plan(
        "id,duration,optimistic,pessimistic\nA,4d,3d,6d\n",
        "task,actual_start,actual_finish\nA,2026-03-02,2026-03-09\n",
    );
    let history = History { name: "p", plan: &plan };
    assert_eq!(observations(&history, true).0[0].range, Some((3.0, 6.0)));
    // Six days are the end of the range, and beyond its 90th percentile.
    assert_eq!(observations(&history, true).0[0].is_within(), Some(true));
    assert_eq!(observations(&history, false).0[0].is_within(), Some(false));
}

#[test]
fn nothing_finished_is_an_error_that_says_what_is_missing() {
    let plan = plan("id,duration\nA,4d\n", "task,actual_start,actual_finish\nA,2026-03-02,\n");
    let histories = [History { name: "mine", plan: &plan }];
    let error = review(&histories, &ReviewOptions::default(), &Control::start(Limits::default())).unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("no task of `mine` has been finished"), "{error}");
}

#[test]
fn categories_that_differ_by_chance_alone_become_the_whole() {
    // The means are the same.
    let mut observations = seen("a", &[0.8, 1.25, 1.0]);
    observations.extend(seen("b", &[0.5, 2.0]));
    let calibration = calibrate(&observations);
    for category in ["a", "b"] {
        let factor = calibration.factor(Some(category)).unwrap();
        assert!(is_near(factor.median, 1.0), "{factor:?}");
    }
    assert!(is_near(calibration.factor(None).unwrap().median, 1.0));
}

#[test]
fn many_observations_speak_for_themselves() {
    let many = |middle: f64| -> Vec<f64> { (0..600).map(|at| middle * [0.8, 1.0, 1.25][at % 3]).collect() };
    let mut observations = seen("late", &many(1.5));
    observations.extend(seen("early", &many(0.9)));
    let calibration = calibrate(&observations);
    for (category, expected) in [("late", 1.5), ("early", 0.9)] {
        let factor = calibration.factor(Some(category)).unwrap();
        assert!(is_near(factor.median, expected), "{factor:?}");
        // The standard deviation of ln 0.8, 0 and ln 1.25 is 0.1822; the 90th percentile exp(1.2816 * 0.1822) = 1.263.
        assert!((factor.ninetieth / expected - 1.263).abs() < 0.01, "{factor:?}");
        // The bias is known, so the tasks of a project do not go together.
        assert!(factor.within < 0.01, "{factor:?}");
    }
}

#[test]
fn a_single_observation_is_drawn_towards_the_whole_and_its_range_is_wide() {
    let mut observations = seen("new", &[3.0]);
    for category in ["a", "b", "c"] {
        observations.extend(seen(category, &[0.9, 1.0, 1.1, 1.2, 1.0, 0.95]));
    }
    let calibration = calibrate(&observations);
    let (new, known) = (calibration.factor(Some("new")).unwrap(), calibration.factor(Some("a")).unwrap());
    assert!(new.median < 3.0 && new.median > known.median, "{new:?} {known:?}");
    assert!(new.ninetieth / new.tenth > known.ninetieth / known.tenth, "{new:?} {known:?}");
    assert!(new.within > known.within);
    // One observation in all has a range, too.
    let alone = calibrate(&seen("", &[2.0]));
    let [whole] = &alone.factors[..] else { panic!("{alone:?}") };
    assert!(whole.tenth < 1.4 && 2.8 < whole.ninetieth && is_near(whole.median, 2.0), "{whole:?}");
    assert_eq!(calibrate(&[]), Calibration::default());
}

#[test]
fn pooled_plans_are_the_observations_of_both() {
    let one = doubling();
    let other = plan(
        "id,duration,category\nA,2d,code\nB,2d,test\n",
        "task,actual_start,actual_finish\nA,2026-03-02,2026-03-04\nB,2026-03-02,2026-03-02\n",
    );
    let pooled = reviewed(&[&one, &other]);
    let mut both = reviewed(&[&one]).observations;
    both.extend(reviewed(&[&other]).observations);
    assert_eq!(pooled.observations, both);
    assert_eq!(pooled.groups, groups(&both, "days"));
    assert_eq!(pooled.calibration, calibrate(&both));
}

/// A and B after it take five days each; B finishes at the end of a day. Reports are of the fourth and the seventh day.
fn forecast(finish_of_b: &str) -> Plan {
    let progress = format!(
        "date,task,actual_start,actual_finish,remaining_duration\n2026-03-05,A,2026-03-02,,2d\n\
         2026-03-10,A,2026-03-02,2026-03-06,\n2026-03-10,B,2026-03-09,,4d\n2026-04-01,B,2026-03-09,{finish_of_b},\n"
    );
    plan("id,duration,predecessors\nA,5d,\nB,5d,A\n", &progress)
}

#[test]
fn certain_forecasts_that_come_true_lose_nothing() {
    let review = reviewed(&[&forecast("2026-03-13")]);
    // The project finishes with B: two tasks and the whole, then B and the whole.
    let counts: Vec<(&str, usize)> = review.backtests.iter().map(|test| (&*test.date, test.coverage.of)).collect();
    assert_eq!(counts, [("2026-03-05", 3), ("2026-03-10", 2)]);
    for test in &review.backtests {
        assert_eq!((test.brier, test.pinball, test.late), (0.0, [0.0; 3], 0.0));
        assert_eq!((test.coverage.within, test.kept.within), (test.coverage.of, test.kept.of));
    }
}

#[test]
fn certain_forecasts_that_do_not_come_true_lose_what_they_are_off() {
    // Three working days late: B and the project, each with losses of 0.1, 0.5 and 0.9 times three days; A is exact.
    let review = reviewed(&[&forecast("2026-03-18")]);
    let [first, second] = &review.backtests[..] else { panic!("{:?}", review.backtests) };
    let is_close =
        |found: [f64; 3], expected: [f64; 3]| found.iter().zip(expected).all(|(one, other)| is_near(*one, other));
    assert!(is_close(first.pinball, [0.2, 1.0, 1.8]) && is_near(first.late, 2.0), "{first:?}");
    assert!(is_near(first.brier, 2.0 / 3.0) && first.coverage.within == 1, "{first:?}");
    assert!(is_close(second.pinball, [0.3, 1.5, 2.7]) && is_near(second.late, 3.0), "{second:?}");
    assert!(is_near(second.brier, 1.0) && second.coverage.within == 0, "{second:?}");
    let forecasts = review.lessons.iter().find(|lesson| lesson.about == "forecasts").unwrap();
    // Five forecasts, of which four are three days late.
    assert!(is_near(forecasts.days, 12.0 / 5.0), "{forecasts:?}");
    assert!(forecasts.text.contains("1 of 5 finishes (20 %) kept the P80"), "{forecasts:?}");
}

#[test]
fn lessons_are_those_that_are_sure_and_the_gravest_comes_first() {
    let mut tasks = "id,duration,category,optimistic,pessimistic\n".to_owned();
    let mut progress = "task,actual_start,actual_finish\n".to_owned();
    // Interfaces take six days instead of four, beyond what was thought possible; training is as estimated.
    for at in 0..5 {
        tasks += &format!("I{at},4d,interface,3d,5d\nT{at},2d,training,1d,3d\n");
        progress += &format!("I{at},2026-03-02,2026-03-09\nT{at},2026-03-02,2026-03-03\n");
    }
    let review = reviewed(&[&plan(&tasks, &progress)]);
    let lessons: Vec<(&str, &str)> = review.lessons.iter().map(|lesson| (lesson.about, &*lesson.name)).collect();
    assert_eq!(lessons, [("all", ""), ("category", "interface"), ("size", "3 to 10 days"), ("ranges", "")]);
    let interface = &review.lessons[1];
    assert!(is_near(interface.days, 10.0));
    assert!(interface.text.starts_with("interface: 5 tasks took 1.50 times their estimate"), "{}", interface.text);
    assert!(review.lessons[3].text.contains("held 5 of 10 actuals (50 %)"), "{}", review.lessons[3].text);
}

#[test]
fn a_calibration_replaces_what_is_stated_of_tasks_that_are_left() {
    let plan = plan(
        "id,duration,optimistic,pessimistic,category\ndone,4d,3d,6d,code\ncode,4d,3d,6d,code\nelse,2d,,,\nsame,3d,,,kept\n",
        "task,actual_start,actual_finish\ndone,2026-03-02,2026-03-05\n",
    );
    let left = plan.into_remaining();
    let factor = |name: &str, tenth: f64, ninetieth: f64| Factor {
        name: Some(name.to_owned()),
        count: 5,
        tenth,
        median: (tenth * ninetieth).sqrt(),
        ninetieth,
        mean: 1.3,
        within: 0.3,
        across: 0.2,
    };
    let calibration = Calibration { factors: vec![factor("code", 1.0, 1.44), factor("kept", 1.0, 1.0)] };
    let (uncertain, applied) = calibration.uncertain(&left);
    assert_eq!((applied.by_category, applied.by_whole, applied.untouched), (2, 0, 1));
    let estimate = |plan: &Plan, id: &str| plan.tasks()[plan.find_task(id).unwrap()].distribution.as_deref().cloned();
    assert_eq!(estimate(&uncertain, "code"), Some(Distribution::Lognormal(1920.0, 1920.0 * 1.44)));
    assert_eq!(estimate(&uncertain, "same"), Some(Distribution::Fixed(1440.0)));
    assert_eq!(estimate(&uncertain, "else"), None);
    assert_eq!(uncertain.tasks()[uncertain.find_task("done").unwrap()].kind, TaskKind::Milestone);
    let ties: Vec<f64> = uncertain.correlations().iter().map(|tie| tie.coefficient).collect();
    // Two tasks of different categories, and two of each: by the product of what they share with all, and by what they share.
    assert_eq!(ties.len(), 3);
    assert!(is_near(ties[0], 0.04) && is_near(ties[1], 0.3), "{ties:?}");
    // Four days times 1.3 are 41.6 hours, three days 31.2: whole half hours of them.
    let (scaled, _) = calibration.scaled(&left);
    let minutes = |id: &str| scaled.modes_of(scaled.find_task(id).unwrap())[0].duration.minutes();
    assert_eq!((minutes("code"), minutes("same"), minutes("else")), (Minutes(2490), Minutes(1860), Minutes(960)));
    assert_eq!(estimate(&scaled, "code"), Some(Distribution::Lognormal(1920.0, 1920.0 * 1.44)));
}

#[test]
fn what_is_not_known_of_a_bias_makes_the_finish_less_sure() {
    // A chain of tasks of one category: independent overruns even out, a common bias does not.
    let mut tasks = "id,duration,predecessors,category\nT0,4d,,code\n".to_owned();
    (1..10).for_each(|at| tasks += &format!("T{at},4d,T{},code\n", at - 1));
    let plan = plan_of(&[(TableKind::Tasks, &tasks)]);
    let width = |within: f64| {
        let factor = Factor {
            name: Some("code".into()),
            count: 3,
            tenth: 0.8,
            median: 1.0,
            ninetieth: 1.25,
            mean: 1.01,
            within,
            across: 0.0,
        };
        let (uncertain, _) = Calibration { factors: vec![factor] }.uncertain(&plan);
        let options = crate::risk::RiskOptions { samples: 4_000, ..Default::default() };
        let control = Control::start(Limits::default());
        let Outlook { project, .. } = outlook(&uncertain, None, &options, &[], false, &control, &|_| {}).unwrap();
        (project.sampled[3_600] - project.sampled[400]).0 as f64
    };
    // Of ten tasks: sqrt((1 + 9 * 0.5) / 1) = 2.3 times as wide.
    let ratio = width(0.5) / width(0.0);
    assert!((1.9..2.8).contains(&ratio), "{ratio}");
}
