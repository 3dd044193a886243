//! Nodes that refuse, or have no time.

use crate::index::contents;
use crate::proxy::{Proxy, Whim};
use crate::stage::{ETHER, Stage};
use alloy::primitives::Address;
use eyre::Result;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Blocks from `fromBlock` to `toBlock`.
fn asked(params: &Value) -> u64 {
    let number = |name: &str| {
        let text = params[0][name].as_str().unwrap_or_default().trim_start_matches("0x");
        u64::from_str_radix(text, 16).unwrap_or_default()
    };
    number("toBlock").saturating_sub(number("fromBlock")).saturating_add(1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_refuses_ranges_is_asked_for_half_as_much() -> Result<()> {
    let stage = Stage::new("refusing").await?;
    for _ in 0..3 {
        stage.stake(&stage.cast.alice, ETHER, Address::ZERO).await?;
    }
    let mut direct = stage.follower(&stage.node.http_url(), "direct.sqlite").await?;
    direct.catch_up().await?;
    // In the words of several nodes, with and without a status of HTTP.
    let refusal = |params: &Value| match asked(params) {
        0..=2 => Whim::Pass,
        3 => Whim::Error(-32000, "query returned more than 10000 results"),
        4..=6 => Whim::Answer(400, "block range is too wide".to_owned()),
        _ => Whim::Error(-32602, "eth_getLogs is limited to a 2 range"),
    };
    let proxy = Proxy::before(&stage.node.http_url(), move |method, _| match method {
        "eth_getLogs" => Whim::Judge(refusal),
        _ => Whim::Pass,
    })
    .await?;
    let mut follower = stage.follower(&proxy.url, "refused.sqlite").await?;
    follower.catch_up().await?;
    assert_eq!(contents(&follower).await?, contents(&direct).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_has_no_time_is_waited_for() -> Result<()> {
    let stage = Stage::new("busy").await?;
    stage.stake(&stage.cast.alice, ETHER, Address::ZERO).await?;
    let mut direct = stage.follower(&stage.node.http_url(), "direct.sqlite").await?;
    direct.catch_up().await?;
    let refused = Arc::new(AtomicUsize::new(0));
    let counted = refused.clone();
    let busy = move || {
        counted.fetch_add(1, Ordering::SeqCst);
        Whim::Answer(429, "Too Many Requests".to_owned())
    };
    let proxy = Proxy::before(&stage.node.http_url(), move |method, times| match (method, times) {
        ("eth_getLogs", 0 | 1) | ("batch" | "eth_getBlockByNumber", 0) => busy(),
        _ => Whim::Pass,
    })
    .await?;
    let mut follower = stage.follower(&proxy.url, "waited.sqlite").await?;
    follower.catch_up().await?;
    assert_eq!(contents(&follower).await?, contents(&direct).await?);
    assert_eq!(refused.load(Ordering::SeqCst), 4, "the node was asked again after each refusal");
    Ok(())
}
