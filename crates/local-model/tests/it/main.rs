//! The crate through its door: the provider trait and the engine beneath it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "in a test a panic is the report, and its numbers are small"
)]

mod answers;
mod bounds;
mod files;
mod reference;
mod support;
