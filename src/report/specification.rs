//! The plan specification: what is to be done, by which assumptions, with what.

use super::document::{Document, Fact, Origin, Section, Table, Tone, fact, titled};
use super::timeline::{day, end_day};
use crate::io::results::constraint_words;
use crate::plan::{BudgetScope, CalendarId, Demand, DemandSource, Duration, Plan, ResourceKind, TaskKind};
use crate::schedule::prose::{in_words, money_text};
use crate::schedule::words::{duration, link};
use crate::units::{Amount, Minutes, Money};

/// What a plan says, in order: scope, deliverables, assumptions, work, links, calendars, resources, budgets, risks, rules, people
/// who need to know. It holds no dates but those that the plan itself asks for.
///
/// # Complexity
/// Linear in the plan.
pub fn specification(plan: &Plan, origin: Origin) -> Document {
    let sections = [
        scope(plan),
        deliverables(plan),
        work(plan),
        assumptions(plan),
        resources(plan),
        calendars(plan),
        budgets(plan),
        risks(plan),
        gates(plan),
        rules(plan),
        stakeholders(plan),
    ];
    Document {
        title: plan.project().name.to_string(),
        subtitle: "Plan specification".to_owned(),
        headline: headline(plan),
        sections: sections.into_iter().flatten().collect(),
        origin,
    }
}

fn headline(plan: &Plan) -> Vec<Fact> {
    let project = plan.project();
    let count = |kind: TaskKind| plan.tasks().iter().filter(|task| task.kind == kind).count();
    let mut facts = vec![fact("Start", day(plan, project.start), "", Tone::Plain)];
    facts.extend(project.deadline.map(|deadline| fact("Deadline", end_day(plan, deadline), "", Tone::Plain)));
    let first = |task| match plan.modes_of(task).first().map(|mode| mode.duration) {
        Some(Duration::Working(minutes)) => minutes.0,
        _ => 0,
    };
    let work = Minutes(plan.tasks().ids().map(first).sum());
    let note = format!(
        "{} milestones, {} summaries, {} links",
        count(TaskKind::Milestone),
        count(TaskKind::Summary),
        plan.links().len()
    );
    facts.push(fact("Tasks", count(TaskKind::Activity).to_string(), note, Tone::Plain));
    facts.push(fact("Working time of all tasks", in_words(plan, work), "", Tone::Plain));
    facts.push(fact("Resources", plan.resources().len().to_string(), "", Tone::Plain));
    facts
}

/// Summaries, two levels deep.
fn scope(plan: &Plan) -> Option<Section> {
    let mut table = Table::new("Parts of the project", &["part", "within", "#tasks and milestones"]);
    let below = |summary| {
        let is_below = |task: &crate::plan::TaskId| {
            std::iter::successors(plan.tasks()[*task].parent, |&task| plan.tasks()[task].parent)
                .any(|above| above == summary)
        };
        plan.tasks().ids().filter(|task| plan.tasks()[*task].kind != TaskKind::Summary).filter(is_below).count()
    };
    for (task, row) in plan.tasks().iter_enumerated().filter(|(_, row)| row.kind == TaskKind::Summary) {
        let parent = row.parent.map(|parent| &plan.tasks()[parent]);
        if parent.is_some_and(|parent| parent.parent.is_some()) {
            continue;
        }
        let within = parent.map_or_else(String::new, |parent| titled(&parent.id, &parent.name));
        table.push(Tone::Plain, [titled(&row.id, &row.name), within, below(task).to_string()]);
    }
    Section::of_table("scope", "Scope", table)
}

fn deliverables(plan: &Plan) -> Option<Section> {
    let columns = ["deliverable", "counts as done when", "owner", "due"];
    let mut table = Table::new("What is to be delivered", &columns);
    for row in plan.deliverables().iter() {
        let due = row.due.map_or("-".to_owned(), |due| end_day(plan, due));
        table.push(Tone::Plain, [titled(&row.id, &row.name), row.acceptance.to_string(), row.owner.to_string(), due]);
    }
    Section::of_table("deliverables", "Deliverables", table)
}

