//! What stands behind a receipt.

use crate::claims::word;
use crate::storage::Risk;
use alloc::vec::Vec;
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use arithmetic::exposure::Exposure;
use arithmetic::wad::ONE;
use arithmetic::wide::{mul_div_down, mul_div_up};
use common::{calls, Outcome, Revert};
use interfaces::{ILiquidRestakingToken, IRestakingVault, IRestakingWeights, IRisk, IERC20};
use stylus_sdk::prelude::*;

/// Most operators of a receipt.
const MAX_OPERATORS: usize = 8;

/// Most layers that are followed.
const MAX_LAYERS: usize = 8;

/// What stands behind some receipts and what of it is risked, in the order of the ABI.
pub(crate) type LookThroughFields = (u128, u128, u128, u128, [Address; MAX_OPERATORS], [u128; MAX_OPERATORS]);

/// What stands behind some receipts.
pub(crate) struct LookThrough {
    pub(crate) idle: u128,
    pub(crate) leaving: u128,
    pub(crate) operators: [Address; MAX_OPERATORS],
    pub(crate) stakes: [u128; MAX_OPERATORS],
}

impl LookThrough {
    /// The operators with their stakes.
    fn parts(&self) -> impl Iterator<Item = (Address, u128)> + '_ {
        self.operators.iter().copied().zip(self.stakes).filter(|(_, stake)| *stake != 0)
    }
}

impl Risk {
    pub(crate) fn behind(&self, receipt: Address, shares: u128) -> Outcome<LookThrough> {
        let contracts = self.view(receipt, ILiquidRestakingToken::contractsCall::SELECTOR)?;
        let (vault, weights) = (address(&contracts, 0)?, address(&contracts, 2)?);
        let supply = calls::answer(&self.view(receipt, IERC20::totalSupplyCall::SELECTOR)?, 0)?;
        if shares > supply {
            return Err(IRisk::SharesAboveSupply { supply }.into());
        }
        // Rounded down: no more stands behind it than is there. Nothing stands behind no receipts.
        let part = |all: u128| mul_div_down(all, shares, supply).unwrap_or(0);
        let assets = self.view(vault, IRestakingVault::totalAssetsCall::SELECTOR)?;
        let (all, idle) = (calls::answer(&assets, 0)?, calls::answer(&assets, 1)?);
        let mut behind =
            LookThrough { idle: part(idle), leaving: 0, operators: Default::default(), stakes: Default::default() };
        let mut staked = 0u128;
        let places = behind.operators.iter_mut().zip(&mut behind.stakes).enumerate();
        for (index, (operator, stake)) in places {
            let place = calls::word(u128::try_from(index).unwrap_or(u128::MAX));
            let question = calls::words(IRestakingWeights::operatorAtCall::SELECTOR, &[place]);
            *operator = address(&calls::view_raw(self.vm(), weights, &question)?, 0)?;
            // Operators have the first places.
            if operator.is_zero() {
                break;
            }
            let all = calls::answer(&assets, index.saturating_add(2))?;
            *stake = part(all);
            staked = staked.checked_add(all).ok_or_else(too_large)?;
        }
        behind.leaving = part(all.saturating_sub(idle).saturating_sub(staked));
        Ok(behind)
    }

    /// What is lost of it if every service takes all that it can, and how often the stake is promised.
    pub(crate) fn risked(&self, behind: &LookThrough) -> Outcome<(u128, u128)> {
        let (mut lost, mut promised, mut staked) = (0u128, 0u128, 0u128);
        for (operator, stake) in behind.parts() {
            let exposure = Exposure::of(&self.budgets(operator)?);
            let of_degree = mul_div_up(stake, exposure.degree.into(), ONE.into()).ok_or_else(too_large)?;
            lost = lost.checked_add(exposure.loses(stake)).ok_or_else(too_large)?;
            promised = promised.checked_add(of_degree).ok_or_else(too_large)?;
            staked = staked.checked_add(stake).ok_or_else(too_large)?;
        }
        Ok((lost, mul_div_up(promised, ONE.into(), staked).unwrap_or(0)))
    }

    pub(crate) fn _takes_behind(&self, receipt: Address, shares: u128, services: &[Address]) -> Outcome<Vec<u128>> {
        let behind = self.behind(receipt, shares)?;
        let mut takes = vec![0u128; services.len()];
        for (operator, stake) in behind.parts() {
            let budgets = self.budgets(operator)?;
            for (service, sum) in services.iter().zip(&mut takes) {
                let grant = self.grant(operator, *service)?;
                let all = grant.budget.saturating_add(grant.pending);
                let reach = if grant.exclusive { all } else { all.min(budgets.beside_exclusive()) };
                let taken = match reach {
                    0 => 0,
                    _ => mul_div_up(stake, reach.into(), budgets.magnitude().into()).unwrap_or(stake).min(stake),
                };
                *sum = sum.checked_add(taken).ok_or_else(too_large)?;
            }
        }
        Ok(takes)
    }

    pub(crate) fn _layers_of(&self, receipt: Address) -> Outcome<Vec<Address>> {
        let mut layers = vec![receipt];
        let mut top = receipt;
        while layers.len() < MAX_LAYERS {
            let answer = self.ask(top, ILiquidRestakingToken::assetCall::SELECTOR, &[])?.unwrap_or_default();
            let Some(below) = word(&answer, 0).map(Address::from_word).filter(|below| !layers.contains(below)) else {
                break;
            };
            if below.is_zero() {
                break;
            }
            layers.push(below);
            top = below;
        }
        Ok(layers)
    }

    fn view(&self, whom: Address, selector: [u8; 4]) -> Outcome<Vec<u8>> {
        calls::view_raw(self.vm(), whom, &selector)
    }
}

fn address(answer: &[u8], index: usize) -> Outcome<Address> {
    word(answer, index).map(Address::from_word).ok_or_else(|| Revert::passed_on(Vec::new()))
}

fn too_large() -> Revert {
    IRisk::SumTooLarge {}.into()
}
