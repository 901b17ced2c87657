//! What the API shows of chats.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{
    MessageId,
    entity::{
        chat,
        message::{self, Role, Status},
        message_vote, pair_vote,
    },
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    compare::{Compared, Shown},
    reading::{Siblings, View},
    service::Sent,
    temporary, titles,
};
use super::context::SummaryView;
use crate::{
    app::App,
    error::{Error, Result},
    features::files::FileView,
    params::Params,
    platform::http::Time,
};

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "five things that a chat is or is not"
)]
pub struct Chat {
    id: Uuid,
    title: String,
    /// A better title is being made.
    title_pending: bool,
    model: Option<String>,
    params: Params,
    pinned: bool,
    archived: bool,
    /// An answer came that nobody has looked at, or the owner marked it so.
    unread: bool,
    folder_id: Option<Uuid>,
    tags: Vec<String>,
    active_leaf_id: Option<Uuid>,
    /// What the chat was made from; null for one begun here.
    #[schema(value_type = Option<Object>)]
    origin: Option<Value>,
    /// Kept in the server's memory alone, for a while.
    temporary: bool,
    created_at: Time,
    updated_at: Time,
}

impl Chat {
    pub fn of(app: &App, chat: chat::Model, tags: Vec<String>) -> Self {
        Self {
            id: chat.id.0,
            title_pending: titles::is_pending(app, &chat),
            temporary: temporary::holds(app, chat.owner_id, chat.id),
            title: chat.title,
            model: chat.model_choice,
            unread: chat.unread,
            folder_id: chat.folder_id.map(|id| id.0),
            tags,
            params: Params::from_row(&chat.params),
            pinned: chat.pinned,
            archived: chat.archived,
            origin: chat.origin,
            active_leaf_id: chat.active_leaf_id.map(|id| id.0),
            created_at: chat.created_at.into(),
            updated_at: chat.updated_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ChatEnvelope {
    pub chat: Chat,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things that a row of the list shows"
)]
pub struct ChatSummary {
    id: Uuid,
    title: String,
    title_pending: bool,
    model: Option<String>,
    pinned: bool,
    archived: bool,
    /// An answer came that nobody has looked at, or the owner marked it so.
    unread: bool,
    folder_id: Option<Uuid>,
    tags: Vec<String>,
    /// The message at the end of the branch that is shown.
    active_leaf_id: Option<Uuid>,
    updated_at: Time,
    created_at: Time,
}

impl ChatSummary {
    pub fn of(app: &App, chat: chat::Model, tags: Vec<String>) -> Self {
        Self {
            id: chat.id.0,
            title_pending: titles::is_pending(app, &chat),
            title: chat.title,
            model: chat.model_choice,
            pinned: chat.pinned,
            archived: chat.archived,
            unread: chat.unread,
            folder_id: chat.folder_id.map(|id| id.0),
            tags,
            active_leaf_id: chat.active_leaf_id.map(|id| id.0),
            updated_at: chat.updated_at.into(),
            created_at: chat.created_at.into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatPage {
    pub items: Vec<ChatSummary>,
    pub next_cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageRole {
    User,
    Assistant,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageStatus {
    Streaming,
    Complete,
    Stopped,
    Interrupted,
    Failed,
}

impl From<Status> for MessageStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Streaming => Self::Streaming,
            Status::Complete => Self::Complete,
            Status::Stopped => Self::Stopped,
            Status::Interrupted => Self::Interrupted,
            Status::Failed => Self::Failed,
        }
    }
}

/// What an answer took, in tokens.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageUsage {
    prompt_tokens: i64,
    completion_tokens: i64,
    /// The provider did not count: about four bytes are taken for a token.
    estimated: bool,
}

/// A source that an answer cites.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageCitation {
    url: String,
    title: Option<String>,
    text: Option<String>,
    /// In characters of the answer.
    start_index: Option<u32>,
    end_index: Option<u32>,
}

/// Why an answer is not whole.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageError {
    code: String,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

/// What a model was told when it answered.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageContext {
    /// An estimate.
    tokens: u64,
    /// The summary that stood for the older turns.
    summary_id: Option<Uuid>,
    /// Images that were attached to what it was told, of a model that cannot see.
    #[serde(default)]
    unseen_images: u32,
    /// Files that were attached and could not be read, or not in time.
    #[serde(default)]
    unread_files: u32,
}

/// What the owner thinks of an answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageVote {
    /// `up` or `down`.
    vote: &'static str,
    reason: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    id: Uuid,
    chat_id: Uuid,
    parent_id: Option<Uuid>,
    /// The messages with the same parent, this one included, oldest first.
    sibling_ids: Vec<Uuid>,
    role: MessageRole,
    status: MessageStatus,
    content: String,
    /// The files that it shows, in their order.
    attachments: Vec<FileView>,
    reasoning: Option<String>,
    citations: Vec<MessageCitation>,
    /// Other annotations of the answer, as the provider sent them.
    #[schema(value_type = Vec<Object>)]
    annotations: Vec<Value>,
    /// The parameters that were used, the chat's included.
    params: Params,
    /// The answers of one comparison share it.
    comparison_id: Option<Uuid>,
    /// The answer that a person made this one from.
    edited_from_id: Option<Uuid>,
    /// What the model was told.
    context: Option<MessageContext>,
    vote: Option<MessageVote>,
    /// Model, cost and speed are null while a blind comparison waits for its vote.
    model_asked: Option<String>,
    model_used: Option<String>,
    /// `stop`, `length`, `contentFilter`, or the provider's word.
    finish_reason: Option<String>,
    usage: Option<MessageUsage>,
    cost_microusd: Option<i64>,
    /// From the question to the first piece of the answer.
    ttft_ms: Option<i64>,
    latency_ms: Option<i64>,
    error: Option<MessageError>,
    created_at: Time,
}

