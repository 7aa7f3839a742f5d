//! calibration.csv, as a review wrote it or as somebody made it in a spreadsheet.

use std::sync::Arc;

use super::read_cells::{decode, separator};
use super::review::CALIBRATION_COLUMNS;
use crate::error::{Error, Finding, Findings, Place, Result};
use crate::io::guard::bare;
use crate::plan::{Plan, TaskKind};
use crate::review::{Calibration, Factor};
use crate::scenario::nearest;

/// The columns that must be there.
const NEEDED: [&str; 4] = ["group", "factor_p10", "factor_p50", "factor_p90"];
/// The words of the column `group`.
const GROUPS: [&str; 2] = ["all", "category"];
/// By how much the median may differ, as a share, from the middle of a lognormal distribution with the two other percentiles.
const SAME: f64 = 0.02;
/// Factors beyond this are mistyped.
const MOST_FACTOR: f64 = 1_000.0;
/// Findings that are written out.
const MOST_FINDINGS: usize = 1_000;

/// Reads a calibration.
///
/// The columns `group`, `factor_p10`, `factor_p50` and `factor_p90` must be there, and `name` for rows of categories. The two
/// outer percentiles make the distribution. `factor_mean` follows from them if it is left out, and `within` and `across` are 0 then.
/// `n` counts for nothing, and `log_mean` and `log_sd`, which say the same as the percentiles, are not read.
///
/// # Arguments
/// `file` is what findings call the file.
///
/// # Returns
/// The calibration, and warnings.
///
/// # Errors
/// [`Error::is_invalid_plan`] with every mistake of the file.
pub fn read_calibration(file: &str, bytes: &[u8]) -> Result<(Calibration, Findings)> {
    let text = decode(bytes);
    let mut reader = Reader { file: file.into(), ..Reader::default() };
    reader.decimal_comma = separator(&text) == b';';
    reader.read_rows(&text);
    if reader.calibration.factors.is_empty() && !reader.findings.has_errors() {
        let text = "there is no row; expected one for each category, and one of the group `all`";
        reader.findings.push(Finding::error("no-rows", Place::file(reader.file.clone()), text));
    }
    if reader.findings.has_errors() {
        return Err(Error::invalid_calibration(reader.findings));
    }
    // Whatever has no row of its own stands behind the whole.
    reader.calibration.factors.sort_by_key(|factor| factor.name.is_some());
    Ok((reader.calibration, reader.findings))
}

/// Categories of a plan that a calibration does not have, though it has one that is written nearly the same.
pub fn similar_categories(plan: &Plan, calibration: &Calibration, file: &str) -> Findings {
    let known: Vec<&str> = calibration.factors.iter().filter_map(|factor| factor.name.as_deref()).collect();
    let open = plan.tasks().iter().filter(|task| task.kind == TaskKind::Activity && !task.is_finished());
    let mut labels: Vec<&str> = open.filter_map(|task| task.category).map(|category| plan.label(category)).collect();
    labels.sort_unstable();
    labels.dedup();
    let unknown = labels.into_iter().filter(|label| !known.contains(label));
    unknown
        .filter_map(|label| {
            // Words that begin differently are different words.
            let alike = known.iter().copied().filter(|known| known.chars().next() == label.chars().next());
            let near = nearest(label, alike)?;
            let text = format!("it has no row for the category `{label}` of the plan");
            let hint = format!("did you mean `{near}`?");
            Some(Finding::warning("unknown-category", Place::file(file), text).with_hint(hint))
        })
        .collect()
}

#[derive(Default)]
struct Reader {
    file: Arc<str>,
    decimal_comma: bool,
    calibration: Calibration,
    findings: Findings,
}

impl Reader {
    fn error(&mut self, rule: &'static str, line: u32, column: &str, text: String) {
        if self.findings.iter().len() < MOST_FINDINGS {
            let place = Place::cell(self.file.clone(), line, column);
            self.findings.push(Finding::error(rule, place, text));
        }
    }

