//! Projects worked out by hand, and what must hold of any.

use std::borrow::Cow;

use proptest::prelude::*;

use super::buffers::{BufferRule, Call, buffers, penetration};
use super::*;
use crate::cpm::left_to_do;
use crate::effort::{Control, Limits};
use crate::io::testing::plan_of;
use crate::network::compile;
use crate::plan::Limit;
use crate::plan::draft::TableKind::{self, Budgets, Expenses, Progress, Project, Tasks};
use crate::risk::{RiskOptions, outlook};
use crate::schedule::Outcome;
use crate::solve::{SolveOptions, solve};
use crate::units::{MINUTES_PER_DAY, Minutes};
use jiff::civil::date;

fn march(day: i8, hour: i8) -> Moment {
    Moment::from_civil(date(2026, 3, day).at(hour, 0, 0, 0))
}

fn solved(plan: &Plan) -> Outcome {
    let control = Control::start(Limits { effort: Some(30), time: None });
    solve(plan, &compile(plan).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap()
}

/// The schedule of a plan before anything is done.
fn promised(plan: &Plan) -> Baseline {
    let before = plan.as_of(plan.project().start);
    Baseline::of_schedule(&before, &solved(&before).schedule.unwrap(), "first")
}

/// Does something with the forecast of a plan.
fn with_forecast<T>(plan: &Plan, work: impl FnOnce(&Forecast<'_>) -> T) -> T {
    let left = left_to_do(Cow::Borrowed(plan));
    let outcome = solved(&left);
    let schedule = outcome.schedule.unwrap();
    work(&Forecast::new(plan, &left, &schedule, &outcome.dates, None))
}

fn tracked(tables: &[(TableKind, &str)]) -> (Plan, Tracking) {
    let plan = plan_of(tables);
    let baseline = promised(&plan);
    let tracking = with_forecast(&plan, |forecast| track(forecast, &baseline, Period::Week));
    (plan, tracking)
}

const TASKS: &str = "id,parent,duration,predecessors,fixed_cost,account,ev_method\n\
                     S,,,,,,\n\
                     A,S,5d,,1000,x,\n\
                     B,,5d,A,2000,x,\n\
                     C,S,5d,,500,y,0/100\n";
const PROJECT: &str = "key,value\nstart,2026-03-02\nstatus_date,2026-03-11\n";
const PROGRESS: &str = "task,actual_start,actual_finish,percent_complete\n\
                        A,2026-03-02 08:00,2026-03-09 17:00,\n\
                        B,2026-03-10 08:00,,20\n\
                        C,2026-03-02 08:00,,60\n";
const EXPENSES: &str = "date,amount,task,account,kind\n\
                        2026-03-06,1200,A,,\n\
                        2026-03-10,300,B,,\n\
                        2026-03-10,100,,y,\n\
                        2026-03-10,50,,y,committed\n\
                        2026-03-11,7000,B,,committed\n\
                        2026-03-20,9999,B,,\n";

#[test]
fn a_project_of_three_tasks_is_valued_by_hand() {
    let (plan, tracking) = tracked(&[(Tasks, TASKS), (Project, PROJECT), (Progress, PROGRESS), (Expenses, EXPENSES)]);
    let value = |id: &str| {
        let value = tracking.value.tasks[plan.find_task(id).unwrap()];
        [value.budget, value.planned, value.earned, value.actual, value.committed].map(|money| money.0 / 100)
    };
    // Two of the five days that B should have had by the morning of Wednesday the 11th; C earns nothing before it is done.
    assert_eq!(value("A"), [1_000, 1_000, 1_000, 1_200, 0]);
    assert_eq!(value("B"), [2_000, 800, 400, 300, 7_000]);
    // What is booked on account y alone is C's, who has all of it.
    assert_eq!(value("C"), [500, 500, 0, 100, 50]);
    assert_eq!(value("S"), [1_500, 1_500, 1_000, 1_300, 50]);
    let total = tracking.value.total;
    assert_eq!((total.budget, total.planned, total.earned), (Money(350_000), Money(230_000), Money(140_000)));
    assert_eq!((total.actual, total.cost_performance()), (Money(160_000), Some(0.875)));
    let accounts: Vec<(&str, i64)> =
        tracking.value.accounts.iter().map(|(it, value)| (plan.label(it.unwrap()), value.actual.0 / 100)).collect();
    assert_eq!(accounts, [("x", 1_500), ("y", 100)]);
    // 1,500 are planned for the first week, and all until Friday 17:00 of the second.
    assert!((tracking.schedule.earned - 1_400.0 / 1_500.0).abs() < 1e-9);
    assert!((tracking.schedule.actual - 9.0 / 7.0).abs() < 1e-9);
    assert!((tracking.schedule.planned - (1.0 + 113.0 / 168.0)).abs() < 1e-9);
    // Four days of B and two of C are left from Wednesday on.
    let slips: Vec<(&str, i64)> =
        tracking.slips.iter().map(|slip| (&*plan.tasks()[slip.task].id, slip.finish.0 / 480)).collect();
    assert_eq!(slips, [("S", 4), ("A", 1), ("B", 1), ("C", 4)]);
    assert_eq!(tracking.to_come, Money(160_000 + 20_000));
    assert_eq!(tracking.bottom_up(), Money(340_000));
    assert!(!tracking.is_estimated);
    let points: Vec<_> = tracking.curve.iter().map(|point| (point.at, point.planned.0 / 100)).collect();
    assert_eq!(points[..3], [(march(2, 0), 0), (march(9, 0), 1_500), (march(11, 0), 2_300)]);
    assert_eq!(tracking.curve.last().and_then(|point| point.forecast), Some(Money(340_000)));
}

/// What a plan without anything uncertain costs in the end, by its forecast and by samples: in all, and under each budget.
fn at_completion(expenses: Option<&str>) -> [Vec<Money>; 2] {
    let tasks = "id,duration,predecessors,resources,fixed_cost,account\nA,5d,,ana;cement*10,100,x\n\
                 B,4d,A,ben;cement*5,41,x\nC,2d,B,ana,,y\n";
    let people = "id,kind,rate,cost_per_use\nana,work,80/d,5\nben,work,161/d,3\ncement,material,3,\n";
    let project = "key,value\nstart,2026-03-02\nstatus_date,2026-03-11\noverhead_per_day,7.77\ndeadline,2026-03-12\n\
                   delay_penalty_per_day,11\n";
    let progress = "task,actual_start,actual_finish,percent_complete\n\
                    A,2026-03-02 08:00,2026-03-09 17:00,\nB,2026-03-10 08:00,,30\n";
    // The last one begins where C does, on Monday the 16th.
    let budgets = "id,scope,key,from,to,cap\nall,all,,,,2000\nx,account,x,,,900\ny,account,y,,,100\n\
                   late,all,,2026-03-16,2026-03-31,1\n";
    let tables = [(Tasks, tasks), (TableKind::Resources, people), (Project, project), (Progress, progress)];
    let books = expenses.map(|rows| (Expenses, rows));
    let plan = plan_of(&tables.into_iter().chain([(Budgets, budgets)]).chain(books).collect::<Vec<_>>());
    // Two caps are broken: schedules leave budgets aside, figures do not.
    let budgets: Vec<Limit> = plan.budgets().ids().map(Limit::Budget).collect();
    let baseline = promised(&plan.without(&budgets));
    let whole = left_to_do(Cow::Borrowed(&plan));
    let outcome = solved(&whole.without(&budgets));
    let schedule = outcome.schedule.unwrap();
    let tracking = track(&Forecast::new(&plan, &whole, &schedule, &outcome.dates, None), &baseline, Period::Week);
    let control = Control::start(Limits::default());
    let options = RiskOptions { samples: 8, ..RiskOptions::default() };
    let found = crate::risk::assess(&whole, Some(&schedule), &options, &control, &|_| {}).unwrap();
    let caps = plan.budgets().ids().map(|id| whole.whole_cap(id)).collect::<Vec<_>>();
    assert_eq!(caps, plan.budgets().iter().map(|budget| budget.cap).collect::<Vec<_>>());
    assert!(found.samples.cost.iter().all(|&cost| cost == found.planned.1));
    let sampled = found.samples.budgets.iter().map(|spent| Money(spent[0]));
    let tracked = tracking.spending.iter().map(|spending| spending.at_completion());
    [
        [tracking.bottom_up()].into_iter().chain(tracked).collect(),
        [Money(found.planned.1)].into_iter().chain(sampled).collect(),
    ]
}

#[test]
fn without_uncertainty_samples_cost_at_completion_what_the_forecast_does() {
    // A: 5 days of 80, cement 30, fixed 100, use 5, and a day more than planned that Ana worked: 615. B: 4 days of 161, cement
    // 15, fixed 41, use 3, of which a day's work, three tenths of what goes by progress and the use are spent; 2.8 days of
    // work are left, so that 3.8 cost 611.80. C: 2 days and a use, 165. Seven days of overhead and then, until noon of
    // Tuesday the 17th, four and eight tenths more.
    let [tracked, sampled] = at_completion(None);
    assert_eq!(tracked, sampled);
    let (a, b, c) = (61_500, 61_180 + 1_500 + 4_100 + 300, 16_500);
    let overhead = 7 * 777 + (777 * 48 / 10);
    assert_eq!(sampled[1..4], [Money(a + b + c + overhead), Money(a + b), Money(c)]);
    let books = "date,amount,task,account,kind\n2026-03-09,700,A,,\n2026-03-10,12.34,B,,\n2026-03-10,10,,x,\n";
    let [tracked, sampled] = at_completion(Some(books));
    assert_eq!(tracked, sampled);
    // Of B 2.8 days of work and seven tenths of 56 are to come; nobody booked overhead.
    let x = 70_000 + 1_234 + 1_000 + 45_080 + 3_920;
    assert_eq!(sampled[1..4], [Money(x + c + overhead), Money(x), Money(c)]);
    // What is owed is part of what is to come, unless it is more.
    let [tracked, sampled] = at_completion(Some(&format!("{books}2026-03-10,99,,,\n2026-03-10,200,,y,committed\n")));
    assert_eq!(tracked, sampled);
    assert_eq!(sampled[1..4], [Money(x + c + 9_900 + 777 * 48 / 10), Money(x), Money(20_000)]);
}

/// Named people, a skill, a material and a cost per use; the second task has begun, the first is done.
const PRICED: &str = "id,duration,predecessors,resources,fixed_cost\n\
                      A,5d,,ana;cement*10,100\nB,4d,A,skill:dig,40\nC,2d,B,ana,\n";
const PEOPLE: &str = "id,kind,rate,cost_per_use,skills\nana,work,80/d,5,\nben,work,160/d,,dig\ncem,work,240/d,,dig\n\
                      cement,material,3,,\n";

#[test]
fn a_baseline_frozen_later_has_the_same_budget_as_one_frozen_before() {
    let with_status = |status: &str| {
        let project = format!("key,value\nstart,2026-03-02\noverhead_per_day,7\n{status}");
        let progress = "task,actual_start,actual_finish,percent_complete\n\
                        A,2026-03-02 08:00,2026-03-06 17:00,\nB,2026-03-09 08:00,,50\n";
        plan_of(&[(Tasks, PRICED), (TableKind::Resources, PEOPLE), (Project, &project), (Progress, progress)])
    };
    let plan = with_status("status_date,2026-03-11\n");
    let first = promised(&plan);
    let left = left_to_do(Cow::Borrowed(&plan));
    let later = Baseline::of_schedule(&left, &solved(&left).schedule.unwrap(), "later");
    // 5 x 80 + 5 + 30 + 100, 4 x 160 + 40, 2 x 80 + 5; what is done has its actual dates.
    let budgets = |baseline: &Baseline| baseline.rows.iter().map(|row| row.cost.0 / 100).collect::<Vec<_>>();
    assert_eq!((budgets(&first), budgets(&later)), (vec![535, 680, 165], vec![535, 680, 165]));
    let dates = |row: &Promise| (row.start, row.finish);
    assert_eq!(dates(&later.rows[0]), (march(2, 8), march(6, 17)));
    assert_eq!(dates(&later.rows[1]), (march(9, 8), march(12, 17)));
    let figures = |baseline: &Baseline| {
        let total = with_forecast(&plan, |forecast| track(forecast, baseline, Period::Week)).value.total;
        (total.budget, total.planned, total.earned)
    };
    assert_eq!(figures(&later), figures(&first));
}

#[test]
fn penalty_and_bonus_are_held_against_those_that_were_promised() {
    let project = "key,value\nstart,2026-03-02\nstatus_date,2026-03-02\ndeadline,2026-03-20\nearly_bonus_per_day,10\n";
    let (_, tracking) = tracked(&[(Tasks, TASKS), (Project, project)]);
    // A week before the deadline brings 50; no budget knows of it.
    assert_eq!((tracking.value.total.budget, tracking.bottom_up()), (Money(350_000), Money(345_000)));
    assert_eq!(tracking.promised_cost(), tracking.bottom_up());
}

#[test]
fn expenses_are_told_by_period_on_everything_that_they_are_booked_on() {
    let (plan, tracking) = tracked(&[(Tasks, TASKS), (Project, PROJECT), (Progress, PROGRESS), (Expenses, EXPENSES)]);
    let task = |id: &str| Object::Task(plan.find_task(id).unwrap());
    let rows = |object: Object| -> Vec<_> {
        let of_object = tracking.spent.iter().filter(|row| row.object == object);
        of_object.map(|row| (row.from, row.spent.0 / 100, row.committed.0 / 100, row.remaining.0 / 100)).collect()
    };
    // 1,200 in the first week; 300 and 100 in the second, and 50 and 7,000 owed. What comes later is not known yet.
    assert_eq!(rows(Object::Project), [(march(2, 0), 1_200, 0, 2_300), (march(9, 0), 400, 7_050, -5_150)]);
    assert_eq!(rows(task("A")), [(march(2, 0), 1_200, 0, -200)]);
    assert_eq!(rows(task("S")), [(march(2, 0), 1_200, 0, 300)]);
    assert_eq!(rows(task("B")), [(march(9, 0), 300, 7_000, -5_300)]);
    // What names an account alone is booked on no task.
    assert_eq!(rows(task("C")), []);
    let account = tracking.value.accounts.iter().find_map(|(it, _)| it.filter(|&it| plan.label(it) == "y")).unwrap();
    assert_eq!(rows(Object::Account(account)), [(march(9, 0), 100, 50, 350)]);
}

#[test]
fn tasks_without_costs_are_worth_their_working_time() {
    let tasks = "id,duration,predecessors\nA,5d,\nB,5d,A\n";
    let progress = "task,actual_start,actual_finish,percent_complete\nA,2026-03-02 08:00,2026-03-09 17:00,\n\
                    B,2026-03-10 08:00,,20\n";
    let (_, tracking) = tracked(&[(Tasks, tasks), (Project, PROJECT), (Progress, progress)]);
    // On the morning of the 11th 40 + 16 of 80 hours are planned, 40 + 8 earned, and 48 + 8 worked.
    let EarnedValue { budget, planned, earned, actual, .. } = tracking.value.total;
    assert!(tracking.is_in_hours && tracking.is_estimated);
    assert_eq!([budget, planned, earned, actual].map(|hours| hours.0 / 100), [80, 56, 48, 56]);
    let priced = tracked(&[(Tasks, TASKS), (Project, PROJECT), (Progress, PROGRESS)]).1;
    assert!(!priced.is_in_hours);
}

/// What samples say of what is left.
fn simulated(plan: &Plan) -> (Simulated, Tracking) {
    let baseline = promised(plan);
    let left = left_to_do(Cow::Borrowed(plan));
    let outcome = solved(&left);
    let schedule = outcome.schedule.unwrap();
    let options = RiskOptions { samples: 200, ..RiskOptions::default() };
    let control = Control::start(Limits::default());
    let outlook = outlook(&left, Some(&schedule), &options, &[], true, &control, &|_| {}).unwrap();
    let simulated = Simulated::of(&outlook, &[]);
    let forecast = Forecast::new(plan, &left, &schedule, &outcome.dates, Some(simulated.clone()));
    let tracking = track(&forecast, &baseline, Period::Week);
    (simulated, tracking)
}

#[test]
fn a_finished_project_finishes_in_every_sample_when_it_did() {
    let progress = |last: &str| {
        format!(
            "task,actual_start,actual_finish\nA,2026-03-02 08:00,2026-03-09 17:00\n\
             B,2026-03-10 08:00,2026-03-13 17:00\nC,2026-03-02 08:00,{last}\n"
        )
    };
    let finish = |last: &str, status: &str| {
        let project = format!("key,value\nstart,2026-03-02\nstatus_date,{status}\n");
        let plan = plan_of(&[(Tasks, TASKS), (Project, &project), (Progress, &progress(last))]);
        let Range { middle, late } = simulated(&plan).0.finish;
        assert_eq!(middle, late);
        middle
    };
    // Whatever the status date, and whatever was told too early.
    assert_eq!(finish("2026-03-06 17:00", "2026-05-04"), march(13, 17));
    assert_eq!(finish("2026-03-16 12:00", "2026-05-04"), march(16, 12));
    // A milestone that is left stands at the status date, not before the weekend that it ends.
    let tasks = format!("{TASKS}M,,0,B,,,\n");
    let project = "key,value\nstart,2026-03-02\nstatus_date,2026-03-16\n";
    let plan = plan_of(&[(Tasks, &tasks), (Project, project), (Progress, &progress("2026-03-06 17:00"))]);
    assert_eq!(simulated(&plan).0.finish.late, march(16, 8));
}

#[test]
fn each_issue_tells_what_it_moves() {
    let issues = "id,opened,task,delay,cost,status\nold,2026-03-03,A,1d,,resolved\nnew,2026-03-10,B,2d,70,open\n";
    let tables = [(Tasks, TASKS), (Project, PROJECT), (Progress, PROGRESS), (TableKind::Issues, issues)];
    let (_, tracking) = simulated(&plan_of(&tables));
    let [old, new] = &tracking.issues[..] else { panic!("{:?}", tracking.issues) };
    // What is resolved shows in what became of its task: A was finished a day late.
    assert_eq!((old.finish, old.slip, &old.ahead), (march(9, 17), Some(Minutes(480)), &None));
    // Four days of B are left from Wednesday the 11th on, or six: from Monday to Wednesday evening.
    let ahead = new.ahead.as_ref().unwrap();
    assert_eq!((ahead.without, ahead.with), (march(16, 17), march(18, 17)));
    assert_eq!((ahead.mean_delay, new.cost), (2.0 * MINUTES_PER_DAY as f64, Money(7_000)));
    assert_eq!(ahead.moved.len(), 1);
}

#[test]
fn what_breaks_and_until_when_that_can_be_helped() {
    let budgets = "id,scope,key,cap\nall,all,,3600\nenough,account,y,650\n";
    let tasks = TASKS.replace("ev_method", "ev_method,deadline").replace("0/100\n", "0/100,2026-03-10\n");
    let tables = [(Tasks, &*tasks), (Project, PROJECT), (Progress, PROGRESS), (Expenses, EXPENSES), (Budgets, budgets)];
    let (plan, tracking) = tracked(&tables);
    let [all, enough] = &tracking.spending[..] else { panic!("{:?}", tracking.spending) };
    assert_eq!((all.spent, all.committed, all.to_come), (Money(160_000), Money(705_000), Money(180_000)));
    // More is owed than the rest should cost.
    assert_eq!(all.at_completion(), Money(865_000));
    // 100 in nine days: 550 last beyond the end.
    assert_eq!((enough.breaks, enough.remaining()), (None, Money(50_000)));
    let [late, dear] = &tracking.warnings[..] else { panic!("{:?}", tracking.warnings) };
    // C is done on the 12th instead of the 10th; its two days that are left are less than twice the overrun.
    assert_eq!(late.what, Threatened::Task(plan.find_task("C").unwrap()));
    assert_eq!((late.overrun, late.act_by, late.is_forecast), (Overrun::Time(Minutes(960)), None, true));
    assert_eq!(
        (dear.what, dear.overrun),
        (Threatened::Budget(tracking.spending[0].budget), Overrun::Money(Money(505_000)))
    );
    // All that is left is under way.
    assert_eq!(dear.act_by, None);
}

#[test]
fn without_expenses_costs_are_those_of_the_time_worked() {
    let resources = "id,rate\nana,80/h\n";
    let tasks = "id,duration,resources,fixed_cost\nA,5d,ana,1000\n";
    let progress = "task,actual_start,percent_complete\nA,2026-03-02 08:00,50\n";
    let project = "key,value\nstart,2026-03-02\nstatus_date,2026-03-07\noverhead_per_day,10\n";
    let (_, tracking) =
        tracked(&[(Tasks, tasks), (TableKind::Resources, resources), (Project, project), (Progress, progress)]);
    assert!(tracking.is_estimated);
    // Five days of eight hours, half of the fixed cost, and five days of overhead.
    assert_eq!(tracking.value.total.actual, Money(5 * 8 * 8_000 + 50_000 + 5_000));
    assert_eq!(tracking.value.total.earned, Money((5 * 8 * 8_000 + 100_000) / 2 + 5_000));
}

#[test]
fn scope_that_comes_and_goes_is_told() {
    let before = plan_of(&[(Tasks, TASKS), (Project, PROJECT)]);
    let mut baseline = promised(&before);
    let now = TASKS.replace("C,S,5d,,500,y,0/100\n", "D,S,2d,,70,y,\n");
    let plan = plan_of(&[(Tasks, &now), (Project, PROJECT), (Progress, &PROGRESS.replace("\nC", "\nD"))]);
    for row in &mut baseline.rows {
        row.task = plan.find_task(&row.id);
    }
    let tracking = with_forecast(&plan, |forecast| track(forecast, &baseline, Period::Week));
    let removed: Vec<&str> = tracking.scope.removed.iter().map(|&at| &*baseline.rows[at].id).collect();
    assert_eq!((removed, tracking.scope.added.len()), (vec!["C"], 1));
    assert_eq!(&*plan.tasks()[tracking.scope.added[0].0].id, "D");
    // What was promised stays promised.
    assert_eq!(tracking.value.total.budget, Money(350_000));
    assert_eq!(tracking.value.removed.planned, Money(50_000));
}

#[test]
fn projects_without_money_progress_or_time_are_no_trouble() {
    let free = "id,duration,predecessors\nA,5d,\nB,5d,A\n";
    let (_, nothing) = tracked(&[(Tasks, free), (Project, PROJECT)]);
    // Worth their hours, of which none is worked.
    let total = nothing.value.total;
    assert_eq!((total.actual, total.cost_performance(), total.complete()), (Money::ZERO, None, Some(0.0)));
    assert_eq!(nothing.schedule.earned, 0.0);
    // Costs without value: a task that is not in the baseline's budget.
    let (_, spent) = tracked(&[(Tasks, free), (Project, PROJECT), (Expenses, "date,amount,task\n2026-03-03,5,A\n")]);
    assert_eq!((spent.value.total.actual, spent.value.total.cost_performance()), (Money(500), Some(0.0)));
    // Nothing is known before the start.
    let early = PROJECT.replace("2026-03-11", "2026-02-01");
    let (_, early) = tracked(&[(Tasks, TASKS), (Project, &early)]);
    assert_eq!((early.value.total.planned, early.schedule.actual), (Money::ZERO, 0.0));
    let (_, milestone) = tracked(&[(Tasks, "id,duration\nM,0\n"), (Project, PROJECT)]);
    assert_eq!(milestone.slips.len(), 1);
}

#[test]
fn time_does_not_go_on_for_a_project_that_is_done() {
    let done = "task,actual_start,actual_finish\n\
                A,2026-03-02 08:00,2026-03-05 17:00\nB,2026-03-06 08:00,2026-03-12 17:00\nC,2026-03-02 08:00,2026-03-06 17:00\n";
    let project = PROJECT.replace("2026-03-11", "2026-06-01");
    let (_, tracking) = tracked(&[(Tasks, TASKS), (Project, &project), (Progress, done)]);
    assert_eq!(tracking.value.total.earned, tracking.value.total.budget);
    // A day early: nine and a half of ten, roughly, in calendar weeks; more than 1 whatever the unit.
    assert!(tracking.schedule.performance().unwrap() > 1.0, "{:?}", tracking.schedule);
    assert_eq!(tracking.to_come, Money::ZERO);
    assert!(tracking.warnings.is_empty());
}

#[test]
fn buffers_are_sized_by_hand_and_used_up_by_what_comes_late() {
    // Uniform from 4 to 9 days: 90 % sure is 8.5, 3.5 more than planned; from 3 to 8: 7.5, 3.5 more than 4.
    let tasks = "id,duration,predecessors,distribution\n\
                 A,5d,,\"uniform(4d,9d)\"\nB,4d,A,\"uniform(3d,8d)\"\nC,6d,,\nD,1d,C,\nE,2d,B;D,\n";
    let plan = plan_of(&[(Tasks, tasks), (Project, "key,value\nstart,2026-03-02\n")]);
    let outcome = solved(&plan);
    let schedule = outcome.schedule.unwrap();
    let ids = |chain: &[TaskId]| chain.iter().map(|&task| &*plan.tasks()[task].id).collect::<Vec<_>>().join(" ");
    let found = buffers(&plan, &schedule, &outcome.dates, BufferRule::RootOfSquares);
    let [project, feeding] = &found[..] else { panic!("{found:?}") };
    assert_eq!((ids(&project.chain), ids(&feeding.chain)), ("A B E".to_owned(), "C D".to_owned()));
    // The root of 3.5 squared twice is 4.95 days; a quarter of eleven days is less.
    assert!((project.size.0 as f64 / 480.0 - 4.95).abs() < 0.02, "{:?}", project.size);
    // A quarter of seven days; there are two days of room before E.
    assert_eq!((feeding.size, feeding.is_cut), (Minutes(840), false));
    assert_eq!(feeding.before.map(|task| &*plan.tasks()[task].id), Some("E"));
    let half = buffers(&plan, &schedule, &outcome.dates, BufferRule::Half);
    assert_eq!((half[0].size, half[1].size, half[1].is_cut), (Minutes(11 * 240), Minutes(960), true));
    // Two days late with half of B to do: 40 % of the buffer is used.
    let progress = "task,actual_start,actual_finish,remaining_duration\n\
                    A,2026-03-02 08:00,2026-03-10 17:00,\nB,2026-03-11 08:00,,2d\nC,2026-03-02 08:00,2026-03-09 17:00,\n\
                    D,2026-03-10 08:00,2026-03-10 17:00,\n";
    let project = "key,value\nstart,2026-03-02\nstatus_date,2026-03-13\n";
    let begun = plan_of(&[(Tasks, tasks), (Project, project), (Progress, progress)]);
    let [first, second] = with_forecast(&begun, |forecast| [0, 1].map(|at| penetration(forecast, &half[at])));
    assert!((first.used - 2.0 / 5.5).abs() < 1e-9, "{first:?}");
    assert!((first.complete - (5.0 + 2.0) / 11.0).abs() < 1e-9);
    assert_eq!(first.call(), Call::Plan);
    assert_eq!((second.used, second.call()), (-0.0, Call::Watch));
}

fn days(range: std::ops::Range<i64>) -> impl Strategy<Value = i64> {
    range
}

/// Durations, whether each waits for the one before, its cost, and how its progress goes: start delay, stretch in percent.
type Drawn = Vec<(i64, bool, i64, i64, i64)>;

fn drawn() -> impl Strategy<Value = Drawn> {
    prop::collection::vec((days(1..6), any::<bool>(), 0i64..5_000, days(0..3), 50i64..200), 1..6)
}

/// A plan whose work goes on as drawn, with a report each week.
fn history(drawn: &Drawn, status: i64) -> Plan {
    let mut tasks = "id,duration,predecessors,fixed_cost\n".to_owned();
    let mut progress = "task,actual_start,actual_finish,percent_complete,date\n".to_owned();
    let mut free = 0;
    for (at, &(duration, waits, cost, delay, stretch)) in drawn.iter().enumerate() {
        let before = if waits && at > 0 { format!("T{}", at - 1) } else { String::new() };
        tasks += &format!("T{at},{duration}d,{before},{}.{:02}\n", cost / 100, cost % 100);
        let start = if before.is_empty() { 0 } else { free } + delay;
        let finish = start + (duration * stretch / 100).max(1);
        let moment = |day: i64| Moment(march(2, 8).0 + day * MINUTES_PER_DAY);
        for report in (7..).step_by(7).take_while(|&report| report < finish + 7) {
            let when = Moment(march(2, 0).0 + report * MINUTES_PER_DAY).date();
            if finish <= report {
                progress += &format!("T{at},{},{},,{when}\n", moment(start), moment(finish));
            } else if start < report {
                let percent = 100 * (report - start) / (finish - start);
                progress += &format!("T{at},{},,{percent},{when}\n", moment(start));
            }
        }
        free = finish;
    }
    let status = Moment(march(2, 0).0 + status * MINUTES_PER_DAY).date();
    let project = format!("key,value\nstart,2026-03-02\nstatus_date,{status}\noverhead_per_day,3\n");
    plan_of(&[(Tasks, &tasks), (Project, &project), (Progress, &progress)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn values_add_up_and_grow_until_all_is_earned(drawn in drawn()) {
        let plan = history(&drawn, 400);
        let baseline = promised(&plan);
        let valuer = Valuer::new(&plan, &baseline, march(2, 0) + Minutes(400 * MINUTES_PER_DAY), false);
        let mut before = EarnedValue::default();
        for day in (0..60).step_by(3) {
            let value = valuer.at(march(2, 0) + Minutes(day * MINUTES_PER_DAY));
            let mut sum = value.overhead;
            value.tasks.iter().for_each(|task| sum += *task);
            prop_assert_eq!(sum, value.total);
            prop_assert!(value.total.planned >= before.planned && value.total.planned <= value.total.budget);
            prop_assert_eq!(valuer.planned(value.at), value.total.planned);
            before = value.total;
        }
        let end = valuer.at(march(2, 0) + Minutes(400 * MINUTES_PER_DAY)).total;
        prop_assert_eq!((end.earned, end.planned), (end.budget, end.budget));
    }

    #[test]
    fn planned_value_is_that_of_counting_minutes(drawn in drawn(), day in 0i64..30, hour in 0i64..24) {
        let plan = history(&drawn, 400);
        let baseline = promised(&plan);
        let at = march(2, 0) + Minutes(day * MINUTES_PER_DAY + hour * 60);
        let valuer = Valuer::new(&plan, &baseline, at, false);
        let works = |minute: i64| plan.calendars()[plan.project().calendar].work_between(Moment(minute), Moment(minute + 1)).0;
        let counted: i64 = baseline.activities().map(|row| {
            let worked = |until: i64| (row.start.0..until).map(works).sum::<i64>() as f64;
            let share = worked(at.0.clamp(row.start.0, row.finish.0)) / worked(row.finish.0);
            (row.cost.0 as f64 * share).round() as i64
        }).sum();
        let planned = valuer.at(at);
        prop_assert_eq!(planned.total.planned.0 - planned.overhead.planned.0, counted);
    }

    #[test]
    fn a_later_status_date_never_moves_what_has_begun(drawn in drawn(), first in 1i64..30, more in 0i64..30) {
        let plan = history(&drawn, 400);
        let at = |day: i64| plan.as_of(march(2, 0) + Minutes(day * MINUTES_PER_DAY));
        let (one, other) = (at(first), at(first + more));
        for (before, after) in one.tasks().iter().zip(other.tasks().iter()) {
            if let Some(before) = before.progress {
                let after = after.progress.expect("what has begun stays begun");
                prop_assert_eq!(before.start, after.start);
                prop_assert!(before.finish.is_none_or(|finish| after.finish == Some(finish)));
                prop_assert!(after.complete >= before.complete && after.remaining <= before.remaining);
            }
        }
        let spans = |plan: &Plan| with_forecast(plan, |forecast| forecast.spans.clone());
        for (task, data) in one.tasks().iter_enumerated().filter(|(_, data)| data.progress.is_some()) {
            prop_assert_eq!(spans(&one)[task].0, data.progress.unwrap().start);
            prop_assert_eq!(spans(&other)[task].0, data.progress.unwrap().start);
        }
    }
}
