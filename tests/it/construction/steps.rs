//! A deployment that is interrupted at each step, with somebody who tries to get in between.

use super::NOBODY;
use alloy::json_abi::{Function, JsonAbi};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, hex};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::rpc::types::state::{AccountOverride, StateOverride};
use alloy::sol_types::{SolCall, SolInterface};
use alloy_dyn_abi::{DynSolType, DynSolValue, JsonAbiExt, Specifier};
use eyre::{OptionExt, Result, ensure, eyre};
use interfaces::ISlasher::strategyManagerCall;
use interfaces::{IERC20, IERC20Permit, IGovernance};
use restake::actors::{Actor, Cast};
use restake::build::{self, Program};
use restake::chain::{CallError, Chain};
use restake::deployment::Deployment;
use restake::docs;
use restake::suite::stylus_deployer::STYLUS_DEPLOYER;
use restake::suite::{Config, Deploying, Parameters, Progress, Scope, Suite};
use restake_tests::programs::construction;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use stylus_devnode::Devnode;

/// The code of an account that calls what the first word of its calldata names with the rest of it, and lets it change
/// nothing: CALLDATACOPY, STATICCALL, RETURNDATACOPY, and RETURN or REVERT.
const PASSING_ON: [u8; 31] = hex!("602036038060205f375f5f915f5f355afa3d5f5f3e601b573d5ffd5b3d5ff3");

/// The functions of each contract by the name of its program, but those of tokens, with which everybody does as they
/// like.
fn functions() -> Result<BTreeMap<&'static str, Vec<Function>>> {
    let abis = docs::abis(build::workspace())?;
    let of_tokens: Vec<[u8; 4]> =
        IERC20::IERC20Calls::selectors().chain(IERC20Permit::IERC20PermitCalls::selectors()).collect();
    let mut functions = BTreeMap::new();
    for program in build::PROGRAMS.into_iter().filter(|program| *program != "liquid-staking-token") {
        let words = program.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
        let abi = abis.get(&words.collect::<String>()).ok_or_eyre(format!("no ABI of {program}"))?;
        let abi: JsonAbi = serde_json::from_value(abi.clone())?;
        let own = abi.functions().filter(|function| !of_tokens.contains(&function.selector().0));
        functions.insert(program, own.cloned().collect());
    }
    Ok(functions)
}

/// A value of this type that is made of `word`.
fn filled(kind: &DynSolType, word: B256) -> DynSolValue {
    let number = U256::from_be_bytes(word.0);
    match kind {
        DynSolType::Address => DynSolValue::Address(Address::from_word(word)),
        DynSolType::Bool => DynSolValue::Bool(!number.is_zero()),
        DynSolType::Uint(bits) => DynSolValue::Uint(number & (U256::MAX >> (256 - bits)), *bits),
        DynSolType::FixedBytes(size) => DynSolValue::FixedBytes(word, *size),
        DynSolType::Array(of) => DynSolValue::Array(vec![filled(of, word)]),
        DynSolType::FixedArray(of, count) => DynSolValue::FixedArray(vec![filled(of, word); *count]),
        DynSolType::Tuple(of) => DynSolValue::Tuple(of.iter().map(|kind| filled(kind, word)).collect()),
        _ => DynSolValue::Bytes(word.to_vec()),
    }
}

/// Somebody with a key and no part in the deployment.
struct Intruder<'a> {
    chain: &'a Chain,
    actor: &'a Actor,
    functions: BTreeMap<&'static str, Vec<Function>>,
}

impl Intruder<'_> {
    /// Calls everything that there is, with zeros, with ones, with its own address and with that of a contract in every
    /// argument. Returns what changed something.
    async fn tries_everything(&self, name: &str, contract: Address) -> Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        let fillers = [B256::ZERO, B256::with_last_byte(1), self.actor.address.into_word(), contract.into_word()];
        for function in self.functions.get(name).into_iter().flatten() {
            for word in fillers {
                let kinds = function.inputs.iter().map(Specifier::resolve).collect::<Result<Vec<_>, _>>()?;
                let values: Vec<_> = kinds.iter().map(|kind| filled(kind, word)).collect();
                let input = Bytes::from(function.abi_encode_input(&values)?);
                if self.changes(self.actor.address, contract, &input).await? {
                    found.insert(format!("{name}.{}", function.name));
                }
            }
        }
        for arguments in [self.actor.address.into_word().to_vec(), vec![0; 32]] {
            let call = construction(self.actor.address, contract, &arguments);
            ensure!(self.chain.ask(call).await.is_err(), "{name} was constructed again");
        }
        Ok(found)
    }

    /// Whether a call by `caller` goes through and changes something: it goes through, and not where nothing may
    /// change.
    async fn changes(&self, caller: Address, to: Address, input: &Bytes) -> Result<bool> {
        let call = TransactionRequest::default().with_from(caller).with_to(to).with_input(input.clone());
        if self.chain.ask(call).await.is_err() {
            return Ok(false);
        }
        let passed_on = [to.into_word().as_slice(), input].concat();
        let call = TransactionRequest::default().with_to(caller).with_input(passed_on);
        let looking = AccountOverride { code: Some(Bytes::from(PASSING_ON)), ..Default::default() };
        match self.chain.suppose(call, StateOverride::from_iter([(caller, looking)])).await {
            Ok(_) => Ok(false),
            Err(CallError::Refused(_)) => Ok(true),
            Err(error) => Err(error.into()),
        }
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
    let intruder = Intruder { chain, actor: &begun.cast.alice, functions: functions()? };
    let mut seen = 0usize;
    let mut interruptions = 0usize;
    let mut found = BTreeSet::new();
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
                    let mut changed = intruder.tries_everything(name, *address).await?;
                    // Once it knows the ledger, an operator may let a service slash it, whatever else is missing.
                    let knows = name == "slasher" && !chain.view(*address, &strategyManagerCall {}).await?.is_zero();
                    changed.retain(|function| !(knows && function == "slasher.optIntoSlashing"));
                    found.extend(changed);
                }
            }
        }
        if record.is_finished() {
            break Suite::at(|name| addresses.get(name).copied())?;
        }
    };
    // Nobody changes anything but its own commission; and Batch tells in events what could not be completed.
    let own = ["batch.completeQueuedWithdrawals", "rewards.scheduleCommission"];
    assert_eq!(found, own.map(str::to_owned).into());
    // What would change something is seen.
    let pause = Bytes::from(IGovernance::pauseCall { flags: 1 }.abi_encode());
    assert!(intruder.changes(begun.cast.owner.address, suite.governance, &pause).await?);
    assert!(!intruder.changes(begun.cast.alice.address, suite.governance, &pause).await?);
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
