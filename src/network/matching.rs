//! Matching: somebody else for each place (Kuhn, "The Hungarian method for the assignment problem", 1955, in its augmenting
//! paths).

use rustc_hash::FxHashMap;

/// Finds somebody for a place, others moving on to other people if they have to.
///
/// # Arguments
/// `able` has those who can take each place, the best first; `taken` the place of each person that has one; `seen` those who
/// have been asked already.
pub(crate) fn augment(able: &[Vec<u32>], place: usize, taken: &mut FxHashMap<u32, usize>, seen: &mut Vec<u32>) -> bool {
    for &person in &able[place] {
        if seen.contains(&person) {
            continue;
        }
        seen.push(person);
        let other = taken.get(&person).copied();
        if other.is_none_or(|other| augment(able, other, taken, seen)) {
            taken.insert(person, place);
            return true;
        }
    }
    false
}
