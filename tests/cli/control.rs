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
    let run =
        desk.run("track p").expect(1).complains("p/baselines/first/schedule.csv:1: a baseline needs a column `finish`");
    run.complains("the baseline `first` has 1 error");
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
    // A table without rows is not the same as none.
    desk.write("p/expenses.csv", "date,amount,task\n");
    desk.run("track p --samples 0").expect(0).says("about (expenses.csv has no rows)");
    std::fs::remove_file(desk.path("p/expenses.csv")).unwrap();
    desk.run("track p --samples 0").expect(0).says("about (no expenses.csv)");
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
fn without_a_baseline_what_comes_after_track_is_one_and_then_replan() {
    let desk = Desk::new();
    begun(&desk);
    std::fs::remove_dir_all(desk.path("p/baselines")).unwrap();
    std::fs::remove_file(desk.path("p/budgets.csv")).unwrap();
    desk.run("track p").expect(0).says("B");
    desk.run("replan p").expect(2).complains("freeze one with");
    // The two steps that are said on a terminal: of a folder, and of a file.
    desk.run("solve p --baseline first").expect(0);
    desk.run("track p").expect(0);
    desk.run("replan p").expect(0);
    desk.run("convert p -o one.xlsx").expect(0);
    desk.run("solve one.xlsx -o first").expect(0);
    desk.run("replan one.xlsx --against first").expect(0);
}

#[test]
fn all_that_simulate_a_plan_make_as_many_samples_and_tell_the_same() {
    let desk = Desk::new();
    begun(&desk);
    desk.run("track p -q -o tracked").expect(0);
    let forecasts = desk.table("tracked/forecasts.csv");
    let tracked = forecasts.iter().find(|row| row["what"] == "finish" && row["method"].contains("P80")).unwrap();
    desk.run("risk p -o out").expect(0).says("10,000 samples");
    let percentiles = desk.table("out/risk.csv");
    let is_late = |row: &&std::collections::BTreeMap<String, String>| {
        (&*row["quantity"], &*row["id"], &*row["percentile"]) == ("finish", "", "80")
    };
    let late = percentiles.iter().find(is_late).unwrap();
    assert_eq!(tracked["finish"], late["value"]);
}

#[test]
fn finishes_are_shown_as_their_dates_and_extrapolations_to_the_day() {
    let desk = Desk::new();
    begun(&desk);
    // A is done on the 10th, whatever the hour.
    desk.write(
        "p/progress.csv",
        "task,actual_start,actual_finish,percent_complete\nA,2026-03-02,2026-03-10,\nB,2026-03-11,,40\n",
    );
    let run = desk.run("track p --samples 0 --all -o out").expect(0);
    assert!(!run.out.contains(" 00:00"), "{}", run.out);
    let row = run.out.lines().find(|line| line.contains("Dig")).unwrap();
    assert!(row.contains("2026-03-10  "), "{row}");
    let slips = rows(&desk.read("out/slippage.csv"));
    assert_eq!((&*slips[1]["finish"], &*slips[1]["baseline_finish"]), ("2026-03-10", "2026-03-06 17:00"));
    // By earned schedule it ends on working days.
    let forecasts = rows(&desk.read("out/forecasts.csv"));
    let told: Vec<&str> = forecasts
        .iter()
        .filter(|row| row["method"].starts_with("earned schedule"))
        .map(|row| row["finish"].as_str())
        .collect();
    assert_eq!(told.len(), 3);
    for text in told {
        let date: jiff::civil::Date = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(date.weekday().to_monday_zero_offset() < 5, "{text}");
    }
    desk.write(
        "dates.csv",
        "task,start,finish\nA,2026-03-02,2026-03-06\nB,2026-03-09,2026-03-13\nC,2026-03-16,2026-03-17\n",
    );
    let run = desk.run("replan p --against dates.csv --stability 1 --effort 20 -o new").expect(0);
    run.says("2026-03-13 (finish)");
    assert_eq!(rows(&desk.read("new/changes.csv"))[0]["finish_before"], "2026-03-13");
}

#[test]
fn money_runs_out_on_a_day_and_until_another_something_can_be_done() {
    let desk = Desk::new();
    begun(&desk);
    desk.write("p/budgets.csv", "id,scope,key,cap\nall,,,1250\nsite,account,site,960\nlast,account,finish,100\n");
    let run = desk.run("track p --samples 0 --effort 20 -o out").expect(0);
    let warnings = rows(&desk.read("out/warnings.csv"));
    let of = |id: &str| warnings.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{warnings:?}"));
    // Of what is left C alone has not begun, and it is not dear enough to win back twice what is missing.
    assert_eq!((&*of("all")["overrun"], &*of("all")["act_by"]), ("200.00", ""));
    // C costs twice what its budget lacks, and has not begun: until then it can be made cheaper.
    assert_eq!((&*of("last")["overrun"], &*of("last")["act_by"]), ("100.00", "2026-03-19 08:00"));
    assert!(of("site")["breaks"].len() == "2026-03-16".len() && of("site")["act_by"].is_empty(), "{warnings:?}");
    run.says("too late to win back");
}

