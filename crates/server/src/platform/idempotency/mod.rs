//! Repeats of creating requests: what was answered to which key.
//!
//! Some answers must not be written down, secrets and what is kept in memory alone: whoever makes
//! one says so, and a repeat of its key is then refused instead of answered.

use std::cell::Cell;

pub mod store;

tokio::task_local! {
    static IS_KEPT: Cell<bool>;
}

/// The answer of the request that is being worked on must not be stored.
pub fn do_not_keep() {
    // Outside of a request that would be stored there is nothing to prevent.
    IS_KEPT.try_with(|is_kept| is_kept.set(false)).ok();
}

/// Runs a request; tells whether its answer may be stored.
pub async fn watched<T>(work: impl Future<Output = T>) -> (T, bool) {
    let watched = async { (work.await, IS_KEPT.with(Cell::get)) };
    IS_KEPT.scope(Cell::new(true), watched).await
}
