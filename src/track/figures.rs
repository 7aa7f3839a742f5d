//! Earned value: what was planned, what is done, what it cost, and the figures that follow.

use std::ops::AddAssign;

use crate::units::Money;

/// The value of a task, of a part of the project or of all of it at a status date.
///
/// # Source
/// PMI, The Standard for Earned Value Management, 2019, chapter 4. A figure whose divisor is zero is `None`, never infinite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EarnedValue {
    /// Budget at completion: the cost in the baseline.
    pub budget: Money,
    /// Planned value: the part of it that should have been done by the status date.
    pub planned: Money,
    /// Earned value: the part of it that was done.
    pub earned: Money,
    /// Actual cost of what was done.
    pub actual: Money,
    /// What is owed and not yet paid; no part of the actual cost.
    pub committed: Money,
}

/// How the cost of what is left is told from the cost of what is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostMethod {
    /// As budgeted: AC + BAC - EV.
    AsBudgeted,
    /// At the cost performance so far: BAC / CPI.
    AtCpi,
    /// At the cost and the schedule performance so far: AC + (BAC - EV) / (CPI SPI).
    AtCpiAndSpi,
}

impl CostMethod {
    /// All of them.
    pub const ALL: [CostMethod; 3] = [CostMethod::AsBudgeted, CostMethod::AtCpi, CostMethod::AtCpiAndSpi];
}

impl EarnedValue {
    /// CV = EV - AC.
    pub fn cost_variance(&self) -> Money {
        self.earned - self.actual
    }

    /// SV = EV - PV.
    pub fn schedule_variance(&self) -> Money {
        self.earned - self.planned
    }

    /// CPI = EV / AC.
    pub fn cost_performance(&self) -> Option<f64> {
        ratio(self.earned, self.actual)
    }

    /// SPI = EV / PV.
    pub fn schedule_performance(&self) -> Option<f64> {
        ratio(self.earned, self.planned)
    }

    /// EAC by a method.
    pub fn estimate_at_completion(&self, method: CostMethod) -> Option<Money> {
        let left = self.budget - self.earned;
        let over = |pace: f64| (pace > 0.0).then(|| self.actual + Money((left.0 as f64 / pace).round() as i64));
        match method {
            CostMethod::AsBudgeted => Some(self.actual + left),
            CostMethod::AtCpi => over(self.cost_performance()?),
            CostMethod::AtCpiAndSpi => over(self.cost_performance()? * self.schedule_performance()?),
        }
    }

    /// VAC = BAC - EAC.
    pub fn variance_at_completion(&self, estimate: Money) -> Money {
        self.budget - estimate
    }

    /// TCPI = (BAC - EV) / (target - AC): the cost performance that the rest needs to come to `target` in the end; `None` if
    /// nothing is left of the target.
    pub fn to_complete(&self, target: Money) -> Option<f64> {
        ratio(self.budget - self.earned, target - self.actual).filter(|&index| index >= 0.0)
    }

    /// EV / BAC.
    pub fn complete(&self) -> Option<f64> {
        ratio(self.earned, self.budget)
    }
}

impl AddAssign for EarnedValue {
    fn add_assign(&mut self, other: EarnedValue) {
        self.budget += other.budget;
        self.planned += other.planned;
        self.earned += other.earned;
        self.actual += other.actual;
        self.committed += other.committed;
    }
}

fn ratio(part: Money, whole: Money) -> Option<f64> {
    (whole.0 != 0).then(|| part.0 as f64 / whole.0 as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(budget: i64, planned: i64, earned: i64, actual: i64) -> EarnedValue {
        let money = |units: i64| Money(units * 100);
        EarnedValue {
            budget: money(budget),
            planned: money(planned),
            earned: money(earned),
            actual: money(actual),
            committed: Money::ZERO,
        }
    }

    fn near(one: Option<f64>, other: f64) -> bool {
        one.is_some_and(|one| (one - other).abs() < 5e-7)
    }

    /// Validation suite of the package pmcontrols (PyPI), `tests/validation_cases.json`, "EVM": a budget of 100,000 over 10
    /// periods, evenly.
    #[test]
    fn figures_agree_with_the_pmcontrols_suite() {
        let behind = value(100_000, 40_000, 30_000, 35_000);
        assert_eq!((behind.cost_variance(), behind.schedule_variance()), (Money(-500_000), Money(-1_000_000)));
        assert!(near(behind.cost_performance(), 0.857143) && near(behind.schedule_performance(), 0.75));
        let estimate = |method| behind.estimate_at_completion(method);
        assert_eq!(estimate(CostMethod::AtCpi), Some(Money(11_666_667)));
        assert_eq!(estimate(CostMethod::AsBudgeted), Some(Money(10_500_000)));
        assert_eq!(behind.variance_at_completion(Money(11_666_667)), Money(-1_666_667));
        assert!(near(behind.to_complete(behind.budget), 1.076923));
        let ahead = value(100_000, 40_000, 50_000, 45_000);
        assert!(near(ahead.cost_performance(), 1.111111) && near(ahead.schedule_performance(), 1.25));
        assert_eq!(ahead.estimate_at_completion(CostMethod::AtCpi), Some(Money(9_000_000)));
    }

    /// PM Knowledge Center (OR-AS), "Earned value management: forecasting cost", the example project at week 3: PV 25, EV 10,
    /// AC 30 of 150.
    #[test]
    fn forecasts_agree_with_the_example_of_the_pm_knowledge_center() {
        let third = value(150, 25, 10, 30);
        let estimate = |method| third.estimate_at_completion(method).map(|it| it.0);
        assert_eq!(estimate(CostMethod::AsBudgeted), Some(17_000));
        assert_eq!(estimate(CostMethod::AtCpi), Some(45_000));
        // 30 + 140 / (1/3 x 0.4).
        assert_eq!(estimate(CostMethod::AtCpiAndSpi), Some(108_000));
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        let none = EarnedValue::default();
        assert_eq!((none.cost_performance(), none.schedule_performance(), none.complete()), (None, None, None));
        assert_eq!(none.estimate_at_completion(CostMethod::AtCpi), None);
        assert_eq!(none.to_complete(none.budget), None);
        // Cost without value: no finite estimate at that pace.
        let spent = value(100, 10, 0, 5);
        assert_eq!(spent.cost_performance(), Some(0.0));
        assert_eq!(spent.estimate_at_completion(CostMethod::AtCpi), None);
        // The budget is used up: no performance is enough.
        assert_eq!(value(100, 100, 90, 120).to_complete(Money(10_000)), None);
    }
}
