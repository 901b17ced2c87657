//! Any server that speaks `OpenAI`'s chat completions: OpenAI itself, Ollama, llama.cpp, vLLM and more.

use std::time::Duration;

use futures::future::BoxFuture;
use outbound::{Secret, TrustedError};
use serde_json::Value;

use crate::{
    Error, EventStream, Model, Params, Provider, Request,
    compatible::{
        Dialect, Endpoint, Extras, MODALITY_IMAGE, MODALITY_TEXT, context_length, name_and_id,
    },
};

/// How to reach one server. `Debug` never shows the key.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Short stable name, the `<provider>:` prefix of ambiguous model ids.
    pub id: String,
    /// What people read in the model picker, and in sentences about failures.
    pub name: String,
    /// The address, as people type it: `http://localhost:11434`, `http://localhost:8000/v1`,
    /// `https://api.openai.com/v1`. Where there is no path `/v1` is added; any other path is kept,
    /// but for the `/chat/completions` or `/models` of somebody who gave the whole address.
    pub base_url: String,
    /// Sent as a bearer token to that host and nowhere else; an empty one is none.
    pub api_key: Option<Secret>,
    /// How long a connection may take to be made; 10 s unless set.
    pub connect_timeout: Duration,
    /// Bytes of text and reasoning at the most, beyond which an answer is refused; 16 MiB unless set.
    pub max_answer_bytes: usize,
}

impl Settings {
    /// Settings with the defaults of what is not named.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        base_url: impl Into<String>,
        api_key: Option<Secret>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            base_url: base_url.into(),
            api_key: api_key.filter(|key| !key.is_empty()),
            connect_timeout: Duration::from_secs(10),
            max_answer_bytes: 16 << 20,
        }
    }
}

/// Why a provider cannot be made from its settings; reads as one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The address or the key.
    #[error(transparent)]
    Trusted(#[from] TrustedError),
}

pub(crate) const DIALECT: Dialect = Dialect {
    extras,
    model,
    headers: &[],
};

fn extras(params: &Params) -> Extras {
    Extras {
        reasoning_effort: params.reasoning_effort.clone(),
        ..Extras::default()
    }
}

/// Ids by which models that do not chat are known, where a list says nothing of their kind.
const NOT_CHAT: [&str; 11] = [
    "text-embedding",
    "whisper",
    "tts-",
    "dall-e",
    "omni-moderation",
    "text-moderation",
    "babbage",
    "davinci",
    "gpt-image",
    "sora-",
    "nomic-embed",
];
/// Kinds that some lists give, of models that do not chat.
const NOT_CHAT_KINDS: [&str; 9] = [
    "embedding",
    "embeddings",
    "image",
    "audio",
    "video",
    "moderation",
    "rerank",
    "transcribe",
    "tts",
];

fn model(entry: &Value) -> Option<Model> {
    let (name, id) = name_and_id(entry)?;
    let kind = entry
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let chats = entry
        .pointer("/capabilities/completion_chat")
        .and_then(Value::as_bool);
    let is_for_else = chats == Some(false)
        || NOT_CHAT_KINDS.contains(&kind)
        || NOT_CHAT.iter().any(|prefix| id.starts_with(prefix));
    (!is_for_else).then(|| Model {
        context_length: context_length(entry),
        prompt_price_microusd_per_mtok: None,
        completion_price_microusd_per_mtok: None,
        modalities: modalities(entry, &id),
        is_local: false,
        name,
        id,
    })
}

/// Beginnings of the names of models that see, of servers that do not say which do.
const SEES: [&str; 22] = [
    "gpt-4o",
    "gpt-4.1",
    "gpt-4-turbo",
    "gpt-5",
    "chatgpt-4o",
    "o1",
    "o3",
    "o4",
    "claude-",
    "gemini-",
    "gemma-3",
    "gemma3",
    "llava",
    "bakllava",
    "moondream",
    "minicpm-v",
    "pixtral",
    "mistral-small3",
    "llama4",
    "llama-4",
    "qwen2.5vl",
    "internvl",
];
/// Anywhere in such a name.
const SEES_WITHIN: [&str; 3] = ["vision", "-vl", "multimodal"];

/// A few servers say what a model takes in; of the others the name tells, as the families of models
/// that see are well known. A model wrongly taken for one that sees refuses the image.
fn modalities(entry: &Value, id: &str) -> Vec<String> {
    let says = |pointer: &str| {
        let list = entry.pointer(pointer).and_then(Value::as_array)?;
        let mut words = list.iter().filter_map(Value::as_str);
        Some(words.any(|word| matches!(word, "image" | "vision" | "multimodal")))
    };
    let told = [
        "/architecture/input_modalities",
        "/modalities",
        "/capabilities",
    ]
    .iter()
    .find_map(|pointer| says(pointer))
    .or_else(|| {
        entry
            .pointer("/capabilities/vision")
            .and_then(Value::as_bool)
    });
    let name = id.rsplit('/').next().unwrap_or(id).to_ascii_lowercase();
    let sees = told.unwrap_or_else(|| {
        SEES.iter().any(|start| name.starts_with(start))
            || SEES_WITHIN.iter().any(|part| name.contains(part))
    });
    let image = sees.then(|| MODALITY_IMAGE.to_owned());
    std::iter::once(MODALITY_TEXT.to_owned())
        .chain(image)
        .collect()
}

/// One server that speaks the common wire.
///
/// An unfinished answer ([`Request::continues`]) is sent as the assistant's last message, followed
/// by an instruction to go on from exactly where it stopped. `stream_options` is sent until the
/// server refuses it. Reasoning is understood as `reasoning_content`, `reasoning`, or `<think>` at
/// the very start of the text. Nothing but connecting is bounded in time here: that is
/// [`generate`](crate::generate())'s part.
#[derive(Debug)]
pub struct OpenAiProvider(Endpoint);

impl OpenAiProvider {
    /// A provider at the address in the settings; nothing is sent yet.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        Endpoint::new(settings, DIALECT, None).map(Self)
    }
}

impl Provider for OpenAiProvider {
    fn id(&self) -> &str {
        &self.0.id
    }

    fn name(&self) -> &str {
        &self.0.name
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>, Error>> {
        Box::pin(self.0.models())
    }

    fn stream(&self, request: Request) -> BoxFuture<'_, Result<EventStream, Error>> {
        Box::pin(self.0.stream(request))
    }
}
