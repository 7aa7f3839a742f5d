//! Files made up for these tests, and what is made of them.

use proptest::prelude::*;

use super::super::{ReadOptions, read_bytes};
use super::write_mspdi;
use crate::error::{Findings, Severity};
use crate::generate::{GenerateOptions, generate};
use crate::index::{Id, IdVec};
use crate::plan::draft::{PlanDraft, TableKind};
use crate::plan::{Plan, TaskId, validate};

/// A week of office hours in a calendar with a number and a name.
fn standard(uid: u32, name: &str) -> String {
    let day = |kind: u32| match kind {
        1 | 7 => format!("<WeekDay><DayType>{kind}</DayType><DayWorking>0</DayWorking></WeekDay>"),
        _ => format!(
            "<WeekDay><DayType>{kind}</DayType><DayWorking>1</DayWorking><WorkingTimes>\
             <WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime>\
             <WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>"
        ),
    };
    let days: String = (1..=7).map(day).collect();
    format!(
        "<Calendar><UID>{uid}</UID><Name>{name}</Name><BaseCalendarUID>-1</BaseCalendarUID><WeekDays>{days}</WeekDays></Calendar>"
    )
}

fn file(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Project xmlns=\"http://schemas.microsoft.com/project\">\
         <StartDate>2026-03-02T08:00:00</StartDate><DaysPerMonth>20</DaysPerMonth><CalendarUID>1</CalendarUID><HonorConstraints>0</HonorConstraints>\
         <Calendars>{}</Calendars>{inner}</Project>",
        standard(1, "Standard")
    )
}

fn tasks(rows: &str) -> String {
    file(&format!("<Tasks>{rows}</Tasks>"))
}

/// A task with number, outline level and further elements.
fn task(number: u32, level: u32, rest: &str) -> String {
    format!(
        "<Task><UID>{number}</UID><ID>{number}</ID><OutlineLevel>{level}</OutlineLevel>\
         <Duration>PT8H0M0S</Duration><DurationFormat>7</DurationFormat>{rest}</Task>"
    )
}

fn read(text: &str) -> PlanDraft {
    read_bytes("plan.xml", text.as_bytes().to_vec(), &ReadOptions::default())
}

/// Rows of a table, the columns named, joined by commas.
fn rows(draft: &PlanDraft, kind: TableKind, columns: &[&str]) -> Vec<String> {
    let Some(table) = draft.table(kind) else { return Vec::new() };
    let at: Vec<usize> = columns.iter().map(|column| table.column(column).unwrap()).collect();
    (0..table.len()).map(|row| at.iter().map(|&at| table.cell(row, at)).collect::<Vec<_>>().join(",")).collect()
}

fn rules(findings: &Findings) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule).collect()
}

/// The text of the finding of a rule.
fn text_of(findings: &Findings, rule: &str) -> String {
    findings.iter().find(|finding| finding.rule == rule).map(|finding| finding.text.clone()).unwrap_or_default()
}

fn valid(draft: &PlanDraft) -> Plan {
    match validate(draft) {
        Ok((plan, _)) => plan,
        Err(error) => panic!("{:#?}", error.findings()),
    }
}

const LINK: &str = "<PredecessorLink><PredecessorUID>1</PredecessorUID>";

