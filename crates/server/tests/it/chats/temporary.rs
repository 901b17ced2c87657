//! Temporary chats: everything works, and nothing is written down.

use chrono::TimeDelta;
use gateway::scripted::Script;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Begun, begin, follow, id};
use crate::support::{Client, MODEL, Reply, TestApp, User};

const SECRET: &str = "Khazana-4711";

async fn begin_temporary(client: &Client, question: &str) -> Begun {
    let body = json!({ "message": question, "temporary": true });
    let reply = client.post("/api/chats", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    assert_eq!(reply.body["chat"]["temporary"], true);
    assert_eq!(reply.body["chat"]["titlePending"], false);
    Begun {
        chat: id(&reply.body["chat"]),
        question: id(&reply.body["userMessage"]),
        answer: id(&reply.body["assistantMessage"]),
    }
}

async fn keyed(who: &User, path: &str, body: &Value, key: &str) -> Reply {
    let request = who.request(Method::POST, path).json(body);
    who.send(request.header("idempotency-key", key)).await
}

/// The answer of a reply, when it has come to its end.
async fn ended(who: &User, chat: &Begun, reply: &Reply) -> Value {
    assert!([200, 201].contains(&reply.status), "{}", reply.text);
    let message = &reply.body["assistantMessage"];
    let message = if message.is_null() {
        &reply.body["message"]
    } else {
        message
    };
    let url = format!("{}/messages/{}", chat.url(), id(message));
    follow(who, &url).await.1
}

#[tokio::test]
async fn nothing_of_a_temporary_chat_is_written_down() {
    let app = TestApp::with(&[("SANGAM_CHATS__TITLES", "true")]).await;
    let ada = app.user("ada").await;
    for model in [MODEL, "other"] {
        app.provider.model(model, Script::text(SECRET));
    }
    app.models.refresh(app.clock.now()).await;
    // What is looked for here would be found in a chat that is kept.
    app.provider.next(Script::text("Purana-1234"));
    let body = json!({ "message": "Purana-5678", "title": "Kept" });
    let kept = ada.post("/api/chats", &body).await;
    let answer = id(&kept.body["assistantMessage"]);
    let path = format!("/api/chats/{}/messages/{answer}", id(&kept.body["chat"]));
    follow(&ada, &path).await;
    for known in ["Purana-1234", "Purana-5678"] {
        assert_ne!(app.stored_in(known).await, None);
    }

    app.provider.otherwise(Script::text(SECRET));
    let chat = begin_temporary(&ada, &format!("Where is {SECRET}?")).await;
    follow(&ada, &chat.answer_url()).await;
    let url = |path: &str| format!("{}{path}", chat.url());
    let said = json!({ "content": format!("{SECRET} again") });
    let sent = ada.post(&url("/messages"), &said).await;
    let second = ended(&ada, &chat, &sent).await;
    let retried = ada.act(&format!("{}/retry", chat.answer_url())).await;
    ended(&ada, &chat, &retried).await;
    let edited = ada
        .post(&format!("{}/edit", chat.answer_url()), &said)
        .await;
    assert_eq!(edited.status, 201, "{}", edited.text);
    app.provider
        .next(Script::stream().token(SECRET).cut(SECRET));
    let cut = ada.post(&url("/messages"), &said).await;
    let cut = ended(&ada, &chat, &cut).await;
    let path = format!("/messages/{}/continue", id(&cut));
    let gone_on = ada.act(&url(&path)).await;
    ended(&ada, &chat, &gone_on).await;
    let both = json!({ "content": SECRET, "models": ["scripted", "other"], "blind": true });
    let pair = ada.post(&url("/messages"), &both).await;
    ended(&ada, &chat, &pair).await;
    let answers = pair.body["assistantMessages"].as_array().unwrap().clone();
    follow(&ada, &url(&format!("/messages/{}", id(&answers[1])))).await;
    let vote = json!({ "chatId": chat.chat, "leftMessageId": id(&answers[0]),
        "rightMessageId": id(&answers[1]), "winner": "tie" });
    let voted = ada.post("/api/leaderboard/vote", &vote).await;
    assert_eq!(voted.status, 200, "{}", voted.text);
    let thumb = json!({ "messageId": chat.answer, "vote": "down", "reason": SECRET });
    let rated = ada.post("/api/leaderboard/vote", &thumb).await;
    assert_eq!(rated.status, 200, "{}", rated.text);
    let renamed = ada.patch(&chat.url(), &json!({ "title": SECRET })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.text);
    let leaf = json!({ "leaf": id(&second) });
    let compacted = ada.post(&url("/compact"), &leaf).await;
    assert_eq!(compacted.status, 201, "{}", compacted.text);
    let fork = ada
        .post(&url("/fork"), &json!({ "messageId": chat.answer }))
        .await;
    assert_eq!(fork.body["chat"]["temporary"], true, "{}", fork.text);
    let shown = ada.get(&chat.url()).await;
    assert_eq!(shown.body["chat"]["title"], SECRET);
    assert_eq!(ada.get(&url("/tree")).await.status, 200);
    assert_eq!(ada.get(&url("/context")).await.status, 200);

    // Longer than the log of events and the titles wait.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(app.stored_in(SECRET).await, None);
    // Not even that it was there.
    assert_eq!(app.stored_in(&chat.chat).await, None);
    let list = ada.get("/api/chats").await;
    assert_eq!(list.body["items"].as_array().unwrap().len(), 1);
    let found = ada.get(&format!("/api/search?q={SECRET}")).await;
    assert_eq!(found.body["items"], json!([]));
}

#[tokio::test]
async fn a_repeat_is_refused_as_its_answer_was_not_kept() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let body = json!({ "message": SECRET, "temporary": true });
    let first = keyed(&ada, "/api/chats", &body, "one").await;
    assert_eq!(first.status, 201, "{}", first.text);
    let again = keyed(&ada, "/api/chats", &body, "one").await;
    assert_eq!(again.line(), "409 answer_not_kept");
    let chat = format!("/api/chats/{}", id(&first.body["chat"]));
    let answer = id(&first.body["assistantMessage"]);
    follow(&ada, &format!("{chat}/messages/{answer}")).await;
    let body = json!({ "content": SECRET });
    let messages = format!("{chat}/messages");
    assert_eq!(keyed(&ada, &messages, &body, "two").await.status, 201);
    assert_eq!(
        keyed(&ada, &messages, &body, "two").await.line(),
        "409 answer_not_kept"
    );
    assert_eq!(app.stored_in(SECRET).await, None);
}

