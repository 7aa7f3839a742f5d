//! Samples that are made again without a risk: those that are left out would come out the same.

use super::assess::prepared;
use super::block::Pinned;
use super::simulate::{Request, Slice, hits, outcomes, simulate};
use super::tests::options;
use super::*;
use crate::effort::{Control, Limits};
use crate::generate::{GenerateOptions, generate};
use crate::network::compile;
use crate::plan::validate;
use crate::solve::{SolveOptions, solve};

const COUNT: u64 = 200;

#[test]
fn a_risk_whose_tasks_do_not_drive_the_finish_does_not_move_it() {
    let (mut left_out, mut kept) = (0, 0);
    for seed in 0..12 {
        let generated = GenerateOptions {
            seed,
            link_kinds: [0.2, 0.2, 0.05],
            lags: 0.3,
            risks: 20,
            calendars: 2,
            ..GenerateOptions::enterprise(60)
        };
        let (plan, _) = validate(&generate(&generated).unwrap()).unwrap();
        let control = Control::start(Limits { effort: Some(5), time: None });
        let outcome = solve(&plan, &compile(&plan).unwrap(), &SolveOptions::default(), &control, &|_| {}).unwrap();
        // Some of these plans have no schedule.
        let schedule = outcome.schedule.as_ref();
        for policy in [Policy::Flow, Policy::Logic] {
            let options = RiskOptions { policy, ..options() };
            prepared(&plan, schedule, &options, |ready| {
                let slice = Slice { seed, first: 0, count: COUNT };
                let with = simulate(&ready.model, slice, &[], None, &control, &|_| {}).samples.finish;
                for (number, hits) in hits(&ready.model, slice).into_iter().enumerate() {
                    let is_left_out = |sample: &u64| !hits.decisive.contains(sample);
                    let samples: Vec<u64> = hits.all.iter().copied().filter(is_left_out).collect();
                    let requests: Vec<Request> = samples.iter().map(|&sample| (sample, 0)).collect();
                    let pinned = Some(Pinned::Event(number, false));
                    for (sample, without) in samples.iter().zip(outcomes(&ready.model, seed, pinned, &requests)) {
                        assert_eq!(
                            with[*sample as usize], without.finish,
                            "seed {seed}, risk {number}, sample {sample}"
                        );
                    }
                    left_out += samples.len();
                    kept += hits.decisive.len();
                }
                Ok(())
            })
            .unwrap();
        }
    }
    assert!(left_out > 4_000 && kept > 1_000, "{left_out} left out, {kept} kept");
}
