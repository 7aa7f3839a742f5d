//! The ways to do each node: modes of the task with people chosen for the skills they ask for.

use rustc_hash::FxHashMap;

use super::super::{Assigned, Origin};
use super::calendars::{CLOCK, Calendars, PatternId};
use super::crews::{Crews, crews};
use crate::error::{Error, Result};
use crate::index::{Id, IdVec, Rows};
use crate::plan::{
    Constraint, ConstraintKind, Demand, DemandSource, Duration, LabelId, Mode, ModeId, Pause, Plan, ResourceId,
    ResourceKind, Task, TaskId, TaskKind, TimeUnit,
};
use crate::units::{Amount, Moment};

/// The most crews that are proposed for one mode.
const MOST_CREWS: usize = 24;
/// The most choices of people considered for one mode.
const MOST_CHOICES: usize = 24;
/// People listed for all roles of one task.
const MOST_ABLE: usize = 2_000;
/// Steps that listing all of them may take.
const MOST_STEPS: usize = 1_000;

/// A way to do a node, in minutes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Work, or elapsed time.
    pub(super) minutes: i64,
    /// When it can work.
    pub(super) pattern: PatternId,
    /// When the task's own calendar and its people work, elapsed or not.
    pub(super) lag_pattern: PatternId,
    /// The mode; `None` for gates.
    pub(super) mode: Option<ModeId>,
    /// True if it must run in one working stretch.
    pub(super) unbroken: bool,
    /// The most minutes that it may work in a week, if it cannot pause until the next one.
    pub(super) week: Option<i64>,
}

/// The ways of all nodes.
pub(super) struct Ways {
    /// For each node.
    pub(super) ways: Rows<Way>,
    /// For each position in `ways.items()`.
    pub(super) assigned: Rows<Assigned>,
    /// Nodes of which some choices of people may have been left out.
    pub(super) left_out: Vec<u32>,
    /// Of these, those whose people can be chosen unit by unit.
    pub(super) open: Vec<Open>,
}

/// A node whose people can be chosen unit by unit.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) node: u32,
    /// What it demands in any case.
    pub(super) named: Vec<Assigned>,
    /// For each unit of a skill all who can give it.
    pub(super) roles: Vec<Vec<ResourceId>>,
}

/// Lists the ways of every node and marks the patterns they need.
///
/// # Errors
/// [`Error::is_infeasible`] if a skill that a task needs is not to be had in that amount.
pub(super) fn ways(plan: &Plan, origin: &[Origin], calendars: &mut Calendars) -> Result<Ways> {
    let mut made = Ways {
        ways: Rows::with_capacity(origin.len(), plan.modes().len()),
        assigned: Rows::with_capacity(plan.modes().len(), plan.modes().len()),
        left_out: Vec::new(),
        open: Vec::new(),
    };
    let holders = Holders::of(plan);
    // Built when there is a mode with too many choices to list.
    let mut proposed: Option<Crews> = None;
    let mut set = Vec::new();
    let mut row = Vec::new();
    for (origin, node) in origin.iter().zip(0..) {
        row.clear();
        let Origin::Task(task) = *origin else {
            let lag_pattern = calendars.of_project();
            row.push(Way { minutes: 0, pattern: CLOCK, lag_pattern, mode: None, unbroken: false, week: None });
            made.ways.push_row(row.drain(..));
            made.assigned.push_row([]);
            continue;
        };
        let data = &plan.tasks()[task];
        let (mut without_choice, mut unfit) = (None, None);
        for (number, mode) in plan.modes_of(task).iter().enumerate() {
            let id = ModeId::new(data.modes.start.index() + number);
            let demands = plan.demands_of(mode);
            if demands.iter().all(|demand| matches!(demand.source, DemandSource::Resource(_))) {
                let named: Vec<Assigned> = demands.iter().filter_map(plain).collect();
                match fit(plan, task, demands, &named) {
                    Ok(until) => {
                        row.push(way(plan, data, id, mode, (&named, until), calendars, &mut set));
                        made.assigned.push_row(named);
                    }
                    Err(lack) => unfit = Some(lack),
                }
                continue;
            }
            let (mut choices, are_all) = holders.choices(demands, made.assigned.len());
            if !are_all {
                let proposed = proposed.get_or_insert_with(|| crews(plan, &holders, MOST_CREWS));
                let mut first = proposed.remove(&id).unwrap_or_default();
                first.iter_mut().for_each(|crew| holders.add_materials(demands, crew));
                first.retain(|crew| holders.meets(demands, crew));
                choices.retain(|choice| !first.contains(choice));
                choices.splice(0..0, first);
                choices.truncate(MOST_CREWS + MOST_CHOICES / 2);
            }
            if let Some(preferred) = plan.preferred_for(task).filter(|_| !are_all) {
                let choice = holders.preferring(demands, &preferred);
                choices.retain(|other| Some(other) != choice.as_ref());
                choices.splice(0..0, choice);
            }
            if choices.is_empty() {
                without_choice = Some(demands);
                continue;
            }
            if !are_all && made.left_out.last() != Some(&node) {
                made.left_out.push(node);
                let is_only_mode = data.modes.end.index() - data.modes.start.index() == 1;
                let roles = if is_only_mode { holders.roles(task, demands, calendars) } else { None };
                let named = || demands.iter().filter_map(plain).collect();
                made.open.extend(roles.map(|roles| Open { node, named: named(), roles }));
            }
            for choice in choices {
                match fit(plan, task, demands, &choice) {
                    Ok(until) => {
                        row.push(way(plan, data, id, mode, (&choice, until), calendars, &mut set));
                        made.assigned.push_row(choice);
                    }
                    Err(lack) => unfit = Some(lack),
                }
            }
        }
        if let Some(demands) = without_choice.filter(|_| row.is_empty()) {
            return Err(no_choice(plan, data, demands, &holders));
        }
        if let Some((person, lacks)) = unfit.filter(|_| row.is_empty()) {
            let (person, lacks) = (&plan.resources()[person].id, plan.label(lacks));
            return Err(Error::infeasible(format!(
                "task `{}` asks for `{lacks}`, which `{person}` does not have",
                data.id
            )));
        }
        made.ways.push_row(row.drain(..));
    }
    Ok(made)
}

