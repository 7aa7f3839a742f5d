//! Numbers, durations, lags, money, rates, distributions.

use super::*;

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
fn probabilities_and_amounts_have_bounds() {
    assert_eq!(parse_probability("0.3", POINT), Ok(0.3));
    assert_eq!(parse_probability("30%", POINT), Ok(0.3));
    assert_eq!(rule(parse_probability("1.5", POINT)), "bad-probability");
    assert_eq!(rule(parse_probability("-1%", POINT)), "bad-probability");
    assert_eq!(parse_coefficient("-1", POINT), Ok(-1.0));
    assert_eq!(parse_coefficient("25%", POINT), Ok(0.25));
    assert_eq!(rule(parse_coefficient("1.01", POINT)), "bad-coefficient");
    assert_eq!(parse_confidence("0.8", POINT), parse_confidence("80%", POINT));
    for text in ["0", "1", "100%", "-0.5"] {
        assert_eq!(rule(parse_confidence(text, POINT)), "bad-confidence", "{text}");
    }
    assert_eq!(parse_amount("50%", POINT), Ok(Amount(5_000)));
    assert_eq!(parse_amount("2", POINT), Ok(Amount(20_000)));
    assert_eq!(rule(parse_amount("0.00001", POINT)), "out-of-range");
    assert_eq!(rule(parse_amount("1000000001", POINT)), "out-of-range");
}
