//! What a model is told, and summaries instead of silence.

use gateway::scripted::Script;
use serde_json::{Value, json};

use super::{Begun, ask, follow, id};
use crate::support::{TestApp, User};

/// An app whose model `small` takes 1,000 tokens.
async fn small(settings: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with(settings).await;
    let list = json!({ "data": [{ "id": "small", "context_length": 1000 }] });
    app.provider.list(Script::json(&list));
    app.models.refresh(app.clock.now()).await;
    app
}

async fn say(ada: &User, chat: &Begun, text: &str) -> Value {
    let url = format!("{}/messages", chat.url());
    let sent = ada.post(&url, &json!({ "content": text })).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let answer = id(&sent.body["assistantMessage"]);
    follow(ada, &format!("{url}/{answer}")).await.1
}

/// Everything that the last request told the model.
fn told(app: &TestApp) -> String {
    let messages = app.provider.completions().pop().unwrap().body["messages"].clone();
    let texts = messages.as_array().unwrap().iter();
    texts
        .map(|message| message["content"].as_str().unwrap().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn older_turns_are_told_in_a_summary_that_is_seen_and_undone() {
    let app = small(&[]).await;
    let ada = app.user("ada").await;
    let params = json!({ "systemPrompt": "Always answer in rhyme." });
    let body = json!({ "message": "The password is marigold.", "params": params });
    let begun = ada.post("/api/chats", &body).await.body;
    let chat = Begun {
        chat: id(&begun["chat"]),
        question: id(&begun["userMessage"]),
        answer: id(&begun["assistantMessage"]),
    };
    follow(&ada, &chat.answer_url()).await;
    let long = "word ".repeat(300);
    say(&ada, &chat, &long).await;
    let before = ada.get(&format!("{}/context", chat.url())).await.body;
    assert_eq!(before["contextLength"], 1000);
    assert_eq!(before["parts"][2]["count"], 4);
    assert_eq!(before["isFull"], false, "{before}");

    app.provider
        .when("Summary:", Script::text("The password is marigold."));
    let answer = say(&ada, &chat, &"more ".repeat(400)).await;
    assert_eq!(answer["status"], "complete", "{answer}");
    let view = ada.get(&chat.url()).await.body;
    let summary = &view["summaries"][0];
    assert_eq!(summary["content"], "The password is marigold.");
    assert_eq!(summary["coveredMessages"], 4);
    assert_eq!(answer["context"]["summaryId"], summary["id"]);
    let said = told(&app);
    assert!(
        said.contains("Always answer in rhyme.") && said.contains("marigold"),
        "{said}"
    );
    assert!(!said.contains("word word"));
    // No message is gone.
    assert_eq!(view["messages"].as_array().unwrap().len(), 6);

    let undo = format!("{}/summaries/{}", chat.url(), id(summary));
    let bob = app.user("bob").await;
    assert_eq!(bob.delete(&undo).await.line(), "404 chat_not_found");
    assert_eq!(ada.delete(&undo).await.status, 204);
    assert_eq!(ada.delete(&undo).await.line(), "404 summary_not_found");
    assert_eq!(ada.get(&chat.url()).await.body["summaries"], json!([]));
}

#[tokio::test]
async fn nothing_is_cut_in_silence() {
    let app = small(&[("SANGAM_CHATS__AUTO_COMPACT", "false")]).await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, &"word ".repeat(300)).await;
    let answer = say(&ada, &chat, &"more ".repeat(700)).await;
    assert_eq!(answer["status"], "failed");
    assert_eq!(answer["error"]["code"], "context_too_long");
    assert_eq!(
        app.provider.completions().len(),
        1,
        "it was sent all the same"
    );
}

#[tokio::test]
async fn a_question_that_never_fits_fails_and_so_does_a_summary_that_cannot_be_had() {
    let app = small(&[]).await;
    let ada = app.user("ada").await;
    let (chat, answer) = ask(&ada, &"word ".repeat(2000)).await;
    assert_eq!(answer["error"]["code"], "context_too_long");
    app.provider.when("Summary:", Script::status(400));
    say(&ada, &chat, "short").await;
    let answer = say(&ada, &chat, &"more ".repeat(300)).await;
    assert_eq!(answer["error"]["code"], "context_too_long", "{answer}");
    assert_eq!(ada.get(&chat.url()).await.body["summaries"], json!([]));
}

#[tokio::test]
async fn a_chat_is_summed_up_on_request() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let (chat, _) = ask(&ada, "One").await;
    let compact = format!("{}/compact", chat.url());
    assert_eq!(ada.act(&compact).await.line(), "409 nothing_to_compact");
    say(&ada, &chat, "Two").await;
    say(&ada, &chat, "Three").await;
    app.provider
        .when("Summary:", Script::text("They counted to two."));
    let made = ada.act(&compact).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.body["summary"]["coveredMessages"], 4);
    say(&ada, &chat, "Four").await;
    let said = told(&app);
    assert!(
        said.contains("They counted to two.") && said.contains("Three"),
        "{said}"
    );
    assert!(!said.contains("One"), "{said}");
    let gauge = ada.get(&format!("{}/context", chat.url())).await.body;
    assert_eq!(gauge["summaryId"], made.body["summary"]["id"]);

    let bob = app.user("bob").await;
    assert_eq!(bob.act(&compact).await.line(), "404 chat_not_found");
    assert_eq!(
        bob.get(&format!("{}/context", chat.url())).await.line(),
        "404 chat_not_found"
    );
    assert_eq!(
        app.anonymous().act(&compact).await.line(),
        "401 unauthenticated"
    );
    let unknown = ada.get(&format!("{}/context?model=none", chat.url())).await;
    assert_eq!(unknown.line(), "404 model_not_found");
}
