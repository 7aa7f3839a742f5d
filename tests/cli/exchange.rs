//! Files of other planners, there and back, and their dates against ours.

use super::desk::{Desk, data, rows};

/// The dates of a plan by logic alone, by the names of its tasks.
fn dates(desk: &Desk, plan: &str) -> Vec<(String, [String; 5])> {
    let out = desk.run(&format!("solve {plan} --ignore-resources --format csv")).expect(0).out;
    let mut found: Vec<_> = rows(&out)
        .into_iter()
        .map(|row| {
            let columns = ["start", "finish", "late_finish", "total_float", "free_float"];
            (row["name"].clone(), columns.map(|column| row[column].clone()))
        })
        .collect();
    found.sort();
    found
}

#[test]
fn dates_are_held_against_those_that_a_planner_stored() {
    let desk = Desk::new();
    let plan = data("bridge-repair.xer");
    let run = desk.run(&format!("check {plan} --compare {plan} --format csv")).expect(1);
    let found = rows(&run.out);
    let first = found.iter().find(|row| row["task"] == "B1020" && row["quantity"] == "early_start").unwrap();
    assert_eq!((&*first["begins_here"], &*first["our_rule"]), ("yes", "B1010 SS+40h"));
    assert!(first["ours"] > first["stored"]);
    let later = found.iter().find(|row| row["task"] == "B1030" && row["quantity"] == "early_start").unwrap();
    assert_eq!(later["begins_here"], "no");
    desk.run(&format!("check {plan} --compare {plan}")).expect(1).says("begin where nothing before them differs");
    // With the lag that the dates were computed for, all agree.
    let text = std::fs::read_to_string(&plan).unwrap();
    desk.write("before.xer", &text.replace("PR_SS\t40", "PR_SS\t16"));
    desk.run("check before.xer --compare before.xer").expect(0).says("no differences");
    // The dates may come from elsewhere.
    desk.run(&format!("check {plan} --compare before.xer")).expect(1);
    desk.write("stored.csv", "task,early_start,total_float\nB1000,2026-04-23 07:00,\n");
    desk.run("check before.xer --compare stored.csv").expect(0).says("no differences");
    desk.write("plain.csv", "id,duration\nA,1d\n");
    desk.run("check plain.csv --compare plain.csv").expect(2).complains("holds no dates to compare with");
}

#[test]
fn rules_of_planning_tools_explain_our_dates() {
    let desk = Desk::new();
    desk.write("plan/project.csv", "key,value\nstart,2026-03-02\nstatus_date,2026-03-11 08:00\nuse_expected_finish,yes\nlag_from_actual_start,yes\n");
    desk.write(
        "plan/tasks.csv",
        "id,duration,predecessors,expected_finish,manual,constraint,constraint_date\nbegun,6d,,,,,\n\
         expected,2d,begun,2026-03-20 17:00,,,\nbeside,1d,begun SS+5d,,,,\nhand,1d,begun,,yes,MSO,2026-03-12\n",
    );
    desk.write("plan/progress.csv", "task,actual_start,remaining_duration\nbegun,2026-03-09 08:00,4d\n");
    let long_ago = "2000-01-03 08:00";
    let stored = ["expected", "beside", "hand"].map(|task| format!("{task},{long_ago},{long_ago}\n")).concat();
    desk.write("stored.csv", &format!("task,early_start,early_finish\n{stored}"));
    let found = rows(&desk.run("check plan --compare stored.csv --format csv").expect(1).out);
    let rule = |task: &str, quantity: &str| {
        let row = found.iter().find(|row| row["task"] == task && row["quantity"] == quantity).unwrap();
        (row["ours"].clone(), row["our_rule"].clone())
    };
    let of = |date: &str, rule: &str| (date.to_owned(), rule.to_owned());
    assert_eq!(rule("expected", "early_finish"), of("2026-03-20 17:00", "the finish that is expected of it"));
    let lag = of("2026-03-16 08:00", "a lag from an actual start ends 2026-03-13 17:00");
    assert_eq!(rule("beside", "early_start"), lag);
    assert_eq!(rule("hand", "early_start"), of("2026-03-12 08:00", "scheduled by hand, starts on 2026-03-12"));
}

