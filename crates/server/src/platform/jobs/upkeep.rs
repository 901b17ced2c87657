//! Old jobs go: one job of upkeep an hour, whichever node is the first to think of it.

use ::store::JobId;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Builder;

use super::{NewJob, Running, row, store};
use crate::{app::App, error::Result};

pub(super) const KIND: &str = "job_upkeep";

/// Enqueues what is to be done at this hour, unless somebody has; `last` remembers the hour.
pub(super) async fn tick(app: &App, last: &mut Option<DateTime<Utc>>) -> Result<()> {
    let now = app.clock.now();
    let hour = now
        .with_minute(0)
        .and_then(|now| now.with_second(0))
        .and_then(|now| now.with_nanosecond(0))
        .unwrap_or(now);
    if *last == Some(hour) {
        return Ok(());
    }
    let id = id_of(KIND, hour);
    if !store::exists(&**app.db.read(), id).await? {
        let key = format!("{KIND}@{}", hour.to_rfc3339());
        let new = NewJob {
            key: Some(key),
            ..NewJob::of(KIND, &json!({}))?
        };
        let row = row(app, id, &new);
        app.db
            .write(async |tx| store::insert_once(&**tx, row).await)
            .await?;
    }
    *last = Some(hour);
    Ok(())
}

/// The same on every node, so that the table takes one job a tick, also after it has ended.
fn id_of(kind: &str, tick: DateTime<Utc>) -> JobId {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update(tick.timestamp().to_be_bytes());
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(hash.finalize()) {
        *byte = from;
    }
    JobId(Builder::from_custom_bytes(bytes).into_uuid())
}

/// Forgets jobs that ended long ago.
pub(super) async fn prune(app: App, running: Running) -> Result<Value> {
    let before = app.clock.now() - TimeDelta::days(app.config.jobs.keep_days);
    app.db
        .write(async |tx| {
            let forgotten = store::prune(&**tx, before).await?;
            let result = json!({ "forgotten": forgotten });
            running.complete(tx, result.clone()).await?;
            Ok(result)
        })
        .await
}
