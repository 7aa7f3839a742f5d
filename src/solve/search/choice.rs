//! Which move to make next: those that paid before are made more often.

use rand::Rng;

use super::children::Move;
use crate::effort::Random;

/// How often a move was tried, and what it brought.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Record {
    /// Children made.
    pub tries: f64,
    /// Better schedules, and with a small weight others of the same score.
    pub gains: f64,
}

/// The records of all moves.
pub type Records = [Record; Move::ALL.len()];

/// Adaptive choice among the moves: probability matching (Goldberg 1990; see Fialho, "Adaptive operator selection for
/// optimization" (2010), section 3.3.1) on the gain a child, old records fading.
#[derive(Clone, Debug)]
pub struct MoveChoice {
    records: Records,
    weights: [f64; Move::ALL.len()],
}

/// No move is made less often than this.
const LEAST_SHARE: f64 = 0.1;
/// What remains of a record after a round.
const MEMORY: f64 = 0.98;
/// What another schedule of the same score counts, a better one counting 1.
pub const PLATEAU_GAIN: f64 = 0.002;

impl MoveChoice {
    /// Every move equally likely.
    pub fn new() -> MoveChoice {
        let count = Move::ALL.len();
        MoveChoice { records: [Record::default(); Move::ALL.len()], weights: [1.0 / count as f64; Move::ALL.len()] }
    }

    /// Takes in what a round brought.
    pub fn learn(&mut self, rounds: impl Iterator<Item = Records>) {
        for record in &mut self.records {
            record.tries *= MEMORY;
            record.gains *= MEMORY;
        }
        for round in rounds {
            for (record, new) in self.records.iter_mut().zip(round) {
                record.tries += new.tries;
                record.gains += new.gains;
            }
        }
        // One gain for each move that nothing is known about yet.
        let rates = self.records.map(|record| (record.gains + 0.1) / (record.tries + 100.0));
        let all: f64 = rates.iter().sum();
        let free = 1.0 - LEAST_SHARE * rates.len() as f64;
        self.weights = rates.map(|rate| LEAST_SHARE + free * rate / all);
    }

    /// A move at random; `alone` if there is no partner for it.
    pub fn draw(&self, alone: bool, random: &mut Random) -> usize {
        let allowed = |place: usize| !(alone && Move::ALL[place].needs_partner());
        let sum: f64 = (0..self.weights.len()).filter(|&place| allowed(place)).map(|place| self.weights[place]).sum();
        let mut at = random.random::<f64>() * sum;
        let mut last = 0;
        for place in (0..self.weights.len()).filter(|&place| allowed(place)) {
            last = place;
            at -= self.weights[place];
            if at < 0.0 {
                break;
            }
        }
        last
    }
}
