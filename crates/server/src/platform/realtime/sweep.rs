//! A socket lives as long as its session: one that is known to have ended takes its sockets with it
//! at once, and every two seconds the rows are asked, on every node.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use ::store::SessionId;

use tokio::sync::broadcast::error::RecvError;

use super::{Ended, Lagging, Realtime, end, session, session_room, who};
use crate::{
    app::App,
    error::{Error, INVALID_TOKEN, Result},
    platform::auth::{
        Principal,
        store::{self, Live},
    },
};

const EVERY: Duration = Duration::from_secs(2);
/// Sessions that one query asks for.
const BATCH: usize = 500;

pub(super) fn start(app: &App) {
    let background = app.clone();
    let mut ended = app.auth.ended();
    app.tasks.spawn_until_stop(async move {
        loop {
            match ended.recv().await {
                Ok(session) => {
                    for socket in background.realtime.sockets(&session_room(session)) {
                        end(&socket);
                    }
                }
                // More than can be remembered: the sweep finds them.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = sweep(&background).await {
                let cause = error.chain();
                tracing::warn!(cause, "sessions of sockets cannot be asked for: {cause}");
            }
        }
    });
}

async fn sweep(app: &App) -> Result<()> {
    let sockets = Realtime::all(&app.realtime);
    let sessions: HashSet<SessionId> = sockets.iter().filter_map(session).collect();
    let sessions: Vec<SessionId> = sessions.into_iter().collect();
    let mut live: HashMap<SessionId, Live> = HashMap::new();
    let now = app.clock.now();
    for batch in sessions.chunks(BATCH) {
        live.extend(store::live_among(app.db.read(), batch, now).await?);
    }
    for socket in sockets {
        let Some(who) = who(&socket) else {
            // One that is just connecting is nobody yet, and was not asked for.
            if socket.extensions.get::<Ended>().is_some() {
                end(&socket);
            }
            continue;
        };
        let holds = live
            .get(&who.principal.session)
            .is_some_and(|live| live.role == who.principal.role);
        if !holds || socket.extensions.get::<Lagging>().is_some() {
            end(&socket);
        }
    }
    Ok(())
}

/// The person's name, and the device as its sign-in described it.
pub(super) async fn described(app: &App, who: &Principal) -> Result<(String, String)> {
    store::described(app.db.read(), who.session)
        .await?
        .ok_or_else(|| Error::new(INVALID_TOKEN, "Sign in again, or refresh the token."))
}
