//! The loop that finds work: woken by what this node enqueues, otherwise it looks twice a second.

use std::{sync::Arc, time::Duration};

use ::store::{dialect::jobs::Claim, entity::job};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Handler, changed, run, store, upkeep};
use crate::{app::App, error::Result};

const POLL: Duration = Duration::from_millis(500);
/// Jobs of silent workers that are looked at in one go.
const BATCH: u64 = 100;

pub(super) fn start(app: &App) {
    if app.config.jobs.workers == 0 {
        return;
    }
    let background = app.clone();
    app.tasks
        .spawn_until_stop(async move { dispatch(background).await });
}

async fn dispatch(app: App) {
    let slots = Arc::new(Semaphore::new(app.config.jobs.workers));
    let mut ticked = None;
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else {
            return;
        };
        let found = match upkeep::tick(&app, &mut ticked).await {
            Ok(()) => next(&app).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(Some((job, token, handler))) => {
                let worker = app.clone();
                app.tasks.spawn(async move {
                    run::run(worker, job, token, handler).await;
                    drop(slot);
                });
            }
            Ok(None) => {
                let enqueued = app.jobs.enqueued.notified();
                tokio::time::timeout(POLL, enqueued).await.ok();
            }
            Err(error) => {
                let cause = error.chain();
                tracing::warn!(cause, "no jobs are found, it is tried again: {cause}");
                tokio::time::sleep(POLL).await;
            }
        }
    }
}

/// Claims a job. Reads first, so that having nothing to do writes nothing.
async fn next(app: &App) -> Result<Option<(job::Model, Uuid, Handler)>> {
    let db = &**app.db.read();
    for silent in store::expired(db, app.clock.now(), BATCH).await? {
        if run::take_back(app, silent.id, silent.lease_token).await? {
            let (id, attempts) = (silent.id, silent.attempts);
            tracing::warn!(job = %id, attempts, "the worker of job {id} has not been heard of");
        }
    }
    let kinds = app.jobs.kinds();
    if kinds.is_empty() || !store::is_due(db, &kinds, app.clock.now()).await? {
        return Ok(None);
    }
    let token: Uuid = app.clock.id();
    let claim = Claim {
        kinds: &kinds,
        node: &app.data_dir.node_id,
        token,
        now: app.clock.now(),
        until: run::lease_until(app),
    };
    let job = app
        .db
        .write(async |tx| {
            let job = store::claim(&**tx, &claim).await?;
            if let Some(job) = &job {
                changed(tx, job);
            }
            Ok::<_, crate::error::Error>(job)
        })
        .await?;
    Ok(job.and_then(|job| {
        let handler = app.jobs.handler(&job.kind)?;
        Some((job, token, handler))
    }))
}
