//! The list: pages, reading, deleting, and whose it is.

use chrono::TimeDelta;
use serde_json::json;

use super::{told, until_unread};
use crate::{
    chats::{begin, id},
    realtime::Line,
    support::TestApp,
};

#[tokio::test]
async fn pages_follow_each_other_and_filter() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    for n in 0..5 {
        app.advance(TimeDelta::seconds(1));
        begin(&ada, &format!("Question {n}")).await;
        until_unread(&app, &ada, n + 1).await;
    }
    let first = ada.get("/api/notifications?limit=2").await.body;
    let cursor = first["nextCursor"].as_str().unwrap();
    let second = ada
        .get(&format!("/api/notifications?limit=3&cursor={cursor}"))
        .await
        .body;
    assert_eq!(second["nextCursor"], json!(null));
    let titles = |page: &serde_json::Value| {
        let items = page["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|one| one["title"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles(&first), ["Question 4", "Question 3"]);
    assert_eq!(titles(&second), ["Question 2", "Question 1", "Question 0"]);
    let read = json!({ "ids": [id(&second["items"][0]), id(&first["items"][0])] });
    let reply = ada.post("/api/notifications/read", &read).await;
    assert_eq!(reply.body, json!({ "unreadCount": 3 }));
    let unread = ada.get("/api/notifications?unread=true").await.body;
    assert_eq!(titles(&unread), ["Question 3", "Question 1", "Question 0"]);
    assert_eq!(unread["unreadCount"], 3);
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    let all = ada
        .post("/api/notifications/read", &json!({ "all": true }))
        .await;
    assert_eq!(all.body, json!({ "unreadCount": 0 }));
    assert_eq!(line.event("notifications:read").await["unreadCount"], 0);
    for (query, field) in [
        ("limit=0", "limit range"),
        ("limit=101", "limit range"),
        ("cursor=x", "cursor format"),
    ] {
        let reply = ada.get(&format!("/api/notifications?{query}")).await;
        assert_eq!(
            (reply.status, reply.fields()),
            (422, vec![field.to_owned()])
        );
    }
}

#[tokio::test]
async fn what_is_to_be_read_is_said_one_way() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let many: Vec<uuid::Uuid> = (0..101).map(|_| app.clock.id()).collect();
    for (body, expected) in [
        (json!({}), "ids count"),
        (json!({ "ids": [] }), "ids count"),
        (json!({ "ids": many }), "ids count"),
        (json!({ "ids": [many[0]], "all": true }), "ids exclusive"),
    ] {
        let reply = ada.post("/api/notifications/read", &body).await;
        assert_eq!(reply.fields(), [expected], "{body}");
    }
    let unknown = ada
        .post("/api/notifications/read", &json!({ "ids": [many[0]] }))
        .await;
    assert_eq!(unknown.body, json!({ "unreadCount": 0 }));
}

#[tokio::test]
async fn a_notification_is_its_persons_alone() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    begin(&ada, "Mine").await;
    until_unread(&app, &ada, 1).await;
    let own = id(&told(&ada).await[0]);
    let path = format!("/api/notifications/{own}");
    assert_eq!(
        mira.delete(&path).await.line(),
        "404 notification_not_found"
    );
    let read = json!({ "ids": [own] });
    assert_eq!(
        mira.post("/api/notifications/read", &read).await.body["unreadCount"],
        0
    );
    until_unread(&app, &ada, 1).await;
    let anonymous = app.anonymous();
    assert_eq!(
        anonymous.get("/api/notifications").await.line(),
        "401 unauthenticated"
    );
    assert_eq!(anonymous.delete(&path).await.line(), "401 unauthenticated");
    let reply = anonymous.post("/api/notifications/read", &read).await;
    assert_eq!(reply.line(), "401 unauthenticated");
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(ada.delete(&path).await.line(), "404 notification_not_found");
    assert!(told(&ada).await.is_empty());
}

#[tokio::test]
async fn what_is_old_is_forgotten() {
    let app = TestApp::with(&[("SANGAM_NOTIFICATIONS__KEEP_DAYS", "2")]).await;
    let ada = app.user("ada").await;
    begin(&ada, "Old").await;
    until_unread(&app, &ada, 1).await;
    app.advance(TimeDelta::days(3));
    // Each start clears up.
    let (_second, _) = app.second_node().await;
    let sign_in = json!({ "email": ada.email, "password": ada.password });
    assert_eq!(ada.post("/api/auth/login", &sign_in).await.status, 200);
    until_unread(&app, &ada, 0).await;
    assert!(told(&ada).await.is_empty());
}
