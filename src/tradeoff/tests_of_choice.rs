//! Whole fronts.
