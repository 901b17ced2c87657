//! One worker at a time, whatever happens to workers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use server::{
    error::Error,
    platform::jobs::{NewJob, Running},
};
use store::{JobId, entity::job};

use super::{Count, Dropped, enqueue, of, owned_by, shown, until_status};
use crate::support::{Client, TestApp, User};

#[tokio::test]
async fn each_job_is_done_once_by_many_workers_of_two_nodes() {
    const JOBS: usize = 200;
    let app = TestApp::with(&[("SANGAM_JOBS__WORKERS", "8")]).await;
    let (second, _) = app.second_node().await;
    let runs: Arc<Mutex<HashMap<JobId, u32>>> = Arc::default();
    for node in [&app.state, &second] {
        let runs = runs.clone();
        node.jobs.on("count", move |_, running: Running| {
            let runs = runs.clone();
            async move {
                *runs.lock().unwrap().entry(running.id()).or_default() += 1;
                Ok(Value::Null)
            }
        });
    }
    let mut ids = Vec::new();
    for _ in 0..JOBS {
        ids.push(enqueue(&app.state, of("count")).await.id);
    }
    app.until("all are done", async || runs.lock().unwrap().len() == JOBS)
        .await;
    // Twice would show now.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    let runs = runs.lock().unwrap().clone();
    assert!(ids.iter().all(|id| runs[id] == 1), "{runs:?}");
}

#[tokio::test]
async fn a_frozen_worker_loses_its_job_and_writes_nothing_more() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let kept: Arc<Mutex<Option<Running>>> = Arc::default();
    let let_go = Count::default();
    let (slot, dropped) = (kept.clone(), let_go.clone());
    app.jobs.on("freeze", move |_, running: Running| {
        let (slot, dropped) = (slot.clone(), Dropped(dropped.clone()));
        async move {
            *slot.lock().unwrap() = Some(running);
            std::future::pending::<()>().await;
            drop(dropped);
            Ok(Value::Null)
        }
    });
    let job = enqueue(&app.state, owned_by(&ada, "freeze")).await;
    app.until("it runs", async || kept.lock().unwrap().is_some())
        .await;
    let frozen = kept.lock().unwrap().clone().unwrap();
    fenced(&app, &frozen).await.unwrap();

    // A node that can do it, once the lease is over and the wait behind it.
    let (second, _) = app.second_node().await;
    second
        .jobs
        .on("freeze", |_, _| async { Ok(json!("done by the second")) });
    app.advance(TimeDelta::seconds(31));
    until_status(&app, &ada, job.id, "queued").await;
    app.until("the frozen handler is cut off", async || let_go.get() == 1)
        .await;
    // It must not go to the one that freezes again.
    app.jobs
        .on("freeze", |_, _| async { Ok(json!("done by the first")) });
    let error = fenced(&app, &frozen).await.unwrap_err();
    assert_eq!(error.code.name, "job_lease_lost");
    app.advance(TimeDelta::seconds(3));
    let done = until_status(&app, &ada, job.id, "done").await;
    assert!(done["result"].as_str().unwrap().starts_with("done by"));
    for refused in [
        fenced(&app, &frozen).await,
        frozen.progress(1, None, None).await,
        app.db
            .write(async |tx| frozen.complete(tx, json!("late")).await)
            .await,
    ] {
        assert_eq!(refused.unwrap_err().code.name, "job_lease_lost");
    }
    assert_eq!(shown(&ada, job.id).await["result"], done["result"]);
}

/// What a handler does before it writes.
async fn fenced(app: &TestApp, running: &Running) -> Result<(), Error> {
    app.db.write(async |tx| running.fence(tx).await).await
}

#[tokio::test]
async fn a_job_that_ends_its_worker_every_time_is_given_up() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let runs = Count::default();
    let seen = runs.clone();
    app.jobs.on("die", move |_, _| {
        seen.add();
        std::future::pending()
    });
    let new = NewJob {
        max_attempts: 2,
        ..owned_by(&ada, "die")
    };
    let job = enqueue(&app.state, new).await;
    for run in 1..=2 {
        app.until("it runs", async || runs.get() == run).await;
        app.advance(TimeDelta::seconds(31));
        let next = if run == 1 { "queued" } else { "failed" };
        until_status(&app, &ada, job.id, next).await;
        app.advance(TimeDelta::seconds(3));
    }
    let failed = shown(&ada, job.id).await;
    assert_eq!(failed["error"]["code"], "job_died");
    assert_eq!(runs.get(), 2);
}

