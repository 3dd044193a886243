//! The precompiles that own and describe the chain.

use crate::chain::*;
use alloy_sol_types::{SolCall, sol};
use revm::primitives::{Address, B256, U256, address, keccak256};
use stylus_vm::{
    ChainConfig, Checks, ExecuteError, ExecutionOutcome, HaltReason, InvalidTransaction, Transaction, revm,
};

const ARB_SYS: Address = address!("0x0000000000000000000000000000000000000064");
const ARB_INFO: Address = address!("0x0000000000000000000000000000000000000065");
const ARB_OWNER_PUBLIC: Address = address!("0x000000000000000000000000000000000000006b");
const ARB_GAS_INFO: Address = address!("0x000000000000000000000000000000000000006c");
const ARB_WASM_CACHE: Address = address!("0x0000000000000000000000000000000000000072");
const ARB_DEBUG: Address = address!("0x00000000000000000000000000000000000000ff");
const STRANGER: Address = address!("0x00000000000000000000000000000000dead0001");

sol! {
    event OwnerActs(bytes4 indexed method, address indexed owner, bytes data);
    function becomeChainOwner() external;
    function isChainOwner(address account) external view returns (bool);
    function getAllChainOwners() external view returns (address[]);
    function addChainOwner(address account) external;
    function setInkPrice(uint32 price) external;
    function setCalldataPriceIncrease(bool enable) external;
    function inkPrice() external view returns (uint32);
    function setNetworkFeeAccount(address account) external;
    function addWasmCacheManager(address manager) external;
    function allCacheManagers() external view returns (address[]);
    function arbBlockNumber() external view returns (uint256);
    function arbBlockHash(uint256 number) external view returns (bytes32);
    function arbChainID() external view returns (uint256);
    function arbOSVersion() external view returns (uint256);
    function getBalance(address account) external view returns (uint256);
    function getPricesInWei() external view returns (uint256, uint256, uint256, uint256, uint256, uint256);
}

/// Sends a call of the owner to ArbOwner.
fn own(chain: &mut Chain, call: &impl SolCall) -> stylus_vm::Execution {
    chain.call(ARB_OWNER, call.abi_encode())
}

#[test]
fn owners_change_the_chain_for_free() {
    let mut chain = Chain::new();
    let call = setInkPriceCall { price: 20_000 };
    let execution = own(&mut chain, &call);
    assert_eq!(execution.gas_used, intrinsic(&call.abi_encode()));
    let acts: OwnerActs = event(&execution).unwrap();
    assert_eq!((acts.method.0, acts.owner), (setInkPriceCall::SELECTOR, OWNER));
    assert_eq!(chain.view(ARB_WASM, &inkPriceCall {}), 20_000);
    let unknown = chain.call(ARB_OWNER, vec![1, 2, 3, 4]);
    assert_eq!((is_success(&unknown), unknown.gas_used), (false, intrinsic(&[1, 2, 3, 4])));
    assert!(!is_success(&own(&mut chain, &setInkPriceCall { price: 0 })));
    assert!(!is_success(&own(&mut chain, &setInkPriceCall { price: 1 << 24 })));
    assert_eq!(chain.view(ARB_WASM, &inkPriceCall {}), 20_000);
}

#[test]
fn the_owner_may_want_a_floor_for_call_data() {
    let mut chain = Chain::new();
    let data = vec![0xff; 1_000];
    assert_eq!(chain.call(STRANGER, data.clone()).gas_used, 21_000 + 16 * 1_000);
    assert!(is_success(&own(&mut chain, &setCalldataPriceIncreaseCall { enable: true })));
    let floor = 21_000 + 40 * 1_000;
    assert_eq!(chain.call(STRANGER, data.clone()).gas_used, floor);
    let short = Transaction { gas_limit: floor - 1, ..chain.transaction(STRANGER, data.clone()) };
    match chain.vm.execute(&mut chain.db, &chain.block, &short, Checks::Transaction) {
        Err(ExecuteError::Invalid(reason)) => {
            assert_eq!(reason, InvalidTransaction::FloorGasTooLow { have: floor - 1, want: floor });
        }
        other => panic!("not refused: {other:?}"),
    }
    assert!(is_success(&own(&mut chain, &setCalldataPriceIncreaseCall { enable: false })));
    assert_eq!(chain.call(STRANGER, data).gas_used, 21_000 + 16 * 1_000);
}

#[test]
fn strangers_lose_their_gas() {
    let mut chain = Chain::new();
    chain
        .db
        .insert_account_info(STRANGER, revm::state::AccountInfo { balance: U256::from(ETHER), ..Default::default() });
    let call = setInkPriceCall { price: 1 }.abi_encode();
    let tx = Transaction { from: STRANGER, nonce: 0, gas_limit: 100_000, ..chain.transaction(ARB_OWNER, call.clone()) };
    let execution = chain.send(&tx);
    assert!(matches!(execution.outcome, ExecutionOutcome::Halt { reason: HaltReason::Precompile(_) }));
    assert_eq!(execution.gas_used, 100_000);

    let debug = becomeChainOwnerCall {}.abi_encode();
    let tx = Transaction { from: STRANGER, nonce: 1, ..chain.transaction(ARB_DEBUG, debug) };
    assert!(is_success(&chain.send(&tx)));
    assert!(chain.view(ARB_OWNER_PUBLIC, &isChainOwnerCall { account: STRANGER }));
    assert_eq!(chain.view(ARB_OWNER_PUBLIC, &getAllChainOwnersCall {}), [Address::ZERO, OWNER, STRANGER]);
    let tx = Transaction { from: STRANGER, nonce: 2, ..chain.transaction(ARB_OWNER, call) };
    assert!(is_success(&chain.send(&tx)));
}

