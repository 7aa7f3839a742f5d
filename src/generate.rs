//! Seeded plans of any size, for benchmarks, tests and trying things out.
