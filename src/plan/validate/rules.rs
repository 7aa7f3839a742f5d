//! rules.csv.

use super::cells::{Cells, Edge, Labels, Reading, read_ids};
use super::report::Report;
use super::resources::Resources;
use crate::index::{Id, IdVec};
use crate::plan::draft::{RULE_WORDS, RuleWord, Table};
use crate::plan::notation::{Fault, Names, list_items, parse_decimal, parse_whole};
use crate::plan::{
    HoursLimit, LabelId, Link, ResourceId, ResourceKind, Rule, RuleId, RuleKind, Task, TaskId, TaskKind, TimeUnit,
};
use crate::units::Minutes;

/// Columns that rules have arguments in.
const ARGUMENTS: [&str; 9] = ["people", "tasks", "hours", "days", "weeks", "from", "to", "certificate", "category"];

/// What rules refer to.
pub(super) struct Context<'c, 'a> {
    pub tasks: &'c [Task],
    pub names: &'c Names<'a, TaskId>,
    pub links: &'c [Link],
    pub resources: &'c Resources<'a>,
    pub reading: &'c Reading,
}

/// Reads the table.
pub(super) fn read<'a>(
    table: &'a Table,
    context: &Context<'_, 'a>,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> IdVec<RuleId, Rule> {
    let cells = |field| Cells::of(table, field);
    let (ids, kinds, references) = (cells("id"), cells("rule"), cells("reference"));
    read_ids::<RuleId>(table, "id", report);
    let mut rules = IdVec::new();
    for row in 0..table.len() {
        kinds.require(row, report);
        let Some(RuleWord { name, needs: needed, .. }) = kinds.parse(row, report, |text, _| kind_called(text)) else {
            continue;
        };
        let mut is_whole = true;
        for field in ARGUMENTS {
            let is_given = !cells(field).text(row).is_empty();
            let is_needed = needed.contains(&field);
            let may_be_given = is_needed || (name, field) == ("approval", "certificate");
            if is_needed && !is_given {
                let text = format!("a rule `{name}` needs {}", needed.join(", "));
                cells(field).fault(row, report, Fault::new("missing-value", text));
                is_whole = false;
            } else if is_given && !may_be_given {
                let text = format!("is ignored: a rule `{name}` has {}", needed.join(", "));
                cells(field).warn(row, report, "ignored-argument", text);
            }
        }
        let is_about_hours = needed.contains(&"people") && !needed.contains(&"tasks");
        if context.reading.scale.unit == TimeUnit::Period && is_about_hours {
            let text = "a plan in periods has no hours and days that a rule could be about";
            kinds.fault(row, report, Fault::new("no-hours", text));
            continue;
        }
        let kind = if is_whole { read_kind(name, table, row, context, labels, report) } else { None };
        if let Some(kind) = kind {
            let (id, reference) = (ids.text(row).into(), references.text(row).into());
            rules.push(Rule { id, kind, reference, row: table.line(row) });
        }
    }
    rules
}

fn kind_called(text: &str) -> Result<RuleWord, Fault> {
    let plain = text.trim().to_lowercase().replace([' ', '-'], "_");
    let known = RULE_WORDS.into_iter().find(|word| word.name == plain);
    known.ok_or_else(|| {
        let near = RULE_WORDS.iter().map(|word| (strsim::osa_distance(word.name, &plain), word.name)).min();
        let fault = Fault::new("unknown-rule", "no such kind of rule");
        match near.filter(|&(distance, name)| distance <= name.len() / 3) {
            Some((_, name)) => fault.with_hint(format!("did you mean `{name}`?")),
            None => fault.with_hint(format!("rules are {}", RULE_WORDS.map(|word| word.name).join(", "))),
        }
    })
}

