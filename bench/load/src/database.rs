//! The database under the server: the shipped default, or a fresh one on a PostgreSQL of the run.

use std::{
    fmt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::{Context, Result};
use sea_orm::ConnectionTrait;
use store::{Db, Options, Synchronous};

/// Which engine a measurement runs on.
#[derive(Clone, Debug)]
pub(crate) enum Engine {
    Sqlite,
    /// The address of a PostgreSQL in which databases may be made.
    Postgres(String),
}

/// One database, empty at first.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// The file in the server's data folder.
    Sqlite,
    Postgres {
        admin: String,
        name: String,
    },
}

static MADE: AtomicU32 = AtomicU32::new(0);

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        })
    }
}

impl Engine {
    pub(crate) async fn fresh(&self) -> Result<Database> {
        let Self::Postgres(admin) = self else {
            return Ok(Database::Sqlite);
        };
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("bench_{}_{number}", std::process::id());
        let database = Database::Postgres {
            admin: admin.clone(),
            name,
        };
        database.administer("CREATE DATABASE", "").await?;
        Ok(database)
    }
}

impl Database {
    /// What the server is told; nothing means its default.
    pub(crate) fn url(&self) -> Option<String> {
        let Self::Postgres { admin, name } = self else {
            return None;
        };
        let (server, _) = admin.rsplit_once('/')?;
        Some(format!("{server}/{name}"))
    }

    /// Opens it beside the server, which must not be running.
    pub(crate) async fn open(&self, data: &Path) -> Result<Db> {
        let file = || format!("sqlite://{}", data.join("sangam.db").display());
        let options = Options {
            url: self.url().unwrap_or_else(file),
            max_connections: 4,
            // Seeding is not what is measured.
            synchronous: Synchronous::Normal,
            schema: None,
            now: Arc::new(crate::seed::now),
        };
        Ok(Db::connect(options).await?)
    }

    /// Bytes that it takes on disk.
    pub(crate) async fn size(&self, data: &Path) -> Result<u64> {
        let Self::Postgres { admin, name } = self else {
            return Ok(std::fs::metadata(data.join("sangam.db"))?.len());
        };
        let connection = sea_orm::Database::connect(admin.as_str()).await?;
        let sql = format!("SELECT pg_database_size('{name}') AS size");
        let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql);
        let row = connection
            .query_one_raw(statement)
            .await?
            .context("no size")?;
        let size: i64 = row.try_get("", "size")?;
        Ok(u64::try_from(size)?)
    }

    /// Fresh statistics, which a server in use gets from autovacuum within a minute or two.
    pub(crate) async fn settle(&self) -> Result<()> {
        if let Some(url) = self.url() {
            let connection = sea_orm::Database::connect(url).await?;
            connection.execute_unprepared("VACUUM ANALYZE").await?;
        }
        Ok(())
    }

    pub(crate) async fn discard(self) -> Result<()> {
        self.administer("DROP DATABASE", " WITH (FORCE)").await
    }

    async fn administer(&self, verb: &str, options: &str) -> Result<()> {
        if let Self::Postgres { admin, name } = self {
            let connection = sea_orm::Database::connect(admin.as_str()).await?;
            let sql = format!("{verb} {name}{options}");
            connection.execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}
