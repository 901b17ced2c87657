//! What administrators tell everybody.

use serde_json::{Value, json};

use super::told;
use crate::{accounts::administrator, realtime::Line, support::TestApp};

const NOTICES: &str = "/api/admin/notices";

#[tokio::test]
async fn a_notice_reaches_everybody_on_every_node() {
    let app = TestApp::new().await;
    let root = administrator(&app, "root").await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let (_second, base) = app.second_node().await;
    let mut here = Line::with_token(&app.base, &ada.access_token).await;
    let mut there = Line::with_token(&base, &mira.access_token).await;
    let body = json!({ "title": " Down at noon ", "detail": "For an hour.", "link": "/settings" });
    let reply = root.post(NOTICES, &body).await;
    assert_eq!((reply.status, &reply.body["notified"]), (201, &json!(3)));
    for line in [&mut here, &mut there] {
        let heard = line.event("notification").await;
        assert_eq!(heard["unreadCount"], 1);
        assert_eq!(heard["notification"]["kind"], "notice");
        assert_eq!(heard["notification"]["title"], "Down at noon");
    }
    for user in [&root, &ada.client, &mira.client] {
        let rows = told(user).await;
        assert_eq!(rows[0]["detail"], "For an hour.");
        assert_eq!(rows[0]["link"], "/settings");
    }
    // A second one does not take the place of the first.
    assert_eq!(
        root.post(NOTICES, &json!({ "title": "Again" }))
            .await
            .status,
        201
    );
    assert_eq!(told(&ada).await.len(), 2);
}

#[tokio::test]
async fn only_administrators_may_and_only_plain_words() {
    let app = TestApp::new().await;
    let root = administrator(&app, "root").await;
    let ada = app.user("ada").await;
    let body = json!({ "title": "Hello" });
    assert_eq!(ada.post(NOTICES, &body).await.line(), "403 forbidden");
    assert_eq!(
        app.anonymous().post(NOTICES, &body).await.line(),
        "401 unauthenticated"
    );
    for (body, expected) in [
        (json!({ "title": " " }), vec!["title length"]),
        (json!({ "title": "x".repeat(201) }), vec!["title length"]),
        (
            json!({ "title": "x", "detail": "x".repeat(2001) }),
            vec!["detail length"],
        ),
        (
            json!({ "title": "x", "link": "javascript:alert(1)" }),
            vec!["link format"],
        ),
        (
            json!({ "title": "", "link": "//evil.example" }),
            vec!["title length", "link format"],
        ),
    ] {
        let reply = root.post(NOTICES, &body).await;
        assert_eq!(
            (reply.status, reply.fields()),
            (422, expected.into_iter().map(str::to_owned).collect()),
            "{body}"
        );
    }
    assert_eq!(told(&ada).await, Vec::<Value>::new());
    let reply = root
        .post(NOTICES, &json!({ "title": "x", "other": 1 }))
        .await;
    assert_eq!(reply.line(), "400 unknown_field");
}
