//! One file per table.

#![expect(
    missing_docs,
    reason = "a column is named by what it holds; tables say the rest"
)]

pub mod chat;
pub mod chat_summary;
pub mod chat_tag;
pub mod comparison;
pub mod file;
pub mod file_garbage;
pub mod folder;
pub mod generation;
pub mod generation_event;
pub mod idempotency;
pub mod imported_chat;
pub mod job;
pub mod message;
pub mod message_attachment;
pub mod message_vote;
pub mod notification;
pub mod one_time_link;
pub mod outbox;
pub mod outbox_cursor;
pub mod pair_vote;
pub mod refresh_token;
pub mod search_document;
pub mod session;
pub mod setting;
pub mod share;
pub mod user;
