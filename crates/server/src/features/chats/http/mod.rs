//! Routes of chats.

mod bodies;
mod context;
mod stream;
mod tree;
pub(super) mod views;

use axum::extract::State;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Deserialize;
use store::{ChatId, FolderId, MessageId, entity::message};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use self::{
    bodies::{ChangeChatBody, NewChatBody, NewMessageBody, RetryBody},
    views::{
        AnswerView, ChatEnvelope, ChatPage, ChatSummary, ChatView, MessageEnvelope, MessageView,
        SentView, SentWithChat,
    },
};
use super::{compare, organising, reading, search, service, sharing, titles};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Principal,
        http::{Json, Path, Query, problem::Problem},
    },
};

const MOST_PER_PAGE: u32 = 100;
/// Characters of what is looked for.
const MOST_SEARCHED: usize = 200;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(organising::http::routes())
        .merge(search::http::routes())
        .merge(sharing::http::routes())
        .routes(routes!(create, list))
        .routes(routes!(show, change, delete))
        .routes(routes!(send))
        .routes(routes!(stop))
        .routes(routes!(retry))
        .routes(routes!(go_on))
        .merge(tree::routes())
        .merge(context::routes())
        .routes(routes!(stream::watch))
}

/// Begins a chat with a question; the answer streams from `…/messages/{id}/stream`.
#[utoipa::path(post, path = "/api/chats", operation_id = "create_chat", tag = "chats", request_body = NewChatBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 201, description = "Question and unfinished answer, both stored", body = SentWithChat),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Model or file are not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The id is taken", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No model, or too busy", body = Problem, content_type = "application/problem+json")))]
async fn create(
    State(app): State<App>,
    who: Principal,
    Json(body): Json<NewChatBody>,
) -> Result<(StatusCode, Json<SentWithChat>)> {
    let sent = service::create(&app, &who, body.into()).await?;
    let shown = compare::show(&app, who.id, sent.messages()).await?;
    Ok((
        StatusCode::CREATED,
        Json(SentWithChat::of(&app, sent, shown)?),
    ))
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
    /// Only the archived ones, instead of only the others.
    archived: Option<bool>,
    /// Only chats that this model answers.
    model: Option<String>,
    /// Words of the title.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only chats in this folder itself; `none`: in no folder.
    folder: Option<String>,
    /// Only chats with this tag.
    tag: Option<String>,
    /// Only chats last used at or after this time (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Only chats last used before this time (RFC 3339).
    to: Option<DateTime<Utc>>,
}

/// One's chats: pinned first, then the latest first.
#[utoipa::path(get, path = "/api/chats", operation_id = "list_chats", tag = "chats", params(ListQuery), responses(
    (status = 200, description = "One page", body = ChatPage),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn list(
    State(app): State<App>,
    who: Principal,
    Query(query): Query<ListQuery>,
) -> Result<Json<ChatPage>> {
    let tag = query.tag.as_deref();
    let tag = tag.map(|tag| organising::service::checked_tag("tag", tag));
    let selection = reading::Selection {
        archived: query.archived.unwrap_or_default(),
        model: query.model,
        folder: query.folder.as_deref().map(folder).transpose()?,
        tag: tag.transpose()?.map(|tag| tag.key),
        title: title_words(query.q.as_deref())?,
        from: query.from,
        to: query.to,
        after: query.cursor.as_deref().map(position).transpose()?,
        limit: limit(query.limit)?.into(),
    };
    let (chats, next) = reading::list(&app, &who, selection).await?;
    let ids: Vec<ChatId> = chats.iter().map(|chat| chat.id).collect();
    let mut tags = organising::service::tags_of(&app, &ids).await?;
    let items = chats
        .into_iter()
        .map(|chat| {
            let tags = tags.remove(&chat.id).unwrap_or_default();
            ChatSummary::of(&app, chat, tags)
        })
        .collect();
    Ok(Json(ChatPage {
        items,
        next_cursor: next.map(cursor),
    }))
}

