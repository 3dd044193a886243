//! Calls of contracts.

use super::GAS;
use super::probe::*;

/// Copying 40 bytes of input twice: 16,381 for the first 32 and 55 for each of the others.
const COPY: u64 = 2 * (16_381 + 55 * 8);

/// The contract costs 18, and 2,600 when it is cold.
const COLD: u64 = (2_600 + 18) * GAS;

/// Arguments of `call_contract` with 40 bytes of text.
fn arguments(address: usize, value: usize, gas: i64) -> String {
    let (start, value) = (constants([address, TEXT, 40]), constants([value]));
    format!("{start} {value} i64.const {gas} i32.const {LENGTH}")
}

/// Arguments of the calls without value.
fn plain(address: usize, gas: i64) -> String {
    format!("{} i64.const {gas} i32.const {LENGTH}", constants([address, TEXT, 40]))
}

/// The case of a call that returns a word.
fn succeeds(case: Case, args: &[&[u8]]) -> Case {
    case.does(Effect::Result(0))
        .does(Effect::Memory(LENGTH, 32_u32.to_le_bytes().to_vec()))
        .traced(args, &[&32_u32.to_be_bytes(), &[0]])
}

/// The case of a call that fails without data.
fn fails(case: Case, args: &[&[u8]]) -> Case {
    case.does(Effect::Result(2))
        .does(Effect::Memory(LENGTH, 0_u32.to_le_bytes().to_vec()))
        .traced(args, &[&0_u32.to_be_bytes(), &[2]])
}

pub(super) fn cases() -> Vec<Case> {
    let call = |arguments: String, gas: u64| case("call_contract", arguments, 83_193 + COPY + gas);
    let delegate = |gas: i64, ink| case("delegate_call_contract", plain(AT_CONTRACT, gas), 83_193 + COPY + ink);
    let statically = |gas: i64, ink| case("static_call_contract", plain(AT_CONTRACT, gas), 83_193 + COPY + ink);
    let (all, text) = (u64::MAX.to_be_bytes(), bytes(TEXT, 40));
    let with_value = |account: &[u8], value: Vec<u8>| [account, &all, &value, &text].concat();
    let without = |gas: u64| [CONTRACT.as_slice(), &gas.to_be_bytes(), &text].concat();
    let unspent = [CONTRACT.as_slice(), &10_u64.to_be_bytes(), &word(0), &text].concat();
    vec![
        succeeds(call(arguments(AT_CONTRACT, ZERO, -1), COLD), &[&with_value(CONTRACT.as_slice(), word(0))]),
        succeeds(
            call(arguments(AT_CONTRACT, ZERO, -1), (100 + 18) * GAS).repeated(1),
            &[&with_value(CONTRACT.as_slice(), word(0))],
        ),
        // Value costs 9,000 on top, and what the contract uses of its stipend.
        succeeds(
            call(arguments(AT_CONTRACT, ONE, -1), COLD + 9_000 * GAS),
            &[&with_value(CONTRACT.as_slice(), word(1))],
        ),
        // An account that does not exist costs 25,000 more with value.
        call(arguments(AT_NOBODY, ONE, -1), (2_600 + 9_000 + 25_000) * GAS)
            .does(Effect::Result(0))
            .traced(&[&with_value(NOBODY.as_slice(), word(1))], &[&[0; 5]]),
        // Ten gas are not enough for the contract, which loses them.
        fails(call(arguments(AT_CONTRACT, ZERO, 10), (2_600 + 10) * GAS), &[&unspent]),
        // There are only 9 wei: the callee is not run, and gives its gas back.
        fails(
            call(arguments(AT_CONTRACT, THOUSAND, -1), (2_600 + 9_000) * GAS),
            &[&with_value(CONTRACT.as_slice(), word(1_000))],
        ),
        succeeds(delegate(-1, COLD), &[&without(u64::MAX)]),
        succeeds(delegate(-1, (100 + 18) * GAS).repeated(1), &[&without(u64::MAX)]),
        fails(delegate(10, (2_600 + 10) * GAS), &[&without(10)]),
        succeeds(statically(-1, COLD), &[&without(u64::MAX)]),
        succeeds(statically(-1, (100 + 18) * GAS).repeated(1), &[&without(u64::MAX)]),
        fails(statically(10, (2_600 + 10) * GAS), &[&without(10)]),
    ]
}
