//! `sangam worker`, the real binary: killed in the middle of a job, which another one then does.

use std::time::Duration;

use gateway::scripted::{Script, Scripted};
use serde_json::json;

use crate::{
    chats::ask,
    support::{Client, Database, password, process::Process},
};

#[tokio::test]
async fn a_job_survives_its_worker() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fresh(folder.path()).await;
    let provider = Scripted::start().await;
    provider.otherwise(Script::text("Namaste."));
    let upstream = provider.base_url();
    let settings = |workers| {
        [
            ("OPENAI_BASE_URL", upstream.clone()),
            ("DATABASE_URL", database.url.clone()),
            ("SANGAM_CHATS__TITLES", "true".to_owned()),
            ("SANGAM_JOBS__WORKERS", String::from(workers)),
            ("SANGAM_JOBS__LEASE_MS", "2000".to_owned()),
        ]
    };
    let data = folder.path().join("data");
    let server = Process::start(&data, &as_str(&settings("0"))).await;
    let ada = Client::new(&server.base);
    let body = json!({ "name": "ada", "email": "ada@example.org", "password": password("ada") });
    assert_eq!(ada.post("/api/auth/register", &body).await.status, 201);
    let (chat, _) = ask(&ada, "How is a river born?").await;
    assert_eq!(
        provider.completions().len(),
        1,
        "the server makes no titles"
    );

    let slow: Vec<String> = (0..1_000).map(|n| format!("w{n} ")).collect();
    provider.next(Script::tokens(slow).every(Duration::from_secs(1)));
    let worker = Process::worker(&data, &as_str(&settings("1")));
    until("the worker asks for a title", async || {
        provider.completions().len() == 2
    })
    .await;
    worker.kill();
    provider.next(Script::text("Rivers"));
    let worker = Process::worker(&data, &as_str(&settings("1")));
    until("the title is made", async || {
        ada.get(&chat.url()).await.body["chat"]["title"] == "Rivers"
    })
    .await;
    assert_eq!(worker.terminate().await, Some(0), "exit code");
}

fn as_str<'a>(settings: &'a [(&'a str, String)]) -> Vec<(&'a str, &'a str)> {
    let pairs = settings.iter();
    pairs.map(|(name, value)| (*name, value.as_str())).collect()
}

async fn until<F: Future<Output = bool>>(what: &str, condition: impl Fn() -> F) {
    let holds = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(30), holds).await;
    assert!(in_time.is_ok(), "{what}: not in time");
}
