//! Chats by socket: a device joins the room of a chat it shows, sees who else has it open and who
//! types, and gets the pieces of running answers.
//!
//! Joining asks the same as reading: somebody else's chat does not exist. Pieces come in order, from
//! memory where this node writes the answer and from the event log where another does, then the
//! status, then the whole; nothing follows. They are a convenience: whoever sees a gap in the
//! numbers reads the answer's stream.

mod deltas;
mod elsewhere;
mod facts;

pub use deltas::Sent;

use std::collections::HashSet;

use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};
use socketioxide::extract::SocketRef;
use store::{ChatId, SessionId};

use super::reading;
use crate::{
    app::App,
    error::{CHAT_NOT_FOUND, Error, Result, TOO_MANY_REQUESTS},
    events::Event,
    platform::realtime::{
        self,
        commands::{self, Asked},
    },
    signals,
};

const ROOM: &str = "chat:";
/// Chats that one socket may have open.
const MOST_ROOMS: usize = 50;

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
    format!("{ROOM}{chat}")
}

/// Begins to pass on pieces.
pub(super) fn start(app: &App) {
    deltas::start(app);
    elsewhere::start(app);
}

/// Tells the sockets of this node of a fact about chats.
pub fn tell<'a>(app: &'a App, event: &'a Event) -> BoxFuture<'a, Result<()>> {
    Box::pin(facts::tell(app, event))
}

/// The events that a socket may send.
pub fn greet(app: &App, socket: &SocketRef) {
    commands::on(app, socket, signals::CHAT_JOIN, |asked| {
        Box::pin(join(asked))
    });
    commands::on(app, socket, signals::CHAT_LEAVE, |asked| {
        Box::pin(async move { Ok(leave(&asked)) })
    });
    commands::on(app, socket, signals::TYPING_ASK, |asked| {
        Box::pin(async move { tell_typing(&asked) })
    });
    let state = app.clone();
    socket.on_disconnect(move |socket: SocketRef| {
        let app = state.clone();
        async move { gone(&app, &socket) }
    });
}

fn leave(asked: &Asked<Named>) -> Value {
    let chat = asked.body.chat_id;
    asked.socket.leave(room(chat));
    tell_presence(&asked.app, chat);
    json!({})
}

/// The rooms are still known here; the others learn who is left.
fn gone(app: &App, socket: &SocketRef) {
    for name in socket.rooms() {
        let chat = name.strip_prefix(ROOM).and_then(|id| id.parse().ok());
        if let Some(chat) = chat {
            socket.leave(name);
            tell_presence(app, chat);
        }
    }
}

async fn join(asked: Asked<Named>) -> Result<Value> {
    let Asked {
        app,
        socket,
        who,
        body,
    } = asked;
    let chat = body.chat_id;
    let joined = socket.rooms();
    let is_new = !joined.iter().any(|name| *name == room(chat));
    let chats = joined.iter().filter(|name| name.starts_with(ROOM)).count();
    if is_new && chats >= MOST_ROOMS {
        let detail = "Leave a chat first: 50 can be joined at a time.";
        return Err(Error::new(TOO_MANY_REQUESTS, detail));
    }
    reading::seen(&app, who.principal.id, chat).await?;
    let running = deltas::join(&app, &socket, chat).await?;
    tell_presence(&app, chat);
    let people = people(&app, chat, Some(who.principal.session));
    Ok(json!({ "running": running, "presence": { "people": people } }))
}

fn tell_typing(asked: &Asked<Typing>) -> Result<Value> {
    let Asked {
        app,
        socket,
        who,
        body: typing,
    } = asked;
    let room = room(typing.chat_id);
    if !socket.rooms().iter().any(|name| *name == room) {
        let detail = "Join the chat first.";
        return Err(Error::new(CHAT_NOT_FOUND, detail));
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
            realtime::send(&other, signals::TYPING, &payload);
        }
    }
    Ok(json!({}))
}

/// Tells each device in a chat who has it open.
fn tell_presence(app: &App, chat: ChatId) {
    for socket in app.realtime.sockets(&room(chat)) {
        let own = realtime::who(&socket).map(|who| who.principal.session);
        let payload = json!({ "chatId": chat, "people": people(app, chat, own) });
        realtime::send(&socket, signals::PRESENCE, &payload);
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
