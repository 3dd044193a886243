//! Who may call, and which addresses may be configured.

use crate::revert::Outcome;
use alloy_primitives::Address;
use interfaces::IAccess;
use stylus_sdk::prelude::*;

/// Refuses every caller but `allowed`.
///
/// # Errors
/// [`IAccess::Unauthorized`].
pub fn only(vm: &impl Host, allowed: Address) -> Outcome {
    let caller = vm.msg_sender();
    if caller == allowed {
        Ok(())
    } else {
        Err(IAccess::Unauthorized { caller }.into())
    }
}

/// Refuses the zero address.
///
/// # Errors
/// [`IAccess::ZeroAddress`].
pub fn nonzero(account: Address) -> Outcome<Address> {
    if account.is_zero() {
        Err(IAccess::ZeroAddress {}.into())
    } else {
        Ok(account)
    }
}

/// Refuses an address without code: a call to one succeeds and does nothing, so collaborators are checked when they are
/// configured.
///
/// # Errors
/// [`IAccess::NotAContract`].
pub fn contract(vm: &impl Host, account: Address) -> Outcome<Address> {
    if vm.code_size(account) == 0 {
        Err(IAccess::NotAContract { account }.into())
    } else {
        Ok(account)
    }
}
