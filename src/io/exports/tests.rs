//! Exports as the tools write them, taken apart.

use proptest::prelude::*;

use crate::error::Findings;
use crate::io::{ReadOptions, draft_to_csv, read_bytes};
use crate::plan::draft::{DateOrder, PlanDraft, TableKind};
use crate::plan::validate;

fn read(text: &str) -> PlanDraft {
    read_bytes("export.csv", text.as_bytes().to_vec(), &ReadOptions::default())
}

/// A table in the form in which it would be written.
fn table(draft: &PlanDraft, kind: TableKind) -> String {
    draft.table(kind).map(draft_to_csv).unwrap_or_default()
}

fn said(findings: &Findings) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

const PROJECT: &str = "\
ID,Active,Task_Mode,Name,Duration,Start_Date,Finish_Date,Predecessors,Outline_Level,Resource_Names,%_Complete,\
Constraint_Type,Constraint_Date,Deadline,Total_Slack,Cost,Notes
1,Yes,Auto Scheduled,House,20 days,Mon 02/03/26,Fri 27/03/26,,1,,15%,As Soon As Possible,NA,NA,0 days,\"$1,000.00\",
2,Yes,Auto Scheduled,Shell,12 days,Mon 02/03/26,Tue 17/03/26,,2,,25%,As Soon As Possible,NA,NA,0 days,$0.00,\"two
lines\"
3,Yes,Auto Scheduled,Foundation,5 days,Mon 02/03/26,Fri 06/03/26,,3,Ana,100%,As Soon As Possible,NA,NA,0 days,$0.00,
4,Yes,Auto Scheduled,Walls,1.5 wks?,Mon 09/03/26,Wed 18/03/26,3FS+2 days,3,\"Ana[50%],Ben[200%]\",0%,\
Start No Earlier Than,Mon 09/03/26,Fri 20/03/26,2 days,$0.00,
5,No,Auto Scheduled,Tower,9 days,Mon 09/03/26,Thu 19/03/26,4,3,Ben,0%,As Soon As Possible,NA,NA,0 days,$0.00,
6,Yes,Manually Scheduled,Roof,3 edays,Thu 19/03/26,Sun 22/03/26,\"4SS-50%,5FS\",2,\"Tiles[1,200 pcs]\",0%,\
Finish No Later Than,Mon 23/03/26,NA,0 days,$0.00,
7,Yes,Auto Scheduled,Done,0 days,Mon 23/03/26,Mon 23/03/26,6,1,,0%,As Soon As Possible,NA,NA,0 days,$0.00,
";

#[test]
fn an_export_of_ms_project_becomes_the_tables_of_a_plan() {
    let draft = read(PROJECT);
    assert_eq!(
        table(&draft, TableKind::Tasks),
        "id,name,parent,duration,predecessors,resources,constraint,constraint_date,deadline,fixed_cost\n\
         1,House,,,,,,,,\n\
         2,Shell,1,,,,,,,\n\
         3,Foundation,2,5 days,,Ana,,,,$0.00\n\
         4,Walls,2,1.5 wks?,3FS+2 days,\"Ana[50%],Ben[200%]\",Start No Earlier Than,Mon 09/03/26,Fri 20/03/26,$0.00\n\
         6,Roof,1,3 edays,4SS-50%,\"Tiles[1,200 pcs]\",Finish No Later Than,Mon 23/03/26,,$0.00\n\
         7,Done,,0 days,6,,,,,$0.00\n"
    );
    assert_eq!(
        table(&draft, TableKind::Progress),
        "task,actual_start,actual_finish,percent_complete,remaining_duration,resume\n\
         3,Mon 02/03/26,Fri 06/03/26,100%,,\n"
    );
    assert_eq!(
        table(&draft, TableKind::Dates),
        "task,start,finish,total_float\n\
         1,Mon 02/03/26,Fri 27/03/26,0 days\n\
         2,Mon 02/03/26,Tue 17/03/26,0 days\n\
         3,Mon 02/03/26,Fri 06/03/26,0 days\n\
         4,Mon 09/03/26,Wed 18/03/26,2 days\n\
         6,Thu 19/03/26,Sun 22/03/26,0 days\n\
         7,Mon 23/03/26,Mon 23/03/26,0 days\n"
    );
    assert_eq!(table(&draft, TableKind::Project), "key,value\nstart,2026-03-02 00:00\n");
    assert_eq!(table(&draft, TableKind::Resources), "id,kind,capacity\nAna,work,1\nBen,work,2\nTiles,material,\n");
    assert_eq!(
        said(&draft.findings),
        [
            "warning: export.csv:7 [Active]: inactive tasks are left out: `Tower` [not-carried]",
            "warning: export.csv:8 [Predecessors]: links from tasks that are inactive or in another file are left out: \
             `5FS` [not-carried]",
            "warning: export.csv:8 [Task_Mode]: tasks scheduled by hand follow links and constraints here: `Roof` \
             [not-carried]",
            "note: export.csv:6 [Resource_Names]: the table does not say how many units there are; as many as one task \
             uses at most are taken for granted: `Ben` [capacity-from-use]",
            "note: export.csv:2 [Start_Date]: the project starts at 2026-03-02 00:00, with the earliest task of the table \
             [start-from-tasks]",
            "note: export.csv: of this table of another planner, 1 column is not used: `Notes` [not-carried]",
        ]
    );
    let (plan, _) = validate(&draft).unwrap();
    assert_eq!((plan.tasks().len(), plan.links().len()), (6, 3));
}

