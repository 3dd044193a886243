//! What services say of themselves.

use crate::storage::Risk;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use arithmetic::fault::{mildest, ROOM};
use arithmetic::risk::{demand, ratio, UNBOUNDED};
use arithmetic::wad;
use common::{calls, Outcome};
use interfaces::{IRegistry, IRisk, IServiceManager};
use stylus_sdk::prelude::*;

/// Where the profit stands in the answer about terms, behind the wads, the challenger's share and the reward rate.
const PROFIT: usize = ROOM + 2;

/// What a service says, and what follows.
pub(crate) struct Claim {
    service: Address,
    /// What it says now; `None` if it cannot be read.
    said: Option<Said>,
}

/// What a service says.
#[derive(Clone, Copy)]
pub(crate) struct Said {
    /// The profit from corruption.
    profit: u128,
    /// What its mildest fault takes of a budget (wad).
    penalty: u64,
    /// The stake that its Registry counts.
    counted: u128,
    /// What an attack loses of that at least.
    demand: u128,
}

impl Claim {
    pub(crate) fn service(&self) -> Address {
        self.service
    }

    /// The penalty: all of a budget where it cannot be read.
    pub(crate) fn penalty(&self) -> u64 {
        self.said.map_or(wad::ONE, |said| said.penalty)
    }

    /// The ratio: no bound where it cannot be read.
    pub(crate) fn ratio(&self) -> u128 {
        self.said.map_or(UNBOUNDED, |said| said.ratio())
    }
}

impl Said {
    /// An account without code: it has no quorum, and claims nothing.
    const NOTHING: Self = Self { profit: 0, penalty: wad::ONE, counted: 0, demand: 1 };

    fn ratio(&self) -> u128 {
        // Nothing that counts no stake can be corrupted.
        if self.counted == 0 || self.profit == 0 {
            0
        } else {
            ratio(self.profit, self.demand)
        }
    }
}

impl Risk {
    pub(crate) fn _claim_of(&self, service: Address, threshold: u64) -> Outcome<(u128, u128, u64, u128, u128, u128)> {
        check(threshold)?;
        let said = self.read(service, threshold)?.ok_or(IRisk::Unreadable { account: service })?;
        let (next_profit, effective_at) = self.next_profit(service)?.ok_or(IRisk::Unreadable { account: service })?;
        Ok((said.profit, next_profit, effective_at, said.counted, said.demand, said.ratio()))
    }

    /// What these services say, which are listed in ascending order: so none counts twice.
    pub(crate) fn claims(&self, services: &[Address], threshold: u64) -> Outcome<Vec<Claim>> {
        check(threshold)?;
        if services.windows(2).any(|pair| matches!(pair, [first, second] if first >= second)) {
            return Err(IRisk::NotAscending {}.into());
        }
        let claim = |service: &Address| Ok(Claim { service: *service, said: self.read(*service, threshold)? });
        services.iter().map(claim).collect()
    }

    fn read(&self, service: Address, threshold: u64) -> Outcome<Option<Said>> {
        if self.vm().code_size(service) == 0 {
            return Ok(Some(Said::NOTHING));
        }
        let Some(terms) = self.ask(service, IServiceManager::termsCall::SELECTOR, &[])? else { return Ok(None) };
        let Some((profit, wads)) = read_terms(&terms) else { return Ok(None) };
        let Some(contracts) = self.ask(service, IServiceManager::contractsCall::SELECTOR, &[])? else {
            return Ok(None);
        };
        let Some(registry) = word(&contracts, 1) else { return Ok(None) };
        let now = calls::word(self.vm().block_timestamp().into());
        let registry = Address::from_word(registry);
        let Some(total) = self.ask(registry, IRegistry::totalStakeAtCall::SELECTOR, &[now])? else { return Ok(None) };
        let Some(counted) = word(&total, 0).map(saturated) else { return Ok(None) };
        let penalty = mildest(&wads);
        // Rounded down: an attack loses no less.
        let loses = wad::portion_down(counted, penalty).unwrap_or(counted);
        Ok(Some(Said { profit, penalty, counted, demand: demand(loses, threshold) }))
    }

    /// The profit as it was scheduled last, and from when that holds.
    fn next_profit(&self, service: Address) -> Outcome<Option<(u128, u64)>> {
        if self.vm().code_size(service) == 0 {
            return Ok(Some((0, 0)));
        }
        let Some(since) = self.ask(service, IServiceManager::termsEffectiveAtCall::SELECTOR, &[])? else {
            return Ok(None);
        };
        let Some(since) = word(&since, 0) else { return Ok(None) };
        let last = calls::word(u64::MAX.into());
        let Some(terms) = self.ask(service, IServiceManager::termsAtCall::SELECTOR, &[last])? else { return Ok(None) };
        let since = u64::try_from(saturated(since)).unwrap_or(u64::MAX);
        Ok(read_terms(&terms).map(|(profit, _)| (profit, since)))
    }
}

fn check(threshold: u64) -> Outcome {
    if threshold == 0 || threshold > wad::ONE {
        return Err(IRisk::InvalidThreshold { threshold }.into());
    }
    Ok(())
}

/// The profit and the wads of an answer about terms.
fn read_terms(terms: &[u8]) -> Option<(u128, [u64; ROOM])> {
    let mut wads = [0; ROOM];
    for (index, wad) in wads.iter_mut().enumerate() {
        let stored = u64::try_from(saturated(word(terms, index)?)).ok();
        *wad = stored.filter(|wad| *wad <= wad::ONE)?;
    }
    Some((word(terms, PROFIT).map(saturated)?, wads))
}

/// The word number `index` of an answer.
pub(crate) fn word(answer: &[u8], index: usize) -> Option<B256> {
    let (words, _) = answer.as_chunks::<32>();
    words.get(index).map(|word| B256::from(*word))
}

/// A number; the largest one of 128 bits for what is larger.
fn saturated(word: B256) -> u128 {
    calls::answer(word.as_slice(), 0).unwrap_or(u128::MAX)
}
