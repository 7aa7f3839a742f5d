use super::*;
use crate::cpm;
use crate::explain::why_not_earlier;
use crate::plan::{Limit, LinkId, TaskId};
use crate::solve::BoundReason;

#[test]
fn a_path_alone_is_as_long_as_the_bound() {
    for seed in 0..6 {
        let plan = generated(GenerateOptions { seed, ..GenerateOptions::cpm(60) });
        let network = compile(&plan).unwrap();
        let bound = why_not_earlier(&plan, &network, &solved(&plan, 5)).unwrap();
        let BoundReason::Path(steps) = &bound.proven.reason else { panic!("without resources it is a path") };
        assert!(!bound.is_by_search());
        let links: Vec<LinkId> = steps.iter().filter_map(|step| step.link).collect();
        let others = plan.links().ids().filter(|link| !links.contains(link)).map(Limit::Link);
        let alone = plan.without(&others.collect::<Vec<_>>());
        let network = compile(&alone).unwrap();
        let early = cpm::early_dates(&network, &cpm::quickest_modes(&network)).unwrap();
        assert_eq!(network.axis.finish_moment(early.project_finish), bound.finish, "{seed}");
    }
}

#[test]
fn a_window_has_more_work_than_time_and_all_of_it_has_to_lie_within() {
    let mut windows = 0;
    for seed in 0..12 {
        let options =
            GenerateOptions { seed, resource_strength: 0.0, resource_factor: 0.75, ..GenerateOptions::psplib(30) };
        let plan = generated(options);
        let network = compile(&plan).unwrap();
        let bound = why_not_earlier(&plan, &network, &solved(&plan, 20)).unwrap();
        let BoundReason::Window(window) = &bound.proven.reason else { continue };
        windows += 1;
        let modes = cpm::shortest_modes(&network);
        let early = cpm::early_dates(&network, &modes).unwrap();
        let late = cpm::late_dates(&network, &modes, network.axis.slot_at_or_before(window.refuted));
        let mut needed = 0;
        for &task in &window.tasks {
            let node = network.start_node[task] as usize;
            assert!(network.axis.start_moment(early.start[node]) >= window.from);
            assert!(network.axis.finish_moment(late.finish[node]) <= window.to);
            needed += work(&plan, task, window.resources[0]);
        }
        let capacity = plan.resources()[window.resources[0]].capacity.unwrap().0;
        let offered = capacity * (window.to - window.from).0;
        assert_eq!((window.needed, window.offered), (needed, offered));
        assert!(needed > offered);
    }
    assert!(windows > 2, "{windows}");
}

/// Units times minutes of a task on a resource, in a plan of one mode each.
fn work(plan: &Plan, task: TaskId, resource: crate::plan::ResourceId) -> i64 {
    let mode = &plan.modes_of(task)[0];
    let of = |demand: &&crate::plan::Demand| demand.source == crate::plan::DemandSource::Resource(resource);
    plan.demands_of(mode).iter().filter(of).map(|demand| demand.amount.0 * mode.duration.minutes().0).sum()
}
