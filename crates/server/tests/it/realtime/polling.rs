//! A socket over polling, as the protocol has it: packets in the bodies of requests.

use std::time::Duration;

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// Between two packets of one body.
pub(super) const BETWEEN: char = '\u{1e}';

pub(super) struct Polling {
    http: reqwest::Client,
    url: String,
    pub(super) opened: Value,
    waiting: Vec<String>,
}

impl Polling {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is the other side of the platform's own client"
    )]
    pub(super) async fn open(base: &str) -> Self {
        let url = format!("{base}/socket.io/?EIO=4&transport=polling");
        // Already done by another client of the same test.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let text = http.get(&url).send().await.unwrap().text().await.unwrap();
        let opened: Value = serde_json::from_str(text.strip_prefix('0').unwrap()).unwrap();
        let url = format!("{url}&sid={}", opened["sid"].as_str().unwrap());
        Self {
            http,
            url,
            opened,
            waiting: Vec::new(),
        }
    }

    /// Opens it and connects with a token.
    pub(super) async fn with_token(base: &str, token: &str) -> Self {
        let mut polling = Self::open(base).await;
        let connect = format!("40{}", json!({ "token": token }));
        assert_eq!(polling.say(&connect).await, StatusCode::OK);
        let answer = polling.packet().await;
        assert!(answer.starts_with("40{"), "{answer}");
        polling
    }

    pub(super) fn sid(&self) -> &str {
        self.opened["sid"].as_str().unwrap()
    }

    /// The same session at another listener.
    pub(super) fn moved(mut self, from: &str, to: &str) -> Self {
        self.url = self.url.replace(from, to);
        self
    }

    pub(super) async fn say(&self, body: &str) -> StatusCode {
        let request = self.http.post(&self.url).body(body.to_owned());
        request.send().await.unwrap().status()
    }

    pub(super) fn poll(&self) -> RequestBuilder {
        self.http.get(&self.url).timeout(Duration::from_secs(5))
    }

    /// The next packet that is no ping; pings are answered.
    pub(super) async fn packet(&mut self) -> String {
        loop {
            if self.waiting.is_empty() {
                let response = self.poll().send().await.expect("something came in time");
                assert_eq!(response.status(), StatusCode::OK);
                let body = response.text().await.unwrap();
                self.waiting = body.split(BETWEEN).map(str::to_owned).collect();
            }
            let packet = self.waiting.remove(0);
            if packet == "2" {
                assert_eq!(self.say("3").await, StatusCode::OK);
            } else {
                return packet;
            }
        }
    }
}
