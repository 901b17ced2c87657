//! Pieces of answers on their way to the rooms of their chats: several become one event, 25 times a
//! second at the most, and nothing waits anywhere.

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use store::{ChatId, GenerationId, MessageId};
use tokio::sync::{Mutex, Notify};

use super::{
    super::live::{Channel, Delta, Live, News},
    elsewhere::{self, Elsewhere},
    room,
};
use crate::{app::App, error::Result, signals};

const EVERY: Duration = Duration::from_millis(40);

/// How far each answer has been sent to the room of its chat. Whoever sends pieces holds the lock
/// meanwhile, so that they go out in order, and none after the end.
#[derive(Default)]
pub struct Sent {
    pub(super) answers: Mutex<HashMap<MessageId, Followed>>,
    /// An answer is followed that another node writes.
    pub(super) began_elsewhere: Notify,
}

pub(super) enum Followed {
    /// This node writes it; sent up to a number.
    Here(Arc<Live>, i64),
    Elsewhere(Elsewhere),
}

impl Followed {
    fn chat(&self) -> ChatId {
        match self {
            Self::Here(live, _) => live.chat,
            Self::Elsewhere(answer) => answer.chat,
        }
    }
}

pub(super) fn start(app: &App) {
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        loop {
            if background.answers.is_idle() {
                background.answers.began_for_sockets.notified().await;
            }
            pass_on(&background).await;
            tokio::time::sleep(EVERY).await;
        }
    });
}

async fn pass_on(app: &App) {
    let mut sent = app.answers.sent.answers.lock().await;
    sent.retain(|_, answer| !app.realtime.is_empty(&room(answer.chat())));
    for live in app.answers.all() {
        let is_heard = !live.is_told() && !app.realtime.is_empty(&room(live.chat));
        let known = sent.get(&live.message);
        let is_known =
            matches!(known, Some(Followed::Here(old, _)) if old.generation == live.generation);
        if is_heard && !is_known {
            let from = live.began_at();
            sent.insert(live.message, Followed::Here(live, from));
        }
    }
    for answer in sent.values_mut() {
        if let Followed::Here(live, seen) = answer {
            *seen = flush(app, live, *seen, i64::MAX);
        }
    }
}

/// Lets a socket into the room with a snapshot, and what follows it begins right behind.
pub(super) async fn join(app: &App, socket: &SocketRef, chat: ChatId) -> Result<Vec<Value>> {
    let mut sent = app.answers.sent.answers.lock().await;
    let is_empty = app.realtime.is_empty(&room(chat));
    let mut running = elsewhere::join(app, &mut sent, chat, is_empty).await?;
    for live in app.answers.of_chat(chat) {
        if live.is_told() {
            continue;
        }
        let snapshot = live.snapshot();
        if let (false, Some(Followed::Here(old, seen))) = (is_empty, sent.get(&live.message)) {
            // Those who are here already get all that the snapshot holds.
            flush(app, old, *seen, snapshot.seq);
        }
        running.push(json!({
            "messageId": live.message,
            "seq": snapshot.seq,
            "content": snapshot.content,
            "reasoning": snapshot.reasoning,
        }));
        sent.insert(live.message, Followed::Here(live, snapshot.seq));
    }
    socket.join(room(chat));
    Ok(running)
}

/// Sends what is left of an answer that has ended; no piece of it is sent after this.
pub(super) async fn finish(
    app: &App,
    chat: ChatId,
    message: MessageId,
    generation: Option<GenerationId>,
) -> Result<()> {
    let is_it = |one: GenerationId| generation.is_none_or(|ended| ended == one);
    let mut sent = app.answers.sent.answers.lock().await;
    let live = app.answers.get(message);
    if let Some(live) = live.filter(|live| is_it(live.generation)) {
        live.tell();
    }
    match sent.remove(&message) {
        Some(Followed::Here(live, seen)) if is_it(live.generation) => {
            live.tell();
            flush(app, &live, seen, i64::MAX);
        }
        Some(Followed::Elsewhere(answer)) if is_it(answer.generation) => {
            elsewhere::finish(app, chat, message, answer).await?;
        }
        // It has been gone on with since.
        Some(other) => {
            sent.insert(message, other);
        }
        None => {}
    }
    Ok(())
}

/// Sends the pieces after `seen` up to `last`; tells how far it came.
fn flush(app: &App, live: &Live, seen: i64, last: i64) -> i64 {
    let deltas = match live.news(Some(seen)).0 {
        News::Deltas(deltas) => deltas,
        // Too far behind to be sent piece by piece: the gap tells the viewers to read.
        News::Snapshot(snapshot) => return snapshot.seq,
    };
    let deltas: Vec<Delta> = deltas.into_iter().filter(|one| one.seq <= last).collect();
    send(app, live.chat, live.message, &deltas).unwrap_or(seen)
}

/// Sends consecutive pieces, those of one channel as one; tells the number of the last.
pub(super) fn send(app: &App, chat: ChatId, message: MessageId, deltas: &[Delta]) -> Option<i64> {
    let mut last = None;
    for run in deltas.chunk_by(|a, b| a.channel == b.channel) {
        let (Some(first), Some(end)) = (run.first(), run.last()) else {
            continue;
        };
        let text: String = run.iter().map(|delta| delta.text.as_str()).collect();
        let name = match first.channel {
            Channel::Text => "text",
            Channel::Reasoning => "reasoning",
        };
        let payload = json!({
            "chatId": chat,
            "messageId": message,
            "from": first.seq,
            "seq": end.seq,
            name: text,
        });
        app.realtime
            .emit(&room(chat), signals::MESSAGE_DELTA, &payload);
        last = Some(end.seq);
    }
    last
}
