//! What chats do about facts: an answer that has ended gives its chat a better title.
//!
//! At least once: a title that a crash interrupted is made after the next start.

use std::time::Duration;

use futures::StreamExt;
use store::outbox;

use super::titles;
use crate::{app::App, error::Result, events::Event};

const CONSUMER: &str = "chat_titles";
/// Also looks without being woken: another node may have appended.
const POLL: Duration = Duration::from_secs(2);
const BATCH: u64 = 50;
/// Titles made at the same time.
const PARALLEL: usize = 4;
/// Facts are kept this long for consumers to come.
const KEPT: chrono::TimeDelta = chrono::TimeDelta::days(7);

pub fn start(app: &App) {
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        loop {
            let appended = background.db.appended();
            match consume(&background).await {
                Ok(true) => {}
                Ok(false) => {
                    tokio::time::timeout(POLL, appended).await.ok();
                }
                Err(error) => {
                    tracing::warn!(
                        cause = error.chain(),
                        "titles cannot be made, it is tried again"
                    );
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    });
}

/// Deals with one batch; false when there was nothing to do.
async fn consume(app: &App) -> Result<bool> {
    let rows = outbox::unread(&app.db, CONSUMER, BATCH).await?;
    let Some(last) = rows.last().map(|row| row.id) else {
        return Ok(false);
    };
    let chats =
        rows.into_iter()
            .filter_map(|row| match serde_json::from_value(row.payload).ok()? {
                Event::AnswerEnded { chat, status, .. } if status != "failed" => Some(chat),
                _ => None,
            });
    futures::stream::iter(chats)
        .for_each_concurrent(PARALLEL, |chat| async move {
            if let Err(error) = titles::improve(app, chat).await {
                tracing::warn!(%chat, cause = error.chain(), "chat {chat} keeps its first words");
            }
        })
        .await;
    let before = app.clock.now() - KEPT;
    app.db
        .write(async |tx| {
            outbox::advance(tx, CONSUMER, last).await?;
            outbox::prune(tx, before).await?;
            Ok(true)
        })
        .await
}
