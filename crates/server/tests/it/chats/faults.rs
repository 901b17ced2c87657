//! What providers do wrong, and what becomes of the answer: always an end, never a lost word.

use std::time::Duration;

use gateway::scripted::Script;

use super::{ask, begin, follow};
use crate::support::TestApp;

/// Script → (status, content, code of the error).
async fn outcome(script: Script) -> (String, String, String) {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.otherwise(script);
    let (_, message) = ask(&ada, "Well?").await;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (
        text(&message["status"]),
        text(&message["content"]),
        text(&message["error"]["code"]),
    )
}

fn is(outcome: &(String, String, String)) -> String {
    format!("{} {:?} {}", outcome.0, outcome.1, outcome.2)
}

#[tokio::test]
async fn a_stream_cut_in_mid_chunk_is_interrupted_and_keeps_its_text() {
    let got = outcome(Script::stream().token("half ").cut("an ans")).await;
    assert_eq!(got.0, "interrupted");
    assert!(got.1.starts_with("half "), "{got:?}");
    assert_eq!(got.2, "upstream_cut");
}

#[tokio::test]
async fn a_reset_connection_is_interrupted_and_can_be_continued() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(
        Script::stream()
            .token("begun ")
            .wait(Duration::from_millis(50))
            .reset(),
    );
    let (chat, message) = ask(&ada, "Well?").await;
    assert_eq!(message["status"], "interrupted");
    assert_eq!(message["content"], "begun ");
    app.provider.next(Script::text("and ended."));
    assert_eq!(
        ada.act(&format!("{}/continue", chat.answer_url()))
            .await
            .status,
        200
    );
    let (_, message) = follow(&ada, &chat.answer_url()).await;
    assert_eq!(message["content"], "begun and ended.");
    assert_eq!(message["error"], serde_json::Value::Null);
}

#[tokio::test]
async fn a_garbage_line_does_not_cost_the_answer() {
    let script = Script::stream()
        .token("be")
        .raw("data: {not json\n\n")
        .token("fore")
        .finish("stop")
        .done();
    let got = outcome(script).await;
    assert!(got.1.starts_with("be"), "{got:?}");
    assert_ne!(got.0, "streaming");
}

#[tokio::test]
async fn invalid_utf8_becomes_a_replacement_or_an_end_but_no_loss() {
    let bad =
        b"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\xff\xfe\"}}]}\n\n".to_vec();
    let got = outcome(
        Script::stream()
            .token("a")
            .raw(bad)
            .token("c")
            .finish("stop")
            .done(),
    )
    .await;
    assert!(got.1.starts_with('a'), "{got:?}");
    assert_ne!(got.0, "streaming");
}

#[tokio::test]
async fn too_many_requests_is_waited_out_once() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(Script::status(429).retry_after("1"));
    let begun = std::time::Instant::now();
    let (_, message) = ask(&ada, "Patience").await;
    assert_eq!(message["status"], "complete");
    assert!(
        begun.elapsed() >= Duration::from_secs(1),
        "Retry-After was honoured"
    );
    assert_eq!(app.provider.completions().len(), 2);
}

#[tokio::test]
async fn a_long_retry_after_is_reported_at_once() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider
        .otherwise(Script::status(429).retry_after("3600"));
    let (_, message) = ask(&ada, "Patience").await;
    assert_eq!(message["status"], "failed");
    assert_eq!(message["error"]["code"], "upstream_rate_limited");
    assert_eq!(message["error"]["retryAfterMs"], 3_600_000);
}

#[tokio::test]
async fn refusals_and_failures_before_the_first_token_say_what_happened() {
    assert_eq!(
        is(&outcome(Script::status(500)).await),
        r#"failed "" upstream_failed"#
    );
    assert_eq!(
        is(&outcome(Script::page(502)).await),
        r#"failed "" upstream_failed"#
    );
    assert_eq!(
        is(&outcome(Script::status(404)).await),
        r#"failed "" model_not_found"#
    );
    assert_eq!(
        is(&outcome(Script::hang_up()).await)
            .split_whitespace()
            .next(),
        Some("failed")
    );
}

#[tokio::test]
async fn a_key_echoed_by_the_provider_is_never_shown() {
    let key = "sk-live-4d7f0c1b2a39485766554433";
    let app = TestApp::with(&[("OPENAI_API_KEY", key)]).await;
    let ada = app.user("ada").await;
    app.provider.otherwise(Script::echoes_key(401));
    let (chat, message) = ask(&ada, "Key?").await;
    assert_eq!(message["error"]["code"], "upstream_key_refused");
    assert_eq!(
        app.provider.completions()[0].header("authorization"),
        Some(format!("Bearer {key}").as_str())
    );
    let shown = ada.get(&chat.url()).await;
    assert!(!shown.text.contains(key), "{}", shown.text);
}

#[tokio::test]
async fn silence_before_and_in_the_middle_ends() {
    assert_eq!(
        is(&outcome(Script::silent()).await),
        r#"failed "" first_token_timeout"#
    );
    let middle = outcome(Script::stream().token("hmm ").silence()).await;
    assert_eq!(is(&middle), r#"interrupted "hmm " idle_timeout"#);
}

#[tokio::test]
async fn five_megabytes_arrive_whole() {
    let app = TestApp::new().await;
    let ada = app.user("ada").await;
    app.provider.next(Script::sized(5 << 20, 4096));
    let begun = begin(&ada, "Everything").await;
    let (events, message) = follow(&ada, &begun.answer_url()).await;
    assert_eq!(message["status"], "complete");
    assert_eq!(message["content"].as_str().unwrap().len(), 5 << 20);
    assert!(events.len() >= 3);
}

#[tokio::test]
async fn a_provider_that_is_down_blocks_neither_list_nor_page() {
    let app = TestApp::with(&[("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")]).await;
    let ada = app.user("ada").await;
    let models = ada.get("/api/models").await;
    assert_eq!(models.status, 200);
    assert_eq!(models.body["items"], serde_json::json!([]));
    assert_eq!(models.body["providers"][0]["isAvailable"], false);
    let refused = ada
        .post("/api/chats", &serde_json::json!({ "message": "Hello?" }))
        .await;
    assert_eq!(refused.line(), "503 no_model");
    assert_eq!(
        ada.get("/api/chats").await.body["items"],
        serde_json::json!([]),
        "nothing was stored"
    );
}