#[test]
fn work_beside_the_summaries_is_part_of_the_project() {
    let desk = Desk::new();
    begun(&desk);
    let tasks = TASKS.replace("C,Paint,P,", "C,Paint,,");
    desk.write("p/tasks.csv", &tasks);
    let run = desk.run("track p --samples 0").expect(0);
    let parts: Vec<&str> = run.out.lines().skip_while(|line| !line.starts_with("By part")).skip(2).collect();
    assert!(parts[0].trim_start().starts_with("P Build") && parts[1].trim_start().starts_with("C Paint"), "{parts:?}");
    let more: String = (0..12).map(|at| format!("X{at},,,1d,,,,,,\n")).collect();
    desk.write("p/tasks.csv", &format!("{tasks}{more}"));
    desk.run("track p --samples 0").expect(0).says("(13 tasks of no summary)");
    desk.run("track p --samples 0 --all").expect(0).says("C Paint").says("X11");
}

#[test]
fn plans_of_periods_are_tracked_replanned_and_reviewed_by_their_numbers() {
    let desk = Desk::new();
    desk.write("p/project.csv", "key,value\nname,Steps\ntime_unit,period\n");
    desk.write(
        "p/tasks.csv",
        "id,duration,predecessors,fixed_cost,category\nA,4,,100,x\nB,4,A,100,x\nC,4,B,100,x\nD,4,C,100,x\n",
    );
    desk.run("solve p --baseline first").expect(0);
    desk.write("p/project.csv", "key,value\nname,Steps\ntime_unit,period\nstatus_date,12\n");
    desk.write(
        "p/progress.csv",
        "task,actual_start,actual_finish,percent_complete,date\n\
         A,0,5,,6\nB,5,,20,6\nB,5,10,,12\nC,10,,40,12\n",
    );
    let run = desk.run("track p --samples 0").expect(0).says("status at time 12");
    run.says("steps of 10 periods: what is earned was planned for step");
    desk.run("track p --samples 0 --period day").expect(0).says("periods: what is earned was planned for period");
    desk.run("track p --samples 0 --status-date 6").expect(0).says("status at time 6");
    desk.run("track p --status-date 2026-03-02")
        .expect(2)
        .complains("--status-date: `2026-03-02` is not the number of a");
    let run = desk.run("replan p --status-date 6").expect(0).says("replanned from 6").says("moved, periods, people");
    assert!(run.out.contains("PERIODS") && !run.out.contains("DAYS"), "{}", run.out);
    desk.run("replan p --status-date soon").expect(2).complains("not the number of a period");
    let run = desk.run("review p").expect(0).says("PERIODS LATE").says("3 to 10 periods").says("Of 2 finished tasks");
    assert!(!run.out.to_lowercase().contains("days"), "{}", run.out);
}

#[test]
fn the_sample_with_a_year_of_history_is_tracked() {
    let desk = Desk::new();
    let plan = data("clinic-rollout");
    let run = desk.run(&format!("track {plan} -o out --effort 5")).expect(0);
    run.says("against the baseline `2026-01`").says("By account:").says("Trend:");
    let values = rows(&desk.read("out/earned_value.csv"));
    let method = |id: &str| values.iter().find(|row| row["id"] == id).unwrap()["ev_method"].clone();
    assert_eq!([method("A1"), method("A2"), method("A3")], ["0/100", "milestones 20;30;50", "percent"]);
    assert_eq!([method("A"), method("A6"), method("")], ["", "50/50", ""]);
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
fn keeping_a_summary_keeps_what_is_below_it() {
    let desk = Desk::new();
    desk.write("p/project.csv", "key,value\nstart,2026-03-02\n");
    desk.write(
        "p/tasks.csv",
        "id,parent,duration,predecessors,resources,constraint,constraint_date\nA,,5d,,ana,,\nS,,,,,,\n\
         B,S,5d,,ben,SNET,2026-03-16\nM,S,0,B,,,\n",
    );
    desk.run("solve p --baseline first").expect(0);
    // Nothing but the wish to keep it holds B back now.
    desk.write("p/tasks.csv", "id,parent,duration,predecessors,resources\nA,,5d,,ana\nS,,,,\nB,S,5d,,ben\nM,S,0,B,\n");
    desk.write("p/project.csv", "key,value\nstart,2026-03-02\nstatus_date,2026-03-03\n");
    desk.write("p/progress.csv", "task,actual_start,percent_complete\nA,2026-03-02,20\n");
    let moved = |flags: &str| {
        let run = desk.run(&format!("replan p --stability 0 --effort 20 --format csv {flags}")).expect(0);
        (rows(&run.out).iter().map(|row| row["task"].clone()).collect::<Vec<_>>(), run.err)
    };
    assert_eq!(moved("").0, ["B", "M"]);
    assert_eq!(moved("--keep S"), (vec![], String::new()));
    let (_, err) = moved("--keep A --keep M");
    assert!(err.contains("--keep `A` changes nothing") && err.contains("--keep `M` changes nothing"), "{err}");
}

#[test]
fn replan_refuses_what_makes_no_sense() {
    let desk = Desk::new();
    begun(&desk);
    desk.run("replan p --stability 2").expect(2).complains("from 0 to 1");
    desk.run("replan p --freeze soon").expect(2).complains("such as 3d or 2w");
    desk.run("replan p --keep CC").expect(2).complains("did you mean `C`?");
    desk.run("replan p --stability -1").expect(2).complains("`-1` is not a number from 0 to 1");
    desk.run("replan p --pick 9").expect(2).complains("there is only 1 alternative");
    desk.run("replan p --pick 0").expect(2).complains("numbered from 1");
    desk.write("p/baselines/first/schedule.csv", "task,start\nA,soon\n");
    let run = desk.run("replan p").expect(1).complains("p/baselines/first/schedule.csv:2 [start]");
    run.complains("the baseline `first` has");
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
