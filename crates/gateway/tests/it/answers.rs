//! Answers that come through, in all the shapes providers give them.

use std::time::{Duration, Instant};

use futures::StreamExt;
use gateway::{
    Citation, Event, FinishReason, Usage, generate,
    scripted::{Script, Scripted},
};
use serde_json::json;

use crate::support::{ask, collect, openai, openrouter, played, quick};

fn usage(prompt_tokens: u32, completion_tokens: u32) -> Usage {
    Usage {
        prompt_tokens,
        completion_tokens,
        cost_microusd: None,
    }
}

#[tokio::test]
async fn a_normal_answer_comes_whole() {
    let outcome = played(Script::tokens(["Hel", "lo", " ", "नमस्ते", " 🙏"])).await;
    assert_eq!(outcome.whole(), "Hello नमस्ते 🙏");
    assert_eq!(outcome.models, ["scripted"]);
    assert_eq!(outcome.usage, Some(usage(7, 5)));
    assert_eq!(outcome.reasoning, "");
}

#[tokio::test]
async fn each_token_is_passed_on_as_it_arrives() {
    let upstream = Scripted::start().await;
    upstream.otherwise(Script::tokens(["a", "b", "c", "d"]).every(Duration::from_millis(100)));
    let mut events = generate(openai(&upstream), ask("hi"), quick());
    let mut seen = Vec::new();
    while let Some(event) = events.next().await {
        if let Event::Text(text) = event.unwrap() {
            seen.push((text, Instant::now()));
        }
    }
    let text: String = seen.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(text, "abcd");
    let spread = seen.last().unwrap().1 - seen[0].1;
    assert!(
        spread > Duration::from_millis(200),
        "the tokens came within {spread:?}"
    );
}

#[tokio::test]
async fn divided_characters_and_frames_change_nothing() {
    for size in [1, 2, 3, 7] {
        let script = Script::tokens(["नमस्ते ", "🙏🏽", " é"]).in_pieces(size, Duration::ZERO);
        assert_eq!(played(script).await.whole(), "नमस्ते 🙏🏽 é");
    }
}

#[tokio::test]
async fn a_bad_byte_costs_one_character_and_not_the_answer() {
    let bad = b"data: {\"choices\":[{\"delta\":{\"content\":\"caf\xE9 \"}}]}\n\n".as_slice();
    let script = Script::stream()
        .raw(bad)
        .token("au lait")
        .finish("stop")
        .done();
    assert_eq!(played(script).await.whole(), "caf\u{FFFD} au lait");
}

#[tokio::test]
async fn line_ends_marks_comments_and_strays_are_understood() {
    let stream = "\u{FEFF}: OPENROUTER PROCESSING\r\n\r\nevent: message\r\nid: 1\r\ngarbage line\r\n\
        data: {\"choices\":\r\ndata: [{\"delta\":{\"content\":\"ok\"}}]}\r\n\r\n\
        data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\r\n\r\n\
        data: [DONE]\r\n\r\ndata: [DONE]\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"late\"}}]}\r\n\r\n";
    let script = Script::http(200).body("text/event-stream", stream);
    assert_eq!(played(script).await.whole(), "ok");
}

#[tokio::test]
async fn null_fields_are_no_offence() {
    let null = json!({"id": null, "model": null, "choices": null, "usage": null, "error": null});
    let delta = json!({"choices": [{"delta": {"content": null, "role": null, "tool_calls": null,
        "annotations": null}, "finish_reason": null, "logprobs": null}]});
    let script = Script::stream()
        .chunk(&null)
        .chunk(&delta)
        .token("ok")
        .finish("stop")
        .done();
    assert_eq!(played(script).await.whole(), "ok");
}

#[tokio::test]
async fn reasoning_is_told_apart_whatever_its_form() {
    let sent_apart = Script::stream()
        .reasoning("hm, ")
        .reasoning("so")
        .token("<think>yes");
    let inline = Script::stream()
        .token("<th")
        .token("ink>\nhm, so</thi")
        .token("nk>\n\nyes");
    for (script, text) in [(sent_apart, "<think>yes"), (inline, "yes")] {
        let outcome = played(script.finish("stop").done()).await;
        assert_eq!(
            (outcome.reasoning.as_str(), outcome.whole()),
            ("hm, so", text)
        );
    }
    let by_its_other_name = json!({"choices": [{"delta": {"reasoning": "hm"}}]});
    let script = Script::stream()
        .chunk(&by_its_other_name)
        .token("yes")
        .finish("stop")
        .done();
    let outcome = played(script).await;
    assert_eq!((outcome.reasoning.as_str(), outcome.whole()), ("hm", "yes"));
}

