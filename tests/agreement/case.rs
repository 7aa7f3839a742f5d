//! One plan: what is said of it, and what others have to say against that.

use std::panic::{AssertUnwindSafe, catch_unwind};

use floatline::effort::{Control, Limits};
use floatline::network::{Network, compile};
use floatline::plan::{Plan, validate};
use floatline::proof::{self, Claim};
use floatline::schedule::{Measure, Objective, Outcome, Schedule, Status, tardiness, verify};
use floatline::solve::{SolveOptions, solve, solve_with_proof};
use floatline::units::{MINUTES_PER_DAY, Moment};

use crate::draw::{draw, in_text};
use crate::enumeration::{Best, best};
use crate::features::{FEATURES, has_latest_date, is_in_periods};
use crate::grid::Grid;
use crate::pumpkin;
use crate::tally::Tally;

/// Passes allowed for a plan. (Ten times as many settle no more of them.)
const EFFORT: u64 = 2_000;
/// Attempts at drawing a plan that makes sense.
const ATTEMPTS: u64 = 50;

/// A plan that was drawn.
pub struct Case {
    seed: u64,
    text: String,
    plan: Plan,
    grid: Grid,
    by_tardiness: bool,
    tally: Tally,
}

/// What is said of a plan.
struct Answer {
    status: Status,
    /// Weighted lateness, if that is asked for, and the finish.
    value: Option<(i64, Moment)>,
    /// No schedule finishes earlier.
    bound: Option<Moment>,
    /// No schedule has less weighted lateness.
    least_late: Option<i64>,
    message: String,
}

impl Answer {
    fn infeasible(message: String) -> Answer {
        Answer { status: Status::Infeasible, value: None, bound: None, least_late: None, message }
    }

    fn describe(&self) -> String {
        let Answer { status, value, bound, least_late, message } = self;
        let status = status.word();
        format!("said to be {status}, value {value:?}, bound {bound:?}, least lateness {least_late:?} ({message})")
    }
}

impl Case {
    /// Draws a plan.
    pub fn new(seed: u64) -> Case {
        let drawn = (0..ATTEMPTS).find_map(|attempt| {
            let draft = draw(seed, attempt);
            validate(&draft).ok().map(|(plan, _)| (in_text(&draft), plan))
        });
        let (text, plan) = drawn.expect("most plans that are drawn make sense");
        let mut tally = Tally { plans: 1, ..Tally::default() };
        for (feature, has) in FEATURES {
            tally.features.insert(feature, usize::from(has(&plan)));
        }
        let by_tardiness = has_latest_date(&plan) && seed.is_multiple_of(2);
        tally.by_tardiness = usize::from(by_tardiness);
        Case { seed, text, grid: Grid::new(&plan), plan, by_tardiness, tally }
    }

    /// Answers the plan, and holds the answer against the others.
    pub fn judge(mut self) -> Tally {
        let Some(answer) = self.answer() else { return self.tally };
        match answer.status {
            Status::Optimal => self.tally.optimal += 1,
            Status::Infeasible => self.tally.infeasible += 1,
            Status::Feasible | Status::Unknown => self.tally.open.push(self.seed),
        }
        let earliest = best(&self.plan, self.grid, false);
        if let Some(earliest) = &earliest {
            self.tally.enumerated += 1;
            self.hold_against_finish(&answer, earliest.as_ref());
        }
        let has_schedules = earliest.as_ref().is_some_and(|earliest| earliest.is_some());
        if answer.status == Status::Unknown && has_schedules {
            self.tally.not_found.push(self.seed);
        }
        if self.by_tardiness
            && let Some(Some(least)) = best(&self.plan, self.grid, true)
        {
            self.hold_against_tardiness(&answer, &least);
        }
        if pumpkin::can_express(&self.plan) {
            self.hold_against_pumpkin(&answer, earliest.map(|earliest| earliest.map(|best| best.finish)));
        }
        self.tally
    }

    /// The answer; nothing if there is an error in its place, which no sound plan deserves.
    fn answer(&mut self) -> Option<Answer> {
        let network = match compile(&self.plan) {
            Ok(network) => network,
            Err(error) if error.is_infeasible() => return Some(Answer::infeasible(error.to_string())),
            Err(error) => {
                self.refute(&error.to_string());
                return None;
            }
        };
        let objectives = if self.by_tardiness { Objective::USUAL.to_vec() } else { vec![Objective::Finish] };
        let options = SolveOptions { seed: self.seed, objectives, ..SolveOptions::default() };
        let control = Control::start(Limits { effort: Some(EFFORT), time: None });
        let mut proof = Vec::new();
        let solved = match is_in_periods(&self.plan) && self.seed % 4 < 2 {
            true => solve_with_proof(&self.plan, &network, &options, &control, &|_| {}, &mut proof),
            false => {
                solve(&self.plan, &network, &options, &control, &|_| {}).map(|outcome| (outcome, Err("not asked")))
            }
        };
        match solved {
            Ok((outcome, written)) => {
                if written.is_ok() {
                    self.check_proof(&network, &proof, &outcome);
                }
                Some(self.answer_of(outcome))
            }
            Err(error) => {
                let findings: Vec<String> =
                    error.findings().into_iter().flat_map(|all| all.iter()).map(ToString::to_string).collect();
                self.refute(&format!("{error}: {}", findings.join("; ")));
                None
            }
        }
    }

