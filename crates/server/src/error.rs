//! The one error of the application: free of HTTP below the edge, rendered there.
//!
//! A [`Code`] is an entry of one table, from which docs/errors.md is generated. `?` from a
//! library's error yields `internal` with the source kept; anything else is said explicitly.

use std::{borrow::Cow, fmt, time::Duration};

use store::{DbErr, Violation};

pub type Result<T, E = Error> = std::result::Result<T, E>;
type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What kind of thing went wrong; decides status, log level and metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Malformed,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    Precondition,
    TooLarge,
    Unsupported,
    Invalid,
    Quota,
    Internal,
    Upstream,
    Unavailable,
    Timeout,
    Full,
}

impl Kind {
    pub fn metric(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Upstream => "upstream",
            Self::Quota => "quota",
            Self::Unavailable | Self::Timeout | Self::Full => "unavailable",
            Self::Unauthenticated | Self::Forbidden => "refused",
            _ => "client",
        }
    }
}

/// One way in which a request can fail, as clients tell them apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code {
    pub name: &'static str,
    pub kind: Kind,
    pub title: &'static str,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! codes {
    ($($constant:ident = $name:literal, $kind:ident, $title:literal;)+) => {
        $(pub const $constant: Code = Code { name: $name, kind: Kind::$kind, title: $title };)+
        /// Every code there is.
        pub const CODES: &[Code] = &[$($constant),+];
    };
}

codes! {
    MALFORMED = "malformed", Malformed, "The request cannot be read";
    UNKNOWN_FIELD = "unknown_field", Malformed, "The request has a field that does not exist";
    UNAUTHENTICATED = "unauthenticated", Unauthenticated, "Sign in first";
    INVALID_CREDENTIALS = "invalid_credentials", Unauthenticated, "E-mail or password is wrong";
    INVALID_TOKEN = "invalid_token", Unauthenticated, "The token is not valid, or no longer";
    FORBIDDEN = "forbidden", Forbidden, "This account may not do that";
    ORIGIN_REFUSED = "origin_refused", Forbidden, "The request comes from another site";
    REGISTRATION_CLOSED = "registration_closed", Forbidden, "Registration is closed";
    ACCOUNT_DISABLED = "account_disabled", Forbidden, "This account is disabled";
    NOT_FOUND = "not_found", NotFound, "There is nothing here";
    CHAT_NOT_FOUND = "chat_not_found", NotFound, "This chat does not exist";
    MESSAGE_NOT_FOUND = "message_not_found", NotFound, "This message does not exist";
    FOLDER_NOT_FOUND = "folder_not_found", NotFound, "This folder does not exist";
    SESSION_NOT_FOUND = "session_not_found", NotFound, "This session does not exist";
    LINK_NOT_FOUND = "link_not_found", NotFound, "This link is unknown, used or expired";
    MODEL_NOT_FOUND = "model_not_found", NotFound, "No provider offers this model";
    UNKNOWN_EVENT = "unknown_event", NotFound, "There is no such event";
    NOTIFICATION_NOT_FOUND = "notification_not_found", NotFound, "This notification does not exist";
    FILE_NOT_FOUND = "file_not_found", NotFound, "This file does not exist";
    FILE_HAS_NO_TEXT = "file_has_no_text", NotFound, "This file has no text";
    FILE_HAS_NO_THUMBNAIL = "file_has_no_thumbnail", NotFound, "This file has no small image";
    SHARE_NOT_FOUND = "share_not_found", NotFound, "This link is unknown, revoked or expired";
    SUMMARY_NOT_FOUND = "summary_not_found", NotFound, "This summary does not exist";
    JOB_NOT_FOUND = "job_not_found", NotFound, "This job does not exist";
    METHOD_NOT_ALLOWED = "method_not_allowed", Malformed, "This method does not exist here";
    HOST_REFUSED = "host_refused", Malformed, "The server does not answer to this name";
    EMAIL_TAKEN = "email_taken", Conflict, "This e-mail address has an account";
    LAST_ADMINISTRATOR = "last_administrator", Conflict, "This is the last administrator";
    ID_TAKEN = "id_taken", Conflict, "This id is in use";
    REQUEST_RUNNING = "request_running", Conflict, "The same request is still running";
    ANSWER_RUNNING = "answer_running", Conflict, "The answer is still being written";
    ANSWER_COMPLETE = "answer_complete", Conflict, "The answer is complete";
    NOTHING_TO_COMPACT = "nothing_to_compact", Conflict, "There is too little to sum up";
    CHAT_IS_TEMPORARY = "chat_is_temporary", Conflict, "A temporary chat is written down nowhere";
    TOO_MANY_TEMPORARY_CHATS = "too_many_temporary_chats", Conflict, "There are too many temporary chats";
    TOO_MANY_SHARES = "too_many_shares", Conflict, "The chat has too many links";
    ANSWER_NOT_KEPT = "answer_not_kept", Conflict, "This was answered, and the answer was not kept";
    VOTE_FIRST = "vote_first", Conflict, "This would tell which model it was: vote first";
    VOTE_FINAL = "vote_final", Conflict, "The vote on a blind pair is final";
    NOT_AN_ANSWER = "not_an_answer", Conflict, "Only an answer of a model can do that";
    JOB_ENDED = "job_ended", Conflict, "The job has ended";
    JOB_LEASE_LOST = "job_lease_lost", Conflict, "Another worker has the job";
    FILE_PENDING = "file_pending", Conflict, "The file is still being read";
    FILE_TOO_LARGE = "file_too_large", TooLarge, "The file is too large";
    FILES_FULL = "files_full", TooLarge, "The files of this account take too much room";
    FILE_UNSUPPORTED = "file_unsupported", Unsupported, "Files of this kind cannot be read";
    FILE_UNREADABLE = "file_unreadable", Invalid, "The file cannot be read";
    TOO_LARGE = "too_large", TooLarge, "The request is too large";
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type", Unsupported, "Send JSON";
    IMPORT_REFUSED = "import_refused", Invalid, "The file is not imported";
    INVALID = "invalid", Invalid, "A value is not allowed";
    CONTEXT_TOO_LONG = "context_too_long", Invalid, "The conversation is longer than the model takes";
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch", Invalid, "This Idempotency-Key came with another request";
    TOO_MANY_ATTEMPTS = "too_many_attempts", Quota, "Too many attempts";
    TOO_MANY_REQUESTS = "too_many_requests", Quota, "Too many requests";
    JOB_DIED = "job_died", Internal, "The job's worker went away every time";
    INTERNAL = "internal", Internal, "Something went wrong on our side";
    UPSTREAM = "upstream", Upstream, "The model's provider failed";
    NO_MODEL = "no_model", Unavailable, "No model is available";
    TOO_BUSY = "too_busy", Unavailable, "Too much is going on at the moment";
    UNAVAILABLE = "unavailable", Unavailable, "The service is not ready";
    TIMEOUT = "timeout", Timeout, "The request took too long";
    STORAGE_FULL = "storage_full", Full, "There is no room left";
}

