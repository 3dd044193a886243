//! What transactions pay for their data on L1, and who gets it.

use crate::chain::*;
use alloy_sol_types::{SolCall, sol};
use revm::primitives::{Address, Bytes, U256, address};
use stylus_program::format::compressed_size;
use stylus_vm::{Checks, ExecuteError, ExecutionOutcome, HaltReason, InvalidTransaction, Transaction, revm};

const STRANGER: Address = address!("0x00000000000000000000000000000000dead0001");
const ARB_GAS_INFO: Address = address!("0x000000000000000000000000000000000000006c");

/// Who pays for L1.
const POOL: Address = address!("0xA4B00000000000000000000000000000000000f6");

/// Wei per unit.
const PRICE: u64 = 50_000_000_000;

sol! {
    function setL1PricePerUnit(uint256 pricePerUnit) external;
    function setInfraFeeAccount(address newInfraFeeAccount) external;
    function getCurrentTxL1GasFees() external view returns (uint256);
    function getL1FeesAvailable() external view returns (uint256);
}

/// A chain where L1 data has a price.
fn chain() -> Chain {
    let mut chain = Chain::new();
    let execution = chain.call(ARB_OWNER, setL1PricePerUnitCall { pricePerUnit: U256::from(PRICE) }.abi_encode());
    assert!(is_success(&execution));
    assert_eq!(execution.gas_used_for_l1, 0, "the price was zero when this transaction began");
    chain
}

/// A transaction with an encoding of 100 bytes.
fn transaction(chain: &mut Chain, to: Address) -> Transaction {
    let encoded: Vec<u8> = (0_u8..100).map(|index| index.wrapping_mul(37)).collect();
    Transaction { encoded: encoded.into(), ..chain.transaction(to, Vec::new()) }
}

/// Gas for the data of `tx`: 16 units for each compressed byte, at 50 gwei, paid with gas at 0.1 gwei.
fn data_gas(tx: &Transaction) -> u64 {
    u64::try_from(compressed_size(&tx.encoded)).unwrap() * 16 * 500
}

fn wei(gas: u64) -> U256 {
    U256::from(gas) * U256::from(BASE_FEE)
}

#[test]
fn data_is_paid_for_in_gas_and_the_pool_gets_it() {
    let mut chain = chain();
    let tx = transaction(&mut chain, STRANGER);
    let (owner, pool, network) = (chain.balance(OWNER), chain.balance(POOL), chain.balance(Address::ZERO));
    let execution = chain.send(&tx);
    let data = data_gas(&tx);
    assert_eq!((execution.gas_used, execution.gas_used_for_l1), (21_000 + data, data));
    assert_eq!(owner - chain.balance(OWNER), wei(21_000 + data));
    assert_eq!(chain.balance(POOL) - pool, wei(data));
    assert_eq!(chain.balance(Address::ZERO) - network, wei(21_000));
    assert_eq!(chain.view(ARB_GAS_INFO, &getL1FeesAvailableCall {}), wei(data));
}

#[test]
fn contracts_see_what_the_data_costs() {
    let mut chain = chain();
    let input = getCurrentTxL1GasFeesCall {}.abi_encode();
    let tx = Transaction { input: input.into(), ..transaction(&mut chain, ARB_GAS_INFO) };
    let fees = U256::from_be_slice(&output(&chain.send(&tx)));
    assert_eq!(fees, wei(data_gas(&tx)));
}

#[test]
fn a_gas_limit_covers_the_data_too() {
    let mut chain = chain();
    let tx = transaction(&mut chain, STRANGER);
    let want = 21_000 + data_gas(&tx);
    let short = Transaction { gas_limit: want - 1, ..tx.clone() };
    match chain.vm.execute(&mut chain.db, &chain.block, &short, Checks::Transaction) {
        Err(ExecuteError::Invalid(reason)) => {
            assert_eq!(reason, InvalidTransaction::IntrinsicGasTooLow { have: want - 1, want });
        }
        other => panic!("not refused: {other:?}"),
    }
    assert!(is_success(&chain.send(&Transaction { gas_limit: want, ..tx })));
}

