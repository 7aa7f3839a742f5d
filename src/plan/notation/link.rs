//! Predecessor lists: `A;B`, `A FS+2d`, `3SS-50%`, `8-1`.

use super::duration::TimeScale;
use super::lag::parse_lag;
use super::names::Names;
use super::words::parse_link_kind;
use super::{Fault, quoted};
use crate::plan::draft::DecimalMark;
use crate::plan::{Lag, LinkKind};

/// One item of a predecessor list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Predecessor<I> {
    /// The task that comes first.
    pub task: I,
    /// Which ends are joined.
    pub kind: LinkKind,
    /// The least distance.
    pub lag: Lag,
}

/// Longest text behind an id that can be a link type and a lag. Bounds the work on hostile cells.
const LONGEST_TAIL: usize = 48;

/// Parses a list of predecessors.
///
/// An exact id always wins over any other reading of an item, then the longest id that leaves a valid link type and
/// lag. Items are separated by `;`, or by `,` if no id contains a comma; where a comma may also be a decimal mark
/// (`A+1,5`), the table's decimal mark decides, and if that is unknown the item is refused.
///
/// # Arguments
/// What is found is added to `found`, so that a caller can use one vector for a million cells.
///
/// # Returns
/// The faults of all items, each naming its item as the part at fault; rules `unknown-task`, `bad-link`,
/// `ambiguous-number` and those of [`parse_lag`].
pub fn parse_predecessors<I: Copy>(
    cell: &str,
    names: &Names<'_, I>,
    scale: &TimeScale,
    mark: DecimalMark,
    found: &mut Vec<Predecessor<I>>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if names.any_separator()
        && let Some(task) = names.find(cell)
    {
        found.push(plain(task));
        return faults;
    }
    for item in super::list_items(cell) {
        if let Some(task) = names.find(item) {
            found.push(plain(task));
        } else if item.contains(',') && !names.any_comma() {
            parse_comma_list(item, names, scale, mark, found, &mut faults);
        } else {
            match parse_item(item, names, scale, mark) {
                Ok(predecessor) => found.push(predecessor),
                Err(mut more) => faults.append(&mut more),
            }
        }
    }
    faults
}

fn plain<I>(task: I) -> Predecessor<I> {
    Predecessor { task, kind: LinkKind::FinishToStart, lag: Lag::NONE }
}

/// `A,B SS+2d` or `A+1,5d`.
fn parse_comma_list<I: Copy>(
    item: &str,
    names: &Names<'_, I>,
    scale: &TimeScale,
    mark: DecimalMark,
    found: &mut Vec<Predecessor<I>>,
    faults: &mut Vec<Fault>,
) {
    let before = found.len();
    let mut split_faults = Vec::new();
    for part in item.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match parse_item(part, names, scale, mark) {
            Ok(predecessor) => found.push(predecessor),
            Err(mut more) => split_faults.append(&mut more),
        }
    }
    let whole = parse_item(item, names, scale, mark);
    match whole {
        Ok(_) if split_faults.is_empty() && mark == DecimalMark::Unknown => {
            found.truncate(before);
            faults.push(
                Fault::new("ambiguous-number", "the comma may separate two tasks or begin the decimals of a lag")
                    .with_hint("separate tasks by `;`")
                    .in_part(item),
            );
        }
        Ok(whole) if mark == DecimalMark::Comma || !split_faults.is_empty() => {
            found.truncate(before);
            found.push(whole);
        }
        _ => faults.append(&mut split_faults),
    }
}

