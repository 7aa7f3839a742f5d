//! The program as a user meets it: verbs, exit codes, files, messages.

mod anytime;
mod control;
mod desk;
mod examples;
mod exchange;
mod explain;
mod gantt;
mod golden;
mod guard;
mod level;
mod network;
mod pictures;
mod proofs;
mod quality;
mod records;
mod report;
mod review;
mod risk;
mod teach;
mod team;
mod tradeoff;
mod whatif;

use std::process::{Command, Stdio};

use desk::{Desk, data, rows};

/// Three tasks. A takes Monday 5 to Wednesday 7 January 2026, C four days from Thursday 8 to Tuesday 13.
const SMALL: &str = "id,duration,predecessors,resources\nA,3d,,Ana\nB,2d,A,Ana\nC,4d,A,Ben\n";
/// Work for two days that must start on the first and has to wait for the second.
const IMPOSSIBLE: &str = "id,duration,predecessors,constraint,constraint_date\n\
                          A,5d,,,\nB,2d,A,MSO,2026-01-06\n";
const BROKEN: &str = "id,duration,predecessors\ndesign,3x,\nbuild,2d,desgin\n";

#[test]
fn help_and_version_are_no_errors_and_wrong_usage_is_code_2() {
    let desk = Desk::new();
    desk.run("--help").expect(0).says("Exit codes");
    desk.run("--version").expect(0).says(env!("CARGO_PKG_VERSION"));
    let verbs = [
        "init",
        "check",
        "solve",
        "risk",
        "whatif",
        "value",
        "people",
        "team",
        "tradeoff",
        "level",
        "explain",
        "track",
        "replan",
        "review",
        "verify",
        "convert",
        "generate",
        "completions",
    ];
    for verb in verbs {
        desk.run(&format!("{verb} --help")).expect(0).says("Examples:");
    }
    desk.run("").expect(2);
    desk.run("slove plan").expect(2).complains("solve");
    desk.run("solve").expect(2).complains("PLAN");
    desk.run("solve x --time-limit soon").expect(2).complains("such as 10s");
    desk.run("solve x --start-date 3.4.2026").expect(2).complains("2026-03-02");
    desk.run("solve x --threads 0").expect(2);
    desk.run("solve x --effort 0").expect(2);
    desk.run("convert x --to sm").expect(2).complains("-o OUT");
    desk.run("generate").expect(2).complains("-o OUT");
}

#[test]
fn a_missing_plan_is_wrong_input_that_names_it() {
    let desk = Desk::new();
    desk.run("solve nowhere").expect(1).complains("nowhere");
    desk.run("check nowhere").expect(1).complains("nowhere");
    desk.run("solve --batch nowhere").expect(1).complains("nowhere");
}

#[test]
fn init_writes_a_plan_that_can_be_solved_and_overwrites_nothing() {
    let desk = Desk::new();
    desk.run("init plan").expect(0).says("tasks.csv");
    desk.run("check plan").expect(0).says("critical path");
    desk.run("solve plan --effort 1").expect(0).says("What drives the finish");
    desk.run("init small --template first-plan").expect(0);
    assert_eq!(desk.files("small").keys().collect::<Vec<_>>(), ["tasks.csv"]);
    desk.run("solve small/tasks.csv --effort 1").expect(0);
    let before = desk.files("plan");
    desk.run("init plan").expect(2).complains("nothing is overwritten");
    desk.run("init plan --template first-plan").expect(2).complains("nothing is overwritten");
    assert_eq!(desk.files("plan"), before);
    desk.run("init other --template moon").expect(2).complains("first-plan");
    assert!(!desk.path("other").exists());
}

#[test]
fn a_single_plan_is_answered_in_words() {
    let desk = Desk::new();
    desk.write("small.csv", SMALL);
    let run = desk.run("solve small.csv").expect(0);
    let run = run.says("optimal").says("2026-01-13 17:00").says("7 days").says("A FS");
    let starred: Vec<&str> = run.out.lines().filter(|line| line.trim_start().starts_with('*')).collect();
    // A and C are critical, B has two days of float.
    assert_eq!(starred.len(), 2, "{}", run.out);
    assert!(!desk.path("out").exists());
}