fn work(plan: &Plan) -> Option<Section> {
    let columns = ["task", "within", "#duration", "after", "needs", "dates asked for", "account"];
    let mut table = Table::new("Tasks and milestones", &columns);
    let mut into = vec![Vec::new(); plan.tasks().len()];
    for row in plan.links().iter() {
        into[crate::index::Id::index(row.successor)].push(link(plan, row));
    }
    for (task, row) in plan.tasks().iter_enumerated().filter(|(_, row)| row.kind != TaskKind::Summary) {
        let mode = plan.modes_of(task).first();
        let needs = mode.map_or_else(String::new, |mode| {
            let demands = plan.demands_of(mode).iter().map(|demand| need(plan, demand));
            demands.collect::<Vec<_>>().join("; ")
        });
        let constraints = row.constraints().map(|constraint| constraint_words(plan, task, constraint));
        let deadline = row.deadline.map(|deadline| format!("deadline {}", end_day(plan, deadline)));
        let dates: Vec<String> = constraints.chain(deadline).collect();
        let ways = plan.modes_of(task).len();
        let takes = mode.map_or_else(String::new, |mode| duration(plan, mode.duration));
        let cells = [
            titled(&row.id, &row.name),
            row.parent.map_or_else(String::new, |parent| plan.tasks()[parent].id.to_string()),
            if ways > 1 { format!("{takes} ({ways} ways)") } else { takes },
            std::mem::take(&mut into[crate::index::Id::index(task)]).join("; "),
            needs,
            dates.join("; "),
            row.account.map_or_else(String::new, |account| plan.label(account).to_owned()),
        ];
        table.push(Tone::Plain, cells);
    }
    Section::of_table("work", "Work", table)
}

/// What a task needs, as in its cell of resources.
fn need(plan: &Plan, demand: &Demand) -> String {
    let of = match demand.source {
        DemandSource::Resource(resource) => plan.resources()[resource].id.to_string(),
        DemandSource::Skill(skill) => format!("skill:{}", plan.label(skill)),
    };
    if demand.amount == Amount::ONE { of } else { format!("{of}*{}", demand.amount) }
}

/// What the plan takes for granted.
fn assumptions(plan: &Plan) -> Option<Section> {
    let project = plan.project();
    let mut table = Table::new("What is taken for granted", &["what", "value"]);
    let mut row = |what: &str, value: String| table.push(Tone::Plain, [what.to_owned(), value]);
    row("a day of work", format!("{} hours", project.minutes_per_day.0 as f64 / 60.0));
    row("calendar", plan.calendars()[project.calendar].id.to_string());
    if let Some(status) = project.status_date {
        row("status date", plan.format_end(status));
    }
    for (what, amount) in [
        ("overhead a day", project.overhead_per_day),
        ("penalty for each day after the deadline", project.delay_penalty_per_day),
        ("bonus for each day before the deadline", project.early_bonus_per_day),
    ] {
        if amount != Money::ZERO {
            row(what, money_text(amount, &project.currency));
        }
    }
    Section::of_table("assumptions", "Assumptions", table)
}

fn resources(plan: &Plan) -> Option<Section> {
    let mut table =
        Table::new("People, machines and materials", &["resource", "kind", "#units", "team", "calendar", "skills"]);
    for row in plan.resources().iter() {
        let kind = if row.kind == ResourceKind::Work { "work" } else { "material" };
        let skills: Vec<&str> = row.skills.iter().map(|&skill| plan.label(skill)).collect();
        let cells = [
            titled(&row.id, &row.name),
            kind.to_owned(),
            row.capacity.map_or("any".to_owned(), |units| units.to_string()),
            row.team.map_or_else(String::new, |team| plan.label(team).to_owned()),
            row.calendar.map_or_else(String::new, |calendar| plan.calendars()[calendar].id.to_string()),
            skills.join(", "),
        ];
        table.push(Tone::Plain, cells);
    }
    Section::of_table("resources", "Resources", table)
}

fn calendars(plan: &Plan) -> Option<Section> {
    let mut table = Table::new("When work is done", &["calendar", "hours of a week", "#exceptions"]);
    for id in plan.calendars().ids() {
        table.push(Tone::Plain, calendar(plan, id));
    }
    Section::of_table("calendars", "Calendars", table)
}

