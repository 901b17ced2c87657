//! Routes of the tree: all branches, an edited answer, a branch as a chat of its own.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::{ChatId, MessageId, entity::message::Role};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    super::{
        compare, reading,
        tree::{self, Fork, Node},
    },
    views::{Chat, ChatEnvelope, MessageEnvelope, MessageRole, MessageStatus, MessageView},
};
use crate::{
    app::App,
    error::Result,
    platform::{
        auth::Principal,
        http::{Json, Path, Time, problem::Problem},
    },
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(edit))
        .routes(routes!(fork))
}

/// A message as the tree shows it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TreeNode {
    id: Uuid,
    parent_id: Option<Uuid>,
    role: MessageRole,
    status: MessageStatus,
    /// Its first 120 characters.
    preview: String,
    model_used: Option<String>,
    comparison_id: Option<Uuid>,
    created_at: Time,
}

impl From<Node> for TreeNode {
    fn from(node: Node) -> Self {
        Self {
            id: node.id.0,
            parent_id: node.parent_id.map(|id| id.0),
            role: match node.role {
                Role::User => MessageRole::User,
                Role::Assistant => MessageRole::Assistant,
            },
            status: node.status.into(),
            preview: node.preview,
            model_used: node.model_used,
            comparison_id: node.comparison_id.map(|id| id.0),
            created_at: node.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChatTree {
    /// Every message of every branch, the older first.
    items: Vec<TreeNode>,
    active_leaf_id: Option<Uuid>,
}

/// Every branch of a chat at a glance.
#[utoipa::path(get, path = "/api/chats/{id}/tree", operation_id = "show_tree", tag = "chats", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The tree", body = ChatTree),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json")))]
async fn show(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
) -> Result<Json<ChatTree>> {
    let (chat, nodes) = tree::whole(&app, &who, ChatId(id)).await?;
    Ok(Json(ChatTree {
        items: nodes.into_iter().map(TreeNode::from).collect(),
        active_leaf_id: chat.active_leaf_id.map(|id| id.0),
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EditBody {
    /// A `UUIDv7` of the client's own, which only ever inserts.
    id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 1_000_000)]
    content: String,
}

/// An answer in other words, as a sibling of the model's, which stays; it becomes the active leaf.
#[utoipa::path(post, path = "/api/chats/{id}/messages/{messageId}/edit", operation_id = "edit_answer", tag = "chats",
    request_body = EditBody,
    params(("id" = Uuid, Path), ("messageId" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 201, description = "The edited answer", body = MessageEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Still running, not an answer, or the id is taken", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn edit(
    State(app): State<App>,
    who: Principal,
    Path((chat, id)): Path<(Uuid, Uuid)>,
    Json(body): Json<EditBody>,
) -> Result<(StatusCode, Json<MessageEnvelope>)> {
    let place = (ChatId(chat), MessageId(id));
    let row = tree::edit(&app, &who, place, body.id, &body.content).await?;
    let siblings = reading::siblings_of(&app, who.id, &row).await?;
    let shown = compare::show_one(&app, who.id, row).await?;
    let message = MessageView::of(shown, &siblings);
    Ok((StatusCode::CREATED, Json(MessageEnvelope { message })))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ForkBody {
    /// The last message of the new chat.
    message_id: Uuid,
    /// A `UUIDv7` of the client's own, which only ever inserts.
    id: Option<Uuid>,
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
}

/// A new chat with a copy of the path from the root to a message.
#[utoipa::path(post, path = "/api/chats/{id}/fork", operation_id = "fork_chat", tag = "chats", request_body = ForkBody,
    params(("id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 201, description = "The new chat", body = ChatEnvelope),
        (status = 400, description = "Malformed", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "From another site", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not there, or not yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Still running, to be voted on first, or the id is taken", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A value is not allowed", body = Problem, content_type = "application/problem+json")))]
async fn fork(
    State(app): State<App>,
    who: Principal,
    Path(id): Path<Uuid>,
    Json(body): Json<ForkBody>,
) -> Result<(StatusCode, Json<ChatEnvelope>)> {
    let fork = Fork {
        message: MessageId(body.message_id),
        id: body.id,
        title: body.title,
    };
    let chat = tree::fork(&app, &who, ChatId(id), fork).await?;
    let chat = Chat::of(&app, chat, Vec::new());
    Ok((StatusCode::CREATED, Json(ChatEnvelope { chat })))
}
