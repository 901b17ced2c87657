//! Titles: the first words of the question at once, a better one from a model later.

use std::time::Duration;

use futures::StreamExt;
use gateway::{ErrorKind, Event as Piece, Message, Params, Request, Role};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{
    ChatId, Tx,
    entity::chat::{self, TitleSource},
};

use super::{search::fold, store as rows};
use crate::{
    app::App,
    error::{Error, Result, UPSTREAM},
    events::Event,
    features::models,
    platform::jobs::{self, NewJob, Running},
};

/// The kind of the job that makes a title.
pub const TITLE_JOB: &str = "chat_title";
/// How often a model is asked, should its provider be down.
const MAX_ATTEMPTS: i32 = 3;

/// Characters of the first words.
const WORDS: usize = 60;
/// Characters of a title that a model made.
const MADE: usize = 80;
/// Characters of question and answer that the model is shown.
const SHOWN: usize = 1500;
const PATIENCE: Duration = Duration::from_mins(1);

/// The beginning of a question, cut between words.
pub fn first_words(question: &str) -> String {
    let line = question
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= WORDS {
        return if words.is_empty() {
            "…".to_owned()
        } else {
            words
        };
    }
    let cut: String = words.chars().take(WORDS).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}

/// A title as it is searched.
pub fn key(title: &str) -> String {
    fold::text(title)
}

/// Whether a better title is on its way.
pub fn is_pending(app: &App, chat: &chat::Model) -> bool {
    app.config.chats.titles && chat.title_source == TitleSource::Words
}

#[derive(Serialize, Deserialize)]
struct Wanted {
    chat: ChatId,
}

/// Wants a better title for a chat; nobody is shown the job.
pub async fn enqueue(app: &App, tx: &Tx, chat: ChatId) -> Result<()> {
    let new = NewJob {
        key: Some(chat.to_string()),
        max_attempts: MAX_ATTEMPTS,
        ..NewJob::of(TITLE_JOB, &Wanted { chat })?
    };
    jobs::enqueue(app, tx, new).await.map(drop)
}

/// Asks a model for a title, if the chat still has its first words.
pub async fn make_title(app: App, running: Running) -> Result<Value> {
    let id = running.payload::<Wanted>()?.chat;
    let Some(chat) = rows::for_background(&**app.db.read(), id).await? else {
        return Ok(Value::Null);
    };
    let Some(leaf) = chat.active_leaf_id.filter(|_| is_pending(&app, &chat)) else {
        return Ok(Value::Null);
    };
    let path = rows::path(&**app.db.read(), id, leaf, 50).await?;
    let texts: Vec<String> = path
        .into_iter()
        .take(2)
        .map(|message| message.content)
        .collect();
    let asked = match texts.as_slice() {
        [question, answer] => ask(&app, &chat, question, answer).await,
        _ => Ok(None),
    };
    let title = match asked {
        Err(error) if !running.is_last_attempt() => return Err(error),
        asked => asked.ok().flatten(),
    };
    app.db
        .write(async |tx| {
            rows::set_made_title(&**tx, id, title.clone()).await?;
            tx.emit(&Event::ChatUpdated {
                chat: id,
                owner: chat.owner_id,
            });
            running.complete(tx, json!({ "title": title })).await
        })
        .await?;
    Ok(Value::Null)
}

/// A model's title; `None` when there will be none, an error when asking again may help.
async fn ask(
    app: &App,
    chat: &chat::Model,
    question: &str,
    answer: &str,
) -> Result<Option<String>> {
    let wishes = [
        app.config.chats.title_model.as_deref(),
        chat.model_choice.as_deref(),
    ];
    let model = models::choose(app, &wishes).await?;
    let shown = |text: &str| text.chars().take(SHOWN).collect::<String>();
    let prompt = format!(
        "Question:\n{}\n\nAnswer:\n{}\n\nWrite a title of two to six words for this conversation, in \
         its language. Reply with the title alone.",
        shown(question),
        shown(answer),
    );
    let request = Request {
        model: model.model.id.clone(),
        messages: vec![Message::new(Role::User, prompt)],
        params: Params {
            temperature: Some(0.2),
            max_tokens: Some(512),
            ..Params::default()
        },
        ..Request::default()
    };
    let limits = gateway::Limits {
        total: PATIENCE,
        retries: 1,
        ..gateway::Limits::default()
    };
    let mut pieces = gateway::generate(model.provider, request, limits);
    let mut text = String::new();
    while let Some(piece) = pieces.next().await {
        let piece = match piece {
            Ok(piece) => piece,
            Err(error) if may_pass(error.kind) => {
                return Err(Error::new(UPSTREAM, error.message));
            }
            Err(_) => return Ok(None),
        };
        match piece {
            // A title is one line: the rest of a talkative answer is not waited for.
            Piece::Text(_) if text.trim_start().contains('\n') || text.len() > 400 => break,
            Piece::Text(piece) => text.push_str(&piece),
            _ => {}
        }
    }
    Ok(tidy(&text))
}

fn may_pass(kind: ErrorKind) -> bool {
    !matches!(
        kind,
        ErrorKind::Refused
            | ErrorKind::Unauthorized
            | ErrorKind::ModelNotFound
            | ErrorKind::ContextTooLong
    )
}

/// A model's answer as a title: one line, without what models like to put around it.
fn tidy(text: &str) -> Option<String> {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("```"))?;
    let line = line.trim_start_matches(['#', '*', '-', ' ']);
    let lower = line.to_lowercase();
    let line = ["title:", "the title is", "shirshak:"]
        .iter()
        .find(|prefix| lower.starts_with(**prefix))
        .and_then(|prefix| line.get(prefix.len()..))
        .unwrap_or(line);
    let quotes = [
        ',', ';', ':', '"', '\'', '“', '”', '‘', '’', '`', '*', '.', ' ',
    ];
    let line = line.trim_matches(quotes);
    let line: String = line
        .chars()
        .filter(|c| !c.is_control())
        .take(MADE)
        .collect();
    let line = line.trim();
    let has_words = line.chars().any(char::is_alphanumeric);
    has_words.then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words_are_cut_between_words() {
        assert_eq!(first_words("\n  Hello   world \nmore"), "Hello world");
        let long = first_words(&"word ".repeat(40));
        assert!(long.ends_with("word…") && long.chars().count() <= WORDS + 1);
        assert_eq!(
            first_words("क".repeat(100).as_str()).chars().count(),
            WORDS + 1
        );
    }

    #[test]
    fn what_models_put_around_a_title_is_taken_off() {
        assert_eq!(
            tidy("**Title: \"Rust async basics\"**\n\nHope it helps").unwrap(),
            "Rust async basics"
        );
        assert_eq!(tidy("Title: Paris ki sair.").unwrap(), "Paris ki sair");
        assert_eq!(
            tidy("```python\nHello in Python,\n```").unwrap(),
            "Hello in Python"
        );
        assert_eq!(tidy("\"...\""), None);
        assert_eq!(tidy(""), None);
    }
}
