//! Transactions that came before their turn.
//!
//! Clients that send several transactions at once number them themselves, and the requests overtake each other. A transaction whose
//! nonce is too high therefore waits here until the gap before it closes, as in the "queued" part of other nodes' pools.

use super::transaction::SignedTransaction;
use alloy::consensus::Transaction as _;
use alloy::primitives::{Address, B256, map::HashMap};
use std::collections::BTreeMap;

/// How many transactions of one sender wait at most.
const MAX_PER_SENDER: usize = 64;

/// How many transactions wait at most.
const MAX_TOTAL: usize = 1_024;

/// The fee cap of a replacement must be higher by this many percent.
const REPLACEMENT_BUMP: u128 = 10;

/// The waiting transactions, by sender and nonce.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    senders: HashMap<Address, BTreeMap<u64, SignedTransaction>>,
    by_hash: HashMap<B256, (Address, u64)>,
}

/// The transaction cannot wait. `Display` speaks like go-ethereum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueueError {
    /// The very same transaction waits already.
    #[error("already known")]
    Known,
    /// Another one with the same nonce waits, and this one does not pay enough to take its place.
    #[error("replacement transaction underpriced")]
    Underpriced,
    /// The sender has too many waiting.
    #[error("account limit exceeded")]
    AccountFull,
    /// There are too many waiting.
    #[error("txpool is full")]
    Full,
}

impl Queue {
    /// Lets a transaction wait.
    pub(crate) fn push(&mut self, transaction: SignedTransaction) -> Result<(), QueueError> {
        let (sender, nonce) = (transaction.signer(), transaction.envelope().nonce());
        let hash = transaction.hash();
        if self.by_hash.contains_key(&hash) {
            return Err(QueueError::Known);
        }
        let waiting = self.senders.get(&sender);
        match waiting.and_then(|nonces| nonces.get(&nonce)) {
            Some(old) => {
                let price = old.envelope().max_fee_per_gas();
                let least = price.saturating_add(price.saturating_mul(REPLACEMENT_BUMP) / 100);
                if transaction.envelope().max_fee_per_gas() < least {
                    return Err(QueueError::Underpriced);
                }
                self.by_hash.remove(&old.hash());
            }
            None if waiting.is_some_and(|nonces| nonces.len() >= MAX_PER_SENDER) => {
                return Err(QueueError::AccountFull);
            }
            None if self.by_hash.len() >= MAX_TOTAL => return Err(QueueError::Full),
            None => {}
        }
        self.by_hash.insert(hash, (sender, nonce));
        self.senders.entry(sender).or_default().insert(nonce, transaction);
        Ok(())
    }

    /// Takes out the sender's transaction with this nonce.
    pub(crate) fn take(&mut self, sender: Address, nonce: u64) -> Option<SignedTransaction> {
        let nonces = self.senders.get_mut(&sender)?;
        let transaction = nonces.remove(&nonce)?;
        if nonces.is_empty() {
            self.senders.remove(&sender);
        }
        self.by_hash.remove(&transaction.hash());
        Some(transaction)
    }

    /// The first nonce from `nonce` on that no waiting transaction of the sender has.
    pub(crate) fn next_nonce(&self, sender: Address, nonce: u64) -> u64 {
        let waiting = self.senders.get(&sender).into_iter().flat_map(|nonces| nonces.range(nonce..));
        waiting.fold(nonce, |next, (nonce, _)| if *nonce == next { next.saturating_add(1) } else { next })
    }

    /// The waiting transaction with this hash.
    pub(crate) fn get(&self, hash: B256) -> Option<&SignedTransaction> {
        let (sender, nonce) = self.by_hash.get(&hash)?;
        self.senders.get(sender)?.get(nonce)
    }

    /// Forgets all of them.
    pub(crate) fn clear(&mut self) {
        self.senders.clear();
        self.by_hash.clear();
    }
}
