//! Errors as `application/problem+json` (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Error, FieldError, HOST_REFUSED, Kind, METHOD_NOT_ALLOWED};

/// The body of every answer that is not a success.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Names the kind of problem; docs/errors.md describes it.
    #[serde(rename = "type")]
    #[schema(example = "https://sangam.dev/errors#chat_not_found")]
    pub kind: String,
    /// The kind of problem, for people.
    pub title: &'static str,
    pub status: u16,
    /// This problem, for people.
    pub detail: String,
    /// The path of the request.
    pub instance: String,
    /// The kind of problem, for programs.
    #[schema(example = "chat_not_found")]
    pub code: &'static str,
    /// Finds the request in the server's log.
    pub request_id: String,
    /// The values that are not allowed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemField>,
}

/// A value that is not allowed, and what is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemField {
    pub field: String,
    pub code: &'static str,
    pub detail: String,
}

impl From<FieldError> for ProblemField {
    fn from(error: FieldError) -> Self {
        Self {
            field: error.field,
            code: error.code,
            detail: error.detail,
        }
    }
}

pub fn status(error: &Error) -> StatusCode {
    // Two that the protocol has statuses of its own for.
    if error.code == METHOD_NOT_ALLOWED {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    if error.code == HOST_REFUSED {
        return StatusCode::MISDIRECTED_REQUEST;
    }
    match error.kind() {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Precondition => StatusCode::PRECONDITION_FAILED,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Quota => StatusCode::TOO_MANY_REQUESTS,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Kind::Upstream => StatusCode::BAD_GATEWAY,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Full => StatusCode::INSUFFICIENT_STORAGE,
    }
}

/// Travels with the answer to the outer layer, which knows the path and the request id.
#[derive(Clone)]
pub(super) struct Failure(pub(super) std::sync::Arc<Error>);

/// The body is written by the outermost layer.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = status(&self).into_response();
        response
            .extensions_mut()
            .insert(Failure(std::sync::Arc::new(self)));
        response
    }
}

/// The problem document of `error` for one request.
pub(super) fn render(error: &Error, path: &str, request_id: &str) -> Response {
    let status = status(error);
    let problem = Problem {
        kind: format!("/docs/errors#{}", error.code.name),
        title: error.code.title,
        status: status.as_u16(),
        detail: error.detail.clone().into_owned(),
        instance: path.to_owned(),
        code: error.code.name,
        request_id: request_id.to_owned(),
        errors: error.fields.iter().cloned().map(Into::into).collect(),
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    let needs_wait = matches!(error.kind(), Kind::Quota | Kind::Unavailable);
    if let Some(wait) = error
        .retry_after
        .map(|wait| wait.as_secs().max(1))
        .or(needs_wait.then_some(1))
    {
        headers.insert(header::RETRY_AFTER, wait.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