impl MessageView {
    /// `siblings` holds (parent, child) of at least this message's parent.
    pub fn of(shown: Shown, siblings: &[(Option<MessageId>, MessageId)]) -> Self {
        let attachments = shown.attachments().iter().cloned();
        let attachments = attachments.map(FileView::from).collect();
        let (row, vote) = shown.into_parts();
        let same = siblings
            .iter()
            .filter(|(parent, _)| *parent == row.parent_id);
        let mut sibling_ids: Vec<Uuid> = same.map(|(_, id)| id.0).collect();
        if sibling_ids.is_empty() {
            sibling_ids.push(row.id.0);
        }
        Self {
            usage: usage(&row),
            params: Params::from_row(&row.params),
            comparison_id: row.comparison_id.map(|id| id.0),
            edited_from_id: row.edited_from_id.map(|id| id.0),
            context: row
                .context
                .and_then(|value| serde_json::from_value(value).ok()),
            vote: vote.map(|vote| MessageVote {
                vote: match vote.vote {
                    message_vote::Thumb::Up => "up",
                    message_vote::Thumb::Down => "down",
                },
                reason: vote.reason,
            }),
            citations: serde_json::from_value(row.citations).unwrap_or_default(),
            annotations: serde_json::from_value(row.annotations).unwrap_or_default(),
            error: row
                .error
                .and_then(|error| serde_json::from_value(error).ok()),
            id: row.id.0,
            chat_id: row.chat_id.0,
            parent_id: row.parent_id.map(|id| id.0),
            sibling_ids,
            role: match row.role {
                Role::User => MessageRole::User,
                Role::Assistant => MessageRole::Assistant,
            },
            status: row.status.into(),
            content: row.content,
            attachments,
            reasoning: row.reasoning,
            model_asked: row.model_asked,
            model_used: row.model_used,
            finish_reason: row.finish_reason,
            cost_microusd: row.cost_microusd,
            ttft_ms: row.ttft_ms,
            latency_ms: row.latency_ms,
            created_at: row.created_at.into(),
        }
    }
}