#[test]
fn the_objective_asked_for_leads_the_answer() {
    let desk = Desk::new();
    let park = data("solar-park");
    let summary = |objective: &str| {
        let run = desk.run(&format!("solve {park} --effort 300 --format json --objective {objective}"));
        let answer: serde_json::Value = serde_json::from_str(&run.expect(0).out).unwrap();
        answer["summary"].clone()
    };
    let [finish, cost, npv] = ["finish", "cost", "tardiness,npv"].map(summary);
    let figure = |row: &serde_json::Value, column: &str| row[column].as_f64().unwrap();
    assert!(figure(&finish, "makespan") < figure(&cost, "makespan"));
    assert!(figure(&cost, "cost") < figure(&finish, "cost"));
    assert!(figure(&npv, "npv") > figure(&finish, "npv").max(figure(&cost, "npv")));
    assert!(figure(&npv, "npv") <= figure(&npv, "bound"));
    assert_eq!((&npv["objective"], figure(&npv, "tardiness")), (&"tardiness,npv".into(), 0.0));
    let words = desk.run(&format!("solve {park} --effort 100 --objective cost")).expect(0).out;
    assert!(words.contains("a schedule that costs less may exist"), "{words}");
    desk.run(&format!("solve {park} --objective beauty")).expect(2).complains("tardiness");
    desk.run(&format!("solve {park} --objective cost --ignore-resources")).expect(2);
    let undated = desk.run(&format!("solve {} --objective npv", data("first-plan.csv"))).expect(0).out;
    assert!(undated.contains("no discount_rate"), "{undated}");
}

#[test]
fn a_start_given_on_the_command_line_moves_the_plan() {
    let desk = Desk::new();
    desk.write("plan/tasks.csv", SMALL);
    desk.write("plan/project.csv", "key,value\nname,Small\nstart,2026-01-05\n");
    // Monday 2 February, seven working days: until Tuesday 10.
    desk.run("solve plan --start-date 2026-02-02").expect(0).says("2026-02-10 17:00");
    desk.run("solve plan --format json --start-date 2026-02-02").expect(0).says("2026-02-10 17:00");
}

#[test]
fn results_go_to_files_that_the_validator_accepts() {
    let desk = Desk::new();
    desk.run("init plan").expect(0);
    desk.run("solve plan -o out --effort 5").expect(0);
    let files: Vec<String> = desk.files("out").into_keys().collect();
    // The sample has phases and stakeholders.
    let expected =
        ["assignments.csv", "costs.csv", "interests.csv", "projects.csv", "schedule.csv", "summary.csv", "usage.csv"];
    assert_eq!(files, expected);
    let summary = rows(&desk.read("out/summary.csv"));
    assert_eq!(summary.len(), 1);
    assert_eq!(summary[0]["plan"], "plan");
    assert!(["optimal", "feasible"].contains(&&*summary[0]["status"]));
    desk.run("check plan --schedule out/schedule.csv").expect(0).says("keeps every rule");
}

#[test]
fn a_schedule_that_breaks_a_rule_is_refused() {
    let desk = Desk::new();
    desk.write("small.csv", SMALL);
    // B starts before A has finished, on a day on which Ana is still busy with A.
    let times = |task: &str, from: &str, to: &str| format!("{task},2026-01-{from} 08:00,2026-01-{to} 17:00\n");
    let text =
        ["task,start,finish\n".to_owned(), times("A", "05", "07"), times("B", "07", "08"), times("C", "08", "13")];
    desk.write("mine.csv", &text.concat());
    desk.run("check small.csv --schedule mine.csv").expect(1).says("error");
    desk.write("mine.csv", "task,start\nA,yesterday\nX,2026-01-05\n");
    desk.run("check small.csv --schedule mine.csv").expect(1).says("yesterday");
    desk.run("check small.csv small.csv --schedule mine.csv").expect(2);
}

