//! ArbSys (0x64): what is particular about this chain.

use super::call::{Answer, Call};
use super::method::{Method, Purity};
use super::{Failure, arb_sys_outbox};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{Address, B256, U256, address};

/// ArbOS versions are reported with this added: the numbers before belong to the chain's predecessor.
const VERSION_OFFSET: u64 = 55;

/// How many blocks back hashes are known.
const HASH_WINDOW: u64 = 256;

/// What is added to the address of an L1 contract that sends a message.
const ALIAS_OFFSET: Address = address!("0x1111000000000000000000000000000000001111");

sol! {
    error InvalidBlockNumber(uint256 requested, uint256 current);

    function arbBlockNumber() external view returns (uint256);
    function arbBlockHash(uint256 arbBlockNum) external view returns (bytes32);
    function arbChainID() external view returns (uint256);
    function arbOSVersion() external view returns (uint256);
    function getStorageGasAvailable() external view returns (uint256);
    function isTopLevelCall() external view returns (bool);
    function mapL1SenderContractAddressToL2Alias(address sender, address unused) external pure returns (address);
    function wasMyCallersAddressAliased() external view returns (bool);
    function myCallersAddressWithoutAliasing() external view returns (address);
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{Pure, View};
    match selector {
        arbBlockNumberCall::SELECTOR => {
            Method::new(View, |call, _: arbBlockNumberCall| Ok(U256::from(call.context.chain.block.number)))
        }
        arbBlockHashCall::SELECTOR => {
            Method::new(View, |call, args: arbBlockHashCall| block_hash(call, args.arbBlockNum))
        }
        arbChainIDCall::SELECTOR => Method::new(View, |call, _: arbChainIDCall| Ok(U256::from(call.config().chain_id))),
        arbOSVersionCall::SELECTOR => {
            Method::new(View, |call, _: arbOSVersionCall| Ok(U256::from(call.version().saturating_add(VERSION_OFFSET))))
        }
        getStorageGasAvailableCall::SELECTOR => Method::new(View, |_, _: getStorageGasAvailableCall| Ok(U256::ZERO)),
        // A checkpoint is open for each contract between the signer and the precompile, and one for the precompile.
        isTopLevelCallCall::SELECTOR => {
            Method::new(View, |call, _: isTopLevelCallCall| Ok(call.context.journal().depth() <= 3))
        }
        mapL1SenderContractAddressToL2AliasCall::SELECTOR => {
            Method::new(Pure, |_, args: mapL1SenderContractAddressToL2AliasCall| Ok(alias(args.sender)))
        }
        // Only messages from L1 have aliased senders.
        wasMyCallersAddressAliasedCall::SELECTOR => Method::new(View, |_, _: wasMyCallersAddressAliasedCall| Ok(false)),
        myCallersAddressWithoutAliasingCall::SELECTOR => {
            Method::new(View, |call, _: myCallersAddressWithoutAliasingCall| {
                Ok(call.context.chain.callers_caller().unwrap_or_default())
            })
        }
        _ => arb_sys_outbox::method(selector),
    }
}

/// The hash of one of the last blocks of this chain.
fn block_hash<DB: Database>(call: &mut Call<'_, DB>, requested: U256) -> Answer<B256, DB> {
    let current = call.context.chain.block.number;
    let window = current.saturating_sub(HASH_WINDOW)..current;
    match u64::try_from(requested) {
        Ok(number) if window.contains(&number) => call.context.db_mut().block_hash(number).map_err(Failure::Database),
        _ => Err(Failure::error(InvalidBlockNumber { requested, current: U256::from(current) })),
    }
}

/// The address on this chain of an L1 contract, modulo 2^160.
fn alias(sender: Address) -> Address {
    let sum = U256::from_be_slice(sender.as_slice()).wrapping_add(U256::from_be_slice(ALIAS_OFFSET.as_slice()));
    Address::from_word(sum.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_wrap() {
        assert_eq!(alias(Address::ZERO), ALIAS_OFFSET);
        // 2^160 − 1 plus the offset is the offset minus one.
        let last = address!("0x1111000000000000000000000000000000001110");
        assert_eq!(alias(Address::repeat_byte(0xff)), last);
    }
}
