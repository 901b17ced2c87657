//! Jobs by socket: the devices of a job's owner are told how it stands.

use futures::future::BoxFuture;
use serde_json::json;

use super::{http::JobView, store};
use crate::{app::App, error::Result, events::Event, platform::realtime::user_room, signals};

/// Tells the sockets of this node of a fact about a job.
pub fn tell<'a>(app: &'a App, event: &'a Event) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let Event::JobChanged { job, owner } = event else {
            return Ok(());
        };
        let to = user_room(*owner);
        if app.realtime.is_empty(&to) {
            return Ok(());
        }
        if let Some(job) = store::owned(&**app.db.read(), *owner, *job).await? {
            let payload = json!({ "job": JobView::from(job) });
            app.realtime.emit(&to, signals::JOB_PROGRESS, &payload);
        }
        Ok(())
    })
}
