//! Who needs to know: the dates that stakeholders care about, and what of them has changed since an earlier schedule.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use floatline::error::{Findings, Result};
use floatline::io::results::{change_word, read_spans};
use floatline::plan::Plan;
use floatline::schedule::{Notice, Outcome, Schedule, Spans, notices};

use super::files::SCHEDULE_FILES;
use super::settings::Settings;
use super::{plans, print, summary};

/// Changes that are printed.
const MOST_CHANGES: usize = 10;

/// What is to be told to stakeholders.
pub struct Told {
    pub notices: Vec<Notice>,
    /// The dates of an earlier schedule, and where they are from.
    pub earlier: Option<(Spans, PathBuf)>,
}

impl Told {
    /// That of an answer; `None` if the plan has no stakeholders.
    ///
    /// # Arguments
    /// `against` is an earlier schedule, or a folder of results. Without it the schedule that `out` holds still is taken, if there
    /// is one that can be read.
    ///
    /// # Errors
    /// If `against` cannot be read.
    pub fn of(
        plan: &Plan,
        schedule: &Schedule,
        outcome: &Outcome,
        (against, out): (Option<&Path>, Option<&Path>),
        settings: &Settings,
    ) -> Result<Option<Told>> {
        if plan.stakeholders().is_empty() {
            return Ok(None);
        }
        let spans: Vec<_> = schedule.spans(plan, &outcome.dates).iter().map(|&span| Some(span)).collect();
        let notices = notices(plan, schedule, &spans.into());
        let earlier = match against {
            Some(path) => Some(asked(plan, path, settings)?),
            None => out.and_then(|out| read(plan, out).ok()).map(|(spans, file, _)| (spans, file)),
        };
        Ok(Some(Told { notices, earlier }))
    }

    /// The dates of the earlier schedule.
    pub fn earlier(&self) -> Option<&Spans> {
        self.earlier.as_ref().map(|(spans, _)| spans)
    }

    /// Writes what has changed for whom.
    pub fn write_words(&self, out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
        let Some((earlier, path)) = &self.earlier else { return Ok(()) };
        let changed = |notice: &&Notice| !change_word(plan, notice, earlier).is_empty();
        let changes: Vec<&Notice> = self.notices.iter().filter(changed).collect();
        if changes.is_empty() {
            return writeln!(out, "\nWho needs to know: nothing has changed since {}", path.display());
        }
        writeln!(out, "\nWho needs to know what has changed since {}:", path.display())?;
        let rows = changes.iter().take(MOST_CHANGES).map(|notice| {
            let (id, name) = notice.subject.id_and_name(plan);
            let before = notice.subject.span(plan, earlier);
            let finish = |span: Option<(_, floatline::units::Moment)>| {
                span.map_or("-".to_owned(), |(_, finish)| plan.format_moment(finish))
            };
            let days = notice.span.zip(before).map_or("-".to_owned(), |(now, before)| {
                let minutes = (now.1 - before.1).0 as f64;
                let unit = if plan.project().time_unit == floatline::plan::TimeUnit::Period { 1.0 } else { 1440.0 };
                format!("{}{}", if minutes > 0.0 { "+" } else { "" }, summary::two_decimals(minutes / unit))
            });
            vec![
                plan.stakeholders()[notice.stakeholder].title().to_owned(),
                notice.subject.word(plan).to_owned(),
                id.to_owned(),
                name.to_owned(),
                finish(before),
                finish(notice.span),
                days,
                change_word(plan, notice, earlier).to_owned(),
            ]
        });
        let headers = ["stakeholder", "what", "id", "name", "finish before", "finish", "days", ""];
        let mut table = print::table(&headers, &[6], rows.collect::<Vec<_>>());
        print::keep_whole(&mut table, &[2, 4, 5, 6]);
        print::write_table(out, &table)?;
        match changes.len().saturating_sub(MOST_CHANGES) {
            0 => Ok(()),
            more => writeln!(out, "... and {more} more; -o writes all of them"),
        }
    }
}

/// Reads the dates of an earlier schedule that the user asked for, from its file or its folder, and says what is odd about it.
///
/// # Errors
/// If it cannot be read, or is that of another plan.
pub fn asked(plan: &Plan, path: &Path, settings: &Settings) -> Result<(Spans, PathBuf)> {
    let (spans, file, findings) = read(plan, path)?;
    print::findings_of_plan(&findings, settings);
    Ok((spans, file))
}

/// Reads the dates of an earlier schedule, from its file or its folder, with findings about it.
///
/// # Errors
/// If it cannot be read, or is that of another plan.
pub fn read(plan: &Plan, path: &Path) -> Result<(Spans, PathBuf, Findings)> {
    let file = if path.is_dir() { path.join(SCHEDULE_FILES[0]) } else { path.to_owned() };
    let (_, bytes) = plans::content(&file)?;
    let (spans, findings) = read_spans(plan, &file.display().to_string(), &bytes)?;
    Ok((spans, file, findings))
}
