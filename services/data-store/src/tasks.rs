//! The tasks that are done by keeping data: nothing else is kept, or anybody could fill the disks of operators.

use alloy::primitives::B256;
use async_trait::async_trait;
use eyre::Result;

/// Where tasks are set.
#[async_trait]
pub trait Tasks: Send + Sync + 'static {
    /// The root of the data that a task, set at `time` (Unix seconds), asks to be kept; none if there is no such task.
    ///
    /// # Errors
    /// If it cannot be asked.
    async fn root_of(&self, task: B256, time: u64) -> Result<Option<B256>>;
}
