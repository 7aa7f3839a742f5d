//! Accepted and refused forms of every notation, and that no text makes a parser panic.

use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::*;
use crate::plan::calendar::Shift;
use crate::plan::draft::{DateOrder, DecimalMark};
use crate::plan::{
    ConstraintKind, Distribution, Duration, Lag, LagAmount, LagCalendar, LinkKind, Pause, ResourceKind, ThreePoint,
    TimeUnit,
};
use crate::units::{Amount, Minutes, Moment, Money, Rate, Share};

const POINT: DecimalMark = DecimalMark::Point;
const COMMA: DecimalMark = DecimalMark::Comma;
const UNKNOWN: DecimalMark = DecimalMark::Unknown;

/// 8-hour days, 5-day weeks, 20-day months.
const SCALE: TimeScale = TimeScale {
    unit: TimeUnit::Day,
    minutes_per_day: Minutes(480),
    minutes_per_week: Minutes(2400),
    minutes_per_month: Minutes(9600),
};
const PERIODS: TimeScale = TimeScale {
    unit: TimeUnit::Period,
    minutes_per_day: Minutes(1),
    minutes_per_week: Minutes(5),
    minutes_per_month: Minutes(20),
};

fn rule<T>(result: Result<T, Fault>) -> &'static str {
    result.err().map_or("accepted", |fault| fault.rule)
}

#[test]
fn numbers_are_read_by_the_decimal_mark_of_their_table() {
    // Times 1000, so that three decimals show.
    let accepted = [
        ("12", POINT, 12_000),
        ("-1.5", POINT, -1_500),
        ("+1.5", POINT, 1_500),
        ("\u{2212}3", POINT, -3_000),
        (".5", POINT, 500),
        ("1,234.5", POINT, 1_234_500),
        ("1,234", POINT, 1_234_000),
        ("1 234 567", POINT, 1_234_567_000),
        ("1'234.5", POINT, 1_234_500),
        ("1.234", POINT, 1_234),
        ("1,5", COMMA, 1_500),
        ("1.234", COMMA, 1_234_000),
        ("1.234,5", COMMA, 1_234_500),
        ("1,234", COMMA, 1_234),
        ("1,5", UNKNOWN, 1_500),
        ("1.5", UNKNOWN, 1_500),
        ("1.234,5", UNKNOWN, 1_234_500),
        ("1,234.5", UNKNOWN, 1_234_500),
        ("1,234,567", UNKNOWN, 1_234_567_000),
        ("0,125", UNKNOWN, 125),
        ("1234,567", UNKNOWN, 1_234_567),
        ("999999999999999999", POINT, 0),
    ];
    for (text, mark, thousandths) in accepted {
        let number = parse_decimal(text, mark).unwrap_or_else(|fault| panic!("{text}: {}", fault.text));
        if thousandths != 0 {
            assert_eq!(number.scaled(1000), Some(thousandths), "{text} {mark:?}");
        }
    }
    let refused = [
        ("", POINT, "bad-number"),
        ("-", POINT, "bad-number"),
        ("5.", POINT, "bad-number"),
        ("1,5", POINT, "bad-number"),
        ("12,34,567", POINT, "bad-number"),
        ("1.5", COMMA, "bad-number"),
        ("1e5", POINT, "bad-number"),
        ("--5", POINT, "bad-number"),
        ("1.2.3", POINT, "bad-number"),
        ("٣", POINT, "bad-number"),
        ("1000000000000000000", POINT, "bad-number"),
        ("1,234", UNKNOWN, "ambiguous-number"),
        ("1.234", UNKNOWN, "ambiguous-number"),
        ("-12,345", UNKNOWN, "ambiguous-number"),
    ];
    for (text, mark, expected) in refused {
        assert_eq!(rule(parse_decimal(text, mark)), expected, "{text} {mark:?}");
    }
}

