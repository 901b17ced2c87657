//! Routes of files.

mod content;
mod upload;
pub(super) mod views;

use ::store::{FileId, UserId};
use axum::{
    extract::{DefaultBodyLimit, Request, State},
    response::Response,
};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use self::views::{FileEnvelope, FilePage, FileView, FromUrlBody, UploadForm};
use super::service::{self, Part, Purpose};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Principal,
        http::{Json, Path, Query, problem::Problem},
    },
};

const MOST_PER_PAGE: u32 = 100;

pub fn routes() -> OpenApiRouter<App> {
    // What comes is bounded while it is read.
    let uploads = OpenApiRouter::new()
        .routes(routes!(send))
        .layer(DefaultBodyLimit::disable());
    OpenApiRouter::new()
        .merge(uploads)
        .routes(routes!(from_url))
        .routes(routes!(list))
        .routes(routes!(show, delete))
        .routes(routes!(content))
        .routes(routes!(thumbnail))
        .routes(routes!(text))
}

/// What a file is sent for.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum For {
    Import,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct SendQuery {
    /// `import`: an archive for `/api/imports`, which may be larger and is not read.
    #[serde(rename = "for")]
    #[param(inline)]
    purpose: Option<For>,
}

/// Takes in a file. An image is ready at once; the text of others is read in the background.
#[utoipa::path(post, path = "/api/files", operation_id = "send_file", tag = "files",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    params(SendQuery, ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe, whatever it carries")),
    responses(
        (status = 201, description = "The file", body = FileEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The same request is still running", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large, or no room left for this account", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not a form, or not a kind that can be read", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Name or content are not allowed", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many at the same time", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The storage does not answer", body = Problem, content_type = "application/problem+json"),
        (status = 507, description = "The storage is full", body = Problem, content_type = "application/problem+json")))]
async fn send(
    State(app): State<App>,
    who: Principal,
    Query(query): Query<SendQuery>,
    request: Request,
) -> Result<(StatusCode, Json<FileEnvelope>)> {
    let _place = app.files.begin_sending(who.id)?;
    let purpose = match query.purpose {
        Some(For::Import) => Purpose::Import,
        None => Purpose::Chat,
    };
    let sent = upload::receive(&app, request, purpose).await?;
    let row = service::take_in(&app, &who, sent).await?;
    Ok((StatusCode::CREATED, envelope(row)))
}

/// Takes in what is at an address of the public web; it is fetched in the background.
#[utoipa::path(post, path = "/api/files/from-url", operation_id = "file_from_url", tag = "files", request_body = FromUrlBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")), responses(
        (status = 201, description = "The file, which is pending", body = FileEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an address of the public web", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many", body = Problem, content_type = "application/problem+json")))]
async fn from_url(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<FromUrlBody>,
) -> Result<(StatusCode, Json<FileEnvelope>)> {
    let row = service::take_address(&app, &who, &body.url).await?;
    Ok((StatusCode::CREATED, envelope(row)))
}

fn envelope(row: ::store::entity::file::Model) -> Json<FileEnvelope> {
    Json(FileEnvelope {
        file: FileView::from(row),
    })
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

/// One's files, the newest first.
#[utoipa::path(get, path = "/api/files", operation_id = "list_files", tag = "files", params(ListQuery), responses(
    (status = 200, description = "One page", body = FilePage),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn list(
    State(app): State<App>,
    who: Principal,
    Query(query): Query<ListQuery>,
) -> Result<Json<FilePage>> {
    let limit = query.limit.unwrap_or(30);
    if !(1..=MOST_PER_PAGE).contains(&limit) {
        return Err(Error::field("limit", "range", "must be from 1 to 100"));
    }
    let after = query.cursor.as_deref().map(str::parse::<FileId>);
    let after = after.transpose().map_err(|_| {
        let detail = "must be the nextCursor of a page before";
        Error::field("cursor", "format", detail)
    })?;
    let (rows, next) = service::list(&app, &who, after, limit.into()).await?;
    Ok(Json(FilePage {
        items: rows.into_iter().map(FileView::from).collect(),
        next_cursor: next.map(|id| id.to_string()),
    }))
}

/// A file, without its bytes.
#[utoipa::path(get, path = "/api/files/{id}", operation_id = "show_file", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The file", body = FileEnvelope),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn show(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<Json<FileEnvelope>> {
    Ok(envelope(service::show(&app, &who, FileId(id)).await?))
}

/// Throws a file away; one that messages use stays for them until they are gone.
#[utoipa::path(delete, path = "/api/files/{id}", operation_id = "delete_file", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 204, description = "It is gone"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn delete(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    service::delete(&app, &who, FileId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The bytes, to be saved and not to be shown: a browser runs nothing of them.
#[utoipa::path(get, path = "/api/files/{id}/content", operation_id = "file_content", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The bytes", content_type = "application/octet-stream", body = Vec<u8>),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Not fetched yet", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The storage does not answer", body = Problem, content_type = "application/problem+json")))]
async fn content(State(app): State<App>, who: Principal, Path(id): Path<Uuid>) -> Result<Response> {
    respond(&app, who.id, FileId(id), Part::Content).await
}

/// An image, small.
#[utoipa::path(get, path = "/api/files/{id}/thumbnail", operation_id = "file_thumbnail", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "A PNG or JPEG", content_type = "image/png", body = Vec<u8>),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not there, not yours, or not an image", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The storage does not answer", body = Problem, content_type = "application/problem+json")))]
async fn thumbnail(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    respond(&app, who.id, FileId(id), Part::Thumbnail).await
}

/// The text that was read out of a file.
#[utoipa::path(get, path = "/api/files/{id}/text", operation_id = "file_text", tag = "files", params(("id" = Uuid, Path)), responses(
    (status = 200, description = "The text", content_type = "text/plain", body = String),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "Not there, not yours, or without text", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Not read yet", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "The storage does not answer", body = Problem, content_type = "application/problem+json")))]
async fn text(State(app): State<App>, who: Principal, Path(id): Path<Uuid>) -> Result<Response> {
    respond(&app, who.id, FileId(id), Part::Text).await
}

/// A part of a file of this owner's, for whoever may see it.
pub async fn respond(app: &App, owner: UserId, id: FileId, part: Part) -> Result<Response> {
    let row = service::of_owner(app, owner, id).await?;
    let pieces = service::pieces(app, &row, part).await?;
    Ok(content::response(&row, part, pieces))
}
