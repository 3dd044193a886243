//! ArbOwnerPublic (0x6b): what everyone may know of the chain's owners.

use super::arb_wasm::params;
use super::method::{Method, Purity};
use crate::arbos::Root;
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, address};
use stylus_program::params::arbos;

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
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::View;
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
                .map(|method| method.since(arbos::FRAGMENTS))
        }
        _ => None,
    }
}
