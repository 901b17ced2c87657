//! What only `SQLite` needs to be told.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

pub(crate) const FULL: SqliteSynchronous = SqliteSynchronous::Full;
pub(crate) const NORMAL: SqliteSynchronous = SqliteSynchronous::Normal;

/// WAL so that readers never wait for the writer; foreign keys on; readers cannot write.
pub(crate) fn tune(
    options: SqliteConnectOptions,
    synchronous: SqliteSynchronous,
    query_only: bool,
) -> SqliteConnectOptions {
    let options = options
        .create_if_missing(!query_only)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("journal_size_limit", "67108864")
        .optimize_on_close(true, None);
    if query_only {
        options.pragma("query_only", "on")
    } else {
        options
    }
}

/// A database in memory that the connections of this process share by its name. Readers wait for
/// the writer here, as there is no WAL; nothing spills to a file, large sorts included.
pub(crate) fn in_memory(
    options: SqliteConnectOptions,
    name: &str,
    query_only: bool,
) -> SqliteConnectOptions {
    let options = options
        .filename(format!("file:{name}"))
        .in_memory(true)
        .shared_cache(true)
        .journal_mode(SqliteJournalMode::Memory)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("temp_store", "memory");
    if query_only {
        options.pragma("query_only", "on")
    } else {
        options
    }
}

#[derive(FromQueryResult)]
struct Bytes {
    bytes: i64,
}

/// What the rows and indexes take, in bytes; pages that wait to be used again are not counted.
pub async fn bytes_in_use(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    const SQL: &str = "SELECT (p.page_count - f.freelist_count) * s.page_size AS bytes \
        FROM pragma_page_count p, pragma_freelist_count f, pragma_page_size s";
    let row = Bytes::find_by_statement(Statement::from_string(DbBackend::Sqlite, SQL));
    let bytes = row.one(db).await?.map_or(0, |row| row.bytes);
    Ok(bytes.unsigned_abs())
}
