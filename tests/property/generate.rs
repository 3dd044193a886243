//! Chooses steps: mostly ones that could go through, by what the model knows, and always some that cannot.
//!
//! [`single`] steps of everybody come in any order. Between them the coalition carries out its
//! [`schemes`](crate::schemes).

use crate::action::{Action, Key, Leaf, Owned, Task};
use crate::random::Random;
use crate::stage::{KEYS, LIMITS, SERVICES, Service, Stage, TOKENS, WALLETS, WHOLE, Who};
use alloy::primitives::Address;
use arithmetic::pool::MAX_AMOUNT;
use arithmetic::wad::ONE;
use arithmetic::{epoch, time};
use restake_model::{Bag, Model, NO_END, State};

/// One step of somebody.
pub(crate) fn single(model: &Model, stage: &Stage, random: &mut Random) -> Action {
    loop {
        let action = Chooser { model, stage, random }.choose();
        // Nobody sends no transactions.
        if action.sender() != Some(Who::NOBODY) {
            return action;
        }
    }
}

/// Chooses with what is known.
pub(crate) struct Chooser<'a> {
    pub(crate) model: &'a Model,
    pub(crate) stage: &'a Stage,
    pub(crate) random: &'a mut Random,
}

impl Chooser<'_> {
    fn choose(&mut self) -> Action {
        // Without services there are no faults, and without faults most of the protocol sleeps.
        if self.random.one_in(4)
            && let Some(action) = self.joining()
        {
            return action;
        }
        // A keeper executes what can be executed: a request that expires shows nothing.
        if self.random.one_in(6)
            && let Some(action) = self.keeping()
        {
            return action;
        }
        if self.random.one_in(20)
            && let Some(action) = self.opening()
        {
            return action;
        }
        if self.random.one_in(6) {
            return self.receipts();
        }
        match self.random.below(100) {
            0..=15 => self.travel(),
            16..=51 => self.staking(),
            52..=69 => self.slashing(),
            70..=95 => self.serving(),
            _ => self.governing(),
        }
    }

    /// The next thing that an operator needs to serve, if one does not.
    pub(crate) fn joining(&mut self) -> Option<Action> {
        let (who, service) = (self.operator(), self.service());
        let (model, operator, of) = (self.model, self.stage.of(who), Service::Full(service));
        let grant = model.grants.of(operator, self.stage.manager(of));
        if model.serves(service, operator) {
            return None;
        }
        if grant.announced.is_some() {
            return Some(Action::Activate { who, operator: who, service: of });
        }
        if grant.until != NO_END {
            let wad = ONE / 100 + self.random.below(ONE / 2);
            return Some(Action::OptIn { who, service: of, wad, exclusive: service == 0 || self.random.one_in(2) });
        }
        let registry = &model.registries[service];
        if model.weigh(service, operator).0 < registry.minimum.at(model.now) {
            return Some(Action::Stake { who, token: 0, amount: 400 * WHOLE, operator: who, max: u64::MAX });
        }
        if !model.is_admitted(service, operator) {
            return Some(Action::Admit { who, operator: who, admitted: true });
        }
        Some(Action::Register { who, service, key: self.unused_key(service, who) })
    }

    /// Executes the first request that can be executed.
    fn keeping(&mut self) -> Option<Action> {
        let model = self.model;
        let ready = (0..).zip(&model.requests.all).find(|(_, request)| {
            let open = request.state == State::Open && request.executable_at <= model.now;
            open && model.now < model.expiry(request)
        });
        ready.map(|(request, _)| Action::Execute { who: self.somebody(), request })
    }

    /// Opens a leaf that was asked for, while there is time.
    fn opening(&mut self) -> Option<Action> {
        let service = self.service();
        let challenges = (0..).zip(&self.model.disputes[service].challenges);
        let mut open = challenges.filter(|(_, of)| of.state == 1 && self.model.now <= of.deadline);
        let (challenge, of) = open.next()?;
        let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
        let leaf = Leaf { index: small(of.index), of: small(of.leaf_count) };
        Some(Action::Answer { who: self.stage.who(of.operator), service, challenge, leaf })
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
        let this = epoch::at(model.now);
        let mut times: Vec<u64> = (1..=4).map(|later| epoch::start(this + later)).collect();
        times.extend([this, this + 1].map(|of| epoch::start(of) + time::CHECKPOINT_GRACE_SECONDS));
        for request in model.requests.all.iter().filter(|request| request.state == State::Open) {
            times.extend([request.executable_at, model.expiry(request)]);
        }
        for ((operator, service), grant) in &model.grants.all {
            if grant.until != NO_END {
                times.push(grant.until);
            }
            let (ends, lapses) = model.notice(*operator, *service);
            times.extend([ends, lapses]);
        }
        for freeze in model.requests.freezes.values().filter_map(|freezes| freezes.last()) {
            times.push(freeze.since + time::LONGEST_QUEUE_REFUSAL_SECONDS);
            times.extend(freeze.until.map(|until| until + time::QUEUE_OPEN_SECONDS));
        }
        times.extend(model.vault.deferrals.values());
        times.extend(model.ledger.funds.values().map(|fund| fund.ready_at));
        times.extend(model.ledger.streams.values().map(|stream| stream.ends));
        for (setup, disputes) in self.stage.setup.services.iter().zip(&model.disputes) {
            let open = disputes.challenges.iter().filter(|challenge| challenge.state == 1);
            times.extend(open.flat_map(|of| [of.deadline, of.task_time + setup.evidence_window]));
        }
        let effective = model.terms.iter().map(|terms| terms.effective_at);
        times.extend(effective.flat_map(|time| [time, time + 2 * time::EPOCH_SECONDS]));
        let until = model.governance.until;
        times.extend([until, until + time::QUEUE_OPEN_SECONDS, until + time::PAUSE_INTERVAL_SECONDS]);
        let scheduled = model.governance.scheduled.values().map(|scheduled| scheduled.effective_at);
        times.extend(scheduled.flat_map(|time| [time, time + time::LAPSE_SECONDS]));
        times.extend(model.rewards.commissions.values().map(|commission| commission.effective_at));
        for registry in &model.registries {
            times.extend([registry.minimum.effective_at, registry.admission.effective_at]);
            times.extend(registry.weights.iter().map(|(_, weight)| weight.effective_at));
            let refused = registry.members.values().filter(|member| member.refused_since != 0);
            times.extend(refused.map(|member| epoch::notice_ends(member.refused_since)));
        }
        let beside = times.iter().flat_map(|time| [time.saturating_sub(1), *time, time.saturating_add(1)]);
        beside.filter(|time| *time > model.now).collect()
    }

    fn staking(&mut self) -> Action {
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

    /// Mostly somebody who let this account slash it.
    fn granting(&mut self, service: Who) -> Who {
        let manager = self.stage.of(service);
        let grants = self.model.grants.all.keys().filter(|(_, grantee)| *grantee == manager);
        let granting: Vec<Address> = grants.map(|(operator, _)| *operator).collect();
        match self.random.pick(&granting) {
            Some(operator) if !self.random.one_in(8) => self.stage.who(operator),
            _ => self.operator(),
        }
    }

    fn slashing(&mut self) -> Action {
        let (who, service, operator) = (self.somebody(), self.grantee(), self.operator());
        match self.random.below(21) {
            0..=3 => Action::OptIn { who: operator, service, wad: self.budget(), exclusive: !self.random.one_in(3) },
            4 => Action::Raise { who: operator, service, wad: self.budget() },
            5 => Action::CancelPending { who: operator, service },
            6 | 7 => self.pending(who, operator, service),
            8 => Action::OptOut { who: operator, service },
            9 => Action::Release { who, operator, service },
            10..=14 => self.close(who),
            15 => {
                let request = self.request();
                let resolver = self.model.requests.get(request).map(|request| self.stage.who(request.resolver));
                let who = if self.random.one_in(4) { who } else { resolver.unwrap_or(Who::JUDGE) };
                Action::Veto { who, request }
            }
            16..=19 => {
                let by = if self.random.one_in(2) { Who::SLY } else { Who::FUND };
                let (operator, challenger, recipient) = (self.granting(by), self.anybody(), self.anybody());
                let who = if self.random.one_in(8) { who } else { by };
                let resolver = self.random.pick(&[Who::JUDGE, Who::SLY, Who::NOBODY]).unwrap_or(Who::NOBODY);
                let (wad, share) = (self.wad(), self.wad() / 10);
                Action::Freeze { who, operator, wad, share, challenger, recipient, resolver }
            }
            _ => {
                let operator = self.granting(Who::SLY);
                let who = if self.random.one_in(8) { who } else { Who::SLY };
                Action::Record { who, operator, last: self.random.one_in(3) }
            }
        }
    }

    /// What can be done about something announced, mostly something there is.
    fn pending(&mut self, who: Who, operator: Who, service: Service) -> Action {
        let announced = self.model.grants.all.iter().filter(|(_, grant)| grant.announced.is_some());
        let announced: Vec<(Address, Address)> = announced.map(|(of, _)| *of).collect();
        let found = self
            .random
            .pick(&announced)
            .and_then(|(operator, manager)| Some((self.stage.who(operator), self.stage.service(manager)?)));
        let (operator, service) = found.unwrap_or((operator, service));
        let (_, lapses) = self.model.notice(self.stage.of(operator), self.stage.manager(service));
        if (self.model.now >= lapses) != self.random.one_in(8) {
            Action::ClearLapsed { who, operator, service }
        } else {
            Action::Activate { who, operator, service }
        }
    }

    fn serving(&mut self) -> Action {
        let (who, service, operator) = (self.somebody(), self.service(), self.operator());
        let owner = self.owner_of(Owned::Service(service));
        match self.random.below(27) {
            0..=3 => {
                let key = if self.random.one_in(10) { self.key() } else { self.unused_key(service, operator) };
                Action::Register { who: operator, service, key }
            }
            4 => {
                let (service, operator) = self.member(service, operator);
                let key = if self.random.one_in(6) { self.key() } else { self.unused_key(service, operator) };
                Action::Rotate { who: operator, service, key }
            }
            5 => Action::Deregister { who: operator, service },
            6..=8 => {
                let (service, operator) = self.member(service, operator);
                Action::Update { who, service, operators: [operator, self.operator()] }
            }
            9 => match self.random.below(6) {
                0 => {
                    let token = self.token().min(LIMITS.len() - 1);
                    Action::SetWeight { who: owner, service, token, wad: self.wad() }
                }
                1 => {
                    let most = if self.random.one_in(10) { u128::MAX } else { 40 * WHOLE };
                    Action::SetMinimum { who: owner, service, stake: self.random.up_to(most) }
                }
                2 => Action::SetAdmission { who: owner, service, asks: self.random.one_in(2) },
                _ => Action::Admit { who, operator, admitted: !self.random.one_in(3) },
            },
            10..=13 => {
                let (service, operator) = self.member(service, operator);
                let answers = if self.random.one_in(6) { (1, 1) } else { (1, 2) };
                let task = self.task(service);
                let (signer, bonded) = (self.signer(service, operator, task.time), !self.random.one_in(12));
                Action::Accuse { who, service, operator, task, answers, signer, bonded }
            }
            14..=16 => {
                let (service, operator) = self.member(service, operator);
                let (task, leaf) = (self.task(service), self.leaf());
                let (signer, bonded) = (self.signer(service, operator, task.time), !self.random.one_in(12));
                Action::Ask { who, service, operator, task, leaf, signer, bonded }
            }
            17 | 18 => {
                let service = self.disputed(service);
                let (challenge, leaf) = self.challenge(service);
                let leaf = if self.random.one_in(4) { self.leaf() } else { leaf };
                Action::Answer { who, service, challenge, leaf }
            }
            19..=21 => {
                let service = self.disputed(service);
                Action::Resolve { who, service, challenge: self.challenge(service).0 }
            }
            22 => {
                let creditors: Vec<Address> = self.model.disputes[service].bonds.keys().copied().collect();
                let creditor = self.random.pick(&creditors).map_or(who, |account| self.stage.who(account));
                let who = if self.random.one_in(4) { who } else { creditor };
                let recipient = if self.random.one_in(6) { Who::NOBODY } else { who };
                Action::WithdrawBond { who, service, recipient }
            }
            23 | 24 => {
                // A kind can be switched off.
                let kind = |chooser: &mut Self| if chooser.random.one_in(4) { 0 } else { chooser.wad() };
                let (wads, share) = ((kind(self), kind(self)), self.wad() / 10);
                let resolver = self.random.pick(&[Who::JUDGE, Who::SLY, Who::NOBODY]).unwrap_or(Who::NOBODY);
                Action::ScheduleTerms { who: owner, service, wads, share, resolver }
            }
            25 if self.random.one_in(3) => Action::CancelTerms { who: owner, service },
            _ => Action::Update { who, service, operators: [operator, self.operator()] },
        }
    }

    fn governing(&mut self) -> Action {
        let (who, token) = (self.somebody(), self.token());
        let owner = self.owner_of(Owned::Governance);
        match self.random.below(16) {
            0..=2 => {
                let who = if self.random.one_in(6) { who } else { self.stage.who(self.model.governance.pauser) };
                let flags = u8::try_from(self.random.below(70)).unwrap_or(0);
                Action::Pause { who, flags }
            }
            3..=5 => {
                let unpauser = self.stage.who(self.model.governance.unpauser);
                Action::Unpause { who: if self.random.one_in(6) { who } else { unpauser } }
            }
            6 | 7 => {
                let cap = self.random.pick(&[0, WHOLE, 1_000 * WHOLE, MAX_AMOUNT, MAX_AMOUNT + 1]).unwrap_or(0);
                let deposit = self.random.pick(&[0, 1, 50, 100, 101]).unwrap_or(100);
                let outflow = self.random.pick(&[0, 9, 10, 50, 100]).unwrap_or(0);
                Action::ScheduleLimits { who: owner, token, cap, deposit, outflow }
            }
            8 => Action::CancelLimits { who: owner, token },
            9 | 10 => Action::ApplyLimits { who, token },
            11 if self.random.one_in(3) => Action::CloseToken { who: owner, token },
            12 if self.random.one_in(4) => {
                // Not to the coalition: who pauses is trusted with delays.
                let unpauser = if self.random.one_in(4) { Who::NOBODY } else { Who::JUDGE };
                Action::SetRoles { who: owner, pauser: Who::JUDGE, unpauser }
            }
            13 | 14 => self.ownership(who),
            _ => Action::ApplyLimits { who, token },
        }
    }

    /// Mostly by whom it belongs to; and never to the coalition, but for its own service.
    fn ownership(&mut self, who: Who) -> Action {
        let of = match self.random.below(4) {
            0 => Owned::Governance,
            1 | 2 => Owned::Service(self.service()),
            _ => Owned::Token(self.token()),
        };
        let ownership = self.model.owners.get(&self.stage.owned(of)).copied().unwrap_or_default();
        if self.random.one_in(2) {
            let pending = self.stage.who(ownership.pending);
            return Action::AcceptOwnership { who: if self.random.one_in(6) { who } else { pending }, of };
        }
        let to = match of {
            Owned::Service(1) => self.anybody(),
            _ => self.random.pick(&[Who::GOV, Who::JUDGE, Who::NOBODY]).unwrap_or(Who::GOV),
        };
        let owner = if self.random.one_in(6) { who } else { self.stage.who(ownership.owner) };
        Action::OfferOwnership { who: owner, of, to }
    }

    /// Mostly who owns a contract.
    fn owner_of(&mut self, of: Owned) -> Who {
        if self.random.one_in(6) { self.somebody() } else { self.stage.who(self.model.owner_of(self.stage.owned(of))) }
    }

    /// Nothing, one, dust, exactly what there is and beside it, a part, whole tokens, huge.
    pub(crate) fn amount(&mut self, who: Who, token: usize) -> u128 {
        let held = self.model.tokens.held(self.coin(token), self.stage.of(who));
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
        let (have, _) = self.model.ledger.worth(bag, self.stage.of(who), self.model.now);
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

    pub(crate) fn wad(&mut self) -> u64 {
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

    /// A budget: mostly one of several that fit beside each other.
    pub(crate) fn budget(&mut self) -> u64 {
        match self.random.below(10) {
            0 => self.wad(),
            1 => ONE / 100,
            2 => ONE / 100 - 1,
            3 => ONE,
            4 | 5 => self.random.below(ONE),
            _ => ONE / 100 + self.random.below(ONE / 3),
        }
    }

    /// Tasks of now and before; a few of them, so that they meet again.
    fn task(&mut self, service: usize) -> Task {
        let now = self.model.now;
        let setup = &self.stage.setup.services[service];
        let (window, reserve) = (setup.evidence_window, setup.evidence_window - setup.answer_window);
        let time = match self.random.below(10) {
            0 => now - window,
            1 => now - window - 1,
            2 => now + 1,
            3 => now - reserve,
            4 => now - reserve - 1,
            5..=7 => now - self.random.below(reserve),
            _ => epoch::start(epoch::at(now)).max(now - reserve),
        };
        Task { number: u8::try_from(self.random.below(3)).unwrap_or(0), time }
    }

    /// Mostly an operator that a service has.
    fn member(&mut self, service: usize, operator: Who) -> (usize, Who) {
        let registries = self.model.registries.iter().enumerate();
        let members: Vec<(usize, Address)> =
            registries.flat_map(|(service, registry)| registry.members.keys().map(move |of| (service, *of))).collect();
        match self.random.pick(&members) {
            Some((service, operator)) if !self.random.one_in(8) => (service, self.stage.who(operator)),
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
        let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
        match self.random.pick(&open) {
            Some((id, challenge)) if !self.random.one_in(10) => {
                (id, Leaf { index: small(challenge.index), of: small(challenge.leaf_count) })
            }
            _ => (self.random.below(4), self.leaf()),
        }
    }

    /// What can be done about a request by now, mostly.
    fn close(&mut self, who: Who) -> Action {
        let request = self.request();
        let known = self.model.requests.get(request);
        let expired = known.is_some_and(|request| self.model.now >= self.model.expiry(request));
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
            (0..).zip(all).filter(|(_, request)| request.state == State::Open).map(|(id, _)| id).collect();
        match self.random.pick(&open) {
            Some(id) if !self.random.one_in(10) => id,
            _ => self.random.below(6),
        }
    }

    pub(crate) fn owned(&self, of: impl Fn(&Bag) -> bool) -> Vec<(Bag, Address)> {
        self.model.ledger.positions.keys().filter(|(bag, _)| of(bag)).copied().collect()
    }

    fn number_of(&self, token: Address) -> usize {
        self.stage.tokens.iter().position(|known| *known == token).unwrap_or(0)
    }

    pub(crate) fn coin(&self, token: usize) -> Address {
        self.stage.tokens[token]
    }

    pub(crate) fn somebody(&mut self) -> Who {
        Who(u8::try_from(self.random.below(12)).unwrap_or(0))
    }

    pub(crate) fn anybody(&mut self) -> Who {
        if self.random.one_in(10) { Who::NOBODY } else { self.somebody() }
    }

    pub(crate) fn operator(&mut self) -> Who {
        if self.random.one_in(20) {
            return self.anybody();
        }
        self.random.pick(&Who::operators().collect::<Vec<_>>()).unwrap_or(Who::NOBODY)
    }

    /// An operator, or idle.
    fn pool(&mut self) -> Who {
        if self.random.one_in(4) { Who::NOBODY } else { self.operator() }
    }

    fn key(&mut self) -> Key {
        Key { of: self.anybody(), number: u8::try_from(self.random.below(u64::from(KEYS))).unwrap_or(0) }
    }

    /// The first key of an operator that a service does not know, or its last one.
    pub(crate) fn unused_key(&self, service: usize, of: Who) -> Key {
        let keys = &self.model.registries[service].keys;
        let mut own = (0..KEYS).map(|number| Key { of, number });
        own.find(|key| !keys.contains_key(&self.stage.key(*key).address())).unwrap_or(Key { of, number: KEYS - 1 })
    }

    /// Mostly a key that the operator has in a service, and mostly the one of the time.
    pub(crate) fn signer(&mut self, service: usize, operator: Who, time: u64) -> Key {
        if self.random.one_in(8) {
            return self.key();
        }
        let keys = self.model.registries[service].keys.iter();
        let own = keys.filter(|(_, key)| key.operator == self.stage.of(operator));
        let own: Vec<_> = own.map(|(address, key)| (*address, *key)).collect();
        let then: Vec<_> = own.iter().filter(|(_, key)| (key.from..=key.until).contains(&time)).copied().collect();
        let from = if then.is_empty() || self.random.one_in(6) { own } else { then };
        let key = self.random.pick(&from).and_then(|(address, _)| self.stage.key_at(address));
        key.unwrap_or(Key { of: operator, number: 0 })
    }

    fn token(&mut self) -> usize {
        let any = usize::try_from(self.random.below(30)).unwrap_or(0);
        if any == 0 { TOKENS - 1 } else { any % (TOKENS - 1) }
    }

    /// A service, or an account that is one.
    fn grantee(&mut self) -> Service {
        self.random.pick(&Service::ALL).unwrap_or(Service::Full(0))
    }

    fn service(&mut self) -> usize {
        usize::try_from(self.random.below(2)).unwrap_or(0) % SERVICES
    }
}
