//! Blends: all resources, totals and paths as one pool, each with a weight.
//!
//! A task that takes little of one thing in some mode often takes much of another, or takes long. In a blend with the right
//! weights no mode takes little. The weights are the dual values of a linear program: what is the least makespan if each
//! task may be done in a mix of its modes, and resources count by their energy alone (a Lagrangian bound; Fisher, "The
//! Lagrangian relaxation method for solving integer programming problems", Management Science 27 (1981))? Paths count as a
//! flow that runs along distances and through durations to the makespan. A flow that is not quite one, for numbers are
//! rounded, is made good by the bounds of the variables where it does not balance: any weights are right, if not good.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable};

use super::literal::Side;
use super::pools::{self, Basis, Pool, User};
use super::problem::Problem;
use super::tasks::{Mode, Task};
use super::timetable::Steps;

/// Modes and distances for which the linear program is solved at once, at most.
const MOST_ROWS: usize = 2_500;
/// The whole of what all weights come from.
const SCALE: f64 = (1 << 28) as f64;
/// Neither a weight nor all that is weighted is more than this.
const MOST: f64 = (1_u64 << 60) as f64;

/// What counts how much.
#[derive(Clone, Debug)]
pub struct Weights<T = f64> {
    /// A unit of each resource in a slot.
    pub resources: Vec<T>,
    /// A unit of each total.
    pub totals: Vec<T>,
    /// A slot of each distance.
    pub distances: Vec<T>,
    /// A slot of the duration of each task with a choice.
    pub durations: Vec<T>,
}

impl Weights {
    /// The same as whole numbers.
    fn whole(&self) -> Weights<i64> {
        let whole = |weights: &[f64]| weights.iter().map(|weight| (weight * SCALE).max(0.0) as i64).collect();
        Weights {
            resources: whole(&self.resources),
            totals: whole(&self.totals),
            distances: whole(&self.distances),
            durations: whole(&self.durations),
        }
    }

    /// More than anything comes to that is summed up with these weights.
    fn size(&self, problem: &Problem) -> f64 {
        let of_mode = |weight: f64, mode: &Mode| {
            let needs = mode.needs.iter().map(|need| f64::from(need.amount) * self.resources[need.resource as usize]);
            let consumed = mode.consumptions.iter().map(|one| one.1 as f64 * self.totals[one.0 as usize]);
            f64::from(mode.duration) * (needs.sum::<f64>() + weight) + consumed.map(f64::abs).sum::<f64>()
        };
        let of_task =
            |(task, &weight): (&Task, &f64)| task.modes().iter().map(|mode| of_mode(weight, mode)).sum::<f64>();
        let slots = problem.windows.iter().map(|window| f64::from(window.1)).fold(1.0, f64::max);
        let flows = self.distances.iter().zip(&problem.distances);
        let along = flows.map(|(weight, distance)| weight * (f64::from(distance.least).abs() + slots)).sum::<f64>();
        let through = self.durations.iter().sum::<f64>() * slots;
        let there = self.totals.iter().zip(&problem.totals).map(|(weight, &total)| weight * total as f64).sum::<f64>();
        problem.tasks.iter().zip(&self.durations).map(of_task).sum::<f64>() + along + through + there
    }
}

/// The blend that says most of the whole project; none if modes leave no choice, or too many.
pub fn blend(problem: &Problem) -> Option<Pool> {
    let modes: usize = problem.tasks.iter().map(|task| task.modes().len()).sum();
    if modes == problem.tasks.len() || modes + problem.distances.len() > MOST_ROWS {
        return None;
    }
    weights(problem).and_then(|weights| pool(problem, &weights))
}