#[test]
fn all_mistakes_are_shown_at_once_with_place_and_hint() {
    let desk = Desk::new();
    desk.write("broken.csv", BROKEN);
    let run = desk.run("check broken.csv").expect(1);
    run.says("broken.csv").says("3x").says("desgin").says("design").says("2 errors");
    desk.run("solve broken.csv").expect(1).complains("3x").complains("desgin");
    let run = desk.run("check broken.csv --format csv").expect(1);
    let found = rows(&run.out);
    let rows_of_file: Vec<&str> =
        found.iter().filter(|row| row["severity"] == "error").map(|row| &*row["row"]).collect();
    assert_eq!(rows_of_file, ["2", "3"]);
    let run = desk.run("check broken.csv --format json").expect(1);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value[0]["errors"], 2);
}

#[test]
fn check_of_several_plans_shows_each() {
    let desk = Desk::new();
    desk.write("small.csv", SMALL);
    desk.write("broken.csv", BROKEN);
    desk.run("check small.csv broken.csv").expect(1).says("small").says("broken").says("critical path");
    desk.run("check small.csv").expect(0).says("3 to be worked on, 0 milestones");
}

#[test]
fn check_tells_that_a_plan_is_impossible_and_goes_on_with_the_others() {
    let desk = Desk::new();
    desk.write("small.csv", SMALL);
    desk.write("impossible.csv", IMPOSSIBLE);
    // A thousand machines at a fortune a minute for a thousand years: more money than can be counted.
    desk.write("dear/tasks.csv", "id,duration,resources\nA,100000d,machine*1000000\n");
    desk.write("dear/resources.csv", "id,capacity,rate\nmachine,1000000,1000000000000/h\n");
    desk.run("check impossible.csv").expect(3).says("infeasible").says("1 error");
    let run = desk.run("check dear impossible.csv small.csv").expect(1);
    run.says("cost-range").says("infeasible").says("critical path");
}

#[test]
fn money_that_cannot_suffice_is_found_by_check_already() {
    let desk = Desk::new();
    desk.write("plan/tasks.csv", "id,duration,fixed_cost\nA,5d,100\nB,5d,100\n");
    desk.write("plan/budgets.csv", "id,scope,cap\nall,all,150\n");
    desk.run("check plan").expect(3).says("budget `all`: at least 200.00 is needed");
    desk.write("plan/project.csv", "key,value\nstart,2026-01-05\noverhead_per_day,100\n");
    desk.write("plan/budgets.csv", "id,scope,from,to,cap\nweek,all,2026-01-05,2026-01-11,450\n");
    desk.run("check plan").expect(3).says("the overhead of its period alone is 500.00");
}

#[test]
fn a_cap_on_a_period_counts_overhead_only_until_the_project_ends() {
    // A takes the first week, B the first five days of the second, with 500 of overhead until then and 100 of its own. A
    // cap of 600 on nine days leaves room for that, though overhead alone would be 600 if the project ran on.
    let desk = Desk::new();
    desk.write("plan/tasks.csv", "id,duration,predecessors,fixed_cost\nA,5d,,100\nB,5d,A,100\n");
    desk.write("plan/project.csv", "key,value\nstart,2026-01-05\noverhead_per_day,100\n");
    desk.write("plan/budgets.csv", "id,scope,from,to,cap\nB1,all,2026-01-12,2026-01-20,600\n");
    desk.run("solve plan -o out").expect(0).says("2026-01-16 17:00");
    // One less is too little, and no later start of B helps.
    desk.write("plan/budgets.csv", "id,scope,from,to,cap\nB1,all,2026-01-12,2026-01-20,599\n");
    desk.run("solve plan -o out").expect(0).complains("unknown").complains("budget `B1`");
}

