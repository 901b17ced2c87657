//! The ways in which these routes refuse, as the API's description tells them.

use utoipa::IntoResponses;

use crate::platform::http::problem::Problem;

/// 400, 413, 415 or 422: something is wrong with the body.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what the extractors answer")]
pub(super) enum BadBody {
    /// The body is not JSON, or has a field that does not exist
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(Problem),
    /// The body is too large
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body is not sent as application/json
    #[response(status = 415, content_type = "application/problem+json")]
    Unsupported(Problem),
    /// A value is not allowed; `errors` names each
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// The request, or its tokens, say nobody who is signed in
#[derive(IntoResponses)]
#[response(status = 401, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes what the extractors answer")]
pub(super) struct Unauthenticated(Problem);

/// The request comes from another site
#[derive(IntoResponses)]
#[response(status = 403, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes what the extractors answer")]
pub(super) struct Forbidden(Problem);

/// There is none, or not any more
#[derive(IntoResponses)]
#[response(status = 404, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes what the handlers answer")]
pub(super) struct NotFound(Problem);

/// What is there already stands against it
#[derive(IntoResponses)]
#[response(status = 409, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes what the handlers answer")]
pub(super) struct Conflict(Problem);

/// Too many attempts; `Retry-After` says how long to wait
#[derive(IntoResponses)]
#[response(status = 429, content_type = "application/problem+json")]
#[expect(dead_code, reason = "describes what the handlers answer")]
pub(super) struct TooMany(Problem);
