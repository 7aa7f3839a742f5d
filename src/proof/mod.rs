//! Proofs that no schedule is better, and a checker that anybody can read in one sitting.
//!
//! A proof is a text, a statement a line. It shares nothing with what found it but the [`Network`](crate::network::Network):
//!
//! ```text
//! floatline proof 1
//! node 0 design                  a node and what it stands for, in the order of the network; one line each
//! claim finish 77                no schedule finishes before slot 77; or: claim none 410, there is no schedule at all
//!                                (one of which would finish by slot 410)
//! t link 0 3 : s0>=5 s3<=8       these literals cannot hold together, because of the links from node 0 to node 3
//! r 7                            nor can those of nogood 7, which was proven before
//! n 8 : s0>=5 e2<=4              so nogood 8 is proven, from the steps since the last `n` in their order
//! n 9 :                          nothing at all is left: what is claimed is proven (as it is by a nogood of one literal
//!                                whose contrary was proven before)
//! ```
//!
//! Literals speak of the start `s`, the finish `e` and the modes `m` of nodes (`m4.0<=0`: node 4 is not done in its first
//! mode) and of the finish of the project, `f`. It is given that each node starts at its release or later, or at
//! its exact date, and that the project finishes before the slot claimed. The rules of theory steps are `link A B` (B may
//! be `f`), `slot T`: more of a resource is certainly in use in the slot than there is; `pair A B`: the two need too much
//! together and neither can come first; `order A B C`: each two of them need too much together, and no order of them will
//! do; `modes A`: no mode fits between start and finish; `total K`: the least consumption
//! of all nodes exceeds total K; `energy FROM TO`: a resource has more work between the slots than it offers.
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