#[test]
fn without_resources_a_must_date_wins_over_links_and_float_is_negative() {
    let desk = Desk::new();
    let text = "id,duration,predecessors,constraint,constraint_date\nA,5d,,,\nB,5d,A,MSO,2026-01-07\n";
    desk.write("plan/tasks.csv", text);
    desk.write("plan/project.csv", "key,value\nstart,2026-01-05\n");
    desk.run("solve plan").expect(3);
    desk.run("solve plan --ignore-resources -o out").expect(0).says("but its link `A FS`");
    // A may start two days before it does, three days late: -3.
    let found = rows(&desk.read("out/schedule.csv"));
    assert_eq!([&*found[0]["total_float"], &*found[1]["start"]], ["-3", "2026-01-07 08:00"]);
}

#[test]
fn an_impossible_plan_is_code_3_and_leaves_no_old_schedule() {
    let desk = Desk::new();
    desk.write("plan.csv", SMALL);
    desk.run("solve plan.csv -o out").expect(0);
    desk.write("plan.csv", IMPOSSIBLE);
    let run = desk.run("solve plan.csv -o out").expect(3);
    assert!(run.err.contains("B"), "{}", run.err);
    assert_eq!(desk.files("out").keys().collect::<Vec<_>>(), ["summary.csv"]);
    assert_eq!(rows(&desk.read("out/summary.csv"))[0]["status"], "infeasible");
}

