//! Pieces of answers that another node writes: read from the event log, as long as somebody here has
//! the chat open. What has moved from the log into the row is read from there.

use std::{collections::HashMap, time::Duration};

use serde_json::{Value, json};
use store::{
    ChatId, GenerationId, MessageId,
    entity::{
        generation_event,
        message::{self, Status},
    },
};

use super::{
    super::{
        live::{Channel, Delta, Deltas},
        recovery::fold,
        store as rows,
    },
    deltas::{self, Followed},
    room,
};
use crate::{app::App, error::Result, signals};

/// The other node writes its log every 100 ms.
const EVERY: Duration = Duration::from_millis(80);

/// How far an answer was sent, in numbers and in bytes.
pub(super) struct Elsewhere {
    pub(super) chat: ChatId,
    pub(super) generation: GenerationId,
    seq: i64,
    content: usize,
    reasoning: usize,
}

impl Elsewhere {
    /// From what the row holds.
    fn of(row: &message::Model, generation: GenerationId) -> Self {
        Self {
            chat: row.chat_id,
            generation,
            seq: row.applied_seq,
            content: row.content.len(),
            reasoning: row.reasoning.as_ref().map_or(0, String::len),
        }
    }

    /// Sends what the row holds beyond what was sent.
    fn catch_up(&mut self, app: &App, row: &message::Model) {
        if row.applied_seq <= self.seq {
            return;
        }
        let reasoning = row.reasoning.as_deref().unwrap_or_default();
        let mut payload = json!({
            "chatId": self.chat,
            "messageId": row.id,
            "from": self.seq + 1,
            "seq": row.applied_seq,
        });
        let texts = [
            ("text", row.content.get(self.content..)),
            ("reasoning", reasoning.get(self.reasoning..)),
        ];
        for (name, text) in texts {
            let text = text.filter(|text| !text.is_empty());
            if let (Some(text), Some(fields)) = (text, payload.as_object_mut()) {
                fields.insert(name.to_owned(), text.into());
            }
        }
        app.realtime
            .emit(&room(self.chat), signals::MESSAGE_DELTA, &payload);
        *self = Self::of(row, self.generation);
    }

    /// Sends what follows in the log; false when something between has left it.
    fn go_on(&mut self, app: &App, id: MessageId, log: Vec<(i64, Deltas)>) -> bool {
        for (first, pieces) in log {
            let numbered = (first..).zip(pieces).filter(|(seq, _)| *seq > self.seq);
            let news: Vec<Delta> = numbered
                .map(|(seq, (channel, text))| Delta { seq, channel, text })
                .collect();
            let Some(next) = news.first() else { continue };
            if next.seq != self.seq + 1 {
                return false;
            }
            for delta in &news {
                match delta.channel {
                    Channel::Text => self.content += delta.text.len(),
                    Channel::Reasoning => self.reasoning += delta.text.len(),
                }
            }
            self.seq = deltas::send(app, self.chat, id, &news).unwrap_or(self.seq);
        }
        true
    }
}

