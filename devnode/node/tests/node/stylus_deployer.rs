//! The contract that deploys, activates and initialises a program in one transaction.

use crate::contracts::{init_code as evm_init_code, reverter};
use crate::support::{ask, deploy, node, provider, quantity, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, U256, address, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use alloy::sol_types::{Panic, SolCall, SolError, SolEvent};
use serde_json::json;
use stylus_program::format::{compress, init_code};
use stylus_program::process::process;

const DEPLOYER: Address = address!("cEcba2F1DC234f70Dd89F2041029807F8D03A990");

/// More than any data fee of these programs, in wei.
const FEE: u64 = 1_000_000_000_000_000;

sol! {
    function deploy(bytes bytecode, bytes initData, uint256 initValue, bytes32 salt) external payable returns (address);

    event ContractDeployed(address deployedContract);
    event ProgramActivated(
        bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version
    );

    #[derive(Debug)]
    error ContractDeploymentError(bytes bytecode);
    error ContractInitializationError(address newContract, bytes reason);
    error RefundExcessValueError(uint256 excessValue);
    error EmptyBytecode();
    error InitValueButNotInitData();
    error ProgramInsufficientValue(uint256 have, uint256 want);
}

/// A program that returns its call data, fails if that begins with 0xff, and stores the first word of it in slot 0.
const WITH_CONSTRUCTOR: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $return (param i32 i32)))
    (import "vm_hooks" "storage_cache_bytes32" (func $store (param i32 i32)))
    (import "vm_hooks" "storage_flush_cache" (func $flush (param i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param i32) (result i32)
        (call $read_args (i32.const 32))
        (call $return (i32.const 32) (local.get 0))
        (call $store (i32.const 0) (i32.const 32))
        (call $flush (i32.const 0))
        (i32.eq (i32.load8_u (i32.const 32)) (i32.const 255))))"#;

fn program() -> Bytes {
    let wasm = wat::parse_str(WITH_CONSTRUCTOR).expect("valid WAT");
    init_code(&compress(&process(&wasm).expect("a module")).expect("a program")).into()
}

/// A request to deploy the program.
fn request(data: &[u8], value: u64, salt: B256) -> deployCall {
    deployCall { bytecode: program(), initData: data.to_vec().into(), initValue: U256::from(value), salt }
}

fn transaction(call: &deployCall, value: u64) -> TransactionRequest {
    TransactionRequest::default().with_to(DEPLOYER).with_input(call.abi_encode()).with_value(U256::from(value))
}

#[tokio::test]
async fn a_program_is_deployed_activated_and_initialised_at_once() {
    let node = node().await;
    let provider = provider(&node, 0);
    let before = provider.get_balance(node.accounts()[0].address).await.expect("a balance");
    let receipt = send(&provider, transaction(&request(&[7; 32], 5, B256::ZERO), FEE)).await;
    assert!(receipt.status());
    let [activated, deployed] = receipt.logs() else { panic!("two events: {:?}", receipt.logs()) };
    let activated = ProgramActivated::decode_log(&activated.inner).expect("the event of ArbWasm");
    let address = ContractDeployed::decode_log(&deployed.inner).expect("the event of the deployer").deployedContract;
    // The nonce of the deployer was 1.
    assert_eq!((address, activated.program), (DEPLOYER.create(1), DEPLOYER.create(1)));
    assert_eq!(provider.get_storage_at(address, U256::ZERO).await.expect("a slot"), U256::from_be_bytes([7; 32]));
    assert_eq!(provider.get_balance(address).await.expect("a balance"), U256::from(5));
    assert_eq!(provider.get_balance(DEPLOYER).await.expect("a balance"), U256::ZERO);
    let after = provider.get_balance(node.accounts()[0].address).await.expect("a balance");
    let gas = U256::from(u128::from(receipt.gas_used) * receipt.effective_gas_price);
    assert_eq!(before - after, activated.dataFee + U256::from(5) + gas, "the rest comes back");
}

#[tokio::test]
async fn what_is_active_is_not_activated_again_and_no_data_is_no_call() {
    let node = node().await;
    let provider = provider(&node, 0);
    send(&provider, transaction(&request(&[7; 32], 0, B256::ZERO), FEE)).await;
    let receipt = send(&provider, transaction(&request(&[], 0, B256::ZERO), 0)).await;
    assert!(receipt.status());
    let [deployed] = receipt.logs() else { panic!("one event: {:?}", receipt.logs()) };
    let address = ContractDeployed::decode_log(&deployed.inner).expect("the event").deployedContract;
    assert_eq!(address, DEPLOYER.create(2));
    assert_eq!(provider.get_storage_at(address, U256::ZERO).await.expect("a slot"), U256::ZERO);
}

#[tokio::test]
async fn a_salt_binds_the_address_to_data_and_value() {
    let node = node().await;
    let provider = provider(&node, 0);
    let (salt, data) = (B256::repeat_byte(3), [9; 33]);
    let call = request(&data, 4, salt);
    let returned = provider.call(transaction(&call, FEE)).await.expect("an answer");
    let bound = keccak256([salt.as_slice(), &data, &U256::from(4).to_be_bytes::<32>()].concat());
    let expected = DEPLOYER.create2_from_code(bound, program());
    assert_eq!(deployCall::abi_decode_returns(&returned).expect("an address"), expected);
    assert!(send(&provider, transaction(&call, FEE)).await.status());
    assert!(!provider.get_code_at(expected).await.expect("code").is_empty());
    let taken = provider.call(transaction(&call, FEE)).await.expect_err("the address is taken");
    let data = taken.as_error_resp().and_then(|error| error.as_revert_data()).expect("data");
    assert_eq!(ContractDeploymentError::abi_decode(&data).expect("its error").bytecode, program());
}

