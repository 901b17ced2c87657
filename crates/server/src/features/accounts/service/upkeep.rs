//! Clearing up: sessions, tokens and links whose time is over.

use std::time::Duration;

use chrono::TimeDelta;

use crate::{
    app::App, error::Result, features::accounts::store, platform::auth::refresh::IDLE_LIFE,
};

const EVERY: Duration = Duration::from_hours(1);

/// Clears up now and once an hour.
pub(crate) fn start(app: &App) {
    let this = app.clone();
    app.tasks.spawn_until_stop(async move {
        loop {
            match prune(&this).await {
                Ok(0) => {}
                Ok(rows) => tracing::debug!(rows, "{rows} rows of old sessions and links are gone"),
                Err(error) => tracing::warn!(?error, "old sessions were not cleared up: {error}"),
            }
            tokio::time::sleep(EVERY).await;
        }
    });
}

/// Forgets what can no longer be used. A used refresh token is kept as long as its holder might
/// not have noticed that it was stolen.
pub(crate) async fn prune(app: &App) -> Result<u64> {
    let now = app.clock.now();
    let used_before = now - IDLE_LIFE - TimeDelta::days(1);
    app.db
        .write(async |tx| store::prune(tx, now, used_before).await)
        .await
}
