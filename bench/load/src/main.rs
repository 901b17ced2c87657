//! The benchmark of the whole: what Sangam adds to the upstream it stands before, what it weighs,
//! how fast it starts, how it carries much and many, and what a kill loses.
//!
//! One process plays the upstream, the users and the killer, so that every time is of one clock.
//! Everything runs on loopback and is bounded in count and time.

#![expect(clippy::print_stdout, reason = "the output is what a benchmark is for")]

mod api;
mod crowd;
mod database;
mod finding;
mod http;
mod kill;
mod latency;
mod machine;
mod seed;
mod server;
mod sockets;
mod stats;
mod upstream;
mod words;

use std::{collections::HashSet, path::PathBuf, time::Duration};

use anyhow::{Context, Result, ensure};

use database::{Database, Engine};
use server::Server;

const STARTS: usize = 7;
/// Time for the start's own work to end before memory is read.
const SETTLE: Duration = Duration::from_secs(3);
/// What can be measured, in this order.
const PARTS: [&str; 6] = [
    "footprint",
    "latency",
    "finding",
    "crowd",
    "sockets",
    "kill",
];

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let binary: PathBuf = arguments
        .next()
        .context("usage: load PATH_OF_SANGAM [PART...]")?
        .into();
    // The server runs in a folder of its own.
    let binary = binary.canonicalize().context("no such server")?;
    let wanted: HashSet<String> = arguments
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    for part in &wanted {
        ensure!(
            PARTS.contains(&part.as_str()),
            "no part {part}; there are {PARTS:?}"
        );
    }
    println!("machine   {}", machine::description()?);
    println!("load      {} before the run", machine::load()?);
    let engines = engines();
    for part in PARTS {
        if wanted.is_empty() || wanted.contains(part) {
            measure(part, &binary, &engines).await?;
        }
    }
    println!("\nload      {} after the run", machine::load()?);
    Ok(())
}

/// `SQLite`, and `PostgreSQL` where one is given.
fn engines() -> Vec<Engine> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark has no configuration"
    )]
    let postgres = std::env::var("SANGAM_TEST_POSTGRES_URL").ok();
    if postgres.is_none() {
        println!("postgres  none: run this through scripts/with-services for its figures");
    }
    let postgres = postgres.map(Engine::Postgres);
    std::iter::once(Engine::Sqlite).chain(postgres).collect()
}

async fn measure(part: &str, binary: &std::path::Path, engines: &[Engine]) -> Result<()> {
    match part {
        "footprint" => return footprint(binary).await,
        "latency" => return latency::run(binary).await,
        _ => {}
    }
    for engine in engines {
        match part {
            "finding" => finding::run(binary, engine).await?,
            "crowd" => crowd::run(binary, engine).await?,
            "sockets" => sockets::run(binary, engine).await?,
            _ => kill::run(binary, engine).await?,
        }
    }
    Ok(())
}

/// Size of the binary, start on an empty database and memory when nothing happens.
async fn footprint(binary: &std::path::Path) -> Result<()> {
    let size = std::fs::metadata(binary)?.len();
    println!("\nbinary    {:.1} MB", stats::quotient(size, 1_000_000));

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let folder = tempfile::tempdir()?;
        let server = Server::start(binary, folder.path(), None, &Database::Sqlite).await?;
        starts.push(server.started_after);
        server.kill()?;
    }
    println!(
        "start     {} ms from nothing to the first 200 of /health",
        stats::summary(&mut starts)
    );

    let folder = tempfile::tempdir()?;
    let server = Server::start(binary, folder.path(), None, &Database::Sqlite).await?;
    tokio::time::sleep(SETTLE).await;
    let before = server.cpu()?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let used = server.cpu()?.saturating_sub(before);
    println!(
        "idle      {:.1} MB resident, {:.2} % of a core",
        stats::quotient(server.resident()?, 1_000_000),
        used.as_secs_f64() / 5.0 * 100.0
    );
    server.kill()
}
