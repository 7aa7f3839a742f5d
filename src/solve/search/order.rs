//! Sorting nodes by keys, with room that is used again.

/// Sorts nodes by small integers.
#[derive(Clone, Debug, Default)]
pub struct Sorter {
    /// Where the next node of each key goes.
    next: Vec<u32>,
    /// Keys and nodes in one word.
    packed: Vec<u64>,
}

/// Keys that spread over so many values for each node are counted; beyond that comparing is faster.
const COUNTED_SPREAD: usize = 8;

impl Sorter {
    /// Puts the node numbers into `order` by key, equal keys by number. Keys lie within 32 bits of each other.
    pub fn sort(&mut self, keys: &[i64], order: &mut Vec<u32>) {
        order.clear();
        if keys.is_empty() {
            return;
        }
        let (least, most) =
            keys.iter().fold((i64::MAX, i64::MIN), |(least, most), &key| (least.min(key), most.max(key)));
        let spread = (most - least) as usize;
        if spread > COUNTED_SPREAD * keys.len() {
            self.packed.clear();
            self.packed.extend(keys.iter().zip(0u64..).map(|(&key, node)| ((key - least) as u64) << 32 | node));
            self.packed.sort_unstable();
            order.extend(self.packed.iter().map(|&key| key as u32));
            return;
        }
        self.next.clear();
        self.next.resize(spread + 2, 0);
        keys.iter().for_each(|&key| self.next[(key - least) as usize + 1] += 1);
        let mut total = 0;
        for count in &mut self.next {
            total += *count;
            *count = total;
        }
        order.resize(keys.len(), 0);
        for (&key, node) in keys.iter().zip(0u32..) {
            let place = &mut self.next[(key - least) as usize];
            order[*place as usize] = node;
            *place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorting_by_counting_is_sorting(keys in proptest::collection::vec(-40i64..40, 0..30), far in 0i64..2_000) {
            let mut keys = keys;
            keys.extend((far > 1_000).then_some(far));
            let mut expected: Vec<u32> = (0..keys.len() as u32).collect();
            expected.sort_by_key(|&node| (keys[node as usize], node));
            let (mut sorter, mut order) = (Sorter::default(), vec![7; 3]);
            sorter.sort(&[5, -2, 900], &mut order);
            prop_assert_eq!(&order, &[1, 0, 2]);
            sorter.sort(&keys, &mut order);
            prop_assert_eq!(order, expected);
        }
    }
}
