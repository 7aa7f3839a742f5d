//! Texts that a spreadsheet would run: guarded in every CSV file, read back as they are.

use super::desk::Desk;

const FORMULA: &str = "=cmd|' /C calc'!A0";

/// A plan whose ids, names and resources are formulas.
fn plan(desk: &Desk) {
    desk.write(
        "plan/tasks.csv",
        &format!(
            "id,name,duration,predecessors,resources,notes\n{FORMULA},@SUM(1),2d,,@ana,\n+1+(2),{FORMULA},1d,,,=1\n\
             B,-2d,1d,{FORMULA},@ana,\n"
        ),
    );
    desk.write("plan/resources.csv", &format!("id,name,capacity\n@ana,{FORMULA},1\n"));
    desk.write("plan/project.csv", &format!("key,value\nname,{FORMULA}\nstart,2026-03-02\n"));
}

/// Every cell of the CSV files below a folder.
fn cells(desk: &Desk, folder: &str) -> Vec<String> {
    let files = desk.files(folder);
    let tables = files.iter().filter(|(name, _)| name.ends_with(".csv"));
    tables
        .flat_map(|(_, text)| {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            rows.into_iter().flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()).collect::<Vec<_>>()
        })
        .collect()
}

fn assert_guarded(cells: &[String]) {
    assert!(cells.iter().any(|cell| *cell == format!("'{FORMULA}")), "{cells:?}");
    for cell in cells {
        assert!(!cell.starts_with(['=', '@']) && cell != "+1+(2)", "{cell}");
    }
}

#[test]
fn results_hold_no_formulas_and_are_read_back() {
    let desk = Desk::new();
    plan(&desk);
    desk.run("solve plan -o out --baseline first").expect(0);
    assert_guarded(&cells(&desk, "out"));
    assert_guarded(&cells(&desk, "plan/baselines"));
    let tasks: Vec<String> =
        desk.table("out/schedule.csv").into_iter().map(|mut row| row.remove("task").unwrap()).collect();
    assert_eq!(tasks, [format!("'{FORMULA}"), "'+1+(2)".to_owned(), "B".to_owned()]);
    desk.run("check plan --schedule out/schedule.csv").expect(0);
    desk.run("solve plan --start out -o again").expect(0);
    assert_eq!(desk.read("again/schedule.csv"), desk.read("out/schedule.csv"));
    let told = desk.run("solve plan --start out --against out").expect(0);
    assert!(!told.err.contains("no task"), "{}", told.err);
    desk.run("track plan --against first --status-date 2026-03-03 -o track").expect(0);
    assert_guarded(&cells(&desk, "track"));
}

#[test]
fn plans_are_written_with_guards_and_stay_the_same_plans() {
    let desk = Desk::new();
    plan(&desk);
    desk.run("convert plan -o copy").expect(0);
    assert_guarded(&cells(&desk, "copy"));
    desk.run("convert copy -o again").expect(0);
    assert_eq!(desk.files("again"), desk.files("copy"));
    let solved = |plan: &str| desk.run(&format!("solve {plan} --format csv")).expect(0).out;
    assert_eq!(solved("copy"), solved("plan"));
    assert!(desk.run("solve copy --format json").expect(0).out.contains(&format!("\"{FORMULA}\"")));
}

#[test]
fn findings_as_csv_are_guarded() {
    let desk = Desk::new();
    desk.write("bad/tasks.csv", "id,duration,=1\nA,x,\n");
    let out = desk.run("check bad --format csv").expect(1).out;
    assert!(out.contains(",'=1,") && !out.contains(",=1,"), "{out}");
}