#[tokio::test]
async fn of_a_kind_and_key_one_job_is_live() {
    let app = TestApp::new().await;
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let open = gate.clone();
    app.jobs.on("gated", move |_, _| {
        let open = open.clone();
        async move {
            drop(open.acquire().await);
            Ok(Value::Null)
        }
    });
    let ada = app.user("ada").await;
    let new = || NewJob {
        key: Some("same".to_owned()),
        ..owned_by(&ada, "gated")
    };
    let many = (0..8).map(|_| enqueue(&app.state, new()));
    let ids: Vec<JobId> = futures::future::join_all(many)
        .await
        .into_iter()
        .map(|job| job.id)
        .collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let other = enqueue(
        &app.state,
        NewJob {
            key: Some("other".to_owned()),
            ..new()
        },
    )
    .await;
    assert_ne!(other.id, ids[0]);
    until_status(&app, &ada, ids[0], "running").await;
    assert_eq!(enqueue(&app.state, new()).await.id, ids[0], "while it runs");
    until_status(&app, &ada, other.id, "running").await;
    gate.add_permits(1);
    until_status(&app, &ada, ids[0], "done").await;
    assert_ne!(enqueue(&app.state, new()).await.id, ids[0], "afterwards");
}

#[tokio::test]
async fn what_is_rolled_back_is_not_enqueued() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let outcome: Result<job::Model, Error> = app
        .db
        .write(async |tx| {
            server::platform::jobs::enqueue(&app.state, tx, owned_by(&ada, "never")).await?;
            Err(Error::internal("no"))
        })
        .await;
    assert!(outcome.is_err());
    let list = ada.get("/api/jobs").await;
    assert_eq!(list.body["items"], json!([]));
}

#[tokio::test]
async fn a_node_that_stops_hands_its_jobs_back() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (second, _) = app.second_node().await;
    second.jobs.on("slow", |_, _| std::future::pending());
    let job = enqueue(&second, owned_by(&ada, "slow")).await;
    until_status(&app, &ada, job.id, "running").await;
    second.tasks.stop();
    until_status(&app, &ada, job.id, "queued").await;
    app.jobs.on("slow", |_, running: Running| async move {
        Ok(json!({ "isLast": running.is_last_attempt() }))
    });
    let done = until_status(&app, &ada, job.id, "done").await;
    assert_eq!(done["result"]["isLast"], false);
}

#[tokio::test]
async fn jobs_that_ended_long_ago_are_forgotten() {
    let app = TestApp::with(&[("SANGAM_JOBS__KEEP_DAYS", "2")]).await;
    let ada = app.user("ada").await;
    app.jobs.on("quick", |_, _| async { Ok(Value::Null) });
    let old = enqueue(&app.state, owned_by(&ada, "quick")).await;
    until_status(&app, &ada, old.id, "done").await;
    app.advance(TimeDelta::days(2) - TimeDelta::minutes(1));
    let young = enqueue(&app.state, owned_by(&ada, "quick")).await;
    let client = signed_in(&app, &ada).await;
    let (old, young) = (
        format!("/api/jobs/{}", old.id),
        format!("/api/jobs/{}", young.id),
    );
    app.until("the young one is done", async || {
        client.get(&young).await.body["job"]["status"] == "done"
    })
    .await;
    app.advance(TimeDelta::hours(1));
    let client = signed_in(&app, &ada).await;
    app.until("the old one is gone", async || {
        client.get(&old).await.status == 404
    })
    .await;
    assert_eq!(client.get(&young).await.status, 200);
}

/// Signed in anew: the clock has left the token behind.
async fn signed_in(app: &TestApp, user: &User) -> Client {
    let body = json!({ "email": user.email, "password": user.password });
    let reply = app.anonymous().post("/api/auth/login", &body).await;
    Client::bearer(&app.base, reply.body["accessToken"].as_str().unwrap())
}
