//! The tree as a whole, edited answers, forks, and the parameters that were used.

use serde_json::{Value, json};

use super::{ask, begin, follow, id};
use crate::support::TestApp;

#[tokio::test]
async fn an_edited_answer_stands_beside_the_models_own() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, answer) = ask(&ada, "Name a river").await;
    let url = format!("{}/edit", chat.answer_url());
    let edited = ada.post(&url, &json!({ "content": "Ganga." })).await;
    assert_eq!(edited.status, 201, "{}", edited.text);
    let message = &edited.body["message"];
    assert_eq!(message["editedFromId"], answer["id"]);
    assert_eq!(message["siblingIds"].as_array().unwrap().len(), 2);
    assert_eq!(message["modelUsed"], Value::Null);
    let shown = ada.get(&chat.url()).await;
    assert_eq!(shown.body["chat"]["activeLeafId"], message["id"]);
    assert_eq!(shown.body["messages"][1]["content"], "Ganga.");

    // What the model is told next is what the person wrote.
    let next = ada
        .post(
            &format!("{}/messages", chat.url()),
            &json!({ "content": "And another?" }),
        )
        .await;
    follow(
        &ada,
        &format!(
            "{}/messages/{}",
            chat.url(),
            id(&next.body["assistantMessage"])
        ),
    )
    .await;
    let told = app.provider.completions().pop().unwrap();
    assert_eq!(told.body["messages"][1]["content"], "Ganga.");

    let url = format!("{}/messages/{}/edit", chat.url(), chat.question);
    let question = ada.post(&url, &json!({ "content": "x" })).await;
    assert_eq!(question.line(), "409 not_an_answer");
    let url = format!("{}/edit", chat.answer_url());
    let empty = ada.post(&url, &json!({ "content": " " })).await;
    assert_eq!(empty.fields(), ["content required"]);
}

#[tokio::test]
async fn the_tree_shows_every_branch() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, &"long ".repeat(60)).await;
    let retried = ada.act(&format!("{}/retry", chat.answer_url())).await;
    let second = id(&retried.body["assistantMessage"]);
    follow(&ada, &format!("{}/messages/{second}", chat.url())).await;
    let tree = ada.get(&format!("{}/tree", chat.url())).await;
    let items = tree.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!(items[0]["preview"].as_str().unwrap().chars().count(), 120);
    let parents: Vec<&Value> = items.iter().map(|item| &item["parentId"]).collect();
    assert_eq!(parents, [&Value::Null, &items[0]["id"], &items[0]["id"]]);
    assert_eq!(tree.body["activeLeafId"], second.as_str());
}