/// The dual of the linear program.
fn weights(problem: &Problem) -> Option<Weights> {
    let Problem { tasks, capacities, totals, distances, windows, .. } = problem;
    let mut variables = ProblemVariables::new();
    let least = variables.add_vector(variable(), tasks.len());
    let of_resources = variables.add_vector(variable().min(0), capacities.len());
    let of_totals = variables.add_vector(variable().min(0), totals.len());
    let of_distances = variables.add_vector(variable().min(0), distances.len());
    let of_durations = variables.add_vector(variable().min(0), tasks.len());
    let sources = variables.add_vector(variable().min(0), windows.len());

    // What flows into each variable, less what flows out of it.
    let mut surplus: Vec<Expression> = sources.iter().map(|&source| source.into()).collect();
    for (distance, &flow) in distances.iter().zip(&of_distances) {
        surplus[distance.to as usize] += flow;
        surplus[distance.from as usize] -= flow;
    }
    for ((number, task), &flow) in tasks.iter().enumerate().zip(&of_durations) {
        // In a single mode the duration is a part of distances.
        if let Task::Multi(choice) = task {
            surplus[number] -= flow;
            surplus[choice.finish as usize] += flow;
        }
    }
    let there = |resource: usize| f64::from(capacities[resource].iter().map(|step| step.1).max().unwrap_or(0));
    let makespan = tasks.len();
    let mut whole = surplus[makespan].clone();
    whole += weighted(&of_resources, (0..capacities.len()).map(there));

    let mut bound: Expression = least.iter().copied().sum();
    bound += weighted(&of_distances, distances.iter().map(|distance| f64::from(distance.least)));
    bound += weighted(&sources, windows.iter().map(|window| f64::from(window.0)));
    bound -= weighted(&of_totals, totals.iter().map(|&total| total as f64));
    let mut model = variables.maximise(bound).using(microlp);
    model.add_constraint(constraint!(whole <= 1));
    for (_, surplus) in surplus.into_iter().enumerate().filter(|&(variable, _)| variable != makespan) {
        model.add_constraint(constraint!(surplus == 0));
    }
    for ((task, &least), &flow) in tasks.iter().zip(&least).zip(&of_durations) {
        for mode in task.modes() {
            let duration = f64::from(mode.duration);
            let work = (0..capacities.len() as u32).map(|resource| f64::from(mode.amount(resource)) * duration);
            let mut taken = weighted(&of_resources, work);
            if matches!(task, Task::Multi(_)) {
                taken += duration * flow;
            }
            taken += weighted(&of_totals, (0..totals.len() as u32).map(|total| mode.consumption(total) as f64));
            model.add_constraint(constraint!(least <= taken));
        }
    }
    let solution = model.solve().ok()?;
    let values = |variables: &[Variable]| -> Vec<f64> { variables.iter().map(|&one| solution.value(one)).collect() };
    Some(Weights {
        resources: values(&of_resources),
        totals: values(&of_totals),
        distances: values(&of_distances),
        durations: values(&of_durations),
    })
}

fn weighted(variables: &[Variable], amounts: impl Iterator<Item = f64>) -> Expression {
    variables.iter().zip(amounts).filter(|&(_, amount)| amount != 0.0).map(|(&one, amount)| amount * one).sum()
}

/// The blend of whole weights; none if they are out of all proportion.
pub fn pool(problem: &Problem, weights: &Weights) -> Option<Pool> {
    let Problem { tasks, capacities, totals, distances, windows, .. } = problem;
    let size = weights.size(problem) * SCALE;
    if size.is_nan() || size > MOST {
        return None;
    }
    let weights = weights.whole();
    let Weights { resources: of_resources, totals: of_totals, .. } = &weights;
    let Weights { distances: of_distances, durations: of_durations, .. } = &weights;
    let amount = |mode: &Mode| -> Option<i32> {
        let units = mode.needs.iter().map(|need| i64::from(need.amount) * of_resources[need.resource as usize]);
        i32::try_from(units.sum::<i64>()).ok()
    };
    let extra = |number: usize, mode: &Mode| {
        let consumed = mode.consumptions.iter().map(|&(total, consumed)| consumed * of_totals[total as usize]);
        i64::from(mode.duration) * of_durations[number] + consumed.sum::<i64>()
    };
    let user = |(number, task): (usize, &Task)| -> Option<User> {
        let amounts = task.modes().iter().map(amount).collect::<Option<_>>()?;
        Some(User {
            task: number as u32,
            amounts,
            extras: task.modes().iter().map(|mode| extra(number, mode)).collect(),
        })
    };
    let of_use = |(resource, steps): (u32, &Steps)| {
        let modes = tasks.iter().flat_map(|task| task.modes());
        pools::of_use(steps.clone(), modes.filter(|mode| mode.amount(resource) > 0))
    };
    let capacities: Vec<Steps> = (0..).zip(capacities).map(of_use).collect();
    let mut slots: Vec<i32> = capacities.iter().flatten().map(|step| step.0).chain([0]).collect();
    slots.sort_unstable();
    slots.dedup();
    let there = |slot: i32| -> Option<(i32, i32)> {
        let units = |resource: usize| {
            capacities[resource].iter().rev().find(|step| step.0 <= slot).map_or(0, |step| i64::from(step.1))
        };
        let sum: i64 = of_resources.iter().enumerate().map(|(resource, weight)| units(resource) * weight).sum();
        Some((slot, i32::try_from(sum).ok()?))
    };
    Some(Pool {
        users: tasks.iter().enumerate().map(user).collect::<Option<_>>()?,
        steps: slots.into_iter().map(there).collect::<Option<_>>()?,
        allowance: totals.iter().zip(of_totals).map(|(total, weight)| total * weight).sum::<i64>()
            - distances.iter().zip(of_distances).map(|(one, weight)| i64::from(one.least) * weight).sum::<i64>(),
        bounds: balance(problem, windows.len(), of_distances, of_durations),
        basis: Basis::Sum(weights),
        condition: None,
    })
}

