//! What signatures carry at a slot, as the Registry says it.
//!
//! What single keys carry is asked for once, and again when the Registry said that something changed, or when what they
//! carry together is not what it was: what changes without a word (a checkpoint that expires) takes from it.

use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::Filter;
use interfaces::IRegistry::signedStakeAtCall;
use restake::chain::{CallError, Chain};
use std::collections::BTreeMap;

/// How many slots are remembered.
const REMEMBERED: usize = 3;

/// How many keys are asked about for a slot: strangers can make keys without end.
const MOST_KEYS: usize = 1_024;

/// For so few keys each is asked for.
const FEW: usize = 3;

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
    /// What keys carried when each was asked for, and the block before that.
    last: Option<(u64, Stakes)>,
}

impl Electorate {
    /// That of a Registry.
    pub fn new(registry: Address) -> Self {
        Self { registry, slots: BTreeMap::new(), last: None }
    }

    /// What `keys` carry at `slot`, which has come.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn stakes(&mut self, chain: &Chain, slot: u64, keys: &[Address]) -> Result<&Stakes, CallError> {
        while self.slots.len() >= REMEMBERED && !self.slots.contains_key(&slot) {
            self.slots.pop_first();
        }
        let mut known = self.slots.get(&slot).cloned().unwrap_or_default();
        let mut missing: Vec<Address> = keys.iter().filter(|key| !known.keys.contains_key(*key)).copied().collect();
        missing.truncate(MOST_KEYS.saturating_sub(known.keys.len()));
        if missing.len() > FEW {
            let found = self.many(chain, slot, &missing).await?;
            known.keys.extend(found.keys);
            known.total = found.total;
        } else {
            for key in missing {
                let (stake, total) = self.ask(chain, slot, vec![key]).await?;
                known.keys.insert(key, stake);
                known.total = total;
            }
        }
        Ok(self.slots.entry(slot).insert_entry(known).into_mut())
    }

    /// What many keys carry: what they carried last, if nothing has changed.
    async fn many(&mut self, chain: &Chain, slot: u64, keys: &[Address]) -> Result<Stakes, CallError> {
        let latest = chain.provider().get_block_number().await.map_err(|error| CallError::Node(error.into()))?;
        if let Some((block, last)) = &self.last
            && keys.iter().all(|key| last.keys.contains_key(key))
        {
            let wanted: BTreeMap<Address, u128> = keys.iter().map(|key| (*key, last.of(*key))).collect();
            let filter = Filter::new().address(self.registry);
            let changes = chain.logs(&filter, block.saturating_add(1), latest).await;
            let together = wanted.values().copied().fold(0, u128::saturating_add);
            let is_same = changes.map_err(|error| CallError::Node(error.into()))?.is_empty();
            if is_same && self.ask(chain, slot, wanted.keys().copied().collect()).await? == (together, last.total) {
                return Ok(Stakes::new(wanted, last.total));
            }
        }
        let mut found = Stakes::default();
        for key in keys {
            let (stake, total) = self.ask(chain, slot, vec![*key]).await?;
            found.keys.insert(*key, stake);
            found.total = total;
        }
        self.last = Some((latest, found.clone()));
        Ok(found)
    }

    /// What keys carry together, and everybody.
    async fn ask(&self, chain: &Chain, slot: u64, keys: Vec<Address>) -> Result<(u128, u128), CallError> {
        let found = chain.view(self.registry, &signedStakeAtCall { signingKeys: keys, time: slot }).await?;
        Ok((found.signedStake, found.totalStake))
    }
}
