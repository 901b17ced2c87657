//! Who reaches what: only one's own, and only what makes sense.

use gateway::scripted::Script;
use serde_json::json;
use uuid::Uuid;

use super::{ask, begin, id};
use crate::support::TestApp;

#[tokio::test]
async fn somebody_elses_chat_does_not_exist() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let (chat, _) = ask(&ada, "Mine").await;
    let (own, _) = ask(&bob, "His").await;
    let (url, answer) = (chat.url(), chat.answer_url());
    assert_eq!(bob.get(&url).await.line(), "404 chat_not_found");
    assert_eq!(
        bob.patch(&url, &json!({ "title": "Taken" })).await.line(),
        "404 chat_not_found"
    );
    assert_eq!(bob.delete(&url).await.line(), "404 chat_not_found");
    let more = json!({ "content": "Hello" });
    assert_eq!(
        bob.post(&format!("{url}/messages"), &more).await.line(),
        "404 chat_not_found"
    );
    for act in ["stop", "retry", "continue"] {
        assert_eq!(
            bob.act(&format!("{answer}/{act}")).await.line(),
            "404 chat_not_found"
        );
    }
    assert_eq!(
        bob.get(&format!("{answer}/stream")).await.line(),
        "404 chat_not_found"
    );
    // A foreign message below one's own chat is not there either.
    let crossed = format!("{}/messages/{}", own.url(), chat.answer);
    assert_eq!(
        bob.get(&format!("{crossed}/stream")).await.line(),
        "404 message_not_found"
    );
    assert_eq!(
        bob.act(&format!("{crossed}/retry")).await.line(),
        "404 message_not_found"
    );
    let parent = json!({ "content": "Hi", "parentId": chat.answer });
    let crossed = bob.post(&format!("{}/messages", own.url()), &parent).await;
    assert_eq!(crossed.line(), "404 message_not_found");
    let leaf = bob
        .patch(&own.url(), &json!({ "activeLeafId": chat.answer }))
        .await;
    assert_eq!(leaf.line(), "404 message_not_found");
    let seen = bob
        .get(&format!("{}?leaf={}", own.url(), chat.answer))
        .await;
    assert_eq!(seen.line(), "404 message_not_found");
    assert_eq!(
        ada.get(&url).await.body["messages"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn nobody_in_particular_gets_nothing() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Mine").await;
    let nobody = app.anonymous();
    assert_eq!(nobody.get("/api/chats").await.line(), "401 unauthenticated");
    assert_eq!(nobody.get(&chat.url()).await.line(), "401 unauthenticated");
    assert_eq!(
        nobody.post("/api/chats", &json!({})).await.line(),
        "401 unauthenticated"
    );
    assert_eq!(
        nobody
            .get(&format!("{}/stream", chat.answer_url()))
            .await
            .line(),
        "401 unauthenticated"
    );
}

#[tokio::test]
async fn ids_of_the_clients_own_only_ever_insert() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let (chat, question): (Uuid, Uuid) = (app.clock.id(), app.clock.id());
    let body = json!({ "id": chat, "userMessageId": question, "message": "Mine" });
    let made = ada.post("/api/chats", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(id(&made.body["chat"]), chat.to_string());
    assert_eq!(id(&made.body["userMessage"]), question.to_string());
    assert_eq!(ada.post("/api/chats", &body).await.line(), "409 id_taken");
    let theft = json!({ "id": chat, "message": "His" });
    assert_eq!(bob.post("/api/chats", &theft).await.line(), "409 id_taken");
    let message = json!({ "userMessageId": question, "message": "His" });
    assert_eq!(
        bob.post("/api/chats", &message).await.line(),
        "409 id_taken"
    );
    assert_eq!(
        bob.get("/api/chats").await.body["items"],
        json!([]),
        "all or nothing"
    );
    let random = json!({ "id": "6fa459ea-ee8a-4ca4-894e-db77e160355e", "message": "x" });
    assert_eq!(
        ada.post("/api/chats", &random).await.fields(),
        ["id format"]
    );
}

#[tokio::test]
async fn bad_input_names_the_field() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let post = async |body: serde_json::Value| {
        let reply = ada.post("/api/chats", &body).await;
        format!("{} {}", reply.line(), reply.fields().join(","))
    };
    assert_eq!(post(json!({})).await, "422 invalid message required");
    assert_eq!(
        post(json!({ "message": "  " })).await,
        "422 invalid message required"
    );
    assert_eq!(
        post(json!({ "message": 1 })).await,
        "422 invalid message type"
    );
    assert_eq!(
        post(json!({ "message": "a\u{0}" })).await,
        "400 malformed message nul"
    );
    assert_eq!(
        post(json!({ "message": "a", "modle": "x" })).await,
        "400 unknown_field modle unknown"
    );
    assert_eq!(
        post(json!({ "message": "a", "params": { "temperature": 9 } })).await,
        "422 invalid params.temperature range"
    );
    assert_eq!(
        post(json!({ "message": "a", "model": "no-such" })).await,
        "404 model_not_found "
    );
    let list = async |query: &str| ada.get(&format!("/api/chats{query}")).await.line();
    assert_eq!(list("?limit=0").await, "422 invalid");
    assert_eq!(list("?limit=x").await, "422 invalid");
    assert_eq!(list("?cursor=zzz").await, "422 invalid");
    assert_eq!(list("?colour=red").await, "400 unknown_field");
    assert_eq!(
        ada.get("/api/chats/not-an-id").await.line(),
        "404 not_found"
    );
    let long = json!({ "message": "x".repeat(3 << 20) });
    assert_eq!(ada.post("/api/chats", &long).await.line(), "413 too_large");
    let form = ada
        .request(reqwest::Method::POST, "/api/chats")
        .body("message=a");
    assert_eq!(ada.send(form).await.line(), "415 unsupported_media_type");
}

