//! What one chat message costs over the same upstream called directly.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use hyper::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    api::User,
    database::Database,
    http::{Client, Events},
    server::Server,
    stats::{milliseconds, percentile},
    upstream::{FLOOD_TOKENS, Upstream},
};

const ALONE: usize = 400;
/// Rounds that warm connections and caches and are not counted.
const WARM_UP: usize = 20;
const WORKERS: usize = 16;
const LOADED: Duration = Duration::from_secs(6);
const QUESTION: &str = "What is the shortest way from here to there, and who built it?";

/// When the first token and the end of an answer came, from the moment of asking.
#[derive(Clone, Copy)]
struct Answer {
    first: Duration,
    whole: Duration,
}

pub(crate) async fn run(binary: &Path) -> Result<()> {
    let upstream = Upstream::start().await?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(
        binary,
        folder.path(),
        Some(upstream.port),
        &Database::Sqlite,
    )
    .await?;
    let mut user = User::register(server.port, "ada").await?;
    user.until_offered("flood").await?;

    println!(
        "\none chat message, answered with {FLOOD_TOKENS} tokens at once: question and answer"
    );
    println!(
        "stored, watched as it comes; against the same upstream called directly (times in ms)"
    );
    alone(upstream.port, &mut user).await?;
    together(upstream.port, &server, &user).await
}

/// One user, both ways in turns, so that noise hits both.
async fn alone(upstream: u16, user: &mut User) -> Result<()> {
    let mut client = Client::connect(upstream).await?;
    let (chat, message) = user.ask("flood", QUESTION).await?;
    watch(user, &chat, &message, Instant::now()).await?;
    let (mut direct, mut through) = (Vec::new(), Vec::new());
    for round in 0..ALONE + WARM_UP {
        let one = ask_directly(&mut client).await?;
        let other = ask_through(user, &chat).await?;
        if round >= WARM_UP {
            direct.push(one);
            through.push(other);
        }
    }
    heading("alone");
    let (direct, through) = (Row::of(&direct), Row::of(&through));
    direct.print("direct", None);
    through.print("through Sangam", None);
    through.minus(&direct).print("added", None);
    Ok(())
}

/// Sixteen at once for a while, first directly and then through the server.
async fn together(upstream: u16, server: &Server, user: &User) -> Result<()> {
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(async move {
            let mut client = Client::connect(upstream).await?;
            let (begun, mut answers) = (Instant::now(), Vec::new());
            while begun.elapsed() < LOADED {
                answers.push(ask_directly(&mut client).await?);
            }
            anyhow::Ok(answers)
        });
    }
    let direct = all_of(workers).await?;

    let before = server.cpu()?;
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        let mut user = user.again(server.port).await?;
        workers.spawn(async move {
            let (begun, mut answers) = (Instant::now(), Vec::new());
            let (chat, message) = user.ask("flood", QUESTION).await?;
            answers.push(watch(&mut user, &chat, &message, begun).await?);
            while begun.elapsed() < LOADED {
                answers.push(ask_through(&mut user, &chat).await?);
            }
            anyhow::Ok(answers)
        });
    }
    let through = all_of(workers).await?;
    let cpu = server.cpu()?.saturating_sub(before);

    heading(&format!("{WORKERS} at once"));
    Row::of(&direct).print("direct", Some(direct.len()));
    Row::of(&through).print("through Sangam", Some(through.len()));
    let each = cpu / u32::try_from(through.len())?.max(1);
    println!(
        "  the server's processor time per message: {} ms",
        milliseconds(each)
    );
    Ok(())
}

async fn all_of(mut workers: JoinSet<Result<Vec<Answer>>>) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    while let Some(worker) = workers.join_next().await {
        answers.extend(worker??);
    }
    Ok(answers)
}

async fn ask_directly(client: &mut Client) -> Result<Answer> {
    let begun = Instant::now();
    let message = json!({"role": "user", "content": QUESTION});
    let body = json!({"model": "flood", "stream": true, "messages": [message]});
    let path = "/v1/chat/completions";
    let events = Events::of(client.send(Method::POST, path, None, Some(&body)).await?)?;
    timed(events, begun, "\"content\":\"token").await
}

async fn ask_through(user: &mut User, chat: &str) -> Result<Answer> {
    let begun = Instant::now();
    let message = user.ask_in(chat, "flood", QUESTION).await?;
    watch(user, chat, &message, begun).await
}

async fn watch(user: &mut User, chat: &str, message: &str, begun: Instant) -> Result<Answer> {
    let events = user.watch(chat, message).await?;
    timed(events, begun, "token").await
}

/// Reads to the end; `mark` is in the first event that holds text, and the last token is seen too.
async fn timed(mut events: Events, begun: Instant, mark: &str) -> Result<Answer> {
    let last = format!("token{} ", FLOOD_TOKENS - 1);
    let (mut first, mut is_whole) = (None, false);
    while let Some(event) = events.next().await? {
        let event = String::from_utf8_lossy(&event);
        if first.is_none() && event.contains(mark) {
            first = Some(begun.elapsed());
        }
        is_whole |= event.contains(&last);
    }
    anyhow::ensure!(is_whole, "an answer ended before its last token");
    Ok(Answer {
        first: first.context("an answer without text")?,
        whole: begun.elapsed(),
    })
}

/// p50 and p99 of the first token, then of the whole answer.
struct Row([Duration; 4]);

impl Row {
    fn of(answers: &[Answer]) -> Self {
        let sorted = |time: fn(&Answer) -> Duration| {
            let mut times: Vec<_> = answers.iter().map(time).collect();
            times.sort_unstable();
            times
        };
        let (first, whole) = (sorted(|answer| answer.first), sorted(|answer| answer.whole));
        let [p50, p99] = [500, 990];
        Self([
            percentile(&first, p50),
            percentile(&first, p99),
            percentile(&whole, p50),
            percentile(&whole, p99),
        ])
    }

    fn minus(&self, other: &Self) -> Self {
        let mut row = self.0;
        for (mine, theirs) in row.iter_mut().zip(other.0) {
            *mine = mine.saturating_sub(theirs);
        }
        Self(row)
    }

    fn print(&self, name: &str, answers: Option<usize>) {
        let [a, b, c, d] = self.0.map(milliseconds);
        let rate = answers.map_or_else(String::new, |count| {
            let seconds = usize::try_from(LOADED.as_secs()).unwrap_or(1);
            format!("{:>12}", count / seconds)
        });
        println!("  {name:<16}{a:>10}{b:>10}{c:>14}{d:>10}{rate}");
    }
}

fn heading(name: &str) {
    println!("  {name:<16} first p50       p99     whole p50       p99  messages/s");
}
