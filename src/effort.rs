//! How much work may be done: limits, the cancel flag, the clock and random streams.
//!
//! This is the only module that reads a clock or makes randomness. Work is limited by ticks first (one tick is one pass
//! of the engine over the whole plan), so that runs repeat; a wall-clock limit comes second.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// The generator behind every random stream of the crate.
pub type Random = Xoshiro256PlusPlus;

/// The random stream `stream` of a run: depends on `seed` and `stream` alone, never on threads or timing.
pub fn random(seed: u64, stream: u64) -> Random {
    // SplitMix64's increment spreads neighbouring streams; seed_from_u64 then mixes every bit (Blackman, Vigna 2018).
    Random::seed_from_u64(seed ^ stream.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// What a run may spend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Passes over the whole plan; the engine chooses by the plan's size if absent and no `time` is set.
    pub effort: Option<u64>,
    /// Wall-clock time; results may differ between runs when this is what stops the work.
    pub time: Option<Duration>,
}

/// What ended a run before its work was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The wall-clock limit.
    TimeLimit,
    /// The user.
    Request,
}

/// Watches limits and the user's wish to stop. Cheap to clone; clones share the cancel flag.
#[derive(Clone, Debug)]
pub struct Control {
    started: Instant,
    deadline: Option<Instant>,
    effort: Option<u64>,
    cancelled: Arc<AtomicBool>,
}

impl Control {
    /// Starts the clock.
    pub fn start(limits: Limits) -> Control {
        Control::with_cancel_flag(limits, Arc::default())
    }

    /// Starts the clock; setting `cancelled` to true stops the work at the next opportunity.
    pub fn with_cancel_flag(limits: Limits, cancelled: Arc<AtomicBool>) -> Control {
        let started = Instant::now();
        // A limit too far away to be represented is no limit.
        let deadline = limits.time.and_then(|time| started.checked_add(time));
        Control { started, deadline, effort: limits.effort, cancelled }
    }

    /// Starts another clock, which the same wish stops.
    pub fn anew(&self, limits: Limits) -> Control {
        Control::with_cancel_flag(limits, Arc::clone(&self.cancelled))
    }

    /// The limit in passes, if one was set.
    pub fn effort(&self) -> Option<u64> {
        self.effort
    }

    /// True if a wall-clock limit was set.
    pub fn has_time_limit(&self) -> bool {
        self.deadline.is_some()
    }

    /// True once the clock has run out or the user has asked to stop.
    pub fn must_stop(&self) -> bool {
        self.stop().is_some()
    }

    /// Why the work must stop, if it must.
    pub fn stop(&self) -> Option<Stop> {
        if self.is_cancelled() {
            return Some(Stop::Request);
        }
        self.deadline.filter(|&deadline| Instant::now() >= deadline).map(|_| Stop::TimeLimit)
    }

    /// True once the user has asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// How much work the whole time allows if it goes on as it began; `done` without a time limit.
    pub fn extrapolated(&self, done: u64) -> u64 {
        let Some(deadline) = self.deadline else { return done };
        let (all, spent) = (deadline - self.started, self.elapsed());
        (done as f64 * all.as_secs_f64() / spent.as_secs_f64().max(1e-6)) as u64
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Takes the times of stages that follow each other.
#[derive(Clone, Debug)]
pub struct Stopwatch {
    stage_began: Instant,
    stages: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Begins the first stage.
    pub fn start() -> Stopwatch {
        Stopwatch { stage_began: Instant::now(), stages: Vec::new() }
    }

    /// Ends a stage, and begins the next one.
    pub fn end(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.stages.push((stage, now - self.stage_began));
        self.stage_began = now;
    }
}

impl fmt::Display for Stopwatch {
    /// `read 0.412 s, validate 0.720 s`: the stages that have ended.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (stage, time)) in self.stages.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(out, "{comma}{stage} {:.3} s", time.as_secs_f64())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngCore;

    #[test]
    fn streams_repeat_and_differ() {
        assert_eq!(random(7, 3).next_u64(), random(7, 3).next_u64());
        assert_ne!(random(7, 3).next_u64(), random(7, 4).next_u64());
        assert_ne!(random(7, 3).next_u64(), random(8, 3).next_u64());
    }

    #[test]
    fn a_stopwatch_names_the_stages_in_their_order() {
        let mut stopwatch = Stopwatch::start();
        assert_eq!(stopwatch.to_string(), "");
        stopwatch.end("read");
        stopwatch.end("write");
        let text = stopwatch.to_string();
        assert!(text.starts_with("read ") && text.contains(" s, write ") && text.ends_with(" s"), "{text}");
    }

    #[test]
    fn a_set_flag_stops_the_work() {
        let flag = Arc::new(AtomicBool::new(false));
        let control = Control::with_cancel_flag(Limits::default(), flag.clone());
        assert!(!control.must_stop());
        flag.store(true, Ordering::Relaxed);
        assert_eq!(control.stop(), Some(Stop::Request));
    }
}
