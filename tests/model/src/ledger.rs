//! What belongs to whom: pools, buckets, positions, funds set aside.

use crate::requests::Request;
use crate::{Answer, Mistake, Protocol, nonzero, revert};
use alloy_primitives::Address;
use arithmetic::leaving::Leaving;
use arithmetic::pool::{MAX_AMOUNT, Pool, PoolError, Position};
use arithmetic::stream::Stream;
use arithmetic::wide::{mul_div_down, mul_div_up};
use arithmetic::{epoch, wad};
use interfaces::IStrategyManager::*;
use std::collections::BTreeMap;

/// A pool, or the bucket of one that is released in an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bag {
    /// Whose stake; the zero address for idle stake.
    pub operator: Address,
    /// In which token.
    pub token: Address,
    /// The epoch in which it is released; none for the active pool.
    pub release: Option<u64>,
}

impl Bag {
    /// The active pool.
    pub fn pool(operator: Address, token: Address) -> Self {
        Self { operator, token, release: None }
    }

    /// The bucket of the same pool that is released in `epoch`.
    pub fn bucket(self, epoch: u64) -> Self {
        Self { release: Some(epoch), ..self }
    }
}

/// Who claims what was set aside: claimant, token, and the epoch in which it is released.
pub type Funds = (Address, Address, u64);

/// What was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fund {
    /// Base units.
    pub amount: u128,
    /// How much of it was in no withdrawal before.
    pub unqueued: u128,
    /// How much of it has a turn in the outflow queue.
    pub queued: u128,
    /// How much of `unqueued` has made that queue longer.
    pub unqueued_before: u128,
    /// When that comes (Unix seconds).
    pub ready_at: u64,
}

/// The books.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// Pools and buckets.
    pub bags: BTreeMap<Bag, Pool>,
    /// Pool or bucket, owner => its shares.
    pub positions: BTreeMap<(Bag, Address), Position>,
    /// Pool, owner => what shares the word of its position there of its withdrawals.
    pub leaving: BTreeMap<(Bag, Address), Leaving>,
    /// Pool => the rewards on their way into it.
    pub streams: BTreeMap<Bag, Stream>,
    /// What was set aside.
    pub funds: BTreeMap<Funds, Fund>,
    /// Whether streams release all that is due, which is a mistake.
    pub(crate) whole_streams: bool,
}

impl Ledger {
    /// The pool or bucket at `now`, with the rewards that are due.
    pub fn at(&self, bag: Bag, now: u64) -> Pool {
        let mut pool = self.bags.get(&bag).copied().unwrap_or_default();
        if let Some(stream) = self.streams.get(&bag) {
            self.flow(&mut stream.clone(), &mut pool, now);
        }
        pool
    }

    fn flow(&self, stream: &mut Stream, pool: &mut Pool, now: u64) {
        if self.whole_streams && pool.shares != 0 {
            let due = stream.due(now).min(pool.shares.saturating_sub(pool.assets));
            (pool.assets, stream.remaining, stream.updated) = (pool.assets + due, stream.remaining - due, now);
        } else {
            stream.release(pool, now);
        }
    }

    /// The shares of `owner` that count, and what they are worth at `now`.
    pub fn worth(&self, bag: Bag, owner: Address, now: u64) -> (u128, u128) {
        let pool = self.at(bag, now);
        let shares = self.positions.get(&(bag, owner)).map_or(0, |position| position.shares_in(&pool));
        (shares, pool.assets_of(shares).unwrap_or(0))
    }

    /// Everything that is owed of a token: pools, buckets, streams and funds.
    pub fn owed(&self, token: Address) -> u128 {
        let bags = self.bags.iter().filter(|(bag, _)| bag.token == token).map(|(_, pool)| pool.assets);
        let streams = self.streams.iter().filter(|(bag, _)| bag.token == token).map(|(_, stream)| stream.remaining);
        let funds = self.funds.iter().filter(|((_, of, _), _)| *of == token).map(|(_, fund)| fund.amount);
        bags.chain(streams).chain(funds).sum()
    }

    /// What `account` has of a token inside the protocol: positions, withdrawals, funds.
    pub fn wealth(&self, account: Address, token: Address, now: u64) -> u128 {
        let owned = self.positions.keys().filter(|(bag, owner)| bag.token == token && *owner == account);
        let positions: u128 = owned.map(|(bag, owner)| self.worth(*bag, *owner, now).1).sum();
        let funds = self.funds.iter().filter(|((claimant, of, _), _)| *of == token && *claimant == account);
        positions + funds.map(|(_, fund)| fund.amount).sum::<u128>()
    }
}

