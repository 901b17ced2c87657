//! What is sent upstream.

use gateway::{
    Message, OpenAiProvider, Params, Provider, Request, Role, Settings, generate,
    scripted::{Script, Scripted},
};
use serde_json::{Value, json};

use crate::support::{KEY, ask, collect, openai, openrouter, quick, settings};

fn reasoning(request: Request) -> Request {
    let params = Params {
        reasoning_effort: Some("low".to_owned()),
        ..request.params
    };
    Request { params, ..request }
}

#[tokio::test]
async fn the_common_dialect() {
    let upstream = Scripted::start().await;
    let request = reasoning(ask("hi"));
    collect(generate(openai(&upstream), request, quick()))
        .await
        .whole();
    let sent = &upstream.completions()[0];
    assert_eq!(sent.path, "/v1/chat/completions");
    assert_eq!(
        sent.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("accept-encoding"), None);
    assert_eq!(sent.header("http-referer"), None);
    let expected = json!({
        "model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
        "stream_options": {"include_usage": true}, "reasoning_effort": "low"
    });
    assert_eq!(sent.body, expected);
}

#[tokio::test]
async fn the_routers_dialect() {
    let upstream = Scripted::start().await;
    let request = reasoning(ask("hi"));
    collect(generate(openrouter(&upstream), request, quick()))
        .await
        .whole();
    let sent = &upstream.completions()[0];
    assert_eq!(
        sent.header("http-referer"),
        Some("https://chat.example.org")
    );
    assert_eq!(sent.header("x-title"), Some("Sangam"));
    let expected = json!({
        "model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
        "stream_options": {"include_usage": true}, "reasoning": {"effort": "low"},
        "usage": {"include": true}
    });
    assert_eq!(sent.body, expected);
}

#[tokio::test]
async fn without_a_key_none_is_sent() {
    let upstream = Scripted::start().await;
    let settings = Settings::new("acme", "Acme", upstream.base_url(), None);
    let provider = std::sync::Arc::new(OpenAiProvider::new(settings).unwrap());
    collect(generate(provider, ask("hi"), quick()))
        .await
        .whole();
    assert_eq!(upstream.completions()[0].header("authorization"), None);
}

#[tokio::test]
async fn an_unfinished_answer_is_gone_on_with() {
    let upstream = Scripted::start().await;
    upstream.when("exactly where it stopped", Script::tokens([" three"]));
    let mut request = ask("count to three");
    request
        .messages
        .push(Message::new(Role::Assistant, "one two"));
    request.continues = true;
    let outcome = collect(generate(openai(&upstream), request, quick())).await;
    assert_eq!(outcome.whole(), " three");
    let roles: Vec<Value> = upstream.completions()[0].body["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["role"].clone())
        .collect();
    assert_eq!(roles, ["user", "assistant", "user"]);
}

#[tokio::test]
async fn stream_options_are_given_up_where_they_are_refused() {
    let refusal = json!({"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"],
        "msg": "Extra inputs are not permitted"}]});
    for script in [Script::refusal(422, &refusal), Script::http(400)] {
        let upstream = Scripted::start().await;
        let provider = openai(&upstream);
        upstream.next(script);
        for _ in 0..2 {
            let outcome = collect(generate(provider.clone(), ask("hi"), quick())).await;
            assert_eq!(outcome.whole(), "Hello, world!");
        }
        let has_options: Vec<bool> = upstream
            .completions()
            .iter()
            .map(|request| request.body.get("stream_options").is_some())
            .collect();
        assert_eq!(has_options, [true, false, false], "what was learnt is kept");
    }
}

#[tokio::test]
async fn the_token_limit_goes_by_its_newer_name_where_asked() {
    let upstream = Scripted::start().await;
    let refusal = json!({"error": {"message": "Unsupported parameter: 'max_tokens' is not \
        supported with this model. Use 'max_completion_tokens' instead."}});
    upstream.next(Script::refusal(400, &refusal));
    let params = Params {
        max_tokens: Some(9),
        ..Params::default()
    };
    let request = Request {
        params,
        ..ask("hi")
    };
    collect(generate(openai(&upstream), request, quick()))
        .await
        .whole();
    let sent = upstream.completions();
    assert_eq!(
        (
            &sent[0].body["max_tokens"],
            sent[0].body.get("max_completion_tokens")
        ),
        (&json!(9), None)
    );
    assert_eq!(
        (
            sent[1].body.get("max_tokens"),
            &sent[1].body["max_completion_tokens"]
        ),
        (None, &json!(9))
    );
}

#[tokio::test]
async fn a_genuine_refusal_is_asked_once() {
    let upstream = Scripted::start().await;
    upstream.otherwise(Script::status(400));
    let provider = OpenAiProvider::new(settings(&upstream)).unwrap();
    assert!(provider.stream(ask("hi")).await.is_err());
    assert_eq!(upstream.completions().len(), 1);
}

#[tokio::test]
async fn connections_are_used_again() {
    let upstream = Scripted::start().await;
    // The end of the body comes a little after `[DONE]`.
    let wait = std::time::Duration::from_millis(5);
    upstream.otherwise(Script::tokens(["a"]).wait(wait));
    let provider = openai(&upstream);
    for _ in 0..4 {
        collect(generate(provider.clone(), ask("hi"), quick()))
            .await
            .whole();
        // The connection goes back to the pool beside us.
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
    let connections: Vec<usize> = upstream
        .completions()
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(connections, [0, 0, 0, 0]);
}
