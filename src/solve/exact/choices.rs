//! The choice of a mode: what it does to start and finish, and they to it.

use super::literal::{Literal, Side};
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
    let variable = literal.side.variable();
    let is_lower = literal.side.is_lower();
    let value = if is_lower { literal.value } else { -literal.value };
    let mut because = |sides: &[Asked]| {
        let mut premises = sides.iter().filter_map(|asked| Some((asked, premise(choice, asked, (place, trail))?)));
        // Of two premises, the one with fewer literals that are not given.
        let best = match (premises.next(), premises.next()) {
            (Some(one), Some(other)) => {
                let count =
                    |&(asked, literal): &(&Asked, Literal)| open_literals(choice, asked, literal, (place, trail));
                Some(if count(&other) < count(&one) { other } else { one })
            }
            (one, _) => one,
        };
        if let Some(((_, asked), literal)) = best {
            why.push(literal);
            let short = choice.modes.iter().enumerate().filter(|(_, way)| asked(way) > literal.value);
            why.extend(short.map(|(mode, _)| choice.off(mode)));
        }
        best.is_some()
    };
    let holds = match (variable == finish, variable == task, is_lower) {
        (true, _, true) => because(&[(Side::lower(task), &|way| way.first_for(value))]),
        (true, _, false) => because(&[(Side::upper(task), &|way| -way.before_next(way.last_for(value)))]),
        (_, true, true) => because(&[
            (Side::lower(finish), &|way| way.end(value - 1) + 1),
            (Side::lower(task), &|way| way.last(value - 1) + 1),
        ]),
        (_, true, false) => because(&[
            (Side::upper(finish), &|way| 1 - way.end(value + 1)),
            (Side::upper(task), &|way| -way.before_next(value)),
        ]),
        (_, _, true) => {
            let others = (0..choice.modes.len()).filter(|&mode| choice.variable(mode) != variable);
            why.extend(others.map(|mode| choice.off(mode)));
            true
        }
        (_, _, false) => {
            explain_off(task, choice, (variable - finish - 1) as usize, (place, trail), why);
            true
        }
    };
    debug_assert!(holds, "{literal:?} does not follow from the modes of task {task}");
}

/// A side, and what each mode asks of it.
type Asked<'a> = (Side, &'a dyn Fn(&Mode) -> i32);

/// A side is at least so much, if modes for which that is not enough were out of the question before entry `place`: no more
/// than is enough for the others, but for those that are out of the question for good.
fn premise(choice: &Choice, &(side, asked): &Asked, (place, trail): (u32, &Trail)) -> Option<Literal> {
    let bound = trail.bound_before(side, place);
    let given = place.min(trail.len_given());
    let mut value = None;
    for (mode, way) in choice.modes.iter().enumerate() {
        let asked = asked(way);
        if asked > bound && !choice.was_off(mode, place, trail) {
            return None;
        }
        if asked <= bound && value < Some(asked) && !choice.was_off(mode, given, trail) {
            value = Some(asked);
        }
    }
    Some(Literal { side, value: value.unwrap_or(bound) })
}

/// How many literals are not given of a premise and those that modes are out of the question for which it is not enough.
fn open_literals(choice: &Choice, &(side, asked): &Asked, premise: Literal, (place, trail): (u32, &Trail)) -> usize {
    let given = place.min(trail.len_given());
    let short = choice.modes.iter().enumerate().filter(|(_, way)| asked(way) > premise.value);
    let open = short.filter(|&(mode, _)| !choice.was_off(mode, given, trail));
    usize::from(premise.value > trail.bound_before(side, given)) + open.count()
}

/// Why a mode is out of the question.
fn explain_off(task: u32, choice: &Choice, mode: usize, (place, trail): (u32, &Trail), why: &mut Vec<Literal>) {
    let way = &choice.modes[mode];
    let finish = choice.finish;
    let least = |variable: u32| trail.bound_before(Side::lower(variable), place);
    let most = |variable: u32| -trail.bound_before(Side::upper(variable), place);
    let taken = (0..choice.modes.len()).find(|&other| other != mode && least(choice.variable(other)) == 1);
    if let Some(taken) = taken {
        why.push(Literal::at_least(choice.variable(taken), 1));
        return;
    }
    let (start, latest) = (way.first(least(task)), most(task));
    let (end, last) = (way.end(start), way.last(latest));
    // What is given of the finish may ask for less of the start.
    let given = |side: Side| trail.bound_before(side, place.min(trail.len_given()));
    why.extend(if end > most(finish) {
        let start = way.first_for(end.min(-given(Side::upper(finish)) + 1));
        [Literal::at_least(task, start), Literal::at_most(finish, way.end(start) - 1)]
    } else if start > latest && way.end(last) >= given(Side::lower(finish)) {
        [Literal::at_least(task, way.last(start - 1) + 1), Literal::at_most(task, start - 1)]
    } else {
        let last = way.last_for(way.end(last).max(given(Side::lower(finish)) - 1));
        [Literal::at_most(task, way.before_next(last)), Literal::at_least(finish, way.end(last) + 1)]
    });
}