#[test]
fn durations_come_in_all_the_forms_of_planning_tools() {
    let working = |minutes| Duration::Working(Minutes(minutes));
    let elapsed = |minutes| Duration::Elapsed(Minutes(minutes));
    let accepted = [
        ("5d", working(2400)),
        ("5", working(2400)),
        ("0", working(0)),
        ("0d", working(0)),
        ("2w", working(4800)),
        ("12h", working(720)),
        ("30m", working(30)),
        ("1mo", working(9600)),
        ("3ed", elapsed(4320)),
        ("10em", elapsed(10)),
        ("2eh", elapsed(120)),
        ("1ew", elapsed(10_080)),
        ("1emo", elapsed(43_200)),
        ("5d?", working(2400)),
        ("2 days?", working(960)),
        ("5 days", working(2400)),
        ("1.5 wks", working(3600)),
        ("1 MONTH", working(9600)),
        ("2 mons", working(19_200)),
        ("3 dys", working(1440)),
        ("4 hrs", working(240)),
        ("45 mins", working(45)),
        ("2 edays", elapsed(2880)),
        ("1d 4h", working(720)),
        ("1w2d", working(3360)),
        ("PT8H", working(480)),
        ("PT8H0M0S", working(480)),
        ("P1DT2H", working(600)),
        ("P1W", working(2400)),
        ("P1M", working(9600)),
        ("PT1.5H", working(90)),
        ("-2d", working(-960)),
        ("0.33d", working(158)), // 0.33 * 480 = 158.4
        ("1,000h", working(60_000)),
    ];
    for (text, expected) in accepted {
        assert_eq!(parse_duration(text, &SCALE, POINT), Ok(expected), "{text}");
    }
    let refused = [
        ("", "bad-duration"),
        ("d", "bad-duration"),
        ("5x", "bad-duration"),
        ("5M", "bad-duration"),
        ("five days", "bad-duration"),
        ("1d 2ed", "bad-duration"),
        ("1d 4", "bad-duration"),
        ("1.2.3d", "bad-number"),
        ("P", "bad-duration"),
        ("PT", "bad-duration"),
        ("P1Y", "bad-duration"),
        ("PTT1H", "bad-duration"),
        ("P1H", "bad-duration"),
        ("0.001h", "out-of-range"),
        ("400000d", "accepted"),
        ("999999999w", "out-of-range"),
        ("999999999999999999mo", "out-of-range"),
        ("--2d", "bad-duration"),
    ];
    for (text, expected) in refused {
        assert_eq!(rule(parse_duration(text, &SCALE, POINT)), expected, "{text}");
    }
    assert_eq!(parse_duration("1,5d", &SCALE, COMMA), Ok(working(720)));
    assert_eq!(rule(parse_duration("1,234h", &SCALE, UNKNOWN)), "ambiguous-number");
    let hours = TimeScale { unit: TimeUnit::Hour, ..SCALE };
    assert_eq!(parse_duration("3", &hours, POINT), Ok(working(180)));
    assert_eq!(parse_duration("7", &PERIODS, POINT), Ok(working(7)));
    assert_eq!(rule(parse_duration("7d", &PERIODS, POINT)), "bad-duration");
    assert_eq!(rule(parse_duration("1.5", &PERIODS, POINT)), "bad-duration");
}

#[test]
fn lags_are_signed_spans_or_shares() {
    let lag = |amount, calendar| Ok(Lag { amount, calendar });
    let minutes = |minutes| LagAmount::Minutes(Minutes(minutes));
    let accepted = [
        ("+2d", minutes(960), LagCalendar::Successor),
        ("2d", minutes(960), LagCalendar::Successor),
        ("-10d", minutes(-4800), LagCalendar::Successor),
        ("+ 2 days", minutes(960), LagCalendar::Successor),
        ("3ed", minutes(4320), LagCalendar::TwentyFourHours),
        ("-1", minutes(-480), LagCalendar::Successor),
        ("50%", LagAmount::Percent(Share(5000)), LagCalendar::Successor),
        ("-25%", LagAmount::Percent(Share(-2500)), LagCalendar::Successor),
        ("12.5 %", LagAmount::Percent(Share(1250)), LagCalendar::Successor),
        ("50e%", LagAmount::Percent(Share(5000)), LagCalendar::TwentyFourHours),
    ];
    for (text, amount, calendar) in accepted {
        assert_eq!(parse_lag(text, &SCALE, POINT), lag(amount, calendar), "{text}");
    }
    for (text, expected) in
        [("", "bad-lag"), ("soon", "bad-lag"), ("%", "bad-number"), ("99999%", "out-of-range"), ("+-2d", "bad-lag")]
    {
        assert_eq!(rule(parse_lag(text, &SCALE, POINT)), expected, "{text}");
    }
}