#[test]
fn tasks_and_links_become_rows() {
    let mut text = tasks(
        &[
            "<Task><UID>0</UID><ID>0</ID><Name>All</Name><OutlineLevel>0</OutlineLevel></Task>".to_owned(),
            task(1, 1, "<Name>Design &amp; <![CDATA[<build>]]></Name><!-- a remark --><Priority>700</Priority><FixedCost>12345</FixedCost>"),
            "<Task><UID>2</UID><ID>2</ID><IsNull>1</IsNull></Task>".to_owned(),
            task(3, 1, "<Summary>1</Summary>"),
            task(4, 2, &format!("{LINK}<Type>0</Type><LinkLag>-4800</LinkLag><LagFormat>7</LagFormat></PredecessorLink>")),
            task(5, 2, &format!("{LINK}<Type>3</Type><LinkLag>14400</LinkLag><LagFormat>8</LagFormat></PredecessorLink>")),
            task(6, 1, &format!("{LINK}<Type>2</Type><LinkLag>50</LinkLag><LagFormat>19</LagFormat></PredecessorLink>")),
            "<Task><UID>7</UID><ID>7</ID><Duration>PT48H0M0S</Duration><DurationFormat>8</DurationFormat>\
             <ConstraintType>7</ConstraintType><ConstraintDate>2026-03-06T17:00:00</ConstraintDate>\
             <Deadline>2026-03-09T17:00:00</Deadline></Task>"
                .to_owned(),
        ]
        .concat(),
    );
    text.insert(0, '\u{feff}');
    let draft = read(&text);
    let columns =
        ["id", "name", "parent", "duration", "constraint", "constraint_date", "deadline", "priority", "fixed_cost"];
    assert_eq!(
        rows(&draft, TableKind::Tasks, &columns),
        [
            "1,Design & <build>,,480m,,,,700,123.45",
            "3,,,,,,,,",
            "4,,3,480m,,,,,",
            "5,,3,480m,,,,,",
            "6,,,480m,,,,,",
            "7,,,2880em,FNLT,2026-03-06 17:00,2026-03-09 17:00,,",
        ]
    );
    let links = rows(&draft, TableKind::Dependencies, &["predecessor", "successor", "type", "lag"]);
    assert_eq!(links, ["1,4,FF,-480m", "1,5,SS,1440em", "1,6,SF,50%"]);
    let keys = ["start,2026-03-02 08:00", "calendar,Standard", "hours_per_day,8", "days_per_week,5", "name,plan"];
    let project = rows(&draft, TableKind::Project, &["key", "value"]);
    assert!(keys.iter().all(|key| project.contains(&(*key).to_owned())), "{project:?}");
    assert!(draft.findings.is_empty(), "{:?}", draft.findings);
    assert_eq!(valid(&draft).links().len(), 3);
}

#[test]
fn options_of_the_project_are_kept() {
    let text = file("").replace("<HonorConstraints>0</HonorConstraints>", "").replace(
        "<CalendarUID>",
        "<Title>Bridge</Title><ScheduleFromStart>0</ScheduleFromStart><MinutesPerDay>450</MinutesPerDay>\
         <MinutesPerWeek>2250</MinutesPerWeek><CriticalSlackLimit>2</CriticalSlackLimit>\
         <CurrencySymbol>$</CurrencySymbol><CurrencyCode>USD</CurrencyCode><MultipleCriticalPaths>1</MultipleCriticalPaths>\
         <StatusDate>2026-03-04T17:00:00</StatusDate><CalendarUID>",
    );
    let draft = read(&text);
    assert_eq!(
        rows(&draft, TableKind::Project, &["key", "value"]),
        [
            "name,Bridge",
            "start,2026-03-02 08:00",
            "calendar,Standard",
            "hours_per_day,7.5",
            "days_per_week,5",
            "days_per_month,20",
            "currency,USD",
            "critical_float,900m",
            "open_ends_critical,yes",
            "honor_constraints,yes",
        ]
    );
    assert_eq!(rules(&draft.findings), ["backward-schedule", "not-carried"]);
}

#[test]
fn links_win_over_exact_dates_unless_constraints_are_honoured() {
    let exact = |code: u32| {
        let date = "2026-03-05T17:00:00";
        format!("<ConstraintType>{code}</ConstraintType><ConstraintDate>{date}</ConstraintDate>")
    };
    let text = tasks(&[task(1, 1, &exact(2)), task(2, 1, &exact(3)), task(3, 1, &exact(4))].concat());
    let columns = ["id", "constraint", "constraint_date", "second_constraint", "second_constraint_date"];
    let of = |text: &str| rows(&read(text), TableKind::Tasks, &columns);
    assert_eq!(
        of(&text),
        [
            "1,SNET,2026-03-05 17:00,SNLT,2026-03-05 17:00",
            "2,FNET,2026-03-05 17:00,FNLT,2026-03-05 17:00",
            "3,SNET,2026-03-05 17:00,,"
        ]
    );
    let honoured = text.replace("<HonorConstraints>0<", "<HonorConstraints>1<");
    assert_eq!(of(&honoured)[..2], ["1,MSO,2026-03-05 17:00,,", "2,MFO,2026-03-05 17:00,,"]);
    for text in [text, honoured] {
        let plan = valid(&read(&text));
        let (again, losses) = written(&plan);
        assert_eq!((of(&again), losses.has_errors()), (of(&text), false));
        assert_eq!(valid(&read(&again)).project().dating, plan.project().dating);
    }
}

