//! What the kernel is asked.

use fixedbitset::FixedBitSet;

use super::lags::Lag;
use super::precedence::Distance;
use super::tasks::Task;
use super::timetable::Steps;

/// What is to be decided: the starts of tasks, then the makespan, then what else tasks with a choice have.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The tasks.
    pub tasks: Vec<Task>,
    /// Units of each resource.
    pub capacities: Vec<Steps>,
    /// What there is of each total.
    pub totals: Vec<i64>,
    /// The window of each variable.
    pub windows: Vec<(i32, i32)>,
    /// Least distances between variables.
    pub distances: Vec<Distance>,
    /// Least distances that are a function of where they begin.
    pub lags: Vec<Lag>,
    /// The node of each task: nodes come first, in their order, then their roles.
    pub nodes: Vec<u32>,
}

impl Problem {
    /// A variable that has no value at all.
    pub fn impossible(&self) -> Option<usize> {
        self.windows.iter().position(|window| window.0 > window.1)
    }

    /// The task of each variable; `u32::MAX` where there is none.
    pub fn owners(&self) -> Vec<u32> {
        let mut owners = vec![u32::MAX; self.windows.len()];
        for (task, number) in self.tasks.iter().zip(0..) {
            owners[number as usize] = number;
            if let Task::Multi(choice) = task {
                let variables = choice.finish as usize..=choice.finish as usize + choice.modes.len();
                owners[variables].iter_mut().for_each(|owner| *owner = number);
            }
        }
        owners
    }

    /// For each task those that come after it by links alone.
    pub fn follows(&self) -> Vec<FixedBitSet> {
        let tasks = self.tasks.len();
        let owners = self.owners();
        let mut table = vec![FixedBitSet::with_capacity(tasks); tasks];
        for distance in &self.distances {
            let (from, to) = (owners[distance.from as usize] as usize, distance.to as usize);
            if from >= tasks || to >= tasks {
                continue;
            }
            let apart = match &self.tasks[from] {
                Task::Single(mode) => distance.least >= mode.duration,
                Task::Multi(choice) => distance.from == choice.finish && distance.least >= 0,
            };
            if apart {
                table[from].insert(to);
            }
        }
        for middle in 0..tasks {
            let behind = table[middle].clone();
            table.iter_mut().filter(|row| row.contains(middle)).for_each(|row| row.union_with(&behind));
        }
        table
    }
}
