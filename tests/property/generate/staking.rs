//! Steps of stakers: in, out, and what is theirs beside.

use super::Chooser;
use crate::action::Action;
use crate::random::Random;
use crate::stage::Who;
use alloy::primitives::Address;
use arithmetic::epoch;
use arithmetic::wad::ONE;
use restake_model::Bag;

impl Chooser<'_> {
    pub(super) fn staking(&mut self) -> Action {
        let (who, token, operator) = (self.somebody(), self.token(), self.pool());
        match self.random.below(24) {
            20 | 21 => self.both(),
            0..=4 => self.stake(who, token, operator),
            5 => {
                let (staker, amount, max) = (self.anybody(), self.amount(who, token), self.max(operator));
                Action::StakeFor { who, token, amount, operator, staker, max }
            }
            6 | 7 => {
                let idle = self.owned(|bag| bag.release.is_none() && bag.operator.is_zero());
                let (who, token) = match self.random.pick(&idle) {
                    Some((bag, owner)) => (self.stage.who(owner), self.number_of(bag.token)),
                    None => (who, token),
                };
                let shares = self.shares(who, Bag::pool(Address::ZERO, self.coin(token)));
                Action::Delegate { who, token, operator, shares, max: self.max(operator) }
            }
            8..=11 => self.queue(who, token, operator),
            12..=14 => self.complete(),
            15 => self.restake(),
            16 => self.funds(who, token),
            17 if self.random.one_in(2) => {
                let amount = self.amount(who, token) / 1_000;
                Action::Donate { who, token, amount }
            }
            17 => {
                let amount = if self.random.one_in(3) { self.amount(who, token) } else { u128::MAX };
                Action::Approve { who, token, amount }
            }
            18 => self.reward(who, token, operator),
            19 if self.random.one_in(3) => {
                let who = self.operator();
                Action::ScheduleCommission { who, wad: self.wad() / 4 }
            }
            22 => self.permit(who, token, operator),
            23 if self.random.one_in(3) => {
                let amount = self.amount(who, token) / 100;
                Action::Transfer { who, token, to: self.anybody(), amount }
            }
            23 => self.funds(who, token),
            _ => self.queue(who, token, operator),
        }
    }

    /// A stake by somebody who has looked at what the operator is committed to.
    pub(crate) fn stake(&mut self, who: Who, token: usize, operator: Who) -> Action {
        Action::Stake { who, token, amount: self.amount(who, token), operator, max: self.max(operator) }
    }

    /// What a staker accepts: mostly the commitment that it saw.
    pub(crate) fn max(&mut self, operator: Who) -> u64 {
        let seen = self.model.commitment(self.stage.of(operator));
        match self.random.below(10) {
            0 => 0,
            1 => seen.saturating_sub(1),
            2 => self.random.below(2 * ONE),
            3 => u64::MAX,
            _ => seen,
        }
    }

    fn permit(&mut self, who: Who, token: usize, operator: Who) -> Action {
        // Whose account is no key's signs nothing.
        let signers = |random: &mut Random, of: Who| if random.one_in(4) { Who(0) } else { of };
        let owner = Who(u8::try_from(self.random.below(11)).unwrap_or(0));
        let amount = self.amount(owner, token);
        if self.random.one_in(2) {
            let signer = signers(self.random, owner);
            let max = self.max(operator);
            return Action::StakeWithPermit { who: owner, token, amount, operator, max, signer };
        }
        let deadline = self.model.now + self.random.below(4) - 1;
        Action::Permit { who, token, owner, amount, signer: signers(self.random, owner), deadline }
    }

    fn reward(&mut self, who: Who, token: usize, operator: Who) -> Action {
        let staked = self.owned(|bag| bag.release.is_none());
        let (operator, token) = match self.random.pick(&staked) {
            Some((bag, _)) => (self.stage.who(bag.operator), self.number_of(bag.token)),
            None => (operator, token),
        };
        let amount = self.amount(who, token) / 7;
        Action::PayReward { who, operator, token, amount }
    }

    /// Out of a pool in which somebody has something.
    fn queue(&mut self, who: Who, token: usize, operator: Who) -> Action {
        let mut step = (who, token, operator);
        let active: Vec<_> = self.owned(|bag| bag.release.is_none());
        if let (false, Some((bag, owner))) = (self.random.one_in(8), self.random.pick(&active)) {
            step = (self.stage.who(owner), self.number_of(bag.token), self.stage.who(bag.operator));
        }
        let (who, token, operator) = step;
        let shares = self.shares(who, Bag::pool(self.stage.of(operator), self.coin(token)));
        Action::Queue { who, token, operator, shares }
    }

    /// One step of staking, and another of the same kind, in one transaction.
    fn both(&mut self) -> Action {
        let (who, token) = (self.somebody(), self.token());
        match self.random.below(3) {
            0 => {
                let amounts = [self.amount(who, token) / 2, self.amount(who, token) / 2];
                let operators = [self.pool(), self.pool()];
                let max = self.max(operators[0]).max(self.max(operators[1]));
                Action::StakeBoth { who, token, operators, amounts, max }
            }
            1 => {
                let mut part = |who| {
                    let bags: Vec<Bag> = self
                        .owned(|bag| bag.release.is_none())
                        .into_iter()
                        .filter(|(_, owner)| self.stage.who(*owner) == who)
                        .map(|(bag, _)| bag)
                        .collect();
                    let bag = self.random.pick(&bags).unwrap_or(Bag::pool(Address::ZERO, self.coin(token)));
                    (self.number_of(bag.token), self.stage.who(bag.operator), self.shares(who, bag) / 2)
                };
                let ((t, a, n), (u, b, m)) = (part(who), part(who));
                Action::QueueBoth { who, tokens: [t, u], operators: [a, b], shares: [n, m] }
            }
            _ => {
                let (who, t, a, n) = self.withdrawal();
                let (_, u, b, m) = self.withdrawal();
                let recipient = if self.random.one_in(12) { self.anybody() } else { who };
                Action::CompleteBoth { who, tokens: [t, u], operators: [a, b], epochs: [n, m], recipient }
            }
        }
    }

    fn complete(&mut self) -> Action {
        let (who, token, operator, epoch) = self.withdrawal();
        let recipient = if self.random.one_in(12) { Who::NOBODY } else { who };
        Action::Complete { who, token, operator, epoch, recipient }
    }

    fn restake(&mut self) -> Action {
        let (who, token, operator, epoch) = self.withdrawal();
        let to = self.pool();
        Action::Restake { who, token, operator, epoch, to, max: self.max(to) }
    }

    fn withdrawal(&mut self) -> (Who, usize, Who, u64) {
        let waiting = self.owned(|bag| bag.release.is_some());
        match self.random.pick(&waiting) {
            Some((bag, owner)) if !self.random.one_in(10) => {
                let (owner, operator) = (self.stage.who(owner), self.stage.who(bag.operator));
                (owner, self.number_of(bag.token), operator, bag.release.unwrap_or(0))
            }
            _ => (self.somebody(), self.token(), self.pool(), epoch::at(self.model.now) + self.random.below(3)),
        }
    }

    /// Mostly of somebody who has funds: into the queue, or out.
    fn funds(&mut self, who: Who, token: usize) -> Action {
        let funds: Vec<_> = self.model.ledger.funds.keys().copied().collect();
        let (claimant, token, epoch) = match self.random.pick(&funds) {
            Some((claimant, coin, epoch)) if !self.random.one_in(8) => {
                (self.stage.who(claimant), self.number_of(coin), epoch)
            }
            _ => (self.anybody(), token, epoch::at(self.model.now) + self.random.below(3)),
        };
        match self.random.below(3) {
            0 => Action::QueueFunds { who, token, claimant, epoch },
            _ => Action::Claim { who, token, claimant, epoch },
        }
    }
}
