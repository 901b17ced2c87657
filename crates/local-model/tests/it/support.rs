//! The real weights, and short ways to ask.

use std::path::{Path, PathBuf};

use futures::{StreamExt, executor::block_on};
use gateway::{
    Error, ErrorKind, Event, EventStream, FinishReason, Message, Params, Provider, Request, Role,
    Usage,
};
use local_model::{FILE_NAME, LocalModel, Options};

pub(crate) const MODEL: &str = "smollm2-135m-instruct";

/// The built-in model's file, as `scripts/weights.py` left it.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration to ask"
)]
pub(crate) fn weights() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(path) = set("SANGAM_LOCAL_MODEL__PATH") {
        return path.into();
    }
    let cache = set("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.unwrap_or_else(|| Path::new(&set("HOME").unwrap()).join(".cache"));
    let path = cache.join("sangam/models").join(FILE_NAME);
    assert!(
        path.exists(),
        "{} is missing: run python3 scripts/weights.py",
        path.display()
    );
    path
}

pub(crate) fn options() -> Options {
    Options {
        seed: Some(1),
        threads: 2,
        ..Options::new(weights())
    }
}

pub(crate) fn model() -> LocalModel {
    LocalModel::new(options()).unwrap()
}

pub(crate) fn message(role: Role, content: &str) -> Message {
    Message::new(role, content)
}

pub(crate) fn user(content: &str) -> Message {
    message(Role::User, content)
}

/// A request for the likeliest answer of at most `max_tokens`.
pub(crate) fn greedy(messages: Vec<Message>, max_tokens: u32) -> Request {
    let params = Params {
        temperature: Some(0.0),
        max_tokens: Some(max_tokens),
        ..Params::default()
    };
    Request {
        model: MODEL.to_owned(),
        messages,
        params,
        ..Request::default()
    }
}

pub(crate) fn start(model: &LocalModel, request: Request) -> Result<EventStream, Error> {
    block_on(model.stream(request))
}

/// A whole answer.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) usage: Usage,
    pub(crate) finish: FinishReason,
}

/// Reads an answer to its end and checks the order of its events.
pub(crate) fn collect(stream: EventStream) -> Result<Answer, Error> {
    let mut text = String::new();
    let mut usage = None;
    let mut finish = None;
    for event in block_on(stream.collect::<Vec<_>>()) {
        assert!(finish.is_none(), "nothing follows the finish");
        match event? {
            Event::Text(piece) => {
                assert!(!piece.is_empty() && usage.is_none());
                text.push_str(&piece);
            }
            Event::Usage(count) => usage = Some(count),
            Event::Finish(reason) => finish = Some(reason),
            other => panic!("unexpected {other:?}"),
        }
    }
    Ok(Answer {
        text,
        usage: usage.unwrap(),
        finish: finish.unwrap(),
    })
}

pub(crate) fn ask(model: &LocalModel, request: Request) -> Answer {
    collect(start(model, request).unwrap()).unwrap()
}

/// The error a request ends with, wherever it comes.
pub(crate) fn refusal(model: &LocalModel, request: Request) -> (ErrorKind, String) {
    let error = match start(model, request) {
        Err(error) => error,
        Ok(stream) => collect(stream).unwrap_err(),
    };
    (error.kind, error.message)
}

/// The first piece of an answer that has begun.
pub(crate) fn first(stream: &mut EventStream) -> Event {
    block_on(stream.next()).unwrap().unwrap()
}
