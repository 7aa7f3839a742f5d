//! Machine words that hold the free units of all resources of a slot.

use super::packed::MASK;

/// A machine word with lanes for resources.
pub trait Word: Copy + Eq + Default + Send + Sync + 'static {
    /// Number of lanes.
    const LANES: usize;
    /// Bits of a lane, the guard included.
    const LANE_BITS: u32;
    /// The word with every guard set.
    const GUARDS: Self;
    /// `value` in lane `lane`.
    fn lane(value: i32, lane: usize) -> Self;
    /// Lane-wise sum; no lane overflows by the caller's care.
    fn plus(self, other: Self) -> Self;
    /// Lane-wise difference; guards catch the borrow.
    fn minus(self, other: Self) -> Self;
    /// True if every lane of `self`, guards set, holds at least what `request` asks.
    fn covers(self, request: Self) -> bool;
    /// Lane-wise maximum of two words with their guards set.
    fn or_more(self, other: Self) -> Self;
    /// Activities of at most so many slots are placed with masks, which then show at least half a mask of starts; wide
    /// words are better looked at one by one.
    const SHORT: usize = MASK / 2;
}

macro_rules! packed_word {
    ($(#[$doc:meta])* $name:ident, $raw:ty, $lanes:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name($raw);

        impl Word for $name {
            const LANES: usize = $lanes;
            const LANE_BITS: u32 = <$raw>::BITS / $lanes as u32;
            const GUARDS: Self = {
                let mut guards: $raw = 0;
                let mut lane = 0;
                while lane < $lanes {
                    guards |= 1 << (lane as u32 * Self::LANE_BITS + Self::LANE_BITS - 1);
                    lane += 1;
                }
                $name(guards)
            };
            #[inline(always)]
            fn lane(value: i32, lane: usize) -> Self {
                $name((value as $raw) << (lane as u32 * Self::LANE_BITS))
            }
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                $name(self.0.wrapping_add(other.0))
            }
            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                $name(self.0.wrapping_sub(other.0))
            }
            #[inline(always)]
            fn covers(self, request: Self) -> bool {
                self.0.wrapping_sub(request.0) & Self::GUARDS.0 == Self::GUARDS.0
            }
            #[inline(always)]
            fn or_more(self, other: Self) -> Self {
                let guards = self.0.wrapping_sub(other.0 ^ Self::GUARDS.0) & Self::GUARDS.0;
                let mine = guards - (guards >> (Self::LANE_BITS - 1));
                $name(self.0 & mine | other.0 & !mine | Self::GUARDS.0)
            }
        }
    };
}

macro_rules! wide_word {
    ($(#[$doc:meta])* $name:ident, $words:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name([Deep; $words]);

        impl Word for $name {
            const LANES: usize = $words * Deep::LANES;
            const LANE_BITS: u32 = Deep::LANE_BITS;
            const GUARDS: Self = $name([Deep::GUARDS; $words]);
            const SHORT: usize = 0;
            #[inline(always)]
            fn lane(value: i32, lane: usize) -> Self {
                let mut words = [Deep::default(); $words];
                words[lane / Deep::LANES] = Deep::lane(value, lane % Deep::LANES);
                $name(words)
            }
            #[inline(always)]
            fn plus(mut self, other: Self) -> Self {
                self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word = word.plus(other));
                self
            }
            #[inline(always)]
            fn minus(mut self, other: Self) -> Self {
                self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word = word.minus(other));
                self
            }
            #[inline(always)]
            fn covers(self, request: Self) -> bool {
                // Without leaving early, so that it takes a few vector instructions.
                let guards = self.0.iter().zip(request.0).fold(Deep::GUARDS.0, |all, (word, request)| {
                    all & word.0.wrapping_sub(request.0)
                });
                guards & Deep::GUARDS.0 == Deep::GUARDS.0
            }
            #[inline(always)]
            fn or_more(mut self, other: Self) -> Self {
                self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word = word.or_more(other));
                self
            }
        }
    };
}

packed_word!(
    /// Up to four resources of at most 127 units.
    Narrow,
    u32,
    4
);
packed_word!(
    /// Up to eight resources of at most 127 units.
    Broad,
    u64,
    8
);
packed_word!(
    /// Up to four resources of at most 32,767 units.
    Deep,
    u64,
    4
);
wide_word!(
    /// Up to 16 resources of at most 32,767 units.
    Wide,
    4
);
wide_word!(
    /// Up to 64 resources of at most 32,767 units.
    Widest,
    16
);
