//! A watcher's own challenges, read from the chain: from its beginning after a start, then block by block.

use crate::setting::Setting;
use alloy::primitives::{Address, B256};
use eyre::Result;
use interfaces::IDisputeResolution::AvailabilityChallenged;
use restake_daemon::origin::Origin;
use std::collections::BTreeMap;

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Own {
    looked: Option<Origin>,
    /// All challenges, by their numbers.
    asked: BTreeMap<u64, AvailabilityChallenged>,
    /// The deadlines of those that are open as far as is known.
    pub(super) open: BTreeMap<u64, u64>,
}

impl Own {
    /// Looks through the blocks that are new.
    pub(super) async fn look(&mut self, setting: &Setting, account: Address) -> Result<()> {
        let (blocks, looked) = setting.unseen(self.looked).await?;
        if self.looked.is_some_and(|before| *blocks.start() <= before.number) {
            *self = Self::default();
        }
        let disputes = setting.suite.service.dispute_resolution;
        let asked = setting.logged(disputes, [None, None, Some(account.into_word())], &blocks).await?;
        asked.into_iter().for_each(|event| self.note(event));
        self.looked = Some(looked);
        Ok(())
    }

    /// A challenge was made.
    pub(super) fn note(&mut self, event: AvailabilityChallenged) {
        self.open.insert(event.challengeId, event.deadline);
        self.asked.insert(event.challengeId, event);
    }

    /// Whether an operator can be asked for something of a commitment: once for each, as several leaves of one are one
    /// fault, and once in an answer window, as who answers on chain what it does not give over HTTP wins each bond.
    pub(super) fn may_ask(&self, operator: Address, commitment: B256, now: u64) -> bool {
        let mut asked = self.asked.values().filter(|asked| asked.operator == operator);
        asked.all(|asked| asked.commitment != commitment && asked.deadline < now)
    }
}
