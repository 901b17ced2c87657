//! A session is a signed-in device: one row, and a chain of refresh tokens of which only the last
//! is good.

use std::net::IpAddr;

use ::store::{
    SessionId, Tx, UserId,
    entity::{session, user},
};
use chrono::{DateTime, Utc};

use crate::{
    app::App,
    error::{Error, INVALID_TOKEN, Result, SESSION_NOT_FOUND},
    features::accounts::store,
    platform::auth::{
        self, Principal,
        opaque::Token,
        refresh::{ABSOLUTE_LIFE, GRACE, IDLE_LIFE},
        token::Access,
    },
};

/// Characters of a user agent that are kept.
const USER_AGENT_MAX: usize = 300;

/// Where somebody signs in from.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) ip: IpAddr,
    user_agent: String,
}

impl Device {
    pub(crate) fn new(ip: IpAddr, user_agent: &str) -> Self {
        let printable = user_agent.chars().filter(|c| !c.is_control());
        Self {
            ip: ip.to_canonical(),
            user_agent: printable.take(USER_AGENT_MAX).collect(),
        }
    }
}

/// What somebody who has signed in is given.
pub(crate) struct SignedIn {
    pub(crate) user: user::Model,
    pub(crate) access: Access,
    pub(crate) refresh: Token,
    pub(crate) refresh_expires_at: DateTime<Utc>,
}

/// Signs a person in whose right to it was checked.
pub(super) async fn open(
    app: &App,
    tx: &Tx,
    user: user::Model,
    device: &Device,
) -> Result<SignedIn> {
    let now = app.clock.now();
    let session = session::Model {
        id: app.clock.id(),
        user_id: user.id,
        created_at: now,
        last_used_at: now,
        expires_at: now + ABSOLUTE_LIFE,
        idle_expires_at: now + IDLE_LIFE,
        revoked_at: None,
        user_agent: device.user_agent.clone(),
        ip: device.ip.to_string(),
    };
    let refresh = Token::random(&app.clock);
    let (id, refresh_expires_at) = (session.id, session.idle_expires_at);
    store::add_session(tx, session).await?;
    store::add_refresh_token(tx, refresh.hash(), id, now).await?;
    let access = app.auth.access_token(user.id, id, user.epoch);
    Ok(SignedIn {
        user,
        access,
        refresh,
        refresh_expires_at,
    })
}

/// What became of a refresh.
enum Rotated {
    To(Box<SignedIn>),
    /// The token was used before: somebody else has it too, so the session is over for both.
    Reused(SessionId),
    Refused,
}

/// New tokens for a refresh token that is the last of its chain, or was a moment ago.
pub(crate) async fn refresh(app: &App, token: &Token) -> Result<SignedIn> {
    // A reuse must be committed although it is answered with an error.
    match app
        .db
        .write(async |tx| rotate(app, tx, token).await)
        .await?
    {
        Rotated::To(signed_in) => return Ok(*signed_in),
        Rotated::Reused(session) => {
            tracing::warn!(%session, "a refresh token was used twice, session {session} is over");
            app.auth.forget(&[session]);
        }
        Rotated::Refused => {}
    }
    Err(Error::new(INVALID_TOKEN, "Sign in again."))
}

async fn rotate(app: &App, tx: &Tx, token: &Token) -> Result<Rotated> {
    let now = app.clock.now();
    let Some(row) = store::refresh_token(&**tx, token.hash()).await? else {
        return Ok(Rotated::Refused);
    };
    // From here on the session is ours, so the chain cannot grow behind our back.
    let Some(session) = store::session_for_update(tx, row.session_id).await? else {
        return Ok(Rotated::Refused);
    };
    let user = store::user(&**tx, session.user_id)
        .await?
        .filter(|user| !user.is_disabled);
    let is_over =
        session.revoked_at.is_some() || session.expires_at <= now || session.idle_expires_at <= now;
    let Some(user) = user.filter(|_| !is_over) else {
        return Ok(Rotated::Refused);
    };
    let Some(refresh) = last_of_chain(app, tx, token.clone(), session.id).await? else {
        auth::store::revoke(tx, &[session.id], now).await?;
        return Ok(Rotated::Reused(session.id));
    };
    let refresh_expires_at = (now + IDLE_LIFE).min(session.expires_at);
    store::mark_session_used(tx, session.id, now, refresh_expires_at).await?;
    let access = app.auth.access_token(user.id, session.id, user.epoch);
    Ok(Rotated::To(Box::new(SignedIn {
        user,
        access,
        refresh,
        refresh_expires_at,
    })))
}

/// The token to hand out for `token`; `None` when it was used too long ago.
///
/// Whoever comes second within the grace gets what the first one got, or what has followed it
/// since: never a token that is used already, which would end the session when it is presented.
async fn last_of_chain(
    app: &App,
    tx: &Tx,
    mut token: Token,
    session: SessionId,
) -> Result<Option<Token>> {
    let now = app.clock.now();
    let mut is_presented = true;
    while let Some(row) = store::refresh_token(&**tx, token.hash()).await? {
        let next = app.auth.successor(&token);
        match row.used_at {
            None if is_presented => {
                store::mark_token_used(tx, &row.hash, now).await?;
                store::add_refresh_token(tx, next.hash(), session, now).await?;
                return Ok(Some(next));
            }
            None => return Ok(Some(token)),
            Some(used_at) if now - used_at <= GRACE => token = next,
            Some(_) => return Ok(None),
        }
        is_presented = false;
    }
    Ok(None)
}

/// The session that a refresh token belongs to, whatever its state.
pub(crate) async fn of_refresh_token(app: &App, token: &Token) -> Result<Option<SessionId>> {
    let row = store::refresh_token(&**app.db.read(), token.hash()).await?;
    Ok(row.map(|row| row.session_id))
}

/// Ends a session, by the right of a token of its own.
pub(crate) async fn end(app: &App, session: SessionId) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(async |tx| auth::store::revoke(tx, &[session], now).await)
        .await?;
    app.auth.forget(&[session]);
    Ok(())
}

/// The sessions of the person that hold, the latest used first.
pub(crate) async fn list(app: &App, who: &Principal) -> Result<Vec<session::Model>> {
    store::sessions(app.db.read(), who.id, app.clock.now()).await
}

/// Ends one session of the person's own.
pub(crate) async fn end_own(app: &App, who: &Principal, session: SessionId) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(async |tx| {
            if !store::session_ids(tx, who.id, now)
                .await?
                .contains(&session)
            {
                return Err(Error::not_found(SESSION_NOT_FOUND));
            }
            auth::store::revoke(tx, &[session], now).await
        })
        .await?;
    app.auth.forget(&[session]);
    Ok(())
}

/// Ends every session of the person's but the one that asks.
pub(crate) async fn end_others(app: &App, who: &Principal) -> Result<()> {
    let now = app.clock.now();
    let ended = app
        .db
        .write(async |tx| {
            let mut sessions = store::session_ids(tx, who.id, now).await?;
            sessions.retain(|session| *session != who.session);
            auth::store::revoke(tx, &sessions, now).await?;
            Ok::<_, Error>(sessions)
        })
        .await?;
    app.auth.forget(&ended);
    Ok(())
}

/// Ends all sessions of an account; tell the authenticator after the commit.
pub(super) async fn end_all(app: &App, tx: &Tx, user: UserId) -> Result<Vec<SessionId>> {
    let now = app.clock.now();
    let sessions = store::session_ids(tx, user, now).await?;
    auth::store::revoke(tx, &sessions, now).await?;
    Ok(sessions)
}
