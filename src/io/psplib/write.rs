//! From an instance to the text of a PSPLIB or MMLIB file, in the columns of the published ones.

use std::fmt::{self, Write as _};

use super::instance::{Instance, JobMode, key};

/// The rule between sections.
const STARS: &str = "************************************************************************\n";
/// The rule below the caption of the requests.
const DASHES: &str = "------------------------------------------------------------------------\n";

/// The long form, with file header and project information.
pub(super) fn long(instance: &Instance) -> String {
    let mut out = String::new();
    write_long(instance, &mut out).expect("writing to a string cannot fail");
    out
}

/// The short form of MMLIB.
pub(super) fn short(instance: &Instance) -> String {
    let mut out = String::new();
    write_short(instance, &mut out).expect("writing to a string cannot fail");
    out
}

fn write_long(instance: &Instance, out: &mut String) -> fmt::Result {
    let jobs = instance.jobs.len();
    let (renewable, nonrenewable) = (instance.renewable.len(), instance.nonrenewable.len());
    let header = |key: &str| instance.header(key).unwrap_or("0");
    out.push_str(STARS);
    writeln!(out, "file with basedata            : {}", header(key::BASE_DATA))?;
    writeln!(out, "initial value random generator: {}", header(key::SEED))?;
    out.push_str(STARS);
    writeln!(out, "projects                      :  1")?;
    writeln!(out, "jobs (incl. supersource/sink ):  {jobs}")?;
    writeln!(out, "horizon                       :  {}", header(key::HORIZON))?;
    writeln!(out, "RESOURCES")?;
    writeln!(out, "  - renewable                 :  {renewable}   R")?;
    writeln!(out, "  - nonrenewable              :  {nonrenewable}   N")?;
    writeln!(out, "  - doubly constrained        :  0   D")?;
    out.push_str(STARS);
    writeln!(out, "PROJECT INFORMATION:")?;
    writeln!(out, "pronr.  #jobs rel.date duedate tardcost  MPM-Time")?;
    writeln!(
        out,
        "    1 {:>6} {:>6} {:>8} {:>8} {:>8}",
        jobs.saturating_sub(2),
        header(key::RELEASE_DATE),
        header(key::DUE_DATE),
        header(key::TARDINESS_COST),
        header(key::MPM_TIME)
    )?;
    out.push_str(STARS);
    writeln!(out, "PRECEDENCE RELATIONS:")?;
    writeln!(out, "jobnr.    #modes  #successors   successors")?;
    for (number, job) in (1..).zip(&instance.jobs) {
        write!(out, "{:>4}{:>9}{:>11}        ", i32::to_string(&number), job.modes.len(), job.successors.len())?;
        for successor in &job.successors {
            write_padded(out, 4, successor + 1)?;
        }
        out.push('\n');
    }
    out.push_str(STARS);
    writeln!(out, "REQUESTS/DURATIONS:")?;
    write!(out, "jobnr. mode duration")?;
    for (letter, number) in resources(instance) {
        write!(out, "  {letter}{number:>2}")?;
    }
    out.push('\n');
    out.push_str(DASHES);
    for (number, job) in (1..).zip(&instance.jobs) {
        for (at, mode) in job.modes.iter().enumerate() {
            let job_number = if at == 0 { i32::to_string(&number) } else { String::new() };
            write!(out, "{job_number:>3}{:>7}{:>6}   ", at + 1, mode.duration)?;
            for &units in &mode.uses {
                write_padded(out, 5, units)?;
            }
            out.push('\n');
        }
    }
    out.push_str(STARS);
    writeln!(out, "RESOURCEAVAILABILITIES:")?;
    for (letter, number) in resources(instance) {
        write!(out, "  {letter}{number:>2}")?;
    }
    out.push('\n');
    for &capacity in instance.renewable.iter().chain(&instance.nonrenewable) {
        write_padded(out, 5, capacity)?;
    }
    out.push('\n');
    out.push_str(STARS);
    Ok(())
}

fn write_short(instance: &Instance, out: &mut String) -> fmt::Result {
    writeln!(out, "jobs  (incl. supersource/sink ):\t{}", instance.jobs.len())?;
    writeln!(out, "RESOURCES")?;
    writeln!(out, "- renewable                 : {} R", instance.renewable.len())?;
    writeln!(out, "- nonrenewable              : {} N", instance.nonrenewable.len())?;
    writeln!(out, "- doubly constrained        : 0 D")?;
    out.push_str(STARS);
    writeln!(out, "PRECEDENCE RELATIONS:")?;
    writeln!(out, "jobnr.    #modes  #successors   successors")?;
    for (number, job) in (1..).zip(&instance.jobs) {
        write!(out, "{}\t{}\t{}\t\t", i32::to_string(&number), job.modes.len(), job.successors.len())?;
        for successor in &job.successors {
            write!(out, "{} ", successor + 1)?;
        }
        out.push('\n');
    }
    out.push_str(STARS);
    writeln!(out, "REQUESTS/DURATIONS")?;
    write!(out, "jobnr.\tmode\tdur\t")?;
    for (letter, number) in resources(instance) {
        write!(out, "{letter}{number}\t")?;
    }
    out.push('\n');
    out.push_str(DASHES);
    for (number, job) in (1..).zip(&instance.jobs) {
        for (at, JobMode { duration, uses, .. }) in job.modes.iter().enumerate() {
            let job_number = if at == 0 { i32::to_string(&number) } else { String::new() };
            write!(out, "{job_number}\t{}\t{duration}\t", at + 1)?;
            for units in uses {
                write!(out, "{units}\t")?;
            }
            out.push('\n');
        }
    }
    out.push_str(STARS);
    writeln!(out, "\n RESOURCE AVAILABILITIES ")?;
    for (letter, number) in resources(instance) {
        write!(out, "\t{letter} {number}")?;
    }
    out.push('\n');
    for capacity in instance.renewable.iter().chain(&instance.nonrenewable) {
        write!(out, "\t{capacity}")?;
    }
    out.push_str("\n\n");
    out.push_str(STARS);
    Ok(())
}

/// Letter and number of each resource.
fn resources(instance: &Instance) -> impl Iterator<Item = (char, usize)> {
    let renewable = (1..=instance.renewable.len()).map(|number| ('R', number));
    renewable.chain((1..=instance.nonrenewable.len()).map(|number| ('N', number)))
}

/// A number in a column, with at least one blank before it however long it is.
fn write_padded(out: &mut String, width: usize, number: impl fmt::Display) -> fmt::Result {
    let digits = number.to_string();
    write!(out, " {digits:>0$}", width - 1)
}
