//! Transactions that wait.
//!
//! Clients that send several transactions at once number them themselves, and the requests overtake each other. A
//! transaction whose nonce is too high therefore waits here until the gap before it closes, as in the "queued" part of
//! other nodes' pools. If the chain does not mine transactions as they come, all other transactions wait here too, for
//! the next block: the "pending" part.

use super::transaction::SignedTransaction;
use alloy::consensus::Transaction as _;
use alloy::primitives::{Address, B256, map::HashMap};
use std::collections::BTreeMap;

/// How many transactions of one sender wait at most when another one comes that leaves a gap.
const MAX_PER_SENDER: usize = 64;

/// How many transactions wait at most.
const MAX_TOTAL: usize = 1_024;

/// The fee cap of a replacement must be higher by this many percent.
const REPLACEMENT_BUMP: u128 = 10;

/// The waiting transactions, by sender and nonce.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    senders: BTreeMap<Address, BTreeMap<u64, Waiting>>,
    by_hash: HashMap<B256, (Address, u64)>,
    arrivals: u64,
}

/// A transaction, and how many arrived before it.
#[derive(Clone, Debug)]
struct Waiting {
    transaction: SignedTransaction,
    arrival: u64,
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
    /// Lets a transaction wait. `next_nonce` is the sender's first nonce that is neither mined nor waiting without a
    /// gap. A transaction that replaces another one takes its place in the order too.
    ///
    /// # Errors
    ///
    /// [`QueueError`]. Nothing has changed then.
    pub(crate) fn push(&mut self, transaction: SignedTransaction, next_nonce: u64) -> Result<(), QueueError> {
        let (sender, nonce) = (transaction.signer(), transaction.envelope().nonce());
        let hash = transaction.hash();
        if self.by_hash.contains_key(&hash) {
            return Err(QueueError::Known);
        }
        let waiting = self.senders.get(&sender);
        let mut arrival = self.arrivals;
        match waiting.and_then(|nonces| nonces.get(&nonce)) {
            Some(old) => {
                let price = old.transaction.envelope().max_fee_per_gas();
                let least = price.saturating_add(price.saturating_mul(REPLACEMENT_BUMP) / 100);
                if transaction.envelope().max_fee_per_gas() < least {
                    return Err(QueueError::Underpriced);
                }
                arrival = old.arrival;
                self.by_hash.remove(&old.transaction.hash());
            }
            None if nonce > next_nonce && waiting.is_some_and(|nonces| nonces.len() >= MAX_PER_SENDER) => {
                return Err(QueueError::AccountFull);
            }
            None if self.by_hash.len() >= MAX_TOTAL => return Err(QueueError::Full),
            None => {}
        }
        self.arrivals += 1;
        self.by_hash.insert(hash, (sender, nonce));
        self.senders.entry(sender).or_default().insert(nonce, Waiting { transaction, arrival });
        Ok(())
    }

    /// Takes out the transaction that came first among those whose turn has come. A transaction's turn has come if
    /// `nonce` returns its nonce for its sender.
    ///
    /// # Errors
    ///
    /// Those of `nonce`.
    pub(crate) fn take_ready<E>(
        &mut self,
        nonce: impl Fn(Address) -> Result<u64, E>,
    ) -> Result<Option<SignedTransaction>, E> {
        let mut first: Option<&Waiting> = None;
        for (sender, nonces) in &self.senders {
            let ready = nonces.get(&nonce(*sender)?);
            first = first.into_iter().chain(ready).min_by_key(|waiting| waiting.arrival);
        }
        let hash = first.map(|waiting| waiting.transaction.hash());
        Ok(hash.and_then(|hash| self.remove(hash)))
    }

    /// Takes out the transaction with this hash.
    pub(crate) fn remove(&mut self, hash: B256) -> Option<SignedTransaction> {
        let (sender, nonce) = self.by_hash.remove(&hash)?;
        let nonces = self.senders.get_mut(&sender)?;
        let waiting = nonces.remove(&nonce)?;
        if nonces.is_empty() {
            self.senders.remove(&sender);
        }
        Some(waiting.transaction)
    }

    /// Forgets the transactions whose nonce is below what `nonce` tells of the sender.
    ///
    /// # Errors
    ///
    /// Those of `nonce`.
    pub(crate) fn forget_used<E>(&mut self, nonce: impl Fn(Address) -> Result<u64, E>) -> Result<(), E> {
        let mut used = Vec::new();
        for (sender, nonces) in &self.senders {
            used.extend(nonces.range(..nonce(*sender)?).map(|(_, waiting)| waiting.transaction.hash()));
        }
        for hash in used {
            self.remove(hash);
        }
        Ok(())
    }

    /// All of them, by sender and nonce.
    pub(crate) fn transactions(&self) -> impl Iterator<Item = &SignedTransaction> {
        self.senders.values().flat_map(|nonces| nonces.values()).map(|waiting| &waiting.transaction)
    }

    /// The first nonce from `nonce` on that no waiting transaction of the sender has.
    pub(crate) fn next_nonce(&self, sender: Address, nonce: u64) -> u64 {
        let waiting = self.senders.get(&sender).into_iter().flat_map(|nonces| nonces.range(nonce..));
        waiting.fold(nonce, |next, (nonce, _)| if *nonce == next { next.saturating_add(1) } else { next })
    }

    /// The waiting transaction with this hash.
    pub(crate) fn get(&self, hash: B256) -> Option<&SignedTransaction> {
        let (sender, nonce) = self.by_hash.get(&hash)?;
        Some(&self.senders.get(sender)?.get(nonce)?.transaction)
    }

    /// Forgets all of them.
    pub(crate) fn clear(&mut self) {
        self.senders.clear();
        self.by_hash.clear();
    }
}
