//! The client for addresses that people name, as the settings say; the crate `outbound` does the work.

use std::sync::Arc;

use anyhow::Context;
use outbound::{GuardOptions, Guarded};

use crate::config::Config;

/// Makes the client; nothing is asked yet.
pub fn client(config: &Config) -> anyhow::Result<Guarded> {
    let settings = &config.outbound;
    let networks = settings.allowed_networks.clone();
    outbound::guarded(GuardOptions {
        ports: settings.allowed_ports.clone(),
        allowed: Arc::new(move |address| networks.iter().any(|net| net.contains(address))),
        proxy: settings.scraping_proxy.clone(),
        ..GuardOptions::default()
    })
    .context("outbound.scraping_proxy")
}
