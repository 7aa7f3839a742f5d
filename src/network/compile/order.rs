//! Which nodes there are and in which order: activities and the gates of linked summaries, predecessors first.

use super::super::Origin;
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::index::{Id, IdVec, Rows};
use crate::network::NO_NODE;
use crate::plan::{LinkId, Plan, TaskId, TaskKind};

/// A link into a node, or the tie between a summary's gate and what lies below it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Incoming {
    /// The node at the other end.
    pub(super) predecessor: u32,
    /// The link; [`Incoming::TIE`] if a gate is tied to what lies below its summary.
    pub(super) link: u32,
}

impl Incoming {
    const TIE: u32 = u32::MAX;

    /// The plan's link; `None` for a tie.
    pub(super) fn link(self) -> Option<LinkId> {
        (self.link != Incoming::TIE).then(|| LinkId::new(self.link as usize))
    }
}

/// The nodes in topological order.
pub(super) struct Order {
    pub(super) origin: Vec<Origin>,
    pub(super) start_node: IdVec<TaskId, u32>,
    pub(super) finish_node: IdVec<TaskId, u32>,
    /// Links into each node.
    pub(super) incoming: Rows<Incoming>,
}

/// Numbers the nodes.
///
/// The order is that of the file, except that what must come first is moved forward: a depth-first walk along the links
/// backward. A file whose order is topological keeps it, and with it the neighbourhood in memory of what is
/// neighboured in the plan.
///
/// # Errors
/// [`Error::is_invalid_plan`] on a cycle.
///
/// # Complexity
/// Linear in tasks and links.
pub(super) fn order(plan: &Plan) -> Result<Order> {
    let tasks = plan.tasks();
    let (needs_start, needs_finish) = needed_gates(plan);

    // Provisional numbers: tasks as in the file (a summary's is its start gate), then the finish gates.
    let mut finish_gates = Vec::new();
    let mut finish_of: Vec<u32> = (0..tasks.len() as u32).collect();
    for task in tasks.ids().filter(|&task| needs_finish[task.index()]) {
        finish_of[task.index()] = (tasks.len() + finish_gates.len()) as u32;
        finish_gates.push(task);
    }
    let nodes = tasks.len() + finish_gates.len();
    let ties = parents(plan);
    let start_ties = ties
        .clone()
        .filter(|(_, parent)| needs_start[parent.index()])
        .map(|(task, parent)| (task, Incoming { predecessor: parent.index() as u32, link: Incoming::TIE }));
    let finish_ties = ties.filter(|(_, parent)| needs_finish[parent.index()]).map(|(task, parent)| {
        (finish_of[parent.index()] as usize, Incoming { predecessor: finish_of[task], link: Incoming::TIE })
    });
    let links = plan.links().iter().enumerate().map(|(number, link)| {
        let predecessor = finish_of[link.predecessor.index()];
        (link.successor.index(), Incoming { predecessor, link: number as u32 })
    });
    let incoming = Rows::from_pairs(nodes, start_ties.chain(finish_ties).chain(links));

    let exists = |node: usize| match tasks.as_slice().get(node) {
        Some(task) => task.kind != TaskKind::Summary || needs_start[node],
        None => true,
    };
    let is_in_order = |node: usize| incoming.row(node).iter().all(|item| (item.predecessor as usize) < node);
    let order = if (0..nodes).all(is_in_order) {
        Ok((0..nodes).filter(|&node| exists(node)).map(|node| node as u32).collect())
    } else {
        predecessors_first(nodes, &incoming, exists)
    };
    let order = order.map_err(|node| {
        let task = if node < tasks.len() { TaskId::new(node) } else { finish_gates[node - tasks.len()] };
        let text = format!("task `{}` depends on itself through its links", tasks[task].id);
        let finding = Finding::error("dependency-cycle", Place::row("tasks.csv", tasks[task].row), text);
        Error::invalid_plan(Findings::from_iter([finding]))
    })?;

    let mut number = vec![NO_NODE; nodes];
    for (new, &old) in order.iter().enumerate() {
        number[old as usize] = new as u32;
    }
    let keeps_numbers = order.iter().enumerate().all(|(new, &old)| new == old as usize);
    let incoming = if keeps_numbers && order.len() == nodes {
        incoming
    } else {
        let mut renumbered = Rows::with_capacity(order.len(), incoming.items().len());
        for &old in &order {
            let row = incoming.row(old as usize).iter();
            renumbered.push_row(row.map(|item| Incoming { predecessor: number[item.predecessor as usize], ..*item }));
        }
        renumbered
    };
    let origin = order.iter().map(|&old| match tasks.as_slice().get(old as usize) {
        Some(task) if task.kind == TaskKind::Summary => Origin::SummaryStart(TaskId::new(old as usize)),
        Some(_) => Origin::Task(TaskId::new(old as usize)),
        None => Origin::SummaryFinish(finish_gates[old as usize - tasks.len()]),
    });
    Ok(Order {
        origin: origin.collect(),
        start_node: IdVec::from(number[..tasks.len()].to_vec()),
        finish_node: IdVec::from(
            tasks
                .iter_enumerated()
                .map(|(task, data)| match data.kind {
                    TaskKind::Summary if !needs_finish[task.index()] => NO_NODE,
                    _ => number[finish_of[task.index()] as usize],
                })
                .collect::<Vec<_>>(),
        ),
        incoming,
    })
}

