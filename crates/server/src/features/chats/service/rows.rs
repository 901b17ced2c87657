//! Rows of messages as they begin.

use ::store::{
    ChatId, MessageId,
    entity::message::{self, Role, Status},
};
use chrono::{DateTime, Utc};

use crate::{app::App, params::Params};

pub(super) fn question(
    app: &App,
    chat: ChatId,
    parent: Option<MessageId>,
    id: Option<uuid::Uuid>,
    content: String,
    params: &Params,
) -> message::Model {
    let id = id.map_or_else(|| app.clock.id(), MessageId);
    let row = blank(id, chat, app.clock.now());
    message::Model {
        parent_id: parent,
        content,
        params: params.to_row(),
        ..row
    }
}

pub(super) fn answer(
    app: &App,
    question: &message::Model,
    model: &str,
    params: &Params,
) -> message::Model {
    message::Model {
        parent_id: Some(question.id),
        role: Role::Assistant,
        status: Status::Streaming,
        model_asked: Some(model.to_owned()),
        params: params.to_row(),
        ..blank(app.clock.id(), question.chat_id, app.clock.now())
    }
}

pub(in super::super) fn blank(
    id: MessageId,
    chat_id: ChatId,
    created_at: DateTime<Utc>,
) -> message::Model {
    message::Model {
        id,
        chat_id,
        parent_id: None,
        role: Role::User,
        status: Status::Complete,
        content: String::new(),
        reasoning: None,
        citations: serde_json::json!([]),
        annotations: serde_json::json!([]),
        params: serde_json::json!({}),
        edited_from_id: None,
        comparison_id: None,
        context: None,
        route: None,
        model_asked: None,
        model_used: None,
        finish_reason: None,
        prompt_tokens: None,
        completion_tokens: None,
        usage_estimated: false,
        cost_microusd: None,
        ttft_ms: None,
        latency_ms: None,
        applied_seq: 0,
        error: None,
        created_at,
    }
}