fn parse_item<I: Copy>(
    item: &str,
    names: &Names<'_, I>,
    scale: &TimeScale,
    mark: DecimalMark,
) -> Result<Predecessor<I>, Vec<Fault>> {
    if let Some(task) = names.find(item) {
        return Ok(plain(task));
    }
    let mut tail_fault = None;
    // Of a name that is not known: what is before the longest tail, and what is wrong with that.
    let mut longest = None;
    for (at, _) in item.char_indices().rev().take_while(|&(at, _)| item.len() - at <= LONGEST_TAIL) {
        let (head, tail) = (item[..at].trim_end(), &item[at..]);
        if head.is_empty() || !may_begin_tail(tail) {
            continue;
        }
        match (names.find(head), parse_tail(tail, scale, mark)) {
            (Some(task), Ok((kind, lag))) => return Ok(Predecessor { task, kind, lag }),
            (Some(_), Err(fault)) => {
                tail_fault = Some(fault.in_part(tail.trim()));
            }
            // A name such as `A-1` or `PROOF` is more likely mistyped as a whole than to carry a lag or link type.
            (None, Ok(_)) if at > head.len() || is_clear_tail(head, tail) => longest = Some((head, None)),
            (None, Err(fault)) if at > head.len() && is_shaped_tail(tail) => {
                longest = Some((head, Some(fault.in_part(tail.trim()))));
            }
            (None, _) => {}
        }
    }
    if let Some(fault) = tail_fault {
        return Err(vec![fault]);
    }
    let (name, fault_of_tail) = longest.unwrap_or((item, None));
    let fault = Fault::new("unknown-task", "no such task").in_part(name);
    // `A XS+2d`: a task and something behind it that is neither link type nor lag.
    let known = item.rsplit_once(char::is_whitespace).filter(|(head, _)| names.find(head.trim_end()).is_some());
    let fault = match known {
        Some((head, tail)) => fault.with_hint(format!(
            "if {} is meant: {} is no link type (FS, SS, FF, SF) with a lag, as in `FS+2d`",
            quoted(head.trim_end()),
            quoted(tail)
        )),
        None => fault,
    };
    Err([fault].into_iter().chain(fault_of_tail).collect())
}

fn may_begin_tail(tail: &str) -> bool {
    let tail = tail.trim_start().as_bytes();
    match tail.first() {
        Some(b'+' | b'-') => true,
        Some(b'F' | b'f' | b'S' | b's') => matches!(tail.get(1), Some(b'F' | b'f' | b'S' | b's')),
        Some(0xe2) => tail.starts_with("\u{2212}".as_bytes()),
        _ => false,
    }
}

/// True if a tail that cannot be read is more likely a link type with a lag than words: `FS+1q`, `+2 dayz`, `SS 3x`.
fn is_shaped_tail(tail: &str) -> bool {
    let lag = tail.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let code = tail.len() - lag.len();
    (code == 0 || code == 2)
        && lag
            .trim_start()
            .trim_start_matches(['+', '-', '\u{2212}'])
            .trim_start()
            .starts_with(|c: char| c.is_ascii_digit())
}

/// True if a tail right behind a name cannot well be part of the name: `7FS`, `A+2d`, `proofFS+2d`.
fn is_clear_tail(head: &str, tail: &str) -> bool {
    tail.starts_with('+')
        || tail.len() > 2 && !tail.starts_with('-')
        || head.ends_with(|c: char| c.is_ascii_digit()) && !tail.starts_with('-')
}

/// `FS`, `FS+2d`, `+2d`, `SS 50%`.
fn parse_tail(tail: &str, scale: &TimeScale, mark: DecimalMark) -> Result<(LinkKind, Lag), Fault> {
    let tail = tail.trim();
    let code = tail.get(..2).filter(|code| code.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let (kind, lag) = match code {
        Some(code) => (parse_link_kind(code)?, tail[2..].trim_start()),
        None => (LinkKind::FinishToStart, tail),
    };
    if lag.is_empty() {
        return Ok((kind, Lag::NONE));
    }
    if lag.starts_with(|c: char| c.is_alphabetic()) && !lag.starts_with(['P', 'p']) {
        return Err(Fault::new("bad-link", format!("{} is no lag", quoted(lag))));
    }
    Ok((kind, parse_lag(lag, scale, mark)?))
}
