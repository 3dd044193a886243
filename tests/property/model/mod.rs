//! The reference model: what the protocol is said to do, in plain Rust.
//!
//! It shares with the contracts only the arithmetic of pools, streams, queues and epochs. Its books are its own and naive: what the contracts keep as running sums (what is owed, commitments, pending
//! slashes, total stake) is added up here each time, over all stakers if need be, so that a sum which drifts is found.

mod disputes;
mod facts;
mod governance;
mod grants;
mod ledger;
mod registry;
mod requests;
mod rewards;
mod terms;
mod vault;

pub(crate) use facts::{Fact, Facts};
pub(crate) use grants::NO_END;
pub(crate) use ledger::Bag;
pub(crate) use requests::{Request, expiry};

use crate::action::Action;
use crate::chain::{owner_or_stranger, sender, value};
use crate::stage::{PURSE, Stage, TOKENS, WALLETS, Who};
use alloy::primitives::{Address, IntoLogData, Log, U256};
use alloy::sol_types::{SolError, SolEvent};
use disputes::Disputes;
use governance::Governance;
use grants::Grants;
use interfaces::IAccess;
use ledger::Ledger;
use registry::Registry;
use requests::Requests;
use rewards::Rewards;
use std::collections::BTreeMap;
use std::rc::Rc;
use terms::{Terms, TermsOf};
use vault::Vault;

/// What a refused step returns.
pub(crate) type Answer<T = ()> = Result<T, Vec<u8>>;

/// A refusal with a typed error.
pub(crate) fn refuse<T>(error: impl SolError) -> Answer<T> {
    Err(error.abi_encode())
}

/// A way in which the model can be wrong on purpose, to test that the test finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    None,
    /// Who leaves a pool gets what its shares are worth rounded up.
    LeavesRoundedUp,
    /// A slash takes its part rounded down.
    SlashesRoundedDown,
    /// A withdrawal is ready one second early.
    ReadyEarly,
}

/// Everything the protocol remembers.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) stage: Rc<Stage>,
    pub(crate) mistake: Mistake,
    /// Unix seconds.
    pub(crate) now: u64,
    /// Account => wei.
    pub(crate) eth: BTreeMap<Address, U256>,
    pub(crate) vault: Vault,
    pub(crate) ledger: Ledger,
    pub(crate) grants: Grants,
    pub(crate) requests: Requests,
    pub(crate) registries: Vec<Registry>,
    pub(crate) terms: Vec<TermsOf>,
    pub(crate) disputes: Vec<Disputes>,
    pub(crate) rewards: Rewards,
    pub(crate) governance: Governance,
    /// Events of the step.
    logs: Vec<Log>,
}

impl Model {
    /// The protocol as it is when the play begins.
    pub(crate) fn new(stage: Rc<Stage>, now: u64, mistake: Mistake) -> Self {
        let accounts = Who::all().map(|who| stage.of(who)).chain([stage.owner]);
        let eth = accounts.map(|account| (account, U256::from(PURSE))).collect();
        let wallets = (0..TOKENS)
            .flat_map(|token| Who::all().map(move |who| (token, who)))
            .map(|(token, who)| ((stage.tokens[token], stage.of(who)), WALLETS[token]))
            .collect();
        Self {
            mistake,
            now,
            eth,
            vault: Vault::new(&stage, wallets),
            ledger: Ledger::default(),
            grants: Grants::default(),
            requests: Requests::default(),
            registries: stage.weighings.iter().map(Registry::new).collect(),
            terms: stage.parameters.iter().map(TermsOf::new).collect(),
            disputes: stage.parameters.iter().map(|_| Disputes::default()).collect(),
            rewards: Rewards::default(),
            governance: Governance::new(&stage),
            logs: Vec::new(),
            stage,
        }
    }

    /// Does what a step says. Returns its events, or what it is refused with; then nothing has changed.
    pub(crate) fn play(&mut self, action: &Action) -> Answer<Vec<Log>> {
        if let Action::Travel { to } = *action {
            self.now = self.now.max(to);
            return Ok(Vec::new());
        }
        let mut after = self.clone();
        after.attempt(action)?;
        let logs = std::mem::take(&mut after.logs);
        *self = after;
        Ok(logs)
    }

    /// Takes the fee of a transaction from its sender.
    pub(crate) fn pay_fee(&mut self, action: &Action, fee: U256) {
        if let Some(payer) = sender(&self.stage, action) {
            *self.eth.entry(payer).or_default() -= fee;
        }
    }

