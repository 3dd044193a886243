//! The stakers' door: limits, and what waits for its turn.

use crate::ledger::Bag;
use crate::setup::Setup;
use crate::tokens::Permit;
use crate::{Answer, Limits, Mistake, Protocol, nonzero, revert};
use alloy_primitives::Address;
use arithmetic::outflow::Queue;
use arithmetic::{epoch, pause};
use interfaces::IAccess::Paused;
use interfaces::IBatch::{LengthMismatch, WithdrawalSkipped};
use interfaces::IStrategyManager::{
    AmountTooLarge, FundsClaimed, NothingToClaim, WithdrawalCompleted, WithdrawalNotReady, WithdrawalRestaked,
    ZeroAmount,
};
use interfaces::ITokenPool::*;
use std::collections::BTreeMap;

/// A listed token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strategy {
    /// Whether it takes deposits.
    pub open: bool,
    /// Its limits.
    pub limits: Limits,
}

/// A withdrawal by name: staker, operator, token, release epoch.
pub type Withdrawal = (Address, Address, Address, u64);

/// Listed tokens and their queues.
#[derive(Debug, Clone, Default)]
pub struct Vault {
    /// Token => its limits.
    pub strategies: BTreeMap<Address, Strategy>,
    /// Token => what waits for its turn.
    pub queues: BTreeMap<Address, Queue>,
    /// Withdrawal => when it has its turn (Unix seconds), if that is later than its release.
    pub deferrals: BTreeMap<Withdrawal, u64>,
}

impl Vault {
    pub(crate) fn new(setup: &Setup) -> Self {
        let listed = setup.tokens.iter().filter_map(|token| Some((token.token, token.listed?)));
        let strategies = listed.map(|(token, limits)| (token, Strategy { open: true, limits }));
        Self { strategies: strategies.collect(), ..Self::default() }
    }

    /// The part of what is owed of a token that may leave per epoch (percent), zero for no limit.
    pub fn outflow(&self, token: Address) -> u8 {
        self.strategies.get(&token).map_or(0, |strategy| strategy.limits.outflow)
    }
}

impl Protocol {
    /// Anyone: stakes for itself. Returns the shares.
    pub fn stake(
        &mut self,
        caller: Address,
        token: Address,
        amount: u128,
        operator: Address,
        max_commitment: u64,
    ) -> Answer<u128> {
        self.take_stake(caller, token, amount, operator, caller, max_commitment)
    }

    /// Anyone: stakes for somebody else.
    pub fn stake_for(
        &mut self,
        caller: Address,
        token: Address,
        amount: u128,
        operator: Address,
        staker: Address,
        max_commitment: u64,
    ) -> Answer<u128> {
        nonzero(staker)?;
        self.take_stake(caller, token, amount, operator, staker, max_commitment)
    }

    fn take_stake(
        &mut self,
        payer: Address,
        token: Address,
        amount: u128,
        operator: Address,
        staker: Address,
        max_commitment: u64,
    ) -> Answer<u128> {
        self.require_open_door(pause::STAKE)?;
        let limits = self.require_cap(token, amount)?;
        // A cap of 112 bits times a percentage fits 128.
        let limit = limits.cap * u128::from(limits.deposit) / 100;
        if amount > limit {
            return revert(DepositTooLarge { amount, limit });
        }
        let shares = self.credit_stake(staker, token, operator, amount, max_commitment)?;
        self.pull(token, payer, amount)?;
        Ok(shares)
    }

    /// Batch: stakes with a permit of the caller. One that cannot be used is none.
    pub fn stake_with_permit(
        &mut self,
        caller: Address,
        token: Address,
        amount: u128,
        operator: Address,
        max_commitment: u64,
        permit: Permit,
    ) -> Answer<u128> {
        let mut after = self.clone();
        if after.permit(token, permit).is_ok() {
            *self = after;
        }
        self.stake_for(caller, token, amount, operator, caller, max_commitment)
    }

    /// Batch: stakes with several operators, all or nothing.
    pub fn stake_split(&mut self, caller: Address, token: Address, parts: &[(Address, u128, u64)]) -> Answer {
        require_any(parts)?;
        parts.iter().try_for_each(|(operator, amount, max_commitment)| {
            self.stake_for(caller, token, *amount, *operator, caller, *max_commitment).map(drop)
        })
    }

