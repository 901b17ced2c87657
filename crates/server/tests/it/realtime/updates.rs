//! What changes about messages and folders, and in which order an answer ends.

use std::time::Duration;

use gateway::scripted::Script;
use serde_json::{Value, json};

use super::Line;
use crate::{
    chats::{ask, begin, follow, id},
    support::{MODEL, TestApp},
};

#[tokio::test]
async fn an_edit_a_vote_and_a_folder_are_heard_of_everywhere() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (begun, _) = ask(&ada, "Namaste").await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    let vote = json!({ "messageId": begun.answer, "vote": "up" });
    assert_eq!(ada.post("/api/leaderboard/vote", &vote).await.status, 200);
    let updated = line.event("message:updated").await;
    assert_eq!(updated["chatId"], begun.chat.as_str());
    assert_eq!(updated["message"]["id"], begun.answer.as_str());
    let edit = json!({ "content": "In my own words" });
    let reply = ada
        .post(&format!("{}/edit", begun.answer_url()), &edit)
        .await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let created = line.event("message:created").await;
    assert_eq!(created["userMessage"], json!(null));
    assert_eq!(
        created["assistantMessages"][0]["content"],
        "In my own words"
    );
    let folder = ada.post("/api/folders", &json!({ "name": "Rivers" })).await;
    assert_eq!(line.event("folders:changed").await, json!({}));
    let path = format!("/api/folders/{}", id(&folder.body["folder"]));
    ada.patch(&path, &json!({ "name": "Lakes" })).await;
    assert_eq!(line.event("folders:changed").await, json!({}));
    assert_eq!(ada.delete(&path).await.status, 204);
    assert_eq!(line.event("folders:changed").await, json!({}));
}

#[tokio::test]
async fn a_blind_pair_says_nothing_before_the_vote_and_all_after() {
    let app = TestApp::new().await;
    app.provider.model("alpha", Script::text("From a hill."));
    app.provider.model("beta", Script::status(401));
    app.models.refresh(app.clock.now()).await;
    let ada = app.user("ada").await;
    let body = json!({ "message": "Who?", "models": ["alpha", "beta"], "blind": true });
    let begun = ada.post("/api/chats", &body).await.body;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    let chat = id(&begun["chat"]);
    line.ask("chat:join", &json!({ "chatId": chat })).await;
    let answers: Vec<String> = begun["assistantMessages"]
        .as_array()
        .unwrap()
        .iter()
        .map(id)
        .collect();
    for answer in &answers {
        follow(&ada, &format!("/api/chats/{chat}/messages/{answer}")).await;
    }
    let names = ["message:status", "message:done", "message:created"];
    for (name, event) in line.events_within(&names, Duration::from_millis(500)).await {
        let text = event.to_string();
        for word in ["alpha", "beta", "was refused"] {
            assert!(!text.contains(word), "{name} says {word}: {text}");
        }
        if event["status"] == "failed" {
            let detail = event["error"]["detail"].as_str().unwrap();
            assert!(detail.starts_with("The model failed;"), "{detail}");
        }
    }
    let vote = json!({
        "chatId": chat, "leftMessageId": answers[0], "rightMessageId": answers[1], "winner": "tie",
    });
    let reply = ada.post("/api/leaderboard/vote", &vote).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let mut models = Vec::new();
    for _ in 0..2 {
        let updated = line.event("message:updated").await;
        models.push(updated["message"]["modelUsed"].as_str().unwrap().to_owned());
    }
    models.sort();
    assert_eq!(models, ["alpha", "beta"]);
}

#[tokio::test]
async fn an_answer_ends_once_and_goes_on_where_it_was() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    let slow = |words: &[&str]| Script::tokens(words).every(Duration::from_millis(60));
    app.provider.otherwise(
        Script::stream()
            .token("One ")
            .token("two ")
            .wait(Duration::from_millis(300))
            .cut(""),
    );
    let begun = begin(&ada, "Count").await;
    line.ask("chat:join", &json!({ "chatId": begun.chat }))
        .await;
    let done = line.event("message:done").await;
    assert_eq!(done["message"]["status"], "interrupted");
    let seq = done["message"]["seq"].as_i64();
    app.provider.otherwise(slow(&["three ", "four ", "five"]));
    let reply = ada.act(&format!("{}/continue", begun.answer_url())).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let updated = line.event("message:updated").await;
    assert_eq!(updated["message"]["status"], "streaming");
    let names = ["message:delta", "message:status", "message:done"];
    let events = line
        .events_within(&names, Duration::from_millis(1500))
        .await;
    let order: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    // What of the first run was not asked for above is still among them.
    let last = order
        .iter()
        .rposition(|name| *name == "message:delta")
        .unwrap();
    assert_eq!(
        &order[last..],
        ["message:delta", "message:status", "message:done"]
    );
    let mut at: Option<i64> = None;
    for (_, delta) in events.iter().filter(|(name, _)| name == "message:delta") {
        let from = delta["from"].as_i64().unwrap();
        assert!(at.is_none_or(|at| from == at + 1), "{from} after {at:?}");
        at = delta["seq"].as_i64();
    }
    let done = &events.last().unwrap().1;
    assert!(
        done["message"]["content"]
            .as_str()
            .unwrap()
            .ends_with("three four five"),
        "{done}"
    );
    assert!(seq.is_none() || at > seq);
}

#[tokio::test]
async fn many_short_answers_never_say_more_after_the_end() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let mut line = Line::with_token(&app.base, &ada.access_token).await;
    app.provider.otherwise(Script::text("a b c d e f g h"));
    let begun = begin(&ada, "Short").await;
    line.ask("chat:join", &json!({ "chatId": begun.chat }))
        .await;
    follow(&ada, &begun.answer_url()).await;
    for n in 0..10 {
        let body = json!({ "content": format!("Again {n}"), "model": MODEL });
        let sent = ada.post(&format!("{}/messages", begun.url()), &body).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        let answer = id(&sent.body["assistantMessage"]);
        follow(&ada, &format!("{}/messages/{answer}", begun.url())).await;
    }
    let names = ["message:delta", "message:status", "message:done"];
    let events = line.events_within(&names, Duration::from_millis(700)).await;
    let mut ended: Vec<&Value> = Vec::new();
    for (name, event) in &events {
        match name.as_str() {
            "message:done" => ended.push(&event["message"]["id"]),
            _ => assert!(
                !ended.contains(&&event["messageId"]),
                "{name} after the end"
            ),
        }
    }
    assert!(ended.len() >= 10, "{} ended", ended.len());
}
