//! Searching longer and going on later: logs, warm starts, and the projects of a plan.

use serde_json::Value;

use super::desk::{Desk, data};
use super::{BROKEN, SMALL};

/// A plan whose search goes on for as long as it may.
fn hard_plan(desk: &Desk, name: &str, seed: u32) {
    let line = format!("generate --preset psplib --tasks 60 --resource-strength 0 --seed {seed} -o {name}");
    desk.run(&line).expect(0);
}

#[test]
fn a_log_tells_how_the_search_began_each_step_forward_and_how_it_ended() {
    let desk = Desk::new();
    hard_plan(&desk, "plan", 1);
    desk.run("solve plan --effort 100 --seed 4 -o out --log logs/run.jsonl").expect(0);
    let log = desk.log("logs/run.jsonl");
    let (begin, steps, end) = (&log[0], &log[1..log.len() - 1], log.last().unwrap());
    assert_eq!((&begin["event"], &begin["plan"]), (&"begin".into(), &"plan".into()));
    assert_eq!((&begin["seed"], &begin["effort_limit"], &begin["tasks"]), (&4.into(), &100.into(), &60.into()));
    assert_eq!(begin["objectives"], serde_json::json!(["tardiness", "finish"]));
    assert_eq!(begin["machine"], "narrow");
    assert!(steps.len() >= 2 && steps.iter().all(|step| step["event"] == "step"), "{steps:?}");
    // Each step is one forward, of the best schedule or of the bound, and says who found it.
    let figure = |step: &Value, key: &str| step[key].as_f64().unwrap_or(f64::MAX);
    for pair in steps.windows(2) {
        assert!(figure(&pair[1], "makespan") <= figure(&pair[0], "makespan"), "{pair:?}");
        assert!(figure(&pair[1], "bound") >= figure(&pair[0], "bound"), "{pair:?}");
        assert_ne!(pair[0], pair[1]);
        assert!(pair[1]["found_by"].is_string(), "{pair:?}");
    }
    assert_eq!((&end["event"], &end["status"], &end["effort"]), (&"end".into(), &"feasible".into(), &100.into()));
    assert_eq!(end["makespan"], steps.last().unwrap()["makespan"]);
    assert_eq!(desk.table("out/summary.csv")[0]["makespan"], end["makespan"].to_string());
}

