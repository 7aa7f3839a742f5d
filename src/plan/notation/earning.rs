//! How the value of a task is earned: `percent`, `0/100`, `50/50`, `milestones 20;30;50`.

use super::Fault;
use super::number::parse_decimal;
use crate::plan::EarningRule;
use crate::plan::draft::DecimalMark;
use crate::units::Share;

/// More milestones than this in one task are no milestones of a task.
const MOST_MILESTONES: usize = 100;

/// Parses an earning rule: `percent`, `A/B` (shares at the start and at the finish) or `milestones A;B;C` (weights of
/// milestones in their order). Shares are in percent and add up to 100.
///
/// # Errors
/// Rule `bad-ev-method`.
pub fn parse_earning_rule(text: &str, mark: DecimalMark) -> Result<EarningRule, Fault> {
    let wrong = || {
        Fault::new("bad-ev-method", "expected `percent`, `0/100`, `50/50` or `milestones 20;30;50`")
            .with_hint("shares in percent add up to 100")
    };
    let plain = text.trim().to_lowercase();
    if matches!(plain.as_str(), "percent" | "percent complete" | "percent_complete" | "% complete") {
        return Ok(EarningRule::PercentComplete);
    }
    let shares = |list: &mut dyn Iterator<Item = &str>| -> Option<Vec<i32>> {
        let mut shares = Vec::new();
        for item in list {
            let share = parse_decimal(item.trim().trim_end_matches('%').trim_end(), mark).ok()?.to_f64();
            if !(0.0..=100.0).contains(&share) || shares.len() == MOST_MILESTONES {
                return None;
            }
            shares.push((share * 100.0).round() as i32);
        }
        (shares.iter().sum::<i32>() == 10_000).then_some(shares)
    };
    if let Some(list) = plain.strip_prefix("milestones").or_else(|| plain.strip_prefix("milestone")) {
        let weights = shares(&mut list.trim_start_matches([':', ' ']).split([';', '/'])).ok_or_else(wrong)?;
        let mut earned = 0;
        let steps = weights.iter().map(|weight| {
            earned += weight;
            Share(earned)
        });
        return Ok(EarningRule::Milestones(steps.collect()));
    }
    match shares(&mut plain.split('/')).as_deref() {
        Some(&[at_start, _]) => Ok(EarningRule::AtStart(Share(at_start))),
        _ => Err(wrong()),
    }
}

/// An earning rule as [`parse_earning_rule`] reads it.
pub fn earning_rule_text(rule: &EarningRule) -> String {
    let percent = |hundredths: i32| match hundredths % 100 {
        0 => (hundredths / 100).to_string(),
        _ => format!("{:.2}", f64::from(hundredths) / 100.0),
    };
    match rule {
        EarningRule::PercentComplete => "percent".to_owned(),
        EarningRule::AtStart(Share(first)) => format!("{}/{}", percent(*first), percent(10_000 - first)),
        EarningRule::Milestones(steps) => {
            let before = std::iter::once(0).chain(steps.iter().map(|step| step.0));
            let weights = steps.iter().zip(before).map(|(step, before)| percent(step.0 - before));
            format!("milestones {}", weights.collect::<Vec<_>>().join(";"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_all_of_it() {
        let parse = |text| parse_earning_rule(text, DecimalMark::Point);
        assert_eq!(parse("50/50"), Ok(EarningRule::AtStart(Share(5_000))));
        assert_eq!(parse("0 / 100 %"), Ok(EarningRule::AtStart(Share(0))));
        assert_eq!(parse("Percent"), Ok(EarningRule::PercentComplete));
        let steps = [2_000, 5_000, 10_000].map(Share);
        assert_eq!(parse("milestones 20;30;50"), Ok(EarningRule::Milestones(Box::new(steps))));
        for wrong in ["50/60", "half", "milestones", "milestones 20;30", "-50/150", "100", "1e300/2", "50/25/25"] {
            assert_eq!(parse(wrong).unwrap_err().rule, "bad-ev-method", "{wrong}");
        }
    }

    #[test]
    fn rules_are_written_as_they_are_read() {
        for text in ["percent", "0/100", "50/50", "33.33/66.67", "milestones 20;30;50", "milestones 12.50;87.50"] {
            assert_eq!(earning_rule_text(&parse_earning_rule(text, DecimalMark::Point).unwrap()), text);
        }
    }
}
