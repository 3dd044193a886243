//! Nodes that cannot be forked, or not any more.

use crate::far::{Answer, serve};
use crate::support::{Other, RICH, ask, between, counted, fork, hasty, other, refusal};
use alloy::primitives::{B256, U256};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use stylus_devnode::{Devnode, ForkError, SpawnError};

async fn refused(url: &str) -> ForkError {
    match Devnode::builder().fork(hasty(url)).spawn().await {
        Err(SpawnError::Fork(error)) => error,
        other => panic!("not a fork: {other:?}"),
    }
}

#[tokio::test]
async fn who_does_not_answer_is_asked_again_and_named() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let error = refused(&format!("http://key:secret@{free}/v2/secret")).await;
    assert!(matches!(error, ForkError::Unreachable { attempts: 2, .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains(&format!("http://{free} does not answer")) && !text.contains("secret"), "{text}");
    // A node that takes too long.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let options = hasty(&url).retries(0).timeout(std::time::Duration::from_millis(50));
    let error = Devnode::builder().fork(options).spawn().await.expect_err("silence");
    assert!(matches!(error, SpawnError::Fork(ForkError::Unreachable { attempts: 1, .. })), "{error}");
    for url in ["ws://127.0.0.1:1", "127.0.0.1:8545", ""] {
        assert!(matches!(refused(url).await, ForkError::BadUrl(_)), "{url}");
    }
}

#[tokio::test]
async fn a_chain_that_cannot_be_forked_is_named() {
    let node = Devnode::builder().spawn().await.expect("a node");
    let error = Devnode::builder().chain_id(1).fork(hasty(&node.http_url())).spawn().await.expect_err("another chain");
    assert!(matches!(error, SpawnError::Fork(ForkError::WrongChain { wanted: 1, found: 412_346 })), "{error}");
    let error = Devnode::builder().fork(hasty(&node.http_url()).block(9)).spawn().await.expect_err("no such block");
    assert!(matches!(error, SpawnError::Fork(ForkError::NoBlock(9))), "{error}");
    let error = Devnode::builder().arbos_version(60).fork(node.http_url()).spawn().await.expect_err("fixed");
    assert!(matches!(error, SpawnError::FixedByFork(_)), "{error}");
    // Ethereum has no ArbOS, and some chains have another.
    for (version, wanted) in [("0x0", ForkError::NoArbos(412_346)), ("0x63", ForkError::UnknownArbosVersion(99))] {
        let (url, _) = between(other().await, move |method, params| {
            let is_version = params[1].as_str().is_some_and(|slot| slot.starts_with("0x15fed0451499512d95f3"));
            (method == "eth_getStorageAt" && is_version).then(|| Answer::Result(json!(version)))
        });
        assert_eq!(refused(&url).await, wanted);
    }
}

#[tokio::test]
async fn nonsense_is_told_from_answers() {
    let whole = |body: &str| format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    for (body, is_silence) in [
        (whole("<html>not JSON</html>"), false),
        (whole("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1"), false),
        (whole("{\"jsonrpc\":\"2.0\",\"id\":1}"), false),
        (whole("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"many\"}"), false),
        (whole("[]"), false),
        ("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"jsonrpc\"".into(), true),
        ("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".into(), true),
        ("gibberish".into(), true),
        (String::new(), true),
    ] {
        let sent = body.clone();
        let error = refused(&serve(move |_, _| Answer::Bytes(sent.clone()))).await;
        let fits = match error {
            ForkError::Unreachable { .. } => is_silence,
            ForkError::Garbage { .. } => !is_silence,
            _ => false,
        };
        assert!(fits, "{body}: {error}");
    }
    for block in [json!({}), json!({ "number": "0x1", "hash": "0x1" }), json!("0x1"), json!({ "number": -1 })] {
        let shown = block.clone();
        let url = serve(move |method, _| match method {
            "eth_getBlockByNumber" => Answer::Result(block.clone()),
            _ => Answer::Result(json!("0x1")),
        });
        let error = refused(&url).await;
        assert!(matches!(error, ForkError::Garbage { method: "eth_getBlockByNumber", .. }), "{shown}: {error}");
    }
}

/// A server before a chain that fails with `answer` while the switch is on.
async fn failing(answer: fn() -> Answer) -> (Other, String, Arc<AtomicBool>) {
    let (here, there) = (other().await, other().await);
    let fails = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&fails);
    let (url, _) = between(there, move |_, _| switch.load(Ordering::Relaxed).then(answer));
    (here, url, fails)
}

