//! Whom to hire and what to teach: what one more person would bring, and one more skill of somebody who is there.

use super::compare::{Bench, StudyOptions};
use super::edit::{Act, Edit, Source, Target, Value};
use super::value::{Limit, Values, tried};
use crate::effort::Control;
use crate::error::Result;
use crate::index::Id;
use crate::plan::draft::{PlanDraft, TableKind};
use crate::plan::notation::list_items;
use crate::plan::{DemandSource, LabelId, Plan, ResourceId, ResourceKind};
use crate::schedule::workload;

/// Skills that are taught for trial at most.
pub const MOST_TRAININGS: usize = 40;

/// Finds out what one more person would bring, with each set of skills that occurs and with each single skill that
/// tasks ask for, and what it would bring to teach somebody a skill that tasks ask for.
///
/// A new person has the rate and the hours of somebody who has these skills, and is in that one's team if all skills
/// are the same. Of more than [`MOST_TRAININGS`] pairs of a person and a skill, those of people with the most time to
/// spare are tried, and [`Values::left_out`] counts the rest.
///
/// # Arguments
/// As [`compare`](super::compare()).
///
/// # Errors
/// As [`compare`](super::compare()).
pub fn people_values(
    draft: &PlanDraft,
    options: &StudyOptions,
    control: &Control,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Values> {
    let bench = Bench::new(draft, options, control)?;
    let people = People::of(draft, &bench.base.plan);
    let mut limits = people.hires();
    let mut trainings = people.trainings();
    let loads = loads(&bench);
    trainings.sort_by(|one, other| loads[one.0].total_cmp(&loads[other.0]));
    let left_out = trainings.len().saturating_sub(MOST_TRAININGS);
    trainings.truncate(MOST_TRAININGS);
    limits.extend(trainings.into_iter().map(|(_, limit, edits)| (limit, edits)));
    let values = tried(bench, limits, report)?;
    Ok(Values { left_out, ..values })
}

/// How much of their time everybody works, in percent, in the plan as it is.
fn loads(bench: &Bench<'_>) -> Vec<f64> {
    let plan = &bench.base.plan;
    let mut shares = vec![0.0; plan.resources().len()];
    if let Some(schedule) = &bench.base.outcome.schedule {
        for usage in workload(plan, schedule) {
            shares[usage.resource.index()] = usage.utilisation().unwrap_or(100.0);
        }
    }
    shares
}

/// A skill that tasks ask for.
struct Asked<'p> {
    label: LabelId,
    name: &'p str,
    /// The least level, if one is asked for.
    level: Option<&'p str>,
}

impl Asked<'_> {
    /// As a cell of resources.csv has it.
    fn cell(&self) -> String {
        self.level.map_or(self.name.to_owned(), |level| format!("{}:{level}", self.name))
    }
}

/// Somebody with skills, and cells of their row.
struct Person<'d> {
    id: ResourceId,
    cells: [&'d str; FIELDS.len()],
}

/// The columns that a new person has from somebody else; the first is for skills.
const FIELDS: [&str; 4] = ["skills", "rate", "calendar", "team"];

struct People<'d> {
    plan: &'d Plan,
    asked: Vec<Asked<'d>>,
    people: Vec<Person<'d>>,
    /// The id of a new person.
    new: String,
}

