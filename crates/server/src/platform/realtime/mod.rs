//! Real time by Socket.IO: who is connected, which rooms they are in, and how events reach them.
//!
//! The open of Engine.IO is anonymous; the CONNECT packet is authenticated by `auth: {token}` or by
//! the cookie, and a socket then lives as long as its session. A session that ends on any node takes
//! its sockets with it at once, by word of the bus; and a sweep asks the rows of all connected
//! sessions again and drops whoever is signed out, disabled, deleted or of another role.
//!
//! To tell a person something, call [`Realtime::emit`] with [`user_room`], an event of
//! `signals.rs` and one object; for a fact, emit an `Event` in the transaction and do so in a
//! [`facts::Teller`] (`chats::realtime::tell` is one; `app.rs` lists them). Every node tells its own
//! sockets only. Nothing is queued for a socket that does not read: it is disconnected, comes back
//! and fetches what it shows again. This module knows no event by name.

pub mod commands;
pub mod facts;
pub mod http;
mod sweep;

use std::{collections::HashSet, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketioxide::{
    SocketIo,
    extract::{SocketRef, TryData},
    handler::ConnectHandler,
    operators::BroadcastOperators,
};
use store::{SessionId, UserId};

use crate::{
    app::App,
    error::{Error, Result, UNAUTHENTICATED},
    platform::auth::{
        Principal, cookie,
        http::{Asker, asker},
    },
    signals::Signal,
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

/// The socket is on its way out.
#[derive(Clone)]
struct Ended;

#[derive(Default, Deserialize)]
struct Credentials {
    token: Option<String>,
}

/// The room of the sockets of one session.
fn session_room(session: SessionId) -> String {
    format!("session:{session}")
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
                let Some(who) = who(&socket) else { return };
                let session = who.principal.session;
                socket.join([user_room(who.principal.id), session_room(session)]);
                commands::welcome(&socket);
                greet(&app, &socket);
                // It may have ended while its room was not joined yet.
                if app.auth.is_revoked(session) {
                    end(&socket);
                }
            }
        };
        let authenticate = move |socket: SocketRef, TryData(sent): TryData<Option<Credentials>>| {
            let app = gate.clone();
            async move {
                let token = sent.ok().flatten().unwrap_or_default().token;
                match authenticated(&app, &socket, token).await {
                    Ok(who) => {
                        socket.extensions.insert(Arc::new(who));
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
    pub fn emit(&self, room: &str, signal: Signal, payload: &impl Serialize) {
        let sockets = self.sockets(room);
        if sockets.is_empty() {
            return;
        }
        // A derived newtype would lose the event's name on the wire; a plain value cannot.
        let payload = match serde_json::to_value(payload) {
            Ok(payload) => payload,
            Err(error) => {
                let event = signal.name;
                tracing::error!(%error, event, "{event} cannot be written as JSON: {error}");
                return;
            }
        };
        for socket in sockets {
            send(&socket, signal, &payload);
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
pub fn send(socket: &SocketRef, signal: Signal, payload: &Value) {
    // One that has ended but could not be told hears nothing more.
    if who(socket).is_some() && socket.emit(signal.name, payload).is_err() {
        socket.extensions.insert(Lagging);
    }
}

/// Who is behind a socket that was let in.
pub fn who(socket: &SocketRef) -> Option<Arc<Who>> {
    socket.extensions.get::<Arc<Who>>()
}

/// Ends a socket: from now on it hears nothing and may ask nothing, also where its channel is too
/// full to tell it so. The sweep tries again until it is gone, as the heartbeat ends it at last.
fn end(socket: &SocketRef) {
    socket.extensions.remove::<Arc<Who>>();
    socket.extensions.insert(Ended);
    socket.clone().disconnect().ok();
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
