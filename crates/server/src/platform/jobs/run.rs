//! One claim from its beginning to its end: the handler, the lease that is renewed beside it, and
//! what becomes of the job.

use std::time::{Duration, Instant};

use ::store::{
    JobId,
    entity::job::{self, State},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Handler, Running, changed, running::end, store};
use crate::{
    app::App,
    clock::Clock,
    error::{Error, JOB_DIED, JOB_LEASE_LOST, Kind, Result},
};

/// How often a worker looks whether somebody asked to stop.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const FIRST_RETRY: TimeDelta = TimeDelta::seconds(2);
const LAST_RETRY: TimeDelta = TimeDelta::minutes(10);
/// The end of a job is written down again and again for so long, should the database be away.
const SETTLE_TRIES: u32 = 20;

/// Why a handler is at its end.
enum End {
    Done(Value),
    Failed(Error),
    /// Its owner does not want it any more.
    Cancelled,
    /// Somebody else has the job, or may have it.
    Lost,
    /// This process stops.
    HandedBack,
}

/// Works on a job that was claimed with `token`.
pub(super) async fn run(app: App, job: job::Model, token: Uuid, handler: Handler) {
    let (id, kind) = (job.id, job.kind.clone());
    let running = Running::new(app.clone(), job, token);
    app.jobs.here().insert(id, running.cancelled.clone());
    let began = Instant::now();
    let end = work(&app, &running, handler).await;
    app.jobs.here().remove(&id);
    running.cancelled.cancel();
    let outcome = match &end {
        End::Done(_) => "done",
        End::Failed(_) => "failed",
        End::Cancelled => "cancelled",
        End::Lost => "lost",
        End::HandedBack => "handed_back",
    };
    if let End::Failed(error) = &end {
        let cause = error.chain();
        tracing::warn!(job = %id, kind, cause, "job {id} ({kind}) failed: {cause}");
    }
    metrics::counter!("sangam_jobs_total", "kind" => kind.clone(), "outcome" => outcome)
        .increment(1);
    metrics::histogram!("sangam_job_seconds", "kind" => kind).record(began.elapsed());
    settle(&app, &running, &end).await;
}

async fn work(app: &App, running: &Running, handler: Handler) -> End {
    // A task of its own: a handler that computes for long does not hold up the lease.
    let mut task = app.tasks.spawn({
        let (app, running) = (app.clone(), running.clone());
        async move { handler(app, running).await }
    });
    let stopped = tokio::select! {
        outcome = &mut task => return of(outcome),
        stopped = watch(app, running) => stopped,
        () = app.tasks.stopping() => End::HandedBack,
    };
    running.cancelled.cancel();
    task.abort();
    match task.await {
        Err(error) if error.is_cancelled() => stopped,
        // It came to its end before it heard of ours.
        outcome => of(outcome),
    }
}

fn of(outcome: Result<Result<Value>, tokio::task::JoinError>) -> End {
    match outcome {
        Ok(Ok(result)) => End::Done(result),
        Ok(Err(error)) if error.code == JOB_LEASE_LOST => End::Lost,
        Ok(Err(error)) => End::Failed(error),
        Err(panic) => End::Failed(Error::internal(panic)),
    }
}

/// Renews the lease; resolves when the handler has to stop.
async fn watch(app: &App, running: &Running) -> End {
    let lease = app.config.jobs.lease;
    let mut renewed = Instant::now();
    loop {
        let nap = LOOK_EVERY.min(lease / 4);
        tokio::time::timeout(nap, running.cancelled.cancelled())
            .await
            .ok();
        let looked = if renewed.elapsed() >= lease / 4 {
            renew(app, running).await.inspect(|held| {
                if held.is_some() {
                    renewed = Instant::now();
                }
            })
        } else {
            store::still_held(&**app.db.read(), running.id(), running.token).await
        };
        match looked {
            Ok(Some(job)) if job.cancel_requested => return End::Cancelled,
            Ok(Some(_)) if running.cancelled() => return End::Cancelled,
            Ok(Some(_)) => {}
            Ok(None) => return End::Lost,
            Err(error) => {
                let (id, cause) = (running.id(), error.chain());
                tracing::warn!(job = %id, cause, "the lease of job {id} is not renewed: {cause}");
                if renewed.elapsed() >= lease {
                    return End::Lost;
                }
            }
        }
    }
}

/// `None`: somebody else has the job.
async fn renew(app: &App, running: &Running) -> Result<Option<job::Model>> {
    let until = lease_until(app);
    app.db
        .write(async |tx| {
            let Some(mut job) = store::held(&**tx, running.id(), running.token).await? else {
                return Ok(None);
            };
            job.lease_until = Some(until);
            store::save(&**tx, job).await.map(Some)
        })
        .await
}

