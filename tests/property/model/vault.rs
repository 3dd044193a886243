//! The stakers' door: limits, the outflow queue, and the tokens that move.

use super::governance::is_paused;
use super::ledger::Bag;
use super::{Answer, Model, nonzero, refuse};
use crate::stage::{LIMITS, Stage};
use alloy::primitives::{Address, U256};
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::{epoch, outflow};
use interfaces::IBatch::WithdrawalSkipped;
use interfaces::IERC20::{
    Approval, ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC20InvalidReceiver, Transfer,
};
use interfaces::IStrategyManager::{
    AmountTooLarge, FundsClaimed, NothingToClaim, WithdrawalCompleted, WithdrawalRestaked,
};
use interfaces::ITokenPool::*;
use std::collections::BTreeMap;

/// A listed token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Strategy {
    pub(crate) open: bool,
    pub(crate) cap: u128,
    pub(crate) deposit: u8,
    pub(crate) outflow: u8,
}

/// A withdrawal by name: staker, operator, token, release epoch.
pub(crate) type Withdrawal = (Address, Address, Address, u64);

/// The vault and the tokens outside of it.
#[derive(Debug, Clone)]
pub(crate) struct Vault {
    pub(crate) strategies: BTreeMap<Address, Strategy>,
    /// Token => the time of its queue.
    pub(crate) queues: BTreeMap<Address, u128>,
    pub(crate) deferrals: BTreeMap<Withdrawal, u64>,
    /// Token, account => base units.
    pub(crate) wallets: BTreeMap<(Address, Address), u128>,
    /// Token, account => what the TokenPool may take.
    pub(crate) allowances: BTreeMap<(Address, Address), U256>,
    /// Token => what was sent to the TokenPool without being staked.
    pub(crate) donations: BTreeMap<Address, u128>,
}

impl Vault {
    pub(super) fn new(stage: &Stage, wallets: BTreeMap<(Address, Address), u128>) -> Self {
        let listed = stage.tokens.into_iter().zip(LIMITS);
        Self {
            strategies: listed
                .map(|(token, (cap, deposit, outflow))| (token, Strategy { open: true, cap, deposit, outflow }))
                .collect(),
            queues: BTreeMap::new(),
            deferrals: BTreeMap::new(),
            allowances: wallets.keys().map(|of| (*of, U256::MAX)).collect(),
            wallets,
            donations: BTreeMap::new(),
        }
    }

    /// What an account holds outside the protocol.
    pub(crate) fn held(&self, token: Address, account: Address) -> u128 {
        self.wallets.get(&(token, account)).copied().unwrap_or(0)
    }
}

impl Model {
    pub(super) fn stake(
        &mut self,
        payer: Address,
        token: Address,
        amount: u128,
        operator: Address,
        staker: Address,
    ) -> Answer {
        self.require_open_door(STAKE)?;
        let strategy = self.require_listed(token)?;
        if !strategy.open {
            return refuse(StrategyIsClosed { token });
        }
        let Some(total) = self.ledger.owed(token).checked_add(amount) else { return refuse(AmountTooLarge {}) };
        if total > strategy.cap {
            return refuse(StrategyCapExceeded { total, cap: strategy.cap });
        }
        // A cap of 112 bits times a percentage fits 128.
        let limit = strategy.cap * u128::from(strategy.deposit) / 100;
        if amount > limit {
            return refuse(DepositTooLarge { amount, limit });
        }
        self.credit_stake(staker, token, operator, amount)?;
        self.pull(token, payer, amount)
    }

    pub(super) fn delegate(&mut self, staker: Address, token: Address, operator: Address, shares: u128) -> Answer {
        self.require_open_door(DELEGATE)?;
        self.move_idle(staker, token, operator, shares)
    }

    pub(super) fn queue(&mut self, staker: Address, token: Address, operator: Address, shares: u128) -> Answer {
        self.require_open_door(QUEUE)?;
        let (release, amount) = self.enqueue(staker, token, operator, shares)?;
        let percent = self.vault.strategies.get(&token).map_or(0, |strategy| strategy.outflow);
        if percent == 0 {
            return Ok(());
        }
        let start = epoch::start(release);
        let queue = self.vault.queues.entry(token).or_default();
        let (finish, ready) = outflow::turn(*queue, start, amount, self.ledger.owed(token), percent);
        *queue = finish;
        if ready > start {
            self.vault.deferrals.insert((staker, operator, token, release), ready);
            let event = WithdrawalDeferred { staker, operator, token, releaseEpoch: release, readyAt: ready };
            self.log(self.stage.suite.token_pool, event);
        }
        Ok(())
    }

