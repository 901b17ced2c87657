//! Registering, signing in and out, and refreshing.

use axum::{
    extract::{FromRequestParts, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    SignedInUser, Tokens,
    refusals::{BadBody, Conflict, Forbidden, NotFound, TooMany, Unauthenticated},
    signed_in, signed_out,
};
use crate::{
    app::App,
    error::{Error, INVALID_TOKEN, Result, UNAUTHENTICATED},
    features::accounts::service::{
        register::{self, NewAccount},
        sessions::{self, Device},
        sign_in,
    },
    platform::{
        auth::{
            cookie,
            http::{AllowedOrigin, Origin, Presented, check_origin},
            opaque::Token,
        },
        http::Json,
    },
};

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Register {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    #[schema(format = "email", max_length = 254)]
    email: String,
    /// Any characters; common ones and your own words are refused.
    #[schema(format = "password", min_length = 8, max_length = 1024)]
    password: String,
    /// The token of an invitation, where registration is by invitation.
    invite: Option<String>,
    tokens: Option<Tokens>,
}

/// Make an account.
#[utoipa::path(post, path = "/api/auth/register", tag = "accounts", security(()),
    request_body = Register, responses(
    (status = 201, description = "The account is made, and signed in", body = SignedInUser),
    BadBody, Forbidden, NotFound, Conflict, TooMany))]
pub(super) async fn register(
    State(app): State<App>,
    _: AllowedOrigin,
    device: Device,
    Json(body): Json<Register>,
) -> Result<Response> {
    let new = NewAccount {
        name: body.name,
        email: body.email,
        password: body.password,
    };
    let invite = body.invite.map(Token::presented);
    let it = register::register(&app, &new, invite.as_ref(), &device).await?;
    Ok(signed_in(&app, StatusCode::CREATED, it, body.tokens))
}

/// Address and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Login {
    email: String,
    #[schema(format = "password")]
    password: String,
    tokens: Option<Tokens>,
}

/// Sign in.
#[utoipa::path(post, path = "/api/auth/login", tag = "accounts", security(()),
    request_body = Login, responses(
    (status = 200, description = "Signed in", body = SignedInUser),
    BadBody, Unauthenticated, Forbidden, TooMany))]
pub(super) async fn login(
    State(app): State<App>,
    _: AllowedOrigin,
    device: Device,
    Json(body): Json<Login>,
) -> Result<Response> {
    let it = sign_in::sign_in(&app, &body.email, &body.password, &device).await?;
    Ok(signed_in(&app, StatusCode::OK, it, body.tokens))
}

/// A refresh token, unless a cookie brings it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Refresh {
    /// Whoever sends it here gets the next one in the body too.
    refresh_token: Option<String>,
}

/// The refresh token of a browser, and whether the request may act by it.
pub(super) struct RefreshCookie {
    token: Option<String>,
    origin: Result<()>,
}

impl FromRequestParts<App> for RefreshCookie {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let name = cookie::Names::of(&app.config.server).refresh;
        let token = cookie::read(&parts.headers, name).map(str::to_owned);
        Ok(Self {
            token,
            origin: check_origin(parts, &app.config, Origin::Required),
        })
    }
}

impl RefreshCookie {
    fn token(self) -> Result<Option<Token>> {
        let Some(token) = self.token else {
            return Ok(None);
        };
        self.origin.map(|()| Some(Token::presented(token)))
    }
}

/// Exchange a refresh token for new tokens.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "accounts", security(()),
    request_body = Option<Refresh>, responses(
    (status = 200, description = "New tokens; the old refresh token is used up",
        body = SignedInUser),
    BadBody, Unauthenticated, Forbidden))]
pub(super) async fn refresh(
    State(app): State<App>,
    _: AllowedOrigin,
    cookie: RefreshCookie,
    body: Option<Json<Refresh>>,
) -> Result<Response> {
    let sent = body.and_then(|Json(body)| body.refresh_token);
    let tokens = sent.is_some().then_some(Tokens::Body);
    let token = match sent {
        Some(token) => Some(Token::presented(token)),
        None => cookie.token()?,
    };
    let none = || {
        Error::new(
            UNAUTHENTICATED,
            "Send the refresh token, in its cookie or the body.",
        )
    };
    let it = sessions::refresh(&app, &token.ok_or_else(none)?).await?;
    Ok(signed_in(&app, StatusCode::OK, it, tokens))
}

/// What a request to sign out brings.
pub(super) enum SignOut {
    Access { token: String, by_cookie: bool },
    Refresh(Token),
}

impl FromRequestParts<App> for SignOut {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        match Presented::find(&parts.headers, &app.config) {
            Some(Presented::Bearer(token)) => Ok(Self::Access {
                token: token.to_owned(),
                by_cookie: false,
            }),
            Some(Presented::Cookie(token)) => {
                check_origin(parts, &app.config, Origin::Required)?;
                Ok(Self::Access {
                    token: token.to_owned(),
                    by_cookie: true,
                })
            }
            None => {
                let cookie = RefreshCookie::from_request_parts(parts, app)
                    .await?
                    .token()?;
                let none = || Error::new(UNAUTHENTICATED, "There is nobody to sign out.");
                cookie.map(Self::Refresh).ok_or_else(none)
            }
        }
    }
}

/// Sign out: ends the session of the token, also of an expired one.
#[utoipa::path(post, path = "/api/auth/logout", tag = "accounts", responses(
    (status = 204, description = "The session is over, on every node"),
    Unauthenticated, Forbidden))]
pub(super) async fn logout(State(app): State<App>, request: SignOut) -> Result<Response> {
    let (session, by_cookie) = match request {
        SignOut::Access { token, by_cookie } => (app.auth.session_of(&token), by_cookie),
        SignOut::Refresh(token) => (sessions::of_refresh_token(&app, &token).await?, true),
    };
    let unknown = || Error::new(INVALID_TOKEN, "The token is not one of this server.");
    sessions::end(&app, session.ok_or_else(unknown)?).await?;
    Ok(if by_cookie {
        signed_out(&app)
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}
