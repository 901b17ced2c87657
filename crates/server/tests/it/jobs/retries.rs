//! What fails is tried again, later and later, and not for ever.

use chrono::TimeDelta;
use server::{
    error::{Error, INVALID, UNAVAILABLE},
    platform::jobs::NewJob,
};

use super::{Count, enqueue, owned_by, shown, until_status};
use crate::support::TestApp;

#[tokio::test]
async fn what_may_pass_is_tried_again_later_and_later() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let runs = Count::default();
    let seen = runs.clone();
    app.jobs.on("fail", move |_, _| {
        seen.add();
        async { Err(Error::new(UNAVAILABLE, "The other side is away.")) }
    });
    let new = NewJob {
        max_attempts: 3,
        ..owned_by(&ada, "fail")
    };
    let job = enqueue(&app.state, new).await;
    for (run, seconds) in [(1, 2), (2, 4)] {
        app.until("it has run", async || runs.get() == run).await;
        until_status(&app, &ada, job.id, "queued").await;
        // Just before its time, looked for at least once, and behind it.
        app.advance(TimeDelta::milliseconds(seconds * 1000 * 3 / 4 - 10));
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        assert_eq!(runs.get(), run, "not before {seconds} s, less a quarter");
        app.advance(TimeDelta::milliseconds(seconds * 1000 / 2 + 20));
    }
    let failed = until_status(&app, &ada, job.id, "failed").await;
    assert_eq!(runs.get(), 3);
    assert_eq!(failed["error"]["code"], "unavailable");
    assert_eq!(failed["error"]["detail"], "The other side is away.");
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.jobs.on("refuse", |_, _| async {
        Err(Error::new(INVALID, "No zip."))
    });
    let job = enqueue(&app.state, owned_by(&ada, "refuse")).await;
    let failed = until_status(&app, &ada, job.id, "failed").await;
    assert_eq!(failed["error"]["code"], "invalid");
    assert_eq!(failed["error"]["detail"], "No zip.");
}

#[tokio::test]
async fn a_panic_is_a_failure_whose_words_stay_here() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.jobs.on("panic", |_, _| async { panic!("secret") });
    let new = NewJob {
        max_attempts: 1,
        ..owned_by(&ada, "panic")
    };
    let job = enqueue(&app.state, new).await;
    let failed = until_status(&app, &ada, job.id, "failed").await;
    assert_eq!(failed["error"]["code"], "internal");
    assert!(!failed.to_string().contains("secret"));
    // And the worker goes on.
    app.jobs
        .on("fine", |_, _| async { Ok(serde_json::Value::Null) });
    let next = enqueue(&app.state, owned_by(&ada, "fine")).await;
    until_status(&app, &ada, next.id, "done").await;
}

#[tokio::test]
async fn a_job_waits_for_its_time() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.jobs
        .on("later", |_, _| async { Ok(serde_json::Value::Null) });
    let new = NewJob {
        run_at: Some(app.clock.now() + TimeDelta::minutes(5)),
        ..owned_by(&ada, "later")
    };
    let job = enqueue(&app.state, new).await;
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(shown(&ada, job.id).await["status"], "queued");
    app.advance(TimeDelta::minutes(5));
    until_status(&app, &ada, job.id, "done").await;
}
