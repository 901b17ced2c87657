//! What is remembered: typed ids, one entity file per table, migrations, [`Db`] and [`Tx`].
//!
//! `dialect/` holds the only raw SQL, both engines side by side. Everything else is `SeaORM` as a
//! typed query builder. [`Db::write`] is the only way to begin a transaction; never await a model
//! or the network inside it. Times and ids are stored as given: nothing here reads the clock
//! except for the moment an outbox row is appended, which the caller's clock tells.

mod db;
pub mod dialect;
pub mod entity;
mod id;
mod migration;
pub mod outbox;

pub use db::{Db, Fact, Options, ReadDb, Synchronous, Tx, Violation, insert_if_absent, violation};
pub use id::{
    ChatId, ComparisonId, FileId, FolderId, GenerationId, JobId, MessageId, NotificationId,
    SessionId, ShareId, SummaryId, UserId,
};
pub use migration::Migrator;
pub use sea_orm::DbErr;
