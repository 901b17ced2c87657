//! Everything that can go wrong upstream: each ends, says so in one sentence, and keeps what came.

use std::time::{Duration, Instant};

use gateway::{
    Error, ErrorKind, OpenAiProvider, Provider, Secret, Settings, generate,
    scripted::{Script, Scripted},
};
use serde_json::json;

use crate::support::{KEY, Outcome, ask, collect, openai, played, quick, settings};

/// Kind and text of what an answer came to before it failed.
fn ended(outcome: &Outcome) -> (ErrorKind, &str) {
    (outcome.failed().0, &outcome.text)
}

#[tokio::test]
async fn every_status_becomes_its_kind() {
    for (status, kind) in [
        (400, ErrorKind::Refused),
        (401, ErrorKind::Unauthorized),
        (402, ErrorKind::Unauthorized),
        (403, ErrorKind::Unauthorized),
        (404, ErrorKind::ModelNotFound),
        (413, ErrorKind::Refused),
        (422, ErrorKind::Refused),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Upstream),
        (502, ErrorKind::Upstream),
        (503, ErrorKind::Upstream),
    ] {
        let outcome = played(Script::status(status)).await;
        let error = outcome.error.unwrap();
        assert_eq!((error.kind, error.status), (kind, Some(status)));
        assert!(
            error.message.contains("Acme") && error.message.ends_with('.'),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_web_page_is_never_shown() {
    let outcome = played(Script::page(502)).await;
    assert_eq!(
        outcome.failed(),
        (ErrorKind::Upstream, "Acme failed (status 502).")
    );
    let outcome = played(Script::page(200)).await;
    let sentence = "Acme sent a web page instead of an answer: its base URL may be wrong.";
    assert_eq!(outcome.failed(), (ErrorKind::Protocol, sentence));
}

#[tokio::test]
async fn an_echoed_key_is_hidden() {
    for status in [400, 401, 403, 500] {
        let outcome = played(Script::echoes_key(status)).await;
        let (_, message) = outcome.failed();
        assert!(
            !message.contains(KEY) && !message.contains("0123456789"),
            "{message}"
        );
    }
    let outcome = played(Script::echoes_key(400)).await;
    let sentence = "Acme refused the request (status 400): Incorrect API key provided: [hidden].";
    assert_eq!(outcome.failed().1, sentence);
    let inside = json!({"error": {"message": format!("key {KEY} is bad"), "code": 401}});
    let outcome = played(Script::stream().token("a").chunk(&inside)).await;
    assert!(!outcome.failed().1.contains(KEY));
}

#[tokio::test]
async fn keys_do_not_show_in_debug() {
    let upstream = Scripted::start().await;
    let settings = settings(&upstream);
    let provider = OpenAiProvider::new(settings.clone()).unwrap();
    assert!(!format!("{settings:?} {provider:?}").contains(KEY));
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays() {
    let elsewhere = Scripted::start().await;
    let outcome = played(Script::redirect(&elsewhere.base_url())).await;
    assert_eq!(outcome.failed().0, ErrorKind::Protocol);
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn cuts_keep_what_came() {
    let began = || Script::stream().token("Hel").token("lo");
    for script in [
        began().cut(" world"),
        began().close(),
        began().reset(),
        began().wait(Duration::from_millis(20)).close(),
        began()
            .raw("data: {\"choices\":[{\"delta\":{\"content\":\" wor")
            .close(),
        began(), // the body ends properly, but the answer does not
    ] {
        let outcome = played(script).await;
        assert_eq!(ended(&outcome), (ErrorKind::Cut, "Hello"));
        assert_eq!(
            outcome.failed().1,
            "Acme ended the answer before it was whole."
        );
    }
}

#[tokio::test]
async fn cuts_before_the_first_piece_are_cuts() {
    let empty = || Script::http(200).header("content-type", "text/event-stream");
    for script in [
        Script::hang_up(),
        empty(),
        empty().close(),
        Script::stream().reset(),
    ] {
        assert_eq!(ended(&played(script).await), (ErrorKind::Cut, ""));
    }
}

#[tokio::test]
async fn what_is_not_the_protocol_is_said_to_be() {
    let noise: Vec<u8> = (0..4096_u32)
        .map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[2])
        .collect();
    let began = || Script::stream().token("Hello");
    for (script, text) in [
        (Script::not_http("220 mail.example ESMTP\r\n"), ""),
        (Script::http(200).body("text/plain", noise), ""),
        (Script::http(200).body("text/plain", "It works!\n"), ""),
        (
            Script::http(200).body("application/json", "{\"choices\": [{\"mess"),
            "",
        ),
        (Script::json(&json!({"status": "ok"})), ""),
        (
            began()
                .raw("data: not json\n\n")
                .token("late")
                .finish("stop")
                .done(),
            "Hello",
        ),
        (
            began()
                .raw("data: {\"choices\":[{\"delta\":{\"con\n\n")
                .finish("stop")
                .done(),
            "Hello",
        ),
        (began().raw("data: 7\n\n").done(), "Hello"),
    ] {
        assert_eq!(ended(&played(script).await), (ErrorKind::Protocol, text));
    }
}

#[tokio::test]
async fn a_bad_chunk_is_not_http() {
    // A valid head, then a body whose framing is broken.
    let broken = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
        transfer-encoding: chunked\r\n\r\nzz\r\ndata: x\n\n";
    let outcome = played(Script::not_http(broken)).await;
    assert_eq!(
        outcome.failed(),
        (ErrorKind::Protocol, "Acme sent something that is not HTTP.")
    );
}

#[tokio::test]
async fn compressed_answers_are_refused_unread() {
    let bomb = Script::http(200)
        .header("content-encoding", "gzip")
        .raw(vec![0x1F, 0x8B, 8, 0]);
    let outcome = played(bomb).await;
    assert_eq!(outcome.failed().0, ErrorKind::Protocol);
}

#[tokio::test]
async fn an_error_object_in_the_stream_ends_it() {
    let limited = json!({"error": {"code": 429, "message": "slow down", "metadata": {}}});
    let outcome = played(
        Script::stream()
            .token("Hel")
            .chunk(&limited)
            .token("late")
            .done(),
    )
    .await;
    assert_eq!(ended(&outcome), (ErrorKind::RateLimited, "Hel"));

    let failed = json!({"id": "x", "error": {"code": "server_error", "message": "GPU fell off"},
        "choices": [{"delta": {"content": "lo"}, "finish_reason": "error"}]});
    let outcome = played(Script::stream().token("Hel").chunk(&failed)).await;
    assert_eq!(ended(&outcome), (ErrorKind::Upstream, "Hello"));
    assert_eq!(outcome.failed().1, "Acme failed: GPU fell off.");

    let named = "event: error\ndata: {\"error\": \"out of memory\"}\n\n";
    let outcome = played(Script::stream().token("Hel").raw(named)).await;
    assert_eq!(
        outcome.failed(),
        (ErrorKind::Upstream, "Acme failed: out of memory.")
    );

    let reason_only = Script::stream().token("Hel").finish("error").done();
    assert_eq!(
        ended(&played(reason_only).await),
        (ErrorKind::Upstream, "Hel")
    );

    let at_once = Script::json(&json!({"error": {"code": 401, "message": "no"}}));
    assert_eq!(played(at_once).await.failed().0, ErrorKind::Unauthorized);
}

#[tokio::test]
async fn a_conversation_that_does_not_fit_is_said_so() {
    let body = json!({"error": {"code": 400, "type": "exceed_context_size_error",
        "message": "request (9000 tokens) exceeds the available context size (4096 tokens)"}});
    let outcome = played(Script::refusal(400, &body)).await;
    assert_eq!(outcome.failed().0, ErrorKind::ContextTooLong);
}

#[tokio::test]
async fn too_much_at_once_and_too_much_in_all_are_refused() {
    let began = || Script::stream().token("Hello");
    let outcome = played(began().token(&"x".repeat(8 << 20)).finish("stop").done()).await;
    assert_eq!(ended(&outcome), (ErrorKind::Protocol, "Hello"));
    let endless_line = began().raw("data: ").raw(vec![b'x'; 64 << 20]);
    assert_eq!(
        ended(&played(endless_line).await),
        (ErrorKind::Protocol, "Hello")
    );

    let upstream = Scripted::start().await;
    upstream.otherwise(Script::stream().forever(&"x".repeat(1000)));
    let settings = Settings {
        max_answer_bytes: 100_000,
        ..settings(&upstream)
    };
    let provider = std::sync::Arc::new(OpenAiProvider::new(settings).unwrap());
    let outcome = collect(generate(provider, ask("hi"), quick())).await;
    assert_eq!(
        (outcome.failed().0, outcome.text.len()),
        (ErrorKind::Protocol, 100_000)
    );
    assert_eq!(
        outcome.failed().1,
        "Acme sent more than an answer may hold."
    );
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let upstream = Scripted::start().await;
    let provider = openai(&upstream);
    drop(upstream);
    let outcome = collect(generate(provider, ask("hi"), quick())).await;
    assert_eq!(
        outcome.failed(),
        (ErrorKind::Unreachable, "Acme could not be reached.")
    );
}

#[tokio::test]
async fn the_body_of_an_error_need_not_end() {
    let upstream = Scripted::start().await;
    let body = r#"{"error": {"message": "half"}"#;
    upstream.otherwise(Script::http(400).body("application/json", body).silence());
    let started = Instant::now();
    let provider = OpenAiProvider::new(settings(&upstream)).unwrap();
    let refused: Result<_, Error> = provider.stream(ask("hi")).await;
    let error = refused.map(|_| ()).unwrap_err();
    assert_eq!((error.kind, error.status), (ErrorKind::Refused, Some(400)));
    assert!(
        started.elapsed() < Duration::from_secs(12),
        "waited {:?}",
        started.elapsed()
    );
}

#[test]
fn wrong_settings_say_what_is_allowed() {
    let refused = |base: &str, key: &str| {
        let settings = Settings::new("a", "A", base, Some(Secret::from(key)));
        OpenAiProvider::new(settings)
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    let address = "the address must begin with http:// or https:// and name a host";
    assert_eq!(refused("localhost:11434", ""), address);
    assert_eq!(refused("", ""), address);
    assert_eq!(
        refused("https://u:p@x.org", ""),
        "the address must not hold a user name or password: give the key as its own setting"
    );
    assert_eq!(
        refused("https://x.org/v1?a=b", ""),
        "the address must end with its path, without ? or #"
    );
    assert!(refused("https://x.org/v1", "a\nb").contains("cannot be sent"));
}
