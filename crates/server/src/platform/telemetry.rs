//! Logs and metrics.

use std::{io::IsTerminal, sync::OnceLock};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::Log;

/// Starts logging to standard error; a second call does nothing.
pub fn log(config: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.level)
        .map_err(|error| anyhow::anyhow!("log.level = {:?}: {error}", config.level))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second subscriber in one process, as tests have it, is not an error.
    if config.is_json {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .try_init()
            .ok();
    } else {
        let is_terminal = std::io::stderr().is_terminal();
        builder
            .with_target(false)
            .with_ansi(is_terminal)
            .try_init()
            .ok();
    }
    Ok(())
}

/// The metrics of this process, collected from the first call on.
pub fn metrics() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        const SECONDS: &[f64] = &[
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
        ];
        let suffix = Matcher::Suffix("_seconds".to_owned());
        let builder = PrometheusBuilder::new();
        let builder = match builder.set_buckets_for_metric(suffix, SECONDS) {
            Ok(builder) => builder,
            Err(_) => PrometheusBuilder::new(),
        };
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok();
        handle
    })
}
