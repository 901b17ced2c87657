//! Routes of links to chats.

use axum::{extract::State, response::Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{
    ChatId, FileId, MessageId, ShareId,
    entity::{file, message::Role, share::Kind},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::service::{self, Link, NewShare, Selection, Shared};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        chats::{
            Shown,
            http::views::{MessageRole, MessageStatus},
        },
        files::{self, FileKind, Part},
    },
    platform::{
        auth::Principal,
        http::{Json, Path, Query, Time, layers::ClientIp, problem::Problem},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(of_chat, create))
        .routes(routes!(list))
        .routes(routes!(revoke))
        .routes(routes!(read))
        .routes(routes!(file))
        .routes(routes!(thumbnail))
}

#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ShareKind {
    /// The chat as it was when the link was made.
    Snapshot,
    /// The chat as it is.
    Live,
}

impl From<Kind> for ShareKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Snapshot => Self::Snapshot,
            Kind::Live => Self::Live,
        }
    }
}

impl From<ShareKind> for Kind {
    fn from(kind: ShareKind) -> Self {
        match kind {
            ShareKind::Snapshot => Self::Snapshot,
            ShareKind::Live => Self::Live,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Share {
    id: Uuid,
    chat_id: Uuid,
    /// Of the chat.
    title: String,
    /// For whoever may read the chat: it is all they need.
    url: String,
    kind: ShareKind,
    shows_reasoning: bool,
    expires_at: Option<Time>,
    created_at: Time,
}

impl Share {
    fn of(app: &App, Link { row, title }: Link) -> Self {
        Self {
            id: row.id.0,
            chat_id: row.chat_id.0,
            title,
            url: service::url(app, row.id),
            kind: row.kind.into(),
            shows_reasoning: row.shows_reasoning,
            expires_at: row.expires_at.map(Time::from),
            created_at: row.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct ShareEnvelope {
    share: Share,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewShareBody {
    kind: ShareKind,
    /// In the future; absent or null: until it is revoked.
    expires_at: Option<DateTime<Utc>>,
    /// Also shows what models thought before they answered.
    #[serde(default)]
    shows_reasoning: bool,
}

/// Makes a link by which whoever holds it reads the branch that is shown: as it is now, or as it
/// will be. A chat has 20 at the most.
#[utoipa::path(post, path = "/api/chats/{id}/shares", operation_id = "share_chat", tag = "shares", request_body = NewShareBody,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "A repeat is refused: the address is not kept")),
    responses(
        (status = 201, description = "The link", body = ShareEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A temporary chat, an answer is running, or too many links", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn create(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Json(body): Json<NewShareBody>,
) -> Result<(StatusCode, Json<ShareEnvelope>)> {
    let new = NewShare {
        kind: body.kind.into(),
        expires_at: body.expires_at,
        shows_reasoning: body.shows_reasoning,
    };
    let link = service::create(&app, &who, ChatId(id), new).await?;
    let share = Share::of(&app, link);
    Ok((StatusCode::CREATED, Json(ShareEnvelope { share })))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct SharesQuery {
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

impl SharesQuery {
    fn selection(&self, chat: Option<ChatId>) -> Result<Selection> {
        let limit = self.limit.unwrap_or(30);
        if !(1..=100).contains(&limit) {
            return Err(Error::field("limit", "range", "must be from 1 to 100"));
        }
        Ok(Selection {
            chat,
            below: self.cursor.as_deref().map(position).transpose()?,
            limit: limit.into(),
        })
    }
}

fn position(cursor: &str) -> Result<ShareId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
    let id = bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok());
    id.map(ShareId).ok_or_else(|| {
        let detail = "must be the nextCursor of a page before";
        Error::field("cursor", "format", detail)
    })
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SharePage {
    items: Vec<Share>,
    next_cursor: Option<String>,
}

impl SharePage {
    fn of(app: &App, links: Vec<Link>, next: Option<ShareId>) -> Self {
        Self {
            items: links.into_iter().map(|link| Share::of(app, link)).collect(),
            next_cursor: next.map(|id| BASE64_URL_SAFE_NO_PAD.encode(id.0)),
        }
    }
}

/// The links to a chat that can be opened, the newest first.
#[utoipa::path(get, path = "/api/chats/{id}/shares", operation_id = "list_chat_shares", tag = "shares", params(("id" = Uuid, Path), SharesQuery),
    responses(
        (status = 200, description = "One page", body = SharePage),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "A temporary chat", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn of_chat(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Query(query): Query<SharesQuery>,
) -> Result<Json<SharePage>> {
    let selection = query.selection(Some(ChatId(id)))?;
    let (links, next) = service::list(&app, &who, selection).await?;
    Ok(Json(SharePage::of(&app, links, next)))
}

/// All of one's links that can be opened, the newest first.
#[utoipa::path(get, path = "/api/shares", operation_id = "list_shares", tag = "shares", params(SharesQuery), responses(
    (status = 200, description = "One page", body = SharePage),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn list(
    State(app): State<App>,
    who: Principal,
    Query(query): Query<SharesQuery>,
) -> Result<Json<SharePage>> {
    let (links, next) = service::list(&app, &who, query.selection(None)?).await?;
    Ok(Json(SharePage::of(&app, links, next)))
}

/// Revokes a link: it leads nowhere from now on.
#[utoipa::path(delete, path = "/api/shares/{id}", operation_id = "revoke_share", tag = "shares", params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn revoke(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    service::revoke(&app, &who, ShareId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SharedMessage {
    id: Uuid,
    role: MessageRole,
    status: MessageStatus,
    content: String,
    /// The files that it shows; `/api/shared/{token}/files/{fileId}` has them.
    attachments: Vec<SharedFile>,
    /// null unless the link shows it.
    reasoning: Option<String>,
    /// Who answered; null while a blind comparison waits for its vote.
    model: Option<String>,
    created_at: Time,
}

/// A file that is shown with a message.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SharedFile {
    id: Uuid,
    name: String,
    kind: FileKind,
    media_type: String,
    width: Option<i32>,
    height: Option<i32>,
}

impl From<&file::Model> for SharedFile {
    fn from(row: &file::Model) -> Self {
        Self {
            id: row.id.0,
            name: row.name.clone(),
            kind: row.kind.into(),
            media_type: row.media_type.clone(),
            width: row.width,
            height: row.height,
        }
    }
}

impl SharedMessage {
    fn of(shown: Shown, shows_reasoning: bool) -> Self {
        let attachments = shown.attachments().iter().map(SharedFile::from).collect();
        let row = shown.into_parts().0;
        Self {
            attachments,
            id: row.id.0,
            role: match row.role {
                Role::User => MessageRole::User,
                Role::Assistant => MessageRole::Assistant,
            },
            status: row.status.into(),
            content: row.content,
            reasoning: row.reasoning.filter(|_| shows_reasoning),
            model: row.model_used.or(row.model_asked),
            created_at: row.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SharedPage {
    title: String,
    kind: ShareKind,
    created_at: Time,
    updated_at: Time,
    /// Oldest first.
    messages: Vec<SharedMessage>,
    /// There is more above: `before` of the next request.
    prev_cursor: Option<Uuid>,
}

impl From<Shared> for SharedPage {
    fn from(shared: Shared) -> Self {
        let shows_reasoning = shared.share.shows_reasoning;
        let messages = shared.messages.into_iter();
        Self {
            title: shared.title,
            kind: shared.share.kind.into(),
            created_at: shared.share.created_at.into(),
            updated_at: shared.updated_at.into(),
            messages: messages
                .map(|shown| SharedMessage::of(shown, shows_reasoning))
                .collect(),
            prev_cursor: shared.above.map(|id| id.0),
        }
    }
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct SharedQuery {
    /// The messages above this one: `prevCursor` of the page below.
    before: Option<Uuid>,
}

/// What a link shows, to whoever holds it: the last page of the chat, or the one above a message.
/// A link that is unknown, revoked or expired is not there.
#[utoipa::path(get, path = "/api/shared/{token}", operation_id = "read_share", tag = "shares", security(()),
    params(("token" = String, Path), SharedQuery), responses(
        (status = 200, description = "One page", body = SharedPage),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Unknown, revoked or expired", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too often", body = Problem, content_type = "application/problem+json")))]
async fn read(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    Path(token): Path<String>,
    Query(query): Query<SharedQuery>,
) -> Result<Json<SharedPage>> {
    let before = query.before.map(MessageId);
    let shared = service::read(&app, ip, token, before).await?;
    Ok(Json(shared.into()))
}

/// A file that a message shows which the link shows, to be saved and not to be shown as a page.
#[utoipa::path(get, path = "/api/shared/{token}/files/{fileId}", operation_id = "read_shared_file", tag = "shares", security(()),
    params(("token" = String, Path), ("fileId" = Uuid, Path)), responses(
        (status = 200, description = "The bytes", content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, description = "The link is not there, or does not show it", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not fetched yet", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too often", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The storage does not answer", body = Problem, content_type = "application/problem+json")))]
async fn file(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    Path((token, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let owner = service::file(&app, ip, token, FileId(id)).await?;
    files::respond(&app, owner, FileId(id), Part::Content).await
}

/// An image that a message shows which the link shows, small.
#[utoipa::path(get, path = "/api/shared/{token}/files/{fileId}/thumbnail", operation_id = "read_shared_thumbnail", tag = "shares", security(()),
    params(("token" = String, Path), ("fileId" = Uuid, Path)), responses(
        (status = 200, description = "A PNG or JPEG", content_type = "image/png", body = Vec<u8>),
        (status = 404, description = "The link is not there, or does not show it, or it is not an image", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too often", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The storage does not answer", body = Problem, content_type = "application/problem+json")))]
async fn thumbnail(
    State(app): State<App>,
    ClientIp(ip): ClientIp,
    Path((token, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let owner = service::file(&app, ip, token, FileId(id)).await?;
    files::respond(&app, owner, FileId(id), Part::Thumbnail).await
}
