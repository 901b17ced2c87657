//! Tells the devices of a person when one of their files has been read.

use ::store::{FileId, UserId};
use futures::future::BoxFuture;
use serde_json::json;

use super::{FileView, service};
use crate::{app::App, error::Result, events::Event, platform::realtime::user_room, signals};

/// Tells the sockets of this node of a fact about files.
pub fn tell<'a>(app: &'a App, event: &'a Event) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        match event {
            Event::FileUpdated { file, owner } => updated(app, *file, *owner).await,
            _ => Ok(()),
        }
    })
}

async fn updated(app: &App, file: FileId, owner: UserId) -> Result<()> {
    let to = user_room(owner);
    if app.realtime.is_empty(&to) {
        return Ok(());
    }
    let row = service::of_owner(app, owner, file).await?;
    let payload = json!({ "file": FileView::from(row) });
    app.realtime.emit(&to, signals::FILE_UPDATED, &payload);
    Ok(())
}
