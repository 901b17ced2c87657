//! The wire that `OpenAI` made common, spoken to any server: what the dialects share.
//!
//! A dialect adds its own request fields and its own way to describe a model; everything else, such
//! as reading the stream and wording failures, is here once.

mod answer;
mod body;
mod chunk;
mod citations;
mod models;
mod stream;
mod think;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use outbound::{Bytes, Options, Response, Trusted, TrustedError, Url};
use serde_json::Value;

pub(crate) use body::{Effort, Extras, Include};
pub(crate) use models::{MODALITY_IMAGE, MODALITY_TEXT, context_length, name_and_id};

use crate::{
    Error, ErrorKind, EventStream, Model, Params, Request, Settings, SettingsError,
    fault::{Faults, Refusal},
    scrub::Scrubber,
};
use answer::Answer;
use body::Form;

/// What one dialect does in its own way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// Request fields that only this dialect has.
    pub(crate) extras: fn(&Params) -> Extras,
    /// One entry of the model list; `None` leaves it out.
    pub(crate) model: fn(&Value) -> Option<Model>,
    /// Headers of every request, by lower-case name.
    pub(crate) headers: &'static [(&'static str, &'static str)],
}

/// One server that speaks a dialect.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) name: String,
    http: Trusted,
    dialect: Dialect,
    faults: Arc<Faults>,
    max_answer_bytes: usize,
    /// The server was seen to refuse `stream_options`.
    is_plain: AtomicBool,
}

impl Endpoint {
    pub(crate) fn new(
        settings: Settings,
        dialect: Dialect,
        site: Option<&str>,
    ) -> Result<Self, SettingsError> {
        let base = base_url(&settings.base_url)?;
        let headers = dialect
            .headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let options = Options {
            bearer: settings.api_key.clone(),
            headers: headers
                .chain(site.map(|site| ("http-referer", site.to_owned())))
                .collect(),
            connect_timeout: settings.connect_timeout,
        };
        let scrubber = Scrubber::new(settings.api_key, &base);
        Ok(Self {
            faults: Arc::new(Faults::new(&settings.name, scrubber)),
            http: outbound::trusted(base, &options)?,
            id: settings.id,
            name: settings.name,
            dialect,
            max_answer_bytes: settings.max_answer_bytes,
            is_plain: AtomicBool::new(false),
        })
    }

    pub(crate) async fn models(&self) -> Result<Vec<Model>, Error> {
        models::fetch(&self.http, &self.faults, self.dialect.model).await
    }

    pub(crate) async fn stream(&self, request: Request) -> Result<EventStream, Error> {
        let response = self.open(&request).await?;
        drop(request); // a long conversation need not be kept while it is answered
        let compressed = response
            .header("content-encoding")
            .is_some_and(|encoding| !encoding.eq_ignore_ascii_case("identity"));
        if compressed {
            return Err(self
                .faults
                .protocol("a compressed answer, which was not asked for"));
        }
        let answer = Answer::new(Arc::clone(&self.faults), self.max_answer_bytes);
        Ok(stream::of(response, answer))
    }

    /// Sends the request, and once more without each optional field that the server refuses.
    async fn open(&self, request: &Request) -> Result<Response, Error> {
        let mut form = Form {
            has_stream_options: !self.is_plain.load(Ordering::Relaxed),
            ..Form::default()
        };
        loop {
            let body = self.body(request, form)?;
            let response = self.http.post_json("chat/completions", body).await;
            let response = response.map_err(|failure| self.faults.of_failure(&failure))?;
            if (200..300).contains(&response.status()) {
                self.is_plain
                    .store(!form.has_stream_options, Ordering::Relaxed);
                return Ok(response);
            }
            let refusal = Refusal::read(response).await;
            match form.without_what(&refusal, request) {
                Some(simpler) => form = simpler,
                None => return Err(self.faults.of_refusal(&refusal, Some(&request.model))),
            }
        }
    }

    fn body(&self, request: &Request, form: Form) -> Result<Bytes, Error> {
        let extras = (self.dialect.extras)(&request.params);
        body::json(request, form, &extras)
            .map(Bytes::from)
            .map_err(|error| {
                Error::new(
                    ErrorKind::Refused,
                    format!("The request cannot be written: {error}."),
                )
            })
    }
}

/// The address below which `chat/completions` and `models` are, from what people type: `/v1` is
/// added where there is no path, and an endpoint's own path at the end is taken off.
fn base_url(typed: &str) -> Result<Url, SettingsError> {
    let typed = typed.trim();
    let mut url = Url::parse(typed).map_err(|_| SettingsError::Trusted(TrustedError::Address))?;
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/chat/completions").unwrap_or(path);
    let path = path
        .strip_suffix("/models")
        .unwrap_or(path)
        .trim_end_matches('/');
    let path = if path.is_empty() { "/v1" } else { path }.to_owned();
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::base_url;

    #[test]
    fn a_base_url_is_taken_as_people_type_it() {
        for (typed, expected) in [
            ("http://localhost:11434", "http://localhost:11434/v1"),
            ("http://localhost:11434/", "http://localhost:11434/v1"),
            (" http://localhost:8000/v1/ ", "http://localhost:8000/v1"),
            (
                "https://openrouter.ai/api/v1",
                "https://openrouter.ai/api/v1",
            ),
            (
                "https://x.org/v1beta/openai/",
                "https://x.org/v1beta/openai",
            ),
            ("https://x.org/v1/chat/completions", "https://x.org/v1"),
            ("https://x.org/chat/completions/", "https://x.org/v1"),
            ("https://x.org/api/v1/models", "https://x.org/api/v1"),
        ] {
            assert_eq!(base_url(typed).unwrap().as_str(), expected, "{typed}");
        }
        assert!(base_url("localhost").is_err());
        assert!(base_url("").is_err());
    }
}
