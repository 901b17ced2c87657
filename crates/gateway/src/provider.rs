//! The one interface between the platform and whatever answers a conversation.

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use futures::{Stream, future::BoxFuture};
use serde::{Deserialize, Serialize};

/// Something that answers conversations: a remote server, or the model inside this process.
pub trait Provider: Send + Sync + 'static {
    /// Short stable name, used as the `<provider>:` prefix of ambiguous model ids.
    fn id(&self) -> &str;

    /// What people read in the model picker.
    fn name(&self) -> &str;

    /// The models offered now. May take as long as the provider takes; callers cache.
    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, Error>>;

    /// Starts one answer. The future ends once the provider accepted the request; the stream then
    /// yields deltas and ends after [`Event::Finish`]. Dropping either cancels the work.
    fn stream(&self, request: Request) -> BoxFuture<'_, Result<EventStream, Error>>;
}

/// The events of one answer, in order. After an `Err` nothing follows.
pub type EventStream = Pin<Box<dyn Stream<Item = Result<Event, Error>> + Send>>;

/// One model in a provider's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// The provider's own id, unchanged.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Prompt plus answer, in tokens, when the provider says.
    pub context_length: Option<u32>,
    /// Micro-dollars per million prompt tokens, when the provider says.
    pub prompt_price_microusd_per_mtok: Option<i64>,
    /// Micro-dollars per million completion tokens, when the provider says.
    pub completion_price_microusd_per_mtok: Option<i64>,
    /// What it takes in: `text`, `image`, `audio`, `file`.
    pub modalities: Vec<String>,
    /// Runs inside this process.
    pub is_local: bool,
}

/// One conversation to be answered.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The provider's own model id.
    pub model: String,
    /// The conversation, oldest first, system message included.
    pub messages: Vec<Message>,
    /// Sampling and limits.
    pub params: Params,
    /// The last message is the assistant's own unfinished answer, to be gone on with: what the
    /// stream yields is appended to it.
    pub continues: bool,
    /// Names the conversation, so that a provider may reuse its prompt cache across turns.
    pub conversation: Option<String>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions that hold for the whole conversation.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: String,
    /// What is shown with it, to a model that can see.
    pub images: Vec<Image>,
}

impl Message {
    /// A turn in words alone.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self {
            role,
            content: content.into(),
            images: Vec::new(),
        }
    }
}

/// An image as it travels: the bytes themselves, in a `data:` address.
#[derive(Clone, PartialEq, Eq)]
pub struct Image(Arc<str>);

impl Image {
    /// From `data:image/…;base64,…`.
    pub fn from_data_url(url: impl Into<Arc<str>>) -> Self {
        Self(url.into())
    }

    /// The address.
    pub fn data_url(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({} bytes)", self.0.len())
    }
}

/// What may be asked of the sampler; `None` leaves it to the provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Params {
    /// 0 to 2.
    pub temperature: Option<f64>,
    /// 0 to 1.
    pub top_p: Option<f64>,
    /// Tokens of the answer at the most.
    pub max_tokens: Option<u32>,
    /// Texts that end the answer; they are not part of it.
    pub stop: Vec<String>,
    /// `minimal`, `low`, `medium` or `high`, for models that reason.
    pub reasoning_effort: Option<String>,
}

/// One thing that happens while an answer is made.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The model that in fact answers, when the provider names it.
    Model(String),
    /// A piece of the answer; never empty, always whole characters.
    Text(String),
    /// A piece of the model's reasoning.
    Reasoning(String),
    /// A source the answer cites.
    Citation(Citation),
    /// Another annotation of the answer, as the provider sent it.
    Annotation(serde_json::Value),
    /// What the answer took.
    Usage(Usage),
    /// The answer is whole; nothing follows.
    Finish(FinishReason),
}

/// A source that an answer cites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// `http` or `https` address.
    pub url: String,
    /// Title of the page, when known.
    pub title: Option<String>,
    /// The cited passage, when known.
    pub text: Option<String>,
    /// Where in the answer it is cited, in characters, when known.
    pub start_index: Option<u32>,
    /// Where the cited part of the answer ends, in characters, when known.
    pub end_index: Option<u32>,
}

/// What an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of the answer, reasoning included.
    pub completion_tokens: u32,
    /// What the provider says it charged.
    pub cost_microusd: Option<i64>,
}

/// Why an answer ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FinishReason {
    /// The model was done, or a stop text came.
    Stop,
    /// The token limit was reached: the answer can be continued.
    Length,
    /// The provider's filter ended it.
    ContentFilter,
    /// Something else, in the provider's words.
    Other(String),
}

/// Why no answer, or no more of it, came.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{kind:?}: {message}")]
pub struct Error {
    /// What kind of failure, for deciding on retry, fallback and status.
    pub kind: ErrorKind,
    /// One sentence for the person who asked; never holds a key or an internal address.
    pub message: String,
    /// The HTTP status the provider answered with, if it did.
    pub status: Option<u16>,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
}

impl Error {
    /// A failure that came with neither status nor wait.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            status: None,
            retry_after: None,
        }
    }
}

/// The kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The provider refused this request (400, 413, 422, content policy): a retry will not help.
    Refused,
    /// Our own key was refused, or may not do this (401, 402, 403).
    Unauthorized,
    /// The model is not there (404).
    ModelNotFound,
    /// The provider limits us (429).
    RateLimited,
    /// The provider failed (5xx), or sent an error in mid-stream.
    Upstream,
    /// The provider could not be reached.
    Unreachable,
    /// What came is not what the protocol allows.
    Protocol,
    /// The stream ended before the answer did.
    Cut,
    /// No first piece in time.
    FirstTokenTimeout,
    /// Silence in the middle.
    IdleTimeout,
    /// The whole took too long.
    TotalTimeout,
    /// Our own queue is full.
    Busy,
    /// The conversation does not fit the model.
    ContextTooLong,
}
