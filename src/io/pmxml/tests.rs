use crate::io::{ReadOptions, read_bytes};
use crate::plan::draft::{PlanDraft, TableKind};
use crate::plan::validate;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V20.12/API/BusinessObjects" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
"#;

/// The week of a calendar: Monday to Thursday in two shifts, Friday one shift.
fn week() -> String {
    let shift =
        |start: &str, finish: &str| format!("<WorkTime><Start>{start}</Start><Finish>{finish}</Finish></WorkTime>");
    let full = shift("08:00:00", "11:59:00") + &shift("13:00:00", "16:59:00");
    let day = |name: &str, shifts: &str| {
        format!("<StandardWorkHours><DayOfWeek>{name}</DayOfWeek>{shifts}</StandardWorkHours>")
    };
    let off = "<WorkTime xsi:nil=\"true\"/>";
    let mut week = String::new();
    for name in ["Monday", "Tuesday", "Wednesday", "Thursday"] {
        week += &day(name, &full);
    }
    week += &day("Friday", &shift("08:00:00", "11:59:00"));
    week += &day("Saturday", off);
    week += &day("Sunday", off);
    format!("<StandardWorkWeek>{week}</StandardWorkWeek>")
}

/// A bridge with a calendar that derives from another, a person, a material, a role and activities in every state.
pub(in crate::io) fn bridge() -> String {
    let week = week();
    format!(
        r#"{HEAD}<UDFType><ObjectId>9</ObjectId></UDFType>
<Currency><ObjectId>1</ObjectId><Id>EUR</Id><Symbol>€</Symbol><IsBaseCurrency>1</IsBaseCurrency></Currency>
<Calendar><ObjectId>10</ObjectId><Name>Site</Name><IsDefault>1</IsDefault><HoursPerDay>8</HoursPerDay><HoursPerWeek>36</HoursPerWeek><HoursPerMonth>160</HoursPerMonth><BaseCalendarObjectId xsi:nil="true"/>{week}
<HolidayOrExceptions><HolidayOrException><Date>2026-04-06T00:00:00</Date><WorkTime xsi:nil="true"/></HolidayOrException>
<HolidayOrException><Date>2026-04-11T00:00:00</Date><WorkTime><Start>09:00:00</Start><Finish>12:59:00</Finish></WorkTime></HolidayOrException></HolidayOrExceptions></Calendar>
<Calendar><ObjectId>11</ObjectId><Name>Ana</Name><BaseCalendarObjectId>10</BaseCalendarObjectId>{week}
<HolidayOrExceptions><HolidayOrException><Date>2026-04-11T00:00:00</Date><WorkTime><Start>00:00:00</Start><Finish>23:59:00</Finish></WorkTime></HolidayOrException></HolidayOrExceptions></Calendar>
<Calendar><ObjectId>12</ObjectId><Name>Nobody</Name>{week}</Calendar>
<Resource><ObjectId>20</ObjectId><Id>ana;a</Id><Name>Ana &amp; Co</Name><ResourceType>Labor</ResourceType><CalendarObjectId>11</CalendarObjectId></Resource>
<Resource><ObjectId>21</ObjectId><Id>cement</Id><Name>Cement</Name><ResourceType>Material</ResourceType><CalendarObjectId>10</CalendarObjectId></Resource>
<ResourceRate><ResourceObjectId>20</ResourceObjectId><EffectiveDate>2025-01-01T00:00:00</EffectiveDate><MaxUnitsPerTime>0,5</MaxUnitsPerTime><PricePerUnit>85</PricePerUnit></ResourceRate>
<ResourceRate><ResourceObjectId>20</ResourceObjectId><EffectiveDate>2027-01-01T00:00:00</EffectiveDate><MaxUnitsPerTime>0,5</MaxUnitsPerTime><PricePerUnit>90</PricePerUnit></ResourceRate>
<ResourceRate><ResourceObjectId>21</ResourceObjectId><EffectiveDate>2025-01-01T00:00:00</EffectiveDate><PricePerUnit>12.5</PricePerUnit></ResourceRate>
<Role><ObjectId>20</ObjectId><Id>crane</Id><Name>Crane driver</Name></Role>
<Project><ObjectId>1</ObjectId><Id>BRG</Id><Name>Bridge</Name><WBSObjectId>100</WBSObjectId>
<PlannedStartDate>2026-03-02T08:00:00</PlannedStartDate><DataDate>2026-03-09T08:00:00</DataDate><MustFinishByDate>2026-05-29T17:00:00</MustFinishByDate>
<ActivityDefaultCalendarObjectId>10</ActivityDefaultCalendarObjectId><CriticalActivityFloatLimit>4</CriticalActivityFloatLimit>
<ScheduleOptions><RelationshipLagCalendar>24 Hour Calendar</RelationshipLagCalendar><OutOfSequenceScheduleType>Progress Override</OutOfSequenceScheduleType><ComputeTotalFloatType>Finish Float = Late Finish - Early Finish</ComputeTotalFloatType><UseExpectedFinishDates>1</UseExpectedFinishDates><MakeOpenEndedActivitiesCritical>0</MakeOpenEndedActivitiesCritical></ScheduleOptions>
<WBS><ObjectId>102</ObjectId><Code>B</Code><Name>Deck</Name><ParentObjectId xsi:nil="true"/><SequenceNumber>2</SequenceNumber></WBS>
<WBS><ObjectId>101</ObjectId><Code>A</Code><Name>Piers</Name><ParentObjectId>100</ParentObjectId><SequenceNumber>1</SequenceNumber></WBS>
<WBS><ObjectId>103</ObjectId><Code>C</Code><Name>Empty</Name><ParentObjectId>102</ParentObjectId></WBS>
<Activity><ObjectId>200</ObjectId><Id>A10</Id><Name>Go</Name><Type>Start Milestone</Type><Status>Completed</Status><WBSObjectId xsi:nil="true"/><CalendarObjectId>10</CalendarObjectId><ActualStartDate>2026-03-02T08:00:00</ActualStartDate><ActualFinishDate>2026-03-02T08:00:00</ActualFinishDate></Activity>
<Activity><ObjectId>201</ObjectId><Id>A20</Id><Name>Dig</Name><Type>Task Dependent</Type><Status>In Progress</Status><WBSObjectId>101</WBSObjectId><CalendarObjectId>10</CalendarObjectId><PlannedDuration>40</PlannedDuration><RemainingDuration>12</RemainingDuration><AtCompletionDuration>44</AtCompletionDuration><ActualStartDate>2026-03-02T08:00:00</ActualStartDate><PercentCompleteType>Physical</PercentCompleteType><PhysicalPercentComplete>0.6</PhysicalPercentComplete><SuspendDate>2026-03-06T08:00:00</SuspendDate><ResumeDate>2026-03-11T08:00:00</ResumeDate><StartDate>2026-03-02T08:00:00</StartDate><FinishDate>2026-03-12T12:00:00</FinishDate><RemainingEarlyStartDate>2026-03-11T08:00:00</RemainingEarlyStartDate><RemainingEarlyFinishDate>2026-03-12T12:00:00</RemainingEarlyFinishDate><TotalFloat>-4</TotalFloat></Activity>
<Activity><ObjectId>202</ObjectId><Id>A30</Id><Name>Pour</Name><Type>Resource Dependent</Type><Status>Not Started</Status><WBSObjectId>102</WBSObjectId><CalendarObjectId>10</CalendarObjectId><PlannedDuration>16</PlannedDuration><RemainingDuration>16</RemainingDuration><PrimaryConstraintType>Start On</PrimaryConstraintType><PrimaryConstraintDate>2026-03-16T08:00:00</PrimaryConstraintDate><LevelingPriority>High</LevelingPriority><ExpectedFinishDate>2026-03-20T17:00:00</ExpectedFinishDate><UDF><TypeObjectId>9</TypeObjectId><TextValue>x</TextValue></UDF></Activity>
<Activity><ObjectId>203</ObjectId><Id>A40</Id><Name>Watch</Name><Type>Level of Effort</Type><Status>Not Started</Status><WBSObjectId>102</WBSObjectId><CalendarObjectId>10</CalendarObjectId><PlannedDuration>8</PlannedDuration><PrimaryConstraintType>Mandatory Start</PrimaryConstraintType><PrimaryConstraintDate>2026-03-16T08:00:00</PrimaryConstraintDate><SecondaryConstraintType>Finish On or Before</SecondaryConstraintType><SecondaryConstraintDate>2026-04-30T17:00:00</SecondaryConstraintDate></Activity>
<Activity><ObjectId>204</ObjectId><Id>A50</Id><Name>All</Name><Type>WBS Summary</Type><Status>Not Started</Status><WBSObjectId>102</WBSObjectId><CalendarObjectId>10</CalendarObjectId><PlannedDuration>8</PlannedDuration></Activity>
<ActivityExpense><ActivityObjectId>202</ActivityObjectId><PlannedCost>100</PlannedCost><ActualCost>30</ActualCost><RemainingCost>90.5</RemainingCost></ActivityExpense>
<ResourceAssignment><ActivityObjectId>202</ActivityObjectId><ResourceObjectId>20</ResourceObjectId><PlannedUnitsPerTime>0,5</PlannedUnitsPerTime></ResourceAssignment>
<ResourceAssignment><ActivityObjectId>202</ActivityObjectId><ResourceObjectId>21</ResourceObjectId><PlannedUnits>12</PlannedUnits></ResourceAssignment>
<ResourceAssignment><ActivityObjectId>201</ActivityObjectId><ResourceObjectId xsi:nil="true"/><RoleObjectId>20</RoleObjectId><PlannedUnitsPerTime>2</PlannedUnitsPerTime></ResourceAssignment>
<Relationship><PredecessorActivityObjectId>200</PredecessorActivityObjectId><SuccessorActivityObjectId>201</SuccessorActivityObjectId><Type>Finish to Start</Type><Lag>0</Lag></Relationship>
<Relationship><PredecessorActivityObjectId>201</PredecessorActivityObjectId><SuccessorActivityObjectId>202</SuccessorActivityObjectId><Type>Start to Start</Type><Lag>-1.5</Lag></Relationship>
<Relationship><PredecessorActivityObjectId>999</PredecessorActivityObjectId><SuccessorActivityObjectId>202</SuccessorActivityObjectId><Type>Finish to Start</Type></Relationship>
</Project>
<Project external="true"><ObjectId>7</ObjectId><Activity><ObjectId>999</ObjectId><Id>X</Id></Activity></Project>
<BaselineProject><ObjectId>2</ObjectId><Activity><ObjectId>200</ObjectId></Activity></BaselineProject>
</APIBusinessObjects>
"#
    )
}

