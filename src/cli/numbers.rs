//! Whole numbers on the command line.

/// Reads a whole number from LEAST to MOST; [`u64::MAX`] is no end.
///
/// # Errors
/// What was expected.
pub fn whole<N: TryFrom<u64>, const LEAST: u64, const MOST: u64>(text: &str) -> Result<N, String> {
    let number = text.trim().parse::<u64>().ok().filter(|number| (LEAST..=MOST).contains(number));
    number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| match MOST {
        u64::MAX => format!("expected a whole number of at least {LEAST}"),
        _ => format!("expected a whole number from {LEAST} to {MOST}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_the_ends_are_refused_with_what_was_expected() {
        assert_eq!((whole::<u16, 2, 9>("2"), whole::<u16, 2, 9>("9")), (Ok(2), Ok(9)));
        for text in ["1", "10", "-3", "2.5", "many", "", "99999999999999999999"] {
            assert_eq!(whole::<u16, 2, 9>(text), Err("expected a whole number from 2 to 9".to_owned()), "{text}");
        }
        assert_eq!(whole::<u64, 1, { u64::MAX }>("0"), Err("expected a whole number of at least 1".to_owned()));
        assert_eq!(whole::<u64, 1, { u64::MAX }>("18446744073709551615"), Ok(u64::MAX));
    }
}
