//! Samples that do not finish.

use super::tests::{SAMPLES, assessed, options, plan_of};
use super::*;
use crate::effort::{Control, Limits};
use crate::plan::Plan;
use crate::plan::draft::TableKind;
use crate::units::{Minutes, Moment};

/// A night shift of four hours within six on Thursdays that may not pause, and a risk that makes it longer than that.
fn night(delay: &str, pause: &str) -> Plan {
    let tasks =
        format!("id,duration,predecessors,calendar,pause,fixed_cost\nA,1d,,,,100\nB,4h,A,night,{pause},\nC,1d,B,,,\n");
    let risks = format!("id,probability,tasks,delay\nR,0.3,B,{delay}\n");
    let calendars = "calendar,day,hours\nnight,mon,off\nnight,tue,off\nnight,wed,off\nnight,thu,20:00-02:00\n\
                     night,fri,off\nnight,sat,off\nnight,sun,off\n";
    plan_of(&[
        (TableKind::Tasks, &tasks),
        (TableKind::Risks, &risks),
        (TableKind::Calendars, calendars),
        (TableKind::Project, "key,value\nstart,2026-03-02\noverhead_per_day,10\n"),
    ])
}

#[test]
fn a_delay_that_fits_no_working_stretch_lets_samples_never_finish() {
    let plan = night("5h", "never");
    let found = assessed(&plan, &options());
    let finishes = found.finishes(&found.samples.finish);
    // Thirty in a hundred never finish: they lie behind every percentile up to the 70th, and in no mean.
    let share = found.unfinished() as f64 / SAMPLES as f64;
    assert!((share - 0.3).abs() < 0.01, "{share}");
    let planned = found.finish_moment(found.planned.0).0 as f64;
    assert_eq!((percentile(&finishes, 0.65).value, percentile(&finishes, 0.75).value), (planned, f64::INFINITY));
    assert_eq!(moments(&finishes).0, planned);
    assert_eq!(percentile(&found.costs(&found.samples.cost), 0.75).value, f64::INFINITY);
    assert_eq!(moments(&found.costs(&found.samples.cost)).0, found.planned.1 as f64);
    // B alone is named, and not C that waits for it.
    let [it] = &found.unplaced[..] else { panic!("{:?}", found.unplaced) };
    assert_eq!((it.work, it.samples), (Some(Work::Task(plan.find_task("B").unwrap())), found.unfinished() as u64));
    assert_eq!((it.shortest, it.longest_stretch), (Minutes(9 * 60), Some(Minutes(6 * 60))));
    // The risk moves nothing that can be counted, and keeps these samples from finishing.
    let [event] = &found.events[..] else { panic!() };
    assert_eq!((event.mean_delay, event.late_delay), (0.0, f64::INFINITY));
    assert!((event.unfinished - 0.3).abs() < 0.02, "{}", event.unfinished);
    assert!(event.moved.is_empty(), "{:?}", event.moved);
    assert!(found.swings.is_empty() && found.joint_confidence(0.8) == Some((Moment::NEVER, f64::INFINITY)));
    // Figures of tasks are those of the samples that finish, in which B takes what is planned.
    let of_b = found.tasks.iter().find(|risk| Some(risk.work) == it.work).unwrap();
    assert_eq!((of_b.mean, of_b.deviation, of_b.criticality), (240.0, 0.0, 1.0));
    let outlook = outlook(&plan, None, &options(), &[], false, &Control::start(Limits::default()), &|_| {}).unwrap();
    assert_eq!(outlook.unplaced, found.unplaced);
    assert_eq!(outlook.project.sampled.last(), Some(&Moment::NEVER));
}

#[test]
fn a_delay_that_fits_or_pauses_or_runs_by_the_clock_finishes() {
    for (delay, pause) in [("2h", "never"), ("5h", "breaks"), ("5ed", "never")] {
        let found = assessed(&night(delay, pause), &options());
        assert_eq!((found.unfinished(), found.unplaced.len()), (0, 0), "{delay} {pause}");
        assert_eq!(found.events[0].unfinished, 0.0);
    }
}