#[tokio::test]
async fn a_temporary_chat_is_its_owners_and_this_nodes() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let chat = begin_temporary(&ada, "Mine").await;
    follow(&ada, &chat.answer_url()).await;
    let question = json!({ "content": "Ours" });
    let messages = format!("{}/messages", chat.url());
    assert_eq!(bob.get(&chat.url()).await.line(), "404 chat_not_found");
    assert_eq!(
        bob.post(&messages, &question).await.line(),
        "404 chat_not_found"
    );
    assert_eq!(
        app.anonymous().get(&chat.url()).await.line(),
        "401 unauthenticated"
    );
    let thumb = json!({ "messageId": chat.answer, "vote": "up" });
    assert_eq!(
        bob.post("/api/leaderboard/vote", &thumb).await.line(),
        "404 message_not_found"
    );
    let (second, base) = app.second_node().await;
    let there = Client::bearer(&base, &ada.access_token);
    assert_eq!(there.get(&chat.url()).await.line(), "404 chat_not_found");
    second.tasks.stop();
}

#[tokio::test]
async fn an_id_is_one_chats_wherever_it_is_kept() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let kept = begin(&ada, "Kept").await;
    let body = json!({ "id": kept.chat, "message": "x", "temporary": true });
    assert_eq!(bob.post("/api/chats", &body).await.line(), "409 id_taken");
    assert_eq!(ada.get(&kept.url()).await.status, 200);
    let chat = begin_temporary(&ada, "Temporary").await;
    for is_temporary in [true, false] {
        let body = json!({ "id": chat.chat, "message": "x", "temporary": is_temporary });
        assert_eq!(bob.post("/api/chats", &body).await.line(), "409 id_taken");
    }
    assert_eq!(ada.get(&chat.url()).await.body["chat"]["temporary"], true);
}

#[tokio::test]
async fn it_is_gone_when_deleted_and_when_idle() {
    let app = TestApp::with(&[("SANGAM_CHATS__TEMPORARY_IDLE_S", "300")]).await;
    let ada = app.user("ada").await;
    let chat = begin_temporary(&ada, "Delete me").await;
    follow(&ada, &chat.answer_url()).await;
    assert_eq!(ada.delete(&chat.url()).await.status, 204);
    assert_eq!(ada.get(&chat.url()).await.line(), "404 chat_not_found");

    let chat = begin_temporary(&ada, "Forget me").await;
    follow(&ada, &chat.answer_url()).await;
    app.advance(TimeDelta::seconds(299));
    assert_eq!(ada.get(&chat.url()).await.status, 200, "used again");
    app.advance(TimeDelta::seconds(299));
    assert_eq!(ada.get(&chat.url()).await.status, 200);
    app.advance(TimeDelta::seconds(300));
    assert_eq!(ada.get(&chat.url()).await.line(), "404 chat_not_found");
}

#[tokio::test]
async fn what_would_write_it_down_is_refused() {
    let app = TestApp::with(&[("SANGAM_CHATS__TEMPORARY_PER_USER", "2")]).await;
    let ada = app.user("ada").await;
    let chat = begin_temporary(&ada, "One").await;
    follow(&ada, &chat.answer_url()).await;
    let tags = ada.patch(&chat.url(), &json!({ "tags": ["x"] })).await;
    assert_eq!(tags.line(), "409 chat_is_temporary");
    let folder = ada.patch(&chat.url(), &json!({ "folderId": null })).await;
    assert_eq!(folder.line(), "409 chat_is_temporary");
    let bulk = json!({ "ids": [chat.chat], "action": "archive" });
    let bulk = ada.post("/api/chats/bulk", &bulk).await;
    assert_eq!(bulk.body["missing"], json!([chat.chat]), "{}", bulk.text);

    begin_temporary(&ada, "Two").await;
    let third = json!({ "message": "Three", "temporary": true });
    let refused = ada.post("/api/chats", &third).await;
    assert_eq!(refused.line(), "409 too_many_temporary_chats");
    let fork = json!({ "messageId": chat.answer });
    let fork = ada.post(&format!("{}/fork", chat.url()), &fork).await;
    assert_eq!(fork.line(), "409 too_many_temporary_chats");
    assert_eq!(ada.delete(&chat.url()).await.status, 204);
    assert_eq!(ada.post("/api/chats", &third).await.status, 201);
}
