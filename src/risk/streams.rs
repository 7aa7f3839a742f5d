//! Random numbers for many samples at a time.

use rand::RngCore;

use crate::effort;

/// Samples that are drawn together.
pub const LANES: usize = 16;

/// A value for each of the samples drawn together.
pub type Lanes<T> = [T; LANES];

/// A stream of random numbers for each of some samples that follow each other: what a sample draws depends on the seed and
/// on its number alone. (The generator is xoshiro128++: Blackman, Vigna, "Scrambled linear pseudorandom number generators",
/// ACM TOMS 47 (2021).)
#[derive(Clone, Debug)]
pub struct Streams {
    state: [Lanes<u32>; 4],
}

impl Streams {
    /// The streams of the samples from number `first` on.
    pub fn new(seed: u64, first: u64) -> Streams {
        Streams::of(seed, &std::array::from_fn(|lane| first.wrapping_add(lane as u64)))
    }

    /// The streams of samples by their numbers.
    pub fn of(seed: u64, numbers: &Lanes<u64>) -> Streams {
        let mut state = [[0; LANES]; 4];
        for lane in 0..LANES {
            let mut random = effort::random(seed, numbers[lane]);
            for words in &mut state {
                words[lane] = random.next_u32();
            }
        }
        Streams::from_state(state)
    }

    /// Streams of their own, which begin with the next four numbers of these: whatever is drawn from them, these go on the
    /// same.
    pub fn fork(&mut self) -> Streams {
        let state = std::array::from_fn(|_| self.next());
        Streams::from_state(state)
    }

    fn from_state(mut state: [Lanes<u32>; 4]) -> Streams {
        for lane in 0..LANES {
            // The one state that the generator never leaves.
            if state.iter().all(|words| words[lane] == 0) {
                state[0][lane] = 1;
            }
        }
        Streams { state }
    }

    /// The next number of each sample.
    #[inline(always)]
    pub fn next(&mut self) -> Lanes<u32> {
        let [first, second, third, fourth] = &mut self.state;
        let mut drawn = [0; LANES];
        for lane in 0..LANES {
            drawn[lane] = first[lane].wrapping_add(fourth[lane]).rotate_left(7).wrapping_add(first[lane]);
            let shifted = second[lane] << 9;
            third[lane] ^= first[lane];
            fourth[lane] ^= second[lane];
            second[lane] ^= third[lane];
            first[lane] ^= fourth[lane];
            third[lane] ^= shifted;
            fourth[lane] = fourth[lane].rotate_left(11);
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro128PlusPlus;

    #[test]
    fn each_lane_is_the_generator_of_the_literature() {
        let mut streams = Streams::new(7, 40);
        let mut seed = [0; 16];
        for (bytes, words) in seed.chunks_mut(4).zip(&streams.state) {
            bytes.copy_from_slice(&words[5].to_le_bytes());
        }
        let mut expected = Xoshiro128PlusPlus::from_seed(seed);
        for _ in 0..100 {
            assert_eq!(streams.next()[5], expected.next_u32());
        }
    }

    #[test]
    fn a_sample_draws_the_same_wherever_it_stands() {
        let (mut one, mut other) = (Streams::new(1, 100), Streams::new(1, 95));
        for _ in 0..10 {
            assert_eq!(one.next()[3], other.next()[8]);
        }
        assert_ne!(Streams::new(1, 0).next(), Streams::new(2, 0).next());
    }
}
