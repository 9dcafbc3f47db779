use std::io::{IsTerminal, Write};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};
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

/// How many lines wait for whoever reads them; what is more is dropped and counted.
const LINES: usize = 16_384;

/// A log that is being written while this lives.
pub(crate) struct Logging {
    /// The lines that did not fit.
    pub(crate) lost: ErrorCounter,
    _guard: WorkerGuard,
}

/// Starts logging what passes `filter`, such as `info` or `warn,intelliauth_engine=debug`, until what it
/// gives is dropped.
pub(crate) fn logs(format: LogFormat, filter: &str) -> Outcome<Logging> {
    let filter = parse_filter(filter)?;
    let (writer, guard) = aside(std::io::stderr());
    let lost = writer.error_counter();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match format {
        LogFormat::Json => builder.json().flatten_event(true).with_span_list(false).try_init(),
        LogFormat::Text => builder.compact().try_init(),
    };
    started.map_err(|error| Failure::new(format!("log: {error}")))?;
    Ok(Logging { lost, _guard: guard })
}

/// Writes on a thread of its own. A collector of logs that stops reading must not stop the threads that serve: they
/// would all wait for their line.
fn aside(out: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default().lossy(true).buffered_lines_limit(LINES).thread_name("log").finish(out)
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Takes a line and never comes back before it is let go.
    struct Stuck {
        entered: mpsc::Sender<()>,
        freed: mpsc::Receiver<()>,
    }

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.entered.send(());
            let _ = self.freed.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    /// A pipe that nobody read stopped every request at the first line it could not take.
    #[test]
    fn bug_a_log_nobody_reads_stopped_the_server() {
        let ((entered, was_entered), (free, freed)) = (mpsc::channel(), mpsc::channel());
        let (mut writer, guard) = aside(Stuck { entered, freed });
        writer.write_all(b"first\n").unwrap();
        was_entered.recv().unwrap();
        for _ in 0..2 * LINES {
            writer.write_all(b"more\n").unwrap();
        }
        assert!(writer.error_counter().dropped_lines() >= LINES, "what does not fit is dropped");
        drop(free);
        drop(guard);
    }
}
