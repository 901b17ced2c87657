//! A person's own account.

use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{
    SignedInUser, Tokens, User,
    refusals::{BadBody, Conflict, Forbidden, TooMany, Unauthenticated},
    signed_in, signed_out,
};
use crate::{
    app::App,
    error::Result,
    features::accounts::service::{
        profile::{self, ChangeProfile},
        sessions::Device,
    },
    params::Params,
    platform::{auth::Principal, http::Json},
};

#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    user: User,
}

/// The account that is signed in.
#[utoipa::path(get, path = "/api/auth/me", tag = "accounts", responses(
    (status = 200, description = "The account", body = Me), Unauthenticated))]
pub(super) async fn me(State(app): State<App>, who: Principal) -> Result<Json<Me>> {
    Ok(Json(Me {
        user: profile::me(&app, &who).await?.into(),
    }))
}

/// What is to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangeMe {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Needs `currentPassword`.
    #[schema(format = "email", max_length = 254)]
    email: Option<String>,
    /// A model's id, or null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    #[expect(clippy::option_option, reason = "absent keeps, null clears")]
    default_model: Option<Option<String>>,
    /// What new chats begin with; replaces what was set before.
    default_params: Option<Params>,
    #[schema(format = "password")]
    current_password: Option<String>,
}

/// Tells null, which clears, from absent, which keeps.
#[expect(clippy::option_option, reason = "absent keeps, null clears")]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change name, address, or what chats begin with.
#[utoipa::path(patch, path = "/api/auth/me", operation_id = "change_me", tag = "accounts", request_body = ChangeMe, responses(
    (status = 200, description = "The account as it is now", body = Me),
    BadBody, Unauthenticated, Forbidden, Conflict, TooMany))]
pub(super) async fn change(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<ChangeMe>,
) -> Result<Json<Me>> {
    let change = ChangeProfile {
        name: body.name,
        email: body.email,
        default_model: body.default_model,
        default_params: body.default_params,
        current_password: body.current_password,
    };
    Ok(Json(Me {
        user: profile::change(&app, &who, change).await?.into(),
    }))
}

/// The password, as a confirmation.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DeleteMe {
    #[schema(format = "password")]
    password: String,
}

/// Delete the account with all it owns; there is no way back.
#[utoipa::path(delete, path = "/api/auth/me", operation_id = "delete_me", tag = "accounts", request_body = DeleteMe, responses(
    (status = 204, description = "The account and all it owned are gone"),
    BadBody, Unauthenticated, Forbidden, Conflict, TooMany))]
pub(super) async fn delete(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<DeleteMe>,
) -> Result<Response> {
    profile::delete(&app, &who, &body.password).await?;
    Ok(signed_out(&app))
}

/// The password and what it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangePassword {
    #[schema(format = "password")]
    current_password: String,
    #[schema(format = "password", min_length = 8, max_length = 1024)]
    new_password: String,
    tokens: Option<Tokens>,
}

/// Change the password; every other session ends.
#[utoipa::path(post, path = "/api/auth/password", tag = "accounts",
    request_body = ChangePassword, responses(
    (status = 200, description = "The password is changed; here are new tokens",
        body = SignedInUser),
    BadBody, Unauthenticated, Forbidden, TooMany))]
pub(super) async fn password(
    State(app): State<App>,
    who: Principal,
    device: Device,
    Json(body): Json<ChangePassword>,
) -> Result<Response> {
    let (current, new) = (&body.current_password, &body.new_password);
    let it = profile::change_password(&app, &who, current, new, &device).await?;
    Ok(signed_in(&app, StatusCode::OK, it, body.tokens))
}