    pub(super) fn complete(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release: u64,
        recipient: Address,
    ) -> Answer {
        self.require_open_door(COMPLETE)?;
        if self.vault.strategies.get(&token).is_some_and(|strategy| strategy.outflow != 0) {
            let ready = self.vault.deferrals.get(&(staker, operator, token, release)).copied().unwrap_or(0);
            if self.now < ready {
                return refuse(WithdrawalDeferredUntil { readyAt: ready });
            }
        }
        nonzero(recipient)?;
        let amount = self.take_withdrawal(staker, token, operator, release)?;
        let event = WithdrawalCompleted { staker, operator, token, releaseEpoch: release, amount, recipient };
        self.log(self.stage.suite.strategy_manager, event);
        self.push(token, recipient, amount)
    }

    /// In a batch: what cannot be completed now is left as it is.
    pub(super) fn complete_or_skip(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release: u64,
        recipient: Address,
    ) {
        let mut after = self.clone();
        if after.complete(staker, token, operator, release, recipient).is_ok() {
            *self = after;
        } else {
            let event = WithdrawalSkipped { staker, operator, token, releaseEpoch: release };
            self.log(self.stage.suite.batch, event);
        }
    }

    pub(super) fn restake(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release: u64,
        to: Address,
    ) -> Answer {
        self.require_open_door(COMPLETE)?;
        if to != operator {
            self.require_not_frozen(to)?;
        }
        let amount = self.take_withdrawal(staker, token, operator, release)?;
        let shares = self.join(staker, Bag::pool(to, token), amount)?;
        let event =
            WithdrawalRestaked { staker, operator, token, releaseEpoch: release, amount, newOperator: to, shares };
        self.log(self.stage.suite.strategy_manager, event);
        Ok(())
    }

    pub(super) fn claim(&mut self, token: Address, claimant: Address) -> Answer {
        match self.ledger.funds.remove(&(claimant, token)) {
            None | Some(0) => refuse(NothingToClaim {}),
            Some(amount) => {
                self.log(self.stage.suite.strategy_manager, FundsClaimed { claimant, token, amount });
                self.push(token, claimant, amount)
            }
        }
    }

    pub(super) fn donate(&mut self, from: Address, token: Address, amount: u128) -> Answer {
        self.transfer(token, from, self.stage.suite.token_pool, amount)?;
        *self.vault.donations.entry(token).or_default() += amount;
        Ok(())
    }

    pub(super) fn approve(&mut self, owner: Address, token: Address, amount: u128) -> Answer {
        let (spender, value) = (self.stage.suite.token_pool, U256::from(amount));
        self.vault.allowances.insert((token, owner), value);
        self.log(token, Approval { owner, spender, value });
        Ok(())
    }

    /// Moves tokens into the vault, out of an allowance.
    pub(super) fn pull(&mut self, token: Address, owner: Address, amount: u128) -> Answer {
        let spender = self.stage.suite.token_pool;
        let allowance = self.vault.allowances.entry((token, owner)).or_default();
        if *allowance != U256::MAX {
            let (had, needed) = (*allowance, U256::from(amount));
            match had.checked_sub(needed) {
                Some(rest) => *allowance = rest,
                None => return refuse(ERC20InsufficientAllowance { spender, allowance: had, needed }),
            }
        }
        self.transfer(token, owner, spender, amount)
    }

    fn push(&mut self, token: Address, recipient: Address, amount: u128) -> Answer {
        self.transfer(token, self.stage.suite.token_pool, recipient, amount)
    }

    fn transfer(&mut self, token: Address, from: Address, to: Address, amount: u128) -> Answer {
        if to.is_zero() {
            return refuse(ERC20InvalidReceiver { receiver: to });
        }
        let balance = self.vault.wallets.entry((token, from)).or_default();
        if *balance < amount {
            let (balance, needed) = (U256::from(*balance), U256::from(amount));
            return refuse(ERC20InsufficientBalance { sender: from, balance, needed });
        }
        *balance -= amount;
        *self.vault.wallets.entry((token, to)).or_default() += amount;
        self.log(token, Transfer { from, to, value: U256::from(amount) });
        Ok(())
    }

    pub(super) fn require_listed(&self, token: Address) -> Answer<Strategy> {
        match self.vault.strategies.get(&token) {
            Some(strategy) => Ok(*strategy),
            None => refuse(StrategyNotListed { token }),
        }
    }

    /// Refuses what would make the protocol owe more than 112 bits hold.
    pub(super) fn require_room(&self, token: Address, more: u128) -> Answer {
        match self.ledger.owed(token).checked_add(more) {
            Some(total) if total <= MAX_AMOUNT => Ok(()),
            _ => refuse(AmountTooLarge {}),
        }
    }

    fn require_open_door(&self, action: u8) -> Answer {
        if is_paused(&self.governance, action, self.now) {
            return refuse(interfaces::IAccess::Paused { action });
        }
        Ok(())
    }
}

const STAKE: u8 = 1;
const DELEGATE: u8 = 2;
const QUEUE: u8 = 4;
const COMPLETE: u8 = 8;