#[test]
fn refunds_are_a_fifth_of_what_was_computed() {
    let mut chain = chain();
    // Ten times PUSH1 0, PUSH1 slot, SSTORE.
    let code: Vec<u8> = (1..=10).flat_map(|slot| [0x60, 0, 0x60, slot, 0x55]).collect();
    chain.place(STRANGER, &code);
    for slot in 1..=10 {
        chain.db.insert_account_storage(STRANGER, U256::from(slot), U256::from(1)).unwrap();
    }
    let tx = transaction(&mut chain, STRANGER);
    let execution = chain.send(&tx);
    // A slot costs two constants at 3, and 2,100 + 2,900 to clear it cold. Each slot gives 4,800 back. All together
    // that is more than a fifth.
    let computed = 21_000 + 10 * (6 + 5_000);
    assert_eq!(execution.gas_used, data_gas(&tx) + computed - computed / 5);
}

#[test]
fn data_does_not_shorten_what_may_be_computed() {
    let mut chain = chain();
    // JUMPDEST, PUSH1 0, JUMP.
    chain.place(STRANGER, &[0x5b, 0x60, 0, 0x56]);
    let tx = Transaction { gas_limit: 80_000_000, ..transaction(&mut chain, STRANGER) };
    let execution = chain.send(&tx);
    assert_eq!(execution.outcome, ExecutionOutcome::Halt { reason: HaltReason::OutOfGas });
    assert_eq!(execution.gas_used, 32_000_000 + data_gas(&tx));
}

#[test]
fn estimates_compute_no_more_than_transactions() {
    let mut chain = Chain::new();
    chain.place(STRANGER, &[0x5b, 0x60, 0, 0x56]);
    let tx = Transaction { gas_limit: 50_000_000, max_fee_per_gas: 0, ..chain.transaction(STRANGER, Bytes::new()) };
    let execution = chain.vm.execute(&mut chain.db, &chain.block, &tx, Checks::Estimate).unwrap();
    assert_eq!(execution.gas_used, 32_000_000);
}

#[test]
fn estimates_leave_room_for_the_price_to_rise() {
    let mut chain = chain();
    let tx = transaction(&mut chain, STRANGER);
    let units = u64::try_from(compressed_size(&tx.encoded)).unwrap() * 16;
    // 256 units and 1 % more, rounded down; for an estimate 10 % more, and the base fee cannot be below its minimum.
    let padded = (units + 256) * 101 / 100;
    for (checks, gas) in
        [(Checks::Transaction, units * 500), (Checks::Call, padded * 500), (Checks::Estimate, padded * 550)]
    {
        assert_eq!(chain.vm.l1_gas(&mut chain.db, &chain.block, &tx, checks).unwrap(), gas, "{checks:?}");
    }
}

#[test]
fn the_infrastructure_gets_the_minimum_of_what_was_computed() {
    let mut chain = chain();
    chain.call(ARB_OWNER, setInfraFeeAccountCall { newInfraFeeAccount: STRANGER }.abi_encode());
    // Twice the minimum.
    chain.block.base_fee = 2 * BASE_FEE;
    let tx = transaction(&mut chain, OWNER);
    let tx = Transaction { max_fee_per_gas: u128::from(2 * BASE_FEE), ..tx };
    let (infrastructure, network) = (chain.balance(STRANGER), chain.balance(Address::ZERO));
    let execution = chain.send(&tx);
    assert_eq!(execution.gas_used, 21_000 + data_gas(&tx) / 2);
    assert_eq!(chain.balance(STRANGER) - infrastructure, wei(21_000));
    assert_eq!(chain.balance(Address::ZERO) - network, wei(21_000));
    assert_eq!(execution.gas_used_for_l1, data_gas(&tx) / 2);
}
