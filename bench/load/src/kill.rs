//! What `kill -9` costs: how old is the newest text of an answer that survives it?

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use serde_json::Value;

use crate::{api::User, database::Engine, server::Server, stats::summary, upstream::Upstream};

const STREAMS: usize = 1000;
const MODEL: &str = "paced-20";
const ROUNDS: u32 = 3;
/// Connections that begin the answers.
const ASKERS: usize = 50;
/// How long the answers run before the first kill; every round kills a little later, so that the
/// rounds do not all hit the same moment between two writes.
const RUN: Duration = Duration::from_millis(2500);
const SHIFT: Duration = Duration::from_millis(37);

pub(crate) async fn run(binary: &Path, engine: &Engine) -> Result<()> {
    let (mut lost, mut back) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let (ages, start) = one_round(binary, engine, RUN + SHIFT * round).await?;
        lost.extend(ages);
        back.push(start);
    }
    println!(
        "\nkill -9 during {STREAMS} answers of 20 tokens/s, {ROUNDS} rounds, {engine} (times in ms)"
    );
    println!(
        "  questions lost: 0 of {}; every kept text is a true prefix, none is left streaming",
        lost.len()
    );
    println!(
        "  text lost, as the age of the newest that survived: {}",
        summary(&mut lost)
    );
    println!("  back after: {}", summary(&mut back));
    Ok(())
}

/// The age of the newest surviving text of each answer at the kill, and the time of the restart.
async fn one_round(
    binary: &Path,
    engine: &Engine,
    run: Duration,
) -> Result<(Vec<Duration>, Duration)> {
    let upstream = Upstream::start().await?;
    let folder = tempfile::tempdir()?;
    let database = engine.fresh().await?;
    let server = Server::start(binary, folder.path(), Some(upstream.port), &database).await?;
    let mut user = User::register(server.port, "ada").await?;
    user.until_offered(MODEL).await?;
    let chats = begin(&user, server.port).await?;
    // Somebody watches each of them, as in life.
    let mut watchers = Vec::new();
    for (chat, message) in &chats {
        let mut watcher = user.again(server.port).await?;
        let events = watcher.watch(chat, message).await?;
        watchers.push((watcher, events));
    }
    let reading = watchers.iter_mut().map(async |(_, events)| {
        while events.next().await?.is_some() {}
        anyhow::Ok(())
    });
    let watched = tokio::time::timeout(run, try_join_all(reading)).await;
    ensure!(watched.is_err(), "the answers ended before the kill");
    let killed_at = upstream.epoch.elapsed();
    server.kill()?;

    let server = Server::start(binary, folder.path(), Some(upstream.port), &database).await?;
    let mut user = user.again(server.port).await?;
    let mut ages = Vec::new();
    for (number, (chat, _)) in chats.iter().enumerate() {
        let messages = user.messages(chat).await?;
        ages.push(age(&messages, number, killed_at).with_context(|| format!("chat {chat}"))?);
    }
    let started_after = server.started_after;
    server.kill()?;
    database.discard().await?;
    Ok((ages, started_after))
}

/// Puts all questions, some at a time: the ids of chats and answers in the order of their numbers.
async fn begin(user: &User, port: u16) -> Result<Vec<(String, String)>> {
    let askers = (0..ASKERS).map(async |first| {
        let mut user = user.again(port).await?;
        let mut asked = Vec::new();
        for number in (first..STREAMS).step_by(ASKERS) {
            asked.push((number, user.ask(MODEL, &question(number)).await?));
        }
        anyhow::Ok(asked)
    });
    let mut all: Vec<_> = try_join_all(askers).await?.into_iter().flatten().collect();
    all.sort_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, ids)| ids).collect())
}

fn question(number: usize) -> String {
    format!("Question {number}: what time is it?")
}

/// Checks that question and answer are there as they must be; how old is the answer's last token?
fn age(messages: &[Value], number: usize, killed_at: Duration) -> Result<Duration> {
    let [asked, answer] = messages else {
        anyhow::bail!("{} messages, not 2", messages.len())
    };
    let content = |message: &'_ Value| {
        message
            .get("content")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    ensure!(
        content(asked).context("no content")? == question(number),
        "another question"
    );
    let status = answer.get("status").and_then(Value::as_str);
    ensure!(
        status == Some("interrupted"),
        "the answer is {status:?}, not interrupted"
    );
    let text = content(answer).context("no content")?;
    let mut last = 0;
    for moment in text.split_whitespace() {
        let moment: u64 = moment.parse().context("the text is not what was sent")?;
        ensure!(moment >= last, "the text is out of order");
        last = moment;
    }
    // An answer without any text has lost everything since its question, which is later than this.
    Ok(killed_at.saturating_sub(Duration::from_micros(last)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_age_is_that_of_the_last_token() {
        let asked = json!({"content": question(7)});
        let answer = |status, content| json!({"status": status, "content": content});
        let at = Duration::from_millis(500);
        let age = |answer| age(&[asked.clone(), answer], 7, at);
        assert_eq!(
            age(answer("interrupted", "100000 320000 ")).unwrap(),
            Duration::from_millis(180)
        );
        assert!(age(answer("streaming", "100 ")).is_err());
        assert!(age(answer("interrupted", "320 100 ")).is_err());
        assert!(age(answer("interrupted", "nonsense")).is_err());
    }
}