/// The error of the ABI for a number that does not fit.
pub(crate) fn too_much<T>(error: PoolError) -> Answer<T> {
    match error {
        PoolError::Zero => revert(ZeroAmount {}),
        _ => revert(AmountTooLarge {}),
    }
}

impl Protocol {
    /// Lets the rewards that are due into the pool.
    pub(crate) fn settle(&mut self, bag: Bag) -> Pool {
        let mut pool = self.ledger.bags.get(&bag).copied().unwrap_or_default();
        if let Some(mut stream) = self.ledger.streams.remove(&bag) {
            self.ledger.flow(&mut stream, &mut pool, self.now);
            pool.streaming = stream.remaining != 0;
            if pool.streaming {
                self.ledger.streams.insert(bag, stream);
            }
            self.ledger.bags.insert(bag, pool);
        }
        pool
    }

    /// Puts assets into a pool or bucket.
    pub(crate) fn join(&mut self, staker: Address, bag: Bag, assets: u128) -> Answer<u128> {
        let mut pool = self.settle(bag);
        let issued = match pool.deposit(assets) {
            Err(PoolError::Depleted) => return revert(PoolDepleted { operator: bag.operator, token: bag.token }),
            Err(other) => return too_much(other),
            Ok(issued) => issued,
        };
        let position = self.ledger.positions.entry((bag, staker)).or_default();
        position.add(&pool, issued).or_else(too_much)?;
        self.ledger.bags.insert(bag, pool);
        Ok(issued)
    }

    /// Takes shares out of a pool or bucket.
    pub(crate) fn leave(&mut self, staker: Address, bag: Bag, shares: u128) -> Answer<u128> {
        let mut pool = self.settle(bag);
        let mut position = self.ledger.positions.get(&(bag, staker)).copied().unwrap_or_default();
        let have = position.shares_in(&pool);
        if position.remove(&pool, shares).is_err() {
            return revert(InsufficientShares { have, want: shares });
        }
        let exact = (pool.assets, pool.shares);
        let mut assets = pool.redeem(shares).or_else(too_much)?;
        if self.mistake == Mistake::LeavesRoundedUp {
            let up = mul_div_up(shares, exact.0, exact.1).unwrap_or(assets);
            (pool.assets, assets) = (exact.0 - up, up);
        }
        self.ledger.bags.insert(bag, pool);
        if position.shares == 0 {
            self.ledger.positions.remove(&(bag, staker));
        } else {
            self.ledger.positions.insert((bag, staker), position);
        }
        Ok(assets)
    }

    /// Sets funds aside, for as long as a withdrawal takes that is queued now; `unqueued` of them were in no withdrawal
    /// before.
    pub(crate) fn set_aside(&mut self, claimant: Address, token: Address, more: u128, unqueued: u128) -> Answer {
        if more == 0 {
            return Ok(());
        }
        let release =
            if self.mistake == Mistake::FundsAtOnce { epoch::at(self.now) } else { epoch::release_of(self.now) };
        let fund = self.ledger.funds.entry((claimant, token, release)).or_default();
        fund.amount += more;
        fund.unqueued += unqueued;
        if fund.amount > MAX_AMOUNT { revert(AmountTooLarge {}) } else { Ok(()) }
    }

    /// The ledger's part of a stake.
    pub(crate) fn credit_stake(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        amount: u128,
        max_commitment: u64,
    ) -> Answer<u128> {
        self.check_stake(operator, max_commitment)?;
        let shares = self.join(staker, Bag::pool(operator, token), amount)?;
        self.log(self.setup.contracts.strategy_manager, Staked { staker, operator, token, amount, shares });
        Ok(shares)
    }

    /// The ledger's part of a delegation.
    pub(crate) fn move_idle(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        idle: u128,
        max_commitment: u64,
    ) -> Answer<u128> {
        nonzero(operator)?;
        self.check_stake(operator, max_commitment)?;
        let amount = self.leave(staker, Bag::pool(Address::ZERO, token), idle)?;
        let shares = self.join(staker, Bag::pool(operator, token), amount)?;
        let event = Delegated { staker, operator, token, amount, idleShares: idle, shares };
        self.log(self.setup.contracts.strategy_manager, event);
        Ok(shares)
    }

    /// The ledger's part of queueing: the release epoch and what was queued.
    pub(crate) fn enqueue(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        shares: u128,
    ) -> Answer<(u64, u128)> {
        if !operator.is_zero() {
            self.check_queue(operator)?;
        }
        let (bag, release) = (Bag::pool(operator, token), epoch::at(self.now) + 2);
        let amount = self.leave(staker, bag, shares)?;
        let bucket_shares = self.join(staker, bag.bucket(release), amount)?;
        self.keep(staker, bag, release);
        let event = WithdrawalQueued {
            staker,
            operator,
            token,
            releaseEpoch: release,
            shares,
            amount,
            bucketShares: bucket_shares,
        };
        self.log(self.setup.contracts.strategy_manager, event);
        Ok((release, amount))
    }

