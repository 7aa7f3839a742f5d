//! Work on all threads, put together in its order: pieces of a long table, and plans by the hundred.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// Pieces made at a time: enough to keep many threads busy, few enough to stay in memory that is used again and again.
/// Fresh memory for every piece costs more time than most of them take to make.
const WAVE: usize = 16;

/// Makes pieces in parallel and takes them in order: one wave is taken while the next one is made.
///
/// # Arguments
/// `make` fills the piece of a number, and finds in it what was left there: nothing at first, later what `take` left of
/// another piece. `take` runs on the calling thread.
///
/// # Errors
/// The first that `take` returns; no further piece is taken then.
pub fn in_waves<T: Default + Send, E>(
    pieces: usize,
    make: impl Fn(usize, &mut T) + Sync,
    mut take: impl FnMut(&mut T) -> Result<(), E>,
) -> Result<(), E> {
    if pieces == 1 {
        let mut only = T::default();
        make(0, &mut only);
        return take(&mut only);
    }
    let (mut made, mut taken): (Vec<T>, Vec<T>) = (Vec::new(), Vec::new());
    for first in (0..pieces + WAVE).step_by(WAVE) {
        let count = WAVE.min(pieces.saturating_sub(first));
        taken.resize_with(count, T::default);
        rayon::in_place_scope(|scope| {
            if count > 0 {
                let next = &mut taken;
                let make = &make;
                scope.spawn(move |_| {
                    next.par_iter_mut().enumerate().for_each(|(number, piece)| make(first + number, piece));
                });
            }
            made.iter_mut().try_for_each(&mut take)
        })?;
        std::mem::swap(&mut made, &mut taken);
    }
    Ok(())
}

/// Calls `work` for `0..count` and returns the results in that order.
///
/// As many plans are worked on at a time as there are threads, each by a thread of its own: plans that share a pool wait
/// for each other's pieces, and their searches did half as much in the same time. The last plans, fewer than threads,
/// share the common pool.
pub fn in_parallel<T: Send + Sync>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let results: Vec<OnceLock<T>> = (0..count).map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let threads = rayon::current_num_threads().min(count);
    let fill = |at: usize| {
        results[at].get_or_init(|| work(at));
    };
    // Works on the next pieces; returns one of the last ones, which is not a single thread's to do.
    let work_alone = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if count.saturating_sub(at) < threads {
                return at;
            }
            fill(at);
        }
    };
    let hand_over = || {
        let own = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let mut at = own.map_or_else(|_| next.fetch_add(1, Ordering::Relaxed), |own| own.install(work_alone));
        while at < count {
            rayon::scope(|_| fill(at));
            at = next.fetch_add(1, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(hand_over);
        }
    });
    results.into_iter().filter_map(OnceLock::into_inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers_taken(pieces: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let make = |number: usize, piece: &mut Vec<usize>| piece.push(number);
        let taken: Result<(), ()> = in_waves(pieces, make, |piece| {
            found.append(piece);
            Ok(())
        });
        assert_eq!(taken, Ok(()));
        found
    }

    #[test]
    fn every_piece_is_taken_once_and_in_order() {
        for pieces in [0, 1, 2, WAVE - 1, WAVE, WAVE + 1, 3 * WAVE, 5 * WAVE + 7] {
            assert_eq!(numbers_taken(pieces), (0..pieces).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_failure_ends_the_taking() {
        let mut count = 0;
        let result = in_waves(
            4 * WAVE,
            |number, piece: &mut usize| *piece = number,
            |piece| {
                count += 1;
                if *piece == WAVE + 3 { Err(*piece) } else { Ok(()) }
            },
        );
        assert_eq!((result, count), (Err(WAVE + 3), WAVE + 4));
    }

    #[test]
    fn results_come_in_the_order_of_the_work_and_none_is_lost() {
        let squares = in_parallel(1000, |at| at * at);
        assert_eq!(squares, (0..1000).map(|at| at * at).collect::<Vec<_>>());
        assert!(in_parallel(0, |at| at).is_empty());
    }
}
