//! The two doors of the database: `read`, a pool that cannot write, and [`Db::write`].
//!
//! `SQLite` has one writing connection. Callers queue for it in order, and those who wait at that
//! moment share one transaction, each in a savepoint: with `synchronous=FULL` the price of a
//! commit is one flush to disk, and a group pays it once. Nobody is told "done" before the
//! group's commit. `PostgreSQL` groups commits itself, so there every write is a transaction of
//! its own.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, EntityTrait, SqlErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    TryInsertResult,
};
use sea_orm_migration::MigratorTrait;
use tokio::sync::{Mutex, Notify, oneshot};

use crate::{dialect, migration::Migrator, outbox};

/// Writers that may share one commit; bounds the time the first of them waits.
const GROUP_LIMIT: usize = 64;

/// How much of a crash of the machine (not of the process) a commit survives; `SQLite` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// A commit is on disk before it is acknowledged.
    Full,
    /// The last commits may be lost in a power cut, never the database's consistency.
    Normal,
}

/// How to open the database.
#[derive(Clone)]
pub struct Options {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// Connections: the readers on `SQLite`, all of them on `PostgreSQL`.
    pub max_connections: u32,
    /// See [`Synchronous`].
    pub synchronous: Synchronous,
    /// A schema to work in, `PostgreSQL` only.
    pub schema: Option<String>,
    /// The time, for the rows of the outbox.
    pub now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

/// The database, cheap to clone.
#[derive(Clone)]
pub struct Db {
    shared: Arc<Shared>,
}

struct Shared {
    read: ReadDb,
    write: DatabaseConnection,
    group: Option<Group>,
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    appended: Notify,
}

/// The door for reading; a pool in `query_only` mode on `SQLite`.
#[derive(Clone, Debug)]
pub struct ReadDb(pub(crate) DatabaseConnection);

impl std::ops::Deref for ReadDb {
    type Target = DatabaseConnection;

    fn deref(&self) -> &DatabaseConnection {
        &self.0
    }
}

/// A transaction, or a savepoint in a group's transaction. Dereferences to the connection.
pub struct Tx {
    inner: DatabaseTransaction,
    facts: std::sync::Mutex<Vec<(&'static str, serde_json::Value)>>,
    after: std::sync::Mutex<Vec<AfterCommit>>,
}

type AfterCommit = Box<dyn FnOnce() + Send>;

/// A durable fact, as it stands in the outbox.
pub trait Fact {
    /// Name of the fact, past tense.
    fn kind(&self) -> &'static str;
    /// Its data.
    fn payload(&self) -> serde_json::Value;
}

impl Tx {
    fn new(inner: DatabaseTransaction) -> Self {
        Self {
            inner,
            facts: std::sync::Mutex::default(),
            after: std::sync::Mutex::default(),
        }
    }

    /// Does something quick, such as waking a task, once what this transaction wrote can be read.
    pub fn after_commit(&self, then: impl FnOnce() + Send + 'static) {
        let mut after = self
            .after
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        after.push(Box::new(then));
    }

    /// Announces a fact: it is appended to the outbox in this very transaction.
    pub fn emit(&self, fact: &impl Fact) {
        let mut facts = self
            .facts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        facts.push((fact.kind(), fact.payload()));
    }

    async fn commit(self, now: DateTime<Utc>) -> Result<Committed, DbErr> {
        let facts = self
            .facts
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let after = self
            .after
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let appended = !facts.is_empty();
        outbox::append(&self.inner, facts, now).await?;
        self.inner.commit().await?;
        Ok(Committed { appended, after })
    }
}

/// What is to be done when a transaction, with its group, is on disk.
struct Committed {
    appended: bool,
    after: Vec<AfterCommit>,
}

impl Committed {
    fn tell(self, shared: &Shared) {
        if self.appended {
            shared.appended.notify_waiters();
        }
        for then in self.after {
            then();
        }
    }
}

impl std::ops::Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

/// The transaction shared by the writers of one moment.
#[derive(Default)]
struct Group {
    waiting: AtomicUsize,
    open: Mutex<OpenGroup>,
}

#[derive(Default)]
struct OpenGroup {
    tx: Option<DatabaseTransaction>,
    /// Those whose savepoint is released and who wait for the commit.
    members: Vec<oneshot::Sender<Result<(), DbErr>>>,
}

impl Db {
    /// Opens both doors. Does not migrate.
    pub async fn connect(options: Options) -> Result<Self, DbErr> {
        let is_sqlite = options.url.starts_with("sqlite:");
        let (read, write) = if is_sqlite {
            create_parent(&options.url);
            let write = Database::connect(sqlite(&options, 1, false)).await?;
            let read = Database::connect(sqlite(&options, options.max_connections, true)).await?;
            (read, write)
        } else {
            let pool = Database::connect(postgres(&options)).await?;
            (pool.clone(), pool)
        };
        Ok(Self {
            shared: Arc::new(Shared {
                read: ReadDb(read),
                write,
                group: is_sqlite.then(Group::default),
                now: options.now,
                appended: Notify::new(),
            }),
        })
    }

