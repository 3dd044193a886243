//! Whether something failed because its node is gone.

use super::{CallError, Shallow, Unsettled};
use crate::deployment::DeploymentError;
use alloy::transports::http::reqwest;
use alloy::transports::{RpcError, TransportErrorKind};
use eyre::Report;
use std::error::Error;

/// What became of the node, in a sentence, if that is why something failed.
pub fn gone(failure: &Report) -> Option<String> {
    failure.chain().find_map(why)
}

fn why(cause: &(dyn Error + 'static)) -> Option<String> {
    if let Some(CallError::Node(inner)) = cause.downcast_ref() {
        return gone(inner);
    }
    if let Some(DeploymentError::Node(inner)) = cause.downcast_ref() {
        return gone(inner);
    }
    if let Some(shallow) = cause.downcast_ref::<Shallow>() {
        return Some(shallow.advice());
    }
    if let Some(unsettled) = cause.downcast_ref::<Unsettled>() {
        return Some(unsettled.advice());
    }
    match cause.downcast_ref()? {
        RpcError::<TransportErrorKind>::Transport(TransportErrorKind::HttpError(error)) => {
            Some(format!("the node has no time, or is none: it answered {}", error.status))
        }
        RpcError::Transport(TransportErrorKind::Custom(error)) => Some(match error.downcast_ref::<reqwest::Error>() {
            Some(error) if error.is_timeout() => "the node did not answer in time: --timeout says how long".to_owned(),
            Some(error) if error.is_connect() => "no node listens there".to_owned(),
            Some(_) => "the connection to the node broke".to_owned(),
            // What alloy says after it has asked again for a while.
            None => "the node has no time: try again later, or ask another one with --rpc-url".to_owned(),
        }),
        RpcError::Transport(_) => Some("the connection to the node broke".to_owned()),
        RpcError::DeserError { .. } => Some("what answers there is no node".to_owned()),
        _ => None,
    }
}

/// Whether an error says that a question never reached the node.
pub(super) fn never_asked(error: &RpcError<TransportErrorKind>) -> bool {
    match error {
        RpcError::Transport(TransportErrorKind::Custom(error)) => {
            error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect)
        }
        RpcError::Transport(TransportErrorKind::HttpError(error)) => error.is_rate_limit_err(),
        _ => false,
    }
}
