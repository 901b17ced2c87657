//! What chats do about facts: an answer that has ended has a better title made for its chat.

use std::time::Duration;

use store::{ChatId, outbox};

use super::{store as rows, titles};
use crate::{app::App, error::Result, events::Event};

const CONSUMER: &str = "chat_titles";
/// Also looks without being woken: another node may have appended.
const POLL: Duration = Duration::from_secs(2);
const BATCH: u64 = 50;
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
    let facts = outbox::unread(&app.db, CONSUMER, BATCH).await?;
    let Some(last) = facts.last().map(|row| row.id) else {
        return Ok(false);
    };
    let mut wanting: Vec<ChatId> = Vec::new();
    for row in facts {
        let Ok(Event::AnswerEnded { chat, status, .. }) = serde_json::from_value(row.payload)
        else {
            continue;
        };
        let row = rows::for_background(&**app.db.read(), chat).await?;
        let is_pending = row.is_some_and(|row| titles::is_pending(app, &row));
        if is_pending && status != "failed" {
            wanting.push(chat);
        }
    }
    let before = app.clock.now() - KEPT;
    app.db
        .write(async |tx| {
            for chat in &wanting {
                titles::enqueue(app, tx, *chat).await?;
            }
            outbox::advance(tx, CONSUMER, last).await?;
            outbox::prune(tx, before).await?;
            Ok(true)
        })
        .await
}
