//! `Idempotency-Key` on requests that create: the same key and body give the same answer for a
//! day, so that a client may repeat what it does not know to have arrived.

use axum::{
    body::Body,
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};

use super::layers::is_form;
use crate::{
    app::App,
    error::{ANSWER_NOT_KEPT, Error, IDEMPOTENCY_MISMATCH, REQUEST_RUNNING, Result, TOO_LARGE},
    platform::{
        auth::Principal,
        idempotency::{store, watched},
    },
};

const HEADER: &str = "idempotency-key";

pub(super) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let applies = request.method() == Method::POST
        && request.headers().contains_key(HEADER)
        && request.uri().path().starts_with("/api/")
        && !["/api/auth", "/api/keys"]
            .iter()
            .any(|root| request.uri().path().starts_with(root));
    if !applies {
        return next.run(request).await;
    }
    answer_once(&app, request, next)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn answer_once(app: &App, request: Request, next: Next) -> Result<Response> {
    let is_form = is_form(&request);
    let (mut parts, body) = request.into_parts();
    let who = Principal::from_request_parts(&mut parts, app).await?;
    let key = key(&parts.headers)?;
    let mut hash = Sha256::new();
    hash.update(parts.uri.path());
    hash.update([0]);
    let (body, patience) = if is_form {
        // Neither whole in memory nor the same twice: its boundary is another in each try.
        hash.update(parts.uri.query().unwrap_or_default());
        (body, app.config.files.upload_timeout)
    } else {
        let body = whole(app, body).await?;
        hash.update(&body);
        (Body::from(body), app.config.server.request_timeout)
    };
    let hash = hash.finalize().to_vec();

    let now = app.clock.now();
    // A request that its server did not live to finish may be made again.
    let abandoned = now - TimeDelta::from_std(patience).unwrap_or_default() * 2;
    match store::begin(&app.db, who.id, &key, &hash, now, abandoned).await? {
        store::Begun::First => {}
        store::Begun::Running => {
            let detail = "A request with this Idempotency-Key is being answered; try again soon.";
            return Err(Error::new(REQUEST_RUNNING, detail));
        }
        store::Begun::Other => {
            let detail = "This Idempotency-Key was used with another path or body; take a new one.";
            return Err(Error::new(IDEMPOTENCY_MISMATCH, detail));
        }
        store::Begun::Answered { status, body } => return Ok(replay(status, body)),
        store::Begun::NotKept => {
            let detail = "The request was answered, and what was answered is written down nowhere.";
            return Err(Error::new(ANSWER_NOT_KEPT, detail));
        }
    }
    let request = Request::from_parts(parts, body);
    let (response, is_kept) = watched(next.run(request)).await;
    keep(app, &who, &key, response, is_kept).await
}

async fn whole(app: &App, body: Body) -> Result<bytes::Bytes> {
    let limit = app.config.server.max_body_bytes;
    let too_large = |_| Error::new(TOO_LARGE, "The body is larger than this route takes.");
    let body = http_body_util::Limited::new(body, limit).collect().await;
    Ok(body.map_err(too_large)?.to_bytes())
}

fn key(headers: &HeaderMap) -> Result<String> {
    let key = headers
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let is_usable = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    let detail = "must be 1 to 255 printable characters without spaces";
    is_usable
        .then(|| key.to_owned())
        .ok_or_else(|| Error::field("Idempotency-Key", "format", detail))
}

fn replay(status: i32, body: String) -> Response {
    let status = u16::try_from(status)
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok());
    let mut response = (status.unwrap_or(StatusCode::OK), body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    response
}

/// Keeps a success for repeats; a failure leaves the key free.
async fn keep(
    app: &App,
    who: &Principal,
    key: &str,
    response: Response,
    is_kept: bool,
) -> Result<Response> {
    if !response.status().is_success() {
        store::forget(&app.db, who.id, key).await?;
        return Ok(response);
    }
    let status = response.status().as_u16().into();
    if !is_kept {
        store::finish(&app.db, who.id, key, status, None).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.map_err(Error::internal)?.to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    store::finish(&app.db, who.id, key, status, Some(text)).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}
