//! One question to several models, in the open and blind.

use gateway::scripted::Script;
use serde_json::{Value, json};

use super::{begin, follow, id};
use crate::support::{TestApp, User};

async fn app() -> TestApp {
    let app = TestApp::new().await;
    for (model, text) in [
        ("alpha", "From a hill."),
        ("beta", "From a lake."),
        ("gamma", "From a sea."),
    ] {
        app.provider.model(model, Script::text(text));
    }
    app.models.refresh(app.clock.now()).await;
    app
}

struct Compared {
    chat: String,
    /// In the order of their columns.
    answers: Vec<String>,
    sent: Value,
}

async fn compare(ada: &User, models: &[&str], blind: bool) -> Compared {
    let body = json!({ "message": "Who are you?", "models": models, "blind": blind });
    let reply = ada.post("/api/chats", &body).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let chat = format!("/api/chats/{}", id(&reply.body["chat"]));
    let answers: Vec<String> = reply.body["assistantMessages"]
        .as_array()
        .unwrap()
        .iter()
        .map(id)
        .collect();
    Compared {
        chat,
        answers,
        sent: reply.body,
    }
}

async fn ended(ada: &User, compared: &Compared) -> Vec<Value> {
    let mut messages = Vec::new();
    for answer in &compared.answers {
        let (_, message) = follow(ada, &format!("{}/messages/{answer}", compared.chat)).await;
        messages.push(message);
    }
    messages
}

#[tokio::test]
async fn several_models_answer_side_by_side() {
    let app = app().await;
    let ada = app.user("ada").await;
    let compared = compare(&ada, &["alpha", "beta", "gamma"], false).await;
    assert_eq!(
        compared.sent["assistantMessage"]["id"],
        compared.answers[0].as_str()
    );
    let messages = ended(&ada, &compared).await;
    let models: Vec<&str> = messages
        .iter()
        .map(|m| m["modelUsed"].as_str().unwrap())
        .collect();
    assert_eq!(models, ["alpha", "beta", "gamma"]);
    assert_eq!(messages[1]["content"], "From a lake.");
    let shown = ada.get(&compared.chat).await.body;
    let comparison = &shown["comparisons"][0];
    assert_eq!(comparison["questionId"], shown["messages"][0]["id"]);
    assert_eq!(comparison["messages"].as_array().unwrap().len(), 3);
    assert_eq!(comparison["isRevealed"], true);
    assert_eq!(
        shown["messages"][1]["siblingIds"].as_array().unwrap().len(),
        3
    );
    // Going on with the third.
    let chosen = ada
        .patch(
            &compared.chat,
            &json!({ "activeLeafId": compared.answers[2] }),
        )
        .await;
    assert_eq!(
        chosen.body["chat"]["activeLeafId"],
        compared.answers[2].as_str()
    );
    let sent = ada
        .post(
            &format!("{}/messages", compared.chat),
            &json!({ "content": "Go on" }),
        )
        .await;
    assert_eq!(
        sent.body["userMessage"]["parentId"],
        compared.answers[2].as_str()
    );
}

#[tokio::test]
async fn whom_a_question_is_put_to_is_checked() {
    let app = app().await;
    let ada = app.user("ada").await;
    let chat = begin(&ada, "Begin").await;
    follow(&ada, &chat.answer_url()).await;
    let messages = format!("{}/messages", chat.url());
    for (body, expected) in [
        (json!({ "models": ["alpha"] }), "models count"),
        (json!({ "models": ["alpha", "alpha"] }), "models count"),
        (
            json!({ "models": ["alpha", "beta"], "model": "alpha" }),
            "models exclusive",
        ),
        (
            json!({ "models": ["alpha", "beta", "gamma"], "blind": true }),
            "models count",
        ),
        (json!({ "blind": true }), "blind models"),
    ] {
        let mut question = json!({ "content": "x" });
        question
            .as_object_mut()
            .unwrap()
            .extend(body.as_object().unwrap().clone());
        assert_eq!(
            ada.post(&messages, &question).await.fields(),
            [expected],
            "{body}"
        );
    }
    let unknown = json!({ "content": "x", "models": ["alpha", "none"] });
    assert_eq!(
        ada.post(&messages, &unknown).await.line(),
        "404 model_not_found"
    );
}

