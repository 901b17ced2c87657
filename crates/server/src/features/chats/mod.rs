//! Chats: messages as a tree, and answers that survive anything.
//!
//! Invariants: a message's parent never changes and is in the same chat; the question and its
//! unfinished answer are on disk before the client is told so; an answer is a task of the server,
//! not of the request; it has one writer; it always comes to an end that the row tells
//! (`complete`, `stopped`, `interrupted`, `failed`). Somebody else's chat does not exist.
//!
//! It does not choose among models (models does) and does not speak to providers (gateway does).

mod answers;
mod compare;
mod context;
mod generate;
pub mod http;
mod journal;
mod live;
mod moving;
mod organising;
mod prompt;
mod reading;
pub mod realtime;
mod recovery;
mod search;
mod service;
mod sharing;
mod store;
mod subscribers;
mod temporary;
mod titles;
mod tree;

pub use answers::Answers;
pub use compare::{Judged, Shown, is_decided, judged, pair, reveal, show};
pub use moving::{Incoming, Whole, folders_of, ids_after, prepare, take_in, whole};
pub use reading::{Ended, ended};
pub use temporary::{Temporary, home};
pub use titles::{TITLE_JOB, make_title};

use crate::{app::App, error::Result};

/// Ends what an earlier run of this node left unfinished, then begins the work in the background.
pub async fn start(app: &App) -> Result<()> {
    recovery::at_start(app).await?;
    journal::start(app);
    recovery::start(app);
    subscribers::start(app);
    search::start(app);
    realtime::start(app);
    Ok(())
}
