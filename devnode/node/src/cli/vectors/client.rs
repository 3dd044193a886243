//! A node at a URL.

use super::VectorError;
use serde_json::{Value, json};
use std::time::Duration;

/// Long enough for the slowest trace.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Asks a node.
pub(super) struct Client {
    agent: ureq::Agent,
    url: String,
}

impl Client {
    pub(super) fn new(url: &str) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false);
        Self { agent: config.build().into(), url: url.into() }
    }

    /// What the node answers: an object with a `result` or an `error`.
    pub(super) fn ask(&self, method: &str, params: &Value) -> Result<Value, VectorError> {
        let failed = |why: String| VectorError::Node { url: self.url.clone(), method: method.into(), why };
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let request = self.agent.post(&self.url).header("content-type", "application/json").send(body);
        let mut response = request.map_err(|error| failed(error.to_string()))?;
        let text = response.body_mut().with_config().limit(1 << 30).read_to_vec();
        let text = text.map_err(|error| failed(error.to_string()))?;
        let mut answer: Value = serde_json::from_slice(&text).map_err(|error| failed(error.to_string()))?;
        match (answer["error"].take(), answer.get_mut("result")) {
            (Value::Null, Some(result)) => Ok(json!({ "result": result.take() })),
            (Value::Null, None) => Err(failed("there is neither a result nor an error".into())),
            (error, _) => Ok(json!({ "error": error })),
        }
    }

    /// The result, or null.
    pub(super) fn result(&self, method: &str, params: &Value) -> Result<Value, VectorError> {
        Ok(self.ask(method, params)?["result"].take())
    }
}
