//! `floatline team`: which people of a pool keep the deadline at least cost, and in which weeks.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use floatline::cpm::left_to_do;
use floatline::effort::Control;
use floatline::error::{Error, Result};
use floatline::io::results::Format::{Csv, Json};
use floatline::io::results::{write_schedule, write_team};
use floatline::plan::{Plan, ResourceId, ResourceKind, TimeUnit};
use floatline::schedule::Period;
use floatline::team::{Team, TeamOptions, team};
use floatline::units::{Minutes, Money};
use serde_json::{Value, json};
use wildmatch::WildMatch;

use super::files::write_schedule_files;
use super::progress::Line;
use super::settings::{Format, Settings};
use super::{Verdict, interrupt, names, plans, print, summary};

/// Which people of a pool keep the deadline at least cost, and in which weeks?
///
/// People are paid by whole weeks: from the first to the last calendar week in which the schedule gives them work, for
/// the hours that their calendar offers in those weeks at their rate, and for their uses. If nobody has a rate, weeks
/// are counted. To choose from are all who have a skill or a team that tasks ask for; those whom tasks call by name are
/// needed as they are, stay, and are not counted.
///
/// Every team that is tried is scheduled, so it can do the work in time. The answer says whether it is proven to be the
/// cheapest, or the best that was found; more --effort finds and proves more.
///
/// With -o, writes team.csv and the files of the schedule into OUT.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  floatline team data/app-launch
  floatline team data/app-launch --by 2026-05-08 --effort 2000
  floatline team data/app-launch --pool 'dev-*;vera' -o out
  floatline team data/medical-device --effort 500

Exit codes: 0 done, 1 wrong input, 2 wrong usage, 3 not even everybody can keep the date.")]
pub struct Arguments {
    /// The plan: a folder, a tasks.csv, another CSV file of tasks, .xlsx, .xml, .xer, .sm, .mm, .rcp or .sch
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The date to be kept, such as 2026-07-31 (of a plan of periods: a period)
    ///
    /// Without it the project's deadline; without that, too, the finish of the best schedule with everybody.
    #[arg(long, value_name = "DATE")]
    by: Option<String>,
    /// Whom to choose from: ids of work resources, separated by `;` or `,`, with * and ? for several. All others stay
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pool: Vec<String>,
}

/// Chooses a team and shows it.
pub fn run(arguments: &Arguments, settings: &Settings) -> Result<Verdict> {
    let (plan, findings) = plans::load(&arguments.plan, &settings.read, None)?;
    print::findings_of_plan(&findings, settings);
    let plan = left_to_do(Cow::Owned(plan)).into_owned();
    let until = arguments
        .by
        .as_deref()
        .map(|text| plans::parse_end(&plan, text).map_err(|fault| Error::usage(format!("--by: {fault}"))));
    let options = TeamOptions { pool: pool(&plan, &arguments.pool)?, until: until.transpose()?, seed: settings.seed };
    let control = Control::with_cancel_flag(settings.limits, interrupt::cancel_flag(settings.quiet));
    let line = Line::search(settings.quiet);
    let found = team(&plan, &options, &control, &|step| line.step(step));
    line.clear();
    let found = found?;
    let Some(schedule) = &found.outcome.schedule else { return Err(Error::usage(found.outcome.message)) };
    if let Some(out) = &settings.out {
        let table = |out: &mut dyn Write| write_team(&found, Csv, out);
        let of_schedule = (&found.plan, schedule, &found.outcome.dates);
        write_schedule_files(out, of_schedule, Period::Week, vec![("team.csv", &table)])?;
    }
    match settings.format {
        Format::Table if settings.quiet && settings.out.is_some() => {}
        Format::Table => print::out(|out| write_words(out, &found))?,
        Format::Csv => print::out(|out| write_team(&found, Csv, out))?,
        Format::Json => print::out(|out| print::write_json(out, &as_json(&found)?))?,
    }
    Ok(Verdict::Done)
}

