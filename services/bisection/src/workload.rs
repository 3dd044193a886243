//! What is computed.

use async_trait::async_trait;
use eyre::Result;
use restake_computation::Tree;
use step::State;

/// What the players of a service know about its computations.
pub trait Workload: Send + Sync + 'static {
    /// A state of the computation, with the rule for the next one.
    type State: State<Tree = Tree> + Clone + Send + Sync + 'static;

    /// The state that a computation begins in, from the data that an operator publishes with its result.
    ///
    /// # Errors
    /// If the data is none of such a computation.
    fn first(&self, data: &[u8]) -> Result<Self::State>;

    /// What an operator that lies makes of a state, somewhere in the middle: for demonstrations.
    fn falsified(&self, state: Self::State) -> Self::State;
}

/// Where an operator has its work from.
#[async_trait]
pub trait Source: Send + Sync + 'static {
    /// The data of the computation that is due at `slot` (Unix seconds), and in how many steps it is done.
    ///
    /// # Errors
    /// If there is none now.
    async fn work(&self, slot: u64) -> Result<(Vec<u8>, u64)>;
}
