//! Links by which whoever holds one reads a chat, without an account.
//!
//! Invariants: a link shows one path from the root down, never another branch; a snapshot shows it
//! as it was, whatever becomes of the chat, a living link as it is now. Neither ever shows system
//! prompts, costs, votes or whose chat it is, nor what a blind pair still hides, and reasoning only
//! when the owner said so. A link that is unknown, revoked or expired, or whose chat or owner is gone
//! or disabled, is not there, and nothing tells which. No address is stored.
//!
//! It shares no temporary chat, as those are their owner's alone.

pub mod http;
mod service;
mod store;
