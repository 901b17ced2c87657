//! Notifications through the door.

mod answers;
mod list;
mod notices;

use serde_json::Value;

use crate::support::{Client, TestApp};

/// What somebody has been told, the latest first.
pub(crate) async fn told(user: &Client) -> Vec<Value> {
    let reply = user.get("/api/notifications").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body["items"].as_array().unwrap().clone()
}

async fn unread(user: &Client) -> i64 {
    let reply = user.get("/api/notifications?limit=1").await;
    reply.body["unreadCount"].as_i64().unwrap()
}

/// Waits until somebody has so many that are not read.
async fn until_unread(app: &TestApp, user: &Client, count: i64) {
    app.until("the count of what is unread", || async {
        unread(user).await == count
    })
    .await;
}
