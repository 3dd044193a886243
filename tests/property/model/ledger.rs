//! What belongs to whom: pools, buckets, positions, funds set aside.

use super::{Answer, Mistake, Model, nonzero, refuse};
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::pool::{MAX_AMOUNT, Pool, PoolError, Position};
use arithmetic::stream::Stream;
use arithmetic::wad;
use arithmetic::wide::{mul_div_down, mul_div_up};
use interfaces::IStrategyManager::*;
use std::collections::{BTreeMap, BTreeSet};

/// A pool, or the bucket of one that is released in an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Bag {
    pub(crate) operator: Address,
    pub(crate) token: Address,
    pub(crate) release: Option<u64>,
}

impl Bag {
    /// The active pool.
    pub(crate) fn pool(operator: Address, token: Address) -> Self {
        Self { operator, token, release: None }
    }

    /// The bucket of the same pool that is released in `epoch`.
    pub(crate) fn bucket(self, epoch: u64) -> Self {
        Self { release: Some(epoch), ..self }
    }
}

/// The books.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    pub(crate) bags: BTreeMap<Bag, Pool>,
    pub(crate) positions: BTreeMap<(Bag, Address), Position>,
    pub(crate) streams: BTreeMap<Bag, Stream>,
    /// Claimant, token => base units.
    pub(crate) funds: BTreeMap<(Address, Address), u128>,
}

impl Ledger {
    /// The pool or bucket at `now`, with the rewards that are due.
    pub(crate) fn at(&self, bag: Bag, now: u64) -> Pool {
        let mut pool = self.bags.get(&bag).copied().unwrap_or_default();
        if let Some(stream) = self.streams.get(&bag) {
            stream.clone().release(&mut pool, now);
        }
        pool
    }

    /// The shares of `owner` that count, and what they are worth at `now`.
    pub(crate) fn worth(&self, bag: Bag, owner: Address, now: u64) -> (u128, u128) {
        let pool = self.at(bag, now);
        let shares = self.positions.get(&(bag, owner)).map_or(0, |position| position.shares_in(&pool));
        (shares, pool.assets_of(shares).unwrap_or(0))
    }

    /// Everything that is owed of a token: pools, buckets, streams and funds.
    pub(crate) fn owed(&self, token: Address) -> u128 {
        let bags = self.bags.iter().filter(|(bag, _)| bag.token == token).map(|(_, pool)| pool.assets);
        let streams = self.streams.iter().filter(|(bag, _)| bag.token == token).map(|(_, stream)| stream.remaining);
        let funds = self.funds.iter().filter(|((_, of), _)| *of == token).map(|(_, amount)| *amount);
        bags.chain(streams).chain(funds).sum()
    }

    /// What `account` has of a token inside the protocol: positions, withdrawals, funds.
    pub(crate) fn wealth(&self, account: Address, token: Address, now: u64) -> u128 {
        let owned = self.positions.keys().filter(|(bag, owner)| bag.token == token && *owner == account);
        let positions: u128 = owned.map(|(bag, owner)| self.worth(*bag, *owner, now).1).sum();
        positions + self.funds.get(&(account, token)).copied().unwrap_or(0)
    }
}

/// The error of the ABI for a refused number.
pub(super) fn too_much<T>(error: PoolError) -> Answer<T> {
    match error {
        PoolError::Zero => refuse(ZeroAmount {}),
        _ => refuse(AmountTooLarge {}),
    }
}

impl Model {
    /// Lets the rewards that are due into the pool.
    pub(super) fn settle(&mut self, bag: Bag) -> Pool {
        let mut pool = self.ledger.bags.get(&bag).copied().unwrap_or_default();
        if let Some(mut stream) = self.ledger.streams.remove(&bag) {
            stream.release(&mut pool, self.now);
            pool.streaming = stream.remaining != 0;
            if pool.streaming {
                self.ledger.streams.insert(bag, stream);
            }
            self.ledger.bags.insert(bag, pool);
        }
        pool
    }

    /// Puts assets into a pool or bucket.
    pub(super) fn join(&mut self, staker: Address, bag: Bag, assets: u128) -> Answer<u128> {
        let mut pool = self.settle(bag);
        let issued = match pool.deposit(assets) {
            Err(PoolError::Depleted) => return refuse(PoolDepleted { operator: bag.operator, token: bag.token }),
            Err(other) => return too_much(other),
            Ok(issued) => issued,
        };
        let position = self.ledger.positions.entry((bag, staker)).or_default();
        position.add(&pool, issued).or_else(too_much)?;
        self.ledger.bags.insert(bag, pool);
        Ok(issued)
    }

    /// Takes shares out of a pool or bucket.
    pub(super) fn leave(&mut self, staker: Address, bag: Bag, shares: u128) -> Answer<u128> {
        let mut pool = self.settle(bag);
        let position = self.ledger.positions.entry((bag, staker)).or_default();
        let have = position.shares_in(&pool);
        if position.remove(&pool, shares).is_err() {
            return refuse(InsufficientShares { have, want: shares });
        }
        let exact = (pool.assets, pool.shares);
        let mut assets = pool.redeem(shares).or_else(too_much)?;
        if self.mistake == Mistake::LeavesRoundedUp {
            let up = mul_div_up(shares, exact.0, exact.1).unwrap_or(assets);
            (pool.assets, assets) = (exact.0 - up, up);
        }
        self.ledger.bags.insert(bag, pool);
        self.ledger.positions.retain(|_, position| position.shares != 0);
        Ok(assets)
    }

