//! A thousand answers at once: how much later does each token reach its reader?

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use hyper::Method;
use serde_json::{Value, json};

use crate::{
    api::User,
    database::Engine,
    http::{Client, Events},
    machine,
    server::Server,
    stats::{milliseconds, percentile, quotient},
    upstream::Upstream,
};

const STREAMS: usize = 1000;
const ASKERS: usize = 50;
/// Until every stream runs; what comes before is not counted.
const SETTLE: Duration = Duration::from_secs(3);
const MEASURED: Duration = Duration::from_secs(20);

pub(crate) async fn run(binary: &Path, engine: &Engine) -> Result<()> {
    println!(
        "\n{STREAMS} answers at once, each stored and watched, {engine}: how long after it was sent a \
         token is read (ms)"
    );
    for (model, rate) in [("paced-20", 20), ("paced-50", 50)] {
        let upstream = Upstream::start().await?;
        println!("  {rate} tokens/s each; load {}", machine::load()?);
        let direct = directly(&upstream, model).await?;
        print("direct", &direct);
        let folder = tempfile::tempdir()?;
        let database = engine.fresh().await?;
        let server = Server::start(binary, folder.path(), Some(upstream.port), &database).await?;
        let through = through(&upstream, &server, model).await?;
        print("through Sangam", &through);
        let added = |at| percentile(&through, at).saturating_sub(percentile(&direct, at));
        println!(
            "    added             p50 {:>8}  p95 {:>8}  p99 {:>8}{}",
            milliseconds(added(500)),
            milliseconds(added(950)),
            milliseconds(added(990)),
            if rate == 20 {
                "   (goal: p95 under 50)"
            } else {
                ""
            },
        );
        println!(
            "    memory at the most {:.0} MB{}",
            quotient(server.resident_peak()?, 1_000_000),
            if rate == 20 {
                "   (goal: under 400)"
            } else {
                ""
            },
        );
        server.kill()?;
        database.discard().await?;
    }
    Ok(())
}

fn print(name: &str, sorted: &[Duration]) {
    let of = |at| milliseconds(percentile(sorted, at));
    let seconds = usize::try_from(MEASURED.as_secs()).unwrap_or(1);
    println!(
        "    {name:<16}  p50 {:>8}  p95 {:>8}  p99 {:>8}  max {:>8}   {} tokens/s",
        of(500),
        of(950),
        of(990),
        of(1000),
        sorted.len() / seconds,
    );
}

async fn directly(upstream: &Upstream, model: &str) -> Result<Vec<Duration>> {
    let body =
        json!({"model": model, "stream": true, "messages": [{"role": "user", "content": "Go."}]});
    let opening = (0..STREAMS).map(async |_| {
        let mut client = Client::connect(upstream.port).await?;
        let path = "/v1/chat/completions";
        let answer = client.send(Method::POST, path, None, Some(&body)).await?;
        anyhow::Ok((client, Events::of(answer)?))
    });
    let streams = try_join_all(opening).await?;
    delays(upstream.epoch, streams, "/choices/0/delta/content").await
}

async fn through(upstream: &Upstream, server: &Server, model: &str) -> Result<Vec<Duration>> {
    let mut user = User::register(server.port, "ada").await?;
    user.until_offered(model).await?;
    let askers = (0..ASKERS).map(async |first| {
        let mut asker = user.again(server.port).await?;
        let mut streams = Vec::new();
        for _ in (first..STREAMS).step_by(ASKERS) {
            let (chat, message) = asker.ask(model, "Go.").await?;
            let mut watcher = user.again(server.port).await?;
            let events = watcher.watch(&chat, &message).await?;
            streams.push((watcher, events));
        }
        anyhow::Ok(streams)
    });
    let streams: Vec<_> = try_join_all(askers).await?.into_iter().flatten().collect();
    delays(upstream.epoch, streams, "/text").await
}

/// Reads all streams for a while: the delays of all tokens, sorted.
async fn delays<T: Send + 'static>(
    epoch: Instant,
    streams: Vec<(T, Events)>,
    text: &'static str,
) -> Result<Vec<Duration>> {
    let begin = epoch.elapsed() + SETTLE;
    let end = begin + MEASURED;
    let mut readers = tokio::task::JoinSet::new();
    for (connection, mut events) in streams {
        readers.spawn(async move {
            let mut delays = Vec::new();
            while let Some(event) = events.next().await? {
                let now = epoch.elapsed();
                for sent in moments(&event, text) {
                    if sent >= end {
                        drop(connection);
                        return anyhow::Ok(delays);
                    }
                    if sent >= begin {
                        delays.push(now.saturating_sub(sent));
                    }
                }
            }
            anyhow::bail!("a stream ended early")
        });
    }
    let mut all = Vec::new();
    while let Some(delays) = readers.join_next().await {
        all.extend(delays??);
    }
    ensure!(!all.is_empty(), "no token came");
    all.sort_unstable();
    Ok(all)
}

/// The moments that the tokens of an event name.
fn moments(event: &[u8], text: &str) -> Vec<Duration> {
    let lines = event.split(|byte| *byte == b'\n');
    let data = lines.filter_map(|line| line.strip_prefix(b"data: "));
    data.filter_map(|data| serde_json::from_slice::<Value>(data).ok())
        .filter_map(|value| {
            value
                .pointer(text)
                .and_then(Value::as_str)
                .map(str::to_owned)
        })
        .flat_map(|text| {
            text.split_whitespace()
                .filter_map(|moment| moment.parse().ok().map(Duration::from_micros))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_token_of_an_event_is_read() {
        let event = b"event: delta\nid: 3\ndata: {\"seq\":3,\"text\":\"100 2500 \"}\n\n";
        let expected = [100, 2500].map(Duration::from_micros);
        assert_eq!(moments(event, "/text"), expected);
        assert!(moments(b"data: [DONE]\n\n", "/text").is_empty());
    }
}
