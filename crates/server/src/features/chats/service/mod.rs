//! What people do with chats: the rules and the transactions.

mod answering;
mod changing;
mod checks;
mod rows;
mod sending;

pub(super) use self::{
    answering::{answered_by, refuse_running},
    checks::{check_content, checked_id, checked_title},
    rows::blank,
};
pub use self::{
    answering::{go_on, retry, stop},
    changing::{ChangeChat, change, delete},
    sending::{Asked, NewChat, NewMessage, Parent, Sent, create, send},
};
