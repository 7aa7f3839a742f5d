//! What plans become.

use super::*;
use crate::index::Id;
use crate::network::{Consumption, NO_NODE, Spending, TotalOrigin, WeeklyLimit};
use crate::plan::testing::{PlanBuilder, at};
use crate::plan::{BudgetScope, Demand, DemandSource, Duration, LinkKind, Resource, ResourceKind, Window};
use crate::units::{Amount, Minutes, Moment, Money, Rate};

fn units(whole: i64) -> Amount {
    Amount(whole * Amount::ONE.0)
}

fn of(resource: crate::plan::ResourceId, amount: Amount) -> Demand {
    Demand { source: DemandSource::Resource(resource), amount }
}

const DAY: Duration = Duration::Working(Minutes(480));

#[test]
fn nodes_keep_the_order_of_the_file_where_links_allow() {
    let mut builder = PlanBuilder::new();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|id| builder.days(id, 1));
    builder.link(d, LinkKind::FinishToStart, b, 0);
    let network = compile(&builder.build()).unwrap();
    assert_eq!([a, b, c, d].map(|task| network.start_node[task]), [0, 2, 3, 1]);
    assert_eq!(network.predecessors.row(2)[0].other, 1);
    assert_eq!(network.successors.row(1)[0].other, 2);
}

#[test]
fn only_linked_summaries_have_gates() {
    let mut builder = PlanBuilder::new();
    let [free, linked] = ["free", "linked"].map(|id| builder.summary(id));
    let [a, b, c] = ["a", "b", "c"].map(|id| builder.days(id, 1));
    builder.edit(a).parent = Some(free);
    builder.edit(b).parent = Some(linked);
    builder.link(linked, LinkKind::FinishToStart, c, 0);
    let network = compile(&builder.build()).unwrap();
    assert_eq!(
        (network.start_node[free], network.finish_node[free], network.start_node[linked]),
        (NO_NODE, NO_NODE, NO_NODE)
    );
    assert_eq!(network.origin[network.finish_node[linked] as usize], Origin::SummaryFinish(linked));
    assert_eq!(network.len(), 4);
}

#[test]
fn a_cycle_is_an_error_that_names_a_task() {
    let mut builder = PlanBuilder::new();
    let [a, b] = ["a", "b"].map(|id| builder.days(id, 1));
    builder.link(a, LinkKind::FinishToStart, b, 0);
    builder.link(b, LinkKind::FinishToStart, a, 0);
    assert!(compile(&builder.build()).unwrap_err().is_invalid_plan());
}

#[test]
fn capacity_follows_availability_in_the_unit_of_the_demands() {
    // Half a person of three; from Wednesday to Thursday one only. Demands are multiples of a half, days are slots.
    let mut builder = PlanBuilder::new();
    let team = builder.resource("team", 3);
    builder.edit_resource(team).windows = vec![Window { from: at(2, 0, 0), to: at(4, 0, 0), units: units(1) }];
    builder.task("a", DAY, &[of(team, Amount(5_000))]);
    builder.task("b", DAY, &[of(team, units(2))]);
    let network = compile(&builder.build()).unwrap();
    assert_eq!(network.axis.slot_minutes, Minutes(480));
    assert_eq!((network.renewables[0].unit, &network.renewables[0].steps[..]), (5_000, &[(0, 6), (2, 2), (4, 6)][..]));
    assert_eq!([network.demands.row(0)[0].amount, network.demands.row(1)[0].amount], [1, 4]);
}

#[test]
fn a_skill_becomes_a_mode_for_each_choice_of_people() {
    // Two of three who know rust: three choices. Each person is chosen in two of them.
    let mut builder = PlanBuilder::new();
    let rust = builder.label("rust");
    let people = ["ana", "ben", "cho"].map(|id| builder.resource(id, 1));
    for person in people {
        builder.edit_resource(person).skills = vec![rust];
    }
    builder.task("code", DAY, &[Demand { source: DemandSource::Skill(rust), amount: units(2) }]);
    let network = compile(&builder.build()).unwrap();
    assert_eq!(network.modes.row(0).len(), 3);
    for person in people {
        let chosen = network.assigned.iter().filter(|row| row.iter().any(|item| item.resource == person)).count();
        assert_eq!(chosen, 2);
    }
}

