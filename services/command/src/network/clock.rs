//! Time: a block in each second, as a chain that people use has them. What would take days is skipped when nothing else
//! is left to do: a challenge period, and the time to open a leaf.

use super::say;
use super::setup::Network;
use alloy::primitives::Address;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use arithmetic::bisection::state::{OPERATOR, PROVEN};
use eyre::Result;
use interfaces::IBisection::{gameCountCall, positionOfCall};
use interfaces::IDisputeResolution::{AvailabilityChallenged, challengeOfCall};
use interfaces::ISlasher::{SlashRequested, requestHashCall};
use restake_daemon::stop::Stop;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long it is waited, for people to read and operators to answer, before time is skipped.
const PAUSE: Duration = Duration::from_secs(12);

/// Mines until everything stops.
pub(super) async fn run(network: Network, skips: bool, stop: Stop) {
    let mut skipping = Skipping::default();
    while !stop.is_stopped() {
        if let Err(failure) = tick(&network, skips, &mut skipping).await {
            say!("{:<20} | {failure:#}", "clock");
        }
        stop.or(tokio::time::sleep(Duration::from_secs(1))).await;
    }
}

#[derive(Default)]
struct Skipping {
    /// Until when it can be skipped, and since when that is known.
    next: Option<(u64, Instant)>,
    /// Times that were skipped to.
    done: BTreeSet<u64>,
}

async fn tick(network: &Network, skips: bool, skipping: &mut Skipping) -> Result<()> {
    network.chain.development().await?.mine().await?;
    if !skips {
        return Ok(());
    }
    let now = network.chain.now().await?;
    match skipping.next {
        Some((until, since)) if since.elapsed() >= PAUSE => {
            skipping.next = None;
            if until > now && waits_for(network, now).await?.contains(&until) {
                skipping.done.insert(until);
                say!("{:<20} | {} pass", "clock", time_of(until - now));
                network.chain.travel_to(until).await?;
            }
        }
        Some(_) => {}
        None => {
            let next = waits_for(network, now).await?.into_iter().find(|until| !skipping.done.contains(until));
            skipping.next = next.map(|until| (until, Instant::now()));
        }
    }
    Ok(())
}

/// The moments that somebody waits for: the end of a challenge period, and that of the time to open a leaf. None while
/// a game is played, whose clocks would run out.
async fn waits_for(network: &Network, now: u64) -> Result<BTreeSet<u64>> {
    let mut moments = BTreeSet::new();
    if is_played(network).await? {
        return Ok(moments);
    }
    for requested in logged::<SlashRequested>(network, network.oracle.slasher).await? {
        let call = requestHashCall { requestId: requested.requestId };
        let is_open = !network.chain.view(network.oracle.slasher, &call).await?.is_zero();
        if is_open && requested.request.executableAt > now {
            moments.insert(requested.request.executableAt);
        }
    }
    let disputes = network.data.service.dispute_resolution;
    for challenged in logged::<AvailabilityChallenged>(network, disputes).await? {
        let call = challengeOfCall { challengeId: challenged.challengeId };
        if network.chain.view(disputes, &call).await?.state == OPEN && challenged.deadline >= now {
            moments.insert(challenged.deadline.saturating_add(1));
        }
    }
    Ok(moments)
}

/// Whether a game waits for a move.
async fn is_played(network: &Network) -> Result<bool> {
    let games = network.chain.view(network.bisection, &gameCountCall {}).await?;
    for id in 0..games {
        let state = network.chain.view(network.bisection, &positionOfCall { gameId: id }).await?.state;
        if (OPERATOR..PROVEN).contains(&state) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The state of a challenge that is open.
const OPEN: u8 = 1;

async fn logged<E: SolEvent>(network: &Network, contract: Address) -> Result<Vec<E>> {
    let filter = Filter::new().address(contract).event_signature(E::SIGNATURE_HASH);
    let logs = network.chain.logs_since(&filter, 0).await?;
    logs.iter().map(|log| Ok(E::decode_log(&log.inner)?.data)).collect()
}

/// "2 days", or "59 minutes".
fn time_of(seconds: u64) -> String {
    match seconds {
        seconds if seconds >= 172_000 => format!("{} days", seconds.div_ceil(86_400)),
        seconds => format!("{} minutes", seconds.div_ceil(60)),
    }
}