fn calendar(plan: &Plan, id: CalendarId) -> [String; 3] {
    let calendar = &plan.calendars()[id];
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let hours = |day: usize| {
        let shifts = calendar.week[day]
            .iter()
            .map(|shift| format!("{}-{}", clock(shift.start_minute), clock(shift.finish_minute)));
        shifts.collect::<Vec<_>>().join(" ")
    };
    let mut runs: Vec<(usize, usize, String)> = Vec::new();
    for day in 0..7 {
        let hours = hours(day);
        match runs.last_mut().filter(|run| run.2 == hours) {
            Some(run) => run.1 = day,
            None => runs.push((day, day, hours)),
        }
    }
    let words = runs.into_iter().filter(|run| !run.2.is_empty()).map(|(from, to, hours)| match from == to {
        true => format!("{} {hours}", names[from]),
        false => format!("{} to {} {hours}", names[from], names[to]),
    });
    let words = words.collect::<Vec<_>>().join("; ");
    [
        calendar.id.to_string(),
        if words.is_empty() { "none".to_owned() } else { words },
        calendar.exceptions.len().to_string(),
    ]
}

fn budgets(plan: &Plan) -> Option<Section> {
    let mut table = Table::new("Caps on spending", &["budget", "of", "#cap", "from", "to"]);
    for budget in plan.budgets().iter() {
        let of = match budget.scope {
            BudgetScope::All => "everything".to_owned(),
            BudgetScope::Task(task) => format!("task {}", plan.tasks()[task].id),
            BudgetScope::Wbs(task) => format!("everything below {}", plan.tasks()[task].id),
            BudgetScope::Account(account) => format!("account {}", plan.label(account)),
            BudgetScope::Resource(resource) => format!("resource {}", plan.resources()[resource].id),
        };
        let cells = [
            budget.id.to_string(),
            of,
            money_text(budget.cap, &plan.project().currency),
            budget.from.map_or_else(String::new, |from| day(plan, from)),
            budget.to.map_or_else(String::new, |to| end_day(plan, to)),
        ];
        table.push(Tone::Plain, cells);
    }
    Section::of_table("budgets", "Budgets", table)
}

fn risks(plan: &Plan) -> Option<Section> {
    let mut table = Table::new("What may happen", &["risk", "#probability", "hits", "owner", "mitigations"]);
    for (id, risk) in plan.risks().iter_enumerated() {
        let tasks: Vec<&str> = risk.tasks.iter().map(|&task| &*plan.tasks()[task].id).collect();
        let answers = plan.mitigations().iter().filter(|row| row.risk == id);
        let answers: Vec<String> =
            answers.map(|row| format!("{} for {}", row.id, money_text(row.cost, &plan.project().currency))).collect();
        let cells = [
            titled(&risk.id, &risk.name),
            format!("{:.0} %", risk.probability * 100.0),
            tasks.join(", "),
            risk.owner.to_string(),
            answers.join("; "),
        ];
        table.push(Tone::Plain, cells);
    }
    Section::of_table("risks", "Risks", table)
}

fn gates(plan: &Plan) -> Option<Section> {
    let mut table = Table::new("What has to be passed", &["gate", "after", "before", "#passed at once", "criterion"]);
    for gate in plan.gates().iter() {
        let before: Vec<&str> = gate.before.iter().map(|&task| &*plan.tasks()[task].id).collect();
        let cells = [
            gate.id.to_string(),
            plan.tasks()[gate.after].id.to_string(),
            before.join(", "),
            format!("{:.0} %", gate.pass_probability * 100.0),
            gate.criterion.to_string(),
        ];
        table.push(Tone::Plain, cells);
    }
    Section::of_table("gates", "Quality gates", table)
}

fn rules(plan: &Plan) -> Option<Section> {
    let mut table = Table::new("What has to be kept", &["rule", "what", "reference"]);
    for (id, rule) in plan.rules().iter_enumerated() {
        table.push(Tone::Plain, [rule.id.to_string(), plan.rule_words(id), rule.reference.to_string()]);
    }
    Section::of_table("rules", "Rules", table)
}

fn stakeholders(plan: &Plan) -> Option<Section> {
    let mut table = Table::new("Who needs to know", &["who", "role", "milestones", "#confidence", "interests"]);
    for row in plan.stakeholders().iter() {
        let milestones: Vec<&str> = row.milestones.iter().map(|&task| &*plan.tasks()[task].id).collect();
        let cells = [
            titled(&row.id, &row.name),
            row.role.to_string(),
            milestones.join(", "),
            format!("{:.0} %", row.confidence * 100.0),
            row.interests.to_string(),
        ];
        table.push(Tone::Plain, cells);
    }
    Section::of_table("stakeholders", "Stakeholders", table)
}