fn usage(row: &message::Model) -> Option<MessageUsage> {
    Some(MessageUsage {
        prompt_tokens: row.prompt_tokens?,
        completion_tokens: row.completion_tokens?,
        estimated: row.usage_estimated,
    })
}

#[derive(Serialize, ToSchema)]
pub struct MessageEnvelope {
    pub message: MessageView,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    pub assistant_message: MessageView,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentView {
    user_message: MessageView,
    /// The first of the answers.
    assistant_message: MessageView,
    /// All of them, in the order of their columns.
    assistant_messages: Vec<MessageView>,
}

impl SentView {
    /// `shown` is the question and its answers.
    pub fn of(shown: Vec<Shown>, siblings: &Siblings) -> Result<Self> {
        let nothing = || Error::internal("a question was stored without its answer");
        let mut shown = shown.into_iter();
        let question = shown.next().ok_or_else(nothing)?;
        let answers: Vec<Shown> = shown.collect();
        let id = question.row().id;
        let own = answers.iter().map(|answer| (Some(id), answer.row().id));
        let all: Siblings = siblings.iter().copied().chain(own).collect();
        let first = answers.first().cloned().ok_or_else(nothing)?;
        Ok(Self {
            user_message: MessageView::of(question, &all),
            assistant_message: MessageView::of(first, &all),
            assistant_messages: answers
                .into_iter()
                .map(|answer| MessageView::of(answer, &all))
                .collect(),
        })
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentWithChat {
    chat: Chat,
    #[serde(flatten)]
    sent: SentView,
}

impl SentWithChat {
    pub fn of(app: &App, sent: Sent, shown: Vec<Shown>) -> Result<Self> {
        Ok(Self {
            sent: SentView::of(shown, &Siblings::new())?,
            chat: Chat::of(app, sent.chat, Vec::new()),
        })
    }
}

/// One question put to several models.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonView {
    id: Uuid,
    question_id: Uuid,
    is_blind: bool,
    /// Models, cost and speed are shown.
    is_revealed: bool,
    /// `left`, `right`, `tie` or `bothBad`; null before the vote.
    winner: Option<&'static str>,
    /// The answers in the order of their columns.
    messages: Vec<MessageView>,
}

impl ComparisonView {
    fn of(compared: Compared, siblings: &Siblings) -> Self {
        let Compared {
            comparison,
            winner,
            answers,
        } = compared;
        Self {
            id: comparison.id.0,
            question_id: comparison.question_id.0,
            is_blind: comparison.is_blind,
            is_revealed: !comparison.is_blind || comparison.revealed_at.is_some(),
            winner: winner.map(|winner| match winner {
                pair_vote::Winner::Left => "left",
                pair_vote::Winner::Right => "right",
                pair_vote::Winner::Tie => "tie",
                pair_vote::Winner::BothBad => "bothBad",
            }),
            messages: answers
                .into_iter()
                .map(|answer| MessageView::of(answer, siblings))
                .collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChatView {
    chat: Chat,
    /// Oldest first.
    messages: Vec<MessageView>,
    /// Those whose question is among the messages.
    comparisons: Vec<ComparisonView>,
    /// Those that stand for older turns of this branch, oldest first; the last is what is told.
    summaries: Vec<SummaryView>,
    /// There is more above: `before` of the next request.
    prev_cursor: Option<Uuid>,
}

impl ChatView {
    pub fn of(app: &App, view: View, tags: Vec<String>) -> Self {
        let View {
            chat,
            messages,
            comparisons,
            summaries,
            siblings,
            above,
        } = view;
        Self {
            chat: Chat::of(app, chat, tags),
            messages: messages
                .into_iter()
                .map(|shown| MessageView::of(shown, &siblings))
                .collect(),
            comparisons: comparisons
                .into_iter()
                .map(|compared| ComparisonView::of(compared, &siblings))
                .collect(),
            summaries: summaries.into_iter().map(SummaryView::from).collect(),
            prev_cursor: above.map(|id| id.0),
        }
    }
}
