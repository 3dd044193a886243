//! A deployment that is interrupted at each step, with somebody who tries to get in between.

use super::NOBODY;
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes};
use alloy::providers::Provider;
use alloy::sol_types::{SolCall, SolInterface};
use eyre::{Result, ensure, eyre};
use interfaces::{
    IBatch, IDisputeResolution, IGovernance, ILens, ILiquidRestakingToken, IQuorum, IRedemptionDesk, IRegistry,
    IRestakingVault, IRestakingWeights, IRewards, IServiceManager, ISlasher, IStrategyManager, ITokenPool,
};
use restake::actors::{Actor, Cast};
use restake::build::{self, Program};
use restake::chain::Chain;
use restake::deployment::Deployment;
use restake::suite::stylus_deployer::STYLUS_DEPLOYER;
use restake::suite::{Config, Deploying, Parameters, Progress, Scope, Suite};
use restake_tests::programs::construction;
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::BTreeSet;
use stylus_devnode::Devnode;

/// Enough for every call here.
const GAS: u64 = 5_000_000;

/// As many words as the longest arguments have, and more.
const WORDS: usize = 24;

/// All functions of the program of this name, but those of ERC-20 and of owners, which need no others.
fn selectors(name: &str) -> Vec<[u8; 4]> {
    fn of<I: SolInterface>() -> Vec<[u8; 4]> {
        I::selectors().collect()
    }
    match name {
        "token-pool" => of::<ITokenPool::ITokenPoolCalls>(),
        "strategy-manager" => of::<IStrategyManager::IStrategyManagerCalls>(),
        "slasher" => of::<ISlasher::ISlasherCalls>(),
        "batch" => of::<IBatch::IBatchCalls>(),
        "rewards" => of::<IRewards::IRewardsCalls>(),
        "governance" => of::<IGovernance::IGovernanceCalls>(),
        "lens" => of::<ILens::ILensCalls>(),
        "registry" => of::<IRegistry::IRegistryCalls>(),
        "quorum" => of::<IQuorum::IQuorumCalls>(),
        "service-manager" => of::<IServiceManager::IServiceManagerCalls>(),
        "dispute-resolution" => of::<IDisputeResolution::IDisputeResolutionCalls>(),
        "restaking-vault" => of::<IRestakingVault::IRestakingVaultCalls>(),
        "restaking-weights" => of::<IRestakingWeights::IRestakingWeightsCalls>(),
        "redemption-desk" => of::<IRedemptionDesk::IRedemptionDeskCalls>(),
        "liquid-restaking-token" => of::<ILiquidRestakingToken::ILiquidRestakingTokenCalls>(),
        _ => Vec::new(),
    }
}

/// Somebody with a key and no part in the deployment.
struct Intruder<'a> {
    chain: &'a Chain,
    actor: &'a Actor,
}

impl Intruder<'_> {
    /// Calls everything that there is, with zeros, with ones and with its own address in every argument. Nothing of it
    /// changes anything.
    async fn tries_everything(&self, name: &str, contract: Address) -> Result<()> {
        let fillers = [[0; 32], Address::ZERO.into_word().0, self.actor.address.into_word().0];
        let one = {
            let mut word = [0; 32];
            word[31] = 1;
            word
        };
        for selector in selectors(name) {
            for word in fillers.into_iter().chain([one]) {
                let input: Bytes = [&selector[..], &word.repeat(WORDS)].concat().into();
                let call = json!({ "from": self.actor.address, "to": contract, "input": input, "gas": GAS });
                let changed = self.changes(call).await?;
                ensure!(changed.is_empty(), "{name}: {input} changed {changed:?}");
            }
        }
        for arguments in [self.actor.address.into_word().to_vec(), vec![0; WORDS * 32]] {
            let call = construction(self.actor.address, contract, &arguments);
            ensure!(self.chain.ask(call).await.is_err(), "{name} was constructed again");
        }
        Ok(())
    }

    /// The accounts whose storage or code a call would change.
    async fn changes(&self, call: Value) -> Result<BTreeSet<String>> {
        let tracer = json!({ "tracer": "prestateTracer", "tracerConfig": { "diffMode": true } });
        let traced: Value =
            self.chain.provider().raw_request("debug_traceCall".into(), (call, "latest", tracer)).await?;
        let after = traced["post"].as_object().ok_or_else(|| eyre!("no changes in {traced}"))?;
        let changed = after.iter().filter(|(_, account)| !account["storage"].is_null() || !account["code"].is_null());
        Ok(changed.map(|(account, _)| account.clone()).collect())
    }
}

