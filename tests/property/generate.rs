//! Chooses steps: mostly ones that could go through, by what the model knows, and always some that cannot.

use crate::action::{Action, Leaf, Task};
use crate::model::{Bag, Model, NO_END, expiry};
use crate::random::Random;
use crate::stage::{LIMITS, SERVICES, TOKENS, WALLETS, Who};
use alloy::primitives::Address;
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::wad::ONE;
use arithmetic::{epoch, time};

/// One whole token.
const WHOLE: u128 = 1_000_000_000_000_000_000;

/// The next step.
pub(crate) fn next(model: &Model, random: &mut Random) -> Action {
    loop {
        let action = choose(Chooser { model, random });
        // Nobody sends no transactions.
        if crate::chain::sender(&model.stage, &action) != Some(Address::ZERO) {
            return action;
        }
    }
}

fn choose(mut chooser: Chooser<'_>) -> Action {
    // Without services there are no faults, and without faults most of the protocol sleeps.
    if chooser.random.one_in(4)
        && let Some(action) = chooser.joining()
    {
        return action;
    }
    match chooser.random.below(100) {
        0..=15 => chooser.travel(),
        16..=49 => chooser.staking(),
        50..=65 => chooser.slashing(),
        66..=95 => chooser.serving(),
        _ => chooser.governing(),
    }
}

struct Chooser<'a> {
    model: &'a Model,
    random: &'a mut Random,
}

