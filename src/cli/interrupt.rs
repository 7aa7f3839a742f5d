//! Ctrl-C: the first asks the search to stop and hand over the best it has, the second ends the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::print;

/// Exit code of a program ended by an interrupt, as shells know it.
const INTERRUPTED: i32 = 130;

/// Watches for Ctrl-C (and a termination request) from now on.
///
/// # Returns
/// The flag that the first one sets. Where handlers cannot be installed the flag just stays unset.
pub fn cancel_flag(quiet: bool) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let seen = flag.clone();
    let installed = ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
        if !quiet {
            print::message("stopping with the best so far; press Ctrl-C again to leave at once");
        }
    });
    if let Err(error) = installed {
        print::message(&format!("warning: Ctrl-C will end the program at once ({error})"));
    }
    flag
}
