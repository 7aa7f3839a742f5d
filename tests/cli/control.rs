//! `floatline track` and the buffers of `solve`, as a user meets them.

use super::desk::{Desk, data, rows};

const TASKS: &str = "id,name,parent,duration,optimistic,pessimistic,predecessors,resources,account,deadline\n\
                     P,Build,,,,,,,,\n\
                     A,Dig,P,5d,4d,9d,,ana,site,\n\
                     B,Pour,P,5d,4d,8d,A,ana,site,2026-03-12\n\
                     C,Paint,P,2d,,,B,ben,finish,\n";
const PROJECT: &str = "key,value\nname,Hut\nstart,2026-03-02\ncurrency,EUR\n";

/// A plan with a baseline, and work that goes slower than promised.
fn begun(desk: &Desk) {
    desk.write("p/project.csv", PROJECT);
    desk.write("p/tasks.csv", TASKS);
    desk.write("p/resources.csv", "id,rate\nana,100/d\nben,100/d\n");
    desk.run("solve p --baseline first --buffers").expect(0).says("Buffers: promise");
    desk.write("p/project.csv", &format!("{PROJECT}status_date,2026-03-16\n"));
    desk.write(
        "p/progress.csv",
        "task,actual_start,actual_finish,percent_complete,date\n\
         A,2026-03-02 08:00,,60,2026-03-09\nA,2026-03-02 08:00,2026-03-11 17:00,,2026-03-16\n\
         B,2026-03-12 08:00,,40,2026-03-16\n",
    );
    desk.write("p/expenses.csv", "date,amount,task,account\n2026-03-11,800,A,\n2026-03-13,150,,site\n");
    desk.write("p/budgets.csv", "id,scope,key,cap\nall,,,1250\n");
}

#[test]
fn track_tells_where_a_project_stands_and_how_it_ends() {
    let desk = Desk::new();
    begun(&desk);
    let run = desk.run("track p -o out --effort 20").expect(0);
    // Ten of twelve days are planned by Friday the 13th, seven are earned for 950.
    let run = run.says("Hut: status at the end of 2026-03-15, against the baseline `first`");
    let run = run.says("58 %: earned 700.00 EUR of 1,200.00 EUR").says("CPI 0.74, CV -250.00 EUR").says("SPI 0.70");
    // Three days of B and two of C from Monday the 16th on: three days later than promised.
    let run = run.says("2026-03-20 17:00").says("+3 days").says("budget all").says("task B");
    run.says("Buffers (a third used: make a plan; two thirds: act)");
    let [total, ..] = &rows(&desk.read("out/earned_value.csv"))[..] else { panic!() };
    assert_eq!(
        (&*total["bac"], &*total["pv"], &*total["ev"], &*total["ac"]),
        ("1200.00", "1000.00", "700.00", "950.00")
    );
    assert_eq!((&*total["cpi"], &*total["eac_cpi"], &*total["tcpi"]), ("0.7368", "1628.57", "2"));
    let slips = rows(&desk.read("out/slippage.csv"));
    let slip = |id: &str| slips.iter().find(|row| row["task"] == id).unwrap()["finish_slip"].clone();
    assert_eq!([slip("A"), slip("B"), slip("C")], ["3", "3", "3"]);
    let trend = rows(&desk.read("out/trend.csv"));
    // On the 9th, 60 % of A of 100 % planned.
    assert_eq!((trend.len(), &*trend[0]["spi"]), (2, "0.6"));
    let spending = rows(&desk.read("out/spending.csv"));
    assert_eq!((&*spending[0]["spent"], &*spending[0]["at_completion"]), ("950.00", "1450.00"));
    let penetration = rows(&desk.read("out/penetration.csv"));
    assert_eq!((&*penetration[0]["buffer"], &*penetration[0]["call"]), ("project", "act"));
    assert!(desk.read("out/curve.svg").contains("planned value"));
    // The forecast is a schedule that anybody can check, and the same at any number of threads.
    desk.run("check p --schedule out/schedule.csv").expect(1).says("budget `all` allows 300.00");
    desk.write("p/budgets.csv", "id,scope,key,cap\nall,,,2250\n");
    desk.run("check p --schedule out/schedule.csv").expect(0);
    let json =
        |threads: usize| desk.run(&format!("track p --effort 20 --format json --threads {threads}")).expect(0).out;
    assert_eq!(json(1), json(2));
    let answer: serde_json::Value = serde_json::from_str(&json(1)).unwrap();
    assert_eq!((&answer["status_date"], &answer["baseline"]), (&"2026-03-16 00:00".into(), &"first".into()));
    assert_eq!(answer["warnings"][0]["kind"], "task");
}

#[test]
fn track_asks_about_other_dates_and_baselines() {
    let desk = Desk::new();
    begun(&desk);
    let early = desk.run("track p --samples 0 --status-date 2026-03-09").expect(0);
    early.says("25 %: earned 300.00 EUR").says("nothing was spent");
    desk.run("track p --against lost").expect(2).complains("there are first");
    desk.write("p/baselines/first/schedule.csv", "task,start\nA,2026-03-02\n");
    desk.run("track p").expect(1).complains("a baseline needs a column `finish`");
    desk.write("p/baselines/first/schedule.csv", "task,start,finish,cost\nA,soon,2026-03-02,x\n");
    let run = desk.run("track p").expect(1).complains("schedule.csv:2 [start]");
    run.complains("schedule.csv:2 [cost]");
    // Nobody has promised anything.
    std::fs::remove_dir_all(desk.path("p/baselines")).unwrap();
    desk.run("track p --samples 0").expect(0).says("against the plan as it is now").says("freezes one");
    // What was paid in the future is told at once, with its place.
    desk.write("p/expenses.csv", "date,amount,task\n2026-03-30,800,A\n2026-03-11,x,Z\n");
    let run = desk.run("track p").expect(1).complains("expenses.csv:2 [date]").complains("expenses.csv:3 [amount]");
    run.complains("expenses.csv:3 [task]");
}