fn read(text: &str) -> PlanDraft {
    read_bytes("bridge.xml", text.as_bytes().to_vec(), &ReadOptions::default())
}

/// The rows of a table, cells parted by `|`.
fn rows(draft: &PlanDraft, kind: TableKind) -> Vec<String> {
    let table = draft.table(kind).into_iter();
    table.flat_map(|table| (0..table.len()).map(|row| table.row(row).collect::<Vec<_>>().join("|"))).collect()
}

/// The rules and texts of all findings.
fn findings(draft: &PlanDraft) -> Vec<String> {
    draft.findings.iter().map(|finding| format!("{}: {}", finding.rule, finding.text)).collect()
}

#[test]
fn a_project_becomes_tables() {
    let draft = read(&bridge());
    assert_eq!(
        rows(&draft, TableKind::Project),
        [
            "name|Bridge",
            "start|2026-03-02 08:00",
            "deadline|2026-05-29 17:00",
            "status_date|2026-03-09 08:00",
            "calendar|Site",
            "hours_per_day|8",
            "days_per_week|4.5",
            "days_per_month|20",
            "currency|€",
            "critical_float|240m",
            "progress_logic|override",
            "float_rule|finish",
            "use_expected_finish|yes",
        ]
    );
    assert_eq!(
        rows(&draft, TableKind::Tasks),
        [
            "BRG|Bridge||||||||||||||",
            "A10|Go|BRG|0m||Site|||||||||start milestone|no",
            "BRG.A|Piers|BRG|||||||||||||",
            "A20|Dig|BRG.A|2640m|crane*2|Site||||||||||no",
            "BRG.B|Deck|BRG|||||||||||||",
            "A30|Pour|BRG.B|960m|ana_a*0.5;cement*12||SNET|2026-03-16 08:00|SNLT|2026-03-16 08:00|2026-03-20 17:00||600|120.5||",
            "A40|Watch|BRG.B|480m||Site|MSO|2026-03-16 08:00|FNLT|2026-04-30 17:00|||||level of effort|no",
        ]
    );
    assert_eq!(rows(&draft, TableKind::Dependencies), ["A10|A20|FS||", "A20|A30|SS|-90m|24h"]);
    assert_eq!(
        rows(&draft, TableKind::Resources),
        ["ana_a|Ana & Co|work|0.5|Ana|85/h", "cement|Cement|material||Site|12.5", "crane|Crane driver|work|2||",]
    );
    assert_eq!(
        rows(&draft, TableKind::Progress),
        ["A10|2026-03-02 08:00|2026-03-02 08:00|||", "A20|2026-03-02 08:00||60|720m|2026-03-11 08:00",]
    );
    assert_eq!(
        rows(&draft, TableKind::Dates),
        [
            "A10|2026-03-02 08:00|2026-03-02 08:00||||||",
            "A20|2026-03-02 08:00|2026-03-12 12:00|2026-03-11 08:00|2026-03-12 12:00|||-240m|",
        ]
    );
}

