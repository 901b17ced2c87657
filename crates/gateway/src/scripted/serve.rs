//! The socket side of the scripted provider: just enough HTTP/1.1, by hand, so that it can be broken.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::WriteHalf},
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    Recorded, State, lock,
    script::{Head, KEY_PLACEHOLDER, Script, Step},
};

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// By the end of the body: the connection may be used again.
    Whole,
    Close,
    Reset,
    ClientGone,
}

/// Serves connections until it is dropped, and all of them with it.
pub(super) async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = {
            let mut state = lock(&state);
            state.connections += 1;
            state.connections - 1
        };
        let state = Arc::clone(&state);
        connections.spawn(async move {
            if let Err(error) = converse(stream, number, &state).await {
                tracing::debug!(%error, "scripted connection {number} failed");
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(mut stream: TcpStream, number: usize, state: &Mutex<State>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    while let Some(request) = receive(&mut stream, number).await? {
        let key = request.header("authorization").unwrap_or_default();
        let key = key.trim_start_matches("Bearer ").to_owned();
        let (index, script) = lock(state).receive(request);
        let ending = answer(&mut stream, &script, &key).await;
        if let Some(request) = lock(state).requests.get_mut(index) {
            match ending {
                Ending::ClientGone => request.gone = Some(Instant::now()),
                _ => request.answered = Some(Instant::now()),
            }
        }
        match ending {
            Ending::Whole => {}
            Ending::Reset => return stream.set_zero_linger(),
            Ending::Close | Ending::ClientGone => return Ok(()),
        }
    }
    Ok(())
}

/// Plays the script while watching for the client to go away.
async fn answer(stream: &mut TcpStream, script: &Script, key: &str) -> Ending {
    let (mut read, mut write) = stream.split();
    let watch = async {
        let mut rest = [0; 64];
        while read.read(&mut rest).await.is_ok_and(|count| count > 0) {}
    };
    let mut player = Player {
        write: &mut write,
        script,
        key,
    };
    tokio::select! {
        biased;
        ending = player.play() => {
            ending.unwrap_or(Ending::ClientGone)
        }
        () = watch => Ending::ClientGone,
    }
}

struct Player<'a, 'b> {
    write: &'a mut WriteHalf<'b>,
    script: &'a Script,
    key: &'a str,
}

impl Player<'_, '_> {
    async fn play(&mut self) -> io::Result<Ending> {
        sleep_unless_zero(self.script.head_after).await;
        self.head().await?;
        for step in &self.script.steps {
            match step {
                Step::Token(bytes) => {
                    sleep_unless_zero(self.script.every).await;
                    self.send(bytes).await?;
                }
                Step::Bytes(bytes) => self.send(bytes).await?,
                Step::HalfChunk(bytes) => self.send_half(bytes).await?,
                Step::Wait(wait) => sleep(*wait).await,
                Step::Forever(bytes) => loop {
                    sleep_unless_zero(self.script.every).await;
                    self.send(bytes).await?;
                },
                Step::Silence => std::future::pending().await,
                Step::Close => return Ok(Ending::Close),
                Step::Reset => {
                    // What was sent must have left before the reset throws the rest away.
                    sleep(Duration::from_millis(20)).await;
                    return Ok(Ending::Reset);
                }
            }
        }
        if self.is_http() {
            self.write.write_all(b"0\r\n\r\n").await?;
        }
        Ok(Ending::Whole)
    }

    fn is_http(&self) -> bool {
        matches!(self.script.head, Head::Http { .. })
    }

    async fn head(&mut self) -> io::Result<()> {
        let Head::Http { status, headers } = &self.script.head else {
            return Ok(());
        };
        let mut head = format!("HTTP/1.1 {status} Scripted\r\ntransfer-encoding: chunked\r\n");
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        self.write.write_all(head.as_bytes()).await
    }

    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let with_key = self.with_key(bytes);
        let bytes = with_key.as_deref().unwrap_or(bytes);
        let Some((size, wait)) = self.script.pieces else {
            return self.send_piece(bytes).await;
        };
        for piece in bytes.chunks(size) {
            sleep_unless_zero(wait).await;
            self.send_piece(piece).await?;
        }
        Ok(())
    }

    fn with_key(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let text = std::str::from_utf8(bytes).ok()?;
        text.contains(KEY_PLACEHOLDER)
            .then(|| text.replace(KEY_PLACEHOLDER, self.key).into_bytes())
    }

    async fn send_piece(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() || !self.is_http() {
            return self.write.write_all(bytes).await;
        }
        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
        chunk.extend_from_slice(bytes);
        chunk.extend_from_slice(b"\r\n");
        self.write.write_all(&chunk).await
    }

    async fn send_half(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (half, _) = bytes.split_at(bytes.len() / 2);
        self.write
            .write_all(format!("{:x}\r\n", bytes.len()).as_bytes())
            .await?;
        self.write.write_all(half).await
    }
}

async fn sleep_unless_zero(wait: Duration) {
    if !wait.is_zero() {
        sleep(wait).await;
    }
}

/// Reads one request; `None` when the client has no more.
async fn receive(stream: &mut TcpStream, connection: usize) -> io::Result<Option<Recorded>> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let mut body = bytes.split_off(head_end + 4);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = head.lines();
    let mut first = lines
        .next()
        .unwrap_or_default()
        .split(' ')
        .map(str::to_owned);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(Recorded {
        method: first.next().unwrap_or_default(),
        path: first.next().unwrap_or_default(),
        headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        received: Instant::now(),
        connection,
        answered: None,
        gone: None,
    }))
}
