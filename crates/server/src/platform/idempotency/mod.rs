//! Repeats of creating requests: what was answered to which key.

pub mod store;