#[test]
fn a_derived_calendar_is_written_out_in_full() {
    let draft = read(&bridge());
    let days = |id: &str| -> Vec<String> {
        let rows = rows(&draft, TableKind::Calendars);
        rows.iter().filter_map(|row| row.strip_prefix(&format!("{id}|")).map(str::to_owned)).collect()
    };
    let week = [
        "mon|08:00-12:00;13:00-17:00",
        "tue|08:00-12:00;13:00-17:00",
        "wed|08:00-12:00;13:00-17:00",
        "thu|08:00-12:00;13:00-17:00",
        "fri|08:00-12:00",
        "sat|off",
        "sun|off",
    ];
    assert_eq!(days("Site"), [&week[..], &["2026-04-06|off", "2026-04-11|09:00-13:00"]].concat());
    // From 00:00 to 23:59 is how a day off is written among the exceptions.
    assert_eq!(days("Ana"), [&week[..], &["2026-04-06|off", "2026-04-11|off"]].concat());
    assert_eq!(days("Nobody").len(), 0);
}

#[test]
fn what_the_tables_cannot_hold_is_counted() {
    let found = findings(&read(&bridge()));
    for expected in [
        "not-carried: 1 baselines are left out",
        "not-carried: 1 projects that others link to are in the file by name only and are left out",
        "not-carried: 1 values of user-defined fields are left out",
        "not-carried: 1 elements `UDFType` are left out",
        "not-carried: 1 calendars that nothing uses are left out: `Nobody`",
        "not-carried: 1 WBS nodes and projects without activities are left out: `BRG.B.C`",
        "not-carried: 1 links lead to activities that are not in the file and are left out: `A30`",
        "not-carried: 1 activities that sum up a WBS node are left out, as the node itself is a row: `A50`",
        "not-carried: 1 roles without a person are written as resources: `crane`",
        "not-carried: 1 resource ids have signs that separate the items of lists, replaced by `_`: `ana;a`",
        "not-carried: 1 resources change their price later; the one at the project's start is used: `ana_a`",
        "decimal-comma: 3 numbers have a decimal comma and were read so",
    ] {
        assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:#?}");
    }
    assert!(!read(&bridge()).findings.has_errors());
}

