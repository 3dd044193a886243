//! A file with a number in it, which somebody else writes.

use super::{Source, SourceError, read};
use alloy::primitives::U256;
use async_trait::async_trait;
use std::path::PathBuf;

/// A file that has the price in whole units.
#[derive(Debug, Clone)]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// The decimals of the feed.
    pub decimals: u8,
}

#[async_trait]
impl Source for File {
    async fn price(&self, _slot: u64) -> Result<U256, SourceError> {
        let name = self.path.display().to_string();
        let path = self.path.clone();
        match tokio::task::spawn_blocking(|| std::fs::read_to_string(path)).await {
            Ok(Ok(text)) => read(&name, &text, self.decimals),
            Ok(Err(error)) => Err(SourceError::Down { source_name: name, reason: error.to_string() }),
            Err(error) => Err(SourceError::Down { source_name: name, reason: error.to_string() }),
        }
    }
}
