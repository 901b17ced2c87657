//! What the nodes of one installation tell each other, over Redis when there is one.
//!
//! Lossy by contract: the database is the truth, and a notice only makes others see it sooner.
//! Publishing never waits and never fails a request. Notices are kept for a while under a key
//! each, so that a node which was cut off catches up when it is back.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use futures::StreamExt;
use redis::{AsyncConnectionConfig, Client, RedisResult, aio::MultiplexedConnection};
use tokio::sync::{broadcast, mpsc};

use super::tasks::Tasks;

const CHANNEL: &str = "sangam:notices";
const KEY: &str = "sangam:notice";

/// Notices that wait for Redis; beyond, they are dropped.
const QUEUE: usize = 1024;

const ANSWER_WITHIN: Duration = Duration::from_secs(1);
const PING_EVERY: Duration = Duration::from_secs(10);
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LAST_RETRY: Duration = Duration::from_secs(2);

/// The bus; without Redis it is silent.
#[derive(Clone)]
pub struct Bus(Option<Arc<Remote>>);

struct Remote {
    outgoing: mpsc::Sender<Notice>,
    incoming: broadcast::Sender<Notice>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Notice {
    topic: String,
    item: String,
    kept: Duration,
}

/// What other nodes say on one topic; one's own words come back too.
pub struct Listener {
    topic: &'static str,
    incoming: broadcast::Receiver<Notice>,
}

impl Bus {
    /// Reads the address and connects in the background, again and again if need be.
    pub fn connect(url: Option<&str>, tasks: &Tasks) -> anyhow::Result<Self> {
        let Some(url) = url else {
            return Ok(Self(None));
        };
        let client = Client::open(url).context("data.redis_url cannot be used")?;
        let (outgoing, queue) = mpsc::channel(QUEUE);
        let (incoming, _) = broadcast::channel(QUEUE);
        tasks.spawn_until_stop(speak(client.clone(), queue));
        tasks.spawn_until_stop(hear(client, incoming.clone()));
        Ok(Self(Some(Arc::new(Remote { outgoing, incoming }))))
    }

    /// Tells the other nodes; who is cut off hears of it within `kept`.
    pub fn publish(&self, topic: &str, item: String, kept: Duration) {
        let Some(remote) = &self.0 else { return };
        let notice = Notice {
            topic: topic.to_owned(),
            item,
            kept,
        };
        if remote.outgoing.try_send(notice).is_err() {
            tracing::warn!(
                topic,
                "a notice on {topic} was dropped: too many wait for Redis"
            );
        }
    }

    /// What is said on a topic from now on; `None` without Redis.
    pub fn listen(&self, topic: &'static str) -> Option<Listener> {
        let remote = self.0.as_ref()?;
        Some(Listener {
            topic,
            incoming: remote.incoming.subscribe(),
        })
    }
}

impl Listener {
    /// The next item; `None` when the bus is gone. Who is too slow misses some.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            match self.incoming.recv().await {
                Ok(notice) if notice.topic == self.topic => return Some(notice.item),
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

/// Sends what is published; what cannot be sent twice is dropped.
async fn speak(client: Client, mut queue: mpsc::Receiver<Notice>) {
    let mut connection = None;
    let mut outage = Outage::new("speak to");
    while let Some(notice) = queue.recv().await {
        for _ in 0..2 {
            match send(&client, &mut connection, &notice).await {
                Ok(()) => {
                    outage.over();
                    break;
                }
                Err(error) => {
                    connection = None;
                    outage.seen(&error);
                }
            }
        }
    }
}

async fn send(
    client: &Client,
    connection: &mut Option<MultiplexedConnection>,
    notice: &Notice,
) -> RedisResult<()> {
    let connection = match connection {
        Some(connection) => connection,
        None => connection.insert(open(client).await?),
    };
    let Notice { topic, item, kept } = notice;
    redis::pipe()
        .cmd("SET")
        .arg(format!("{KEY}:{topic}:{item}"))
        .arg("")
        .arg("EX")
        .arg(kept.as_secs().max(1))
        .ignore()
        .cmd("PUBLISH")
        .arg(CHANNEL)
        .arg(format!("{topic}:{item}"))
        .ignore()
        .query_async(connection)
        .await
}

async fn open(client: &Client) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(ANSWER_WITHIN))
        .set_response_timeout(Some(ANSWER_WITHIN));
    client
        .get_multiplexed_async_connection_with_config(&config)
        .await
}

