//! Chats on their way in and out: what other programs export, and a form of our own.
//!
//! An export is a file of JSON, or a ZIP archive with such files in it. It is read conversation by
//! conversation, within [`Limits`]; what one conversation has that cannot be read leaves out that
//! conversation alone. Exports differ by version and by what people did: whatever is missing, null or
//! of another type than usual is done without. Nothing here knows a database or the network.

#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that has no such key is null; nothing else is indexed here"
)]

mod archive;
mod chatgpt;
mod claude;
mod json;
mod librechat;
pub mod markdown;
mod open_webui;
pub mod pack;
pub mod sangam;
mod tree;
mod value;

use std::{
    fmt::Write,
    io::{Read, Seek},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// Bytes of a name that another program gave to a chat.
const MOST_ID: usize = 200;

/// Which program exported a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// `conversations.json` of OpenAI.
    #[serde(rename = "chatgpt")]
    ChatGpt,
    /// `conversations.json` of Anthropic.
    Claude,
    /// Open WebUI, one chat or all.
    #[serde(rename = "openWebui")]
    OpenWebUi,
    /// `LibreChat`, one chat a file.
    #[serde(rename = "librechat")]
    LibreChat,
    /// This program.
    Sangam,
}

impl Source {
    /// As the API and the rows of imports write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChatGpt => "chatgpt",
            Self::Claude => "claude",
            Self::OpenWebUi => "openWebui",
            Self::LibreChat => "librechat",
            Self::Sangam => "sangam",
        }
    }

    /// The source of that name.
    pub fn named(name: &str) -> Option<Self> {
        let all = [
            Self::ChatGpt,
            Self::Claude,
            Self::OpenWebUi,
            Self::LibreChat,
            Self::Sangam,
        ];
        all.into_iter().find(|source| source.name() == name)
    }
}

/// How much an export may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes that are read altogether, unpacked.
    pub unpacked_bytes: u64,
    /// Entries of an archive.
    pub entries: usize,
    /// How many times its packed size an entry may unpack to, once it is larger than a mebibyte.
    pub ratio: u64,
    /// Bytes of one conversation.
    pub chat_bytes: u64,
    /// Messages of one conversation.
    pub messages: usize,
    /// Bytes of one message.
    pub message_bytes: usize,
    /// Objects of one conversation's JSON: each takes some hundreds of bytes of memory.
    pub objects: usize,
    /// Values of one conversation's JSON.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 256 << 20,
            entries: 5_000,
            ratio: 100,
            chat_bytes: 32 << 20,
            messages: 20_000,
            message_bytes: 4 << 20,
            objects: 350_000,
            values: 2_000_000,
        }
    }
}

/// Why a whole file is not read, or not further; for the person who sent it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No export that is known here.
    #[error("{0}")]
    Unknown(String),
    /// More than [`Limits`] allow.
    #[error("{0}")]
    TooLarge(String),
    /// An archive that is made to do harm, or that might.
    #[error("{0}")]
    Hostile(String),
    /// It cannot be read from its disk.
    #[error("the file cannot be read")]
    Unreadable,
}

/// A chat as it comes in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chat {
    /// Names it in its export, the same in the next one.
    pub source_id: String,
    /// On one line; absent when it had none.
    pub title: Option<String>,
    /// When it was begun.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last used.
    pub updated_at: Option<DateTime<Utc>>,
    /// Put away.
    pub is_archived: bool,
    /// Kept on top.
    pub is_pinned: bool,
    /// The model that answered.
    pub model: Option<String>,
    /// What its models were told to be.
    pub system_prompt: Option<String>,
    /// Settings of this program's own export.
    pub params: Option<serde_json::Value>,
    /// Names, as they were typed.
    pub tags: Vec<String>,
    /// Names of the folders it is in, the outermost first.
    pub folders: Vec<String>,
    /// Every branch; parents come before their children.
    pub messages: Vec<Message>,
    /// The message that was looked at last.
    pub leaf: Option<usize>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The person.
    #[default]
    User,
    /// A model.
    Assistant,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// Whole.
    #[default]
    Complete,
    /// The person did not want more, or never got an answer.
    Stopped,
    /// It broke off.
    Interrupted,
    /// Nothing came of it.
    Failed,
}

/// A message as it comes in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// Its place among the chat's messages; absent for a first message.
    pub parent: Option<usize>,
    /// Who speaks.
    pub role: Role,
    /// How it ended.
    pub end: End,
    /// Markdown.
    pub content: String,
    /// What a model thought before it answered.
    pub reasoning: Option<String>,
    /// The model that wrote it.
    pub model: Option<String>,
    /// When it was written.
    pub created_at: Option<DateTime<Utc>>,
    /// What else this program's own export holds.
    pub facts: Option<Box<sangam::Facts>>,
}

/// A conversation that does not come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its title, as far as it can be known.
    pub title: String,
    /// Why, in a sentence.
    pub reason: String,
}

