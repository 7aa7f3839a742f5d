//! Ids that are unique and can stand in the cells of a plan.

use rustc_hash::FxHashMap;

/// Names that are taken, each with the last number that was put behind it.
#[derive(Default)]
pub(super) struct Taken(FxHashMap<String, usize>);

impl Taken {
    /// The name itself, or with a number behind it if it is taken.
    pub(super) fn unique(&mut self, name: String) -> String {
        let Some(&last) = self.0.get(&name) else {
            self.0.insert(name.clone(), 1);
            return name;
        };
        let mut number = last + 1;
        let mut next = format!("{name} ({number})");
        while self.0.contains_key(&next) {
            number += 1;
            next = format!("{name} ({number})");
        }
        self.0.insert(name, number);
        self.0.insert(next.clone(), 1);
        next
    }
}

/// A name without the signs that separate and count the items of a resource list.
pub(super) fn safe_in_lists(name: &str) -> String {
    name.chars()
        .map(|c| if matches!(c, ';' | ',' | '*' | '[' | ']' | '%') || c.is_control() { '_' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_names_get_a_number() {
        let mut taken = Taken::default();
        let names: Vec<String> = ["a", "a", "a (2)", "a"].iter().map(|name| taken.unique((*name).into())).collect();
        assert_eq!(names, ["a", "a (2)", "a (2) (2)", "a (3)"]);
        assert_eq!(safe_in_lists("a;b*2 [c]"), "a_b_2 _c_");
    }
}
