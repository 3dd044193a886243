//! Time on development chains.

use super::session::Node;
use arithmetic::epoch;
use clap::Args;
use eyre::Result;
use restake::chain::Chain;
use restake::times::at;

/// One day in seconds.
const DAY: u64 = 24 * 60 * 60;

/// How far.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Far {
    /// To the begin of the epoch so many later
    #[arg(long)]
    epochs: Option<u64>,
    /// So many days
    #[arg(long)]
    days: Option<u64>,
    /// So many seconds
    #[arg(long)]
    seconds: Option<u64>,
}

pub(crate) async fn run(far: &Far, node: &Node) -> Result<()> {
    let chain = Chain::connect(&node.rpc_url, [])?;
    let now = chain.now().await?;
    let later = match (far.epochs, far.days) {
        (Some(epochs), _) => epoch::start(epoch::at(now).saturating_add(epochs)),
        (None, Some(days)) => now.saturating_add(days.saturating_mul(DAY)),
        (None, None) => now.saturating_add(far.seconds.unwrap_or_default()),
    };
    chain.travel_to(later).await?;
    if node.json {
        println!("{}", serde_json::json!({ "ok": true, "now": later, "epoch": epoch::at(later) }));
    } else {
        println!("It is {}, in epoch {}", at(later), epoch::at(later));
    }
    Ok(())
}
