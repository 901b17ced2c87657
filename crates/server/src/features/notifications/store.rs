//! The queries of notifications, each scoped by the person.

use std::collections::HashMap;

use ::store::{
    NotificationId, UserId,
    entity::notification::{self, Column, Entity},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::error::Result;

/// Where one page of the list ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub created_at: DateTime<Utc>,
    pub id: NotificationId,
}

/// Stores a row, or puts it in the place of the unread one with the same key; tells the id that it
/// has then.
pub(super) async fn put(
    db: &impl ConnectionTrait,
    row: notification::Model,
) -> Result<NotificationId> {
    let conflict = OnConflict::columns([Column::UserId, Column::UnreadKey])
        .update_columns([
            Column::Kind,
            Column::Title,
            Column::Detail,
            Column::ChatId,
            Column::Link,
            Column::CreatedAt,
        ])
        .to_owned();
    let (id, user, key) = (row.id, row.user_id, row.unread_key.clone());
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(conflict)
        .exec_without_returning(db)
        .await?;
    let stored: Option<NotificationId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::UserId.eq(user))
        .filter(Column::UnreadKey.eq(key))
        .into_tuple()
        .one(db)
        .await?;
    Ok(stored.unwrap_or(id))
}

pub(super) async fn insert_all(
    db: &impl ConnectionTrait,
    rows: Vec<notification::Model>,
) -> Result<()> {
    let rows = rows
        .into_iter()
        .map(|row| row.into_active_model().reset_all());
    Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

pub(super) async fn of(
    db: &impl ConnectionTrait,
    user: UserId,
    id: NotificationId,
) -> Result<Option<notification::Model>> {
    let found = Entity::find_by_id(id).filter(Column::UserId.eq(user));
    Ok(found.one(db).await?)
}

/// The unread rows that these people have under one key.
pub(super) async fn unread_under(
    db: &impl ConnectionTrait,
    users: &[UserId],
    key: &str,
) -> Result<Vec<notification::Model>> {
    let rows = Entity::find()
        .filter(Column::UserId.is_in(users.iter().copied()))
        .filter(Column::UnreadKey.eq(key))
        .all(db)
        .await?;
    Ok(rows)
}

/// The latest first.
pub(super) async fn page_of(
    db: &impl ConnectionTrait,
    user: UserId,
    only_unread: bool,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<notification::Model>> {
    let mut query = Entity::find().filter(Column::UserId.eq(user));
    if only_unread {
        query = query.filter(Column::UnreadKey.is_not_null());
    }
    if let Some(after) = after {
        let below = Condition::any()
            .add(Column::CreatedAt.lt(after.created_at))
            .add(Column::Id.lt(after.id));
        query = query
            .filter(Column::CreatedAt.lte(after.created_at))
            .filter(below);
    }
    let rows = query
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows)
}

pub(super) async fn unread_count(db: &impl ConnectionTrait, user: UserId) -> Result<u64> {
    let unread = Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::UnreadKey.is_not_null());
    Ok(unread.count(db).await?)
}

/// How many each of these people has not read; who has read all is not among them.
pub(super) async fn unread_counts(
    db: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<HashMap<UserId, i64>> {
    let counts: Vec<(UserId, i64)> = Entity::find()
        .select_only()
        .column(Column::UserId)
        .column_as(Column::Id.count(), "unread")
        .filter(Column::UserId.is_in(users.iter().copied()))
        .filter(Column::UnreadKey.is_not_null())
        .group_by(Column::UserId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().collect())
}

/// Which of a person's notifications become read.
pub(super) enum Which<'a> {
    All,
    These(&'a [NotificationId]),
    Key(&'a str),
}

/// Tells whether any was unread.
pub(super) async fn mark_read(
    db: &impl ConnectionTrait,
    user: UserId,
    which: Which<'_>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let mut update = Entity::update_many()
        .col_expr(Column::UnreadKey, Expr::value(None::<String>))
        .col_expr(Column::ReadAt, Expr::value(Some(now)))
        .filter(Column::UserId.eq(user))
        .filter(Column::UnreadKey.is_not_null());
    update = match which {
        Which::All => update,
        Which::These(ids) => update.filter(Column::Id.is_in(ids.iter().copied())),
        Which::Key(key) => update.filter(Column::UnreadKey.eq(key)),
    };
    Ok(update.exec(db).await?.rows_affected > 0)
}

/// False when there is none.
pub(super) async fn delete(
    db: &impl ConnectionTrait,
    user: UserId,
    id: NotificationId,
) -> Result<bool> {
    let gone = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::UserId.eq(user))
        .exec(db)
        .await?;
    Ok(gone.rows_affected > 0)
}

pub(super) async fn prune(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64> {
    let gone = Entity::delete_many()
        .filter(Column::CreatedAt.lt(before))
        .exec(db)
        .await?;
    Ok(gone.rows_affected)
}
