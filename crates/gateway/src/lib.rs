//! Speak to models: wire types, one file per provider dialect, SSE codec, retry.
//!
//! Everything that answers a conversation is a [`Provider`]: `OpenRouter`, any OpenAI-compatible
//! server, and the built-in model. A provider turns a [`Request`] into a stream of [`Event`]s;
//! dropping the stream cancels the work behind it. [`generate()`] puts limits and retries around any
//! of them. What a provider sends is input like any other: bounded, read with patience, and its
//! failures are worded anew. Nothing here knows of users, chats or storage.

mod compatible;
mod cost;
mod decimal;
mod fault;
mod generate;
mod openai;
pub mod openrouter;
mod provider;
mod retry_after;
#[cfg(feature = "scripted")]
pub mod scripted;
mod scrub;
pub mod sse;

pub use cost::cost_microusd;
pub use generate::{Limits, generate};
pub use openai::{OpenAiProvider, Settings, SettingsError};
pub use openrouter::OpenRouterProvider;
pub use outbound::Secret;
pub use provider::{
    Citation, Error, ErrorKind, Event, EventStream, FinishReason, Image, Message, Model, Params,
    Provider, Request, Role, Usage,
};
