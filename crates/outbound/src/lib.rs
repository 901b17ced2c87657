//! The only HTTP client of the platform, in two forms.
//!
//! [`trusted()`] makes a client for one address that the operator set: private addresses are allowed,
//! and every request goes to that address and below it, with its key; there is no way to name another
//! host. Redirects are answered, never followed, so a key cannot be carried away. Proxies of the
//! environment are not used. Certificates are checked against roots compiled in, so that no CA
//! bundle is needed on the machine. It knows nothing of what is sent, and never retries by itself.
//!
//! [`guarded()`] makes a client for addresses that people or models name: they lead to the public
//! internet or nowhere, whatever the trick.

mod failure;
mod guarded;
mod secret;
mod tls;
mod trusted;

pub use bytes::Bytes;
pub use failure::{Failure, FailureKind};
pub use guarded::{Allowed, GuardError, GuardOptions, Guarded, Page, guarded};
pub use secret::Secret;
pub use trusted::{Body, Options, Response, Trusted, TrustedError, trusted};
pub use url::Url;

/// How the platform names itself to the servers it asks.
pub const USER_AGENT: &str = concat!("sangam/", env!("CARGO_PKG_VERSION"));
