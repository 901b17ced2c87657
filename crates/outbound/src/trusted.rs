//! The client for one address that the operator set.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use reqwest::{
    Client, RequestBuilder,
    header::{
        ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue,
    },
    redirect,
};
use url::Url;

use crate::{Failure, FailureKind, Secret, USER_AGENT, tls};

/// How a trusted client behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Sent as `Authorization: Bearer` with every request; an empty one is none.
    pub bearer: Option<Secret>,
    /// Further headers of every request, by lower-case name.
    pub headers: Vec<(&'static str, String)>,
    /// How long a connection may take to be made, TLS included; 10 s unless set.
    pub connect_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bearer: None,
            headers: Vec::new(),
            connect_timeout: Duration::from_secs(10),
        }
    }
}

/// Why a client could not be made from what the operator set; each reads as one line for them.
#[derive(Debug, thiserror::Error)]
pub enum TrustedError {
    /// Not an address of a web server.
    #[error("the address must begin with http:// or https:// and name a host")]
    Address,
    /// `user:password@` in the address.
    #[error("the address must not hold a user name or password: give the key as its own setting")]
    Credentials,
    /// `?…` or `#…` in the address.
    #[error("the address must end with its path, without ? or #")]
    Query,
    /// A key or header value with characters that HTTP cannot carry.
    #[error("the key or a header holds characters that cannot be sent, such as a line break")]
    Header(#[from] InvalidHeaderValue),
    /// The cryptography or the client itself refused to start.
    #[error("the HTTP client could not be set up: {0}")]
    Client(String),
}

/// Makes the client for `base`; its requests go to that host and below that path, and nowhere else.
pub fn trusted(base: Url, options: &Options) -> Result<Trusted, TrustedError> {
    check(&base)?;
    let tls = tls::config().map_err(|error| TrustedError::Client(error.to_string()))?;
    #[expect(
        clippy::disallowed_methods,
        reason = "this crate is where clients are made"
    )]
    let builder = Client::builder();
    let client = builder
        .tls_backend_preconfigured(tls)
        .user_agent(USER_AGENT)
        .default_headers(headers(options)?)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(options.connect_timeout)
        .tcp_nodelay(true)
        .tcp_keepalive(Duration::from_mins(1))
        .pool_idle_timeout(Duration::from_secs(90))
        // Notices within half a minute that a peer is gone while its streams are silent.
        .http2_keep_alive_interval(Duration::from_secs(20))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .build()
        .map_err(|error| TrustedError::Client(error.to_string()))?;
    Ok(Trusted { client, base })
}

fn check(base: &Url) -> Result<(), TrustedError> {
    if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none_or(str::is_empty) {
        return Err(TrustedError::Address);
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err(TrustedError::Credentials);
    }
    if base.query().is_some() || base.fragment().is_some() {
        return Err(TrustedError::Query);
    }
    Ok(())
}

fn headers(options: &Options) -> Result<HeaderMap, TrustedError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &options.headers {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value)?);
    }
    if let Some(key) = options.bearer.as_ref().filter(|key| !key.is_empty()) {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose()))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

/// A client bound to one address; clones share its connections.
#[derive(Clone, Debug)]
pub struct Trusted {
    client: Client,
    base: Url,
}

impl Trusted {
    /// The address that everything goes to.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Asks for `path` below the base, such as `models`; ends when the answer's head is there.
    pub async fn get(&self, path: &str) -> Result<Response, Failure> {
        send(
            self.client
                .get(self.below(path))
                .header(ACCEPT, "application/json"),
        )
        .await
    }

    /// Sends a JSON text to `path` below the base; ends when the answer's head is there. Dropping
    /// the future or the answer ends the exchange.
    pub async fn post_json(&self, path: &str, body: Bytes) -> Result<Response, Failure> {
        let request = self
            .client
            .post(self.below(path))
            .header(ACCEPT, "text/event-stream, application/json")
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        send(request).await
    }

    /// Sends a request that was put together elsewhere, because it is signed as a whole; one that does
    /// not go to the base's server is not sent. Ends when the answer's head is there.
    pub async fn exchange(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Body>, Failure> {
        let request = reqwest::Request::try_from(request).map_err(|error| Failure::of(&error))?;
        if request.url().origin() != self.base.origin() {
            return Err(Failure {
                kind: FailureKind::Unreachable,
                detail: format!("{} is not the server of this client", request.url()),
            });
        }
        let answer = self.client.execute(request).await;
        let answer = answer.map_err(|error| Failure::of(&error))?;
        Ok(http::Response::from(answer).map(Body))
    }

    /// Only segments are added, so neither host nor scheme can change whatever `path` holds.
    fn below(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path.split('/'));
        }
        url
    }
}

async fn send(request: RequestBuilder) -> Result<Response, Failure> {
    request
        .send()
        .await
        .map(Response)
        .map_err(|error| Failure::of(&error))
}

/// An answer whose head has come; dropping it ends the exchange.
#[derive(Debug)]
pub struct Response(reqwest::Response);

impl Response {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    /// A header's value by lower-case name, if it is there and readable.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// The next piece of the body as it came from the wire; `None` at its proper end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        self.0.chunk().await.map_err(|error| Failure::of(&error))
    }
}

/// The body of an answer as it comes from the wire.
#[derive(Debug)]
pub struct Body(reqwest::Body);

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        Pin::new(&mut self.0)
            .poll_frame(context)
            .map_err(|error| Failure::of(&error))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
