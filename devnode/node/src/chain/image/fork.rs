//! What of a fork is in an image.

use super::ImageError;
use crate::chain::fork::{FarAccount, Known, Origin, Point};
use alloy::primitives::{Address, B256, KECCAK256_EMPTY, U256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stylus_vm::revm::state::Bytecode;

/// Where a fork begins, and what was fetched.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForkImage {
    point: Point,
    accounts: BTreeMap<Address, FarAccount>,
    slots: BTreeMap<Address, BTreeMap<U256, U256>>,
    hashes: BTreeMap<u64, B256>,
}

impl From<&Origin> for ForkImage {
    fn from(origin: &Origin) -> Self {
        let Known { accounts, slots, hashes, .. } = origin.known();
        Self { point: origin.point(), accounts, slots, hashes }
    }
}

impl ForkImage {
    /// What was fetched, from where nothing more is.
    ///
    /// # Errors
    ///
    /// [`ImageError::Inconsistent`].
    pub(super) fn origin(self, codes: &[Bytecode]) -> Result<Origin, ImageError> {
        let codes: BTreeMap<B256, Bytecode> = codes.iter().map(|code| (code.hash_slow(), code.clone())).collect();
        let Self { point, accounts, slots, hashes } = self;
        let known =
            |account: &FarAccount| account.code_hash == KECCAK256_EMPTY || codes.contains_key(&account.code_hash);
        if let Some((address, _)) = accounts.iter().find(|(_, account)| !known(account)) {
            return Err(ImageError::Inconsistent(format!("the code of {address} is missing")));
        }
        Ok(Origin::fetched(point, Known { accounts, slots, codes, hashes }))
    }
}
