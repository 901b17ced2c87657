//! A provider for tests: real HTTP and SSE over a real socket, with every way to break them.
//!
//! ```no_run
//! # async fn example() {
//! use std::time::Duration;
//! use gateway::scripted::{Script, Scripted};
//!
//! let upstream = Scripted::start().await;
//! upstream.model("slow", Script::tokens(["Hel", "lo"]).every(Duration::from_millis(50)));
//! upstream.when("please fail", Script::status(500));
//! upstream.next(Script::status(429).retry_after("1")); // once, before anything else
//! let address = upstream.base_url(); // OPENAI_BASE_URL
//! # }
//! ```
//!
//! A request is answered by the first script that fits: one queued by [`Scripted::next`], one whose
//! marker is in the last message, one of the model named, the default. Every request is recorded,
//! with when its client went away. It listens on loopback only and stops when dropped.

mod script;
mod serve;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle, time::Instant};

pub use script::Script;

/// A running scripted provider.
#[derive(Debug)]
pub struct Scripted {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// `GET` or `POST`.
    pub method: String,
    /// Path as sent, such as `/v1/chat/completions`.
    pub path: String,
    /// Headers in order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; null where there was none or it is not JSON.
    pub body: Value,
    /// When it had come in full.
    pub received: Instant,
    /// Which connection it came over, counted from 0.
    pub connection: usize,
    /// When the answer was sent in full.
    pub answered: Option<Instant>,
    /// When the client was seen to go away before that.
    pub gone: Option<Instant>,
}

impl Recorded {
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The model asked for; empty where none was.
    pub fn model(&self) -> &str {
        self.body
            .get("model")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The text of the last message; empty where there is none.
    pub fn prompt(&self) -> &str {
        let last = self
            .body
            .get("messages")
            .and_then(Value::as_array)
            .and_then(|list| list.last());
        let content = last.and_then(|message| message.get("content"));
        // Beside images the words are one of the parts.
        let words = content.and_then(|content| match content {
            Value::Array(parts) => parts.iter().find_map(|part| part.get("text")?.as_str()),
            content => content.as_str(),
        });
        words.unwrap_or_default()
    }

    fn is_completion(&self) -> bool {
        self.method == "POST" && self.path.ends_with("/chat/completions")
    }
}

#[derive(Debug)]
struct State {
    queued: VecDeque<Script>,
    marked: Vec<(String, Script)>,
    models: Vec<(String, Script)>,
    default: Script,
    list: Option<Script>,
    requests: Vec<Recorded>,
    connections: usize,
}

impl State {
    /// Records a request and chooses its answer.
    fn receive(&mut self, request: Recorded) -> (usize, Script) {
        let script = if request.is_completion() {
            self.answer_to(&request)
        } else if request.method == "GET" && request.path.ends_with("/models") {
            self.list
                .clone()
                .unwrap_or_else(|| Script::json(&self.listed()))
        } else {
            Script::status(404)
        };
        self.requests.push(request);
        (self.requests.len() - 1, script)
    }

    fn answer_to(&mut self, request: &Recorded) -> Script {
        if let Some(script) = self.queued.pop_front() {
            return script;
        }
        let marked = self
            .marked
            .iter()
            .find(|(marker, _)| request.prompt().contains(marker));
        let of_model = || {
            self.models
                .iter()
                .find(|(model, _)| model == request.model())
        };
        marked
            .or_else(of_model)
            .map_or(&self.default, |(_, script)| script)
            .clone()
    }

    fn listed(&self) -> Value {
        let entry = |id: &str| json!({"id": id, "object": "model", "owned_by": "scripted"});
        let ids = self.models.iter().map(|(id, _)| id.as_str());
        let data: Vec<Value> = ids
            .chain(self.models.is_empty().then_some("scripted"))
            .map(entry)
            .collect();
        json!({"object": "list", "data": data})
    }
}

impl Scripted {
    /// Starts on a free port of loopback.
    pub async fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// Starts at an address of loopback, such as the one that a predecessor had.
    ///
    /// # Panics
    /// When the address is taken.
    pub async fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address)
            .await
            .expect("a port of loopback is free");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let state = Arc::new(Mutex::new(State {
            queued: VecDeque::new(),
            marked: Vec::new(),
            models: Vec::new(),
            default: Script::tokens(["Hello", ", ", "world", "!"]),
            list: None,
            requests: Vec::new(),
            connections: 0,
        }));
        #[expect(
            clippy::disallowed_methods,
            reason = "lives in tests, which wait for nothing"
        )]
        let server = tokio::spawn(serve::accept(listener, Arc::clone(&state)));
        Self {
            address,
            state,
            server,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL to give to a provider's settings.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Answers every request for this model so, and lists it.
    pub fn model(&self, id: &str, script: Script) -> &Self {
        let mut state = self.state();
        state.models.retain(|(own, _)| own != id);
        state.models.push((id.to_owned(), script));
        drop(state);
        self
    }

    /// Answers every request so whose last message holds this text.
    pub fn when(&self, marker: &str, script: Script) -> &Self {
        self.state().marked.push((marker.to_owned(), script));
        self
    }

    /// Answers one coming request so, after those queued before it.
    pub fn next(&self, script: Script) -> &Self {
        self.state().queued.push_back(script);
        self
    }

    /// Answers so what nothing else fits.
    pub fn otherwise(&self, script: Script) -> &Self {
        self.state().default = script;
        self
    }

    /// Answers requests for the list of models so, instead of with the models scripted.
    pub fn list(&self, script: Script) -> &Self {
        self.state().list = Some(script);
        self
    }

    /// Everything that was asked so far, in order.
    pub fn requests(&self) -> Vec<Recorded> {
        self.state().requests.clone()
    }

    /// The requests for answers so far, in order.
    pub fn completions(&self) -> Vec<Recorded> {
        let state = self.state();
        state
            .requests
            .iter()
            .filter(|request| request.is_completion())
            .cloned()
            .collect()
    }

    /// Waits until `fits` holds for the requests for answers; false when it does not in time.
    pub async fn until(&self, within: Duration, fits: impl Fn(&[Recorded]) -> bool) -> bool {
        let end = Instant::now() + within;
        while !fits(&self.completions()) {
            if Instant::now() >= end {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