/// The people that a list of ids means; none if there is no list.
fn pool(plan: &Plan, list: &[String]) -> Result<Option<Vec<ResourceId>>> {
    let work: Vec<ResourceId> =
        plan.resources().ids().filter(|&id| plan.resources()[id].kind == ResourceKind::Work).collect();
    let name = |id: &ResourceId| &*plan.resources()[*id].id;
    let mut chosen: Vec<ResourceId> = Vec::new();
    for item in list.iter().flat_map(|item| item.split(';')).map(str::trim).filter(|item| !item.is_empty()) {
        let before = chosen.len();
        let fits = |id: &&ResourceId| name(id) == item || WildMatch::new(item).matches(name(id));
        chosen.extend(work.iter().filter(fits));
        if chosen.len() == before {
            let hint = names::meant(item, work.iter().map(name));
            return Err(Error::usage(format!("--pool: no person or machine has the id `{item}`{hint}")));
        }
    }
    if let Some(id) = chosen.iter().find(|&&id| plan.resources()[id].capacity.is_none()) {
        return Err(Error::usage(format!(
            "--pool: there is no limit to `{}`, so nothing of it can be left out",
            name(id)
        )));
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok((!chosen.is_empty()).then_some(chosen))
}

/// What something costs, in money or in weeks.
fn price(found: &Team, cost: Money) -> String {
    match found.is_by_weeks {
        true => print::count(usize::try_from(cost.0).unwrap_or(0), "person-week"),
        false => summary::money_text(cost, &found.plan.project().currency),
    }
}

fn write_words(out: &mut dyn Write, found: &Team) -> io::Result<()> {
    let plan = &found.plan;
    let is_period = plan.project().time_unit == TimeUnit::Period;
    let hours = |minutes: Minutes| match is_period {
        true => minutes.0.to_string(),
        false => format!("{:.1}", minutes.0 as f64 / 60.0),
    };
    let week = |moment| plan.format_moment(moment).replace(" 00:00", "");
    let names =
        |ids: &[ResourceId]| ids.iter().map(|&id| plan.resources()[id].id.to_string()).collect::<Vec<_>>().join(", ");
    let finish = found.outcome.schedule.as_ref().and_then(|schedule| schedule.finish());
    let finish = plan.format_moment(finish.unwrap_or(plan.project().start));
    writeln!(
        out,
        "{}: {} of {} keep {}; finishes {finish}\n",
        plan.project().name,
        found.members.len(),
        found.members.len() + found.not_needed.len(),
        plan.format_end(found.until)
    )?;
    let cost = |money: Money| match found.is_by_weeks {
        true => money.0.to_string(),
        false => money.grouped(),
    };
    let rows = found.members.iter().map(|member| {
        vec![
            format!("  {}", plan.resources()[member.resource].title()),
            week(member.from),
            week(member.last_week),
            member.weeks.to_string(),
            hours(member.work),
            member.load().map(|load| format!("{load:.0} %")).unwrap_or_default(),
            cost(member.cost),
        ]
    });
    let unit = if is_period { "periods" } else { "hours" };
    let headers = [
        "  who",
        "from week",
        "to week",
        "weeks",
        unit,
        "load",
        if found.is_by_weeks { "person-weeks" } else { "cost" },
    ];
    print::write_table(out, &print::table(&headers, &[3, 4, 5, 6], rows))?;
    writeln!(out)?;
    writeln!(out, "Cost      {}", price(found, found.cost()))?;
    if !found.is_by_weeks {
        let of_work = summary::money_text(found.work_cost(), &plan.project().currency);
        writeln!(out, "          {of_work} if they were paid for their work alone")?;
    }
    if found.cost_of_everybody > found.cost() {
        writeln!(out, "          {} in the best schedule with everybody", price(found, found.cost_of_everybody))?;
    }
    match found.is_cheapest() {
        true => writeln!(out, "Status    proven: no team is cheaper")?,
        false => writeln!(
            out,
            "Status    the best that was found; no team costs less than {} (--effort finds and proves more)",
            price(found, found.bound)
        )?,
    }
    if !found.not_needed.is_empty() {
        writeln!(out, "Not needed  {}", names(&found.not_needed))?;
        let edits = found.not_needed.iter().map(|&id| format!("--set resource:{}.capacity=0", plan.resources()[id].id));
        writeln!(out, "            as edits for `whatif`: {}", edits.collect::<Vec<_>>().join(" "))?;
    }
    if !found.staying.is_empty() {
        writeln!(out, "Stay as they are, and are not counted: {}", names(&found.staying))?;
    }
    Ok(())
}

fn as_json(found: &Team) -> io::Result<Value> {
    let plan = &found.plan;
    let in_money = |money: Money| money.0 as f64 / 100.0;
    let amount = |money: Money| match found.is_by_weeks {
        true => json!(money.0),
        false => json!(in_money(money)),
    };
    let ids = |ids: &[ResourceId]| ids.iter().map(|&id| &*plan.resources()[id].id).collect::<Vec<_>>();
    let outcome = &found.outcome;
    let finish = outcome.schedule.as_ref().and_then(|schedule| schedule.finish());
    let schedule = outcome.schedule.as_ref();
    let schedule =
        schedule.map(|schedule| print::table_as_json(|out| write_schedule(plan, schedule, &outcome.dates, Json, out)));
    Ok(json!({
        "plan": plan.project().name,
        "status": outcome.status.word(),
        "until": plan.format_end(found.until),
        "finish": finish.map(|finish| plan.format_moment(finish)),
        "unit": if found.is_by_weeks { "person-weeks" } else { "money" },
        "cost": amount(found.cost()),
        "bound": amount(found.bound),
        "cost_of_everybody": amount(found.cost_of_everybody),
        "work_cost": in_money(found.work_cost()),
        "not_needed": ids(&found.not_needed),
        "staying": ids(&found.staying),
        "team": print::table_as_json(|out| write_team(found, Json, out))?,
        "schedule": schedule.transpose()?,
    }))
}
