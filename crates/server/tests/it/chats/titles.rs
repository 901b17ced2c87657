//! Titles are made in the background.

use gateway::scripted::Script;
use serde_json::json;

use super::{ask, begin};
use crate::support::TestApp;

#[tokio::test]
async fn a_chat_gets_a_title_from_its_own_model_once() {
    let app = TestApp::with(&[("SANGAM_CHATS__TITLES", "true")]).await;
    let ada = app.user("ada").await;
    app.provider.when(
        "Write a title",
        Script::text("Title: \"Greeting in Hindi\""),
    );
    let (chat, _) = ask(&ada, "How do I greet somebody in Hindi, politely?").await;
    app.until("the title is better", async || {
        let shown = ada.get(&chat.url()).await;
        shown.body["chat"]["title"] == "Greeting in Hindi"
            && shown.body["chat"]["titlePending"] == false
    })
    .await;
    assert_eq!(
        app.provider.completions().len(),
        2,
        "one answer and one title"
    );
}

#[tokio::test]
async fn a_title_of_the_owners_own_is_never_overruled() {
    let app = TestApp::with(&[("SANGAM_CHATS__TITLES", "true")]).await;
    let ada = app.user("ada").await;
    let body = json!({ "message": "Hello", "title": "Mine" });
    let made = ada.post("/api/chats", &body).await;
    assert_eq!(made.body["chat"]["title"], "Mine");
    assert_eq!(made.body["chat"]["titlePending"], false);
}

#[tokio::test]
async fn a_failed_title_leaves_the_first_words() {
    let app = TestApp::with(&[
        ("SANGAM_CHATS__TITLES", "true"),
        ("SANGAM_GATEWAY__RETRIES", "0"),
    ])
    .await;
    let ada = app.user("ada").await;
    app.provider.when("Write a title", Script::status(400));
    let chat = begin(&ada, "First words stay").await;
    app.until("the title is settled", async || {
        ada.get(&chat.url()).await.body["chat"]["titlePending"] == false
    })
    .await;
    assert_eq!(
        ada.get(&chat.url()).await.body["chat"]["title"],
        "First words stay"
    );
}