    fn read_rows(&mut self, text: &str) {
        let mut records = csv::ReaderBuilder::new()
            .delimiter(separator(text))
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let mut columns: Option<Vec<Option<&'static str>>> = None;
        loop {
            match records.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.findings.push(Finding::error(
                        "unreadable-row",
                        Place::file(self.file.clone()),
                        error.to_string(),
                    ));
                    return;
                }
            }
            if record.iter().all(str::is_empty) {
                continue;
            }
            let line = record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
            match &columns {
                Some(columns) => self.read_row(columns, &record, line),
                None => match self.read_header(&record, line) {
                    Some(found) => columns = Some(found),
                    None => return,
                },
            }
        }
        if columns.is_none() {
            self.findings.push(Finding::error("empty-file", Place::file(self.file.clone()), "the file is empty"));
        }
    }

    /// What each column holds; none if columns are missing.
    fn read_header(&mut self, record: &csv::StringRecord, line: u32) -> Option<Vec<Option<&'static str>>> {
        let plain = |header: &str| header.trim_start_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_");
        let mut columns: Vec<Option<&'static str>> = Vec::new();
        for header in record {
            let column = CALIBRATION_COLUMNS.iter().copied().find(|column| *column == plain(header));
            let place = || Place::cell(self.file.clone(), line, header);
            if column.is_some() && columns.contains(&column) {
                self.findings.push(Finding::error("duplicate-column", place(), "the column is there twice"));
            } else if column.is_none() && !header.is_empty() {
                let finding = Finding::warning(
                    "unknown-column",
                    place(),
                    format!("column `{header}` is not known and passed over"),
                );
                let near = nearest(&plain(header), CALIBRATION_COLUMNS.iter().copied());
                self.findings.push(match near {
                    Some(near) => finding.with_hint(format!("did you mean `{near}`?")),
                    None => finding,
                });
            }
            columns.push(column);
        }
        let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !columns.contains(&Some(*name))).collect();
        for name in &missing {
            let place = Place::row(self.file.clone(), line);
            let finding = Finding::error("missing-column", place, format!("a calibration needs a column `{name}`"));
            self.findings.push(finding.with_hint("`floatline review PLAN -o OUT` writes one with all columns"));
        }
        missing.is_empty().then_some(columns)
    }

    fn read_row(&mut self, columns: &[Option<&'static str>], record: &csv::StringRecord, line: u32) {
        let cell = |name: &str| {
            let at = columns.iter().position(|column| *column == Some(name));
            bare(at.and_then(|at| record.get(at)).unwrap_or_default())
        };
        let group = cell("group").to_lowercase();
        let name = match &*group {
            "all" if cell("name").is_empty() => Some(None),
            "all" => {
                let text = format!("`{}` stands in the row of all tasks, which has no name", cell("name"));
                self.error("name-of-all", line, "name", text);
                None
            }
            "category" if cell("name").is_empty() => {
                self.error("missing-value", line, "name", "the name of the category is missing".into());
                None
            }
            "category" => Some(Some(cell("name").to_owned())),
            other => {
                let near = nearest(other, GROUPS).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                self.error("unknown-group", line, "group", format!("`{other}` is neither `all` nor `category`{near}"));
                None
            }
        };
        if let Some(name) = &name
            && self.calibration.factors.iter().any(|factor| factor.name == *name)
        {
            let text = match name {
                Some(name) => format!("there is a row for the category `{name}` already"),
                None => "there is a row for all tasks already".to_owned(),
            };
            self.error("duplicate-row", line, "name", text);
        }
        let mut factors = [None; 3];
        for (factor, column) in factors.iter_mut().zip(&NEEDED[1..]) {
            *factor = match cell(column) {
                "" => {
                    self.error("missing-value", line, column, "a factor is missing".into());
                    None
                }
                text => self.number(text, line, column, (0.0, MOST_FACTOR)),
            };
        }
        let mut optional = |column: &str, most: f64| match cell(column) {
            "" => None,
            text => self.number(text, line, column, (0.0, most)),
        };
        let mean = optional("factor_mean", MOST_FACTOR);
        let (within, across) = (optional("within", 1.0), optional("across", 1.0));
        let (Some(name), [Some(tenth), Some(median), Some(ninetieth)]) = (name, factors) else { return };
        if let Some((column, _)) = [("factor_p10", tenth), ("factor_p50", median), ("factor_p90", ninetieth)]
            .into_iter()
            .find(|(_, factor)| *factor <= 0.0)
        {
            return self.error("bad-factor", line, column, "a factor of a duration is above zero".into());
        }
        if tenth > median || median > ninetieth {
            let text = format!("{tenth}, {median} and {ninetieth} are not in ascending order");
            return self.error("factor-order", line, "factor_p50", text);
        }
        let middle = (tenth * ninetieth).sqrt();
        if (median / middle - 1.0).abs() > SAME {
            let text =
                format!("{median} is not the middle {middle:.4} of a lognormal range from {tenth} to {ninetieth}");
            let place = Place::cell(self.file.clone(), line, "factor_p50");
            let hint =
                "the range counts; set the two outer percentiles so that their product is the square of the median";
            self.findings.push(Finding::warning("uneven-range", place, text).with_hint(hint));
        }
        let mut factor =
            Factor { name, count: 0, tenth, median: middle, ninetieth, mean: 0.0, within: 0.0, across: 0.0 };
        let (log_mean, log_deviation) = factor.log_moments();
        factor.mean = mean.filter(|mean| *mean > 0.0).unwrap_or((log_mean + log_deviation * log_deviation / 2.0).exp());
        (factor.within, factor.across) = (within.unwrap_or(0.0), across.unwrap_or(0.0));
        factor.count = cell("n").parse().unwrap_or(0);
        self.calibration.factors.push(factor);
    }

    fn number(&mut self, text: &str, line: u32, column: &str, (least, most): (f64, f64)) -> Option<f64> {
        let plain = if self.decimal_comma { text.replace(',', ".") } else { text.to_owned() };
        let is_plain = plain.chars().all(|letter| letter.is_ascii_digit() || ".-+eE".contains(letter));
        let number = plain.parse::<f64>().ok().filter(|number| is_plain && number.is_finite());
        let Some(number) = number else {
            self.error("bad-number", line, column, format!("`{text}` is not a number; expected one such as 1.25"));
            return None;
        };
        if number < least || number > most {
            let text = format!("`{text}` is out of range; expected a number from {least} to {most}");
            self.error("number-out-of-range", line, column, text);
            return None;
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, write_calibration};
    use super::*;

    fn factor(name: Option<&str>, tenth: f64, ninetieth: f64) -> Factor {
        let mut factor = Factor {
            name: name.map(str::to_owned),
            count: 7,
            tenth,
            median: (tenth * ninetieth).sqrt(),
            ninetieth,
            mean: 0.0,
            within: 0.125,
            across: 0.25,
        };
        let (mean, deviation) = factor.log_moments();
        factor.mean = (mean + deviation * deviation / 2.0).exp();
        factor
    }

    /// `rule line [column]` of each finding.
    fn faults(text: &str) -> Vec<String> {
        let findings = match read_calibration("c.csv", text.as_bytes()) {
            Ok((_, findings)) => findings,
            Err(error) => error.findings().cloned().unwrap(),
        };
        let shown = |finding: &Finding| {
            let row = finding.place.row.map(|row| format!(" {row}")).unwrap_or_default();
            let column = finding.place.column.as_ref().map(|column| format!(" [{column}]")).unwrap_or_default();
            format!("{}{row}{column}", finding.rule)
        };
        findings.iter().map(shown).collect()
    }

    #[test]
    fn what_is_written_comes_back() {
        let factors = vec![factor(None, 0.7, 1.6), factor(Some("a, \"b\""), 1.0, 1.44), factor(Some("c"), 0.5, 0.5)];
        let calibration = Calibration { factors };
        let mut bytes = Vec::new();
        write_calibration(&calibration, Format::Csv, &mut bytes).unwrap();
        let (again, findings) = read_calibration("c.csv", &bytes).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(again.factors.len(), 3);
        for (again, factor) in again.factors.iter().zip(&calibration.factors) {
            assert_eq!((&again.name, again.count), (&factor.name, factor.count));
            let numbers = |it: &Factor| [it.tenth, it.median, it.ninetieth, it.mean, it.within, it.across];
            for (found, expected) in numbers(again).iter().zip(numbers(factor)) {
                assert!((found - expected).abs() < 1e-4, "{again:?}");
            }
        }
    }

    #[test]
    fn a_calibration_of_a_spreadsheet_needs_little() {
        let text =
            "\u{feff}Group;Name;Factor P10;Factor P50;Factor P90\r\nall;;0,8;1;1,25\r\ncategory;code;1;1,2;1,44\r\n";
        let (calibration, findings) = read_calibration("c.csv", text.as_bytes()).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        assert!((calibration.factor(Some("code")).unwrap().median - 1.2).abs() < 1e-12);
        assert!((calibration.factor(Some("else")).unwrap().median - 1.0).abs() < 1e-12);
        assert_eq!(calibration.factor(None).unwrap().within, 0.0);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let head = "group,name,factor_p10,factor_p50,factor_p90,within\n";
        for (text, expected) in [
            ("", vec!["empty-file"]),
            (head, vec!["no-rows"]),
            ("group,factor_p10\nall,1\n", vec!["missing-column 1", "missing-column 1"]),
            (&format!("{head}all,,-1,1,2,\n"), vec!["number-out-of-range 2 [factor_p10]"]),
            (&format!("{head}all,,0,1,2,\n"), vec!["bad-factor 2 [factor_p10]"]),
            (&format!("{head}all,,2,1,2,\n"), vec!["factor-order 2 [factor_p50]"]),
            (
                &format!("{head}all,,x,,2,3\n"),
                vec!["bad-number 2 [factor_p10]", "missing-value 2 [factor_p50]", "number-out-of-range 2 [within]"],
            ),
            (
                &format!("{head}al,,1,1,1,\ncategory,,1,1,1,\n"),
                vec!["unknown-group 2 [group]", "missing-value 3 [name]"],
            ),
            (&format!("{head}all,,1,1,1,\nall,,1,1,1,\n"), vec!["duplicate-row 3 [name]"]),
            (&format!("{head}all,code,1,1,1,\n"), vec!["name-of-all 2 [name]"]),
            (&format!("{head}all,,1,1.3,4,\n"), vec!["uneven-range 2 [factor_p50]"]),
        ] {
            assert_eq!(faults(text), expected, "{text}");
        }
        assert_eq!(
            faults("group,factor_p10,factor_p50,factor_p90,factor_p95\nall,1,1,1,1\n"),
            ["unknown-column 1 [factor_p95]"]
        );
    }
}