/// Until when a lease holds that is taken now.
pub(super) fn lease_until(app: &App) -> DateTime<Utc> {
    app.clock.now() + TimeDelta::from_std(app.config.jobs.lease).unwrap_or_default()
}

/// Writes down how it ended, unless somebody else has the job.
async fn settle(app: &App, running: &Running, end: &End) {
    if matches!(end, End::Lost) {
        return;
    }
    for attempt in 1..=SETTLE_TRIES {
        match try_settle(app, running, end).await {
            Ok(()) => return,
            Err(error) => {
                let (id, cause) = (running.id(), error.chain());
                tracing::warn!(job = %id, cause, "the end of job {id} is not stored: {cause}");
            }
        }
        if app.tasks.is_stopping() && attempt > 3 {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn try_settle(app: &App, running: &Running, outcome: &End) -> Result<()> {
    app.db
        .write(async |tx| {
            let Some(mut job) = store::held(&**tx, running.id(), running.token).await? else {
                return Ok(());
            };
            running.reached().onto(&mut job);
            job.updated_at = app.clock.now();
            match outcome {
                End::Done(result) => {
                    end(&mut job, State::Done);
                    job.result = Some(result.clone());
                    job.error = None;
                }
                End::Failed(error) => failed(app, &mut job, error),
                End::Cancelled => end(&mut job, State::Cancelled),
                End::HandedBack => {
                    end(&mut job, State::Queued);
                    // That was not its fault.
                    job.attempts -= 1;
                    job.run_at = job.updated_at;
                }
                End::Lost => return Ok(()),
            }
            let job = store::save(&**tx, job).await?;
            changed(tx, &job);
            Ok(())
        })
        .await
}

fn failed(app: &App, job: &mut job::Model, error: &Error) {
    let detail = match error.kind() {
        Kind::Internal => "The server's log names the cause, by the id of this job.",
        _ => &error.detail,
    };
    job.error = Some(json!({ "code": error.code.name, "detail": detail }));
    if job.cancel_requested {
        end(job, State::Cancelled);
    } else if may_pass(error) && job.attempts < job.max_attempts {
        end(job, State::Queued);
        let asked = error
            .retry_after
            .and_then(|wait| TimeDelta::from_std(wait).ok());
        let wait = backoff(&app.clock, job.attempts).max(asked.unwrap_or_default());
        job.run_at = job.updated_at + wait;
    } else {
        end(job, State::Failed);
    }
}

/// Whether trying again may help.
pub fn may_pass(error: &Error) -> bool {
    matches!(
        error.kind(),
        Kind::Internal
            | Kind::Upstream
            | Kind::Unavailable
            | Kind::Timeout
            | Kind::Full
            | Kind::Quota
    )
}

/// Twice as long after every attempt, give or take a quarter, so that what failed together does not
/// come back together.
pub(super) fn backoff(clock: &Clock, attempts: i32) -> TimeDelta {
    let doublings = attempts.saturating_sub(1).clamp(0, 20);
    let wait = (FIRST_RETRY * (1 << doublings)).min(LAST_RETRY);
    let [chance] = clock.random::<1>();
    wait * 3 / 4 + wait * i32::from(chance) / 512
}

/// Takes a job from a worker that has not been heard of; tells whether it was still that worker's.
pub(super) async fn take_back(app: &App, id: JobId, token: Option<Uuid>) -> Result<bool> {
    let Some(token) = token else { return Ok(false) };
    app.db
        .write(async |tx| {
            let now = app.clock.now();
            let job = store::held(&**tx, id, token).await?;
            let Some(mut job) = job.filter(|job| job.lease_until.is_some_and(|end| end < now))
            else {
                return Ok(false);
            };
            job.updated_at = now;
            if job.cancel_requested {
                end(&mut job, State::Cancelled);
            } else if job.attempts < job.max_attempts {
                job.run_at = now + backoff(&app.clock, job.attempts);
                end(&mut job, State::Queued);
            } else {
                end(&mut job, State::Failed);
                let detail = "Its worker went away in the middle of it, every time.";
                job.error = Some(json!({ "code": JOB_DIED.name, "detail": detail }));
            }
            let job = store::save(&**tx, job).await?;
            changed(tx, &job);
            Ok(true)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_differ() {
        let clock = Clock::manual(DateTime::UNIX_EPOCH, 7);
        for (attempts, seconds) in [(1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (60, 600)] {
            let whole = TimeDelta::seconds(seconds);
            let waits: Vec<TimeDelta> = (0..50).map(|_| backoff(&clock, attempts)).collect();
            for wait in &waits {
                assert!(*wait >= whole * 3 / 4 && *wait <= whole * 5 / 4, "{wait}");
            }
            assert!(waits.iter().any(|wait| *wait != waits[0]));
        }
    }
}