#[test]
fn the_forecast_is_told_even_if_the_budget_is_not_enough() {
    let desk = Desk::new();
    begun(&desk);
    desk.write("p/budgets.csv", "id,scope,key,cap\nall,,,300\n");
    let run = desk.run("track p --samples 0").expect(0).complains("they are left aside here");
    run.says("budget all").says("2026-03-20 17:00");
}

#[test]
fn the_sample_with_a_year_of_history_is_tracked() {
    let desk = Desk::new();
    let plan = data("clinic-rollout");
    let run = desk.run(&format!("track {plan} -o out --effort 5")).expect(0);
    run.says("against the baseline `2026-01`").says("By account:").says("Trend:");
    let trend = rows(&desk.read("out/trend.csv"));
    assert!(trend.len() >= 8, "{}", trend.len());
    let number = |row: &std::collections::BTreeMap<String, String>, name: &str| row[name].parse::<f64>().unwrap();
    assert!(trend.windows(2).all(|pair| number(&pair[0], "ev") <= number(&pair[1], "ev")));
}

#[test]
fn replan_tells_what_changes_and_why_and_goes_on_from_there() {
    let desk = Desk::new();
    begun(&desk);
    let run = desk.run("replan p --stability 1 -o out --effort 50").expect(0).complains("left aside here");
    let run =
        run.says("Hut: replanned from 2026-03-16 00:00, against `first`").says("order kept, only what must moves");
    // B and C are three days late, and there is nothing to be done about it.
    run.says("under way: what is left of it").says("B FS");
    let changes = rows(&desk.read("out/changes.csv"));
    let told: Vec<_> = changes.iter().map(|row| (&*row["task"], &*row["later"])).collect();
    assert_eq!(told, [("B", "3"), ("C", "3")]);
    assert_eq!(rows(&desk.read("out/alternatives.csv"))[0]["chosen"], "yes");
    desk.run("check p --schedule out/schedule.csv").expect(1).says("budget `all` allows 300.00");
    // The next one goes on from there: nothing is new.
    desk.run("replan p --against out --stability 1").expect(0).says("Nothing changes.");
    desk.run("replan p --freeze 1w --keep C").expect(0).says("Cannot stay where they were: C");
    let json =
        |threads: usize| desk.run(&format!("replan p --effort 20 --format json --threads {threads}")).expect(0).out;
    assert_eq!(json(1), json(2));
}

#[test]
fn replan_refuses_what_makes_no_sense() {
    let desk = Desk::new();
    begun(&desk);
    desk.run("replan p --stability 2").expect(2).complains("from 0 to 1");
    desk.run("replan p --freeze soon").expect(2).complains("such as 3d or 2w");
    desk.run("replan p --keep CC").expect(2).complains("did you mean `C`?");
    desk.run("replan p --pick 9").expect(2).complains("numbered from 1");
    std::fs::remove_dir_all(desk.path("p/baselines")).unwrap();
    desk.run("replan p").expect(2).complains("--against OUT");
}

#[test]
fn replan_without_a_status_date_takes_that_of_track() {
    let desk = Desk::new();
    begun(&desk);
    desk.write("p/project.csv", PROJECT);
    // The last that is known was on the 13th, and nothing is scheduled before that.
    desk.run("track p --samples 0").expect(0).says("status at the end of 2026-03-12");
    desk.run("replan p --effort 20").expect(0).says("replanned from 2026-03-13 00:00");
}

#[test]
fn a_schedule_of_what_is_left_is_a_baseline_of_the_whole() {
    let desk = Desk::new();
    begun(&desk);
    desk.write("p/budgets.csv", "id,scope,key,cap\n");
    desk.run("solve p --baseline second --effort 20").expect(0);
    desk.run("replan p --against first -o out --effort 20").expect(0);
    for against in ["first", "second", "out"] {
        desk.run(&format!("track p --against {against} --samples 0 -o at --effort 20")).expect(0);
        let [total, ..] = &rows(&desk.read("at/earned_value.csv"))[..] else { panic!() };
        assert_eq!((&*total["bac"], &*total["ev"]), ("1200.00", "700.00"), "{against}");
    }
}

#[test]
fn work_out_of_sequence_and_issues_are_told() {
    let desk = Desk::new();
    begun(&desk);
    let tasks = TASKS.replace("C,Paint,P,2d,,,B,", "C,Paint,P,2d,,,A;B,");
    desk.write("p/tasks.csv", &tasks);
    desk.write("p/progress.csv", "task,actual_start,percent_complete\nA,2026-03-02 08:00,60\nB,2026-03-05 08:00,20\n");
    desk.write("p/issues.csv", "id,opened,task,delay,cost,status\nwet,2026-03-09,B,2d,50,open\n");
    let run = desk.run("track p --samples 200 -o out --effort 20").expect(0);
    run.says("Begun out of sequence; what is left of it waits (progress_logic retained)")
        .says("Issues, and what they move:");
    let [wet] = &rows(&desk.read("out/effects.csv"))[..] else { panic!() };
    assert_eq!((&*wet["issue"], &*wet["status"], &*wet["cost"], &*wet["moved"]), ("wet", "open", "50.00", "B;C"));
    assert!(wet["p80_without"] < wet["p80_with"], "{wet:?}");
    assert!(desk.read("out/spent.csv").contains("task,A,Dig,2026-03-09,800.00,0.00,-300.00"));
}
