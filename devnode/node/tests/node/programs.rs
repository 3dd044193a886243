//! Stylus programs through the node: deploying, activating and calling them as `cargo stylus` does.

use crate::support::{ask, deploy, node, provider, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{SolCall, SolError, SolEvent};
use serde_json::json;
use stylus_devnode::DeployError;
use stylus_program::format::{compress, init_code};
use stylus_program::process::process;
use stylus_vm::arb_wasm::{
    ADDRESS as ARB_WASM, ProgramActivated, ProgramNotActivated, activateProgramCall, codehashVersionCall,
};

/// A program that returns its call data.
const ECHO: &str = r#"(module
    (import "vm_hooks" "read_args" (func $read_args (param i32)))
    (import "vm_hooks" "write_result" (func $write_result (param i32 i32)))
    (memory (export "memory") 1 1)
    (func (export "user_entrypoint") (param $len i32) (result i32)
        (call $read_args (i32.const 0))
        (call $write_result (i32.const 0) (local.get $len))
        (i32.const 0)))"#;

/// Its code.
pub(crate) fn echo() -> Vec<u8> {
    let wasm = wat::parse_str(ECHO).expect("valid WAT");
    compress(&process(&wasm).expect("a module")).expect("a program")
}

pub(crate) fn activation(program: Address) -> TransactionRequest {
    let call = activateProgramCall { program }.abi_encode();
    TransactionRequest::default().with_to(ARB_WASM).with_input(call).with_value(U256::from(10).pow(U256::from(18)))
}

#[tokio::test]
async fn a_program_is_deployed_activated_and_called() {
    let node = node().await;
    let provider = provider(&node, 0);
    let program = deploy(&provider, init_code(&echo()).into()).await;
    assert_eq!(provider.get_code_at(program).await.expect("code"), echo());

    let codehash = alloy::primitives::keccak256(echo());
    let version =
        TransactionRequest::default().with_to(ARB_WASM).with_input(codehashVersionCall { codehash }.abi_encode());
    let error = provider.call(version.clone()).await.expect_err("not active");
    let error = error.as_error_resp().expect("an answer");
    assert_eq!((error.code, error.as_revert_data()), (3, Some(ProgramNotActivated {}.abi_encode().into())));

    let before = provider.get_balance(node.accounts()[0].address).await.expect("a balance");
    let receipt = send(&provider, activation(program)).await;
    assert!(receipt.status());
    let activated = ProgramActivated::decode_log(&receipt.logs()[0].inner).expect("the event");
    assert_eq!((activated.codehash, activated.program, activated.version), (codehash, program, 2));
    let after = provider.get_balance(node.accounts()[0].address).await.expect("a balance");
    let gas = U256::from(u128::from(receipt.gas_used) * receipt.effective_gas_price);
    assert_eq!(before - after, activated.dataFee + gas, "the rest of the value comes back");
    let output = provider.call(version).await.expect("a version");
    assert_eq!(codehashVersionCall::abi_decode_returns(&output).expect("a version"), 2);

    let data = Bytes::from_static(b"anybody there?");
    let call = TransactionRequest::default().with_to(program).with_input(data.clone());
    assert_eq!(provider.call(call.clone()).await.expect("output"), data);
    assert!(send(&provider, call).await.status(), "with the gas that was estimated");
}

#[tokio::test]
async fn a_program_can_be_checked_before_it_is_deployed() {
    let node = node().await;
    let sender = Address::repeat_byte(0x5e);
    let program = Address::repeat_byte(0x99);
    let call = activateProgramCall { program }.abi_encode();
    let overrides = json!({
        sender.to_string(): { "balance": U256::MAX },
        program.to_string(): { "code": Bytes::from(echo()) },
    });
    let call = json!({ "from": sender, "to": ARB_WASM, "input": Bytes::from(call), "value": "0xde0b6b3a7640000" });
    let output: Bytes =
        serde_json::from_value(ask(&node, "eth_call", json!([call, "latest", overrides]))).expect("bytes");
    let returned = activateProgramCall::abi_decode_returns(&output).expect("version and fee");
    assert_eq!(returned.version, 2);
    assert!(returned.dataFee > U256::ZERO);
}

#[tokio::test]
async fn snapshots_hold_activated_programs() {
    let node = node().await;
    let sender = provider(&node, 0);
    let program = deploy(&sender, init_code(&echo()).into()).await;
    send(&sender, activation(program)).await;
    let copy =
        stylus_devnode::Devnode::builder().state(node.state().expect("a snapshot")).spawn().await.expect("a node");
    drop(node);
    assert_eq!(ask(&copy, "eth_call", json!([{ "to": program, "input": "0x1234" }])), "0x1234");
}

#[tokio::test]
async fn a_program_is_deployed_in_one_call_and_what_is_none_is_refused() {
    let node = node().await;
    let wasm = wat::parse_str(ECHO).expect("valid WAT");
    let program = node.deploy_program(&wasm).expect("a program");
    assert_eq!(ask(&node, "eth_call", json!([{ "to": program, "input": "0x1234" }])), "0x1234");
    // The same code again is active already: that is no reason to fail.
    assert_ne!(node.deploy_program(&wasm).expect("another one"), program);

    assert!(matches!(node.deploy_program(b"no wasm"), Err(DeployError::Wasm(_))));
    let no_entrypoint = wat::parse_str(r#"(module (memory (export "memory") 1 1))"#).expect("valid WAT");
    assert!(matches!(node.deploy_program(&no_entrypoint), Err(DeployError::Refused(_))), "no entry point");
}
