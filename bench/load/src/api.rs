//! Sangam's own calls, as a program makes them.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::http::{Client, Events};

/// A signed-in user with a connection.
pub(crate) struct User {
    client: Client,
    token: String,
}

const PASSWORD: &str = "a long bench passphrase 7";

impl User {
    /// The same person with a new token, after a restart or when the first has run out.
    pub(crate) async fn sign_in(port: u16, name: &str) -> Result<Self> {
        let mut client = Client::connect(port).await?;
        let email = format!("{name}@bench.example");
        let body = json!({"email": email, "password": PASSWORD, "tokens": "body"});
        let path = "/api/auth/login";
        let answer = client
            .json(Method::POST, path, None, Some(&body), StatusCode::OK)
            .await?;
        Ok(Self {
            client,
            token: text(&answer, "/accessToken")?,
        })
    }

    pub(crate) async fn register(port: u16, name: &str) -> Result<Self> {
        let mut client = Client::connect(port).await?;
        let email = format!("{name}@bench.example");
        let body = json!({"name": name, "email": email, "password": PASSWORD,
            "tokens": "body"});
        let path = "/api/auth/register";
        let answer = client
            .json(Method::POST, path, None, Some(&body), StatusCode::CREATED)
            .await?;
        Ok(Self {
            client,
            token: text(&answer, "/accessToken")?,
        })
    }

    /// The same user on a connection of its own; the server may be another by now.
    pub(crate) async fn again(&self, port: u16) -> Result<Self> {
        Ok(Self {
            client: Client::connect(port).await?,
            token: self.token.clone(),
        })
    }

    /// A chat whose first question is this one: the ids of the chat and of the answer. The title is
    /// given, so that no model is asked for one.
    pub(crate) async fn ask(&mut self, model: &str, question: &str) -> Result<(String, String)> {
        let body = json!({"message": question, "model": model, "title": "Bench"});
        let answer = self.post("/api/chats", &body).await?;
        Ok((
            text(&answer, "/chat/id")?,
            text(&answer, "/assistantMessage/id")?,
        ))
    }

    /// A further question at the root of a chat, so that every question has the same history.
    pub(crate) async fn ask_in(
        &mut self,
        chat: &str,
        model: &str,
        question: &str,
    ) -> Result<String> {
        let body = json!({"content": question, "parentId": null, "model": model});
        let answer = self
            .post(&format!("/api/chats/{chat}/messages"), &body)
            .await?;
        text(&answer, "/assistantMessage/id")
    }

    pub(crate) async fn watch(&mut self, chat: &str, message: &str) -> Result<Events> {
        let path = format!("/api/chats/{chat}/messages/{message}/stream");
        Events::of(
            self.client
                .send(Method::GET, &path, Some(&self.token), None)
                .await?,
        )
    }

    /// The messages of a chat, oldest first.
    pub(crate) async fn messages(&mut self, chat: &str) -> Result<Vec<Value>> {
        let path = format!("/api/chats/{chat}");
        let token = Some(self.token.as_str());
        let mut chat = self
            .client
            .json(Method::GET, &path, token, None, StatusCode::OK)
            .await?;
        let messages = chat.get_mut("messages").and_then(Value::as_array_mut);
        Ok(std::mem::take(messages.context("no messages")?))
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) async fn get(&mut self, path: &str) -> Result<Value> {
        let token = Some(self.token.as_str());
        self.client
            .json(Method::GET, path, token, None, StatusCode::OK)
            .await
    }

    /// A further question at the end of a chat: the id of the answer, as soon as it is accepted.
    pub(crate) async fn say(&mut self, chat: &str, model: &str, question: &str) -> Result<String> {
        let body = json!({"content": question, "model": model});
        let path = format!("/api/chats/{chat}/messages");
        text(&self.post(&path, &body).await?, "/assistantMessage/id")
    }

    /// Reads an answer to its end.
    pub(crate) async fn until_ended(&mut self, chat: &str, message: &str) -> Result<()> {
        let mut events = self.watch(chat, message).await?;
        while events.next().await?.is_some() {}
        Ok(())
    }

    /// Whether a search for this word finds anything.
    pub(crate) async fn finds(&mut self, word: &str) -> Result<bool> {
        let found = self.get(&format!("/api/search?q={word}")).await?;
        let items = found.get("items").and_then(Value::as_array);
        Ok(items.is_some_and(|items| !items.is_empty()))
    }

    /// Waits until the server has fetched the provider's list.
    pub(crate) async fn until_offered(&mut self, model: &str) -> Result<()> {
        for _ in 0..200 {
            let token = Some(self.token.as_str());
            let path = "/api/models";
            let answer = self
                .client
                .json(Method::GET, path, token, None, StatusCode::OK)
                .await?;
            let items = answer
                .get("items")
                .and_then(Value::as_array)
                .context("no models")?;
            if items
                .iter()
                .any(|item| item.get("id").is_some_and(|id| id == model))
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the model {model} is not offered")
    }

    async fn post(&mut self, path: &str, body: &Value) -> Result<Value> {
        let token = Some(self.token.as_str());
        self.client
            .json(Method::POST, path, token, Some(body), StatusCode::CREATED)
            .await
    }
}

fn text(value: &Value, pointer: &str) -> Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .with_context(|| format!("no {pointer} in {value}"))
}
