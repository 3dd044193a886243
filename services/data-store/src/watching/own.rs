//! A watcher's own challenges and the slash requests that they led to, read from the chain: from its beginning after a
//! start, then block by block.

use crate::setting::Setting;
use alloy::primitives::{Address, B256};
use eyre::Result;
use interfaces::IDisputeResolution::AvailabilityChallenged;
use interfaces::ISlasher::{SlashRequest, SlashRequested};
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
    /// The slash requests whose bounty is the watcher's, that are open as far as is known.
    pub(super) requests: BTreeMap<u64, SlashRequest>,
}

impl Own {
    /// Looks through the blocks that are new.
    pub(super) async fn look(&mut self, setting: &Setting, account: Address) -> Result<()> {
        let (blocks, looked) = setting.unseen(self.looked).await?;
        if self.looked.is_some_and(|before| *blocks.start() <= before.number) {
            *self = Self::default();
        }
        let (disputes, service) = (setting.suite.service.dispute_resolution, setting.suite.service.service_manager);
        let asked = setting.logged(disputes, [None, None, Some(account.into_word())], &blocks).await?;
        // Of a request the challenger is not indexed.
        let requested = setting.logged(setting.suite.slasher, [None, None, Some(service.into_word())], &blocks).await?;
        asked.into_iter().for_each(|event| self.note(event));
        for SlashRequested { requestId: id, request, .. } in requested {
            if request.challenger == account {
                self.requests.insert(id, request);
            }
        }
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