#[test]
fn findings_of_validation_point_into_the_exported_file() {
    let text = "ID;Task Name;Outline Level;Duration;Predecessors;% Complete;Actual Start\n\
                1;A;1;;;0%;NA\n2;B;2;2 dayz;;50%;12.13.2026\n3;C;2;1 day;9;0%;NA\n";
    let places = |draft: &PlanDraft| -> Vec<String> {
        let error = validate(draft).unwrap_err();
        error.findings().unwrap().iter().map(|found| format!("{} {}", found.rule, found.place)).collect()
    };
    let draft = read(text);
    assert_eq!(
        places(&draft)[..3],
        [
            "impossible-date export.csv:3 [Actual Start]",
            "bad-duration export.csv:3 [Duration]",
            "unknown-task export.csv:4 [Predecessors]",
        ]
    );
    let draft = read("ID,Task Name,Outline Level,Duration\n1,A,1,1d\n2,B,x,1d\n");
    assert_eq!(places(&draft)[0], "bad-outline-level export.csv:3 [Outline Level]");
}

#[test]
fn hierarchy_comes_from_outline_numbers_where_there_are_no_levels() {
    let rows = "1,A,1,\n2,B,1.1,\n3,C,1.1.1,1d\n4,D,1.10,1d\n5,E,2,1d\n";
    let parents = "id,name,parent,duration\n1,A,,\n2,B,1,\n3,C,2,1d\n4,D,1,1d\n5,E,,1d\n";
    let by_number = read(&format!("ID,Name,Outline Number,Duration\n{rows}"));
    assert_eq!(table(&by_number, TableKind::Tasks), parents);
    let by_code = read(&format!("ID,Name,WBS,Duration,Milestone,Active\n{}", rows.replace('\n', ",No,Yes\n")));
    assert_eq!(table(&by_code, TableKind::Tasks), parents);
}

#[test]
fn levels_that_jump_belong_to_the_nearest_row_above() {
    let draft = read("ID,Name,Outline Level,Duration\n1,A,1,\n2,B,3,1d\n3,C,2,1d\n4,D,0,1d\n5,,,\n");
    let expected = "id,name,parent,duration\n1,A,,\n2,B,1,1d\n3,C,1,1d\n4,D,,1d\n";
    assert_eq!(table(&draft, TableKind::Tasks), expected);
}

#[test]
fn predecessors_by_unique_ids_are_meant_by_unique_ids() {
    let draft = read("ID,Unique ID,Task Name,Duration,Unique ID Predecessors\n1,31,A,1d,\n2,17,B,1d,31SS+1d\n");
    let expected = "id,name,parent,duration,predecessors\n31,A,,1d,\n17,B,,1d,31SS+1d\n";
    assert_eq!(table(&draft, TableKind::Tasks), expected);
    let (plan, _) = validate(&draft).unwrap();
    assert_eq!(plan.links().len(), 1);
}

