//! The choice of a mode: what it does to start and finish, and they to it.

use super::literal::Literal;
use super::tasks::{Choice, Mode};
use super::trail::{Reason, Trail};

fn raise(task: u32, literal: Literal, trail: &mut Trail) -> Result<(), Literal> {
    if trail.is_false(literal) {
        return Err(literal);
    }
    if !trail.is_true(literal) {
        trail.raise(literal, Reason::Choice(task));
    }
    Ok(())
}

/// Draws all conclusions about a task that follow from its start, finish and modes alone.
///
/// # Errors
/// A literal that must hold, and cannot.
pub fn settle(task: u32, choice: &Choice, trail: &mut Trail) -> Result<(), Literal> {
    let finish = choice.finish;
    for (mode, way) in choice.modes.iter().enumerate() {
        let (least, most) = (trail.least(task), trail.most(task));
        let fits = way.first(least) <= most && way.end(least) <= trail.most(finish);
        if !fits || ends_before(way, most, trail.least(finish)) {
            raise(task, choice.off(mode), trail)?;
        }
    }
    if let Some(taken) = (0..choice.modes.len()).find(|&mode| trail.least(choice.variable(mode)) == 1) {
        for other in (0..choice.modes.len()).filter(|&other| other != taken) {
            raise(task, choice.off(other), trail)?;
        }
    }
    let (mut count, mut only) = (0, 0);
    // The least and greatest starts and finishes in the modes that are left.
    let [mut first, mut end, mut first_for] = [i32::MAX; 3];
    let [mut last, mut last_end, mut last_for] = [i32::MIN; 3];
    let (least, most) = (trail.least(task), trail.most(task));
    for (mode, way) in choice.possible(trail) {
        (count, only) = (count + 1, mode);
        (first, end) = (first.min(way.first(least)), end.min(way.end(least)));
        (last, last_end) = (last.max(way.last(most)), last_end.max(way.end(way.last(most))));
        first_for = first_for.min(way.first_for(trail.least(finish)));
        last_for = last_for.max(way.last_for(trail.most(finish)));
    }
    match count {
        // The last mode must be taken: that of number 0 will do for the conflict.
        0 => return Err(choice.off(0).negated()),
        1 => raise(task, choice.off(only).negated(), trail)?,
        _ => {}
    }
    raise(task, Literal::at_least(finish, end), trail)?;
    raise(task, Literal::at_most(task, last_for), trail)?;
    raise(task, Literal::at_most(finish, last_end), trail)?;
    raise(task, Literal::at_least(task, first_for), trail)?;
    raise(task, Literal::at_least(task, first), trail)?;
    raise(task, Literal::at_most(task, last), trail)
}

/// True if what starts by `most` in a mode has finished before `end`.
fn ends_before(way: &Mode, most: i32, end: i32) -> bool {
    way.end(way.last(most)) < end
}

/// Why a literal about a task follows from its others, as things were before entry `place`.
pub fn explain(task: u32, choice: &Choice, literal: Literal, (place, trail): (u32, &Trail), why: &mut Vec<Literal>) {
    let finish = choice.finish;
    let least = |variable: u32| trail.bound_before(Literal::at_least(variable, 0).side, place);
    let most = |variable: u32| -trail.bound_before(Literal::at_most(variable, 0).side, place);
    let variable = literal.side.variable();
    let is_lower = literal.side.is_lower();
    let value = if is_lower { literal.value } else { -literal.value };
    // A premise, with the modes out of the question in which it is not enough; false if one of those was not.
    let mut because = |premise: Literal, is_enough: &dyn Fn(&Mode) -> bool| {
        let mut short = choice.modes.iter().enumerate().filter(|(_, way)| !is_enough(way)).map(|(mode, _)| mode);
        let holds = short.clone().all(|mode| choice.was_off(mode, place, trail));
        if holds {
            why.push(premise);
            why.extend(short.by_ref().map(|mode| choice.off(mode)));
        }
        holds
    };
    let holds = match (variable == finish, variable == task, is_lower) {
        (true, _, true) => {
            let start = least(task);
            because(Literal::at_least(task, start), &|way| way.end(start) >= value)
        }
        (true, _, false) => {
            let start = most(task);
            because(Literal::at_most(task, start), &|way| way.end(way.last(start)) <= value)
        }
        (_, true, true) => {
            let (end, start) = (least(finish), least(task));
            because(Literal::at_least(finish, end), &|way| way.first_for(end) >= value)
                || because(Literal::at_least(task, start), &|way| way.first(start) >= value)
        }
        (_, true, false) => {
            let (end, start) = (most(finish), most(task));
            because(Literal::at_most(finish, end), &|way| way.last_for(end) <= value)
                || because(Literal::at_most(task, start), &|way| way.last(start) <= value)
        }
        (_, _, true) => {
            let others = (0..choice.modes.len()).filter(|&mode| choice.variable(mode) != variable);
            why.extend(others.map(|mode| choice.off(mode)));
            true
        }
        (_, _, false) => {
            why.extend(off(task, choice, (variable - finish - 1) as usize, least, most));
            true
        }
    };
    debug_assert!(holds, "{literal:?} does not follow from the modes of task {task}");
}

/// Why a mode is out of the question.
fn off(task: u32, choice: &Choice, mode: usize, least: impl Fn(u32) -> i32, most: impl Fn(u32) -> i32) -> Vec<Literal> {
    let way = &choice.modes[mode];
    let finish = choice.finish;
    let taken = (0..choice.modes.len()).find(|&other| other != mode && least(choice.variable(other)) == 1);
    let (start, latest) = (least(task), most(task));
    if let Some(taken) = taken {
        vec![Literal::at_least(choice.variable(taken), 1)]
    } else if way.end(start) > most(finish) {
        vec![Literal::at_least(task, start), Literal::at_most(finish, way.end(start) - 1)]
    } else if way.first(start) > latest {
        vec![Literal::at_least(task, start), Literal::at_most(task, way.first(start) - 1)]
    } else {
        vec![Literal::at_most(task, latest), Literal::at_least(finish, way.end(way.last(latest)) + 1)]
    }
}