/// Until when all who are assigned hold what the task asks for; none without an end.
///
/// # Errors
/// Somebody, and what they never held.
fn fit(
    plan: &Plan,
    task: TaskId,
    demands: &[Demand],
    assigned: &[Assigned],
) -> std::result::Result<Option<Moment>, (ResourceId, LabelId)> {
    let asked = demands.iter().filter_map(|demand| match demand.source {
        DemandSource::Skill(skill) => Some(skill),
        DemandSource::Resource(_) => None,
    });
    let asked: Vec<LabelId> = asked.collect();
    let mut until: Option<Moment> = None;
    for item in assigned.iter().filter(|item| plan.resources()[item.resource].kind == ResourceKind::Work) {
        match plan.certified_until(task, item.resource, &asked) {
            Ok(Some(end)) => until = Some(until.map_or(end, |until| until.min(end))),
            Ok(None) => {}
            Err(lack) => return Err((item.resource, lack)),
        }
    }
    Ok(until)
}

fn plain(demand: &Demand) -> Option<Assigned> {
    match demand.source {
        DemandSource::Resource(resource) => Some(Assigned { resource, amount: demand.amount }),
        DemandSource::Skill(_) => None,
    }
}

fn way(
    plan: &Plan,
    task: &Task,
    id: ModeId,
    mode: &Mode,
    (assigned, until): (&[Assigned], Option<Moment>),
    calendars: &mut Calendars,
    set: &mut Vec<PatternId>,
) -> Way {
    set.clear();
    if let Some(calendar) = task.calendar {
        set.push(calendars.of_calendar(calendar));
    }
    for item in assigned.iter().filter(|_| !task.ignores_resource_calendars) {
        if plan.resources()[item.resource].kind == ResourceKind::Work {
            set.push(calendars.of_resource(item.resource));
        }
    }
    if set.is_empty() {
        set.push(calendars.of_project());
    }
    let lag_pattern = calendars.of_all(set);
    let minutes = mode.duration.minutes().0;
    let elapsed = matches!(mode.duration, Duration::Elapsed(_)) && minutes > 0;
    let unbroken = task.pause == Pause::Never && !elapsed && minutes > 0;
    let pattern = match task.kind {
        _ if elapsed => CLOCK,
        // It needs no work, so that it stands in the project's time if its own is over or never comes. (Left where the
        // project starts, it would be shown at another moment on an axis that leaves out pauses than on one that does not.)
        TaskKind::Milestone if !calendars.works_after(lag_pattern, earliest(plan, task)) => calendars.of_project(),
        _ => lag_pattern,
    };
    let pattern = match until {
        // Who may work until a moment only has finished by then.
        Some(until) => {
            set.clear();
            set.extend([pattern, calendars.until(until)]);
            calendars.of_all(set)
        }
        None => pattern,
    };
    let week = week_of(plan, assigned).filter(|_| minutes > 0 && plan.has_weeks(task));
    // What runs by the clock or without a pause cannot wait for the next week.
    let (pattern, week) = match week {
        Some(most) if !elapsed && !unbroken => (calendars.with_weeks_of(pattern, most), None),
        _ => (pattern, week),
    };
    calendars.mark_used(pattern);
    if unbroken && task.kind != TaskKind::Summary {
        // Stretches end where work pauses, so an axis with unbroken tasks must not leave pauses out.
        calendars.mark_used(CLOCK);
    }
    Way { minutes, pattern, lag_pattern, mode: Some(id), unbroken, week }
}