fn predecessors(cell: &str, ids: &[&'static str], mark: DecimalMark) -> Result<Vec<String>, Vec<&'static str>> {
    let names: Names<'_, usize> = ids.iter().enumerate().map(|(at, &id)| (id, at)).collect();
    let mut found = Vec::new();
    let faults = parse_predecessors(cell, &names, &SCALE, mark, &mut found);
    if !faults.is_empty() {
        return Err(faults.iter().map(|fault| fault.rule).collect());
    }
    let shown = |link: &Predecessor<usize>| {
        let lag = match link.lag.amount {
            LagAmount::Minutes(Minutes(0)) => String::new(),
            LagAmount::Minutes(Minutes(minutes)) => format!("{minutes:+}"),
            LagAmount::Percent(share) => format!("+{share}"),
        };
        let clock = if link.lag.calendar == LagCalendar::TwentyFourHours { "e" } else { "" };
        format!("{} {}{lag}{clock}", ids[link.task], link.kind.code())
    };
    Ok(found.iter().map(shown).collect())
}

#[test]
fn predecessors_are_read_as_every_planner_writes_them() {
    let ids = ["A", "B", "C", "3", "8", "5", "7"];
    let accepted: &[(&str, &[&str])] = &[
        ("", &[]),
        ("A", &["A FS"]),
        ("A;B", &["A FS", "B FS"]),
        (" A ; ; B ;", &["A FS", "B FS"]),
        ("A,B", &["A FS", "B FS"]),
        ("A, 3FS+2 days", &["A FS", "3 FS+960"]),
        ("A FS+2d", &["A FS+960"]),
        ("A fs + 2d", &["A FS+960"]),
        ("3SS-50%", &["3 SS+-50%"]),
        ("8-1", &["8 FS-480"]),
        ("B FF+1w", &["B FF+2400"]),
        ("C FS+3ed", &["C FS+4320e"]),
        ("7FS20%", &["7 FS+20%"]),
        ("5SS", &["5 SS"]),
        ("A SF", &["A SF"]),
        ("6FF-10d;A", &[]),
        ("A FS+PT8H", &["A FS+480"]),
        ("A\nB", &["A FS", "B FS"]),
    ];
    for (cell, expected) in accepted {
        if !expected.is_empty() || cell.is_empty() {
            let expected: Vec<String> = expected.iter().map(|item| item.to_string()).collect();
            assert_eq!(predecessors(cell, &ids, POINT), Ok(expected), "{cell}");
        }
    }
    let refused: &[(&str, &[&str])] = &[
        ("D", &["unknown-task"]),
        ("6FF-10d;A", &["unknown-task"]),
        ("A XX+2d", &["unknown-task"]),
        ("A FS+2x", &["bad-duration"]),
        ("A FS two", &["bad-link"]),
        ("A;D;E FS", &["unknown-task", "unknown-task"]),
        ("FS", &["unknown-task"]),
        ("+2d", &["unknown-task"]),
    ];
    for (cell, expected) in refused {
        assert_eq!(predecessors(cell, &ids, POINT), Err(expected.to_vec()), "{cell}");
    }
}

#[test]
fn an_exact_id_wins_over_any_other_reading() {
    let ids = ["A", "A FS", "8", "8-1", "PROOF", "site works", "x,y", "STAFF", "a;b"];
    for (cell, expected) in [
        ("A FS", "A FS FS"),
        ("A FS+1d", "A FS FS+480"),
        ("8-1", "8-1 FS"),
        ("8-1-1", "8-1 FS-480"),
        ("PROOF", "PROOF FS"),
        ("PROOF FF", "PROOF FF"),
        ("site works SS+1d", "site works SS+480"),
        ("STAFFFF", "STAFF FF"),
        ("x,y", "x,y FS"),
        ("x,y FS+1d", "x,y FS+480"),
        ("a;b", "a;b FS"),
    ] {
        assert_eq!(predecessors(cell, &ids, POINT), Ok(vec![expected.to_owned()]), "{cell}");
    }
}

#[test]
fn an_unknown_predecessor_is_named_without_its_lag() {
    let names: Names<'_, usize> = [("design", 0)].into_iter().collect();
    for (cell, part) in
        [("desgin FS+2d", "desgin"), ("desginFS+2d", "desgin"), ("7FS", "7"), ("T-1", "T-1"), ("PROOF", "PROOF")]
    {
        let faults = parse_predecessors(cell, &names, &SCALE, POINT, &mut Vec::new());
        assert_eq!(faults[0].part.as_deref(), Some(part), "{cell}");
    }
}

#[test]
fn a_comma_in_a_list_is_a_separator_or_a_decimal_mark() {
    let ids = ["A", "5", "B"];
    assert_eq!(predecessors("A+1,5d", &ids, COMMA), Ok(vec!["A FS+720".to_owned()]));
    assert_eq!(predecessors("A+1,5", &ids, POINT), Ok(vec!["A FS+480".to_owned(), "5 FS".to_owned()]));
    assert_eq!(predecessors("A+1,5", &ids, UNKNOWN), Err(vec!["ambiguous-number"]));
    assert!(predecessors("A+1,5d,B", &ids, COMMA).is_err());
}

fn demands(cell: &str, mark: DecimalMark) -> Result<Vec<String>, Vec<&'static str>> {
    let ids = ["ana", "dev", "cement", "Ana Smith", "Ben", "a*2"];
    let resources: Names<'_, usize> = ids.iter().enumerate().map(|(at, &id)| (id, at)).collect();
    let skills: Names<'_, usize> = [("rust", 0), ("site lead", 1)].into_iter().collect();
    let mut found = Vec::new();
    let faults = parse_demands(cell, &resources, &skills, mark, &mut found);
    if !faults.is_empty() {
        return Err(faults.iter().map(|fault| fault.rule).collect());
    }
    let shown = |demand: &DemandCell<usize, usize>| match demand.name {
        DemandName::Resource(at) => format!("{}={}", ids[at], demand.amount),
        DemandName::Skill(at) => format!("skill {}={}", ["rust", "site lead"][at], demand.amount),
    };
    Ok(found.iter().map(shown).collect())
}

#[test]
fn resources_are_read_with_their_units() {
    let accepted: &[(&str, &[&str])] = &[
        ("ana", &["ana=1"]),
        ("ana;dev*2", &["ana=1", "dev=2"]),
        ("dev * 2", &["dev=2"]),
        ("ana 50%", &["ana=0.5"]),
        ("ana 50 %", &["ana=0.5"]),
        ("Ana Smith 50%", &["Ana Smith=0.5"]),
        ("Ana Smith[50%],Ben", &["Ana Smith=0.5", "Ben=1"]),
        ("ana, Ben", &["ana=1", "Ben=1"]),
        ("dev[2]", &["dev=2"]),
        ("skill:rust*2", &["skill rust=2"]),
        ("skill: site lead", &["skill site lead=1"]),
        ("SKILL:rust[50%]", &["skill rust=0.5"]),
        ("cement*12", &["cement=12"]),
        ("cement[12 t]", &["cement=12"]),
        ("cement[1,500 kg],Ben", &["cement=1500", "Ben=1"]),
        ("a*2", &["a*2=1"]),
        ("none", &[]),
        ("dev*0.5", &["dev=0.5"]),
    ];
    for (cell, expected) in accepted {
        let expected: Vec<String> = expected.iter().map(|item| item.to_string()).collect();
        assert_eq!(demands(cell, POINT), Ok(expected), "{cell}");
    }
    assert_eq!(demands("dev*1,5;Ben", COMMA), Ok(vec!["dev=1.5".to_owned(), "Ben=1".to_owned()]));
    let refused: &[(&str, &[&str])] = &[
        ("bob", &["unknown-resource"]),
        ("rust", &["unknown-resource"]),
        ("skill:ana", &["unknown-skill"]),
        ("skill:", &["unknown-skill"]),
        ("dev*two", &["bad-number"]),
        ("dev*", &["bad-number"]),
        ("dev*99999999999", &["out-of-range"]),
        ("bob*2,tom", &["unknown-resource", "unknown-resource"]),
    ];
    for (cell, expected) in refused {
        assert_eq!(demands(cell, POINT), Err(expected.to_vec()), "{cell}");
    }
    assert_eq!(names_of_demands("Ana[50%],Ben;skill:x;none; dev*2").collect::<Vec<_>>(), ["Ana", "Ben", "dev"]);
}

#[test]
fn dates_are_read_in_the_forms_of_spreadsheets_and_tools() {
    let day = date(2026, 3, 2); // a Monday
    let at = |date: Date, minute| CivilCell { date, minute };
    let accepted = [
        ("2026-03-02", at(day, None)),
        ("2026-03-02 13:00", at(day, Some(780))),
        ("2026-03-02T13:00:00", at(day, Some(780))),
        ("2026-03-02T13:00:59.999", at(day, Some(780))),
        ("2026/03/02", at(day, None)),
        ("2026.03.02", at(day, None)),
        ("2 Mar 2026", at(day, None)),
        ("2. March 2026", at(day, None)),
        ("2nd March 2026", at(day, None)),
        ("Mar 2, 2026", at(day, None)),
        ("Mon, Mar 2 2026 1:30 PM", at(day, Some(810))),
        ("Monday 2 March 2026 12:00 AM", at(day, Some(0))),
        ("2-Mar-26", at(day, None)),
        ("02-Mar-26*", at(day, None)),
        ("2026-Mar-02", at(day, None)),
        ("2 Mar 26 8am", at(day, Some(480))),
        ("2026-03-02 24:00", at(day, Some(1440))),
        ("17.10.2014", at(date(2014, 10, 17), None)),
        ("1.2.2026", at(date(2026, 2, 1), None)),
        ("Fri 17/10/14", at(date(2014, 10, 17), None)),
        ("Mon 02/03/26", at(day, None)),
        ("Tue 02/03/26", at(date(2026, 2, 3), None)),
        ("17/10/2014", at(date(2014, 10, 17), None)),
        ("10/17/2014", at(date(2014, 10, 17), None)),
        ("05/05/2026", at(date(2026, 5, 5), None)),
        ("31/12/69", at(date(2069, 12, 31), None)),
        ("31/12/70", at(date(1970, 12, 31), None)),
    ];
    for (text, expected) in accepted {
        assert_eq!(parse_civil(text, None), Ok(expected), "{text}");
    }
    let refused = [
        ("", "bad-date"),
        ("soon", "bad-date"),
        ("2026-02-30", "impossible-date"),
        ("30 Feb 2026", "impossible-date"),
        ("31/02/2026", "impossible-date"),
        ("0000-01-01", "impossible-date"),
        ("Tue 2026-03-02", "impossible-date"),
        ("Mon 17/10/14", "impossible-date"), // a Friday
        ("Fri 02/03/26", "impossible-date"),
        ("03/04/2026", "ambiguous-date"),
        ("03-04-2026", "ambiguous-date"),
        ("03/04/26", "ambiguous-date"),
        ("26-03-02", "ambiguous-date"),
        ("46083", "bad-date"),
        ("2026-03", "bad-date"),
        ("2026-03-02 25:00", "bad-time"),
        ("2026-03-02 13:00 PM", "bad-time"),
        ("2026-03-02T13:00:00Z", "bad-time"),
        ("2026-03-02T13:00:00+02:00", "bad-time"),
        ("1 2 3 4", "bad-date"),
        ("Mar 2026", "bad-date"),
        ("99999-01-01", "bad-date"),
    ];
    for (text, expected) in refused {
        assert_eq!(rule(parse_civil(text, None)), expected, "{text}");
    }
    let fault = parse_civil("03/04/2026", None).expect_err("ambiguous");
    assert!(fault.hint.expect("says what to do").contains("--date-format"));
}

#[test]
fn a_given_date_order_decides_and_binds() {
    let read = |text, order| parse_civil(text, Some(order)).map(|cell| cell.date);
    assert_eq!(read("03/04/2026", DateOrder::DayMonthYear), Ok(date(2026, 4, 3)));
    assert_eq!(read("03/04/2026", DateOrder::MonthDayYear), Ok(date(2026, 3, 4)));
    assert_eq!(read("26/03/04", DateOrder::YearMonthDay), Ok(date(2026, 3, 4)));
    assert_eq!(rule(read("17/10/2014", DateOrder::MonthDayYear)), "impossible-date");
    assert_eq!(read("17.10.2014", DateOrder::MonthDayYear), Ok(date(2014, 10, 17)));
    assert_eq!(read("2026-03-04", DateOrder::DayMonthYear), Ok(date(2026, 3, 4)));
}

#[test]
fn a_date_alone_begins_at_its_midnight_and_ends_at_the_next() {
    let cell = parse_civil("2026-03-02", None).expect("a date");
    assert_eq!(cell.start(), Ok(Moment::midnight(date(2026, 3, 2))));
    assert_eq!(cell.end(), Ok(Moment::midnight(date(2026, 3, 3))));
    let timed = parse_civil("2026-03-02 13:00", None).expect("a date");
    assert_eq!(timed.start(), timed.end());
    let last = parse_civil("9999-12-31", None).expect("a date");
    assert_eq!((last.start(), rule(last.end())), (Ok(Moment::MAX), "out-of-range"));
}

#[test]
fn date_ranges_have_two_ends() {
    assert_eq!(parse_date_range("2026-12-24..2027-01-01", None), Ok((date(2026, 12, 24), date(2027, 1, 1))));
    assert_eq!(parse_date_range("2026-12-24 .. 2026-12-24", None), Ok((date(2026, 12, 24), date(2026, 12, 24))));
    assert_eq!(rule(parse_date_range("2026-12-24..", None)), "bad-date");
    assert_eq!(rule(parse_date_range("2026-12-24 13:00", None)), "bad-date");
}

#[test]
fn days_of_a_calendar_are_weekdays_or_dates() {
    assert_eq!(parse_day("mon", None), Ok(DayCell::Weekdays(Weekday::Monday, Weekday::Monday)));
    assert_eq!(parse_day("Thursday", None), Ok(DayCell::Weekdays(Weekday::Thursday, Weekday::Thursday)));
    assert_eq!(parse_day("mon..fri", None), Ok(DayCell::Weekdays(Weekday::Monday, Weekday::Friday)));
    assert_eq!(parse_day("Mon-Fri", None), Ok(DayCell::Weekdays(Weekday::Monday, Weekday::Friday)));
    assert_eq!(parse_day("2026-12-24", None), Ok(DayCell::Dates(date(2026, 12, 24), date(2026, 12, 24))));
    assert_eq!(rule(parse_day("someday", None)), "bad-day");
    assert_eq!(rule(parse_day("03/04/2026", None)), "ambiguous-date");
}

#[test]
fn hours_are_shifts_in_order() {
    let shift = |start_minute, finish_minute| Shift { start_minute, finish_minute };
    let accepted = [
        ("08:00-12:00;13:00-17:00", vec![shift(480, 720), shift(780, 1020)]),
        ("13:00-17:00, 8-12", vec![shift(480, 720), shift(780, 1020)]),
        ("8:00 AM - 12:00 PM", vec![shift(480, 720)]),
        ("0800-1200", vec![shift(480, 720)]),
        ("22:00-06:00", vec![shift(1320, 1800)]),
        ("12:00-00:00", vec![shift(720, 1440)]),
        ("0-24", vec![shift(0, 1440)]),
        ("24h", vec![shift(0, 1440)]),
        ("off", vec![]),
        ("8-12;12-16", vec![shift(480, 720), shift(720, 960)]),
    ];
    for (text, expected) in accepted {
        assert_eq!(parse_hours(text), Ok(expected), "{text}");
    }
    for (text, expected) in [
        ("", "bad-hours"),
        (";", "bad-hours"),
        ("8", "bad-hours"),
        ("8-25", "bad-hours"),
        ("8-8", "bad-hours"),
        ("24:00-06:00", "bad-hours"),
        ("whenever", "bad-hours"),
        ("8-12;11-13", "overlapping-shifts"),
        ("22:00-06:00;23:00-23:30", "overlapping-shifts"),
    ] {
        assert_eq!(rule(parse_hours(text)), expected, "{text}");
    }
}

#[test]
fn money_is_read_with_and_without_its_currency() {
    for (text, cents) in [
        ("1234.50", 123_450),
        ("1,234.50", 123_450),
        ("$1,234.50", 123_450),
        ("€ 100", 10_000),
        ("100 €", 10_000),
        ("EUR 100", 10_000),
        ("100EUR", 10_000),
        ("CHF 1'234.50", 123_450),
        ("(100)", -10_000),
        ("($100.00)", -10_000),
        ("-$5", -500),
        ("$-5", -500),
        ("5-", -500),
        ("0.1", 10),
        ("100.000", 10_000),
        ("1000000000000", 100_000_000_000_000),
    ] {
        assert_eq!(parse_money(text, POINT), Ok(Money(cents)), "{text}");
    }
    assert_eq!(parse_money("1.234,50 €", COMMA), Ok(Money(123_450)));
    for (text, expected) in [
        ("", "bad-money"),
        ("$", "bad-money"),
        ("100k", "bad-money"),
        ("free", "bad-money"),
        ("--5", "bad-money"),
        ("(-5)", "bad-money"),
        ("$5€", "bad-money"),
        ("0.125", "bad-money"),
        ("1000000000001", "money-out-of-range"),
        ("99999999999999999", "money-out-of-range"),
    ] {
        assert_eq!(rule(parse_money(text, POINT)), expected, "{text}");
    }
    assert_eq!(rule(parse_money("1,234", UNKNOWN)), "ambiguous-number");
}

#[test]
fn rates_are_prices_per_time_or_unit() {
    let rate = |money, per| Ok(Rate { money: Money(money), per: Minutes(per) });
    let work = |text| parse_rate(text, ResourceKind::Work, &SCALE, POINT);
    assert_eq!(work("85"), rate(8_500, 60));
    assert_eq!(work("85/h"), rate(8_500, 60));
    assert_eq!(work("$85.00/hr"), rate(8_500, 60));
    assert_eq!(work("600/d"), rate(60_000, 480));
    assert_eq!(work("2000 / week"), rate(200_000, 2400));
    assert_eq!(work("8000/mo"), rate(800_000, 9600));
    // 0.125 an hour is 1.25 in ten hours.
    assert_eq!(work("0.125/h"), rate(125, 600));
    assert_eq!(rule(work("85/ed")), "bad-rate");
    assert_eq!(rule(work("85/")), "bad-rate");
    assert_eq!(rule(work("0.1234567")), "bad-rate");
    let material = |text| parse_rate(text, ResourceKind::Material, &SCALE, POINT);
    assert_eq!(material("120.50"), rate(12_050, 1));
    assert_eq!(material("120.50/t"), rate(12_050, 1));
    assert_eq!(rule(material("120/h")), "bad-rate");
    assert_eq!(parse_rate("3", ResourceKind::Work, &PERIODS, POINT), rate(300, 1));
}

#[test]
fn distributions_have_their_values_in_order() {
    let read = |text: &str| {
        parse_distribution(text, POINT, |value| Ok(parse_duration(value, &SCALE, POINT)?.minutes().0 as f64))
    };
    let points = |optimistic, most_likely, pessimistic| ThreePoint { optimistic, most_likely, pessimistic };
    for (text, expected) in [
        ("pert(3d,5d,9d)", Distribution::Pert(points(1440.0, 2400.0, 4320.0))),
        ("triangular(1d; 1d; 1d)", Distribution::Triangular(points(480.0, 480.0, 480.0))),
        ("uniform(1h,2h)", Distribution::Uniform(60.0, 120.0)),
        ("lognormal(1h,2h)", Distribution::Lognormal(60.0, 120.0)),
        ("Normal (5d, 1d)", Distribution::Normal(2400.0, 480.0)),
        ("discrete(2d:0.25;5d:75%)", Distribution::Discrete(vec![(960.0, 0.25), (2400.0, 0.75)])),
        ("fixed(1d)", Distribution::Fixed(480.0)),
    ] {
        assert_eq!(read(text), Ok(DistributionCell::Full(expected)), "{text}");
    }
    assert_eq!(read("pert"), Ok(DistributionCell::Family(Family::Pert)));
    assert_eq!(read("triangular()"), Ok(DistributionCell::Family(Family::Triangular)));
    for (text, expected) in [
        ("", "bad-distribution"),
        ("gauss(1,2)", "bad-distribution"),
        ("pert(1,2)", "bad-distribution"),
        ("pert(1,2,3,4)", "bad-distribution"),
        ("pert(1,2,3", "bad-distribution"),
        ("pert(3,2,1)", "estimate-order"),
        ("uniform(2,1)", "estimate-order"),
        ("lognormal(0,1)", "estimate-order"),
        ("normal(1,-1)", "estimate-order"),
        ("pert(-1,2,3)", "negative-duration"),
        ("pert(x,2,3)", "bad-duration"),
        ("discrete(2d)", "bad-distribution"),
        ("discrete(2d:0.5)", "bad-probability"),
        ("discrete(2d:1.5;3d:-0.5)", "bad-probability"),
    ] {
        assert_eq!(rule(read(text)), expected, "{text}");
    }
}

#[test]
fn words_are_known_by_code_and_name() {
    use ConstraintKind::*;
    for (text, kind) in [
        ("SNET", StartNoEarlierThan),
        ("Start No Earlier Than", StartNoEarlierThan),
        ("must start on", MustStartOn),
        ("must_finish_on", MustFinishOn),
        ("ASAP", AsSoonAsPossible),
        ("As Late As Possible", AsLateAsPossible),
        ("fnlt", FinishNoLaterThan),
        ("FNET", FinishNoEarlierThan),
        ("snlt", StartNoLaterThan),
    ] {
        assert_eq!(parse_constraint_kind(text), Ok(kind), "{text}");
    }
    assert_eq!(rule(parse_constraint_kind("sometime")), "bad-constraint");
    assert_eq!(parse_link_kind("Finish-to-Start"), Ok(LinkKind::FinishToStart));
    assert_eq!(parse_link_kind("ss"), Ok(LinkKind::StartToStart));
    assert_eq!(rule(parse_link_kind("XX")), "bad-link");
    assert_eq!(parse_pause("breaks"), Ok(Pause::Breaks));
    assert_eq!(parse_pause("no"), Ok(Pause::Never));
    assert_eq!(rule(parse_pause("maybe")), "bad-pause");
    assert_eq!(parse_resource_kind("Material"), Ok(ResourceKind::Material));
    assert_eq!(rule(parse_resource_kind("ghost")), "bad-kind");
    assert_eq!(parse_priority("1000", POINT), Ok(1000));
    assert_eq!(parse_priority("High", POINT), Ok(700));
    assert_eq!(rule(parse_priority("1001", POINT)), "bad-priority");
    assert_eq!(parse_time_unit("hours"), Ok(TimeUnit::Hour));
    assert_eq!(rule(parse_time_unit("fortnight")), "bad-time-unit");
    assert_eq!(parse_lag_calendar("24h"), Some(LagCalendar::TwentyFourHours));
    assert_eq!(parse_scope("Account"), Ok("account"));
    assert_eq!(rule(parse_scope("galaxy")), "bad-scope");
}

#[test]
fn probabilities_and_amounts_have_bounds() {
    assert_eq!(parse_probability("0.3", POINT), Ok(0.3));
    assert_eq!(parse_probability("30%", POINT), Ok(0.3));
    assert_eq!(rule(parse_probability("1.5", POINT)), "bad-probability");
    assert_eq!(rule(parse_probability("-1%", POINT)), "bad-probability");
    assert_eq!(parse_amount("50%", POINT), Ok(Amount(5_000)));
    assert_eq!(parse_amount("2", POINT), Ok(Amount(20_000)));
    assert_eq!(rule(parse_amount("0.00001", POINT)), "out-of-range");
    assert_eq!(rule(parse_amount("1000000001", POINT)), "out-of-range");
}

/// Text that is likely to get far into a parser: pieces of valid forms in any order.
fn near_misses() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("A"),
        Just("A-1"),
        Just(" "),
        Just(";"),
        Just(","),
        Just("."),
        Just("-"),
        Just("+"),
        Just("%"),
        Just("FS"),
        Just("ss"),
        Just("1"),
        Just("12"),
        Just("2026"),
        Just("03"),
        Just("/"),
        Just(":"),
        Just("d"),
        Just("ed"),
        Just("mo"),
        Just("P"),
        Just("T"),
        Just("H"),
        Just("("),
        Just(")"),
        Just("["),
        Just("]"),
        Just("*"),
        Just("skill:"),
        Just("pm"),
        Just("Mar"),
        Just("Mon"),
        Just("pert"),
        Just("discrete"),
        Just(".."),
        Just("€"),
        Just("EUR"),
        Just("\u{2212}"),
        Just("é"),
        Just("e"),
        Just("?"),
        Just("999999999999999999"),
        Just("0"),
        Just("'"),
        Just("\u{a0}"),
        Just("24h"),
        Just("none"),
        Just("off"),
        Just("𝟙"),
        Just("\n")
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Calls every parser; returns what it makes of the text for nothing but being built.
fn parse_with_everything(text: &str) {
    let names: Names<'_, usize> = [("A", 0), ("A-1", 1), ("A FS", 2)].into_iter().collect();
    let skills: Names<'_, usize> = [("rust", 0)].into_iter().collect();
    for mark in [POINT, COMMA, UNKNOWN] {
        for scale in [SCALE, PERIODS] {
            let duration = parse_duration(text, &scale, mark);
            assert!(duration.is_err() || duration.is_ok_and(|it| it.minutes().0.abs() <= Minutes::MAX.0));
            let _ = parse_lag(text, &scale, mark);
            let faults = parse_predecessors(text, &names, &scale, mark, &mut Vec::new());
            assert!(faults.iter().all(|fault| fault.part.is_some()));
            let _ = parse_rate(text, ResourceKind::Work, &scale, mark).map(|rate| assert!(rate.per.0 > 0));
            let _ = parse_rate(text, ResourceKind::Material, &scale, mark);
            let _ = parse_distribution(text, mark, |value| Ok(parse_duration(value, &scale, mark)?.minutes().0 as f64));
        }
        let _ = parse_decimal(text, mark).map(|number| (number.scaled(i64::MAX), number.whole(), number.places()));
        let _ = parse_amount(text, mark);
        let _ = parse_probability(text, mark);
        let _ = parse_money(text, mark).map(|money| assert!(money.0.abs() <= Money::MAX.0));
        let _ = parse_priority(text, mark);
        parse_demands(text, &names, &skills, mark, &mut Vec::new());
    }
    for order in [None, Some(DateOrder::DayMonthYear), Some(DateOrder::MonthDayYear), Some(DateOrder::YearMonthDay)] {
        let _ = parse_civil(text, order).map(|cell| (cell.start(), cell.end()));
        let _ = parse_date_range(text, order);
        let _ = parse_day(text, order);
    }
    if let Ok(shifts) = parse_hours(text) {
        for shift in shifts {
            assert!(shift.start_minute < 1440 && shift.start_minute < shift.finish_minute);
            assert!(shift.finish_minute - shift.start_minute <= 1440);
        }
    }
    let _ = parse_constraint_kind(text);
    let _ = parse_link_kind(text);
    let _ = parse_pause(text);
    let _ = parse_resource_kind(text);
    let _ = parse_time_unit(text);
    let _ = parse_scope(text);
    let _ = parse_lag_calendar(text);
    let _ = names_of_demands(text).count();
    let _ = quoted(text);
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>()) {
        parse_with_everything(&text);
    }

    #[test]
    fn no_near_miss_makes_a_parser_panic(text in near_misses()) {
        parse_with_everything(&text);
    }

    #[test]
    fn moments_read_back_as_they_print(minute in Moment::MIN.0..=Moment::MAX.0) {
        let moment = Moment(minute);
        let cell = parse_civil(&moment.to_string(), None).expect("our own form");
        prop_assert_eq!(cell.start(), Ok(moment));
    }

    #[test]
    fn money_reads_back_as_it_prints(cents in -Money::MAX.0..=Money::MAX.0) {
        prop_assert_eq!(parse_money(&Money(cents).to_string(), POINT), Ok(Money(cents)));
    }

    #[test]
    fn amounts_and_shares_read_back_as_they_print(amount in -Amount::MAX.0..=Amount::MAX.0, share in -Share::MAX.0..=Share::MAX.0) {
        prop_assert_eq!(parse_amount(&Amount(amount).to_string(), POINT), Ok(Amount(amount)));
        let lag = parse_lag(&Share(share).to_string(), &SCALE, POINT).expect("our own form");
        prop_assert_eq!(lag.amount, LagAmount::Percent(Share(share)));
    }

    #[test]
    fn every_civil_date_reads_the_same_in_every_form(day in 1i32..700_000) {
        let date = date(1, 1, 1).checked_add(jiff::Span::new().days(day)).expect("in range");
        let (y, m, d) = (date.year(), date.month(), date.day());
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][m as usize - 1];
        for text in [
            format!("{y:04}-{m:02}-{d:02}"),
            format!("{d}.{m}.{y:04}"),
            format!("{d} {month} {y:04}"),
            format!("{month} {d}, {y:04}"),
            format!("{y:04}/{m}/{d}"),
            format!("{:?} {y:04}-{m:02}-{d:02}", date.weekday()),
        ] {
            prop_assert_eq!(parse_civil(&text, None).map(|cell| cell.date), Ok(date), "{}", text);
        }
        let text = format!("{m}/{d}/{y:04}");
        prop_assert_eq!(parse_civil(&text, Some(DateOrder::MonthDayYear)).map(|cell| cell.date), Ok(date));
    }
}
