//! Dates and times of the civil calendar in the forms that planning tools and spreadsheets write.

use jiff::civil::{Date, Weekday};

use super::Fault;
use crate::plan::draft::DateOrder;
use crate::units::{MINUTES_PER_DAY, Minutes, Moment};

/// A date, with a time of day if the cell gives one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilCell {
    /// The date.
    pub date: Date,
    /// Minutes since midnight, 0 to 1440.
    pub minute: Option<u16>,
}

impl CivilCell {
    /// What the cell means as the beginning of something: a date alone is its midnight.
    ///
    /// # Errors
    /// Rule `out-of-range` after [`Moment::MAX`].
    pub fn start(self) -> Result<Moment, Fault> {
        self.at(self.minute.unwrap_or(0).into())
    }

    /// What the cell means as the end of something: a date alone lasts until the next midnight.
    ///
    /// # Errors
    /// Rule `out-of-range` after [`Moment::MAX`].
    pub fn end(self) -> Result<Moment, Fault> {
        self.at(self.minute.map_or(MINUTES_PER_DAY, i64::from))
    }

    fn at(self, minute: i64) -> Result<Moment, Fault> {
        let moment = Moment::midnight(self.date) + Minutes(minute);
        if (Moment::MIN..=Moment::MAX).contains(&moment) {
            Ok(moment)
        } else {
            Err(Fault::new("out-of-range", format!("dates must lie before {}", Moment::MAX)))
        }
    }
}

/// Cells longer than this are no dates; bounds the work on hostile ones.
const LONGEST_DATE: usize = 64;

/// Parses a date with an optional time: `2026-03-02`, `2026-03-02 13:00`, `2 Mar 2026`, `Mar 2, 2026 1:30 PM`,
/// `17.10.2014` (always day first), `Fri 17/10/14`.
///
/// Numbers with slashes or hyphens that end in the year are day first or month first: a part above 12, the weekday, or
/// else `order` decides. Two-digit years mean 1970 to 2069.
///
/// # Errors
/// Rule `ambiguous-date` if nothing decides; rule `impossible-date` if there is no such day or it is another weekday;
/// rule `bad-date` if it is no date at all.
pub fn parse_civil(text: &str, order: Option<DateOrder>) -> Result<CivilCell, Fault> {
    let text = text.trim();
    if let Some(date) = parse_iso_date(text) {
        return Ok(CivilCell { date: date?, minute: None });
    }
    if text.len() > LONGEST_DATE {
        return Err(bad_date());
    }
    // P6 marks dates that a constraint has set with a star.
    let tokens = tokens(text.strip_suffix('*').unwrap_or(text))?;
    let mut numbers: Vec<&str> = Vec::new();
    let mut parts: Option<(char, Vec<&str>)> = None;
    let (mut month_at, mut weekday, mut minute) = (None, None, None);
    for token in tokens {
        match token {
            Token::Clock(at) if minute.is_none() => minute = Some(at),
            Token::Number(number) => numbers.push(number),
            Token::Parts(separator, list) if parts.is_none() => parts = Some((separator, list)),
            Token::Month(month) if month_at.is_none() => month_at = Some((numbers.len(), month)),
            Token::Weekday(day) if weekday.is_none() => weekday = Some(day),
            _ => return Err(bad_date()),
        }
    }
    let date = match (parts, month_at) {
        (Some((separator, parts)), None) if numbers.is_empty() => date_of_parts(separator, &parts, weekday, order)?,
        (None, Some((at, month))) if numbers.len() == 2 => {
            let (first, second) = (numbers[0], numbers[1]);
            let (day, year) = if at < 2 && first.len() == 4 { (second, first) } else { (first, second) };
            day_month_year(day, month, year)?
        }
        (None, None) if numbers.len() == 1 && numbers[0].len() == 5 => {
            return Err(bad_date().with_hint("the number of a spreadsheet's date: format the column as a date"));
        }
        _ => return Err(bad_date()),
    };
    match weekday {
        Some(weekday) if weekday != date.weekday() => {
            Err(Fault::new("impossible-date", format!("{date} is a {:?}, not a {weekday:?}", date.weekday())))
        }
        _ => Ok(CivilCell { date, minute }),
    }
}

/// Parses a date or `date..date`.
///
/// # Returns
/// First and last date, which may be the same or in the wrong order.
///
/// # Errors
/// As [`parse_civil`]; rule `bad-date` if one of them has a time.
pub fn parse_date_range(text: &str, order: Option<DateOrder>) -> Result<(Date, Date), Fault> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let day = |text: &str| {
        let cell = parse_civil(text, order)?;
        if cell.minute.is_some() {
            return Err(Fault::new("bad-date", "expected a date without a time"));
        }
        Ok(cell.date)
    };
    Ok((day(from)?, day(to)?))
}

