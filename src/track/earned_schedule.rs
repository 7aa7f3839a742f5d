//! Earned schedule: how much of the baseline's time has been earned, and when the project ends at that pace.

/// Earned schedule at a status date, in periods from the project's start.
///
/// # Source
/// Lipke, Schedule is different, The Measurable News, 2003; forecasts by Vandevoorde and Vanhoucke, International Journal of
/// Project Management 24, 2006, section 3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarnedSchedule {
    /// AT: how much time has passed; not more than to the finish of a project that is done.
    pub actual: f64,
    /// ES: when what is earned should have been.
    pub earned: f64,
    /// PD: the length of the baseline.
    pub planned: f64,
}

/// How the time that is left is told from the time that has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeMethod {
    /// As planned: AT + PD - ES.
    AsPlanned,
    /// At the pace so far: AT + (PD - ES) / SPI(t), which is PD / SPI(t).
    AtPace,
    /// At the pace and the cost performance so far: AT + (PD - ES) / (SPI(t) CPI).
    AtPaceAndCost,
}

impl TimeMethod {
    /// All of them.
    pub const ALL: [TimeMethod; 3] = [TimeMethod::AsPlanned, TimeMethod::AtPace, TimeMethod::AtPaceAndCost];
}

impl EarnedSchedule {
    /// SV(t) = ES - AT.
    pub fn variance(&self) -> f64 {
        self.earned - self.actual
    }

    /// SPI(t) = ES / AT.
    pub fn performance(&self) -> Option<f64> {
        (self.actual > 0.0).then(|| self.earned / self.actual)
    }

    /// EAC(t): how long the project takes in the end, by a method.
    pub fn length_at_completion(&self, method: TimeMethod, cost_performance: Option<f64>) -> Option<f64> {
        let pace = match method {
            TimeMethod::AsPlanned => 1.0,
            TimeMethod::AtPace => self.performance()?,
            TimeMethod::AtPaceAndCost => self.performance()? * cost_performance?,
        };
        let left = self.planned - self.earned;
        if left <= 0.0 {
            return Some(self.actual);
        }
        (pace > 0.0).then(|| self.actual + left / pace)
    }
}

/// The position at which the planned value comes to what is earned: ES = C + (EV - PV_C) / (PV_{C+1} - PV_C).
///
/// # Arguments
/// `planned` are positions, ascending, with the value planned until then; the last is the end of the baseline. Where nothing
/// is planned for a while, the later end of that time counts, as by the formula, except at the end.
pub fn earned_schedule(planned: &[(f64, f64)], earned: f64) -> f64 {
    let Some(&(end, all)) = planned.last() else { return 0.0 };
    if earned >= all {
        // The first position at which all was planned.
        return planned.iter().find(|&&(_, value)| value >= all).map_or(end, |&(at, _)| at);
    }
    let after = planned.partition_point(|&(_, value)| value <= earned);
    let Some(&(from, before)) = after.checked_sub(1).and_then(|at| planned.get(at)) else { return planned[0].0 };
    let (to, next) = planned[after];
    from + (to - from) * (earned - before) / (next - before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_period(values: &[f64]) -> Vec<(f64, f64)> {
        values.iter().enumerate().map(|(at, &value)| (at as f64, value)).collect()
    }

    /// PM Knowledge Center (OR-AS), "Earned value management: forecasting time": nine weeks planned, eleven taken.
    const PLANNED: [f64; 10] = [0.0, 5.0, 10.0, 25.0, 55.0, 85.0, 120.0, 130.0, 140.0, 150.0];
    const EARNED: [f64; 11] = [10.0 / 3.0, 20.0 / 3.0, 10.0, 22.5, 70.0, 82.5, 90.0, 120.0, 130.0, 140.0, 150.0];

    #[test]
    fn earned_schedule_agrees_with_the_pm_knowledge_center() {
        let planned = by_period(&PLANNED);
        let published = [0.67, 1.33, 2.0, 2.83, 4.5, 4.92];
        for (&earned, published) in EARNED.iter().zip(published) {
            assert!((earned_schedule(&planned, earned) - published).abs() < 0.005, "{earned}");
        }
        // All of it: nine weeks, however late.
        assert_eq!(earned_schedule(&planned, 150.0), 9.0);
    }

    /// The same project in week 3: AC 30, EV 10, so that CPI is 1/3.
    #[test]
    fn lengths_agree_with_the_pm_knowledge_center() {
        let third = EarnedSchedule { actual: 3.0, earned: 2.0, planned: 9.0 };
        let length = |method| third.length_at_completion(method, Some(1.0 / 3.0)).unwrap();
        assert_eq!(length(TimeMethod::AsPlanned), 10.0);
        assert!((length(TimeMethod::AtPace) - 13.5).abs() < 1e-9);
        assert!((length(TimeMethod::AtPaceAndCost) - 34.5).abs() < 1e-9);
    }

    /// Validation suite of the package pmcontrols (PyPI): `earned_schedule`.
    #[test]
    fn interpolation_agrees_with_the_pmcontrols_suite() {
        assert_eq!(earned_schedule(&by_period(&[0.0, 20.0, 50.0, 90.0, 140.0, 200.0]), 70.0), 2.5);
        assert_eq!(earned_schedule(&by_period(&[0.0, 30.0, 70.0, 120.0, 180.0, 250.0]), 100.0), 2.6);
        let even: Vec<f64> = (0..=10).map(|at| f64::from(at) * 10_000.0).collect();
        assert!((earned_schedule(&by_period(&even), 34_000.0) - 3.4).abs() < 1e-12);
    }

    /// castor00/EVapp, `Data/EV_input.xlsx`: thirteen months for nine planned. SPI comes back to 1, SPI(t) does not.
    #[test]
    fn a_late_project_is_not_on_time_in_the_end() {
        let planned = by_period(&[0.0, 28.975, 81.681, 91.681, 138.586, 218.141, 302.478, 323.632, 345.876, 360.738]);
        let earned = earned_schedule(&planned, 306.725);
        assert!((earned - 6.2008).abs() < 5e-5);
        let eighth = EarnedSchedule { actual: 8.0, earned, planned: 9.0 };
        assert!((eighth.performance().unwrap() - 0.7751).abs() < 5e-5);
        assert!((eighth.length_at_completion(TimeMethod::AtPace, None).unwrap() - 11.611).abs() < 5e-4);
        let done = EarnedSchedule { actual: 13.0, earned: earned_schedule(&planned, 360.738), planned: 9.0 };
        assert!((done.performance().unwrap() - 0.6923).abs() < 5e-5);
        assert_eq!(done.length_at_completion(TimeMethod::AtPace, None), Some(13.0));
    }

    #[test]
    fn nothing_planned_and_nothing_earned_are_no_trouble() {
        assert_eq!(earned_schedule(&[], 5.0), 0.0);
        assert_eq!(earned_schedule(&[(0.0, 0.0)], 0.0), 0.0);
        // Negative value: as if nothing were earned.
        assert_eq!(earned_schedule(&by_period(&[0.0, 10.0]), -1.0), 0.0);
        let begun = EarnedSchedule { actual: 0.0, earned: 0.0, planned: 4.0 };
        assert_eq!((begun.performance(), begun.length_at_completion(TimeMethod::AtPace, None)), (None, None));
        assert_eq!(begun.length_at_completion(TimeMethod::AsPlanned, None), Some(4.0));
    }
}