    /// A database of this process alone, never on disk, empty and up to date; it is gone with the
    /// last clone.
    pub async fn in_memory(
        name: &str,
        readers: u32,
        now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    ) -> Result<Self, DbErr> {
        let write = Database::connect(memory(name, 1, false)).await?;
        Migrator::up(&write, None).await?;
        let read = Database::connect(memory(name, readers, true)).await?;
        Ok(Self {
            shared: Arc::new(Shared {
                read: ReadDb(read),
                write,
                group: Some(Group::default()),
                now,
                appended: Notify::new(),
            }),
        })
    }

    /// Whether both are the same database.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Brings the schema up to date; a second run does nothing.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        Migrator::up(&self.shared.write, None).await
    }

    /// The migrations that are not applied yet.
    pub async fn pending_migrations(&self) -> Result<usize, DbErr> {
        Ok(Migrator::get_pending_migrations(&self.shared.write)
            .await?
            .len())
    }

    /// The door for reading.
    pub fn read(&self) -> &ReadDb {
        &self.shared.read
    }

    /// Which engine this is.
    pub fn backend(&self) -> DbBackend {
        self.shared.write.get_database_backend()
    }

    /// Other nodes may work on the same database.
    pub fn is_shared(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }

    /// Resolves after the next commit that appended to the outbox, in this process.
    ///
    /// Counts from the call, not from the first poll: ask before you look for unread facts.
    pub fn appended(&self) -> impl Future<Output = ()> + '_ {
        self.shared.appended.notified()
    }

    /// Runs `work` in a transaction: all of it is stored, durably, or nothing.
    ///
    /// Never await a model or the network inside `work`.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&Tx) -> Result<T, E>,
        E: From<DbErr>,
    {
        match &self.shared.group {
            None => self.write_alone(work).await,
            Some(group) => self.write_grouped(group, work).await,
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that begins"
    )]
    async fn write_alone<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&Tx) -> Result<T, E>,
        E: From<DbErr>,
    {
        let tx = Tx::new(self.shared.write.begin().await?);
        let value = work(&tx).await?;
        tx.commit((self.shared.now)()).await?.tell(&self.shared);
        Ok(value)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that begins"
    )]
    async fn write_grouped<T, E, F>(&self, group: &Group, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&Tx) -> Result<T, E>,
        E: From<DbErr>,
    {
        // However this future ends, a transaction left open for a writer that never came is closed.
        let mut guard = FlushGuard::new(self);
        let mut open = {
            let _waiting = Waiting::new(&group.waiting);
            group.open.lock().await
        };
        if open.tx.is_none() {
            // Immediate: another process, such as the command line, may hold the lock, and only a
            // transaction that takes it at once is let wait for it.
            let options = TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            };
            open.tx = Some(self.shared.write.begin_with_options(options).await?);
        }
        let savepoint = match &open.tx {
            Some(tx) => Tx::new(tx.begin().await?),
            None => return Err(DbErr::Custom("the group's transaction is gone".to_owned()).into()),
        };
        let outcome = match work(&savepoint).await {
            Ok(value) => {
                let done = savepoint.commit((self.shared.now)()).await;
                done.map(|done| (value, done)).map_err(E::from)
            }
            Err(error) => {
                savepoint.inner.rollback().await?;
                Err(error)
            }
        };
        let others_wait = group.waiting.load(Ordering::Acquire) > 0;
        let committed = if others_wait && open.members.len() < GROUP_LIMIT {
            let (done, committed) = oneshot::channel();
            open.members.push(done);
            drop(open);
            committed
                .await
                .unwrap_or_else(|_| Err(DbErr::Custom("the group was given up".to_owned())))
        } else {
            let committed = commit_group(&mut open).await;
            drop(open);
            committed
        };
        guard.disarm();
        let (value, done) = outcome?;
        committed?;
        done.tell(&self.shared);
        Ok(value)
    }

    /// Closes a group's transaction that nobody else is going to close.
    async fn flush(&self) {
        if let Some(group) = &self.shared.group {
            let mut open = group.open.lock().await;
            if open.tx.is_some() && group.waiting.load(Ordering::Acquire) == 0 {
                commit_group(&mut open).await.ok();
            }
        }
    }
}

