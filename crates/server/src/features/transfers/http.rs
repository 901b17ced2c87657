//! Routes of transfers.

use ::store::{ChatId, FileId};
use axum::{extract::State, response::Response};
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    export::{self, Exported, Format},
    exporting, importing,
};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Principal,
        http::{Json, Path, Query, problem::Problem},
        jobs::http::JobEnvelope,
    },
};

/// What an attribute of RFC 8187 may hold as it is.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(export_chat))
        .routes(routes!(export_account))
        .routes(routes!(import))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct ExportQuery {
    /// `markdown`: what is shown, for people; `json`: every branch, for programs and for the import.
    format: String,
}

/// One chat as a file.
#[utoipa::path(get, path = "/api/chats/{id}/export", operation_id = "export_chat", tag = "transfers",
    params(("id" = Uuid, Path), ExportQuery), responses(
    (status = 200, description = "The file", body = String, content_type = "text/markdown"),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn export_chat(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Query(query): Query<ExportQuery>,
) -> Result<Response> {
    let format = match query.format.as_str() {
        "markdown" => Format::Markdown,
        "json" => Format::Json,
        _ => {
            return Err(Error::field(
                "format",
                "unknown",
                "must be markdown or json",
            ));
        }
    };
    Ok(file(export::one(&app, who.id, ChatId(id), format).await?))
}

/// A file to save; no browser shows it.
fn file(exported: Exported) -> Response {
    let name = utf8_percent_encode(&exported.name, NAME);
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    let mut response = Response::new(exported.body.into());
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(exported.media_type),
    );
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ExportBody {}

/// Begins to put everything one owns into one archive. `result.file` of the job is the id of a file.
#[utoipa::path(post, path = "/api/exports", operation_id = "export_account", tag = "transfers",
    request_body = Option<ExportBody>,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")), responses(
    (status = 202, description = "The job, or the one that is at it already", body = JobEnvelope),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "A repeat of a request that is still running", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn export_account(
    State(app): State<App>,
    who: Principal,
    _: Option<Json<ExportBody>>,
) -> Result<(StatusCode, Json<JobEnvelope>)> {
    let job = exporting::enqueue(&app, &who).await?.into();
    Ok((StatusCode::ACCEPTED, Json(JobEnvelope { job })))
}

/// Which program an export comes from.
#[derive(Clone, Copy, Deserialize, ToSchema)]
enum Source {
    #[serde(rename = "chatgpt")]
    ChatGpt,
    #[serde(rename = "claude")]
    Claude,
    #[serde(rename = "openWebui")]
    OpenWebUi,
    #[serde(rename = "librechat")]
    LibreChat,
    #[serde(rename = "sangam")]
    Sangam,
}

impl From<Source> for exchange::Source {
    fn from(source: Source) -> Self {
        match source {
            Source::ChatGpt => Self::ChatGpt,
            Source::Claude => Self::Claude,
            Source::OpenWebUi => Self::OpenWebUi,
            Source::LibreChat => Self::LibreChat,
            Source::Sangam => Self::Sangam,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ImportBody {
    /// A file that was sent with `?for=import`: a ZIP archive or JSON.
    file: Uuid,
    /// Absent: each chat is known by its shape.
    source: Option<Source>,
}

/// Begins to bring in the chats of another program, or of this one. `result` of the job is
/// `{source, chats, messages, existing, leftOut: [{title, reason}], leftOutCount}`.
#[utoipa::path(post, path = "/api/imports", operation_id = "import_chats", tag = "transfers",
    request_body = ImportBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")), responses(
    (status = 202, description = "The job, or the one that is at it already", body = JobEnvelope),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "No such file of yours", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "A repeat of a request that is still running", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn import(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<ImportBody>,
) -> Result<(StatusCode, Json<JobEnvelope>)> {
    let source = body.source.map(exchange::Source::from);
    let job = importing::enqueue(&app, &who, FileId(body.file), source).await?;
    let job = job.into();
    Ok((StatusCode::ACCEPTED, Json(JobEnvelope { job })))
}