#[test]
fn wrong_input_leaves_earlier_results_alone() {
    let desk = Desk::new();
    desk.write("plan.csv", SMALL);
    desk.run("solve plan.csv -o out").expect(0);
    let before = desk.files("out");
    desk.write("plan.csv", BROKEN);
    desk.run("solve plan.csv -o out").expect(1);
    assert_eq!(desk.files("out"), before);
    desk.run("solve plan.csv -o fresh").expect(1);
    assert!(!desk.path("fresh").exists());
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_that_names_it() {
    let desk = Desk::new();
    desk.write("plan.csv", SMALL);
    desk.write("taken", "mine");
    desk.run("solve plan.csv -o taken").expect(1).complains("taken");
    assert_eq!(desk.read("taken"), "mine");
    desk.run("solve plan.csv plan.csv -o out").expect(2);
}

#[test]
fn the_same_bytes_come_out_at_any_number_of_threads() {
    let desk = Desk::new();
    desk.run("generate --tasks 40 --seed 3 -o plan").expect(0);
    let one = desk.run("solve plan -o one --effort 20 --seed 5 --threads 1").expect(0);
    let two = desk.run("solve plan -o two --effort 20 --seed 5 --threads 2").expect(0);
    assert_eq!(one.out.replace("to one", ""), two.out.replace("to two", ""));
    assert_eq!(desk.files("one"), desk.files("two"));
}

#[test]
fn a_batch_has_a_row_for_each_plan_and_is_not_stopped_by_a_bad_one() {
    let desk = Desk::new();
    desk.write("plans/b-broken.csv", BROKEN);
    desk.write("plans/a/tasks.csv", SMALL);
    desk.write("plans/c-impossible.csv", IMPOSSIBLE);
    desk.write("plans/d.csv", SMALL);
    desk.write("plans/notes.txt", "not a plan");
    desk.write("plans/.hidden.csv", "not a plan");
    desk.write("plans/e-instance.txt", "3 1\n4\n0 0 1 2\n2 1 1 3\n0 0 0\n");
    let run = desk.run("solve --batch plans -o out").expect(1).says("5 plans").complains("notes.txt");
    assert!(run.out.contains("a ") && run.out.contains("invalid"), "{}", run.out);
    let summary = rows(&desk.read("out/summary.csv"));
    let figures: Vec<[&str; 3]> = summary.iter().map(|row| [&*row["plan"], &*row["status"], &*row["finish"]]).collect();
    assert_eq!(
        figures,
        [
            ["a", "optimal", "2026-01-13 17:00"],
            ["b-broken", "invalid", ""],
            ["c-impossible", "infeasible", ""],
            ["d", "optimal", "2026-01-13 17:00"],
            ["e-instance", "optimal", "2"],
        ]
    );
    assert!(desk.path("out/a/schedule.csv").exists() && desk.path("out/d/costs.csv").exists());
    assert!(!desk.path("out/b-broken").exists());
    // Without the broken one the infeasible one decides, without both all is well.
    desk.run("solve plans/a plans/c-impossible.csv").expect(3);
    desk.run("solve plans/a plans/d.csv").expect(0).says("2 optimal");
}

#[test]
fn a_batch_is_the_same_at_any_number_of_threads() {
    let desk = Desk::new();
    for seed in 0..6 {
        desk.run(&format!("generate --tasks 25 --seed {seed} -o plans/p{seed}")).expect(0);
    }
    desk.run("solve --batch plans -o one --effort 5 --threads 1").expect(0);
    desk.run("solve --batch plans -o two --effort 5 --threads 2").expect(0);
    let (one, two) = (desk.files("one"), desk.files("two"));
    assert_eq!(one.len(), 6 * 5 + 1);
    assert_eq!(one, two);
}

#[test]
fn plans_whose_results_would_collide_are_wrong_usage() {
    let desk = Desk::new();
    desk.write("x/plan.csv", SMALL);
    desk.write("y/plan.csv", SMALL);
    desk.run("solve x/plan.csv y/plan.csv -o out").expect(2).complains("plan");
    assert!(!desk.path("out").exists());
    desk.write("z/tasks.csv", SMALL);
    desk.run("solve --batch z").expect(2).complains("is a plan itself");
    desk.write("empty/readme.md", "");
    desk.run("solve --batch empty").expect(2).complains("holds no plans");
}

#[test]
fn formats_for_programs_can_be_read_by_programs() {
    let desk = Desk::new();
    desk.write("small.csv", SMALL);
    let schedule = rows(&desk.run("solve small.csv --format csv").expect(0).out);
    assert_eq!(schedule.iter().map(|row| &*row["task"]).collect::<Vec<_>>(), ["A", "B", "C"]);
    let run = desk.run("solve small.csv --format json").expect(0);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value["summary"]["status"], "optimal");
    assert_eq!(value["schedule"][2]["finish"], "2026-01-13 17:00");
    assert_eq!(value["driving_chain"][0]["task"], "C");
    desk.write("other.csv", SMALL);
    let run = desk.run("solve small.csv other.csv --format json").expect(0);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value.as_array().map(Vec::len), Some(2));
    assert_eq!(rows(&desk.run("solve small.csv other.csv --format csv").expect(0).out).len(), 2);
}

#[test]
fn quiet_is_quiet() {
    let desk = Desk::new();
    desk.write("small.csv", SMALL);
    let run = desk.run("solve small.csv -o out --quiet").expect(0);
    assert_eq!((&*run.out, &*run.err), ("", ""));
    let run = desk.run("solve small.csv small.csv --quiet").expect(2);
    assert!(!run.err.is_empty(), "errors are told even so");
}

#[test]
fn generated_plans_are_valid_solvable_and_repeatable() {
    let desk = Desk::new();
    for preset in ["cpm", "psplib", "enterprise"] {
        desk.run(&format!("generate --preset {preset} --tasks 60 --seed 4 -o {preset}")).expect(0).says("tasks.csv");
        desk.run(&format!("generate --preset {preset} --tasks 60 --seed 4 -o again/{preset}")).expect(0);
        assert_eq!(desk.files(preset), desk.files(&format!("again/{preset}")));
        desk.run(&format!("check {preset}")).expect(0);
        desk.run(&format!("solve {preset} --effort 2 -o out/{preset}")).expect(0);
        desk.run(&format!("check {preset} --schedule out/{preset}/schedule.csv")).expect(0);
    }
    desk.run("generate -o cpm").expect(2).complains("there already");
    desk.run("generate --tasks 0 -o zero").expect(2);
    desk.run("generate --tasks 5 --density 9 -o dense").expect(2).complains("links");
}

