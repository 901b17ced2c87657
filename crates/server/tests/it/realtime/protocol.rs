//! What Engine.IO 4 and Socket.IO 5 ask, where the official suites cannot: they want the first ping
//! after an interval, and the published crate sends it at once.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{
    Line,
    polling::{BETWEEN, Polling},
};
use crate::{chats::begin, support::TestApp};

const POLL: &str = "/socket.io/?EIO=4&transport=polling";

#[tokio::test]
async fn a_handshake_says_what_holds() {
    let app = TestApp::new().await;
    let polling = Polling::open(&app.base).await;
    let opened = &polling.opened;
    assert_eq!(opened["upgrades"], json!(["websocket"]));
    assert_eq!(opened["maxPayload"], 1024 * 1024);
    assert_eq!(
        (&opened["pingInterval"], &opened["pingTimeout"]),
        (&json!(25_000), &json!(20_000))
    );
    let anonymous = app.anonymous();
    for query in [
        "?transport=polling",
        "?EIO=4",
        "?EIO=4&transport=pigeon",
        "?EIO=99&transport=polling",
        "?EIO=4&transport=polling&sid=unknown",
        "?EIO=4&transport=websocket",
    ] {
        let reply = anonymous.get(&format!("/socket.io/{query}")).await;
        assert_eq!(reply.status, 400, "{query}: {}", reply.text);
    }
    let request = anonymous.request(reqwest::Method::PUT, POLL);
    assert_eq!(anonymous.send(request).await.status, 400);
    let other = anonymous.get("/socket.io/other").await;
    assert_eq!(other.line(), "404 not_found");
}

#[tokio::test]
async fn several_packets_travel_in_one_body() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut polling = Polling::with_token(&app.base, &ada.access_token).await;
    let leave = |id: u32| {
        let body = json!(["chat:leave", { "chatId": ada.id }]);
        format!("42{id}{body}")
    };
    let body = format!("{}{BETWEEN}{}", leave(1), leave(2));
    assert_eq!(polling.say(&body).await, StatusCode::OK);
    let mut answers = [polling.packet().await, polling.packet().await];
    answers.sort();
    assert_eq!(answers, [r#"431[{"ok":true}]"#, r#"432[{"ok":true}]"#]);
}

#[tokio::test]
async fn a_second_poll_at_the_same_time_ends_the_session() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let polling = Polling::with_token(&app.base, &ada.access_token).await;
    let first = app.tasks.spawn(polling.poll().send());
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let second = polling.poll().send().await.unwrap();
    assert_eq!(second.status(), StatusCode::BAD_REQUEST);
    first.await.unwrap().unwrap();
    assert_eq!(polling.say("3").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn polling_becomes_a_websocket_and_loses_nothing() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let polling = Polling::with_token(&app.base, &ada.access_token).await;
    let more = format!("&sid={}", polling.sid());
    let mut line = Line::dial(&app.base, &more, &[]).await.unwrap();
    // Whoever polls meanwhile is let go.
    let waiting = app.tasks.spawn(async move {
        let mut polling = polling;
        polling.poll().send().await.unwrap().text().await.unwrap();
        polling.opened.take()
    });
    line.say("2probe").await;
    assert_eq!(line.packet().await.as_deref(), Some("3probe"));
    waiting.await.unwrap();
    line.say("5").await;
    let begun = begin(&ada, "After the upgrade").await;
    let created = line.event("chat:created").await;
    assert_eq!(created["chat"]["id"], begun.chat.as_str());
    let joined = line
        .ask("chat:join", &json!({ "chatId": begun.chat }))
        .await;
    assert_eq!(joined["ok"], true);
    let unknown = Line::dial(&app.base, "&sid=unknown", &[]).await.err();
    assert_eq!(unknown, Some(400));
}

#[tokio::test]
async fn there_is_one_namespace() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut line = Line::open(&app.base, &[]).await.unwrap();
    let auth = json!({ "token": ada.access_token });
    line.say(&format!("40/admin,{auth}")).await;
    let answer = line.packet().await.unwrap();
    assert!(answer.starts_with("44/admin,{\"message\":"), "{answer}");
    assert!(line.connect(&auth).await.starts_with("40{\"sid\":"));
    // Leaving it ends the socket, and the transport may connect again.
    line.say("41").await;
    assert!(line.connect(&auth).await.starts_with("40{\"sid\":"));
    assert_eq!(
        line.ask("chat:leave", &json!({ "chatId": ada.id })).await["ok"],
        true
    );
}