/// A value of a request that is not allowed, and what is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub code: &'static str,
    pub detail: String,
}

pub struct Error {
    pub code: Code,
    pub detail: Cow<'static, str>,
    pub fields: Vec<FieldError>,
    pub retry_after: Option<Duration>,
    pub source: Option<BoxError>,
}

impl Error {
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            retry_after: None,
            source: None,
        }
    }

    /// A value that is not allowed: names the field and the fix.
    pub fn field(field: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::fields(vec![FieldError {
            field: field.to_owned(),
            code,
            detail: detail.into(),
        }])
    }

    /// Several values that are not allowed.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        let detail = fields
            .iter()
            .map(|field| format!("{}: {}", field.field, field.detail))
            .collect::<Vec<_>>()
            .join("; ");
        Self {
            fields,
            ..Self::new(INVALID, detail)
        }
    }

    pub fn not_found(code: Code) -> Self {
        Self::new(code, "It does not exist, or it is not yours.")
    }

    pub fn internal(source: impl Into<BoxError>) -> Self {
        Self::new(
            INTERNAL,
            "The request id finds the cause in the server's log.",
        )
        .caused(source)
    }

    /// The same error, which also names the field that it is about.
    #[must_use]
    pub fn about(mut self, field: &str, code: &'static str) -> Self {
        let (field, detail) = (field.to_owned(), self.detail.clone().into_owned());
        self.fields.push(FieldError {
            field,
            code,
            detail,
        });
        self
    }

    #[must_use]
    pub fn caused(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    pub fn kind(&self) -> Kind {
        self.code.kind
    }

    /// The whole chain of causes, for the log.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause: Option<&dyn std::error::Error> = match &self.source {
            Some(source) => Some(&**source),
            None => None,
        };
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name, self.detail)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain())
    }
}

/// Not `std::error::Error` itself, so that every such error converts into it.
impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let text = error.to_string();
        if text.contains("database or disk is full") || text.contains("No space left") {
            return Self::new(STORAGE_FULL, "Free some disk space; nothing was stored.")
                .caused(error);
        }
        let is_unreachable = matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
            || text.contains("database is locked")
            || text.contains("Connection refused")
            || text.contains("terminating connection");
        if is_unreachable {
            return Self::new(UNAVAILABLE, "The database does not answer; try again.")
                .caused(error)
                .retry_after(Duration::from_secs(1));
        }
        Self::internal(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal(error)
    }
}

/// Turns a refused row into the error that a client understands.
pub trait OnUnique<T> {
    /// `constraint` is part of the name of the column or index that must be unique.
    fn on_unique(self, constraint: &str, error: impl FnOnce() -> Error) -> Result<T>;
}

impl<T> OnUnique<T> for Result<T, DbErr> {
    fn on_unique(self, constraint: &str, error: impl FnOnce() -> Error) -> Result<T> {
        self.map_err(|failure| match store::violation(&failure) {
            Some((Violation::Unique, message)) if message.contains(constraint) => error(),
            _ => failure.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique() {
        let mut names: Vec<_> = CODES.iter().map(|code| code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CODES.len());
    }
}
