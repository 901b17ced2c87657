//! Facts that people are told of: answers that ended out of sight, and chats that were looked at.
//!
//! The cursor moves in the transaction that stores what the facts mean, and only from where it was
//! read: of several nodes one stores it, and nothing is stored twice.

use std::time::Duration;

use ::store::{
    ChatId, UserId,
    entity::{message::Status, notification::Kind},
    outbox,
};

use super::service::{self, NewNotification};
use crate::{
    app::App,
    error::{Kind as ErrorKind, Result},
    events::Event,
    features::chats,
};

const CONSUMER: &str = "notifications";
/// Also looks without being woken: another node may have appended.
const POLL: Duration = Duration::from_secs(2);
const BATCH: u64 = 100;
/// A page that is just loading, or a device on another node, gets so long to show an answer.
const A_SHORT_LOOK: Duration = Duration::from_millis(500);

pub(super) async fn start(app: &App) -> Result<()> {
    // What happened before there was anybody to tell is not told.
    outbox::position(&app.db, CONSUMER).await?;
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
                    let cause = error.chain();
                    tracing::warn!(cause, "nobody is told, it is tried again: {cause}");
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    });
    Ok(())
}

/// What a fact means for somebody.
enum Meaning {
    Told(Box<NewNotification>),
    /// The owner has looked at a chat.
    Seen(UserId, ChatId),
}

/// Deals with one batch; false when there was nothing to do.
async fn consume(app: &App) -> Result<bool> {
    let from = outbox::position(&app.db, CONSUMER).await?;
    let rows = outbox::after(&app.db, from, BATCH).await?;
    let Some(last) = rows.last() else {
        return Ok(false);
    };
    let events = rows
        .iter()
        .filter_map(|row| serde_json::from_value(row.payload.clone()).ok());
    let events: Vec<Event> = events.collect();
    if events
        .iter()
        .any(|event| matches!(event, Event::AnswerEnded { .. }))
    {
        tokio::time::sleep(A_SHORT_LOOK).await;
    }
    let mut meanings = Vec::new();
    for event in &events {
        meanings.extend(meaning(app, event).await?);
    }
    app.db
        .write(async |tx| {
            if !outbox::take(tx, CONSUMER, from, last).await? {
                return Ok(true);
            }
            for meaning in &meanings {
                match meaning {
                    Meaning::Told(new) => {
                        service::tell(app, tx, (**new).clone()).await?;
                    }
                    Meaning::Seen(user, chat) => {
                        service::mark_key_read(app, tx, *user, &answer_key(*chat)).await?;
                    }
                }
            }
            Ok(true)
        })
        .await
}

async fn meaning(app: &App, event: &Event) -> Result<Option<Meaning>> {
    match event {
        Event::ChatRead { chat, owner } => Ok(Some(Meaning::Seen(*owner, *chat))),
        Event::AnswerEnded {
            chat,
            message,
            owner,
            ..
        } => match chats::ended(app, *owner, *chat, *message).await {
            Ok(ended) => Ok(answer(*owner, *chat, &ended)),
            // Deleted since: there is nothing to look at.
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        },
        _ => Ok(None),
    }
}

/// One unread notification for each chat.
fn answer_key(chat: ChatId) -> String {
    format!("answer:{chat}")
}

fn answer(owner: UserId, chat: ChatId, ended: &chats::Ended) -> Option<Meaning> {
    if !ended.is_unread {
        return Some(Meaning::Seen(owner, chat));
    }
    // Who stopped it knows; who asked several models is told when the last has ended.
    if ended.is_going_on || ended.status == Status::Stopped {
        return None;
    }
    let because = ended.error.as_deref().unwrap_or("The reason is not known.");
    let detail = match ended.status {
        Status::Failed => Some(format!("The answer failed: {because}")),
        Status::Interrupted => Some(format!("The answer was cut off: {because}")),
        _ => ended.beginning.clone(),
    };
    Some(Meaning::Told(Box::new(NewNotification {
        user: owner,
        kind: Kind::AnswerFinished,
        title: ended.title.clone(),
        detail: detail.filter(|detail| !detail.trim().is_empty()),
        chat: Some(chat),
        link: None,
        key: Some(answer_key(chat)),
    })))
}
