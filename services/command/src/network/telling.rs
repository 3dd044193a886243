//! What happens on the chain, as sentences.

use super::say;
use super::setup::Network;
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use alloy::sol_types::SolEvent;
use eyre::Result;
use interfaces::IPriceFeed::{AnswerUpdated, RoundSigned};
use interfaces::{IERC20, IRegistry, IStrategyManager};
use restake::events;
use restake_daemon::stop::Stop;
use std::time::Duration;

/// Events that say again what others say, or that come with every round.
const LEFT_OUT: [B256; 4] = [
    IERC20::Transfer::SIGNATURE_HASH,
    IERC20::Approval::SIGNATURE_HASH,
    IRegistry::StakeUpdated::SIGNATURE_HASH,
    IStrategyManager::RewardAdded::SIGNATURE_HASH,
];

/// Tells until everything stops.
pub(super) async fn run(network: Network, stop: Stop) {
    let mut next = None;
    while !stop.is_stopped() {
        if let Err(failure) = tell(&network, &mut next).await {
            say!("{:<20} | {failure:#}", "chain");
        }
        stop.or(tokio::time::sleep(Duration::from_millis(500))).await;
    }
}

/// Tells what happened since the block `next`.
async fn tell(network: &Network, next: &mut Option<u64>) -> Result<()> {
    let head = network.chain.provider().get_block_number().await?;
    let first = *next.get_or_insert(head.saturating_add(1));
    if first > head {
        return Ok(());
    }
    let filter = Filter::new().address(contracts(network));
    let logs = network.chain.logs(&filter, first, head).await?;
    *next = Some(head.saturating_add(1));
    for log in logs.iter().filter(|log| log.topic0().is_none_or(|topic| !LEFT_OUT.contains(topic))) {
        say!("{:<20} | {}", "chain", brief(&sentence(network, log)));
    }
    Ok(())
}

fn contracts(network: &Network) -> Vec<Address> {
    let services = [network.data.service, network.sequencer.service];
    let of_services = services.map(|service| [service.registry, service.service_manager, service.dispute_resolution]);
    let more = [network.feed, network.board, network.bisection];
    [&network.oracle.contracts()[..], of_services.as_flattened(), &more].concat()
}

/// The text with hashes by their ends: a person follows what happens, and looks up the rest.
fn brief(text: &str) -> String {
    const LENGTH: usize = 2 + 2 * B256::len_bytes();
    let mut told = String::new();
    for word in text.split_inclusive([' ', ',']) {
        let bare = word.trim_end_matches([' ', ',']);
        match (bare.get(..6), bare.get(bare.len().saturating_sub(4)..)) {
            (Some(begin), Some(end)) if begin.starts_with("0x") && bare.len() == LENGTH => {
                told.push_str(&format!("{begin}..{end}{}", &word[bare.len()..]));
            }
            _ => told.push_str(word),
        }
    }
    told
}

/// A price in words of its own: it comes with every round.
fn sentence(network: &Network, log: &Log) -> String {
    if let Ok(updated) = AnswerUpdated::decode_log(&log.inner) {
        let cents = updated.current.into_raw().saturating_to::<u128>() / 1_000_000;
        return format!("the price of round {} is {}.{:02}", updated.roundId, cents / 100, cents % 100);
    }
    if let Ok(signed) = RoundSigned::decode_log(&log.inner) {
        let percent = signed.signedStake.saturating_mul(100).checked_div(signed.totalStake).unwrap_or_default();
        return format!("round {} is signed by {percent} % of the stake", signed.roundId);
    }
    events::sentence(&network.people, &log.inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_told_by_their_ends() {
        let hash = B256::repeat_byte(0xab);
        assert_eq!(
            brief(&format!("It {{ task: {hash}, of: 0x12, last: {hash} }}")),
            "It { task: 0xabab..abab, of: 0x12, last: 0xabab..abab }"
        );
    }
}
