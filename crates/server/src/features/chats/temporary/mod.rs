//! Temporary chats: kept in the memory of this node alone, and gone when they have been idle for a
//! while, when they are deleted, and when the server stops.
//!
//! Invariants: nothing of such a chat is written to a disk, neither its messages nor facts about it,
//! nor the answers of requests, nor what is searched; it is not listed and cannot be shared. Its
//! rows are those of every chat, in a database in memory, so that each service does the same with it:
//! a service reaches a chat's rows through [`home`] alone.
//!
//! It knows nothing of other nodes: elsewhere a temporary chat does not exist.

mod store;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ::store::{ChatId, Db, MessageId, UserId, entity::message, outbox};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::OnceCell;

use super::{realtime, store as rows};
use crate::{
    app::App,
    error::{
        CHAT_IS_TEMPORARY, Error, ID_TAKEN, Kind, Result, STORAGE_FULL, TOO_MANY_TEMPORARY_CHATS,
    },
    events::Event,
    platform::idempotency,
};

/// Connections that read; more only wait for one another, as there is no WAL in memory.
const READERS: u32 = 4;

/// The temporary chats that this node holds.
#[derive(Default)]
pub struct Temporary {
    /// Made when the first such chat begins.
    db: OnceCell<Db>,
    held: Mutex<HashMap<ChatId, Held>>,
}

#[derive(Clone, Copy)]
struct Held {
    owner: UserId,
    used_at: DateTime<Utc>,
}

impl Temporary {
    fn held(&self) -> MutexGuard<'_, HashMap<ChatId, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The database that holds a chat of this person: the memory of a temporary one, else the disk.
pub fn home(app: &App, owner: UserId, chat: ChatId) -> Db {
    let Some(db) = app.temporary.db.get() else {
        return app.db.clone();
    };
    let now = app.clock.now();
    let is_running = || !app.answers.of_chat(chat).is_empty();
    match app.temporary.held().get_mut(&chat) {
        Some(held) if held.owner == owner && (!is_idle(app, held, now) || is_running()) => {
            held.used_at = now;
        }
        _ => return app.db.clone(),
    }
    idempotency::do_not_keep();
    db.clone()
}

/// Whether a chat of this person is a temporary one.
pub fn holds(app: &App, owner: UserId, chat: ChatId) -> bool {
    !home(app, owner, chat).is(&app.db)
}

/// Refuses what would write a temporary chat down, or show it to others.
pub fn refuse(app: &App, owner: UserId, chat: ChatId, detail: &'static str) -> Result<()> {
    if holds(app, owner, chat) {
        return Err(Error::new(CHAT_IS_TEMPORARY, detail));
    }
    Ok(())
}

/// A message of this person, wherever its chat is kept.
pub async fn owned_message(app: &App, owner: UserId, id: MessageId) -> Result<message::Model> {
    if let Some(db) = app.temporary.db.get() {
        match rows::owned_message(&**db.read(), owner, id).await {
            Ok(row) if holds(app, owner, row.chat_id) => return Ok(row),
            Err(error) if error.kind() != Kind::NotFound => return Err(error),
            _ => {}
        }
    }
    rows::owned_message(&**app.db.read(), owner, id).await
}

/// The place for a new chat; a temporary one counts against its owner's from now on.
pub async fn place(app: &App, owner: UserId, chat: ChatId, is_temporary: bool) -> Result<Db> {
    if !is_temporary {
        return if app.temporary.held().contains_key(&chat) {
            Err(taken())
        } else {
            Ok(app.db.clone())
        };
    }
    let db = app.temporary.db.get_or_try_init(|| open(app)).await?;
    if rows::for_background(&**app.db.read(), chat)
        .await?
        .is_some()
    {
        return Err(taken());
    }
    let limit = app.config.chats.temporary_max_bytes;
    if store::bytes(&**db.read()).await? >= limit {
        let detail = "The memory for temporary chats is full; delete some, or try again later.";
        return Err(Error::new(STORAGE_FULL, detail));
    }
    let now = app.clock.now();
    reserve(app, owner, chat, now)?;
    idempotency::do_not_keep();
    let known = db.write(async |tx| store::know(tx, owner, now).await).await;
    if let Err(error) = known {
        forget(app, chat);
        return Err(error);
    }
    Ok(db.clone())
}

fn reserve(app: &App, owner: UserId, chat: ChatId, now: DateTime<Utc>) -> Result<()> {
    let mut held = app.temporary.held();
    if held.contains_key(&chat) {
        return Err(taken());
    }
    let own = held
        .values()
        .filter(|one| one.owner == owner && !is_idle(app, one, now));
    if own.count() >= app.config.chats.temporary_per_user {
        let detail = "Delete a temporary chat, or wait until an idle one is gone.";
        return Err(Error::new(TOO_MANY_TEMPORARY_CHATS, detail));
    }
    let used_at = now;
    held.insert(chat, Held { owner, used_at });
    Ok(())
}

fn taken() -> Error {
    Error::new(ID_TAKEN, "id: mint a new UUIDv7.")
}

fn is_idle(app: &App, held: &Held, now: DateTime<Utc>) -> bool {
    let most = TimeDelta::from_std(app.config.chats.temporary_idle).unwrap_or(TimeDelta::MAX);
    now - held.used_at >= most
}

/// The chat has been deleted, or never came to be.
pub fn forget(app: &App, chat: ChatId) {
    app.temporary.held().remove(&chat);
}

/// An account is gone, and its temporary chats with it.
pub async fn forget_owner(app: &App, owner: UserId) -> Result<()> {
    remove(app, |_, held| held.owner == owner).await
}

async fn open(app: &App) -> Result<Db> {
    let id: uuid::Uuid = app.clock.id();
    let clock = app.clock.clone();
    let now = Arc::new(move || clock.now());
    let db = Db::in_memory(&format!("temporary-{id}"), READERS, now).await?;
    tell_sockets(app, db.clone());
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        let idle = background.config.chats.temporary_idle;
        let every = (idle / 10).clamp(Duration::from_millis(100), Duration::from_secs(30));
        loop {
            tokio::time::sleep(every).await;
            if let Err(error) = sweep(&background).await {
                tracing::warn!(
                    cause = error.chain(),
                    "idle temporary chats cannot be deleted, it is tried again"
                );
            }
        }
    });
    Ok(db)
}

