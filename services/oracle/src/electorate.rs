//! What signatures carry at a slot, as the Registry says it: asked for once for each key and slot.

use alloy::primitives::Address;
use interfaces::IRegistry::signedStakeAtCall;
use restake::chain::{CallError, Chain};
use std::collections::BTreeMap;

/// How many slots are remembered.
const REMEMBERED: usize = 3;

/// How many keys are asked about for a slot: strangers can make keys without end.
const MOST_KEYS: usize = 1_024;

/// What keys carry at a slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stakes {
    keys: BTreeMap<Address, u128>,
    total: u128,
}

impl Stakes {
    /// What these keys carry, of so much.
    pub fn new(keys: BTreeMap<Address, u128>, total: u128) -> Self {
        Self { keys, total }
    }

    /// What a key carries; nothing if nobody asked for it.
    pub fn of(&self, key: Address) -> u128 {
        self.keys.get(&key).copied().unwrap_or_default()
    }

    /// What all of them carry.
    pub fn total(&self) -> u128 {
        self.total
    }
}

/// Who has a say in a service.
#[derive(Debug)]
pub struct Electorate {
    registry: Address,
    slots: BTreeMap<u64, Stakes>,
}

impl Electorate {
    /// That of a Registry.
    pub fn new(registry: Address) -> Self {
        Self { registry, slots: BTreeMap::new() }
    }

    /// What `keys` carry at `slot`, which has come.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn stakes(&mut self, chain: &Chain, slot: u64, keys: &[Address]) -> Result<&Stakes, CallError> {
        while self.slots.len() >= REMEMBERED && !self.slots.contains_key(&slot) {
            self.slots.pop_first();
        }
        let known = self.slots.entry(slot).or_default();
        for key in keys {
            if !known.keys.contains_key(key) && known.keys.len() < MOST_KEYS {
                let call = signedStakeAtCall { signingKeys: vec![*key], time: slot };
                let found = chain.view(self.registry, &call).await?;
                known.keys.insert(*key, found.signedStake);
                known.total = found.totalStake;
            }
        }
        Ok(known)
    }
}
