//! The ABI files say what the types of `interfaces` say.

use alloy::json_abi::JsonAbi;
use alloy::primitives::{Address, B256, keccak256};
use alloy::sol_types::SolInterface;
use eyre::{OptionExt, Result, ensure};
use interfaces::*;
use restake::deployment::Deployment;
use restake::suite::{Config, Parameters};
use restake::{build, docs};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

type Selectors = BTreeSet<[u8; 4]>;

/// The selectors of all functions and errors in a file.
fn written(abis: &BTreeMap<String, JsonAbi>, name: &str) -> Result<(Selectors, Selectors)> {
    let abi = abis.get(name).ok_or_eyre(format!("no {name}"))?;
    let functions = abi.functions().map(|function| function.selector().0).collect();
    Ok((functions, abi.errors().map(|error| error.selector().0).collect()))
}

fn of<I: SolInterface>() -> Selectors {
    I::selectors().collect()
}

/// Compares a file with the interface of the contract.
macro_rules! compare {
    ($abis:expr, $($file:literal: $interface:ident $calls:ident $errors:ident),* $(,)?) => {$(
        let (functions, errors) = written(&$abis, $file)?;
        let own = of::<$interface::$calls>();
        assert!(functions.is_superset(&own), "{}: functions", $file);
        let (token, permits) = (of::<IERC20::IERC20Calls>(), of::<IERC20Permit::IERC20PermitCalls>());
        let beside = [token, permits, of::<IOwnable::IOwnableCalls>(), of::<IAdmission::IAdmissionCalls>()];
        assert!(functions.difference(&own).all(|more| beside.iter().any(|of| of.contains(more))), "{}: more", $file);
        assert!(errors.is_superset(&of::<$interface::$errors>()), "{}: errors", $file);
        assert!(errors.is_superset(&of::<IAccess::IAccessErrors>()), "{}: shared errors", $file);
    )*};
}

#[test]
fn the_files_have_the_selectors_of_the_interfaces() -> Result<()> {
    let mut abis = BTreeMap::new();
    for (name, abi) in docs::abis(build::workspace())? {
        abis.insert(name, serde_json::from_value::<JsonAbi>(abi)?);
    }
    assert_eq!(abis.len(), build::all_programs().count());
    compare!(abis,
        "TokenPool": ITokenPool ITokenPoolCalls ITokenPoolErrors,
        "StrategyManager": IStrategyManager IStrategyManagerCalls IStrategyManagerErrors,
        "Slasher": ISlasher ISlasherCalls ISlasherErrors,
        "Batch": IBatch IBatchCalls IBatchErrors,
        "Rewards": IRewards IRewardsCalls IRewardsErrors,
        "Governance": IGovernance IGovernanceCalls IGovernanceErrors,
        "Lens": ILens ILensCalls ILensErrors,
        "Registry": IRegistry IRegistryCalls IRegistryErrors,
        "Quorum": IQuorum IQuorumCalls IQuorumErrors,
        "ServiceManager": IServiceManager IServiceManagerCalls IServiceManagerErrors,
        "DisputeResolution": IDisputeResolution IDisputeResolutionCalls IDisputeResolutionErrors,
        "LiquidStakingToken": ILiquidStakingToken ILiquidStakingTokenCalls ILiquidStakingTokenErrors,
        "RestakingVault": IRestakingVault IRestakingVaultCalls IRestakingVaultErrors,
        "RestakingWeights": IRestakingWeights IRestakingWeightsCalls IRestakingWeightsErrors,
        "RedemptionDesk": IRedemptionDesk IRedemptionDeskCalls IRedemptionDeskErrors,
        "LiquidRestakingToken": ILiquidRestakingToken ILiquidRestakingTokenCalls ILiquidRestakingTokenErrors,
        "TaskBoard": ITaskBoard ITaskBoardCalls ITaskBoardErrors,
        "PriceFeed": IPriceFeed IPriceFeedCalls IPriceFeedErrors,
        "Bisection": IBisection IBisectionCalls IBisectionErrors,
        "LendingCheck": ILendingCheck ILendingCheckCalls ILendingCheckErrors,
        "RiskAdmission": IRiskAdmission IRiskAdmissionCalls IRiskAdmissionErrors,
        "Risk": IRisk IRiskCalls IRiskErrors,
        "Transfers": IStep IStepCalls IStepErrors,
        "RegisterMachine": IStep IStepCalls IStepErrors,
    );
    // Whoever executes a slash gives the fields of the request by name.
    let execute = abis["Slasher"].function("executeSlash").and_then(|of| of.first()).ok_or_eyre("no executeSlash")?;
    let request = execute.inputs.last().ok_or_eyre("no request")?;
    assert_eq!(
        (request.ty.as_str(), request.components.first().map(|of| of.name.as_str())),
        ("tuple", Some("operator"))
    );
    let requested = abis["Slasher"].event("SlashRequested").and_then(|of| of.first()).ok_or_eyre("no event")?;
    assert_eq!(requested.inputs.iter().filter(|input| input.indexed).count(), 3);
    Ok(())
}

