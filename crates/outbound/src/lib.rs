//! The only HTTP client of the platform.
//!
//! [`trusted()`] makes a client for one address that the operator set: private addresses are allowed,
//! and every request goes to that address and below it, with its key; there is no way to name another
//! host. Redirects are answered, never followed, so a key cannot be carried away. Proxies of the
//! environment are not used. Certificates are checked against roots compiled in, so that no CA
//! bundle is needed on the machine. It knows nothing of what is sent, and never retries by itself.

mod failure;
mod secret;
mod tls;
mod trusted;

pub use bytes::Bytes;
pub use failure::{Failure, FailureKind};
pub use secret::Secret;
pub use trusted::{Body, Options, Response, Trusted, TrustedError, trusted};
pub use url::Url;

/// How the platform names itself to the servers it asks.
pub const USER_AGENT: &str = concat!("sangam/", env!("CARGO_PKG_VERSION"));
