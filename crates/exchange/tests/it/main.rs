//! Exports as other programs write them, whole, odd and hostile.

#![recursion_limit = "256"]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking and say why"
)]
#![expect(
    clippy::needless_pass_by_value,
    clippy::format_push_string,
    reason = "samples are written as they read"
)]

mod archives;
mod formats;
mod odd;

use std::io::Cursor;

use exchange::{Chat, Found, LeftOut, Limits, Refused, Role, Source};

/// What an export of one file or archive holds.
fn all(bytes: &[u8]) -> Result<Vec<Found>, Refused> {
    let mut found = Vec::new();
    exchange::read(Cursor::new(bytes), None, &Limits::default(), &mut |one| {
        found.push(one);
        true
    })?;
    Ok(found)
}

fn read(text: &str) -> Vec<(Option<Source>, Result<Chat, LeftOut>)> {
    let found = all(text.as_bytes()).unwrap();
    found
        .into_iter()
        .map(|one| (one.source, one.chat))
        .collect()
}

/// The only chat of an export.
fn only(text: &str, source: Source) -> Chat {
    let mut found = read(text);
    assert_eq!(found.len(), 1, "{found:?}");
    let (from, chat) = found.remove(0);
    assert_eq!(from, Some(source));
    chat.unwrap()
}

/// Each message as one line: place of the one above, who, text, thought, model.
fn lines(chat: &Chat) -> Vec<String> {
    let line = |message: &exchange::Message| {
        let above = message
            .parent
            .map_or("-".to_owned(), |above| above.to_string());
        let who = match message.role {
            Role::User => "user",
            Role::Assistant => "model",
        };
        let mut line = format!("{above} {who}: {}", message.content);
        if let Some(thought) = &message.reasoning {
            line.push_str(&format!(" ({thought})"));
        }
        if let Some(model) = &message.model {
            line.push_str(&format!(" @{model}"));
        }
        if message.end != exchange::End::Complete {
            line.push_str(&format!(" {:?}", message.end));
        }
        line
    };
    chat.messages.iter().map(line).collect()
}

fn time(text: &str) -> chrono::DateTime<chrono::Utc> {
    text.parse().unwrap()
}