#[test]
fn what_summaries_cannot_have_is_left_out_with_a_warning() {
    let draft = read(
        "ID,Name,Outline Level,Duration,Resource Names,Fixed Cost,Constraint Type,Constraint Date,Task Calendar,Type\n\
         1,A,1,3 days,Ana,5,Must Start On,2026-03-02,None,Fixed Units\n2,B,2,3 days,Ana,5,As Late As Possible,NA,Night Shift,Fixed Work\n",
    );
    assert_eq!(
        table(&draft, TableKind::Tasks),
        "id,name,parent,duration,resources,calendar,constraint,constraint_date,fixed_cost,type\n\
         1,A,,,,,,,,\n2,B,1,3 days,Ana,,As Late As Possible,,5,\n"
    );
    let rules: Vec<&str> = draft.findings.iter().map(|found| found.rule).collect();
    assert_eq!(rules, ["not-carried"; 4], "{:?}", said(&draft.findings));
    assert!(validate(&draft).is_ok());
}

#[test]
fn links_into_other_files_are_left_out() {
    let draft = read(
        "ID,Name,Outline Level,Duration,Predecessors\n1,A,1,1d,C:\\plans\\other.mpp\\5FS\n2,B,1,1d,\"1,D:\\x.mpp\\1\"\n",
    );
    assert_eq!(table(&draft, TableKind::Tasks), "id,name,parent,duration,predecessors\n1,A,,1d,\n2,B,,1d,1\n");
    assert_eq!(draft.findings.iter().count(), 1);
}

#[test]
fn one_date_may_show_which_part_is_the_day_of_all() {
    let draft = read("ID,Name,Duration,Start,Finish\n1,A,1d,03/04/26,03/04/26\n2,B,1d,03/04/26,04/17/26\n");
    assert_eq!(draft.date_order, Some(DateOrder::MonthDayYear));
    assert_eq!(table(&draft, TableKind::Project), "key,value\nstart,2026-03-04 00:00\n");
    assert!(said(&draft.findings)[0].starts_with("note: export.csv:3 [Finish]: dates are read as month, day, year"));
    let both = read("ID,Name,Duration,Start,Finish\n1,A,1d,03/04/26,17/04/26\n2,B,1d,03/04/26,04/17/26\n");
    assert_eq!(both.date_order, None);
}

#[test]
fn dates_that_could_be_either_way_round_stay_errors() {
    let draft = read("ID,Name,Duration,Start,Finish\n1,A,1d,03/04/26,03/04/26\n");
    assert_eq!((draft.date_order, table(&draft, TableKind::Project).len()), (None, 0));
    assert_eq!(draft.table(TableKind::Dates).map(|table| table.cell(0, 1).to_owned()).as_deref(), Some("03/04/26"));
}

#[test]
fn a_plan_of_ones_own_is_no_export() {
    let text = "id,name,duration,start,cost,colour\nA,a,1d,,5,red\n";
    let draft = read(text);
    assert_eq!(draft.tables.len(), 1);
    assert_eq!(table(&draft, TableKind::Tasks), "id,name,duration,start,fixed_cost,colour\nA,a,1d,,5,red\n");
    assert!(draft.findings.iter().all(|found| found.rule == "unknown-column"));
}

