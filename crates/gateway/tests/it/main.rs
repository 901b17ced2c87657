//! The gateway against real sockets: every answer is a scripted provider's.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot go on ends the test"
)]

mod answers;
mod faults;
mod limits;
mod models;
mod requests;
mod speed;
mod sse;
mod support;
