//! Batches that are made up from their slot: for tests and demonstrations.

use crate::data::BatchData;
use alloy::primitives::{U256, keccak256};
use async_trait::async_trait;
use eyre::Result;
use restake_bisection::Source;
use transfers::{Account, Transfer};

/// How many accounts there are.
const ACCOUNTS: u32 = 50;

/// Base units of each before the batch.
const BALANCE: u128 = 1_000;

/// The same batches for everybody.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    /// How many transfers each has.
    pub length: u32,
}

impl Series {
    /// The batch of a slot: some of its transfers cannot be made.
    #[must_use]
    pub fn batch(&self, slot: u64) -> BatchData {
        let mut nonces = [0u64; 50];
        let mut transfers = Vec::new();
        for number in 0..self.length {
            let [from, to, amount] = [0, 1, 2].map(|what| chance(slot, number, what));
            let from = u32::try_from(from % u64::from(ACCOUNTS)).unwrap_or_default();
            let to = u32::try_from(to % u64::from(ACCOUNTS.saturating_add(1))).unwrap_or_default();
            // What is refused leaves the nonce: those that follow of the same account are refused as well.
            let nonce = usize::try_from(from).ok().and_then(|from| nonces.get_mut(from));
            let nonce = nonce.map_or(0, |nonce| std::mem::replace(nonce, nonce.saturating_add(1)));
            transfers.push(Transfer { from, to, amount: u128::from(amount % 300), nonce });
        }
        let account = Account { balance: BALANCE, nonce: 0 };
        BatchData { accounts: (0..ACCOUNTS).map(|place| (place, account)).collect(), transfers }
    }
}

/// A number of its own for each question.
fn chance(slot: u64, number: u32, what: u8) -> u64 {
    let hash = keccak256([&slot.to_be_bytes()[..], &number.to_be_bytes(), &[what]].concat());
    U256::from_be_bytes(hash.0).as_limbs()[0]
}

#[async_trait]
impl Source for Series {
    async fn work(&self, slot: u64) -> Result<(Vec<u8>, u64)> {
        let batch = self.batch(slot);
        Ok((batch.encode(), batch.steps()))
    }
}
