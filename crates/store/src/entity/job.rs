//! Work in the background. A row outlives the process that works on it.

use sea_orm::entity::prelude::*;

use crate::{JobId, UserId};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Names the handler.
    pub kind: String,
    /// Who sees it; null: nobody.
    pub owner_id: Option<UserId>,
    /// At most one job of a kind and key is queued or running.
    pub key: Option<String>,
    pub payload: Json,
    pub state: State,
    pub run_at: DateTimeUtc,
    pub attempts: i32,
    pub max_attempts: i32,
    pub lease_until: Option<DateTimeUtc>,
    /// New with every claim: who does not know it any more may not write.
    pub lease_token: Option<Uuid>,
    pub node_id: Option<String>,
    pub progress_done: i64,
    pub progress_total: Option<i64>,
    pub progress_note: Option<String>,
    pub result: Option<Json>,
    pub error: Option<Json>,
    pub cancel_requested: bool,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum State {
    /// Waits for its time and for a worker.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// A worker has it, as long as its lease holds.
    #[sea_orm(string_value = "running")]
    Running,
    /// Whole.
    #[sea_orm(string_value = "done")]
    Done,
    /// Given up; `error` says why.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Its owner did not want it any more.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// Relations are joined by hand where a query needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
