//! `sangam import`.

use std::process::Command;

use serde_json::json;

use super::chatgpt;
use crate::support::{Client, Database, password, process::Process};

#[tokio::test]
async fn the_command_line_brings_chats_in_beside_a_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::fresh(folder.path()).await;
    let data = folder.path().join("data");
    let settings = [("DATABASE_URL", database.url.as_str())];
    let server = Process::start(&data, &settings).await;
    let ada = Client::new(&server.base);
    let body = json!({ "name": "ada", "email": "ada@example.org", "password": password("ada") });
    assert_eq!(ada.post("/api/auth/register", &body).await.status, 201);
    let file = folder.path().join("conversations.json");
    std::fs::write(&file, json!([chatgpt("c1", "One", "Q")]).to_string()).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sangam"))
            .args(["import"])
            .args(arguments)
            .arg(&file)
            .env_clear()
            .env("SANGAM_DATA_DIR", &data)
            .env("DATABASE_URL", &database.url)
            .env("SANGAM_LOCAL_MODEL__ENABLED", "false")
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        (
            output.status.success(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (fine, out, err) = run(&["--user", "ADA@example.org"]);
    assert!(fine, "{err}");
    assert_eq!(
        out,
        "1 chats with 3 messages came in, 0 were there already, 0 were left out"
    );
    let (_, out, _) = run(&["--user", "ada@example.org", "--source", "chatgpt"]);
    assert_eq!(
        out,
        "0 chats with 0 messages came in, 1 were there already, 0 were left out"
    );
    let list = ada.get("/api/chats").await.body;
    assert_eq!(list["items"][0]["title"], "One");
    let (fine, _, err) = run(&["--user", "nobody@example.org"]);
    assert!(
        !fine && err.contains("nobody here has the address"),
        "{err}"
    );
    let (fine, _, err) = run(&["--user", "ada@example.org", "--source", "word"]);
    assert!(!fine && err.contains("must be chatgpt, claude"), "{err}");
}
