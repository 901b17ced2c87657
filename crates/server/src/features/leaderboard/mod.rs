//! What people think of answers: thumbs, and which of two answers is better.
//!
//! Invariants: one vote per person and answer, and per person and pair; only one's own answers are
//! judged; a vote keeps the models it is about, so that it outlives the chat; the vote on a blind
//! pair is final, and shows what had been hidden.
//!
//! It does not rank models, and it does not know how answers are made (chats does).

pub mod http;
mod service;
mod store;