const JIRA: &str = "\
Summary,Issue key,Issue id,Issue Type,Status,Project key,Priority,Resolution,Assignee,Created,Resolved,Due date,Labels,\
Labels,Description,Original estimate,Remaining Estimate,Time Spent,Σ Original Estimate,Inward issue link (Blocks),\
Inward issue link (Blocks),Outward issue link (Blocks),Outward issue link (Relates),Custom field (Start date),Sprint,\
Sprint,Parent,Parent key,Status Category
Portal,APP-1,10001,Epic,To Do,APP,High,,Ada,01/Mar/26 9:00 AM,,,web,,,,,,86400,,,,,,,,,,To Do
Design,APP-2,10002,Story,Done,APP,Highest,Done,\"Byron, Ada\",01/Mar/26 9:00 AM,03/Mar/26 4:00 PM,,web,ui,\"line one
line \"\"two\"\"\",28800,0,28800,28800,,,APP-3,,02/Mar/26 12:00 AM,S1,,10001,APP-1,Done
Build,APP-3,10003,Story,In Progress,APP,Medium,,Ben,01/Mar/26 9:00 AM,,12/Mar/26 12:00 AM,,,,57600,28800,28800,57600,\
APP-2,,APP-4,APP-2,04/Mar/26 12:00 AM,S1,S2,10001,APP-1,In Progress
Test,APP-4,10004,Story,To Do,APP,P1,,,01/Mar/26 9:00 AM,,12/Mar/26 5:00 PM,,,,7200,7200,,7200,APP-3,OPS-9,,,,S2,,10001,\
APP-1,To Do
Old bug,APP-5,10005,Bug,Closed,APP,Low,Fixed,Ben,01/Mar/26 9:00 AM,02/Mar/26 9:00 AM,,,,,,,,,,,,,,,,,,Done
";

#[test]
fn an_export_of_jira_becomes_the_tables_of_a_plan() {
    let draft = read(JIRA);
    assert_eq!(
        table(&draft, TableKind::Tasks),
        "id,name,parent,duration,resources,deadline,priority,category\n\
         APP-1,Portal,,,,,High,Epic\n\
         APP-2,Design,APP-1,480m,\"Byron, Ada\",,Highest,Story\n\
         APP-3,Build,APP-1,960m,Ben,12/Mar/26,Medium,Story\n\
         APP-4,Test,APP-1,120m,,12/Mar/26 5:00 PM,,Story\n\
         APP-5,Old bug,,0m,Ben,,Low,Bug\n"
    );
    assert_eq!(table(&draft, TableKind::Dependencies), "predecessor,successor\nAPP-2,APP-3\nAPP-3,APP-4\n");
    assert_eq!(table(&draft, TableKind::Resources), "id\n\"Byron, Ada\"\nBen\n");
    assert_eq!(
        table(&draft, TableKind::Progress),
        "task,actual_start,actual_finish,percent_complete,remaining_duration\n\
         APP-2,02/Mar/26,03/Mar/26 4:00 PM,100,\nAPP-3,04/Mar/26,,,480m\n"
    );
    assert_eq!(
        said(&draft.findings),
        [
            "warning: export.csv:7 [Status]: the table does not say since when these issues are done or under way; only \
             what is left of them is planned: `APP-5` [not-carried]",
            "warning: export.csv:2 [Issue key]: the estimates and assignees of issues with others below them are left \
             out: `APP-1` [not-carried]",
            "warning: export.csv:6 [Priority]: these priorities are not known and count as 500: `P1` [not-carried]",
            "warning: export.csv:6 [Inward issue link (Blocks)]: links with issues that are not in this table are left \
             out: `OPS-9` [not-carried]",
            "note: export.csv:5 [Outward issue link (Relates)]: links of other kinds than `Blocks` are no dependencies and \
             are left out: `Outward issue link (Relates)` [not-carried]",
            "note: export.csv: of this table of Jira, 1 column is not used: `Sprint` [not-carried]",
        ]
    );
    let (plan, _) = validate(&draft).unwrap();
    assert_eq!((plan.tasks().len(), plan.links().len()), (5, 2));
}

#[test]
fn an_issue_without_an_estimate_is_an_error_at_its_row() {
    let draft = read("Summary,Issue key,Issue id,Original Estimate,Epic Link\nA,X-1,1,,\nB,X-2,2,3600,X-9\n");
    let error = validate(&draft).unwrap_err();
    let findings = said(error.findings().unwrap());
    assert!(findings.iter().any(|found| found.starts_with("error: export.csv:2 [Original Estimate]")), "{findings:?}");
    assert!(findings.iter().any(|found| found.contains("`X-9`")), "{findings:?}");
}

