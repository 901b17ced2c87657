//! The application behind the binary `sangam`: rooms under `features/`, machinery under
//! `platform/`, and `app.rs`, which puts them together.

#![expect(
    missing_docs,
    unreachable_pub,
    reason = "an application, not a library: every module has its header, and the guards say who may call whom"
)]

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod error;
pub mod events;
pub mod features;
pub mod params;
pub mod platform;
pub mod signals;
pub mod tokens;
