//! What the API takes of chats.

use serde::{Deserialize, Deserializer};
use store::{ChatId, FileId, FolderId, MessageId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::service::{Asked, ChangeChat, NewChat, NewMessage, Parent};
use crate::params::Params;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewChatBody {
    /// A `UUIDv7` of the client's own, which only ever inserts.
    id: Option<Uuid>,
    user_message_id: Option<Uuid>,
    /// The question.
    #[schema(max_length = 1_000_000)]
    message: String,
    /// One's own files to show with it, 20 at the most; the message may be empty then.
    #[serde(default)]
    #[schema(max_items = 20)]
    attachments: Vec<Uuid>,
    /// A model of the catalogue; absent: the user's default, else the last used, else the first.
    model: Option<String>,
    /// Two to four models instead, whose answers stand side by side.
    #[schema(min_items = 2, max_items = 4)]
    models: Option<Vec<String>>,
    /// Hides which of two models wrote which answer until the vote.
    #[serde(default)]
    blind: bool,
    #[serde(default)]
    params: Params,
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    /// Keeps the chat in the server's memory alone, for a while: it is not listed, found or shared.
    #[serde(default)]
    temporary: bool,
}

impl From<NewChatBody> for NewChat {
    fn from(body: NewChatBody) -> Self {
        Self {
            id: body.id.map(ChatId),
            user_message_id: body.user_message_id.map(MessageId),
            message: body.message,
            attachments: body.attachments.into_iter().map(FileId).collect(),
            asked: Asked {
                model: body.model,
                models: body.models,
                blind: body.blind,
            },
            params: body.params,
            title: body.title,
            is_temporary: body.temporary,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMessageBody {
    /// A `UUIDv7` of the client's own, which only ever inserts.
    id: Option<Uuid>,
    #[schema(max_length = 1_000_000)]
    content: String,
    /// One's own files to show with it, 20 at the most; the content may be empty then.
    #[serde(default)]
    #[schema(max_items = 20)]
    attachments: Vec<Uuid>,
    /// An answer to go on from; absent: the active leaf; null: a new first message.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    parent_id: Option<Option<Uuid>>,
    model: Option<String>,
    /// Two to four models instead, whose answers stand side by side.
    #[schema(min_items = 2, max_items = 4)]
    models: Option<Vec<String>>,
    /// Hides which of two models wrote which answer until the vote.
    #[serde(default)]
    blind: bool,
    #[serde(default)]
    params: Params,
}

/// Tells a field that is null from one that is absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl From<NewMessageBody> for NewMessage {
    fn from(body: NewMessageBody) -> Self {
        Self {
            id: body.id.map(MessageId),
            content: body.content,
            attachments: body.attachments.into_iter().map(FileId).collect(),
            parent: match body.parent_id {
                None => Parent::ActiveLeaf,
                Some(None) => Parent::Root,
                Some(Some(id)) => Parent::Message(MessageId(id)),
            },
            asked: Asked {
                model: body.model,
                models: body.models,
                blind: body.blind,
            },
            params: body.params,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeChatBody {
    #[schema(min_length = 1, max_length = 200)]
    title: Option<String>,
    pinned: Option<bool>,
    archived: Option<bool>,
    /// null goes back to the user's default.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    model: Option<Option<String>>,
    params: Option<Params>,
    /// A message: the newest leaf below it becomes the branch that is shown.
    active_leaf_id: Option<Uuid>,
    /// One's folder; null takes the chat out of its folder.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Uuid>)]
    folder_id: Option<Option<Uuid>>,
    /// All tags that the chat is to have; upper and lower case are the same.
    #[schema(max_items = 20)]
    tags: Option<Vec<String>>,
    unread: Option<bool>,
}

impl From<ChangeChatBody> for ChangeChat {
    fn from(body: ChangeChatBody) -> Self {
        Self {
            title: body.title,
            pinned: body.pinned,
            archived: body.archived,
            model: body.model,
            params: body.params,
            active_leaf: body.active_leaf_id.map(MessageId),
            folder: body.folder_id.map(|id| id.map(FolderId)),
            tags: body.tags,
            unread: body.unread,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetryBody {
    /// Another model; absent: the same.
    pub model: Option<String>,
}
