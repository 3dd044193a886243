//! ArbInfo (0x65): other accounts.

use super::method::{Method, Purity};
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::primitives::{Address, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x0000000000000000000000000000000000000065");

/// Gas of looking up a balance.
const BALANCE: u64 = 700;

/// Gas of looking up a code, without its words.
const CODE: u64 = 2_100;

sol! {
    function getBalance(address account) external view returns (uint256);
    function getCode(address account) external view returns (bytes);
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::View;
    match selector {
        getBalanceCall::SELECTOR => Method::new(View, |call, args: getBalanceCall| {
            call.burn(BALANCE)?;
            Ok(call.account(args.account)?.0.balance)
        }),
        getCodeCall::SELECTOR => Method::new(View, |call, args: getCodeCall| {
            call.burn(CODE)?;
            let (_, code) = call.account(args.account)?;
            call.burn_copy(code.original_byte_slice().len())?;
            Ok(code.original_bytes())
        }),
        _ => None,
    }
}
