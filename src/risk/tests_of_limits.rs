//! Budgets of samples against the validator; finish and cost at once against counting.

use super::model::Model;
use super::simulate::planned;
use super::tests::{PERIODS, assessed, options, plan_of, tolerance};
use super::*;
use crate::cpm::quickest_modes;
use crate::effort::{Control, Limits};
use crate::generate::{GenerateOptions, generate};
use crate::index::{Id, IdVec};
use crate::network::{compile, compile_in_minutes};
use crate::plan::draft::TableKind::{Budgets, Project, Resources, Risks, Tasks};
use crate::plan::testing::with_caps;
use crate::plan::{BudgetId, BudgetScope, Plan, ResourceId, TaskId, validate};
use crate::schedule::{place, verify};
use crate::solve::{SolveOptions, solve};
use crate::units::{MINUTES_PER_DAY, Moment};

fn enterprise(seed: u64) -> Plan {
    let options = GenerateOptions { seed, risks: 0, ..GenerateOptions::enterprise(30) };
    validate(&generate(&options).unwrap()).unwrap().0
}

#[test]
fn what_samples_spend_is_what_the_validator_counts() {
    for seed in 0..8 {
        let plan = enterprise(seed);
        let start = plan.project().start;
        let later = |days: i64| Some(Moment(start.0 + days * MINUTES_PER_DAY));
        let summary = plan.tasks().ids().find_map(|task| plan.tasks()[task].parent);
        let account = plan.tasks().iter().find_map(|task| task.account);
        let mut scopes =
            vec![BudgetScope::All, BudgetScope::Task(TaskId::new(5)), BudgetScope::Resource(ResourceId::new(1))];
        scopes.extend(summary.map(BudgetScope::Wbs));
        scopes.extend(account.map(BudgetScope::Account));
        let times = [(None, None), (None, later(30)), (later(20), None), (later(15), later(50))];
        let budgets: Vec<_> =
            scopes.iter().flat_map(|&scope| times.map(|(from, to)| (scope, from, to, i64::MAX / 8))).collect();
        let loose = with_caps(&plan, &budgets);
        let network = compile_in_minutes(&loose).unwrap();
        let modes = quickest_modes(&network);
        let model = Model::new(&loose, &network, &modes, &[], &RiskOptions::default()).unwrap();
        let block = planned(&model);
        let starts: Vec<_> = (0..network.len()).map(|node| block.starts[model.position[node] as usize][0]).collect();
        let schedule = place(&loose, &network, &starts, &modes);
        // What accrues by the minute is cut to whole cents, task by task.
        let cuts = plan.tasks().len() as i64 + 2;
        let exceeded = |more: i64| {
            let caps = budgets.iter().zip(&model.caps);
            let caps: Vec<_> = caps
                .map(|(&(scope, from, to, _), cap)| (scope, from, to, cap.spent(&model, &block)[0] + more))
                .collect();
            let findings = verify(&with_caps(&plan, &caps), &schedule);
            findings.iter().filter(|finding| finding.rule == "budget-exceeded").count()
        };
        assert_eq!(exceeded(cuts), 0, "seed {seed}");
        let spending = model.caps.iter().filter(|cap| cap.spent(&model, &block)[0] > cuts).count();
        assert!(exceeded(-cuts) >= spending && spending > 4, "seed {seed}: {} of {spending}", exceeded(-cuts));
    }
}

#[test]
fn risks_cost_where_their_first_task_does() {
    let plan = plan_of(&[
        PERIODS,
        (Tasks, "id,duration,account,fixed_cost\nA,10,x,100\nB,20,y,200\n"),
        (Risks, "id,probability,tasks,cost\nr,0.3,B;A,1000\n"),
        (Budgets, "id,scope,key,cap\nx,account,x,150\ny,account,y,1199\nb,task,B,1200\nall,all,,1300\n"),
    ]);
    let found = assessed(&plan, &options());
    let kept: Vec<f64> = found.limits(&plan).iter().map(|kept| kept.kept.share).collect();
    // Accounts x and y, task B, everything, and everything by the planned finish, which nothing delays.
    for (kept, expected) in kept.iter().zip([1.0, 0.7, 1.0, 1.0, 1.0]) {
        assert!((kept - expected).abs() < tolerance(expected), "{kept:?}");
    }
    assert_eq!(kept.len(), 5);
}

#[test]
fn a_date_and_a_cost_are_kept_at_once_as_often_as_both_are() {
    // Cost grows with the duration of one task, the finish with that of another.
    let plan = plan_of(&[
        (Project, "key,value\ntime_unit,period\ndeadline,700\n"),
        (Resources, "id,rate\nana,1\n"),
        (Tasks, "id,duration,distribution,resources\nA,500,uniform(0;1000),\nB,5,uniform(0;400),ana\n"),
        (Budgets, "id,scope,key,cap\nall,all,,100\n"),
    ]);
    let found = assessed(&plan, &options());
    let limits = found.limits(&plan);
    let [deadline, budget, both] = limits[..] else { panic!("{limits:?}") };
    for (kept, expected) in [(deadline, 0.7), (budget, 0.25), (both, 0.7 * 0.25)] {
        assert!((kept.kept.share - expected).abs() < tolerance(expected) + 0.002, "{kept:?}");
    }
    // Independent: the 90th percentile of each is kept by 81 % at once.
    let (finish, cost) = found.joint_confidence(0.81).unwrap();
    let late = (finish.0 - 900).abs();
    assert!(late < 10 && (cost - 36_000.0).abs() < 400.0, "{finish} {cost}");
}