    /// Batch: queues several withdrawals (token, operator, shares), all or nothing.
    pub fn queue_withdrawals(&mut self, caller: Address, parts: &[(Address, Address, u128)]) -> Answer {
        require_any(parts)?;
        let mut queue = |(token, operator, shares): &(Address, Address, u128)| {
            self.queue_withdrawal(caller, *token, *operator, *shares).map(drop)
        };
        parts.iter().try_for_each(&mut queue)
    }

    /// Batch: completes several withdrawals (token, operator, release epoch); one that cannot be completed is left as
    /// it is.
    pub fn complete_queued_withdrawals(
        &mut self,
        caller: Address,
        parts: &[(Address, Address, u64)],
        recipient: Address,
    ) -> Answer {
        require_any(parts)?;
        for (token, operator, release) in parts.iter().copied() {
            let mut after = self.clone();
            if after.complete_queued_withdrawal(caller, token, operator, release, recipient).is_ok() {
                *self = after;
            } else {
                let event = WithdrawalSkipped { staker: caller, operator, token, releaseEpoch: release };
                self.log(self.setup.contracts.batch, event);
            }
        }
        Ok(())
    }

    /// Anyone: delegates idle stake. Returns the shares.
    pub fn delegate_to(
        &mut self,
        caller: Address,
        token: Address,
        operator: Address,
        shares: u128,
        max_commitment: u64,
    ) -> Answer<u128> {
        self.require_open_door(pause::DELEGATE)?;
        self.move_idle(caller, token, operator, shares, max_commitment)
    }

