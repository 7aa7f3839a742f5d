//! Tasks that take turns: sets of which no two ever run at the same time.
//!
//! Three rules tell where one of them can begin (Vilim, "Global constraints in scheduling", thesis, Charles University
//! Prague 2007, chapter 2, there with trees; sets are small here, and lists do):
//!
//! - detectable precedences: it comes after all those that can no longer come after it;
//! - edge finding: it comes after a set that, together with it, leaves no room for another to be the last;
//! - not first: it does not come before the first of a set that has no room behind it.
//!
//! Mirrored in time they tell where it ends at the latest. They are explained as in Vilim, "Computing explanations for the
//! unary resource constraint", CPAIOR 2005.

use fixedbitset::FixedBitSet;

use super::literal::Literal;
use super::tasks::Task;
use super::trail::{Reason, Trail};

/// All sets.
#[derive(Clone, Debug)]
pub struct Cliques {
    /// The tasks of each.
    cliques: Vec<Vec<u32>>,
    /// The sets that each task belongs to.
    of_task: Vec<Vec<u32>>,
    /// Sets of which a task has become narrower since they were last looked at.
    waiting: Vec<u32>,
    is_waiting: Vec<bool>,
    /// How often each was looked at in vain since something followed from it, and how often it is passed over yet.
    vain: Vec<(u32, u32)>,
    members: Vec<Member>,
    /// Places of members, those first that end early.
    by_end: Vec<usize>,
    findings: Vec<Finding>,
}

/// A set that is looked at in vain so often is passed over once, twice so often twice, and so on up to a limit.
const PATIENCE: u32 = 4;
const MOST_PASSED_OVER: u32 = 32;

/// A task as it is seen in one direction of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Member {
    task: u32,
    earliest_start: i32,
    latest_start: i32,
    earliest_end: i32,
    latest_end: i32,
    /// The least duration of all possible modes.
    length: i32,
}

/// Where a member can begin.
#[derive(Clone, Copy, Debug)]
struct Finding {
    /// Its place among the members.
    place: usize,
    /// Its earliest start.
    start: i32,
    rule: Rule,
}

/// Why a member cannot begin earlier.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// It comes after all that can no longer come after it, and of these some do not begin before `from`.
    Behind { from: i32 },
    /// It comes after all that must lie in the window from `after` to `by`, and of these some do not begin before `from`.
    Last { after: i32, by: i32, from: i32 },
    /// Those that end by `by` have no room behind it.
    NotFirst { by: i32 },
}

/// A direction of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

