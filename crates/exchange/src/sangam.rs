//! The form of our own: one chat as JSON with every branch, written by the export and read by the
//! import. Fields may be added; what a reader does not know it passes over.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Chat, End, Role, json,
    tree::{self, Draft, Node, Part},
};

/// Names the form of one chat.
pub const FORMAT: &str = "sangam-chat";
/// Names the form of everything that one owns.
pub const ACCOUNT_FORMAT: &str = "sangam-account";
/// Of both forms.
pub const VERSION: u32 = 1;
/// The file of an archive that says what it is.
pub const MANIFEST: &str = "sangam.json";

/// A chat with all its branches.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// Names the chat.
    pub id: String,
    /// On one line.
    pub title: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub updated_at: DateTime<Utc>,
    /// Kept on top.
    #[serde(default)]
    pub pinned: bool,
    /// Put away.
    #[serde(default)]
    pub archived: bool,
    /// The model that it asks.
    #[serde(default)]
    pub model: Option<String>,
    /// What its models are told to be, and how.
    #[serde(default)]
    pub params: Value,
    /// Names of the folders it is in, the outermost first.
    #[serde(default)]
    pub folders: Vec<String>,
    /// As they were typed.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The message that was looked at last.
    #[serde(default)]
    pub active_leaf_id: Option<String>,
    /// The older first.
    pub messages: Vec<Entry>,
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Names it in the chat.
    pub id: String,
    /// The message it follows.
    #[serde(default)]
    pub parent_id: Option<String>,
    /// Who speaks.
    pub role: Role,
    /// How it ended; streaming: not yet.
    pub status: String,
    /// Markdown.
    pub content: String,
    /// What a model thought before it answered.
    #[serde(default)]
    pub reasoning: Option<String>,
    /// The model that wrote it; null as long as a blind comparison hides it.
    #[serde(default)]
    pub model: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// The rest.
    #[serde(flatten)]
    pub facts: Facts,
}

/// What else is known of a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// The model that was asked.
    pub model_asked: Option<String>,
    /// Settings that were used.
    pub params: Value,
    /// Sources that the model named.
    pub citations: Value,
    /// Tokens of what was sent.
    pub prompt_tokens: Option<i64>,
    /// Tokens of the answer.
    pub completion_tokens: Option<i64>,
    /// Counted here, not by the provider.
    pub usage_estimated: bool,
    /// Millionths of a dollar.
    pub cost_microusd: Option<i64>,
    /// To the first piece.
    pub ttft_ms: Option<i64>,
    /// To the end.
    pub latency_ms: Option<i64>,
    /// `up` or `down`, what its owner thinks of it.
    pub vote: Option<String>,
    /// Names of the files that went with it.
    pub attachments: Vec<Attachment>,
}

/// A file that went with a message; in an archive of everything it is under `files/`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Attachment {
    /// Names it.
    pub id: String,
    /// As it was sent.
    pub name: String,
}

pub(crate) fn chat(text: &str) -> Result<Chat, String> {
    let document: Document = serde_json::from_str(text)
        .map_err(|error| format!("It is not as this program writes it ({error})."))?;
    if document.version > VERSION {
        return Err("It was written by a newer version of this program.".to_owned());
    }
    let title = json::title(text);
    let nodes = document.messages.into_iter().map(|entry| Node {
        id: entry.id.clone(),
        parent: entry.parent_id.clone(),
        at: Some(entry.created_at),
        part: part(entry),
    });
    let current = document.active_leaf_id.as_deref();
    let (messages, leaf) = tree::messages(nodes.collect(), current, false)?;
    Ok(Chat {
        source_id: document.id,
        title: Some(title),
        created_at: Some(document.created_at),
        updated_at: Some(document.updated_at),
        is_archived: document.archived,
        is_pinned: document.pinned,
        model: document.model,
        params: Some(document.params).filter(Value::is_object),
        tags: document.tags,
        folders: document.folders,
        messages,
        leaf,
        ..Chat::default()
    })
}

fn part(entry: Entry) -> Part {
    let end = match entry.status.as_str() {
        "complete" => End::Complete,
        "stopped" => End::Stopped,
        "failed" => End::Failed,
        _ => End::Interrupted,
    };
    Part::Shown(Draft {
        role: entry.role,
        end,
        content: entry.content.replace('\0', "\u{fffd}"),
        reasoning: entry.reasoning.map(|text| text.replace('\0', "\u{fffd}")),
        model: entry.model,
        facts: Some(Box::new(entry.facts)),
    })
}
