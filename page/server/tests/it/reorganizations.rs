//! Blocks that are taken back, and chains that begin again.

use crate::index::contents;
use crate::stage::{ETHER, Stage};
use alloy::primitives::Address;
use arithmetic::wad::ONE;
use eyre::{Result, ensure};
use restake::verbs::staker;
use restake_indexer::Step;
use std::time::Duration;
use stylus_devnode::Devnode;

#[tokio::test(flavor = "multi_thread")]
async fn blocks_that_are_taken_back_take_with_them_what_they_brought() -> Result<()> {
    let stage = Stage::new("taken-back").await?;
    let (cast, url) = (&stage.cast, stage.node.http_url());
    let mut follower = stage.follower(&url, "index.sqlite").await?;
    stage.join(&cast.honest, ONE / 2).await?;
    stage.stake(&cast.alice, 10 * ETHER, cast.honest.address).await?;
    let before = follower.catch_up().await?;
    let known = contents(&follower).await?;
    let there = stage.snapshot()?;
    // What will not have happened: a freeze, a withdrawal, a position of Bob.
    stage.stake(&cast.bob, 5 * ETHER, cast.honest.address).await?;
    stage.act(&cast.alice, &staker::queue(&stage.suite, cast.honest.address, 3 * ETHER)).await?;
    stage.freeze(&cast.honest).await?;
    let after = follower.catch_up().await?;
    let gone = contents(&follower).await?;
    ensure!(gone.now["requests"].len() == 1 && gone.now["withdrawals"].len() == 1, "{:?}", gone.now);
    stage.revert(there)?;
    let Step::RolledBack(rolled) = follower.step().await? else { eyre::bail!("nothing was taken back") };
    ensure!(rolled.from == after.number && rolled.to == before.number, "{rolled:?}");
    assert_eq!(contents(&follower).await?, known);
    // Something else happens instead, in more blocks than before.
    for _ in 0..4 {
        stage.stake(&cast.bob, ETHER, Address::ZERO).await?;
    }
    follower.catch_up().await?;
    let mut anew = stage.follower(&url, "anew.sqlite").await?;
    anew.catch_up().await?;
    assert_eq!(contents(&follower).await?, contents(&anew).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_began_again_is_indexed_anew() -> Result<()> {
    let stage = Stage::new("began-again").await?;
    stage.stake(&stage.cast.alice, 10 * ETHER, Address::ZERO).await?;
    let server = stage.serve().await?;
    let first = server.get("/api/config").await?;
    ensure!(server.get("/api/totals").await?["stakers"] == 1, "alice staked");
    // Another chain of the same number comes to the same port; the deployment is of the old one.
    let port: u16 = stage.node.http_url().rsplit(':').next().unwrap_or_default().parse()?;
    let (cast, deployment) = (stage.cast.clone(), stage.place.deployment.clone());
    stage.node.stop().await?;
    let node = Devnode::builder().port(port).timestamp(1_700_000_000).spawn().await?;
    let (status, why) = server.ask("/api/totals").await?;
    ensure!(status == 503 && why["error"]["message"].as_str().is_some_and(|why| why.contains("began again")), "{why}");
    // Then a suite is deployed there.
    let chain = crate::stage::connect(&node.http_url(), &cast)?;
    let programs = restake::build::build(false)?;
    let owner = &cast.owner;
    let deployed = restake::suite::Suite::deploy_recorded(&chain, &programs, owner, &stage.parameters).await?;
    deployed.1.save(deployment.as_deref())?;
    let second = tokio::time::timeout(Duration::from_secs(60), async {
        loop {
            match server.ask("/api/config").await {
                Ok((status, config)) if status == 200 => return config,
                _ => tokio::task::yield_now().await,
            }
        }
    });
    let second = second.await?;
    ensure!(second["genesis"] != first["genesis"] && second["chainId"] == first["chainId"], "{second}");
    let totals = server.get("/api/totals").await?;
    ensure!(totals["stakers"] == 0 && totals["queuedWithdrawals"] == 0, "{totals}");
    Ok(())
}