proptest! {
    #[test]
    fn any_cells_are_survived(
        columns in prop::collection::vec(prop::sample::select(vec![
            "ID", "Unique ID", "Name", "Outline Level", "Outline Number", "WBS", "Duration", "Predecessors",
            "Unique ID Predecessors", "% Complete", "Start", "Finish", "Actual Start", "Resource Names", "Active",
            "Constraint Type", "Milestone", "Issue key", "Issue id", "Parent id", "Status", "Original Estimate",
            "Inward issue link (Blocks)", "Assignee", "Resolved", "Due date", "Task Calendar", "Cost",
        ]), 1..12),
        cells in prop::collection::vec(prop::sample::select(vec![
            "", "1", "2", "1.1", "-1", "No", "Yes", "50%", "100%", "é[", "A[2],B]", "1FS+2d", "\\5", "99999999999999999999",
            "Done", "28800", "12/Mar/26 12:00 AM", "NA", "02/03/26", "x;y", "ALAP", "0.5",
        ]), 0..120),
    ) {
        let mut text = columns.join(",");
        for row in cells.chunks(columns.len()) {
            text.push('\n');
            text.push_str(&row.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(","));
        }
        let draft = read(&text);
        let _ = validate(&draft);
    }
}

const GERMAN: &str = "\
Nr.;Aktiv;Vorgangsmodus;Vorgangsname;Dauer;Anfang;Fertig stellen;Vorgänger;Gliederungsebene;Ressourcennamen;% Abgeschlossen;\
Einschränkungsart;Einschränkungstermin;Stichtag;Gesamte Pufferzeit;Kosten;Notizen
1;Ja;Automatisch geplant;Haus;12,5 Tage;Mo 02.03.26;Mi 18.03.26;;1;;0%;So früh wie möglich;NV;NV;0 Tage;1.000,00 €;
2;Ja;Automatisch geplant;Fundament;1,5 Wochen;Mo 02.03.26;Mi 11.03.26;;2;Ana[50%];100%;So früh wie möglich;NV;NV;0 Tage;0,00 €;
3;Ja;Automatisch geplant;Mauern;4 Tage?;Do 12.03.26;Mi 18.03.26;2EA+0,5 Tage;2;Ana[50%];0%;Anfang nicht früher als;Do 12.03.26;\
Fr 20.03.26;0 Tage;0,00 €;
4;Nein;Automatisch geplant;Turm;9 Tage;Do 12.03.26;Di 24.03.26;3;2;;0%;So früh wie möglich;NV;NV;0 Tage;0,00 €;
5;Ja;Manuell geplant;Dach;3 fTage;Mi 18.03.26;Sa 21.03.26;2AA-50%;3EE+4 Std.;1;;0%;So früh wie möglich;NV;NV;0 Tage;0,00 €;gut
";

#[test]
fn an_export_in_german_becomes_the_tables_of_a_plan() {
    // A list of links is between quotes, as the separator of the file stands in it.
    let draft = read(&GERMAN.replace("2AA-50%;3EE+4 Std.", "\"2AA-50%;3EE+4 Std.\""));
    assert_eq!(
        table(&draft, TableKind::Tasks),
        "id;name;parent;duration;predecessors;resources;constraint;constraint_date;deadline;fixed_cost\n\
         1;Haus;;;;;;;;\n\
         2;Fundament;1;\"1,5 w\";;Ana[50%];;;;\"0,00 €\"\n\
         3;Mauern;1;4 d?;\"2FS+0,5 d\";Ana[50%];SNET;12.03.26;20.03.26;\"0,00 €\"\n\
         5;Dach;;3 ed;\"2SS-50%;3FF+4 h\";;;;;\"0,00 €\"\n"
    );
    assert_eq!(
        table(&draft, TableKind::Progress),
        "task;actual_start;actual_finish;percent_complete;remaining_duration;resume\n2;02.03.26;11.03.26;100%;;\n"
    );
    let rules: Vec<(&str, Option<&str>)> =
        draft.findings.iter().map(|it| (it.rule, it.place.column.as_deref())).collect();
    assert_eq!(
        rules,
        [
            ("language", None),
            ("not-carried", Some("Aktiv")),
            ("not-carried", Some("Vorgangsmodus")),
            ("start-from-tasks", Some("Anfang")),
            ("not-carried", None),
        ]
    );
    assert!(said(&draft.findings)[4].contains("`Notizen`"));
    let (plan, _) = validate(&draft).unwrap();
    assert_eq!((plan.tasks().len(), plan.links().len()), (4, 3));
    assert_eq!(plan.modes().iter().next().unwrap().duration.minutes().0, 3600);
}

