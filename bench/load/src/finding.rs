//! What people wait for when there is much: the list of 100,000 chats, a chat of 10,000 messages, and
//! the search over 1,000,000 messages.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use store::ChatId;

use crate::{
    api::User,
    database::Engine,
    machine,
    seed::{self, LAST_WORD, Plan},
    server::Server,
    stats::{quotient, summary},
    upstream::Upstream,
    words::Words,
};

const PLAN: Plan = Plan {
    chats: 100_000,
    messages: 10,
    long: &[1_000, 10_000],
};
const TIMES: usize = 200;
const WARM_UP: usize = 10;
const TURNS: usize = 40;
/// The index of a million messages is made by then.
const PATIENCE: Duration = Duration::from_mins(40);

pub(crate) async fn run(binary: &Path, engine: &Engine) -> Result<()> {
    let upstream = Upstream::start().await?;
    let folder = tempfile::tempdir()?;
    let database = engine.fresh().await?;
    // The first start makes the schema and the user.
    let server = Server::start(binary, folder.path(), Some(upstream.port), &database).await?;
    User::register(server.port, "ada").await?;
    server.kill()?;

    println!("\nfinding things, {engine} (times in ms)");
    let begun = Instant::now();
    let db = database.open(folder.path()).await?;
    let long = seed::fill(&db, &PLAN).await?;
    drop(db);
    let seeded = begun.elapsed();
    let server = Server::start(binary, folder.path(), Some(upstream.port), &database).await?;
    let mut user = until_indexed(server.port).await?;
    let indexed = begun.elapsed().saturating_sub(seeded);
    let size = database.size(folder.path()).await?;
    println!(
        "  {} chats and {} messages put in within {} s, made findable by the server within {} s; {:.2} GB",
        PLAN.chats + PLAN.long.len(),
        PLAN.chats * PLAN.messages + PLAN.long.iter().sum::<usize>(),
        seeded.as_secs(),
        indexed.as_secs(),
        quotient(size, 1_000_000_000),
    );
    database.settle().await?;
    println!("  load {} before measuring", machine::load()?);
    user.until_offered("flood").await?;
    list(&mut user).await?;
    opening(&mut user, &long).await?;
    search(&mut user).await?;
    server.kill()?;
    database.discard().await
}

/// Waits for the index: a message of the last chat is the last to become findable.
async fn until_indexed(port: u16) -> Result<User> {
    let begun = Instant::now();
    let mut user = User::sign_in(port, "ada").await?;
    let mut signed_in = Instant::now();
    while begun.elapsed() < PATIENCE {
        if signed_in.elapsed() > Duration::from_mins(10) {
            user = User::sign_in(port, "ada").await?;
            signed_in = Instant::now();
        }
        if user.finds(LAST_WORD).await? {
            return Ok(user);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    bail!("the messages are not findable after {PATIENCE:?}")
}

async fn list(user: &mut User) -> Result<()> {
    row(
        user,
        "the list, first page (goal: p95 under 10)",
        "/api/chats",
    )
    .await?;
    let mut cursor = String::new();
    for _ in 0..50 {
        let page = user.get(&format!("/api/chats?limit=100{cursor}")).await?;
        if let Some(next) = page.get("nextCursor").and_then(serde_json::Value::as_str) {
            cursor = format!("&cursor={next}");
        }
    }
    let deep = format!("/api/chats?limit=30{cursor}");
    row(user, "the list, 5,000 chats further down", &deep).await?;
    let titled = format!("/api/chats?q={}", Words::new().word(900));
    row(user, "the list, by a word of the title", &titled).await?;
    row(user, "the list, by a model", "/api/chats?model=flood").await
}

async fn opening(user: &mut User, long: &[ChatId]) -> Result<()> {
    for (chat, length) in long.iter().zip(PLAN.long) {
        let name = format!("a chat of {length} messages opened (goal: p95 under 50)");
        row(user, &name, &format!("/api/chats/{chat}")).await?;
        let mut times = Vec::new();
        for _ in 0..TURNS {
            let begun = Instant::now();
            let answer = user.say(&chat.to_string(), "flood", "And then?").await?;
            times.push(begun.elapsed());
            user.until_ended(&chat.to_string(), &answer).await?;
        }
        print(&format!("a turn accepted in it, {TURNS} times"), &mut times);
    }
    Ok(())
}

async fn search(user: &mut User) -> Result<()> {
    let words = Words::new();
    let of = |rank| words.word(rank).to_owned();
    let searches = [
        ("a seldom word", of(39_000)),
        ("a common word", of(3)),
        ("a middling word", of(2_000)),
        ("no hit", "qwertzuiop".to_owned()),
        ("two words", format!("{}%20{}", of(40), of(2_500))),
        ("two common words", format!("{}%20{}", of(1), of(2))),
        ("a phrase", format!("%22{}%20{}%22", of(1), of(5))),
        (
            "the beginning of a word",
            of(1_200).chars().take(4).collect(),
        ),
    ];
    for (name, query) in searches {
        let name = format!("search: {name} (goal: p95 under 50)");
        row(user, &name, &format!("/api/search?q={query}")).await?;
    }
    Ok(())
}

async fn row(user: &mut User, name: &str, path: &str) -> Result<()> {
    let mut times = Vec::new();
    for round in 0..TIMES + WARM_UP {
        let begun = Instant::now();
        user.get(path).await?;
        if round >= WARM_UP {
            times.push(begun.elapsed());
        }
    }
    print(name, &mut times);
    Ok(())
}

fn print(name: &str, times: &mut [Duration]) {
    println!("  {name:<58} {}", summary(times));
}
