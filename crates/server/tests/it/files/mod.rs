//! Files through the door.

mod addresses;
mod bucket;
mod kinds;
mod life;
mod names;
pub(crate) mod samples;

use reqwest::Method;
use serde_json::Value;

use crate::support::{Client, Reply, TestApp};

const BOUNDARY: &str = "----sangam-test-boundary";

/// A form with one field, as a browser writes it.
pub(crate) fn form(field: &str, name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    [head.as_bytes(), content, tail.as_bytes()].concat()
}

pub(crate) fn sending(client: &Client, path: &str, body: Vec<u8>) -> reqwest::RequestBuilder {
    client
        .request(Method::POST, path)
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(body)
}

/// Sends one file.
pub(crate) async fn send(client: &Client, name: &str, content: &[u8]) -> Reply {
    let request = sending(client, "/api/files", form("file", name, content));
    client.send(request).await
}

/// Sends a file and waits until it has been read.
pub(crate) async fn sent(app: &TestApp, client: &Client, name: &str, content: &[u8]) -> Value {
    let reply = send(client, name, content).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let id = reply.body["file"]["id"].as_str().unwrap().to_owned();
    read(app, client, &id).await
}

/// Waits until a file has been read, well or not.
pub(crate) async fn read(app: &TestApp, client: &Client, id: &str) -> Value {
    let url = format!("/api/files/{id}");
    app.until("the file is read", || async {
        client.get(&url).await.body["file"]["status"] != "pending"
    })
    .await;
    client.get(&url).await.body["file"].clone()
}

/// The bytes of a part of a file.
pub(crate) async fn bytes(
    client: &Client,
    path: &str,
) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
    let response = client.request(Method::GET, path).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, response.bytes().await.unwrap().to_vec())
}

/// How many files the storage of a test holds.
pub(crate) fn stored(app: &TestApp) -> usize {
    let root = app.data_dir.path.join("files");
    let Ok(folders) = std::fs::read_dir(root) else {
        return 0;
    };
    folders
        .map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count())
        .sum()
}
