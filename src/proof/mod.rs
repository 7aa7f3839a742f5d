//! Proofs that no schedule is better, and a checker that anybody can read in one sitting.
//!
//! A proof is a text, a statement a line. It shares nothing with what found it but the [`Network`](crate::network::Network):
//!
//! ```text
//! floatline proof 1
//! node 0 design                  a node and what it stands for, in the order of the network; one line each
//! claim finish 77                no schedule finishes before slot 77; or: claim none 410, there is no schedule at all
//!                                (one of which would finish by slot 410)
//! p 1 by sets : c0=1 m3=1 m4.0=1 pool 1 offers 1 unit in each slot from 0 on; node 3 takes 1 of it, node 4 in its first mode
//! t link 0 3 : s0>=5 s3<=8       these literals cannot hold together, because of the links from node 0 to node 3
//! r 7                            nor can those of nogood 7, which was proven before
//! n 8 : s0>=5 e2<=4              so nogood 8 is proven, from the steps since the last `n` in their order
//! n 9 :                          nothing at all is left: what is claimed is proven (as it is by a nogood of one literal
//!                                whose contrary was proven before)
//! ```
//!
//! Literals speak of the start `s`, the finish `e` and the modes `m` of nodes (`m4.0<=0`: node 4 is not done in its first
//! mode), of the order of two, `o` (`o3.4>=1`: node 3 has finished before node 4 starts; `o3.4<=0`: it has not), and of the
//! finish of the project, `f`. It is given that each node starts at its release or later, or at its exact date, and that the
//! project finishes before the slot claimed. The rules of theory steps are `link A B` (B may be `f`), `slot T`: more of a
//! resource is certainly in use in the slot than there is; `pair A B`: the two take turns, and neither can come first;
//! `chain A B C`: A comes before B and B before C, and A does not before C; `order A B C`: each two of them take turns, and
//! none of them can be the last, or none the first; `modes A`: no mode fits between start and finish; `total K`: the least
//! consumption of all nodes exceeds total K; `energy FROM TO`: a resource has more work between the slots than it offers;
//! `energy FROM TO pool P`: so has a pool; `pool P`: more is taken of a pool than it offers until the project has finished.
//! Two nodes take turns if they need too much of a resource together, or a path of links puts one behind the other.
//!
//! A pool is something that nodes take of as they take of a resource. It is checked where it is defined that no schedule
//! takes more of it than it offers, for one of three reasons:
//!
//! - `by resource R`: nodes that fit into the resource together take no more (all sums of needs are looked at);
//! - `by sets`: nodes that can run at the same time take no more, no two of which take turns, and all of which fit into each
//!   resource together. What it offers may change, `c0=3 c12=5`: in each step count the nodes whose releases and paths
//!   let them run there (all sets are looked at, as far as they could take too much);
//! - `by sum`: it is a weighted sum of what holds in every schedule, from which it follows what it offers and what is taken:
//!   `r0*3` (what nodes need of resource 0 in a slot is no more than there is), `k1*3` (nor what they consume of total 1),
//!   `d4*3` (from its start to its finish node 4 takes the slots of its mode), `e4+2<=s7*3` (a path puts node 7 two slots
//!   behind node 4). Consumption and duration are taken whenever the work is done. Starts and finishes that do not cancel
//!   out count by their bounds.
//!
//! A nogood `n` is checked as its literals are assumed, and each step in turn either contradicts what holds by then or, if
//! all its literals but one hold, tells that this one does not (Goldberg, Novikov, "Verification of proofs of
//! unsatisfiability for CNF formulas", DATE 2003; hints as in Cruz-Filipe et al., "Efficient certified RAT verification",
//! CADE 2017).

mod check;
mod paths;
mod pools;
mod state;
mod steps;
#[cfg(test)]
mod tests;

pub use check::{Checked, Claim, Fault, check, takes_pools};
pub use state::horizon;

#[cfg(test)]
pub(crate) use check::check_steps;

/// What stands on the first line of every proof.
pub const HEADING: &str = "floatline proof 1";
