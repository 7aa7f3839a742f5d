//! Reads the sections of PSPLIB and MMLIB files.
//!
//! Titles, captions and rules of stars or dashes are told apart from rows by their first character, so both the long and
//! the short form, and the blanks people add, are read by the same code. Everything is counted twice: a file that was cut
//! off or edited by hand contradicts its own numbers, and that is reported instead of read.

use super::instance::{HeaderValue, Instance, Job, JobMode, Layout, MAX_NUMBER, key};
use crate::error::{Finding, Place};
use crate::io::tally::Tally;

/// Which part of the file a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Header,
    Project,
    Precedence,
    Requests,
    Availability,
}

impl Section {
    const TITLES: [(&'static str, Section); 5] = [
        ("PROJECTINFORMATION", Section::Project),
        ("PRECEDENCERELATIONS", Section::Precedence),
        ("REQUESTS/DURATIONS", Section::Requests),
        ("RESOURCEAVAILABILITIES", Section::Availability),
        ("RESOURCES", Section::Header),
    ];

    /// The section that a line opens, whatever its blanks and case.
    fn opened_by(line: &str) -> Option<Section> {
        if !line.starts_with(['P', 'p', 'R', 'r']) {
            return None;
        }
        let letters = line.chars().filter(|character| !character.is_whitespace() && *character != ':');
        let title: String = letters.take(40).flat_map(char::to_uppercase).collect();
        Section::TITLES.iter().find(|(name, _)| *name == title).map(|&(_, section)| section)
    }
}

/// What the header counts.
#[derive(Default)]
struct Counts {
    jobs: Option<usize>,
    renewable: Option<usize>,
    nonrenewable: Option<usize>,
}

struct Reader<'a> {
    file: &'a str,
    found: &'a mut Tally,
    counts: Counts,
    instance: Instance,
    /// Modes that the precedence section announces for each job.
    announced_modes: Vec<usize>,
    /// The job that request rows without a number belong to.
    current_job: Option<usize>,
    capacities: Vec<i64>,
    project_rows: usize,
}

