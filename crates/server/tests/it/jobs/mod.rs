//! Background jobs: who works on them, how often, and what their owners see.

mod door;
mod leases;
mod retries;
mod worker;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use serde_json::{Value, json};
use server::{
    app::App,
    platform::jobs::{self, NewJob},
};
use store::{JobId, UserId, entity::job};

use crate::support::{TestApp, User};

pub(crate) async fn enqueue(app: &App, new: NewJob) -> job::Model {
    app.db
        .write(async |tx| jobs::enqueue(app, tx, new).await)
        .await
        .unwrap()
}

pub(crate) fn of(kind: &'static str) -> NewJob {
    NewJob::of(kind, &json!({})).unwrap()
}

pub(crate) fn owned_by(user: &User, kind: &'static str) -> NewJob {
    NewJob {
        owner: Some(UserId(user.id.parse().unwrap())),
        ..of(kind)
    }
}

pub(crate) async fn shown(user: &User, id: JobId) -> Value {
    let reply = user.get(&format!("/api/jobs/{id}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.body["job"].clone()
}

pub(crate) async fn until_status(app: &TestApp, user: &User, id: JobId, status: &str) -> Value {
    app.until(status, async || shown(user, id).await["status"] == status)
        .await;
    shown(user, id).await
}

/// Counts, and tells when something is let go.
#[derive(Clone, Default)]
pub(crate) struct Count(Arc<AtomicU32>);

impl Count {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Counts when it is dropped.
pub(crate) struct Dropped(pub(crate) Count);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.add();
    }
}
