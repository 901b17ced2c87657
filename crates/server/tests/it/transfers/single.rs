//! One chat as a file.

use serde_json::{Value, json};

use super::import;
use crate::{
    chats::{ask, begin, follow},
    support::TestApp,
};

#[tokio::test]
async fn a_chat_goes_out_as_markdown_and_as_json_with_every_branch() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "Kaise ho? `code`").await;
    let retried = ada.act(&format!("{}/retry", chat.answer_url())).await;
    let second = format!(
        "{}/messages/{}",
        chat.url(),
        retried.body["assistantMessage"]["id"].as_str().unwrap()
    );
    follow(&ada, &second).await;
    let change = json!({ "title": "Ek \"baat\"/../x", "tags": ["Ghar"] });
    assert_eq!(ada.patch(&chat.url(), &change).await.status, 200);

    let reply = ada
        .get(&format!("{}/export?format=markdown", chat.url()))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), "text/markdown; charset=utf-8");
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename*=UTF-8''ek-baat-x.md"
    );
    let expected = "# Ek \"baat\"/../x\n\n*Begun on 2026-01-01, exported from Sangam.*\n\n## You\n\nKaise ho? `code`\n\n\
        ## scripted\n\nNamaste, dost.\n";
    assert_eq!(reply.text, expected);

    let reply = ada.get(&format!("{}/export?format=json", chat.url())).await;
    assert_eq!(reply.header("content-type"), "application/json");
    let document = &reply.body;
    assert_eq!(document["format"], "sangam-chat");
    assert_eq!(document["tags"], json!(["Ghar"]));
    assert_eq!(
        document["messages"].as_array().unwrap().len(),
        3,
        "every branch"
    );
    assert_eq!(
        document["activeLeafId"],
        retried.body["assistantMessage"]["id"]
    );

    // And it comes in again, for somebody else.
    let mira = app.user("mira").await;
    let job = import(&app, &mira, "chat.json", reply.text.as_bytes()).await;
    assert_eq!(job["result"]["source"], "sangam", "{job}");
    let list = mira.get("/api/chats").await.body;
    let id = list["items"][0]["id"].as_str().unwrap();
    let again = mira
        .get(&format!("/api/chats/{id}/export?format=json"))
        .await
        .body;
    let known = |document: &Value| {
        let messages = document["messages"].as_array().unwrap().iter();
        let messages: Vec<Value> = messages
            .map(|one| {
                json!([
                    one["content"],
                    one["role"],
                    one["status"],
                    one["model"],
                    one["createdAt"],
                    one["completionTokens"]
                ])
            })
            .collect();
        json!([
            document["title"],
            document["tags"],
            document["createdAt"],
            messages
        ])
    };
    assert_eq!(known(&again), known(document));
}

#[tokio::test]
async fn an_export_is_its_owners_and_names_its_form() {
    let app = TestApp::new().await;
    let (ada, mira) = (app.user("ada").await, app.user("mira").await);
    let chat = begin(&ada, "Mine").await;
    let path = format!("{}/export?format=json", chat.url());
    assert_eq!(mira.get(&path).await.line(), "404 chat_not_found");
    assert_eq!(
        app.anonymous().get(&path).await.line(),
        "401 unauthenticated"
    );
    for query in ["?format=pdf", "", "?format=json&x=1"] {
        let reply = ada.get(&format!("{}/export{query}", chat.url())).await;
        assert!(
            [400, 422].contains(&reply.status),
            "{query}: {}",
            reply.text
        );
    }
}

#[tokio::test]
async fn an_export_of_a_blind_pair_names_no_model() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    for model in ["alpha", "beta"] {
        app.provider
            .model(model, gateway::scripted::Script::text("Words"));
    }
    app.models.refresh(app.clock.now()).await;
    let body = json!({ "message": "Who?", "models": ["alpha", "beta"], "blind": true });
    let sent = ada.post("/api/chats", &body).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let url = format!("/api/chats/{}", sent.body["chat"]["id"].as_str().unwrap());
    for answer in sent.body["assistantMessages"].as_array().unwrap() {
        follow(
            &ada,
            &format!("{url}/messages/{}", answer["id"].as_str().unwrap()),
        )
        .await;
    }
    for format in ["markdown", "json"] {
        let reply = ada.get(&format!("{url}/export?format={format}")).await;
        assert_eq!(reply.status, 200);
        let messages = match format {
            "json" => reply.body["messages"].to_string(),
            _ => reply.text,
        };
        assert!(messages.contains("Words"));
        assert!(
            !messages.contains("alpha") && !messages.contains("beta"),
            "{messages}"
        );
    }
}
