//! The choice of a mode: what it does to start and finish, and they to it.

use super::literal::Literal;
use super::tasks::Choice;
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
    for mode in 0..choice.modes.len() {
        let duration = choice.modes[mode].duration;
        let fits =
            trail.least(task) + duration <= trail.most(finish) && trail.most(task) + duration >= trail.least(finish);
        if !fits {
            raise(task, choice.off(mode), trail)?;
        }
    }
    if let Some(taken) = (0..choice.modes.len()).find(|&mode| trail.least(choice.variable(mode)) == 1) {
        for other in (0..choice.modes.len()).filter(|&other| other != taken) {
            raise(task, choice.off(other), trail)?;
        }
    }
    let (mut count, mut last, mut shortest, mut longest) = (0, 0, i32::MAX, i32::MIN);
    for (mode, way) in choice.possible(trail) {
        (count, last) = (count + 1, mode);
        (shortest, longest) = (shortest.min(way.duration), longest.max(way.duration));
    }
    match count {
        // The last mode must be taken: that of number 0 will do for the conflict.
        0 => return Err(choice.off(0).negated()),
        1 => raise(task, choice.off(last).negated(), trail)?,
        _ => {}
    }
    raise(task, Literal::at_least(finish, trail.least(task) + shortest), trail)?;
    raise(task, Literal::at_most(task, trail.most(finish) - shortest), trail)?;
    raise(task, Literal::at_most(finish, trail.most(task) + longest), trail)?;
    raise(task, Literal::at_least(task, trail.least(finish) - longest), trail)
}

/// Why a literal about a task follows from its others, as things were before entry `place`.
pub fn explain(task: u32, choice: &Choice, literal: Literal, (place, trail): (u32, &Trail), why: &mut Vec<Literal>) {
    let finish = choice.finish;
    let least = |variable: u32| trail.bound_before(Literal::at_least(variable, 0).side, place);
    let most = |variable: u32| -trail.bound_before(Literal::at_most(variable, 0).side, place);
    let variable = literal.side.variable();
    let is_lower = literal.side.is_lower();
    let off = |is_meant: &dyn Fn(i32) -> bool, why: &mut Vec<Literal>| {
        let meant = choice.modes.iter().enumerate().filter(|(_, way)| is_meant(way.duration));
        why.extend(meant.map(|(mode, _)| choice.off(mode)));
    };
    if variable == finish && is_lower {
        let start = least(task);
        why.push(Literal::at_least(task, start));
        off(&|duration| start + duration < literal.value, why);
    } else if variable == task && !is_lower {
        let (end, latest) = (most(finish), -literal.value);
        why.push(Literal::at_most(finish, end));
        off(&|duration| end - duration > latest, why);
    } else if variable == finish {
        let (start, latest) = (most(task), -literal.value);
        why.push(Literal::at_most(task, start));
        off(&|duration| start + duration > latest, why);
    } else if variable == task {
        let end = least(finish);
        why.push(Literal::at_least(finish, end));
        off(&|duration| end - duration < literal.value, why);
    } else if is_lower {
        let others = (0..choice.modes.len()).filter(|&mode| choice.variable(mode) != variable);
        why.extend(others.map(|mode| choice.off(mode)));
    } else {
        let mode = (variable - finish - 1) as usize;
        let duration = choice.modes[mode].duration;
        let taken = (0..choice.modes.len()).find(|&other| other != mode && least(choice.variable(other)) == 1);
        if let Some(taken) = taken {
            why.push(Literal::at_least(choice.variable(taken), 1));
        } else if least(task) + duration > most(finish) {
            let start = least(task);
            why.extend([Literal::at_least(task, start), Literal::at_most(finish, start + duration - 1)]);
        } else {
            let start = most(task);
            why.extend([Literal::at_most(task, start), Literal::at_least(finish, start + duration + 1)]);
        }
    }
}