#[tokio::test]
async fn what_cannot_be_deployed_is_refused_with_its_reason() {
    let node = node().await;
    let new = DEPLOYER.create(1);
    // Init code that reverts with a word: PUSH1 42, PUSH0, MSTORE, PUSH1 32, PUSH0, REVERT.
    let reverting = Bytes::from_static(&[0x60, 42, 0x5f, 0x52, 0x60, 32, 0x5f, 0xfd]);
    // Init code that halts.
    let halting = Bytes::from_static(&[0xfe]);
    let good = request(&[7; 32], 5, B256::ZERO);
    let described = |call: &deployCall, value: u64| {
        let (from, data) = (node.accounts()[0].address, Bytes::from(call.abi_encode()));
        json!({ "from": from, "to": DEPLOYER, "data": data, "value": U256::from(value) })
    };
    let failed = |reason: &'static [u8]| -> Bytes {
        ContractInitializationError { newContract: new, reason: Bytes::from_static(reason) }.abi_encode().into()
    };
    let cases: [(deployCall, u64, Bytes); 7] = [
        (deployCall { bytecode: Bytes::new(), ..good.clone() }, FEE, EmptyBytecode {}.abi_encode().into()),
        (request(&[], 5, B256::ZERO), FEE, InitValueButNotInitData {}.abi_encode().into()),
        (request(&[0xff], 5, B256::ZERO), FEE, failed(&[0xff])),
        (request(&[0xff; 70], 5, B256::ZERO), FEE, failed(&[0xff; 70])),
        (good.clone(), 4, Panic { code: U256::from(0x11) }.abi_encode().into()),
        (deployCall { bytecode: reverting, ..good.clone() }, FEE, B256::with_last_byte(42).into()),
        (
            deployCall { bytecode: halting.clone(), ..good.clone() },
            FEE,
            ContractDeploymentError { bytecode: halting }.abi_encode().into(),
        ),
    ];
    for (call, value, want) in cases {
        let params = json!([described(&call, value)]);
        let error = node.request("eth_call", params).expect_err("a refusal");
        assert_eq!(error.code(), 3, "{error}");
        let data: Bytes = serde_json::from_value(error.data().expect("data").clone()).expect("bytes");
        assert_eq!(data, want);
    }
    // The fee is what comes beyond the constructor's value: nothing is left for it here.
    let params = json!([described(&good, 5)]);
    let error = node.request("eth_call", params).expect_err("a refusal");
    let data: Bytes = serde_json::from_value(error.data().expect("data").clone()).expect("bytes");
    let missing = ProgramInsufficientValue::abi_decode(&data).expect("the error of ArbWasm");
    assert_eq!(missing.have, U256::ZERO);
    let unknown = node.request("eth_call", json!([{ "to": DEPLOYER, "data": "0x12345678" }])).expect_err("a refusal");
    assert_eq!(unknown.code(), 3);
    assert_eq!(quantity(&ask(&node, "eth_getTransactionCount", json!([DEPLOYER, "latest"]))), 1, "nothing changed");
}

#[tokio::test]
async fn who_cannot_take_the_rest_back_deploys_nothing() {
    let node = node().await;
    let provider = provider(&node, 0);
    // A contract that passes its call data and all its wei on to the deployer, and reverts with what the deployer
    // returns. Without data the contract reverts at once, so that it takes no wei back.
    let code = [
        &[0x36, 0x60, 0x07, 0x57, 0x5f, 0x5f, 0xfd][..], // CALLDATASIZE, or REVERT(0, 0)
        &[0x5b, 0x36, 0x5f, 0x5f, 0x37],                 // CALLDATACOPY(0, 0, CALLDATASIZE)
        &[0x5f, 0x5f, 0x36, 0x5f, 0x47, 0x73],           // CALL(GAS, deployer, SELFBALANCE, 0, CALLDATASIZE, 0, 0)
        DEPLOYER.as_slice(),
        &[0x5a, 0xf1, 0x50, 0x3d, 0x5f, 0x5f, 0x3e, 0x3d, 0x5f, 0xfd], // REVERT with the return data
    ];
    let proud = deploy(&provider, evm_init_code(&code.concat())).await;
    let call = request(&[7; 32], 5, B256::ZERO).abi_encode();
    let request = TransactionRequest::default().with_to(proud).with_input(call).with_value(U256::from(FEE));
    let error = provider.call(request).await.expect_err("a refusal");
    let data = error.as_error_resp().and_then(|error| error.as_revert_data()).expect("data");
    let excess = RefundExcessValueError::abi_decode(&data).expect("its error").excessValue;
    assert!(excess > U256::ZERO && excess < U256::from(FEE));
    // What is no program cannot be activated.
    let evm = deployCall { bytecode: reverter(), initData: Bytes::new(), initValue: U256::ZERO, salt: B256::ZERO };
    assert!(provider.call(transaction(&evm, FEE)).await.is_err());
}
