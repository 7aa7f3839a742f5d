//! The flags that every verb understands, and the settings they come to.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use floatline::effort::Limits;
use floatline::error::{Error, Result};
use floatline::io::ReadOptions;
use floatline::plan::draft::DateOrder;

use super::numbers::whole;

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For spreadsheets.
    Csv,
    /// For programs.
    Json,
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// HTML.
    Html,
    /// Markdown.
    Md,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FormatFlag {
    /// For people: tables that fit the terminal
    #[default]
    Table,
    /// For spreadsheets
    Csv,
    /// For programs
    Json,
    /// A page, of `report` alone
    Html,
    /// Markdown, of `report` alone
    Md,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DateFormat {
    /// 31/12/2026
    Dmy,
    /// 12/31/2026
    Mdy,
    /// 2026/12/31
    Ymd,
}

/// Flags of every verb, as typed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every verb")]
pub struct Flags {
    /// How `check`, `solve` and `doc` print results on standard output; the other verbs only say what they wrote
    #[arg(long, global = true, value_enum, default_value_t = FormatFlag::Table)]
    format: FormatFlag,
    /// Write result files here (a folder; for a conversion to a single-file format, a file)
    #[arg(short = 'o', long = "out", global = true, value_name = "OUT")]
    out: Option<PathBuf>,
    /// Write each picture as PNG, too, beside the SVG of the same name; needs -o
    #[arg(long, global = true)]
    png: bool,
    /// Print no progress and no warnings, and with -o no table either; errors and results in csv or json remain
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more: notes about the plan, and what the search did
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Seed of all random choices; the same plan, seed and effort give the same result
    #[arg(long, global = true, value_name = "N", default_value_t = 0, value_parser = whole::<u64, 0, { u64::MAX }>)]
    seed: u64,
    /// Threads to use [default: one for each core]; results do not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = whole::<u16, 1, 1024>)]
    threads: Option<u16>,
    /// Stop searching after so many passes over the plan, a step of the proof counting as eight [default: chosen by the
    /// plan's size]
    #[arg(long, global = true, value_name = "N", value_parser = whole::<u64, 1, { u64::MAX }>)]
    effort: Option<u64>,
    /// Stop searching after so long, for each plan: 10s, 500ms, 2m, 1h; results may then differ from run to run
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_time)]
    time_limit: Option<Duration>,
    /// The order of day, month and year in dates like 03/04/2026 (2026-04-03 is always understood)
    #[arg(long, global = true, value_enum, value_name = "ORDER")]
    date_format: Option<DateFormat>,
}

/// What the flags come to.
#[derive(Clone, Debug)]
pub struct Settings {
    pub format: Format,
    /// What a report is to be written as, if it is said; `format` says nothing then.
    pub page: Option<Page>,
    pub out: Option<PathBuf>,
    /// True if pictures are wished for as PNG, too.
    pub png: bool,
    pub quiet: bool,
    pub verbose: bool,
    pub seed: u64,
    pub threads: Option<usize>,
    pub limits: Limits,
    pub read: ReadOptions,
}

impl Settings {
    /// Resolves the flags.
    ///
    /// # Errors
    /// If they make no sense.
    pub fn resolve(flags: &Flags) -> Result<Settings> {
        if flags.out.as_ref().is_some_and(|out| out.as_os_str().is_empty()) {
            return Err(Error::usage("-o is empty, expected a folder or file"));
        }
        if flags.png && flags.out.is_none() {
            return Err(Error::usage("--png writes pictures beside those of -o; give -o OUT, too"));
        }
        let date_order = flags.date_format.map(|format| match format {
            DateFormat::Dmy => DateOrder::DayMonthYear,
            DateFormat::Mdy => DateOrder::MonthDayYear,
            DateFormat::Ymd => DateOrder::YearMonthDay,
        });
        let (format, page) = match flags.format {
            FormatFlag::Table => (Format::Table, None),
            FormatFlag::Csv => (Format::Csv, None),
            FormatFlag::Json => (Format::Json, None),
            FormatFlag::Html => (Format::Table, Some(Page::Html)),
            FormatFlag::Md => (Format::Table, Some(Page::Md)),
        };
        Ok(Settings {
            format,
            page,
            out: flags.out.clone(),
            png: flags.png,
            quiet: flags.quiet,
            verbose: flags.verbose,
            seed: flags.seed,
            threads: flags.threads.map(usize::from),
            limits: Limits { effort: flags.effort, time: flags.time_limit },
            read: ReadOptions { date_order },
        })
    }
}

impl Settings {
    /// The limits that are given; without any so many passes.
    pub fn limits_or(&self, effort: u64) -> Limits {
        match self.limits {
            Limits { effort: None, time: None } => Limits { effort: Some(effort), time: None },
            given => given,
        }
    }
}

/// Reads `10s`, `500ms`, `1.5m`, `2h`; a bare number is seconds.
fn parse_time(text: &str) -> std::result::Result<Duration, String> {
    let expected = || format!("`{text}` is not a time; expected a number with ms, s, m or h, such as 10s");
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let seconds_per_unit = match &text[digits.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(expected()),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = if plain { digits.parse().map_err(|_| expected())? } else { return Err(expected()) };
    Duration::try_from_secs_f64(number * seconds_per_unit).map_err(|_| format!("`{text}` is too long a time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_with_a_unit() {
        assert_eq!(parse_time("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(parse_time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_time("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_time("2h"), Ok(Duration::from_secs(7200)));
        assert_eq!(parse_time("3"), Ok(Duration::from_secs(3)));
    }

    #[test]
    fn other_texts_are_refused_with_an_example() {
        for text in ["", "s", "-1s", "1 s", "1d", "1e9h", "inf", "nans", "1.2.3s", "ü", "1µs"] {
            assert!(parse_time(text).unwrap_err().contains("such as 10s"), "{text}");
        }
        let digits = "9".repeat(30);
        assert!(parse_time(&digits).unwrap_err().contains("too long"));
    }
}