#[tokio::test]
async fn a_fork_is_a_chat_of_its_own() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, first) = ask(&ada, "One").await;
    let sent = ada
        .post(
            &format!("{}/messages", chat.url()),
            &json!({ "content": "Two" }),
        )
        .await;
    let last = id(&sent.body["assistantMessage"]);
    follow(&ada, &format!("{}/messages/{last}", chat.url())).await;
    let fork = format!("{}/fork", chat.url());
    let made = ada.post(&fork, &json!({ "messageId": chat.answer })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let copy = &made.body["chat"];
    let origin = json!({ "kind": "fork", "chatId": chat.chat, "messageId": chat.answer });
    assert_eq!(copy["origin"], origin);
    let shown = ada.get(&format!("/api/chats/{}", id(copy))).await;
    let messages = shown.body["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 2);
    assert_ne!(messages[1]["id"], first["id"]);
    for fact in ["content", "modelUsed", "usage", "costMicrousd", "createdAt"] {
        assert_eq!(messages[1][fact], first[fact], "{fact}");
    }
    // The two go their own ways.
    assert_eq!(ada.delete(&chat.url()).await.status, 204);
    assert_eq!(
        ada.get(&format!("/api/chats/{}", id(copy))).await.status,
        200
    );
    let unknown = ada
        .post(
            &format!("/api/chats/{}/fork", id(copy)),
            &json!({ "messageId": chat.answer }),
        )
        .await;
    assert_eq!(unknown.line(), "404 message_not_found");
}

#[tokio::test]
async fn trees_edits_and_forks_are_their_owners() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let bob = app.user("bob").await;
    let (chat, _) = ask(&ada, "Mine").await;
    let edit = format!("{}/edit", chat.answer_url());
    let fork = format!("{}/fork", chat.url());
    let tree = format!("{}/tree", chat.url());
    let anonymous = app.anonymous();
    let content = json!({ "content": "Ours" });
    let message = json!({ "messageId": chat.answer });
    assert_eq!(bob.get(&tree).await.line(), "404 chat_not_found");
    assert_eq!(bob.post(&edit, &content).await.line(), "404 chat_not_found");
    assert_eq!(bob.post(&fork, &message).await.line(), "404 chat_not_found");
    assert_eq!(anonymous.get(&tree).await.line(), "401 unauthenticated");
    assert_eq!(
        anonymous.post(&edit, &content).await.line(),
        "401 unauthenticated"
    );
    assert_eq!(
        anonymous.post(&fork, &message).await.line(),
        "401 unauthenticated"
    );
    let (other, _) = ask(&bob, "His").await;
    let foreign = format!("{}/messages/{}/edit", other.url(), chat.answer);
    assert_eq!(
        bob.post(&foreign, &content).await.line(),
        "404 message_not_found"
    );
    assert_eq!(
        ada.get(&chat.url()).await.body["messages"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn parameters_come_from_the_message_the_chat_and_the_person() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let defaults = json!({ "systemPrompt": "Be brief.", "temperature": 0.5, "topP": 0.9 });
    let me = ada
        .patch("/api/auth/me", &json!({ "defaultParams": defaults }))
        .await;
    assert_eq!(me.status, 200, "{}", me.text);
    assert_eq!(me.body["user"]["defaultParams"], defaults);
    let body = json!({
        "message": "Hello",
        "params": { "temperature": 0.2, "stop": ["END"], "maxTokens": 50, "reasoningEffort": "low" },
    });
    let begun = ada.post("/api/chats", &body).await;
    let chat = format!("/api/chats/{}", id(&begun.body["chat"]));
    follow(
        &ada,
        &format!("{chat}/messages/{}", id(&begun.body["assistantMessage"])),
    )
    .await;
    let told = app.provider.completions().pop().unwrap().body;
    assert_eq!(
        told["messages"][0],
        json!({ "role": "system", "content": "Be brief." })
    );
    let sent = [
        &told["temperature"],
        &told["top_p"],
        &told["max_tokens"],
        &told["stop"],
    ];
    assert_eq!(
        sent,
        [&json!(0.2), &json!(0.9), &json!(50), &json!(["END"])]
    );
    assert_eq!(told["reasoning_effort"], "low");
    // The chat keeps them, and so does the answer that used them.
    let shown = ada.get(&chat).await.body;
    assert_eq!(shown["chat"]["params"]["topP"], 0.9);
    assert_eq!(shown["messages"][1]["params"], shown["chat"]["params"]);
    let body = json!({ "content": "Again", "params": { "temperature": 1.5 } });
    let sent = ada.post(&format!("{chat}/messages"), &body).await;
    assert_eq!(sent.body["assistantMessage"]["params"]["temperature"], 1.5);
    let changed = ada
        .patch(&chat, &json!({ "params": { "temperature": 0.1 } }))
        .await;
    assert_eq!(
        changed.body["chat"]["params"],
        json!({ "temperature": 0.1 })
    );
    let shown = ada.get(&chat).await.body;
    assert_eq!(shown["messages"][1]["params"]["temperature"], 0.2);

    let wrong = json!({ "defaultParams": { "temperature": 3 } });
    assert_eq!(
        ada.patch("/api/auth/me", &wrong).await.fields(),
        ["defaultParams.temperature range"]
    );
}

#[tokio::test]
async fn an_answer_that_runs_is_neither_edited_nor_forked() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(gateway::scripted::Script::silent());
    let chat = begin(&ada, "Wait").await;
    let edit = ada
        .post(
            &format!("{}/edit", chat.answer_url()),
            &json!({ "content": "x" }),
        )
        .await;
    assert_eq!(edit.line(), "409 answer_running");
    let body = json!({ "messageId": chat.answer });
    let fork = ada.post(&format!("{}/fork", chat.url()), &body).await;
    assert_eq!(fork.line(), "409 answer_running");
}