    fn attempt(&mut self, action: &Action) -> Answer {
        use Action::*;
        let stage = Rc::clone(&self.stage);
        let of = |who: Who| stage.of(who);
        let coin = |token: usize| stage.tokens[token];
        let manager = |service: usize| stage.manager(service);
        let caller = sender(&stage, action).unwrap_or_default();
        match *action {
            Travel { .. } => Ok(()),
            Stake { token, amount, operator, .. } => self.stake(caller, coin(token), amount, of(operator), caller),
            StakeFor { token, amount, operator, staker, .. } => {
                nonzero(of(staker))?;
                self.stake(caller, coin(token), amount, of(operator), of(staker))
            }
            Delegate { token, operator, shares, .. } => self.delegate(caller, coin(token), of(operator), shares),
            Queue { token, operator, shares, .. } => self.queue(caller, coin(token), of(operator), shares),
            Complete { token, operator, epoch, recipient, .. } => {
                self.complete(caller, coin(token), of(operator), epoch, of(recipient))
            }
            Restake { token, operator, epoch, to, .. } => {
                self.restake(caller, coin(token), of(operator), epoch, of(to))
            }
            StakeBoth { token, operators, amounts, .. } => (0..2)
                .try_for_each(|index| self.stake(caller, coin(token), amounts[index], of(operators[index]), caller)),
            QueueBoth { tokens, operators, shares, .. } => (0..2)
                .try_for_each(|index| self.queue(caller, coin(tokens[index]), of(operators[index]), shares[index])),
            CompleteBoth { tokens, operators, epochs, recipient, .. } => {
                for ((token, operator), epoch) in tokens.map(coin).into_iter().zip(operators.map(of)).zip(epochs) {
                    self.complete_or_skip(caller, token, operator, epoch, of(recipient));
                }
                Ok(())
            }
            Claim { token, claimant, .. } => self.claim(coin(token), of(claimant)),
            Donate { token, amount, .. } => self.donate(caller, coin(token), amount),
            Approve { token, amount, .. } => self.approve(caller, coin(token), amount),
            PayReward { operator, token, amount, .. } => self.pay_reward(caller, of(operator), coin(token), amount),
            ScheduleCommission { wad, .. } => self.schedule_commission(caller, wad),
            OptIn { service, wad, .. } => self.opt_in(caller, manager(service), wad),
            Raise { service, wad, .. } => self.raise(caller, manager(service), wad),
            CancelPending { service, .. } => self.cancel_pending(caller, manager(service)),
            Activate { operator, service, .. } => self.activate(of(operator), manager(service)),
            OptOut { service, .. } => self.opt_out(caller, manager(service)),
            Release { operator, service, .. } => self.release_commitment(of(operator), manager(service)),
            Record { operator, until, last: false, .. } => self.record_stake(of(operator), caller, until),
            Record { operator, until, last: true, .. } => self.record_last(of(operator), caller, until),
            Freeze { operator, wad, share, challenger, resolver, .. } => {
                let terms =
                    Terms { wads: (wad, wad), share, rate: 0, recipient: of(Who::SERVICE), resolver: of(resolver) };
                self.freeze(of(operator), caller, &terms, wad, of(challenger), self.now).map(drop)
            }
            Execute { request, .. } => self.execute(caller, request),
            Veto { request, .. } => self.veto(caller, request),
            Expire { request, .. } => self.expire(request),
            Register { service, key, .. } => self.register(caller, service, of(key)),
            Deregister { service, .. } => self.deregister(caller, service),
            UpdateStake { service, operator, .. } => self.update_stake(service, of(operator)),
            SetWeight { owner, service, token, wad } => {
                only(owner_or_stranger(&stage, owner), stage.owner)?;
                self.set_weight(service, coin(token), wad)
            }
            SetMinimum { owner, service, stake } => {
                only(owner_or_stranger(&stage, owner), stage.owner)?;
                self.set_minimum(service, stake)
            }
            Accuse { service, operator, task, answers, signer, .. } => {
                self.accuse(caller, service, of(operator), task, answers, signer, value(&stage, action))
            }
            Ask { service, operator, task, leaf, signer, .. } => {
                self.ask(caller, service, of(operator), task, leaf, signer, value(&stage, action))
            }
            Answer { service, challenge, leaf, .. } => self.answer(service, challenge, leaf),
            Resolve { service, challenge, .. } => self.resolve(service, challenge),
            WithdrawBond { service, recipient, .. } => self.withdraw_bond(caller, service, of(recipient)),
            ScheduleTerms { service, wads, share, resolver, .. } => {
                only(caller, stage.owner)?;
                self.schedule_terms(service, wads, share, of(resolver))
            }
            CancelTerms { service, .. } => {
                only(caller, stage.owner)?;
                self.cancel_terms(service)
            }
            Pause { flags, .. } => self.pause(caller, flags),
            Unpause { .. } => self.unpause(caller),
            ScheduleLimits { token, cap, deposit, outflow, .. } => {
                only(caller, stage.owner)?;
                self.schedule_limits(coin(token), cap, deposit, outflow)
            }
            CancelLimits { token, .. } => {
                only(caller, stage.owner)?;
                self.cancel_limits(coin(token))
            }
            ApplyLimits { token, .. } => self.apply_limits(coin(token)),
            CloseToken { token, .. } => {
                only(caller, stage.owner)?;
                self.close_token(coin(token))
            }
        }
    }

    /// Notes an event.
    fn log(&mut self, emitter: Address, event: impl SolEvent + IntoLogData) {
        self.logs.push(Log { address: emitter, data: event.into_log_data() });
    }
}

/// Refuses the zero address.
fn nonzero(account: Address) -> Answer {
    if account.is_zero() { refuse(IAccess::ZeroAddress {}) } else { Ok(()) }
}

/// Refuses everybody but one.
fn only(caller: Address, allowed: Address) -> Answer {
    if caller == allowed { Ok(()) } else { refuse(IAccess::Unauthorized { caller }) }
}
