//! Findings of one file, the first of each rule listed, the others counted.

use crate::error::{Finding, Findings, Place};

/// Findings of one rule that are listed one by one.
const LISTED: usize = 50;

/// Collects findings of one file, listing only the first of each rule: a million bad rows need not all be printed.
pub(super) struct Tally {
    file: String,
    listed: Findings,
    counts: Vec<(Finding, usize)>,
}

impl Tally {
    /// Nothing found yet in this file.
    pub(super) fn new(file: &str) -> Tally {
        Tally { file: file.to_owned(), listed: Findings::new(), counts: Vec::new() }
    }

    /// Adds a finding.
    pub(super) fn push(&mut self, finding: Finding) {
        let count = match self.counts.iter_mut().find(|(first, _)| first.rule == finding.rule) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((finding.clone(), 1));
                1
            }
        };
        if count <= LISTED {
            self.listed.push(finding);
        }
    }

    /// Adds what was found later in the same file.
    pub(super) fn append(&mut self, later: Tally) {
        later.listed.into_iter().for_each(|finding| self.push(finding));
        for (first, count) in later.counts {
            if let Some((_, all)) = self.counts.iter_mut().find(|(seen, _)| seen.rule == first.rule) {
                *all += count.saturating_sub(LISTED);
            }
        }
    }

    /// True if any finding is an error.
    pub(super) fn has_errors(&self) -> bool {
        self.listed.has_errors()
    }

    /// Hands over what was found.
    pub(super) fn flush(self, findings: &mut Findings) {
        findings.append(self.listed);
        for (first, count) in self.counts {
            if count > LISTED {
                let text = format!("{} more faults like these", count - LISTED);
                findings.push(Finding { place: Place::file(self.file.as_str()), text, hint: None, ..first });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_faults_of_one_kind_do_not_hide_the_others() {
        let mut tally = Tally::new("t.csv");
        for row in 0..1000 {
            tally.push(Finding::error("often", Place::row("t.csv", row), "x"));
        }
        tally.push(Finding::note("once", Place::row("t.csv", 1), "y"));
        let mut later = Tally::new("t.csv");
        (0..60).for_each(|row| later.push(Finding::error("often", Place::row("t.csv", 2000 + row), "x")));
        tally.append(later);
        let mut findings = Findings::new();
        tally.flush(&mut findings);
        assert_eq!(findings.iter().count(), LISTED + 2);
        assert_eq!(findings.iter().last().map(|last| last.text.as_str()), Some("1010 more faults like these"));
    }
}
