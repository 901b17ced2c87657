//! Ten thousand idle sockets: what each weighs, and whether connecting and closing leaves something
//! behind.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use futures::{SinkExt, StreamExt, future::try_join_all};
use serde_json::json;
use tokio::{net::TcpStream, sync::watch, task::JoinSet};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

use crate::{
    api::User,
    database::Engine,
    machine,
    server::Server,
    stats::{quotient, summary},
};

const SOCKETS: usize = 10_000;
/// Connections that are opened beside one another.
const OPENERS: usize = 100;
const ROUNDS: usize = 10;
/// Two pings and answers pass.
const IDLE: Duration = Duration::from_secs(55);
const SETTLE: Duration = Duration::from_secs(5);

type Socket = WebSocketStream<TcpStream>;

pub(crate) async fn run(binary: &Path, engine: &Engine) -> Result<()> {
    println!(
        "\n{SOCKETS} idle sockets, {engine}; load {}",
        machine::load()?
    );
    let folder = tempfile::tempdir()?;
    let database = engine.fresh().await?;
    let server = Server::start(binary, folder.path(), None, &database).await?;
    let mut user = User::register(server.port, "ada").await?;
    tokio::time::sleep(SETTLE).await;
    let before = server.resident()?;
    rest(&user, server.port, "a REST call without sockets (ms)").await?;
    let mut after = Vec::new();
    for round in 0..ROUNDS {
        let begun = Instant::now();
        let sockets = open(&user, server.port).await?;
        let opened = begun.elapsed();
        let idle = if round == 0 { IDLE } else { SETTLE };
        let kept = Kept::new(sockets);
        if round == 0 {
            rest(&user, server.port, "a REST call beside them (ms)").await?;
        }
        tokio::time::sleep(idle).await;
        let held = server.resident()?;
        let lost = kept.close().await?;
        ensure!(lost == 0, "{lost} sockets were lost");
        if round == 0 {
            println!(
                "  opened in {:.1} s, 0 lost in {} s; each {:.1} KiB over the {:.0} MB before (goal: under 32, aim 20)",
                opened.as_secs_f64(),
                idle.as_secs(),
                quotient(held.saturating_sub(before), 1024 * u64::try_from(SOCKETS)?),
                quotient(before, 1_000_000),
            );
        }
        tokio::time::sleep(SETTLE).await;
        user = User::sign_in(server.port, "ada").await?;
        after.push((held, server.resident()?));
    }
    let megabytes = |of: fn(&(u64, u64)) -> u64| -> Vec<String> {
        let all = after.iter().map(of);
        all.map(|bytes| format!("{:.0}", quotient(bytes, 1_000_000)))
            .collect()
    };
    println!(
        "  MB with them, by round:  {}",
        megabytes(|(held, _)| *held).join(" ")
    );
    println!(
        "  MB after closing them:   {}",
        megabytes(|(_, left)| *left).join(" ")
    );
    server.kill()?;
    database.discard().await
}

async fn rest(user: &User, port: u16, name: &str) -> Result<()> {
    // A connection that was idle for a while has been closed by the server.
    let mut user = user.again(port).await?;
    let mut times = Vec::new();
    for _ in 0..500 {
        let begun = Instant::now();
        user.get("/api/auth/me").await?;
        times.push(begun.elapsed());
    }
    println!("  {name:<36} {}", summary(&mut times));
    Ok(())
}

async fn open(user: &User, port: u16) -> Result<Vec<Socket>> {
    let openers = (0..OPENERS).map(async |_| {
        let mut sockets = Vec::new();
        for _ in 0..SOCKETS / OPENERS {
            sockets.push(connect(user.token(), port).await?);
        }
        anyhow::Ok(sockets)
    });
    Ok(try_join_all(openers).await?.into_iter().flatten().collect())
}

/// Engine.IO's open, then the CONNECT packet with a token.
async fn connect(token: &str, port: u16) -> Result<Socket> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let url = format!("ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket");
    let (mut socket, _) = client_async(url, stream).await?;
    let open = text(&mut socket).await?;
    ensure!(open.starts_with('0'), "no open packet: {open}");
    let connect = format!("40{}", json!({ "token": token }));
    socket.send(Message::text(connect)).await?;
    loop {
        let packet = text(&mut socket).await?;
        match packet.get(..2) {
            Some("40") => return Ok(socket),
            Some("44") => anyhow::bail!("a socket was refused: {packet}"),
            _ if packet == "2" => socket.send(Message::text("3")).await?,
            _ => {}
        }
    }
}

async fn text(socket: &mut Socket) -> Result<String> {
    let packet = socket.next().await.context("a socket was closed")??;
    Ok(packet.into_text()?.to_string())
}

/// Sockets whose pings are answered.
struct Kept {
    stop: watch::Sender<bool>,
    tasks: JoinSet<bool>,
}

impl Kept {
    fn new(sockets: Vec<Socket>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for socket in sockets {
            tasks.spawn(keep(socket, stopped.clone()));
        }
        Self { stop, tasks }
    }

    /// Closes them all; how many had been closed by the server before.
    async fn close(mut self) -> Result<usize> {
        self.stop.send(true)?;
        let mut lost = 0;
        while let Some(was_open) = self.tasks.join_next().await {
            lost += usize::from(!was_open?);
        }
        Ok(lost)
    }
}

/// Answers pings until it is told to stop; false if the server closed first.
async fn keep(mut socket: Socket, mut stopped: watch::Receiver<bool>) -> bool {
    loop {
        tokio::select! {
            _ = stopped.changed() => {
                socket.close(None).await.ok();
                return true;
            }
            packet = socket.next() => match packet {
                Some(Ok(Message::Text(text))) => {
                    if text.as_str() == "2" && socket.send(Message::text("3")).await.is_err() {
                        return false;
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return false,
            },
        }
    }
}
