//! The report: its structure, what it says of whom, and that texts of the plan stay texts. What a browser makes of it is
//! looked at by tests/browser.

use std::collections::BTreeSet;

use scraper::{Html, Selector};

use super::desk::{Desk, data};

const HOSTILE: &str = "<script>alert(1)</script> & \"quoted\" | 'x' *y*";

/// A plan in which every text is hostile.
fn hostile(desk: &Desk) {
    let quoted = HOSTILE.replace('"', "\"\"");
    desk.write(
        "plan/tasks.csv",
        &format!(
            "id,name,parent,duration,predecessors,resources,fixed_cost,deliverable\n\
             P,\"{quoted}\",,,,,,\nA,\"{quoted}\",P,3d,,\"<b>ana</b>\",100,D\nB,\"{quoted}\",P,2d,A FS+1d,\"<b>ana</b>\",,D\n\
             M,\"{quoted}\",,0,B,,,\n"
        ),
    );
    desk.write("plan/resources.csv", "id,name\n<b>ana</b>,<i>Ana</i>\n");
    desk.write("plan/deliverables.csv", &format!("id,name,acceptance\nD,\"{quoted}\",\"{quoted}\"\n"));
    desk.write(
        "plan/risks.csv",
        &format!("id,name,probability,tasks,delay\nR,\"{quoted}\",0.5,A,\"uniform(1d,3d)\"\n"),
    );
    desk.write("plan/stakeholders.csv", &format!("id,name,milestones,interests\nboard,\"{quoted}\",M,task:A\n"));
    desk.write("plan/project.csv", &format!("key,value\nname,\"{quoted}\"\nstart,2026-03-02\ndeadline,2026-03-20\n"));
}

fn select<'h>(page: &'h Html, selector: &str) -> Vec<scraper::ElementRef<'h>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

/// What is wrong with the structure of a page.
fn faults(page: &Html) -> Vec<String> {
    let mut faults: Vec<String> = page.errors.iter().map(|error| error.to_string()).collect();
    let mut ids = BTreeSet::new();
    for element in select(page, "[id]") {
        let id = element.attr("id").unwrap();
        if !ids.insert(id.to_owned()) {
            faults.push(format!("two elements are called `{id}`"));
        }
    }
    for element in select(page, "a[href]") {
        let target = element.attr("href").unwrap();
        if !target.strip_prefix('#').is_some_and(|id| ids.contains(id)) {
            faults.push(format!("a link leads to `{target}`"));
        }
    }
    for table in select(page, "table") {
        let columns = table.select(&Selector::parse("thead th").unwrap()).count();
        for row in table.select(&Selector::parse("tbody tr").unwrap()) {
            if row.select(&Selector::parse("th,td").unwrap()).count() != columns {
                faults.push(format!("a row has not {columns} cells: {}", row.text().collect::<String>()));
            }
        }
    }
    let rows = select(page, ".chunk > .row");
    for row in &rows {
        for link in row.attr("data-after").unwrap_or_default().split(' ').filter(|link| !link.is_empty()) {
            let from: usize = link.trim_end_matches(char::is_alphabetic).parse().unwrap();
            if from >= rows.len() {
                faults.push(format!("a link leads to row {from} of {}", rows.len()));
            }
        }
    }
    for (element, attribute) in [("img", "src"), ("link", "href"), ("script", "src"), ("iframe", "src")] {
        if select(page, &format!("{element}[{attribute}]"))
            .iter()
            .any(|found| !found.attr(attribute).unwrap().is_empty())
        {
            faults.push(format!("the page needs another file: {element}"));
        }
    }
    faults
}

#[test]
fn pages_are_sound_and_need_nothing_else() {
    let desk = Desk::new();
    hostile(&desk);
    for plan in ["plan".to_owned(), data("clinic-rollout"), data("medical-device"), data("first-plan.csv")] {
        for kind in ["status", "spec"] {
            let text = desk.run(&format!("report {plan} --kind {kind} --format html --effort 50")).expect(0).out;
            let page = Html::parse_document(&text);
            assert_eq!(faults(&page), Vec::<String>::new(), "{plan} {kind}");
            assert_eq!((select(&page, "main").len(), select(&page, "h1").len()), (1, 1));
            assert!(!text.contains("http://") || !text.replace("http://www.w3.org/2000/svg", "").contains("http://"));
        }
    }
}

#[test]
fn texts_of_the_plan_stay_texts() {
    let desk = Desk::new();
    hostile(&desk);
    for kind in ["status", "spec"] {
        let text = desk.run(&format!("report plan --kind {kind} --format html")).expect(0).out;
        let page = Html::parse_document(&text);
        // Our own script, and nothing that came with the plan.
        assert_eq!(select(&page, "script").len(), 1);
        assert_eq!(select(&page, "main b, main h1, main em").len(), 0);
        assert!(select(&page, "main").iter().any(|main| main.text().collect::<String>().contains(HOSTILE)), "{text}");
        let words = desk.run(&format!("report plan --kind {kind}")).expect(0).out;
        assert!(!words.contains("<script>") && !words.contains("<b>") && words.contains("&lt;script"), "{words}");
        // Every row of a table has as many cells as its header.
        let mut columns = 0;
        for line in words.lines() {
            let bars = line.replace("\\|", "").matches('|').count();
            if bars > 0 && columns > 0 {
                assert_eq!(bars, columns, "{line}");
            }
            columns = bars;
        }
    }
}

