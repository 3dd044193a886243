//! Nodes that go away and come back, and chains that begin again.

use crate::market::Market;
use crate::stage::{Stage, counted, wait};
use alloy::primitives::U256;
use eyre::{Result, ensure};
use restake::chain::Chain;
use restake_daemon::origin::OriginError;
use restake_oracle::operator::{Ended, REPORTS};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

const PRICE: u64 = 200_000_000_000;

/// What stands between processes and their node, and can be closed.
struct Line {
    address: SocketAddr,
    is_cut: Arc<AtomicBool>,
}

impl Line {
    async fn to(url: &str) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, is_cut) = (listener.local_addr()?, Arc::new(AtomicBool::new(false)));
        let (node, cut) = (url.trim_start_matches("http://").trim_end_matches('/').to_owned(), is_cut.clone());
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                let (node, cut) = (node.clone(), cut.clone());
                tokio::spawn(async move {
                    let Ok(mut far) = TcpStream::connect(node).await else { return };
                    let gone = async {
                        while !cut.load(Ordering::SeqCst) {
                            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                        }
                    };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        () = gone => {}
                    }
                });
            }
        });
        Ok(Self { address, is_cut })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_goes_away_and_comes_back_loses_rounds_and_nothing_else() -> Result<()> {
    let stage = Stage::new().await?;
    let line = Line::to(&stage.world.url).await?;
    let keys = stage.world.cast.all().map(|actor| actor.key.clone());
    let far = Chain::connect(&format!("http://{}", line.address), keys)?;
    let (market, mut operators) = (Market::at(PRICE), Vec::new());
    for who in stage.operators() {
        operators.push(stage.operator_in(stage.folder.path(), &far, who, &market, false).await?);
    }
    let aggregator = stage.aggregator_on(&far, &stage.world.cast.bob).await?;
    let first = stage.after_listening().await?;
    stage.stored(first).await?;

    line.is_cut.store(true, Ordering::SeqCst);
    market.set(PRICE * 2);
    stage.next_slot().await?;
    let look = async || Ok((!aggregator.health.tell().0).then_some(()));
    wait("an aggregator that says that it has no node", look).await?;
    line.is_cut.store(false, Ordering::SeqCst);
    for operator in &operators {
        // They report late in the slot, or at the next.
        counted(&operator.metrics, &REPORTS, 2).await?;
    }
    let latest = async || Ok(stage.feed.latest(&stage.world.chain).await?.filter(|latest| latest.slot > first));
    assert_eq!(wait("a price", latest).await?.price, U256::from(PRICE * 2));
    for operator in operators {
        ensure!(operator.is_running(), "it ended");
        operator.stop().await?;
    }
    aggregator.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_began_again_ends_who_worked_on_the_one_before() -> Result<()> {
    let stage = Stage::new().await?;
    let operator = stage.operator(stage.operators()[0], &Market::at(PRICE)).await?;
    let aggregator = stage.aggregator(&stage.world.cast.bob).await?;
    stage.after_listening().await?;
    counted(&operator.metrics, &REPORTS, 1).await?;
    // The chain is replaced by another one, which is as far.
    let other = stylus_devnode::Devnode::builder().timestamp(1).manual_time(true).spawn().await?;
    let picture = other.state()?.encode()?;
    let client = stage.world.chain.development().await?;
    client.load(&alloy::hex::encode_prefixed(picture)).await?;
    let ended = operator.ended().await?;
    ensure!(matches!(ended, Ended::Chain(OriginError::BeganAgain { .. })), "{ended:?}");
    let ended = aggregator.ended().await?;
    ensure!(matches!(ended, OriginError::BeganAgain { .. }), "{ended:?}");
    Ok(())
}
