//! A node whose clients have no more than Nitro's.

use crate::support::{ask, raw_transfer};
use alloy::providers::{Provider, ProviderBuilder};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use stylus_devnode::{Devnode, DevnodeBuilder};

/// What a client gets over HTTP: an answer, or an error's code and message.
async fn of_client(node: &Devnode, method: &'static str, params: Value) -> Result<Value, (i64, String)> {
    let provider = ProviderBuilder::new().connect_http(node.http_url().parse().expect("a URL"));
    provider.client().request(method, params).await.map_err(|error| {
        let error = error.as_error_resp().expect("an answer");
        (error.code, error.message.to_string())
    })
}

async fn closed(builder: DevnodeBuilder) -> Devnode {
    builder.development(false).spawn().await.expect("a node")
}

#[tokio::test]
async fn clients_have_no_methods_of_development() {
    for node in [closed(Devnode::builder()).await, closed(Devnode::builder().like_nitro(true)).await] {
        let sender = node.accounts()[0].address;
        let modules = of_client(&node, "rpc_modules", json!([])).await.expect("an answer");
        let modules: BTreeMap<String, String> = serde_json::from_value(modules).expect("names");
        assert_eq!(modules.keys().collect::<Vec<_>>(), ["debug", "eth", "net", "rpc", "web3"]);
        for method in ["evm_mine", "evm_increaseTime", "anvil_setBalance", "hardhat_reset", "txpool_status"] {
            let error = of_client(&node, method, json!([])).await.expect_err(method);
            assert_eq!(error, (-32_601, format!("the method {method} does not exist/is not available")));
        }
        assert_eq!(of_client(&node, "eth_accounts", json!([])).await.expect("an answer"), json!([]));
        for (method, params) in [
            ("eth_sendTransaction", json!([{ "from": sender, "to": sender }])),
            ("eth_signTransaction", json!([{ "from": sender, "to": sender }])),
            ("eth_sign", json!([sender, "0x01"])),
        ] {
            let error = of_client(&node, method, params).await.expect_err(method);
            assert_eq!(error, (-32_000, "unknown account".into()), "{method}");
        }
        let version = of_client(&node, "web3_clientVersion", json!([])).await.expect("an answer");
        let parts: Vec<&str> = version.as_str().expect("a string").split('/').collect();
        assert_eq!((parts.len(), parts[0], &parts[1][..2]), (4, "nitro", "v3"), "{version}");
        // What is signed is taken.
        let raw = raw_transfer(node.accounts()[0], 0, 200_000_000);
        of_client(&node, "eth_sendRawTransaction", json!([raw])).await.expect("a hash");
        assert_eq!(of_client(&node, "eth_blockNumber", json!([])).await.expect("a number"), "0x1");
        // Who holds the node moves its time.
        ask(&node, "evm_increaseTime", json!([60]));
        ask(&node, "evm_mine", json!([]));
        assert_eq!(of_client(&node, "eth_blockNumber", json!([])).await.expect("a number"), "0x2");
    }
}
