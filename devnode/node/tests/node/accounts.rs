//! What the node sends and signs for its clients.

use crate::contracts::{observer, recorder, reverter};
use crate::support::{ask, deploy, node, provider, quantity, signer};
use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, B256, Bytes, Signature, U256};
use alloy::providers::{Provider, ProviderBuilder};
use alloy::rpc::types::TransactionRequest;
use alloy::signers::SignerSync;
use alloy::sol;
use alloy::sol_types::{SolStruct, eip712_domain};
use serde_json::{Value, json};
use stylus_devnode::Devnode;

const SOMEBODY: Address = Address::repeat_byte(0x44);

/// 1 ETH in wei.
const ETHER: &str = "0xde0b6b3a7640000";

fn send(node: &Devnode, transaction: Value) -> Value {
    let hash = ask(node, "eth_sendTransaction", json!([transaction]));
    ask(node, "eth_getTransactionReceipt", json!([hash]))
}

#[tokio::test]
async fn development_accounts_send_through_the_node() {
    let node = node().await;
    let sender = node.accounts()[2].address;
    assert_eq!(ask(&node, "eth_accounts", json!([]))[2], json!(sender));
    // A client without any key, as a script would use it.
    let client =
        ProviderBuilder::new().disable_recommended_fillers().connect_http(node.http_url().parse().expect("a URL"));
    let deployment = TransactionRequest::default().with_from(sender).with_deploy_code(recorder());
    let hash = *client.send_transaction(deployment).await.expect("a transaction").tx_hash();
    let receipt = client.get_transaction_receipt(hash).await.expect("an answer").expect("a receipt");
    assert_eq!((receipt.from, receipt.contract_address), (sender, Some(sender.create(0))));

    let contract = receipt.contract_address;
    let receipt = send(&node, json!({ "from": sender, "to": contract, "data": B256::repeat_byte(9) }));
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["type"], "0x2");
    assert_eq!(ask(&node, "eth_getStorageAt", json!([contract, "0x0"])), json!(B256::repeat_byte(9)));
    let transaction = ask(&node, "eth_getTransactionByHash", json!([receipt["transactionHash"]]));
    assert_eq!(transaction["nonce"], "0x1");
    let used = quantity(&receipt["gasUsed"]);
    assert!((used..used * 2).contains(&quantity(&transaction["gas"])), "the gas was estimated: {transaction}");
}

#[tokio::test]
async fn the_types_of_transactions_are_followed() {
    let node = node().await;
    let sender = node.accounts()[1].address;
    let base = json!({ "from": sender, "to": SOMEBODY, "value": "0x1" });
    for (field, value, kind) in [
        ("gasPrice", json!("0x5f5e101"), "0x0"),
        ("type", json!("0x0"), "0x0"),
        ("type", json!("0x1"), "0x1"),
        ("type", json!("0x2"), "0x2"),
        ("maxPriorityFeePerGas", json!("0x5"), "0x2"),
    ] {
        let mut transaction = base.clone();
        transaction[field] = value;
        assert_eq!(send(&node, transaction)["type"], kind, "{field}");
    }
    assert_eq!(ask(&node, "eth_getBalance", json!([SOMEBODY])), "0x5");
}

#[tokio::test]
async fn impersonated_accounts_send_without_a_key() {
    let node = node().await;
    let transfer = json!({ "from": SOMEBODY, "to": node.accounts()[1].address, "value": "0x5" });
    let refuse = || node.request("eth_sendTransaction", json!([transfer])).expect_err("no key").message().to_owned();
    let unknown = "unknown account";
    ask(&node, "anvil_setBalance", json!([SOMEBODY, ETHER]));
    for (start, stop) in [
        ("anvil_impersonateAccount", "anvil_stopImpersonatingAccount"),
        ("hardhat_impersonateAccount", "hardhat_stopImpersonatingAccount"),
    ] {
        assert_eq!(refuse(), unknown);
        assert_eq!(ask(&node, start, json!([SOMEBODY])), Value::Null);
        assert_eq!(ask(&node, "eth_accounts", json!([])).as_array().and_then(|all| all.last()), Some(&json!(SOMEBODY)));
        let receipt = send(&node, transfer.clone());
        assert_eq!((&receipt["status"], &receipt["from"]), (&json!("0x1"), &json!(SOMEBODY)));
        assert_eq!(ask(&node, stop, json!([SOMEBODY])), Value::Null);
    }
    assert_eq!(refuse(), unknown);
    ask(&node, "anvil_autoImpersonateAccount", json!([true]));
    assert_eq!(send(&node, transfer.clone())["status"], "0x1");
    ask(&node, "anvil_autoImpersonateAccount", json!([false]));
    assert_eq!(refuse(), unknown);
    assert_eq!(ask(&node, "eth_getTransactionCount", json!([SOMEBODY])), "0x3");
}

