//! What one-time links are for.

use ::store::entity::one_time_link;
use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    SignedInUser, Tokens,
    refusals::{BadBody, Conflict, Forbidden, NotFound, TooMany},
    signed_in,
};
use crate::{
    app::App,
    error::Result,
    features::accounts::service::{links, register::NewAccount, sessions::Device, setup},
    platform::{
        auth::{http::AllowedOrigin, opaque::Token},
        http::{Json, Time},
    },
};

/// The token of a link: what is behind its `#`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LookUp {
    token: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link {
    kind: LinkKind,
    /// The only address it is for, if there is one.
    email: Option<String>,
    expires_at: Time,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum LinkKind {
    Setup,
    Reset,
    Invite,
}

impl From<one_time_link::Model> for Link {
    fn from(link: one_time_link::Model) -> Self {
        let kind = match link.kind {
            one_time_link::LinkKind::Setup => LinkKind::Setup,
            one_time_link::LinkKind::Reset => LinkKind::Reset,
            one_time_link::LinkKind::Invite => LinkKind::Invite,
        };
        Self {
            kind,
            email: link.email,
            expires_at: link.expires_at.into(),
        }
    }
}

/// What a link is for; does not use it up.
#[utoipa::path(post, path = "/api/auth/link", tag = "accounts", security(()),
    request_body = LookUp, responses(
    (status = 200, description = "The link can be used", body = Link),
    BadBody, Forbidden, NotFound, TooMany))]
pub(super) async fn link(
    State(app): State<App>,
    _: AllowedOrigin,
    device: Device,
    Json(body): Json<LookUp>,
) -> Result<Json<Link>> {
    let token = Token::presented(body.token);
    Ok(Json(links::find(&app, &token, &device).await?.into()))
}

/// The administrator to be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SetUp {
    token: String,
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Must be the link's address, if it has one.
    #[schema(format = "email", max_length = 254)]
    email: String,
    /// The account's own, if the address has one: it becomes the administrator's.
    #[schema(format = "password", min_length = 8, max_length = 1024)]
    password: String,
    tokens: Option<Tokens>,
}

/// Make the administrator, by the link that was printed at start.
#[utoipa::path(post, path = "/api/auth/setup", tag = "accounts", security(()),
    request_body = SetUp, responses(
    (status = 201, description = "The administrator is made, and signed in", body = SignedInUser),
    BadBody, Forbidden, NotFound, Conflict, TooMany))]
pub(super) async fn setup(
    State(app): State<App>,
    _: AllowedOrigin,
    device: Device,
    Json(body): Json<SetUp>,
) -> Result<Response> {
    let token = Token::presented(body.token);
    let new = NewAccount {
        name: body.name,
        email: body.email,
        password: body.password,
    };
    let it = setup::set_up(&app, &token, &new, &device).await?;
    Ok(signed_in(&app, StatusCode::CREATED, it, body.tokens))
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Reset {
    token: String,
    #[schema(format = "password", min_length = 8, max_length = 1024)]
    password: String,
    tokens: Option<Tokens>,
}

/// Choose a new password by a link; every older session ends.
#[utoipa::path(post, path = "/api/auth/reset", tag = "accounts", security(()),
    request_body = Reset, responses(
    (status = 200, description = "The password is changed, and the person signed in",
        body = SignedInUser),
    BadBody, Forbidden, NotFound, TooMany))]
pub(super) async fn reset(
    State(app): State<App>,
    _: AllowedOrigin,
    device: Device,
    Json(body): Json<Reset>,
) -> Result<Response> {
    let token = Token::presented(body.token);
    let it = links::reset(&app, &token, &body.password, &device).await?;
    Ok(signed_in(&app, StatusCode::OK, it, body.tokens))
}
