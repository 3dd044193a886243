//! Model and chain, held against each other after a step: what it answered, its events, and every word that is stored.

use crate::action::Task;
use crate::chain::{Chain, refusal};
use crate::layout::Layout;
use crate::model::{Answer, Bag, Fact, Facts, Model};
use crate::stage::{LIMITS, Stage, Who};
use alloy::primitives::{Address, Log, U256};
use alloy::sol_types::SolEventInterface;
use interfaces::{
    IBatch, IDisputeResolution, IERC20, IGovernance, ILens, IRegistry, IRewards, IServiceManager, ISlasher,
    IStrategyManager, ITokenPool,
};
use std::collections::HashSet;
use stylus_devnode::{ChainState, Executed};

/// What is compared, and what was known before the step.
pub(crate) struct Comparison {
    layout: Layout,
    before: Facts,
}

impl Comparison {
    /// A comparison that begins where nothing is known.
    pub(crate) fn new() -> Self {
        Self { layout: Layout::default(), before: Facts::new() }
    }

    /// Knows what is known when the play begins again.
    pub(crate) fn rewind(&mut self, model: &Model) {
        self.before = model.facts();
    }

    /// The answer and the events of a step.
    ///
    /// # Errors
    /// Says what differs.
    pub(crate) fn answers(expected: &Answer<Vec<Log>>, executed: &Executed) -> Result<(), String> {
        match expected {
            Ok(_) if !executed.success => {
                Err(format!("the model allows it, the chain refuses it with {}", refusal(&executed.output)))
            }
            Err(data) if executed.success => {
                Err(format!("the chain allows it, the model refuses it with {}", refusal(data)))
            }
            Err(data) if data[..] != executed.output[..] => Err(format!(
                "the model refuses it with {}, the chain with {}",
                refusal(data),
                refusal(&executed.output)
            )),
            Ok(logs) if *logs != executed.logs => {
                Err(format!("events:\n  model {}\n  chain {}", names(logs), names(&executed.logs)))
            }
            _ => Ok(()),
        }
    }

    /// A refused step: nothing is stored anywhere, and only the sender's ETH is less, by the fee. That is all there is to compare, because the model has not changed either.
    ///
    /// # Errors
    /// Says what differs.
    pub(crate) fn nothing_changed(
        &mut self,
        stage: &Stage,
        model: &Model,
        chain: &ChainState,
        changed: &[(Address, U256)],
    ) -> Result<(), String> {
        if let Some((contract, slot)) = changed.iter().find(|(contract, _)| is_ours(stage, *contract)) {
            return Err(format!("a refused step changed slot {slot:#x} of {contract}"));
        }
        for (account, expected) in &model.eth {
            let actual = chain.balance(*account);
            if actual != *expected {
                return Err(format!("{account} has {actual} wei, the model says {expected}"));
            }
            self.before.insert(Fact::Eth(*account), actual);
        }
        Ok(())
    }

    /// Every word: those that the model knows or knew must be the chain's, and no other may have changed.
    ///
    /// # Errors
    /// Says what differs.
    pub(crate) fn facts(
        &mut self,
        stage: &Stage,
        model: &Model,
        chain: &ChainState,
        changed: &[(Address, U256)],
    ) -> Result<(), String> {
        let facts = model.facts();
        let gone = self.before.keys().filter(|fact| !facts.contains_key(fact)).map(|fact| (*fact, U256::ZERO));
        let mut known = HashSet::new();
        let mut differences = Vec::new();
        for (fact, expected) in facts.iter().map(|(fact, value)| (*fact, *value)).chain(gone) {
            let actual = match (fact, self.layout.place(stage, fact)) {
                (Fact::Eth(account), _) => chain.balance(account),
                (_, Some((contract, slot))) => {
                    known.insert((contract, slot));
                    chain.storage(contract, slot)
                }
                (_, None) => U256::ZERO,
            };
            if actual != expected {
                differences.push(format!("{fact:?}:\n  model {expected:#066x}\n  chain {actual:#066x}"));
            }
        }
        for (contract, slot) in changed {
            // ArbOS keeps its own books of gas and programs; they are none of the protocol's.
            if !known.contains(&(*contract, *slot)) && is_ours(stage, *contract) {
                differences.push(format!("slot {slot:#x} of {contract} changed, which no fact explains"));
            }
        }
        self.before = facts;
        if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
    }
}