/// Passes facts on to the sockets that have a chat open. Nobody else reads them, so they are
/// forgotten then.
fn tell_sockets(app: &App, db: Db) {
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        loop {
            let appended = db.appended();
            match tell_facts(&background, &db).await {
                Ok(true) => {}
                Ok(false) => appended.await,
                Err(error) => {
                    let cause = error.chain();
                    tracing::warn!(cause, "sockets are not told: {cause}");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    });
}

/// Tells a batch of facts; false when there was none.
async fn tell_facts(app: &App, db: &Db) -> Result<bool> {
    let facts = outbox::after(db, (0, 0), 200).await?;
    let Some(last) = facts.last().map(|fact| fact.id) else {
        return Ok(false);
    };
    for fact in facts {
        let Ok(event) = serde_json::from_value(fact.payload) else {
            continue;
        };
        match realtime::tell(app, &event).await {
            // Gone meanwhile: its own end is told too.
            Err(error) if error.kind() != Kind::NotFound => {
                tracing::warn!(cause = error.chain(), "sockets miss an event");
            }
            _ => {}
        }
    }
    db.write(async |tx| Ok(outbox::forget(tx, last).await?))
        .await
        .map(|()| true)
}

async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    remove(app, |chat, held| {
        is_idle(app, held, now) && app.answers.of_chat(chat).is_empty()
    })
    .await
}

async fn remove(app: &App, which: impl Fn(ChatId, &Held) -> bool) -> Result<()> {
    let Some(db) = app.temporary.db.get() else {
        return Ok(());
    };
    let gone: Vec<(ChatId, UserId)> = {
        let held = app.temporary.held();
        let gone = held.iter().filter(|(chat, held)| which(**chat, held));
        gone.map(|(chat, held)| (*chat, held.owner)).collect()
    };
    for (chat, owner) in gone {
        db.write(async |tx| {
            rows::delete_chat(&**tx, chat).await?;
            tx.emit(&Event::ChatDeleted { chat, owner });
            Ok::<_, Error>(())
        })
        .await?;
        forget(app, chat);
        for live in app.answers.of_chat(chat) {
            live.abandoned.cancel();
        }
    }
    Ok(())
}
