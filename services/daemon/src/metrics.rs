//! What happened, in numbers: the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A number that is told.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Metric {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
}

impl Metric {
    /// One that only grows; names end in `_total`.
    pub const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: "counter", help }
    }

    /// One that is what it is now.
    pub const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: "gauge", help }
    }
}

/// The numbers of a process. Copies are the same ones.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Mutex<Families>>);

/// The values of each metric by their labels, as they are written.
type Families = BTreeMap<&'static Metric, BTreeMap<String, u64>>;

impl Metrics {
    /// One more.
    pub fn count(&self, metric: &'static Metric, labels: &[(&str, &str)]) {
        self.add(metric, labels, 1);
    }

    /// So many more.
    pub fn add(&self, metric: &'static Metric, labels: &[(&str, &str)], more: u64) {
        let mut families = self.families();
        let value = families.entry(metric).or_default().entry(written(labels)).or_default();
        *value = value.saturating_add(more);
    }

    /// So many now.
    pub fn set(&self, metric: &'static Metric, labels: &[(&str, &str)], value: u64) {
        self.families().entry(metric).or_default().insert(written(labels), value);
    }

    /// How many there are; none of what was never told.
    pub fn get(&self, metric: &'static Metric, labels: &[(&str, &str)]) -> u64 {
        self.families().get(metric).and_then(|values| values.get(&written(labels))).copied().unwrap_or_default()
    }

    /// How many there are with any labels.
    pub fn sum(&self, metric: &'static Metric) -> u64 {
        self.families().get(metric).map_or(0, |values| values.values().copied().fold(0, u64::saturating_add))
    }

    /// All of them, as Prometheus reads them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (Metric { name, kind, help }, values) in &*self.families() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in values {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        }
        text
    }

    fn families(&self) -> MutexGuard<'_, Families> {
        // Numbers are as good as they were.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn written(labels: &[(&str, &str)]) -> String {
    let escaped = |value: &str| value.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n");
    let labels: Vec<_> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SEEN: Metric = Metric::counter("seen_total", "What was seen.");
    static NOW: Metric = Metric::gauge("now", "What is.");

    #[test]
    fn numbers_are_told_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.count(&SEEN, &[("what", "a \"b\"\n")]);
        metrics.clone().add(&SEEN, &[("what", "c")], 2);
        metrics.set(&NOW, &[], 7);
        let text = "# HELP now What is.\n# TYPE now gauge\nnow 7\n# HELP seen_total What was seen.\n\
                    # TYPE seen_total counter\nseen_total{what=\"a \\\"b\\\"\\n\"} 1\nseen_total{what=\"c\"} 2\n";
        assert_eq!(metrics.text(), text);
        assert_eq!((metrics.get(&SEEN, &[("what", "c")]), metrics.sum(&SEEN)), (2, 3));
    }
}