/// Only on a database that nodes share can another one write.
pub(super) fn start(app: &App) {
    if !app.db.is_shared() {
        return;
    }
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        loop {
            let began = background.answers.sent.began_elsewhere.notified();
            match pass_on(&background).await {
                Ok(true) => {}
                Ok(false) => began.await,
                Err(error) => {
                    let cause = error.chain();
                    tracing::warn!(cause, "answers of other nodes cannot be read: {cause}");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

/// Sends what has come since; false when nothing is followed.
async fn pass_on(app: &App) -> Result<bool> {
    let followed: Vec<GenerationId> = {
        let mut sent = app.answers.sent.answers.lock().await;
        sent.retain(|_, answer| match answer {
            Followed::Elsewhere(answer) => !app.realtime.is_empty(&room(answer.chat)),
            Followed::Here(..) => true,
        });
        let all = sent.values().filter_map(|answer| match answer {
            Followed::Elsewhere(answer) => Some(answer.generation),
            Followed::Here(..) => None,
        });
        all.collect()
    };
    if followed.is_empty() {
        return Ok(false);
    }
    let mut logs: HashMap<GenerationId, Vec<(i64, Deltas)>> = HashMap::new();
    for event in rows::events_among(&**app.db.read(), &followed).await? {
        let generation_event::Model {
            generation_id,
            seq,
            payload,
        } = event;
        let log = logs.entry(generation_id).or_default();
        log.push((seq, serde_json::from_value(payload)?));
    }
    let mut gaps = Vec::new();
    {
        let mut sent = app.answers.sent.answers.lock().await;
        for (id, answer) in sent.iter_mut() {
            let Followed::Elsewhere(answer) = answer else {
                continue;
            };
            let log = logs.remove(&answer.generation).unwrap_or_default();
            if !answer.go_on(app, *id, log) {
                gaps.push((answer.chat, *id));
            }
        }
    }
    for (chat, id) in gaps {
        let row = rows::message_of(&**app.db.read(), chat, id).await?;
        let mut sent = app.answers.sent.answers.lock().await;
        if let Some(Followed::Elsewhere(answer)) = sent.get_mut(&id) {
            answer.catch_up(app, &row);
        }
    }
    Ok(true)
}

/// What is running in a chat on other nodes, as far as it has come; it is followed from there.
pub(super) async fn join(
    app: &App,
    sent: &mut HashMap<MessageId, Followed>,
    chat: ChatId,
    is_empty: bool,
) -> Result<Vec<Value>> {
    let mut running = Vec::new();
    if !app.db.is_shared() {
        return Ok(running);
    }
    let db = &**app.db.read();
    for generation in rows::running_in(db, chat).await? {
        if generation.node_id == app.answers.node_id {
            continue;
        }
        let mut row = rows::message_of(db, chat, generation.message_id).await?;
        for event in rows::events(db, generation.id).await? {
            let pieces: Deltas = serde_json::from_value(event.payload)?;
            fold(&mut row, event.seq, &pieces);
        }
        if let (false, Some(Followed::Elsewhere(old))) = (is_empty, sent.get_mut(&row.id)) {
            // Those who are here already get all that the snapshot holds.
            old.catch_up(app, &row);
        }
        let followed = Followed::Elsewhere(Elsewhere::of(&row, generation.id));
        sent.insert(row.id, followed);
        running.push(json!({
            "messageId": row.id,
            "seq": row.applied_seq,
            "content": row.content,
            "reasoning": row.reasoning.unwrap_or_default(),
        }));
    }
    if !running.is_empty() {
        app.answers.sent.began_elsewhere.notify_one();
    }
    Ok(running)
}

/// Follows an answer that has just begun on another node, from what this row of it shows.
pub(super) async fn follow(app: &App, row: &message::Model) -> Result<()> {
    let is_here = app.answers.get(row.id).is_some();
    if row.status != Status::Streaming
        || is_here
        || !app.db.is_shared()
        || app.realtime.is_empty(&room(row.chat_id))
    {
        return Ok(());
    }
    let Some(generation) = rows::running(&**app.db.read(), row.id).await? else {
        return Ok(());
    };
    if generation.node_id == app.answers.node_id {
        return Ok(());
    }
    let mut sent = app.answers.sent.answers.lock().await;
    let known = matches!(
        sent.get(&row.id),
        Some(Followed::Elsewhere(old)) if old.generation == generation.id
    );
    if !known {
        let followed = Followed::Elsewhere(Elsewhere::of(row, generation.id));
        sent.insert(row.id, followed);
        app.answers.sent.began_elsewhere.notify_one();
    }
    Ok(())
}

/// Sends what is left of an answer that has ended.
pub(super) async fn finish(
    app: &App,
    chat: ChatId,
    id: MessageId,
    mut answer: Elsewhere,
) -> Result<()> {
    let row = rows::message_of(&**app.db.read(), chat, id).await?;
    answer.catch_up(app, &row);
    Ok(())
}
