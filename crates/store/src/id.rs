//! Typed ids: bare `UUIDv7` values that cannot be mistaken for one another.

use std::{fmt, str::FromStr};

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            DeriveValueType,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

id! {
    /// An account.
    UserId,
    /// A signed-in device: one family of refresh tokens.
    SessionId,
    /// A chat.
    ChatId,
    /// A message of a chat.
    MessageId,
    /// One run of a model that fills one message.
    GenerationId,
    /// A folder of chats.
    FolderId,
    /// One question put to several models.
    ComparisonId,
    /// A file, or what was read from a web address.
    FileId,
    /// A summary that stands for the older turns of a branch.
    SummaryId,
    /// A link by which others read a chat.
    ShareId,
    /// A piece of work in the background.
    JobId,
    /// Something a person is told.
    NotificationId,
}
