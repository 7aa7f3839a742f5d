//! Lists of predecessors, as far as they must be understood to leave some out.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A list of predecessors without those that are not in the plan: inactive tasks, and tasks of other files
/// (`C:\plans\other.mpp\5FS`).
///
/// # Arguments
/// `lose` is called for each item that is left out.
pub(super) fn kept<'a>(
    list: &'a str,
    known: &HashMap<&str, usize>,
    inactive: &HashSet<Cow<'_, str>>,
    mut lose: impl FnMut(&'a str),
) -> Cow<'a, str> {
    if inactive.is_empty() && !list.contains(['\\', '/']) || known.contains_key(list) {
        return Cow::Borrowed(list);
    }
    let separator = if list.contains(';') { ';' } else { ',' };
    let items = list.split(separator).map(str::trim).filter(|item| !item.is_empty());
    let is_lost = |item: &str| {
        let number = item.find(|c: char| !c.is_ascii_digit()).map_or(item, |end| &item[..end]);
        let is_foreign = item.contains(['\\', '/']) && !known.keys().any(|id| !id.is_empty() && item.starts_with(id));
        is_foreign || !known.contains_key(item) && (inactive.contains(number) || inactive.contains(item))
    };
    let mut all_kept = true;
    let mut kept: Vec<&str> = Vec::new();
    for item in items {
        if is_lost(item) {
            all_kept = false;
            lose(item);
        } else {
            kept.push(item);
        }
    }
    if all_kept { Cow::Borrowed(list) } else { Cow::Owned(kept.join(&separator.to_string())) }
}
