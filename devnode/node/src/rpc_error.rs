//! What a request that fails gets.

use serde::Serialize;
use serde_json::Value;

/// The parameters are not what the method takes (JSON-RPC).
pub(crate) const INVALID_PARAMS_CODE: i32 = -32_602;

/// There is no such method (JSON-RPC).
pub(crate) const METHOD_NOT_FOUND_CODE: i32 = -32_601;

/// The node is at fault (JSON-RPC).
pub(crate) const INTERNAL_ERROR_CODE: i32 = -32_603;

/// An error as JSON-RPC knows it: a code, a message, and sometimes data. It is serialised as clients get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message} (code {code}{})", data.as_ref().map(|data| format!(", data {data}")).unwrap_or_default())]
pub struct RpcError {
    code: i32,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
}

impl RpcError {
    pub(crate) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// The same with data.
    pub(crate) fn with_data(self, data: impl Into<Value>) -> Self {
        Self { data: Some(data.into()), ..self }
    }

    /// The code: one of JSON-RPC's or of go-ethereum's.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// The message, in go-ethereum's words.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The data, such as what a call reverted with.
    pub fn data(&self) -> Option<&Value> {
        self.data.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::RpcError;

    #[test]
    fn errors_are_told_with_their_code_and_data() {
        let error = RpcError::new(3, "execution reverted");
        assert_eq!(error.to_string(), "execution reverted (code 3)");
        assert_eq!(error.with_data("0x01").to_string(), "execution reverted (code 3, data \"0x01\")");
    }
}
