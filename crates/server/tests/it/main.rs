//! Behaviour through the door, on both engines: one test binary, one file per feature.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking and say why"
)]

mod accounts;
mod chats;
mod files;
mod guards;
mod jobs;
mod leaderboard;
mod models;
mod notifications;
mod realtime;
mod sessions;
mod support;
mod system;
mod transfers;
