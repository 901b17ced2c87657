//! What the API shows of files.

use ::store::entity::file::{self, Kind, Status};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::http::Time;

/// What a file was found to be.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    Image,
    Pdf,
    Text,
    Code,
    Csv,
    Docx,
    Web,
    Archive,
}

impl From<Kind> for FileKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Image => Self::Image,
            Kind::Pdf => Self::Pdf,
            Kind::Text => Self::Text,
            Kind::Code => Self::Code,
            Kind::Csv => Self::Csv,
            Kind::Docx => Self::Docx,
            Kind::Web => Self::Web,
            Kind::Archive => Self::Archive,
        }
    }
}

/// How far a file has come.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileStatus {
    Pending,
    Ready,
    Failed,
}

impl From<Status> for FileStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Pending => Self::Pending,
            Status::Ready => Self::Ready,
            Status::Failed => Self::Failed,
        }
    }
}

/// Why a file could not be read.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct FileError {
    code: String,
    detail: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileView {
    id: Uuid,
    name: String,
    /// Told by the content; a sender's own claim never counts.
    media_type: String,
    kind: FileKind,
    /// Of an image: as it was made anew.
    size_bytes: i64,
    status: FileStatus,
    error: Option<FileError>,
    /// About what a model's prompt grows by with it.
    tokens: Option<i64>,
    width: Option<i32>,
    height: Option<i32>,
    pages: Option<i32>,
    /// The web address that it was read from.
    source_url: Option<String>,
    created_at: Time,
}

impl From<file::Model> for FileView {
    fn from(row: file::Model) -> Self {
        Self {
            id: row.id.0,
            name: row.name,
            media_type: row.media_type,
            kind: row.kind.into(),
            size_bytes: row.size_bytes,
            status: row.status.into(),
            error: row
                .error
                .and_then(|error| serde_json::from_value(error).ok()),
            tokens: row.tokens,
            width: row.width,
            height: row.height,
            pages: row.pages,
            source_url: row.source_url,
            created_at: row.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct FileEnvelope {
    pub file: FileView,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FilePage {
    pub items: Vec<FileView>,
    pub next_cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FromUrlBody {
    /// `http` or `https`, without a user name or password.
    #[schema(min_length = 1, max_length = 2000)]
    pub url: String,
}

/// A file in a form, for the description alone.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is read piece by piece")]
pub struct UploadForm {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}