#[test]
fn schedules_of_begun_plans_are_judged() {
    let desk = Desk::new();
    let plan = data("bridge-repair.xer");
    desk.run(&format!("solve {plan} --effort 5 -o out")).expect(0);
    let judge = format!("check {plan} --schedule");
    desk.run(&format!("{judge} out/schedule.csv")).expect(0).says("keeps every rule of the plan");
    let schedule = std::fs::read_to_string(desk.path("out/schedule.csv")).unwrap();
    let done = rows(&schedule).into_iter().find(|row| row["task"] == "A1000").unwrap();
    let line = format!("A1000,{},{}", done["name"], done["start"]);
    assert!(schedule.contains(&line));
    desk.write("moved.csv", &schedule.replace(&line, &format!("A1000,{},2026-03-01 07:00", done["name"])));
    desk.run(&format!("{judge} moved.csv")).expect(1).says("has started 2026-03-02 07:00");
}

#[test]
fn plans_survive_the_formats_of_other_planners() {
    let desk = Desk::new();
    let bridge = data("bridge-repair.xer");
    let release = data("software-release");
    for (plan, file) in
        [(&bridge, "again.xer"), (&bridge, "plan.xlsx"), (&release, "release.xlsx"), (&release, "release.xml")]
    {
        desk.run(&format!("convert {plan} -o {file}")).expect(0).says("wrote");
        assert_eq!(dates(&desk, file), dates(&desk, plan), "{file}");
    }
    desk.run(&format!("convert {bridge} --to csv -o bridge")).expect(0);
    assert_eq!(dates(&desk, "bridge"), dates(&desk, &bridge));
    desk.run(&format!("convert {release} --to xlsx -o twice.xlsx")).expect(0);
    let bytes = |name: &str| std::fs::read(desk.path(name)).unwrap();
    assert_eq!(bytes("twice.xlsx"), bytes("release.xlsx"));
}

#[test]
fn calendars_and_charts_have_the_dates_of_the_schedule_that_is_given() {
    let desk = Desk::new();
    let plan = data("first-plan.csv");
    desk.run(&format!("solve {plan} --effort 50 -o out")).expect(0);
    let finish = desk.table("out/schedule.csv").iter().map(|row| row["finish"].clone()).max().unwrap();
    desk.run(&format!("convert {plan} --schedule out/schedule.csv -o plan.mmd")).expect(0);
    assert!(desk.read("plan.mmd").starts_with("gantt\n") && desk.read("plan.mmd").contains(&finish));
    desk.run(&format!("convert {plan} --schedule out/schedule.csv -o plan.ics")).expect(0);
    assert!(desk.read("plan.ics").matches("BEGIN:VEVENT").count() == 10);
    desk.run(&format!("convert {plan} --milestones -o stones.ics")).expect(0);
    assert_eq!(desk.read("stones.ics").matches("BEGIN:VEVENT").count(), 1);
    desk.run(&format!("convert {plan} --person nobody -o her.ics"))
        .expect(2)
        .complains("no person or machine `nobody`");
    desk.run(&format!("convert {plan} --milestones -o plan.xlsx")).expect(2).complains("--to ics");
}

#[test]
fn broken_and_hostile_files_of_other_planners_are_findings() {
    let desk = Desk::new();
    let project = "<Project xmlns=\"http://schemas.microsoft.com/project\">";
    desk.write("bomb.xml", &format!("<!DOCTYPE p [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>{project}&b;</Project>"));
    desk.write("cut.xml", &format!("{project}<Tasks><Task><UID>1</UID>"));
    desk.write("other.xml", "<html></html>");
    desk.write("short.xer", "ERMHDR\t20.12\n%T\tTASK\n%F\ttask_id\n");
    for file in ["bomb.xml", "cut.xml", "other.xml", "short.xer"] {
        let run = desk.run(&format!("check {file}")).expect(1);
        assert!(run.out.contains("error"), "{file}: {}", run.out);
        desk.run(&format!("convert {file} --to csv -o {file}.out")).expect(1);
        assert!(!desk.path(&format!("{file}.out")).exists());
    }
}

