//! The real binary, killed in the middle of a hundred answers and started again.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use gateway::scripted::{Script, Scripted};
use serde_json::{Value, json};

use super::{Begun, begin, follow};
use crate::support::{Client, Database, password, process::Process};

const STREAMS: usize = 100;
/// A token every so often, each naming its number.
const EVERY: Duration = Duration::from_millis(50);

fn numbers() -> Vec<String> {
    (0..2_000).map(|n| format!("{n} ")).collect()
}

async fn register(base: &str) -> Client {
    let client = Client::new(base);
    let body = json!({ "name": "ada", "email": "ada@example.org", "password": password("ada") });
    assert_eq!(client.post("/api/auth/register", &body).await.status, 201);
    client
}

async fn sign_in(base: &str) -> Client {
    let client = Client::new(base);
    let body = json!({ "email": "ada@example.org", "password": password("ada") });
    let reply = client.post("/api/auth/login", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    client
}

async fn answer(client: &Client, begun: &Begun) -> Value {
    let shown = client.get(&begun.url()).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert!(
        shown.body["messages"][0]["content"]
            .as_str()
            .unwrap()
            .starts_with("Stream")
    );
    shown.body["messages"][1].clone()
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_hundred_answers_loses_no_message_and_no_old_text() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fresh(folder.path()).await;
    let provider = Scripted::start().await;
    provider.otherwise(Script::tokens(numbers()).every(EVERY));
    let upstream = provider.base_url();
    let settings = [
        ("OPENAI_BASE_URL", upstream.as_str()),
        ("DATABASE_URL", database.url.as_str()),
    ];
    let data = folder.path().join("data");
    let server = Process::start(&data, &settings).await;
    let ada = register(&server.base).await;
    let mut begun = Vec::new();
    for n in 0..STREAMS {
        begun.push(begin(&ada, &format!("Stream {n}")).await);
    }
    // Everybody has had text for well over a second.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let mut shown: HashMap<String, (String, Instant)> = HashMap::new();
    for chat in &begun {
        let content = answer(&ada, chat).await["content"]
            .as_str()
            .unwrap()
            .to_owned();
        shown.insert(chat.chat.clone(), (content, Instant::now()));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    server.kill();
    provider.otherwise(Script::text("and the rest."));

    let restarted = Instant::now();
    let server = Process::start(&data, &settings).await;
    assert!(
        restarted.elapsed() < Duration::from_secs(10),
        "the start took {:?}",
        restarted.elapsed()
    );
    let ada = sign_in(&server.base).await;
    let whole = numbers().concat();
    for chat in &begun {
        let message = answer(&ada, chat).await;
        assert_eq!(message["status"], "interrupted");
        assert_eq!(message["error"]["code"], "server_stopped");
        let content = message["content"].as_str().unwrap();
        assert!(whole.starts_with(content), "a true prefix: {content:?}");
        let (old, _) = &shown[&chat.chat];
        assert!(
            content.starts_with(old.as_str()),
            "text older than a second is there: {old:?} in {content:?}"
        );
    }
    // And it can be gone on with.
    let first = &begun[0];
    let before = answer(&ada, first).await["content"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        ada.act(&format!("{}/continue", first.answer_url()))
            .await
            .status,
        200
    );
    let (_, message) = follow(&ada, &first.answer_url()).await;
    assert_eq!(message["content"], format!("{before}and the rest."));
    assert_eq!(message["status"], "complete");
}

#[tokio::test]
async fn a_polite_stop_lets_answers_end_and_leaves_none_unfinished() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fresh(folder.path()).await;
    let provider = Scripted::start().await;
    provider.when(
        "Stream short",
        Script::tokens(&numbers()[..20]).every(EVERY),
    );
    provider.when("Stream long", Script::tokens(numbers()).every(EVERY));
    let upstream = provider.base_url();
    let settings = [
        ("OPENAI_BASE_URL", upstream.as_str()),
        ("DATABASE_URL", database.url.as_str()),
        ("SANGAM_SERVER__SHUTDOWN_GRACE_MS", "4000"),
    ];
    let data = folder.path().join("data");
    let server = Process::start(&data, &settings).await;
    let ada = register(&server.base).await;
    let short = begin(&ada, "Stream short").await;
    let long = begin(&ada, "Stream long").await;
    let viewer = ada
        .events(&format!("{}/stream", long.answer_url()), None)
        .await;
    assert_eq!(server.terminate().await, Some(0), "exit code");
    let events = viewer.all().await;
    assert_eq!(
        events.last().map(|event| event.name.as_str()),
        Some("done"),
        "the viewer is told"
    );

    let server = Process::start(&data, &settings).await;
    let ada = sign_in(&server.base).await;
    let ended = answer(&ada, &short).await;
    assert_eq!(
        (&ended["status"], &ended["content"]),
        (&json!("complete"), &json!(numbers()[..20].concat()))
    );
    let cut = answer(&ada, &long).await;
    assert_eq!(cut["status"], "interrupted");
    assert_eq!(cut["error"]["code"], "server_stopped");
    assert!(cut["content"].as_str().unwrap().starts_with("0 1 2 "));
}
