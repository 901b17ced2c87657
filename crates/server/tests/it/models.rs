//! The catalogue through the door.

use gateway::scripted::Script;
use serde_json::json;

use crate::support::{MODEL, TestApp};

#[tokio::test]
async fn the_catalogue_lists_what_the_providers_offer() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    let models = ada.get("/api/models").await;
    assert_eq!(models.status, 200);
    assert_eq!(models.body["items"][0]["id"], MODEL);
    assert_eq!(models.body["items"][0]["provider"], "openai");
    assert_eq!(models.body["items"][0]["isAvailable"], true);
    assert_eq!(
        models.body["defaultModel"], MODEL,
        "what answers when nobody chooses"
    );
    assert_eq!(
        app.anonymous().get("/api/models").await.line(),
        "401 unauthenticated"
    );
}

#[tokio::test]
async fn a_model_that_appears_later_is_found_without_a_restart() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.model("brand-new", Script::text("Hi"));
    app.advance(chrono::TimeDelta::seconds(60));
    let made = ada
        .post(
            "/api/chats",
            &json!({ "message": "Hello", "model": "brand-new" }),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.body["assistantMessage"]["modelAsked"], "brand-new");
}

#[tokio::test]
async fn the_model_is_the_users_default_then_the_last_used_then_the_first() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider
        .model("first", Script::text("1"))
        .model("second", Script::text("2"))
        .model("third", Script::text("3"));
    app.state.models.refresh(app.state.clock.now()).await;
    let asked = async |body: serde_json::Value| {
        let made = ada.post("/api/chats", &body).await;
        made.body["assistantMessage"]["modelAsked"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(asked(json!({ "message": "a" })).await, "first");
    assert_eq!(
        asked(json!({ "message": "b", "model": "third" })).await,
        "third"
    );
    assert_eq!(
        asked(json!({ "message": "c" })).await,
        "third",
        "the last used"
    );
    let set = ada
        .patch("/api/auth/me", &json!({ "defaultModel": "second" }))
        .await;
    assert_eq!(set.status, 200, "{}", set.text);
    assert_eq!(
        asked(json!({ "message": "d" })).await,
        "second",
        "the user's default"
    );
    assert_eq!(ada.get("/api/models").await.body["defaultModel"], "second");
}
