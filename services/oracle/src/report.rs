//! What an operator observed at a slot: typed data of its own, so that it is never taken for an answer.

use alloy::primitives::{Address, B256, U256};
use alloy::sol;
use eyre::Result;
use restake::attestation::{CompactSignature, Domain};
use restake::typed_data::TypedData;
use restake_daemon::message::{Body, Signature};
use serde::{Deserialize, Serialize};
use serde_json::json;

sol! {
    /// What an operator signs to report the price of a slot.
    struct PriceReport {
        bytes32 task;
        uint64 slot;
        uint256 price;
    }
}

/// A report with its signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The feed's task.
    pub task: B256,
    /// When it was observed (Unix seconds).
    pub slot: u64,
    /// What.
    pub price: U256,
    /// By a key of the operator.
    pub signature: Signature,
}

impl Body for Report {
    const KIND: &'static str = "price-report";
}

/// A report, to be signed.
pub fn to_sign(domain: &Domain, task: B256, slot: u64, price: U256) -> TypedData {
    let message = json!({ "task": task, "slot": slot, "price": price.to_string() });
    domain.typed(&PriceReport { task, slot, price }, message)
}

impl Report {
    /// What was signed.
    pub fn typed_data(&self, domain: &Domain) -> TypedData {
        to_sign(domain, self.task, self.slot, self.price)
    }

    /// The account of the key that signed it.
    ///
    /// # Errors
    /// If it is not signed.
    pub fn signer(&self, domain: &Domain) -> Result<Address> {
        CompactSignature::from(self.signature).signer(self.typed_data(domain).hash)
    }
}
