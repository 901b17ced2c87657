//! A model that answers at known times: an OpenAI-compatible server on loopback.
//!
//! `flood` sends its tokens as fast as they are taken; `paced` sends one every ten milliseconds and
//! `paced-20` and `paced-50` that many in a second, each naming the moment it was sent.

use std::{
    convert::Infallible,
    time::{Duration, Instant},
};

use anyhow::Result;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response, body::Frame, body::Incoming, header::CONTENT_TYPE, server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

/// Tokens of a `flood`.
pub(crate) const FLOOD_TOKENS: u64 = 60;
/// Tokens of a paced answer: longer than anything waits for it.
const PACED_TOKENS: u64 = 3000;
/// The paced models and the time between two tokens of each.
const PACES: [(&str, Duration); 3] = [
    ("paced", Duration::from_millis(10)),
    ("paced-20", Duration::from_millis(50)),
    ("paced-50", Duration::from_millis(20)),
];

/// The running upstream; dropping it ends it.
pub(crate) struct Upstream {
    pub(crate) port: u16,
    /// The zero of the moments that tokens name.
    pub(crate) epoch: Instant,
    _tasks: JoinSet<()>,
}

impl Upstream {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let epoch = Instant::now();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, epoch));
        Ok(Self {
            port,
            epoch,
            _tasks: tasks,
        })
    }
}

async fn accept(listener: TcpListener, epoch: Instant) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        if stream.set_nodelay(true).is_err() {
            continue;
        }
        while connections.try_join_next().is_some() {}
        connections.spawn(async move {
            let service = service_fn(move |request| respond(request, epoch));
            // A client that goes away, as a killed server does, is no error here.
            http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await
                .ok();
        });
    }
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

async fn respond(request: Request<Incoming>, epoch: Instant) -> Result<Response<Body>> {
    if request.uri().path().ends_with("/models") {
        let ids = PACES.iter().map(|(id, _)| *id).chain(["flood"]);
        let models: Vec<_> = ids
            .map(|id| json!({"id": id, "object": "model", "context_length": 1_000_000}))
            .collect();
        let body = json!({"object": "list", "data": models}).to_string();
        return Ok(answer(
            "application/json",
            stream::once(async { Bytes::from(body) }),
        ));
    }
    let body = request.into_body().collect().await?.to_bytes();
    let asked: Value = serde_json::from_slice(&body)?;
    let wanted = asked.get("model").and_then(Value::as_str);
    let pace = PACES.iter().find(|(id, _)| Some(*id) == wanted);
    Ok(match pace {
        Some((_, pace)) => answer("text/event-stream", paced(epoch, *pace)),
        None => answer("text/event-stream", flood()),
    })
}

fn answer(kind: &str, body: impl Stream<Item = Bytes> + Send + 'static) -> Response<Body> {
    let body = StreamBody::new(body.map(|bytes| Ok(Frame::data(bytes))));
    let mut response = Response::new(UnsyncBoxBody::new(body));
    if let Ok(kind) = kind.parse() {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    response
}

fn flood() -> impl Stream<Item = Bytes> {
    stream::iter(0..FLOOD_TOKENS)
        .map(|n| token(&format!("token{n} ")))
        .chain(end())
}

/// One token each pace, at fixed moments: a late one does not make the next later.
fn paced(epoch: Instant, pace: Duration) -> impl Stream<Item = Bytes> {
    let first = tokio::time::Instant::now();
    let ticks = stream::unfold(1, move |n| async move {
        if n > PACED_TOKENS {
            return None;
        }
        let nth = pace * u32::try_from(n).unwrap_or(u32::MAX);
        tokio::time::sleep_until(first + nth).await;
        Some(((), n + 1))
    });
    ticks
        .map(move |()| token(&format!("{} ", epoch.elapsed().as_micros())))
        .chain(end())
}

fn token(text: &str) -> Bytes {
    event(&json!({
        "id": "bench", "object": "chat.completion.chunk", "model": "bench",
        "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}],
    }))
}

fn end() -> impl Stream<Item = Bytes> {
    let last = event(&json!({
        "id": "bench", "object": "chat.completion.chunk", "model": "bench",
        "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": FLOOD_TOKENS, "total_tokens": 70},
    }));
    stream::iter([last, Bytes::from_static(b"data: [DONE]\n\n")])
}

fn event(data: &Value) -> Bytes {
    Bytes::from(format!("data: {data}\n\n"))
}
