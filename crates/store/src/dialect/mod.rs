//! The only raw SQL, both engines side by side.

pub mod answers;
pub(crate) mod files;
pub mod jobs;
pub mod path;
pub mod search;
pub mod sqlite;
pub(crate) mod tags;