/// How many minutes people and machines may work in a week, so many of each together; none without a limit.
pub(super) fn week_of(plan: &Plan, assigned: &[Assigned]) -> Option<i64> {
    if plan.project().time_unit == TimeUnit::Period {
        return None;
    }
    assigned.iter().filter_map(|item| plan.resources()[item.resource].week_of(item.amount)).map(|most| most.0).min()
}

/// The moment from which on a task may start as far as its own date goes.
fn earliest(plan: &Plan, task: &Task) -> Moment {
    let is_opening =
        |date: &Constraint| matches!(date.kind, ConstraintKind::StartNoEarlierThan | ConstraintKind::MustStartOn);
    let by_date = task.constraints().filter(is_opening).map(|date| date.moment);
    by_date.fold(plan.project().start, Moment::max)
}

/// Who has which skill.
pub(super) struct Holders<'a> {
    plan: &'a Plan,
    of_skill: FxHashMap<LabelId, Vec<ResourceId>>,
    peak: IdVec<ResourceId, Amount>,
}

impl<'a> Holders<'a> {
    fn of(plan: &'a Plan) -> Holders<'a> {
        let mut of_skill: FxHashMap<LabelId, Vec<ResourceId>> = FxHashMap::default();
        let mut peak = IdVec::filled(Amount::ZERO, plan.resources().len());
        for (id, resource) in plan.resources().iter_enumerated() {
            peak[id] = super::resources::peak_units(resource);
            if resource.kind == ResourceKind::Work && peak[id] > Amount::ZERO {
                for &skill in &resource.skills {
                    of_skill.entry(skill).or_default().push(id);
                }
            }
        }
        Holders { plan, of_skill, peak }
    }

    /// For each unit of a skill that a task demands all who can give it; none if units are divided, if it could make a
    /// difference to the times of the work who does it, or if that would be too much to list.
    fn roles(&self, task: TaskId, demands: &[Demand], calendars: &mut Calendars) -> Option<Vec<Vec<ResourceId>>> {
        let mut roles = Vec::new();
        let mut listed = 0;
        let mut pattern: Option<PatternId> = None;
        let is_elapsed = self.plan.modes_of(task).iter().any(|mode| matches!(mode.duration, Duration::Elapsed(_)));
        for demand in demands {
            let DemandSource::Skill(skill) = demand.source else { continue };
            let is_whole = |amount: Amount| amount.0 % Amount::ONE.0 == 0;
            if !is_whole(demand.amount) {
                return None;
            }
            let mut able = Vec::new();
            for &holder in self.of_skill(skill) {
                let alone = [Assigned { resource: holder, amount: Amount::ONE }];
                match fit(self.plan, task, demands, &alone) {
                    Ok(None) => {}
                    Ok(Some(_)) => return None,
                    Err(_) => continue,
                }
                if !is_whole(self.peak[holder]) {
                    return None;
                }
                let of_holder = match self.plan.tasks()[task].ignores_resource_calendars {
                    true => CLOCK,
                    false => calendars.of_resource(holder),
                };
                let worked = if is_elapsed { CLOCK } else { of_holder };
                if *pattern.get_or_insert(of_holder) != of_holder || self.may_be_too_long(holder, worked, calendars) {
                    return None;
                }
                able.push(holder);
            }
            let units = (demand.amount.0 / Amount::ONE.0) as usize;
            listed += units.saturating_mul(able.len());
            if listed > MOST_ABLE {
                return None;
            }
            roles.extend(std::iter::repeat_n(able, units));
        }
        Some(roles)
    }

    /// True if a resource could work more in a week than it may.
    fn may_be_too_long(&self, resource: ResourceId, pattern: PatternId, calendars: &Calendars) -> bool {
        let all = Assigned { resource, amount: self.peak[resource] };
        week_of(self.plan, &[all]).is_some_and(|most| calendars.longest_week(&[pattern]) > most)
    }

    /// Whole units of a work resource that there are at once.
    pub(super) fn whole_units(&self, resource: ResourceId) -> i64 {
        self.peak[resource].0 / Amount::ONE.0
    }

    /// Adds the materials that a crew uses up.
    fn add_materials(&self, demands: &[Demand], crew: &mut Vec<Assigned>) {
        let is_material = |item: &Assigned| self.plan.resources()[item.resource].kind == ResourceKind::Material;
        crew.extend(demands.iter().filter_map(plain).filter(is_material));
        crew.sort_unstable_by_key(|item| item.resource);
    }

    /// True if a crew is as large as demands are: proposals leave out what they cannot count.
    fn meets(&self, demands: &[Demand], crew: &[Assigned]) -> bool {
        let needed: i64 = demands.iter().map(|demand| demand.amount.0).sum();
        crew.iter().map(|item| item.amount.0).sum::<i64>() == needed
    }

    pub(super) fn of_skill(&self, skill: LabelId) -> &[ResourceId] {
        self.of_skill.get(&skill).map_or(&[], Vec::as_slice)
    }

    /// Ways to meet all demands, each by resource; at most [`MOST_CHOICES`].
    ///
    /// # Returns
    /// The choices, and whether they are all that there are; a unit of somebody is not divided.
    fn choices(&self, demands: &[Demand], turn: usize) -> (Vec<Vec<Assigned>>, bool) {
        let fixed: Vec<Assigned> = demands.iter().filter_map(plain).collect();
        let skills: Vec<(&[ResourceId], Amount)> = demands
            .iter()
            .filter_map(|demand| match demand.source {
                DemandSource::Skill(skill) => Some((self.of_skill(skill), demand.amount)),
                DemandSource::Resource(_) => None,
            })
            .collect();
        let is_whole = |amount: Amount| amount.0 % Amount::ONE.0 == 0;
        let are_whole = skills
            .iter()
            .all(|&(holders, amount)| is_whole(amount) && holders.iter().all(|&holder| is_whole(self.peak[holder])));
        if are_whole {
            let mut listing = Listing { peak: &self.peak, choice: fixed.clone(), all: Vec::new(), steps: 0 };
            listing.go_on(&skills, Amount::ZERO);
            if let Some(mut all) = listing.into_all() {
                // Others begin with others.
                let first = turn % all.len().max(1);
                all.rotate_left(first);
                return (all, true);
            }
        }
        (self.sample(&fixed, &skills, turn), false)
    }

    /// A way to meet all demands with as many as possible of those who are preferred.
    fn preferring(&self, demands: &[Demand], preferred: &[ResourceId]) -> Option<Vec<Assigned>> {
        let mut choice: Vec<Assigned> = demands.iter().filter_map(plain).collect();
        for demand in demands {
            let DemandSource::Skill(skill) = demand.source else { continue };
            let mut holders = self.of_skill(skill).to_vec();
            holders.sort_by_key(|holder| !preferred.contains(holder));
            if !self.take(&holders, demand.amount, 0, 1, &mut choice) {
                return None;
            }
        }
        choice.sort_unstable_by_key(|item| item.resource);
        Some(choice)
    }

    /// A sample of the ways to meet all demands.
    ///
    /// Choice `k` goes round each skill's holders from a different one on, in steps of one, then in steps of two and so
    /// on, taking what each has left until the demand is met. So every holder comes first about equally often.
    fn sample(&self, fixed: &[Assigned], skills: &[(&[ResourceId], Amount)], turn: usize) -> Vec<Vec<Assigned>> {
        let mut choices: Vec<Vec<Assigned>> = Vec::new();
        if skills.iter().any(|(holders, _)| holders.is_empty()) {
            return choices;
        }
        let combinations = skills.iter().fold(1usize, |product, (holders, _)| product.saturating_mul(holders.len()));
        for attempt in 0..4 * MOST_CHOICES {
            let mut choice = fixed.to_vec();
            let mut below = 1;
            let met = skills.iter().enumerate().all(|(place, &(holders, amount))| {
                let count = holders.len();
                // All combinations if they are few, otherwise a diagonal through them.
                let (step, round) = if combinations <= MOST_CHOICES {
                    (attempt / below, attempt / combinations)
                } else {
                    (attempt + place * (attempt / count), attempt / count)
                };
                below *= count.min(MOST_CHOICES);
                self.take(holders, amount, turn + step, 1 + round, &mut choice)
            });
            choice.sort_unstable_by_key(|item| item.resource);
            if met && !choices.contains(&choice) {
                choices.push(choice);
                if choices.len() == MOST_CHOICES {
                    break;
                }
            }
        }
        choices
    }

    /// Takes `amount` from the holders, going round from number `first` on in steps of `stride`.
    fn take(
        &self,
        holders: &[ResourceId],
        amount: Amount,
        first: usize,
        stride: usize,
        choice: &mut Vec<Assigned>,
    ) -> bool {
        let count = holders.len();
        let mut missing = amount;
        // Where the stride skips holders, a second round by ones reaches them.
        let round = (0..count).map(|turn| first + turn * stride).chain((0..count).map(|turn| first + turn));
        for resource in round.map(|number| holders[number % count]) {
            if missing == Amount::ZERO {
                break;
            }
            let position = choice.iter().position(|item| item.resource == resource);
            let taken = position.map_or(Amount::ZERO, |position| choice[position].amount);
            let more = missing.min(self.peak[resource] - taken);
            if more > Amount::ZERO {
                missing = missing - more;
                match position {
                    Some(position) => choice[position].amount += more,
                    None => choice.push(Assigned { resource, amount: more }),
                }
            }
        }
        missing == Amount::ZERO
    }
}

/// Lists the ways to meet demands for skills in whole units.
struct Listing<'a> {
    peak: &'a IdVec<ResourceId, Amount>,
    /// What everybody has been given.
    choice: Vec<Assigned>,
    all: Vec<Vec<Assigned>>,
    steps: usize,
}

