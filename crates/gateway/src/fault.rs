//! A provider's failures, in one sentence each for the person who asked.

use std::time::Duration;

use outbound::{Failure, FailureKind, Response};
use serde_json::Value;

use crate::{Error, ErrorKind, retry_after, scrub::Scrubber};

/// Bytes of an error's body that are read.
const MOST_BODY: usize = 64 * 1024;
/// How long the body of an error may take; its status is reported without it then.
const BODY_TIMEOUT: Duration = Duration::from_secs(2);
/// How providers say that a conversation does not fit.
const TOO_LONG: [&str; 8] = [
    "context_length_exceeded",
    "exceed_context_size",
    "context length",
    "context window",
    "context size",
    "maximum context",
    "prompt is too long",
    "too many tokens",
];

/// Words failures for one provider.
#[derive(Debug)]
pub(crate) struct Faults {
    provider: String,
    scrubber: Scrubber,
}

/// An answer whose status is not 2xx, read as far as it matters.
pub(crate) struct Refusal {
    pub(crate) status: u16,
    retry_after: Option<Duration>,
    body: String,
}

impl Refusal {
    pub(crate) async fn read(mut response: Response) -> Self {
        let retry_after = retry_after::of(&response, std::time::SystemTime::now());
        let mut body = Vec::new();
        let reading = async {
            while body.len() < MOST_BODY {
                match response.chunk().await {
                    Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                    Ok(None) | Err(_) => break,
                }
            }
        };
        if tokio::time::timeout(BODY_TIMEOUT, reading).await.is_err() {
            tracing::debug!("the body of an error did not end in time");
        }
        body.truncate(MOST_BODY);
        let body = String::from_utf8_lossy(&body).into_owned();
        Self {
            status: response.status(),
            retry_after,
            body,
        }
    }

    /// Whether the provider's words name `field`.
    pub(crate) fn names(&self, field: &str) -> bool {
        self.body.contains(field)
    }

    /// Whether the provider gives no reason that a program could read.
    pub(crate) fn is_wordless(&self) -> bool {
        Said::in_body(&self.body).text.is_none()
    }
}

impl Faults {
    pub(crate) fn new(provider: &str, scrubber: Scrubber) -> Self {
        Self {
            provider: provider.to_owned(),
            scrubber,
        }
    }

    /// The connection failed.
    pub(crate) fn of_failure(&self, failure: &Failure) -> Error {
        tracing::debug!(provider = %self.provider, %failure, "request to {} failed", self.provider);
        let name = &self.provider;
        match failure.kind {
            FailureKind::Unreachable => Error::new(
                ErrorKind::Unreachable,
                format!("{name} could not be reached."),
            ),
            FailureKind::Cut => self.cut(),
            FailureKind::NotHttp => self.protocol("something that is not HTTP"),
        }
    }

    /// The stream ended before the answer did.
    pub(crate) fn cut(&self) -> Error {
        let name = &self.provider;
        Error::new(
            ErrorKind::Cut,
            format!("{name} ended the answer before it was whole."),
        )
    }

    /// `sent` completes "… sent …".
    pub(crate) fn protocol(&self, sent: &str) -> Error {
        Error::new(
            ErrorKind::Protocol,
            format!("{} sent {sent}.", self.provider),
        )
    }

    /// `what` completes "… did not … within …".
    pub(crate) fn late(&self, what: &str, limit: Duration) -> Error {
        let name = &self.provider;
        Error::new(
            ErrorKind::Unreachable,
            format!("{name} did not {what} within {limit:?}."),
        )
    }

    /// The provider answered with a status that is not 2xx.
    pub(crate) fn of_refusal(&self, refusal: &Refusal, model: Option<&str>) -> Error {
        let said = Said::in_body(&refusal.body);
        if (300..400).contains(&refusal.status) {
            let mut error = self.protocol(
                "a redirect, which is never followed: the base URL set for it has to be corrected",
            );
            error.status = Some(refusal.status);
            return error;
        }
        self.worded(Some(refusal.status), &said, model, refusal.retry_after)
    }

    /// An error object that came inside a 200, at its start or in mid-stream.
    pub(crate) fn of_object(&self, error: &Value) -> Error {
        let said = Said::in_error(error);
        self.worded(said.status, &said, None, said.retry_after)
    }

    fn worded(
        &self,
        status: Option<u16>,
        said: &Said,
        model: Option<&str>,
        retry_after: Option<Duration>,
    ) -> Error {
        let kind = said.kind(status.unwrap_or(500));
        let detail = said.text.as_deref().map(|text| self.scrubber.clean(text));
        let detail = detail.filter(|detail| !detail.is_empty());
        let message = match kind {
            ErrorKind::RateLimited => self.wait_sentence(retry_after),
            ErrorKind::Unauthorized => self.key_sentence(status, said, detail),
            _ => sentence(&self.what_happened(kind, status, model), detail),
        };
        Error {
            kind,
            message,
            status,
            retry_after,
        }
    }