#[test]
fn what_is_lost_is_said_whole_and_payments_survive_where_they_have_a_place() {
    let desk = Desk::new();
    let tasks = "id,duration,payment,deadline\nA,2d,1500,2026-03-06\nB,1d,-20.50,\n";
    desk.write("plan/tasks.csv", tasks);
    desk.write("plan/project.csv", "key,value\nstart,2026-03-02\n");
    desk.write("plan/risks.csv", "id,probability,tasks,delay\nrain,30%,A,2d\n");
    desk.write("plan/expenses.csv", "date,amount\n2026-03-04,99\n");
    let scenarios = "scenario,table,id,field,value\nfast,tasks,A,duration,1d\nfast,tasks,B,duration,0.5d\nslow,tasks,A,duration,9d\n";
    desk.write("plan/scenarios.csv", scenarios);
    let kept = desk.run("convert plan -o plan.xlsx").expect(0);
    assert!(!kept.err.contains("payment") && !kept.err.contains(".csv"), "{}", kept.err);
    desk.run("convert plan.xlsx --to csv -o back").expect(0);
    assert_eq!(desk.read("back/tasks.csv"), tasks);
    assert_eq!(desk.table("back/risks.csv").len(), 1);
    assert_eq!(desk.table("back/scenarios.csv").len(), 3);
    for file in ["plan.xer", "plan.xml"] {
        let run = desk.run(&format!("convert plan -o {file}")).expect(0);
        let run = run.complains("`payment` of 2 tasks is left out: `A`, `B`").complains("1 risk is left out: `rain`");
        run.complains("scenarios.csv").complains("2 scenarios are left out: `fast`, `slow`");
    }
    desk.run("convert plan -o plan.mmd").expect(0).complains("tasks.csv (`deadline`, `payment`)");
}

#[test]
fn dates_that_need_an_order_are_written_so_that_they_do_not() {
    let desk = Desk::new();
    desk.write("plan/project.csv", "key,value\nstart,02/03/2026\nname,02/03/2026\n");
    desk.write("plan/tasks.csv", "id,duration,deadline\nA,1d,04/05/2026 13:30\nB,1d,31/03/2026\n02/03/2026,1d,\n");
    desk.run("convert plan --to csv -o no").expect(1);
    desk.run("convert plan --to csv -o back --date-format dmy").expect(0);
    assert_eq!(desk.read("back/project.csv"), "key,value\nstart,2026-03-02\nname,02/03/2026\n");
    let tasks = "id,duration,deadline\nA,1d,2026-05-04 13:30\nB,1d,31/03/2026\n02/03/2026,1d,\n";
    assert_eq!(desk.read("back/tasks.csv"), tasks);
}

#[test]
fn lags_in_percent_count_for_tasks_of_the_kind_level_of_effort() {
    let desk = Desk::new();
    desk.write("plan/project.csv", "key,value\nstart,2026-01-05\n");
    let span = |predecessors: &str| {
        let rows = "id,duration,type,predecessors\nA,4d,,\nnext,2d,,A\n";
        desk.write("plan/tasks.csv", &format!("{rows}support,0,level of effort,{predecessors}\n"));
        let found = rows_of(&desk.run("solve plan --ignore-resources --format csv").expect(0).out);
        (found["start"].clone(), found["finish"].clone())
    };
    // Half of the four days of A is two days, half of the two days of next is one.
    assert_eq!(span("A SS+50%;next FF"), ("2026-01-07 08:00".into(), "2026-01-12 17:00".into()));
    assert_eq!(span("A SS+50%;next FF"), span("A SS+2d;next FF"));
    assert_eq!(span("A SS;next FF-50%"), span("A SS;next FF-1d"));
}

/// The row of the task `support`.
fn rows_of(out: &str) -> std::collections::BTreeMap<String, String> {
    rows(out).into_iter().find(|row| row["task"] == "support").unwrap()
}