#[test]
fn a_log_tells_the_objectives_asked_for_as_the_summary_does() {
    let desk = Desk::new();
    let park = data("solar-park");
    for objective in ["cost", "npv", "tardiness,npv", "finish,cost", "tardiness"] {
        desk.run(&format!("solve {park} --effort 40 --objective {objective} -o out --log log")).expect(0);
        let log = desk.log("log");
        let (begin, step, end) = (&log[0], &log[log.len() - 2], log.last().unwrap());
        let asked: Vec<&str> = begin["objectives"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        assert_eq!(asked.join(","), objective);
        assert!(step["found_by"].is_string(), "{step}");
        let row = &desk.table("out/summary.csv")[0];
        assert_eq!(row["objective"], objective);
        for figure in ["makespan", "cost", "tardiness", "npv", "lower_bound", "bound", "gap"] {
            assert_eq!(step[figure], end[figure], "{objective}, {figure}");
            assert_eq!(end[figure].as_f64(), row[figure].parse().ok(), "{objective}, {figure}: {row:?}");
        }
        // Percent say nothing about deadlines.
        assert_eq!(end["gap"].is_null(), objective == "tardiness", "{end}");
    }
}

#[test]
fn only_seconds_and_threads_differ_between_the_logs_of_two_runs() {
    let desk = Desk::new();
    for seed in 0..5 {
        hard_plan(&desk, &format!("plans/p{seed}"), seed);
    }
    desk.write("plans/q-broken.csv", BROKEN);
    for threads in [1, 2] {
        desk.run(&format!("solve plans/p0 --effort 60 --log one{threads} --threads {threads}")).expect(0);
        desk.run(&format!("solve --batch plans --effort 60 --log all{threads} --threads {threads}")).expect(1);
    }
    assert_eq!(desk.lasting_log("one1"), desk.lasting_log("one2"));
    let log = desk.lasting_log("all1");
    assert_eq!(log, desk.lasting_log("all2"));
    // One plan after the other, each from its beginning to its end.
    let mut plans: Vec<&str> = log.iter().map(|line| line["plan"].as_str().unwrap()).collect();
    plans.dedup();
    assert_eq!(plans, ["p0", "p1", "p2", "p3", "p4", "q-broken"]);
    assert_eq!(log.last().unwrap()["status"], "invalid");
}

#[test]
fn a_log_that_cannot_be_written_is_an_error_before_the_work_begins() {
    let desk = Desk::new();
    desk.write("plan.csv", SMALL);
    desk.write("taken", "mine");
    desk.run("solve plan.csv -o out --log taken/log").expect(1).complains("taken");
    desk.run("solve plan.csv -o out --log .").expect(1);
    // A slip of the pen does not cost anybody a plan.
    desk.run("solve plan.csv -o out --log plan.csv").expect(1).complains("not overwritten");
    assert_eq!(desk.read("plan.csv"), SMALL);
    assert!(!desk.path("out").exists());
    // A log is replaced.
    desk.run("solve plan.csv --log log").expect(0);
    desk.run("solve plan.csv --log log").expect(0);
    assert_eq!(desk.log("log").iter().filter(|line| line["event"] == "begin").count(), 1);
}

#[test]
fn a_search_goes_on_from_where_an_earlier_one_ended() {
    let desk = Desk::new();
    hard_plan(&desk, "plans/a", 1);
    hard_plan(&desk, "plans/b", 2);
    let makespan = |file: &str, row: usize| desk.table(file)[row]["makespan"].parse::<u32>().unwrap();
    desk.run("solve plans/a --effort 1 -o first").expect(0);
    desk.run("solve plans/a --effort 300 -o good").expect(0);
    assert!(makespan("good/summary.csv", 0) < makespan("first/summary.csv", 0), "else this test tells nothing");
    // One pass from a good schedule, by its folder or its file, keeps what was gained.
    for start in ["good", "good/schedule.csv"] {
        desk.run(&format!("solve plans/a --effort 1 -o on --log log --start {start}")).expect(0);
        assert!(makespan("on/summary.csv", 0) <= makespan("good/summary.csv", 0));
        assert_eq!(desk.log("log")[2]["found_by"], "start");
    }
    // The same for many plans. The folder may be the one that is written to; a plan that is not in it starts afresh.
    desk.run("solve --batch plans --effort 300 -o all").expect(0);
    let before = [0, 1].map(|row| makespan("all/summary.csv", row));
    hard_plan(&desk, "plans/c", 3);
    desk.run("solve --batch plans --effort 1 -o all --start all").expect(0);
    assert!((0..2).all(|row| makespan("all/summary.csv", row) <= before[row]));
    desk.run("solve --batch plans --start all/a/schedule.csv").expect(2).complains("folder");
}

#[test]
fn what_an_earlier_search_gained_in_money_is_kept() {
    let desk = Desk::new();
    let park = data("solar-park");
    let row = |folder: &str| desk.table(&format!("{folder}/summary.csv"))[0].clone();
    let figure = |folder: &str, column: &str| row(folder)[column].parse::<f64>().unwrap();
    for (objective, column, sign) in [("npv", "npv", -1.0), ("cost", "cost", 1.0)] {
        let run = |rest: &str| desk.run(&format!("solve {park} --objective {objective} {rest}")).expect(0);
        run("--effort 1 -o first");
        run("--effort 300 -o good");
        let [first, good] = ["first", "good"].map(|folder| sign * figure(folder, column));
        assert!(good < first, "{objective}: else this test tells nothing");
        run("--effort 1 -o on --start good");
        // A cent for rounding.
        let on = sign * figure("on", column);
        assert!(on <= good + 0.01, "{objective}: {on} from {good}");
    }
}

#[test]
fn people_and_modes_of_a_former_schedule_are_kept() {
    let desk = Desk::new();
    // Alone, the search takes the short mode; everybody can write.
    let tasks = "id,duration,resources\nA,,\nB,2d,skill:writing\n";
    desk.write("plan/tasks.csv", tasks);
    desk.write("plan/modes.csv", "task,mode,duration,resources,cost\nA,fast,1d,ana,50\nA,slow,2d,ben,0\n");
    desk.write("plan/resources.csv", "id,skills\nana,writing\nben,writing\ncleo,writing\n");
    // Both finish on Tuesday: nothing later than the least there can be, so that one pass is enough.
    desk.write("mine.csv", "task,start,mode,resources\nA,2026-01-05,slow,\nB,2026-01-05,,cleo\n");
    desk.run("solve plan --effort 1 -o out --start mine.csv").expect(0);
    let found = desk.table("out/schedule.csv");
    assert_eq!([&*found[0]["mode"], &*found[0]["resources"], &*found[1]["resources"]], ["slow", "ben", "cleo"]);
}

#[test]
fn dates_that_moving_earlier_would_make_worse_are_kept() {
    let desk = Desk::new();
    // B is unimportant: of two schedules that finish on the same day, the one in which it comes later is preferred.
    desk.write("plan.csv", "id,duration,resources,priority\nA,5d,Ana,\nB,1d,Ben,0\n");
    desk.write("mine.csv", "task,start\nA,2026-01-05\nB,2026-01-08\n");
    desk.run("solve plan.csv --effort 1 -o out --start mine.csv").expect(0);
    assert_eq!(desk.table("out/schedule.csv")[1]["start"], "2026-01-08 08:00");
}

#[test]
fn what_is_to_be_late_moves_only_as_far_as_the_objectives_let_it() {
    let desk = Desk::new();
    let alone = "id,duration,resources,constraint,deadline\nA,5d,Ana,,\nB,1d,Ben,ALAP,2026-01-07\n";
    desk.write("plan/tasks.csv", alone);
    desk.run("solve plan -o out").expect(0);
    assert_eq!(desk.table("out/schedule.csv")[1]["finish"], "2026-01-07 17:00");
    // Where only the finish counts, the deadline does not.
    desk.run("solve plan -o out --objective finish").expect(0);
    assert_eq!(desk.table("out/schedule.csv")[1]["finish"], "2026-01-09 17:00");
    // What brings money is not kept waiting if money is what counts, whatever the search starts from.
    desk.write("plan/project.csv", "key,value\nstart,2026-01-05\ndiscount_rate,8%\n");
    desk.write("plan/tasks.csv", "id,duration,resources,constraint,payment\nA,5d,Ana,,\nB,1d,Ben,ALAP,90000\n");
    for start in ["", "--start out"] {
        desk.run(&format!("solve plan -o out2 --objective npv {start}")).expect(0);
        assert_eq!(desk.table("out2/schedule.csv")[1]["start"], "2026-01-05 08:00");
    }
}

#[test]
fn what_still_fits_of_a_former_schedule_is_used_and_the_rest_is_told() {
    let desk = Desk::new();
    desk.write("plan.csv", SMALL);
    desk.run("solve plan.csv -o out").expect(0);
    // D is new, B is gone, C needs somebody else.
    desk.write("plan.csv", "id,duration,predecessors,resources\nA,3d,,Ana\nC,4d,A,Cleo\nD,2d,A,Ana\n");
    let run = desk.run("solve plan.csv -o out2 --start out").expect(0).says("2026-01-13 17:00");
    run.complains("schedule.csv:3").complains("no task `B`").complains("no resource `Ben`").complains("`D`");
    // It is quiet when asked, and in a batch the row tells.
    assert_eq!(desk.run("solve plan.csv -o out2 --start out --quiet").expect(0).err, "");
    desk.write("more/plan.csv", &desk.read("plan.csv"));
    desk.write("old/plan/schedule.csv", &desk.read("out/schedule.csv"));
    desk.run("solve --batch more --start old").expect(0).says("no task `B` ");
    // A schedule that has become impossible: A takes longer than C waits.
    desk.write("plan.csv", &SMALL.replace("A,3d", "A,5d"));
    desk.run("solve plan.csv --start out").expect(0).complains("not valid for this plan").says("2026-01-15 17:00");
}

#[test]
fn a_file_that_is_no_schedule_of_the_plan_is_wrong_input_with_its_place() {
    let desk = Desk::new();
    desk.write("plan.csv", SMALL);
    desk.write("mine.csv", "task,start\nA,someday\nA,2026-01-05\n");
    let run = desk.run("solve plan.csv --start mine.csv -o out").expect(1);
    run.complains("mine.csv:2 [start]")
        .complains("`someday`")
        .complains("mine.csv:3")
        .complains("start from has 2 errors");
    desk.write("mine.csv", "task,start\nX,someday\n");
    let run = desk.run("solve plan.csv --start mine.csv").expect(1).complains("not one of its tasks");
    run.complains("no task `X`").complains("`someday` is not a moment");
    // A date that is not used stops nothing.
    desk.write("mine.csv", "task,start\nA,2026-01-05\nX,someday\n");
    desk.run("solve plan.csv --start mine.csv").expect(0).complains("mine.csv:3 [start]: `someday` is not a moment");
    desk.write("mine.csv", "who,when\nA,2026-01-05\n");
    desk.run("solve plan.csv --start mine.csv").expect(1).complains("a column `start`");
    desk.run("solve plan.csv --start mein.csv").expect(1).complains("did you mean `mine.csv`");
    desk.run("solve plan.csv --start mine.csv --ignore-resources").expect(2);
    assert!(!desk.path("out").exists());
}

#[test]
fn a_date_given_as_a_schedule_to_start_from_is_sent_to_the_right_option() {
    let desk = Desk::new();
    desk.write("plan.csv", SMALL);
    desk.run("solve plan.csv --start 2026-03-09").expect(2).complains("--start-date");
    desk.run("solve plan.csv --start-date 2026-03-09").expect(0).says("2026-03-17 17:00");
}

/// Two projects and a party; Ana works for both. P takes her for two days, then Q for three; Q should be done on Wednesday.
const PORTFOLIO: &str = "id,name,parent,duration,predecessors,resources,deadline,fixed_cost\n\
                         P,First,,,,,,\n\
                         P1,,P,2d,,Ana,,100\n\
                         P2,,P,1d,P1,Ben,,\n\
                         Q,Second,,,,,2026-01-07,\n\
                         Q1,,Q,3d,P1,Ana,,50\n\
                         party,,,0,P2;Q1,,,\n";

#[test]
fn a_plan_of_several_projects_has_a_row_for_each() {
    let desk = Desk::new();
    desk.write("plan.csv", PORTFOLIO);
    let run = desk.run("solve plan.csv -o out").expect(0).says("Projects and phases").says("projects.csv");
    // Two days after Wednesday 7 January, as its predecessor takes the first two.
    run.says("MISSED by 2").says("Q1: P1 FS");
    let found = desk.table("out/projects.csv");
    let of = |row: usize, columns: [&str; 5]| columns.map(|column| found[row][column].clone());
    let columns = ["project", "tasks", "length", "cost", "late"];
    assert_eq!(of(0, columns), ["P", "2", "3", "100.00", ""]);
    assert_eq!(of(1, columns), ["Q", "1", "3", "50.00", "2"]);
    assert_eq!(
        of(1, ["finish", "critical", "last_task", "driver", "deadline"])[..4],
        ["2026-01-09 17:00", "yes", "Q1", "P1 FS"]
    );
    let run = desk.run("solve plan.csv --format json").expect(0);
    let answer: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(answer["projects"][1]["name"], "Second");
    // Of a plan without projects the file of an earlier run does not stay.
    desk.write("plan.csv", SMALL);
    let run = desk.run("solve plan.csv -o out").expect(0);
    assert!(!run.out.contains("Projects") && !desk.path("out/projects.csv").exists(), "{}", run.out);
}

#[test]
fn projects_that_wait_for_each_others_people_are_told_by_how_much() {
    let desk = Desk::new();
    // Alone each takes two days; with one Ana for both, the second waits for two.
    desk.write("plan.csv", "id,parent,duration,resources\nP,,,\nP1,P,2d,Ana\nQ,,,\nQ1,Q,2d,Ana\n");
    desk.run("solve plan.csv -o out").expect(0);
    let mut delays: Vec<String> = desk.table("out/projects.csv").iter().map(|row| row["delay"].clone()).collect();
    delays.sort();
    assert_eq!(delays, ["0", "2"]);
    // A batch writes them too.
    desk.write("more/plan.csv", &desk.read("plan.csv"));
    desk.write("more/small.csv", SMALL);
    desk.run("solve --batch more -o all").expect(0);
    assert!(desk.path("all/plan/projects.csv").exists() && !desk.path("all/small/projects.csv").exists());
}