fn read_kind<'a>(
    name: &str,
    table: &'a Table,
    row: usize,
    context: &Context<'_, 'a>,
    labels: &mut Labels<'a>,
    report: &mut Report,
) -> Option<RuleKind> {
    let cells = |field| Cells::of(table, field);
    let hours = |report: &mut Report| {
        cells("hours").parse(row, report, |text, mark| {
            let minutes = parse_decimal(text, mark)?.scaled(60).filter(|minutes| (1..=168 * 60).contains(minutes));
            minutes.map(Minutes).ok_or_else(|| Fault::new("out-of-range", "expected hours above 0 and up to 168"))
        })
    };
    let whole = |field, most: i64, report: &mut Report| {
        cells(field).parse(row, report, |text, mark| {
            let number = parse_whole(text, mark)?;
            match (1..=most).contains(&number) {
                true => Ok(number),
                false => Err(Fault::new("out-of-range", format!("expected a number from 1 to {most}"))),
            }
        })
    };
    let limit = match name {
        "max_hours_per_day" => Some(HoursLimit::PerDay(hours(report)?)),
        "max_hours_per_week" => Some(HoursLimit::PerWeek(hours(report)?)),
        "average_hours_per_week" => {
            let (hours, weeks) = (hours(report), whole("weeks", 52, report));
            Some(HoursLimit::Average(hours?, weeks? as u16))
        }
        "daily_rest" => {
            let rest = hours(report)?;
            if rest >= Minutes(24 * 60) {
                let fault = Fault::new("out-of-range", "expected less than the 24 hours that a day has");
                cells("hours").fault(row, report, fault);
                return None;
            }
            Some(HoursLimit::DailyRest(rest))
        }
        "weekly_rest" => Some(HoursLimit::WeeklyRest(hours(report)?)),
        "max_consecutive_days" => Some(HoursLimit::ConsecutiveDays(whole("days", 366, report)? as u16)),
        _ => None,
    };
    if let Some(limit) = limit {
        let people = read_people(cells("people"), row, context, report)?;
        return Some(RuleKind::Hours { people, limit });
    }
    let tasks = read_tasks(cells("tasks"), row, context, labels, report)?;
    let certificate = |report: &mut Report| {
        cells("certificate").parse(row, report, |text, _| {
            context.resources.skills.find(text).ok_or_else(|| Fault::new("unknown-skill", "nobody holds this"))
        })
    };
    let categories = |labels: &mut Labels<'a>, report: &mut Report| -> Option<Vec<LabelId>> {
        let found = list_items(cells("category").text(row)).map(|word| labels.find(word).ok_or(word));
        let found: Result<Vec<LabelId>, &str> = found.collect();
        found
            .map_err(|word| {
                cells("category").fault(
                    row,
                    report,
                    Fault::new("unknown-category", "no task is of this category").in_part(word),
                )
            })
            .ok()
    };
    match name {
        "separation_of_duties" | "same_person" | "continuity" if tasks.len() < 2 => {
            let fault = Fault::new("too-few-tasks", "at least two tasks are needed");
            cells("tasks").fault(row, report, fault);
            None
        }
        "separation_of_duties" => Some(RuleKind::Separation { tasks }),
        "same_person" => Some(RuleKind::SamePeople { tasks }),
        "approval" => {
            let role = certificate(report);
            let &[category] = &categories(labels, report)?[..] else {
                cells("category").fault(row, report, Fault::new("bad-rule", "expected the one category of approvals"));
                return None;
            };
            let approves = |task: TaskId| {
                let after = context.links.iter().filter(|link| link.predecessor == task && link.kind.from_finish());
                after.map(|link| link.successor).find(|&after| context.tasks[after.index()].category == Some(category))
            };
            let is_asked = |task: &TaskId| context.tasks[task.index()].category != Some(category);
            let tasks = tasks.into_iter().filter(is_asked).map(|task| (task, approves(task))).collect();
            Some(RuleKind::Approval { tasks, category, role })
        }
        "certificate" => Some(RuleKind::Certificate { tasks, certificate: certificate(report)? }),
        "freeze" => {
            let (froms, tos) = (cells("from"), cells("to"));
            let from = froms.parse(row, report, |text, mark| context.reading.moment(text, mark, Edge::Start));
            let to = tos.parse(row, report, |text, mark| context.reading.moment(text, mark, Edge::End));
            let (from, to) = (from?, to?);
            if from >= to {
                let text = format!("not after the beginning, {}", context.reading.shown(from));
                tos.fault(row, report, Fault::new("from-after-to", text));
                return None;
            }
            Some(RuleKind::Freeze { tasks, from, to })
        }
        "preferred_people" => {
            Some(RuleKind::PreferredPeople { tasks, people: read_people(cells("people"), row, context, report)? })
        }
        "continuity" => Some(RuleKind::Continuity { tasks }),
        "mandatory_tasks" => Some(RuleKind::Mandatory { tasks, categories: categories(labels, report)? }),
        _ => Some(RuleKind::Retention { tasks, days: whole("days", 100_000, report)? as u32 }),
    }
}

