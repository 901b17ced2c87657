//! Makes findable what was stored before there was an index: once, in the background, in small
//! steps between other writes. A restart goes on where it was.

use std::time::Duration;

use ::store::{ChatId, MessageId};
use serde::{Deserialize, Serialize};

use super::{fold, store};
use crate::{app::App, error::Result};

/// Rows of one transaction: others write in between.
const STEP: u64 = 200;
const RETRY: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Progress {
    chats_done: bool,
    last_chat: Option<ChatId>,
    messages_done: bool,
    last_message: Option<MessageId>,
}

pub fn start(app: &App) {
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        loop {
            match step(&background).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(
                        cause = error.chain(),
                        "old messages cannot be made findable, it is tried again"
                    );
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    });
}

/// Deals with some rows; false when there are none left.
async fn step(app: &App) -> Result<bool> {
    let mut progress: Progress =
        serde_json::from_value(store::progress(&**app.db.read()).await?).unwrap_or_default();
    if progress.chats_done && progress.messages_done {
        return Ok(false);
    }
    let db = &**app.db.read();
    let (mut chats, mut messages) = (Vec::new(), Vec::new());
    if progress.chats_done {
        messages = store::messages_after(db, progress.last_message, STEP).await?;
        progress.messages_done = messages.is_empty();
        progress.last_message = messages.last().map(|row| row.id).or(progress.last_message);
    } else {
        chats = store::chats_after(db, progress.last_chat, STEP).await?;
        progress.chats_done = chats.is_empty();
        progress.last_chat = chats.last().map(|row| row.id).or(progress.last_chat);
    }
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            for chat in &chats {
                store::set_title_key(&**tx, chat.id, fold::text(&chat.title)).await?;
                store::remember_title(&**tx, chat).await?;
            }
            for message in &messages {
                store::remember_message(&**tx, message).await?;
            }
            store::set_progress(&**tx, serde_json::to_value(progress)?, now).await
        })
        .await?;
    Ok(true)
}