#[test]
fn debugging_needs_a_debug_chain() {
    let mut chain = Chain::with(ChainConfig { debug: false, ..ChainConfig::default() });
    let execution = chain.call(ARB_DEBUG, becomeChainOwnerCall {}.abi_encode());
    assert!(matches!(execution.outcome, ExecutionOutcome::Halt { reason: HaltReason::Precompile(_) }));
    let imports = r#"(import "console" "log_i32" (func $print (param i32)))"#;
    let program = chain.deploy_program(&wat::parse_str(wat(imports, "", "i32.const 1 call $print", 0)).unwrap());
    assert!(!is_success(&chain.activate(program)));
    let idle = chain.program(&wat("", "", "", 0));
    assert!(is_success(&chain.call(idle, Vec::new())));
}

#[test]
fn methods_keep_to_their_purity() {
    let mut chain = Chain::new();
    let mut refused = |to: Address, input: Vec<u8>, value: u64| {
        let tx = Transaction { value: U256::from(value), gas_limit: 100_000, ..chain.transaction(to, input) };
        let execution = chain.send(&tx);
        (execution.outcome == ExecutionOutcome::Revert { output: Vec::new().into() }) && execution.gas_used == 100_000
    };
    assert!(refused(ARB_SYS, vec![1, 2, 3, 4], 0), "no such method");
    assert!(refused(ARB_SYS, vec![1, 2, 3], 0), "no selector");
    assert!(refused(ARB_WASM, inkPriceCall {}.abi_encode(), 1), "value for a view");
    assert!(refused(ARB_INFO, getBalanceCall::SELECTOR.to_vec(), 0), "no arguments");
    // A static call of a write, and a delegate call of a view: PUSH the selector, MSTORE, call with it, return the
    // success word.
    let relay = address!("0x00000000000000000000000000000000c0ffee01");
    for (opcode, precompile, selector, works) in [
        (0xfa, ARB_DEBUG, becomeChainOwnerCall::SELECTOR, 0),
        (0xf1, ARB_DEBUG, becomeChainOwnerCall::SELECTOR, 1),
        (0xf4, ARB_SYS, arbBlockNumberCall::SELECTOR, 0),
        (0xfa, ARB_SYS, arbBlockNumberCall::SELECTOR, 1),
    ] {
        let mut code = vec![0x63];
        code.extend(selector);
        // The selector ends up in bytes 28 to 32.
        code.extend([0x60, 0, 0x52, 0x60, 0, 0x60, 0, 0x60, 4, 0x60, 28]);
        if opcode == 0xf1 {
            code.extend([0x60, 0]);
        }
        code.push(0x73);
        code.extend(precompile.as_slice());
        code.extend([0x62, 1, 0, 0, opcode, 0x60, 0, 0x52, 0x60, 0x20, 0x60, 0, 0xf3]);
        chain.place(relay, &code);
        assert_eq!(output(&chain.call(relay, Vec::new()))[31], works, "{opcode:x} {precompile}");
    }
}

#[test]
fn fees_go_where_the_owner_says() {
    let mut chain = Chain::new();
    own(&mut chain, &setNetworkFeeAccountCall { account: STRANGER });
    let before = chain.balance(STRANGER);
    let execution = chain.call(ARB_SYS, arbBlockNumberCall {}.abi_encode());
    let fee = U256::from(execution.gas_used) * U256::from(BASE_FEE);
    assert_eq!(chain.balance(STRANGER), before + fee);
}

#[test]
fn managers_are_listed() {
    let mut chain = Chain::new();
    assert!(is_success(&own(&mut chain, &addWasmCacheManagerCall { manager: STRANGER })));
    assert_eq!(chain.view(ARB_WASM_CACHE, &allCacheManagersCall {}), [STRANGER]);
}

#[test]
fn the_chain_describes_itself() {
    let mut chain = Chain::new();
    assert_eq!(chain.view(ARB_SYS, &arbBlockNumberCall {}), U256::from(7));
    assert_eq!(chain.view(ARB_SYS, &arbChainIDCall {}), U256::from(412_346));
    assert_eq!(chain.view(ARB_SYS, &arbOSVersionCall {}), U256::from(55 + 51));
    // The in-memory database names block 6 by the hash of its number.
    assert_eq!(chain.view(ARB_SYS, &arbBlockHashCall { number: U256::from(6) }), keccak256("6"));
    let future = arbBlockHashCall { number: U256::from(7) }.abi_encode();
    assert!(!is_success(&chain.call(ARB_SYS, future)));
    let balance = chain.balance(OWNER);
    assert_eq!(chain.view(ARB_INFO, &getBalanceCall { account: OWNER }), balance);
    let prices = chain.view(ARB_GAS_INFO, &getPricesInWeiCall {});
    // Without a price, the call runs in a block without base fee; the prices are those of the block as it is.
    assert_eq!((prices._0, prices._5), (U256::ZERO, U256::from(BASE_FEE)));
}

#[test]
fn precompiles_have_code() {
    let mut chain = Chain::new();
    let hash: B256 = keccak256([0xfe]);
    for address in [ARB_SYS, ARB_INFO, ARB_OWNER, ARB_WASM, ARB_WASM_CACHE, ARB_DEBUG] {
        assert_eq!(chain.code_hash(address), hash);
    }
}
