//! What a handler knows of the job it works on.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use ::store::{
    JobId, Tx, UserId,
    entity::job::{self, State},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{changed, store};
use crate::{
    app::App,
    error::{Error, JOB_LEASE_LOST, Result},
};

/// Progress that comes quicker than this is kept for the next time.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

/// A claim on a job; cheap to clone.
#[derive(Clone)]
pub struct Running {
    app: App,
    job: Arc<job::Model>,
    pub(super) token: Uuid,
    pub(super) cancelled: CancellationToken,
    latest: Arc<Mutex<Latest>>,
}

/// How far the work has come, and when that was last written down.
#[derive(Clone, Default)]
pub(super) struct Latest {
    progress: Option<(i64, Option<i64>, Option<String>)>,
    written: Option<Instant>,
}

impl Latest {
    /// Puts what is known into the row.
    pub(super) fn onto(self, job: &mut job::Model) {
        if let Some((done, total, note)) = self.progress {
            job.progress_done = done;
            job.progress_total = total;
            job.progress_note = note;
        }
    }
}

impl Running {
    pub(super) fn new(app: App, job: job::Model, token: Uuid) -> Self {
        Self {
            app,
            job: Arc::new(job),
            token,
            cancelled: CancellationToken::new(),
            latest: Arc::default(),
        }
    }

    pub fn id(&self) -> JobId {
        self.job.id
    }

    pub fn owner(&self) -> Option<UserId> {
        self.job.owner_id
    }

    /// What was to be done; of a shape that this version does not know, it is given up.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_value(self.job.payload.clone()).map_err(|error| {
            let detail = "This version of the server does not know how to do that.";
            Error::field("payload", "shape", detail).caused(error)
        })
    }

    /// Nobody will try again after this.
    pub fn is_last_attempt(&self) -> bool {
        self.job.attempts >= self.job.max_attempts
    }

    /// Whether to stop: somebody asked for it, or somebody else has the job now. Work that awaits is
    /// cut off at its next await; only work on a thread of its own needs to ask.
    pub fn cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }

    /// Says how far the work has come, of how much if that is known, and what is being done.
    pub async fn progress(&self, done: i64, total: Option<i64>, note: Option<&str>) -> Result<()> {
        let is_due = {
            let mut latest = self.latest();
            let note = note.map(|note| note.replace('\0', "\u{fffd}"));
            latest.progress = Some((done, total, note));
            let is_due = latest
                .written
                .is_none_or(|written| written.elapsed() >= PROGRESS_EVERY);
            if is_due {
                latest.written = Some(Instant::now());
            }
            is_due
        };
        if !is_due {
            return Ok(());
        }
        self.app
            .db
            .write(async |tx| {
                let mut job = self.held(tx).await?;
                self.reached().onto(&mut job);
                job.updated_at = self.app.clock.now();
                let job = store::save(&**tx, job).await?;
                changed(tx, &job);
                Ok(())
            })
            .await
    }

    /// Refuses what the transaction writes when somebody else has the job by now.
    ///
    /// The row stays locked up to the commit, so that nobody can take the job in between.
    pub async fn fence(&self, tx: &Tx) -> Result<()> {
        self.held(tx).await.map(drop)
    }

    /// Ends the job in the transaction that has its effect, which then happens exactly once.
    pub async fn complete(&self, tx: &Tx, result: Value) -> Result<()> {
        let mut job = self.held(tx).await?;
        self.reached().onto(&mut job);
        end(&mut job, State::Done);
        job.result = Some(result);
        job.updated_at = self.app.clock.now();
        let job = store::save(&**tx, job).await?;
        changed(tx, &job);
        Ok(())
    }

    async fn held(&self, tx: &Tx) -> Result<job::Model> {
        let held = store::held(&**tx, self.job.id, self.token).await?;
        held.ok_or_else(|| Error::new(JOB_LEASE_LOST, "Another worker has this job now."))
    }

    pub(super) fn reached(&self) -> Latest {
        self.latest().clone()
    }

    fn latest(&self) -> std::sync::MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nobody has the job any more.
pub(super) fn end(job: &mut job::Model, state: State) {
    job.state = state;
    job.lease_until = None;
    job.lease_token = None;
}
