//! Names looked up once, and let through only where every address may be asked.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;
use url::{Host, Url};

use super::{Allowed, GuardError, GuardOptions, addresses::is_public};

pub(super) struct Resolver {
    allowed: Allowed,
    /// The operator's own proxy, which may be anywhere, and is asked for nothing itself.
    proxy: Option<String>,
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}

/// Some address of a name is not on the public internet.
#[derive(Debug, thiserror::Error)]
#[error("not on the public internet")]
pub(super) struct NotPublic;

impl Resolver {
    pub(super) fn new(options: &GuardOptions) -> Self {
        let proxy = options.proxy.as_ref().and_then(Url::host_str);
        Self {
            allowed: options.allowed.clone(),
            proxy: proxy.map(str::to_owned),
        }
    }

    fn is_permitted(&self, address: IpAddr) -> bool {
        is_public(address) || (self.allowed)(address.to_canonical())
    }

    pub(super) fn permit(&self, address: IpAddr) -> Result<(), GuardError> {
        if self.is_permitted(address) {
            Ok(())
        } else {
            Err(GuardError::NotPublic)
        }
    }

    /// What needs no look-up to be refused.
    pub(super) fn permit_name(&self, name: &str) -> Result<(), GuardError> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let is_own = self
            .proxy
            .as_deref()
            .is_some_and(|proxy| proxy.trim_end_matches('.').eq_ignore_ascii_case(&name));
        if name.is_empty() || is_own {
            return Err(GuardError::NotPublic);
        }
        // This machine, also where no look-up knows the name (RFC 6761).
        if name == "localhost" || name.ends_with(".localhost") {
            return self.permit(Ipv4Addr::LOCALHOST.into());
        }
        Ok(())
    }

    /// With a proxy, which looks the name up itself, it is at least seen what it is from here. A name
    /// that is not known here is the proxy's business.
    pub(super) async fn permit_looked_up(&self, url: &Url) -> Result<(), GuardError> {
        let Some(Host::Domain(name)) = url.host() else {
            return Ok(());
        };
        let Ok(found) = lookup_host((name, 0)).await else {
            return Ok(());
        };
        self.all_permitted(found.map(|address| address.ip()))
            .map(drop)
            .map_err(|NotPublic| GuardError::NotPublic)
    }

    fn all_permitted(
        &self,
        found: impl Iterator<Item = IpAddr>,
    ) -> Result<Vec<SocketAddr>, NotPublic> {
        let found: Vec<IpAddr> = found.collect();
        if found.is_empty() || !found.iter().all(|address| self.is_permitted(*address)) {
            return Err(NotPublic);
        }
        Ok(found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect())
    }

    fn is_proxy(&self, name: &str) -> bool {
        self.proxy.as_deref() == Some(name)
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let checked = Self {
            allowed: self.allowed.clone(),
            proxy: self.proxy.clone(),
        };
        Box::pin(async move {
            let found = lookup_host((host.as_str(), 0)).await?;
            let found = found.map(|address| address.ip());
            let addresses: Vec<SocketAddr> = if checked.is_proxy(&host) {
                found.map(|ip| SocketAddr::new(ip, 0)).collect()
            } else {
                checked.all_permitted(found)?
            };
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_private_address_among_public_ones_is_enough_to_refuse_a_name() {
        let resolver = Resolver::new(&GuardOptions::default());
        let all = |list: &[&str]| {
            let list = list.iter().map(|text| text.parse().unwrap());
            resolver.all_permitted(list).is_ok()
        };
        assert!(all(&["1.1.1.1", "2606:4700::1111"]));
        assert!(!all(&["1.1.1.1", "127.0.0.1"]));
        assert!(!all(&["2606:4700::1111", "::ffff:10.0.0.1"]));
        assert!(!all(&[]));
    }

    #[test]
    fn the_operators_proxy_is_asked_for_nothing_itself() {
        let options = GuardOptions {
            proxy: Some("http://proxy.lan:8080".parse().unwrap()),
            ..GuardOptions::default()
        };
        let resolver = Resolver::new(&options);
        assert!(resolver.permit_name("proxy.lan").is_err());
        assert!(resolver.permit_name("PROXY.lan.").is_err());
        assert!(resolver.permit_name("example.org").is_ok());
    }
}