/// What makes a flow good where it does not balance: what is missing comes from a lower bound, what is left goes to an upper
/// one.
fn balance(problem: &Problem, variables: usize, of_distances: &[i64], of_durations: &[i64]) -> Vec<(Side, i64)> {
    let mut surplus = vec![0; variables];
    for (distance, flow) in problem.distances.iter().zip(of_distances) {
        surplus[distance.to as usize] += flow;
        surplus[distance.from as usize] -= flow;
    }
    for ((number, task), flow) in problem.tasks.iter().enumerate().zip(of_durations) {
        if let Task::Multi(choice) = task {
            surplus[number] -= flow;
            surplus[choice.finish as usize] += flow;
        }
    }
    let side = |(variable, &surplus): (u32, &i64)| match surplus {
        0 => None,
        1.. => Some((Side::upper(variable), surplus)),
        _ => Some((Side::lower(variable), -surplus)),
    };
    (0..).zip(&surplus).filter_map(side).collect()
}

#[cfg(test)]
mod tests {
    use super::super::energy::Energy;
    use super::super::kernel::{End, Kernel};
    use super::super::precedence::Distance;
    use super::super::tasks::{Choice, Need};
    use super::super::tests::some_problem;
    use super::super::trail::Trail;
    use super::*;
    use crate::network::EVERY_SLOT;
    use crate::solve::sgs::Deep;

    #[test]
    fn a_blend_has_room_for_every_schedule() {
        let mut checked = 0;
        for seed in 0..600 {
            let problem = some_problem(seed, 3..7, 8..14);
            let Some(pool) = blend(&problem) else { continue };
            let guide: Vec<i32> = problem.windows.iter().map(|window| window.0).collect();
            let mut kernel: Kernel<Deep> = Kernel::new(&problem, &guide);
            while let End::Found(values) = kernel.search(1_000, &|| false) {
                let fixed: Vec<(i32, i32)> = values.iter().map(|&value| (value, value)).collect();
                let window = Energy::default().overfull(&pool, &problem.tasks, &Trail::new(&fixed));
                assert_eq!(window, None, "seed {seed}: {values:?} in {problem:?}");
                checked += 1;
                kernel.require(values[problem.tasks.len()] - 1);
            }
        }
        assert!(checked > 200, "{checked} schedules");
    }

    #[test]
    fn what_is_saved_of_one_thing_is_missed_of_another() {
        // Done at once, a task needs the whole resource for two slots; spared, it takes one of two units of a total.
        let at_once = Mode { duration: 2, needs: vec![Need { resource: 0, amount: 3 }], ..Mode::default() };
        let spared = Mode { duration: 1, consumptions: vec![(0, 1)], ..Mode::default() };
        let task =
            |number: u32| Task::Multi(Choice::new(7 + 3 * number, vec![at_once.clone(), spared.clone()], EVERY_SLOT));
        let problem = |most: i32| Problem {
            tasks: (0..6).map(task).collect(),
            capacities: vec![vec![(0, 3)]],
            totals: vec![2],
            windows: [(0, most); 7].into_iter().chain((0..6).flat_map(|_| [(0, most), (0, 1), (0, 1)])).collect(),
            distances: (0..6).map(|number| Distance { from: 7 + 3 * number, to: 6, least: 0 }).collect(),
            lags: Vec::new(),
            nodes: (0..6).collect(),
        };
        for (most, is_possible) in [(7, false), (8, true)] {
            let problem = problem(most);
            let mut kernel: Kernel<Deep> = Kernel::new(&problem, &vec![0; problem.windows.len()]);
            let end = kernel.search(1_000, &|| false);
            assert_eq!(matches!(end, End::Found(_)), is_possible, "{end:?} by slot {most}");
            assert!(is_possible || kernel.conflicts <= 1, "{} conflicts", kernel.conflicts);
        }
    }
}
