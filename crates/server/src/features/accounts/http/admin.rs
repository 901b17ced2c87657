//! What an administrator decides about accounts.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusals::{BadBody, Forbidden, Unauthenticated};
use crate::{
    app::App,
    config::Registration,
    error::Result,
    features::accounts::service::{links, settings},
    platform::{
        auth::http::Admin,
        http::{Json, Time},
    },
};

/// What is set for everybody.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Settings {
    registration: RegistrationMode,
}

/// Who may register.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum RegistrationMode {
    Open,
    Invite,
    Closed,
}

impl From<Registration> for RegistrationMode {
    fn from(registration: Registration) -> Self {
        match registration {
            Registration::Open => Self::Open,
            Registration::Invite => Self::Invite,
            Registration::Closed => Self::Closed,
        }
    }
}

impl From<RegistrationMode> for Registration {
    fn from(mode: RegistrationMode) -> Self {
        match mode {
            RegistrationMode::Open => Self::Open,
            RegistrationMode::Invite => Self::Invite,
            RegistrationMode::Closed => Self::Closed,
        }
    }
}

/// What is set for everybody. For administrators.
#[utoipa::path(get, path = "/api/admin/settings", tag = "accounts", responses(
    (status = 200, description = "The settings", body = Settings), Unauthenticated, Forbidden))]
pub(super) async fn settings(State(app): State<App>, _: Admin) -> Result<Json<Settings>> {
    let registration = settings::registration(&app).await?.into();
    Ok(Json(Settings { registration }))
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangeSettings {
    registration: Option<RegistrationMode>,
}

/// Set something for everybody. For administrators.
#[utoipa::path(patch, path = "/api/admin/settings", tag = "accounts",
    request_body = ChangeSettings, responses(
    (status = 200, description = "The settings as they are now", body = Settings),
    BadBody, Unauthenticated, Forbidden))]
pub(super) async fn change_settings(
    State(app): State<App>,
    _: Admin,
    Json(body): Json<ChangeSettings>,
) -> Result<Json<Settings>> {
    if let Some(mode) = body.registration {
        settings::set_registration(&app, mode.into()).await?;
    }
    let registration = settings::registration(&app).await?.into();
    Ok(Json(Settings { registration }))
}

/// Who is invited.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewInvite {
    /// The only address that may register by it; absent for any.
    #[schema(format = "email", max_length = 254)]
    email: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invite {
    /// To hand to the person; works once.
    link: String,
    email: Option<String>,
    expires_at: Time,
}

/// Invite somebody to register. For administrators.
#[utoipa::path(post, path = "/api/admin/invites", tag = "accounts",
    request_body = NewInvite, responses(
    (status = 201, description = "The link", body = Invite), BadBody, Unauthenticated, Forbidden))]
pub(super) async fn invite(
    State(app): State<App>,
    _: Admin,
    Json(body): Json<NewInvite>,
) -> Result<(StatusCode, Json<Invite>)> {
    let minted = links::invite(&app, body.email.as_deref()).await?;
    let link = minted.link;
    let invite = Invite {
        link: minted.url,
        email: link.email,
        expires_at: link.expires_at.into(),
    };
    Ok((StatusCode::CREATED, Json(invite)))
}