#[test]
fn a_report_tells_what_has_changed_since_the_last_one() {
    let desk = Desk::new();
    hostile(&desk);
    let first = desk.run("report plan -o out").expect(0).says("wrote out");
    assert!(first.out.contains("report.html") && desk.path("out/schedule.csv").is_file());
    assert!(!desk.read("out/report.html").contains("id=\"changes\""));
    desk.run("report plan -o out").expect(0);
    assert!(desk.read("out/report.html").contains("Nothing finishes at another time"));
    let tasks = desk.read("plan/tasks.csv").replace("P,3d,", "P,5d,");
    desk.write("plan/tasks.csv", &tasks);
    desk.run("report plan -o out").expect(0);
    let page = desk.read("out/report.html");
    assert!(page.contains("The finish is 2 days later. 3 tasks finish later than in"), "{page}");
    // It can be made again: from the same files the same bytes, with any number of threads.
    desk.run("report plan -o again.html --threads 1 --since out").expect(0);
    desk.run("report plan -o once.html --threads 2 --since out").expect(0);
    assert_eq!(desk.read("again.html"), desk.read("once.html"));
    assert!(desk.read("again.html").contains("SHA-256"));
    desk.run("audit out").expect(0);
}

#[test]
fn a_report_comes_out_again_with_what_it_was_compared_with() {
    let desk = Desk::new();
    desk.write("plan/tasks.csv", "id,duration,predecessors,resources\nA,3d,,ana\nB,2d,,ana\nC,1d,A;B,\n");
    desk.run("report plan -o out").expect(0);
    let first = desk.read("out/schedule.csv");
    // In its own place there is the schedule of another plan by now.
    for (again, given) in [("4d", ""), ("6d", "--since out"), ("5d", "--since=./out/schedule.csv --start out")] {
        desk.write(
            "plan/tasks.csv",
            &format!("id,duration,predecessors,resources\nA,{again},,ana\nB,2d,,ana\nC,1d,A;B,\n"),
        );
        desk.run(&format!("report plan -o out {given}")).expect(0);
        assert!(desk.run("audit out --reproduce").expect(0).out.contains("writes the same"), "{given}");
    }
    assert_eq!(desk.read("out/runs/0001-schedule.csv"), first);
    let page = desk.read("out/report.html");
    let kept = "out/runs/0003-schedule.csv";
    assert!(page.contains(&format!("<code>floatline report plan --since {kept} --start {kept}</code>")), "{page}");
    assert!(
        page.contains(&format!("<li>{kept} <code>SHA-256 ")) && page.contains(&format!("later than in {kept}")),
        "{page}"
    );
    // A baseline is what is started from, and another schedule may be what changes are told against.
    desk.run("report plan -o out --since out/runs/0001-schedule.csv").expect(0);
    assert!(desk.read("out/run.json").contains("0004-schedule.csv"));
    desk.run("audit out --reproduce").expect(0).says("writes the same");
}

#[test]
fn stakeholders_see_what_they_asked_for() {
    let desk = Desk::new();
    let plan = data("software-release");
    let all = desk.run(&format!("report {plan} --effort 50")).expect(0).out;
    assert!(all.contains("## Stakeholders") && all.contains("## Quality of the plan"), "{all}");
    let id = std::fs::read_to_string(format!("{plan}/stakeholders.csv")).unwrap();
    let id = id.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let own = desk.run(&format!("report {plan} --effort 50 --for {id}")).expect(0).out;
    assert!(own.contains("## What you asked for") && !own.contains("## Quality of the plan"), "{own}");
    desk.run(&format!("report {plan} --for nobdy")).expect(2).complains("nobody is called `nobdy`");
    let plain = data("first-plan.csv");
    desk.run(&format!("report {plain} --for board")).expect(2).complains("no stakeholders.csv");
}

#[test]
fn a_stakeholder_sees_the_amounts_of_budgets() {
    let desk = Desk::new();
    desk.write("plan/tasks.csv", "id,duration,predecessors,fixed_cost,deadline\nA,2d,,1000,2026-03-03\nB,1d,A,500,\n");
    desk.write("plan/project.csv", "key,value\nstart,2026-03-02\ncurrency,EUR\n");
    desk.write("plan/budgets.csv", "id,scope,cap\nall,all,2000\nother,all,9000\n");
    desk.write("plan/stakeholders.csv", "id,milestones,interests\nboard,A,budget:all\n");
    let told = desk.run("report plan --for board").expect(0).out;
    let budget = "| budget | cap | in the end | left in the end | kept in samples |";
    assert!(told.contains(budget) && told.contains("| all | 2,000.00 | 1,500.00 | 500.00 |"), "{told}");
    assert!(!told.contains("budget all") && !told.contains("| other"), "{told}");
    assert!(told.contains("| what | start | finish | due | by due date | change |"), "{told}");
    assert!(told.contains("| task A | 2026-03-02 | 2026-03-03 | 2026-03-03 | yes |"), "{told}");
}