impl Cliques {
    /// # Arguments
    /// `rivals` holds for each task those that it cannot run beside and that may come before it or after it, `apart` all that
    /// it never runs beside, `most` how many a set may have.
    pub fn new(rivals: &[FixedBitSet], apart: &[FixedBitSet], most: usize) -> Cliques {
        let cliques = cover(rivals, apart, most);
        let mut of_task = vec![Vec::new(); rivals.len()];
        for (clique, number) in cliques.iter().zip(0..) {
            clique.iter().for_each(|&task| of_task[task as usize].push(number));
        }
        Cliques {
            is_waiting: vec![false; cliques.len()],
            vain: vec![(0, 0); cliques.len()],
            cliques,
            of_task,
            waiting: Vec::new(),
            members: Vec::new(),
            by_end: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Notes that a task has become narrower.
    #[inline]
    pub fn touch(&mut self, task: u32) {
        for &clique in &self.of_task[task as usize] {
            if !std::mem::replace(&mut self.is_waiting[clique as usize], true) {
                self.waiting.push(clique);
            }
        }
    }

    /// Draws conclusions about the sets of which a task has become narrower.
    ///
    /// # Errors
    /// A literal that cannot be true, and the set from which it follows.
    pub fn filter(&mut self, tasks: &[Task], trail: &mut Trail) -> Result<(), (Literal, u32)> {
        while let Some(clique) = self.waiting.pop() {
            self.is_waiting[clique as usize] = false;
            let (vain, passed_over) = &mut self.vain[clique as usize];
            if *passed_over > 0 {
                *passed_over -= 1;
                continue;
            }
            *vain += 1;
            *passed_over = (*vain / PATIENCE).min(MOST_PASSED_OVER);
            for direction in [Direction::Forward, Direction::Backward] {
                self.members.clear();
                let bounds = (trail.len() as u32, &*trail);
                self.members.extend(members(&self.cliques[clique as usize], tasks, direction, bounds));
                self.findings.clear();
                let findings = &mut self.findings;
                find(&mut self.members, &mut self.by_end, None, &mut |finding| findings.push(finding));
                for finding in &self.findings {
                    let task = self.members[finding.place].task;
                    let literal = direction.starts_from(task, tasks, finding.start);
                    if trail.is_true(literal) {
                        continue;
                    }
                    self.vain[clique as usize] = (0, 0);
                    if trail.is_false(literal) {
                        return Err((literal, clique));
                    }
                    trail.raise(literal, Reason::Clique(clique));
                }
            }
        }
        Ok(())
    }

    /// Why a literal follows from a set, as things were before entry `place`.
    ///
    /// # Arguments
    /// `task` is the one that the literal is about.
    pub fn explain(
        &self,
        tasks: &[Task],
        (task, clique): (u32, u32),
        literal: Literal,
        now: (u32, &Trail),
        why: &mut Vec<Literal>,
    ) {
        let (direction, start) = start_of(task, tasks, literal);
        let mut members: Vec<Member> = members(&self.cliques[clique as usize], tasks, direction, now).collect();
        let Some(finding) = first(&mut members, (task, start)) else {
            // What follows from bounds follows from narrower ones; if it did not, all bounds are right in any case.
            debug_assert!(false, "{literal:?} does not follow from clique {clique}");
            members.iter().for_each(|member| direction.explain_bounds(member, tasks, why));
            return;
        };
        let found = Found { members: &members, tasks, direction, now, start };
        match finding.rule {
            Rule::Behind { from } => found.explain_behind(finding.place, from, why),
            Rule::Last { after, by, from } => found.explain_last(finding.place, (after, by), from, why),
            Rule::NotFirst { by } => found.explain_not_first(finding.place, by, why),
        }
    }
}

/// Sets of three and more, but not more than `most`, that hold all pairs of rivals, as far as these belong to any.
fn cover(rivals: &[FixedBitSet], apart: &[FixedBitSet], most: usize) -> Vec<Vec<u32>> {
    let mut cliques: Vec<Vec<u32>> = Vec::new();
    let pairs = (0..rivals.len()).flat_map(|one| rivals[one].ones().map(move |other| [one, other]));
    for pair in pairs.filter(|pair| pair[0] < pair[1]) {
        let has = |clique: &Vec<u32>| pair.iter().all(|&task| clique.binary_search(&(task as u32)).is_ok());
        if cliques.iter().any(has) {
            continue;
        }
        let mut open = &apart[pair[0]] & &apart[pair[1]];
        pair.iter().for_each(|&task| open.set(task, false));
        let mut clique = pair.to_vec();
        // Those first that are rivals of most.
        let worth = |task: usize, clique: &[usize], open: &FixedBitSet| {
            let rivals = clique.iter().filter(|&&member| rivals[task].contains(member)).count();
            (rivals, apart[task].intersection(open).count())
        };
        while clique.len() < most {
            let Some(next) = open.ones().max_by_key(|&task| worth(task, &clique, &open)) else { break };
            clique.push(next);
            open.intersect_with(&apart[next]);
            open.set(next, false);
        }
        clique.sort_unstable();
        if clique.len() > 2 {
            cliques.push(clique.into_iter().map(|task| task as u32).collect());
        }
    }
    cliques
}

/// The tasks of a set as they were before an entry of the trail.
fn members<'a>(
    clique: &'a [u32],
    tasks: &'a [Task],
    direction: Direction,
    (place, trail): (u32, &'a Trail),
) -> impl Iterator<Item = Member> + 'a {
    clique.iter().map(move |&number| {
        let task = &tasks[number as usize];
        let bound = |literal: Literal| trail.bound_before(literal.side, place) - literal.value;
        let [start, latest_start] = [bound(Literal::at_least(number, 0)), -bound(Literal::at_most(number, 0))];
        let [end, latest_end] = [bound(task.ends_from(number, 0)), -bound(task.ends_by(number, 0))];
        let length = match task {
            Task::Single(mode) => mode.duration,
            Task::Multi(choice) => {
                let possible = (0..choice.modes.len()).filter(|&mode| !choice.was_off(mode, place, trail));
                possible.map(|mode| choice.modes[mode].duration).min().unwrap_or(0)
            }
        };
        match direction {
            Direction::Forward => {
                Member { task: number, earliest_start: start, latest_start, earliest_end: end, latest_end, length }
            }
            Direction::Backward => Member {
                task: number,
                earliest_start: -latest_end,
                latest_start: -end,
                earliest_end: -latest_start,
                latest_end: -start,
                length,
            },
        }
    })
}

/// What members last together.
fn length(members: &[Member]) -> i32 {
    members.iter().map(|member| member.length).sum()
}

/// The direction in which a literal about a task says when it begins, and when.
fn start_of(task: u32, tasks: &[Task], literal: Literal) -> (Direction, i32) {
    match literal.side.is_lower() {
        true => (Direction::Forward, literal.value),
        false => (Direction::Backward, literal.value - tasks[task as usize].ends_by(task, 0).value),
    }
}

/// The first rule that tells that a task begins at a slot or later.
fn first(members: &mut [Member], (task, start): (u32, i32)) -> Option<Finding> {
    let mut first: Option<Finding> = None;
    find(members, &mut Vec::new(), Some((task, start)), &mut |finding| {
        if finding.start >= start && first.is_none() {
            first = Some(finding);
        }
    });
    first
}

/// Shows what the rules tell of members, which it puts in order: those that start late first.
///
/// # Arguments
/// `by_end` is room for an order, `of` the only task that is asked about, and for which start, if it is one.
fn find(members: &mut [Member], by_end: &mut Vec<usize>, of: Option<(u32, i32)>, show: &mut impl FnMut(Finding)) {
    members.sort_unstable_by_key(|member| (std::cmp::Reverse(member.earliest_start), member.task));
    let is_asked = |member: &Member| of.is_none_or(|(task, _)| member.task == task);
    // Of what is enough for an answer, that with the least bounds.
    let is_better = |start: i32, best: i32| start > best || of.is_some_and(|(_, asked)| start >= asked);
    for (place, member) in members.iter().enumerate().filter(|&(_, member)| is_asked(member)) {
        let (mut length, mut start, mut from) = (0, i32::MIN, 0);
        for (other, rival) in members.iter().enumerate() {
            if other != place && member.earliest_end > rival.latest_start {
                length += rival.length;
                if is_better(rival.earliest_start + length, start) {
                    (start, from) = (rival.earliest_start + length, rival.earliest_start);
                }
            }
        }
        if start > member.earliest_start {
            show(Finding { place, start, rule: Rule::Behind { from } });
        }
    }
    by_end.clear();
    by_end.extend(0..members.len());
    by_end.sort_unstable_by_key(|&place| (members[place].latest_end, place));
    let mut looked_at = None;
    for &place in by_end.iter() {
        let by = members[place].latest_end;
        if looked_at.replace(by) == Some(by) {
            continue;
        }
        let (mut length, mut start, mut from) = (0, i32::MIN, 0);
        let mut last: Option<usize> = None;
        for (place, member) in members.iter().enumerate() {
            let after = member.earliest_start;
            if member.latest_end <= by && of.is_none_or(|(task, _)| member.task != task) {
                length += member.length;
                if is_better(after + length, start) {
                    (start, from) = (after + length, after);
                }
            } else if is_asked(member) && last.is_none_or(|last| members[last].length < member.length) {
                last = Some(place);
            }
            if let Some(place) = last.filter(|&last| length > 0 && length + members[last].length > by - after)
                && start > members[place].earliest_start
            {
                show(Finding { place, start, rule: Rule::Last { after, by, from } });
            }
        }
    }
    for (place, member) in members.iter().enumerate().filter(|&(_, member)| is_asked(member)) {
        let least = of.map_or(member.earliest_start + 1, |(_, start)| start);
        let is_behind = |rival: &Member| rival.task != member.task && rival.earliest_end >= least;
        let (mut length, mut start) = (0, i32::MAX);
        for rival in by_end.iter().map(|&rival| &members[rival]).filter(|rival| is_behind(rival)) {
            length += rival.length;
            start = start.min(rival.earliest_end);
            if length > rival.latest_end - member.earliest_end {
                show(Finding { place, start, rule: Rule::NotFirst { by: rival.latest_end } });
                break;
            }
        }
    }
}

impl Direction {
    /// The literal that a task begins at `slot` or later.
    fn starts_from(self, task: u32, tasks: &[Task], slot: i32) -> Literal {
        match self {
            Direction::Forward => Literal::at_least(task, slot),
            Direction::Backward => tasks[task as usize].ends_by(task, -slot),
        }
    }

