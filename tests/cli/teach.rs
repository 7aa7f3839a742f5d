//! The program explains itself: tables, manual pages, templates, rows with what is wrong underlined, plain words about files.

use std::process::Stdio;

use serde_json::Value;

use super::desk::{Desk, data, rows};

/// Tables of a plan.
const TABLES: usize = 20;

#[test]
fn doc_lists_the_tables_explains_one_and_one_column() {
    let desk = Desk::new();
    let tables = rows(&desk.run("doc --format csv").expect(0).out);
    assert_eq!(tables.len(), TABLES);
    let all = desk.run("doc").expect(0).out;
    for table in &tables {
        let name = &table["table"];
        assert!(all.contains(&**name) && !table["purpose"].is_empty(), "{name}");
        let told = desk.run(&format!("doc {name}")).expect(0).says("Example:").out;
        assert_eq!(told, desk.run(&format!("doc {}", name.trim_end_matches(".csv"))).expect(0).out);
        let columns = rows(&desk.run(&format!("doc {name} --format csv")).expect(0).out);
        assert!(columns.iter().any(|column| column["required"] == "yes"), "{name}");
        for column in columns {
            let column = &column["column"];
            assert!(told.contains(&**column), "{name} {column}");
            desk.run(&format!("doc {name} {column}")).expect(0).says("written").says(column);
        }
        assert!(told.lines().all(|line| line.chars().count() <= 120 || line.starts_with("  ")), "{told}");
    }
    desk.run("doc tasks duration").expect(0).says("(required)").says("most likely").says("`3ed`");
    desk.run("doc project deadline").expect(0).says("2026-05-08");
    desk.run("doc rules rule").expect(0).says("separation_of_duties").says("people, hours, weeks");
    let table: Value = serde_json::from_str(&desk.run("doc gates --format json").expect(0).out).unwrap();
    assert_eq!((&table["table"], &table["columns"][1]["column"]), (&"gates.csv".into(), &"after".into()));
    let column: Value = serde_json::from_str(&desk.run("doc gates max_loops --format json").expect(0).out).unwrap();
    assert_eq!(column["empty"], "`1`");
}

#[test]
fn doc_knows_headers_of_other_tools_and_offers_the_nearest_name() {
    let desk = Desk::new();
    desk.run("doc tasks Resource-Names").expect(0).says("tasks.csv, resources");
    desk.run("doc tsaks").expect(2).complains("did you mean `tasks`?");
    desk.run("doc budgetz.csv").expect(2).complains("did you mean `budgets.csv`?");
    desk.run("doc weather").expect(2).complains("tables are project, tasks,");
    desk.run("doc tasks duratoin").expect(2).complains("did you mean `duration`?");
    desk.run("doc project curency").expect(2).complains("did you mean `currency`?");
    desk.run("doc tasks colour").expect(2).complains("it has id, name,");
}

#[test]
fn every_verb_has_a_manual_page_that_says_what_its_help_says() {
    let desk = Desk::new();
    desk.run("man -o man1").expect(0).says("man1");
    let pages = desk.files("man1");
    let help = desk.run("--help").expect(0).out;
    let verbs: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    for verb in ["solve", "doc", "man", "tradeoff"] {
        assert!(verbs.contains(&verb) && pages.contains_key(&format!("floatline-{verb}.1")), "{verb} {pages:?}");
    }
    assert_eq!(pages.keys().filter(|name| name.as_str() != "floatline.1").count(), pages.len() - 1);
    for (name, page) in &pages {
        assert!(page.contains(".TH") && page.contains("Examples:"), "{name}");
    }
    assert!(pages["floatline-solve.1"].contains("\\-\\-objective"), "{}", pages["floatline-solve.1"]);
    assert_eq!(desk.run("man solve").expect(0).out, pages["floatline-solve.1"]);
    desk.run("man slove").expect(2).complains("did you mean `solve`?");
}

#[test]
fn every_template_is_a_sound_plan_with_a_schedule() {
    let desk = Desk::new();
    for template in ["release", "migration", "hardware", "blank", "first-plan"] {
        desk.run(&format!("init {template} --template {template}")).expect(0).says("wrote");
        let check = desk.run(&format!("check {template} --format csv")).expect(0).out;
        assert!(rows(&check).iter().all(|row| row["severity"] == "note"), "{check}");
        desk.run(&format!("solve {template} --ignore-resources --format csv")).expect(0);
    }
    desk.run("solve release --effort 1").expect(0).says("What drives the finish");
    desk.run("solve blank").expect(0).says("optimal").says("First task");
    for (template, sample) in [("release", "software-release"), ("migration", "datacenter-move")] {
        let tasks = std::fs::read(format!("{}/tasks.csv", data(sample))).unwrap();
        assert_eq!(std::fs::read(desk.path(&format!("{template}/tasks.csv"))).unwrap(), tasks);
        assert!(desk.read(&format!("{template}/README.md")).contains("floatline doc"));
    }
    let header = desk.read("blank/tasks.csv").lines().next().unwrap().to_owned();
    let columns = rows(&desk.run("doc tasks --format csv").out);
    assert_eq!(header.split(',').count(), columns.len());
}