#[test]
fn tasks_scheduled_by_hand_keep_their_dates() {
    let manual = "<Manual>1</Manual><Start>2026-03-04T08:00:00</Start><ManualStart>2026-03-05T08:00:00</ManualStart>";
    let undated = task(2, 1, "<Manual>1</Manual>");
    let text = tasks(&[task(1, 1, manual), undated].concat());
    let columns = ["id", "constraint", "constraint_date", "manual"];
    let of = |text: &str| rows(&read(text), TableKind::Tasks, &columns);
    assert_eq!(of(&text), ["1,MSO,2026-03-05 08:00,yes", "2,,,"]);
    assert_eq!(rules(&read(&text).findings), ["manual-task", "manual-task"]);
    let before = of(&text.replace("2026-03-05", "2026-02-26"));
    assert_eq!(before[0], "1,SNET,2026-02-26 08:00,");
    let plan = valid(&read(&text));
    assert!(plan.tasks()[TaskId::new(0)].is_manual);
    assert_eq!(of(&written(&plan).0), of(&text));
}

#[test]
fn progress_and_dates_are_kept_as_stored() {
    let dates = "<Start>2026-03-02T08:00:00</Start><Finish>2026-03-02T17:00:00</Finish><EarlyStart>2026-03-02T08:00:00</EarlyStart>\
                 <LateFinish>2026-03-04T17:00:00</LateFinish><FreeSlack>0</FreeSlack><TotalSlack>-4800</TotalSlack>";
    let begun = "<PercentComplete>25</PercentComplete><Stop>2026-03-02T10:00:00</Stop><Resume>2026-03-03T08:00:00</Resume>\
                 <ActualStart>2026-03-02T08:00:00</ActualStart><RemainingDuration>PT6H0M0S</RemainingDuration>";
    let done = "<PercentComplete>100</PercentComplete><ActualStart>2026-03-02T08:00:00</ActualStart>\
                <ActualFinish>2026-03-02T17:00:00</ActualFinish><RemainingDuration>PT0H0M0S</RemainingDuration>";
    let nothing = "<ActualStart>2000-01-01T00:00:00</ActualStart><ActualFinish>2000-01-01T00:00:00</ActualFinish>";
    let odd = "<PercentComplete>0</PercentComplete><ActualStart>2026-03-03T08:00:00</ActualStart><ActualFinish>2026-03-02T17:00:00</ActualFinish>";
    let draft = read(&tasks(
        &[task(1, 1, dates), task(2, 1, begun), task(3, 1, done), task(4, 1, nothing), task(5, 1, odd)].concat(),
    ));
    let columns = ["task", "actual_start", "actual_finish", "percent_complete", "remaining_duration", "resume"];
    assert_eq!(
        rows(&draft, TableKind::Progress, &columns),
        ["2,2026-03-02 08:00,,25,360m,2026-03-03 08:00", "3,2026-03-02 08:00,2026-03-02 17:00,100,,"]
    );
    let columns =
        ["task", "start", "finish", "early_start", "early_finish", "late_finish", "total_float", "free_float"];
    assert_eq!(
        rows(&draft, TableKind::Dates, &columns),
        ["1,2026-03-02 08:00,2026-03-02 17:00,2026-03-02 08:00,,2026-03-04 17:00,-480m,0m"]
    );
    assert_eq!(rules(&draft.findings), ["placeholder-date", "contradictory-progress"]);
    valid(&draft);
}

