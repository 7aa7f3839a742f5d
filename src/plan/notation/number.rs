//! Decimal numbers as spreadsheets write them, and the quantities that are plain numbers.

use super::Fault;
use crate::plan::draft::DecimalMark;
use crate::units::Amount;

/// An exact decimal number: `digits / 10^places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    digits: i64,
    places: u32,
}

/// Digits that a number may have; more cannot be meant and would not fit.
const MOST_DIGITS: usize = 18;

impl Decimal {
    /// The number times `factor`, rounded half away from zero; `None` if it does not fit.
    pub fn scaled(self, factor: i64) -> Option<i64> {
        let product = i128::from(self.digits) * i128::from(factor);
        let unit = 10i128.pow(self.places);
        let half = if product < 0 { -unit / 2 } else { unit / 2 };
        i64::try_from((product + half) / unit).ok()
    }

    /// The number as a whole one, if it is.
    pub fn whole(self) -> Option<i64> {
        let unit = 10i64.checked_pow(self.places)?;
        (self.digits % unit == 0).then(|| self.digits / unit)
    }

    /// Number of digits behind the mark, trailing zeros left out.
    pub fn places(self) -> u32 {
        let mut shown = self;
        while shown.places > 0 && shown.digits % 10 == 0 {
            shown = Decimal { digits: shown.digits / 10, places: shown.places - 1 };
        }
        shown.places
    }

    /// True below zero.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// True at zero.
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The nearest floating-point number.
    pub fn to_f64(self) -> f64 {
        self.digits as f64 / 10f64.powi(self.places as i32)
    }
}

impl std::ops::Neg for Decimal {
    type Output = Decimal;
    fn neg(self) -> Decimal {
        // At most 18 digits: the negation fits.
        Decimal { digits: -self.digits, ..self }
    }
}

/// Parses a number: `12`, `-1.5`, `1,234.50` (or `1.234,50`, by `mark`), also grouped by blanks or apostrophes.
///
/// # Errors
/// Rule `bad-number`; rule `ambiguous-number` if the mark is unknown and `1,234` may be a thousand or a fraction.
pub fn parse_decimal(text: &str, mark: DecimalMark) -> Result<Decimal, Fault> {
    let text = text.trim();
    let (negative, body) = match text.chars().next() {
        Some(sign @ ('-' | '\u{2212}')) => (true, text[sign.len_utf8()..].trim_start()),
        Some('+') => (false, text[1..].trim_start()),
        _ => (false, text),
    };
    let number = parse_unsigned(body, mark)?;
    Ok(if negative { -number } else { number })
}

fn parse_unsigned(body: &str, mark: DecimalMark) -> Result<Decimal, Fault> {
    let bytes = body.as_bytes();
    if !bytes.is_empty() && bytes.len() <= MOST_DIGITS && bytes.iter().all(u8::is_ascii_digit) {
        let digits = bytes.iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
        return Ok(Decimal { digits, places: 0 });
    }
    let fraction = fraction_mark(body, mark)?;
    let (whole, part) = match fraction.and_then(|mark| body.split_once(mark)) {
        Some((whole, part)) => (whole, Some(part)),
        None => (body, None),
    };
    if part.is_some_and(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()))
        || (whole.is_empty() && part.is_none())
        || !is_grouped(whole)
    {
        return Err(not_a_number(mark));
    }
    let part = part.unwrap_or("").trim_end_matches('0');
    let figures = whole.bytes().filter(u8::is_ascii_digit).chain(part.bytes());
    let mut digits = 0i64;
    for figure in figures {
        digits = digits
            .checked_mul(10)
            .and_then(|digits| digits.checked_add(i64::from(figure - b'0')))
            .filter(|&digits| digits < 10i64.pow(MOST_DIGITS as u32))
            .ok_or_else(|| Fault::new("bad-number", format!("more than {MOST_DIGITS} digits")))?;
    }
    // A nonzero part within the digits above is at most 18 places long; a zero one was cut off.
    if part.len() > MOST_DIGITS {
        return Err(Fault::new("bad-number", format!("more than {MOST_DIGITS} digits")));
    }
    Ok(Decimal { digits, places: part.len() as u32 })
}

/// Which of `.` and `,` begins the fraction of this number, if any.
fn fraction_mark(body: &str, mark: DecimalMark) -> Result<Option<char>, Fault> {
    match mark {
        DecimalMark::Point => return Ok(Some('.')),
        DecimalMark::Comma => return Ok(Some(',')),
        DecimalMark::Unknown => {}
    }
    let (points, commas) = (body.matches('.').count(), body.matches(',').count());
    match (points, commas) {
        (0, 0) => Ok(None),
        (1, 0) | (0, 1) => {
            let mark = if points == 1 { '.' } else { ',' };
            let (whole, part) = body.split_once(mark).unwrap_or((body, ""));
            let grouped = !whole.contains([' ', '\u{a0}', '\u{202f}', '\'', '’']);
            if part.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0') && grouped {
                return Err(Fault::new(
                    "ambiguous-number",
                    format!("may be a thousand or a fraction: `{mark}` can group digits or begin the decimals"),
                )
                .with_hint(format!("write `{whole}{part}` or `{whole}.{}`", unambiguous_decimals(part))));
            }
            Ok(Some(mark))
        }
        (_, 0) | (0, _) => Ok(None),
        _ => Ok(if body.rfind('.') > body.rfind(',') { Some('.') } else { Some(',') }),
    }
}

