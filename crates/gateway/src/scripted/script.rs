//! What a scripted provider sends, step by step.

use std::time::Duration;

use serde_json::{Value, json};

/// One answer: its head, then steps, which decide also how it ends.
#[derive(Clone, Debug)]
pub struct Script {
    pub(super) head: Head,
    pub(super) head_after: Duration,
    pub(super) steps: Vec<Step>,
    pub(super) every: Duration,
    pub(super) pieces: Option<(usize, Duration)>,
}

#[derive(Clone, Debug)]
pub(super) enum Head {
    /// Status and headers; the body in chunks.
    Http {
        status: u16,
        headers: Vec<(String, String)>,
    },
    /// Not HTTP at all: the steps' bytes are sent as they are.
    None,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A token, before which `every` is waited.
    Token(Vec<u8>),
    Bytes(Vec<u8>),
    /// The first half of a chunk whose announced length is that of the whole.
    HalfChunk(Vec<u8>),
    Wait(Duration),
    /// These bytes again and again.
    Forever(Vec<u8>),
    /// Nothing more, on an open connection.
    Silence,
    /// The connection ends by FIN, without the end of the body.
    Close,
    /// The connection ends by RST.
    Reset,
}

impl Script {
    /// A normal answer of these tokens: role, tokens, finish reason, usage, `[DONE]`.
    pub fn tokens<T: AsRef<str>>(tokens: impl IntoIterator<Item = T>) -> Self {
        let mut script = Self::stream();
        let mut count = 0_u32;
        for token in tokens {
            script = script.token(token.as_ref());
            count += 1;
        }
        script.finish("stop").usage(7, count).done()
    }

    /// A normal answer with this text, a token a word.
    pub fn text(text: &str) -> Self {
        Self::tokens(text.split_inclusive(' '))
    }

    /// A normal answer of `size` bytes in tokens of `token_size`.
    pub fn sized(size: usize, token_size: usize) -> Self {
        let token = "x".repeat(token_size);
        Self::tokens(std::iter::repeat_n(
            token.as_str(),
            size / token_size.max(1),
        ))
    }

    /// The beginning of an event stream, to be gone on with; without an ending of its own the body
    /// ends properly after the last step.
    pub fn stream() -> Self {
        Self::http(200)
            .header("content-type", "text/event-stream")
            .chunk(&delta(
                &json!({"role": "assistant", "content": ""}),
                &Value::Null,
            ))
    }

    /// A refusal or failure with this status, in the usual shape.
    pub fn status(status: u16) -> Self {
        let message = format!("scripted status {status}");
        Self::refusal(
            status,
            &json!({"error": {"message": message, "type": "scripted"}}),
        )
    }

    /// A refusal or failure with this status and body.
    pub fn refusal(status: u16, body: &Value) -> Self {
        Self::http(status).body("application/json", body.to_string())
    }

    /// A failure that repeats the key that came with the request.
    pub fn echoes_key(status: u16) -> Self {
        let message = format!("Incorrect API key provided: {KEY_PLACEHOLDER}.");
        Self::refusal(status, &json!({"error": {"message": message}}))
    }

    /// A web page with this status.
    pub fn page(status: u16) -> Self {
        let page = "<!doctype html>\n<html><body><h1>Bad Gateway</h1></body></html>";
        Self::http(status).body("text/html", page)
    }

    /// A redirect to this address.
    pub fn redirect(location: &str) -> Self {
        Self::http(307).header("location", location)
    }

    /// A JSON text with status 200.
    pub fn json(body: &Value) -> Self {
        Self::http(200).body("application/json", body.to_string())
    }