fn folder(text: &str) -> Result<Option<FolderId>> {
    if text == "none" {
        return Ok(None);
    }
    let detail = "must be the id of a folder, or none";
    text.parse()
        .map(Some)
        .map_err(|_| Error::field("folder", "format", detail))
}

fn title_words(q: Option<&str>) -> Result<Vec<String>> {
    let q = q.unwrap_or_default();
    if q.chars().count() > MOST_SEARCHED {
        return Err(Error::field("q", "length", "200 characters at the most"));
    }
    let words = titles::key(q);
    Ok(words.split_whitespace().map(str::to_owned).collect())
}

fn limit(asked: Option<u32>) -> Result<u32> {
    let limit = asked.unwrap_or(30);
    let is_fine = (1..=MOST_PER_PAGE).contains(&limit);
    is_fine
        .then_some(limit)
        .ok_or_else(|| Error::field("limit", "range", "must be from 1 to 100"))
}

fn cursor(position: reading::Position) -> String {
    let micros = position.updated_at.timestamp_micros();
    BASE64_URL_SAFE_NO_PAD.encode(format!(
        "{}|{micros}|{}",
        u8::from(position.pinned),
        position.id
    ))
}

fn position(cursor: &str) -> Result<reading::Position> {
    let read = || {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let mut parts = text.split('|');
        Some(reading::Position {
            pinned: parts.next()? == "1",
            updated_at: DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?,
            id: parts.next()?.parse().ok()?,
        })
    };
    read().ok_or_else(|| {
        Error::field(
            "cursor",
            "format",
            "must be the nextCursor of a page before",
        )
    })
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct ShowQuery {
    /// The message at the lower end of the path; the active leaf when absent.
    leaf: Option<Uuid>,
    /// The messages above this one: `prevCursor` of the page below.
    before: Option<Uuid>,
    /// 1 to 100 messages.
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<u32>,
}

/// A chat with the last page of the path from its root to a leaf.
#[utoipa::path(get, path = "/api/chats/{id}", operation_id = "show_chat", tag = "chats", params(("id" = Uuid, Path), ShowQuery),
    responses(
        (status = 200, description = "The chat", body = ChatView),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn show(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Query(query): Query<ShowQuery>,
) -> Result<Json<ChatView>> {
    let limit = limit(query.limit)?;
    let (leaf, before) = (query.leaf.map(MessageId), query.before.map(MessageId));
    let view = reading::view(&app, &who, ChatId(id), leaf, before, limit).await?;
    let tags = tags_of(&app, view.chat.id).await?;
    Ok(Json(ChatView::of(&app, view, tags)))
}

/// Renames, pins, archives, files or tags a chat, chooses its model, or the branch that is shown.
#[utoipa::path(patch, path = "/api/chats/{id}", operation_id = "change_chat", tag = "chats", params(("id" = Uuid, Path)),
    request_body = ChangeChatBody, responses(
        (status = 200, description = "The chat", body = ChatEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn change(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Json(body): Json<ChangeChatBody>,
) -> Result<Json<ChatEnvelope>> {
    let chat = service::change(&app, &who, ChatId(id), body.into()).await?;
    let tags = tags_of(&app, chat.id).await?;
    Ok(Json(ChatEnvelope {
        chat: views::Chat::of(&app, chat, tags),
    }))
}

/// Deletes a chat with all its messages.
#[utoipa::path(delete, path = "/api/chats/{id}", operation_id = "delete_chat", tag = "chats", params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn delete(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    service::delete(&app, &who, ChatId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a question below a message; it becomes the active branch.
#[utoipa::path(post, path = "/api/chats/{id}/messages", operation_id = "send_message", tag = "chats", request_body = NewMessageBody,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 201, description = "Question and unfinished answer, both stored", body = SentView),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Chat, parent, model or file are not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The id is taken, or the answer above is still running", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No model, or too busy", body = Problem, content_type = "application/problem+json")))]
async fn send(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Json(body): Json<NewMessageBody>,
) -> Result<(StatusCode, Json<SentView>)> {
    let sent = service::send(&app, &who, ChatId(id), body.into()).await?;
    let siblings = reading::siblings_of(&app, who.id, &sent.question).await?;
    let shown = compare::show(&app, who.id, sent.messages()).await?;
    Ok((StatusCode::CREATED, Json(SentView::of(shown, &siblings)?)))
}

/// Ends a running answer; what was shown is kept.
#[utoipa::path(post, path = "/api/chats/{id}/messages/{messageId}/stop", operation_id = "stop_answer", tag = "chats",
    params(("id" = Uuid, Path), ("messageId" = Uuid, Path)), responses(
        (status = 200, description = "The answer as it stands", body = MessageEnvelope),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Not an answer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not stopped yet", body = Problem, content_type = "application/problem+json")))]
async fn stop(
    State(app): State<App>,
    who: Principal,
    Path((chat, id)): Path<(Uuid, Uuid)>,
) -> Result<Json<MessageEnvelope>> {
    let row = service::stop(&app, &who, ChatId(chat), MessageId(id)).await?;
    shown(&app, &who, row).await
}

/// Another answer to the same question, as a sibling of this one.
#[utoipa::path(post, path = "/api/chats/{id}/messages/{messageId}/retry", operation_id = "retry_answer", tag = "chats",
    request_body = Option<RetryBody>,
    params(("id" = Uuid, Path), ("messageId" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 201, description = "The new unfinished answer", body = AnswerView),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Still running, not an answer, or to be voted on first", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No model, or too busy", body = Problem, content_type = "application/problem+json")))]
async fn retry(
    State(app): State<App>,
    who: Principal,
    Path((chat, id)): Path<(Uuid, Uuid)>,
    body: Option<Json<RetryBody>>,
) -> Result<(StatusCode, Json<AnswerView>)> {
    let model = body.and_then(|Json(body)| body.model);
    let answer = service::retry(&app, &who, ChatId(chat), MessageId(id), model).await?;
    let siblings = reading::siblings_of(&app, who.id, &answer).await?;
    let answer = compare::show_one(&app, who.id, answer).await?;
    let view = AnswerView {
        assistant_message: MessageView::of(answer, &siblings),
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// Goes on with an answer that was cut short; its text only grows.
#[utoipa::path(post, path = "/api/chats/{id}/messages/{messageId}/continue", operation_id = "continue_answer", tag = "chats",
    params(("id" = Uuid, Path), ("messageId" = Uuid, Path)), responses(
        (status = 200, description = "The answer, streaming again", body = MessageEnvelope),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Running, complete, or not an answer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No model, or too busy", body = Problem, content_type = "application/problem+json")))]
async fn go_on(
    State(app): State<App>,
    who: Principal,
    Path((chat, id)): Path<(Uuid, Uuid)>,
) -> Result<Json<MessageEnvelope>> {
    let row = service::go_on(&app, &who, ChatId(chat), MessageId(id)).await?;
    shown(&app, &who, row).await
}

async fn tags_of(app: &App, chat: ChatId) -> Result<Vec<String>> {
    let mut tags = organising::service::tags_of(app, &[chat]).await?;
    Ok(tags.remove(&chat).unwrap_or_default())
}

async fn shown(app: &App, who: &Principal, row: message::Model) -> Result<Json<MessageEnvelope>> {
    let siblings = reading::siblings_of(app, who.id, &row).await?;
    let shown = compare::show_one(app, who.id, row).await?;
    Ok(Json(MessageEnvelope {
        message: MessageView::of(shown, &siblings),
    }))
}

#[cfg(test)]
mod tests {
    use crate::clock::Clock;

    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let clock = Clock::system();
        let there = reading::Position {
            pinned: true,
            updated_at: clock.now(),
            id: clock.id(),
        };
        assert_eq!(position(&cursor(there)).unwrap(), there);
        for bad in ["", "x", "MXwyfDM", "🙂"] {
            assert!(position(bad).is_err(), "{bad}");
        }
    }
}
