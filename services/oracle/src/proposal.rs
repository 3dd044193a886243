//! A price that is proposed for a slot, with the reports that it is the median of: it proves itself.

use crate::electorate::Stakes;
use crate::median::{is_reached, is_within, weighted_median};
use crate::report::Report;
use alloy::primitives::{Address, B256, U256};
use restake::attestation::Domain;
use restake_daemon::message::Body;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most reports that a proposal carries.
pub const MOST_REPORTS: usize = 512;

/// A proposed price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The feed's task.
    pub task: B256,
    /// The slot.
    pub slot: u64,
    /// The price.
    pub price: U256,
    /// What it is the median of.
    pub reports: Vec<Report>,
}

impl Body for Proposal {
    const KIND: &'static str = "price-proposal";
}

/// Why nobody should sign a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A report is not signed, is about another slot, or one reporter has two.
    #[error("it carries reports that do not belong to it")]
    ForeignReports,
    /// Somebody without stake reported.
    #[error("it carries a report of {0}, whose signature carries nothing")]
    Weightless(Address),
    /// Too little stake reported.
    #[error("its reports carry {reported} of {total}, which is not enough")]
    TooLittle {
        /// The stake that reported.
        reported: u128,
        /// All stake.
        total: u128,
    },
    /// The price is another one.
    #[error("the median of its reports is {0}")]
    NotTheMedian(U256),
    /// The price is too far from what was observed here.
    #[error("it is too far from {0}, which was observed here")]
    TooFar(U256),
}

/// What everybody observed, by the accounts of their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Votes(BTreeMap<Address, U256>);

impl Votes {
    /// Who reported.
    pub fn keys(&self) -> Vec<Address> {
        self.0.keys().copied().collect()
    }

    /// What who reported carries together, and the median of it.
    pub fn weighed(&self, stakes: &Stakes) -> (u128, Option<U256>) {
        let votes = || self.0.iter().map(|(key, price)| (*price, stakes.of(*key)));
        (votes().map(|(_, stake)| stake).fold(0, u128::saturating_add), weighted_median(votes()))
    }
}

impl FromIterator<(Address, U256)> for Votes {
    fn from_iter<I: IntoIterator<Item = (Address, U256)>>(votes: I) -> Self {
        Self(votes.into_iter().collect())
    }
}

impl Proposal {
    /// What its reports say.
    ///
    /// # Errors
    /// [`Refusal::ForeignReports`].
    pub fn votes(&self, domain: &Domain) -> Result<Votes, Refusal> {
        if self.reports.len() > MOST_REPORTS {
            return Err(Refusal::ForeignReports);
        }
        let mut votes = BTreeMap::new();
        for report in &self.reports {
            let is_its = report.task == self.task && report.slot == self.slot;
            let signer = report.signer(domain).ok().filter(|_| is_its).ok_or(Refusal::ForeignReports)?;
            if votes.insert(signer, report.price).is_some() {
                return Err(Refusal::ForeignReports);
            }
        }
        Ok(Votes(votes))
    }

