//! Other accounts.

use super::GAS;
use super::probe::*;
use crate::chain::ANSWER;
use revm::primitives::keccak256;
use stylus_vm::revm;

/// The code of the contract: 40 bytes.
fn code() -> Vec<u8> {
    [ANSWER.as_slice(), &[0; 30]].concat()
}

pub(super) fn cases() -> Vec<Case> {
    [balances(), hashes(), sizes(), codes()].concat()
}

// An account costs 2,600 for the first time in a transaction, then 100.

fn balances() -> Vec<Case> {
    let balance = |gas: u64| {
        case("account_balance", constants([AT_CONTRACT, OUT]), 78_153 + gas * GAS)
            .does(Effect::Memory(OUT, word(77)))
            .traced(&[CONTRACT.as_slice()], &[&word(77)])
    };
    vec![balance(2_600), balance(100).repeated(1)]
}

fn hashes() -> Vec<Case> {
    let hash = |at, account: &[u8], hash: Vec<u8>, gas: u64| {
        case("account_codehash", constants([at, OUT]), 78_153 + gas * GAS)
            .does(Effect::Memory(OUT, hash.clone()))
            .traced(&[account], &[&hash])
    };
    let contract = |gas| hash(AT_CONTRACT, CONTRACT.as_slice(), keccak256(code()).to_vec(), gas);
    vec![contract(2_600), contract(100).repeated(1), hash(AT_NOBODY, NOBODY.as_slice(), word(0), 2_600)]
}

// Code costs 700 more. The account that was asked last is free; one without code is forgotten.

fn sizes() -> Vec<Case> {
    let size = |at, account: &[u8], size: u32, gas: u64| {
        case("account_code_size", constants([at]), 68_073 + gas * GAS)
            .does(Effect::Result(size.into()))
            .traced(&[account], &[&size.to_be_bytes()])
    };
    vec![
        size(AT_CONTRACT, CONTRACT.as_slice(), 40, 700 + 2_600),
        size(AT_CONTRACT, CONTRACT.as_slice(), 40, 0).repeated(1),
        size(AT_NOBODY, NOBODY.as_slice(), 0, 700 + 2_600),
        size(AT_NOBODY, NOBODY.as_slice(), 0, 700 + 100).repeated(1),
        // Another account with code, the program itself, was asked in between.
        size(AT_CONTRACT, CONTRACT.as_slice(), 40, 700 + 100).after(format!(
            "i32.const {AT_CONTRACT} call $account_code_size drop
            i32.const {OUT} call $contract_address i32.const {OUT} call $account_code_size drop"
        )),
    ]
}

fn codes() -> Vec<Case> {
    let code = |at, account: &[u8], [offset, size]: [u32; 2], part: &[u8], ink: u64| {
        let range = [offset, size].map(|number| usize::try_from(number).unwrap());
        case("account_code", constants([at, range[0], range[1], OUT]), 68_073 + ink)
            .does(Effect::Result(part.len().try_into().unwrap()))
            .does(Effect::Memory(OUT, part.to_vec()))
            .traced(&[account, &offset.to_be_bytes(), &size.to_be_bytes()], &[part])
    };
    // The whole code is paid for, whatever the part: 5,040 for the first 32 bytes and 30 for each of the others.
    let whole = 5_040 + 30 * 8;
    let cold = (700 + 2_600) * GAS;
    vec![
        code(AT_CONTRACT, CONTRACT.as_slice(), [2, 4], &ANSWER[2..6], cold + whole),
        code(AT_CONTRACT, CONTRACT.as_slice(), [0, 100], &self::code(), cold + whole),
        code(AT_CONTRACT, CONTRACT.as_slice(), [40, 1], &[], cold + whole),
        code(AT_CONTRACT, CONTRACT.as_slice(), [2, 4], &ANSWER[2..6], whole).repeated(1),
        code(AT_NOBODY, NOBODY.as_slice(), [0, 32], &[], cold + 5_040),
    ]
}