    /// Takes a whole withdrawal out of its bucket.
    pub(crate) fn take_withdrawal(
        &mut self,
        staker: Address,
        token: Address,
        operator: Address,
        release: u64,
    ) -> Answer<u128> {
        if !operator.is_zero() {
            self.check_release(operator, release)?;
        }
        let ready = epoch::start(release);
        if self.now < ready - u64::from(self.mistake == Mistake::ReadyEarly && ready != 0) {
            return revert(WithdrawalNotReady { releaseTime: ready });
        }
        let bag = Bag::pool(operator, token).bucket(release);
        let (shares, _) = self.ledger.worth(bag, staker, self.now);
        if shares == 0 {
            return revert(NoWithdrawal {});
        }
        let amount = self.leave(staker, bag, shares)?;
        let pool = (Bag::pool(operator, token), staker);
        if let Some(leaving) = self.ledger.leaving.get_mut(&pool).filter(|leaving| leaving.of(release).is_some()) {
            leaving.forget(epoch::at(self.now) + 2);
        }
        Ok(amount)
    }

    /// Where what was just queued is kept.
    fn keep(&mut self, staker: Address, pool: Bag, release: u64) {
        let bucket = pool.bucket(release);
        let generation = self.ledger.bags.get(&bucket).map_or(0, |bucket| bucket.generation);
        let shares = self.ledger.positions.get(&(bucket, staker)).map_or(0, |position| position.shares);
        let leaving = self.ledger.leaving.entry((pool, staker)).or_default();
        if leaving.takes(release, generation) {
            leaving.keep(release, shares);
        } else {
            leaving.pass(release);
        }
    }

    /// Slashes everything that the request's operator had at stake when it was captured, token by token in the order of
    /// listing: `taken` / `magnitude` of pools, and of each bucket `taken` by what is said beside its release.
    pub(crate) fn slash(&mut self, request: &Request, taken: u64, magnitude: u64, buckets: &[(u64, u64)]) -> Answer {
        let Request { operator, challenger, share, recipient, .. } = *request;
        let setup = std::sync::Arc::clone(&self.setup);
        for token in setup.listed() {
            let bag = Bag::pool(operator, token);
            let from_pool = self.take(bag, taken, magnitude)?;
            let mut from_buckets = 0;
            for (release, of) in buckets {
                from_buckets += self.take(bag.bucket(*release), taken, *of)?;
            }
            let all = from_pool + from_buckets;
            if all == 0 {
                continue;
            }
            // Rounded down, against the challenger.
            let to_challenger = mul_div_down(all, share.into(), wad::ONE.into()).unwrap_or(0);
            let unqueued = mul_div_down(from_pool, share.into(), wad::ONE.into()).unwrap_or(0);
            self.set_aside(challenger, token, to_challenger, unqueued)?;
            self.set_aside(recipient, token, all - to_challenger, from_pool - unqueued)?;
            let event = PoolSlashed {
                operator,
                token,
                fromPool: from_pool,
                fromBuckets: from_buckets,
                challenger,
                toChallenger: to_challenger,
                recipient,
                releaseEpoch: epoch::release_of(self.now),
            };
            self.log(self.setup.contracts.strategy_manager, event);
        }
        Ok(())
    }

    /// Takes a part of a pool or bucket, rounded up. With its last base unit a pool begins again: older shares are
    /// worth nothing.
    fn take(&mut self, bag: Bag, part: u64, of: u64) -> Answer<u128> {
        let mut pool = self.settle(bag);
        if pool.assets == 0 {
            return Ok(0);
        }
        let of = if self.mistake == Mistake::SlashesCompound { wad::ONE } else { of };
        let rounded = if self.mistake == Mistake::SlashesRoundedDown { mul_div_down } else { mul_div_up };
        let taken = rounded(pool.assets, part.into(), of.into()).unwrap_or(0).min(pool.assets);
        pool.assets -= taken;
        if pool.assets == 0 && pool.shares != 0 {
            (pool.shares, pool.generation) = (0, pool.generation + 1);
            if pool.generation > arithmetic::pool::MAX_GENERATION {
                return revert(AmountTooLarge {});
            }
        }
        self.ledger.bags.insert(bag, pool);
        Ok(taken)
    }
}
