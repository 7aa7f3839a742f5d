//! Schedules per second of the generation schemes on one core, 200 random orders: 120 activities, and the sample
//! `data/hardware-programme` with its calendars.
//!
//! The plan of 120 is generated. To measure a published instance instead, fetch a set of PSPLIB (j120.sm.zip from
//! <https://www.om-db.wi.tum.de/psplib/>, "single mode data sets") or RG300, unpack it anywhere and name its folder:
//!
//! ```text
//! FLOATLINE_BENCH_DIR=~/psplib/j120 cargo bench --bench schemes
//! ```
//!
//! The first `.sm`, `.rcp` or `.txt` file by name is taken. Published data is not part of this repository.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use floatline::cpm;
use floatline::effort::random;
use floatline::generate::{GenerateOptions, generate};
use floatline::io::{ReadOptions, read_draft};
use floatline::network::{Network, Slot, compile};
use floatline::plan::draft::PlanDraft;
use floatline::plan::validate;
use floatline::solve::sgs::{Broad, Deep, General, Machine, Narrow, Packed, Suit, Wide, Widest, parallel, suits};
use rand::seq::SliceRandom;

const ORDERS: u64 = 200;
const SEED: u64 = 1;

/// What the schemes are run on, and what must come out.
struct Instance {
    name: String,
    network: Network,
    modes: Vec<u32>,
    /// Orders that put predecessors first.
    orders: Vec<Vec<u32>>,
    /// Makespan of each order by the serial and by the parallel scheme.
    serial: Vec<Slot>,
    parallel: Vec<Slot>,
}

impl Instance {
    /// A published instance, or a generated plan.
    fn plain() -> Instance {
        match std::env::var_os("FLOATLINE_BENCH_DIR") {
            Some(folder) => Instance::read(&first_instance(Path::new(&folder))),
            None => {
                let options = GenerateOptions { seed: SEED, ..GenerateOptions::psplib(120) };
                Instance::new("generated120".to_owned(), &generate(&options).expect("the options make sense"))
            }
        }
    }

    fn read(path: &Path) -> Instance {
        let draft = read_draft(path, &ReadOptions::default()).expect("the plan can be read");
        Instance::new(path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), &draft)
    }

    fn new(name: String, draft: &PlanDraft) -> Instance {
        let (plan, _) = validate(draft).expect("the plan is sound");
        let network = compile(&plan).expect("the plan can be done");
        let modes = cpm::shortest_modes(&network);
        let orders: Vec<Vec<u32>> = (0..ORDERS).map(|stream| random_order(&network, stream)).collect();
        let mut machine = General::new(&network);
        machine.reset(&modes);
        let serial = orders.iter().map(|order| run_serial(&mut machine, &modes, order)).collect();
        let parallel = orders.iter().map(|order| run_parallel(&mut machine, &network, &modes, order)).collect();
        let instance = Instance { name, modes, orders, serial, parallel, network };
        instance.check();
        instance
    }

    /// No schedule beats the critical path; those of the generated plan are known.
    fn check(&self) {
        let path = cpm::early_dates(&self.network, &self.modes).expect("the plan has dates").project_finish;
        let best = |makespans: &[Slot]| makespans.iter().copied().min().expect("there are orders");
        let found = (path, best(&self.serial), best(&self.parallel));
        assert!(path <= found.1.min(found.2), "{found:?}");
        if self.name == "generated120" {
            assert_eq!(found, GENERATED);
        }
    }
}

/// Critical path, best serial and best parallel schedule of the generated plan.
const GENERATED: (Slot, Slot, Slot) = (155, 211, 189);

fn first_instance(folder: &Path) -> PathBuf {
    let entries = std::fs::read_dir(folder).expect("FLOATLINE_BENCH_DIR can be read");
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let is_instance = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default();
        ["sm", "rcp", "txt"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    paths.filter(is_instance).min().expect("FLOATLINE_BENCH_DIR holds an instance")
}

/// A random order of the nodes in which predecessors come first.
fn random_order(network: &Network, stream: u64) -> Vec<u32> {
    let mut rank: Vec<u32> = (0..network.len() as u32).collect();
    rank.shuffle(&mut random(SEED, stream));
    let mut waiting: Vec<usize> = network.predecessors.iter().map(<[_]>::len).collect();
    let mut ready: Vec<u32> = (0..network.len() as u32).filter(|&node| waiting[node as usize] == 0).collect();
    let mut order = Vec::with_capacity(network.len());
    while let Some(at) = (0..ready.len()).min_by_key(|&at| rank[ready[at] as usize]) {
        let node = ready.swap_remove(at);
        order.push(node);
        for arc in network.successors.row(node as usize) {
            waiting[arc.other as usize] -= 1;
            if waiting[arc.other as usize] == 0 {
                ready.push(arc.other);
            }
        }
    }
    order
}

fn run_serial(machine: &mut impl Machine, modes: &[u32], order: &[u32]) -> Slot {
    machine.reset(modes);
    machine.serial(order).expect("every activity finds its place")
}

fn run_parallel(machine: &mut impl Machine, network: &Network, modes: &[u32], rank: &[u32]) -> Slot {
    machine.reset(modes);
    parallel(machine, network, rank, || false).expect("every activity finds its place")
}

fn measure(criterion: &mut Criterion, kind: &str, instance: &Instance, mut machine: impl Machine) {
    let Instance { name, network, modes, orders, .. } = instance;
    let mut group = criterion.benchmark_group(format!("schemes/{name}"));
    group.throughput(Throughput::Elements(ORDERS)).sample_size(20);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    let all_serial = |machine: &mut _| orders.iter().map(|order| run_serial(machine, modes, order)).collect::<Vec<_>>();
    let all_parallel =
        |machine: &mut _| orders.iter().map(|order| run_parallel(machine, network, modes, order)).collect::<Vec<_>>();
    assert_eq!(all_serial(&mut machine), instance.serial, "{kind}");
    assert_eq!(all_parallel(&mut machine), instance.parallel, "{kind}");
    group.bench_function(format!("serial/{kind}"), |bencher| bencher.iter(|| black_box(all_serial(&mut machine))));
    group.bench_function(format!("parallel/{kind}"), |bencher| bencher.iter(|| black_box(all_parallel(&mut machine))));
    group.finish();
}

fn schemes(criterion: &mut Criterion) {
    let instance = Instance::plain();
    let network = &instance.network;
    match suits(network) {
        Some(Suit::Narrow) => measure(criterion, "packed", &instance, Packed::<Narrow>::new(network)),
        Some(Suit::Broad) => measure(criterion, "packed", &instance, Packed::<Broad>::new(network)),
        Some(Suit::Deep) => measure(criterion, "packed", &instance, Packed::<Deep>::new(network)),
        Some(Suit::Wide) => measure(criterion, "packed", &instance, Packed::<Wide>::new(network)),
        Some(Suit::Widest) => measure(criterion, "packed", &instance, Packed::<Widest>::new(network)),
        None => panic!("{} does not suit the packed machine", instance.name),
    }
    measure(criterion, "general", &instance, General::new(network));
}

/// A plan with calendars, caps and materials.
fn calendars(criterion: &mut Criterion) {
    let sample = Instance::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/hardware-programme"));
    measure(criterion, "general", &sample, General::new(&sample.network));
}

criterion_group!(benches, schemes, calendars);
criterion_main!(benches);
