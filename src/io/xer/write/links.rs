//! Links and the calendar of their lags.

use super::rows::hours;
use super::{PROJECT, Writer};
use crate::index::Id;
use crate::plan::draft::TableKind;
use crate::plan::{LagAmount, LagCalendar, LinkKind, TaskKind};
use crate::units::Minutes;

impl Writer<'_> {
    /// The calendar on which most lags run.
    pub(super) fn lag_calendar(&self) -> LagCalendar {
        let choices =
            [LagCalendar::Successor, LagCalendar::Predecessor, LagCalendar::Project, LagCalendar::TwentyFourHours];
        let lags = || self.plan.links().iter().filter(|link| !link.lag.is_zero()).map(|link| link.lag.calendar);
        let count = |choice: &LagCalendar| lags().filter(|calendar| calendar == choice).count();
        choices.into_iter().rev().max_by_key(count).unwrap_or_default()
    }

    pub(super) fn links(&mut self) {
        let plan = self.plan;
        let usual = self.lag_calendar();
        self.table(
            "TASKPRED",
            &["task_pred_id", "task_id", "pred_task_id", "proj_id", "pred_proj_id", "pred_type", "lag_hr_cnt"],
        );
        for (at, link) in plan.links().iter().enumerate() {
            let (from, to) = (&plan.tasks()[link.predecessor], &plan.tasks()[link.successor]);
            let name = format!("{} -> {}", from.id, to.id);
            if from.kind == TaskKind::Summary || to.kind == TaskKind::Summary {
                self.losses.warn(
                    (TableKind::Dependencies, "predecessor"),
                    ("links of summaries", "are left out"),
                    &name,
                );
                continue;
            }
            if !link.lag.is_zero() && link.lag.calendar != usual {
                let what = "lags run on another calendar than most;";
                self.losses.warn((TableKind::Dependencies, "lag_calendar"), (what, "P6 has one for all"), &name);
            }
            let lag = match link.lag.amount {
                LagAmount::Minutes(minutes) => minutes,
                LagAmount::Percent(share) => {
                    self.losses.warn(
                        (TableKind::Dependencies, "lag"),
                        ("lags in percent", "are written in hours"),
                        &name,
                    );
                    let mode = plan.modes_of(link.predecessor).first();
                    mode.map_or(Minutes::ZERO, |mode| share.of(mode.duration.minutes()))
                }
            };
            let kind = match link.kind {
                LinkKind::FinishToStart => "PR_FS",
                LinkKind::StartToStart => "PR_SS",
                LinkKind::FinishToFinish => "PR_FF",
                LinkKind::StartToFinish => "PR_SF",
            };
            let (project, number) = (PROJECT.to_string(), (at + 1).to_string());
            let (from, to) = ((link.predecessor.index() + 1).to_string(), (link.successor.index() + 1).to_string());
            self.row(&[&number, &to, &from, &project, &project, kind, &hours(lag)]);
        }
    }
}
