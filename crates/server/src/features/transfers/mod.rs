//! Transfers: chats that people take out and bring in.
//!
//! Invariants: an export holds what its owner may see, and nothing of anybody else; of a chat of
//! another program one copy comes in, however often its export is sent; one conversation that cannot
//! be read is left out and named, and the rest comes in; an archive is unpacked within limits, and
//! one that is made to do harm is refused whole.
//!
//! It knows no format (the crate `exchange` does) and no row of a chat (chats does). A backup of an
//! installation is something else.

pub mod cli;
mod export;
mod exporting;
pub mod http;
mod import;
mod importing;
mod store;

pub use exporting::{EXPORT_JOB, export_account};
pub use importing::{IMPORT_JOB, import_file};
