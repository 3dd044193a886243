//! What is refused before anything is done: more arguments than a method takes, and where a node is to be like Nitro,
//! methods that Nitro does not have.

use super::error::invalid_params;
use crate::rpc_error::RpcError;
use serde_json::Value;

/// Refuses more arguments than a method takes. The development methods are not so strict.
///
/// # Errors
///
/// "invalid params".
pub(crate) fn check(method: &str, params: &Value) -> Result<(), RpcError> {
    match (most(method), params.as_array()) {
        (Some(most), Some(params)) if params.len() > most => {
            Err(invalid_params(&format!("too many arguments, want at most {most}")))
        }
        _ => Ok(()),
    }
}

fn most(method: &str) -> Option<usize> {
    Some(match method {
        "eth_accounts" | "eth_blockNumber" | "eth_chainId" | "eth_gasPrice" | "eth_maxPriorityFeePerGas" => 0,
        "eth_syncing" | "eth_blobBaseFee" | "eth_config" | "net_version" | "web3_clientVersion" | "rpc_modules" => 0,
        "eth_newBlockFilter" => 0,
        "eth_getLogs" | "eth_newFilter" | "eth_uninstallFilter" | "eth_getFilterChanges" | "eth_getFilterLogs" => 1,
        "eth_sendRawTransaction" | "eth_sendTransaction" | "eth_signTransaction" | "eth_fillTransaction" => 1,
        "eth_getBlockReceipts" | "eth_getHeaderByNumber" | "eth_getHeaderByHash" | "web3_sha3" => 1,
        "eth_getTransactionByHash" | "eth_getTransactionReceipt" | "eth_getRawTransactionByHash" => 1,
        "eth_getBlockTransactionCountByHash" | "eth_getBlockTransactionCountByNumber" => 1,
        "eth_getUncleCountByBlockHash" | "eth_getUncleCountByBlockNumber" => 1,
        "debug_getRawHeader" | "debug_getRawBlock" | "debug_getRawReceipts" | "debug_getRawTransaction" => 1,
        "eth_newPendingTransactionFilter" => 1,
        "eth_getBalance" | "eth_getCode" | "eth_getTransactionCount" | "eth_sign" | "eth_sendRawTransactionSync" => 2,
        "eth_getBlockByHash" | "eth_getBlockByNumber" | "eth_simulateV1" => 2,
        "eth_getTransactionByBlockHashAndIndex" | "eth_getTransactionByBlockNumberAndIndex" => 2,
        "eth_getRawTransactionByBlockHashAndIndex" | "eth_getRawTransactionByBlockNumberAndIndex" => 2,
        "eth_getUncleByBlockHashAndIndex" | "eth_getUncleByBlockNumberAndIndex" => 2,
        "debug_traceTransaction" | "debug_traceBlock" | "debug_traceBlockByHash" | "debug_traceBlockByNumber" => 2,
        "eth_getStorageAt" | "eth_getProof" | "eth_feeHistory" | "debug_traceCall" => 3,
        "eth_createAccessList" => 3,
        "eth_call" | "eth_estimateGas" => 4,
        _ => return None,
    })
}

/// Whether Nitro's development mode has nothing like this method.
pub(super) fn is_foreign(method: &str) -> bool {
    let foreign =
        ["eth_coinbase", "eth_mining", "eth_hashrate", "eth_protocolVersion", "net_listening", "net_peerCount"];
    let signs = ["personal_sign", "eth_signTypedData_v4", "eth_getTransactionBySenderAndNonce"];
    foreign.contains(&method)
        || signs.contains(&method)
        || method.starts_with("txpool_")
        || method.starts_with("trace_")
        || method.starts_with("ots_")
}

/// The prefixes of the development methods.
const DEVELOPMENT: [&str; 3] = ["anvil", "evm", "hardhat"];

/// Whether a method is there for development only.
pub(super) fn is_of_development(method: &str) -> bool {
    method.split_once('_').is_some_and(|(prefix, _)| DEVELOPMENT.contains(&prefix))
}