#[test]
fn limits_that_change_are_times_of_other_units() {
    let rate = |date: &str, units: &str| {
        format!(
            "<ResourceRate><ResourceObjectId>20</ResourceObjectId><EffectiveDate>{date}T00:00:00</EffectiveDate>\
             <MaxUnitsPerTime>{units}</MaxUnitsPerTime><PricePerUnit>85</PricePerUnit></ResourceRate>"
        )
    };
    let old = bridge();
    let start = old.find("<ResourceRate>").expect("there is a rate");
    let end = old.find("<ResourceRate><ResourceObjectId>21").expect("there is another");
    let steps =
        [rate("2025-01-01", "1"), rate("2026-04-01", "2"), rate("2026-05-01", "0.5"), rate("2026-06-01", "3")].concat();
    let draft = read(&[&old[..start], &steps, &old[end..]].concat());
    // The first limit holds since before the project; the last one holds from then on, and is the capacity.
    assert_eq!(
        rows(&draft, TableKind::Availability),
        [
            "ana_a|2026-03-02 08:00|2026-04-01 00:00|1",
            "ana_a|2026-04-01 00:00|2026-05-01 00:00|2",
            "ana_a|2026-05-01 00:00|2026-06-01 00:00|0.5"
        ]
    );
    assert_eq!(rows(&draft, TableKind::Resources)[0].split('|').nth(3), Some("3"));
    validate(&draft).expect("a valid plan");
}

