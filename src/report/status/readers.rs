//! Who needs to know: what stakeholders asked for.

use std::collections::BTreeSet;

use super::super::document::{Section, Table, Tone};
use super::{Status, titled};
use crate::io::results::change_word;
use crate::plan::{StakeholderId, TaskId, TaskKind};
use crate::schedule::{Gantt, Notice, Shown, Subject, notices};

/// Rows of a table.
const MOST: usize = 60;

impl Status<'_> {
    fn notices(&self) -> Vec<Notice> {
        let spans: Vec<_> = self.forecast.spans.iter().map(|&span| Some(span)).collect();
        notices(self.plan(), self.forecast.schedule, &spans.into())
    }

    /// What everybody can be promised, and whom what concerns.
    pub(super) fn readers(&self) -> Option<Section> {
        if self.plan().stakeholders().is_empty() {
            return None;
        }
        let mut section = Section::new("stakeholders", "Stakeholders");
        section.table(self.promises(None));
        section.table(self.told(&self.notices(), None));
        section.if_any()
    }

    /// What one stakeholder asked for.
    pub(super) fn asked_for(&self, reader: StakeholderId) -> Option<Section> {
        let mut section = Section::new("asked", "What you asked for");
        let own = self.notices().into_iter().filter(|notice| notice.stakeholder == reader);
        // Of budgets the amounts are of interest.
        let (budgets, dates): (Vec<Notice>, Vec<Notice>) =
            own.partition(|notice| matches!(notice.subject, Subject::Budget(_)));
        section.table(self.told(&dates, Some(reader)));
        section.table(self.promises(Some(reader)));
        section.table(self.budgets(|id| budgets.iter().any(|notice| notice.subject == Subject::Budget(id))));
        section.if_any()
    }

    fn told(&self, notices: &[Notice], reader: Option<StakeholderId>) -> Table {
        let plan = self.plan();
        let columns: &[&'static str] = match reader {
            None => &["who", "what", "start", "finish", "due", "by due date", "change"],
            Some(_) => &["what", "start", "finish", "due", "by due date", "change"],
        };
        let mut table = Table::new("Dates that somebody wants to know", columns);
        for notice in notices {
            let (id, name) = notice.subject.id_and_name(plan);
            let what = format!("{} {}", notice.subject.word(plan), titled(id, name));
            let kept = notice.due.zip(notice.span).map(|(due, (_, finish))| finish <= due);
            let change = self.earlier.map_or("", |earlier| change_word(plan, notice, earlier.spans));
            let tone = match (kept, change) {
                (Some(false), _) => Tone::Bad,
                (_, "later") => Tone::Watch,
                _ => Tone::Plain,
            };
            let who = reader.is_none().then(|| plan.stakeholders()[notice.stakeholder].title().to_owned());
            let day = |at: Option<crate::units::Moment>| at.map_or("-".to_owned(), |at| self.day(at));
            let cells = [
                what,
                notice.span.map_or("-".to_owned(), |span| super::super::timeline::day(plan, span.0)),
                day(notice.span.map(|span| span.1)),
                day(notice.due),
                kept.map_or("", |kept| if kept { "yes" } else { "no" }).to_owned(),
                change.to_owned(),
            ];
            table.push(tone, who.into_iter().chain(cells));
        }
        table.cut(MOST)
    }

    /// The tasks that a stakeholder asked for; all for those who asked for the project.
    pub(super) fn tasks_of(&self, reader: StakeholderId) -> BTreeSet<TaskId> {
        let plan = self.plan();
        let mut tasks = BTreeSet::new();
        for notice in self.notices().into_iter().filter(|notice| notice.stakeholder == reader) {
            match notice.subject {
                Subject::Task(task) => drop(tasks.insert(task)),
                Subject::Risk(risk) => tasks.extend(&plan.risks()[risk].tasks),
                Subject::Deliverable(id) => tasks.extend(
                    plan.tasks()
                        .ids()
                        .filter(|&task| plan.deliverable_of(task).is_some_and(|label| plan.label(label) == &*id)),
                ),
                Subject::Project => {
                    let top = |task: &TaskId| {
                        let row = &plan.tasks()[*task];
                        row.parent.is_none() || row.kind == TaskKind::Milestone
                    };
                    tasks.extend(plan.tasks().ids().filter(top));
                }
                Subject::Budget(_) => {}
            }
        }
        tasks
    }

    /// Leaves of a chart the rows that a stakeholder asked for, and the summaries around them.
    pub(super) fn keep_asked_for(&self, reader: StakeholderId, chart: &mut Gantt) {
        let plan = self.plan();
        let mut kept = self.tasks_of(reader);
        let above =
            |task: &TaskId| std::iter::successors(plan.tasks()[*task].parent, |&task| plan.tasks()[task].parent);
        kept.extend(kept.iter().flat_map(above).collect::<Vec<_>>());
        chart.rows.retain(|row| match row.shown {
            Shown::Task(task) => kept.contains(&task),
            Shown::Gate(gate) => kept.contains(&plan.gates()[gate].after),
        });
    }
}
