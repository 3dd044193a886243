//! Storage, through the invocation's cache.

use super::gas::{CACHE_ACCESS, COLD_SLOAD, STATE_TRIP_INK, STORE_SENTRY, WARM_ACCESS};
use super::row::{Deferred, How, Part, Row};
use super::{Arguments, CallContext, Escape, HostIoError, Program};
use crate::engine::Value;
use crate::evm::Context;
use revm::Database;
use revm::context_interface::{Cfg, ContextTr, JournalTr};
use revm::interpreter::Gas;
use revm::primitives::B256;
use stylus_program::ink;
use stylus_program::params::arbos_versions;

/// The host I/Os of this topic.
pub(super) const ROWS: &[Row] = &[
    Row::new("storage_load_bytes32", How::Deferred(Deferred::StorageLoad), &[Part::Word(0)], &[Part::Word(1)]),
    Row::new("storage_cache_bytes32", How::Immediate(cache), &[Part::Word(0), Part::Word(1)], &[]),
    Row::new("storage_flush_cache", How::Deferred(Deferred::StorageFlush), &[Part::Flag(0)], &[]),
];

/// `storage_load_bytes32(key, destination)`.
pub(super) fn load<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    let trip = trip_gas(program);
    program.require_gas(COLD_SLOAD + CACHE_ACCESS + trip)?;
    let key = program.read_word(args.u32(0))?;
    let address = program.host().call.address;
    let cache = &mut program.host_mut().storage;
    let mut gas = cache.read_gas();
    let value = match cache.get(&key) {
        Some(value) => value,
        None => {
            let slot = context.journal_mut().sload(address, key.into()).map_err(HostIoError::Database)?;
            gas += trip + if slot.is_cold { COLD_SLOAD } else { WARM_ACCESS };
            let value = B256::from(slot.data);
            cache.load(key, value);
            value
        }
    };
    program.buy_gas(gas)?;
    program.write(args.u32(1), value.as_slice())?;
    Ok(None)
}

/// `storage_cache_bytes32(key, value)`: writes to the cache only.
pub(super) fn cache(program: &mut Program<'_>, args: Arguments<'_>) -> super::Returned {
    program.require_gas(STORE_SENTRY + CACHE_ACCESS)?;
    let (key, value) = (program.read_word(args.u32(0))?, program.read_word(args.u32(1))?);
    let cache = &mut program.host_mut().storage;
    let gas = cache.write_gas();
    cache.store(key, value);
    program.buy_gas(gas)?;
    Ok(None)
}

/// `storage_flush_cache(clear)`: writes what has changed, at the price of SSTORE, whose refunds go to `frame_gas`.
pub(super) fn flush<DB: Database>(
    program: &mut Program<'_>,
    context: &mut Context<DB>,
    frame_gas: &mut Gas,
    args: Arguments<'_>,
) -> Result<Option<Value>, HostIoError<DB::Error>> {
    program.require_gas(STORE_SENTRY)?;
    // One more than there is: a flush that costs all gas may succeed, and then the charge below fails.
    let limit = program.gas_left().saturating_add(1);
    let CallContext { address, is_static, arbos_version, .. } = program.host().call;
    let dirty = program.host_mut().storage.take_dirty();
    if args.u32(0) != 0 {
        program.host_mut().storage.clear();
    }
    if dirty.is_empty() {
        return Ok(None);
    }
    if is_static {
        return Err(Escape::Failure("storage write in a static call").into());
    }
    let prices = context.cfg().gas_params().clone();
    let mut gas = 0_u64;
    for (key, value) in dirty {
        let store = context.journal_mut().sstore(address, key.into(), value.into()).map_err(HostIoError::Database)?;
        let price =
            prices.sstore_static_gas().saturating_add(prices.sstore_dynamic_gas(true, &store.data, store.is_cold));
        gas = gas.saturating_add(price);
        if gas > limit {
            gas = limit;
            break;
        }
        frame_gas.record_refund(prices.sstore_refund(true, &store.data));
    }
    if arbos_version >= arbos_versions::CHARGING_FIXES {
        program.buy_gas(gas)?;
    }
    Ok(None)
}

/// Gas of the trip to the chain's state. Before the charging fixes, the ink was taken for gas.
fn trip_gas(program: &Program<'_>) -> u64 {
    if program.host().call.arbos_version >= arbos_versions::CHARGING_FIXES {
        ink::to_gas(STATE_TRIP_INK, program.ink_price())
    } else {
        STATE_TRIP_INK
    }
}
