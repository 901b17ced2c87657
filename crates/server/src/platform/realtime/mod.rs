//! Real time by Socket.IO: who is connected, which rooms they are in, and how events reach them.
//!
//! The open of Engine.IO is anonymous; the CONNECT packet is authenticated by `auth: {token}` or by
//! the cookie, and a socket then lives as long as its session: a sweep asks the rows of all
//! connected sessions again and drops whoever is signed out, disabled, deleted or of another role.
//!
//! To tell a person something, call [`Realtime::emit`] with [`user_room`], a name of the form
//! `thing:happened` and one object; for a fact, emit an `Event` in the transaction and do so in a
//! [`facts::Teller`] (`chats::realtime::tell` is one; `app.rs` lists them). Every node tells its own
//! sockets only. Nothing is queued for a socket that does not read: it is disconnected, comes back
//! and fetches what it shows again. This module knows no event by name.

pub mod facts;
pub mod http;
mod sweep;

use std::{collections::HashSet, sync::Arc};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use socketioxide::{
    SocketIo,
    extract::{AckSender, SocketRef, TryData},
    handler::ConnectHandler,
    operators::BroadcastOperators,
};
use store::{SessionId, UserId};

use crate::{
    app::App,
    error::{Error, Result, UNAUTHENTICATED},
    platform::{
        auth::{
            Principal, cookie,
            http::{Asker, asker},
        },
        http::problem,
    },
};

/// All sockets of this node.
#[derive(Clone)]
pub struct Realtime {
    io: SocketIo,
    service: Arc<http::Service>,
}

/// Who is behind a socket.
#[derive(Clone, Debug)]
pub struct Who {
    pub principal: Principal,
    pub name: String,
    pub device: String,
}

/// The socket did not take a packet: it is dropped as soon as it can be told.
#[derive(Clone)]
struct Lagging;

#[derive(Default, Deserialize)]
struct Credentials {
    token: Option<String>,
}

/// The room of all devices of one person.
pub fn user_room(user: UserId) -> String {
    format!("user:{user}")
}

impl Default for Realtime {
    fn default() -> Self {
        let (service, io) = http::build();
        Self {
            io,
            service: Arc::new(service),
        }
    }
}

impl Realtime {
    /// Lets sockets in; `greet` gives each the events it may send.
    pub fn start(&self, app: &App, greet: fn(&App, &SocketRef)) {
        let (gate, inside) = (app.clone(), app.clone());
        let welcome = move |socket: SocketRef| {
            let app = inside.clone();
            async move {
                if let Some(who) = who(&socket) {
                    socket.join(user_room(who.principal.id));
                    greet(&app, &socket);
                }
            }
        };
        let authenticate = move |socket: SocketRef, TryData(sent): TryData<Option<Credentials>>| {
            let app = gate.clone();
            async move {
                let token = sent.ok().flatten().unwrap_or_default().token;
                match authenticated(&app, &socket, token).await {
                    Ok(who) => {
                        socket.extensions.insert(who);
                        Ok(())
                    }
                    Err(error) => Err(error.code.name),
                }
            }
        };
        self.io.ns("/", welcome.with(authenticate));
        sweep::start(app);
        let (tasks, io) = (app.tasks.clone(), self.io.clone());
        app.tasks.spawn(async move {
            tasks.stopping().await;
            io.close().await;
        });
    }

    /// Sends one object to everybody in a room.
    pub fn emit(&self, room: &str, event: &str, payload: &impl Serialize) {
        let sockets = self.sockets(room);
        if sockets.is_empty() {
            return;
        }
        // A derived newtype would lose the event's name on the wire; a plain value cannot.
        let payload = match serde_json::to_value(payload) {
            Ok(payload) => payload,
            Err(error) => {
                tracing::error!(%error, event, "{event} cannot be written as JSON: {error}");
                return;
            }
        };
        for socket in sockets {
            send(&socket, event, &payload);
        }
    }

    /// The sockets of this node in a room; none once they are closed, while answers may still come
    /// to their end.
    pub fn sockets(&self, room: &str) -> Vec<SocketRef> {
        let all = self.io.of("/");
        all.map_or_else(Vec::new, |all| all.within(room.to_owned()).sockets())
    }

    /// The people who are connected to this node.
    pub fn users(&self) -> HashSet<UserId> {
        let sockets = self.all();
        sockets
            .iter()
            .filter_map(who)
            .map(|who| who.principal.id)
            .collect()
    }

    pub fn is_empty(&self, room: &str) -> bool {
        self.sockets(room).is_empty()
    }

    fn all(&self) -> Vec<SocketRef> {
        let all = self.io.of("/");
        all.map_or_else(Vec::new, BroadcastOperators::sockets)
    }
}

/// Sends one object to one socket.
pub fn send(socket: &SocketRef, event: &str, payload: &Value) {
    if socket.emit(event, payload).is_err() {
        socket.extensions.insert(Lagging);
    }
}

/// Who is behind a socket that was let in.
pub fn who(socket: &SocketRef) -> Option<Who> {
    socket.extensions.get::<Who>()
}

/// Reads the one object of an event.
pub fn body<T: DeserializeOwned>(sent: Result<Value, impl std::fmt::Display>) -> Result<T> {
    let refused = |why: String| Error::field("body", "shape", why);
    let value = sent.map_err(|error| refused(error.to_string()))?;
    serde_json::from_value(value).map_err(|error| refused(error.to_string()))
}

/// Acknowledges with `{ok: true, …}` or `{ok: false, problem}`.
pub fn acknowledge(ack: AckSender, outcome: Result<Value>) {
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

async fn authenticated(app: &App, socket: &SocketRef, token: Option<String>) -> Result<Who> {
    let headers = &socket.req_parts().headers;
    let token = match token {
        Some(token) => token,
        None if asker(headers, &app.config) == Asker::OwnPage => {
            let access = cookie::Names::of(&app.config.server).access;
            cookie::read(headers, access).unwrap_or_default().to_owned()
        }
        None => String::new(),
    };
    if token.is_empty() {
        let detail = "Send auth: {token}, or connect from a page of this server.";
        return Err(Error::new(UNAUTHENTICATED, detail));
    }
    let principal = app.auth.principal(&app.db, &token).await?;
    let (name, device) = sweep::described(app, &principal).await?;
    Ok(Who {
        principal,
        name,
        device,
    })
}

/// The session of a socket.
fn session(socket: &SocketRef) -> Option<SessionId> {
    who(socket).map(|who| who.principal.session)
}