#[test]
fn the_schedule_of_another_plan_is_no_earlier_one() {
    let desk = Desk::new();
    desk.write("plan/tasks.csv", "id,duration\nA,3d\nB,2d\n");
    let row = |id: &str| format!("{id},2026-01-05 08:00,2026-01-05 17:00\n");
    let schedule = |ids: &[&str]| {
        let rows = ids.iter().map(|id| row(id)).collect::<String>();
        desk.write("old/schedule.csv", &format!("task,start,finish\n{rows}"));
    };
    schedule(&["X", "Y"]);
    desk.run("report plan --since old").expect(1).complains("old/schedule.csv: not one of its tasks is in the plan");
    schedule(&["X", "Y", "A"]);
    desk.run("report plan --since old").expect(0).complains("only 1 of its 3 tasks are in the plan");
    schedule(&["A", "B", "Y"]);
    desk.run("report plan --since old").expect(0).complains("2 of its 3 tasks are in the plan");
    schedule(&["A", "B"]);
    assert!(desk.run("report plan --since old").expect(0).err.is_empty());
    // What lies in the folder of results by chance is no reason to stop.
    schedule(&["X", "Y"]);
    desk.run("report plan -o old").expect(0);
    assert!(!desk.read("old/report.html").contains("id=\"changes\""));
}

#[test]
fn paper_says_what_is_folded_away() {
    let desk = Desk::new();
    desk.run("generate --preset enterprise --tasks 600 --seed 3 -o big").expect(0);
    desk.run("report big --effort 1 --samples 0 -o big.html").expect(0);
    let page = Html::parse_document(&desk.read("big.html"));
    let rows = select(&page, ".chunk > .row");
    let hidden = rows.iter().filter(|row| row.attr("hidden").is_some()).count();
    let [folded] = &select(&page, ".folded")[..] else { panic!() };
    let text = folded.text().collect::<String>();
    assert!(
        hidden > 0 && text.starts_with(&format!("Not printed: {hidden} of {} rows", rows.len())),
        "{hidden}: {text}"
    );
}

#[test]
fn plans_of_periods_speak_of_periods() {
    let desk = Desk::new();
    desk.write(
        "plan/tasks.csv",
        "id,duration,predecessors,resources,optimistic,pessimistic\nA,3,,ana,2,5\nB,2,A,ana,1,4\nM,0,B,,,\n",
    );
    desk.write("plan/project.csv", "key,value\ntime_unit,period\n");
    desk.write("plan/progress.csv", "task,actual_start,actual_finish\nA,0,2\n");
    desk.run("report plan --status-date 2 -o out.html").expect(0);
    let page = Html::parse_document(&desk.read("out.html"));
    let text = select(&page, "body")[0].text().collect::<String>();
    assert!(text.contains("Status report, status at time 2") && text.contains("on average of each period"), "{text}");
    assert!(!text.contains("week") && !text.contains("hours"), "{text}");
    for picture in select(&page, "figure svg") {
        let labels: Vec<scraper::ElementRef<'_>> = picture.select(&Selector::parse("text.label").unwrap()).collect();
        // Labels of an axis are in a line.
        for line in ["x", "y"] {
            let mut seen = BTreeSet::new();
            let numbers = labels.iter().map(|label| (label, label.text().collect::<String>()));
            for (label, text) in numbers.filter(|(_, text)| text.parse::<f64>().is_ok()) {
                assert!(seen.insert((label.attr(line), text.clone())), "{text} twice: {}", picture.html());
            }
        }
    }
    desk.run("track plan --status-date 2").expect(0).says("status at time 2").says("of 5.00 periods budgeted");
}

#[test]
fn formats_are_those_of_reports() {
    let desk = Desk::new();
    let plan = data("first-plan.csv");
    desk.run(&format!("report {plan} --format csv")).expect(2).complains("written as html or md");
    desk.run(&format!("solve {plan} --format md")).expect(2).complains("only `report`");
    desk.run(&format!("report {plan} -o note.md")).expect(0);
    assert!(desk.read("note.md").starts_with("# "));
    desk.run(&format!("report {plan} -o folder --format md")).expect(0);
    assert!(desk.read("folder/report.md").starts_with("# "));
}

#[test]
fn reports_stay_small() {
    let desk = Desk::new();
    for (tasks, most) in [(100, 300_000), (5_000, 5_000_000)] {
        desk.run(&format!("generate --preset enterprise --tasks {tasks} --seed 3 -o big{tasks}")).expect(0);
        desk.run(&format!("report big{tasks} --effort 1 --samples 100 -o big{tasks}.html -q")).expect(0);
        let size = desk.read(&format!("big{tasks}.html")).len();
        assert!(size < most, "{tasks} tasks: {size} bytes");
    }
}
