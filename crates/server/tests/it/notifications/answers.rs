//! Answers that ended out of sight.

use std::time::Duration;

use gateway::scripted::Script;
use serde_json::json;

use super::{told, unread, until_unread};
use crate::{
    chats::{ask, begin, id},
    realtime::Line,
    support::TestApp,
};

/// Longer than the look that is taken before anybody is told.
const WHILE: Duration = Duration::from_millis(1200);

#[tokio::test]
async fn an_answer_that_nobody_saw_is_told_once_for_each_chat() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let first = begin(&ada, "Where do rivers begin?").await;
    until_unread(&app, &ada, 1).await;
    let rows = told(&ada).await;
    assert_eq!(rows[0]["kind"], "answerFinished");
    assert_eq!(rows[0]["title"], "Where do rivers begin?");
    assert_eq!(rows[0]["detail"], "Namaste, dost.");
    assert_eq!(rows[0]["chatId"], first.chat.as_str());
    assert_eq!(rows[0]["readAt"], json!(null));
    // Once more in the same chat, and once in another.
    app.provider.otherwise(Script::text("In the hills."));
    let body = json!({ "content": "And then?" });
    let sent = ada.post(&format!("{}/messages", first.url()), &body).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    app.until("the later answer", || async {
        told(&ada).await[0]["detail"] == "In the hills."
    })
    .await;
    assert_eq!(unread(&ada).await, 1, "one for each chat");
    begin(&ada, "Another").await;
    until_unread(&app, &ada, 2).await;
    assert_eq!(unread(&mira).await, 0);
}

#[tokio::test]
async fn looking_at_the_chat_is_reading_what_was_told_of_it() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let chat = begin(&ada, "Read me").await;
    until_unread(&app, &ada, 1).await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    assert_eq!(ada.get(&chat.url()).await.status, 200);
    assert_eq!(line.event("notifications:read").await["unreadCount"], 0);
    assert_ne!(told(&ada).await[0]["readAt"], json!(null));
    // The next answer is news again.
    let body = json!({ "content": "And then?" });
    ada.post(&format!("{}/messages", chat.url()), &body).await;
    let heard = line.event("notification").await;
    assert_eq!(heard["unreadCount"], 1);
    assert_eq!(heard["notification"]["chatId"], chat.chat.as_str());
    assert_eq!(told(&ada).await.len(), 2);
    ada.patch(&chat.url(), &json!({ "unread": false })).await;
    assert_eq!(line.event("notifications:read").await["unreadCount"], 0);
}

#[tokio::test]
async fn whoever_looks_on_or_stops_it_is_told_nothing() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    ask(&ada, "Followed as a stream").await;
    let slow = Script::tokens(["so ", "slow"]).every(Duration::from_millis(300));
    app.provider.otherwise(slow);
    let joined = begin(&ada, "Open on a device").await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    line.ask("chat:join", &json!({ "chatId": joined.chat }))
        .await;
    line.event("message:done").await;
    app.provider
        .otherwise(Script::stream().token("word ").silence());
    let stopped = begin(&ada, "Stopped").await;
    let reply = ada.act(&format!("{}/stop", stopped.answer_url())).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    tokio::time::sleep(WHILE).await;
    assert_eq!(told(&ada).await, Vec::<serde_json::Value>::new());
}

#[tokio::test]
async fn a_failure_says_so() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.otherwise(Script::status(401));
    begin(&ada, "This will fail").await;
    until_unread(&app, &ada, 1).await;
    let detail = told(&ada).await[0]["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("The answer failed: "), "{detail}");
}

#[tokio::test]
async fn a_blind_pair_is_told_of_once_and_without_a_word_of_it() {
    let app = TestApp::new().await;
    for (model, text) in [("alpha", "From a hill."), ("beta", "From a lake.")] {
        app.provider.model(model, Script::text(text));
    }
    app.models.refresh(app.clock.now()).await;
    let ada = app.user("ada").await;
    let body = json!({ "message": "Who?", "models": ["alpha", "beta"], "blind": true });
    let reply = ada.post("/api/chats", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    until_unread(&app, &ada, 1).await;
    let rows = told(&ada).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["detail"], json!(null));
    assert_eq!(rows[0]["chatId"], id(&reply.body["chat"]).as_str());
    // What is told of a chat goes with the chat.
    let path = format!("/api/chats/{}", id(&reply.body["chat"]));
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(unread(&ada).await, 0);
}

#[tokio::test]
async fn two_nodes_tell_once() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (_second, base) = app.second_node().await;
    let mut here = Line::with_token(&app.base, &ada.access_token).await;
    let mut there = Line::with_token(&base, &ada.access_token).await;
    // Where there can be several nodes at all; a lone one looks up every five seconds.
    let rounds = if app.db.is_shared() { 5 } else { 1 };
    for n in 1..=rounds {
        begin(&ada, "One of several").await;
        for line in [&mut here, &mut there] {
            assert_eq!(line.event("notification").await["unreadCount"], n);
        }
    }
    assert_eq!(i32::try_from(told(&ada).await.len()), Ok(rounds));
}