impl Comparison {
    /// What the contracts' own views say about the state: that the books are sound, and the same as the model's.
    ///
    /// # Errors
    /// Says what differs.
    pub(crate) fn views(&self, chain: &Chain, model: &Model) -> Result<(), String> {
        let suite = &model.stage.suite;
        let asked = |error: eyre::Report| format!("a view failed: {error:#}");
        for token in model.stage.tokens.into_iter().take(LIMITS.len()) {
            let books = chain.view(suite.lens, &ILens::solvencyCall { token }).map_err(asked)?;
            let owed = model.ledger.owed(token);
            if !books.solvent || books.owed != owed {
                return Err(format!("the lens says of {token} that {} is owed, not {owed}", books.owed));
            }
            for operator in Who::operators().chain([Who::NOBODY]).map(|who| model.stage.of(who)) {
                let pool = chain.view(suite.lens, &ILens::poolCall { operator, token }).map_err(asked)?;
                let expected = model.ledger.at(Bag::pool(operator, token), model.now);
                if (pool.assets, pool.shares) != (expected.assets, expected.shares) {
                    return Err(format!("the lens says {pool:?} of {operator} in {token}, the model {expected:?}"));
                }
            }
        }
        for service in 0..model.registries.len() {
            self.quorums(chain, model, service)?;
        }
        for operator in Who::operators().map(|who| model.stage.of(who)) {
            let consistent = ILens::operatorIsConsistentCall { operator };
            if !chain.view(suite.lens, &consistent).map_err(asked)? {
                return Err(format!("the lens says that {operator} is not consistent"));
            }
            let foreign = IStrategyManager::hasForeignStakeCall { operator };
            if chain.view(suite.strategy_manager, &foreign).map_err(asked)? != model.has_foreign_stake(operator) {
                return Err(format!("model and chain differ on others' stake with {operator}"));
            }
        }
        Ok(())
    }
}

impl Comparison {
    /// What all operators of a service together, and all but one, count for an answer: now and at the last change before.
    fn quorums(&self, chain: &Chain, model: &Model, service: usize) -> Result<(), String> {
        let (registry, stage) = (&model.registries[service], &model.stage);
        let broken = |error: eyre::Report| format!("a quorum cannot be asked for: {error:#}");
        let mut signers: Vec<(Address, Address)> =
            registry.members.iter().map(|(operator, member)| (member.key, *operator)).collect();
        signers.sort_unstable();
        let earlier = registry.changes.iter().rev().nth(1).copied().unwrap_or(model.now);
        for (time, skipped) in [(model.now, 0), (model.now, 1), (earlier, 0), (earlier, 1)] {
            let (mut signatures, mut signed) = (Vec::new(), U256::ZERO);
            for (key, operator) in signers.iter().skip(skipped) {
                let who = Who::all().find(|who| stage.of(*who) == *key).ok_or("a key that nobody has")?;
                let compact = crate::evidence::answer(stage, service, Task { number: 1, time }, who).map_err(broken)?;
                signatures.extend(compact);
                signed += U256::from(registry.stake_at(*operator, time));
            }
            let total = U256::from(registry.total_at(time));
            for threshold in [1u16, 5_000, 10_000] {
                let call = crate::evidence::quorum(Task { number: 1, time }, signatures.clone(), threshold);
                let answer = chain.view(stage.services[service].registry, &call).map_err(broken)?;
                let enough = signed * U256::from(10_000) >= total * U256::from(threshold);
                let expected = (!total.is_zero() && enough, signed, total);
                let actual = (answer.reached, U256::from(answer.signedStake), U256::from(answer.totalStake));
                if actual != expected {
                    return Err(format!("a quorum of service {service} is {actual:?}, the model says {expected:?}"));
                }
            }
        }
        Ok(())
    }
}

fn is_ours(stage: &Stage, contract: Address) -> bool {
    let suite = &stage.suite;
    let services = stage.services.iter();
    let parts = services.flat_map(|service| [service.registry, service.service_manager, service.dispute_resolution]);
    let ours = [suite.token_pool, suite.strategy_manager, suite.slasher, suite.rewards, suite.governance];
    parts.chain(ours).chain(stage.tokens).any(|known| known == contract)
}

/// Events by name, with their fields.
fn names(logs: &[Log]) -> String {
    let text: Vec<String> = logs.iter().map(name).collect();
    text.join(", ")
}

fn name(log: &Log) -> String {
    fn decode<E: SolEventInterface + std::fmt::Debug>(log: &Log) -> Option<String> {
        E::decode_log(log).ok().map(|event| format!("{:?}", event.data))
    }
    decode::<IStrategyManager::IStrategyManagerEvents>(log)
        .or_else(|| decode::<ISlasher::ISlasherEvents>(log))
        .or_else(|| decode::<ITokenPool::ITokenPoolEvents>(log))
        .or_else(|| decode::<IBatch::IBatchEvents>(log))
        .or_else(|| decode::<IERC20::IERC20Events>(log))
        .or_else(|| decode::<IRegistry::IRegistryEvents>(log))
        .or_else(|| decode::<IDisputeResolution::IDisputeResolutionEvents>(log))
        .or_else(|| decode::<IServiceManager::IServiceManagerEvents>(log))
        .or_else(|| decode::<IRewards::IRewardsEvents>(log))
        .or_else(|| decode::<IGovernance::IGovernanceEvents>(log))
        .unwrap_or_else(|| format!("{log:?}"))
}
