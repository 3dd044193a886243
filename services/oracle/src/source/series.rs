//! A made-up market: the same walk for everybody, which each sees a little differently.

use super::{Source, SourceError};
use alloy::primitives::{U256, keccak256};
use async_trait::async_trait;
use std::sync::atomic::{AtomicBool, Ordering};

/// How many steps of the walk lie between two of its corners.
const LEG: u64 = 16;

/// A market for tests and demonstrations.
#[derive(Debug)]
pub struct Series {
    /// What the price swings around.
    pub base: U256,
    /// How far it goes from there at most (basis points).
    pub swing: u16,
    /// Seconds of a step.
    pub step: u64,
    /// How far an observer sees it from where it is (basis points).
    pub jitter: u16,
    /// Which observer.
    pub observer: u64,
    is_down: AtomicBool,
}

impl Series {
    /// A market as an observer sees it, who is never further from it than `jitter` basis points.
    pub fn new(base: U256, swing: u16, step: u64, jitter: u16, observer: u64) -> Self {
        Self { base, swing, step: step.max(1), jitter, observer, is_down: AtomicBool::new(false) }
    }

    /// The observer sees nothing any more, or sees again.
    pub fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::SeqCst);
    }

    /// The price at `slot` (Unix seconds), as it is.
    pub fn market(&self, slot: u64) -> U256 {
        let position = slot.checked_div(self.step).unwrap_or_default();
        let (leg, into) = (position / LEG, position % LEG);
        let (from, to) = (chance(b"market", leg, 0), chance(b"market", leg.saturating_add(1), 0));
        // Both are parts of 2^16; so is what lies between them.
        let between = (from * (LEG - into) + to * into) / LEG;
        moved(self.base, self.swing, between)
    }

    /// The same, as this observer sees it.
    pub fn seen(&self, slot: u64) -> U256 {
        moved(self.market(slot), self.jitter, chance(b"jitter", slot, self.observer)).max(U256::from(1))
    }
}

/// A number below 2^16.
fn chance(of: &[u8], at: u64, whose: u64) -> u64 {
    let [.., high, low] = keccak256([of, &at.to_be_bytes(), &whose.to_be_bytes()].concat()).0;
    u64::from(u16::from_be_bytes([high, low]))
}

/// A price moved by at most `most` basis points: down where `chance` is 0, up where it is almost 2^16.
fn moved(price: U256, most: u16, chance: u64) -> U256 {
    const ALL: u64 = 10_000 << 16;
    let most = u64::from(most.min(10_000));
    // Within 0 and twice all.
    let part = ALL.saturating_sub(most << 16).saturating_add(most.saturating_mul(chance).saturating_mul(2));
    price.saturating_mul(U256::from(part)) / U256::from(ALL)
}

#[async_trait]
impl Source for Series {
    async fn price(&self, slot: u64) -> Result<U256, SourceError> {
        if self.is_down.load(Ordering::SeqCst) {
            return Err(SourceError::Down {
                source_name: "the series".to_owned(),
                reason: "as was asked for".to_owned(),
            });
        }
        Ok(self.seen(slot))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::median::is_within;
    use std::collections::BTreeSet;

    #[test]
    fn observers_see_the_same_market_differently_and_within_their_jitter() {
        let base = U256::from(350_000_000_000_u64);
        let observers: Vec<Series> = (0..4).map(|number| Series::new(base, 500, 60, 20, number)).collect();
        for slot in (6_000..12_000).step_by(60) {
            let market = observers[0].market(slot);
            assert!(is_within(market, base, 500), "{slot}");
            let seen: BTreeSet<U256> = observers.iter().map(|observer| observer.seen(slot)).collect();
            assert_eq!(seen.len(), 4, "honest operators do not see the same number");
            assert!(seen.iter().all(|price| is_within(*price, market, 20)), "{slot}");
            assert_eq!(observers[1].market(slot), market);
        }
        let prices: BTreeSet<U256> = (6_000..12_000).step_by(60).map(|slot| observers[0].market(slot)).collect();
        assert!(prices.len() > 50, "it moves");
    }

    #[tokio::test]
    async fn a_series_that_is_down_gives_no_price() {
        let series = Series::new(U256::from(100), 0, 60, 0, 1);
        assert_eq!(series.price(60).await, Ok(U256::from(100)));
        series.set_down(true);
        assert!(matches!(series.price(60).await, Err(SourceError::Down { .. })));
    }
}