/// A plan with a task of two developers; `people` know how.
fn plan_for_two(people: usize) -> (PlanBuilder, Vec<crate::plan::ResourceId>) {
    let mut builder = PlanBuilder::new();
    let rust = builder.label("rust");
    let people: Vec<_> = (0..people).map(|number| builder.resource(&format!("p{number}"), 1)).collect();
    for &person in &people {
        builder.edit_resource(person).skills = vec![rust];
    }
    builder.task("code", DAY, &[Demand { source: DemandSource::Skill(rust), amount: units(2) }]);
    (builder, people)
}

#[test]
fn choices_that_are_left_out_are_known() {
    // 21 pairs of seven people, 28 of eight.
    let seven = compile(&plan_for_two(7).0.build()).unwrap();
    assert_eq!((seven.modes.row(0).len(), seven.left_out.len()), (21, 0));
    let eight = compile(&plan_for_two(8).0.build()).unwrap();
    assert!((24..=28).contains(&eight.modes.row(0).len()), "{}", eight.modes.row(0).len());
    // Crews that are proposed come on top, and may happen to be all that there are: they are not known to be.
    assert_eq!(&eight.left_out[..], [0]);
}

#[test]
fn who_is_away_until_the_end_of_time_does_no_long_work() {
    let mut builder = PlanBuilder::new();
    let rust = builder.label("rust");
    let [ana, ben] = ["ana", "ben"].map(|id| builder.resource(id, 1));
    [ana, ben].iter().for_each(|&person| builder.edit_resource(person).skills = vec![rust]);
    let last = Moment(Moment::MAX.0 - 1440);
    builder.edit_resource(ana).windows = vec![Window { from: at(4, 0, 0), to: last, units: Amount::ZERO }];
    builder.task("code", DAY, &[Demand { source: DemandSource::Skill(rust), amount: Amount::ONE }]);
    let long = Duration::Working(Minutes(30 * 480));
    builder.task("rewrite", long, &[Demand { source: DemandSource::Skill(rust), amount: Amount::ONE }]);
    let network = compile(&builder.build()).unwrap();
    assert_eq!([0, 1].map(|node| network.modes.row(node).len()), [2, 1]);
    assert_eq!(network.assigned.row(network.modes.range(1).start)[0].resource, ben);
}

#[test]
fn nobody_serves_two_skills_of_a_task_at_once() {
    // Ana knows both skills, ben only one: ana has to do the other.
    let mut builder = PlanBuilder::new();
    let [rust, sql] = ["rust", "sql"].map(|skill| builder.label(skill));
    let [ana, ben] = ["ana", "ben"].map(|id| builder.resource(id, 1));
    builder.edit_resource(ana).skills = vec![rust, sql];
    builder.edit_resource(ben).skills = vec![rust];
    let wish = |skill| Demand { source: DemandSource::Skill(skill), amount: Amount::ONE };
    builder.task("code", DAY, &[wish(rust), wish(sql)]);
    let network = compile(&builder.build()).unwrap();
    assert_eq!(network.modes.row(0).len(), 1);
    assert_eq!(network.assigned.row(0).iter().map(|item| item.resource).collect::<Vec<_>>(), [ana, ben]);
}

#[test]
fn a_skill_that_is_not_there_makes_the_plan_infeasible() {
    let mut builder = PlanBuilder::new();
    let rust = builder.label("rust");
    builder.task("code", DAY, &[Demand { source: DemandSource::Skill(rust), amount: Amount::ONE }]);
    let error = compile(&builder.build()).unwrap_err();
    assert!(error.is_infeasible() && error.to_string().contains("`code`"), "{error}");
}

#[test]
fn a_resource_that_is_there_in_one_window_only_works_then() {
    // A machine with no units but in the second week: the task starts there, on the calendar that the axis then needs.
    let mut builder = PlanBuilder::new();
    let machine = builder.resource("machine", 0);
    builder.edit_resource(machine).windows = vec![Window { from: at(7, 0, 0), to: at(12, 0, 0), units: units(1) }];
    builder.task("dig", DAY, &[of(machine, units(1))]);
    let network = compile(&builder.build()).unwrap();
    let start = network.first_start(0, 0).unwrap();
    assert_eq!(network.axis.start_moment(start), at(7, 8, 0));
}