impl<'d> People<'d> {
    fn of(draft: &'d PlanDraft, plan: &'d Plan) -> People<'d> {
        let demands = plan.modes().iter().flat_map(|mode| plan.demands_of(mode));
        let skills = demands.filter_map(|demand| match demand.source {
            DemandSource::Skill(skill) if !plan.label(skill).starts_with("team:") => Some(skill),
            DemandSource::Skill(_) | DemandSource::Resource(_) => None,
        });
        let mut labels: Vec<LabelId> = skills.collect();
        labels.sort_unstable();
        labels.dedup();
        let asked = labels.into_iter().map(|label| match plan.label(label).split_once(">=") {
            Some((name, level)) => Asked { label, name: name.trim(), level: Some(level.trim()) },
            None => Asked { label, name: plan.label(label), level: None },
        });
        let mut people = Vec::new();
        if let Some(table) = draft.table(TableKind::Resources)
            && let Some(key) = table.column("id")
        {
            let of_id = |text: &str| plan.resources().ids().find(|&id| *plan.resources()[id].id == *text);
            for row in 0..table.len() {
                let Some(id) = of_id(table.cell(row, key)) else { continue };
                if plan.resources()[id].kind == ResourceKind::Work {
                    let cell = |field: &str| table.column(field).map_or("", |column| table.cell(row, column));
                    people.push(Person { id, cells: FIELDS.map(cell) });
                }
            }
        }
        let is_taken = |id: &String| plan.resources().iter().any(|row| *row.id == **id);
        let numbered = (2..).map(|number| format!("new-{number}"));
        let new = ["new".to_owned()].into_iter().chain(numbered).find(|id| !is_taken(id)).unwrap_or_default();
        People { plan, asked: asked.collect(), people, new }
    }

    fn has(&self, person: &Person<'_>, asked: &Asked<'_>) -> bool {
        self.plan.resources()[person.id].skills.contains(&asked.label)
    }

    /// A new person for each set of skills, and for each skill.
    fn hires(&self) -> Vec<(Limit, Vec<Edit>)> {
        let mut sets: Vec<Vec<String>> = Vec::new();
        let mut hires = Vec::new();
        let mut hire = |skills: &str, like: &Person<'_>, has_team: bool| {
            let mut set: Vec<String> = list_items(skills).map(str::to_owned).collect();
            set.sort_unstable();
            if sets.contains(&set) {
                return;
            }
            sets.push(set);
            let [_, rate, calendar, team] = like.cells;
            let team = if has_team { team } else { "" };
            let mut edits = vec![edit(&self.new, Act::Add)];
            for (field, text) in FIELDS.into_iter().zip([skills, rate, calendar, team]) {
                if !text.is_empty() {
                    edits.push(edit(&self.new, Act::Set(field, Value::Is(text.to_owned()))));
                }
            }
            hires.push((Limit::Hire { skills: skills.to_owned(), like: like.id }, edits));
        };
        for person in self.people.iter().filter(|person| self.asked.iter().any(|asked| self.has(person, asked))) {
            hire(person.cells[0], person, true);
        }
        for asked in &self.asked {
            // Whoever can do little else.
            let able = self.people.iter().filter(|person| self.has(person, asked));
            if let Some(like) = able.min_by_key(|person| (list_items(person.cells[0]).count(), person.id)) {
                hire(&asked.cell(), like, false);
            }
        }
        hires
    }

    /// Each skill for each person who has it not, or not well enough: the position of the person, and the edits.
    fn trainings(&self) -> Vec<(usize, Limit, Vec<Edit>)> {
        let mut trainings = Vec::new();
        // Machines have no skills, and learn none.
        for person in self.people.iter().filter(|person| !person.cells[0].is_empty()) {
            let id = &self.plan.resources()[person.id].id;
            for asked in self.asked.iter().filter(|asked| !self.has(person, asked)) {
                let kept = list_items(person.cells[0]).filter(|item| name_of(item) != asked.name);
                let taught = asked.cell();
                let skills: Vec<&str> = kept.chain([&*taught]).collect();
                let limit = Limit::Training { person: person.id, skill: taught.clone() };
                let act = Act::Set(FIELDS[0], Value::Is(skills.join(";")));
                trainings.push((person.id.index(), limit, vec![edit(id, act)]));
            }
        }
        trainings
    }
}

/// The name of a skill in a list, without its level and its end.
fn name_of(item: &str) -> &str {
    let item = item.split('@').next().unwrap_or(item).trim();
    match item.rsplit_once(':') {
        Some((name, level)) if level.trim().parse::<u32>().is_ok() => name.trim(),
        _ => item,
    }
}

fn edit(id: &str, act: Act) -> Edit {
    Edit { table: TableKind::Resources, target: Target::Key(id.to_owned()), act, source: Source::flag(id) }
}