#[test]
fn ids_of_budgets_are_those_of_their_samples() {
    let plan = plan_of(&[
        PERIODS,
        (Tasks, "id,duration,fixed_cost\nA,10,100\n"),
        (Budgets, "id,scope,key,cap\none,all,,150\ntwo,task,A,90\n"),
    ]);
    let found = assessed(&plan, &RiskOptions { samples: 40, ..options() });
    let of: IdVec<BudgetId, f64> = IdVec::from(
        found
            .limits(&plan)
            .iter()
            .filter(|kept| matches!(kept.limit, Limit::Budget(..)))
            .map(|kept| kept.kept.share)
            .collect::<Vec<_>>(),
    );
    assert_eq!((of[BudgetId::new(0)], of[BudgetId::new(1)]), (1.0, 0.0));
}

#[test]
fn fixed_costs_vary_as_categories_say() {
    let plan = plan_of(&[
        PERIODS,
        (Tasks, "id,duration,category,fixed_cost\nA,10,build,1000\nB,20,test,500\nC,5,build,\n"),
        (Budgets, "id,scope,key,cap\nall,all,,1000000\na,task,A,1000\n"),
    ]);
    let build = plan.tasks()[TaskId::new(0)].category.unwrap();
    let costs = Defaults { by_category: vec![(build, [0.7, 1.0, 2.5])], ..Defaults::default() };
    let found = assessed(&plan, &RiskOptions { costs, ..options() });
    // PERT: (0.7 + 4 + 2.5) / 6 = 1.2 times 1000, and 500.
    let mean = moments(&found.samples.cost.iter().map(|&cost| cost as f64).collect::<Vec<_>>()).0;
    assert!((mean - 170_000.0).abs() < 800.0, "{mean}");
    assert_eq!(found.samples.budgets[0], found.samples.cost);
    assert!(found.samples.budgets[1].iter().zip(&found.samples.cost).all(|(task, all)| all - task == 50_000));
    assert!(found.samples.finish.iter().all(|&finish| finish == 20));
}

#[test]
fn fixed_costs_vary_as_their_tasks_say() {
    let plan = plan_of(&[
        PERIODS,
        (
            Tasks,
            "id,duration,fixed_cost,cost_distribution,resources\n\
             A,10,1000,uniform(900;1500),cable*10\nB,20,500,discrete(400:0.5;800:0.5),\nC,5,100,,\n",
        ),
        (Resources, "id,kind,rate\ncable,material,5\n"),
        (Budgets, "id,scope,key,cap\na,task,A,1250\n"),
    ]);
    // What is said on the command line is for those that say nothing.
    let costs = Defaults { others: Some([2.0, 2.0, 2.0]), ..Defaults::default() };
    let found = assessed(&plan, &RiskOptions { costs, ..options() });
    let mean = moments(&found.samples.cost.iter().map(|&cost| cost as f64).collect::<Vec<_>>()).0;
    // 1,200 and 50 of cable, 600, and twice 100.
    assert!((mean - 205_000.0).abs() < 1_000.0, "{mean}");
    let budget: Vec<f64> = found.samples.budgets[0].iter().map(|&cost| cost as f64).collect();
    assert!(budget.iter().all(|cost| (95_000.0..=155_000.0).contains(cost)));
    assert!((moments(&budget).0 - 125_000.0).abs() < 500.0);
    // Half of the time A stays below 1,200.
    let share = found.limits(&plan)[0].kept.share;
    assert!((share - 0.5).abs() < 0.02, "{share}");
}

#[test]
fn who_waits_for_the_money_of_the_next_period_does_so_in_samples() {
    let plan = plan_of(&[
        PERIODS,
        (Tasks, "id,duration,fixed_cost,distribution\nA,5,100,uniform(1;5)\nB,5,100,uniform(1;5)\n"),
        (Budgets, "id,scope,key,from,to,cap\nfirst,all,,0,20,150\n"),
    ]);
    let control = Control::start(Limits::default());
    let outcome = solve(&plan, &compile(&plan).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap();
    let schedule = outcome.schedule.unwrap();
    let finish = schedule.finish().unwrap();
    // Half of one of the two, at least, is paid behind the first 20.
    assert!(finish.0 > 20, "{finish:?}");
    for (policy, planned, is_kept) in
        [(Policy::Flow, finish.0, true), (Policy::List, finish.0, true), (Policy::Logic, 5, false)]
    {
        let options = RiskOptions { policy, samples: 200, ..options() };
        let found = assess(&plan, Some(&schedule), &options, &control, &|_| {}).unwrap();
        assert_eq!(i64::from(found.planned.0), planned, "{policy:?}");
        let share = found.limits(&plan)[0].kept.share;
        assert_eq!(share > 0.2, is_kept, "{policy:?}: {share}");
    }
}