#[test]
fn work_that_a_calendar_never_offers_is_infeasible() {
    let mut builder = PlanBuilder::new();
    let machine = builder.resource("machine", 0);
    builder.edit_resource(machine).windows = vec![Window { from: at(7, 0, 0), to: at(12, 0, 0), units: units(1) }];
    builder.task("dig", Duration::Working(Minutes(6 * 480)), &[of(machine, units(1))]);
    let error = compile(&builder.build()).unwrap_err();
    assert!(error.is_infeasible() && error.to_string().contains("`dig`"), "{error}");
}

#[test]
fn a_window_without_end_that_changes_nothing_takes_nothing_away() {
    let mut builder = PlanBuilder::new();
    let machine = builder.resource("machine", 1);
    builder.edit_resource(machine).windows = vec![Window { from: at(7, 0, 0), to: Moment::MAX, units: units(1) }];
    builder.task("dig", Duration::Working(Minutes(6 * 480)), &[of(machine, units(1))]);
    assert_eq!(compile(&builder.build()).map(|network| network.len()).unwrap(), 1);
}

#[test]
fn costs_and_budgets_count_what_is_in_their_scope() {
    // A day of two people at 10.01 an hour: 8 * 2 * 1001 = 16,016 cents; 5.00 a use and unit: 1,000. Fixed cost 30.
    // Three units of cement at 2.50: 750. In all 17,796.
    let mut builder = PlanBuilder::new();
    let team = builder.resource("team", 2);
    builder.edit_resource(team).rate = Rate { money: Money(1_001), per: Minutes(60) };
    builder.edit_resource(team).cost_per_use = Money(500);
    let material = Resource {
        id: "cement".into(),
        kind: ResourceKind::Material,
        capacity: Some(units(5)),
        rate: Rate { money: Money(250), per: Minutes(60) },
        cost_per_use: Money::ZERO,
        ..builder.edit_resource(team).clone()
    };
    let cement = builder.push_resource(material);
    for id in ["a", "b"] {
        let task = builder.task(id, DAY, &[of(team, units(2)), of(cement, units(3))]);
        builder.edit(task).fixed_cost = Money(30);
    }
    let all = builder.budget(BudgetScope::All, None, None, 20_000);
    let loose = builder.budget(BudgetScope::All, None, None, 40_000);
    let people = builder.budget(BudgetScope::Resource(team), None, Some(at(1, 0, 0)), 20_000);
    assert_ne!(all, loose);
    let network = compile(&builder.build()).unwrap();
    assert_eq!(network.costs, [17_796, 17_796]);
    // The loose budget can never be exceeded and is left out.
    let origins: Vec<TotalOrigin> = network.totals.iter().map(|total| total.origin).collect();
    assert_eq!(origins, [TotalOrigin::Material(cement), TotalOrigin::Budget(all)]);
    assert_eq!(
        network.consumptions.row(1),
        [Consumption { total: 0, amount: 30_000 }, Consumption { total: 1, amount: 17_796 }]
    );
    assert_eq!((network.caps[0].budget, network.caps[0].to), (people, 1));
    assert_eq!(network.spendings.row(0), [Spending { cap: 0, spread: 16_016, at_start: 1_000 }]);
}

#[test]
fn costs_that_cannot_be_counted_are_an_error() {
    let mut builder = PlanBuilder::new();
    let team = builder.resource("team", 1_000_000_000);
    builder.edit_resource(team).rate = Rate { money: Money::MAX, per: Minutes(1) };
    builder.task("a", Duration::Working(Minutes::MAX), &[of(team, units(1_000_000_000))]);
    assert!(compile(&builder.build()).unwrap_err().is_invalid_plan());
}

