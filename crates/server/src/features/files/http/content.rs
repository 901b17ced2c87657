//! Bytes that somebody sent, given back so that no browser does anything with them but save or draw.

use axum::{body::Body, response::Response};
use blob::Pieces;
use futures::StreamExt;
use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use store::entity::file::{self, Kind};

use super::super::service::Part;

/// What an attribute of RFC 8187 may hold as it is.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// Nothing is loaded, nothing runs, and the origin is not ours.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

pub(super) fn response(row: &file::Model, part: Part, pieces: Pieces) -> Response {
    // Whatever compresses it asks once more after the end.
    let mut response = Response::new(Body::from_stream(pieces.fuse()));
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::CONTENT_TYPE, media_type(row, part));
    if part == Part::Content {
        set(header::CONTENT_LENGTH, &row.size_bytes.to_string());
    }
    match part {
        Part::Content => set(header::CONTENT_DISPOSITION, &attachment(&row.name)),
        Part::Text => set(header::CONTENT_DISPOSITION, "inline"),
        Part::Thumbnail => {}
    }
    if part != Part::Text && row.kind == Kind::Image {
        // An image never changes under its id.
        set(header::CACHE_CONTROL, "private, max-age=86400, immutable");
    }
    response
}

/// A thumbnail is encoded as its image is; text that is not read by us has no type that runs.
fn media_type(row: &file::Model, part: Part) -> &str {
    match (part, row.kind) {
        (Part::Text, _) | (Part::Content, Kind::Text | Kind::Code | Kind::Csv) => {
            "text/plain; charset=utf-8"
        }
        (Part::Content, Kind::Web) => "application/octet-stream",
        _ => &row.media_type,
    }
}

fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let encoded = utf8_percent_encode(name, NAME);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}
