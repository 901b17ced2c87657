//! The benchmark of the whole: what Sangam adds to the upstream it stands before, what it weighs,
//! how fast it starts and what a kill loses.
//!
//! One process plays the upstream, the users and the killer, so that every time is of one clock.
//! Everything runs on loopback and is bounded in count and time.

#![expect(clippy::print_stdout, reason = "the output is what a benchmark is for")]

mod api;
mod http;
mod kill;
mod latency;
mod machine;
mod server;
mod stats;
mod upstream;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};

use server::Server;

const STARTS: usize = 7;
/// Time for the start's own work to end before memory is read.
const SETTLE: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<()> {
    let binary: PathBuf = std::env::args_os()
        .nth(1)
        .context("usage: load PATH_OF_SANGAM")?
        .into();
    println!("machine   {}", machine::description()?);
    println!("load      {} before the run", machine::load()?);

    footprint(&binary).await?;
    latency::run(&binary).await?;
    kill::run(&binary).await?;

    println!("\nload      {} after the run", machine::load()?);
    Ok(())
}

/// Size of the binary, start on an empty database and memory when nothing happens.
async fn footprint(binary: &std::path::Path) -> Result<()> {
    let size = std::fs::metadata(binary)?.len();
    println!("\nbinary    {:.1} MB", stats::quotient(size, 1_000_000));

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let folder = tempfile::tempdir()?;
        let server = Server::start(binary, folder.path(), None).await?;
        starts.push(server.started_after);
        server.kill()?;
    }
    println!(
        "start     {} ms from nothing to the first 200 of /health",
        stats::summary(&mut starts)
    );

    let folder = tempfile::tempdir()?;
    let server = Server::start(binary, folder.path(), None).await?;
    tokio::time::sleep(SETTLE).await;
    let before = server.cpu()?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let used = server.cpu()?.saturating_sub(before);
    println!(
        "idle      {:.1} MB resident, {:.2} % of a core",
        server.resident_megabytes()?,
        used.as_secs_f64() / 5.0 * 100.0
    );
    server.kill()
}
