//! ArbOwnerPublic (0x6b): what everyone may know of the chain's owners.

use super::Failure;
use super::arb_wasm_abi::params;
use super::method::{Method, Purity};
use crate::arbos::{L1Parameter, Root};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, address};
use stylus_program::params::arbos_versions;

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x000000000000000000000000000000000000006b");

/// The most owners that are listed.
const MAX_OWNERS: u64 = 65_536;

sol! {
    function isChainOwner(address account) external view returns (bool);
    function getAllChainOwners() external view returns (address[]);
    function getNetworkFeeAccount() external view returns (address);
    function getInfraFeeAccount() external view returns (address);
    function getMaxStylusContractFragments() external view returns (uint8);
    function rectifyChainOwner(address ownerToRectify) external;
    function isNativeTokenOwner(address account) external view returns (bool);
    function getAllNativeTokenOwners() external view returns (address[]);
    function getNativeTokenManagementFrom() external view returns (uint64);
    function getBrotliCompressionLevel() external view returns (uint64);
    function getScheduledUpgrade() external view returns (uint64 arbosVersion, uint64 scheduledForTimestamp);
    function isCalldataPriceIncreaseEnabled() external view returns (bool);
    function getParentGasFloorPerToken() external view returns (uint64);
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{View, Write};
    match selector {
        isChainOwnerCall::SELECTOR => {
            Method::new(View, |call, args: isChainOwnerCall| Root::chain_owners().contains(call, args.account))
        }
        getAllChainOwnersCall::SELECTOR => {
            Method::new(View, |call, _: getAllChainOwnersCall| Root::chain_owners().members(call, MAX_OWNERS))
        }
        getNetworkFeeAccountCall::SELECTOR => {
            Method::new(View, |call, _: getNetworkFeeAccountCall| Root::network_fee_account(call))
        }
        getInfraFeeAccountCall::SELECTOR => {
            Method::new(View, |call, _: getInfraFeeAccountCall| Root::infra_fee_account(call))
        }
        getMaxStylusContractFragmentsCall::SELECTOR => {
            Method::new(View, |call, _: getMaxStylusContractFragmentsCall| Ok(params(call)?.max_fragment_count))
                .map(|method| method.since(arbos_versions::FRAGMENTS))
        }
        rectifyChainOwnerCall::SELECTOR => Method::new(Write, |call, args: rectifyChainOwnerCall| {
            // The index of owners was once broken on older chains. It is right on this one, which costs to find out.
            if Root::chain_owners().contains(call, args.ownerToRectify)? {
                Root::chain_owners().is_listed(call, args.ownerToRectify)?;
            }
            Err(Failure::Plain)
        }),
        getBrotliCompressionLevelCall::SELECTOR => {
            Method::new(View, |call, _: getBrotliCompressionLevelCall| Root::brotli_level(call))
        }
        getScheduledUpgradeCall::SELECTOR => Method::new(View, |call, _: getScheduledUpgradeCall| {
            let (version, time) = Root::planned_upgrade(call)?;
            let (version, time) = if call.version() >= version { (0, 0) } else { (version, time) };
            Ok(getScheduledUpgradeReturn { arbosVersion: version, scheduledForTimestamp: time })
        }),
        isCalldataPriceIncreaseEnabledCall::SELECTOR => {
            Method::new(View, |call, _: isCalldataPriceIncreaseEnabledCall| Root::has_calldata_floor(call))
        }
        getParentGasFloorPerTokenCall::SELECTOR => Method::new(View, |call, _: getParentGasFloorPerTokenCall| {
            Root::l1_pricing().get(call, L1Parameter::GasFloorPerToken).map(|floor| floor.saturating_to())
        }),
        _ => native_token(selector),
    }
}

/// Who owns the native token, and from when on.
fn native_token<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::View;
    match selector {
        isNativeTokenOwnerCall::SELECTOR => Method::new(View, |call, args: isNativeTokenOwnerCall| {
            Root::native_token_owners().contains(call, args.account)
        }),
        getAllNativeTokenOwnersCall::SELECTOR => Method::new(View, |call, _: getAllNativeTokenOwnersCall| {
            Root::native_token_owners().members(call, MAX_OWNERS)
        }),
        getNativeTokenManagementFromCall::SELECTOR => {
            Method::new(View, |call, _: getNativeTokenManagementFromCall| Root::native_token_from(call))
        }
        _ => None,
    }
}
