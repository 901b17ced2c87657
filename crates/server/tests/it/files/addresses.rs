//! Addresses of the web as context; the rest of the guard is tested where it lives, in `outbound`.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{bytes, read};
use crate::support::{TestApp, User};

const PAGE: &str = "<!doctype html><html><head><title>The price of fish</title></head><body>\
    <nav>Home</nav><article><p>Fish costs nine rupees today.</p></article></body></html>";

/// A web server on loopback that counts who comes.
async fn web() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let hits = Arc::new(AtomicUsize::new(0));
    let counted = hits.clone();
    #[expect(clippy::disallowed_methods, reason = "the other side of a test")]
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut head = [0; 4096];
            let length = stream.read(&mut head).await.unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let answer = match head.split(' ').nth(1).unwrap_or_default() {
                "/fish" => format!("200 OK\r\nContent-Length: {}\r\n\r\n{PAGE}", PAGE.len()),
                "/inwards" => format!(
                    "302 Found\r\nLocation: http://127.0.0.2:{port}/fish\r\nContent-Length: 0\r\n\r\n"
                ),
                "/binary" => "200 OK\r\nContent-Length: 8\r\n\r\n\x7fELF\x02\x01\x01\0".to_owned(),
                _ => "404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
            };
            let answer = format!("HTTP/1.1 {answer}");
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    (port, hits)
}

async fn add(ada: &User, url: &str) -> (u16, Value) {
    let reply = ada
        .post("/api/files/from-url", &json!({ "url": url }))
        .await;
    (reply.status, reply.body)
}

#[tokio::test]
async fn a_page_is_fetched_and_its_text_is_read() {
    let (port, _) = web().await;
    let ports = format!("80,443,{port}");
    let app = TestApp::with(&[
        ("SANGAM_OUTBOUND__ALLOWED_NETWORKS", "127.0.0.1"),
        ("SANGAM_OUTBOUND__ALLOWED_PORTS", &ports),
    ])
    .await;
    let ada = app.user("ada").await;
    let (status, body) = add(&ada, &format!("http://127.0.0.1:{port}/fish#now")).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(
        (&body["file"]["kind"], &body["file"]["status"]),
        (&json!("web"), &json!("pending"))
    );
    let id = body["file"]["id"].as_str().unwrap();
    let file = read(&app, &ada, id).await;
    assert_eq!(file["status"], "ready", "{file}");
    assert_eq!(file["name"], "The price of fish");
    assert_eq!(file["sourceUrl"], format!("http://127.0.0.1:{port}/fish"));
    assert_eq!(file["sizeBytes"], PAGE.len());
    let text = ada.get(&format!("/api/files/{id}/text")).await.text;
    assert!(
        text.contains("nine rupees") && !text.contains("Home"),
        "{text}"
    );
    let (_, headers, _) = bytes(&ada, &format!("/api/files/{id}/content")).await;
    assert_eq!(headers["content-type"], "application/octet-stream");

    for (path, code) in [
        ("inwards", "url_refused"),
        ("missing", "url_unreadable"),
        ("binary", "file_unsupported"),
    ] {
        let (_, body) = add(&ada, &format!("http://127.0.0.1:{port}/{path}")).await;
        let file = read(&app, &ada, body["file"]["id"].as_str().unwrap()).await;
        assert_eq!(file["status"], "failed", "{file}");
        assert_eq!(file["error"]["code"], code, "{file}");
        let text = format!("/api/files/{}/content", file["id"].as_str().unwrap());
        assert_eq!(ada.get(&text).await.line(), "409 file_pending");
    }
}

#[tokio::test]
async fn an_address_that_is_not_of_the_public_web_is_never_asked() {
    let (port, hits) = web().await;
    let ports = format!("80,443,{port}");
    let app = TestApp::with(&[("SANGAM_OUTBOUND__ALLOWED_PORTS", &ports)]).await;
    let ada = app.user("ada").await;
    for url in [
        format!("http://127.0.0.1:{port}/fish"),
        format!("http://2130706433:{port}/fish"),
        format!("http://[::ffff:127.0.0.1]:{port}/fish"),
        format!("http://localhost:{port}/fish"),
        format!("http://example.org@127.0.0.1:{port}/fish"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://example.org:22/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "no address".to_owned(),
        String::new(),
    ] {
        let reply = ada
            .post("/api/files/from-url", &json!({ "url": url }))
            .await;
        assert_eq!(reply.line(), "422 invalid", "{url}: {}", reply.text);
        assert_eq!(reply.fields(), ["url address"], "{url}");
    }
    assert_eq!(hits.load(Ordering::SeqCst), 0);
    assert_eq!(ada.get("/api/files").await.body["items"], json!([]));
    let body = json!({ "url": "https://example.org/" });
    let anonymous = app.anonymous().post("/api/files/from-url", &body).await;
    assert_eq!(anonymous.line(), "401 unauthenticated");
    for _ in 0..30 {
        let reply = ada
            .post("/api/files/from-url", &json!({ "url": "x" }))
            .await;
        if reply.line() == "429 too_many_attempts" {
            return;
        }
    }
    panic!("there is no end to it");
}
