//! The devices on which a person is signed in.

use ::store::{SessionId, entity::session};
use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::refusals::{Forbidden, NotFound, Unauthenticated};
use crate::{
    app::App,
    error::Result,
    features::accounts::service::sessions,
    platform::{
        auth::Principal,
        http::{Json, Path, Time},
    },
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionList {
    items: Vec<Session>,
    /// Always null: the list is whole, up to the latest 200.
    next_cursor: Option<String>,
}

/// A device on which the person is signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    id: Uuid,
    created_at: Time,
    /// When its tokens were last refreshed.
    last_used_at: Time,
    /// When it ends unless it is used before.
    expires_at: Time,
    user_agent: String,
    ip: String,
    /// The one that asks.
    is_current: bool,
}

impl Session {
    fn new(session: session::Model, who: &Principal) -> Self {
        Self {
            id: session.id.0,
            created_at: session.created_at.into(),
            last_used_at: session.last_used_at.into(),
            expires_at: session.idle_expires_at.min(session.expires_at).into(),
            is_current: session.id == who.session,
            user_agent: session.user_agent,
            ip: session.ip,
        }
    }
}

/// Where the person is signed in, the latest used first.
#[utoipa::path(get, path = "/api/auth/sessions", operation_id = "list_sessions", tag = "accounts", responses(
    (status = 200, description = "The sessions", body = SessionList), Unauthenticated))]
pub(super) async fn list(State(app): State<App>, who: Principal) -> Result<Json<SessionList>> {
    let sessions = sessions::list(&app, &who).await?;
    let items = sessions
        .into_iter()
        .map(|session| Session::new(session, &who))
        .collect();
    Ok(Json(SessionList {
        items,
        next_cursor: None,
    }))
}

/// Sign out everywhere else.
#[utoipa::path(delete, path = "/api/auth/sessions", operation_id = "end_other_sessions", tag = "accounts", responses(
    (status = 204, description = "Every other session is over"), Unauthenticated, Forbidden))]
pub(super) async fn end_others(State(app): State<App>, who: Principal) -> Result<StatusCode> {
    sessions::end_others(&app, &who).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out one device.
#[utoipa::path(delete, path = "/api/auth/sessions/{id}", operation_id = "end_session", tag = "accounts",
    params(("id" = Uuid, Path, description = "The session")), responses(
    (status = 204, description = "The session is over"), Unauthenticated, Forbidden, NotFound))]
pub(super) async fn end(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<SessionId>,
) -> Result<StatusCode> {
    sessions::end_own(&app, &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
