//! A provider in front of a scripted upstream, and what an answer came to.

use std::{sync::Arc, time::Duration};

use futures::StreamExt;
use gateway::{
    Citation, Error, ErrorKind, Event, EventStream, FinishReason, Limits, Message, OpenAiProvider,
    OpenRouterProvider, Provider, Request, Role, Secret, Settings, Usage, generate,
    scripted::{Script, Scripted},
};

pub(crate) const KEY: &str = "sk-test-0123456789abcdef";

/// Limits that a busy machine keeps, with retries that come at once.
pub(crate) fn quick() -> Limits {
    Limits {
        first_token: Duration::from_secs(20),
        idle: Duration::from_secs(20),
        total: Duration::from_mins(1),
        backoff: Duration::from_millis(10),
        jitter: || 0.5,
        ..Limits::default()
    }
}

pub(crate) fn settings(upstream: &Scripted) -> Settings {
    Settings::new("acme", "Acme", upstream.base_url(), Some(Secret::from(KEY)))
}

pub(crate) fn openai(upstream: &Scripted) -> Arc<dyn Provider> {
    Arc::new(OpenAiProvider::new(settings(upstream)).unwrap())
}

pub(crate) fn openrouter(upstream: &Scripted) -> Arc<dyn Provider> {
    let settings = Settings {
        base_url: upstream.base_url(),
        ..OpenRouterProvider::settings(Secret::from(KEY))
    };
    Arc::new(OpenRouterProvider::new(settings, Some("https://chat.example.org")).unwrap())
}

pub(crate) fn ask(prompt: &str) -> Request {
    let message = Message::new(Role::User, prompt);
    Request {
        model: "m".to_owned(),
        messages: vec![message],
        ..Request::default()
    }
}

/// Everything an answer came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    pub(crate) models: Vec<String>,
    pub(crate) citations: Vec<Citation>,
    pub(crate) annotations: Vec<serde_json::Value>,
    pub(crate) usage: Option<Usage>,
    pub(crate) finish: Option<FinishReason>,
    pub(crate) error: Option<Error>,
}

impl Outcome {
    /// The text of an answer that is whole.
    pub(crate) fn whole(&self) -> &str {
        assert!(self.error.is_none(), "{self:?}");
        assert_eq!(self.finish, Some(FinishReason::Stop));
        &self.text
    }

    /// Kind and sentence of an answer that failed.
    pub(crate) fn failed(&self) -> (ErrorKind, &str) {
        assert_eq!(self.finish, None, "a failed answer must not finish");
        let error = self.error.as_ref().expect("the answer fails");
        (error.kind, &error.message)
    }
}

/// Reads an answer to its end, and checks that nothing follows the end.
pub(crate) async fn collect(mut events: EventStream) -> Outcome {
    let mut outcome = Outcome::default();
    while let Some(event) = events.next().await {
        assert!(
            outcome.finish.is_none() && outcome.error.is_none(),
            "{event:?} after the end"
        );
        match event {
            Ok(Event::Model(model)) => outcome.models.push(model),
            Ok(Event::Text(text)) => {
                assert!(!text.is_empty(), "an empty piece");
                outcome.text.push_str(&text);
            }
            Ok(Event::Reasoning(text)) => {
                assert!(!text.is_empty(), "an empty piece");
                outcome.reasoning.push_str(&text);
            }
            Ok(Event::Citation(citation)) => outcome.citations.push(citation),
            Ok(Event::Annotation(annotation)) => outcome.annotations.push(annotation),
            Ok(Event::Usage(usage)) => {
                assert_eq!(outcome.usage, None, "usage is told once");
                outcome.usage = Some(usage);
            }
            Ok(Event::Finish(reason)) => outcome.finish = Some(reason),
            Err(error) => outcome.error = Some(error),
        }
    }
    outcome
}

/// What the common dialect makes of one script, without retries.
pub(crate) async fn played(script: Script) -> Outcome {
    let upstream = Scripted::start().await;
    upstream.otherwise(script);
    let limits = Limits {
        retries: 0,
        ..quick()
    };
    collect(generate(openai(&upstream), ask("hi"), limits)).await
}
