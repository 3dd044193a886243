//! Model and chain, held against each other after a step: what it answered, its events, and every word that is stored.

use crate::action::{Key, Task};
use crate::chain::{Chain, refusal};
use crate::layout::Layout;
use crate::signing;
use crate::stage::{LIMITS, SERVICES, Service, Stage, Who};
use alloy::primitives::{Address, Log, U256};
use alloy::sol_types::SolEventInterface;
use interfaces::*;
use restake_model::{Answer, Bag, Fact, Facts, Model};
use std::collections::HashSet;
use stylus_devnode::{ChainState, Executed};

/// What is compared, and what was known before the step.
pub(crate) struct Comparison {
    layout: Layout,
    before: Facts,
    quorums: [Address; SERVICES],
    lens: Address,
}

impl Comparison {
    /// A comparison that begins where nothing is known.
    pub(crate) fn new(quorums: [Address; SERVICES], lens: Address) -> Self {
        Self { layout: Layout::default(), before: Facts::new(), quorums, lens }
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
                Err(format!("the model allows it, the chain reverts with {}", refusal(&executed.output)))
            }
            Err(data) if executed.success => {
                Err(format!("the chain allows it, the model reverts with {}", refusal(data)))
            }
            Err(data) if data[..] != executed.output[..] => {
                Err(format!("the model reverts with {}, the chain with {}", refusal(data), refusal(&executed.output)))
            }
            Ok(logs) if *logs != executed.logs => {
                Err(format!("events:\n  model {}\n  chain {}", names(logs), names(&executed.logs)))
            }
            _ => Ok(()),
        }
    }

    /// A step that reverted: nothing is stored anywhere, and only the sender's ETH is less, by the fee. That is all
    /// there is to compare, because the model has not changed either.
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
            return Err(format!("a step that reverted changed slot {slot:#x} of {contract}"));
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
    pub(crate) fn views(&self, stage: &Stage, chain: &Chain, model: &Model) -> Result<(), String> {
        let asked = |error: eyre::Report| format!("a view failed: {error:#}");
        for token in stage.tokens.into_iter().take(LIMITS.len()) {
            let books = chain.view(self.lens, &ILens::solvencyCall { token }).map_err(asked)?;
            let owed = model.ledger.owed(token);
            if !books.solvent || books.owed != owed {
                return Err(format!("the lens says of {token} that {} is owed, not {owed}", books.owed));
            }
            for operator in Who::operators().chain([Who::NOBODY]).map(|who| stage.of(who)) {
                let pool = chain.view(self.lens, &ILens::poolCall { operator, token }).map_err(asked)?;
                let expected = model.ledger.at(Bag::pool(operator, token), model.now);
                if (pool.assets, pool.shares) != (expected.assets, expected.shares) {
                    return Err(format!("the lens says {pool:?} of {operator} in {token}, the model {expected:?}"));
                }
            }
        }
        for service in 0..SERVICES {
            self.quorums(stage, chain, model, service)?;
        }
        for operator in Who::operators().map(|who| stage.of(who)) {
            let consistent = ILens::operatorIsConsistentCall { operator };
            if !chain.view(self.lens, &consistent).map_err(asked)? {
                return Err(format!("the lens says that {operator} is not consistent"));
            }
            let foreign = IStrategyManager::hasForeignStakeCall { operator };
            let ledger = stage.setup.contracts.strategy_manager;
            if chain.view(ledger, &foreign).map_err(asked)? != model.has_foreign_stake(operator) {
                return Err(format!("model and chain differ on others' stake with {operator}"));
            }
            self.grants(stage, chain, model, operator)?;
        }
        Ok(())
    }

    /// What all operators of a service together, and all but one, count for an answer: now and at the last change
    /// before.
    fn quorums(&self, stage: &Stage, chain: &Chain, model: &Model, service: usize) -> Result<(), String> {
        let (registry, setup) = (&model.registries[service], &stage.setup.services[service]);
        let broken = |error: eyre::Report| format!("a quorum cannot be asked for: {error:#}");
        // Also those of operators that left, were replaced, or are suspended: they are passed over.
        let mut signers: Vec<(Address, Key)> = Vec::new();
        for address in registry.keys.keys() {
            signers.push((*address, stage.key_at(*address).ok_or("a key that nobody has")?));
        }
        signers.sort_unstable();
        let oldest = model.now - setup.evidence_window / 2;
        let earlier = registry.changes.iter().rev().nth(1).copied().unwrap_or(model.now).max(oldest);
        for (time, skipped) in [(model.now, 0), (model.now, 1), (earlier, 0), (earlier, 1), (oldest, 0)] {
            let task = Task { number: 1, time };
            let (mut signatures, mut keys) = (Vec::new(), Vec::new());
            for (address, key) in signers.iter().skip(skipped) {
                signatures.extend(signing::answer(stage, service, task, *key).map_err(broken)?);
                keys.push(*address);
            }
            let (signed, total) = (registry.signed_at(&keys, time), registry.total_at(time));
            for threshold in [1u16, 5_000, 10_000] {
                let call = IQuorum::verifyQuorumCall {
                    task: signing::word(task.number),
                    taskTime: task.time,
                    answer: signing::word(1),
                    signatures: signatures.clone().into(),
                    threshold,
                };
                let answer = chain.view(self.quorums[service], &call).map_err(broken)?;
                let enough = U256::from(signed) * U256::from(10_000) >= U256::from(total) * U256::from(threshold);
                let expected = (total != 0 && enough, signed, total);
                let actual = (answer.reached, answer.signedStake, answer.totalStake);
                if actual != expected {
                    return Err(format!("a quorum of service {service} is {actual:?}, the model says {expected:?}"));
                }
            }
        }
        Ok(())
    }
}