    /// A whole answer with status 200, from a server that does not stream.
    pub fn whole(text: &str) -> Self {
        Self::json(&json!({
            "id": "scripted", "object": "chat.completion", "model": "scripted",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text},
                "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 7, "completion_tokens": 2}
        }))
    }

    /// These bytes instead of HTTP, then the end of the connection.
    pub fn not_http(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            head: Head::None,
            ..Self::http(200)
        }
        .raw(bytes)
        .close()
    }

    /// No answer at all, on an open connection.
    pub fn silent() -> Self {
        Self {
            head: Head::None,
            ..Self::http(200)
        }
        .silence()
    }

    /// The end of the connection before the first byte.
    pub fn hang_up() -> Self {
        Self {
            head: Head::None,
            ..Self::http(200)
        }
        .close()
    }

    /// A head with this status, and no body yet.
    pub fn http(status: u16) -> Self {
        Self {
            head: Head::Http {
                status,
                headers: Vec::new(),
            },
            head_after: Duration::ZERO,
            steps: Vec::new(),
            every: Duration::ZERO,
            pieces: None,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Head::Http { headers, .. } = &mut self.head {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Asks to wait: seconds, or an HTTP date.
    #[must_use]
    pub fn retry_after(self, value: &str) -> Self {
        self.header("retry-after", value)
    }

    /// Sends a body of this type.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", content_type).raw(body)
    }

    /// Waits this long before the head.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.head_after = wait;
        self
    }

    /// Waits this long before every token.
    #[must_use]
    pub fn every(mut self, wait: Duration) -> Self {
        self.every = wait;
        self
    }

    /// Sends the body in pieces of `size` bytes, each after `wait`: characters are divided.
    #[must_use]
    pub fn in_pieces(mut self, size: usize, wait: Duration) -> Self {
        self.pieces = Some((size.max(1), wait));
        self
    }

    /// Sends a token of the answer.
    #[must_use]
    pub fn token(self, text: &str) -> Self {
        let chunk = delta(&json!({"content": text}), &Value::Null);
        self.step(Step::Token(event(&chunk)))
    }

    /// Sends a token of the reasoning.
    #[must_use]
    pub fn reasoning(self, text: &str) -> Self {
        let chunk = delta(&json!({"reasoning_content": text}), &Value::Null);
        self.step(Step::Token(event(&chunk)))
    }

    /// Sends a source of the answer.
    #[must_use]
    pub fn citation(self, url: &str, title: &str) -> Self {
        let citation =
            json!({"type": "url_citation", "url_citation": {"url": url, "title": title}});
        self.chunk(&delta(&json!({"annotations": [citation]}), &Value::Null))
    }

    /// Sends why the answer ended.
    #[must_use]
    pub fn finish(self, reason: &str) -> Self {
        self.chunk(&delta(&json!({}), &json!(reason)))
    }

    /// Sends what the answer took.
    #[must_use]
    pub fn usage(self, prompt_tokens: u32, completion_tokens: u32) -> Self {
        let usage = json!({"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens});
        self.chunk(&json!({"choices": [], "usage": usage}))
    }

    /// Sends `[DONE]`.
    #[must_use]
    pub fn done(self) -> Self {
        self.raw("data: [DONE]\n\n")
    }

    /// Sends one event with this JSON.
    #[must_use]
    pub fn chunk(self, chunk: &Value) -> Self {
        self.step(Step::Bytes(event(chunk)))
    }

    /// Sends these bytes as they are.
    #[must_use]
    pub fn raw(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.step(Step::Bytes(bytes.into()))
    }

    /// Waits.
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        self.step(Step::Wait(wait))
    }

    /// Sends this token again and again, without end.
    #[must_use]
    pub fn forever(self, text: &str) -> Self {
        let chunk = delta(&json!({"content": text}), &Value::Null);
        self.step(Step::Forever(event(&chunk)))
    }

    /// Sends nothing more, and keeps the connection open until the client goes away.
    #[must_use]
    pub fn silence(self) -> Self {
        self.step(Step::Silence)
    }

    /// Ends the connection by FIN without the end of the body.
    #[must_use]
    pub fn close(self) -> Self {
        self.step(Step::Close)
    }

    /// Sends half of a token's chunk and ends the connection by FIN.
    #[must_use]
    pub fn cut(self, text: &str) -> Self {
        let chunk = delta(&json!({"content": text}), &Value::Null);
        self.step(Step::HalfChunk(event(&chunk))).step(Step::Close)
    }

    /// Ends the connection by RST.
    #[must_use]
    pub fn reset(self) -> Self {
        self.step(Step::Reset)
    }

    fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

/// Stands in a body for the key that came with the request.
pub(super) const KEY_PLACEHOLDER: &str = "{the key}";

fn delta(delta: &Value, finish_reason: &Value) -> Value {
    json!({
        "id": "scripted", "object": "chat.completion.chunk", "created": 1, "model": "scripted",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]
    })
}

fn event(chunk: &Value) -> Vec<u8> {
    format!("data: {chunk}\n\n").into_bytes()
}