#[tokio::test]
async fn contracts_are_impersonated_too() {
    let node = node().await;
    let provider = provider(&node, 0);
    let contract = deploy(&provider, observer()).await;
    let target = deploy(&provider, recorder()).await;
    ask(&node, "anvil_setBalance", json!([contract, ETHER]));
    ask(&node, "anvil_impersonateAccount", json!([contract]));
    let receipt = send(&node, json!({ "from": contract, "to": target, "input": B256::repeat_byte(3) }));
    assert_eq!((&receipt["status"], &receipt["from"]), (&json!("0x1"), &json!(contract)));
    assert_eq!(ask(&node, "eth_getStorageAt", json!([target, "0x0"])), json!(B256::repeat_byte(3)));
}

#[tokio::test]
async fn a_bad_request_to_send_leaves_no_trace() {
    let node = node().await;
    let sender = node.accounts()[0].address;
    let contract = deploy(&provider(&node, 0), reverter()).await;
    let refuse = |transaction: Value| node.request("eth_sendTransaction", json!([transaction])).expect_err("refused");
    for (transaction, message) in [
        (json!({ "to": SOMEBODY }), "invalid argument 0: the sender is missing"),
        (json!({ "from": sender, "to": SOMEBODY, "gas": -1 }), "invalid argument 0"),
        (json!({ "from": sender }), "contract creation without any data provided"),
        (json!({ "from": sender, "to": SOMEBODY, "chainId": "0x1" }), "chainId does not match"),
        (json!({ "from": sender, "to": SOMEBODY, "type": "0x3" }), "transaction type not supported"),
        (json!({ "from": sender, "to": SOMEBODY, "gasPrice": "0x1", "maxFeePerGas": "0x1" }), "both gasPrice and"),
        (json!({ "from": sender, "to": SOMEBODY, "type": "0x4" }), "authorizationList is missing"),
        (json!({ "from": sender, "to": SOMEBODY, "type": "0x0", "maxFeePerGas": "0x1" }), "maxFeePerGas of a"),
    ] {
        let error = refuse(transaction);
        let code = if message.starts_with("invalid argument") { -32602 } else { -32000 };
        assert_eq!(error.code(), code, "{message}");
        assert!(error.message().starts_with(message), "{error}");
    }
    let error = refuse(json!({ "from": sender, "to": contract, "data": "0x01" }));
    assert_eq!(error.code(), 3, "the estimate says that it would revert");
    let error = refuse(json!({ "from": sender, "to": SOMEBODY, "data": Bytes::from(vec![0; 95_000]) }));
    assert!(error.message().starts_with("oversized data"), "{error}");
    for method in ["anvil_impersonateAccount", "anvil_stopImpersonatingAccount", "anvil_autoImpersonateAccount"] {
        assert_eq!(node.request(method, json!(["somebody"])).expect_err("refused").code(), -32602);
    }
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x1");
    assert_eq!(ask(&node, "eth_getTransactionCount", json!([sender, "pending"])), "0x1");
}

#[tokio::test]
async fn a_transaction_is_signed_and_not_sent() {
    let node = node().await;
    let sender = node.accounts()[4].address;
    let transfer = json!({ "from": sender, "to": SOMEBODY, "value": "0x7" });
    let raw = ask(&node, "eth_signTransaction", json!([transfer]));
    assert_eq!(ask(&node, "eth_blockNumber", json!([])), "0x0");
    ask(&node, "eth_sendRawTransaction", json!([raw]));
    assert_eq!(ask(&node, "eth_getBalance", json!([SOMEBODY])), "0x7");
    ask(&node, "anvil_impersonateAccount", json!([SOMEBODY]));
    let refused = node.request("eth_signTransaction", json!([{ "from": SOMEBODY, "to": sender }]));
    assert_eq!(refused.expect_err("nobody has the key").message(), "unknown account");
}

