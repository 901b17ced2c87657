//! The queries of files, each scoped by owner but for those of work in the background.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait,
    IntoActiveModel, Order, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use store::{
    FileId, MessageId, UserId, Violation,
    entity::{
        file::{self, Kind, Status},
        file_garbage, job, message_attachment, user,
    },
    insert_if_absent, violation,
};
use uuid::Uuid;

use crate::error::{Error, FILE_NOT_FOUND, Result};

/// Rows written by one statement, within what both engines take of parameters.
const CHUNK: usize = 500;

/// A file of this owner; anybody else's is not there.
pub(super) async fn owned(
    db: &impl ConnectionTrait,
    owner: UserId,
    id: FileId,
) -> Result<file::Model> {
    let found = file::Entity::find_by_id(id)
        .filter(file::Column::OwnerId.eq(owner))
        .one(db)
        .await?;
    found.ok_or_else(|| Error::not_found(FILE_NOT_FOUND))
}

/// Those of `ids` that this owner has not thrown away.
pub(super) async fn those_of(
    db: &impl ConnectionTrait,
    owner: UserId,
    ids: &[FileId],
) -> Result<Vec<file::Model>> {
    let rows = file::Entity::find()
        .filter(file::Column::Id.is_in(ids.iter().copied()))
        .filter(file::Column::OwnerId.eq(owner))
        .filter(file::Column::Discarded.eq(false))
        .all(db)
        .await?;
    Ok(rows)
}

/// A file by its id alone, for work in the background.
pub(super) async fn for_background(
    db: &impl ConnectionTrait,
    id: FileId,
) -> Result<Option<file::Model>> {
    Ok(file::Entity::find_by_id(id).one(db).await?)
}

/// Files that wait since before `before` although no job is going to read them.
pub(super) async fn stuck(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<file::Model>> {
    let old = file::Entity::find()
        .filter(file::Column::Status.eq(Status::Pending))
        .filter(file::Column::CreatedAt.lt(before))
        .limit(limit)
        .all(db)
        .await?;
    let mut stuck = Vec::new();
    for row in old {
        let live = job::Entity::find()
            .filter(job::Column::Key.eq(row.id.to_string()))
            .filter(job::Column::State.is_in([job::State::Queued, job::State::Running]))
            .one(db)
            .await?;
        if live.is_none() {
            stuck.push(row);
        }
    }
    Ok(stuck)
}

/// The newest first, without what was thrown away.
pub(super) async fn page_of(
    db: &impl ConnectionTrait,
    owner: UserId,
    after: Option<FileId>,
    limit: u64,
) -> Result<Vec<file::Model>> {
    let mut query = file::Entity::find()
        .filter(file::Column::OwnerId.eq(owner))
        .filter(file::Column::Discarded.eq(false));
    if let Some(after) = after {
        query = query.filter(file::Column::Id.lt(after));
    }
    let rows = query
        .order_by(file::Column::Id, Order::Desc)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows)
}

/// Bytes of all files of an account, those thrown away but still in use among them.
pub(super) async fn bytes_of(db: &impl ConnectionTrait, owner: UserId) -> Result<u64> {
    let sum = Expr::col(file::Column::SizeBytes).sum().cast_as("bigint");
    let total: Option<Option<i64>> = file::Entity::find()
        .select_only()
        .expr_as(sum, "total")
        .filter(file::Column::OwnerId.eq(owner))
        .into_tuple()
        .one(db)
        .await?;
    Ok(total.flatten().unwrap_or_default().unsigned_abs())
}

/// Lets one request of an account count its files at a time.
pub(super) async fn lock_account(db: &impl ConnectionTrait, owner: UserId) -> Result<()> {
    user::Entity::find_by_id(owner)
        .select_only()
        .column(user::Column::Id)
        .lock_exclusive()
        .into_tuple::<Uuid>()
        .one(db)
        .await?;
    Ok(())
}

