//! JSON-RPC over HTTP, as wallets and scripts speak it.

use crate::support::{ask, node};
use alloy::primitives::keccak256;
use alloy::transports::http::reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use stylus_devnode::Devnode;

async fn post(node: &Devnode, body: &str) -> Value {
    let request = Client::new().post(node.http_url()).header("content-type", "application/json").body(body.to_owned());
    let text = request.send().await.expect("an answer").text().await.expect("a body");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[tokio::test]
async fn malformed_requests_get_the_standard_codes() {
    let node = node().await;
    for (body, code) in [
        ("{\"jsonrpc\": \"2.0\", \"method\":", -32700),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getWork\",\"params\":[]}", -32601),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[]}", -32602),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"0x\"]}", -32602),
        ("[]", -32600),
    ] {
        assert_eq!(post(&node, body).await["error"]["code"], code, "{body}");
    }
    let fine = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"eth_chainId\"}";
    assert_eq!(
        post(&node, fine).await,
        json!({ "jsonrpc": "2.0", "id": 7, "result": "0x64aba" }),
        "and the node lives"
    );
}

#[tokio::test]
async fn any_number_is_an_id() {
    let node = node().await;
    for id in ["-1", "1.5", "1e3", "99999999999999999999", "null", "\"\"", "18446744073709551615"] {
        let answer = post(&node, &format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"eth_chainId"}}"#)).await;
        let id: Value = serde_json::from_str(id).expect("JSON");
        assert_eq!(answer, json!({ "jsonrpc": "2.0", "id": id, "result": "0x64aba" }));
    }
    let batch = r#"[{"jsonrpc":"2.0","id":-7,"method":"eth_chainId"},{"jsonrpc":"2.0","id":8,"method":"eth_chainId"}]"#;
    let answers = post(&node, batch).await;
    assert_eq!([&answers[0]["id"], &answers[1]["id"]], [&json!(-7), &json!(8)]);
}

#[tokio::test]
async fn subscriptions_need_a_connection_and_filters_may_say_more() {
    let node = node().await;
    let call = |method: &str, params: Value| {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
        let node = &node;
        async move { post(node, &body).await }
    };
    let error = json!({ "code": -32601, "message": "notifications not supported" });
    assert_eq!(call("eth_subscribe", json!(["newHeads"])).await["error"], error);
    assert_eq!(call("eth_getLogs", json!([{ "fromBlock": "0x0", "limit": 10 }])).await["result"], json!([]));
}

#[tokio::test]
async fn batches_are_answered_together() {
    let node = node().await;
    let call = |id: u64, method: &str| json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": [] });
    let batch = json!([call(1, "eth_chainId"), call(2, "eth_getWork"), call(3, "net_version")]);
    let answers = post(&node, &batch.to_string()).await;
    assert_eq!(answers.as_array().expect("an array").len(), 3);
    assert_eq!(answers[0]["result"], "0x64aba");
    assert_eq!(answers[1]["error"]["code"], -32601);
    assert_eq!(answers[2]["result"], "412346");
}

#[tokio::test]
async fn pages_of_any_origin_may_ask() {
    let node = node().await;
    let preflight = Client::new()
        .request(Method::OPTIONS, node.http_url())
        .header("origin", "https://wallet.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let answer = preflight.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["access-control-allow-methods"], "*");
    assert_eq!(answer.headers()["access-control-allow-headers"], "*");
}

#[tokio::test]
async fn the_node_says_who_it_is() {
    let node = node().await;
    let version = ask(&node, "web3_clientVersion", json!([]));
    assert!(version.as_str().expect("a string").starts_with("anvil/stylus-devnode-v"));
    assert_eq!(ask(&node, "web3_sha3", json!(["0x616263"])), json!(keccak256("abc")));
    assert_eq!(ask(&node, "net_version", json!([])), "412346");
    assert_eq!(ask(&node, "net_listening", json!([])), true);
    assert_eq!(ask(&node, "eth_chainId", json!([])), "0x64aba");
    assert_eq!(ask(&node, "eth_syncing", json!([])), false);
    let accounts = stylus_devnode::DEV_ACCOUNTS.map(|account| account.address);
    assert_eq!(ask(&node, "eth_accounts", json!([])), json!(accounts));
}