sol! {
    #[derive(serde::Serialize)]
    struct Mail {
        address to;
        string text;
    }
}

#[tokio::test]
async fn messages_and_typed_data_are_signed() {
    let node = node().await;
    let account = node.accounts()[3];
    let message = Bytes::from_static(b"hello");
    let expected = signer(account).sign_message_sync(&message).expect("a signature");
    let signature = |answer: Value| {
        let bytes: Bytes = serde_json::from_value(answer).expect("bytes");
        Signature::from_raw(&bytes).expect("a signature")
    };
    assert_eq!(signature(ask(&node, "eth_sign", json!([account.address, message]))), expected);
    assert_eq!(signature(ask(&node, "personal_sign", json!([message, account.address, "password"]))), expected);

    let mail = Mail { to: SOMEBODY, text: "hello".into() };
    let domain = eip712_domain! { name: "Post", chain_id: 412_346, };
    let hash = mail.eip712_signing_hash(&domain);
    let data = json!({
        "types": {
            "EIP712Domain": [{ "name": "name", "type": "string" }, { "name": "chainId", "type": "uint256" }],
            "Mail": [{ "name": "to", "type": "address" }, { "name": "text", "type": "string" }],
        },
        "primaryType": "Mail",
        "domain": { "name": "Post", "chainId": "0x64aba" },
        "message": mail,
    });
    for data in [data.clone(), json!(data.to_string())] {
        let signed = signature(ask(&node, "eth_signTypedData_v4", json!([account.address, data])));
        assert_eq!(signed.recover_address_from_prehash(&hash).expect("a signer"), account.address);
    }

    for (method, params) in [
        ("eth_sign", json!([account.address, "hello"])),
        ("personal_sign", json!([account.address, message])),
        ("eth_signTypedData_v4", json!([account.address, "hello"])),
        (
            "eth_signTypedData_v4",
            json!([account.address, { "types": {}, "primaryType": "Mail", "domain": {}, "message": {} }]),
        ),
    ] {
        assert_eq!(node.request(method, params).expect_err("refused").code(), -32602, "{method}");
    }
    let unknown = node.request("eth_sign", json!([SOMEBODY, message])).expect_err("no key");
    assert_eq!((unknown.code(), unknown.message()), (-32000, "unknown account"));
}

#[tokio::test]
async fn a_key_that_belongs_to_another_address_signs_for_nobody() {
    let mut account = stylus_devnode::DEV_ACCOUNTS[1];
    account.address = SOMEBODY;
    let node = Devnode::builder().accounts([account]).spawn().await.expect("a node");
    assert!(node.state().expect("a snapshot").balance(SOMEBODY) > U256::ZERO);
    node.request("eth_sign", json!([SOMEBODY, "0x00"])).expect_err("not its key");
}

/// viem completes transactions so before it signs them.
#[tokio::test]
async fn a_transaction_that_is_filled_in_keeps_its_type_and_its_price() {
    let node = node().await;
    let base = json!({ "from": node.accounts()[1].address, "to": SOMEBODY, "value": "0x1" });
    for (fields, kind, price, typed) in [
        (json!({}), "0x2", "0x0", true),
        (json!({ "maxFeePerGas": "0xbebc200" }), "0x2", "0x0", true),
        (json!({ "gasPrice": "0x5f5e101" }), "0x0", "0x5f5e101", false),
        (json!({ "gasPrice": "0x5f5e101", "accessList": [] }), "0x1", "0x5f5e101", true),
    ] {
        let mut request = base.clone();
        request.as_object_mut().expect("an object").extend(fields.as_object().cloned().expect("an object"));
        let filled = ask(&node, "eth_fillTransaction", json!([request]));
        let transaction = &filled["tx"];
        assert_eq!((&transaction["type"], &transaction["gasPrice"]), (&json!(kind), &json!(price)), "{fields}");
        assert_eq!(transaction.get("yParity").is_some(), typed, "{fields}");
        assert_eq!(transaction.get("maxFeePerGas").is_some(), kind == "0x2", "{fields}");
    }
}
