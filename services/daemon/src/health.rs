//! Whether the parts of a process are well: each says so itself, and is unwell when it has not for too long.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How the parts of a process are. Copies are the same one.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<BTreeMap<&'static str, Part>>>);

#[derive(Debug)]
struct Part {
    since: Instant,
    patience: Duration,
    failure: Option<String>,
}

impl Health {
    /// A part is well, and will say so again before `patience` is over.
    pub fn well(&self, part: &'static str, patience: Duration) {
        self.set(part, Part { since: Instant::now(), patience, failure: None });
    }

    /// A part is not well.
    pub fn ill(&self, part: &'static str, failure: impl ToString) {
        let failure = Some(failure.to_string());
        self.set(part, Part { since: Instant::now(), patience: Duration::MAX, failure });
    }

    /// Whether all of them are, and JSON about each.
    pub fn tell(&self) -> (bool, Value) {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_well = |part: &Part| part.failure.is_none() && part.since.elapsed() < part.patience;
        let told = parts.iter().map(|(name, part)| {
            let heard = part.since.elapsed().as_secs();
            ((*name).to_owned(), json!({ "ok": is_well(part), "heardSecondsAgo": heard, "failure": part.failure }))
        });
        let told: Value = Value::Object(told.collect());
        let ok = parts.values().all(is_well);
        (ok, json!({ "ok": ok, "parts": told }))
    }

    fn set(&self, name: &'static str, part: Part) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_says_nothing_for_too_long_is_not_well() {
        let health = Health::default();
        health.well("chain", Duration::from_secs(60));
        assert!(health.tell().0);
        health.well("oracle", Duration::ZERO);
        assert!(!health.tell().0, "it promised to be heard of again at once");
        health.well("oracle", Duration::from_secs(60));
        assert!(health.tell().0);
        health.ill("chain", "no node listens there");
        let (is_well, told) = health.tell();
        assert!(!is_well);
        assert_eq!(told["parts"]["chain"]["failure"], "no node listens there");
    }
}
