//! No text makes a parser panic, and values read back as they print.

use super::*;

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
