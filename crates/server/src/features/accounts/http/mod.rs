//! Routes of accounts.

use ::store::entity::user;
use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    error::Error,
    features::accounts::service::sessions::{Device, SignedIn},
    params::Params,
    platform::{
        auth::cookie,
        http::{Json, Time, layers::ClientIp},
    },
};

mod admin;
mod links;
mod profile;
mod refusals;
mod sessions;
mod sign_in;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in::register))
        .routes(routes!(sign_in::login))
        .routes(routes!(sign_in::refresh))
        .routes(routes!(sign_in::logout))
        .routes(routes!(profile::me, profile::change, profile::delete))
        .routes(routes!(profile::password))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(links::link))
        .routes(routes!(links::setup))
        .routes(routes!(links::reset))
        .routes(routes!(admin::settings, admin::change_settings))
        .routes(routes!(admin::invite))
}

/// A person's own account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    id: Uuid,
    name: String,
    email: String,
    role: Role,
    /// Asked when a request names no model.
    default_model: Option<String>,
    /// What new chats begin with.
    default_params: Params,
    created_at: Time,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    Admin,
}

impl From<user::Model> for User {
    fn from(user: user::Model) -> Self {
        let role = match user.role {
            user::Role::User => Role::User,
            user::Role::Admin => Role::Admin,
        };
        Self {
            id: user.id.0,
            name: user.name,
            email: user.email,
            role,
            default_model: user.default_model,
            default_params: Params::from_row(&user.default_params),
            created_at: user.created_at.into(),
        }
    }
}

/// Where the tokens go: into cookies, or with `body` into the answer, for programs.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tokens {
    Body,
}

/// Somebody who has signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedInUser {
    user: User,
    /// For `Authorization: Bearer`; a browser has it in a cookie too.
    access_token: String,
    /// When the access token ends; `POST /api/auth/refresh` gives the next one.
    expires_at: Time,
    /// Only with `tokens: "body"`. Good for one refresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// The tokens, in cookies unless they are asked for in the body.
fn signed_in(app: &App, status: StatusCode, it: SignedIn, tokens: Option<Tokens>) -> Response {
    let refresh_token = tokens.map(|Tokens::Body| it.refresh.expose().to_owned());
    let cookies = refresh_token.is_none().then(|| {
        let access = (it.access.text.as_str(), it.access.expires_at);
        let refresh = (it.refresh.expose(), it.refresh_expires_at);
        cookie::Names::of(&app.config.server).set(access, refresh, app.clock.now())
    });
    let body = SignedInUser {
        user: it.user.into(),
        access_token: it.access.text.clone(),
        expires_at: it.access.expires_at.into(),
        refresh_token,
    };
    (status, set_cookies(cookies), Json(body)).into_response()
}

/// Nothing, and no cookies any more.
fn signed_out(app: &App) -> Response {
    let cookies = cookie::Names::of(&app.config.server).clear();
    (StatusCode::NO_CONTENT, set_cookies(Some(cookies))).into_response()
}

fn set_cookies(cookies: Option<[Option<HeaderValue>; 2]>) -> HeaderMap {
    let cookies = cookies.into_iter().flatten().flatten();
    let named = cookies.map(|cookie| (header::SET_COOKIE, cookie));
    let mut headers = HeaderMap::new();
    for (name, value) in named {
        headers.append::<HeaderName>(name, value);
    }
    headers
}

impl FromRequestParts<App> for Device {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let ClientIp(ip) = ClientIp::from_request_parts(parts, app).await?;
        let agent = parts.headers.get(header::USER_AGENT);
        Ok(Self::new(
            ip,
            agent
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default(),
        ))
    }
}