    /// The literal that it begins at `slot` or earlier.
    fn starts_by(self, task: u32, tasks: &[Task], slot: i32) -> Literal {
        match self {
            Direction::Forward => Literal::at_most(task, slot),
            Direction::Backward => tasks[task as usize].ends_from(task, -slot),
        }
    }

    /// The literal that it ends at `slot` or later.
    fn ends_from(self, task: u32, tasks: &[Task], slot: i32) -> Literal {
        match self {
            Direction::Forward => tasks[task as usize].ends_from(task, slot),
            Direction::Backward => Literal::at_most(task, -slot),
        }
    }

    /// All that is known of a member.
    fn explain_bounds(self, member: &Member, tasks: &[Task], why: &mut Vec<Literal>) {
        why.push(self.starts_from(member.task, tasks, member.earliest_start));
        why.push(self.starts_by(member.task, tasks, member.latest_start));
        why.push(self.ends_from(member.task, tasks, member.earliest_end));
        why.push(self.ends_by(member.task, tasks, member.latest_end));
        explain_length(member, tasks, why);
    }

    /// The literal that it ends at `slot` or earlier.
    fn ends_by(self, task: u32, tasks: &[Task], slot: i32) -> Literal {
        match self {
            Direction::Forward => tasks[task as usize].ends_by(task, slot),
            Direction::Backward => Literal::at_least(task, -slot),
        }
    }
}

/// What is to be explained: that a member begins at `start` or later.
struct Found<'a> {
    members: &'a [Member],
    tasks: &'a [Task],
    direction: Direction,
    now: (u32, &'a Trail),
    start: i32,
}

impl Found<'_> {
    fn explain_behind(&self, place: usize, from: i32, why: &mut Vec<Literal>) {
        let member = &self.members[place];
        let is_before = |rival: &&Member| {
            rival.task != member.task && member.earliest_end > rival.latest_start && rival.earliest_start >= from
        };
        let before: Vec<Member> = self.members.iter().filter(is_before).copied().collect();
        let spare = from + length(&before) - self.start;
        let before = self.without(before, spare, 1);
        // Any slot in between will do, best one that is given.
        let latest = |member: &Member| member.latest_start;
        let slot = match before.iter().map(|rival| latest(&self.given(rival))).max() {
            Some(given) if given < member.earliest_end => given,
            _ => before.iter().map(latest).fold(self.given(member).earliest_end - 1, i32::max),
        };
        why.push(self.direction.ends_from(member.task, self.tasks, slot + 1));
        let from = self.start - length(&before);
        for rival in &before {
            why.push(self.direction.starts_by(rival.task, self.tasks, slot));
            why.push(self.direction.starts_from(rival.task, self.tasks, from));
            explain_length(rival, self.tasks, why);
        }
    }

