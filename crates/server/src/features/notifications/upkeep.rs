//! Forgetting what is old.

use std::time::Duration;

use super::store;
use crate::{app::App, error::Result};

const EVERY: Duration = Duration::from_hours(1);

pub(super) fn start(app: &App) {
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        loop {
            if let Err(error) = prune(&background).await {
                let cause = error.chain();
                tracing::warn!(cause, "old notifications were not cleared up: {cause}");
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

/// Forgets what is older than the settings say, read or not; tells how many.
pub(super) async fn prune(app: &App) -> Result<u64> {
    let before = app.clock.now() - app.config.notifications.kept;
    app.db
        .write(async |tx| store::prune(&**tx, before).await)
        .await
}
