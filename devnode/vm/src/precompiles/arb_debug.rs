//! ArbDebug (0xff): shortcuts on debug chains.

use super::Failure;
use super::call::{Answer, Call};
use super::method::{Method, Purity};
use crate::HaltReason;
use crate::arbos::Root;
use alloy_sol_types::{SolCall, sol};
use revm::Database;
use revm::bytecode::Bytecode;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{Address, B256, Bytes, address};

/// Where it is.
pub(crate) const ADDRESS: Address = address!("0x00000000000000000000000000000000000000ff");

/// What [`Custom`] says, word by word as on Nitro.
const CUSTOM_MESSAGE: &str = r"This spider family wards off bugs: /\oo/\ //\(oo)//\ /\oo/\";

sol! {
    event Basic(bool flag, bytes32 indexed value);
    event Mixed(bool indexed flag, bool not, bytes32 indexed value, address conn, address indexed caller);

    error Custom(uint64 number, string message, bool flag);

    function events(bool flag, bytes32 value) external payable returns (address caller, uint256 paid);
    function eventsView() external view;
    function customRevert(uint64 number) external pure;
    function becomeChainOwner() external;
    function overwriteContractCode(address target, bytes newCode) external returns (bytes oldCode);
    function panic() external;
    function legacyError() external pure;
}

/// The method with this selector.
pub(super) fn method<DB: Database>(selector: [u8; 4]) -> Option<Method<DB>> {
    use Purity::{Payable, Pure, View, Write};
    match selector {
        eventsCall::SELECTOR => Method::new(Payable, |call, args: eventsCall| {
            emit(call, args.flag, args.value)?;
            Ok(eventsReturn { caller: call.caller, paid: call.value })
        }),
        // A view may not emit any.
        eventsViewCall::SELECTOR => Method::new(View, |_, _: eventsViewCall| Err(Failure::Plain)),
        customRevertCall::SELECTOR => Method::new(Pure, |_, args: customRevertCall| {
            Err(Failure::error(Custom { number: args.number, message: CUSTOM_MESSAGE.into(), flag: true }))
        }),
        becomeChainOwnerCall::SELECTOR => Method::new(Write, |call, _: becomeChainOwnerCall| {
            let caller = call.caller;
            Root::chain_owners().add(call, caller).map(|()| becomeChainOwnerReturn {})
        }),
        overwriteContractCodeCall::SELECTOR => {
            Method::new(Write, |call, args: overwriteContractCodeCall| overwrite(call, args.target, args.newCode))
        }
        // Nitro's node falls over on purpose, and its server says so; this one only loses the gas.
        panicCall::SELECTOR => Method::new(Write, |_, _: panicCall| {
            Err(Failure::Halt(HaltReason::Precompile("called ArbDebug's debug-only Panic method".into())))
        }),
        legacyErrorCall::SELECTOR => Method::new(Pure, |_, _: legacyErrorCall| Err(Failure::Plain)),
        _ => None,
    }
}

fn emit<DB: Database>(call: &mut Call<'_, DB>, flag: bool, value: B256) -> Answer<(), DB> {
    call.emit(&Basic { flag: !flag, value })?;
    let caller = call.caller;
    call.emit(&Mixed { flag, not: !flag, value, conn: ADDRESS, caller })
}

/// Puts code into an account. What was there is not returned, although there is a place for it.
fn overwrite<DB: Database>(call: &mut Call<'_, DB>, target: Address, code: Bytes) -> Answer<Bytes, DB> {
    let code = Bytecode::new_raw_checked(code).map_err(|_| Failure::Plain)?;
    let journal = call.context.journal_mut();
    journal.load_account(target).map_err(Failure::Database)?;
    journal.set_code(target, code);
    Ok(Bytes::new())
}
