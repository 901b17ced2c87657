//! What only `SQLite` needs to be told.

use std::time::Duration;

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
