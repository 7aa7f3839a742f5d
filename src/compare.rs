//! Dates of ours against those that another planner stored.
//!
//! What is compared is what a planner computes: early and late dates and floats of work that is not finished. Dates of what
//! takes no time are the same at the two sides of a pause (17:00 and 8:00 the next morning).

use crate::index::{Id, IdVec};
use crate::plan::{ActivityType, Plan, StoredDates, TaskId, TaskKind};
use crate::schedule::{Driver, TaskDates};
use crate::units::{Minutes, Moment};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// Early start.
    EarlyStart,
    /// Early finish.
    EarlyFinish,
    /// Late start.
    LateStart,
    /// Late finish.
    LateFinish,
    /// Total float.
    TotalFloat,
    /// Free float.
    FreeFloat,
}

impl Quantity {
    /// All of them.
    pub const ALL: [Quantity; 6] = [
        Quantity::EarlyStart,
        Quantity::EarlyFinish,
        Quantity::LateStart,
        Quantity::LateFinish,
        Quantity::TotalFloat,
        Quantity::FreeFloat,
    ];

    /// Its name in tables: `early_start`.
    pub fn name(self) -> &'static str {
        match self {
            Quantity::EarlyStart => "early_start",
            Quantity::EarlyFinish => "early_finish",
            Quantity::LateStart => "late_start",
            Quantity::LateFinish => "late_finish",
            Quantity::TotalFloat => "total_float",
            Quantity::FreeFloat => "free_float",
        }
    }
}

/// A moment or a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A date.
    Date(Moment),
    /// A float.
    Float(Minutes),
}

/// A value that is another one with us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose.
    pub task: TaskId,
    /// Which.
    pub quantity: Quantity,
    /// The stored value.
    pub stored: Value,
    /// Ours.
    pub ours: Value,
    /// What holds the task where we have it.
    pub driver: Driver,
    /// True if nothing that it hangs on differs in the same way, so that the reason is here.
    pub is_first: bool,
}

/// How many values were compared, and how many are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Values that both have.
    pub compared: usize,
    /// Those that are the same.
    pub same: usize,
}

/// What a comparison shows.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// For each of [`Quantity::ALL`].
    pub counts: [Count; 6],
    /// All that differs, by task and then by quantity.
    pub differences: Vec<Difference>,
}

/// Compares our dates with those stored in the plan.
///
/// # Arguments
/// `plan` is a plan of what remains ([`Plan::remaining`]), `dates` are its dates by logic alone.
///
/// # Complexity
/// Linear in tasks and links, and in the days between dates that differ.
pub fn compare(plan: &Plan, dates: &IdVec<TaskId, TaskDates>) -> Comparison {
    let mut comparison = Comparison::default();
    let mut differs = vec![[false; 6]; plan.tasks().len()];
    for (task, row) in plan.tasks().iter_enumerated() {
        let Some(stored) = plan.stored().get(task).filter(|_| row.kind != TaskKind::Summary && !row.is_finished())
        else {
            continue;
        };
        let ours = &dates[task];
        for (at, &quantity) in Quantity::ALL.iter().enumerate() {
            let Some(theirs) = value_of(stored, quantity) else { continue };
            let mine = ours_of(ours, quantity);
            comparison.counts[at].compared += 1;
            if is_same(plan, task, theirs, mine) {
                comparison.counts[at].same += 1;
                continue;
            }
            differs[task.index()][at] = true;
            let driver = ours.driver;
            comparison.differences.push(Difference {
                task,
                quantity,
                stored: theirs,
                ours: mine,
                driver,
                is_first: true,
            });
        }
    }
    mark_consequences(plan, &differs, &mut comparison.differences);
    comparison
}

/// Differences are consequences where a task's neighbour, on the side that it hangs on, differs in its dates too.
fn mark_consequences(plan: &Plan, differs: &[[bool; 6]], differences: &mut [Difference]) {
    let mut follows = vec![[false; 2]; differs.len()];
    let index = |task: TaskId| task.index();
    for link in plan.links() {
        let (before, after) = (index(link.predecessor), index(link.successor));
        follows[after][0] |= differs[before][0] || differs[before][1];
        follows[before][1] |= differs[after][2] || differs[after][3];
    }
    for difference in differences {
        let [early, late] = follows[index(difference.task)];
        difference.is_first = match difference.quantity {
            Quantity::EarlyStart | Quantity::EarlyFinish => !early,
            Quantity::LateStart | Quantity::LateFinish => !late,
            Quantity::TotalFloat | Quantity::FreeFloat => {
                let own = differs[index(difference.task)];
                !own[..4].contains(&true) && !early && !late
            }
        };
    }
}

fn value_of(stored: &StoredDates, quantity: Quantity) -> Option<Value> {
    match quantity {
        Quantity::EarlyStart => stored.early_start.map(Value::Date),
        Quantity::EarlyFinish => stored.early_finish.map(Value::Date),
        Quantity::LateStart => stored.late_start.map(Value::Date),
        Quantity::LateFinish => stored.late_finish.map(Value::Date),
        Quantity::TotalFloat => stored.total_float.map(Value::Float),
        Quantity::FreeFloat => stored.free_float.map(Value::Float),
    }
}

fn ours_of(dates: &TaskDates, quantity: Quantity) -> Value {
    match quantity {
        Quantity::EarlyStart => Value::Date(dates.early_start),
        Quantity::EarlyFinish => Value::Date(dates.early_finish),
        Quantity::LateStart => Value::Date(dates.late_start),
        Quantity::LateFinish => Value::Date(dates.late_finish),
        Quantity::TotalFloat => Value::Float(dates.total_float),
        Quantity::FreeFloat => Value::Float(dates.free_float),
    }
}

/// The longest pause whose two sides are looked at.
const LONGEST_PAUSE: i64 = 60 * crate::units::MINUTES_PER_DAY;

fn is_same(plan: &Plan, task: TaskId, theirs: Value, mine: Value) -> bool {
    let (Value::Date(theirs), Value::Date(mine)) = (theirs, mine) else { return theirs == mine };
    let (from, to) = (theirs.min(mine), theirs.max(mine));
    if from == to {
        return true;
    }
    let row = &plan.tasks()[task];
    let is_event = row.kind == TaskKind::Milestone || row.activity == ActivityType::LevelOfEffort;
    // Only what takes no time stands at either side of a pause.
    is_event && (to - from).0 <= LONGEST_PAUSE && {
        plan.calendars()[plan.own_calendar(row)].stretches(from, to).is_empty()
    }
}
