//! What a PSPLIB-type file says.

/// The largest number that is read as a duration or an amount.
pub(super) const MAX_NUMBER: i64 = 1_000_000_000;

/// The shape in which a file gives its data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layout {
    /// PSPLIB with its file header and project information.
    #[default]
    Psplib,
    /// The short form of MMLIB: tabs, no file header, no project information.
    Mmlib,
    /// Patterson: numbers only.
    Patterson,
}

impl Layout {
    pub(super) const ALL: [Layout; 3] = [Layout::Psplib, Layout::Mmlib, Layout::Patterson];

    /// Its name in project.csv.
    pub(super) fn name(self) -> &'static str {
        match self {
            Layout::Psplib => "psplib",
            Layout::Mmlib => "mmlib",
            Layout::Patterson => "patterson",
        }
    }
}

/// Keys of project.csv that hold what only these files have.
pub(super) mod key {
    pub(in super::super) const FORMAT: &str = "psplib_format";
    pub(in super::super) const BASE_DATA: &str = "psplib_base_data";
    pub(in super::super) const SEED: &str = "psplib_seed";
    pub(in super::super) const HORIZON: &str = "psplib_horizon";
    pub(in super::super) const RELEASE_DATE: &str = "psplib_release_date";
    pub(in super::super) const DUE_DATE: &str = "psplib_due_date";
    pub(in super::super) const TARDINESS_COST: &str = "psplib_tardiness_cost";
    pub(in super::super) const MPM_TIME: &str = "psplib_mpm_time";
}

/// A value of the header: its key in project.csv, its text, and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HeaderValue {
    pub(super) key: &'static str,
    pub(super) value: String,
    pub(super) line: u32,
}

/// One way to do a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JobMode {
    /// Periods it takes.
    pub(super) duration: i64,
    /// Use of each renewable resource per period, then of each non-renewable one in all.
    pub(super) uses: Vec<i64>,
    /// Its line.
    pub(super) line: u32,
}

/// A job, numbered by its position from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Job {
    /// Positions, from 0, of the jobs that start after its end, in file order.
    pub(super) successors: Vec<usize>,
    /// Its modes; at least one in a finished instance.
    pub(super) modes: Vec<JobMode>,
    /// The line that gives its successors.
    pub(super) line: u32,
}

/// A project with resource limits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Instance {
    pub(super) layout: Layout,
    pub(super) header: Vec<HeaderValue>,
    /// Capacity of each renewable resource.
    pub(super) renewable: Vec<i64>,
    /// Total of each non-renewable resource.
    pub(super) nonrenewable: Vec<i64>,
    /// The line that gives the capacities.
    pub(super) capacity_line: u32,
    pub(super) jobs: Vec<Job>,
}

impl Instance {
    /// The text of a header value.
    pub(super) fn header(&self, key: &str) -> Option<&str> {
        self.header.iter().find(|value| value.key == key).map(|value| value.value.as_str())
    }

    /// Sum of the longest durations: no reasonable schedule is longer.
    pub(super) fn horizon(&self) -> i64 {
        let longest = |job: &Job| job.modes.iter().map(|mode| mode.duration).max().unwrap_or(0);
        self.jobs.iter().map(longest).fold(0, i64::saturating_add)
    }

    /// Length of the longest path with the shortest durations.
    ///
    /// # Complexity
    /// Linear in jobs and links.
    pub(super) fn longest_path(&self) -> i64 {
        let mut open = vec![0_usize; self.jobs.len()];
        for &successor in self.jobs.iter().flat_map(|job| &job.successors) {
            open[successor] += 1;
        }
        let mut ready: Vec<usize> = (0..self.jobs.len()).filter(|&job| open[job] == 0).collect();
        let mut start = vec![0_i64; self.jobs.len()];
        let mut last = 0;
        while let Some(job) = ready.pop() {
            let shortest = self.jobs[job].modes.iter().map(|mode| mode.duration).min().unwrap_or(0);
            let finish = start[job].saturating_add(shortest);
            last = last.max(finish);
            for &successor in &self.jobs[job].successors {
                start[successor] = start[successor].max(finish);
                open[successor] -= 1;
                if open[successor] == 0 {
                    ready.push(successor);
                }
            }
        }
        last
    }
}
