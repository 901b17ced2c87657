//! An answer as server-sent events: a snapshot or an exact resumption, deltas as they come, and
//! the end. Nothing is buffered: each event goes out when it happens.

use std::{convert::Infallible, fmt::Write, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http::{HeaderMap, header};
use serde_json::{Value, json};
use store::{ChatId, MessageId, entity::message};
use uuid::Uuid;

use super::{
    super::{
        compare,
        generate::status_name,
        live::{Channel, Live, News, Snapshot},
        reading,
        recovery::fold,
    },
    views::MessageView,
};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Principal,
        http::{Path, problem::Problem},
    },
};

/// Tells proxies and the reader that the stream lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often an answer that another node writes is looked at.
const POLL: Duration = Duration::from_millis(200);

/// Follows an answer: `snapshot`, `delta`, `status`, `done`. The event id is the sequence number;
/// with `Last-Event-ID` the stream goes on right behind it where that is possible.
#[utoipa::path(get, path = "/api/chats/{id}/messages/{messageId}/stream", operation_id = "watch_answer", tag = "chats",
    params(("id" = Uuid, Path), ("messageId" = Uuid, Path),
        ("Last-Event-ID" = Option<String>, Header, description = "The last sequence number that was seen")),
    responses(
        (status = 200, description = "Events", body = String, content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
pub async fn watch(
    State(app): State<App>,
    who: Principal,
    Path((chat, id)): Path<(Uuid, Uuid)>,
    headers: HeaderMap,
) -> Result<Response> {
    let (chat, id) = (ChatId(chat), MessageId(id));
    let row = reading::message(&app, &who, chat, id).await?;
    let seen = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let viewer = Viewer {
        app,
        who,
        chat,
        id,
        seen,
        is_over: false,
        live: None,
    };
    let events = with_keep_alive(viewer.events(row));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store, no-transform"),
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events.map(Ok::<_, Infallible>))).into_response())
}

struct Viewer {
    app: App,
    who: Principal,
    chat: ChatId,
    id: MessageId,
    /// The last sequence number that was sent.
    seen: Option<i64>,
    is_over: bool,
    live: Option<(Arc<Live>, tokio::sync::watch::Receiver<i64>)>,
}

impl Viewer {
    fn events(mut self, row: message::Model) -> impl Stream<Item = Bytes> + Send {
        self.live = self.app.answers.get(self.id).map(|live| {
            let changes = live.watch();
            (live, changes)
        });
        let first = Some(row);
        stream::unfold((self, first), |(mut viewer, first)| async move {
            if viewer.is_over {
                return None;
            }
            let bytes = match viewer.live.take() {
                Some((live, changes)) => viewer.read_memory(live, changes).await,
                None => viewer.read_rows(first).await,
            };
            bytes.map(|bytes| (bytes, (viewer, None)))
        })
    }

    /// This node writes the answer.
    async fn read_memory(
        &mut self,
        live: Arc<Live>,
        mut changes: tokio::sync::watch::Receiver<i64>,
    ) -> Option<Bytes> {
        loop {
            changes.borrow_and_update();
            let (news, ended) = live.news(self.seen);
            let mut text = String::new();
            match news {
                News::Snapshot(snapshot) => self.snapshot(&mut text, &snapshot, "streaming"),
                News::Deltas(deltas) => {
                    for delta in deltas {
                        self.delta(&mut text, delta.seq, delta.channel, &delta.text);
                    }
                }
            }
            if ended.is_some() {
                self.finish(&mut text).await;
                return Some(text.into());
            }
            if !text.is_empty() {
                self.live = Some((live, changes));
                return Some(text.into());
            }
            changes.changed().await.ok()?;
        }
    }

