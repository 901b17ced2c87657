//! Server-sent events as a test reads them.

use std::time::Duration;

use serde_json::Value;

pub(crate) struct Events {
    response: reqwest::Response,
    buffer: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: i64,
    pub(crate) data: Value,
}

impl Event {
    /// What this event adds to the answer.
    pub(crate) fn text(&self) -> &str {
        self.data["text"].as_str().unwrap_or_default()
    }
}

impl Events {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        Self {
            response,
            buffer: Vec::new(),
        }
    }

    /// The next event; `None` at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                match parse(&String::from_utf8(block).unwrap()) {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(30), self.response.chunk());
            match chunk.await.expect("the stream is silent") {
                Ok(Some(chunk)) => self.buffer.extend_from_slice(&chunk),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// Everything up to the end of the stream.
    pub(crate) async fn all(mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }

    /// Reads up to the first event that fits.
    pub(crate) async fn until(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self
                .next()
                .await
                .expect("the stream ended before the event came");
            if fits(&event) {
                return event;
            }
        }
    }
}

/// `None` for a comment.
fn parse(block: &str) -> Option<Event> {
    let field = |name: &str| {
        block.lines().find_map(|line| {
            line.strip_prefix(name)?
                .strip_prefix(": ")
                .map(str::to_owned)
        })
    };
    let data = field("data")?;
    Some(Event {
        name: field("event")?,
        id: field("id")?.parse().unwrap(),
        data: serde_json::from_str(&data).unwrap(),
    })
}

/// The answer that a viewer has put together from its events.
pub(crate) fn assembled(events: &[Event]) -> String {
    let mut text = String::new();
    for event in events {
        match event.name.as_str() {
            "snapshot" => event.data["content"]
                .as_str()
                .unwrap()
                .clone_into(&mut text),
            "delta" => text.push_str(event.text()),
            _ => {}
        }
    }
    text
}
