//! Notifications by socket: every device of a person hears of a new one and of what was read.

use std::collections::HashMap;

use ::store::{NotificationId, UserId};
use futures::future::BoxFuture;
use serde_json::json;

use super::{http::NotificationView, service::notice_key, store};
use crate::{app::App, error::Result, events::Event, platform::realtime::user_room, signals};

/// People that are asked for at once.
const BATCH: usize = 500;

/// Tells the sockets of this node of a fact about notifications.
pub fn tell<'a>(app: &'a App, event: &'a Event) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        match event {
            Event::NotificationAdded { user, notification } => {
                added(app, *user, *notification).await
            }
            Event::NotificationsRead { user } => read(app, *user).await,
            Event::NoticeSent { notice } => announced(app, *notice).await,
            _ => Ok(()),
        }
    })
}

async fn added(app: &App, user: UserId, id: NotificationId) -> Result<()> {
    let to = user_room(user);
    if app.realtime.is_empty(&to) {
        return Ok(());
    }
    let db = &**app.db.read();
    let Some(row) = store::of(db, user, id).await? else {
        return Ok(());
    };
    let payload = json!({
        "notification": NotificationView::from(row),
        "unreadCount": store::unread_count(db, user).await?,
    });
    app.realtime.emit(&to, signals::NOTIFICATION, &payload);
    Ok(())
}

async fn read(app: &App, user: UserId) -> Result<()> {
    let to = user_room(user);
    if app.realtime.is_empty(&to) {
        return Ok(());
    }
    let unread = store::unread_count(&**app.db.read(), user).await?;
    let payload = json!({ "unreadCount": unread });
    app.realtime
        .emit(&to, signals::NOTIFICATIONS_READ, &payload);
    Ok(())
}

/// Only those who are here are asked for, however many there are.
async fn announced(app: &App, notice: NotificationId) -> Result<()> {
    let key = notice_key(notice);
    let users: Vec<UserId> = app.realtime.users().into_iter().collect();
    let db = &**app.db.read();
    for users in users.chunks(BATCH) {
        let rows = store::unread_under(db, users, &key).await?;
        let counts: HashMap<UserId, i64> = store::unread_counts(db, users).await?;
        for row in rows {
            let to = user_room(row.user_id);
            let payload = json!({
                "unreadCount": counts.get(&row.user_id).copied().unwrap_or_default(),
                "notification": NotificationView::from(row),
            });
            app.realtime.emit(&to, signals::NOTIFICATION, &payload);
        }
    }
    Ok(())
}
