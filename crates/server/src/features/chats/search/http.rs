//! The route of the search.

use axum::extract::State;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use store::entity::message::Role;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::service::{self, Found, Search};
use crate::{
    app::App,
    error::{Error, Result},
    platform::{
        auth::Principal,
        http::{Json, Query, Time, problem::Problem},
    },
};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Words that must all be there, `"words together"`, `-without`; the last may be a beginning.
    #[param(min_length = 1, max_length = 400)]
    q: String,
    /// Only answers of this model.
    model: Option<String>,
    /// Only what was written at or after this time (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Only what was written before this time (RFC 3339).
    to: Option<DateTime<Utc>>,
    /// 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 30)]
    limit: Option<u32>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum FoundRole {
    User,
    Assistant,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SearchHit {
    chat_id: Uuid,
    /// null: the chat was found by its title. To jump there, show the chat with this as `leaf`.
    message_id: Option<Uuid>,
    role: Option<FoundRole>,
    /// Of the chat.
    title: String,
    /// One line of the text around what was found.
    snippet: String,
    /// [start, end) of each word that was looked for, in Unicode characters of the snippet.
    highlights: Vec<[usize; 2]>,
    created_at: Time,
}

impl From<Found> for SearchHit {
    fn from(found: Found) -> Self {
        let role = found.message.map(|(_, role)| match role {
            Role::User => FoundRole::User,
            Role::Assistant => FoundRole::Assistant,
        });
        Self {
            chat_id: found.chat.0,
            message_id: found.message.map(|(id, _)| id.0),
            role,
            title: found.title,
            snippet: found.snippet.text,
            highlights: found.snippet.highlights,
            created_at: found.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SearchPage {
    items: Vec<SearchHit>,
    next_cursor: Option<String>,
}

/// Looks through one's messages, on every branch, and titles: the newest first. Spelling variants
/// (kaise, kese), case and diacritics are the same, and so are Devanagari and Roman script.
#[utoipa::path(get, path = "/api/search", operation_id = "search", tag = "chats", params(SearchQuery), responses(
    (status = 200, description = "One page", body = SearchPage),
    (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn search(
    State(app): State<App>,
    who: Principal,
    Query(query): Query<SearchQuery>,
) -> Result<Json<SearchPage>> {
    let limit = query.limit.unwrap_or(30);
    if !(1..=100).contains(&limit) {
        return Err(Error::field("limit", "range", "must be from 1 to 100"));
    }
    let search = Search {
        q: query.q,
        model: query.model,
        from: query.from,
        to: query.to,
        below: query.cursor.as_deref().map(position).transpose()?,
        limit,
    };
    let (found, next) = service::search(&app, &who, search).await?;
    Ok(Json(SearchPage {
        items: found.into_iter().map(SearchHit::from).collect(),
        next_cursor: next.map(|id| BASE64_URL_SAFE_NO_PAD.encode(id.to_string())),
    }))
}

fn position(cursor: &str) -> Result<i64> {
    let text = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok();
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    text.and_then(|text| text.parse().ok()).ok_or_else(|| {
        let detail = "must be the nextCursor of a page before";
        Error::field("cursor", "format", detail)
    })
}
