//! WASM modules: they are refused, or activated, and what is activated is valid, and runs to an end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use std::sync::LazyLock;
use stylus_devnode::Devnode;
use stylus_program::activation::{ActivationRules, activate, instrument};
use stylus_program::process::process;
use wasmparser::{Validator, WasmFeatures};

const RULES: [ActivationRules; 2] = [
    ActivationRules { arbos_version: 51, stylus_version: 2, page_limit: 128, debug: true },
    ActivationRules { arbos_version: 60, stylus_version: 2, page_limit: 2, debug: false },
];

static NODE: LazyLock<Devnode> = LazyLock::new(|| {
    let node = Devnode::builder().timestamp(1_000_000).manual_time(true);
    node.spawn_blocking().expect("a node")
});

fuzz_target!(|wasm: &[u8]| {
    let mut runs = false;
    for rules in &RULES {
        let mut gas = u64::MAX;
        if let Ok(activated) = activate(wasm, rules, &mut gas) {
            let valid = Validator::new_with_features(WasmFeatures::all()).validate_all(&activated.module);
            valid.expect("what was metered is valid");
            assert_eq!(instrument(wasm, rules), Ok(activated.module));
            runs = true;
        }
    }
    if let Ok(processed) = process(wasm) {
        assert_eq!(process(&processed), Ok(processed));
    }
    if !runs {
        return;
    }
    let before = NODE.request("evm_snapshot", json!([])).expect("a snapshot");
    if let Ok(program) = NODE.deploy_program(wasm) {
        for gas in ["0x7a120", "0x1e8480"] {
            let call = json!([{ "to": program, "gas": gas, "data": "0x0102030405060708" }]);
            if let Err(error) = NODE.request("eth_call", call) {
                assert_ne!(error.code(), -32_603, "{error}");
            }
        }
    }
    NODE.request("evm_revert", json!([before])).expect("a chain as before");
});
