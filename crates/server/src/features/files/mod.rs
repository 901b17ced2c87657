//! Files: what people attach to messages, and the archives that they take out or bring in.
//!
//! Invariants: the kind of a file is told by its content, never by its name or by who sends it; a name
//! is shown and never a path; an image is kept only as it was made anew, without its metadata; a file
//! that cannot be read is marked so and hurts nobody else; bytes are in the storage before their row
//! says so, and are cleared away after the last row that names them. Somebody else's file does not
//! exist.
//!
//! It does not know messages (chats does) and does not read formats (the crate `documents` does).

pub mod http;
mod limits;
mod names;
pub mod realtime;
mod service;
mod store;
mod work;

pub use self::{
    http::{
        respond,
        views::{FileKind, FileView},
    },
    service::{
        Attached, EXTRACT_JOB, FETCH_JOB, NewFile, Opened, Part, attach, attached,
        check_attachable, copy_attachments, extract, fetch, is_ready, keep, messages_with,
        of_owner, open, page_of, read_bytes, read_text, released, until_ready,
    },
    work::Work,
};

use crate::app::App;

/// Begins to clear away what nobody uses.
pub fn start(app: &App) {
    service::clearing::start(app);
}
