//! Chats by socket: rooms, pieces of answers, and who is there.

use std::time::Duration;

use gateway::scripted::Script;
use serde_json::{Value, json};

use super::line::Line;
use crate::support::{MODEL, TestApp, User};

async fn chat(user: &User) -> Value {
    let body = json!({ "message": "Namaste", "model": MODEL });
    let reply = user.post("/api/chats", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.body
}

#[tokio::test]
async fn somebody_elses_chat_does_not_exist() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let id = chat(&ada).await["chat"]["id"].clone();
    let mut line = Line::with_token(&app.base, &mira.access_token).await;
    let answer = line.ask("chat:join", &json!({ "chatId": id })).await;
    assert_eq!(answer["ok"], false);
    assert_eq!(answer["problem"]["code"], "chat_not_found");
    assert_eq!(answer["problem"]["status"], 404);
    let typing = json!({ "chatId": id, "isTyping": true });
    let answer = line.ask("typing", &typing).await;
    assert_eq!(answer["problem"]["code"], "chat_not_found");
    for junk in [
        json!(null),
        json!({}),
        json!({ "chatId": 7 }),
        json!("chat"),
    ] {
        let answer = line.ask("chat:join", &junk).await;
        assert_eq!(answer["problem"]["status"], 422, "{junk}: {answer}");
    }
}

#[tokio::test]
async fn a_running_answer_arrives_whole_and_in_order() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let words: Vec<String> = (0..40).map(|n| format!("word{n} ")).collect();
    let script = Script::tokens(&words).every(Duration::from_millis(20));
    app.provider.otherwise(script);
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    let begun = chat(&ada).await;
    let id = begun["chat"]["id"].clone();
    let answer = line.ask("chat:join", &json!({ "chatId": id })).await;
    assert_eq!(answer["ok"], true, "{answer}");
    let running = &answer["running"][0];
    assert_eq!(running["messageId"], begun["assistantMessage"]["id"]);
    let mut text = running["content"].as_str().unwrap().to_owned();
    let mut seen = running["seq"].as_i64().unwrap();
    while text.len() < words.concat().len() {
        let delta = line.event("message:delta").await;
        assert_eq!(delta["from"], seen + 1, "no gap and nothing twice");
        seen = delta["seq"].as_i64().unwrap();
        text.push_str(delta["text"].as_str().unwrap());
    }
    assert_eq!(text, words.concat());
    assert_eq!(line.event("message:status").await["status"], "complete");
    let done = line.event("message:done").await;
    assert_eq!(done["message"]["content"], text);
    assert_eq!(line.event("chat:created").await["chat"]["id"], id);
    let created = line.event("message:created").await;
    assert_eq!(created["userMessage"]["content"], "Namaste");
}

#[tokio::test]
async fn every_device_hears_of_changes_and_of_the_end() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let id = chat(&ada).await["chat"]["id"].as_str().unwrap().to_owned();
    let (_second, base) = app.second_node().await;
    let mut here = Line::with_token(&app.base, &ada.access_token).await;
    let mut there = Line::with_token(&base, &ada.access_token).await;
    let mut foreign = Line::with_token(&app.base, &mira.access_token).await;
    let path = format!("/api/chats/{id}");
    let reply = ada.patch(&path, &json!({ "title": "Rivers" })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(ada.delete(&path).await.status, 204);
    for line in [&mut here, &mut there] {
        assert_eq!(line.event("chat:deleted").await["chatId"], id.as_str());
    }
    // Her own first event is the first she hears.
    chat(&mira).await;
    let first = foreign.packet().await.unwrap();
    assert!(first.starts_with("42[\"chat:created\""), "{first}");
}

#[tokio::test]
async fn devices_in_a_chat_see_each_other_come_type_and_go() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let id = chat(&ada).await["chat"]["id"].clone();
    let sign_in = json!({ "email": ada.email, "password": ada.password });
    let second = app.anonymous().post("/api/auth/login", &sign_in).await;
    let token = second.body["accessToken"].as_str().unwrap().to_owned();
    let mut one = Line::with_token(&app.base, &ada.access_token).await;
    let mut two = Line::with_token(&app.base, &token).await;
    let joined = json!({ "chatId": id });
    one.ask("chat:join", &joined).await;
    let answer = two.ask("chat:join", &joined).await;
    let people = answer["presence"]["people"].as_array().unwrap();
    assert_eq!(people.len(), 2);
    assert_eq!(people.iter().filter(|one| one["isYou"] == true).count(), 1);
    let typing = json!({ "chatId": id, "isTyping": true });
    assert_eq!(two.ask("typing", &typing).await, json!({ "ok": true }));
    let heard = one.event("typing").await;
    assert_eq!(
        (&heard["name"], &heard["isTyping"]),
        (&json!("ada"), &json!(true))
    );
    assert_eq!(here_until(&mut one, 2).await, 2);
    drop(two);
    assert_eq!(here_until(&mut one, 1).await, 1);
}

/// Reads what is told of who is there until it is so many.
async fn here_until(line: &mut Line, count: usize) -> usize {
    loop {
        let presence = line.event("presence").await;
        if presence["people"].as_array().unwrap().len() == count {
            return count;
        }
    }
}

#[tokio::test]
async fn every_device_hears_when_a_file_has_been_read() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let mut here = Line::with_token(&app.base, &ada.access_token).await;
    let mut foreign = Line::with_token(&app.base, &mira.access_token).await;
    let reply = crate::files::send(&ada, "notes.txt", b"Namaste").await;
    let told = here.event("file:updated").await;
    assert_eq!(told["file"]["id"], reply.body["file"]["id"]);
    assert_eq!(told["file"]["status"], "ready");
    // Her own first event is the first she hears.
    chat(&mira).await;
    let first = foreign.packet().await.unwrap();
    assert!(first.starts_with("42[\"chat:created\""), "{first}");
}
