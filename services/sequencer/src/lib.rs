//! A sequencer: its operators make the transfers of a batch in each slot of time and sign where that leads, and answer
//! for it transfer by transfer, before the program that makes them on the chain.
//!
//! * [`data`] is a batch with the accounts before it, as it is published;
//! * [`series`] makes batches up, the same ones for everybody.
#![deny(missing_docs)]

pub mod data;
pub mod series;

use crate::data::BatchData;
use eyre::Result;
use restake_bisection::Workload;
use restake_computation::Tree;
use transfers::{Account, Batch};

/// Batches of transfers, as players know them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sequencer;

/// What an operator that lies has made for itself.
const INVENTED: u128 = 1_000_000;

impl Workload for Sequencer {
    type State = Batch<Tree>;

    fn first(&self, data: &[u8]) -> Result<Batch<Tree>> {
        Ok(BatchData::decode(data)?.first())
    }

    /// Its own account, the first one, has money that nobody had.
    fn falsified(&self, mut state: Batch<Tree>) -> Batch<Tree> {
        let rich = Account { balance: INVENTED, nonce: 0 };
        state.accounts.set(0, Some(&rich.encode()));
        state
    }
}
