//! The ABI files say what the types of `interfaces` say.

use alloy::json_abi::JsonAbi;
use alloy::sol_types::SolInterface;
use eyre::{OptionExt, Result};
use interfaces::*;
use restake::{build, docs};
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
        let beside = [token, permits, of::<IOwnable::IOwnableCalls>()];
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
