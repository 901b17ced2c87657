//! Chats through the door.

mod access;
mod attachments;
mod branches;
mod compare;
mod context;
mod faults;
mod life;
mod organising;
mod random;
mod restart;
mod search;
mod sharing;
mod temporary;
mod titles;
mod tree;

use serde_json::{Value, json};

use crate::support::{
    Client,
    events::{Event, assembled},
};

/// A chat begun with one question.
pub(crate) struct Begun {
    pub(crate) chat: String,
    pub(crate) question: String,
    pub(crate) answer: String,
}

impl Begun {
    pub(crate) fn url(&self) -> String {
        format!("/api/chats/{}", self.chat)
    }

    pub(crate) fn answer_url(&self) -> String {
        format!("{}/messages/{}", self.url(), self.answer)
    }
}

pub(crate) fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

pub(crate) async fn begin(client: &Client, question: &str) -> Begun {
    let reply = client
        .post("/api/chats", &json!({ "message": question }))
        .await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    Begun {
        chat: id(&reply.body["chat"]),
        question: id(&reply.body["userMessage"]),
        answer: id(&reply.body["assistantMessage"]),
    }
}

/// Follows an answer to its end: all events, and the message as it is then.
pub(crate) async fn follow(client: &Client, answer_url: &str) -> (Vec<Event>, Value) {
    let events = client
        .events(&format!("{answer_url}/stream"), None)
        .await
        .all()
        .await;
    let done = events.last().expect("a last event");
    assert_eq!(done.name, "done", "{events:?}");
    let message = done.data["message"].clone();
    assert_eq!(assembled(&events), message["content"].as_str().unwrap());
    (events, message)
}

/// Asks and waits for the whole answer.
pub(crate) async fn ask(client: &Client, question: &str) -> (Begun, Value) {
    let begun = begin(client, question).await;
    let (_, message) = follow(client, &begun.answer_url()).await;
    (begun, message)
}
