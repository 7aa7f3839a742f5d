//! The findings of one check, limited in number, and the loop that runs a check over many things in parallel.

use rayon::prelude::*;

use crate::error::{Finding, Findings, Place};

/// Findings of one check that are written out; of further ones only the number is told.
pub(super) const MOST_FINDINGS: usize = 1_000;
/// Things that one thread checks at a time.
const CHUNK: usize = 8_192;

/// What a check has found so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    findings: Vec<Finding>,
    errors_left_out: usize,
    warnings_left_out: usize,
}

impl Report {
    /// A rule is broken.
    pub(super) fn error(&mut self, rule: &'static str, text: impl FnOnce() -> String) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding::error(rule, Place::default(), text()));
        } else {
            self.errors_left_out += 1;
        }
    }

    /// A wish is not met.
    pub(super) fn warning(&mut self, rule: &'static str, text: impl FnOnce() -> String) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding::warning(rule, Place::default(), text()));
        } else {
            self.warnings_left_out += 1;
        }
    }

    /// A rule is broken; a warning if something that wins over it is why.
    pub(super) fn violation(&mut self, is_overruled: bool, rule: &'static str, text: impl FnOnce() -> String) {
        match is_overruled {
            true => self.warning(rule, text),
            false => self.error(rule, text),
        }
    }

    /// Adds what another check has found.
    pub(super) fn append(&mut self, other: Report) {
        self.errors_left_out += other.errors_left_out;
        self.warnings_left_out += other.warnings_left_out;
        for finding in other.findings {
            match finding.severity {
                crate::error::Severity::Error => self.error(finding.rule, || finding.text),
                _ => self.warning(finding.rule, || finding.text),
            }
        }
    }

    /// Hands the findings on, with the number of those left out.
    pub(super) fn finish(self, findings: &mut Findings) {
        findings.append(self.findings.into_iter().collect());
        let more = |count, what| format!("{count} more {what} of the same kinds are left out here");
        if self.errors_left_out > 0 {
            let text = more(self.errors_left_out, "errors");
            findings.push(Finding::error("more-findings", Place::default(), text));
        }
        if self.warnings_left_out > 0 {
            let text = more(self.warnings_left_out, "warnings");
            findings.push(Finding::warning("more-findings", Place::default(), text));
        }
    }
}

/// Runs `check` for each of `count` things, in parallel; the findings come in the order of the things.
pub(super) fn check_each(count: usize, check: impl Fn(usize, &mut Report) + Sync) -> Report {
    let chunks: Vec<Report> = (0..count.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut report = Report::default();
            for at in chunk * CHUNK..count.min((chunk + 1) * CHUNK) {
                check(at, &mut report);
            }
            report
        })
        .collect();
    let mut report = Report::default();
    for chunk in chunks {
        report.append(chunk);
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Severity;

    #[test]
    fn findings_keep_their_order_and_the_surplus_is_counted() {
        let report = check_each(20_000, |at, report| {
            if at % 2 == 0 {
                report.error("even", || at.to_string());
            }
        });
        let mut findings = Findings::new();
        report.finish(&mut findings);
        // 10,000 even numbers, of which the first 1,000 are written out.
        assert_eq!(findings.count(Severity::Error), MOST_FINDINGS + 1);
        assert!(
            findings.iter().take(MOST_FINDINGS).enumerate().all(|(at, finding)| finding.text == (2 * at).to_string())
        );
        assert!(findings.iter().last().is_some_and(|finding| finding.text.starts_with("9000 more errors")));
    }
}
