//! Facts on their way to the sockets: each node reads the outbox for itself, from where it ended
//! when the node began, as what happened before is what a page fetches. Nothing is told twice, and
//! one teller is done with a fact before the next fact is looked at: what is told stays in order.

use std::time::Duration;

use futures::future::BoxFuture;
use store::outbox;

use crate::{
    app::App,
    error::{Kind, Result},
    events::Event,
};

/// Tells the sockets of this node of a fact, if it is one of the teller's own.
pub type Teller = for<'a> fn(&'a App, &'a Event) -> BoxFuture<'a, Result<()>>;

const BATCH: u64 = 200;
/// Another node, or a worker beside this one, may have appended, which nobody is woken by.
const POLL: Duration = Duration::from_millis(300);
const POLL_ALONE: Duration = Duration::from_secs(1);

/// Passes each new fact to all tellers.
pub async fn follow(app: &App, tellers: &'static [Teller]) -> Result<()> {
    let mut position = outbox::end(&app.db).await?;
    let background = app.clone();
    app.tasks.spawn_until_stop(async move {
        let app = background;
        let poll = if app.db.is_shared() { POLL } else { POLL_ALONE };
        loop {
            let appended = app.db.appended();
            match outbox::after(&app.db, position, BATCH).await {
                Ok(rows) if rows.is_empty() => {
                    tokio::time::timeout(poll, appended).await.ok();
                }
                Ok(rows) => {
                    for row in rows {
                        position = (row.txid, row.id);
                        if let Ok(event) = serde_json::from_value(row.payload) {
                            tell(&app, tellers, &event).await;
                        }
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "sockets are not told: {error}");
                    tokio::time::sleep(poll).await;
                }
            }
        }
    });
    Ok(())
}

async fn tell(app: &App, tellers: &[Teller], event: &Event) {
    for teller in tellers {
        match teller(app, event).await {
            // Gone meanwhile: its own end is told too.
            Err(error) if error.kind() == Kind::NotFound => {}
            Err(error) => tracing::warn!(cause = error.chain(), "sockets miss an event"),
            Ok(()) => {}
        }
    }
}
