//! The Gantt chart of `solve --gantt`, in the terminal and as a picture.

use super::desk::{Desk, data};

/// A is critical, B has float; C waits for the gate behind A.
const TASKS: &str = "id,name,parent,duration,predecessors,deadline\nP,Phase,,,,\nA,Think <script>,P,3d,,\n\
                     B,Look,P,1d,,2026-03-04\nC,Build,,2d,A,\nM,Ready,,0,C;B,\n";
const GATES: &str = "id,after,before,criterion\nG1,A,C,Thought is enough\n";

fn plan(desk: &Desk) {
    desk.write("plan/tasks.csv", TASKS);
    desk.write("plan/gates.csv", GATES);
    desk.write("plan/project.csv", "key,value\nname,Small\nstart,2026-03-02\n");
}

/// The line of the chart for a row.
fn row<'o>(out: &'o str, name: &str) -> &'o str {
    let is_row = |line: &&str| line.trim_start_matches(['*', ' ']).starts_with(name);
    let lines: Vec<&str> = out.lines().skip_while(|line| !line.starts_with("Schedule (")).filter(is_row).collect();
    lines.first().unwrap_or_else(|| panic!("no row `{name}` in\n{out}"))
}

#[test]
fn the_chart_stands_in_place_of_the_table() {
    let desk = Desk::new();
    plan(&desk);
    let out = desk.run("solve plan --gantt").expect(0).out;
    assert!(!out.contains("FLOAT") && out.contains("█ critical") && out.contains("╫ quality gate"), "{out}");
    assert!(row(&out, "P Phase").contains('┌') && row(&out, "M Ready").ends_with('◆'));
    // Critical work is told apart without colours.
    let (a, b) = (row(&out, "A Think"), row(&out, "B Look"));
    assert!(a.starts_with('*') && a.contains("█") && !a.contains('▒'), "{a}");
    assert!(!b.starts_with('*') && b.contains("▒") && !b.contains('█') && b.contains('·') && b.contains('▼'), "{b}");
    let gate = row(&out, "G1 Thought is enough");
    assert!(gate.contains("╫ before C"), "{gate}");
    assert!(!out.contains('\x1b'), "no colours outside a terminal");
    // It stands at the finish of A, and behind its row.
    let end = |line: &str, mark: char| line.chars().collect::<Vec<_>>().iter().rposition(|char| *char == mark);
    assert_eq!(end(gate, '╫'), end(a, '█'));
    assert!(out.find("A Think") < out.find("G1 Thought") && out.find("G1 Thought") < out.find("C Build"));
    assert!(desk.run("solve plan").expect(0).out.contains("FLOAT"));
}

#[test]
fn the_chart_is_120_wide_where_there_is_no_terminal() {
    let desk = Desk::new();
    for plan in ["software-release", "hardware-programme", "clinic-rollout"] {
        let out = desk.run(&format!("solve {} --gantt --effort 30", data(plan))).expect(0).out;
        let chart = out.lines().skip_while(|line| !line.starts_with("Schedule (")).take_while(|line| !line.is_empty());
        let widths: Vec<usize> = chart.map(|line| line.chars().count()).collect();
        assert_eq!(widths.iter().max(), Some(&120), "{out}");
        // The heading, the legend, the axis, forty rows, and how many more there are.
        assert!((44..48).contains(&widths.len()), "{} lines", widths.len());
        assert!(out.contains(" more rows with more float; --all prints them"));
    }
    let all = desk.run(&format!("solve {} --gantt --effort 30 --all", data("clinic-rollout"))).expect(0).out;
    assert!(!all.contains("more rows") && all.contains("F9 Train paediatrics"));
}

#[test]
fn what_is_done_and_the_status_date_are_shown() {
    let desk = Desk::new();
    plan(&desk);
    desk.write("plan/project.csv", "key,value\nname,Small\nstart,2026-03-02\nstatus_date,2026-03-04\n");
    desk.write(
        "plan/progress.csv",
        "date,task,actual_start,actual_finish,remaining_duration\n\
         2026-03-04,B,2026-03-02 08:00,2026-03-02 17:00,\n2026-03-04,A,2026-03-02 08:00,,2d\n",
    );
    let out = desk.run("solve plan --gantt -o out").expect(0).out;
    assert!(out.contains("│ status date 2026-03-04 00:00") && out.contains("= done"), "{out}");
    let (a, b) = (row(&out, "A Think"), row(&out, "B Look"));
    assert!(a.contains("=█") && b.contains('=') && b.contains('│') && !b.contains('▒'), "{a}\n{b}");
    let picture = desk.read("out/gantt.svg");
    assert!(picture.contains("status date 2026-03-04</text>") && picture.contains("class=\"done\""));
}

#[test]
fn the_picture_is_written_and_taken_away_with_the_schedule() {
    let desk = Desk::new();
    plan(&desk);
    desk.run("solve plan --gantt -o out").expect(0).says("gantt.svg and summary.csv to out");
    let picture = desk.read("out/gantt.svg");
    assert!(picture.starts_with("<svg") && picture.contains("G1 before C</text>"));
    assert!(picture.contains("A Think &lt;script") && !picture.contains("<script"), "{picture}");
    assert!(picture.contains("A Think &lt;script&gt;: 2026-03-02 08:00 to 2026-03-04 17:00"));
    desk.run("solve plan -o out").expect(0);
    assert!(!desk.path("out/gantt.svg").exists(), "it would be taken for a part of the new answer");
    // Of each plan of a batch, and the same at any number of threads.
    desk.run("solve --batch . -o batch --gantt --threads 2").expect(0);
    assert_eq!(desk.read("batch/plan/gantt.svg"), picture);
    let csv = desk.run("solve plan --gantt --format csv").expect(0).out;
    assert!(csv.starts_with("task,"), "{csv}");
}

#[test]
fn names_cannot_move_the_cursor_and_odd_plans_have_charts() {
    let desk = Desk::new();
    desk.write(
        "odd.csv",
        "id,name,duration\n日本,\"設計 \x1b[31mred\",2d\nlong,\"{}\",1d\n".replace("{}", &"word ".repeat(60)).as_str(),
    );
    let out = desk.run("solve odd.csv --gantt").expect(0).out;
    let chart: String = out.lines().skip_while(|line| !line.starts_with("Schedule (")).collect();
    assert!(!chart.contains('\x1b') && chart.contains("日本 設計") && chart.contains('…'), "{chart}");
    desk.write("none/tasks.csv", "id,duration\n");
    desk.run("solve none --gantt -o out").expect(1).complains("has no rows");
    assert!(!desk.path("out").exists());
    desk.write("periods/project.csv", "key,value\ntime_unit,period\n");
    desk.write("periods/tasks.csv", "id,duration,predecessors\na,3,\nb,4,a\n");
    let out = desk.run("solve periods --gantt").expect(0).out;
    let labels = out.lines().skip_while(|line| !line.starts_with("Schedule (")).nth(2).unwrap();
    let labels: Vec<&str> = labels.split_whitespace().collect();
    assert_eq!(labels[..7], ["0", "1", "2", "3", "4", "5", "6"], "{out}");
}
