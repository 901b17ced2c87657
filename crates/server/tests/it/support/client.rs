//! A client that keeps cookies like a browser and says which page it comes from.

use std::{ops::Deref, sync::Mutex};

use reqwest::{Method, header::HeaderMap};
use serde_json::Value;

use super::events::Events;

pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    headers: Mutex<HeaderMap>,
}

/// A signed-in person.
pub(crate) struct User {
    pub(crate) client: Client,
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) access_token: String,
}

impl Deref for User {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// JSON, or null.
    pub(crate) body: Value,
}

impl Reply {
    /// Status and code of a problem: `404 chat_not_found`; the status alone of a success.
    pub(crate) fn line(&self) -> String {
        match self.body["code"].as_str() {
            Some(code) => format!("{} {code}", self.status),
            None => self.status.to_string(),
        }
    }

    /// The fields that a problem names.
    pub(crate) fn fields(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .map(|e| {
                format!(
                    "{} {}",
                    e["field"].as_str().unwrap(),
                    e["code"].as_str().unwrap()
                )
            })
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is the other side of the platform's own client"
)]
fn http(redirects: reqwest::redirect::Policy) -> reqwest::Client {
    // Already done by an earlier client of the same test.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    reqwest::Client::builder()
        .cookie_store(true)
        .redirect(redirects)
        .no_proxy()
        .build()
        .unwrap()
}

impl Client {
    /// Comes from the server's own page.
    pub(crate) fn new(base: &str) -> Self {
        let client = Self {
            http: http(reqwest::redirect::Policy::none()),
            base: base.to_owned(),
            headers: Mutex::default(),
        };
        client.header("origin", base)
    }

    /// Sends a header with every request from now on; an empty value leaves it out.
    #[must_use]
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        let name: reqwest::header::HeaderName = name.parse().unwrap();
        let mut headers = self.headers.lock().unwrap();
        if value.is_empty() {
            headers.remove(&name);
        } else {
            headers.insert(name, value.parse().unwrap());
        }
        drop(headers);
        self
    }

    /// A program: no page, no cookies but a token.
    pub(crate) fn bearer(base: &str, token: &str) -> Self {
        Self::new(base)
            .header("origin", "")
            .header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// A POST without a body.
    pub(crate) async fn act(&self, path: &str) -> Reply {
        self.send(self.request(Method::POST, path)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::PATCH, path).json(body))
            .await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn delete_with(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::DELETE, path).json(body))
            .await
    }

    /// A request to be changed before it is sent.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let headers = self.headers.lock().unwrap().clone();
        self.http
            .request(method, format!("{}{path}", self.base))
            .headers(headers)
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        self.execute(request.build().unwrap()).await
    }

    pub(crate) async fn execute(&self, request: reqwest::Request) -> Reply {
        let response = self.http.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Reply {
            status,
            headers,
            text,
            body,
        }
    }

    /// A request to another server, without anything of ours.
    pub(crate) async fn anywhere(&self, method: Method, url: &str) -> Reply {
        self.send(self.http.request(method, url)).await
    }

    /// `None` while nobody listens.
    pub(crate) async fn try_get(&self, path: &str) -> Option<u16> {
        Some(
            self.request(Method::GET, path)
                .send()
                .await
                .ok()?
                .status()
                .as_u16(),
        )
    }

    /// Follows an answer.
    pub(crate) async fn events(&self, path: &str, last_event_id: Option<i64>) -> Events {
        let mut request = self.request(Method::GET, path);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        Events::new(response)
    }
}
