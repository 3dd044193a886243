//! Where this node's answers are not Nitro's, and which of these places are known.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Differences by the name of the recorded row.
#[derive(Debug, Default)]
pub(crate) struct Differences(BTreeMap<String, Vec<String>>);

/// Rows that may differ, with what they have in common in their names, and the reason.
pub(crate) struct Exception {
    /// The names of the rows.
    pub(crate) rows: &'static [&'static str],
    /// Why equality is impossible, or not worth it.
    pub(crate) reason: &'static str,
}

impl Differences {
    /// Notes where two values differ: the innermost places, each with Nitro's value and this node's.
    pub(crate) fn compare(&mut self, row: &str, nitro: &Value, ours: &Value) {
        let mut places = Vec::new();
        compare_at(String::new(), nitro, ours, &mut places);
        if !places.is_empty() {
            self.0.entry(row.to_owned()).or_default().extend(places);
        }
    }

    /// Fails unless exactly the rows of the exceptions differ.
    pub(crate) fn expect(mut self, rows: usize, exceptions: &[Exception]) {
        let mut report = String::new();
        for Exception { rows, reason } in exceptions {
            for row in *rows {
                if self.0.remove(*row).is_none() {
                    let _ = writeln!(report, "{row}: equal, though it is an exception ({reason})");
                }
            }
        }
        let unexpected = self.0.len();
        for (row, places) in self.0 {
            for place in places {
                let _ = writeln!(report, "{row}: {place}");
            }
        }
        assert!(report.is_empty(), "{unexpected} of {rows} rows differ from Nitro's:\n{report}");
    }
}

fn compare_at(path: String, nitro: &Value, ours: &Value, places: &mut Vec<String>) {
    match (nitro, ours) {
        (Value::Object(nitro), Value::Object(ours)) => {
            let keys: std::collections::BTreeSet<_> = nitro.keys().chain(ours.keys()).collect();
            for key in keys {
                let of = |object: &serde_json::Map<String, Value>| object.get(key).cloned().unwrap_or(Value::Null);
                compare_at(format!("{path}.{key}"), &of(nitro), &of(ours), places);
            }
        }
        (Value::Array(nitro), Value::Array(ours)) if nitro.len() == ours.len() => {
            for (index, (nitro, ours)) in nitro.iter().zip(ours).enumerate() {
                compare_at(format!("{path}[{index}]"), nitro, ours, places);
            }
        }
        _ if nitro == ours => {}
        _ => places.push(format!("{path} is {nitro} on Nitro, {ours} here")),
    }
}
