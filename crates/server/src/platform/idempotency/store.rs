//! The rows behind `Idempotency-Key`.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr,
};
use store::{
    Db, UserId,
    entity::idempotency::{ActiveModel, Column, Entity},
    insert_if_absent,
};

use crate::error::Result;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

pub enum Begun {
    /// Nobody has made this request yet: it is ours now.
    First,
    /// Somebody is at it.
    Running,
    /// The key belongs to another request.
    Other,
    /// It was answered.
    Answered { status: i32, body: String },
    /// It was answered, and the answer could not be kept.
    NotKept,
}

pub async fn begin(
    db: &Db,
    user: UserId,
    key: &str,
    hash: &[u8],
    now: DateTime<Utc>,
    abandoned: DateTime<Utc>,
) -> Result<Begun> {
    db.write(async |tx| {
        Entity::delete_many()
            .filter(Column::UserId.eq(user))
            .filter(Column::Key.eq(key))
            .filter(
                Condition::any().add(Column::ExpiresAt.lt(now)).add(
                    Condition::all()
                        .add(Column::Status.is_null())
                        .add(Column::CreatedAt.lt(abandoned)),
                ),
            )
            .exec(&**tx)
            .await?;
        let row = ActiveModel {
            user_id: Set(user),
            key: Set(key.to_owned()),
            request_hash: Set(hash.to_vec()),
            status: Set(None),
            body: Set(None),
            created_at: Set(now),
            expires_at: Set(now + KEPT),
        };
        if insert_if_absent::<Entity, _>(&**tx, row, [Column::UserId, Column::Key]).await? {
            return Ok(Begun::First);
        }
        let Some(row) = Entity::find_by_id((user, key.to_owned()))
            .one(&**tx)
            .await?
        else {
            return Ok(Begun::Running);
        };
        Ok(match (row.request_hash == hash, row.status, row.body) {
            (_, Some(_), None) => Begun::NotKept,
            (false, ..) => Begun::Other,
            (true, Some(status), Some(body)) => Begun::Answered { status, body },
            (true, ..) => Begun::Running,
        })
    })
    .await
}

/// Stores the answer. Without a body the request itself is forgotten too: only the key is known.
pub async fn finish(
    db: &Db,
    user: UserId,
    key: &str,
    status: i32,
    body: Option<String>,
) -> Result<()> {
    db.write(async |tx| {
        let mut update = Entity::update_many().col_expr(Column::Status, Expr::value(status));
        if body.is_none() {
            update = update.col_expr(Column::RequestHash, Expr::value(Vec::<u8>::new()));
        }
        update
            .col_expr(Column::Body, Expr::value(body))
            .filter(Column::UserId.eq(user))
            .filter(Column::Key.eq(key))
            .exec(&**tx)
            .await?;
        Ok(())
    })
    .await
}

pub async fn forget(db: &Db, user: UserId, key: &str) -> Result<()> {
    db.write(async |tx| {
        Entity::delete_by_id((user, key.to_owned()))
            .exec(&**tx)
            .await?;
        Ok(())
    })
    .await
}

/// Forgets the answers whose time is over.
pub async fn prune(db: &Db, now: DateTime<Utc>) -> Result<u64> {
    db.write(async |tx| {
        let gone = Entity::delete_many()
            .filter(Column::ExpiresAt.lt(now))
            .exec(&**tx)
            .await?;
        Ok(gone.rows_affected)
    })
    .await
}