/// `all`, or a list of ids, `team:NAME` and `skill:NAME`.
fn read_people(
    cells: Cells<'_>,
    row: usize,
    context: &Context<'_, '_>,
    report: &mut Report,
) -> Option<Vec<ResourceId>> {
    let resources = context.resources;
    let works = |id: &ResourceId| resources.list[*id].kind == ResourceKind::Work;
    let mut people: Vec<ResourceId> = Vec::new();
    let mut is_whole = true;
    for item in list_items(cells.text(row)) {
        let before = people.len();
        match item.split_once(':') {
            _ if resources.names.find(item).is_some() => people.extend(resources.names.find(item)),
            None if item.eq_ignore_ascii_case("all") => people.extend(resources.list.ids().filter(works)),
            Some(("team", _)) => {
                let label = resources.skills.find(item);
                let of_team = |id: &ResourceId| label.is_some_and(|label| resources.list[*id].skills.contains(&label));
                people.extend(resources.list.ids().filter(of_team));
            }
            Some(("skill", skill)) => {
                let label = resources.skills.find(skill.trim());
                let has_it = |id: &ResourceId| label.is_some_and(|label| resources.list[*id].skills.contains(&label));
                people.extend(resources.list.ids().filter(has_it));
            }
            _ => {}
        }
        if people.len() == before {
            let fault = match item.split_once(':') {
                Some(("team", _)) => Fault::new("unknown-team", "nobody is in this team"),
                Some(("skill", name)) => Fault::new("unknown-skill", "nobody has this skill").in_part(name.trim()),
                _ => Fault::new("unknown-resource", "no such resource").in_part(item),
            };
            cells.fault(row, report, fault);
            is_whole = false;
        }
    }
    people.sort_unstable();
    people.dedup();
    is_whole.then_some(people)
}

/// `all`, or a list of ids, `wbs:SUMMARY` and `category:NAME`: the activities among them.
fn read_tasks(
    cells: Cells<'_>,
    row: usize,
    context: &Context<'_, '_>,
    labels: &Labels<'_>,
    report: &mut Report,
) -> Option<Vec<TaskId>> {
    let all = || (0..context.tasks.len()).map(TaskId::new);
    let mut tasks: Vec<TaskId> = Vec::new();
    let mut is_whole = true;
    for item in list_items(cells.text(row)) {
        let fault = match (context.names.find(item), item.split_once(':')) {
            (Some(task), _) => {
                tasks.extend(below(context.tasks, task));
                continue;
            }
            (None, None) if item.eq_ignore_ascii_case("all") => {
                tasks.extend(all());
                continue;
            }
            (None, Some(("wbs", name))) => match context.names.find(name.trim()) {
                Some(task) => {
                    tasks.extend(below(context.tasks, task));
                    continue;
                }
                None => Fault::new("unknown-task", "no such task").in_part(name.trim()),
            },
            (None, Some(("category", name))) => {
                let category = labels.find(name.trim());
                let is_of = |task: &TaskId| category.is_some() && context.tasks[task.index()].category == category;
                if all().any(|task| is_of(&task)) {
                    tasks.extend(all().filter(is_of));
                    continue;
                }
                Fault::new("unknown-category", "no task is of this category").in_part(name.trim())
            }
            _ => Fault::new("unknown-task", "no such task").in_part(item),
        };
        cells.fault(row, report, fault);
        is_whole = false;
    }
    tasks.retain(|task| context.tasks[task.index()].kind != TaskKind::Summary);
    tasks.sort_unstable();
    tasks.dedup();
    is_whole.then_some(tasks)
}

/// A task and all that is below it.
fn below(tasks: &[Task], top: TaskId) -> impl Iterator<Item = TaskId> {
    let first = top.index();
    let is_alone = tasks[first].kind != TaskKind::Summary;
    let looked_at = if is_alone { first..first + 1 } else { 0..tasks.len() };
    let is_below = move |task: &TaskId| {
        let mut at = Some(*task);
        // A hierarchy that goes in circles is reported elsewhere.
        for _ in 0..=tasks.len() {
            match at {
                Some(task) if task == top => return true,
                Some(task) => at = tasks[task.index()].parent,
                None => return false,
            }
        }
        false
    };
    looked_at.map(TaskId::new).filter(is_below)
}