pub(super) async fn insert(db: &impl ConnectionTrait, row: file::Model) -> Result<()> {
    let row = row.into_active_model().reset_all();
    file::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Saves a file whose reading has ended; false when it is not waiting for that any more.
pub(super) async fn settle(db: &impl ConnectionTrait, row: file::Model) -> Result<bool> {
    let still = file::Entity::find_by_id(row.id)
        .filter(file::Column::Status.eq(Status::Pending))
        .lock_exclusive()
        .one(db)
        .await?;
    let Some(still) = still else {
        return Ok(false);
    };
    let row = file::Model {
        was_attached: still.was_attached,
        discarded: still.discarded,
        ..row
    };
    row.into_active_model().reset_all().update(db).await?;
    Ok(true)
}

pub(super) async fn discard(db: &impl ConnectionTrait, id: FileId) -> Result<()> {
    file::Entity::update_many()
        .col_expr(file::Column::Discarded, Expr::value(true))
        .filter(file::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Deletes a file unless a message uses it.
pub(super) async fn delete_unused(
    db: &impl ConnectionTrait,
    id: FileId,
    only_after_use: bool,
) -> Result<bool> {
    let uses = Query::select()
        .expr(Expr::val(1))
        .from(message_attachment::Entity)
        .and_where(message_attachment::Column::FileId.eq(id))
        .take();
    let mut query = file::Entity::delete_many()
        .filter(file::Column::Id.eq(id))
        .filter(Expr::exists(uses).not());
    if only_after_use {
        query = query.filter(
            Condition::any()
                .add(file::Column::WasAttached.eq(true))
                .add(file::Column::Discarded.eq(true)),
        );
    }
    match query.exec(db).await {
        Ok(deleted) => Ok(deleted.rows_affected > 0),
        // Somebody attached it at this very moment.
        Err(error) if matches!(violation(&error), Some((Violation::ForeignKey, _))) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The message shows these files, in this order.
pub(super) async fn attach(
    db: &impl ConnectionTrait,
    owner: UserId,
    message: MessageId,
    ids: &[FileId],
) -> Result<()> {
    let rows = ids.iter().zip(0_i32..).map(|(id, position)| {
        message_attachment::Model {
            message_id: message,
            file_id: *id,
            owner_id: owner,
            position,
        }
        .into_active_model()
        .reset_all()
    });
    let written = message_attachment::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await;
    written.map_err(|error| match violation(&error) {
        Some((Violation::ForeignKey, _)) => Error::not_found(FILE_NOT_FOUND),
        _ => error.into(),
    })?;
    file::Entity::update_many()
        .col_expr(file::Column::WasAttached, Expr::value(true))
        .filter(file::Column::Id.is_in(ids.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

/// The files of these messages, in their order.
pub(super) async fn attached(
    db: &impl ConnectionTrait,
    messages: &[MessageId],
) -> Result<HashMap<MessageId, Vec<file::Model>>> {
    let mut found: HashMap<MessageId, Vec<file::Model>> = HashMap::new();
    for chunk in messages.chunks(CHUNK) {
        let rows = message_attachment::Entity::find()
            .filter(message_attachment::Column::MessageId.is_in(chunk.iter().copied()))
            .order_by_asc(message_attachment::Column::Position)
            .all(db)
            .await?;
        if rows.is_empty() {
            continue;
        }
        let ids: Vec<FileId> = rows.iter().map(|row| row.file_id).collect();
        let mut files: HashMap<FileId, file::Model> = HashMap::new();
        for ids in ids.chunks(CHUNK) {
            let some = file::Entity::find()
                .filter(file::Column::Id.is_in(ids.iter().copied()))
                .all(db)
                .await?;
            files.extend(some.into_iter().map(|file| (file.id, file)));
        }
        for row in rows {
            if let Some(file) = files.get(&row.file_id) {
                found.entry(row.message_id).or_default().push(file.clone());
            }
        }
    }
    Ok(found)
}

pub(super) async fn is_any_pending(db: &impl ConnectionTrait, ids: &[FileId]) -> Result<bool> {
    let pending = file::Entity::find()
        .filter(file::Column::Id.is_in(ids.iter().copied()))
        .filter(file::Column::Status.eq(Status::Pending))
        .one(db)
        .await?;
    Ok(pending.is_some())
}

pub(super) async fn messages_with(
    db: &impl ConnectionTrait,
    owner: UserId,
    id: FileId,
) -> Result<Vec<MessageId>> {
    let ids = message_attachment::Entity::find()
        .select_only()
        .column(message_attachment::Column::MessageId)
        .filter(message_attachment::Column::FileId.eq(id))
        .filter(message_attachment::Column::OwnerId.eq(owner))
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids)
}

/// Copies of messages show what the originals show: (original, copy).
pub(super) async fn copy_attachments(
    db: &impl ConnectionTrait,
    pairs: &[(MessageId, MessageId)],
) -> Result<()> {
    for chunk in pairs.chunks(CHUNK) {
        let copies: HashMap<MessageId, MessageId> = chunk.iter().copied().collect();
        let rows = message_attachment::Entity::find()
            .filter(message_attachment::Column::MessageId.is_in(copies.keys().copied()))
            .all(db)
            .await?;
        let rows = rows.into_iter().filter_map(|row| {
            let message_id = *copies.get(&row.message_id)?;
            let copy = message_attachment::Model { message_id, ..row };
            Some(copy.into_active_model().reset_all())
        });
        let rows: Vec<_> = rows.collect();
        if !rows.is_empty() {
            message_attachment::Entity::insert_many(rows)
                .exec_without_returning(db)
                .await?;
        }
    }
    Ok(())
}

/// Bytes that are about to be stored are garbage until a row names them.
pub(super) async fn expect_blobs(
    db: &impl ConnectionTrait,
    keys: &[Uuid],
    not_before: DateTime<Utc>,
) -> Result<()> {
    for key in keys {
        let row = file_garbage::Model {
            id: *key,
            kind: file_garbage::Kind::Blob,
            not_before: Some(not_before),
        };
        let row = row.into_active_model().reset_all();
        insert_if_absent::<file_garbage::Entity, _>(db, row, [file_garbage::Column::Id]).await?;
    }
    Ok(())
}

/// They are dealt with.
pub(super) async fn forget_garbage(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<()> {
    file_garbage::Entity::delete_many()
        .filter(file_garbage::Column::Id.is_in(ids.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

pub(super) async fn garbage(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<file_garbage::Model>> {
    let rows = file_garbage::Entity::find()
        .filter(
            Condition::any()
                .add(file_garbage::Column::NotBefore.is_null())
                .add(file_garbage::Column::NotBefore.lte(now)),
        )
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows)
}

/// Whether a message may show it.
pub(super) fn is_attachable(row: &file::Model) -> bool {
    row.kind != Kind::Archive
}
