//! What makes a usage profile uneven.

use super::profile::Profile;

/// What is to be least.
///
/// `y` is the usage of a resource in each of the `n` slots of its working time between the start of the project and the date
/// by which all shall be done. Squares and RIC rank the schedules of one resource alike; they differ in how several resources
/// are weighed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// The sum of squares of `y` (Burgess and Killebrew 1962).
    #[default]
    Squares,
    /// The resource improvement coefficient `n sum(y^2) / (sum y)^2`, 1 if usage is level (Harris 1978).
    Ric,
    /// Release and re-hire as resource idle days: the sum of `min(max of y until t, max of y from t on) - y` (El-Rayes and
    /// Jun 2009).
    Rid,
    /// The most units in use at once.
    Peak,
}

impl Criterion {
    /// All of them.
    pub const ALL: [Criterion; 4] = [Criterion::Squares, Criterion::Ric, Criterion::Rid, Criterion::Peak];

    /// Its name on the command line and in tables.
    pub fn word(self) -> &'static str {
        match self {
            Criterion::Squares => "squares",
            Criterion::Ric => "ric",
            Criterion::Rid => "rid",
            Criterion::Peak => "peak",
        }
    }

    /// Its value for a profile. That of RIC is told without the factor that a resource's work gives it.
    pub(super) fn of(self, profile: &Profile) -> i64 {
        match self {
            Criterion::Squares | Criterion::Ric => profile.squares(),
            Criterion::Rid => profile.idle(),
            Criterion::Peak => profile.peak(),
        }
    }

    /// A value that no profile beats which has more work than this one, so much of it, and nothing less anywhere.
    pub(super) fn least(self, profile: &Profile, work: i64) -> i64 {
        match self {
            Criterion::Squares | Criterion::Ric => profile.squares_when_filled(work),
            // Idle time is what lies under the hull of the profile less the work, and the hull only grows.
            Criterion::Rid => (profile.idle() - work).max(0),
            Criterion::Peak => {
                let (all, time) = (profile.work() + work, i64::from(profile.end()).max(1));
                profile.peak().max((all + time - 1) / time)
            }
        }
    }
}
