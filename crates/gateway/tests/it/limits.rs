//! Time-outs, retries, and the end of work that nobody waits for.

use std::time::{Duration, Instant, SystemTime};

use futures::StreamExt;
use gateway::{
    ErrorKind, Event, Limits, generate,
    scripted::{Recorded, Script, Scripted},
};
use serde_json::json;

use crate::support::{Outcome, ask, collect, openai, quick};

const MS: Duration = Duration::from_millis(1);

/// Limits that end a silence soon.
fn strict() -> Limits {
    Limits {
        idle: 250 * MS,
        ..quick()
    }
}

/// What these scripts, one after the other, come to, how many requests it took, and how long.
async fn retried(scripts: Vec<Script>, limits: Limits) -> (Outcome, usize, Duration) {
    let upstream = Scripted::start().await;
    for script in scripts {
        upstream.next(script);
    }
    let started = Instant::now();
    let outcome = collect(generate(openai(&upstream), ask("hi"), limits)).await;
    (outcome, upstream.completions().len(), started.elapsed())
}

#[tokio::test]
async fn silence_before_the_first_piece_times_out() {
    let processing = ": OPENROUTER PROCESSING\n\n";
    let only_comments = (0..40).fold(Script::stream(), |script, _| {
        script.raw(processing).wait(20 * MS)
    });
    let first_token = 150 * MS;
    for script in [Script::silent(), Script::stream().silence(), only_comments] {
        let limits = Limits {
            first_token,
            ..quick()
        };
        let (outcome, requests, took) = retried(vec![script], limits).await;
        let sentence = "Acme did not begin to answer within 150ms.";
        assert_eq!(outcome.failed(), (ErrorKind::FirstTokenTimeout, sentence));
        assert_eq!(requests, 1);
        assert!((150..3000).contains(&took.as_millis()), "took {took:?}");
    }
}

#[tokio::test]
async fn comments_before_a_late_first_piece_do_no_harm() {
    let script = Script::http(200)
        .body("text/event-stream", ": OPENROUTER PROCESSING\n\n")
        .wait(200 * MS)
        .raw(": OPENROUTER PROCESSING\n\n")
        .wait(200 * MS)
        .token("late")
        .finish("stop")
        .done();
    let (outcome, ..) = retried(vec![script], quick()).await;
    assert_eq!(outcome.whole(), "late");
}

#[tokio::test]
async fn silence_in_the_middle_times_out_and_keeps_what_came() {
    let comments = (0..40).fold(Script::stream().token("Hel"), |script, _| {
        script.raw(": x\n\n").wait(20 * MS)
    });
    for script in [Script::stream().token("Hel").silence(), comments] {
        let (outcome, requests, _) = retried(vec![script], strict()).await;
        let sentence = "Acme fell silent for 250ms in mid-answer.";
        assert_eq!(outcome.failed(), (ErrorKind::IdleTimeout, sentence));
        assert_eq!((outcome.text.as_str(), requests), ("Hel", 1));
    }
}

#[tokio::test]
async fn a_drip_is_no_silence_but_the_whole_is_bounded() {
    let drip = Script::stream().every(100 * MS).forever("x");
    let limits = Limits {
        total: 700 * MS,
        ..quick()
    };
    let (outcome, _, took) = retried(vec![drip], limits).await;
    assert_eq!(outcome.failed().0, ErrorKind::TotalTimeout);
    assert!(
        (1..=7).contains(&outcome.text.len()),
        "{} pieces came",
        outcome.text.len()
    );
    assert!((700..4000).contains(&took.as_millis()), "took {took:?}");
}

#[tokio::test]
async fn bytes_that_drip_without_an_event_are_silence() {
    let script = Script::tokens(["Hello"]).in_pieces(1, 20 * MS);
    let limits = Limits {
        first_token: 600 * MS,
        ..quick()
    };
    let (outcome, ..) = retried(vec![script], limits).await;
    assert_eq!(outcome.failed().0, ErrorKind::FirstTokenTimeout);
}

#[tokio::test]
async fn passing_failures_are_tried_again_before_the_first_piece() {
    let failed = json!({"error": {"code": 503, "message": "no capacity"}});
    for script in [
        Script::status(429),
        Script::status(500),
        Script::page(502),
        Script::status(503).retry_after("0"),
        Script::hang_up(),
        Script::stream().reset(),
        Script::stream().chunk(&failed),
    ] {
        let (outcome, requests, _) = retried(vec![script.clone(), script], quick()).await;
        assert_eq!((outcome.whole(), requests), ("Hello, world!", 3));
        assert_eq!(
            outcome.models,
            ["scripted"],
            "a failed try leaves nothing behind"
        );
    }
}

