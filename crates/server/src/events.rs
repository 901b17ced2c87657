//! The facts the system announces, past tense. Each is appended to the outbox in the transaction
//! that makes it true; consumers read them by a named cursor, at least once.

use serde::{Deserialize, Serialize};
use store::{ChatId, Fact, FileId, GenerationId, JobId, MessageId, NotificationId, UserId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// An account was made. Audience: administrators.
    UserRegistered { user: UserId },
    /// An account and all it owned is gone. Audience: administrators.
    UserDeleted { user: UserId },
    /// A chat was begun. Audience: its owner.
    ChatCreated { chat: ChatId, owner: UserId },
    /// Something of a chat changed that a list shows. Audience: its owner.
    ChatUpdated { chat: ChatId, owner: UserId },
    /// Its owner has looked at what was new in a chat. Audience: its owner.
    ChatRead { chat: ChatId, owner: UserId },
    /// A question was put with its answers, or an answer was begun anew. Audience: the chat's owner.
    MessageSent {
        chat: ChatId,
        owner: UserId,
        messages: Vec<MessageId>,
    },
    /// Messages are shown otherwise than before. Audience: the chat's owner.
    MessagesChanged {
        chat: ChatId,
        owner: UserId,
        messages: Vec<MessageId>,
    },
    /// Somebody's folders changed. Audience: their owner.
    FoldersChanged { owner: UserId },
    /// A chat is gone. Audience: its owner.
    ChatDeleted { chat: ChatId, owner: UserId },
    /// An answer came to its end, well or not. Audience: the chat's owner.
    AnswerEnded {
        chat: ChatId,
        message: MessageId,
        owner: UserId,
        status: String,
        /// Which run of the model it was; facts of old do not say.
        #[serde(default)]
        generation: Option<GenerationId>,
    },
    /// A job in the background came further, or to its end. Audience: its owner.
    JobChanged { job: JobId, owner: UserId },
    /// Somebody is told something. Audience: that person.
    NotificationAdded {
        user: UserId,
        notification: NotificationId,
    },
    /// Somebody has fewer unread notifications than before. Audience: that person.
    NotificationsRead { user: UserId },
    /// An administrator told everybody something. Audience: everybody.
    NoticeSent { notice: NotificationId },
    /// A file was read, or could not be. Audience: its owner.
    FileUpdated { file: FileId, owner: UserId },
}

impl Fact for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::UserRegistered { .. } => "user_registered",
            Self::UserDeleted { .. } => "user_deleted",
            Self::ChatCreated { .. } => "chat_created",
            Self::ChatUpdated { .. } => "chat_updated",
            Self::MessageSent { .. } => "message_sent",
            Self::MessagesChanged { .. } => "messages_changed",
            Self::FoldersChanged { .. } => "folders_changed",
            Self::ChatRead { .. } => "chat_read",
            Self::ChatDeleted { .. } => "chat_deleted",
            Self::AnswerEnded { .. } => "answer_ended",
            Self::JobChanged { .. } => "job_changed",
            Self::NotificationAdded { .. } => "notification_added",
            Self::NotificationsRead { .. } => "notifications_read",
            Self::NoticeSent { .. } => "notice_sent",
            Self::FileUpdated { .. } => "file_updated",
        }
    }

    fn payload(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