/// One conversation of an export.
#[derive(Debug)]
pub struct Found {
    /// Where it comes from, as far as it can be known.
    pub source: Option<Source>,
    /// The conversation, or why it is left out.
    pub chat: Result<Chat, LeftOut>,
}

/// Reads an export, conversation by conversation, until `each` says false. `source` is what it was
/// said to be; absent, each conversation is known by its shape.
pub fn read<R: Read + Seek>(
    file: R,
    source: Option<Source>,
    limits: &Limits,
    each: &mut dyn FnMut(Found) -> bool,
) -> Result<(), Refused> {
    let mut known = source;
    let mut found_any = false;
    archive::walk(file, limits, &mut |item| {
        let raw = match item.text {
            Ok(raw) => raw,
            Err(reason) => {
                found_any = true;
                let title = String::new();
                let chat = Err(LeftOut { title, reason });
                return each(Found {
                    source: known,
                    chat,
                });
            }
        };
        let text = json::mended(raw.get());
        let shape = source.or_else(|| shape(&text));
        let Some(source) = shape.or(known.filter(|_| item.is_listed)) else {
            // Beside chats there are files that hold none.
            return true;
        };
        known = Some(source);
        found_any = true;
        let chat = parsed(source, &text, limits).map_err(|reason| LeftOut {
            title: json::title(&text),
            reason,
        });
        let source = Some(source);
        each(Found { source, chat })
    })?;
    if found_any {
        return Ok(());
    }
    let known = "an export of ChatGPT, Claude, Open WebUI, LibreChat or Sangam";
    Err(Refused::Unknown(format!(
        "the file holds no chats: send {known}"
    )))
}

/// How many conversations [`read`] will come upon, at the most.
pub fn count<R: Read + Seek>(file: R, limits: &Limits) -> Result<u64, Refused> {
    let mut count = 0;
    archive::walk(file, limits, &mut |_| {
        count += 1;
        true
    })?;
    Ok(count)
}

/// What the top of a conversation looks like.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape<'a> {
    format: Option<String>,
    #[serde(borrow)]
    mapping: Option<&'a RawValue>,
    #[serde(borrow, rename = "chat_messages")]
    chat_messages: Option<&'a RawValue>,
    #[serde(borrow)]
    chat: Option<&'a RawValue>,
    #[serde(borrow)]
    history: Option<&'a RawValue>,
    #[serde(borrow)]
    messages: Option<&'a RawValue>,
    #[serde(borrow)]
    conversation_id: Option<&'a RawValue>,
    #[serde(borrow)]
    export_at: Option<&'a RawValue>,
}

fn shape(text: &str) -> Option<Source> {
    let shape: Shape<'_> = serde_json::from_str(text).ok()?;
    let is_object = |raw: Option<&RawValue>| raw.is_some_and(|raw| raw.get().starts_with('{'));
    if shape.format.as_deref() == Some(sangam::FORMAT) {
        return Some(Source::Sangam);
    }
    if is_object(shape.mapping) {
        return Some(Source::ChatGpt);
    }
    if shape.chat_messages.is_some() {
        return Some(Source::Claude);
    }
    if is_object(shape.chat) || is_object(shape.history) {
        return Some(Source::OpenWebUi);
    }
    let messages = shape.messages?.get();
    let is_librechat = shape.conversation_id.is_some()
        || shape.export_at.is_some()
        || messages.contains("\"messageId\"");
    is_librechat.then_some(Source::LibreChat)
}

fn parsed(source: Source, text: &str, limits: &Limits) -> Result<Chat, String> {
    let (objects, values) = json::weight(text);
    if objects > limits.objects || values > limits.values {
        return Err("It has more parts than can be read.".to_owned());
    }
    let mut chat = match source {
        Source::ChatGpt => chatgpt::chat(&json::value(text)?),
        Source::Claude => claude::chat(&json::value(text)?),
        Source::OpenWebUi => open_webui::chat(&json::value(text)?),
        Source::LibreChat => librechat::chat(text),
        Source::Sangam => sangam::chat(text),
    }?;
    if chat.messages.is_empty() {
        return Err("It holds no messages.".to_owned());
    }
    if chat.messages.len() > limits.messages {
        return Err(format!("It holds more than {} messages.", limits.messages));
    }
    let longest = chat.messages.iter().map(|message| message.content.len());
    if longest.max().unwrap_or_default() > limits.message_bytes {
        let most = limits.message_bytes >> 20;
        return Err(format!("One of its messages is longer than {most} MiB."));
    }
    chat.title = chat.title.as_deref().and_then(value::one_line);
    if chat.source_id.is_empty() || chat.source_id.len() > MOST_ID {
        // The same text is the same chat.
        chat.source_id = String::with_capacity(64);
        for byte in Sha256::digest(text) {
            write!(chat.source_id, "{byte:02x}").ok();
        }
    }
    Ok(chat)
}