    /// Anyone: queues a withdrawal of its own stake. Returns the epoch in which it is released.
    pub fn queue_withdrawal(
        &mut self,
        caller: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Answer<u64> {
        self.require_open_door(pause::QUEUE)?;
        if shares == 0 {
            return revert(ZeroAmount {});
        }
        let (release, amount) = self.enqueue(caller, token, operator, shares)?;
        self.take_turn(caller, token, operator, release, amount);
        Ok(release)
    }

    /// Anyone: queues with several operators at once; with a frozen one nothing.
    pub fn queue_with_each(&mut self, caller: Address, token: Address, parts: &[(Address, u128)]) -> Answer {
        self.require_open_door(pause::QUEUE)?;
        let mut queued = Vec::new();
        for (operator, shares) in parts.iter().copied() {
            if shares != 0 && self.check_queue(operator).is_ok() {
                let (release, amount) = self.enqueue(caller, token, operator, shares)?;
                queued.push((operator, release, amount));
            }
        }
        for (operator, release, amount) in queued {
            self.take_turn(caller, token, operator, release, amount);
        }
        Ok(())
    }

    /// Puts what was queued into the token's outflow queue.
    fn take_turn(&mut self, caller: Address, token: Address, operator: Address, release: u64, amount: u128) {
        let Some(turn) = self.join_queue(token, release, amount) else { return };
        let (name, released) = ((caller, operator, token, release), epoch::start(release));
        let (_, total) = self.ledger.worth(Bag::pool(operator, token).bucket(release), caller, self.now);
        let before = self.vault.deferrals.get(&name).copied().unwrap_or(0).max(released);
        let ready = if self.mistake == Mistake::LastTurnCounts {
            before.max(turn)
        } else {
            crate::queue::merged([(total.saturating_sub(amount), before), (amount, turn)])
        };
        if ready > released {
            self.vault.deferrals.insert(name, ready);
            let event = WithdrawalDeferred { staker: caller, operator, token, releaseEpoch: release, readyAt: ready };
            self.log(self.setup.contracts.token_pool, event);
        }
    }

    /// Anyone: has its own withdrawal paid. Returns the amount.
    pub fn complete_queued_withdrawal(
        &mut self,
        caller: Address,
        token: Address,
        operator: Address,
        release: u64,
        recipient: Address,
    ) -> Answer<u128> {
        self.require_open_door(pause::COMPLETE)?;
        self.require_turn(caller, token, operator, release)?;
        nonzero(recipient)?;
        let amount = self.take_withdrawal(caller, token, operator, release)?;
        let event = WithdrawalCompleted { staker: caller, operator, token, releaseEpoch: release, amount, recipient };
        self.log(self.setup.contracts.strategy_manager, event);
        self.push(token, recipient, amount)?;
        Ok(amount)
    }

    /// Anyone: stakes its own withdrawal again. Returns the shares.
    pub fn complete_as_shares(
        &mut self,
        caller: Address,
        token: Address,
        operator: Address,
        release: u64,
        to: Address,
        max_commitment: u64,
    ) -> Answer<u128> {
        self.require_open_door(pause::COMPLETE)?;
        if !to.is_zero() {
            self.require_open_door(pause::DELEGATE)?;
        }
        if self.mistake != Mistake::RestakingTakesNoTurn {
            self.require_turn(caller, token, operator, release)?;
        }
        self.check_stake(to, max_commitment)?;
        let amount = self.take_withdrawal(caller, token, operator, release)?;
        let shares = self.join(caller, Bag::pool(to, token), amount)?;
        let event = WithdrawalRestaked {
            staker: caller,
            operator,
            token,
            releaseEpoch: release,
            amount,
            newOperator: to,
            shares,
        };
        self.log(self.setup.contracts.strategy_manager, event);
        Ok(shares)
    }

    /// Anyone: puts what was set aside for somebody into the outflow queue. Returns when it has its turn.
    pub fn queue_funds(&mut self, token: Address, claimant: Address, release: u64) -> Answer<u64> {
        self.require_open_door(pause::QUEUE)?;
        let Some(fund) = self.ledger.funds.get(&(claimant, token, release)).copied() else {
            return revert(NothingToClaim {});
        };
        let more = fund.amount - fund.queued;
        if more == 0 {
            return revert(AlreadyQueued {});
        }
        let longer = fund.unqueued - fund.unqueued_before;
        let Some(turn) = self.join_queue(token, epoch::release_of(self.now), longer) else {
            return revert(AlreadyQueued {});
        };
        let ready_at = crate::queue::merged([(fund.queued, fund.ready_at), (more, turn)]);
        let fund = crate::Fund { queued: fund.amount, unqueued_before: fund.unqueued, ready_at, ..fund };
        self.ledger.funds.insert((claimant, token, release), fund);
        let event = FundsQueued { claimant, token, releaseEpoch: release, amount: fund.amount, readyAt: ready_at };
        self.log(self.setup.contracts.token_pool, event);
        Ok(ready_at)
    }

    /// Anyone: has what was set aside for somebody paid to it. Returns the amount.
    pub fn claim_funds(&mut self, token: Address, claimant: Address, release: u64) -> Answer<u128> {
        self.require_open_door(pause::COMPLETE)?;
        let ready = epoch::start(release);
        if self.now < ready {
            return revert(WithdrawalNotReady { releaseTime: ready });
        }
        let Some(fund) = self.ledger.funds.remove(&(claimant, token, release)) else {
            return revert(NothingToClaim {});
        };
        let amount = fund.amount;
        self.log(
            self.setup.contracts.strategy_manager,
            FundsClaimed { claimant, token, releaseEpoch: release, amount },
        );
        if self.vault.outflow(token) != 0 {
            if amount > fund.queued {
                return revert(FundsNotQueued { amount: amount - fund.queued });
            }
            self.require_reached(fund.ready_at)?;
        }
        self.push(token, claimant, amount)?;
        Ok(amount)
    }

    fn require_turn(&self, staker: Address, token: Address, operator: Address, release: u64) -> Answer {
        if self.vault.outflow(token) == 0 {
            return Ok(());
        }
        self.require_reached(self.vault.deferrals.get(&(staker, operator, token, release)).copied().unwrap_or(0))
    }

    fn require_reached(&self, ready_at: u64) -> Answer {
        if self.now < ready_at { revert(WithdrawalDeferredUntil { readyAt: ready_at }) } else { Ok(()) }
    }

    /// Reverts unless a token is listed and open, and with this much more within its cap. Returns its limits.
    pub(crate) fn require_cap(&self, token: Address, more: u128) -> Answer<Limits> {
        let Some(Strategy { open, limits }) = self.vault.strategies.get(&token).copied() else {
            return revert(StrategyNotListed { token });
        };
        if !open {
            return revert(StrategyIsClosed { token });
        }
        let Some(total) = self.ledger.owed(token).checked_add(more) else { return revert(AmountTooLarge {}) };
        if total > limits.cap {
            return revert(StrategyCapExceeded { total, cap: limits.cap });
        }
        Ok(limits)
    }

    pub(crate) fn require_open_door(&self, action: u8) -> Answer {
        if self.governance.is_paused(action, self.now) { revert(Paused { action }) } else { Ok(()) }
    }
}

fn require_any<T>(parts: &[T]) -> Answer {
    if parts.is_empty() { revert(LengthMismatch {}) } else { Ok(()) }
}
