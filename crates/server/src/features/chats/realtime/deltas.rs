//! Pieces of the answers this node writes, on their way to the rooms of their chats: several become
//! one event, 25 times a second at the most, and nothing waits anywhere.

use std::{collections::HashMap, sync::Arc, time::Duration};

use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use store::{ChatId, MessageId};
use tokio::sync::Mutex;

use super::{
    super::live::{Channel, Delta, Live, News},
    room,
};
use crate::app::App;

const EVERY: Duration = Duration::from_millis(40);

/// How far each answer has been sent to the room of its chat.
#[derive(Default)]
pub struct Sent(Mutex<HashMap<MessageId, (Arc<Live>, i64)>>);

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
    let mut sent = app.answers.sent.0.lock().await;
    sent.retain(|_, (live, _)| !app.realtime.is_empty(&room(live.chat)));
    for live in app.answers.all() {
        if !app.realtime.is_empty(&room(live.chat)) {
            sent.entry(live.message).or_insert((live, 0));
        }
    }
    for (live, seen) in sent.values_mut() {
        *seen = flush(app, live, *seen, i64::MAX);
    }
}

/// Lets a socket into the room with a snapshot, and what follows it begins right behind.
pub(super) async fn join(app: &App, socket: &SocketRef, chat: ChatId) -> Vec<Value> {
    let mut sent = app.answers.sent.0.lock().await;
    let is_empty = app.realtime.is_empty(&room(chat));
    let mut running = Vec::new();
    for live in app.answers.of_chat(chat) {
        let snapshot = live.snapshot();
        if !is_empty {
            // Those who are here already get all that the snapshot holds.
            let seen = sent.get(&live.message).map_or(0, |(_, seen)| *seen);
            flush(app, &live, seen, snapshot.seq);
        }
        running.push(json!({
            "messageId": live.message,
            "seq": snapshot.seq,
            "content": snapshot.content,
            "reasoning": snapshot.reasoning,
        }));
        sent.insert(live.message, (live, snapshot.seq));
    }
    socket.join(room(chat));
    running
}

/// Sends what is left of an answer that has ended.
pub(super) async fn finish(app: &App, message: MessageId) {
    let mut sent = app.answers.sent.0.lock().await;
    if let Some((live, seen)) = sent.remove(&message) {
        flush(app, &live, seen, i64::MAX);
    }
}

/// Sends the pieces after `seen` up to `last`; tells how far it came.
fn flush(app: &App, live: &Live, seen: i64, last: i64) -> i64 {
    let deltas = match live.news(Some(seen)).0 {
        News::Deltas(deltas) => deltas,
        // Too far behind to be sent piece by piece: the gap tells the viewers to read.
        News::Snapshot(snapshot) => return snapshot.seq,
    };
    let mut seen = seen;
    let room = room(live.chat);
    let deltas: Vec<Delta> = deltas.into_iter().filter(|one| one.seq <= last).collect();
    for run in deltas.chunk_by(|a, b| a.channel == b.channel) {
        let [first, ..] = run else { continue };
        let text: String = run.iter().map(|delta| delta.text.as_str()).collect();
        seen = run.last().map_or(seen, |delta| delta.seq);
        let name = match first.channel {
            Channel::Text => "text",
            Channel::Reasoning => "reasoning",
        };
        let payload = json!({
            "chatId": live.chat,
            "messageId": live.message,
            "from": first.seq,
            "seq": seen,
            name: text,
        });
        app.realtime.emit(&room, "message:delta", &payload);
    }
    seen
}