#[tokio::test]
async fn refusals_are_not_tried_again() {
    for status in [400, 401, 403, 404, 422] {
        let (outcome, requests, _) = retried(vec![Script::status(status)], quick()).await;
        assert_eq!(outcome.failed().1.matches("Acme").count(), 1);
        assert_eq!(requests, 1, "status {status}");
    }
}

#[tokio::test]
async fn nothing_is_tried_again_after_the_first_piece() {
    let reasoning_only = Script::stream().reasoning("hm").reset();
    for script in [
        Script::stream().token("a").reset(),
        Script::stream().token("a").cut("b"),
        reasoning_only,
    ] {
        let (outcome, requests, _) = retried(vec![script], quick()).await;
        assert_eq!((outcome.failed().0, requests), (ErrorKind::Cut, 1));
    }
}

#[tokio::test]
async fn retries_are_counted_and_spread() {
    let limits = Limits {
        retries: 2,
        backoff: 80 * MS,
        ..quick()
    };
    let (outcome, requests, took) = retried(vec![Script::status(500); 5], limits).await;
    assert_eq!((outcome.failed().0, requests), (ErrorKind::Upstream, 3));
    // Half of 80 ms, then half of 160 ms.
    assert!((120..4000).contains(&took.as_millis()), "took {took:?}");
}

#[tokio::test]
async fn the_wait_asked_for_is_kept() {
    let (outcome, requests, took) =
        retried(vec![Script::status(429).retry_after("1")], quick()).await;
    assert_eq!((outcome.whole(), requests), ("Hello, world!", 2));
    assert!((1000..6000).contains(&took.as_millis()), "took {took:?}");
}

#[tokio::test]
async fn a_date_is_measured_by_the_servers_own_clock() {
    let wrong = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 20);
    let script = Script::status(503)
        .header("date", &httpdate(wrong))
        .retry_after(&httpdate(wrong + Duration::from_secs(1)));
    let (outcome, requests, took) = retried(vec![script], quick()).await;
    assert_eq!((outcome.whole(), requests), ("Hello, world!", 2));
    assert!((1000..6000).contains(&took.as_millis()), "took {took:?}");
}

fn httpdate(time: SystemTime) -> String {
    httpdate::fmt_http_date(time)
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_reported_at_once() {
    let limits = Limits {
        first_token: Duration::from_mins(1),
        ..quick()
    };
    let (outcome, requests, took) =
        retried(vec![Script::status(429).retry_after("21")], limits).await;
    let sentence = "Acme takes no more requests at the moment: try again in 21 s.";
    assert_eq!(
        (outcome.failed(), requests),
        ((ErrorKind::RateLimited, sentence), 1)
    );
    assert_eq!(
        outcome.error.unwrap().retry_after,
        Some(Duration::from_secs(21))
    );
    assert!(took < 15_000 * MS, "took {took:?}");
}

#[tokio::test]
async fn a_wait_beyond_the_first_pieces_limit_is_not_begun() {
    let limits = Limits {
        first_token: 5000 * MS,
        ..quick()
    };
    let (outcome, requests, took) =
        retried(vec![Script::status(503).retry_after("6")], limits).await;
    assert_eq!((outcome.failed().0, requests), (ErrorKind::Upstream, 1));
    assert!(took < 3000 * MS, "took {took:?}");
}

/// Whether the upstream sees soon that the client of its first request went away.
async fn is_left(upstream: &Scripted) -> bool {
    let is_gone =
        |requests: &[Recorded]| requests.first().is_some_and(|first| first.gone.is_some());
    upstream.until(5000 * MS, is_gone).await
}

#[tokio::test]
async fn dropping_the_answer_ends_the_work_upstream() {
    let upstream = Scripted::start().await;
    upstream.otherwise(Script::stream().every(5 * MS).forever("x"));
    let mut events = generate(openai(&upstream), ask("hi"), quick());
    while !matches!(events.next().await, Some(Ok(Event::Text(_)))) {}
    assert_eq!(upstream.completions()[0].gone, None);
    drop(events);
    assert!(is_left(&upstream).await, "the upstream was left running");
}

#[tokio::test]
async fn dropping_before_the_first_piece_ends_the_work_upstream() {
    let upstream = Scripted::start().await;
    upstream.otherwise(Script::silent());
    let mut events = generate(openai(&upstream), ask("hi"), quick());
    let waiting = tokio::time::timeout(100 * MS, events.next()).await;
    assert!(waiting.is_err());
    drop(events);
    assert!(is_left(&upstream).await, "the upstream was left running");
}

#[tokio::test]
async fn a_time_out_ends_the_work_upstream() {
    let upstream = Scripted::start().await;
    upstream.otherwise(Script::stream().token("a").silence());
    let mut events = generate(openai(&upstream), ask("hi"), strict());
    while !matches!(events.next().await, Some(Err(_))) {}
    // The stream is still held: the work must be over all the same.
    assert!(is_left(&upstream).await, "the upstream was left running");
    assert!(events.next().await.is_none());
}
