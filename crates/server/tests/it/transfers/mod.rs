//! Chats on their way out and in.

mod account;
mod command;
mod imports;
mod single;

use serde_json::{Value, json};

use crate::{
    files::{form, sending},
    support::{Client, TestApp},
};

/// Sends an export of another program; the id of the file.
async fn upload(client: &Client, name: &str, bytes: &[u8]) -> String {
    let request = sending(client, "/api/files?for=import", form("file", name, bytes));
    let reply = client.send(request).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.body["file"]["id"].as_str().unwrap().to_owned()
}

/// Waits until a job has ended.
async fn ended(app: &TestApp, client: &Client, job: &Value) -> Value {
    let path = format!("/api/jobs/{}", job["id"].as_str().unwrap());
    let is_over = async || {
        let status = client.get(&path).await.body["job"]["status"].clone();
        status != "queued" && status != "running"
    };
    app.until("the job ends", is_over).await;
    client.get(&path).await.body["job"].clone()
}

/// Sends, imports and waits; the job as it ended.
async fn import(app: &TestApp, client: &Client, name: &str, bytes: &[u8]) -> Value {
    let file = upload(client, name, bytes).await;
    let reply = client.post("/api/imports", &json!({ "file": file })).await;
    assert_eq!(reply.status, 202, "{}", reply.text);
    ended(app, client, &reply.body["job"]).await
}

/// An export of `ChatGPT` with one question, two answers and a hidden node.
fn chatgpt(id: &str, title: &str, question: &str) -> Value {
    let message = |role: &str, text: &str, at: f64| {
        json!({ "author": { "role": role }, "create_time": at, "recipient": "all", "metadata": { "model_slug": "gpt-4o" },
            "content": { "content_type": "text", "parts": [text] } })
    };
    json!({ "title": title, "conversation_id": id, "create_time": 1_700_000_000.0, "update_time": 1_700_000_100.0,
        "current_node": "a", "mapping": {
            "root": { "id": "root", "parent": null, "children": ["q"], "message": null },
            "q": { "id": "q", "parent": "root", "children": ["a", "b"], "message": message("user", question, 1_700_000_001.0) },
            "a": { "id": "a", "parent": "q", "children": [], "message": message("assistant", "First **answer**", 1_700_000_002.0) },
            "b": { "id": "b", "parent": "q", "children": [], "message": message("assistant", "Second answer", 1_700_000_003.0) },
        } })
}
