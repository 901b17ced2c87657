//! Chats by socket: a device joins the room of a chat it shows, sees who else has it open and who
//! types, and gets the pieces of running answers.
//!
//! Joining asks the same as reading: somebody else's chat does not exist. Pieces by socket are a
//! convenience; whoever sees a gap in the numbers reads the answer's stream.

mod deltas;
mod facts;

pub use deltas::Sent;

use std::collections::HashSet;

use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, SocketRef, TryData};
use store::{ChatId, SessionId};

use super::reading;
use crate::{
    app::App,
    error::{Error, Result, UNAUTHENTICATED},
    events::Event,
    platform::realtime::{self, Who},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    chat_id: ChatId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Typing {
    chat_id: ChatId,
    is_typing: bool,
}

/// The room of the devices that have a chat open.
pub fn room(chat: ChatId) -> String {
    format!("chat:{chat}")
}

/// Begins to pass on pieces.
pub(super) fn start(app: &App) {
    deltas::start(app);
}

/// Tells the sockets of this node of a fact about chats.
pub fn tell<'a>(app: &'a App, event: &'a Event) -> BoxFuture<'a, Result<()>> {
    Box::pin(facts::tell(app, event))
}

/// The events that a socket may send.
pub fn greet(app: &App, socket: &SocketRef) {
    let state = app.clone();
    socket.on(
        "chat:join",
        move |socket: SocketRef, TryData(sent): TryData<Value>, ack: AckSender| {
            let app = state.clone();
            async move {
                let outcome = match realtime::body::<Named>(sent) {
                    Ok(named) => join(&app, &socket, named.chat_id).await,
                    Err(error) => Err(error),
                };
                realtime::acknowledge(ack, outcome);
            }
        },
    );
    let state = app.clone();
    socket.on(
        "chat:leave",
        move |socket: SocketRef, TryData(sent): TryData<Value>, ack: AckSender| {
            let app = state.clone();
            async move { realtime::acknowledge(ack, leave(&app, &socket, sent)) }
        },
    );
    let state = app.clone();
    socket.on(
        "typing",
        move |socket: SocketRef, TryData(sent): TryData<Value>, ack: AckSender| {
            let app = state.clone();
            async move {
                let typing = realtime::body::<Typing>(sent);
                let outcome = typing.and_then(|typing| tell_typing(&app, &socket, &typing));
                realtime::acknowledge(ack, outcome);
            }
        },
    );
    let state = app.clone();
    socket.on_disconnect(move |socket: SocketRef| {
        let app = state.clone();
        async move { gone(&app, &socket) }
    });
}

fn leave(
    app: &App,
    socket: &SocketRef,
    sent: Result<Value, impl std::fmt::Display>,
) -> Result<Value> {
    let chat = realtime::body::<Named>(sent)?.chat_id;
    socket.leave(room(chat));
    tell_presence(app, chat);
    Ok(json!({}))
}

/// The rooms are still known here; the others learn who is left.
fn gone(app: &App, socket: &SocketRef) {
    for name in socket.rooms() {
        let chat = name.strip_prefix("chat:").and_then(|id| id.parse().ok());
        if let Some(chat) = chat {
            socket.leave(name);
            tell_presence(app, chat);
        }
    }
}

async fn join(app: &App, socket: &SocketRef, chat: ChatId) -> Result<Value> {
    let who = present(socket)?;
    reading::seen(app, who.principal.id, chat).await?;
    let running = deltas::join(app, socket, chat).await;
    tell_presence(app, chat);
    let people = people(app, chat, Some(who.principal.session));
    Ok(json!({ "running": running, "presence": { "people": people } }))
}

fn tell_typing(app: &App, socket: &SocketRef, typing: &Typing) -> Result<Value> {
    let who = present(socket)?;
    let room = room(typing.chat_id);
    if !socket.rooms().iter().any(|name| *name == room) {
        let detail = "Join the chat first.";
        return Err(Error::new(crate::error::CHAT_NOT_FOUND, detail));
    }
    let payload = json!({
        "chatId": typing.chat_id,
        "sessionId": who.principal.session,
        "userId": who.principal.id,
        "name": who.name,
        "isTyping": typing.is_typing,
    });
    for other in app.realtime.sockets(&room) {
        if other.id != socket.id {
            realtime::send(&other, "typing", &payload);
        }
    }
    Ok(json!({}))
}

fn present(socket: &SocketRef) -> Result<Who> {
    realtime::who(socket).ok_or_else(|| Error::new(UNAUTHENTICATED, "Connect with a token first."))
}

/// Tells each device in a chat who has it open.
fn tell_presence(app: &App, chat: ChatId) {
    for socket in app.realtime.sockets(&room(chat)) {
        let own = realtime::who(&socket).map(|who| who.principal.session);
        let payload = json!({ "chatId": chat, "people": people(app, chat, own) });
        realtime::send(&socket, "presence", &payload);
    }
}

/// One entry for each device, however many tabs it has.
fn people(app: &App, chat: ChatId, own: Option<SessionId>) -> Vec<Value> {
    let mut seen = HashSet::new();
    let sockets = app.realtime.sockets(&room(chat));
    let all = sockets.iter().filter_map(realtime::who);
    all.filter(|who| seen.insert(who.principal.session))
        .map(|who| {
            json!({
                "sessionId": who.principal.session,
                "userId": who.principal.id,
                "name": who.name,
                "device": who.device,
                "isYou": own == Some(who.principal.session),
            })
        })
        .collect()
}
