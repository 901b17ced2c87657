//! What one socket may cost: questions at a time, rooms, size; and junk.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::{Line, polling::Polling};
use crate::{
    chats::begin,
    support::{TestApp, User},
};

async fn is_served(app: &TestApp, user: &User) {
    let mut line = Line::with_token(&app.base, &user.access_token).await;
    let answer = line.ask("chat:leave", &json!({ "chatId": user.id })).await;
    assert_eq!(answer["ok"], true);
}

#[tokio::test]
async fn what_there_is_no_event_for_is_answered_with_a_problem() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    for name in ["chat:delete", "message:created", "", "connect2", "ping"] {
        let answer = line.ask(name, &json!({})).await;
        assert_eq!(answer["problem"]["code"], "unknown_event", "{name}");
        assert_eq!(answer["problem"]["status"], 404);
    }
}

#[tokio::test]
async fn too_much_at_a_time_is_refused_and_the_rest_answered() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let chat = begin(&ada, "Once").await.chat;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    for id in 0..200 {
        let event = json!(["chat:join", { "chatId": chat }]);
        line.say(&format!("42{id}{event}")).await;
    }
    let (mut fine, mut refused) = (0, 0);
    while fine + refused < 200 {
        let packet = line.packet().await.unwrap();
        let Some(answer) = packet.strip_prefix("43") else {
            continue;
        };
        let answer: Value = serde_json::from_str(&answer[answer.find('[').unwrap()..]).unwrap();
        if answer[0]["ok"] == true {
            fine += 1;
        } else {
            assert_eq!(answer[0]["problem"]["code"], "too_many_requests");
            refused += 1;
        }
    }
    assert!(fine >= 16, "{fine} answered, {refused} refused");
    assert!(refused > 0, "nothing was refused");
    let again = line.ask("chat:join", &json!({ "chatId": chat })).await;
    assert_eq!(again["ok"], true, "places are given back");
}

#[tokio::test]
async fn a_socket_is_in_so_many_chats_and_no_more() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut chats = Vec::new();
    for n in 0..51 {
        chats.push(begin(&ada, &format!("Chat {n}")).await.chat);
    }
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    for chat in &chats[..50] {
        let answer = line.ask("chat:join", &json!({ "chatId": chat })).await;
        assert_eq!(answer["ok"], true);
    }
    let one_more = json!({ "chatId": chats[50] });
    let answer = line.ask("chat:join", &one_more).await;
    assert_eq!(answer["problem"]["code"], "too_many_requests");
    let again = line.ask("chat:join", &json!({ "chatId": chats[0] })).await;
    assert_eq!(again["ok"], true, "one that is joined already");
    line.ask("chat:leave", &json!({ "chatId": chats[0] })).await;
    assert_eq!(line.ask("chat:join", &one_more).await["ok"], true);
}

#[tokio::test]
async fn a_packet_has_a_megabyte_at_the_most() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let fits = json!(["chat:leave", { "chatId": ada.id, "x": "x".repeat(900_000) }]);
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    line.say(&format!("421{fits}")).await;
    assert_eq!(line.packet().await.unwrap(), r#"431[{"ok":true}]"#);
    let large = "x".repeat(1_100_000);
    line.try_say(Message::text(format!("42[\"{large}\"]")))
        .await;
    while let Some(packet) = line.packet().await {
        assert!(!packet.starts_with("43"), "{packet}");
    }
    let polling = Polling::with_token(&app.base, &ada.access_token).await;
    let status = polling.say(&format!("42[\"{large}\"]")).await;
    assert!(status.is_client_error(), "{status}");
    is_served(&app, &ada).await;
}

#[tokio::test]
async fn junk_harms_nobody() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut other = Line::with_token(&app.base, &ada.access_token).await;
    let junk = [
        "",
        "0",
        "1x",
        "2probe",
        "3",
        "4",
        "40",
        "42",
        "42[",
        "42[]",
        "42{}",
        "42[1]",
        "42[null]",
        "4299999999999999999999[\"typing\"]",
        "43[]",
        "439[]",
        "44",
        "45",
        "451-",
        "459-[\"typing\"]",
        "4599999999-[\"typing\"]",
        "46",
        "461-9[]",
        "5",
        "6",
        "7",
        "9",
        "42/x,[\"typing\"]",
        "41/x,",
        "42[\"typing\",{\"__proto__\":1}]",
        "42[\"typing\",\"\\ud800\"]",
        "\u{1e}\u{1e}",
        "b",
        "bAAA",
        "42[\"chat:join\",{\"chatId\":\"' OR 1=1\"}]",
        "42[\"disconnect\"]",
        "42[\"connect_error\"]",
    ];
    let deep = format!(
        "42[\"typing\",{}{}]",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    for packet in junk.iter().copied().chain([deep.as_str()]) {
        let mut line = Line::with_token(&app.base, &ada.access_token).await;
        line.try_say(Message::text(packet)).await;
        line.try_say(Message::binary(vec![255_u8, 0, 4])).await;
        let polling = Polling::with_token(&app.base, &ada.access_token).await;
        polling.say(packet).await;
        let mut nobody = Line::open(&app.base, &[]).await.unwrap();
        nobody.try_say(Message::text(packet)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let answer = other.ask("chat:leave", &json!({ "chatId": ada.id })).await;
    assert_eq!(answer["ok"], true);
    is_served(&app, &ada).await;
}
