//! Full-text search over every message of every branch, and over titles.
//!
//! What is searched is folded text (see `fold`): spelling variants of Hindi in Roman script, Hindi
//! in Devanagari, case and diacritics all meet in one form. It is made when a message is stored,
//! edited or settled, in the same transaction, so an index never lags. A person finds only what is
//! hers: the index itself holds the owner, and the rows are asked for by owner once more.
//!
//! It does not rank: the newest comes first, since people look for what they remember.

mod backfill;
mod devanagari;
pub mod fold;
pub mod http;
mod query;
mod service;
mod snippet;
mod spelling;
pub mod store;

pub use backfill::start;
pub use store::{remember_copied, remember_message, remember_revealed, remember_title};