/// Reads a file; `None`, with errors among the findings, unless it is free of contradictions.
pub(super) fn parse(file: &str, text: &str, found: &mut Tally) -> Option<Instance> {
    let mut reader = Reader {
        file,
        found,
        counts: Counts::default(),
        instance: Instance { layout: Layout::Mmlib, ..Instance::default() },
        announced_modes: Vec::new(),
        current_job: None,
        capacities: Vec::new(),
        project_rows: 0,
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut section = Section::Header;
    let mut caption_possible = false;
    let mut last_line = 1;
    for (line, content) in (1_u32..).zip(text.lines()) {
        let content = content.trim_matches(|character: char| character.is_whitespace() || character == '\u{1a}');
        if content.is_empty() || content.bytes().all(|byte| byte == b'*') || content.bytes().all(|byte| byte == b'-') {
            continue;
        }
        last_line = line;
        if let Some(opened) = Section::opened_by(content) {
            (section, caption_possible) = (opened, true);
            continue;
        }
        if section == Section::Header {
            reader.header_line(content, line);
        } else if std::mem::take(&mut caption_possible) && content.starts_with(char::is_alphabetic) {
            continue;
        } else if let Some(numbers) = reader.numbers(content, line) {
            match section {
                Section::Header => {}
                Section::Project => reader.project_row(&numbers, line),
                Section::Precedence => reader.precedence_row(&numbers, line),
                Section::Requests => reader.request_row(&numbers, line),
                Section::Availability => {
                    reader.instance.capacity_line = line;
                    reader.capacities.extend(numbers);
                }
            }
        }
    }
    reader.finish(last_line)
}

impl Reader<'_> {
    fn fault(&mut self, line: u32, text: impl Into<String>) {
        self.found.push(Finding::error("psplib", Place::row(self.file, line), text));
    }

    /// A line of the form `words : value`.
    fn header_line(&mut self, content: &str, line: u32) {
        let Some((words, value)) = content.split_once(':') else {
            return self.fault(line, format!("`{content}` is neither a section title nor of the form `name : value`"));
        };
        let (words, value) = (words.trim_matches([' ', '\t', '-']).to_lowercase(), value.trim());
        let mut keep = |key: &'static str| {
            self.instance.layout = Layout::Psplib;
            self.instance.header.push(HeaderValue { key, value: value.to_owned(), line });
        };
        match words.as_str() {
            "file with basedata" => keep(key::BASE_DATA),
            "initial value random generator" => keep(key::SEED),
            "horizon" => keep(key::HORIZON),
            "projects" => match self.count(value, line) {
                Some(1) | None => {}
                Some(count) => self.fault(line, format!("the file holds {count} projects; only one can be read")),
            },
            "renewable" => self.counts.renewable = self.count(value, line),
            "nonrenewable" => self.counts.nonrenewable = self.count(value, line),
            "doubly constrained" => match self.count(value, line) {
                Some(0) | None => {}
                Some(count) => self.fault(
                    line,
                    format!(
                        "{count} doubly constrained resources `D`; only renewable and non-renewable ones can be read"
                    ),
                ),
            },
            _ if words.starts_with("jobs") => self.counts.jobs = self.count(value, line),
            _ => self.fault(line, format!("`{words}` is not a known line of the header")),
        }
    }

    /// The number that a header value begins with (`4   R`).
    fn count(&mut self, value: &str, line: u32) -> Option<usize> {
        let number = value.split_whitespace().next().and_then(|word| word.parse().ok());
        if number.is_none_or(|number: usize| number > MAX_NUMBER as usize) {
            self.fault(line, format!("`{value}` should begin with a whole number"));
            return None;
        }
        number
    }

    /// The numbers of a row.
    fn numbers(&mut self, content: &str, line: u32) -> Option<Vec<i64>> {
        let mut numbers = Vec::new();
        for word in content.split_whitespace() {
            match word.parse::<i64>() {
                Ok(number) if (0..=MAX_NUMBER).contains(&number) => numbers.push(number),
                _ => {
                    self.fault(line, format!("`{word}` should be a whole number from 0 to {MAX_NUMBER}"));
                    return None;
                }
            }
        }
        Some(numbers)
    }

    /// `pronr. #jobs rel.date duedate tardcost MPM-Time`
    fn project_row(&mut self, numbers: &[i64], line: u32) {
        self.project_rows += 1;
        if self.project_rows > 1 {
            return self.fault(line, "a second project; only one can be read");
        }
        let &[_, jobs, release_date, due_date, tardiness_cost, mpm_time] = numbers else {
            return self.fault(line, format!("expected 6 numbers on the project, found {}", numbers.len()));
        };
        if let Some(declared) = self.counts.jobs
            && declared != jobs as usize + 2
        {
            let text =
                format!("the project has {jobs} jobs besides its dummies, the header counts {declared} with both");
            self.fault(line, text);
        }
        let values = [
            (key::RELEASE_DATE, release_date),
            (key::DUE_DATE, due_date),
            (key::TARDINESS_COST, tardiness_cost),
            (key::MPM_TIME, mpm_time),
        ];
        self.instance.layout = Layout::Psplib;
        self.instance.header.extend(values.map(|(key, value)| HeaderValue { key, value: value.to_string(), line }));
    }

    /// `jobnr. #modes #successors successors...`
    fn precedence_row(&mut self, numbers: &[i64], line: u32) {
        let &[job, modes, count, ref successors @ ..] = numbers else {
            return self.fault(line, "expected a job, its number of modes and its number of successors");
        };
        let expected = self.instance.jobs.len() + 1;
        if job != expected as i64 {
            return self.fault(line, format!("expected job {expected} here, found job {job}"));
        }
        if count as usize != successors.len() {
            self.fault(line, format!("job {job} announces {count} successors and lists {}", successors.len()));
        }
        if let Some(zero) = successors.iter().position(|&successor| successor == 0) {
            return self.fault(line, format!("successor {} of job {job} is 0; jobs are numbered from 1", zero + 1));
        }
        if modes == 0 {
            self.fault(line, format!("job {job} has no mode"));
        }
        self.announced_modes.push(modes as usize);
        let successors = successors.iter().map(|&successor| successor as usize - 1).collect();
        self.instance.jobs.push(Job { successors, modes: Vec::new(), line });
    }

    /// `jobnr. mode duration R1.. N1..`, without `jobnr.` on the further modes of a job.
    fn request_row(&mut self, numbers: &[i64], line: u32) {
        let resources = self.counts.renewable.unwrap_or(0) + self.counts.nonrenewable.unwrap_or(0);
        let (job, numbers) = match (numbers.len().checked_sub(resources), self.current_job) {
            (Some(3), _) => (numbers[0] as usize, &numbers[1..]),
            (Some(2), Some(job)) => (job, numbers),
            _ => {
                let text = format!(
                    "expected a job (on its first mode), a mode, a duration and {resources} requests, found {} numbers",
                    numbers.len()
                );
                return self.fault(line, text);
            }
        };
        if numbers.len() == resources + 2 && self.current_job != Some(job) {
            let expected = self.current_job.unwrap_or(0) + 1;
            if job != expected {
                self.fault(line, format!("expected job {expected} here, found job {job}"));
            }
        }
        self.current_job = Some(job);
        let (mode, duration, uses) = (numbers[0], numbers[1], numbers[2..].to_vec());
        let Some(entry) = job.checked_sub(1).and_then(|at| self.instance.jobs.get_mut(at)) else {
            return self.fault(line, format!("job {job} is not in the precedence relations"));
        };
        entry.modes.push(JobMode { duration, uses, line });
        let expected = entry.modes.len();
        if mode != expected as i64 {
            self.fault(line, format!("expected mode {expected} of job {job} here, found mode {mode}"));
        }
    }

    /// Holds the parts against each other.
    fn finish(mut self, last_line: u32) -> Option<Instance> {
        let jobs = self.instance.jobs.len();
        match self.counts.jobs {
            Some(declared) if declared == jobs => {}
            Some(declared) => {
                self.fault(last_line, format!("the header counts {declared} jobs, the precedence relations {jobs}"));
            }
            None => self.fault(last_line, "the header does not say how many jobs there are"),
        }
        if jobs == 0 {
            self.fault(last_line, "the file has no jobs");
        }
        for at in 0..jobs {
            let (line, modes, announced) =
                (self.instance.jobs[at].line, self.instance.jobs[at].modes.len(), self.announced_modes[at]);
            if modes != announced {
                self.fault(line, format!("job {} announces {announced} modes and has requests for {modes}", at + 1));
            }
            if let Some(&beyond) = self.instance.jobs[at].successors.iter().find(|&&successor| successor >= jobs) {
                self.fault(
                    line,
                    format!("job {} has a successor {}, but there are only {jobs} jobs", at + 1, beyond + 1),
                );
            }
        }
        let (Some(renewable), Some(nonrenewable)) = (self.counts.renewable, self.counts.nonrenewable) else {
            self.fault(last_line, "the header does not say how many renewable and non-renewable resources there are");
            return None;
        };
        if self.capacities.len() != renewable + nonrenewable {
            let text = format!(
                "expected the capacities of {} resources, found {}; the file may have been cut off",
                renewable + nonrenewable,
                self.capacities.len()
            );
            self.fault(self.instance.capacity_line.max(1), text);
        }
        if self.found.has_errors() {
            return None;
        }
        self.instance.nonrenewable = self.capacities.split_off(renewable);
        self.instance.renewable = self.capacities;
        Some(self.instance)
    }
}
