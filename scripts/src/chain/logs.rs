//! Events, asked for in as large pieces as a node gives.

use super::Chain;
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::transports::{RpcError, TransportErrorKind, TransportResult};

impl Chain {
    /// The events of a filter in the blocks from `first` to `last`, in their order. Where a node refuses so many blocks
    /// or events at once it is asked for half of them.
    ///
    /// # Errors
    /// If it does not give those of a single block either.
    pub async fn logs(&self, filter: &Filter, first: u64, last: u64) -> TransportResult<Vec<Log>> {
        let (mut found, mut next, mut more) = (Vec::new(), first, last.saturating_sub(first));
        while next <= last {
            let (logs, to) = self.first_logs(filter, next, next.saturating_add(more).min(last)).await?;
            more = to.saturating_sub(next);
            found.extend(logs);
            next = to.saturating_add(1);
        }
        Ok(found)
    }

    /// Those of the first of these blocks, as many as the node gives at once: all of them, or half as many until it
    /// does not refuse. Returns also the last block that was looked at.
    ///
    /// # Errors
    /// As [`Self::logs`].
    pub async fn first_logs(&self, filter: &Filter, first: u64, last: u64) -> TransportResult<(Vec<Log>, u64)> {
        let mut to = last.max(first);
        loop {
            let piece = filter.clone().from_block(first).to_block(to);
            match self.once.get_logs(&piece).await {
                Ok(logs) => return Ok((logs, to)),
                Err(error) if to > first && is_too_much(&error) => to = first.midpoint(to),
                // Something else is in the way, which may pass.
                Err(_) => return Ok((self.provider.get_logs(&piece).await?, to)),
            }
        }
    }

    /// All of them from a block on.
    ///
    /// # Errors
    /// As [`Self::logs`].
    pub async fn logs_since(&self, filter: &Filter, first: u64) -> TransportResult<Vec<Log>> {
        let latest = self.provider.get_block_number().await?;
        self.logs(filter, first, latest).await
    }
}

/// Whether less may be given. Nodes say this in many ways, also with the code of those that have no time (-32005), or
/// they take too long; so it is everything that is not plainly about how often they are asked.
fn is_too_much(error: &RpcError<TransportErrorKind>) -> bool {
    match error {
        RpcError::ErrorResp(answer) => {
            let message = answer.message.to_lowercase();
            answer.code != 429 && !["rate", "too many requests", "request count"].iter().any(|no| message.contains(no))
        }
        RpcError::Transport(TransportErrorKind::HttpError(error)) => ![429, 503].contains(&error.status),
        RpcError::Transport(TransportErrorKind::Custom(error)) => {
            error.downcast_ref::<alloy::transports::http::reqwest::Error>().is_some_and(|error| error.is_timeout())
        }
        _ => false,
    }
}
