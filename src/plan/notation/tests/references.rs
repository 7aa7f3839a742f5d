//! Lists of predecessors and resources, and the words of cells.

use super::*;

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
        ("D FS+2x", &["unknown-task", "bad-duration"]),
        ("D +2x", &["unknown-task", "bad-duration"]),
        ("D SSD two", &["unknown-task"]),
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
