//! Routes of what a model is told: how full it is, summaries made and undone.

use ::store::{ChatId, MessageId, SummaryId, entity::chat_summary};
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::super::context::{self, Gauge};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Principal,
        http::{Json, Path, Query, Time, problem::Problem},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(compact))
        .routes(routes!(undo))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct ContextQuery {
    /// The message at the lower end of the branch; the active leaf when absent.
    leaf: Option<Uuid>,
    /// Another model than the chat's.
    model: Option<String>,
}

/// A part of what a model is told.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ContextPart {
    /// `systemPrompt`, `summary`, `messages` or `attachments`.
    kind: &'static str,
    tokens: u64,
    /// How many of them.
    count: usize,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ContextView {
    model: String,
    /// Tokens the model takes, its answer included.
    context_length: u64,
    used_tokens: u64,
    /// Kept free for the answer.
    answer_tokens: u64,
    /// Counts are estimates: providers count in their own ways.
    estimated: bool,
    /// The next answer begins with a summary of the older turns, if that is on.
    is_full: bool,
    parts: Vec<ContextPart>,
    summary_id: Option<Uuid>,
}

impl From<Gauge> for ContextView {
    fn from(gauge: Gauge) -> Self {
        let told = gauge.told;
        let part = |kind, tokens, count| ContextPart {
            kind,
            tokens,
            count,
        };
        Self {
            model: gauge.model,
            context_length: told.room.whole,
            used_tokens: told.tokens(),
            answer_tokens: told.room.answer,
            estimated: true,
            is_full: gauge.is_full,
            parts: vec![
                part(
                    "systemPrompt",
                    told.system_tokens(),
                    usize::from(told.system.is_some()),
                ),
                part(
                    "summary",
                    told.summary_tokens(),
                    usize::from(told.summary.is_some()),
                ),
                part("messages", told.turn_tokens(), told.turns.len()),
                part(
                    "attachments",
                    told.files_tokens(),
                    told.turns.iter().map(|turn| turn.files.len()).sum(),
                ),
            ],
            summary_id: told.summary.map(|summary| summary.id.0),
        }
    }
}

/// What fills the model that would answer next.
#[utoipa::path(get, path = "/api/chats/{id}/context", operation_id = "show_context", tag = "chats", params(("id" = Uuid, Path), ContextQuery),
    responses(
        (status = 200, description = "What fills it", body = ContextView),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Chat, message or model are not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No model", body = Problem, content_type = "application/problem+json")))]
async fn show(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Query(query): Query<ContextQuery>,
) -> Result<Json<ContextView>> {
    let leaf = query.leaf.map(MessageId);
    let gauge = context::gauge(&app, &who, ChatId(id), leaf, query.model.as_deref()).await?;
    Ok(Json(gauge.into()))
}

/// A summary that stands for the older turns of a branch.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SummaryView {
    id: Uuid,
    /// The last message that it stands for; all above it are covered too.
    upto_message_id: Uuid,
    content: String,
    tokens: i64,
    covered_messages: i64,
    covered_tokens: i64,
    model: String,
    created_at: Time,
}

impl From<chat_summary::Model> for SummaryView {
    fn from(row: chat_summary::Model) -> Self {
        Self {
            id: row.id.0,
            upto_message_id: row.upto_message_id.0,
            content: row.content,
            tokens: row.tokens,
            covered_messages: row.covered_messages,
            covered_tokens: row.covered_tokens,
            model: row.model,
            created_at: row.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct SummaryEnvelope {
    summary: SummaryView,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CompactBody {
    /// The message at the lower end of the branch; the active leaf when absent.
    leaf: Option<Uuid>,
    /// Who writes it; the chat's model when absent.
    model: Option<String>,
}

/// Sums up all turns but the last; the model is told the summary instead of them.
#[utoipa::path(post, path = "/api/chats/{id}/compact", operation_id = "compact_chat", tag = "chats", request_body = Option<CompactBody>,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 201, description = "The summary", body = SummaryEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Chat, message or model are not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Too few turns", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed, or there is too much", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "The model failed", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "No model, or not written yet", body = Problem, content_type = "application/problem+json")))]
async fn compact(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    body: Option<Json<CompactBody>>,
) -> Result<(StatusCode, Json<SummaryEnvelope>)> {
    let body = body.map(|Json(body)| body).unwrap_or_default();
    let leaf = body.leaf.map(MessageId);
    let row = context::compact(&app, &who, ChatId(id), leaf, body.model.as_deref()).await?;
    let summary = row.into();
    Ok((StatusCode::CREATED, Json(SummaryEnvelope { summary })))
}

/// Takes a summary back: the model is told the turns again.
#[utoipa::path(delete, path = "/api/chats/{id}/summaries/{summaryId}", operation_id = "undo_summary", tag = "chats",
    params(("id" = Uuid, Path), ("summaryId" = Uuid, Path)), responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn undo(
    State(app): State<App>,
    who: Principal,
    Path((chat, id)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode> {
    context::undo(&app, &who, ChatId(chat), SummaryId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
