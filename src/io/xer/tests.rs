//! Reading small files, cell by cell, and files that are broken in all ways.

use proptest::prelude::*;

use crate::error::Findings;
use crate::io::{ReadOptions, read_bytes};
use crate::plan::draft::{PlanDraft, Table, TableKind};
use crate::plan::validate;

const WEEK: &str = "(0||CalendarData()((0||DaysOfWeek()((0||1()())(0||2()((0||0(s|08:00|f|16:00)())))(0||3()((0||0(s|08:00|f|16:00)())))\
    (0||4()((0||0(s|08:00|f|16:00)())))(0||5()((0||0(s|08:00|f|16:00)())))(0||6()((0||0(s|08:00|f|16:00)())))(0||7()())))(0||Exceptions()((0||0(d|46108)())))))";

fn sample() -> String {
    let text = "ERMHDR\t20.12\t2026-03-01\tProject\tADMIN\tx\tdb\tProject Management\tEUR
%T\tTASK
%F\ttask_id\tproj_id\twbs_id\tclndr_id\ttask_code\ttask_name\ttask_type\tstatus_code\tcomplete_pct_type\tremain_drtn_hr_cnt\ttarget_drtn_hr_cnt\tact_start_date\tact_end_date\tearly_start_date\ttotal_float_hr_cnt\tcstr_type\tcstr_date\trsrc_id\tpriority_type
%R\t11\t1\t101\t7\tA1\tDig \"\"deep\"\"\tTT_Task\tTK_Complete\tCP_Drtn\t0\t16\t2026-03-02 08:00\t2026-03-03 16:00
%R\t12\t1\t101\t7\tA2\tPour\tTT_Rsrc\tTK_Active\tCP_Drtn\t6\t24\t2026-03-04 08:00\t\t2026-03-05 10:00\t-4.5\t\t\t5\tPT_High
%R\t13\t1\t100\t7\tA3\tDone\tTT_FinMile\tTK_NotStart\tCP_Drtn\t0\t0\t\t\t\t\tCS_MEO\t2026-03-31 16:00
%T\tPROJECT
%F\tproj_id\tproj_short_name\tclndr_id\tlast_recalc_date\tplan_start_date\tplan_end_date\tcritical_drtn_hr_cnt\texport_flag
%R\t1\tHOUSE\t7\t2026-03-05 08:00\t2026-03-02 00:00\t2026-04-01 00:00\t8\tY
%T\tSCHEDOPTIONS
%F\tproj_id\tsched_retained_logic\tsched_progress_override\tsched_float_type\tsched_calendar_on_relationship_lag\tsched_open_critical_flag\tsched_use_expect_end_flag
%R\t1\tN\tY\tFT_SS\trcal_24Hour\tY\tN
%T\tPROJWBS
%F\twbs_id\tproj_id\twbs_short_name\twbs_name\tparent_wbs_id\tproj_node_flag
%R\t101\t1\tSITE\tSite works\t100\tN
%R\t100\t1\tHOUSE\tThe house\t1\tY
%R\t102\t1\tIDLE\tNothing\t100\tN
%T\tCALENDAR
%F\tclndr_id\tdefault_flag\tclndr_name\tday_hr_cnt\tweek_hr_cnt\tmonth_hr_cnt\tclndr_data
%R\t7\tY\tFive days\t8\t40\t172\tDATA
%T\tRSRC
%F\trsrc_id\tclndr_id\trsrc_name\trsrc_short_name\trsrc_type
%R\t5\t7\tConcrete, crew\tCREW,1\tRT_Labor
%R\t6\t7\tSand\tSAND\tRT_Mat
%T\tRSRCRATE
%F\trsrc_id\tmax_qty_per_hr\tcost_per_qty\tstart_date
%R\t5\t1\t25.5000\t2020-01-01 00:00
%R\t6\t\t3.2500\t2020-01-01 00:00
%T\tTASKRSRC
%F\ttask_id\trsrc_id\ttarget_qty\ttarget_qty_per_hr\tremain_qty\tact_reg_qty
%R\t12\t5\t48\t2\t12\t36
%R\t12\t6\t10\t0\t4\t8
%T\tTASKPRED
%F\ttask_id\tpred_task_id\tpred_type\tlag_hr_cnt
%R\t12\t11\tPR_FS\t0
%R\t13\t12\tPR_FF\t-1.5
%R\t13\t99\tPR_FS\t0
%T\tUDFVALUE
%F\tudf_type_id\tfk_id
%R\t1\t11
%E
";
    text.replace("DATA", WEEK)
}