    /// Whether the price is the median of its reports, and enough stake reported.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn check(&self, votes: &Votes, stakes: &Stakes, threshold: u16) -> Result<(), Refusal> {
        if let Some(key) = votes.0.keys().find(|key| stakes.of(**key) == 0) {
            return Err(Refusal::Weightless(*key));
        }
        let (reported, median) = votes.weighed(stakes);
        let total = stakes.total();
        match median {
            _ if !is_reached(reported, total, threshold) => Err(Refusal::TooLittle { reported, total }),
            Some(median) if median != self.price => Err(Refusal::NotTheMedian(median)),
            _ => Ok(()),
        }
    }

    /// The same for somebody who observed `own`: the price must not be further from it than the feed's deviation.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn check_against(
        &self,
        votes: &Votes,
        stakes: &Stakes,
        threshold: u16,
        own: U256,
        deviation: u16,
    ) -> Result<(), Refusal> {
        self.check(votes, stakes, threshold)?;
        if is_within(self.price, own, deviation) { Ok(()) } else { Err(Refusal::TooFar(own)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::to_sign;
    use alloy::signers::local::PrivateKeySigner;
    use eyre::Result;

    const TASK: B256 = B256::repeat_byte(1);
    const THRESHOLD: u16 = 6_667;

    fn domain() -> Domain {
        Domain::new(412_346, Address::repeat_byte(9))
    }

    fn key(number: u64) -> Result<PrivateKeySigner> {
        Ok(PrivateKeySigner::from_bytes(&B256::from(U256::from(number)))?)
    }

    fn report(number: u64, slot: u64, price: u64) -> Result<Report> {
        let price = U256::from(price);
        let signature = to_sign(&domain(), TASK, slot, price).sign(&key(number)?)?.into();
        Ok(Report { task: TASK, slot, price, signature })
    }

    fn proposal(price: u64, prices: &[u64]) -> Result<Proposal> {
        let reports = (1..).zip(prices).map(|(number, price)| report(number, 60, *price)).collect::<Result<_>>()?;
        Ok(Proposal { task: TASK, slot: 60, price: U256::from(price), reports })
    }

    /// Four operators with 10, 20, 30 and 40 of stake.
    fn stakes() -> Result<Stakes> {
        let stakes = (1..=4_u64).map(|number| Ok((key(number)?.address(), u128::from(number) * 10)));
        Ok(Stakes::new(stakes.collect::<Result<_>>()?, 100))
    }

    fn judged(proposal: &Proposal, own: u64) -> Result<Option<Refusal>> {
        let votes = match proposal.votes(&domain()) {
            Ok(votes) => votes,
            Err(refusal) => return Ok(Some(refusal)),
        };
        Ok(proposal.check_against(&votes, &stakes()?, THRESHOLD, U256::from(own), 50).err())
    }

    #[test]
    fn a_median_of_enough_stake_near_the_own_observation_is_signed() -> Result<()> {
        assert_eq!(judged(&proposal(10_003, &[10_001, 10_002, 10_003, 10_004])?, 10_000)?, None);
        assert_eq!(
            judged(&proposal(10_003, &[10_001, 10_002, 10_003, 10_004])?, 9_900)?,
            Some(Refusal::TooFar(U256::from(9_900)))
        );
        Ok(())
    }

    #[test]
    fn another_price_than_the_median_is_not_signed() -> Result<()> {
        let refusal = judged(&proposal(10_004, &[10_001, 10_002, 10_003, 10_004])?, 10_000)?;
        assert_eq!(refusal, Some(Refusal::NotTheMedian(U256::from(10_003))));
        Ok(())
    }

    #[test]
    fn the_median_of_too_little_stake_is_not_signed() -> Result<()> {
        let refusal = judged(&proposal(10_002, &[10_001, 10_002, 10_003])?, 10_000)?;
        assert_eq!(refusal, Some(Refusal::TooLittle { reported: 60, total: 100 }));
        Ok(())
    }

    #[test]
    fn reports_of_others_of_other_slots_and_twice_of_one_make_no_proposal() -> Result<()> {
        let good = proposal(10_003, &[10_001, 10_002, 10_003, 10_004])?;
        for added in [report(4, 60, 10_004)?, report(4, 60, 10_005)?, report(5, 120, 10_000)?] {
            let mut bad = good.clone();
            bad.reports.push(added);
            assert_eq!(judged(&bad, 10_000)?, Some(Refusal::ForeignReports));
        }
        let mut bad = good.clone();
        bad.reports.push(report(5, 60, 10_003)?);
        assert_eq!(judged(&bad, 10_000)?, Some(Refusal::Weightless(key(5)?.address())));
        let mut bad = good;
        bad.reports.iter_mut().for_each(|report| report.price = U256::from(10_003));
        let refusal = judged(&bad, 10_000)?;
        assert!(matches!(refusal, Some(Refusal::Weightless(_) | Refusal::ForeignReports)), "forged: {refusal:?}");
        Ok(())
    }

    #[test]
    fn reports_of_a_split_market_are_signed_by_who_is_near_the_median_only() -> Result<()> {
        let split = proposal(10_000, &[10_000, 10_000, 10_000, 20_000])?;
        assert_eq!(judged(&split, 10_000)?, None);
        assert_eq!(judged(&split, 20_000)?, Some(Refusal::TooFar(U256::from(20_000))));
        Ok(())
    }

    #[test]
    fn a_report_is_never_an_answer() -> Result<()> {
        use alloy::sol_types::SolStruct;
        use interfaces::IDisputeResolution::Attestation;
        let data = to_sign(&domain(), TASK, 60, U256::from(5));
        let answer = domain().answer(&Attestation { task: TASK, taskTime: 60, answer: U256::from(5).into() });
        assert_ne!(data.hash, answer.hash);
        assert_eq!(data.json["primaryType"], "PriceReport");
        assert_eq!(
            crate::report::PriceReport::eip712_encode_type(),
            "PriceReport(bytes32 task,uint64 slot,uint256 price)"
        );
        Ok(())
    }
}
