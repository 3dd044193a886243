//! The same over every transport: what one says, all hear, once; who is gone delays nobody.

use crate::setting::{domain, key, message};
use alloy::transports::http::reqwest::Client;
use eyre::{OptionExt, Result, ensure};
use restake::attestation::Domain;
use restake_daemon::health::Health;
use restake_daemon::message::{Answer, LONGEST, REFUSED};
use restake_daemon::metrics::Metrics;
use restake_daemon::serving::Server;
use restake_daemon::stop::Stop;
use restake_daemon::transport::{HttpTransport, Listener, MemoryTransport, Network, SENT, Transport};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// How long a message may take where nothing is wrong.
const PATIENCE: Duration = Duration::from_secs(20);

async fn next(listener: &mut Listener) -> Result<Answer> {
    let heard = tokio::time::timeout(PATIENCE, listener.next()).await?.ok_or_eyre("nothing comes any more")?;
    heard.open()?.ok_or_eyre("it is no answer")
}

/// What must hold of three nodes, however they are connected.
async fn everybody_hears_everybody_once(nodes: &[Arc<dyn Transport>]) -> Result<()> {
    let mut listening: Vec<Listener> = nodes.iter().map(|node| node.listen()).collect();
    for (number, node) in (1..).zip(nodes) {
        let said = message(&domain(), &key(number)?, number).await?;
        node.publish(said.clone()).await;
        // However often it is said.
        node.publish(said).await;
        // Of another service.
        node.publish(message(&Domain::new(1, crate::setting::SERVICE), &key(number)?, 1_000 + number).await?).await;
    }
    for listener in &mut listening {
        let mut heard = Vec::new();
        for _ in nodes {
            let answer = next(listener).await?;
            heard.push((answer.task_time, answer.signer(&domain())?));
        }
        heard.sort_unstable();
        let all: Vec<_> = (1..=3).map(|number| Ok((number, key(number)?.address()))).collect::<Result<_>>()?;
        assert_eq!(heard, all);
    }
    // What comes next is what is said next: nothing was left over.
    let last = nodes.first().ok_or_eyre("no nodes")?;
    last.publish(message(&domain(), &key(1)?, 99).await?).await;
    for listener in &mut listening {
        assert_eq!(next(listener).await?.task_time, 99);
    }
    Ok(())
}

#[tokio::test]
async fn in_memory_everybody_hears_everybody_once() -> Result<()> {
    let network = Network::default();
    let join = || Arc::new(network.join(domain(), Metrics::default())) as Arc<dyn Transport>;
    everybody_hears_everybody_once(&[join(), join(), join()]).await
}

#[tokio::test]
async fn over_http_everybody_hears_everybody_once() -> Result<()> {
    let (stop, addresses) = (Stop::default(), free(3)?);
    let mut nodes = Vec::new();
    for address in &addresses {
        let peers: Vec<SocketAddr> = addresses.iter().filter(|peer| *peer != address).copied().collect();
        nodes.push(node(*address, &peers, Metrics::default(), &stop).await? as Arc<dyn Transport>);
    }
    everybody_hears_everybody_once(&nodes).await?;
    stop.stop();
    Ok(())
}

#[tokio::test]
async fn a_node_that_is_cut_off_hears_nothing_and_what_comes_later() -> Result<()> {
    let network = Network::default();
    let [one, other]: [MemoryTransport; 2] = [(); 2].map(|()| network.join(domain(), Metrics::default()));
    let mut listener = other.listen();
    other.cut(true);
    one.publish(message(&domain(), &key(1)?, 1).await?).await;
    other.cut(false);
    one.publish(message(&domain(), &key(1)?, 2).await?).await;
    assert_eq!(next(&mut listener).await?.task_time, 2);
    Ok(())
}

#[tokio::test]
async fn a_peer_that_is_gone_delays_nobody_and_gets_what_waited_when_it_comes() -> Result<()> {
    let (stop, metrics, addresses) = (Stop::default(), Metrics::default(), free(3)?);
    let [here, there, gone] = addresses[..] else { eyre::bail!("three addresses") };
    let sender = node(here, &[gone, there], metrics.clone(), &stop).await?;
    let receiver = node(there, &[], Metrics::default(), &stop).await?;
    let mut hearing = receiver.listen();
    for time in 1..=50 {
        sender.publish(message(&domain(), &key(1)?, time).await?).await;
    }
    for time in 1..=50 {
        assert_eq!(next(&mut hearing).await?.task_time, time);
    }
    assert_eq!(metrics.get(&SENT, &[("peer", &format!("http://{gone}"))]), 0);
    let late = HttpTransport::new(domain(), &[], Metrics::default(), &stop)?;
    let mut hearing = late.listen();
    let server = Server::new(Health::default(), Metrics::default()).route("/messages", late.clone());
    server.serve(gone, stop.clone()).await?;
    for time in 1..=50 {
        assert_eq!(next(&mut hearing).await?.task_time, time);
    }
    stop.stop();
    Ok(())
}

#[tokio::test]
async fn what_strangers_post_is_counted_and_changes_nothing() -> Result<()> {
    let (stop, metrics, addresses) = (Stop::default(), Metrics::default(), free(1)?);
    let here = *addresses.first().ok_or_eyre("an address")?;
    let receiver = node(here, &[], metrics.clone(), &stop).await?;
    let mut hearing = receiver.listen();
    let (client, url) = (Client::new(), format!("http://{here}/messages"));
    let post =
        async |body: Vec<u8>| Ok::<_, eyre::Report>(client.post(&url).body(body).send().await?.status().as_u16());
    assert_eq!(post(b"hello".to_vec()).await?, 400);
    assert_eq!(post(vec![b'x'; LONGEST + 1]).await?, 413);
    let good = serde_json::to_vec(&message(&domain(), &key(1)?, 7).await?)?;
    let foreign = message(&Domain::new(1, crate::setting::SERVICE), &key(1)?, 8).await?;
    assert_eq!(post(serde_json::to_vec(&foreign)?).await?, 400);
    assert_eq!(client.get(&url).send().await?.status(), 404);
    for _ in 0..2 {
        assert_eq!(post(good.clone()).await?, 200, "who says the same again is not told off");
    }
    assert_eq!(next(&mut hearing).await?.task_time, 7);
    let counted = |reason| metrics.get(&REFUSED, &[("reason", reason)]);
    assert_eq!((counted("garbage"), counted("unsigned"), counted("repeated")), (1, 1, 1));
    stop.stop();
    Ok(())
}

async fn node(address: SocketAddr, peers: &[SocketAddr], metrics: Metrics, stop: &Stop) -> Result<Arc<HttpTransport>> {
    let peers: Vec<String> = peers.iter().map(|peer| format!("http://{peer}")).collect();
    let node = HttpTransport::new(domain(), &peers, metrics.clone(), stop)?;
    let server = Server::new(Health::default(), metrics).route("/messages", node.clone());
    let serving = server.serve(address, stop.clone()).await?;
    ensure!(serving.address == address, "{} is not {address}", serving.address);
    Ok(node)
}

/// Addresses of this machine that nobody listens at.
fn free(count: usize) -> Result<Vec<SocketAddr>> {
    let listening = (0..count).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<Result<Vec<_>, _>>()?;
    Ok(listening.iter().map(TcpListener::local_addr).collect::<Result<_, _>>()?)
}
