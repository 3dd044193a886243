//! Slash requests that were opened, and the calls of the ABI that end them, for tests of the Slasher's edges.

use crate::world::World;
use alloy::primitives::Address;
use alloy::rpc::types::TransactionReceipt;
use eyre::{OptionExt, Result};
use interfaces::ISlasher::{SlashRequest, SlashRequested, closeExpiredRequestCall, executeSlashCall, vetoSlashCall};
use restake::chain::event;
use restake::requests;

/// A request to slash, as its event says it.
#[derive(Debug, Clone)]
pub struct Attack {
    /// Its number.
    pub request_id: u64,
    /// When it can be executed (Unix seconds).
    pub executable_at: u64,
    /// What is open under the number.
    pub request: SlashRequest,
}

impl From<SlashRequested> for Attack {
    fn from(SlashRequested { requestId: request_id, request, .. }: SlashRequested) -> Self {
        Self { request_id, executable_at: request.executableAt, request }
    }
}

impl Attack {
    /// The first that was opened in a transaction.
    ///
    /// # Errors
    /// If none was.
    pub fn of(receipt: &TransactionReceipt, slasher: Address) -> Result<Self> {
        Ok(event::<SlashRequested>(receipt, slasher).ok_or_eyre("no SlashRequested event")?.into())
    }

    /// The call that executes it.
    pub fn execution(&self) -> executeSlashCall {
        executeSlashCall { requestId: self.request_id, request: self.request.clone() }
    }

    /// The call that vetoes it.
    pub fn veto(&self) -> vetoSlashCall {
        vetoSlashCall { requestId: self.request_id, request: self.request.clone() }
    }

    /// The call that closes it when it has expired.
    pub fn expiry(&self) -> closeExpiredRequestCall {
        closeExpiredRequestCall { requestId: self.request_id, request: self.request.clone() }
    }
}

impl World {
    /// The request that was opened under a number.
    ///
    /// # Errors
    /// If none was.
    pub async fn attack(&self, request_id: u64) -> Result<Attack> {
        Ok(requests::opened(&self.chain, self.suite.slasher, request_id).await?.into())
    }
}
