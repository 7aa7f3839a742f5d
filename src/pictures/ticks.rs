//! Round places on a number axis.

/// Digits that the distance between ticks begins with.
const ROUND: [f64; 3] = [1.0, 2.0, 5.0];

/// Round places for ticks on a number axis.
///
/// # Arguments
/// The least and the most value of the axis, and how many ticks there may be.
///
/// # Returns
/// All multiples between the two, in ascending order, of the least number that is 1, 2 or 5 times a power of ten and has not
/// too many. The value itself if the axis is a single value; nothing if `least` is above `most`, or either is no number.
///
/// # Example
///
/// ```
/// use floatline::pictures::ticks;
///
/// assert_eq!(ticks(0.0, 1.0, 6), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
/// assert_eq!(ticks(-130.0, 70.0, 5), [-100.0, -50.0, 0.0, 50.0]);
/// ```
pub fn ticks(least: f64, most: f64, at_most: usize) -> Vec<f64> {
    let is_axis = least.is_finite() && most.is_finite() && least <= most;
    if !is_axis || at_most == 0 {
        return Vec::new();
    }
    // In thirds, which do not overflow; the first power has too many ticks, or is the least that numbers hold well.
    let third = most / 3.0 - least / 3.0;
    if third == 0.0 {
        return vec![least];
    }
    let power = (third.log10() - (at_most as f64).log10()).floor().max(-300.0) as i32 - 1;
    let steps = (power..=308).flat_map(|power| ROUND.map(|digit| Step { digit, power }));
    let fitting = steps.map(|step| (step, step.inside(least, most)));
    let is_enough = |(_, (first, last)): &(Step, (f64, f64))| last - first < at_most as f64;
    let (step, (first, last)) = { fitting }.find(is_enough).expect("of 5e308 zero is the only multiple");
    let mut found: Vec<f64> = (0..at_most)
        .map(|number| first + number as f64)
        .take_while(|multiple| *multiple <= last)
        .map(|multiple| step.times(multiple))
        .collect();
    // A narrow axis far from zero has fewer numbers than ticks.
    found.dedup();
    found
}

/// A distance between ticks: a digit times a power of ten.
#[derive(Clone, Copy)]
struct Step {
    digit: f64,
    power: i32,
}

impl Step {
    /// A multiple. Negative powers divide, so that 0.3 is the number nearest to it.
    fn times(self, multiple: f64) -> f64 {
        match self.power {
            power if power < 0 => multiple * self.digit / power_of_ten(-power),
            power => multiple * self.digit * power_of_ten(power),
        }
    }

    /// The first and the last multiple between two values, in steps. A billionth of a step is an error of rounding.
    fn inside(self, least: f64, most: f64) -> (f64, f64) {
        let steps = |value: f64| match self.power {
            power if power < 0 => value * power_of_ten(-power) / self.digit,
            power => value / power_of_ten(power) / self.digit,
        };
        // Adding zero takes the sign off a zero.
        ((steps(least) - 1e-9).ceil() + 0.0, (steps(most) + 1e-9).floor())
    }
}

/// The number nearest to a power of ten, which `powi` is not always.
fn power_of_ten(power: i32) -> f64 {
    format!("1e{power}").parse().expect("powers of ten are written so")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round_and_include_the_ends() {
        assert_eq!(ticks(0.0, 0.3, 4), [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(ticks(0.57, 0.59, 3), [0.57, 0.58, 0.59]);
        assert_eq!(ticks(1_000.0, 2_000.0, 5), [1_000.0, 1_500.0, 2_000.0]);
        assert_eq!(ticks(-0.4, 0.4, 1)[0].to_string(), "0");
        assert_eq!(ticks(3.0, 8.0, 1), [5.0]);
    }

    #[test]
    fn an_axis_of_one_value_has_one_tick_and_a_wrong_one_has_none() {
        assert_eq!(ticks(7.25, 7.25, 5), [7.25]);
        for (least, most, at_most) in [(2.0, 1.0, 5), (f64::NAN, 1.0, 5), (0.0, f64::INFINITY, 5), (0.0, 1.0, 0)] {
            assert!(ticks(least, most, at_most).is_empty());
        }
    }

    #[test]
    fn axes_as_wide_or_as_narrow_as_numbers_can_be_have_ticks() {
        assert_eq!(ticks(f64::MIN, f64::MAX, 5), [-1e308, 0.0, 1e308]);
        assert!(ticks(0.0, f64::MIN_POSITIVE, 5).contains(&0.0));
        let next = 1e15 + 0.25;
        assert!(ticks(1e15, next, 100).windows(2).all(|pair| pair[0] < pair[1]));
    }

    proptest! {
        #[test]
        fn ticks_lie_inside_and_are_neither_too_many_nor_too_few(
            least in -1e9..1e9_f64, width in 1e-3..1e9_f64, at_most in 2..30_usize,
        ) {
            let found = ticks(least, least + width, at_most);
            prop_assert!(found.len() <= at_most);
            // The next finer step, at least 2/5 as wide, has too many: so this one has at least two fifths, less one.
            prop_assert!(!found.is_empty() && found.len() as f64 >= (at_most as f64 * 0.4).floor() - 1.0);
            let near = width * 1e-6;
            prop_assert!(found.iter().all(|tick| (least - near..=least + width + near).contains(tick)));
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