#[tokio::test]
async fn a_repeat_with_the_same_key_has_one_effect() {
    let app = TestApp::new().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let post = |client, body: serde_json::Value| {
        let client: &crate::support::Client = client;
        let request = client
            .request(reqwest::Method::POST, "/api/chats")
            .json(&body);
        client.send(request.header("idempotency-key", "one"))
    };
    let first = post(&ada, json!({ "message": "Once" })).await;
    assert_eq!(first.status, 201);
    let again = post(&ada, json!({ "message": "Once" })).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    let other = post(&ada, json!({ "message": "Twice" })).await;
    assert_eq!(other.line(), "422 idempotency_mismatch");
    let his = post(&bob, json!({ "message": "Twice" })).await;
    assert_eq!(his.status, 201, "keys are each user's own");
    let five = futures::future::join_all((0..5).map(|_| {
        let request = ada
            .request(reqwest::Method::POST, "/api/chats")
            .json(&json!({ "message": "Five" }));
        ada.send(request.header("idempotency-key", "five"))
    }))
    .await;
    assert!(
        five.iter()
            .all(|reply| reply.status == 201 || reply.line() == "409 request_running")
    );
    let chats = ada.get("/api/chats").await;
    assert_eq!(chats.body["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn deleting_a_chat_ends_its_running_answer() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(Script::stream().token("x").silence());
    let chat = begin(&ada, "Gone soon").await;
    let soon = std::time::Duration::from_secs(5);
    assert!(
        app.provider.until(soon, |asked| asked.len() == 1).await,
        "the provider was asked"
    );
    assert_eq!(ada.delete(&chat.url()).await.status, 204);
    assert_eq!(ada.get(&chat.url()).await.line(), "404 chat_not_found");
    let gone = app
        .provider
        .until(std::time::Duration::from_secs(2), |asked| {
            asked.iter().all(|a| a.gone.is_some())
        })
        .await;
    assert!(gone, "the provider was let go of");
    // Others are written down as before.
    let (_, message) = ask(&ada, "Next").await;
    assert_eq!(message["status"], "complete");
}