impl Comparison {
    /// What the Slasher and the lens say about an operator and its services.
    fn grants(&self, stage: &Stage, chain: &Chain, model: &Model, operator: Address) -> Result<(), String> {
        let asked = |error: eyre::Report| format!("a view failed: {error:#}");
        let (lens, slasher) = (self.lens, stage.setup.contracts.slasher);
        let says = chain.view(lens, &ILens::commitmentOfCall { operator }).map_err(asked)?;
        let sums = model.sums(operator);
        let announced = sums.announced_exclusive + sums.announced_shared;
        let expected = (sums.exclusive, sums.shared, announced, model.magnitude(operator), model.commitment(operator));
        let actual = (says.exclusive, says.shared, says.announced, says.magnitude, says.commitment);
        if actual != expected {
            return Err(format!("the lens says {actual:?} of {operator}, the model {expected:?}"));
        }
        let says = chain.view(slasher, &ISlasher::pendingSlashCall { operator }).map_err(asked)?;
        if says.wad != model.pending_slash(operator) || (says.frozenSince != 0) != model.is_frozen(operator) {
            return Err(format!("the Slasher says that {says:?} of {operator} is pending"));
        }
        let status = chain.view(lens, &ILens::operatorStatusCall { operator }).map_err(asked)?;
        if status.refusedSeconds != model.refused_seconds(operator) {
            return Err(format!("the lens says that queueing out of {operator} was refused for {status:?}"));
        }
        for service in Service::ALL.map(|service| stage.manager(service)) {
            let call = ISlasher::guaranteeOfCall { operator, serviceManager: service };
            let says = chain.view(slasher, &call).map_err(asked)?;
            let expected = model.guarantee(operator, service);
            if (says.guaranteed, says.shared) != expected {
                return Err(format!(
                    "the Slasher guarantees {says:?} of {operator} to {service}, the model {expected:?}"
                ));
            }
            let call = ILens::pendingGrantCall { operator, serviceManager: service };
            let says = chain.view(lens, &call).map_err(asked)?;
            let expected = model.notice(operator, service);
            if (says.effectiveAt, says.lapsesAt) != expected {
                return Err(format!("the lens says {says:?} of a notice of {operator}, the model {expected:?}"));
            }
        }
        Ok(())
    }
}

fn is_ours(stage: &Stage, contract: Address) -> bool {
    let contracts = &stage.setup.contracts;
    let services = stage.setup.services.iter().map(|service| service.contracts);
    let parts = services.flat_map(|service| [service.registry, service.service_manager, service.dispute_resolution]);
    let ours =
        [contracts.token_pool, contracts.strategy_manager, contracts.slasher, contracts.rewards, contracts.governance];
    let receipt = stage.setup.receipt;
    let receipts = [receipt.receipt, receipt.vault, receipt.desk, receipt.weights];
    parts.chain(ours).chain(receipts).chain(stage.tokens).any(|known| known == contract)
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
        .or_else(|| decode::<IOwnable::IOwnableEvents>(log))
        .or_else(|| decode::<ILiquidRestakingToken::ILiquidRestakingTokenEvents>(log))
        .or_else(|| decode::<IRestakingVault::IRestakingVaultEvents>(log))
        .or_else(|| decode::<IRedemptionDesk::IRedemptionDeskEvents>(log))
        .or_else(|| decode::<IRestakingWeights::IRestakingWeightsEvents>(log))
        .unwrap_or_else(|| format!("{log:?}"))
}
