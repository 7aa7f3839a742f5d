//! What a newcomer would do next: a line on the terminal after each verb.

use std::io::{self, IsTerminal};
use std::path::Path;

use floatline::error::{Error, Result, Severity};
use floatline::plan::draft::TableKind;

use super::settings::{Format, Settings};
use super::{Verdict, baseline, print};

/// Prints the hint, if there is somebody to read it.
pub fn hint(verb: &str, plans: &[String], against: Option<&str>, outcome: &Result<Verdict>, settings: &Settings) {
    let is_read = io::stdout().is_terminal() && io::stderr().is_terminal();
    if is_read && !settings.quiet && settings.format == Format::Table {
        let out = settings.out.as_ref().map(|out| out.display().to_string());
        if let Some(text) = after(verb, plans, against, out.as_deref(), outcome) {
            print::message(&format!("\nnext: {text}"));
        }
    }
}

/// What `replan` asks, besides what to do now.
const CHANGE: &str = "with as little change as it is worth?";

/// What to do after a verb.
///
/// # Arguments
/// `plans` are the plans that it was about, or the folder that it wrote one to; `against` is the baseline that was asked for, `out`
/// is where results went.
fn after(
    verb: &str,
    plans: &[String],
    against: Option<&str>,
    out: Option<&str>,
    outcome: &Result<Verdict>,
) -> Option<String> {
    let [plan] = plans else {
        // Without a plan, or with many, there is hardly one thing to do next.
        return (verb == "doc")
            .then(|| "floatline init my-plan --template blank (tables with all their columns)".to_owned());
    };
    let path = Path::new(plan);
    let plan = print::quoted(plan);
    let impossible = || format!("floatline explain {plan} --infeasible (what is in the way, and the least that helps)");
    match outcome {
        Err(error) if error.is_infeasible() => return (verb != "explain").then(impossible),
        Err(error) => {
            return table_of(error)
                .map(|table| format!("floatline doc {table} (its columns, and how cells are written)"));
        }
        Ok(Verdict::Infeasible) if verb == "explain" => {
            return Some(format!(
                "floatline whatif {plan} --set TABLE:ID.FIELD=VALUE (what if something were different)"
            ));
        }
        Ok(Verdict::Infeasible) => return Some(impossible()),
        Ok(Verdict::WrongInput) if verb == "check" => {
            return Some("floatline doc TABLE (its columns, and how cells are written)".to_owned());
        }
        Ok(Verdict::WrongInput) => return None,
        Ok(Verdict::Done) => {}
    }
    Some(match verb {
        "init" => format!("floatline check {plan} (is it sound?), floatline solve {plan} (when is what done?)"),
        "check" | "generate" => format!("floatline solve {plan} (when is what done, by whom?)"),
        "solve" => format!("floatline risk {plan} (how sure?), floatline explain {plan} TASK (why then?)"),
        "risk" => format!(
            "floatline whatif {plan} --risk (what would help?), floatline solve {plan} --objective p80 (a robust schedule)"
        ),
        "whatif" => format!("floatline value {plan} (what one more of each would bring)"),
        "value" => format!("floatline whatif {plan} --set resource:ID.capacity=+1 (what becomes of the dates?)"),
        "explain" => format!("floatline value {plan} (what would let it finish earlier?)"),
        "tradeoff" => format!("floatline solve {plan} --objective cost (the cheapest schedule)"),
        "level" => format!("floatline people {plan} (who works on what in which week?)"),
        "people" => format!("floatline value {plan} --people (whom to hire, what to teach)"),
        "team" => format!("floatline people {plan} (who works on what in which week?)"),
        "track" => match against {
            Some(name) => format!("floatline replan {plan} --against {} (what now, {CHANGE})", print::quoted(name)),
            None if baseline::has_any(path) => format!("floatline replan {plan} (what now, {CHANGE})"),
            None if path.is_dir() => format!(
                "floatline solve {plan} --baseline first (a schedule to hold dates against, which replan can change)"
            ),
            None => format!(
                "floatline solve {plan} -o first (a schedule to hold dates against: track and replan take it with --against first)"
            ),
        },
        "replan" => format!("floatline explain {plan} TASK (why then?), floatline track {plan} (where it stands)"),
        "report" => format!("floatline risk {plan} (how sure, in detail), floatline explain {plan} TASK (why then?)"),
        "review" => format!(
            "floatline risk {plan} --calibration {} (how sure, by what was learned?)",
            out.map_or_else(|| "OUT".to_owned(), |out| format!("{out}/calibration.csv"))
        ),
        _ => return None,
    })
}

/// The table that the first error among the findings of an error is in.
fn table_of(error: &Error) -> Option<&'static str> {
    let grave = error.findings()?.iter().find(|finding| finding.severity == Severity::Error)?;
    TableKind::called(&grave.place.file).map(TableKind::stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use floatline::error::{Finding, Findings, Place};

    fn said(verb: &str, outcome: Result<Verdict>) -> Option<String> {
        after(verb, &["my plan".to_owned()], None, None, &outcome)
    }

    #[test]
    fn the_hint_goes_by_verb_and_outcome() {
        let starts =
            |verb, outcome, text: &str| assert!(said(verb, outcome).is_some_and(|it| it.starts_with(text)), "{verb}");
        starts("solve", Ok(Verdict::Done), "floatline risk \"my plan\" ");
        starts("check", Ok(Verdict::Done), "floatline solve ");
        starts("check", Ok(Verdict::Infeasible), "floatline explain \"my plan\" --infeasible");
        starts("solve", Err(Error::infeasible("no")), "floatline explain \"my plan\" --infeasible");
        let wrong = Finding::error("x", Place::row("risks.csv", 2), "wrong");
        starts("solve", Err(Error::invalid_plan(Findings::from_iter([wrong]))), "floatline doc risks ");
        assert_eq!(said("completions", Ok(Verdict::Done)), None);
        assert_eq!(said("solve", Err(Error::usage("no"))), None);
        assert_eq!(after("solve", &["a".to_owned(), "b".to_owned()], None, None, &Ok(Verdict::Done)), None);
    }

    #[test]
    fn without_a_baseline_a_schedule_comes_before_replan() {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().to_str().unwrap().to_owned();
        let said = |plan: &str, against: Option<&str>| {
            let text = after("track", &[plan.to_owned()], against, None, &Ok(Verdict::Done)).unwrap();
            text.split_once(" (").unwrap().0.replace(&folder.path().display().to_string(), "PLAN")
        };
        assert_eq!(said(&plan, None), "floatline solve PLAN --baseline first");
        assert_eq!(said(&format!("{plan}/plan.csv"), None), "floatline solve PLAN/plan.csv -o first");
        assert_eq!(said(&plan, Some("my out")), "floatline replan PLAN --against \"my out\"");
        std::fs::create_dir_all(folder.path().join("baselines/one")).unwrap();
        std::fs::write(folder.path().join("baselines/one/schedule.csv"), "").unwrap();
        assert_eq!(said(&plan, None), "floatline replan PLAN");
    }
}