#[test]
fn words_that_the_language_does_not_have_are_findings_in_the_users_file() {
    let text = "Nr.;Vorgangsname;Dauer;Vorgänger;Farbe\n1;A;3 Tage;;rot\n2;B;2 Tagge;1XX+2 Tage;\n";
    let draft = read(text);
    let said_first = said(&draft.findings);
    assert!(said_first.iter().any(|text| text.contains("`Farbe`")) && said_first.len() == 2, "{said_first:?}");
    let error = validate(&draft).unwrap_err();
    let places: Vec<String> = error.findings().unwrap().iter().map(|it| format!("{} {}", it.rule, it.place)).collect();
    assert!(places.contains(&"bad-duration export.csv:3 [Dauer]".to_owned()), "{places:?}");
    assert!(places.contains(&"unknown-task export.csv:3 [Vorgänger]".to_owned()), "{places:?}");
}

#[test]
fn exports_in_french_and_spanish_are_read() {
    let french = "N°;Nom de la tâche;Durée;Début;Fin;Prédécesseurs;Noms ressources;Niveau hiérarchique;Type de contrainte;Date de contrainte\n\
                  1;Maison;8 jours;Lun 02/03/26;Mer 11/03/26;;;1;Dès que possible;NC\n\
                  2;Creuser;1,5 jours;Lun 02/03/26;Mar 03/03/26;;Ana;2;Dès que possible;NC\n\
                  3;Couler;2 sem;Mar 03/03/26;Mar 17/03/26;2FD+1 jour;Ana;2;Début au plus tôt le;Mar 03/03/26\n\
                  4;Fin;0 jour;Mar 17/03/26;Mar 17/03/26;3DF-2 heures;;1;Dès que possible;NC\n";
    let spanish = "Id.;Nombre de tarea;Duración;Comienzo;Fin;Predecesoras;Nombres de los recursos;Nivel de esquema;Tipo de restricción;Fecha de restricción\n\
                   1;Casa;8 días;lun 02/03/26;mié 11/03/26;;;1;Lo antes posible;NOD\n\
                   2;Cavar;1,5 días;lun 02/03/26;mar 03/03/26;;Ana;2;Lo antes posible;NOD\n\
                   3;Verter;2 sem.;mar 03/03/26;mar 17/03/26;2FC+1 día;Ana;2;No comenzar antes del;mar 03/03/26\n\
                   4;Listo;0 días;mar 17/03/26;mar 17/03/26;3CF-2 horas;;1;Lo antes posible;NOD\n";
    for text in [french, spanish] {
        let draft = read(text);
        assert!(!draft.findings.has_errors(), "{:?}", said(&draft.findings));
        assert_eq!(draft.date_order, Some(DateOrder::DayMonthYear));
        let (plan, _) = validate(&draft).unwrap();
        let links: Vec<(&str, i64)> = plan
            .links()
            .iter()
            .map(|link| match link.lag.amount {
                crate::plan::LagAmount::Minutes(minutes) => (link.kind.code(), minutes.0),
                crate::plan::LagAmount::Percent(_) => (link.kind.code(), -1),
            })
            .collect();
        assert_eq!(links, [("FS", 480), ("SF", -120)]);
        let lasts: Vec<i64> = plan.modes().iter().map(|mode| mode.duration.minutes().0).collect();
        assert_eq!(lasts, [720, 4800, 0]);
        let date = plan.tasks().iter().filter_map(|task| task.constraint).map(|it| it.moment.to_string());
        assert_eq!(date.collect::<Vec<_>>(), ["2026-03-03 00:00"]);
    }
}
