//! The client for addresses that somebody named whom the operator does not know: a person, or a model.
//!
//! Such an address must not lead to what only this machine can reach. So it is parsed once; only the
//! web's schemes and ports are allowed, and no password in it; its name is looked up once, by a resolver
//! of our own, which refuses it unless every address is on the public internet, and the connection goes
//! to what was looked up. An address that is a number passes the same check. Each redirect is a new
//! address, checked like the first, and nothing is carried along: this client has no cookies and no keys.

mod addresses;
mod resolver;

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use reqwest::{
    Client, Proxy,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION},
    redirect,
};
use url::{Host, Url};

use crate::{TrustedError, USER_AGENT, tls};
use resolver::{NotPublic, Resolver};

/// Redirects followed at the most.
const MOST_HOPS: u32 = 5;
/// Characters of an address.
const LONGEST: usize = 4_096;

/// Addresses that may be asked although they are private.
pub type Allowed = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// What such a client may do.
#[derive(Clone)]
pub struct GuardOptions {
    /// Ports that may be asked.
    pub ports: Vec<u16>,
    /// Private addresses that the operator allows.
    pub allowed: Allowed,
    /// A proxy of the operator's, which looks names up itself.
    pub proxy: Option<Url>,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long all of it may take, redirects included.
    pub total_timeout: Duration,
    /// Bytes of an answer.
    pub most_bytes: usize,
    /// Bytes of an answer's headers.
    pub most_header_bytes: usize,
}

impl Default for GuardOptions {
    /// Ports 80 and 443, no private address, no proxy; 5 s to connect, 15 s in all, 2 MiB, 64 KiB of
    /// headers.
    fn default() -> Self {
        Self {
            ports: vec![80, 443],
            allowed: Arc::new(|_| false),
            proxy: None,
            connect_timeout: Duration::from_secs(5),
            total_timeout: Duration::from_secs(15),
            most_bytes: 2 << 20,
            most_header_bytes: 64 << 10,
        }
    }
}

impl fmt::Debug for GuardOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardOptions")
            .field("ports", &self.ports)
            .finish_non_exhaustive()
    }
}

/// Why an address was not asked, or gave nothing; each reads as the end of "The address cannot be
/// read: …", and tells nothing of what is behind it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// Not an address that may be asked.
    #[error("{0}")]
    Refused(&'static str),
    /// It leads to where only this machine can go.
    #[error("it does not lead to the public internet")]
    NotPublic,
    /// No connection, or none that lasted.
    #[error("its server does not answer")]
    Unreachable,
    /// It took too long.
    #[error("its server takes too long")]
    Slow,
    /// It answered with a failure.
    #[error("its server answers with status {0}")]
    Status(u16),
    /// It sends one on and on.
    #[error("it redirects too often")]
    Redirects,
    /// More than is taken.
    #[error("what it sends is too large")]
    TooLarge,
    /// Packed in a way that was not asked for.
    #[error("what it sends is packed in a way that is not understood")]
    Encoded,
}

impl GuardError {
    /// The error's code, as `noun_problem`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) | Self::NotPublic => "url_refused",
            Self::Unreachable | Self::Status(_) | Self::Redirects | Self::Encoded => {
                "url_unreadable"
            }
            Self::Slow => "url_too_slow",
            Self::TooLarge => "file_too_large",
        }
    }
}

/// What came from an address.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it was in the end.
    pub url: Url,
    /// As its server says it; not to be believed.
    pub content_type: Option<String>,
    /// All of it.
    pub bytes: Bytes,
}

/// The client; clones share it.
#[derive(Clone, Debug)]
pub struct Guarded {
    client: Client,
    resolver: Arc<Resolver>,
    options: Arc<GuardOptions>,
}

/// Makes the client for addresses that others name.
pub fn guarded(options: GuardOptions) -> Result<Guarded, TrustedError> {
    let failed = |error: &dyn fmt::Display| TrustedError::Client(error.to_string());
    let tls = tls::config().map_err(|error| failed(&error))?;
    let resolver = Arc::new(Resolver::new(&options));
    #[expect(
        clippy::disallowed_methods,
        reason = "this crate is where clients are made"
    )]
    let builder = Client::builder();
    let builder = builder
        .tls_backend_preconfigured(tls)
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(options.connect_timeout)
        .dns_resolver(resolver.clone())
        .http2_max_header_list_size(u32::try_from(options.most_header_bytes).unwrap_or(u32::MAX))
        // A connection serves one request: the next one is checked anew.
        .pool_max_idle_per_host(0);
    let builder = match &options.proxy {
        Some(proxy) => builder.proxy(Proxy::all(proxy.clone()).map_err(|error| failed(&error))?),
        None => builder,
    };
    Ok(Guarded {
        client: builder.build().map_err(|error| failed(&error))?,
        resolver,
        options: Arc::new(options),
    })
}