    fn what_happened(&self, kind: ErrorKind, status: Option<u16>, model: Option<&str>) -> String {
        let name = &self.provider;
        let status = status
            .map(|status| format!(" (status {status})"))
            .unwrap_or_default();
        match (kind, model) {
            (ErrorKind::ContextTooLong, _) => {
                format!("The conversation is too long for this model of {name}")
            }
            (ErrorKind::ModelNotFound, Some(model)) => {
                format!(
                    "{name} does not offer the model {}",
                    self.scrubber.clean(model)
                )
            }
            (ErrorKind::ModelNotFound, None) => format!("{name} does not offer this model"),
            (ErrorKind::Refused, _) => format!("{name} refused the request{status}"),
            _ => format!("{name} failed{status}"),
        }
    }

    fn wait_sentence(&self, retry_after: Option<Duration>) -> String {
        let name = &self.provider;
        match retry_after.map(|wait| wait.as_millis().div_ceil(1000)) {
            Some(seconds) => {
                format!("{name} takes no more requests at the moment: try again in {seconds} s.")
            }
            None => format!("{name} takes no more requests at the moment: try again shortly."),
        }
    }

    fn key_sentence(&self, status: Option<u16>, said: &Said, detail: Option<String>) -> String {
        let name = &self.provider;
        if status == Some(402) || said.is_out_of_credit() {
            return format!("The account at {name} that this server uses has no credit left.");
        }
        if status == Some(403) {
            return sentence(
                &format!("{name} does not allow this with the key set for it"),
                detail,
            );
        }
        format!("{name} did not accept the key that this server is set up with.")
    }
}

fn sentence(what: &str, detail: Option<String>) -> String {
    match detail {
        Some(detail) if detail.ends_with(['.', '!', '?', '…']) => format!("{what}: {detail}"),
        Some(detail) => format!("{what}: {detail}."),
        None => format!("{what}."),
    }
}

/// What an error body says, in whichever shape.
#[derive(Debug, Default)]
struct Said {
    text: Option<String>,
    code: String,
    status: Option<u16>,
    retry_after: Option<Duration>,
    is_moderation: bool,
}

impl Said {
    fn in_body(body: &str) -> Self {
        let Ok(value) = serde_json::from_str::<Value>(body) else {
            let text = body.trim();
            let is_readable = !text.is_empty() && !text.starts_with('<') && text.len() <= 500;
            return Self {
                text: is_readable.then(|| text.to_owned()),
                ..Self::default()
            };
        };
        match value.get("error").filter(|error| !error.is_null()) {
            Some(error) => Self::in_error(error),
            None => Self::in_error(&value),
        }
    }

    /// The value of `error`, or a whole body that has no such field.
    fn in_error(error: &Value) -> Self {
        let metadata = error.get("metadata");
        let code = ["code", "type"]
            .iter()
            .filter_map(|field| error.get(field)?.as_str());
        Self {
            text: text_of(error),
            code: code.collect::<Vec<_>>().join(" "),
            status: ["code", "status", "status_code", "http_status"]
                .iter()
                .find_map(|field| status_of(error.get(field)?)),
            retry_after: metadata
                .and_then(|metadata| metadata.get("retry_after_seconds")?.as_u64())
                .map(|seconds| Duration::from_secs(seconds.min(86_400))),
            is_moderation: metadata.is_some_and(|metadata| metadata.get("reasons").is_some()),
        }
    }

    fn kind(&self, status: u16) -> ErrorKind {
        let words = self.text.as_deref().unwrap_or_default().to_lowercase();
        let says = |phrase: &&str| self.code.contains(phrase) || words.contains(phrase);
        match status {
            400 | 413 | 422 | 500 if TOO_LONG.iter().any(says) => ErrorKind::ContextTooLong,
            404 => ErrorKind::ModelNotFound,
            400..=499 if self.code.contains("model_not_found") => ErrorKind::ModelNotFound,
            403 if self.is_moderation => ErrorKind::Refused,
            401..=403 => ErrorKind::Unauthorized,
            429 if self.is_out_of_credit() => ErrorKind::Unauthorized,
            429 => ErrorKind::RateLimited,
            408 | 425 | 500.. => ErrorKind::Upstream,
            _ => ErrorKind::Refused,
        }
    }

    fn is_out_of_credit(&self) -> bool {
        self.code.contains("insufficient_quota") || self.code.contains("billing")
    }
}

fn status_of(value: &Value) -> Option<u16> {
    let number = match value {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    u16::try_from(number)
        .ok()
        .filter(|status| (400..600).contains(status))
}

/// The words in an error, whatever its shape: a text, an object, or a list of them.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Array(list) => list.first().and_then(text_of),
        Value::Object(fields) => {
            let own = ["message", "msg", "detail", "error", "errors", "title"]
                .iter()
                .find_map(|field| fields.get(*field).and_then(text_of));
            // A router says only "Provider returned error"; the words are one level deeper.
            let deeper = fields
                .get("metadata")
                .and_then(|metadata| metadata.get("raw"));
            match (own, deeper.and_then(raw_text)) {
                (Some(own), Some(raw)) => Some(format!("{own}: {raw}")),
                (own, raw) => own.or(raw),
            }
        }
        _ => None,
    }
}

fn raw_text(raw: &Value) -> Option<String> {
    let text = raw.as_str()?;
    match serde_json::from_str::<Value>(text) {
        Ok(value) => text_of(&value),
        Err(_) if text.starts_with('<') => None,
        Err(_) => text_of(raw),
    }
}

#[cfg(test)]
#[path = "fault_tests.rs"]
mod tests;
