//! Answers that their node did not live to finish: marked interrupted, with what the event log
//! holds, so that their owner may go on with them.

use std::time::Duration;

use chrono::TimeDelta;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use store::{
    ChatId,
    entity::{
        generation,
        message::{self, Status},
    },
};

use super::{
    generate::status_name,
    live::{Channel, Deltas},
    store as rows,
};
use crate::{app::App, error::Result, events::Event};

/// How often a node says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Answers that are ended in one transaction, and transactions at the same time.
const GROUP: usize = 50;
const AT_ONCE: usize = 8;
/// A node that has been silent for so long is dead.
const SILENCE: TimeDelta = TimeDelta::seconds(15);

/// Ends what this node was writing when it went away. An `SQLite` database has one node only.
pub async fn at_start(app: &App) -> Result<()> {
    let node = app.db.is_shared().then_some(app.answers.node_id.as_str());
    let orphans = rows::running_of(&**app.db.read(), node, None).await?;
    interrupt_all(app, orphans).await
}

/// On a database that other nodes share: keeps saying that this one lives, passes on requests to
/// stop, and ends what dead nodes left.
pub fn start(app: &App) {
    if !app.db.is_shared() {
        return;
    }
    let background = app.clone();
    app.tasks.spawn(async move {
        let mut beats: u64 = 0;
        while !(background.tasks.is_stopping() && background.answers.is_idle()) {
            tokio::time::sleep(HEARTBEAT).await;
            beats += 1;
            if let Err(error) = beat(&background, beats.is_multiple_of(5)).await {
                tracing::warn!(
                    cause = error.chain(),
                    "the heartbeat failed, it is tried again"
                );
            }
        }
    });
}

async fn beat(app: &App, looks_for_dead: bool) -> Result<()> {
    let now = app.clock.now();
    if !app.answers.is_idle() {
        let node = &app.answers.node_id;
        let asked = app
            .db
            .write(async |tx| rows::heartbeat(&**tx, node, now).await)
            .await?;
        for live in app
            .answers
            .all()
            .into_iter()
            .filter(|live| asked.contains(&live.generation))
        {
            live.stop.cancel();
        }
    }
    if looks_for_dead {
        let silent = rows::running_of(&**app.db.read(), None, Some(now - SILENCE)).await?;
        interrupt_all(app, silent).await?;
    }
    Ok(())
}

async fn interrupt_all(app: &App, orphans: Vec<generation::Model>) -> Result<()> {
    let count = orphans.len();
    // One commit for many, and several of them at once: a start after a crash should be quick.
    let groups: Vec<_> = orphans
        .chunks(GROUP)
        .map(|group| interrupt_group(app.clone(), group.to_vec()))
        .collect();
    stream::iter(groups)
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await?;
    if count > 0 {
        tracing::info!(
            count,
            "{count} answers had been cut off and are marked interrupted"
        );
    }
    Ok(())
}

async fn interrupt_group(app: App, group: Vec<generation::Model>) -> Result<()> {
    app.db
        .write(async |tx| {
            let chats: Vec<ChatId> = group.iter().map(|orphan| orphan.chat_id).collect();
            rows::hold(&**tx, &chats).await?;
            for orphan in &group {
                interrupt(&app, tx, orphan).await?;
            }
            Ok(())
        })
        .await
}

async fn interrupt(app: &App, tx: &store::Tx, orphan: &generation::Model) -> Result<()> {
    let chat = rows::for_background(&**tx, orphan.chat_id).await?;
    let Some(chat) = chat else { return Ok(()) };
    let mut row = rows::message_of(&**tx, orphan.chat_id, orphan.message_id).await?;
    let events = rows::events(&**tx, orphan.id).await?;
    let now = app.clock.now();
    if !rows::end_generation(&**tx, orphan.id, now).await? {
        return Ok(());
    }
    for event in events {
        fold(
            &mut row,
            event.seq,
            &serde_json::from_value::<Deltas>(event.payload)?,
        );
    }
    row.status = Status::Interrupted;
    row.model_used = row.model_used.or(row.model_asked.clone());
    let detail = "The server went away in the middle of this answer.";
    row.error = Some(json!({ "code": "server_stopped", "detail": detail }));
    let ended = Event::AnswerEnded {
        chat: orphan.chat_id,
        message: orphan.message_id,
        owner: chat.owner_id,
        status: status_name(Status::Interrupted).to_owned(),
        generation: Some(orphan.id),
    };
    rows::save_message(&**tx, row).await?;
    rows::touch(&**tx, orphan.chat_id, now, true).await?;
    tx.emit(&ended);
    Ok(())
}

/// Adds what the row does not hold yet of one entry of the event log.
pub fn fold(row: &mut message::Model, first: i64, deltas: &[(Channel, String)]) {
    for (seq, (channel, text)) in (first..).zip(deltas) {
        if seq <= row.applied_seq {
            continue;
        }
        match channel {
            Channel::Text => row.content.push_str(text),
            Channel::Reasoning => row.reasoning.get_or_insert_default().push_str(text),
        }
        row.applied_seq = seq;
    }
}
