//! Speak to models: wire types, one file per provider dialect, SSE codec, retry.
//!
//! Everything that answers a conversation is a [`Provider`]: `OpenRouter`, any OpenAI-compatible
//! server, and the built-in model. A provider turns a [`Request`] into a stream of [`Event`]s;
//! dropping the stream cancels the work behind it. Nothing here knows of users, chats or storage.

mod provider;

pub use provider::{
    Citation, Error, ErrorKind, Event, EventStream, FinishReason, Message, Model, Params, Provider,
    Request, Role, Usage,
};
