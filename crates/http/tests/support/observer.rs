use std::{
    io::{self, Write},
    sync::{Arc, Mutex, atomic::AtomicU64, atomic::Ordering},
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use tracing_subscriber::fmt::MakeWriter;

/// What one counter counted under its labels.
type Series = (Key, Arc<AtomicU64>);

/// Sees what the thread counts and logs. Metrics and logs are kept by thread, so only a test with one thread
/// can be observed.
#[derive(Clone, Default)]
pub(crate) struct Observer {
    counters: Arc<Mutex<Vec<Series>>>,
    log: Arc<Mutex<Vec<u8>>>,
}

impl Observer {
    /// Logs go to this observer until the guard is dropped.
    pub(crate) fn follow_log(&self) -> tracing::subscriber::DefaultGuard {
        let lines = tracing_subscriber::fmt().json().with_writer(self.clone()).finish();
        tracing::subscriber::set_default(lines)
    }

    /// The counter's value, over all its series that have these labels.
    pub(crate) fn count(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        let fits = |key: &Key| {
            let has = |(label, value): &(&str, &str)| {
                key.labels().any(|found| found.key() == *label && found.value() == *value)
            };
            key.name() == name && labels.iter().all(has)
        };
        let counters = self.counters.lock().unwrap();
        counters.iter().filter(|(key, _)| fits(key)).map(|(_, value)| value.load(Ordering::Relaxed)).sum()
    }

    /// The lines logged since the last call that have this text in them.
    pub(crate) fn logged(&self, text: &str) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.log.lock().unwrap());
        let all = String::from_utf8(bytes).expect("UTF-8");
        all.lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
    }
}

impl Write for Observer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.log.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Observer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Recorder for Observer {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let value = Arc::new(AtomicU64::new(0));
        self.counters.lock().unwrap().push((key.clone(), Arc::clone(&value)));
        Counter::from_arc(value)
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
