//! A market that a test sets.

use alloy::primitives::U256;
use async_trait::async_trait;
use restake_oracle::source::{Source, SourceError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What one operator sees of it.
#[derive(Debug)]
pub(crate) struct Market(AtomicU64);

impl Market {
    pub(crate) fn at(price: u64) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(price)))
    }

    pub(crate) fn set(&self, price: u64) {
        self.0.store(price, Ordering::SeqCst);
    }
}

#[async_trait]
impl Source for Market {
    async fn price(&self, _slot: u64) -> Result<U256, SourceError> {
        match self.0.load(Ordering::SeqCst) {
            0 => Err(SourceError::Down { source_name: "the market".to_owned(), reason: "it is closed".to_owned() }),
            price => Ok(U256::from(price)),
        }
    }
}
