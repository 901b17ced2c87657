//! Machinery without domain words: it names no feature.

pub mod auth;
pub mod blobs;
pub mod bus;
pub mod data_dir;
pub mod guarded;
pub mod http;
pub mod idempotency;
pub mod jobs;
pub mod realtime;
pub mod shutdown;
pub mod tasks;
pub mod telemetry;
pub mod throttle;
