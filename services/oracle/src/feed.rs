//! A feed on the chain.

use crate::median::has_moved;
use alloy::primitives::{Address, B256, U256};
use eyre::{Result, WrapErr};
use interfaces::IDisputeResolution::Attestation;
use interfaces::IPriceFeed::{NoRound, latestRoundDataCall, quorumCall, taskCall, termsCall};
use interfaces::IQuorum;
use restake::attestation::Domain;
use restake::chain::{CallError, Chain};
use restake_daemon::message::{Answer, Signature};

/// What never changes about a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What operators sign as the task.
    pub task: B256,
    /// Seconds between two slots.
    pub interval: u64,
    /// After how many seconds a price is stored whatever it is.
    pub heartbeat: u64,
    /// How far prices may be apart, and must have moved to be stored before (basis points).
    pub deviation: u16,
    /// How much of the stake must sign (basis points).
    pub threshold: u16,
}

/// A feed, and the service behind it.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The contract.
    pub address: Address,
    /// What it says.
    pub terms: Terms,
    /// The Registry of the service.
    pub registry: Address,
    /// The ServiceManager of the service.
    pub service: Address,
    /// What its operators sign in.
    pub domain: Domain,
}

/// The price that a feed has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latest {
    /// The slot that it is of.
    pub slot: u64,
    /// The price.
    pub price: U256,
}

impl Terms {
    /// The last slot that has come at `now`.
    pub fn slot_at(&self, now: u64) -> u64 {
        now.saturating_sub(now.checked_rem(self.interval).unwrap_or_default())
    }

    /// Whether the price of a slot can be stored at `now`.
    pub fn is_open(&self, slot: u64, now: u64) -> bool {
        slot <= now && !self.is_over(slot, now)
    }

    /// Whether the price of a slot cannot be stored any more at `now`.
    pub fn is_over(&self, slot: u64, now: u64) -> bool {
        now >= slot.saturating_add(self.interval.saturating_mul(2))
    }

    /// Whether the feed takes this price for this slot, after the latest that it has.
    pub fn is_due(&self, slot: u64, price: U256, latest: Option<Latest>) -> bool {
        latest.is_none_or(|latest| {
            let is_old = slot >= latest.slot.saturating_add(self.heartbeat);
            slot > latest.slot && (is_old || has_moved(price, latest.price, self.deviation))
        })
    }
}

impl Feed {
    /// Looks at the feed at an address.
    ///
    /// # Errors
    /// If there is none, or the node cannot be asked.
    pub async fn at(chain: &Chain, address: Address) -> Result<Self> {
        let no_feed = || format!("there is no price feed at {address}");
        let terms = chain.view(address, &termsCall {}).await.wrap_err_with(no_feed)?;
        let task = chain.view(address, &taskCall {}).await.wrap_err_with(no_feed)?;
        let quorum = chain.view(address, &quorumCall {}).await.wrap_err_with(no_feed)?;
        let service = chain.view(quorum, &IQuorum::contractsCall {}).await?;
        let domain = Domain::new(chain.id().await?, service.serviceManager);
        let (interval, heartbeat) = (terms.interval.max(1), terms.heartbeat);
        let terms = Terms { task, interval, heartbeat, deviation: terms.deviation, threshold: terms.threshold };
        Ok(Self { address, terms, registry: service.registry, service: service.serviceManager, domain })
    }

    /// The price that it has; none before the first.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn latest(&self, chain: &Chain) -> Result<Option<Latest>, CallError> {
        match chain.view(self.address, &latestRoundDataCall {}).await {
            Ok(round) => Ok(Some(Latest { slot: round.startedAt.saturating_to(), price: round.answer.into_raw() })),
            Err(CallError::Refused(refusal)) if refusal.decode::<NoRound>().is_some() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is signed to answer a slot.
    pub fn attestation(&self, slot: u64, price: U256) -> Attestation {
        Attestation { task: self.terms.task, taskTime: slot, answer: price.into() }
    }

    /// An answer to a slot.
    pub fn answer(&self, slot: u64, price: U256, signature: Signature) -> Answer {
        Answer { task: self.terms.task, task_time: slot, answer: price.into(), signature }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: Terms =
        Terms { task: B256::repeat_byte(1), interval: 60, heartbeat: 300, deviation: 100, threshold: 6_667 };

    #[test]
    fn slots_lie_on_a_grid_and_are_open_for_two_intervals() {
        assert_eq!((TERMS.slot_at(0), TERMS.slot_at(59), TERMS.slot_at(60), TERMS.slot_at(179)), (0, 0, 60, 120));
        assert!(!TERMS.is_open(120, 119) && TERMS.is_open(120, 120) && TERMS.is_open(120, 239));
        assert!(!TERMS.is_open(120, 240));
    }

    #[test]
    fn a_price_is_due_when_it_moved_or_the_last_is_old() {
        let latest = Some(Latest { slot: 600, price: U256::from(1_000) });
        let is_due = |slot, price: u64| TERMS.is_due(slot, U256::from(price), latest);
        assert!(!is_due(660, 1_009) && is_due(660, 1_010) && is_due(660, 990));
        assert!(!is_due(840, 1_000) && is_due(900, 1_000));
        assert!(!is_due(600, 2_000) && !is_due(540, 2_000), "an older slot never is");
        assert!(TERMS.is_due(60, U256::from(1), None));
    }
}
