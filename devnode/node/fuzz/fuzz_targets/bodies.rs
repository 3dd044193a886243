//! Bodies of JSON-RPC: a request, or several one after the other. Each is asked of the same chain, which goes back
//! after each body. A panic of the node ends the run, although the node itself goes on after one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use std::sync::LazyLock;
use stylus_devnode::{Devnode, RpcError};

static NODE: LazyLock<Devnode> = LazyLock::new(|| {
    let node = Devnode::builder().timestamp(1_000_000).manual_time(true);
    node.spawn_blocking().expect("a node")
});

fn ask(method: &str, params: Value) -> Result<Value, RpcError> {
    NODE.request(method, params)
}

fuzz_target!(|body: &[u8]| {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return };
    // It would look at nodes elsewhere.
    if body.to_string().contains("jsonRpcUrl") {
        return;
    }
    let requests = match body {
        Value::Array(requests) => requests,
        request => vec![request],
    };
    let before = ask("evm_snapshot", json!([])).expect("a snapshot");
    for mut request in requests.into_iter().take(8) {
        let params = request.get_mut("params").map(Value::take).unwrap_or_default();
        if let Some(method) = request["method"].as_str()
            && let Err(error) = ask(method, params)
        {
            assert_ne!(error.code(), -32_603, "{request}: {error}");
        }
    }
    // A body may have used up the snapshot; then the chain begins anew.
    if ask("evm_revert", json!([before])) != Ok(json!(true)) {
        ask("anvil_reset", json!([])).expect("the start");
    }
    ask("evm_setAutomine", json!([true])).expect("as before");
    ask("evm_setIntervalMining", json!([0])).expect("as before");
    ask("evm_setAutomine", json!([true])).expect("as before");
});
