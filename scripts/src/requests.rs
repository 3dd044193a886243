//! Slash requests as the chain publishes them: the Slasher stores only what they hash to, and whoever executes, vetoes
//! or closes one gives it again.

use crate::chain::Chain;
use alloy::primitives::{Address, B256, U256};
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use eyre::{OptionExt, Result};
use interfaces::ISlasher::SlashRequested;

/// The event with which a request was opened, by its number.
///
/// # Errors
/// If there is none, or the node cannot be asked.
pub async fn opened(chain: &Chain, slasher: Address, request_id: u64) -> Result<SlashRequested> {
    let filter = Filter::new()
        .address(slasher)
        .event_signature(SlashRequested::SIGNATURE_HASH)
        .topic1(B256::from(U256::from(request_id)));
    let logs = chain.logs_since(&filter, 0).await?;
    let log = logs.first().ok_or_eyre("no request was opened under this number")?;
    Ok(SlashRequested::decode_log(&log.inner)?.data)
}
