//! A file in a form, read piece by piece into a file of our own: neither it nor what is around it is
//! ever whole in memory.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{body::Body, extract::Request};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use http::{HeaderMap, header};

use super::super::service::{Purpose, Sent, scratch_name};
use crate::{
    app::App,
    error::{Error, FILE_TOO_LARGE, MALFORMED, Result, UNKNOWN_FIELD, UNSUPPORTED_MEDIA_TYPE},
};

/// What may come before, between and after files.
const AROUND: u64 = 256 << 10;

/// Reads the form of an upload, whose field is `file`.
pub(super) async fn receive(app: &App, request: Request, purpose: Purpose) -> Result<Sent> {
    let boundary = boundary(request.headers())?;
    let limit = match purpose {
        Purpose::Chat => app.config.files.max_bytes,
        Purpose::Import => app.config.files.max_import_bytes,
    };
    refuse_announced(request.headers(), limit)?;
    let taken = Arc::new(AtomicU64::new(0));
    let mut form = multer::Multipart::new(bounded(request.into_body(), taken.clone()), boundary);
    let mut sent = None;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() != Some("file") || sent.is_some() {
            let detail = "The form has one field, file.";
            return Err(Error::new(UNKNOWN_FIELD, detail));
        }
        let name = field.file_name().map(str::to_owned);
        let name = name.ok_or_else(|| {
            let detail = "must be a file with a name";
            Error::field("file", "name", detail)
        })?;
        let mut bytes = app.blobs.scratch(scratch_name(app)).await?;
        while let Some(piece) = field.chunk().await.map_err(broken)? {
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            taken.fetch_add(length, Ordering::Relaxed);
            if bytes.len() + length > limit {
                return Err(too_large(limit));
            }
            bytes.write(&piece).await?;
        }
        sent = Some(Sent {
            name,
            bytes,
            purpose,
        });
    }
    sent.ok_or_else(|| Error::field("file", "required", "must be there"))
}

fn boundary(headers: &HeaderMap) -> Result<String> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    multer::parse_boundary(content_type).map_err(|_| {
        let detail = "Send the file as multipart/form-data, in the field file.";
        Error::new(UNSUPPORTED_MEDIA_TYPE, detail)
    })
}

/// Who says that more comes than is taken need not send it.
fn refuse_announced(headers: &HeaderMap, limit: u64) -> Result<()> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match announced {
        Some(length) if length > limit.saturating_add(AROUND) => Err(too_large(limit)),
        _ => Ok(()),
    }
}

/// The body, as long as not much more of it came than was taken as part of a file: the parser keeps
/// the rest in memory.
fn bounded(
    body: Body,
    taken: Arc<AtomicU64>,
) -> impl Stream<Item = std::result::Result<Bytes, Box<dyn std::error::Error + Send + Sync>>> {
    let mut came = 0_u64;
    body.into_data_stream()
        .map_err(Into::into)
        .map(move |piece| {
            let piece: std::result::Result<Bytes, Box<dyn std::error::Error + Send + Sync>> = piece;
            let piece = piece?;
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            came = came.saturating_add(length);
            if came.saturating_sub(taken.load(Ordering::Relaxed)) > AROUND.saturating_add(length) {
                return Err("there is too much around the file".into());
            }
            Ok(piece)
        })
}

fn too_large(limit: u64) -> Error {
    let detail = format!("{limit} bytes at the most.");
    Error::new(FILE_TOO_LARGE, detail).about("file", "size")
}

fn broken(error: multer::Error) -> Error {
    if let multer::Error::ReadHeaderFailed(_) = error {
        let detail = "must have a name without control characters";
        return Error::field("file", "name", detail).caused(error);
    }
    Error::new(
        MALFORMED,
        "The form cannot be read: it is cut short or broken.",
    )
    .caused(error)
}
