//! What the state of a chain that is already there tells of it.

use super::{Root, Slots};
use revm::Database;

/// What a state of ArbOS says of its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoundChain {
    /// The ArbOS version; zero if there is no state of ArbOS.
    pub arbos_version: u64,
    /// The configuration as Nitro wrote it, in JSON; empty on chains that Nitro did not make.
    pub config: Vec<u8>,
}

impl FoundChain {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub fn read<DB: Database>(db: &mut DB) -> Result<Self, DB::Error> {
        let mut slots = Slots::new(db);
        Ok(Self { arbos_version: Root::version(&mut slots)?, config: Root::chain_config(&mut slots)? })
    }
}
