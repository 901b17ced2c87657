//! Walking the message tree, and what the outbox asks of the engine.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use crate::{ChatId, MessageId};

/// One step of the way from a leaf to the root.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Step {
    /// The message.
    pub id: MessageId,
    /// The one it answers or follows.
    pub parent_id: Option<MessageId>,
}

/// The ids from `leaf` upward, newest first, `limit` at the most; the leaf comes first.
pub async fn upward(
    db: &impl ConnectionTrait,
    chat: ChatId,
    leaf: MessageId,
    limit: u32,
) -> Result<Vec<Step>, DbErr> {
    const SQL: &str = "WITH RECURSIVE path(id, parent_id, depth) AS (\
        SELECT id, parent_id, 1 FROM message WHERE chat_id = $1 AND id = $2 \
        UNION ALL \
        SELECT m.id, m.parent_id, path.depth + 1 FROM message m \
        JOIN path ON m.id = path.parent_id WHERE m.chat_id = $1 AND path.depth < $3) \
        SELECT id, parent_id FROM path ORDER BY depth";
    Step::find_by_statement(Statement::from_sql_and_values(
        db.get_database_backend(),
        SQL,
        [chat.into(), leaf.into(), i64::from(limit).into()],
    ))
    .all(db)
    .await
}

/// The newest message without children at or below `from`.
pub async fn newest_leaf_below(
    db: &impl ConnectionTrait,
    chat: ChatId,
    from: MessageId,
) -> Result<Option<MessageId>, DbErr> {
    const SQL: &str = "WITH RECURSIVE below(id, parent_id) AS (\
        SELECT id, parent_id FROM message WHERE chat_id = $1 AND id = $2 \
        UNION ALL \
        SELECT m.id, m.parent_id FROM message m JOIN below ON m.parent_id = below.id \
        WHERE m.chat_id = $1) \
        SELECT b.id, b.parent_id FROM below b \
        WHERE NOT EXISTS (SELECT 1 FROM message c WHERE c.chat_id = $1 AND c.parent_id = b.id) \
        ORDER BY b.id DESC LIMIT 1";
    let leaf = Step::find_by_statement(Statement::from_sql_and_values(
        db.get_database_backend(),
        SQL,
        [chat.into(), from.into()],
    ))
    .one(db)
    .await?;
    Ok(leaf.map(|step| step.id))
}

#[derive(FromQueryResult)]
struct TransactionId {
    id: i64,
}

/// The number of the running transaction; `SQLite` has one writer and needs none.
pub(crate) async fn transaction_id(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let id = number(db, "SELECT pg_current_xact_id()::text::bigint AS id").await?;
    Ok(id.unwrap_or(0))
}

/// Rows of this transaction and of later ones may still appear before others; none on `SQLite`.
pub(crate) async fn oldest_running_transaction(
    db: &impl ConnectionTrait,
) -> Result<Option<i64>, DbErr> {
    number(
        db,
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS id",
    )
    .await
}

async fn number(db: &impl ConnectionTrait, postgres: &str) -> Result<Option<i64>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let row =
        TransactionId::find_by_statement(Statement::from_string(DbBackend::Postgres, postgres));
    Ok(row.one(db).await?.map(|row| row.id))
}