impl Guarded {
    /// Reads an address that somebody wrote, and refuses what is never asked; nothing is looked up.
    pub fn check(&self, text: &str) -> Result<Url, GuardError> {
        if text.len() > LONGEST {
            return Err(GuardError::Refused("it is too long"));
        }
        let url = Url::parse(text.trim());
        self.checked(url.map_err(|_| GuardError::Refused("it is not an address"))?)
    }

    fn checked(&self, mut url: Url) -> Result<Url, GuardError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(GuardError::Refused(
                "it must begin with http:// or https://",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(GuardError::Refused(
                "it must not hold a user name or password",
            ));
        }
        let port = url.port_or_known_default().unwrap_or_default();
        if !self.options.ports.contains(&port) {
            return Err(GuardError::Refused("its port is not one of the web's"));
        }
        match url.host() {
            Some(Host::Ipv4(v4)) => self.resolver.permit(IpAddr::V4(v4))?,
            Some(Host::Ipv6(v6)) => self.resolver.permit(IpAddr::V6(v6))?,
            Some(Host::Domain(name)) => self.resolver.permit_name(name)?,
            None => return Err(GuardError::Refused("it names no server")),
        }
        url.set_fragment(None);
        Ok(url)
    }

    /// Fetches what is at an address, following its redirects.
    pub async fn get(&self, text: &str) -> Result<Page, GuardError> {
        tokio::time::timeout(self.options.total_timeout, self.follow(text))
            .await
            .unwrap_or(Err(GuardError::Slow))
    }

    async fn follow(&self, text: &str) -> Result<Page, GuardError> {
        let mut url = self.check(text)?;
        for _ in 0..=MOST_HOPS {
            if self.options.proxy.is_some() {
                self.resolver.permit_looked_up(&url).await?;
            }
            let request = self.client.get(url.clone());
            let request = request.header(ACCEPT, "text/html, text/plain;q=0.9, */*;q=0.5");
            let response = request.send().await.map_err(|error| why(&error))?;
            self.check_headers(response.headers())?;
            let next = response.headers().get(LOCATION);
            if !response.status().is_redirection() || next.is_none() {
                return self.page(url, response).await;
            }
            let next = next.and_then(|next| next.to_str().ok()).unwrap_or_default();
            let next = url.join(next);
            url = self.checked(next.map_err(|_| GuardError::Refused("it leads nowhere"))?)?;
        }
        Err(GuardError::Redirects)
    }

    fn check_headers(&self, headers: &HeaderMap) -> Result<(), GuardError> {
        let bytes: usize = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 4)
            .sum();
        if bytes > self.options.most_header_bytes {
            return Err(GuardError::TooLarge);
        }
        Ok(())
    }

    async fn page(&self, url: Url, mut response: reqwest::Response) -> Result<Page, GuardError> {
        if !response.status().is_success() {
            return Err(GuardError::Status(response.status().as_u16()));
        }
        let is_packed = response
            .headers()
            .get(CONTENT_ENCODING)
            .is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
        if is_packed {
            return Err(GuardError::Encoded);
        }
        let most = self.options.most_bytes;
        let announced = response.content_length().unwrap_or_default();
        if usize::try_from(announced).map_or(true, |length| length > most) {
            return Err(GuardError::TooLarge);
        }
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok().map(str::to_owned));
        let mut bytes = BytesMut::new();
        while let Some(piece) = response.chunk().await.map_err(|error| why(&error))? {
            if bytes.len() + piece.len() > most {
                return Err(GuardError::TooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Page {
            url,
            content_type,
            bytes: bytes.freeze(),
        })
    }
}

/// What a failed request comes to, for the person who asked.
fn why(error: &reqwest::Error) -> GuardError {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<NotPublic>() {
            return GuardError::NotPublic;
        }
        cause = inner.source();
    }
    if error.is_timeout() {
        GuardError::Slow
    } else {
        GuardError::Unreachable
    }
}