fn draft(text: &str) -> PlanDraft {
    read_bytes("house.xer", text.as_bytes().to_vec(), &ReadOptions::default())
}

fn rows(draft: &PlanDraft, kind: TableKind) -> Vec<String> {
    let Some(table) = draft.table(kind) else { return Vec::new() };
    (0..table.len()).map(|row| table.row(row).collect::<Vec<_>>().join("|")).collect()
}

fn rules(findings: &Findings) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn every_table_gets_its_cells() {
    let draft = draft(&sample());
    assert_eq!(
        rows(&draft, TableKind::Project),
        [
            "name|The house",
            "start|2026-03-02 00:00",
            "deadline|2026-04-01 00:00",
            "late_from_deadline|yes",
            "status_date|2026-03-05 08:00",
            "calendar|Five days",
            "hours_per_day|8",
            "days_per_week|5",
            "days_per_month|21.5",
            "currency|EUR",
            "critical_float|480m",
            "float_rule|start",
            "open_ends_critical|yes",
            "progress_logic|override",
        ]
    );
    assert_eq!(
        rows(&draft, TableKind::Tasks),
        [
            "HOUSE.SITE|Site works|||||||||||||",
            "A1|Dig \"deep\"|HOUSE.SITE|960m||Five days||no|||||||",
            "A2|Pour|HOUSE.SITE|1440m|CREW_1*2;SAND*12|||yes|||||700||",
            "A3|Done||0m||Five days|finish milestone|no|FNET|2026-03-31 16:00|FNLT|2026-03-31 16:00|||",
        ]
    );
    assert_eq!(rows(&draft, TableKind::Dependencies), ["A1|A2|FS||", "A2|A3|FF|-90m|24h"]);
    assert_eq!(
        rows(&draft, TableKind::Resources),
        ["CREW_1|Concrete, crew|work|2|Five days|25.5/h", "SAND|Sand|material|||3.25"]
    );
    assert_eq!(
        rows(&draft, TableKind::Progress),
        ["A1|2026-03-02 08:00|2026-03-03 16:00|100|||", "A2|2026-03-04 08:00||75|360m||"]
    );
    assert_eq!(
        rows(&draft, TableKind::Dates),
        ["A1|2026-03-02 08:00|2026-03-03 16:00||||||", "A2|2026-03-04 08:00||2026-03-05 10:00||||-270m|", "A3||||||||",]
    );
    assert_eq!(rows(&draft, TableKind::Calendars)[7..], ["Five days|2026-03-27|off"]);
    let mut rules = rules(&draft.findings);
    rules.sort_unstable();
    assert_eq!(rules, ["capacity-raised", "link-outside", "not-carried", "not-carried", "renamed", "uneven-row"]);
    assert!(validate(&draft).is_ok(), "{:?}", validate(&draft).err());
}

