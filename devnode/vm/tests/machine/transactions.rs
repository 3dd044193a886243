//! Transactions as such: what is refused, what they pay, and the limit on what they compute.

use crate::chain::*;
use revm::context_interface::transaction::{
    AccessList, AccessListItem, Authorization, RecoveredAuthority, RecoveredAuthorization,
};
use revm::database_interface::Database;
use revm::primitives::{Address, B256, U256, address};
use stylus_vm::{Checks, ExecuteError, ExecutionOutcome, HaltReason, InvalidTransaction, Transaction, Vm, revm};

const STRANGER: Address = address!("0x00000000000000000000000000000000dead0001");

/// Why a transaction is refused.
fn refusal(chain: &mut Chain, tx: &Transaction, checks: Checks) -> InvalidTransaction {
    match chain.vm.execute(&mut chain.db, &chain.block, tx, checks) {
        Err(ExecuteError::Invalid(reason)) => reason,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn invalid_transactions_are_named_like_geth_does() {
    let mut chain = Chain::new();
    chain.call(STRANGER, Vec::new());
    let good = chain.transaction(STRANGER, Vec::new());
    let address = OWNER.to_checksum(None);
    let cases = [
        (Transaction { nonce: 0, ..good.clone() }, format!("nonce too low: address {address}, tx: 0 state: 1")),
        (Transaction { nonce: 2, ..good.clone() }, format!("nonce too high: address {address}, tx: 2 state: 1")),
        (Transaction { gas_limit: 20_999, ..good.clone() }, "intrinsic gas too low: have 20999, want 21000".into()),
        (
            Transaction { max_fee_per_gas: 1, ..good.clone() },
            format!("max fee per gas less than block base fee: address {address}, maxFeePerGas: 1, baseFee: 100000000"),
        ),
        (Transaction { tx_type: 3, ..good.clone() }, "transaction type not supported".into()),
        (
            Transaction { gas_limit: (1 << 50) + 1, max_fee_per_gas: u128::from(BASE_FEE), ..good.clone() },
            "exceeds block gas limit".into(),
        ),
    ];
    for (tx, message) in cases {
        let tx = Transaction { ..tx };
        if message == "exceeds block gas limit" {
            let info = revm::state::AccountInfo { balance: U256::MAX, nonce: 1, ..Default::default() };
            chain.db.insert_account_info(OWNER, info);
        }
        assert_eq!(refusal(&mut chain, &tx, Checks::Transaction).to_string(), message);
    }
    let poor = Transaction { from: STRANGER, nonce: 0, ..good };
    let reason = refusal(&mut chain, &poor, Checks::Transaction).to_string();
    assert!(reason.starts_with("insufficient funds for gas * price + value: address"), "{reason}");
}

#[test]
fn contracts_cannot_sign() {
    let mut chain = Chain::new();
    chain.place(STRANGER, &ANSWER);
    let tx = Transaction { from: STRANGER, nonce: 1, ..chain.transaction(OWNER, Vec::new()) };
    let reason = refusal(&mut chain, &tx, Checks::Transaction);
    assert_eq!(reason, InvalidTransaction::SenderHasCode { address: STRANGER, code_length: 10 });
    let call = Transaction { max_fee_per_gas: 0, ..tx };
    assert!(chain.vm.execute(&mut chain.db, &chain.block, &call, Checks::Call).is_ok());
}

#[test]
fn an_impersonated_contract_is_checked_for_all_but_its_code() {
    let mut chain = Chain::new();
    chain.place(STRANGER, &ANSWER);
    let tx = Transaction { from: STRANGER, nonce: 1, ..chain.transaction(OWNER, Vec::new()) };
    let early = Transaction { nonce: 2, ..tx.clone() };
    let reason = refusal(&mut chain, &early, Checks::Impersonation);
    assert_eq!(reason, InvalidTransaction::NonceTooHigh { address: STRANGER, tx: 2, state: 1 });
    let reason = refusal(&mut chain, &tx, Checks::Impersonation);
    assert!(matches!(reason, InvalidTransaction::InsufficientFunds { address: STRANGER, .. }), "{reason}");

    let mut rich = chain.db.basic(STRANGER).expect("a database").expect("an account");
    rich.balance = U256::MAX;
    chain.db.insert_account_info(STRANGER, rich);
    chain.vm.validate(&mut chain.db, &chain.block, &tx, Checks::Impersonation).expect("a valid transaction");
    let refused = chain.vm.validate(&mut chain.db, &chain.block, &tx, Checks::Transaction);
    assert!(matches!(refused, Err(ExecuteError::Invalid(InvalidTransaction::SenderHasCode { .. }))), "{refused:?}");
    let execution = chain.vm.execute(&mut chain.db, &chain.block, &tx, Checks::Impersonation).expect("a transaction");
    assert!(is_success(&execution));
}

#[test]
fn calls_need_the_value_only() {
    let mut chain = Chain::new();
    let call = Transaction { from: STRANGER, nonce: 9, max_fee_per_gas: 0, ..chain.transaction(OWNER, Vec::new()) };
    assert!(chain.vm.execute(&mut chain.db, &chain.block, &call, Checks::Call).is_ok());
    let with_value = Transaction { value: U256::from(1), ..call };
    let want = InvalidTransaction::InsufficientFunds { address: STRANGER, have: U256::ZERO, want: U256::from(1) };
    assert_eq!(refusal(&mut chain, &with_value, Checks::Call), want);
}

#[test]
fn tips_are_dropped_and_nothing_is_burnt() {
    let mut chain = Chain::new();
    let (before, network) = (chain.balance(OWNER), chain.balance(Address::ZERO));
    let tx = Transaction {
        tx_type: 2,
        value: U256::from(3),
        max_fee_per_gas: u128::from(BASE_FEE) * 9,
        max_priority_fee_per_gas: Some(u128::from(BASE_FEE)),
        ..chain.transaction(STRANGER, Vec::new())
    };
    assert_eq!(chain.send(&tx).gas_used, 21_000);
    let fee = U256::from(21_000) * U256::from(BASE_FEE);
    assert_eq!(chain.balance(OWNER), before - fee - U256::from(3));
    assert_eq!(chain.balance(Address::ZERO), network + fee);
}

#[test]
fn a_transaction_computes_with_at_most_32_million() {
    let mut chain = Chain::new();
    // JUMPDEST, PUSH1 0, JUMP.
    chain.place(STRANGER, &[0x5b, 0x60, 0, 0x56]);
    let tx = Transaction { gas_limit: 50_000_000, ..chain.transaction(STRANGER, Vec::new()) };
    let execution = chain.send(&tx);
    assert_eq!(execution.outcome, ExecutionOutcome::Halt { reason: HaltReason::OutOfGas });
    assert_eq!(execution.gas_used, 32_000_000);
    let call = Transaction { max_fee_per_gas: 0, ..tx };
    let execution = chain.vm.execute(&mut chain.db, &chain.block, &call, Checks::Call).unwrap();
    assert_eq!(execution.gas_used, 50_000_000, "calls are not limited");
}

#[test]
fn contracts_see_arbitrum() {
    let mut chain = Chain::new();
    // MSTORE NUMBER, PREVRANDAO, GASLIMIT and CHAINID; RETURN 128 bytes.
    let mut code = Vec::new();
    for (index, opcode) in [0x43, 0x44, 0x45, 0x46].into_iter().enumerate() {
        code.extend([opcode, 0x60, u8::try_from(index * 32).unwrap(), 0x52]);
    }
    code.extend([0x60, 0x80, 0x60, 0, 0xf3]);
    chain.place(STRANGER, &code);
    let result = output(&chain.call(STRANGER, Vec::new()));
    let number = |index: usize| U256::from_be_slice(&result[index * 32..][..32]);
    assert_eq!([0, 1, 2, 3].map(number), [5_u64, 1, 1 << 50, 412_346].map(U256::from));
    chain.place(STRANGER, &[0x60, 0, 0x49, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3]);
    assert_eq!(output(&chain.call(STRANGER, Vec::new())).as_ref(), [0; 32], "no transaction has blobs");
    chain.place(STRANGER, &[0x60, 0, 0x4a]);
    let outcome = chain.call(STRANGER, Vec::new()).outcome;
    assert_eq!(outcome, ExecutionOutcome::Halt { reason: HaltReason::NoBlobs });
}

#[test]
fn the_state_of_the_chain_stays_cold() {
    let mut chain = Chain::new();
    // PUSH20, BALANCE, on the account that the machine itself reads.
    let arbos = address!("0xA4B05FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF");
    let code = [&[0x73], arbos.as_slice(), &[0x31]].concat();
    chain.place(STRANGER, &code);
    assert_eq!(chain.call(STRANGER, Vec::new()).gas_used, 21_000 + 3 + 2_600);
    let precompile = [&[0x73], ARB_WASM.as_slice(), &[0x31]].concat();
    chain.place(STRANGER, &precompile);
    assert_eq!(chain.call(STRANGER, Vec::new()).gas_used, 21_000 + 3 + 100, "precompiles are warm");
}

#[test]
fn access_lists_warm_slots_of_programs() {
    let mut chain = Chain::new();
    let imports = r#"(import "vm_hooks" "storage_load_bytes32" (func $load (param i32 i32)))"#;
    let program = chain.program(&wat(imports, "", "i32.const 0 i32.const 32 call $load", 0));
    let start = chain.start_gas(program);
    let access_list = AccessList(vec![AccessListItem { address: program, storage_keys: vec![B256::ZERO] }]);
    let tx = Transaction { tx_type: 1, access_list, ..chain.transaction(program, Vec::new()) };
    // The list costs 2,400 for the address and 1,900 for the slot, which is then warm for 100 and the trip of 5.
    let ink = gas(calls(&[2]) + 18_480);
    assert_eq!(chain.send(&tx).gas_used, 21_000 + 2_400 + 1_900 + start + ink + 105);
}

#[test]
fn accounts_can_delegate_to_programs() {
    let mut chain = Chain::new();
    let imports = r#"
        (import "vm_hooks" "contract_address" (func $address (param i32)))
        (import "vm_hooks" "write_result" (func $return (param i32 i32)))"#;
    let program =
        chain.program(&wat(imports, "", "i32.const 0 call $address i32.const 0 i32.const 20 call $return", 0));
    let start = chain.start_gas(program);
    let authorization = Authorization { chain_id: U256::from(412_346), address: program, nonce: 0 };
    let signed = RecoveredAuthorization::new_unchecked(authorization, RecoveredAuthority::Valid(STRANGER));
    let tx = Transaction { tx_type: 4, authorization_list: vec![signed], ..chain.transaction(STRANGER, Vec::new()) };
    let execution = chain.send(&tx);
    assert_eq!(output(&execution).as_ref(), STRANGER.as_slice(), "the account acts, with the program's code");
    // An authorization costs 25,000 for an account that does not exist.
    let ink = calls(&[1, 2]) + 13_440 + 8_400 + 2 * 16_381;
    assert_eq!(execution.gas_used, 21_000 + 25_000 + start + gas(ink));
}

#[test]
fn the_machine_can_move_to_its_thread() {
    fn can_be_sent<T: Send>() {}
    can_be_sent::<Vm>();
}
