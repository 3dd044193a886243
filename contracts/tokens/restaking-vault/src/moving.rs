//! Moving the holders' tokens to operators and from them, as the weights ask for it.

use crate::storage::{RestakingVault, MAX_OPERATORS, MAX_TRANSITS};
use crate::valuation::Position;
use alloc::vec::Vec;
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use arithmetic::epoch;
use arithmetic::wide::mul_div_down;
use common::{calls, Outcome, Revert};
use interfaces::ITokenPool;
use stylus_sdk::prelude::*;

/// Most attempts at staking with one operator in one call.
const MAX_ATTEMPTS: usize = 8;

impl RestakingVault {
    pub(crate) fn _stake_with(&mut self, index: usize, amount: u128, max_commitment: u64) -> Outcome<u128> {
        let operator = self.operator(index);
        if operator.is_zero() || !self.may_stake(index, operator)? {
            return Ok(0);
        }
        self.stake(operator, amount, max_commitment)
    }

    pub(crate) fn _unstake_from(&mut self, index: usize, amount: u128, everything: bool) -> Outcome<bool> {
        let operator = self.operator(index);
        let position = self.position_at(index, operator)?;
        let Some(place) = self.place_for_transit(index, everything) else { return Ok(false) };
        // Rounded down; all shares for all assets. The ledger gives no more than there are.
        let shares = mul_div_down(position.free, amount, position.assets).unwrap_or(0);
        let Some((release_epoch, issued)) = self.queue(operator, shares)? else { return Ok(false) };
        let Some(mut stored) = self.operators.setter(index) else { return Ok(false) };
        let before = stored.transit(place).map_or(0, |(_, shares)| shares);
        stored.set_transit(place, release_epoch, before.saturating_add(issued));
        Ok(true)
    }

    /// Whether what is staked with the operator now would be the holders' alone. Where a slash took everything, shares
    /// that were set apart or queued in this epoch are lost: they must not come back in a new pool or bucket.
    fn may_stake(&self, index: usize, operator: Address) -> Outcome<bool> {
        let Some(stored) = self.operators.getter(index) else { return Ok(false) };
        let (shares, _) = self.position_with(operator)?;
        if shares < stored.set_apart() {
            return Ok(false);
        }
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        Ok(!self.was_bucket_lost(operator, release_epoch)?)
    }

    /// Stakes `amount` with an operator, in parts where the TokenPool takes no more at once. Returns what was staked.
    fn stake(&mut self, operator: Address, amount: u128, max_commitment: u64) -> Outcome<u128> {
        let token = self.token.get().into_word();
        let (mut staked, mut most) = (0u128, amount);
        for _ in 0..MAX_ATTEMPTS {
            let part = amount.saturating_sub(staked).min(most);
            if part == 0 {
                break;
            }
            self.take_idle(part)?;
            let most_committed = calls::word(max_commitment.into());
            let words = [token, calls::word(part), operator.into_word(), most_committed];
            match self.tell_pool(ITokenPool::stakeCall::SELECTOR, &words) {
                Ok(_) => staked = staked.saturating_add(part),
                Err(refusal) if refusal.has_reason() => {
                    self.add(part, 0)?;
                    most = room(&refusal, part)?;
                    if most >= part {
                        break;
                    }
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(staked)
    }

    /// Where a withdrawal that is queued now is noted; nowhere if too many wait to be collected. The last free place is
    /// kept for one of everything.
    fn place_for_transit(&self, index: usize, everything: bool) -> Option<usize> {
        let release_epoch = epoch::release_of(self.vm().block_timestamp());
        let stored = self.operators.getter(index)?;
        let is_same = |place: &usize| stored.transit(*place).is_some_and(|(release, _)| release == release_epoch);
        if let Some(same) = (0..MAX_TRANSITS).find(is_same) {
            return Some(same);
        }
        let mut free = (0..MAX_TRANSITS).filter(|place| stored.transit(*place).is_none());
        let first = free.next();
        if everything || free.next().is_some() {
            first
        } else {
            None
        }
    }

    /// Queues shares out of an operator's pool. Returns when they are released and the bucket shares; nothing if it was
    /// refused for a reason. Without one the call may have run out of gas: whoever sends the transaction shall not
    /// choose so what is left out.
    pub(crate) fn queue(&mut self, operator: Address, shares: u128) -> Outcome<Option<(u64, u128)>> {
        match self.queue_now(operator, shares) {
            Ok(queued) => Ok(Some(queued)),
            Err(refusal) if refusal.has_reason() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Queues shares out of several operators' pools in one call. Returns the answer: the release epoch, and for each
    /// the bucket shares, none where it is frozen. Nothing if that was refused for a reason, which may be one of them:
    /// then each is for itself.
    pub(crate) fn queue_each(&mut self, positions: &[Position], shares: &[u128]) -> Outcome<Option<Vec<u8>>> {
        if shares.iter().all(|shares| *shares == 0) {
            return Ok(None);
        }
        let mut words = Vec::from([self.token.get().into_word()]);
        words.extend(positions.iter().map(|position| position.operator.into_word()));
        words.resize(MAX_OPERATORS.saturating_add(1), B256::ZERO);
        words.extend(shares.iter().map(|shares| calls::word(*shares)));
        words.resize(MAX_OPERATORS.saturating_mul(2).saturating_add(1), B256::ZERO);
        match self.tell_pool(ITokenPool::queueWithdrawalsCall::SELECTOR, &words) {
            Ok(answer) => Ok(Some(answer)),
            Err(refusal) if refusal.has_reason() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    pub(crate) fn queue_now(&mut self, operator: Address, shares: u128) -> Outcome<(u64, u128)> {
        let words = [self.token.get().into_word(), operator.into_word(), calls::word(shares)];
        let answer = self.tell_pool(ITokenPool::queueWithdrawalCall::SELECTOR, &words)?;
        let release_epoch = u64::try_from(calls::answer(&answer, 0)?).unwrap_or(u64::MAX);
        Ok((release_epoch, calls::answer(&answer, 1)?))
    }

    /// Tells the TokenPool to do something.
    #[inline(never)]
    pub(crate) fn tell_pool(&mut self, selector: [u8; 4], words: &[B256]) -> Outcome<Vec<u8>> {
        let pool = self.token_pool.get();
        calls::send_raw(self, pool, U256::ZERO, &calls::words(selector, words))
    }
}

/// How much the TokenPool would take that has refused `part`; `part` if it says nothing about that.
fn room(refusal: &Revert, part: u128) -> Outcome<u128> {
    if !refusal.is::<ITokenPool::DepositTooLarge>() && !refusal.is::<ITokenPool::StrategyCapExceeded>() {
        return Ok(part);
    }
    // Both name what it would be with this part, and the most that it may be.
    let (sum, most) = (calls::answer(refusal.arguments(), 0)?, calls::answer(refusal.arguments(), 1)?);
    Ok(part.saturating_sub(sum.saturating_sub(most)))
}
