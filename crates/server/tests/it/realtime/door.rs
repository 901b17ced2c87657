//! Who is let in, and for how long.

use serde_json::json;

use super::line::Line;
use crate::support::TestApp;

#[tokio::test]
async fn nobody_connects_without_a_token_that_holds() {
    let app = TestApp::new().await;
    for auth in [
        json!({}),
        json!({ "token": "x" }),
        json!({ "token": 7 }),
        json!(null),
    ] {
        let mut line = Line::open(&app.base, &[]).await.unwrap();
        let answer = line.connect(&auth).await;
        assert!(answer.starts_with("44{"), "{auth}: {answer}");
    }
}

#[tokio::test]
async fn a_cookie_counts_from_our_own_pages_alone() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let cookie = format!("sangam_access={}", ada.access_token);
    let cookie = ("cookie", cookie.as_str());
    let own = ("origin", app.base.as_str());
    let mut line = Line::open(&app.base, &[cookie, own]).await.unwrap();
    let answer = line.connect(&json!({})).await;
    assert!(answer.starts_with("40{"), "{answer}");
    let mut line = Line::open(&app.base, &[cookie]).await.unwrap();
    let answer = line.connect(&json!({})).await;
    assert!(answer.starts_with("44{"), "without an Origin: {answer}");
}

#[tokio::test]
async fn foreign_pages_get_no_transport_at_all() {
    let app = TestApp::new().await;
    for origin in ["http://evil.example", "null", "http://localhost:1"] {
        let refused = Line::open(&app.base, &[("origin", origin)]).await.err();
        assert_eq!(refused, Some(403), "{origin}");
        let poll = app.anonymous().header("origin", origin);
        let reply = poll.get("/socket.io/?EIO=4&transport=polling").await;
        assert_eq!(reply.line(), "403 origin_refused", "{origin}");
    }
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test is the other side of the platform's own client"
)]
async fn polling_opens_connects_and_reads() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let url = format!("{}/socket.io/?EIO=4&transport=polling", app.base);
    let http = reqwest::Client::new();
    let open = http.get(&url).send().await.unwrap().text().await.unwrap();
    let open: serde_json::Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
    assert_eq!(open["upgrades"], json!(["websocket"]));
    assert_eq!(open["maxPayload"], 1024 * 1024);
    let url = format!("{url}&sid={}", open["sid"].as_str().unwrap());
    let connect = format!("40{}", json!({ "token": ada.access_token }));
    let sent = http.post(&url).body(connect).send().await.unwrap();
    assert_eq!(sent.text().await.unwrap(), "ok");
    let mut got = String::new();
    // The first ping may come before the answer.
    while !got.contains("40{") {
        got = http.get(&url).send().await.unwrap().text().await.unwrap();
        assert!(got.starts_with('2') || got.starts_with("40{"), "{got}");
    }
}

#[tokio::test]
async fn signing_out_ends_the_sockets_of_the_session_on_every_node() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let (_second, base) = app.second_node().await;
    let mut here = Line::with_token(&app.base, &ada.access_token).await;
    let mut there = Line::with_token(&base, &ada.access_token).await;
    let mut other = Line::with_token(&app.base, &mira.access_token).await;
    assert_eq!(ada.act("/api/auth/logout").await.status, 204);
    assert_eq!(here.packet().await.as_deref(), Some("41"));
    assert_eq!(there.packet().await.as_deref(), Some("41"));
    let answer = other.ask("chat:leave", &json!({ "chatId": mira.id })).await;
    assert_eq!(answer, json!({ "ok": true }), "somebody else's goes on");
    let answer = here.connect(&json!({ "token": ada.access_token })).await;
    assert!(answer.starts_with("44{"), "{answer}");
}
