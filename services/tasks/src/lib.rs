//! The operators of a service that answers the tasks of a TaskBoard, and who puts together what they sign.
//!
//! Anyone posts a task with a fee and a deadline. An [`operator`] asks its [`Handler`] for the answer and signs it,
//! once for a task; with enough of them under one answer an [`aggregator`] sends one transaction to the [`board`],
//! which pays those who signed. Anyone may aggregate, and several at once do not harm: what is stored is stored once.
//!
//! What a service is about is in its handler alone.
#![deny(missing_docs)]

pub mod aggregator;
pub mod board;
pub mod operator;
pub mod setting;

use alloy::primitives::B256;
use async_trait::async_trait;
use board::Task;

/// What a service computes.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// The answer to a task; none if it is nothing that this service answers.
    ///
    /// # Errors
    /// If it cannot be found now. It is asked again until the deadline.
    async fn answer(&self, task: &Task) -> eyre::Result<Option<B256>>;
}