#[tokio::test]
async fn what_wants_no_answer_gets_none_and_binary_is_no_chat() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    line.say(&format!(
        "42{}",
        json!(["chat:leave", { "chatId": ada.id }])
    ))
    .await;
    let placeholder = json!(["chat:join", { "_placeholder": true, "num": 0 }]);
    line.say(&format!("451-7{placeholder}")).await;
    assert!(
        line.try_say(Message::binary(vec![0_u8, 159, 146, 150]))
            .await
    );
    let answer = line.packet().await.unwrap();
    let answer = answer
        .strip_prefix("437")
        .expect("the answer to the binary event");
    let answer: Value = serde_json::from_str(answer).unwrap();
    assert_eq!(answer[0]["problem"]["status"], 422);
    assert_eq!(
        line.ask("chat:leave", &json!({ "chatId": ada.id })).await["ok"],
        true
    );
}

#[tokio::test]
async fn a_close_closes_whatever_the_transport() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    line.say("1").await;
    while let Some(packet) = line.packet().await {
        assert!(packet == "1" || packet == "6", "{packet}");
    }
    let polling = Polling::with_token(&app.base, &ada.access_token).await;
    assert_eq!(polling.say("1").await, StatusCode::OK);
    app.until("the session is over", || async {
        polling.poll().send().await.unwrap().status() == StatusCode::BAD_REQUEST
    })
    .await;
}

#[tokio::test]
async fn the_second_port_serves_the_same_sockets_and_nothing_else() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let port = app.second_port().await;
    let mut here = Line::with_token(&app.base, &ada.access_token).await;
    let mut there = Line::with_token(&port, &ada.access_token).await;
    let begun = begin(&ada, "Both ports").await;
    for line in [&mut here, &mut there] {
        let created = line.event("chat:created").await;
        assert_eq!(created["chat"]["id"], begun.chat.as_str());
        let joined = line
            .ask("chat:join", &json!({ "chatId": begun.chat }))
            .await;
        assert_eq!(joined["presence"]["people"].as_array().unwrap().len(), 1);
    }
    // A session begun at one goes on at the other.
    let polling = Polling::with_token(&port, &ada.access_token).await;
    let mut polling = polling.moved(&port, &app.base);
    let leave = json!(["chat:leave", { "chatId": ada.id }]);
    assert_eq!(polling.say(&format!("421{leave}")).await, StatusCode::OK);
    // What is told meanwhile comes between.
    while polling.packet().await != r#"431[{"ok":true}]"# {}
    let page = crate::support::Client::new(&port);
    for path in ["/", "/api/instance", "/health"] {
        assert_eq!(page.get(path).await.line(), "404 not_found", "{path}");
    }
    // Pages of the main port may, others may not.
    let own = page.header("origin", &app.base);
    let reply = own.get(POLL).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), app.base);
    assert_eq!(reply.header("access-control-allow-credentials"), "true");
    let foreign = own.header("origin", "http://evil.example");
    assert_eq!(foreign.get(POLL).await.line(), "403 origin_refused");
}

#[tokio::test]
async fn the_page_is_told_of_the_second_port_and_may_use_it() {
    let app = TestApp::with(&[("SOCKET_PORT", "4999")]).await;
    let instance = app.anonymous().get("/api/instance").await;
    assert_eq!(instance.body["socketPort"], 4999);
    let policy = instance.header("content-security-policy");
    assert!(
        policy.contains("connect-src 'self' http://localhost:4999 ws://localhost:4999"),
        "{policy}"
    );
    let app = TestApp::new().await;
    let instance = app.anonymous().get("/api/instance").await;
    assert_eq!(instance.body["socketPort"], json!(null));
}