    fn answer_of(&self, outcome: Outcome) -> Answer {
        if outcome.status == Status::Infeasible {
            return Answer::infeasible(outcome.message);
        }
        let least_late = outcome.goals.iter().find_map(|goal| match goal.bound {
            Some(Measure::Tardiness(least)) => Some(self.weighted(least)),
            _ => None,
        });
        let value = |schedule: &Schedule| {
            let late = if self.by_tardiness { self.weighted(tardiness(&self.plan, schedule)) } else { 0 };
            (late, schedule.finish().expect("a plan has tasks"))
        };
        Answer {
            status: outcome.status,
            value: outcome.schedule.as_ref().map(value),
            bound: Some(outcome.lower_bound),
            least_late,
            message: outcome.message,
        }
    }

    /// Minutes of lateness times priorities, of which a tardiness is made.
    fn weighted(&self, tardiness: f64) -> i64 {
        let minutes = if is_in_periods(&self.plan) { 1 } else { MINUTES_PER_DAY };
        (tardiness * (500 * minutes) as f64).round() as i64
    }

    fn refute(&mut self, why: &str) {
        self.tally.refuted.push(format!("plan {}: {why}\n{}", self.seed, self.text));
    }

    fn refute_answer(&mut self, answer: &Answer, why: &str) {
        self.refute(&format!("{}, but {why}", answer.describe()));
    }

    /// A proof that is given has to hold, and to prove what is said.
    fn check_proof(&mut self, network: &Network, proof: &[u8], outcome: &Outcome) {
        self.tally.proofs += 1;
        let checked = proof::check(&self.plan, network, proof);
        let is_of_answer = checked.as_ref().is_ok_and(|checked| match checked.claim {
            Claim::Finish(slot) => network.axis.finish_moment(slot) == outcome.lower_bound,
            Claim::None => outcome.status == Status::Infeasible,
        });
        if !is_of_answer {
            self.refute(&format!("bound {:?}, but the proof comes to {checked:?}", outcome.lower_bound));
        }
    }

    /// Holds an answer against the schedule that finishes first, if any finishes by the horizon.
    fn hold_against_finish(&mut self, answer: &Answer, earliest: Option<&Best>) {
        let finish = answer.value.map(|(_, finish)| finish);
        let Some(earliest) = earliest else {
            if finish.is_some_and(|finish| finish <= self.grid.moment(self.grid.horizon)) {
                self.refute_answer(answer, "the enumeration finds no schedule");
            }
            return;
        };
        self.hold_against_schedule(answer, earliest);
        let claims_to_be_first = answer.status == Status::Optimal && !self.by_tardiness;
        let is_refuted = claims_to_be_first && finish != Some(earliest.finish)
            || finish.is_some_and(|finish| finish < earliest.finish)
            || answer.bound.is_some_and(|bound| bound > earliest.finish);
        if is_refuted {
            self.refute_answer(answer, &format!("the enumeration finishes first at {:?}", earliest.finish));
        }
    }

    /// Holds an answer against the schedule that finishes first of those of the least tardiness.
    fn hold_against_tardiness(&mut self, answer: &Answer, least: &Best) {
        self.hold_against_schedule(answer, least);
        let value = (least.late, least.finish);
        let claims_to_be_best = answer.status == Status::Optimal;
        // Beyond the horizon there may be less tardiness.
        let horizon = self.grid.moment(self.grid.horizon);
        let is_refuted = self.weighted(tardiness(&self.plan, &least.schedule)) != least.late
            || claims_to_be_best && answer.value.is_none_or(|found| found > value)
            || answer.value.is_some_and(|found| found < value && found.1 <= horizon)
            || answer.least_late.is_some_and(|bound| bound > least.late);
        if is_refuted {
            self.refute_answer(answer, &format!("the enumeration comes to {value:?}"));
        }
    }

    fn hold_against_schedule(&mut self, answer: &Answer, best: &Best) {
        let findings = verify(&self.plan, &best.schedule);
        if findings.has_errors() {
            let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
            self.refute(&format!("the validator refuses what is enumerated: {}", findings.join("; ")));
        } else if answer.status == Status::Infeasible {
            self.refute_answer(answer, &format!("the enumeration finds {:?}", best.schedule.placements));
        }
    }

    /// Holds an answer, and the enumeration if it came to its end, against what Pumpkin finds.
    fn hold_against_pumpkin(&mut self, answer: &Answer, earliest: Option<Option<Moment>>) {
        let horizon = i32::try_from(self.grid.horizon).expect("a small plan is short");
        let told = catch_unwind(AssertUnwindSafe(|| pumpkin::earliest_finish(&self.plan, horizon)));
        let Ok(told) = told else {
            self.tally.panics_of_pumpkin += 1;
            return;
        };
        self.tally.told_by_pumpkin += 1;
        let told = told.map(|finish| Moment(finish.into()));
        let finish = answer.value.map(|(_, finish)| finish);
        let is_refuted = match (answer.status, told) {
            (Status::Infeasible, told) => told.is_some(),
            (_, None) => finish.is_some(),
            (Status::Optimal, told) if !self.by_tardiness => finish != told,
            (_, Some(told)) => {
                finish.is_some_and(|finish| finish < told) || answer.bound.is_some_and(|bound| bound > told)
            }
        };
        if is_refuted {
            self.refute_answer(answer, &format!("Pumpkin finishes first at {told:?}"));
        }
        if earliest.is_some_and(|earliest| earliest != told) {
            self.refute(&format!("the enumeration finishes first at {earliest:?}, Pumpkin at {told:?}"));
        }
    }
}
