//! Routes of notifications.

use axum::extract::State;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::DateTime;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{
    NotificationId,
    entity::notification::{self, Kind},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::service::{self, Notice, Position};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::{Principal, http::Admin},
        http::{Json, Path, Query, Time, problem::Problem},
    },
};

const MOST_PER_PAGE: u32 = 100;
const MOST_READ_AT_ONCE: usize = 100;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(delete))
        .routes(routes!(announce))
}

/// Something a person is told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Notification)]
pub struct NotificationView {
    id: Uuid,
    kind: NotificationKind,
    title: String,
    detail: Option<String>,
    /// The chat it is about.
    chat_id: Option<Uuid>,
    /// Where to look: an https address, or a path of this server.
    link: Option<String>,
    read_at: Option<Time>,
    created_at: Time,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum NotificationKind {
    /// An answer came to its end in a chat that was open nowhere.
    AnswerFinished,
    ShareChanged,
    /// An import or an export came to its end.
    JobFinished,
    /// An administrator's word to everybody.
    Notice,
}

impl From<notification::Model> for NotificationView {
    fn from(row: notification::Model) -> Self {
        Self {
            id: row.id.0,
            kind: match row.kind {
                Kind::AnswerFinished => NotificationKind::AnswerFinished,
                Kind::ShareChanged => NotificationKind::ShareChanged,
                Kind::JobFinished => NotificationKind::JobFinished,
                Kind::Notice => NotificationKind::Notice,
            },
            title: row.title,
            detail: row.detail,
            chat_id: row.chat_id.map(|id| id.0),
            link: row.link,
            read_at: row.read_at.map(Time),
            created_at: row.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NotificationPage {
    items: Vec<NotificationView>,
    next_cursor: Option<String>,
    /// Of all, not of this page.
    unread_count: u64,
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
    /// Only those that are not read.
    unread: Option<bool>,
}

/// What one has been told, the latest first.
#[utoipa::path(get, path = "/api/notifications", operation_id = "list_notifications", tag = "notifications", params(ListQuery), responses(
    (status = 200, description = "One page", body = NotificationPage),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn list(
    State(app): State<App>,
    who: Principal,
    Query(query): Query<ListQuery>,
) -> Result<Json<NotificationPage>> {
    let limit = query.limit.unwrap_or(30);
    if !(1..=MOST_PER_PAGE).contains(&limit) {
        return Err(Error::field("limit", "range", "must be from 1 to 100"));
    }
    let after = query.cursor.as_deref().map(position).transpose()?;
    let only_unread = query.unread.unwrap_or_default();
    let page = service::list(&app, &who, only_unread, after, limit).await?;
    Ok(Json(NotificationPage {
        items: page.rows.into_iter().map(NotificationView::from).collect(),
        next_cursor: page.next.map(cursor),
        unread_count: page.unread,
    }))
}

fn cursor(position: Position) -> String {
    let micros = position.created_at.timestamp_micros();
    BASE64_URL_SAFE_NO_PAD.encode(format!("{micros}|{}", position.id))
}

fn position(cursor: &str) -> Result<Position> {
    let read = || {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (micros, id) = text.split_once('|')?;
        Some(Position {
            created_at: DateTime::from_timestamp_micros(micros.parse().ok()?)?,
            id: id.parse().ok()?,
        })
    };
    let detail = "must be the nextCursor of a page before";
    read().ok_or_else(|| Error::field("cursor", "format", detail))
}

/// Either `ids` or `all`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReadBody {
    #[schema(min_items = 1, max_items = 100)]
    ids: Option<Vec<Uuid>>,
    #[serde(default)]
    all: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Unread {
    unread_count: u64,
}

/// Marks notifications of one's own as read; ids that are not there change nothing.
#[utoipa::path(post, path = "/api/notifications/read", operation_id = "read_notifications", tag = "notifications",
    request_body = ReadBody, responses(
        (status = 200, description = "How many are left", body = Unread),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn read(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<ReadBody>,
) -> Result<Json<Unread>> {
    let ids: Option<Vec<NotificationId>> = match (body.ids, body.all) {
        (None, true) => None,
        (Some(ids), false) if (1..=MOST_READ_AT_ONCE).contains(&ids.len()) => {
            Some(ids.into_iter().map(NotificationId).collect())
        }
        (Some(_), true) => {
            let detail = "name either ids or all";
            return Err(Error::field("ids", "exclusive", detail));
        }
        _ => return Err(Error::field("ids", "count", "must be 1 to 100, or say all")),
    };
    let unread_count = service::mark_read(&app, &who, ids.as_deref()).await?;
    Ok(Json(Unread { unread_count }))
}

/// Deletes a notification.
#[utoipa::path(delete, path = "/api/notifications/{id}", operation_id = "delete_notification", tag = "notifications",
    params(("id" = Uuid, Path)), responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn delete(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    service::delete(&app, &who, NotificationId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NoticeBody {
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    #[schema(max_length = 2000)]
    detail: Option<String>,
    /// An https address, or a path of this server.
    #[schema(max_length = 2000)]
    link: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Notified {
    /// How many people.
    notified: u64,
}

/// Tells everybody something. For administrators.
#[utoipa::path(post, path = "/api/admin/notices", operation_id = "announce", tag = "notifications", request_body = NoticeBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 201, description = "Everybody was told", body = Notified),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not an administrator, or from another site", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn announce(
    State(app): State<App>,
    _: Admin,
    Json(body): Json<NoticeBody>,
) -> Result<(StatusCode, Json<Notified>)> {
    let notice = Notice {
        title: body.title,
        detail: body.detail,
        link: body.link,
    };
    let notified = service::announce(&app, notice).await?;
    Ok((StatusCode::CREATED, Json(Notified { notified })))
}
