//! What the file leaves out.

use crate::error::{Finding, Findings, Place};

/// Things that the file cannot hold, by kind.
#[derive(Default)]
pub(super) struct Losses(Vec<(&'static str, usize, String)>);

impl Losses {
    pub(super) fn add(&mut self, what: &'static str, name: &str) {
        match self.0.iter_mut().find(|(seen, ..)| *seen == what) {
            Some((_, count, names)) => {
                *count += 1;
                if *count <= 3 {
                    names.push_str(&format!(", `{name}`"));
                }
            }
            None => self.0.push((what, 1, format!("`{name}`"))),
        }
    }

    /// One finding for each kind, with how many there are and the first names.
    pub(super) fn into_findings(self) -> Findings {
        let mut findings = Findings::new();
        for (what, count, names) in self.0 {
            let more = if count > 3 { ", ..." } else { "" };
            let text = format!("{count} {what}: {names}{more}");
            findings.push(Finding::warning("not-carried", Place::file("plan.xer"), text));
        }
        findings
    }
}
