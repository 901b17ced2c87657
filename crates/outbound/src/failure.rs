//! Why no answer, or no more of it, came over the wire.

use std::{error::Error, io};

/// A request that failed below HTTP's own statuses.
#[derive(Debug, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct Failure {
    /// What kind of failure, for deciding what to do.
    pub kind: FailureKind,
    /// The whole chain of causes, for the operator's log; may name addresses, never a key.
    pub detail: String,
}

/// The kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection: name, address, TLS or time.
    Unreachable,
    /// The connection ended before the message did.
    Cut,
    /// What came is not HTTP.
    NotHttp,
}

impl Failure {
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        Self {
            kind: kind(error),
            detail: chain(error),
        }
    }
}

fn kind(error: &reqwest::Error) -> FailureKind {
    if error.is_connect() || error.is_timeout() {
        return FailureKind::Unreachable;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(hyper) = cause.downcast_ref::<hyper::Error>()
            && hyper.is_parse()
        {
            return FailureKind::NotHttp;
        }
        // A broken chunk arrives as an I/O error of the decoder, not as a parse error.
        if let Some(io) = cause.downcast_ref::<io::Error>()
            && matches!(
                io.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
            )
        {
            return FailureKind::NotHttp;
        }
        source = cause.source();
    }
    FailureKind::Cut
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
