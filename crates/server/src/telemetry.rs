use std::io::IsTerminal;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::failure::{Failure, Outcome};

/// How logs look. They go to standard error, so that standard output stays what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// One JSON object per line.
    Json,
    /// For eyes.
    Text,
}

/// Starts logging what passes `filter`, such as `info` or `warn,intelliauth_engine=debug`.
pub(crate) fn logs(format: LogFormat, filter: &str) -> Outcome {
    let filter = parse_filter(filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match format {
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).try_init(),
        LogFormat::Text => builder.compact().try_init(),
    };
    started.map_err(|error| Failure::new(format!("log: {error}")))
}

/// Reads a filter of log levels.
pub(crate) fn parse_filter(filter: &str) -> Outcome<EnvFilter> {
    EnvFilter::try_new(filter)
        .map_err(|error| Failure::new(format!("log: '{filter}' is not a filter such as info: {error}")))
}

/// Starts counting.
pub(crate) fn metrics() -> Outcome<PrometheusHandle> {
    let buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &buckets)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| Failure::new(format!("metrics: {error}")))
}
