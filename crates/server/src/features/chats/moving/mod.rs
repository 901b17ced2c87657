//! Whole chats on their way out, and chats of other programs on their way in.
//!
//! What goes out is what its owner may see, so a blind comparison stays blind. What comes in gets new
//! ids and keeps its texts, times, titles and models; it is in lists, in the search and on the page
//! like any other chat. This module knows no format (the crate `exchange` does) and keeps no list of
//! what came in (transfers does).

mod incoming;
mod store;

use std::collections::HashMap;

use ::store::{
    ChatId, FolderId, UserId,
    entity::{chat, folder, message},
};

pub use self::incoming::{Incoming, prepare, take_in};
use super::{
    compare::{self, Shown},
    organising, reading, store as rows,
    temporary::home,
};
use crate::{app::App, error::Result};

/// A chat with all its branches.
pub struct Whole {
    pub chat: chat::Model,
    pub tags: Vec<String>,
    /// Names, the outermost first.
    pub folders: Vec<String>,
    /// The older first.
    pub messages: Vec<Shown>,
}

impl Whole {
    /// The messages from the root to the leaf that is shown.
    pub fn path(&self) -> Vec<&Shown> {
        let by_id: HashMap<_, _> = self
            .messages
            .iter()
            .map(|one| (one.row().id, one))
            .collect();
        let mut path = Vec::new();
        let mut at = self.chat.active_leaf_id;
        while let Some(shown) = at.and_then(|id| by_id.get(&id)) {
            path.push(*shown);
            at = shown.row().parent_id;
        }
        path.reverse();
        path
    }
}

/// All of one chat of one's own.
pub async fn whole(app: &App, owner: UserId, id: ChatId) -> Result<Whole> {
    let home = home(app, owner, id);
    let db = &**home.read();
    let chat = rows::owned(db, owner, id).await?;
    let mut messages: Vec<message::Model> = store::messages(db, id).await?;
    for message in &mut messages {
        reading::show_running(app, message);
    }
    let mut tags = organising::service::tags_of(app, &[id]).await?;
    Ok(Whole {
        tags: tags.remove(&id).unwrap_or_default(),
        folders: names_up(&folders_of(app, owner).await?, chat.folder_id),
        messages: compare::show(app, owner, messages).await?,
        chat,
    })
}

/// Chats of an owner after one of them, the older first.
pub async fn ids_after(
    app: &App,
    owner: UserId,
    after: Option<ChatId>,
    limit: u64,
) -> Result<Vec<ChatId>> {
    store::ids_after(&**app.db.read(), owner, after, limit).await
}

/// All folders of an owner.
pub async fn folders_of(app: &App, owner: UserId) -> Result<Vec<folder::Model>> {
    organising::store::folders(&**app.db.read(), owner, false).await
}

/// The names of a folder and of those around it, the outermost first.
fn names_up(folders: &[folder::Model], folder: Option<FolderId>) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = folder;
    while let Some(row) = folders.iter().find(|row| Some(row.id) == at) {
        names.push(row.name.clone());
        at = row.parent_id;
        // Folders make no circle; nor does this.
        if names.len() > folders.len() {
            break;
        }
    }
    names.reverse();
    names
}