    /// The answer has ended, or another node writes it: the rows tell.
    async fn read_rows(&mut self, first: Option<message::Model>) -> Option<Bytes> {
        let mut row = first;
        loop {
            let current = match row.take() {
                Some(row) => row,
                None => reading::message(&self.app, &self.who, self.chat, self.id)
                    .await
                    .ok()?,
            };
            let mut text = String::new();
            if current.status != message::Status::Streaming {
                self.whole(&mut text, &current);
                self.finish(&mut text).await;
                return Some(text.into());
            }
            self.tail(&mut text, current).await.ok()?;
            if !text.is_empty() {
                return Some(text.into());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// What the rows of a running answer hold beyond what was seen.
    async fn tail(&mut self, text: &mut String, mut row: message::Model) -> Result<()> {
        let logged = reading::logged(&self.app, &self.who, &row).await?;
        match self.seen {
            Some(seen) if seen >= row.applied_seq => {
                for (first, deltas) in &logged {
                    for (seq, (channel, delta)) in (*first..).zip(deltas) {
                        if self.seen.is_none_or(|seen| seq > seen) {
                            self.delta(text, seq, *channel, delta);
                        }
                    }
                }
            }
            _ => {
                for (first, deltas) in &logged {
                    fold(&mut row, *first, deltas);
                }
                let whole = Snapshot {
                    seq: row.applied_seq,
                    content: row.content,
                    reasoning: row.reasoning.unwrap_or_default(),
                };
                self.snapshot(text, &whole, "streaming");
            }
        }
        Ok(())
    }

    /// The answer as it ended, unless all of it was seen.
    fn whole(&mut self, text: &mut String, row: &message::Model) {
        if self.seen != Some(row.applied_seq) {
            let whole = Snapshot {
                seq: row.applied_seq,
                content: row.content.clone(),
                reasoning: row.reasoning.clone().unwrap_or_default(),
            };
            self.snapshot(text, &whole, status_name(row.status));
        }
    }

    /// The last two events.
    async fn finish(&mut self, text: &mut String) {
        self.is_over = true;
        // It may have ended before anybody could look on. When the chat was deleted meanwhile, there
        // is nothing left to say.
        reading::seen(&self.app, self.who.id, self.chat).await.ok();
        let Ok(row) = reading::message(&self.app, &self.who, self.chat, self.id).await else {
            return;
        };
        let Ok(siblings) = reading::siblings_of(&self.app, self.who.id, &row).await else {
            return;
        };
        let Ok(shown) = compare::show_one(&self.app, self.who.id, row).await else {
            return;
        };
        let seq = self.seen.unwrap_or(shown.row().applied_seq);
        let mut status = json!({ "seq": seq, "status": status_name(shown.row().status) });
        if let (Some(error), Some(fields)) = (&shown.row().error, status.as_object_mut()) {
            fields.insert("error".to_owned(), error.clone());
        }
        event(text, "status", seq, &status);
        let message = MessageView::of(shown, &siblings);
        event(text, "done", seq, &json!({ "message": message }));
    }

    fn snapshot(&mut self, text: &mut String, snapshot: &Snapshot, status: &str) {
        self.seen = Some(snapshot.seq);
        let data = json!({
            "seq": snapshot.seq,
            "content": snapshot.content,
            "reasoning": snapshot.reasoning,
            "status": status,
        });
        event(text, "snapshot", snapshot.seq, &data);
    }

    fn delta(&mut self, text: &mut String, seq: i64, channel: Channel, piece: &str) {
        self.seen = Some(seq);
        let data = match channel {
            Channel::Text => json!({ "seq": seq, "text": piece }),
            Channel::Reasoning => json!({ "seq": seq, "reasoning": piece }),
        };
        event(text, "delta", seq, &data);
    }
}

/// JSON has no line ends of its own, so one `data` line holds it.
fn event(text: &mut String, name: &str, seq: i64, data: &Value) {
    // Writing to a String cannot fail.
    write!(text, "id: {seq}\nevent: {name}\ndata: {data}\n\n").ok();
}

fn with_keep_alive(events: impl Stream<Item = Bytes> + Send) -> impl Stream<Item = Bytes> + Send {
    stream::unfold(Box::pin(events), |mut events| async move {
        match tokio::time::timeout(KEEP_ALIVE, events.next()).await {
            Ok(Some(bytes)) => Some((bytes, events)),
            Ok(None) => None,
            Err(_) => Some((Bytes::from_static(b": keep-alive\n\n"), events)),
        }
    })
}