#[test]
fn bad_values_are_errors_with_their_line_and_element() {
    let broken = bridge()
        .replace("<PlannedDuration>16</PlannedDuration>", "<PlannedDuration>two</PlannedDuration>")
        .replace("2026-03-11T08:00:00</RemainingEarly", "2026-02-30T08:00:00</RemainingEarly")
        .replace("<Type>Start to Start</Type>", "<Type>Sideways</Type>")
        .replace("<CalendarObjectId>11</CalendarObjectId>", "<CalendarObjectId>77</CalendarObjectId>");
    let draft = read(&broken);
    let errors: Vec<String> = draft
        .findings
        .iter()
        .filter(|finding| finding.severity == crate::error::Severity::Error)
        .map(|finding| format!("{} {:?}", finding.rule, finding.place.column.as_deref().unwrap_or_default()))
        .collect();
    for expected in [
        "bad-number \"PlannedDuration\"",
        "bad-date \"RemainingEarlyStartDate\"",
        "bad-link \"Relationship\"",
        "unknown-calendar \"CalendarObjectId\"",
    ] {
        assert!(errors.iter().any(|error| error == expected), "{expected} is not in {errors:?}");
    }
    assert!(draft.findings.iter().all(|finding| finding.rule != "bad-number" || finding.place.row == Some(26)));
}

#[test]
fn damaged_and_hostile_xml_is_one_error() {
    let entities = HEAD.replace("?>\n<API", "?>\n<!DOCTYPE a [<!ENTITY b \"bb\">]>\n<API");
    let deep = format!("{HEAD}<Project>{}", "<A>".repeat(100_000));
    let cut: String = bridge().chars().take(4_000).collect();
    let unknown = format!("{HEAD}<Project><Name>&nbsp;</Name></Project></APIBusinessObjects>");
    let empty = format!("{HEAD}</APIBusinessObjects>");
    let long = format!("{HEAD}<Project><Name>{}</Name></Project></APIBusinessObjects>", "x".repeat(2_000_000));
    for (text, rule) in [
        (entities, "document-type"),
        (deep, "too-deep"),
        (cut, "truncated-file"),
        (unknown, "unknown-entity"),
        (long, "cell-too-large"),
        (empty, "no-project"),
    ] {
        let draft = read(&text);
        let errors: Vec<&str> = draft.findings.iter().map(|finding| finding.rule).collect();
        assert_eq!(errors, [rule]);
        assert!(draft.tables.is_empty());
    }
}

