//! What sockets ask: read, bounded and acknowledged, whatever was sent.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, Event, SocketRef, TryData};

use super::{Who, who};
use crate::{
    app::App,
    error::{Error, Result, TOO_MANY_REQUESTS, UNAUTHENTICATED, UNKNOWN_EVENT},
    platform::http::problem,
    signals::Signal,
};

/// What one socket may ask at the same time.
const MOST_AT_ONCE: usize = 16;

/// What one asks, from a socket whose session holds.
pub struct Asked<T> {
    pub app: App,
    pub socket: SocketRef,
    pub who: Arc<Who>,
    pub body: T,
}

/// How many questions of a socket are being answered.
#[derive(Clone, Default)]
struct UnderWay(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::AcqRel);
    }
}

struct Place(UnderWay);

/// Answers one kind of event by `answer`.
pub fn on<T, F>(app: &App, socket: &SocketRef, signal: Signal, answer: F)
where
    T: DeserializeOwned + Send + 'static,
    F: Fn(Asked<T>) -> BoxFuture<'static, Result<Value>> + Clone + Send + Sync + 'static,
{
    let app = app.clone();
    socket.on(
        signal.name,
        move |socket: SocketRef, TryData(sent): TryData<Value>, ack: AckSender| {
            let (app, answer) = (app.clone(), answer.clone());
            async move {
                let outcome = match admitted(&socket, sent) {
                    Ok((who, body, _place)) => {
                        let asked = Asked {
                            app,
                            socket,
                            who,
                            body,
                        };
                        answer(asked).await
                    }
                    Err(error) => Err(error),
                };
                acknowledge(ack, outcome);
            }
        },
    );
}

/// Begins to count, and says so where there is no such event.
pub(super) fn welcome(socket: &SocketRef) {
    socket.extensions.insert(UnderWay::default());
    socket.on_fallback(|Event(name): Event, ack: AckSender| async move {
        let name: String = name.chars().take(100).collect();
        let detail = format!("{name}: docs/events.md lists what may be asked.");
        acknowledge(ack, Err(Error::new(UNKNOWN_EVENT, detail)));
    });
}

fn admitted<T: DeserializeOwned>(
    socket: &SocketRef,
    sent: Result<Value, impl std::fmt::Display>,
) -> Result<(Arc<Who>, T, Place)> {
    let gone = || {
        Error::new(
            UNAUTHENTICATED,
            "The session is over: connect with a token.",
        )
    };
    let who = who(socket).ok_or_else(gone)?;
    let under_way = socket.extensions.get::<UnderWay>().unwrap_or_default();
    let before = under_way.0.fetch_add(1, Ordering::AcqRel);
    let place = Place(under_way);
    if before >= MOST_AT_ONCE {
        let detail = "Wait for an acknowledgement: 16 questions at a time.";
        return Err(Error::new(TOO_MANY_REQUESTS, detail));
    }
    let refused = |why: String| Error::field("body", "shape", why);
    let value = sent.map_err(|error| refused(error.to_string()))?;
    let body = serde_json::from_value(value).map_err(|error| refused(error.to_string()))?;
    Ok((who, body, place))
}

/// Acknowledges with `{ok: true, …}` or `{ok: false, problem}`.
fn acknowledge(ack: AckSender, outcome: Result<Value>) {
    let answer = match outcome {
        Ok(mut value) => {
            if let Some(fields) = value.as_object_mut() {
                fields.insert("ok".to_owned(), Value::Bool(true));
            }
            value
        }
        Err(error) => json!({ "ok": false, "problem": {
            "code": error.code.name,
            "status": problem::status(&error).as_u16(),
            "title": error.code.title,
            "detail": error.detail,
        }}),
    };
    // Who did not ask for an acknowledgement, or is gone, gets none.
    ack.send(&answer).ok();
}