    /// Refuses to touch the stake of a frozen operator.
    pub(super) fn require_not_frozen(&self, operator: Address) -> Answer {
        if self.is_frozen(operator) { refuse(OperatorIsFrozen { operator }) } else { Ok(()) }
    }

    /// Sets funds aside.
    pub(super) fn set_aside(&mut self, claimant: Address, token: Address, more: u128) -> Answer {
        if more == 0 {
            return Ok(());
        }
        let funds = self.ledger.funds.entry((claimant, token)).or_default();
        *funds += more;
        if *funds > MAX_AMOUNT { refuse(AmountTooLarge {}) } else { Ok(()) }
    }

    /// The ledger's part of a stake.
    pub(super) fn credit_stake(&mut self, staker: Address, token: Address, operator: Address, amount: u128) -> Answer {
        self.require_not_frozen(operator)?;
        let shares = self.join(staker, Bag::pool(operator, token), amount)?;
        self.log(self.stage.suite.strategy_manager, Staked { staker, operator, token, amount, shares });
        Ok(())
    }

    /// The ledger's part of a delegation.
    pub(super) fn move_idle(&mut self, staker: Address, token: Address, operator: Address, idle: u128) -> Answer {
        nonzero(operator)?;
        self.require_not_frozen(operator)?;
        let amount = self.leave(staker, Bag::pool(Address::ZERO, token), idle)?;
        let shares = self.join(staker, Bag::pool(operator, token), amount)?;
        let event = Delegated { staker, operator, token, amount, idleShares: idle, shares };
        self.log(self.stage.suite.strategy_manager, event);
        Ok(())
    }

    /// The ledger's part of queueing: the release epoch and what was queued.
    pub(super) fn enqueue(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Answer<(u64, u128)> {
        self.require_not_frozen(operator)?;
        let (bag, release) = (Bag::pool(operator, token), epoch::at(self.now) + 2);
        let amount = self.leave(staker, bag, shares)?;
        let bucket_shares = self.join(staker, bag.bucket(release), amount)?;
        let event = WithdrawalQueued {
            staker,
            operator,
            token,
            releaseEpoch: release,
            shares,
            amount,
            bucketShares: bucket_shares,
        };
        self.log(self.stage.suite.strategy_manager, event);
        Ok((release, amount))
    }

    /// Takes a whole withdrawal out of its bucket.
    pub(super) fn take_withdrawal(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release: u64,
    ) -> Answer<u128> {
        self.require_not_frozen(operator)?;
        let ready = epoch::start(release);
        if self.now < ready - u64::from(self.mistake == Mistake::ReadyEarly && ready != 0) {
            return refuse(WithdrawalNotReady { releaseTime: ready });
        }
        let bag = Bag::pool(operator, token).bucket(release);
        let (shares, _) = self.ledger.worth(bag, staker, self.now);
        if shares == 0 {
            return refuse(NoWithdrawal {});
        }
        self.leave(staker, bag, shares)
    }

    /// Slashes everything that `operator` had at stake in `captured`, token by token in the order of listing.
    pub(super) fn slash(
        &mut self,
        operator: Address,
        part: u64,
        captured: u64,
        challenger: Address,
        share: u64,
        recipient: Address,
    ) -> Answer {
        for token in self.stage.tokens.into_iter().take(crate::stage::LIMITS.len()) {
            let bag = Bag::pool(operator, token);
            let from_pool = self.take(bag, part)?;
            let buckets: BTreeSet<Bag> = [1, 2].map(|later| bag.bucket(captured + later)).into();
            let mut from_buckets = 0;
            for bucket in buckets {
                from_buckets += self.take(bucket, part)?;
            }
            let taken = from_pool + from_buckets;
            if taken == 0 {
                continue;
            }
            let to_challenger = mul_div_down(taken, u128::from(share), u128::from(wad::ONE)).unwrap_or(0);
            self.set_aside(challenger, token, to_challenger)?;
            self.set_aside(recipient, token, taken - to_challenger)?;
            let event = PoolSlashed {
                operator,
                token,
                fromPool: from_pool,
                fromBuckets: from_buckets,
                challenger,
                toChallenger: to_challenger,
                recipient,
            };
            self.log(self.stage.suite.strategy_manager, event);
        }
        Ok(())
    }

    fn take(&mut self, bag: Bag, part: u64) -> Answer<u128> {
        let mut pool = self.settle(bag);
        if pool.assets == 0 {
            return Ok(0);
        }
        let before = pool.assets;
        let mut taken = pool.slash(part).or_else(too_much)?;
        if self.mistake == Mistake::SlashesRoundedDown && pool.shares != 0 {
            taken = mul_div_down(before, u128::from(part), u128::from(wad::ONE)).unwrap_or(taken);
            pool.assets = before - taken;
        }
        self.ledger.bags.insert(bag, pool);
        Ok(taken)
    }
}