    fn explain_last(&self, place: usize, (after, by): (i32, i32), from: i32, why: &mut Vec<Literal>) {
        let member = &self.members[place];
        let is_within =
            |rival: &&Member| rival.task != member.task && rival.earliest_start >= after && rival.latest_end <= by;
        let (late, early): (Vec<Member>, Vec<Member>) =
            self.members.iter().filter(is_within).partition(|rival| rival.earliest_start >= from);
        let spare = |early: &[Member]| length(&late) + length(early) + member.length - (by - after) - 1;
        let early = self.without(early.clone(), spare(&early), 0);
        let spare = spare(&early);
        let rivals = || early.iter().chain(&late);
        let given = rivals().map(|rival| self.given(rival).latest_end).max().unwrap_or(by);
        let by = (by + spare).min(given.max(by));
        let after = by + 1 - length(&late) - length(&early) - member.length;
        let from = self.start - length(&late);
        why.push(self.direction.starts_from(member.task, self.tasks, after));
        explain_length(member, self.tasks, why);
        for (rivals, from) in [(&early, after), (&late, from.max(after))] {
            for rival in rivals {
                why.push(self.direction.starts_from(rival.task, self.tasks, from));
                why.push(self.direction.ends_by(rival.task, self.tasks, by));
                explain_length(rival, self.tasks, why);
            }
        }
    }

