//! ArbNativeTokenManager (0x73): makes and burns ether, for whom the chain's owner lets.

use super::Failure;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::arbos::Root;
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{Address, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x0000000000000000000000000000000000000073");

/// Gas of either: a warm access and a transfer.
const CHANGE: u64 = 9_100;

sol! {
    event NativeTokenMinted(address indexed to, uint256 amount);
    event NativeTokenBurned(address indexed from, uint256 amount);

    function mintNativeToken(uint256 amount) external;
    function burnNativeToken(uint256 amount) external;
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::Write;
    match selector {
        mintNativeTokenCall::SELECTOR => Method::new(Write, |call, args: mintNativeTokenCall| {
            let caller = admit(call)?;
            call.context.journal_mut().balance_incr(caller, args.amount).map_err(Failure::Database)?;
            call.emit(&NativeTokenMinted { to: caller, amount: args.amount })?;
            Ok(mintNativeTokenReturn {})
        }),
        burnNativeTokenCall::SELECTOR => Method::new(Write, |call, args: burnNativeTokenCall| {
            let caller = admit(call)?;
            call.take(caller, args.amount)?;
            call.emit(&NativeTokenBurned { from: caller, amount: args.amount })?;
            Ok(burnNativeTokenReturn {})
        }),
        _ => None,
    }
}

/// Lets those in who may, for the price of a transfer. All others lose their gas.
fn admit<DB: Database>(call: &mut Call<'_, DB>) -> Answer<Address, DB> {
    let caller = call.caller;
    if !Root::native_token_owners().contains(call, caller)? {
        return Err(Failure::AllGas);
    }
    call.burn(CHANGE)?;
    Ok(caller)
}
