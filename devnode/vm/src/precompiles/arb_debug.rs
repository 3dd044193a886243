//! ArbDebug (0xff): shortcuts on debug chains.

use super::method::{Method, Purity};
use crate::arbos::Root;
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x00000000000000000000000000000000000000ff");

sol! {
    function becomeChainOwner() external;
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    match selector {
        becomeChainOwnerCall::SELECTOR => Method::new(Purity::Write, |call, _: becomeChainOwnerCall| {
            let caller = call.caller;
            Root::chain_owners().add(call, caller).map(|()| becomeChainOwnerReturn {})
        }),
        _ => None,
    }
}