    fn explain_not_first(&self, place: usize, by: i32, why: &mut Vec<Literal>) {
        let member = &self.members[place];
        let is_behind =
            |rival: &&Member| rival.task != member.task && rival.earliest_end >= self.start && rival.latest_end <= by;
        let behind: Vec<Member> = self.members.iter().filter(is_behind).copied().collect();
        let spare = length(&behind) - (by - member.earliest_end) - 1;
        let behind = self.without(behind, spare, 1);
        let given = behind.iter().map(|rival| self.given(rival).latest_end).max().unwrap_or(by);
        let by = (member.earliest_end + length(&behind) - 1).min(given.max(by));
        why.push(self.direction.ends_from(member.task, self.tasks, by + 1 - length(&behind)));
        for rival in &behind {
            why.push(self.direction.ends_from(rival.task, self.tasks, self.start));
            why.push(self.direction.ends_by(rival.task, self.tasks, by));
            explain_length(rival, self.tasks, why);
        }
    }

    /// A member as it was before the first decision.
    fn given(&self, member: &Member) -> Member {
        let (place, trail) = self.now;
        let given = (place.min(trail.len_given()), trail);
        members(&[member.task], self.tasks, self.direction, given).next().unwrap_or(*member)
    }

    /// Members without those that are not needed, as long as more than `least` are left: what they last together may be
    /// missing. Those stay first of which all was given.
    fn without(&self, mut members: Vec<Member>, mut spare: i32, least: usize) -> Vec<Member> {
        let mut left = members.len();
        members.sort_by_key(|member| self.given(member) == *member);
        members.retain(|member| {
            let is_needed = member.length > spare || left <= least;
            if !is_needed {
                spare -= member.length;
                left -= 1;
            }
            is_needed
        });
        members
    }
}

/// Why a member lasts so long.
fn explain_length(member: &Member, tasks: &[Task], why: &mut Vec<Literal>) {
    if let Task::Multi(choice) = &tasks[member.task as usize] {
        let is_short = |&mode: &usize| choice.modes[mode].duration < member.length;
        why.extend((0..choice.modes.len()).filter(is_short).map(|mode| choice.off(mode)));
    }
}

#[cfg(test)]
impl Cliques {
    /// The rules, by their numbers, that each tell from a set of tasks in one step that a literal about one of them holds.
    pub fn tell(clique: &[u32], tasks: &[Task], task: u32, literal: Literal, trail: &Trail) -> Vec<usize> {
        let (direction, start) = start_of(task, tasks, literal);
        let mut members: Vec<Member> = members(clique, tasks, direction, (trail.len() as u32, trail)).collect();
        let mut rules = Vec::new();
        find(&mut members, &mut Vec::new(), Some((task, start)), &mut |finding| {
            if finding.start >= start {
                rules.push(match finding.rule {
                    Rule::Behind { .. } => 0,
                    Rule::Last { .. } => 1,
                    Rule::NotFirst { .. } => 2,
                });
            }
        });
        rules
    }
}
