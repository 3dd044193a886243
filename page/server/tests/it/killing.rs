//! A process that is killed while it writes.

use crate::index::contents;
use crate::proxy::{Proxy, Whim};
use crate::stage::{ETHER, Stage};
use alloy::primitives::Address;
use eyre::{OptionExt, Result, ensure};
use restake_indexer::Index;
use serde_json::Value;
use std::process::{Command, Stdio};
use std::time::Duration;

/// One block at a time, and no more after a while.
fn one_block(params: &Value) -> Whim {
    if params[0]["fromBlock"] == params[0]["toBlock"] { Whim::Pass } else { Whim::Error(-32602, "range too wide") }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_goes_on_where_its_last_piece_ended() -> Result<()> {
    let stage = Stage::new("killed").await?;
    for _ in 0..5 {
        stage.stake(&stage.cast.alice, ETHER, Address::ZERO).await?;
    }
    let file = stage.folder.join("index.sqlite");
    let proxy = Proxy::before(&stage.node.http_url(), |method, _| match method {
        "eth_getLogs" => Whim::Judge(one_block),
        _ => Whim::Pass,
    })
    .await?;
    let mut process = Command::new(env!("CARGO_BIN_EXE_restake-page"))
        .args(["page", "--api-only", "--port", "0", "--rpc-url", &proxy.url, "--index"])
        .arg(&file)
        .arg("--deployment")
        .arg(stage.place.deployment.as_deref().ok_or_eyre("no file")?)
        .stdout(Stdio::null())
        .spawn()?;
    // It is killed when it has some blocks, whatever it does then.
    let index = Index::open(&file.display().to_string()).await?;
    let begun = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            if let Ok(snapshot) = index.snapshot().await
                && snapshot.block().number >= 20
            {
                return snapshot.block();
            }
            tokio::task::yield_now().await;
        }
    });
    let begun = begun.await;
    process.kill()?;
    process.wait()?;
    let begun = begun?;
    let mut follower = stage.follower_into(&stage.node.http_url(), index).await?;
    let left = follower.index().head().await?.ok_or_eyre("nothing is left")?;
    ensure!(left.number >= begun.number, "what was written is gone");
    follower.catch_up().await?;
    let mut anew = stage.follower(&stage.node.http_url(), "anew.sqlite").await?;
    anew.catch_up().await?;
    assert_eq!(contents(&follower).await?, contents(&anew).await?);
    Ok(())
}
