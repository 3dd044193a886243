//! Somebody who has data to keep: a task for it, promises of the operators, their stake behind them, and the data back.

use super::people::OWNER;
use super::say;
use super::setup::Network;
use crate::data::{Kept, keep};
use alloy::primitives::keccak256;
use eyre::{Result, ensure};
use restake::actors::Cast;
use restake_daemon::stop::Stop;
use restake_data_store::client::Client;
use restake_data_store::setting::Setting;
use std::time::Duration;

/// What an operator may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause before somebody tries again.
const PAUSE: Duration = Duration::from_secs(5);

/// The bytes that are kept.
const BYTES: usize = 100_000;

/// Has something kept once, and looks whether it comes back.
pub(super) async fn run(network: Network, stop: Stop) {
    while !stop.is_stopped() {
        match stop.or(visit(&network)).await {
            Some(Ok(())) | None => return,
            Some(Err(failure)) => say!("{OWNER:<20} | {failure:#}"),
        }
        stop.or(tokio::time::sleep(PAUSE)).await;
    }
}

async fn visit(network: &Network) -> Result<()> {
    let owner = Cast::development()?.owner.address;
    let setting = Setting::new(network.chain.clone(), network.data, 0).await?;
    let (client, silent) = Client::find(&network.stores(), PATIENCE).await?;
    ensure!(silent.is_empty(), "waits for {} operators of the data store", silent.len());
    let seed = keccak256(network.board);
    let blob: Vec<u8> = seed.iter().copied().cycle().take(BYTES).collect();
    let fee = 1_000_000_000_000_000_000;
    let Kept { task_id, certificate, kept } = keep(&setting, &client, network.board, owner, &blob, fee).await?;
    say!(
        "{OWNER:<20} | task {task_id}: {BYTES} bytes are kept in {} leaves, {kept} of them promised",
        certificate.leaf_count()
    );
    let back = client.retrieve(&setting.domain, &certificate).await?;
    ensure!(back == blob, "something else came back");
    say!("{OWNER:<20} | and all of them came back");
    Ok(())
}
