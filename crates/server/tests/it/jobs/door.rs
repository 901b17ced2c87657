//! Jobs through the door and over the socket.

use serde_json::{Value, json};
use server::platform::jobs::Running;

use super::{Count, Dropped, enqueue, owned_by, until_status};
use crate::{realtime::line::Line, support::TestApp};

#[tokio::test]
async fn jobs_are_their_owners_alone() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let job = enqueue(&app.state, owned_by(&ada, "nobodys")).await;
    let path = format!("/api/jobs/{}", job.id);
    let missing = "/api/jobs/01900000-0000-7000-8000-000000000000";
    for who in [&mira.client, &app.anonymous()] {
        let expected = if std::ptr::eq(who, &raw const mira.client) {
            "404 job_not_found"
        } else {
            "401 unauthenticated"
        };
        assert_eq!(who.get(&path).await.line(), expected);
        assert_eq!(who.act(&format!("{path}/cancel")).await.line(), expected);
    }
    assert_eq!(ada.get(missing).await.line(), "404 job_not_found");
    assert_eq!(ada.get("/api/jobs/no-id").await.status, 404);
    assert_eq!(
        app.anonymous().get("/api/jobs").await.line(),
        "401 unauthenticated"
    );
    assert_eq!(mira.get("/api/jobs").await.body["items"], json!([]));
    let shown = ada.get(&path).await.body["job"].clone();
    assert_eq!(shown["kind"], "nobodys");
    assert_eq!(shown["status"], "queued");
    assert_eq!(
        shown["progress"],
        json!({ "done": 0, "total": null, "note": null })
    );
    assert_eq!(shown["result"], Value::Null);
}

#[tokio::test]
async fn the_list_is_read_in_pages_newest_first() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        let job = enqueue(&app.state, owned_by(&ada, "nobodys")).await;
        ids.push(job.id.to_string());
    }
    ids.reverse();
    let mut seen = Vec::new();
    let mut path = "/api/jobs?limit=2".to_owned();
    loop {
        let page = ada.get(&path).await.body;
        let items = page["items"].as_array().unwrap();
        seen.extend(
            items
                .iter()
                .map(|job| job["id"].as_str().unwrap().to_owned()),
        );
        match page["nextCursor"].as_str() {
            Some(cursor) => path = format!("/api/jobs?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ids);
    for (query, field) in [
        ("limit=0", "limit range"),
        ("limit=101", "limit range"),
        ("cursor=x", "cursor format"),
    ] {
        let reply = ada.get(&format!("/api/jobs?{query}")).await;
        assert_eq!(reply.status, 422, "{query}: {}", reply.text);
        assert_eq!(reply.fields(), [field]);
    }
}

#[tokio::test]
async fn a_job_can_be_taken_back_until_it_has_ended() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let waiting = enqueue(&app.state, owned_by(&ada, "nobodys")).await;
    let cancel = format!("/api/jobs/{}/cancel", waiting.id);
    let reply = ada.act(&cancel).await;
    assert_eq!(reply.body["job"]["status"], "cancelled", "{}", reply.text);
    assert_eq!(ada.act(&cancel).await.line(), "409 job_ended");

    // One that runs on another node than the one that is asked.
    let (second, _) = app.second_node().await;
    let let_go = Count::default();
    let dropped = let_go.clone();
    second.jobs.on("endless", move |_, _| {
        let dropped = Dropped(dropped.clone());
        async move {
            std::future::pending::<()>().await;
            drop(dropped);
            Ok(Value::Null)
        }
    });
    let running = enqueue(&second, owned_by(&ada, "endless")).await;
    until_status(&app, &ada, running.id, "running").await;
    let cancel = format!("/api/jobs/{}/cancel", running.id);
    assert_eq!(ada.act(&cancel).await.status, 200);
    until_status(&app, &ada, running.id, "cancelled").await;
    assert_eq!(let_go.get(), 1);
    assert_eq!(ada.act(&cancel).await.line(), "409 job_ended");
}

#[tokio::test]
async fn progress_comes_by_socket_to_every_device_of_its_owner() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let (_second, base) = app.second_node().await;
    let mut here = Line::with_token(&app.base, &ada.access_token).await;
    let mut there = Line::with_token(&base, &ada.access_token).await;
    let mut foreign = Line::with_token(&app.base, &mira.access_token).await;
    app.jobs.on("steps", |_, running: Running| async move {
        for step in 1..=100 {
            running.progress(step, Some(100), Some("Step\0")).await?;
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        Ok(json!({ "steps": 100 }))
    });
    let job = enqueue(&app.state, owned_by(&ada, "steps")).await;
    for line in [&mut here, &mut there] {
        let mut told = Vec::new();
        let last = loop {
            let event = line.event("job:progress").await["job"].clone();
            assert_eq!(event["id"], job.id.to_string());
            told.push(event["progress"]["done"].as_i64().unwrap());
            if event["status"] == "done" {
                break event;
            }
        };
        assert!(told.is_sorted(), "{told:?}");
        assert!((2..=9).contains(&told.len()), "throttled: {told:?}");
        assert_eq!(
            last["progress"],
            json!({ "done": 100, "total": 100, "note": "Step\u{fffd}" })
        );
        assert_eq!(last["result"], json!({ "steps": 100 }));
    }
    let body = json!({ "message": "Hers" });
    assert_eq!(mira.post("/api/chats", &body).await.status, 201);
    let first = foreign.packet().await.unwrap();
    assert!(first.starts_with("42[\"chat:created\""), "{first}");
}
