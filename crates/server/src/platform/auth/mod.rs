//! Who is asking: one [`Principal`] for cookie and Bearer, whichever route it is.
//!
//! An access token says who signed in where; whether that still holds is asked of the session's
//! row every time, so a revoked session is refused at once on every node. The memory of revoked
//! sessions only makes the refusal cheaper, and Redis only fills that memory elsewhere: neither
//! is ever the reason to let somebody in. This module makes no account and no session: that is
//! what the feature `accounts` does with the parts found here.

use std::sync::Arc;

use ::store::{Db, SessionId, UserId, entity::user::Role};
use uuid::Uuid;

use tokio::sync::broadcast;

use crate::{
    clock::Clock,
    error::{Error, INVALID_TOKEN, Result},
    platform::{bus::Bus, tasks::Tasks},
};

mod capability;
pub mod cookie;
pub mod http;
pub mod opaque;
pub mod password;
pub mod policy;
pub mod refresh;
mod revoked;
pub mod store;
pub mod token;

/// Ended sessions that whoever listens may be behind.
const ENDED: usize = 1024;

/// An authenticated person, as every service function takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub id: UserId,
    pub session: SessionId,
    pub role: Role,
}

impl Principal {
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}

/// Issues tokens and tells who presents one.
#[derive(Clone)]
pub struct Authenticator(Arc<Inner>);

struct Inner {
    access: token::Keys,
    refresh: refresh::Key,
    capability: capability::Key,
    revoked: revoked::Revoked,
    /// Sessions that ended just now, here or elsewhere.
    ended: broadcast::Sender<SessionId>,
    bus: Bus,
    clock: Clock,
}

impl Authenticator {
    /// `secret` has 32 bytes or more and is the same on every node of an installation.
    pub fn new(secret: &[u8], clock: Clock, bus: Bus, tasks: &Tasks) -> Self {
        let inner = Inner {
            access: token::Keys::new(secret),
            refresh: refresh::Key::new(secret),
            capability: capability::Key::new(secret),
            revoked: revoked::Revoked::default(),
            ended: broadcast::Sender::new(ENDED),
            bus,
            clock,
        };
        let this = Self(Arc::new(inner));
        this.listen(tasks);
        this
    }

    /// Takes over what other nodes have revoked.
    fn listen(&self, tasks: &Tasks) {
        let Some(mut heard) = self.0.bus.listen(revoked::TOPIC) else {
            return;
        };
        let this = self.clone();
        tasks.spawn_until_stop(async move {
            while let Some(session) = heard.next().await {
                if let Ok(session) = session.parse() {
                    this.end(session);
                }
            }
        });
    }

    fn end(&self, session: SessionId) {
        self.0.revoked.insert(session, self.0.clock.now());
        // Nobody listening is no error.
        self.0.ended.send(session).ok();
    }

    /// The sessions that end from now on, as far as this node is told.
    pub fn ended(&self) -> broadcast::Receiver<SessionId> {
        self.0.ended.subscribe()
    }

    /// Whether a session is known to be over; the row is the truth.
    pub fn is_revoked(&self, session: SessionId) -> bool {
        self.0.revoked.contains(session)
    }

    /// A token that shows, for a quarter of an hour, who signed in where.
    pub fn access_token(&self, user: UserId, session: SessionId, epoch: i64) -> token::Access {
        self.0.access.sign(user, session, epoch, &self.0.clock)
    }

    /// The one refresh token that follows `old`: the same each time it is asked for.
    pub fn successor(&self, old: &opaque::Token) -> opaque::Token {
        self.0.refresh.successor(old)
    }

    /// A token that lets in whoever holds it, computed from what it is for: the same each time.
    pub fn capability(&self, purpose: &str, id: Uuid) -> opaque::Token {
        self.0.capability.issue(purpose, id)
    }

    /// The id of a capability that this installation issued.
    pub fn capable(&self, purpose: &str, token: &opaque::Token) -> Option<Uuid> {
        self.0.capability.read(purpose, token)
    }

    /// Who presents this access token, if it still holds.
    pub async fn principal(&self, db: &Db, token: &str) -> Result<Principal> {
        let now = self.0.clock.now();
        let refused = || Error::new(INVALID_TOKEN, "Sign in again, or refresh the token.");
        let claims = self.0.access.read(token, now).ok_or_else(refused)?;
        if self.0.revoked.contains(claims.session) {
            return Err(refused());
        }
        let live = store::live(db.read(), claims.session, now)
            .await?
            .ok_or_else(refused)?;
        if live.user_id != claims.user || live.epoch != claims.epoch {
            return Err(refused());
        }
        Ok(Principal {
            id: live.user_id,
            session: claims.session,
            role: live.role,
        })
    }

    /// The session of a token of ours, also of one that has expired.
    pub fn session_of(&self, token: &str) -> Option<SessionId> {
        self.0
            .access
            .read_expired(token)
            .map(|claims| claims.session)
    }

    /// Spreads that these sessions are over; their rows must say so already.
    pub fn forget(&self, sessions: &[SessionId]) {
        for session in sessions {
            self.end(*session);
            self.0
                .bus
                .publish(revoked::TOPIC, session.to_string(), revoked::KEPT);
        }
    }
}
