//! The state at the forked block, as far as it was looked at.

use super::ForkError;
use super::fetch::Far;
use super::known::{FarAccount, Known};
use super::log::Log;
use alloy::primitives::{Address, B256, U256};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use stylus_vm::revm::state::Bytecode;

/// Where a fork begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Point {
    /// The chain.
    pub(crate) chain_id: u64,
    /// The number of the last block of the other chain.
    pub(crate) number: u64,
    /// Its hash.
    pub(crate) hash: B256,
}

/// The state at the forked block. Clones share what was fetched.
#[derive(Clone, Debug)]
pub(crate) struct Origin(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    point: Point,
    /// Who is asked. Nobody, if the fork was loaded from a file.
    far: Option<Far>,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    known: Known,
    log: Option<Log>,
}

impl Origin {
    /// A state of which much is still to be fetched.
    pub(super) fn fetching(far: Far, log: Option<Log>, known: Known) -> Self {
        Self(Arc::new(Shared { point: far.point, far: Some(far), kept: Mutex::new(Kept { known, log }) }))
    }

    /// What there is of a state of which nothing more can be fetched.
    pub(crate) fn fetched(point: Point, known: Known) -> Self {
        Self(Arc::new(Shared { point, far: None, kept: Mutex::new(Kept { known, log: None }) }))
    }

    /// Where the fork begins.
    pub(crate) fn point(&self) -> Point {
        self.0.point
    }

    /// Where more is fetched from, without what may be a secret; none if nowhere.
    pub(crate) fn node(&self) -> Option<String> {
        self.0.far.as_ref().map(|far| far.node.name())
    }

    /// What the other node answers. Nothing of it is kept.
    pub(crate) fn ask(&self, method: &'static str, params: &Value) -> Result<Value, ForkError> {
        let gone = || ForkError::NotFetched(format!("what was before block {}", self.point().number));
        self.0.far.as_ref().ok_or_else(gone)?.node.ask(method, params)
    }

    /// All that was fetched so far.
    pub(crate) fn known(&self) -> Known {
        self.kept().known.clone()
    }

    /// An account.
    pub(crate) fn account(&self, address: Address) -> Result<FarAccount, ForkError> {
        if let Some(account) = self.kept().known.accounts.get(&address) {
            return Ok(*account);
        }
        let far = self.0.far.as_ref().ok_or_else(|| ForkError::NotFetched(format!("the account {address}")))?;
        let (account, code) = far.account(address)?;
        let mut kept = self.kept();
        kept.log(|log| log.account(address, account, &code));
        kept.known.remember(address, account, code);
        Ok(account)
    }

    /// A code that an account was found with.
    pub(crate) fn code(&self, hash: B256) -> Option<Bytecode> {
        self.kept().known.codes.get(&hash).cloned()
    }

    /// A slot of an account.
    pub(crate) fn slot(&self, address: Address, slot: U256) -> Result<U256, ForkError> {
        if let Some(value) = self.kept().known.slot(address, slot) {
            return Ok(value);
        }
        let far = self.0.far.as_ref().ok_or_else(|| ForkError::no_slot(address, slot))?;
        let value = far.slot(address, slot)?;
        let mut kept = self.kept();
        kept.log(|log| log.slot(address, slot, value));
        kept.known.slots.entry(address).or_default().insert(slot, value);
        Ok(value)
    }

    /// The hash of a block before the forked one.
    pub(crate) fn block_hash(&self, number: u64) -> Result<B256, ForkError> {
        if let Some(hash) = self.kept().known.hashes.get(&number) {
            return Ok(*hash);
        }
        let far = self.0.far.as_ref().ok_or_else(|| ForkError::NotFetched(format!("the hash of block {number}")))?;
        let hash = far.block_hash(number)?;
        let mut kept = self.kept();
        kept.log(|log| log.hash(number, hash));
        kept.known.hashes.insert(number, hash);
        Ok(hash)
    }

    /// A panic elsewhere leaves what was fetched valid: a piece is added whole or not at all.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Adds to the log. A disk that is full only costs that it is fetched again another day.
    fn log(&mut self, add: impl FnOnce(&mut Log) -> io::Result<()>) {
        if let Some(log) = &mut self.log
            && add(log).is_err()
        {
            self.log = None;
        }
    }
}
