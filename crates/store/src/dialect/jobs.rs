//! Claiming a job, both engines side by side.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::entity::job;

/// The indexes that hold for some rows only: what is live, what is due and what has ended.
pub(crate) async fn index(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for statement in [
        "CREATE UNIQUE INDEX job_live ON job (kind, key) \
         WHERE key IS NOT NULL AND state IN ('queued', 'running')",
        "CREATE INDEX job_due ON job (run_at, id) WHERE state = 'queued'",
        "CREATE INDEX job_leased ON job (lease_until) WHERE state = 'running'",
        "CREATE INDEX job_ended ON job (updated_at) \
         WHERE state IN ('done', 'failed', 'cancelled')",
    ] {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Who takes a job, and until when.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The kinds it can work on; never empty.
    pub kinds: &'a [String],
    /// The node.
    pub node: &'a str,
    /// Nobody had it before.
    pub token: Uuid,
    /// The time.
    pub now: DateTime<Utc>,
    /// When somebody else may take the job, unless the lease is renewed.
    pub until: DateTime<Utc>,
}

/// Takes the job that has been due for the longest time, in one statement. On `PostgreSQL` those
/// that others are taking at this moment are passed over; `SQLite` has one writer.
pub async fn claim(
    db: &impl ConnectionTrait,
    claim: &Claim<'_>,
) -> Result<Option<job::Model>, DbErr> {
    let backend = db.get_database_backend();
    let lock = match backend {
        DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
        _ => "",
    };
    let mut values: Vec<Value> = vec![
        claim.now.into(),
        claim.until.into(),
        claim.token.into(),
        claim.node.into(),
    ];
    let first = values.len() + 1;
    values.extend(claim.kinds.iter().map(|kind| Value::from(kind.as_str())));
    let kinds: Vec<String> = (first..first + claim.kinds.len())
        .map(|number| format!("${number}"))
        .collect();
    let sql = format!(
        "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = $2, \
         lease_token = $3, node_id = $4, updated_at = $1 \
         WHERE id = (SELECT id FROM job WHERE state = 'queued' AND run_at <= $1 \
         AND kind IN ({}) ORDER BY run_at, id LIMIT 1{lock}) RETURNING *",
        kinds.join(", "),
    );
    let statement = Statement::from_sql_and_values(backend, sql, values);
    job::Model::find_by_statement(statement).one(db).await
}
