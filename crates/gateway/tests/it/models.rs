//! Model lists over the wire.

use std::time::Duration;

use gateway::{
    ErrorKind, Model,
    scripted::{Script, Scripted},
};
use serde_json::json;

use crate::support::{KEY, openai, openrouter};

#[tokio::test]
async fn lists_models_with_the_key() {
    let upstream = Scripted::start().await;
    upstream
        .model("a", Script::text("x"))
        .model("b", Script::text("y"));
    let models = openai(&upstream).models().await.unwrap();
    let ids: Vec<&str> = models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    let request = &upstream.requests()[0];
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("GET", "/v1/models")
    );
    assert_eq!(
        request.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
}

#[tokio::test]
async fn lists_models_with_prices() {
    let upstream = Scripted::start().await;
    let entry = json!({"id": "v/m", "name": "V: M", "context_length": 8192,
        "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
        "pricing": {"prompt": "0.0000025", "completion": "0.00001"}});
    upstream.list(Script::json(&json!({"data": [entry]})).in_pieces(7, Duration::ZERO));
    let models = openrouter(&upstream).models().await.unwrap();
    let expected = Model {
        id: "v/m".to_owned(),
        name: "V: M".to_owned(),
        context_length: Some(8192),
        prompt_price_microusd_per_mtok: Some(2_500_000),
        completion_price_microusd_per_mtok: Some(10_000_000),
        modalities: vec!["text".to_owned(), "image".to_owned()],
        is_local: false,
    };
    assert_eq!(models, [expected]);
}

#[tokio::test]
async fn a_list_that_fails_says_why() {
    let upstream = Scripted::start().await;
    let provider = openai(&upstream);
    for (script, kind) in [
        (Script::status(401), ErrorKind::Unauthorized),
        (Script::status(500), ErrorKind::Upstream),
        (Script::status(404), ErrorKind::Protocol),
        (Script::page(200), ErrorKind::Protocol),
        (Script::json(&json!({"data": 7})), ErrorKind::Protocol),
        (
            Script::http(200).raw("{\"data\": [").close(),
            ErrorKind::Cut,
        ),
        (
            Script::http(200).raw(vec![b' '; 33 << 20]),
            ErrorKind::Protocol,
        ),
    ] {
        upstream.list(script);
        assert_eq!(provider.models().await.unwrap_err().kind, kind);
    }
}