#[tokio::test]
async fn a_failure_changes_nothing_and_ends_with_its_cause() {
    let pruned =
        || Answer::Error(json!({ "code": -32_000, "message": "missing trie node 00 (path ) state is not available" }));
    let (other, url, fails) = failing(pruned).await;
    let fork = fork(&url).await;
    fails.store(true, Ordering::Relaxed);
    let from = fork.accounts()[0].address;
    let transaction = json!([{ "from": from, "to": other.program, "data": B256::with_last_byte(1), "gas": "0xfffff" }]);
    for (method, params) in [
        ("eth_getBalance", json!([RICH])),
        ("eth_getCode", json!([other.program])),
        ("eth_call", json!([{ "to": other.program }, "latest"])),
        ("eth_sendTransaction", transaction.clone()),
    ] {
        let why = refusal(&fork, method, params);
        assert!(why.contains("has not the state of block") && why.contains("an archive"), "{method}: {why}");
    }
    let nonce = |node: &Devnode| ask(node, "eth_getTransactionCount", json!([from]));
    let before = nonce(&fork);
    // Nothing happened, and all of it works once the node is well.
    fails.store(false, Ordering::Relaxed);
    assert_eq!(nonce(&fork), before);
    assert_eq!(counted(&fork, other.program, 0), U256::from(5));
    ask(&fork, "eth_sendTransaction", transaction);
    assert_eq!(counted(&fork, other.program, 0), U256::from(6));
}

#[tokio::test]
async fn transactions_wait_for_a_block_that_cannot_be_made_yet() {
    let (other, url, fails) = failing(|| Answer::Error(json!({ "code": -32_601, "message": "gone" }))).await;
    let fork = fork(&url).await;
    ask(&fork, "evm_setAutomine", json!([false]));
    let from = fork.accounts()[0].address;
    ask(
        &fork,
        "eth_sendTransaction",
        json!([{ "from": from, "to": other.contract, "data": B256::with_last_byte(1), "gas": "0xfffff" }]),
    );
    fails.store(true, Ordering::Relaxed);
    let why = refusal(&fork, "evm_mine", json!([]));
    assert!(why.contains("refuses") && why.contains("gone (-32601)"), "{why}");
    assert_eq!(ask(&fork, "txpool_status", json!([]))["pending"], "0x1");
    fails.store(false, Ordering::Relaxed);
    ask(&fork, "evm_mine", json!([]));
    assert_eq!(ask(&fork, "txpool_status", json!([]))["pending"], "0x0");
    assert_eq!(counted(&fork, other.contract, 0), U256::from(8));
}

#[tokio::test]
async fn who_limits_requests_is_asked_more_slowly() {
    // Every other request is one too many, in each of the ways in which nodes say so.
    let count = AtomicU32::new(0);
    let (url, _) = between(other().await, move |_, _| match count.fetch_add(1, Ordering::Relaxed) % 6 {
        0 => Some(Answer::Bytes("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n".into())),
        2 => Some(Answer::Error(json!({ "code": -32_005, "message": "limit exceeded" }))),
        4 => Some(Answer::Error(json!({ "code": -32_000, "message": "Rate limit reached" }))),
        _ => None,
    });
    // Requests are made at the same time: which one is refused is chance.
    let patient = hasty(&url).retries(20);
    let fork = Devnode::builder().fork(patient).spawn().await.expect("a fork");
    assert_eq!(ask(&fork, "eth_getBalance", json!([RICH])), "0x37");
    let error = refused(&serve(|_, _| Answer::Error(json!({ "code": -32_005, "message": "limit exceeded" })))).await;
    assert!(matches!(error, ForkError::RateLimited { attempts: 2, .. }), "{error}");
}

#[tokio::test]
async fn a_block_that_was_replaced_is_noticed() {
    let other = other().await;
    let fork = fork(&other.node.http_url()).await;
    // The other node begins again, with blocks of another time.
    ask(&other.node, "anvil_reset", json!([]));
    ask(&other.node, "evm_increaseTime", json!([5]));
    ask(&other.node, "anvil_mine", json!(["0x40"]));
    let why = refusal(&fork, "eth_getBalance", json!([RICH]));
    assert!(why.contains("was reorganised"), "{why}");
}

#[tokio::test]
async fn nodes_that_take_numbers_only_are_asked_by_number() {
    let (url, asked) = between(other().await, |method, params| {
        let by_hash = params.as_array().and_then(|params| params.last()).is_some_and(Value::is_object);
        by_hash.then(|| Answer::Error(json!({ "code": -32_602, "message": format!("{method}: invalid argument") })))
    });
    let fork = fork(&url).await;
    assert_eq!(ask(&fork, "eth_getBalance", json!([RICH])), "0x37");
    assert!(!asked.lock().expect("a list").is_empty());
}
