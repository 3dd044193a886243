//! Why there is no answer.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use restake_indexer::storage::StorageError;
use serde_json::json;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ApiError {
    /// The question is malformed.
    BadRequest(String),
    /// What it is about is not there.
    NotFound(String),
    /// Only GET and HEAD are answered.
    Method,
    /// It was sent to another name than this server has.
    Host,
    /// The index is not as far as the chain.
    Indexing(String),
    /// The node, the deployment or the index is not as it must be.
    Unavailable(String),
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            Self::BadRequest(why) => (StatusCode::BAD_REQUEST, "bad_request", why),
            Self::NotFound(what) => (StatusCode::NOT_FOUND, "not_found", what),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "only GET is answered".to_owned()),
            Self::Host => {
                let why = "this is not the name of the server: --host gives it another one";
                (StatusCode::FORBIDDEN, "host_not_allowed", why.to_owned())
            }
            Self::Indexing(how_far) => (StatusCode::SERVICE_UNAVAILABLE, "indexing", how_far),
            Self::Unavailable(why) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", why),
        };
        (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
    }
}