#[test]
fn a_duration_beyond_the_horizon_is_an_error_that_names_the_task() {
    let mut builder = PlanBuilder::new();
    let age = builder.task("age", Duration::Working(Minutes::MAX), &[]);
    builder.minutes("minute", 1);
    builder.edit(age).calendar = Some(crate::plan::CalendarId::new(1));
    let network = compile(&builder.build()).unwrap();
    // A thousand years of minutes fit; they end before the year 9999.
    assert!(network.finish(0, 0).is_some_and(|finish| finish < network.horizon));
    assert!(network.finish(0, network.horizon - 1).is_none());
}

#[test]
fn a_plan_without_tasks_compiles() {
    let network = compile(&PlanBuilder::new().build()).unwrap();
    assert!(network.is_empty());
}

/// A team on a calendar, each task with its hours and units.
fn team(units: i64, calendar: usize, tasks: &[(i64, i64)], hours: Option<i64>) -> Plan {
    let mut builder = PlanBuilder::new();
    let team = builder.resource("team", units);
    builder.edit_resource(team).calendar = Some(crate::plan::CalendarId::new(calendar));
    builder.edit_resource(team).max_per_week = hours.map(|hours| Minutes(hours * 60));
    for (number, &(hours, units)) in tasks.iter().enumerate() {
        builder.task(&number.to_string(), Duration::Working(Minutes(hours * 60)), &[of(team, self::units(units))]);
    }
    builder.build()
}

#[test]
fn hours_of_a_week_that_are_enough_change_nothing() {
    let network =
        |hours: Option<i64>| format!("{:?}", compile(&team(3, 0, &[(60, 1), (30, 3), (9, 2)], hours)).unwrap());
    // Three people of forty hours.
    assert_eq!(network(Some(120)), network(None));
    assert_ne!(network(Some(119)), network(None));
}

#[test]
fn a_task_that_is_too_much_for_a_week_pauses_until_the_next() {
    // Day and night one may work forty hours: work begins on Monday 00:00, and pauses from Tuesday 16:00 to the next Monday.
    let network = compile(&team(1, 1, &[(60, 1), (20, 1)], Some(40))).unwrap();
    let axis = &network.axis;
    assert_eq!(axis.finish_moment(network.finish(0, 0).unwrap()), at(7, 20, 0));
    assert_eq!(axis.finish_moment(40 * 60 / axis.slot_minutes.0 as Slot), at(1, 16, 0));
    // Two tasks at once never work longer.
    assert_eq!(network.weekly_limits, []);
    // Two of three take two hours of every three.
    let network = compile(&team(3, 1, &[(60, 2), (20, 1)], Some(60))).unwrap();
    let finish = network.finish(0, 0).unwrap();
    assert_eq!(network.axis.finish_moment(finish), at(8, 6, 0));
    let slots = (60 * 60 / network.axis.slot_minutes.0, network.renewables[0].unit);
    assert_eq!(network.weekly_limits, [WeeklyLimit { resource: 0, work: slots.0 * Amount::ONE.0 / slots.1 }]);
}

#[test]
fn weeks_of_limited_resources_begin_at_slots() {
    // Nine hours and forty in a week: an hour divides both.
    let network = compile(&team(2, 0, &[(18, 1), (9, 1)], Some(45))).unwrap();
    assert_eq!(network.axis.slot_minutes, Minutes(60));
    let first = network.axis.week_at(0);
    for week in 0..60 {
        let begin = network.axis.week_start(first + week);
        assert_eq!(begin, 40 * week as Slot);
        assert_eq!((network.axis.week_at(begin), network.axis.week_at(begin - 1)), (first + week, first + week - 1));
    }
}

#[test]
fn work_without_a_pause_that_no_two_weeks_allow_is_refused() {
    let plan = |hours: i64| {
        let mut plan = PlanBuilder::new();
        let oven = plan.resource("oven", 1);
        plan.edit_resource(oven).max_per_week = Some(Minutes(40 * 60));
        plan.task("dry", Duration::Elapsed(Minutes(hours * 60)), &[of(oven, units(1))]);
        plan.build()
    };
    assert!(compile(&plan(80)).is_ok());
    let refused = compile(&plan(81)).unwrap_err();
    assert!(refused.is_infeasible());
    let text =
        "task `dry` needs 81:00 hours without a pause, more than `oven` may work in two weeks (max_hours_per_week)";
    assert!(refused.to_string().contains(text), "{refused}");
}