#[test]
fn wbs_nodes_that_stand_above_themselves_hang_below_the_project() {
    let looped =
        bridge().replace("<ParentObjectId>100</ParentObjectId>", "<ParentObjectId>103</ParentObjectId>").replace(
            "<Name>Empty</Name><ParentObjectId>102</ParentObjectId>",
            "<Name>Empty</Name><ParentObjectId>101</ParentObjectId>",
        );
    let draft = read(&looped);
    let dig = rows(&draft, TableKind::Tasks).into_iter().find(|row| row.starts_with("A20|"));
    assert_eq!(dig.map(|row| row.split('|').nth(2).map(str::to_owned)), Some(Some("BRG.A".to_owned())));
    assert!(findings(&draft).iter().any(|text| text.contains("stand above themselves")));
}

#[test]
fn ids_that_projects_repeat_get_the_project_in_front() {
    let mut text = bridge();
    let start = text.find("<Project>").expect("there is a project");
    let end = text.find("</Project>").expect("it ends") + "</Project>".len();
    let mut second = text[start..end]
        .replace("<Id>BRG</Id>", "<Id>TUN</Id>")
        .replace("<ObjectId>1</ObjectId>", "<ObjectId>5</ObjectId>");
    for id in [100, 101, 102, 103, 200, 201, 202, 203, 204] {
        second = second.replace(&format!("ObjectId>{id}<"), &format!("ObjectId>{}<", id + 1000));
    }
    text.insert_str(end, &second);
    let draft = read(&text);
    let tasks = rows(&draft, TableKind::Tasks);
    let ids: Vec<&str> = tasks.iter().filter_map(|row| row.split('|').next()).collect();
    assert_eq!(ids[..4], ["BRG", "BRG:A10", "BRG.A", "BRG:A20"]);
    assert!(ids.contains(&"TUN:A30"));
    assert!(findings(&draft).iter().any(|text| text.starts_with("several-projects")));
    assert_eq!(rows(&draft, TableKind::Dependencies).len(), 4);
}

#[test]
fn the_declared_encoding_counts() {
    let text = bridge().replace("UTF-8", "windows-1251").replace("Bridge", "Мост").replace('€', "EUR");
    let (bytes, encoding, _) = encoding_rs::WINDOWS_1251.encode(&text);
    assert_eq!(encoding.name(), "windows-1251");
    let draft = read_bytes("bridge.xml", bytes.into_owned(), &ReadOptions::default());
    assert_eq!(rows(&draft, TableKind::Project)[0], "name|Мост");
    let unknown = read(&bridge().replace("UTF-8", "martian"));
    assert_eq!(unknown.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["encoding"]);
}

#[test]
fn schedule_options_are_followed_or_named() {
    let open = "<MakeOpenEndedActivitiesCritical>0</MakeOpenEndedActivitiesCritical>";
    let more = "<StartToStartLagCalculationType>0</StartToStartLagCalculationType><LevelAllResources>1</LevelAllResources>\
                <MakeOpenEndedActivitiesCritical>1</MakeOpenEndedActivitiesCritical><MoonPhase>2</MoonPhase>";
    let draft = read(&bridge().replace(open, more).replace("Progress Override", "Actual Dates"));
    let settings = rows(&draft, TableKind::Project);
    for setting in ["progress_logic|actual", "lag_from_actual_start|yes", "open_ends_critical|yes"] {
        assert!(settings.iter().any(|row| row == setting), "{settings:?}");
    }
    let found = findings(&draft);
    let options: Vec<&String> = found.iter().filter(|text| text.starts_with("unknown-option")).collect();
    assert_eq!(options, ["unknown-option: the schedule option `MoonPhase` is not known and not followed"]);
}
