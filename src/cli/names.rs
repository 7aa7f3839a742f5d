//! Names of the command line that a plan does not have.

use floatline::scenario::nearest;

/// `` ; did you mean `T9`? `` for the name that is nearest to a word, if one is near; otherwise nothing.
pub fn meant<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, names).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_is_near_is_offered() {
        assert_eq!(meant("tset", ["api", "test"]), "; did you mean `test`?");
        // Two letters of two are others.
        assert_eq!(meant("QA", ["D1", "D2"]), "");
    }
}
