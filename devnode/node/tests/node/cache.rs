//! The contract that puts programs into the chain's cache.

use crate::programs::{activation, echo};
use crate::support::{deploy, node, provider, send};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, U256, address, aliases::U192, keccak256};
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use alloy::sol;
use alloy::sol_types::SolCall;
use stylus_program::format::init_code;

const ARB_WASM_CACHE: Address = address!("0000000000000000000000000000000000000072");

sol! {
    function allCacheManagers() external view returns (address[] managers);
    function codehashIsCached(bytes32 codehash) external view returns (bool);
    function isPaused() external view returns (bool);
    function queueSize() external view returns (uint64);
    function cacheSize() external view returns (uint64);
    function placeBid(address program) external payable;
    function evict() external;

    interface ByAddress {
        function getMinBid(address program) external view returns (uint192 min);
    }
    interface BySize {
        function getMinBid(uint64 size) external view returns (uint192 min);
    }
}

fn request(to: Address, call: &impl SolCall) -> TransactionRequest {
    TransactionRequest::default().with_to(to).with_input(call.abi_encode())
}

async fn view<C: SolCall>(provider: &impl Provider, to: Address, call: C) -> C::Return {
    let output = provider.call(request(to, &call)).await.expect("an answer");
    C::abi_decode_returns(&output).expect("a result")
}

#[tokio::test]
async fn the_manager_caches_any_program_for_nothing() {
    let node = node().await;
    let provider = provider(&node, 1);
    let managers = view(&provider, ARB_WASM_CACHE, allCacheManagersCall {}).await;
    let [manager] = managers[..] else { panic!("one manager, not {managers:?}") };
    assert!(!view(&provider, manager, isPausedCall {}).await);
    assert_eq!(view(&provider, manager, queueSizeCall {}).await, 0);
    assert_eq!(view(&provider, manager, cacheSizeCall {}).await, 512 << 20);
    assert_eq!(view(&provider, manager, BySize::getMinBidCall { size: 8_000 }).await, U192::ZERO);

    let program = deploy(&provider, init_code(&echo()).into()).await;
    assert_eq!(view(&provider, manager, ByAddress::getMinBidCall { program }).await, U192::ZERO);
    let bid = request(manager, &placeBidCall { program });
    let error = provider.call(bid.clone()).await.expect_err("not active").as_error_resp().expect("an answer").clone();
    assert_eq!(error.code, 3);
    send(&provider, activation(program)).await;
    let call = TransactionRequest::default().with_to(program);
    let before = send(&provider, call.clone()).await.gas_used;
    assert!(send(&provider, bid).await.status());
    let codehash = keccak256(echo());
    assert!(view(&provider, ARB_WASM_CACHE, codehashIsCachedCall { codehash }).await);
    assert!(send(&provider, call).await.gas_used < before, "it starts for less");
    assert!(provider.call(request(manager, &evictCall {})).await.is_err(), "it does nothing else");
    assert!(provider.call(TransactionRequest::default().with_to(manager).with_value(U256::from(1))).await.is_err());
}
