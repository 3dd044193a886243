//! What the tokens, the TokenPool, the StrategyManager, Rewards and Governance store.

use super::word::{of_address, word};
use super::{Fact, Facts};
use crate::{Bag, Limits, Protocol};
use alloy_primitives::U256;
use arithmetic::epoch;

impl Protocol {
    pub(super) fn tell_tokens(&self, facts: &mut Facts) {
        facts.extend(self.eth.iter().map(|(account, wei)| (Fact::Eth(*account), *wei)));
        for (contract, ownership) in &self.owners {
            facts.insert(Fact::Owner(*contract), of_address(ownership.owner));
            facts.insert(Fact::PendingOwner(*contract), of_address(ownership.pending));
        }
        for ((token, account), amount) in &self.tokens.balances {
            facts.insert(Fact::Balance { token: *token, account: *account }, U256::from(*amount));
        }
        for ((token, owner, spender), amount) in &self.tokens.allowances {
            facts.insert(Fact::Allowance { token: *token, owner: *owner, spender: *spender }, *amount);
        }
        for ((token, owner), nonce) in &self.tokens.nonces {
            facts.insert(Fact::Nonce { token: *token, owner: *owner }, U256::from(*nonce));
        }
    }

    pub(super) fn tell_vault(&self, facts: &mut Facts) {
        let vault = &self.vault;
        for (token, strategy) in &vault.strategies {
            let status = if strategy.open { 1 } else { 2 };
            let Limits { cap, deposit, outflow } = strategy.limits;
            let limits = word().put(112, cap).put(112, self.ledger.owed(*token)).put(8, status);
            facts.insert(Fact::Strategy(*token), limits.put(8, deposit).put(8, outflow).value);
        }
        for (token, queue) in &vault.queues {
            let amounts = word().put(112, queue.backlog).put(112, queue.ends);
            facts.insert(Fact::Queue(*token), amounts.put(32, epoch::at(queue.begins)).value);
        }
        facts.extend(vault.deferrals.iter().map(|(of, ready)| (Fact::Deferral(*of), U256::from(*ready))));
        for (of, fund) in &self.ledger.funds {
            facts.insert(Fact::Turn(*of), word().put(112, fund.queued).put(64, fund.ready_at).value);
            facts.insert(Fact::TurnUnqueued(*of), U256::from(fund.unqueued_before));
        }
    }

    pub(super) fn tell_ledger(&self, facts: &mut Facts) {
        for (bag, pool) in &self.ledger.bags {
            let stored = word().put(112, pool.assets).put(112, pool.shares).put(24, pool.generation);
            facts.insert(Fact::Pool(*bag), stored.put(8, u8::from(pool.streaming)).value);
        }
        for ((bag, owner), position) in &self.ledger.positions {
            let Some(release) = bag.release else { continue };
            let with = self.ledger.leaving.get(&(Bag { release: None, ..*bag }, *owner));
            if with.is_none_or(|leaving| leaving.of(release).is_none()) {
                let stored = word().put(112, position.shares).put(32, position.generation);
                facts.insert(Fact::Position(*bag, *owner), stored.value);
            }
        }
        let in_pools = self.ledger.positions.keys().filter(|(bag, _)| bag.release.is_none());
        for of in in_pools.chain(self.ledger.leaving.keys()) {
            let position = self.ledger.positions.get(of).copied().unwrap_or_default();
            let leaving = self.ledger.leaving.get(of).copied().unwrap_or_default();
            let stored = word().put(112, position.shares).put(16, position.generation).put(112, leaving.shares);
            let beside = u8::from(leaving.beside);
            facts.insert(Fact::Position(of.0, of.1), stored.put(15, leaving.release).put(1, beside).value);
        }
        for (bag, stream) in &self.ledger.streams {
            let stored = word().put(112, stream.remaining).put(64, stream.updated).put(64, stream.ends);
            facts.insert(Fact::Stream(*bag), stored.put(16, stream.carry).value);
        }
        for (of, fund) in &self.ledger.funds {
            facts.insert(Fact::Funds(*of), word().put(112, fund.amount).put(112, fund.unqueued).value);
        }
    }

    pub(super) fn tell_governance(&self, facts: &mut Facts) {
        let (contracts, governance) = (self.setup.contracts, &self.governance);
        let pause = |contract| word().address(contract).put(8, governance.flags).put(64, governance.until).value;
        facts.insert(Fact::VaultPause, pause(contracts.strategy_manager));
        facts.insert(Fact::GovernancePause, pause(contracts.token_pool));
        facts.insert(Fact::Pauser, of_address(governance.pauser));
        facts.insert(Fact::Unpauser, of_address(governance.unpauser));
        for (token, limits) in &governance.limits {
            facts.insert(Fact::Limits(*token), stored_limits(limits, 0));
        }
        for (token, scheduled) in &governance.scheduled {
            facts.insert(Fact::Scheduled(*token), stored_limits(&scheduled.limits, scheduled.effective_at));
        }
        for (operator, commission) in &self.rewards.commissions {
            let stored = word().put(64, commission.before).put(64, commission.after).put(64, commission.effective_at);
            facts.insert(Fact::Commission(*operator), stored.value);
        }
    }
}

fn stored_limits(limits: &Limits, effective_at: u64) -> U256 {
    let stored = word().put(112, limits.cap).put(8, limits.deposit).put(8, limits.outflow);
    stored.put(64, effective_at).put(8, 1).value
}