/// Passes on what is published, and after every gap what was kept.
async fn hear(client: Client, incoming: broadcast::Sender<Notice>) {
    let mut outage = Outage::new("listen to");
    let mut wait = FIRST_RETRY;
    loop {
        if let Err(error) = hear_once(&client, &incoming, &mut outage).await {
            outage.seen(&error);
        }
        wait = if outage.is_new() {
            FIRST_RETRY
        } else {
            (wait * 2).min(LAST_RETRY)
        };
        tokio::time::sleep(wait).await;
    }
}

async fn hear_once(
    client: &Client,
    incoming: &broadcast::Sender<Notice>,
    outage: &mut Outage,
) -> RedisResult<()> {
    let (mut sink, mut stream) = client.get_async_pubsub().await?.split();
    sink.subscribe(CHANNEL).await?;
    catch_up(client, incoming).await?;
    outage.over();
    let mut ping = tokio::time::interval(PING_EVERY);
    loop {
        tokio::select! {
            message = stream.next() => {
                // The end of the stream is the end of the connection.
                let Some(message) = message else { return Ok(()) };
                pass_on(incoming, &message.get_payload::<String>()?);
            }
            _ = ping.tick() => {
                // A connection can be dead without an end; no answer in time is one.
                match tokio::time::timeout(ANSWER_WITHIN, sink.ping::<redis::Value>()).await {
                    Ok(answer) => drop(answer?),
                    Err(_) => return Ok(()),
                }
            }
        }
    }
}

/// Reads the notices that are kept, without blocking Redis for others.
async fn catch_up(client: &Client, incoming: &broadcast::Sender<Notice>) -> RedisResult<()> {
    let mut connection = open(client).await?;
    let mut cursor = 0_u64;
    loop {
        let (next, keys): (u64, Vec<String>) = redis::cmd("SCAN")
            .arg(cursor)
            .arg("MATCH")
            .arg(format!("{KEY}:*"))
            .arg("COUNT")
            .arg(500)
            .query_async(&mut connection)
            .await?;
        for key in &keys {
            pass_on(
                incoming,
                key.trim_start_matches(KEY).trim_start_matches(':'),
            );
        }
        cursor = next;
        if cursor == 0 {
            return Ok(());
        }
    }
}

fn pass_on(incoming: &broadcast::Sender<Notice>, text: &str) {
    if let Some((topic, item)) = text.split_once(':') {
        let (topic, item) = (topic.to_owned(), item.to_owned());
        // Nobody listening is no error.
        incoming
            .send(Notice {
                topic,
                item,
                kept: Duration::ZERO,
            })
            .ok();
    }
}

/// Logs the beginning and the end of an outage, not every attempt in it.
struct Outage {
    verb: &'static str,
    is_running: bool,
    attempts: u32,
}

impl Outage {
    fn new(verb: &'static str) -> Self {
        Self {
            verb,
            is_running: false,
            attempts: 0,
        }
    }

    fn seen(&mut self, error: &redis::RedisError) {
        self.attempts = self.attempts.saturating_add(1);
        if !self.is_running {
            self.is_running = true;
            let verb = self.verb;
            tracing::warn!(%error, "cannot {verb} Redis, going on without it: {error}");
        }
    }

    fn over(&mut self) {
        self.attempts = 0;
        if std::mem::take(&mut self.is_running) {
            tracing::info!("can {} Redis again", self.verb);
        }
    }

    fn is_new(&self) -> bool {
        self.attempts <= 1
    }
}
