//! Multi-skill instances as MiniZinc has them (MSPSP-InstLib, <https://github.com/youngkd/MSPSP-InstLib>): durations, what
//! each activity asks of each skill, who has which, and precedences.

use std::path::Path;

use floatline::plan::draft::{PlanDraft, Table, TableKind};

/// Reads an instance as a plan of periods.
pub fn read(path: &Path) -> PlanDraft {
    let text = std::fs::read_to_string(path).expect("the instance can be read");
    let [durations, before, after] = ["dur", "pred", "succ"].map(|name| list(value(&text, name)));
    let [asked, held] = ["sreq", "mastery"].map(|name| value(&text, name));
    let rows =
        |matrix: &str| -> Vec<Vec<String>> { matrix.split('|').map(list).filter(|row| !row.is_empty()).collect() };
    let mut project = Table::new(TableKind::Project, "project.csv", ["key", "value"]);
    project.push_row(2, ["time_unit", "period"]);
    let mut people = Table::new(TableKind::Resources, "resources.csv", ["id", "skills"]);
    for (number, row) in rows(&held).iter().enumerate() {
        let skills = row.iter().enumerate().filter(|(_, has)| *has == "true").map(|(skill, _)| format!("s{skill}"));
        people.push_row(number as u32 + 2, [&*format!("r{number}"), &*skills.collect::<Vec<_>>().join(";")]);
    }
    let mut tasks = Table::new(TableKind::Tasks, "tasks.csv", ["id", "duration", "predecessors", "resources"]);
    for (at, (duration, row)) in durations.iter().zip(rows(&asked)).enumerate() {
        let id = (at + 1).to_string();
        let waits =
            before.iter().zip(&after).filter(|(_, after)| **after == id).map(|(before, _)| format!("t{before}"));
        let needs = row.iter().enumerate().filter(|(_, units)| *units != "0");
        let needs = needs.map(|(skill, units)| format!("skill:s{skill}*{units}"));
        let [waits, needs] = [waits.collect::<Vec<_>>().join(";"), needs.collect::<Vec<_>>().join(";")];
        tasks.push_row(at as u32 + 2, [&*format!("t{id}"), &**duration, &*waits, &*needs]);
    }
    PlanDraft { tables: vec![project, tasks, people], ..PlanDraft::default() }
}

/// What stands between the brackets of `name = [...]`.
fn value(text: &str, name: &str) -> String {
    let is_it = |line: &&str| line.split('=').next().is_some_and(|left| left.trim() == name);
    let statement = text.split(';').find(is_it).unwrap_or_else(|| panic!("there is no {name}"));
    let (from, to) = (statement.find('[').expect("a list") + 1, statement.rfind(']').expect("a list that ends"));
    statement[from..to].to_owned()
}

fn list(text: impl AsRef<str>) -> Vec<String> {
    text.as_ref().split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}