/// A deployment of every contract, as a file says it.
fn deployment() -> Result<Deployment> {
    let block = json!({ "number": 41, "hash": B256::ZERO });
    let contracts: serde_json::Map<String, serde_json::Value> = build::PROGRAMS
        .into_iter()
        .zip(1u8..)
        .map(|(name, byte)| {
            (name.to_owned(), json!({ "address": Address::repeat_byte(byte), "codeHash": B256::ZERO, "block": 42 }))
        })
        .collect();
    let parameters = Config::of(&Parameters::example(Address::repeat_byte(1)), 18);
    let file = json!({
        "version": 2, "chainId": 42_161, "restake": "0.1.0", "finished": true, "from": Address::ZERO,
        "salt": B256::ZERO, "before": block, "parameters": parameters, "contracts": contracts,
    });
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("subgraph-deployment.json");
    std::fs::write(&path, file.to_string())?;
    Ok(Deployment::from_file(&path)?)
}

#[test]
fn the_subgraph_handles_every_event_of_every_contract() -> Result<()> {
    let subgraph = docs::Subgraph::of(build::workspace(), &deployment()?)?;
    let mut said = BTreeMap::new();
    for (name, abi) in docs::abis(build::workspace())? {
        said.insert(name, serde_json::from_value::<JsonAbi>(abi)?.events().map(|event| event.selector()).collect());
    }
    let sources: Vec<&str> = subgraph.manifest.split("  - kind: ethereum\n").skip(1).collect();
    let mut handled = 0;
    for source in &sources {
        let after = |word: &str| source.split_once(word).and_then(|(_, rest)| rest.split_once('\n'));
        let (name, _) = after("    name: ").ok_or_eyre("a source has a name")?;
        ensure!(source.contains("    network: arbitrum-one\n") && source.contains("startBlock: 42\n"), "{source}");
        ensure!(source.contains("      address: \"0x"), "{name} has no address");
        let events = source.lines().filter_map(|line| line.trim().strip_prefix("- event: "));
        let topics: BTreeSet<B256> = events.map(|event| keccak256(event.replace("indexed ", ""))).collect();
        assert_eq!(Some(&topics), said.get(name), "{name}");
        for handler in source.lines().filter_map(|line| line.trim().strip_prefix("handler: ")) {
            let entity = handler.strip_prefix("handle").ok_or_eyre("a handler is called so")?;
            ensure!(subgraph.mapping.contains(&format!("function {handler}(event: {entity}Event)")), "{handler}");
            let declared = subgraph.schema.split_once(&format!("type {entity} @entity")).ok_or_eyre("no entity")?.1;
            let declared = declared.split_once('}').ok_or_eyre("an entity ends")?.0;
            let written = subgraph.mapping.split_once(&format!("new {entity}(")).ok_or_eyre("no entity is made")?.1;
            let written = written.split_once("entity.save()").ok_or_eyre("it is not saved")?.0;
            for line in written.lines().filter_map(|line| line.trim().strip_prefix("entity.")) {
                let (field, _) = line.split_once(" = ").ok_or_eyre("a field is set")?;
                ensure!(declared.contains(&format!("\n  {field}: ")), "{entity} has no {field}");
            }
            assert_eq!(declared.matches(": ").count() - 2, written.matches(" = ").count(), "{entity}");
            handled += 1;
        }
    }
    ensure!(sources.len() > 10 && handled > 60, "{} sources, {handled} events", sources.len());
    Ok(())
}