/// Commits for everybody in the group and tells them.
async fn commit_group(open: &mut OpenGroup) -> Result<(), DbErr> {
    let Some(tx) = open.tx.take() else {
        return Ok(());
    };
    let members = std::mem::take(&mut open.members);
    let outcome = tx.commit().await;
    for member in members {
        // A member that went away does not need to know.
        member.send(outcome.clone()).ok();
    }
    outcome
}

/// Counts a writer in the queue, also when it is dropped there.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Sees to the group's commit when a writer is dropped or fails half-way.
struct FlushGuard {
    db: Option<Db>,
}

impl FlushGuard {
    fn new(db: &Db) -> Self {
        Self {
            db: Some(db.clone()),
        }
    }

    fn disarm(&mut self) {
        self.db = None;
    }
}

impl Drop for FlushGuard {
    fn drop(&mut self) {
        let (Some(db), Ok(runtime)) = (self.db.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        runtime.spawn(async move { db.flush().await });
    }
}

fn sqlite(options: &Options, connections: u32, query_only: bool) -> ConnectOptions {
    let mut connect = ConnectOptions::new(options.url.clone());
    let synchronous = match options.synchronous {
        Synchronous::Full => dialect::sqlite::FULL,
        Synchronous::Normal => dialect::sqlite::NORMAL,
    };
    connect
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| dialect::sqlite::tune(sqlite, synchronous, query_only));
    connect
}

fn memory(name: &str, connections: u32, query_only: bool) -> ConnectOptions {
    let mut connect = ConnectOptions::new("sqlite::memory:");
    let name = name.to_owned();
    connect
        .max_connections(connections)
        .min_connections(1)
        // The rows live as long as a connection does.
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| dialect::sqlite::in_memory(sqlite, &name, query_only));
    connect
}

fn postgres(options: &Options) -> ConnectOptions {
    let mut connect = ConnectOptions::new(options.url.clone());
    connect
        .max_connections(options.max_connections)
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false);
    if let Some(schema) = &options.schema {
        connect.set_schema_search_path(schema.clone());
    }
    connect
}

/// The folder of an `SQLite` file; a failure shows when the file is opened.
fn create_parent(url: &str) {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    if let Some(parent) = Path::new(path).parent() {
        std::fs::create_dir_all(parent).ok();
    }
}

/// A constraint that refused a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A value that must be unique is there already.
    Unique,
    /// A row that is referred to is not there.
    ForeignKey,
}

/// Which constraint an error is about, if any; the message names it on both engines.
pub fn violation(error: &DbErr) -> Option<(Violation, String)> {
    match error.sql_err()? {
        SqlErr::UniqueConstraintViolation(message) => Some((Violation::Unique, message)),
        SqlErr::ForeignKeyConstraintViolation(message) => Some((Violation::ForeignKey, message)),
        _ => None,
    }
}

/// Inserts unless the key is taken; tells whether it did.
pub async fn insert_if_absent<E, A>(
    connection: &impl ConnectionTrait,
    row: A,
    key: impl IntoIterator<Item = E::Column>,
) -> Result<bool, DbErr>
where
    E: EntityTrait,
    A: sea_orm::ActiveModelTrait<Entity = E>,
{
    let conflict = sea_orm::sea_query::OnConflict::columns(key)
        .do_nothing()
        .to_owned();
    let outcome = E::insert(row)
        .on_conflict(conflict)
        .try_insert()
        .exec_without_returning(connection)
        .await;
    match outcome {
        Ok(TryInsertResult::Inserted(rows)) => Ok(rows > 0),
        Ok(TryInsertResult::Conflicted | TryInsertResult::Empty)
        | Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error),
    }
}
