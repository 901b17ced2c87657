//! The rows of jobs. Who works on one reaches it by its token, its owner by being the owner.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select, TryInsertResult, sea_query::OnConflict,
};
use store::{
    DbErr, JobId, UserId,
    dialect::jobs::{self, Claim},
    entity::job::{self, Column, Entity, State},
};
use uuid::Uuid;

use crate::error::{Error, Result, UNAVAILABLE};

/// Often enough for a job that ends while another of its key is made.
const TRIES: u32 = 5;

/// Inserts the job, or finds the live one of its kind and key; tells whether it is new.
pub async fn insert(db: &impl ConnectionTrait, row: job::Model) -> Result<(job::Model, bool)> {
    for _ in 0..TRIES {
        if insert_once(db, row.clone()).await? {
            return Ok((row, true));
        }
        let live = Entity::find()
            .filter(Column::Kind.eq(row.kind.as_str()))
            .filter(Column::Key.eq(row.key.as_deref()))
            .filter(Column::State.is_in([State::Queued, State::Running]))
            .one(db)
            .await?;
        if let Some(live) = live {
            return Ok((live, false));
        }
    }
    let detail = "Jobs of this kind begin and end too quickly; try again.";
    Err(Error::new(UNAVAILABLE, detail))
}

/// Inserts the job unless its id, or its kind and key, are taken.
pub async fn insert_once(db: &impl ConnectionTrait, row: job::Model) -> Result<bool> {
    let outcome = Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(db)
        .await;
    match outcome {
        Ok(TryInsertResult::Inserted(rows)) => Ok(rows > 0),
        Ok(TryInsertResult::Conflicted | TryInsertResult::Empty)
        | Err(DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

pub async fn save(db: &impl ConnectionTrait, job: job::Model) -> Result<job::Model> {
    Ok(job.into_active_model().reset_all().update(db).await?)
}

fn of(owner: UserId) -> Select<Entity> {
    Entity::find().filter(Column::OwnerId.eq(owner))
}

pub async fn owned(
    db: &impl ConnectionTrait,
    owner: UserId,
    id: JobId,
) -> Result<Option<job::Model>> {
    Ok(of(owner).filter(Column::Id.eq(id)).one(db).await?)
}

/// The same, and nobody else changes it before the transaction ends.
pub async fn owned_locked(
    db: &impl ConnectionTrait,
    owner: UserId,
    id: JobId,
) -> Result<Option<job::Model>> {
    let job = of(owner).filter(Column::Id.eq(id)).lock_exclusive();
    Ok(job.one(db).await?)
}

/// Newest first.
pub async fn page_of(
    db: &impl ConnectionTrait,
    owner: UserId,
    before: Option<JobId>,
    limit: u64,
) -> Result<Vec<job::Model>> {
    let mut query = of(owner).order_by_desc(Column::Id).limit(limit);
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    Ok(query.all(db).await?)
}

pub async fn exists(db: &impl ConnectionTrait, id: JobId) -> Result<bool> {
    Ok(Entity::find_by_id(id).count(db).await? > 0)
}

fn claimed(id: JobId, token: Uuid) -> Select<Entity> {
    Entity::find_by_id(id)
        .filter(Column::LeaseToken.eq(token))
        .filter(Column::State.eq(State::Running))
}

/// The job of a claim that still holds, locked up to the end of the transaction.
pub async fn held(db: &impl ConnectionTrait, id: JobId, token: Uuid) -> Result<Option<job::Model>> {
    Ok(claimed(id, token).lock_exclusive().one(db).await?)
}

/// The same for who only looks.
pub async fn still_held(
    db: &impl ConnectionTrait,
    id: JobId,
    token: Uuid,
) -> Result<Option<job::Model>> {
    Ok(claimed(id, token).one(db).await?)
}

/// Jobs whose workers have not renewed their leases.
pub async fn expired(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<job::Model>> {
    let query = Entity::find()
        .filter(Column::State.eq(State::Running))
        .filter(Column::LeaseUntil.lt(now))
        .order_by_asc(Column::LeaseUntil)
        .limit(limit);
    Ok(query.all(db).await?)
}

pub async fn is_due(
    db: &impl ConnectionTrait,
    kinds: &[String],
    now: DateTime<Utc>,
) -> Result<bool> {
    let id: Option<JobId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(State::Queued))
        .filter(Column::RunAt.lte(now))
        .filter(Column::Kind.is_in(kinds.iter().map(String::as_str)))
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(id.is_some())
}

pub async fn claim(db: &impl ConnectionTrait, claim: &Claim<'_>) -> Result<Option<job::Model>> {
    Ok(jobs::claim(db, claim).await?)
}

/// Forgets jobs that ended before this moment; tells how many.
pub async fn prune(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64> {
    let ended = [State::Done, State::Failed, State::Cancelled];
    let forgotten = Entity::delete_many()
        .filter(Column::State.is_in(ended))
        .filter(Column::UpdatedAt.lt(before))
        .exec(db)
        .await?;
    Ok(forgotten.rows_affected)
}
