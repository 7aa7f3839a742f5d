//! Dates, days and hours.

use super::*;

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