/// Three decimals written so that they can be nothing else.
fn unambiguous_decimals(part: &str) -> String {
    match part.trim_end_matches('0') {
        "" => "0".to_owned(),
        shorter if shorter.len() < part.len() => shorter.to_owned(),
        _ => format!("{part}0"),
    }
}

/// True for digits without separators, or with one kind of separator before each three digits but the first few.
fn is_grouped(whole: &str) -> bool {
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else { return true };
    if !matches!(separator, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’') {
        return false;
    }
    whole.split(separator).enumerate().all(|(at, group)| {
        let length = if at == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 };
        length && group.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn not_a_number(mark: DecimalMark) -> Fault {
    let form = match mark {
        DecimalMark::Point => "a number such as `12` or `1.5`",
        DecimalMark::Comma => "a number such as `12` or `1,5`; this table has decimal commas",
        DecimalMark::Unknown => "a number such as `12` or `1.5`",
    };
    Fault::new("bad-number", format!("expected {form}"))
}

/// Parses a whole number, such as the number of a period.
///
/// # Errors
/// Rule `bad-number`.
pub fn parse_whole(text: &str, mark: DecimalMark) -> Result<i64, Fault> {
    parse_decimal(text, mark)?.whole().ok_or_else(|| Fault::new("bad-number", "expected a whole number"))
}

/// Parses an amount of a resource: `2`, `0.5` or `50%`.
///
/// # Errors
/// Rule `bad-number` or `ambiguous-number`; rule `out-of-range` beyond [`Amount::MAX`] or if it is too small to count.
pub fn parse_amount(text: &str, mark: DecimalMark) -> Result<Amount, Fault> {
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(number) => (number, Amount::ONE.0 / 100),
        None => (text, Amount::ONE.0),
    };
    let number = parse_decimal(number, mark)?;
    let amount = number.scaled(unit).map(Amount).filter(|amount| amount.0.abs() <= Amount::MAX.0);
    match amount {
        None => Err(Fault::new("out-of-range", format!("more than {} units", Amount::MAX))),
        Some(Amount(0)) if !number.is_zero() => Err(Fault::new("out-of-range", "less than a ten-thousandth of a unit")),
        Some(amount) => Ok(amount),
    }
}

/// Parses a probability: `0.3` or `30%`.
///
/// # Errors
/// Rule `bad-number` or `ambiguous-number`; rule `bad-probability` outside 0 to 1.
pub fn parse_probability(text: &str, mark: DecimalMark) -> Result<f64, Fault> {
    let value = parse_fraction(text, mark)?;
    let is_fine = (0.0..=1.0).contains(&value);
    let fault = || Fault::new("bad-probability", "expected a probability from 0 to 1, or from 0% to 100%");
    is_fine.then_some(value).ok_or_else(|| with_percent(fault(), value, text))
}

/// Parses how sure somebody wants to be: `0.8` or `80%`.
///
/// # Errors
/// Rule `bad-number` or `ambiguous-number`; rule `bad-confidence` unless it is above 0 and below 1.
pub fn parse_confidence(text: &str, mark: DecimalMark) -> Result<f64, Fault> {
    let value = parse_fraction(text, mark)?;
    let is_fine = 0.0 < value && value < 1.0;
    let fault = || Fault::new("bad-confidence", "expected a confidence above 0 and below 1, such as `0.8` or `80%`");
    is_fine.then_some(value).ok_or_else(|| with_percent(fault(), value, text))
}

/// Suggests percent for a number that is a usual one of percent.
fn with_percent(fault: Fault, value: f64, text: &str) -> Fault {
    let is_percent = (2.0..100.0).contains(&value) && !text.contains('%');
    if is_percent { fault.with_hint(format!("did you mean `{}%`?", text.trim())) } else { fault }
}

/// Parses a coefficient of correlation: `-0.5` or `80%`.
///
/// # Errors
/// Rule `bad-number` or `ambiguous-number`; rule `bad-coefficient` outside -1 to 1.
pub fn parse_coefficient(text: &str, mark: DecimalMark) -> Result<f64, Fault> {
    let value = parse_fraction(text, mark)?;
    let is_fine = (-1.0..=1.0).contains(&value);
    is_fine.then_some(value).ok_or_else(|| Fault::new("bad-coefficient", "expected a coefficient from -1 to 1"))
}

/// A number, or one in percent.
fn parse_fraction(text: &str, mark: DecimalMark) -> Result<f64, Fault> {
    let (number, unit) = match text.trim().strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    Ok(parse_decimal(number, mark)?.to_f64() / unit)
}
