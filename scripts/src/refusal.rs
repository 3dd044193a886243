//! Why a contract refused a call: its typed error, named.

use alloy::primitives::Bytes;
use alloy::sol_types::{SolError, SolInterface};
use interfaces::{
    IAccess, IBatch, IBisection, IDisputeResolution, IERC20, IERC20Permit, IGovernance, ILendingCheck, ILens,
    ILiquidRestakingToken, ILiquidStakingToken, IPriceFeed, IQuorum, IRedemptionDesk, IRegistry, IRestakingVault,
    IRestakingWeights, IRewards, IRisk, IRiskAdmission, IServiceManager, ISlasher, IStep, IStrategyManager, ITaskBoard,
    ITokenPool,
};
use std::fmt;

/// What a call reverted with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The revert data: the ABI encoding of a typed error, or empty.
    pub data: Bytes,
}

impl Refusal {
    /// The error as `E`, if it is one.
    pub fn decode<E: SolError>(&self) -> Option<E> {
        E::abi_decode_validate(&self.data).ok()
    }

    /// What the error is called, if it is known.
    pub fn name(&self) -> Option<String> {
        let told = self.known()?;
        let end = told.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(told.len());
        told.get(..end).map(str::to_owned)
    }

    /// `Name { fields }`, if the error is known.
    fn known(&self) -> Option<String> {
        let data = &self.data;
        named::<IAccess::IAccessErrors>(data)
            .or_else(|| named::<ITokenPool::ITokenPoolErrors>(data))
            .or_else(|| named::<IStrategyManager::IStrategyManagerErrors>(data))
            .or_else(|| named::<ISlasher::ISlasherErrors>(data))
            .or_else(|| named::<IRegistry::IRegistryErrors>(data))
            .or_else(|| named::<IQuorum::IQuorumErrors>(data))
            .or_else(|| named::<IServiceManager::IServiceManagerErrors>(data))
            .or_else(|| named::<IDisputeResolution::IDisputeResolutionErrors>(data))
            .or_else(|| named::<IBisection::IBisectionErrors>(data))
            .or_else(|| named::<IStep::IStepErrors>(data))
            .or_else(|| named::<IBatch::IBatchErrors>(data))
            .or_else(|| named::<IGovernance::IGovernanceErrors>(data))
            .or_else(|| named::<ILens::ILensErrors>(data))
            .or_else(|| named::<IRewards::IRewardsErrors>(data))
            .or_else(|| named::<IERC20::IERC20Errors>(data))
            .or_else(|| named::<IERC20Permit::IERC20PermitErrors>(data))
            .or_else(|| named::<ILiquidStakingToken::ILiquidStakingTokenErrors>(data))
            .or_else(|| named::<ILiquidRestakingToken::ILiquidRestakingTokenErrors>(data))
            .or_else(|| named::<IRestakingVault::IRestakingVaultErrors>(data))
            .or_else(|| named::<IRestakingWeights::IRestakingWeightsErrors>(data))
            .or_else(|| named::<IRedemptionDesk::IRedemptionDeskErrors>(data))
            .or_else(|| named::<ITaskBoard::ITaskBoardErrors>(data))
            .or_else(|| named::<IPriceFeed::IPriceFeedErrors>(data))
            .or_else(|| named::<ILendingCheck::ILendingCheckErrors>(data))
            .or_else(|| named::<IRiskAdmission::IRiskAdmissionErrors>(data))
            .or_else(|| named::<IRisk::IRiskErrors>(data))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.known() {
            Some(name) => f.write_str(&name),
            None if self.data.is_empty() => f.write_str("a revert without data"),
            None => write!(f, "an unknown error {}", self.data),
        }
    }
}

/// `Name { fields }`, without the enum's own wrapping.
fn named<E: SolInterface + fmt::Debug>(data: &[u8]) -> Option<String> {
    let text = format!("{:?}", E::abi_decode_validate(data).ok()?);
    let inner = text.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(&text);
    Some(inner.to_owned())
}
