//! The event log: durable facts, appended in the transaction that makes them true.
//!
//! Consumers read by a named cursor, at least once, and are idempotent by the row's id. On
//! `PostgreSQL` rows become visible out of id order: they are read in the order of their
//! transactions, and a consumer stops at the oldest one still running. On `SQLite`, which has one
//! writer, that is the order of the ids.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{
    Db, Tx, dialect,
    entity::{outbox, outbox_cursor},
    insert_if_absent,
};

/// A fact as it was appended.
pub type Row = outbox::Model;

pub(crate) async fn append(
    connection: &impl ConnectionTrait,
    facts: Vec<(&'static str, serde_json::Value)>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if facts.is_empty() {
        return Ok(());
    }
    let txid = dialect::path::transaction_id(connection).await?;
    let rows = facts
        .into_iter()
        .map(|(kind, payload)| outbox::ActiveModel {
            id: NotSet,
            kind: Set(kind.to_owned()),
            payload: Set(payload),
            txid: Set(txid),
            created_at: Set(now),
        });
    outbox::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await
        .map(drop)
}

/// The facts after the consumer's cursor, oldest first, `limit` at the most.
pub async fn unread(db: &Db, consumer: &str, limit: u64) -> Result<Vec<Row>, DbErr> {
    let (txid, position) = outbox_cursor::Entity::find_by_id(consumer.to_owned())
        .one(&**db.read())
        .await?
        .map_or((0, 0), |cursor| (cursor.txid, cursor.position));
    after(db, (txid, position), limit).await
}

/// Where a consumer stands: transaction and id.
pub type Position = (i64, i64);

/// Where a consumer stands; one that is new begins where the facts end now.
pub async fn position(db: &Db, consumer: &str) -> Result<Position, DbErr> {
    let cursor = outbox_cursor::Entity::find_by_id(consumer.to_owned());
    if let Some(cursor) = cursor.one(&**db.read()).await? {
        return Ok((cursor.txid, cursor.position));
    }
    let (txid, position) = end(db).await?;
    db.write(async |tx| {
        let row = outbox_cursor::ActiveModel {
            name: Set(consumer.to_owned()),
            position: Set(position),
            txid: Set(txid),
        };
        insert_if_absent::<outbox_cursor::Entity, _>(&**tx, row, [outbox_cursor::Column::Name])
            .await
    })
    .await?;
    let cursor = outbox_cursor::Entity::find_by_id(consumer.to_owned());
    let cursor = cursor.one(&**db.read()).await?;
    Ok(cursor.map_or((txid, position), |cursor| (cursor.txid, cursor.position)))
}

/// Moves the consumer's cursor from where it was read to a row; false when another node has moved it
/// meanwhile, which then has dealt with the facts between. What is done in the same transaction is
/// done once.
pub async fn take(tx: &Tx, consumer: &str, from: Position, to: &Row) -> Result<bool, DbErr> {
    let moved = outbox_cursor::Entity::update_many()
        .col_expr(outbox_cursor::Column::Position, Expr::value(to.id))
        .col_expr(outbox_cursor::Column::Txid, Expr::value(to.txid))
        .filter(outbox_cursor::Column::Name.eq(consumer))
        .filter(outbox_cursor::Column::Position.eq(from.1))
        .filter(outbox_cursor::Column::Txid.eq(from.0))
        .exec(&**tx)
        .await?;
    Ok(moved.rows_affected > 0)
}

/// Where the facts that can be read now end: transaction and id.
pub async fn end(db: &Db) -> Result<(i64, i64), DbErr> {
    let mut query = outbox::Entity::find();
    if let Some(horizon) = dialect::path::oldest_running_transaction(&**db.read()).await? {
        query = query.filter(outbox::Column::Txid.lt(horizon));
    }
    let last = query
        .order_by_desc(outbox::Column::Txid)
        .order_by_desc(outbox::Column::Id)
        .one(&**db.read())
        .await?;
    Ok(last.map_or((0, 0), |row| (row.txid, row.id)))
}

/// The facts after a transaction and id, oldest first, `limit` at the most.
pub async fn after(db: &Db, (txid, position): (i64, i64), limit: u64) -> Result<Vec<Row>, DbErr> {
    let same = Condition::all()
        .add(outbox::Column::Txid.eq(txid))
        .add(outbox::Column::Id.gt(position));
    let later = Condition::any()
        .add(outbox::Column::Txid.gt(txid))
        .add(same);
    let mut query = outbox::Entity::find().filter(later);
    if let Some(horizon) = dialect::path::oldest_running_transaction(&**db.read()).await? {
        query = query.filter(outbox::Column::Txid.lt(horizon));
    }
    query
        .order_by_asc(outbox::Column::Txid)
        .order_by_asc(outbox::Column::Id)
        .limit(limit)
        .all(&**db.read())
        .await
}

/// Moves the consumer's cursor behind the row it has dealt with.
pub async fn advance(tx: &Tx, consumer: &str, position: i64) -> Result<(), DbErr> {
    let row = outbox::Entity::find_by_id(position).one(&**tx).await?;
    let Some(txid) = row.map(|row| row.txid) else {
        // Pruned: every consumer has read it.
        return Ok(());
    };
    let cursor = outbox_cursor::ActiveModel {
        name: Set(consumer.to_owned()),
        position: Set(position),
        txid: Set(txid),
    };
    let conflict = OnConflict::column(outbox_cursor::Column::Name)
        .update_columns([outbox_cursor::Column::Position, outbox_cursor::Column::Txid])
        .to_owned();
    outbox_cursor::Entity::insert(cursor)
        .on_conflict(conflict)
        .exec_without_returning(&**tx)
        .await
        .map(drop)
}

/// Forgets the facts up to this one, of an outbox that has one reader.
pub async fn forget(tx: &Tx, upto: i64) -> Result<(), DbErr> {
    outbox::Entity::delete_many()
        .filter(outbox::Column::Id.lte(upto))
        .exec(&**tx)
        .await
        .map(drop)
}

/// Forgets facts older than `before` that every consumer has read.
pub async fn prune(tx: &Tx, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let read = outbox_cursor::Entity::find()
        .order_by_asc(outbox_cursor::Column::Txid)
        .order_by_asc(outbox_cursor::Column::Position)
        .one(&**tx)
        .await?;
    let Some(slowest) = read else { return Ok(0) };
    let deleted = outbox::Entity::delete_many()
        .filter(
            Condition::any()
                .add(outbox::Column::Txid.lt(slowest.txid))
                .add(
                    Condition::all()
                        .add(outbox::Column::Txid.eq(slowest.txid))
                        .add(outbox::Column::Id.lte(slowest.position)),
                ),
        )
        .filter(outbox::Column::CreatedAt.lt(before))
        .exec(&**tx)
        .await?;
    Ok(deleted.rows_affected)
}
