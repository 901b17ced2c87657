//! Many answers at once, and no delays of our own.

use std::time::{Duration, Instant};

use futures::{StreamExt, future::join_all};
use gateway::{
    Event, Limits, generate,
    scripted::{Script, Scripted},
};

use crate::support::{ask, collect, openai, quick};

/// Nagle's algorithm, a timer or a buffer of ours would show as some 40 ms in most of the answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_waits_for_a_timer() {
    let upstream = Scripted::start().await;
    let provider = openai(&upstream);
    let prompt = "x".repeat(20_000);
    let mut firsts = Vec::new();
    for _ in 0..21 {
        let started = Instant::now();
        let mut events = generate(provider.clone(), ask(&prompt), quick());
        while !matches!(events.next().await, Some(Ok(Event::Text(_)))) {}
        firsts.push(started.elapsed());
        while events.next().await.is_some() {}
    }
    firsts.sort_unstable();
    assert!(
        firsts[10] < Duration::from_millis(25),
        "first pieces came after {firsts:?}"
    );
}

fn tokens_of(answer: usize) -> Vec<String> {
    (0..20).map(|token| format!("{answer}.{token} ")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_at_once_do_not_mix() {
    let upstream = Scripted::start().await;
    let provider = openai(&upstream);
    let count = 200;
    for number in 0..count {
        let tokens = tokens_of(number);
        let script = Script::tokens(tokens).every(Duration::from_millis(5));
        upstream.when(&format!("<{number}>"), script);
    }
    let limits = Limits {
        total: Duration::from_mins(2),
        ..quick()
    };
    let answers = join_all((0..count).map(|number| {
        let provider = provider.clone();
        async move { collect(generate(provider, ask(&format!("<{number}>")), limits)).await }
    }))
    .await;
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer.whole(), tokens_of(number).concat());
    }
}