/// A deployment that has begun on a chain of its own.
struct Begun {
    programs: Vec<Program>,
    cast: Cast,
    chain: Chain,
    parameters: Parameters,
    record: Deployment,
    /// Ends with it.
    _node: Devnode,
}

impl Begun {
    async fn new() -> Result<Self> {
        let programs = tokio::task::spawn_blocking(|| build::build(false)).await??;
        let (cast, node) = (Cast::development()?, Devnode::builder().spawn().await?);
        let chain = Chain::connect(&node.http_url(), cast.all().map(|actor| actor.key.clone()))?;
        let parameters = Parameters::example(cast.fund.address);
        let record = Deployment::begin(&chain, cast.owner.address, Config::of(&parameters, 18)).await?;
        Ok(Self { programs, cast, chain, parameters, record, _node: node })
    }

    fn deploying<'a>(&'a self, keep: &'a dyn Fn(&Deployment, &Progress) -> Result<()>) -> Deploying<'a> {
        let Self { programs, chain, parameters, .. } = self;
        Deploying { scope: Scope::Suite, chain, programs, parameters, stylus_deployer: STYLUS_DEPLOYER, keep }
    }

    /// How many transactions were sent for it.
    async fn sent(&self) -> Result<u64> {
        Ok(self.chain.provider().get_transaction_count(self.cast.owner.address).await?)
    }
}

#[tokio::test]
async fn nobody_gets_in_between_the_steps_of_a_deployment_that_is_interrupted_at_each() -> Result<()> {
    let begun = Begun::new().await?;
    let (chain, mut record) = (&begun.chain, begun.record.clone());
    let intruder = Intruder { chain, actor: &begun.cast.alice };
    let mut seen = 0usize;
    let mut interruptions = 0usize;
    let suite = loop {
        // In turn before something is sent that was planned, and after.
        let heard = Cell::new(0usize);
        let keep = |_: &Deployment, _: &Progress| {
            heard.set(heard.get() + 1);
            if heard.get() > interruptions % 2 { Err(eyre!("interrupted")) } else { Ok(()) }
        };
        match begun.deploying(&keep).run(&mut record).await {
            Ok(suite) => break suite,
            Err(error) => ensure!(error.to_string() == "interrupted", "{error:#}"),
        }
        interruptions += 1;
        let addresses = record.addresses();
        // All that is there when a contract was added, and all along once there is nothing more to create.
        if addresses.len() != seen || addresses.len() == build::PROGRAMS.len() {
            seen = addresses.len();
            for (name, address) in &addresses {
                let code = chain.provider().get_code_at(*address).await?;
                if !code.is_empty() {
                    intruder.tries_everything(name, *address).await?;
                }
            }
        }
        if record.is_finished() {
            break Suite::at(|name| addresses.get(name).copied())?;
        }
    };
    // What would change something is seen.
    let (owner, pause) = (begun.cast.owner.address, IGovernance::pauseCall { flags: 1 }.abi_encode());
    let pause = json!({ "from": owner, "to": suite.governance, "input": Bytes::from(pause), "gas": GAS });
    assert!(!intruder.changes(pause).await?.is_empty());
    assert!(interruptions >= 2 * build::PROGRAMS.len(), "interrupted {interruptions} times");
    // Whoever runs it again finds everything done.
    let sent = begun.sent().await?;
    assert_eq!(begun.deploying(&|_: &Deployment, _: &Progress| Ok(())).run(&mut record).await?, suite);
    assert_eq!(begun.sent().await?, sent);
    Ok(())
}

#[tokio::test]
async fn who_deploys_the_same_before_does_the_work_for_the_deployment() -> Result<()> {
    let begun = Begun::new().await?;
    let (chain, mut record) = (&begun.chain, begun.record.clone());
    // The deployment of the first contract fails in the last moment, and somebody who has seen it sends the same.
    let goes_on = Cell::new(false);
    let keep = |_: &Deployment, _: &Progress| if goes_on.get() { Ok(()) } else { Err(eyre!("interrupted")) };
    let deploying = begun.deploying(&keep);
    assert!(deploying.run(&mut record).await.is_err());
    let planned = record.addresses().get("token-pool").copied().unwrap_or(NOBODY);
    let creation = deploying.creation(&record, "token-pool")?;
    chain.transact(creation.transaction(creation.fee(chain).await?).with_from(begun.cast.alice.address)).await?;
    assert!(!chain.provider().get_code_at(planned).await?.is_empty(), "it is where the deployment wants it");
    goes_on.set(true);
    assert_eq!(deploying.run(&mut record).await?.token_pool, planned);
    Ok(())
}