#[test]
fn a_folder_that_holds_anything_is_not_written_to_by_init() {
    let desk = Desk::new();
    desk.write("plan/notes.txt", "mine");
    desk.run("init plan")
        .expect(2)
        .complains("`plan` is not empty (it holds `notes.txt`)")
        .complains("nothing is overwritten");
    assert_eq!(desk.files("plan").len(), 1);
    desk.write("taken", "mine");
    desk.run("init taken").expect(1).complains("a file is where a folder is needed");
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.run("init empty --template blank").expect(0);
    desk.run("init").expect(2).complains("not empty");
}

#[test]
fn a_mistake_is_shown_with_its_row_and_the_cell_underlined() {
    let desk = Desk::new();
    desk.write("plan/tasks.csv", "id,name,duration,predecessors\nA,设计,3x,\nB,Build,2d,\" AA\"\n");
    let run = desk.run("check plan").expect(1);
    run.says("  2 | A,设计,3x,\n")
        .says("      |        ^^\n")
        .says("  3 | B,Build,2d,\" AA\"\n")
        .says("|            ^^^^^\n");
    let run = desk.run("solve plan").expect(1);
    run.complains("tasks.csv:2 [duration]").complains("  2 | A,设计,3x,\n").complains("    |        ^^\n");
    // What programs read has no such lines.
    assert!(!desk.run("check plan --format csv").expect(1).out.contains('^'));
    assert!(!desk.run("check plan --format json").expect(1).out.contains('^'));
    // A file of tasks by itself, and the wrong file of two.
    desk.write("lone.csv", "id,duration\nA,3x\n");
    desk.run("solve lone.csv").expect(1).complains("2 | A,3x\n");
    desk.write("other/scenarios.csv", "scenario,table,id,field,value\ns,task,A,duration,+much\n");
    desk.write("plan/tasks.csv", "id,duration\nA,3d\n");
    desk.write("plan/scenarios.csv", "scenario,table,id,field,value\nt,task,A,duration,4d\n");
    let run = desk.run("whatif plan --scenarios other/scenarios.csv");
    assert!(!run.err.contains("t,task,A"), "{}", run.err);
}

#[test]
fn no_next_step_is_offered_where_nobody_reads_it() {
    let desk = Desk::new();
    desk.run("init plan --template first-plan").expect(0);
    let run = desk.run("solve plan").expect(0);
    assert!(!run.err.contains("next:") && !run.out.contains("next:"), "{}", run.err);
}

/// `script` of util-linux gives the program a terminal.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_the_next_step_is_offered() {
    let desk = Desk::new();
    desk.run("init plan --template first-plan").expect(0);
    let said = |line: &str| {
        let mut command = std::process::Command::new("script");
        let line = format!("{} {line}", env!("CARGO_BIN_EXE_floatline"));
        command.current_dir(desk.path("")).args(["-qec", &line, "/dev/null"]).stdin(Stdio::null());
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    };
    let solve = said("solve plan");
    assert!(solve.contains("next: floatline risk plan"), "{solve}");
    assert!(!said("solve plan -q").contains("next:"));
    assert!(!said("solve plan --format csv").contains("next:"));
}

#[test]
fn what_cannot_be_written_is_told_in_plain_words_before_the_work() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration\nA,3d\n");
    desk.write("taken", "mine");
    for out in ["taken", "taken/below"] {
        let run = desk.run(&format!("solve plan.csv -o {out}")).expect(1);
        run.complains("`taken`: it is a file, expected a folder");
    }
    desk.run("solve plan.csv -o out --log taken/log").expect(1).complains("a file is where a folder is needed");
    desk.run("generate -o taken").expect(1).complains("a file is where a folder is needed");
    desk.write("foreign/notes.txt", "mine");
    desk.run("solve plan.csv -o foreign").expect(0);
    assert_eq!(desk.read("foreign/notes.txt"), "mine");
    assert_eq!(desk.read("taken"), "mine");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_a_reader_that_has_seen_enough_is_not() {
    let desk = Desk::new();
    desk.write("plan.csv", "id,duration\nA,3d\n");
    for line in ["solve plan.csv", "check plan.csv", "doc", "man", "completions bash", "solve plan.csv --format json"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = desk.command(line).stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{line}: {said}");
        assert!(said.contains("the disk is full") && !said.contains("os error"), "{line}: {said}");
        let mut child = desk.command(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{line}");
    }
}

#[test]
fn the_help_has_the_verbs_in_groups_and_two_examples_for_each() {
    let desk = Desk::new();
    let help = desk.run("--help").expect(0).out;
    let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("{text}: {help}"));
    assert!(at("Plan (") < at("Decide (") && at("Decide (") < at("Control (") && at("Control (") < at("Share ("));
    assert!(at("  init ") < at("  solve ") && at("  solve ") < at("  risk "));
    assert!(at("Options of every verb") < at("Examples:"));
    assert_eq!(help.matches("Options of every verb").count(), 1, "{help}");
    let groups = &help[at("Plan (")..at("Options of every verb")];
    let verbs: Vec<&str> = groups.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    for verb in verbs.into_iter().filter(|verb| !verb.is_empty()) {
        let help = desk.run(&format!("{verb} --help")).expect(0).out;
        let examples = help
            .lines()
            .skip_while(|line| *line != "Examples:")
            .filter(|line| line.contains(&format!("floatline {verb}")));
        assert!(examples.count() >= 2, "{help}");
    }
}