impl Listing<'_> {
    /// Meets demands, the first of which has been given so much by holders before those in its list.
    fn go_on(&mut self, skills: &[(&[ResourceId], Amount)], given: Amount) {
        self.steps += 1;
        let Some((&(holders, amount), rest)) = skills.split_first() else {
            let mut found = self.choice.clone();
            found.sort_unstable_by_key(|item| item.resource);
            found.dedup_by(|next, kept| {
                let is_same = next.resource == kept.resource;
                kept.amount = if is_same { kept.amount + next.amount } else { kept.amount };
                is_same
            });
            if !self.all.contains(&found) {
                self.all.push(found);
            }
            return;
        };
        if given == amount {
            return self.go_on(rest, Amount::ZERO);
        }
        let mut skills = skills.to_vec();
        for (number, &holder) in holders.iter().enumerate() {
            skills[0].0 = &holders[number + 1..];
            let taken = self.choice.iter().filter(|item| item.resource == holder).map(|item| item.amount.0).sum();
            let most = (amount - given).min(self.peak[holder] - Amount(taken));
            for units in 1..=most.0 / Amount::ONE.0 {
                if !self.goes_on() {
                    return;
                }
                let more = Amount(units * Amount::ONE.0);
                self.choice.push(Assigned { resource: holder, amount: more });
                self.go_on(&skills, given + more);
                self.choice.pop();
            }
        }
    }

    fn goes_on(&self) -> bool {
        self.steps < MOST_STEPS && self.all.len() <= MOST_CHOICES
    }

    /// All ways, unless they are too many.
    fn into_all(self) -> Option<Vec<Vec<Assigned>>> {
        self.goes_on().then_some(self.all)
    }
}

fn no_choice(plan: &Plan, task: &Task, demands: &[Demand], holders: &Holders) -> Error {
    let wishes: Vec<String> = demands
        .iter()
        .map(|demand| match demand.source {
            DemandSource::Skill(skill) => {
                let offered = holders.of_skill(skill).iter().map(|&id| holders.peak[id].0).fold(0, i64::saturating_add);
                let (amount, offered) = (demand.amount, Amount(offered));
                format!("{amount} with skill `{}` (there are {offered})", holders.plan.label(skill))
            }
            DemandSource::Resource(id) => format!("{} of `{}`", demand.amount, plan.resources()[id].id),
        })
        .collect();
    Error::infeasible(format!("task `{}` needs at the same time {}", task.id, wishes.join(", ")))
}
