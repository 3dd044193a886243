//! Storage, its cache, and transient storage.

use super::GAS;
use super::probe::*;
use crate::chain::*;
use alloy_sol_types::{SolCall, sol};
use stylus_vm::ChainConfig;

sol! {
    function setInkPrice(uint32 price) external;
}

/// A cold slot costs 2,100 gas, and the trip to the state 5: its 59,673 ink, rounded down.
const COLD: u64 = (2_100 + 5) * GAS;

/// `storage_load_bytes32` of slot 1, which holds 5.
fn load(ink: u64) -> Case {
    case("storage_load_bytes32", constants([ONE, OUT]), 18_480 + ink)
}

/// `storage_cache_bytes32` of the number at `value` in slot 1.
fn store(value: usize) -> String {
    format!("{} call $storage_cache_bytes32 ", constants([ONE, value]))
}

fn flush(ink: u64) -> Case {
    case("storage_flush_cache", constants([0]), 68_073 + ink)
}

pub(super) fn cases() -> Vec<Case> {
    [loads(), stores(), flushes(), transient()].concat()
}

fn loads() -> Vec<Case> {
    let loads_five = |case: Case| case.does(Effect::Memory(OUT, word(5))).traced(&[&word(1)], &[&word(5)]);
    let clear = format!("{} call $storage_load_bytes32 i32.const 1 call $storage_flush_cache", constants([ONE, OUT]));
    vec![
        loads_five(load(COLD)),
        // From the cache: free 32 times, then for 2 gas, from the 129th time on for 10.
        loads_five(load(0).repeated(1)),
        loads_five(load(0).repeated(31)),
        loads_five(load(2 * GAS).repeated(32)),
        loads_five(load(2 * GAS).repeated(127)),
        loads_five(load(10 * GAS).repeated(128)),
        // The cache is dropped, but the slot is warm.
        loads_five(load((100 + 5) * GAS).after(clear)),
        // What the program wrote is in the cache.
        load(0).after(store(SEVEN)).does(Effect::Memory(OUT, word(7))).traced(&[&word(1)], &[&word(7)]),
    ]
}

fn stores() -> Vec<Case> {
    let store = |ink: u64| {
        case("storage_cache_bytes32", constants([ONE, SEVEN]), 18_480 + ink)
            .does(Effect::Slot(1, 5))
            .traced(&[&word(1), &word(7)], &[])
    };
    // Free 8 times, then for 7 gas, from the 65th time on for 10.
    vec![
        store(0),
        store(0).repeated(7),
        store(7 * GAS).repeated(8),
        store(7 * GAS).repeated(63),
        store(10 * GAS).repeated(64),
    ]
}

fn flushes() -> Vec<Case> {
    let zero_to_one = format!("{} call $storage_cache_bytes32", constants([SEVEN, ONE]));
    let load = format!("{} call $storage_load_bytes32 ", constants([ONE, OUT]));
    let again = format!("{} call $storage_flush_cache {} ", constants([0]), store(ONE));
    vec![
        // Nothing to write.
        flush(0).traced(&[&[0]], &[]),
        // What is read does not count, and neither does a write of the same.
        flush(0).after(load.clone()).traced(&[&[0]], &[]),
        // A cold slot for 2,100, from one number to another for 2,900.
        flush((2_100 + 2_900) * GAS).after(store(SEVEN)).does(Effect::Slot(1, 7)).traced(&[&[0]], &[]),
        // From a number to zero, for the same.
        flush((2_100 + 2_900) * GAS).after(store(ZERO)).does(Effect::Slot(1, 0)).traced(&[&[0]], &[]),
        // From zero to a number for 20,000.
        flush((2_100 + 20_000) * GAS).after(zero_to_one).does(Effect::Slot(7, 1)).traced(&[&[0]], &[]),
        // The slot is warm after a load.
        flush(2_900 * GAS).after(load + &store(SEVEN)).does(Effect::Slot(1, 7)).traced(&[&[0]], &[]),
        // A slot that this transaction has written before costs 100.
        flush(100 * GAS).after(store(SEVEN) + &again).does(Effect::Slot(1, 1)).traced(&[&[0]], &[]),
        // Any number means that the cache is to be dropped.
        case("storage_flush_cache", constants([256]), 68_073).traced(&[&[1]], &[]),
    ]
}

fn transient() -> Vec<Case> {
    let store = format!("{} call $transient_store_bytes32", constants([ONE, SEVEN]));
    let ink = 78_153 + 100 * GAS;
    vec![
        case("transient_load_bytes32", constants([ONE, OUT]), ink)
            .does(Effect::Memory(OUT, word(0)))
            .traced(&[&word(1)], &[&word(0)]),
        case("transient_load_bytes32", constants([ONE, OUT]), ink)
            .after(store)
            .does(Effect::Memory(OUT, word(7)))
            .traced(&[&word(1)], &[&word(7)]),
        case("transient_store_bytes32", constants([ONE, SEVEN]), ink)
            .does(Effect::Slot(1, 5))
            .traced(&[&word(1), &word(7)], &[]),
    ]
}

#[test]
fn the_trip_to_the_state_is_turned_into_gas_at_the_ink_price() {
    for (price, trip) in [(1, 59_673), (20_000, 2), (60_000, 0)] {
        let mut chain = Chain::new();
        assert!(is_success(&chain.call(ARB_OWNER, setInkPriceCall { price }.abi_encode())));
        let load = case("storage_load_bytes32", constants([ONE, OUT]), 18_480 + (2_100 + trip) * u64::from(price));
        assert_eq!(Probe::on(chain, &load).run().ink, load.ink, "{price}");
    }
}

#[test]
fn before_arbos_32_the_trip_is_in_gas_and_flushes_are_free() {
    for (arbos_version, trip, flush) in [(31, 59_673, 0), (32, 5, 2_100 + 2_900)] {
        let chain = || Chain::with(ChainConfig { arbos_version, ..ChainConfig::default() });
        let load = load((2_100 + trip) * GAS);
        assert_eq!(Probe::on(chain(), &load).run().ink, load.ink, "{arbos_version}");
        let flush = self::flush(flush * GAS).after(store(SEVEN));
        assert_eq!(Probe::on(chain(), &flush).run().ink, flush.ink, "{arbos_version}");
    }
}