#[test]
fn a_plan_survives_the_way_to_psplib_and_back() {
    let desk = Desk::new();
    desk.run("generate --preset psplib --tasks 30 --seed 2 -o plan").expect(0);
    desk.run("convert plan --to sm -o plan.sm").expect(0);
    desk.run("convert plan.sm --to csv -o back").expect(0);
    let finish = |plan: &str| {
        let run = desk.run(&format!("solve {plan} --ignore-resources --format json")).expect(0);
        let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        value["summary"]["finish"].as_str().unwrap().to_owned()
    };
    let expected = finish("plan");
    assert!(expected.parse::<u32>().is_ok(), "{expected} is not a period");
    assert_eq!(finish("plan.sm"), expected);
    assert_eq!(finish("back"), expected);
    desk.run("solve plan.sm --start-date 2026-03-02").expect(2).complains("--start-date");
}

#[test]
fn the_ending_of_the_output_tells_the_format() {
    let desk = Desk::new();
    desk.run("generate --preset psplib --tasks 10 --seed 1 -o plan").expect(0);
    desk.run("convert plan -o a.sm").expect(0);
    desk.run("convert plan --to sm -o b.sm").expect(0);
    assert_eq!(desk.read("a.sm"), desk.read("b.sm"));
    desk.run("convert a.sm -o back").expect(0);
    assert!(desk.files("back").contains_key("tasks.csv"));
    desk.run("convert a.sm -o back.xyz").expect(2).complains("--to FORMAT");
}

#[test]
fn what_a_format_cannot_express_is_wrong_input_and_writes_nothing() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration,predecessors\nA,3d,\nB,2d,A SS+1d\n");
    desk.run("convert plan.csv --to sm -o plan.sm").expect(1);
    assert!(!desk.path("plan.sm").exists());
    desk.run("convert plan.csv --to csv -o copy").expect(0);
    assert_eq!(desk.files("copy").keys().collect::<Vec<_>>(), ["tasks.csv"]);
}

#[test]
fn ambiguous_dates_ask_for_the_date_format() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration,constraint,constraint_date\nA,3d,SNET,03/04/2026\n");
    desk.run("check plan.csv").expect(1).says("--date-format");
    desk.run("solve plan.csv --date-format dmy").expect(0).says("2026-04-03");
    desk.run("solve plan.csv --date-format mdy").expect(0).says("2026-03-04");
}

#[test]
fn completions_are_printed_for_every_shell() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        desk.run(&format!("completions {shell}")).expect(0).says("floatline");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    desk.run("generate --tasks 300 --preset cpm -o plan").expect(0);
    let mut child = desk
        .command("solve plan --format csv --ignore-resources")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_time_limit_ends_the_search_with_an_answer() {
    let desk = Desk::new();
    desk.run("generate --tasks 60 --seed 1 -o plan").expect(0);
    desk.run("solve plan --time-limit 50ms").expect(0);
}

/// Sends an interrupt once the program listens for it.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_hands_over_the_best_so_far() {
    let desk = Desk::new();
    desk.run("generate --tasks 400 --resource-strength 0 --seed 1 -o plan").expect(0);
    let mut child =
        desk.command("solve plan --time-limit 2m -o out").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // SIGINT is signal 2: bit 1 of the mask of caught signals.
    let listens = |status: String| {
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 2 != 0)
    };
    let status = format!("/proc/{}/status", child.id());
    while child.try_wait().unwrap().is_none() && !std::fs::read_to_string(&status).is_ok_and(listens) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let row = &rows(&desk.read("out/summary.csv"))[0];
    assert!(["optimal", "feasible", "unknown"].contains(&&*row["status"]), "{row:?}");
    assert!(row["message"].contains("stopped on request") || row["status"] == "optimal", "{row:?}");
}