#[test]
fn several_projects_are_summaries_on_top_and_repeated_codes_name_theirs() {
    let text = "ERMHDR\t20.12
%T\tPROJECT
%F\tproj_id\tproj_short_name\tlast_recalc_date\texport_flag
%R\t1\tP\t2026-03-05 08:00\tN
%R\t2\tQ\t2026-03-06 08:00\tY
%T\tPROJWBS
%F\twbs_id\tproj_id\twbs_short_name\twbs_name\tproj_node_flag
%R\t10\t1\tP\tFirst\tY
%R\t20\t2\tQ\tSecond\tY
%T\tTASK
%F\ttask_id\tproj_id\twbs_id\ttask_code\ttask_type\ttarget_drtn_hr_cnt
%R\t1\t1\t10\tA\tTT_Task\t8
%R\t2\t2\t20\tA\tTT_Task\t8
%R\t3\t2\t20\tB\tTT_Task\t8
%E
";
    let draft = draft(text);
    let ids: Vec<String> =
        rows(&draft, TableKind::Tasks).iter().map(|row| row.split('|').take(4).collect::<Vec<_>>().join("|")).collect();
    assert_eq!(ids, ["P|First||", "Q|Second||", "P:A||P|480m", "Q:A||Q|480m", "Q:B||Q|480m"]);
    let starts: Vec<String> =
        rows(&draft, TableKind::Tasks).iter().take(2).map(|row| row[row.find("SNET").unwrap()..].to_owned()).collect();
    assert_eq!(starts, ["SNET|2026-03-05 08:00|||||", "SNET|2026-03-06 08:00|||||"]);
    assert!(rows(&draft, TableKind::Project).contains(&"status_date|2026-03-06 08:00".to_owned()));
    assert!(rows(&draft, TableKind::Project).contains(&"late_by_project|yes".to_owned()));
    assert!(rules(&draft.findings).contains(&"projects-differ"));
}

#[test]
fn a_cut_off_file_loses_its_incomplete_row_and_says_so() {
    let text = sample();
    let end = text.find("\tA2\tPour\tTT_Rsrc").unwrap_or_default();
    let draft = draft(&text[..end]);
    assert_eq!(rows(&draft, TableKind::Tasks).len(), 1);
    assert!(rules(&draft.findings).contains(&"cut-off-file"));
}

#[test]
fn broken_cells_are_findings_with_line_and_column() {
    let text = sample().replace("\t24\t2026-03-04 08:00", "\tlong\t2026-02-30 08:00");
    let draft = draft(&text);
    let places: Vec<(Option<u32>, Option<&str>)> = draft
        .findings
        .iter()
        .filter(|finding| finding.rule == "bad-value")
        .map(|finding| (finding.place.row, finding.place.column.as_deref()))
        .collect();
    assert_eq!(places[..2], [(Some(5), Some("act_start_date")), (Some(5), Some("target_drtn_hr_cnt"))]);
}