/// The commonest form, `2026-03-02`, without ado; `None` if the text has another form.
fn parse_iso_date(text: &str) -> Option<Result<Date, Fault>> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let digit = |at: usize| bytes[at].is_ascii_digit().then(|| i16::from(bytes[at] - b'0'));
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = digit(0)? * 1000 + digit(1)? * 100 + digit(2)? * 10 + digit(3)?;
    let (month, day) = (digit(5)? * 10 + digit(6)?, digit(8)? * 10 + digit(9)?);
    Some(make_date(year, month, day))
}

enum Token<'a> {
    Clock(u16),
    Number(&'a str),
    Parts(char, Vec<&'a str>),
    Month(i16),
    Weekday(Weekday),
}

fn tokens(text: &str) -> Result<Vec<Token<'_>>, Fault> {
    let mut found = Vec::new();
    let mut words = text.split([' ', ',', '\t', '\u{a0}', '\u{202f}']).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        // `2026-03-02T13:00`
        let (word, clock) = match word.split_once(['T', 't']) {
            Some((date, clock)) if date.ends_with(|c: char| c.is_ascii_digit()) && !clock.is_empty() => {
                (date, Some(clock))
            }
            _ => (word, None),
        };
        if word.contains(':') || words.peek().is_some_and(|next| meridiem(next).is_some()) || ends_in_meridiem(word) {
            let next = words.peek().copied().filter(|next| meridiem(next).is_some());
            if next.is_some() {
                words.next();
            }
            found.push(Token::Clock(parse_clock_words(word, next)?));
        } else if let Some(month) = name_index(word, &MONTHS) {
            found.push(Token::Month(month as i16 + 1));
        } else if let Some(day) = parse_weekday(word) {
            found.push(Token::Weekday(day));
        } else if let Some(separator) = word.chars().find(|c| matches!(c, '/' | '-' | '.')) {
            let parts: Vec<&str> = word.split(separator).collect();
            match parts[..] {
                // `2.` as in `2. Mar 2026`
                [number, ""] if separator == '.' => found.push(Token::Number(number)),
                [_, _, _] => found.push(Token::Parts(separator, parts)),
                _ => return Err(bad_date()),
            }
        } else {
            found.push(Token::Number(word));
        }
        if let Some(clock) = clock {
            found.push(Token::Clock(parse_clock_words(clock, None)?));
        }
    }
    Ok(found)
}

fn date_of_parts(
    separator: char,
    parts: &[&str],
    weekday: Option<Weekday>,
    order: Option<DateOrder>,
) -> Result<Date, Fault> {
    let &[first, second, third] = parts else { return Err(bad_date()) };
    if let Some(month) = name_index(second, &MONTHS) {
        let (day, year) = if first.len() == 4 { (third, first) } else { (first, third) };
        return day_month_year(day, month as i16 + 1, year);
    }
    if let Some(month) = name_index(first, &MONTHS) {
        return day_month_year(second, month as i16 + 1, third);
    }
    let read = |order| match order {
        DateOrder::DayMonthYear => day_month_year(first, small(second)?, third),
        DateOrder::MonthDayYear => day_month_year(second, small(first)?, third),
        DateOrder::YearMonthDay => day_month_year(third, small(second)?, first),
    };
    if first.len() == 4 {
        return read(DateOrder::YearMonthDay);
    }
    if separator == '.' {
        return read(DateOrder::DayMonthYear);
    }
    if let Some(order) = order {
        return match read(order) {
            Err(fault) if fault.rule == "impossible-date" && third.len() == 4 && order == DateOrder::YearMonthDay => {
                Err(fault.with_hint("the year comes last here, but --date-format says ymd"))
            }
            result => result,
        };
    }
    let mut readings = vec![read(DateOrder::DayMonthYear), read(DateOrder::MonthDayYear)];
    if separator == '-' && third.len() <= 2 {
        // `26-03-02` is how many write the ISO form in short.
        readings.push(read(DateOrder::YearMonthDay));
    }
    let fault = readings.iter().find_map(|reading| reading.clone().err());
    let mut dates: Vec<Date> = readings.into_iter().flatten().collect();
    dates.sort_unstable();
    dates.dedup();
    if let Some(weekday) = weekday
        && dates.len() > 1
    {
        dates.retain(|date| date.weekday() == weekday);
        if dates.is_empty() {
            return Err(Fault::new("impossible-date", format!("is no {weekday:?}, however it is read")));
        }
    }
    match (&dates[..], fault) {
        ([date], _) => Ok(*date),
        ([], Some(fault)) => Err(fault),
        _ => Err(Fault::new("ambiguous-date", "day and month could be either way round")
            .with_hint("say which with --date-format dmy, mdy or ymd, or write dates as 2026-03-02")),
    }
}

