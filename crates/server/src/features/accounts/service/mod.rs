//! The rules of accounts, one file per thing that people do.

pub(super) mod checks;
pub(super) mod limits;
pub(super) mod links;
pub(super) mod profile;
pub(super) mod register;
pub(super) mod sessions;
pub(super) mod settings;
pub(super) mod setup;
pub(super) mod sign_in;
pub(super) mod upkeep;
