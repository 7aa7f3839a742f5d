//! Plans of every mix of features, written and read again: what changes is named in a finding.

use std::collections::BTreeMap;

use floatline::error::{Finding, Findings, Place, Severity};
use floatline::generate::{GenerateOptions, generate};
use floatline::index::IdVec;
use floatline::io::{
    ReadOptions, draft_to_csv, read_bytes, read_draft, write_draft, write_mspdi, write_workbook, write_xer,
};
use floatline::plan::content::{self, key_field};
use floatline::plan::draft::{PlanDraft, TableKind};
use floatline::plan::{Plan, TaskId, TaskKind, TimeUnit, validate};
use floatline::units::Moment;

use super::sketch::draw;

/// What a plan says: table, column, row and value, with the number of times that it does.
type Said = BTreeMap<(TableKind, &'static str, String, String), usize>;

fn said(plan: &Plan, names: &IdVec<TaskId, String>) -> Said {
    let mut found = Said::new();
    content::visit(plan, &|task| &names[task], &mut |cell| {
        // Hours are compared by what they mean.
        if cell.field != "hours" {
            let key = (cell.table, cell.field, cell.row.to_owned(), format!("{:?}", cell.value));
            *found.entry(key).or_default() += 1;
        }
    });
    found
}

fn own_names(plan: &Plan) -> IdVec<TaskId, String> {
    plan.tasks().iter().map(|task| task.id.to_string()).collect::<Vec<_>>().into()
}

/// The names that tasks had before they were written, summaries and others each in their order.
fn former_names(before: &Plan, after: &Plan) -> IdVec<TaskId, String> {
    let of_kind = |plan: &Plan, is_summary: bool| -> Vec<TaskId> {
        plan.tasks().ids().filter(|&task| (plan.tasks()[task].kind == TaskKind::Summary) == is_summary).collect()
    };
    let mut names = own_names(after);
    for is_summary in [false, true] {
        for (then, now) in of_kind(before, is_summary).into_iter().zip(of_kind(after, is_summary)) {
            names[now] = before.tasks()[then].id.to_string();
        }
    }
    names
}

fn plan_of(draft: &PlanDraft) -> Plan {
    let lines = |findings: &Findings| findings.iter().map(|it| format!("{it}\n")).collect::<String>();
    validate(draft)
        .map(|(plan, _)| plan)
        .unwrap_or_else(|error| panic!("{}", error.findings().map_or(String::new(), lines)))
}

/// What differs between two plans and is not among the findings.
fn unnamed(before: &Plan, after: &Plan, findings: &Findings) -> Vec<String> {
    let names = |table: TableKind, column: &str| {
        findings.iter().any(|it| *it.place.file == *table.file_name() && it.place.column.as_deref() == Some(column))
    };
    let (was, is) = (said(before, &own_names(before)), said(after, &former_names(before, after)));
    let has_row = |said: &Said, table: TableKind, row: &str| {
        said.keys().any(|(other, field, name, _)| *other == table && *field == key_field(table) && name == row)
    };
    let mut found = Vec::new();
    for (mark, one, other) in [("lost", &was, &is), ("gained", &is, &was)] {
        for ((table, field, row, value), count) in one {
            let key = if *table == TableKind::Project { "key" } else { key_field(*table) };
            let is_whole_row = names(*table, key) && !has_row(other, *table, row);
            let has_same = other.get(&(*table, *field, row.clone(), value.clone())) == Some(count);
            // Settings are named together.
            let is_setting = *table == TableKind::Project
                && findings.iter().any(|it| *it.place.file == *"project.csv" && it.text.contains(&format!("`{row}`")));
            let is_named = names(*table, field) || is_whole_row || is_setting || follows(*table, field, &names);
            if !has_same && !is_named {
                found.push(format!("{mark} {table:?} {row} {field} {value}"));
            }
        }
    }
    let (from, to) = (before.project().start, Moment(before.project().start.0 + 200 * 1440));
    for calendar in before.calendars() {
        let again = after.calendars().iter().find(|it| it.id == calendar.id);
        if again.is_some_and(|again| again.stretches(from, to) != calendar.stretches(from, to))
            && !names(TableKind::Calendars, "hours")
        {
            found.push(format!("hours of {}", calendar.id));
        }
    }
    found
}

/// True for what changes because something else is said to.
fn follows(table: TableKind, field: &str, names: &impl Fn(TableKind, &str) -> bool) -> bool {
    match (table, field) {
        // Clock time is written as a calendar that always works, people on several calendars have one for all, and
        // without the people of a skill the project's calendar goes without saying.
        (TableKind::Tasks, "calendar" | "resource_calendars") => {
            ["duration", "calendar", "resources"].into_iter().any(|field| names(table, field))
        }
        (TableKind::Calendars, "calendar") => names(TableKind::Tasks, "calendar"),
        (TableKind::Dependencies, "lag_calendar") => names(table, "lag"),
        _ => false,
    }
}

/// A plan that says something in every column.
const FULL: [(TableKind, &str); 19] = [
    (
        TableKind::Project,
        "key,value\n\
         name,Full\n\
         start,2026-03-02\n\
         deadline,2026-05-29\n\
         status_date,2026-03-04\n\
         calendar,site\n\
         hours_per_day,7\n\
         days_per_week,4\n\
         days_per_month,19\n\
         currency,EUR\n\
         overhead_per_day,100\n\
         delay_penalty_per_day,250\n\
         early_bonus_per_day,70.5\n\
         discount_rate,8%\n\
         time_unit,hour\n\
         progress_logic,override\n\
         float_rule,start\n\
         critical_float,7h\n\
         late_from_deadline,yes\n\
         late_by_project,yes\n\
         open_ends_critical,yes\n\
         honor_constraints,yes\n\
         use_expected_finish,yes\n\
         lag_from_actual_start,yes\n\
         psplib_seed,7\n",
    ),
    (
        TableKind::Tasks,
        "id,name,parent,duration,distribution,predecessors,resources,calendar,constraint,constraint_date,deadline,priority,fixed_cost,cost_distribution,payment,account,category,deliverable,pause,type,resource_calendars,second_constraint,second_constraint_date,expected_finish,manual,ev_method\n\
         S,All,,,,,,,,,,,,,,,,,,,,,,,,\n\
         A,Dig,S,5d,\"pert(3d,5d,9d)\",,ana,nights,SNET,2026-03-05,2026-04-01,700,100,uniform(80;150),50,build,work,hole,,,no,FNLT,2026-04-02,,,50/50\n\
         B,Plan,S,2d,,,ana,,,,,,,,,,,,,,,,,,,\n\
         C,Pour,S,3d,,B,ana,,,,,,,,,,,,,,,,,2026-03-20,,\n\
         D,Cut,S,2h,,,,,,,,,,,,,,,never,,,,,,,\n\
         E,Done,S,0,,D,,,,,,,,,,,,,,finish milestone,,,,,,\n\
         F,Talk,S,1d,,,,,MSO,2026-03-20 08:00,,,,,,,,,,,,,,,yes,\n",
    ),
    (
        TableKind::Dependencies,
        "predecessor,successor,type,lag,max_lag,lag_calendar\n\
         A,D,SS,1d,30d,project\n",
    ),
    (
        TableKind::Resources,
        "id,name,kind,team,capacity,calendar,rate,cost_per_use,skills,max_hours_per_week\n\
         ana,Ana Lee,work,crew,2,standard,85/h,10,wiring,40\n\
         ben,Ben,work,,1,,,,,\n",
    ),
    (
        TableKind::Availability,
        "resource,from,to,units\n\
         ana,2026-03-16,2026-03-17,0\n",
    ),
    (
        TableKind::Modes,
        "task,mode,duration,resources,cost\n\
         A,way2,3d,ben,40\n",
    ),
    (
        TableKind::Calendars,
        "calendar,day,hours\n\
         site,mon..fri,07:00-14:00\n\
         site,2026-04-06,off\n\
         nights,mon..fri,08:00-12:00;20:00-02:00\n\
         nights,2026-04-07..2026-04-08,off\n",
    ),
    (
        TableKind::Budgets,
        "id,scope,key,from,to,cap\n\
         b1,account,build,2026-03-02,2026-06-30,99999\n",
    ),
    (
        TableKind::Deliverables,
        "id,name,acceptance,owner,category,due,evidence,evidence_until\n\
         hole,Hole,Nobody falls in,ana,thing,2026-04-01,R-1,2027-04-01\n",
    ),
    (TableKind::Risks, "id,probability,tasks,delay,cost,group\nrain,30%,A;D,2d,100,weather\n"),
    (TableKind::Mitigations, "id,risk,cost,probability_after\ntent,rain,50,10%\n"),
    (TableKind::Correlations, "a,b,coefficient\nA,weather,0.5\n"),
    (TableKind::Gates, "id,after,pass_probability,rework_task\ntest,D,80%,A\n"),
    (TableKind::Issues, "id,task,delay,status\nrock,A,1d,open\n"),
    (TableKind::Stakeholders, "id,milestones,confidence\ntown,E,90%\n"),
    (TableKind::Rules, "id,rule,tasks,reference\nhands,separation_of_duties,A;D,SOX 404\n"),
    (
        TableKind::Progress,
        "task,actual_start,actual_finish,percent_complete,remaining_duration,resume,date\n\
         B,2026-03-02 08:00,2026-03-03 14:00,,,,2026-03-03 15:00\n\
         C,2026-03-03 14:00,,,2d,2026-03-09,\n",
    ),
    (TableKind::Expenses, "date,amount,task,account,kind,note\n2026-03-05,100,A,build,spent,cables\n"),
    (
        TableKind::Dates,
        "task,start,finish,early_start,early_finish,late_start,late_finish,total_float,free_float\n\
         A,2026-03-05,2026-03-12,2026-03-05,2026-03-12,2026-03-06,2026-03-13,1d,1d\n\
         B,2026-03-02 08:00,2026-03-03 14:00,,,,,,\n\
         C,2026-03-03 14:00,,,,,,,\n",
    ),
];

fn full() -> PlanDraft {
    let folder = tempfile::tempdir().expect("a folder for a test");
    for (kind, text) in FULL {
        std::fs::write(folder.path().join(kind.file_name()), text).expect("the folder can be written");
    }
    read_draft(folder.path(), &ReadOptions::default()).expect("it can be read")
}

/// Columns that say how others are meant, or whose values go into those of another.
const WITHIN_OTHERS: [(TableKind, &[&str]); 6] = [
    (TableKind::Tasks, &["optimistic", "pessimistic", "predecessors", "constraint_date", "second_constraint_date"]),
    (TableKind::Dependencies, &["successor"]),
    (TableKind::Resources, &["kind"]),
    (TableKind::Availability, &["from", "to", "units"]),
    (TableKind::Modes, &["mode"]),
    (TableKind::Progress, &["percent_complete"]),
];

#[test]
fn every_column_of_every_table_is_among_what_a_plan_says() {
    let plan = plan_of(&full());
    let found = said(&plan, &own_names(&plan));
    let has = |table: TableKind, name: &str| found.keys().any(|(kind, field, ..)| *kind == table && *field == name);
    let keys = FULL[0].1.lines().skip(1).filter_map(|line| line.split(',').next());
    for key in keys.filter(|key| !key.starts_with("psplib_")) {
        assert!(has(TableKind::Project, key), "{key}");
    }
    // What may come differently is compared row by row, calendars by their hours.
    let by_row = [&TableKind::UNCERTAIN[..], &[TableKind::Rules, TableKind::Expenses]].concat();
    for &table in &by_row {
        assert!(found.keys().any(|(kind, ..)| *kind == table), "{table:?}");
    }
    // Scenarios are no part of the plan that they are of.
    let left_aside = [&by_row[..], &[TableKind::Project, TableKind::Calendars, TableKind::Scenarios]].concat();
    for table in TableKind::ALL.into_iter().filter(|table| !left_aside.contains(table)) {
        let within = WITHIN_OTHERS.iter().find(|(kind, _)| *kind == table).map_or(&[][..], |(_, fields)| fields);
        for field in table.fields().iter().filter(|field| !within.contains(&field.name)) {
            assert!(has(table, field.name), "{table:?} {}", field.name);
        }
    }
}

/// Drafts of drawn and of generated plans, and the one that says everything.
fn drafts() -> impl Iterator<Item = (String, PlanDraft)> {
    let drawn = (0..120).map(|seed| (format!("drawn {seed}"), draw(seed).draft()));
    let generated = (0..12).map(|seed| {
        let base = match seed % 3 {
            0 => GenerateOptions::cpm(40),
            1 => GenerateOptions::enterprise(30),
            _ => GenerateOptions { skills: 0.3, modes: 1, lags: 0.5, ..GenerateOptions::enterprise(24) },
        };
        let options = GenerateOptions { seed, ..base };
        (format!("generated {seed}"), generate(&options).expect("the options make sense"))
    });
    drawn.chain(generated).chain([("full".to_owned(), full())])
}

fn assert_kept(format: &str, write: impl Fn(&Plan, &PlanDraft) -> Option<(PlanDraft, Findings)>) {
    let (mut written, mut all) = (0, Vec::new());
    for (name, draft) in drafts() {
        let plan = plan_of(&draft);
        let Some((again, findings)) = write(&plan, &draft) else { continue };
        written += 1;
        assert!(findings.iter().all(|it| it.severity < Severity::Error), "{format}, {name}");
        let mut findings = findings;
        findings.append(leavings(&again));
        let unnamed = unnamed(&plan, &plan_of(&again), &findings);
        all.extend(unnamed.into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(
        all.is_empty(),
        "{format}: {} changes that no finding names, such as {:#?}",
        all.len(),
        &all[..all.len().min(40)]
    );
    assert!(written > 100, "{format}: {written}");
}

/// What reading says it leaves out, as if writing had: resources and calendars that nothing uses.
fn leavings(draft: &PlanDraft) -> Findings {
    let tables = [
        ("resources without assignments", TableKind::Resources),
        ("calendars that nothing uses", TableKind::Calendars),
    ];
    let left_out = tables.into_iter().filter(|(what, _)| draft.findings.iter().any(|it| it.text.contains(what)));
    let finding = |(what, table): (&str, TableKind)| {
        Finding::note("not-carried", Place::cell(table.file_name(), 1, key_field(table)), what)
    };
    left_out.map(finding).collect()
}

fn has_dates(plan: &Plan) -> bool {
    plan.project().time_unit != TimeUnit::Period
}

#[test]
fn plans_are_the_same_from_a_folder_but_for_nothing() {
    assert_kept("csv", |_, draft| {
        let folder = tempfile::tempdir().expect("a folder for a test");
        let named = PlanDraft { name: "plan".to_owned(), ..draft.clone() };
        let path = folder.path().join("plan");
        write_draft(&named, &path).expect("the folder can be written");
        let again = read_draft(&path, &ReadOptions::default()).expect("it can be read");
        let again = PlanDraft { name: draft.name.clone(), ..again };
        draft.tables.iter().for_each(|table| {
            assert_eq!(again.table(table.kind()).map(draft_to_csv), Some(draft_to_csv(table)));
        });
        Some((again, Findings::new()))
    });
}

#[test]
fn plans_are_the_same_from_a_workbook_but_for_nothing() {
    assert_kept("xlsx", |_, draft| {
        let bytes = write_workbook(draft).expect("the plan fits");
        let again = read_bytes("plan.xlsx", bytes, &ReadOptions::default());
        Some((PlanDraft { name: draft.name.clone(), ..again }, Findings::new()))
    });
}

#[test]
fn plans_are_the_same_from_mspdi_but_for_what_the_findings_name() {
    assert_kept("mspdi", |plan, _| {
        let (text, findings) = has_dates(plan).then(|| write_mspdi(plan, None, &IdVec::new()))?.expect("it has dates");
        Some((read_bytes("plan.xml", text.into_bytes(), &ReadOptions::default()), findings))
    });
}

#[test]
fn plans_are_the_same_from_xer_but_for_what_the_findings_name() {
    assert_kept("xer", |plan, _| {
        let (bytes, findings) = has_dates(plan).then(|| write_xer(plan, None))?.expect("it has dates");
        Some((read_bytes("plan.xer", bytes, &ReadOptions::default()), findings))
    });
}