#[test]
fn derived_calendars_are_written_in_full_and_bare_ones_are_their_base() {
    let exception = |dates: (&str, &str), rest: &str| {
        format!(
            "<Exception><TimePeriod><FromDate>{}T00:00:00</FromDate><ToDate>{}T23:59:00</ToDate></TimePeriod>{rest}</Exception>",
            dates.0, dates.1
        )
    };
    let holidays = exception(("2026-04-03", "2026-04-06"), "<Type>1</Type><DayWorking>0</DayWorking>");
    let yearly = exception(
        ("2026-01-01", "2027-12-31"),
        "<Type>2</Type><Month>11</Month><MonthDay>24</MonthDay><DayWorking>1</DayWorking><WorkingTimes><WorkingTime>\
         <FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime></WorkingTimes>",
    );
    let base =
        standard(2, "Site").replace("</Calendar>", &format!("<Exceptions>{holidays}{yearly}</Exceptions></Calendar>"));
    let night = "<Calendar><UID>3</UID><Name>Ana</Name><BaseCalendarUID>2</BaseCalendarUID><WeekDays>\
                 <WeekDay><DayType>6</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>23:00:00</FromTime>\
                 <ToTime>00:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>\
                 <WeekDay><DayType>7</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>00:00:00</FromTime>\
                 <ToTime>00:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>\
                 <WeekDay><DayType>0</DayType><DayWorking>0</DayWorking><TimePeriod><FromDate>2026-05-04T00:00:00</FromDate>\
                 <ToDate>2026-05-04T23:59:00</ToDate></TimePeriod></WeekDay></WeekDays></Calendar>";
    let bare = "<Calendar><UID>4</UID><Name>Ben</Name><BaseCalendarUID>2</BaseCalendarUID></Calendar>";
    let people = "<Resources><Resource><UID>1</UID><Name>Ana</Name><Type>1</Type><CalendarUID>3</CalendarUID></Resource>\
                  <Resource><UID>2</UID><Name>Ben</Name><Type>1</Type><CalendarUID>4</CalendarUID></Resource></Resources>";
    let text = tasks(&task(1, 1, "<Finish>2027-12-31T17:00:00</Finish>"))
        .replace("</Calendars>", &format!("{base}{night}{bare}</Calendars>"))
        .replace("</Project>", &format!("{people}</Project>"));
    let draft = read(&text);
    assert_eq!(rows(&draft, TableKind::Resources, &["id", "calendar"]), ["Ana,Ana", "Ben,Site"]);
    let calendars = rows(&draft, TableKind::Calendars, &["calendar", "day", "hours"]);
    let of = |name: &str| {
        let own = calendars.iter().filter_map(|row| row.strip_prefix(&format!("{name},")));
        own.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(
        of("Ana")[3..],
        [
            "thu,08:00-12:00;13:00-17:00",
            "fri,23:00-00:00",
            "sat,24h",
            "sun,off",
            "2026-12-24,08:00-12:00",
            "2027-12-24,08:00-12:00",
            "2026-04-03..2026-04-06,off",
            "2026-05-04,off",
        ]
    );
    assert_eq!(of("Site").len(), 10);
    assert!(of("Ben").is_empty());
    assert!(draft.findings.is_empty(), "{:?}", draft.findings);
    valid(&draft);
}

#[test]
fn work_weeks_replace_the_week_for_a_time() {
    let week = "<WorkWeeks><WorkWeek><TimePeriod><FromDate>2026-03-06T00:00:00</FromDate><ToDate>2026-03-08T23:59:00</ToDate>\
                </TimePeriod><WeekDays><WeekDay><DayType>1</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime>\
                <FromTime>10:00:00</FromTime><ToTime>14:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay></WeekDays>\
                </WorkWeek></WorkWeeks></Calendar>";
    let draft = read(&tasks(&task(1, 1, "")).replace("</Calendar>", week));
    let calendars = rows(&draft, TableKind::Calendars, &["day", "hours"]);
    assert_eq!(calendars[7..], ["2026-03-06,off", "2026-03-07,off", "2026-03-08,10:00-14:00"]);
}

#[test]
fn people_materials_and_costs_find_their_tasks() {
    let resources = "<Resources><Resource><UID>0</UID><ID>0</ID></Resource>\
        <Resource><UID>1</UID><Name>Ana; 1st</Name><Type>1</Type><MaxUnits>1</MaxUnits><StandardRate>85</StandardRate><CostPerUse>1500</CostPerUse>\
        <AvailabilityPeriods><AvailabilityPeriod><AvailableFrom>2026-03-09T00:00:00</AvailableFrom><AvailableTo>2026-03-16T00:00:00</AvailableTo>\
        <AvailableUnits>0.5</AvailableUnits></AvailabilityPeriod></AvailabilityPeriods></Resource>\
        <Resource><UID>2</UID><Name>Cement</Name><Type>0</Type><StandardRate>4.5</StandardRate></Resource>\
        <Resource><UID>3</UID><Name>Travel</Name><Type>0</Type><IsCostResource>1</IsCostResource></Resource></Resources>";
    let assignment = |task: u32, resource: i64, rest: &str| {
        format!("<Assignment><TaskUID>{task}</TaskUID><ResourceUID>{resource}</ResourceUID>{rest}</Assignment>")
    };
    let assignments = [
        assignment(1, 1, "<Units>1.5</Units><Work>PT12H0M0S</Work>"),
        assignment(1, 2, "<Units>12</Units><Work>PT12H0M0S</Work>"),
        assignment(1, 3, "<Cost>25000</Cost>"),
        assignment(2, -65535, "<Units>1</Units>"),
        assignment(2, 9, "<Units>1</Units>"),
    ]
    .concat();
    let rows_of_tasks = format!("{}{}", task(1, 1, "<FixedCost>100</FixedCost>"), task(2, 1, ""));
    let draft =
        read(&file(&format!("<Tasks>{rows_of_tasks}</Tasks>{resources}<Assignments>{assignments}</Assignments>")));
    assert_eq!(rows(&draft, TableKind::Tasks, &["resources", "fixed_cost"]), ["Ana_ 1st*1.5;Cement*12,251", ","]);
    let columns = ["id", "name", "kind", "capacity", "rate", "cost_per_use"];
    assert_eq!(
        rows(&draft, TableKind::Resources, &columns),
        ["Ana_ 1st,Ana; 1st,work,1.5,85/h,15", "Cement,,material,,4.5,"]
    );
    let periods = rows(&draft, TableKind::Availability, &["resource", "from", "to", "units"]);
    assert_eq!(periods, ["Ana_ 1st,2026-03-09 00:00,2026-03-16 00:00,0.5"]);
    assert_eq!(rules(&draft.findings), ["unknown-resource", "changed-id", "cost-resource", "raised-capacity"]);
    valid(&draft);
}

#[test]
fn people_of_different_calendars_each_work_by_their_own() {
    // Late hours of Monday to Friday, 17:00 to 20:00.
    let late = standard(2, "Late")
        .replace("08:00:00", "17:00:00")
        .replace("12:00:00", "18:00:00")
        .replace("13:00:00", "18:00:00")
        .replace("<ToTime>17:00:00</ToTime>", "<ToTime>20:00:00</ToTime>");
    let resources = "<Resources><Resource><UID>1</UID><Name>Ana</Name><CalendarUID>1</CalendarUID></Resource>\
                     <Resource><UID>2</UID><Name>Ben</Name><CalendarUID>2</CalendarUID></Resource></Resources>\
                     <Assignments><Assignment><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID></Assignment>\
                     <Assignment><TaskUID>1</TaskUID><ResourceUID>2</ResourceUID></Assignment></Assignments>";
    let text = tasks(&task(1, 1, "")).replace("</Calendars>", &format!("{late}</Calendars>"));
    let draft = read(&text.replace("</Project>", &format!("{resources}</Project>")));
    assert_eq!(rows(&draft, TableKind::Tasks, &["calendar", "resource_calendars"]), ["Standard or Late,no"]);
    let calendars = rows(&draft, TableKind::Calendars, &["calendar", "day", "hours"]);
    assert!(calendars.contains(&"Standard or Late,mon,08:00-12:00;13:00-20:00".to_owned()), "{calendars:?}");
    assert_eq!(rules(&draft.findings), ["combined-calendar"]);
    valid(&draft);
}

#[test]
fn pauses_of_split_tasks_are_part_of_their_durations() {
    // Monday and Thursday are worked, Tuesday and Wednesday are not: two days of work in four.
    let dates = "<Start>2026-03-02T08:00:00</Start><Finish>2026-03-05T17:00:00</Finish>";
    let begun = "<PercentComplete>50</PercentComplete><ActualStart>2026-03-02T08:00:00</ActualStart><Stop>2026-03-02T17:00:00</Stop>\
                 <Resume>2026-03-05T08:00:00</Resume><RemainingDuration>PT8H0M0S</RemainingDuration>";
    let both =
        [task(1, 1, dates), task(2, 1, &format!("{dates}{begun}"))].concat().replace("PT8H0M0S</D", "PT16H0M0S</D");
    let spread = |task: u32| {
        let nobody = "<ResourceUID>-65535</ResourceUID><TimephasedData><Type>1</Type></TimephasedData>";
        format!("<Assignment><TaskUID>{task}</TaskUID>{nobody}</Assignment>")
    };
    let draft = read(&file(&format!("<Tasks>{both}</Tasks><Assignments>{}{}</Assignments>", spread(1), spread(2))));
    assert_eq!(rows(&draft, TableKind::Tasks, &["id", "duration"]), ["1,1920m", "2,1920m"]);
    assert_eq!(rows(&draft, TableKind::Progress, &["remaining_duration", "resume"]), ["480m,2026-03-05 08:00"]);
    assert_eq!(rules(&draft.findings), ["not-carried", "split-task"]);
    valid(&draft);
}

#[test]
fn what_has_no_place_in_the_tables_is_said_once_for_each_kind() {
    let text = tasks(
        &[
            task(1, 1, "<Notes>x</Notes><Baseline><Number>0</Number></Baseline><ExtendedAttribute><FieldID>1</FieldID></ExtendedAttribute>"),
            task(2, 1, "<Notes>y</Notes><Notes/><Mood>good</Mood><LevelingDelay>4800</LevelingDelay>"),
            task(3, 1, "<Active>0</Active>"),
            task(4, 1, &format!("{LINK}</PredecessorLink>").replace(">1<", ">3<")),
            task(5, 1, &format!("{LINK}<CrossProject>1</CrossProject></PredecessorLink>").replace("UID>1", "UID>77")),
            task(6, 1, "<Manual>1</Manual><ManualStart>2026-03-05T08:00:00</ManualStart><Milestone>1</Milestone>"),
        ]
        .concat(),
    );
    let draft = read(&text);
    assert_eq!(rows(&draft, TableKind::Tasks, &["id", "constraint", "constraint_date"])[4], "6,MSO,2026-03-05 08:00");
    assert!(draft.table(TableKind::Dependencies).is_none());
    assert_eq!(
        rules(&draft.findings),
        [
            "not-carried",
            "not-carried",
            "not-carried",
            "levelling-delay",
            "inactive-task",
            "lasting-milestone",
            "manual-task",
            "outside-link",
            "unknown-element"
        ]
    );
    assert_eq!(
        text_of(&draft.findings, "unknown-element"),
        "elements that are not known are left out: `Task/Mood` (1)"
    );
    assert_eq!(text_of(&draft.findings, "not-carried"), "2 notes are left out");
    valid(&draft);
}

#[test]
fn values_that_cannot_be_read_are_findings_with_their_line() {
    let text = tasks(
        &[
            task(1, 1, "\n<Deadline>soon</Deadline>"),
            task(2, 1, "\n<ConstraintType>9</ConstraintType>\n<EarlyStart>?</EarlyStart>"),
        ]
        .concat(),
    );
    let draft = read(&text.replacen("PT8H0M0S", "eight", 1));
    let found: Vec<String> =
        draft.findings.iter().map(|it| format!("{} {} {}", it.severity, it.place, it.text)).collect();
    assert_eq!(
        found,
        [
            "error plan.xml:2 [Duration] `eight` is not a duration such as `PT8H0M0S`",
            "error plan.xml:3 [Deadline] `soon` is not a date such as `2026-03-02T08:00:00`",
            "warning plan.xml:5 [EarlyStart] `?` is not a date such as `2026-03-02T08:00:00`",
            "error plan.xml:2 [Duration] the task 1 has no duration",
            "error plan.xml:3 [ConstraintType] `9` is no constraint; expected 0 to 7",
        ]
    );
}

#[test]
fn files_that_do_harm_or_end_early_are_refused() {
    let good = tasks(&[task(1, 1, "<Name>a</Name>"), task(2, 1, "")].concat());
    let bomb = good.replace("<Project", "<!DOCTYPE p [<!ENTITY a \"aaaa\">]><Project");
    let entity = good.replace("<Name>a", "<Name>&lol;");
    let deep = good.replace("<Name>a", &format!("<Name>{}", "<x>".repeat(100)));
    let huge = good.replace("<Name>a", &format!("<Name>{}", "a".repeat(2 << 20)));
    let (cut, _) = good.split_at(good.len() - 40);
    let crossed = good.replace("</Name>", "</Nome>");
    let cases = [
        (bomb.as_str(), "document-type"),
        (&entity, "unknown-entity"),
        (&deep, "too-deep"),
        (&huge, "cell-too-large"),
        (cut, "truncated-file"),
        (&crossed, "bad-xml"),
    ];
    for (text, rule) in cases {
        let draft = read(text);
        assert!(draft.tables.is_empty(), "{rule}");
        assert!(rules(&draft.findings).contains(&rule), "{rule}: {:?}", draft.findings);
        assert!(draft.findings.has_errors());
    }
    assert!(text_of(&read(cut).findings, "truncated-file").contains("(1 tasks, 0 links,"));
}

#[test]
fn prefixed_names_and_other_encodings_are_read() {
    let prefixed = tasks(&task(1, 1, "<Name>Ä</Name>"))
        .replace("</", "</p:")
        .replace('<', "<p:")
        .replace("<p:/p:", "</p:")
        .replace("<p:?", "<?")
        .replace("xmlns=", "xmlns:p=");
    assert_eq!(rows(&read(&prefixed), TableKind::Tasks, &["id", "name"]), ["1,Ä"]);
    let wide: Vec<u8> = tasks(&task(1, 1, "<Name>Ä</Name>")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let draft = read_bytes("plan.xml", wide, &ReadOptions::default());
    assert_eq!(rows(&draft, TableKind::Tasks, &["name"]), ["Ä"]);
}

#[test]
fn links_and_data_that_summaries_cannot_have_are_left_out() {
    let link = |from: u32, kind: u32| {
        format!("<PredecessorLink><PredecessorUID>{from}</PredecessorUID><Type>{kind}</Type></PredecessorLink>")
    };
    let text = tasks(
        &[
            task(1, 1, "<ConstraintType>2</ConstraintType><ConstraintDate>2026-03-03T08:00:00</ConstraintDate><FixedCost>500</FixedCost>"),
            task(2, 2, &link(1, 1)),
            task(3, 1, &format!("{}{}", link(1, 3), link(1, 1).replace("</Type>", "</Type><LinkLag>50</LinkLag><LagFormat>19</LagFormat>"))),
        ]
        .concat(),
    );
    let draft = read(&text);
    valid(&draft);
    // Half of the eight hours that the summary is said to last.
    assert_eq!(rows(&draft, TableKind::Dependencies, &["predecessor", "successor", "type", "lag"]), ["1,3,FS,240m"]);
    assert_eq!(
        rules(&draft.findings),
        [
            "summary-constraint",
            "summary-with-cost",
            "summary-own-descendant",
            "summary-link-type",
            "summary-percent-lag"
        ]
    );
}

fn written(plan: &Plan) -> (String, Findings) {
    write_mspdi(plan, None, &IdVec::new()).unwrap()
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    let exceptions = "<Exceptions><Exception><TimePeriod><FromDate>2026-04-03T00:00:00</FromDate><ToDate>2026-04-06T23:59:00</ToDate>\
                      </TimePeriod><Type>1</Type><DayWorking>0</DayWorking></Exception></Exceptions></Calendar>";
    let resources = "<Resources><Resource><UID>1</UID><Name>Ana</Name><Type>1</Type><MaxUnits>2</MaxUnits><StandardRate>85.5</StandardRate>\
                     <CostPerUse>1500</CostPerUse><CalendarUID>2</CalendarUID><AvailabilityPeriods><AvailabilityPeriod>\
                     <AvailableFrom>2026-03-09T00:00:00</AvailableFrom><AvailableTo>2026-03-16T00:00:00</AvailableTo>\
                     <AvailableUnits>0.5</AvailableUnits></AvailabilityPeriod></AvailabilityPeriods></Resource>\
                     <Resource><UID>2</UID><Name>Cement</Name><Type>0</Type><StandardRate>4.5</StandardRate></Resource></Resources>";
    let assignments = "<Assignments><Assignment><TaskUID>3</TaskUID><ResourceUID>1</ResourceUID><Units>0.5</Units></Assignment>\
                       <Assignment><TaskUID>3</TaskUID><ResourceUID>2</ResourceUID><Units>12</Units></Assignment></Assignments>";
    let link = |kind: u32, lag: &str, format: u32| {
        format!("{LINK}<Type>{kind}</Type><LinkLag>{lag}</LinkLag><LagFormat>{format}</LagFormat></PredecessorLink>")
    };
    let rows_of_tasks = [
        task(1, 1, "<Name>a &lt; b</Name>"),
        task(2, 1, ""),
        task(3, 2, &format!("<CalendarUID>2</CalendarUID><IgnoreResourceCalendar>1</IgnoreResourceCalendar>{}", link(1, "4800", 7))),
        task(5, 2, &format!("<Deadline>2026-03-20T17:00:00</Deadline>{}", link(3, "-14400", 8))),
        task(6, 1, &format!("<Priority>900</Priority><FixedCost>12345</FixedCost>{}", link(0, "50", 19))),
        task(7, 1, "<ConstraintType>4</ConstraintType><ConstraintDate>2026-03-05T08:00:00</ConstraintDate>"),
        task(
            8,
            1,
            "<PercentComplete>25</PercentComplete><ActualStart>2026-03-02T08:00:00</ActualStart><RemainingDuration>PT6H0M0S</RemainingDuration>\
             <Resume>2026-03-04T08:00:00</Resume>",
        ),
        task(9, 1, "").replace("PT8H0M0S", "PT0H0M0S"),
        task(10, 1, "").replace("Format>7", "Format>8"),
    ]
    .concat();
    let text = file(&format!("<Tasks>{rows_of_tasks}</Tasks>{resources}{assignments}"))
        .replace("</Calendars>", &format!("{}</Calendars>", standard(2, "Site").replace("</Calendar>", exceptions)));
    let first = read(&text);
    assert!(!first.findings.has_errors(), "{:?}", first.findings);
    let plan = valid(&first);
    let (text, losses) = written(&plan);
    assert!(losses.is_empty(), "{losses:?}");
    let second = read(&text);
    assert!(second.findings.is_empty(), "{:?}", second.findings);
    for kind in TableKind::ALL {
        let cells = |draft: &PlanDraft| {
            let table = draft.table(kind)?;
            let mut rows: Vec<Vec<String>> =
                (0..table.len()).map(|row| table.row(row).map(str::to_owned).collect()).collect();
            // Names are written even where they only repeat the id.
            if kind == TableKind::Tasks {
                rows.iter_mut().filter(|row| row[1] == row[0]).for_each(|row| row[1].clear());
            }
            Some(rows)
        };
        if kind != TableKind::Dates {
            assert_eq!(cells(&second), cells(&first), "{kind:?}");
        }
    }
    assert_eq!(written(&valid(&second)).0, text);
}

#[test]
fn what_the_format_cannot_hold_is_said() {
    let options = GenerateOptions { seed: 3, modes: 2, budgets: 2, ..GenerateOptions::enterprise(60) };
    let plan = valid(&generate(&options).unwrap());
    let (text, losses) = written(&plan);
    let found: Vec<&str> = losses.iter().map(|it| it.text.split(':').next().unwrap()).collect();
    assert!(found.iter().any(|text| text.contains("further ways to do tasks are left out")), "{found:?}");
    assert!(found.iter().any(|text| text.contains("budgets are left out")), "{found:?}");
    assert!(losses.iter().all(|it| it.rule == "not-carried" && it.severity < Severity::Error));
    let again = valid(&read(&text));
    assert_eq!((again.tasks().len(), again.links().len()), (plan.tasks().len(), plan.links().len()));
    let (once, _) = written(&again);
    assert_eq!(written(&valid(&read(&once))).0, once);
}

#[test]
fn periods_have_no_dates_to_write() {
    let plan = valid(&generate(&GenerateOptions::psplib(10)).unwrap());
    assert!(write_mspdi(&plan, None, &IdVec::new()).unwrap_err().is_invalid_plan());
}

#[test]
fn night_shifts_are_cut_at_midnight_for_the_file() {
    let mut draft = read(&tasks(&task(1, 1, "")));
    let mut table = crate::plan::draft::Table::new(TableKind::Calendars, "calendars.csv", ["calendar", "day", "hours"]);
    table.push_row(1, ["Standard", "mon..fri", "22:00-06:00"]);
    table.push_row(2, ["Standard", "2026-04-01", "off"]);
    draft.tables.retain(|table| table.kind() != TableKind::Calendars);
    draft.tables.push(table);
    let (text, _) = written(&valid(&draft));
    let calendars = rows(&read(&text), TableKind::Calendars, &["day", "hours"]);
    assert_eq!(
        calendars,
        [
            "mon,22:00-00:00",
            "tue,00:00-06:00;22:00-00:00",
            "wed,00:00-06:00;22:00-00:00",
            "thu,00:00-06:00;22:00-00:00",
            "fri,00:00-06:00;22:00-00:00",
            "sat,00:00-06:00",
            "sun,off",
            // Wednesday keeps the end of Tuesday's night, and Thursday has none of Wednesday's.
            "2026-04-01,00:00-06:00",
            "2026-04-02,22:00-00:00",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_reader_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let link = format!("{LINK}<Type>1</Type><LinkLag>4800</LinkLag><LagFormat>7</LagFormat></PredecessorLink>");
        let rest = "<Exceptions><Exception><TimePeriod><FromDate>2026-04-03T00:00:00</FromDate><ToDate>2026-04-06T23:59:00</ToDate>\
                    </TimePeriod><Type>6</Type><DaysOfWeek>12</DaysOfWeek><DayWorking>0</DayWorking></Exception></Exceptions></Calendar>";
        let people = "<Resources><Resource><UID>1</UID><Name>Ana</Name><CalendarUID>1</CalendarUID></Resource></Resources>\
                      <Assignments><Assignment><TaskUID>3</TaskUID><ResourceUID>1</ResourceUID><Units>0.5</Units></Assignment></Assignments>";
        let rows_of_tasks = [task(1, 1, "<PercentComplete>10</PercentComplete>"), task(2, 1, ""), task(3, 2, &link)].concat();
        let text = file(&format!("<Tasks>{rows_of_tasks}</Tasks>{people}")).replace("</Calendar>", rest);
        let mut bytes = text.into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let mut draft = PlanDraft::default();
        super::read("plan.xml", bytes, &mut draft);
        if let Ok((plan, _)) = validate(&draft) {
            prop_assert!(write_mspdi(&plan, None, &IdVec::new()).is_ok());
        }
    }
}