/// Everything about a blind pair that the API says before the vote.
async fn all_that_is_said(ada: &User, compared: &Compared) -> String {
    let mut said = vec![compared.sent.to_string()];
    for answer in &compared.answers {
        let url = format!("{}/messages/{answer}", compared.chat);
        let (events, message) = follow(ada, &url).await;
        said.push(message.to_string());
        said.extend(events.iter().map(|event| event.data.to_string()));
    }
    for url in [compared.chat.clone(), format!("{}/tree", compared.chat)] {
        said.push(ada.get(&url).await.text);
    }
    // The choice that the person made is no secret.
    said.join("\n").replace(r#""model":"alpha""#, "")
}

#[tokio::test]
async fn a_blind_pair_keeps_its_secret_until_the_vote() {
    let app = app().await;
    let ada = app.user("ada").await;
    let compared = compare(&ada, &["alpha", "beta"], true).await;
    let said = all_that_is_said(&ada, &compared).await;
    assert!(!said.contains("alpha") && !said.contains("beta"), "{said}");
    let shown = ada.get(&compared.chat).await.body;
    assert_eq!(shown["comparisons"][0]["isRevealed"], false);
    for message in shown["comparisons"][0]["messages"].as_array().unwrap() {
        for hidden in [
            "modelAsked",
            "modelUsed",
            "usage",
            "costMicrousd",
            "ttftMs",
            "latencyMs",
        ] {
            assert_eq!(message[hidden], Value::Null, "{hidden}");
        }
    }
    let retry = format!("{}/messages/{}/retry", compared.chat, compared.answers[0]);
    assert_eq!(ada.act(&retry).await.line(), "409 vote_first");
    let fork = format!("{}/fork", compared.chat);
    let fork = ada
        .post(&fork, &json!({ "messageId": compared.answers[0] }))
        .await;
    assert_eq!(fork.line(), "409 vote_first");

    let id = shown["chat"]["id"].clone();
    let vote = |winner: &str| {
        json!({ "chatId": id, "leftMessageId": compared.answers[0],
            "rightMessageId": compared.answers[1], "winner": winner })
    };
    let voted = ada.post("/api/leaderboard/vote", &vote("left")).await;
    assert_eq!(voted.status, 200, "{}", voted.text);
    let mut models: Vec<&str> = voted.body["reveal"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["model"].as_str().unwrap())
        .collect();
    models.sort_unstable();
    assert_eq!(models, ["alpha", "beta"]);
    let shown = ada.get(&compared.chat).await.body;
    assert_eq!(shown["comparisons"][0]["isRevealed"], true);
    assert_eq!(shown["comparisons"][0]["winner"], "left");
    let says = match shown["messages"][1]["modelUsed"].as_str().unwrap() {
        "alpha" => "From a hill.",
        _ => "From a lake.",
    };
    assert_eq!(shown["messages"][1]["content"], says);
    // Knowing what they were changes nothing any more.
    assert_eq!(
        ada.post("/api/leaderboard/vote", &vote("right"))
            .await
            .line(),
        "409 vote_final"
    );
    assert_eq!(
        ada.post("/api/leaderboard/vote", &vote("left"))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn chance_decides_which_model_stands_left() {
    let app = app().await;
    let ada = app.user("ada").await;
    let mut firsts = std::collections::HashSet::new();
    for _ in 0..24 {
        let compared = compare(&ada, &["alpha", "beta"], true).await;
        let messages = ended(&ada, &compared).await;
        firsts.insert(messages[0]["content"].as_str().unwrap().to_owned());
    }
    assert_eq!(firsts.len(), 2);
}

#[tokio::test]
async fn a_search_by_model_finds_a_blind_answer_only_after_the_vote() {
    let app = app().await;
    let ada = app.user("ada").await;
    let compared = compare(&ada, &["alpha", "beta"], true).await;
    ended(&ada, &compared).await;
    let found = async |model: &str| {
        let reply = ada.get(&format!("/api/search?q=from&model={model}")).await;
        reply.body["items"].as_array().unwrap().len()
    };
    assert_eq!(
        ada.get("/api/search?q=from").await.body["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!((found("alpha").await, found("beta").await), (0, 0));
    let vote = json!({
        "chatId": id(&compared.sent["chat"]),
        "leftMessageId": compared.answers[0],
        "rightMessageId": compared.answers[1],
        "winner": "left",
    });
    let voted = ada.post("/api/leaderboard/vote", &vote).await;
    assert_eq!(voted.status, 200, "{}", voted.text);
    assert_eq!((found("alpha").await, found("beta").await), (1, 1));
}
