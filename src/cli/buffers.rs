//! Buffers of `solve --buffers`: how they are asked for, and in words.

use std::io::{self, Write};

use clap::ValueEnum;
use floatline::plan::{Plan, TaskId};
use floatline::track::buffers::{Buffer, BufferRule};

use super::{print, summary};

/// How large buffers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BufferFlag {
    /// The root of the squares of what each task of the chain may take longer, at least a quarter of the chain
    Root,
    /// Half of the chain
    Half,
}

impl From<BufferFlag> for BufferRule {
    fn from(flag: BufferFlag) -> BufferRule {
        match flag {
            BufferFlag::Root => BufferRule::RootOfSquares,
            BufferFlag::Half => BufferRule::Half,
        }
    }
}

/// Feeding buffers that are printed.
const MOST_ROWS: usize = 12;
/// Tasks of a chain that are printed.
const MOST_TASKS: usize = 6;

/// The buffers for people.
pub fn write_words(out: &mut dyn Write, plan: &Plan, buffers: &[Buffer], all: bool) -> io::Result<()> {
    let Some(project) = buffers.first() else { return Ok(()) };
    let size = summary::in_words(plan, project.size);
    writeln!(out, "\nBuffers: promise {}, that is {size} behind the critical chain", plan.format_moment(project.to))?;
    let shown = if all { buffers.len() } else { MOST_ROWS };
    let rows = buffers.iter().take(shown).map(|buffer| {
        let id = |task: TaskId| plan.tasks()[task].id.to_string();
        vec![
            format!("  {}", buffer.before.map_or("project".to_owned(), |task| format!("before {}", id(task)))),
            summary::in_units(plan, buffer.size),
            plan.format_moment(buffer.from),
            plan.format_moment(buffer.to),
            if buffer.is_cut { "no more room".to_owned() } else { String::new() },
            chain_text(plan, buffer),
        ]
    });
    print::write_table(out, &print::table(&["  buffer", "size", "from", "to", "", "behind"], &[1], rows))?;
    if buffers.len() > shown {
        writeln!(out, "  and {} more (--all shows them)", buffers.len() - shown)?;
    }
    Ok(())
}

/// The last tasks of a chain.
pub fn chain_text(plan: &Plan, buffer: &Buffer) -> String {
    let ids: Vec<&str> = buffer.chain.iter().map(|&task| &*plan.tasks()[task].id).collect();
    let skipped = ids.len().saturating_sub(MOST_TASKS);
    format!("{}{}", if skipped > 0 { "... " } else { "" }, ids[skipped..].join(" "))
}