fn day_month_year(day: &str, month: i16, year: &str) -> Result<Date, Fault> {
    let year_number = match year.len() {
        1 | 2 | 4 => small(year)?,
        _ => return Err(bad_date()),
    };
    let year_number = match (year.len(), year_number) {
        (4, year) => year,
        (_, year) if year < 70 => 2000 + year,
        (_, year) => 1900 + year,
    };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|suffix| day.strip_suffix(suffix)).unwrap_or(day);
    make_date(year_number, month, small(day)?)
}

fn make_date(year: i16, month: i16, day: i16) -> Result<Date, Fault> {
    let impossible = || Fault::new("impossible-date", "there is no such day");
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else { return Err(impossible()) };
    Date::new(year, month, day).ok().filter(|date| date.year() >= 1).ok_or_else(impossible)
}

/// A number of at most four digits.
fn small(text: &str) -> Result<i16, Fault> {
    if text.is_empty() || text.len() > 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad_date());
    }
    text.parse().map_err(|_| bad_date())
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A weekday by its English name or at least the first three letters of it.
pub(super) fn parse_weekday(word: &str) -> Option<Weekday> {
    let index = name_index(word, &WEEKDAYS)?;
    Weekday::from_monday_zero_offset(index as i8).ok()
}

fn name_index(word: &str, names: &[&str]) -> Option<usize> {
    let word = word.strip_suffix('.').unwrap_or(word);
    if word.len() < 3 {
        return None;
    }
    names.iter().position(|name| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))
}

/// True for PM.
fn meridiem(word: &str) -> Option<bool> {
    let is = |names: [&str; 2]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    if is(["pm", "p.m."]) {
        Some(true)
    } else if is(["am", "a.m."]) {
        Some(false)
    } else {
        None
    }
}

fn ends_in_meridiem(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        && word.len() > 2
        && word.get(word.len() - 2..).is_some_and(|end| meridiem(end).is_some())
}

/// Parses a time of day: `13:00`, `1:30 PM`, `8`, `08:00:00`.
///
/// # Returns
/// Minutes since midnight, 0 to 1440; seconds are dropped.
///
/// # Errors
/// Rule `bad-time`.
pub(super) fn parse_clock(text: &str) -> Result<u16, Fault> {
    let text = text.trim();
    match text.rsplit_once(char::is_whitespace) {
        Some((clock, word)) if meridiem(word).is_some() => parse_clock_words(clock.trim_end(), Some(word)),
        _ => parse_clock_words(text, None),
    }
}

fn parse_clock_words(clock: &str, word: Option<&str>) -> Result<u16, Fault> {
    let bad = || Fault::new("bad-time", "expected a time of day such as `13:00` or `1:00 PM`");
    let (clock, afternoon) = match word {
        None if ends_in_meridiem(clock) => {
            let (clock, word) = clock.split_at(clock.len() - 2);
            (clock, meridiem(word))
        }
        _ => (clock, word.and_then(meridiem)),
    };
    if clock.ends_with(['Z', 'z']) || clock.contains(['+', '-']) {
        return Err(Fault::new("bad-time", "times are civil ones, without a time zone").with_hint("leave the zone out"));
    }
    let mut parts = clock.split(':');
    let number = |text: &str| -> Option<u16> {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse().ok() } else { None }
    };
    let hour_text = parts.next().ok_or_else(bad)?;
    let (mut hour, minute) = match parts.next() {
        Some(minute) => (number(hour_text).ok_or_else(bad)?, number(minute).ok_or_else(bad)?),
        // `0800`
        None if hour_text.len() == 4 && hour_text.is_ascii() => {
            (number(&hour_text[..2]).ok_or_else(bad)?, number(&hour_text[2..]).ok_or_else(bad)?)
        }
        None => (number(hour_text).ok_or_else(bad)?, 0),
    };
    if let Some(seconds) = parts.next() {
        let whole = seconds.split(['.', ',']).next().unwrap_or(seconds);
        if number(whole).is_none_or(|seconds| seconds > 59) {
            return Err(bad());
        }
    }
    if parts.next().is_some() || minute > 59 {
        return Err(bad());
    }
    match afternoon {
        Some(_) if !(1..=12).contains(&hour) => return Err(bad()),
        Some(true) => hour = hour % 12 + 12,
        Some(false) => hour %= 12,
        None => {}
    }
    let minutes = hour * 60 + minute;
    if minutes > MINUTES_PER_DAY as u16 { Err(bad()) } else { Ok(minutes) }
}

fn bad_date() -> Fault {
    Fault::new("bad-date", "expected a date such as `2026-03-02` or `2026-03-02 13:00`")
}
