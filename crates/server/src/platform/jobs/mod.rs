//! Work that outlives a request and a process: rows of a table, leased to one worker at a time.
//!
//! Invariants: a job is enqueued in the transaction that wants it; of a kind and key at most one is
//! queued or running; whoever works on a job knows the token of its claim, and without it nothing is
//! written; a lease that is not renewed passes to somebody else; what fails is tried again later,
//! `max_attempts` times at the most, so a job that kills its process does not do so for ever. A
//! handler may therefore begin more than once: what it writes goes through [`Running::fence`], and is
//! such that a second run does no harm, or is written together with the end ([`Running::complete`]).
//!
//! It names no feature: `app.rs` registers a handler for each kind. It keeps no schedule but one row
//! of upkeep an hour, and it does not hurry: a job that must not wait is no job.

mod dispatch;
pub mod http;
pub mod realtime;
mod run;
mod running;
mod store;
mod upkeep;

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use ::store::{
    JobId, Tx, UserId,
    entity::job::{self, State},
};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use self::{run::may_pass, running::Running};
use crate::{
    app::App,
    error::{Error, JOB_ENDED, JOB_NOT_FOUND, Result},
    events::Event,
};

/// How often a job is begun, unless it says otherwise.
const MAX_ATTEMPTS: i32 = 5;

type Handler = Arc<dyn Fn(App, Running) -> BoxFuture<'static, Result<Value>> + Send + Sync>;

/// The handlers of this process, and what it is working on.
#[derive(Default)]
pub struct Jobs {
    handlers: RwLock<HashMap<String, Handler>>,
    running: Mutex<HashMap<JobId, CancellationToken>>,
    enqueued: Arc<Notify>,
}

/// Work to be done.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Names the handler.
    pub kind: &'static str,
    /// While a job of this kind and key is queued or running, another one is not made.
    pub key: Option<String>,
    /// Who sees it.
    pub owner: Option<UserId>,
    pub payload: Value,
    /// Not before; absent: now.
    pub run_at: Option<DateTime<Utc>>,
    pub max_attempts: i32,
}

impl NewJob {
    /// A job without key and owner, as soon as possible.
    pub fn of(kind: &'static str, payload: &impl Serialize) -> Result<Self> {
        Ok(Self {
            kind,
            key: None,
            owner: None,
            payload: serde_json::to_value(payload)?,
            run_at: None,
            max_attempts: MAX_ATTEMPTS,
        })
    }
}

impl Jobs {
    /// Says who works on a kind of job. What the handler gives back is the job's `result`; an error
    /// that may pass (ours, a provider's, no room) is tried again, any other is final.
    pub fn on<F, W>(&self, kind: &str, handler: F)
    where
        F: Fn(App, Running) -> W + Send + Sync + 'static,
        W: Future<Output = Result<Value>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |app, running| Box::pin(handler(app, running)));
        self.handlers
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(kind.to_owned(), handler);
    }

    fn handler(&self, kind: &str) -> Option<Handler> {
        let handlers = self.handlers.read().unwrap_or_else(PoisonError::into_inner);
        handlers.get(kind).cloned()
    }

    fn kinds(&self) -> Vec<String> {
        let handlers = self.handlers.read().unwrap_or_else(PoisonError::into_inner);
        let mut kinds: Vec<String> = handlers.keys().cloned().collect();
        kinds.sort_unstable();
        kinds
    }

    fn here(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins to work on jobs, as many at a time as the settings say.
pub fn start(app: &App) {
    app.jobs.on(upkeep::KIND, upkeep::prune);
    dispatch::start(app);
}

/// Adds a job, or finds the one of its kind and key that is queued or running. It is there for
/// workers when the transaction is.
pub async fn enqueue(app: &App, tx: &Tx, new: NewJob) -> Result<job::Model> {
    let row = row(app, app.clock.id(), &new);
    let (job, is_new) = store::insert(&**tx, row).await?;
    if is_new {
        changed(tx, &job);
        let enqueued = app.jobs.enqueued.clone();
        tx.after_commit(move || enqueued.notify_one());
    }
    Ok(job)
}

fn row(app: &App, id: JobId, new: &NewJob) -> job::Model {
    let now = app.clock.now();
    job::Model {
        id,
        kind: new.kind.to_owned(),
        owner_id: new.owner,
        key: new.key.clone(),
        payload: new.payload.clone(),
        state: State::Queued,
        run_at: new.run_at.unwrap_or(now),
        attempts: 0,
        max_attempts: new.max_attempts,
        lease_until: None,
        lease_token: None,
        node_id: None,
        progress_done: 0,
        progress_total: None,
        progress_note: None,
        result: None,
        error: None,
        cancel_requested: false,
        created_at: now,
        updated_at: now,
    }
}

/// Its owner's devices are told, on whichever node they are.
fn changed(tx: &Tx, job: &job::Model) {
    if let Some(owner) = job.owner_id {
        tx.emit(&Event::JobChanged { job: job.id, owner });
    }
}

/// One's jobs, newest first, and whether there are more.
pub async fn list(
    app: &App,
    owner: UserId,
    before: Option<JobId>,
    limit: u64,
) -> Result<(Vec<job::Model>, bool)> {
    let mut jobs = store::page_of(&**app.db.read(), owner, before, limit + 1).await?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = jobs.len() > limit;
    jobs.truncate(limit);
    Ok((jobs, has_more))
}

/// A job of one's own.
pub async fn owned(app: &App, owner: UserId, id: JobId) -> Result<job::Model> {
    let job = store::owned(&**app.db.read(), owner, id).await?;
    job.ok_or_else(|| Error::not_found(JOB_NOT_FOUND))
}

/// Takes a job back: one that waits ends here, one that runs as soon as its worker hears of it.
pub async fn cancel(app: &App, owner: UserId, id: JobId) -> Result<job::Model> {
    let job = app
        .db
        .write(async |tx| {
            let job = store::owned_locked(&**tx, owner, id).await?;
            let mut job = job.ok_or_else(|| Error::not_found(JOB_NOT_FOUND))?;
            match job.state {
                State::Queued => job.state = State::Cancelled,
                State::Running => job.cancel_requested = true,
                State::Done | State::Failed | State::Cancelled => {
                    let detail = "It has come to its end already.";
                    return Err(Error::new(JOB_ENDED, detail));
                }
            }
            job.updated_at = app.clock.now();
            let job = store::save(&**tx, job).await?;
            changed(tx, &job);
            Ok(job)
        })
        .await?;
    if let Some(here) = app.jobs.here().get(&id) {
        here.cancel();
    }
    Ok(job)
}
