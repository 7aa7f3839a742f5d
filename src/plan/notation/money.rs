//! Amounts of money and prices.

use super::Fault;
use super::duration::{TimeScale, parse_unit};
use super::number::{Decimal, parse_decimal};
use crate::plan::draft::DecimalMark;
use crate::plan::{ResourceKind, TimeUnit};
use crate::units::{Minutes, Money, Rate};

/// Parses an amount of money: `1234.50`, `$1,234.50`, `EUR 100`, `(100)` and `-100` (negative).
///
/// # Errors
/// Rule `bad-money` or `ambiguous-number`; rule `money-out-of-range` beyond [`Money::MAX`].
pub fn parse_money(text: &str, mark: DecimalMark) -> Result<Money, Fault> {
    let number = parse_price(text, mark)?;
    if number.places() > 2 {
        return Err(Fault::new("bad-money", "money has at most two decimals"));
    }
    in_range(number.scaled(100))
}

/// Parses a price: `85`, `85/h`, `600/d`, `2000/w`, `8000/mo`. A bare number is per hour for work, per period in a plan
/// of periods, and per unit for materials.
///
/// # Errors
/// As [`parse_money`]; rule `bad-rate` for a unit that makes no sense or a price of more than six decimals.
pub fn parse_rate(text: &str, kind: ResourceKind, scale: &TimeScale, mark: DecimalMark) -> Result<Rate, Fault> {
    let (price, unit) = match text.split_once('/') {
        Some((price, unit)) => (price, Some(unit.trim())),
        None => (text, None),
    };
    if kind == ResourceKind::Material {
        if unit.is_some_and(|unit| parse_unit(unit).is_ok()) {
            return Err(Fault::new("bad-rate", "the price of a material is for one unit of it, not for a time"));
        }
        return Ok(Rate { money: parse_money(price, mark)?, per: Minutes(1) });
    }
    let per = match (unit, scale.unit) {
        (None, TimeUnit::Period) => 1,
        (None, _) => 60,
        (Some(unit), TimeUnit::Period) if ["period", "p"].contains(&unit) => 1,
        (Some(_), TimeUnit::Period) => {
            return Err(Fault::new("bad-rate", "expected a price per period, without a unit"));
        }
        (Some(unit), _) => match parse_unit(unit) {
            Ok((false, unit)) => scale.working(unit),
            _ => return Err(Fault::new("bad-rate", "expected a price such as `85/h`, `600/d`, `2000/w` or `8000/mo`")),
        },
    };
    let price = parse_price(price, mark)?;
    // A tenth of a cent an hour is a cent in ten hours.
    let spare = price.places().saturating_sub(2);
    if spare > 4 {
        return Err(Fault::new("bad-rate", "a price has at most six decimals"));
    }
    let stretch = 10i64.pow(spare);
    Ok(Rate { money: in_range(price.scaled(100 * stretch))?, per: Minutes(per * stretch) })
}

fn in_range(cents: Option<i64>) -> Result<Money, Fault> {
    cents
        .map(Money)
        .filter(|money| money.0.abs() <= Money::MAX.0)
        .ok_or_else(|| Fault::new("money-out-of-range", format!("more than {} of the currency's units", Money::MAX)))
}

/// The number in an amount of money, its currency left out.
fn parse_price(text: &str, mark: DecimalMark) -> Result<Decimal, Fault> {
    let mut rest = text.trim();
    let (mut signs, mut currencies, mut brackets) = (0, 0, 0);
    // `-$100`, `$-100`, `($100)`, `100- EUR`: the wrappings come off one by one, each kind once.
    loop {
        let before = rest;
        if let Some(inner) = rest.strip_prefix(['-', '\u{2212}']).or_else(|| rest.strip_suffix('-')) {
            signs += 1;
            rest = inner.trim();
        }
        if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            brackets += 1;
            rest = inner.trim();
        }
        if let Some(inner) = without_currency(rest) {
            currencies += 1;
            rest = inner.trim();
        }
        if rest == before {
            break;
        }
    }
    if signs + brackets > 1 || currencies > 1 || rest.starts_with(['+', '-']) && signs > 0 {
        return Err(bad_money());
    }
    match parse_decimal(rest, mark) {
        Ok(number) if signs + brackets > 0 => Ok(-number),
        Ok(number) => Ok(number),
        Err(fault) if fault.rule == "ambiguous-number" => Err(fault),
        Err(fault) if mark == DecimalMark::Comma || fault.text.starts_with("more") => {
            Err(Fault { rule: "bad-money", ..fault })
        }
        Err(_) => Err(bad_money()),
    }
}

/// The text without a currency before or behind it, if there is one.
fn without_currency(text: &str) -> Option<&str> {
    const SYMBOLS: [&str; 26] = [
        "US$", "C$", "A$", "R$", "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₴", "₫", "₦", "₪", "₱", "฿", "Fr.", "kr.",
        "kr", "zł", "Kč", "Ft", "Fr", "lei",
    ];
    for symbol in SYMBOLS {
        if let Some(rest) = text.strip_prefix(symbol).or_else(|| text.strip_suffix(symbol)) {
            return Some(rest);
        }
    }
    let is_code = |code: &str| code.bytes().all(|byte| byte.is_ascii_uppercase());
    if let Some((_, rest)) = text.split_at_checked(3).filter(|(code, _)| is_code(code)) {
        return Some(rest);
    }
    let at = text.len().checked_sub(3)?;
    text.split_at_checked(at).filter(|(_, code)| is_code(code)).map(|(rest, _)| rest)
}

fn bad_money() -> Fault {
    Fault::new("bad-money", "expected an amount of money such as `1234.50`")
}