/// Which summaries need a start gate and a finish gate: those with links, and all summaries below them.
fn needed_gates(plan: &Plan) -> (Vec<bool>, Vec<bool>) {
    let tasks = plan.tasks();
    let is_summary = |task: TaskId| tasks[task].kind == TaskKind::Summary;
    let (mut start, mut finish) = (vec![false; tasks.len()], vec![false; tasks.len()]);
    let mut any = false;
    for link in plan.links() {
        if is_summary(link.successor) {
            start[link.successor.index()] = true;
            any = true;
        }
        if is_summary(link.predecessor) {
            finish[link.predecessor.index()] = true;
            any = true;
        }
    }
    if any {
        for task in parents_first(plan).into_iter().filter(|&task| is_summary(task)) {
            if let Some(parent) = tasks[task].parent {
                start[task.index()] |= start[parent.index()];
                finish[task.index()] |= finish[parent.index()];
            }
        }
    }
    (start, finish)
}

/// All tasks, each after its parent.
pub(super) fn parents_first(plan: &Plan) -> Vec<TaskId> {
    let tasks = plan.tasks();
    if tasks.iter_enumerated().all(|(task, data)| data.parent.is_none_or(|parent| parent < task)) {
        return tasks.ids().collect();
    }
    let children =
        Rows::from_pairs(tasks.len(), parents(plan).map(|(task, parent)| (parent.index(), TaskId::new(task))));
    let mut order: Vec<TaskId> = tasks.ids().filter(|&task| tasks[task].parent.is_none()).collect();
    let mut next = 0;
    while next < order.len() {
        order.extend_from_slice(children.row(order[next].index()));
        next += 1;
    }
    order
}

/// Positions of the tasks that have a parent, and their parents.
fn parents(plan: &Plan) -> impl Iterator<Item = (usize, TaskId)> + Clone {
    let tasks = plan.tasks().as_slice().iter().enumerate();
    tasks.filter_map(|(task, data)| data.parent.map(|parent| (task, parent)))
}

/// The nodes in the order of their numbers, but each after its predecessors; `Err` with a node on a cycle.
fn predecessors_first(
    nodes: usize,
    incoming: &Rows<Incoming>,
    exists: impl Fn(usize) -> bool,
) -> std::result::Result<Vec<u32>, usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Unseen,
        Open,
        Done,
    }
    let mut state = vec![State::Unseen; nodes];
    let mut order = Vec::with_capacity(nodes);
    let mut path: Vec<(u32, u32)> = Vec::new(); // node, how many of its predecessors are done
    for root in (0..nodes).filter(|&node| exists(node)) {
        if state[root] == State::Done {
            continue;
        }
        path.push((root as u32, 0));
        state[root] = State::Open;
        while let Some((node, done)) = path.last_mut() {
            match incoming.row(*node as usize).get(*done as usize) {
                Some(item) => {
                    *done += 1;
                    let predecessor = item.predecessor as usize;
                    match state[predecessor] {
                        State::Done => {}
                        State::Open => return Err(predecessor),
                        State::Unseen => {
                            state[predecessor] = State::Open;
                            path.push((item.predecessor, 0));
                        }
                    }
                }
                None => {
                    order.push(*node);
                    state[*node as usize] = State::Done;
                    path.pop();
                }
            }
        }
    }
    Ok(order)
}