#[tokio::test]
async fn sources_and_other_annotations_are_kept() {
    let file = json!({"type": "file", "file": {"hash": "1"}});
    let searched = json!({"choices": [{"delta": {"annotations": [file]}}],
        "citations": ["https://b.org/"], "search_results": [{"url": "https://b.org/", "title": "B"}]});
    let script = Script::stream()
        .token("see")
        .citation("https://a.org/", "A")
        .citation("https://a.org/", "A")
        .citation("file:///etc/passwd", "no source")
        .chunk(&searched)
        .chunk(&searched)
        .finish("stop")
        .done();
    let outcome = played(script).await;
    assert_eq!(outcome.whole(), "see");
    let source = |url: &str, title: &str| Citation {
        url: url.to_owned(),
        title: Some(title.to_owned()),
        text: None,
        start_index: None,
        end_index: None,
    };
    assert_eq!(
        outcome.citations,
        [source("https://a.org/", "A"), source("https://b.org/", "B")]
    );
    assert_eq!(outcome.annotations, [file.clone(), file]);
}

#[tokio::test]
async fn finish_reasons_are_told() {
    let other = FinishReason::Other("tool_calls".to_owned());
    for (sent, expected) in [
        ("length", FinishReason::Length),
        ("content_filter", FinishReason::ContentFilter),
        ("tool_calls", other),
    ] {
        let outcome = played(Script::stream().token("a").finish(sent).done()).await;
        assert_eq!(
            (outcome.text.as_str(), outcome.finish),
            ("a", Some(expected))
        );
    }
}

#[tokio::test]
async fn done_may_be_missing_once_the_model_has_finished() {
    let ends = Script::stream().token("a").finish("stop").usage(1, 1);
    let outcome = played(ends.clone()).await;
    assert_eq!((outcome.whole(), outcome.usage), ("a", Some(usage(1, 1))));
    for script in [
        ends.clone().close(),
        ends.clone().reset(),
        ends.raw("data: {\"cho").close(),
    ] {
        assert_eq!(played(script).await.whole(), "a");
    }
}

#[tokio::test]
async fn done_is_enough_of_an_end() {
    assert_eq!(
        played(Script::stream().token("a").done()).await.whole(),
        "a"
    );
    assert_eq!(
        played(Script::stream().token("a").raw("data: [DONE]").close())
            .await
            .whole(),
        "a"
    );
}

#[tokio::test]
async fn an_empty_answer_ends() {
    let outcome = played(Script::stream().finish("stop").usage(7, 0).done()).await;
    assert_eq!((outcome.whole(), outcome.usage), ("", Some(usage(7, 0))));
    assert_eq!(
        played(Script::http(200).body("text/event-stream", "data: [DONE]\n\n"))
            .await
            .whole(),
        ""
    );
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_understood() {
    let outcome = played(Script::whole("all at once")).await;
    assert_eq!(
        (outcome.whole(), outcome.usage),
        ("all at once", Some(usage(7, 2)))
    );
    let pieces = Script::whole("<think>hm</think>yes").in_pieces(5, Duration::ZERO);
    let outcome = played(pieces).await;
    assert_eq!((outcome.whole(), outcome.reasoning.as_str()), ("yes", "hm"));
}

#[tokio::test]
async fn absurd_usage_is_not_believed() {
    let absurd = json!({"choices": [], "usage": {"prompt_tokens": -5, "completion_tokens": 1e300}});
    let outcome = played(
        Script::stream()
            .token("a")
            .finish("stop")
            .chunk(&absurd)
            .done(),
    )
    .await;
    assert_eq!((outcome.whole(), outcome.usage), ("a", None));
}

#[tokio::test]
async fn nul_characters_become_replacement_characters() {
    let script = Script::stream()
        .reasoning("r\0")
        .token("a\0b")
        .finish("stop")
        .done();
    let outcome = played(script).await;
    assert_eq!(
        (outcome.whole(), outcome.reasoning.as_str()),
        ("a\u{FFFD}b", "r\u{FFFD}")
    );
}

#[tokio::test]
async fn script_in_the_text_stays_text() {
    let text = "<script>alert(1)</script> ![x](http://evil.example/x.png)";
    assert_eq!(played(Script::tokens([text])).await.whole(), text);
}

#[tokio::test]
async fn a_router_says_what_it_charged() {
    let upstream = Scripted::start().await;
    let usage = json!({"choices": [], "usage":
        {"prompt_tokens": 9, "completion_tokens": 3, "cost": 0.000_141_5}});
    upstream.otherwise(
        Script::http(200)
            .body(
                "text/event-stream",
                ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n",
            )
            .chunk(&json!({"model": "vendor/real", "choices": [{"delta": {"content": "a"}}]}))
            .finish("stop")
            .chunk(&usage)
            .done(),
    );
    let outcome = collect(generate(openrouter(&upstream), ask("hi"), quick())).await;
    assert_eq!(
        (outcome.whole(), outcome.models.as_slice()),
        ("a", ["vendor/real".to_owned()].as_slice())
    );
    assert_eq!(outcome.usage.unwrap().cost_microusd, Some(142));
}

#[tokio::test]
async fn a_long_answer_comes_whole() {
    let outcome = played(Script::sized(5_000_000, 1000)).await;
    assert_eq!(outcome.whole().len(), 5_000_000);
    let outcome = played(Script::tokens(["x".repeat(900_000)])).await;
    assert_eq!(outcome.whole().len(), 900_000);
}
