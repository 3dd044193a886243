//! Other accounts.

use super::args::run_off;
use super::gas::{CODE_ACCESS, COLD_ACCOUNT, WARM_ACCESS};
use super::program::length;
use super::row::{Deferred, How, Part, Row};
use super::{Arguments, HostIoError, Program};
use crate::engine::Value;
use crate::evm::Context;
use revm::Database;
use revm::context_interface::{ContextTr, JournalTr};
use revm::primitives::{Address, B256, Bytes};
use stylus_program::ink;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] = &[
    Row::new("account_balance", How::Deferred(Deferred::Balance), &[Part::Account(0)], &[Part::Word(1)]),
    Row::new("account_codehash", How::Deferred(Deferred::CodeHash), &[Part::Account(0)], &[Part::Word(1)]),
    Row::new(
        "account_code",
        How::Deferred(Deferred::Code),
        &[Part::Account(0), Part::Number32(1), Part::Number32(2)],
        &[Part::Written(3)],
    ),
    Row::new("account_code_size", How::Deferred(Deferred::CodeSize), &[Part::Account(0)], &[Part::Result]),
];

/// From this ArbOS version on, an empty code is looked up again.
const EMPTY_CODE_NOT_CACHED: u64 = 40;

/// Code size that [`CODE_ACCESS`] pays for, in bytes (EIP-170).
const STANDARD_CODE_SIZE: usize = 24_576;

/// `account_balance(address, destination)`.
pub(super) fn balance<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    program.require_gas(COLD_ACCOUNT)?;
    let address = program.read_address(args.u32(0))?;
    let account = context.journal_mut().load_account(address).map_err(HostIoError::Database)?;
    let (balance, is_cold) = (account.info.balance, account.is_cold);
    program.buy_gas(touch(is_cold))?;
    program.write_number(args.u32(1), balance)?;
    Ok(None)
}

/// `account_codehash(address, destination)`: zero for an account that does not exist. One that is empty exists while
/// the transaction that touched it runs.
pub(super) fn code_hash<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    program.require_gas(COLD_ACCOUNT)?;
    let address = program.read_address(args.u32(0))?;
    let account = context.journaled_state.load_account(address).map_err(HostIoError::Database)?;
    let exists = !account.is_empty() || (account.is_touched() && context.chain.was_touched(address));
    let hash = if exists { account.info.code_hash } else { B256::ZERO };
    let is_cold = account.is_cold;
    program.buy_gas(touch(is_cold))?;
    program.write(args.u32(1), hash.as_slice())?;
    Ok(None)
}

/// `account_code_size(address)`, in bytes.
pub(super) fn code_size<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    program.require_gas(COLD_ACCOUNT)?;
    let address = program.read_address(args.u32(0))?;
    let code = look_up(program, context, address)?;
    Ok(Some(Value::I32(length(&code))))
}

/// `account_code(address, offset, size, destination)`: copies what there is of the range and returns how much that was.
/// The whole code is paid for.
pub(super) fn code<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    program.require_gas(COLD_ACCOUNT)?;
    let address = program.read_address(args.u32(0))?;
    let code = look_up(program, context, address)?;
    program.buy_ink(ink::write(u64::from(length(&code))))?;
    let part = run_off(&code, args.u32(1), args.u32(2));
    // The destination counts, even if there is nothing to write.
    program.write(args.u32(3), &part)?;
    Ok(Some(Value::I32(length(&part))))
}

/// The code of an account, paid for unless it is the account that was looked up last.
fn look_up<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    address: Address,
) -> Result<Bytes, HostIoError<DB::Error>> {
    if let Some((last, code)) = &program.host().last_code
        && *last == address
    {
        return Ok(code.clone());
    }
    let call = &program.host().call;
    let keep_empty = call.arbos_version < EMPTY_CODE_NOT_CACHED;
    let sizes = u64::try_from(call.max_code_size / STANDARD_CODE_SIZE).unwrap_or(u64::MAX);
    let account = context.journal_mut().load_account_with_code(address).map_err(HostIoError::Database)?;
    let gas = CODE_ACCESS.saturating_mul(sizes).saturating_add(touch(account.is_cold));
    let code = account.info.code.as_ref().map(|code| code.original_bytes()).unwrap_or_default();
    program.buy_gas(gas)?;
    if !code.is_empty() || keep_empty {
        program.host_mut().last_code = Some((address, code.clone()));
    }
    Ok(code)
}

/// EIP-2929.
fn touch(is_cold: bool) -> u64 {
    if is_cold { COLD_ACCOUNT } else { WARM_ACCESS }
}