fn no_panic(bytes: Vec<u8>) {
    let draft = read_bytes("t.xer", bytes, &ReadOptions::default());
    if let Ok((plan, _)) = validate(&draft) {
        assert!(plan.activity_count() > 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn flipped_bytes_never_panic(changes in prop::collection::vec((0_usize..5000, any::<u8>()), 1..20)) {
        let mut bytes = sample().into_bytes();
        for (at, byte) in changes {
            let at = 6 + at % (bytes.len() - 6);
            bytes[at] = byte;
        }
        no_panic(bytes);
    }

    #[test]
    fn cut_swapped_and_repeated_lines_never_panic(
        swaps in prop::collection::vec((1_usize..60, 1_usize..60), 0..10),
        cut in 6_usize..5000,
        repeat in 1_usize..60,
    ) {
        let text = sample();
        let mut lines: Vec<&str> = text.lines().collect();
        let count = lines.len();
        for (a, b) in swaps {
            lines.swap(1 + a % (count - 1), 1 + b % (count - 1));
        }
        let again = lines[repeat % count];
        lines.insert(repeat % count, again);
        let mut bytes = lines.join("\r\n").into_bytes();
        bytes.truncate(cut);
        no_panic(bytes);
    }

    #[test]
    fn tokens_in_any_order_never_panic(
        tokens in prop::collection::vec(
            prop::sample::select(vec!["(", ")", "0||", "DaysOfWeek", "Exceptions", "2", "s|08:00|f|12:00", "d|46000", "|", "\u{7f}", "é"]),
            0..60,
        ),
    ) {
        no_panic(sample().replace(WEEK, &tokens.concat()).into_bytes());
    }
}

#[test]
fn what_is_written_reads_the_same() {
    let plan = validate(&draft(&sample())).map(|(plan, _)| plan).expect("a valid plan");
    let (bytes, _) = crate::io::write_xer(&plan, None).expect("a plan with dates");
    let (first, second) = (draft(&sample()), read_bytes("house.xer", bytes, &ReadOptions::default()));
    for kind in [
        TableKind::Tasks,
        TableKind::Dependencies,
        TableKind::Resources,
        TableKind::Progress,
        TableKind::Dates,
        TableKind::Project,
    ] {
        assert_eq!(rows(&second, kind), rows(&first, kind), "{kind:?}");
    }
    assert!(validate(&second).is_ok());
}

/// What writing a plan of these settings and tasks leaves out.
fn losses(settings: &[[&str; 2]], tasks: &[[&str; 5]]) -> Vec<String> {
    let mut project = Table::new(TableKind::Project, "project.csv", ["key", "value"]);
    for setting in [["start", "2026-03-02"], ["currency", "EUR"], ["status_date", "2026-03-02"]] {
        assert!(project.push_row(2, setting));
    }
    settings.iter().for_each(|setting| assert!(project.push_row(3, *setting)));
    let headers = ["id", "parent", "duration", "pause", "category"];
    let mut table = Table::new(TableKind::Tasks, "tasks.csv", headers);
    tasks.iter().for_each(|task| assert!(table.push_row(2, *task)));
    let draft = PlanDraft { tables: vec![project, table], ..PlanDraft::default() };
    let plan = validate(&draft).map(|(plan, _)| plan).expect("a valid plan");
    let (_, findings) = crate::io::write_xer(&plan, None).expect("a plan with dates");
    findings.iter().filter(|finding| finding.rule == "not-carried").map(|finding| finding.text.clone()).collect()
}

#[test]
fn settings_that_the_file_cannot_say_are_findings() {
    let plain = [["a", "", "1d", "", ""]];
    assert_eq!(
        losses(&[["deadline", "2026-04-01"], ["late_from_deadline", "no"], ["honor_constraints", "yes"]], &plain),
        [
            "1 setting is left out: `honor_constraints`",
            "1 setting changes: P6 counts late dates from the deadline even if the finish is earlier: \
             `late_from_deadline`",
        ]
    );
    let said =
        [["deadline", "2026-04-01"], ["late_from_deadline", "yes"], ["float_rule", "start"], ["critical_float", "50m"]];
    assert!(losses(&said, &plain).is_empty());
    assert!(losses(&[["late_from_deadline", "no"]], &plain).is_empty());
}

#[test]
fn pauses_and_categories_of_tasks_and_summaries_are_findings() {
    let tasks = [
        ["PLAN.s", "", "", "", "phase"],
        ["a", "PLAN.s", "2h", "never", "work"],
        ["b", "PLAN.s", "2h", "never", ""],
        ["c", "PLAN.s", "1d", "breaks", ""],
    ];
    assert_eq!(
        losses(&[], &tasks),
        ["`category` of 2 tasks is left out: `PLAN.s`, `a`", "`pause` of 2 tasks is left out: `a`, `b`"]
    );
}

#[test]
fn risks_and_their_kin_are_findings() {
    let table = |kind: TableKind, headers: [&str; 4], row: [&str; 4]| {
        let mut table = Table::new(kind, kind.file_name(), headers);
        assert!(table.push_row(2, row));
        table
    };
    let tables = vec![
        table(TableKind::Tasks, ["id", "duration", "category", "name"], ["a", "1d", "site", ""]),
        table(TableKind::Deliverables, ["id", "name", "due", ""], ["d", "", "2026-03-02", ""]),
        table(TableKind::Risks, ["id", "probability", "tasks", "group"], ["r", "0.1", "a", "vendor"]),
        table(TableKind::Mitigations, ["id", "risk", "cost", "probability_after"], ["m", "r", "9", "0"]),
        table(TableKind::Correlations, ["a", "b", "coefficient", ""], ["a", "vendor", "0.5", ""]),
        table(TableKind::Gates, ["id", "after", "pass_probability", "rework_task"], ["g", "a", "0.5", "a"]),
        table(TableKind::Issues, ["id", "task", "delay", "status"], ["i", "a", "1d", "open"]),
        table(TableKind::Stakeholders, ["id", "milestones", "confidence", "role"], ["s", "a", "0.9", ""]),
    ];
    let draft = PlanDraft { tables, ..PlanDraft::default() };
    let plan = validate(&draft).map(|(plan, _)| plan).expect("a valid plan");
    let (_, findings) = crate::io::write_xer(&plan, None).expect("a plan with dates");
    let texts: Vec<&str> = findings.iter().map(|finding| finding.text.as_str()).collect();
    for lost in [
        "1 deliverable is left out: `d`",
        "1 risk is left out: `r`",
        "1 mitigation is left out: `m`",
        "1 correlation is left out: `a and vendor`",
        "1 gate is left out: `g`",
        "1 issue is left out: `i`",
        "1 stakeholder is left out: `s`",
    ] {
        assert!(texts.contains(&lost), "{lost}: {texts:?}");
    }
}

/// The settings and the findings that schedule options come to, in a file with a number of projects.
fn with_options(fields: &str, cells: &str, projects: usize) -> (Vec<String>, Vec<String>) {
    let text = sample();
    let from = text.find("%F\tproj_id\tsched_retained_logic").expect("the sample has options");
    let to = text[from..].find("%T").expect("tables follow") + from;
    let mut text = format!("{}%F\tproj_id\t{fields}\n%R\t1\t{cells}\n{}", &text[..from], &text[to..]);
    if projects > 1 {
        text = text.replace("%T\tSCHEDOPTIONS", "%R\t2\tSHED\t7\n%T\tSCHEDOPTIONS");
    }
    let draft = draft(&text);
    let of_options = |rule: &str| matches!(rule, "unknown-option" | "unknown-code" | "not-carried");
    let found = draft.findings.iter().filter(|finding| of_options(finding.rule) && finding.text.contains("option"));
    (rows(&draft, TableKind::Project), found.map(|finding| finding.text.clone()).collect())
}

#[test]
fn schedule_options_are_followed_or_named() {
    let logic = |cells: &str| with_options("sched_retained_logic\tsched_progress_override", cells, 1).0;
    let has = |rows: &[String], row: &str| rows.iter().any(|other| other == row);
    assert!(has(&logic("N\tN"), "progress_logic|actual"));
    assert!(has(&logic("N\tY"), "progress_logic|override"));
    assert!(has(&logic("Y\tN"), "progress_logic|retained") && has(&logic("\t"), "progress_logic|retained"));
    let lag = |cell: &str| has(&with_options("sched_lag_early_start_flag", cell, 1).0, "lag_from_actual_start|yes");
    assert_eq!((lag("Y"), lag("N"), lag("")), (false, true, false));
    let apart = |cell: &str, projects: usize| {
        has(&with_options("sched_use_project_end_date_for_float", cell, projects).0, "late_by_project|yes")
    };
    assert_eq!((apart("Y", 1), apart("N", 2), apart("Y", 2), apart("", 2)), (false, false, true, true));
    let levelling = "level_all_rsrc_flag\tmax_multiple_longest_path\tsched_outer_depend_type\tsched_setplantoforecast";
    assert!(with_options(levelling, "Y\t10\tSD_None\tN", 1).1.is_empty());
    let apart = with_options("sched_outer_depend_type\tsched_setplantoforecast\tsched_by_moon", "SD_None\tY\tY", 2).1;
    assert_eq!(
        apart,
        [
            "the schedule option `sched_by_moon` is not known and not followed",
            "links between projects are kept, though the options ignore them",
            "the data date stands as it is, though the options move it to the forecast start of the project",
        ]
    );
}
