//! Clearing away: files that no message uses any more, and bytes that no file names.

use std::time::Duration;

use ::store::{FileId, entity::file_garbage};
use chrono::TimeDelta;

use super::{super::store, taking_apart};
use crate::{
    app::App,
    error::{Error, Result},
    platform::auth::Principal,
};

/// Also looks without being woken: another node may have left something.
const POLL: Duration = Duration::from_mins(1);
const BATCH: u64 = 100;
/// How long a file is left to wait for its job.
const STUCK: TimeDelta = TimeDelta::hours(1);
/// What an upload that was cut short left behind is removed after this time.
const LEFT_BEHIND: Duration = Duration::from_hours(24);

/// Throws a file away. One that messages use stays for them, and goes when they go.
pub async fn delete(app: &App, who: &Principal, id: FileId) -> Result<()> {
    app.db
        .write(async |tx| {
            store::owned(&**tx, who.id, id).await?;
            if !store::delete_unused(&**tx, id, false).await? {
                store::discard(&**tx, id).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    released(app);
    Ok(())
}

/// Messages or files have gone: there may be something to clear away.
pub fn released(app: &App) {
    app.files.garbage.notify_one();
}

/// Clears away now and then, and when there is a reason to.
pub fn start(app: &App) {
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        if let Err(error) = background.blobs.tidy(LEFT_BEHIND).await {
            tracing::warn!(%error, "left-over uploads cannot be removed: {error}");
        }
        loop {
            match clear(&background).await {
                Ok(true) => {}
                Ok(false) => {
                    let woken = background.files.garbage.notified();
                    tokio::time::timeout(POLL, woken).await.ok();
                }
                Err(error) => {
                    tracing::warn!(
                        cause = error.chain(),
                        "files cannot be cleared away, it is tried again"
                    );
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    });
}

/// A file whose job is lost for good, because it killed every process that worked on it, does not wait
/// any longer.
async fn give_up(app: &App) -> Result<()> {
    let before = app.clock.now() - STUCK;
    for row in store::stuck(&**app.db.read(), before, BATCH).await? {
        let (code, detail) = taking_apart::GIVEN_UP;
        taking_apart::fail(app, None, row, code, detail).await?;
    }
    Ok(())
}

/// Deals with one batch; false when there was nothing to do.
async fn clear(app: &App) -> Result<bool> {
    give_up(app).await?;
    let rows = store::garbage(&**app.db.read(), app.clock.now(), BATCH).await?;
    for row in &rows {
        match row.kind {
            // Forgotten in the same transaction: whoever stops using it later adds it again. Its
            // bytes are garbage as soon as it is gone.
            file_garbage::Kind::File => {
                app.db
                    .write(async |tx| {
                        store::forget_garbage(&**tx, &[row.id]).await?;
                        store::delete_unused(&**tx, FileId(row.id), true).await
                    })
                    .await?;
            }
            file_garbage::Kind::Blob => {
                app.blobs.delete(row.id).await?;
                app.db
                    .write(async |tx| store::forget_garbage(&**tx, &[row.id]).await)
                    .await?;
            }
        }
    }
    Ok(!rows.is_empty())
}