impl Chooser<'_> {
    /// The next thing that an operator needs to serve, if one does not.
    fn joining(&mut self) -> Option<Action> {
        let (who, service) = (self.operator(), self.service());
        let (model, operator) = (self.model, self.model.stage.of(who));
        let contracts = model.stage.services[service];
        let grant = model.grants.of(operator, contracts.service_manager);
        if model.registries[service].members.get(&operator).is_some_and(|member| member.serves) {
            return None;
        }
        if grant.raise != 0 {
            return Some(Action::Activate { who, operator: who, service });
        }
        if grant.until != NO_END {
            return Some(Action::OptIn { who, service, wad: 1 + self.random.below(ONE) });
        }
        let stake = model.ledger.at(Bag::pool(operator, model.stage.tokens[0]), model.now).assets;
        if stake < model.registries[service].minimum.at(model.now) {
            return Some(Action::Stake { who, token: 0, amount: 40 * WHOLE, operator: who });
        }
        Some(Action::Register { who, service, key: who })
    }

    /// To a boundary that matters to somebody, or one second beside it; or a while ahead.
    fn travel(&mut self) -> Action {
        let now = self.model.now;
        let mut times = self.boundaries();
        times.sort_unstable();
        times.dedup();
        // The nearest most often, so that what lies behind them is seen as well.
        times.truncate(if self.random.one_in(8) { times.len() } else { 3 });
        let to = match self.random.below(8) {
            0 => now + self.random.below(3),
            1 => now + self.random.below(time::EPOCH_SECONDS),
            2 | 3 => now + self.random.below(24 * 60 * 60),
            _ => self.random.pick(&times).unwrap_or(now + 1),
        };
        // Not years ahead: what happens there happens sooner as well.
        Action::Travel { to: to.min(now + 5 * time::EPOCH_SECONDS) }
    }

    fn boundaries(&self) -> Vec<u64> {
        let model = self.model;
        let mut times: Vec<u64> = (1..=4).map(|later| epoch::start(epoch::at(model.now) + later)).collect();
        for request in model.requests.all.iter().filter(|request| model.is_open(request)) {
            times.extend([request.executable_at, expiry(request)]);
        }
        for grant in model.grants.all.values().filter(|grant| grant.until != NO_END) {
            times.extend([grant.until, grant.raise_at]);
        }
        times.extend(model.grants.all.values().map(|grant| grant.raise_at));
        times.extend(model.grants.released_at.values().map(|time| epoch::notice_ends(*time)));
        times.extend(model.vault.deferrals.values());
        times.extend(model.ledger.streams.values().map(|stream| stream.ends));
        for disputes in &model.disputes {
            let open = disputes.challenges.iter().filter(|challenge| challenge.state == 1);
            times.extend(open.map(|challenge| challenge.deadline));
        }
        times.extend(
            model.terms.iter().flat_map(|terms| [terms.effective_at, terms.effective_at + time::EPOCH_SECONDS]),
        );
        times.extend([model.governance.until, model.governance.until + time::PAUSE_INTERVAL_SECONDS]);
        times.extend(model.governance.scheduled.values().map(|(_, time)| *time));
        times.extend(model.rewards.commissions.values().map(|commission| commission.effective_at));
        for registry in &model.registries {
            times.push(registry.minimum.effective_at);
            times.extend(registry.weights.iter().map(|(_, weight)| weight.effective_at));
        }
        let beside = times.iter().flat_map(|time| [time.saturating_sub(1), *time, time.saturating_add(1)]);
        beside.filter(|time| *time > model.now).collect()
    }

    fn staking(&mut self) -> Action {
        let (who, token, operator) = (self.somebody(), self.token(), self.pool());
        match self.random.below(22) {
            20 | 21 => self.both(),
            0..=4 => Action::Stake { who, token, amount: self.amount(who, token), operator },
            5 => {
                let staker = self.anybody();
                Action::StakeFor { who, token, amount: self.amount(who, token), operator, staker }
            }
            6 | 7 => {
                let idle = self.owned(|bag| bag.release.is_none() && bag.operator.is_zero());
                let (who, token) = match self.random.pick(&idle) {
                    Some((bag, owner)) => (self.who(owner), self.number_of(bag.token)),
                    None => (who, token),
                };
                let shares = self.shares(who, Bag::pool(Address::ZERO, self.coin(token)));
                Action::Delegate { who, token, operator, shares }
            }
            8..=11 => self.queue(who, token, operator),
            12..=14 => self.complete(),
            15 => self.restake(),
            16 => {
                let (token, claimant) = self.claimant(token);
                Action::Claim { who, token, claimant }
            }
            17 if self.random.one_in(2) => {
                let amount = self.amount(who, token) / 1_000;
                Action::Donate { who, token, amount }
            }
            17 => {
                let amount = if self.random.one_in(3) { self.amount(who, token) } else { u128::MAX };
                Action::Approve { who, token, amount }
            }
            18 => {
                let staked = self.owned(|bag| bag.release.is_none());
                let (operator, token) = match self.random.pick(&staked) {
                    Some((bag, _)) => (self.who(bag.operator), self.number_of(bag.token)),
                    None => (operator, token),
                };
                let amount = self.amount(who, token) / 7;
                Action::PayReward { who, operator, token, amount }
            }
            _ if self.random.one_in(3) => {
                let who = self.operator();
                Action::ScheduleCommission { who, wad: self.wad() / 4 }
            }
            _ => self.queue(who, token, operator),
        }
    }

    /// Out of a pool in which somebody has something.
    fn queue(&mut self, who: Who, token: usize, operator: Who) -> Action {
        let mut step = (who, token, operator);
        let active: Vec<_> = self.owned(|bag| bag.release.is_none());
        if let (false, Some((bag, owner))) = (self.random.one_in(8), self.random.pick(&active)) {
            step = (self.who(owner), self.number_of(bag.token), self.who(bag.operator));
        }
        let (who, token, operator) = step;
        let shares = self.shares(who, Bag::pool(self.model.stage.of(operator), self.coin(token)));
        Action::Queue { who, token, operator, shares }
    }

    /// One step of staking, and another of the same kind, in one transaction.
    fn both(&mut self) -> Action {
        let (who, token) = (self.somebody(), self.token());
        match self.random.below(3) {
            0 => {
                let amounts = [self.amount(who, token) / 2, self.amount(who, token) / 2];
                Action::StakeBoth { who, token, operators: [self.pool(), self.pool()], amounts }
            }
            1 => {
                let mut part = |who| {
                    let bags: Vec<Bag> = self
                        .owned(|bag| bag.release.is_none())
                        .into_iter()
                        .filter(|(_, owner)| self.who(*owner) == who)
                        .map(|(bag, _)| bag)
                        .collect();
                    let bag = self.random.pick(&bags).unwrap_or(Bag::pool(Address::ZERO, self.coin(token)));
                    (self.number_of(bag.token), self.who(bag.operator), self.shares(who, bag) / 2)
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

    /// Mostly somebody who let the account that is a service slash it.
    fn granting(&mut self) -> Who {
        let service = self.model.stage.of(Who::SERVICE);
        let grants = self.model.grants.all.keys().filter(|(_, grantee)| *grantee == service);
        let granting: Vec<Address> = grants.map(|(operator, _)| *operator).collect();
        match self.random.pick(&granting) {
            Some(operator) if !self.random.one_in(8) => self.who(operator),
            _ => self.operator(),
        }
    }

    fn complete(&mut self) -> Action {
        let (who, token, operator, epoch) = self.withdrawal();
        let recipient = if self.random.one_in(12) { Who::NOBODY } else { who };
        Action::Complete { who, token, operator, epoch, recipient }
    }

    fn restake(&mut self) -> Action {
        let (who, token, operator, epoch) = self.withdrawal();
        Action::Restake { who, token, operator, epoch, to: self.pool() }
    }

    fn withdrawal(&mut self) -> (Who, usize, Who, u64) {
        let waiting = self.owned(|bag| bag.release.is_some());
        match self.random.pick(&waiting) {
            Some((bag, owner)) if !self.random.one_in(10) => {
                (self.who(owner), self.number_of(bag.token), self.who(bag.operator), bag.release.unwrap_or(0))
            }
            _ => (self.somebody(), self.token(), self.pool(), epoch::at(self.model.now) + self.random.below(3)),
        }
    }

    fn slashing(&mut self) -> Action {
        let (who, service, operator) = (self.somebody(), self.grantee(), self.operator());
        match self.random.below(20) {
            16..=18 => {
                let (operator, challenger) = (self.granting(), self.anybody());
                let who = if self.random.one_in(8) { who } else { Who::SERVICE };
                let resolver = if self.random.one_in(2) { Who::JUDGE } else { Who::NOBODY };
                Action::Freeze { who, operator, wad: self.wad(), share: self.wad() / 10, challenger, resolver }
            }
            19 => {
                let operator = self.granting();
                let who = if self.random.one_in(8) { who } else { Who::SERVICE };
                let until = self.model.now + self.random.below(time::EPOCH_SECONDS + 2);
                Action::Record { who, operator, until, last: self.random.one_in(3) }
            }
            0..=3 => Action::OptIn { who: operator, service, wad: self.wad() },
            4 => Action::Raise { who: operator, service, wad: self.wad() },
            5 => Action::CancelPending { who: operator, service },
            6 | 7 => Action::Activate { who, operator, service },
            8 => Action::OptOut { who: operator, service },
            9 => Action::Release { who, operator, service },
            10..=14 => self.close(who),
            _ => {
                let who = if self.random.one_in(4) { who } else { Who::JUDGE };
                Action::Veto { who, request: self.request() }
            }
        }
    }

    fn serving(&mut self) -> Action {
        let (who, service, operator) = (self.somebody(), self.service(), self.operator());
        let owner = !self.random.one_in(6);
        match self.random.below(24) {
            0..=4 => {
                let key = if self.random.one_in(10) { self.anybody() } else { operator };
                Action::Register { who: operator, service, key }
            }
            5 => Action::Deregister { who: operator, service },
            6 | 7 => Action::UpdateStake { who, service, operator },
            8 if self.random.one_in(3) => {
                let token = self.token().min(LIMITS.len() - 1);
                Action::SetWeight { owner, service, token, wad: self.wad() }
            }
            8 => {
                let most = if self.random.one_in(10) { u128::MAX } else { 40 * WHOLE };
                Action::SetMinimum { owner, service, stake: self.random.up_to(most) }
            }
            9..=12 => {
                let (service, operator) = self.member(service, operator);
                let answers = (1, u8::from(!self.random.one_in(6)) * 2);
                let answers = if answers.1 == 0 { (1, 1) } else { answers };
                let (task, signer, bonded) = (self.task(), self.signer(operator), !self.random.one_in(12));
                Action::Accuse { who, service, operator, task, answers, signer, bonded }
            }
            13..=15 => {
                let (service, operator) = self.member(service, operator);
                let (task, leaf) = (self.task(), self.leaf());
                let (signer, bonded) = (self.signer(operator), !self.random.one_in(12));
                Action::Ask { who, service, operator, task, leaf, signer, bonded }
            }
            16 | 17 => {
                let service = self.disputed(service);
                let (challenge, leaf) = self.challenge(service);
                let leaf = if self.random.one_in(4) { self.leaf() } else { leaf };
                Action::Answer { who, service, challenge, leaf }
            }
            18..=20 => {
                let service = self.disputed(service);
                Action::Resolve { who, service, challenge: self.challenge(service).0 }
            }
            21 => {
                let creditors: Vec<Address> = self.model.disputes[service].bonds.keys().copied().collect();
                let creditor = self.random.pick(&creditors).map_or(who, |account| self.who(account));
                let who = if self.random.one_in(4) { who } else { creditor };
                let recipient = if self.random.one_in(6) { Who::NOBODY } else { who };
                Action::WithdrawBond { who, service, recipient }
            }
            22 => {
                let (wads, share) = ((self.wad(), self.wad()), self.wad() / 10);
                let resolver = if self.random.one_in(2) { Who::JUDGE } else { Who::NOBODY };
                Action::ScheduleTerms { owner, service, wads, share, resolver }
            }
            _ => Action::CancelTerms { owner, service },
        }
    }

    fn governing(&mut self) -> Action {
        let (who, token, owner) = (self.somebody(), self.token(), !self.random.one_in(6));
        match self.random.below(12) {
            0 | 1 => {
                let who = if self.random.one_in(6) { who } else { Who::JUDGE };
                let flags = u8::try_from(self.random.below(70)).unwrap_or(0);
                Action::Pause { who, flags }
            }
            2..=5 => Action::Unpause { who: if self.random.one_in(6) { who } else { Who::JUDGE } },
            6 | 7 => {
                let cap = self.random.pick(&[0, WHOLE, 1_000 * WHOLE, MAX_AMOUNT, MAX_AMOUNT + 1]).unwrap_or(0);
                let deposit = self.random.pick(&[0, 1, 50, 100, 101]).unwrap_or(100);
                let outflow = self.random.pick(&[0, 9, 10, 50, 100]).unwrap_or(0);
                Action::ScheduleLimits { owner, token, cap, deposit, outflow }
            }
            8 => Action::CancelLimits { owner, token },
            9 | 10 => Action::ApplyLimits { who, token },
            _ if self.random.one_in(3) => Action::CloseToken { owner, token },
            _ => Action::ApplyLimits { who, token },
        }
    }

    /// Nothing, one, dust, exactly what there is and beside it, a part, whole tokens, huge.
    fn amount(&mut self, who: Who, token: usize) -> u128 {
        let held = self.model.vault.held(self.coin(token), self.model.stage.of(who));
        match self.random.below(24) {
            0 => 0,
            1 => 1,
            2..=4 => self.random.up_to(1_000),
            5 => held,
            6 => held.saturating_add(1),
            7 => held / 2,
            8 => MAX_AMOUNT,
            9 => u128::MAX,
            10 => MAX_AMOUNT / 1_000_000,
            11..=13 => self.random.up_to(held / 100),
            14..=16 => self.random.up_to(WHOLE),
            _ => (1 + self.random.up_to(50)) * WHOLE.min(WALLETS[token] / 100),
        }
    }

    /// The same for shares of a pool.
    fn shares(&mut self, who: Who, bag: Bag) -> u128 {
        let (have, _) = self.model.ledger.worth(bag, self.model.stage.of(who), self.model.now);
        match self.random.below(12) {
            0 => 0,
            1 => 1,
            2 => have.saturating_add(1),
            3 => self.random.up_to(2_000_000),
            4 => u128::MAX,
            5..=7 => have,
            8 => have / 2,
            _ => self.random.up_to(have),
        }
    }

    fn wad(&mut self) -> u64 {
        match self.random.below(10) {
            0 => 0,
            1 => 1,
            2 => ONE,
            3 => ONE + 1,
            4 => ONE - 1,
            5 | 6 => self.random.below(ONE / 10),
            _ => self.random.below(ONE),
        }
    }

    /// Tasks of now and before; a few of them, so that they meet again.
    fn task(&mut self) -> Task {
        let now = self.model.now;
        let window = self.model.stage.parameters[0].challenge_window;
        let time = match self.random.below(8) {
            0 => now - window,
            1 => now - window - 1,
            2 => now + 1,
            3..=5 => now - self.random.below(window),
            _ => epoch::start(epoch::at(now)).max(now - window),
        };
        Task { number: u8::try_from(self.random.below(3)).unwrap_or(0), time }
    }

    /// Mostly an operator that a service has.
    fn member(&mut self, service: usize, operator: Who) -> (usize, Who) {
        let registries = self.model.registries.iter().enumerate();
        let members: Vec<(usize, Address)> =
            registries.flat_map(|(service, registry)| registry.members.keys().map(move |of| (service, *of))).collect();
        match self.random.pick(&members) {
            Some((service, operator)) if !self.random.one_in(8) => (service, self.who(operator)),
            _ => (service, operator),
        }
    }

    /// Mostly a service with an open challenge.
    fn disputed(&mut self, service: usize) -> usize {
        let open = |service: &usize| self.model.disputes[*service].challenges.iter().any(|of| of.state == 1);
        let disputed: Vec<usize> = (0..SERVICES).filter(open).collect();
        self.random.pick(&disputed).unwrap_or(service)
    }

    fn leaf(&mut self) -> Leaf {
        let of = self.random.pick(&[0, 1, 3, 3, 5, 5]).unwrap_or(1);
        Leaf { index: u8::try_from(self.random.below(u64::from(of) + 1)).unwrap_or(0), of }
    }

    fn challenge(&mut self, service: usize) -> (u64, Leaf) {
        let challenges = &self.model.disputes[service].challenges;
        let open: Vec<_> = (0..).zip(challenges).filter(|(_, challenge)| challenge.state == 1).collect();
        match self.random.pick(&open) {
            Some((id, challenge)) if !self.random.one_in(10) => (id, challenge.leaf),
            _ => (self.random.below(4), self.leaf()),
        }
    }

    /// What can be done about a request by now, mostly.
    fn close(&mut self, who: Who) -> Action {
        let request = self.request();
        let known = usize::try_from(request).ok().and_then(|index| self.model.requests.all.get(index));
        let expired = known.is_some_and(|request| self.model.now >= expiry(request));
        if expired != self.random.one_in(8) {
            Action::Expire { who, request }
        } else {
            Action::Execute { who, request }
        }
    }

    /// Mostly an open request.
    fn request(&mut self) -> u64 {
        let all = &self.model.requests.all;
        let open: Vec<u64> =
            (0..).zip(all).filter(|(_, request)| self.model.is_open(request)).map(|(id, _)| id).collect();
        match self.random.pick(&open) {
            Some(id) if !self.random.one_in(10) => id,
            _ => self.random.below(6),
        }
    }

    fn owned(&self, of: impl Fn(&Bag) -> bool) -> Vec<(Bag, Address)> {
        self.model.ledger.positions.keys().filter(|(bag, _)| of(bag)).copied().collect()
    }

    /// Mostly somebody who has funds.
    fn claimant(&mut self, token: usize) -> (usize, Who) {
        let funds: Vec<(Address, Address)> = self.model.ledger.funds.keys().copied().collect();
        match self.random.pick(&funds) {
            Some((claimant, coin)) if !self.random.one_in(8) => (self.number_of(coin), self.who(claimant)),
            _ => (token, self.anybody()),
        }
    }

    fn who(&self, account: Address) -> Who {
        Who::all().find(|who| self.model.stage.of(*who) == account).unwrap_or(Who::NOBODY)
    }

    fn number_of(&self, token: Address) -> usize {
        self.model.stage.tokens.iter().position(|known| *known == token).unwrap_or(0)
    }

    fn coin(&self, token: usize) -> Address {
        self.model.stage.tokens[token]
    }

    fn somebody(&mut self) -> Who {
        Who(u8::try_from(self.random.below(10)).unwrap_or(0))
    }

    fn anybody(&mut self) -> Who {
        if self.random.one_in(10) { Who::NOBODY } else { self.somebody() }
    }

    fn operator(&mut self) -> Who {
        if self.random.one_in(20) {
            return self.anybody();
        }
        self.random.pick(&Who::operators().collect::<Vec<_>>()).unwrap_or(Who::NOBODY)
    }

    /// An operator, or idle.
    fn pool(&mut self) -> Who {
        if self.random.one_in(4) { Who::NOBODY } else { self.operator() }
    }

    fn signer(&mut self, operator: Who) -> Who {
        if self.random.one_in(6) { self.somebody() } else { operator }
    }

    fn token(&mut self) -> usize {
        let any = usize::try_from(self.random.below(30)).unwrap_or(0);
        if any == 0 { TOKENS - 1 } else { any % (TOKENS - 1) }
    }

    /// A service, or the account that is one.
    fn grantee(&mut self) -> usize {
        usize::try_from(self.random.below(3)).unwrap_or(0) % (SERVICES + 1)
    }

    fn service(&mut self) -> usize {
        usize::try_from(self.random.below(2)).unwrap_or(0) % SERVICES
    }
}
