//! What found a schedule, in a word or two.

use std::fmt;

/// What found the best schedule so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// The schedule that the search was given to start from.
    Start,
    /// A priority rule, by its usual abbreviation.
    Rule {
        /// `LFT`, `LST`, `MTS`, `GRPW`, `MSLK`, `SPT` or `WCS`.
        rule: &'static str,
        /// The generation scheme that followed the rule.
        scheme: Scheme,
        /// True if the rule's order was disturbed at random.
        disturbed: bool,
    },
    /// Tasks that asked for too much together put into sequence, one pair after the other, where maximal lags are tight.
    Posting,
    /// The exact side.
    Exact,
    /// A move of the search, by its name.
    Move(&'static str),
}

/// A schedule generation scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// One task after the other, each as early as it can.
    Serial,
    /// One moment after the other, at each whatever can start.
    Parallel,
}

impl fmt::Display for FoundBy {
    /// `start`, `LFT serial`, `LST parallel disturbed`, `posting`, `window`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            FoundBy::Start => out.write_str("start"),
            FoundBy::Rule { rule, scheme, disturbed } => {
                let scheme = match scheme {
                    Scheme::Serial => "serial",
                    Scheme::Parallel => "parallel",
                };
                write!(out, "{rule} {scheme}{}", if disturbed { " disturbed" } else { "" })
            }
            FoundBy::Posting => out.write_str("posting"),
            FoundBy::Exact => out.write_str("exact"),
            FoundBy::Move(name) => out.write_str(name),
        }
    }
}
