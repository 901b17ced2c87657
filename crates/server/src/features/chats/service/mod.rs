//! What people do with chats: the rules and the transactions.

mod answering;
mod changing;
mod checks;
mod rows;
mod sending;

pub use self::{
    answering::{go_on, retry, stop},
    changing::{ChangeChat, change, delete},
    checks::checked_id,
    sending::{NewChat, NewMessage, Parent, Sent, create, send},
};
