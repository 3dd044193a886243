//! The tracers of recordings. The tests that replay the recordings take this file in, too.

use serde_json::{Value, json};

/// The options of a tracer by the name that the recordings have for its answer.
pub(crate) fn options(tracer: &str) -> Value {
    match tracer {
        "callTracer" => json!({ "tracer": tracer, "tracerConfig": { "withLog": true } }),
        "prestateDiff" => json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } }),
        "fourByteTracer" => json!({ "tracer": "4byteTracer" }),
        "defaultTracer" => json!({}),
        tracer => json!({ "tracer": tracer }),
    }
}
