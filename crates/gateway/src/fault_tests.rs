use outbound::{Secret, Url};
use serde_json::json;

use super::{Faults, Refusal};
use crate::{
    Error,
    ErrorKind::{
        self, ContextTooLong, ModelNotFound, Protocol, RateLimited, Refused, Unauthorized, Upstream,
    },
    scrub::Scrubber,
};

fn faults() -> Faults {
    let base = Url::parse("https://api.example.com/v1").unwrap();
    Faults::new(
        "Acme",
        Scrubber::new(Some(Secret::from("sk-own-key-123456")), &base),
    )
}

fn refused(status: u16, body: &str) -> Error {
    let refusal = Refusal {
        status,
        retry_after: None,
        body: body.to_owned(),
    };
    faults().of_refusal(&refusal, Some("m-1"))
}

#[track_caller]
fn check(status: u16, body: &str, kind: ErrorKind, message: &str) {
    let error = refused(status, body);
    assert_eq!((error.kind, error.message.as_str()), (kind, message));
    assert_eq!(error.status, Some(status));
}

#[test]
fn a_refused_request_is_explained_in_the_providers_words() {
    let body = r#"{"error": {"message": "bad temperature"}}"#;
    check(
        400,
        body,
        Refused,
        "Acme refused the request (status 400): bad temperature.",
    );
    let body = r#"{"detail": [{"loc": ["body", "top_p"], "msg": "field too large"}]}"#;
    check(
        422,
        body,
        Refused,
        "Acme refused the request (status 422): field too large.",
    );
    let page = "<html>Request Entity Too Large</html>";
    check(413, page, Refused, "Acme refused the request (status 413).");
    let body = r#"{"error": {"message": "flagged", "metadata": {"reasons": ["violence"]}}}"#;
    check(
        403,
        body,
        Refused,
        "Acme refused the request (status 403): flagged.",
    );
}

#[test]
fn what_does_not_fit_and_what_is_not_there_have_kinds_of_their_own() {
    let body = r#"{"error": {"code": "context_length_exceeded", "message": "8192 at most!"}}"#;
    let sentence = "The conversation is too long for this model of Acme: 8192 at most!";
    check(400, body, ContextTooLong, sentence);
    let body = r#"{"error": {"message": "model \"m-1\" not found, try pulling it first"}}"#;
    let sentence = "Acme does not offer the model m-1: \
        model \"m-1\" not found, try pulling it first.";
    check(404, body, ModelNotFound, sentence);
    let body = r#"{"error": {"message": "no", "code": "model_not_found"}}"#;
    check(
        400,
        body,
        ModelNotFound,
        "Acme does not offer the model m-1: no.",
    );
}

#[test]
fn trouble_with_our_own_account_never_shows_the_key() {
    let body = r#"{"error": {"message": "Incorrect API key provided: sk-own-key-123456"}}"#;
    let sentence = "Acme did not accept the key that this server is set up with.";
    check(401, body, Unauthorized, sentence);
    let body = r#"{"error": "key sk-own-key-123456 is for europe"}"#;
    let sentence = "Acme does not allow this with the key set for it: key [hidden] is for europe.";
    check(403, body, Unauthorized, sentence);
    let sentence = "The account at Acme that this server uses has no credit left.";
    check(402, "{}", Unauthorized, sentence);
    let body = r#"{"error": {"message": "over quota", "type": "insufficient_quota"}}"#;
    check(429, body, Unauthorized, sentence);
}

#[test]
fn limits_failures_and_redirects_are_told_apart() {
    let sentence = "Acme takes no more requests at the moment: try again shortly.";
    check(
        429,
        r#"{"error": {"message": "slow down"}}"#,
        RateLimited,
        sentence,
    );
    check(500, "boom", Upstream, "Acme failed (status 500): boom.");
    check(
        502,
        "<html>Bad Gateway</html>",
        Upstream,
        "Acme failed (status 502).",
    );
    let body = r#"{"type": "error", "error": {"type": "overloaded", "message": "Overloaded"}}"#;
    check(529, body, Upstream, "Acme failed (status 529): Overloaded.");
    let sentence = "Acme sent a redirect, which is never followed: \
        the base URL set for it has to be corrected.";
    check(307, "", Protocol, sentence);
}

#[test]
fn an_error_object_brings_its_own_status() {
    let error = faults().of_object(&json!({
        "code": 429, "message": "slow", "metadata": {"retry_after_seconds": 7}
    }));
    assert_eq!(error.kind, RateLimited);
    assert_eq!(error.retry_after.map(|wait| wait.as_secs()), Some(7));
    assert!(error.message.contains("in 7 s"), "{error}");

    let error = faults().of_object(&json!("it broke"));
    assert_eq!((error.kind, error.status), (Upstream, None));
    assert_eq!(error.message, "Acme failed: it broke.");
}

#[test]
fn a_routers_inner_words_are_found() {
    let body = r#"{"error": {"message": "Provider returned error", "code": 400, "metadata":
        {"raw": "{\"error\": {\"message\": \"image too big\"}}"}}}"#;
    let sentence = "Acme refused the request (status 400): Provider returned error: image too big.";
    check(400, body, Refused, sentence);
}
