//! The edge: everything that knows of HTTP. A request passes
//! 1 connection limits → 2 request id and access log → 3 catch-panic → 4 security headers →
//! 5 Host and CORS → 6 compression → 7 body limit → 8 time limit → 9 CSRF → 10 the route, whose
//! extractors authenticate before they read a body.

pub mod extract;
pub mod idempotency;
pub mod layers;
pub mod problem;
pub mod serve;
pub mod time;
pub mod web;

pub use extract::{Json, Path, Query};
pub use time::Time;
