//! What becomes of files: the rules and the transactions.

mod attaching;
pub(super) mod clearing;
mod fetching;
mod keeping;
mod reading;
pub(super) mod taking_apart;

pub use self::{
    attaching::{
        Attached, attach, attached, check_attachable, copy_attachments, is_ready, messages_with,
        read_text, until_ready,
    },
    clearing::released,
    fetching::{FETCH_JOB, fetch},
    keeping::{NewFile, keep},
    reading::{Opened, Part, of_owner, open, page_of, read_bytes},
    taking_apart::{EXTRACT_JOB, extract},
};
pub(super) use self::{
    clearing::delete,
    fetching::take_address,
    keeping::{Purpose, Sent, scratch_name, take_in},
    reading::{list, pieces, show},
};
