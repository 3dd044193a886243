//! The options for the chain and its blocks.

use clap::Args;
use std::time::Duration;

/// What the chain is like.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Chain")]
pub(super) struct ChainArguments {
    /// The chain id, 412346 if nothing else is said. Of a fork: the one that is expected.
    #[arg(long, value_name = "ID", alias = "chainid")]
    pub(super) chain_id: Option<u64>,
    /// The time of the first block, in seconds since 1970.
    #[arg(long, value_name = "SECONDS")]
    pub(super) timestamp: Option<u64>,
    /// Mine a block every so many seconds, and at no other time.
    #[arg(long, short, value_name = "SECONDS", value_parser = seconds, alias = "blocktime")]
    pub(super) block_time: Option<Duration>,
    /// Mine only when asked to.
    #[arg(long, alias = "no-mine", conflicts_with = "block_time")]
    pub(super) no_mining: bool,
    /// How much gas the transactions of a block may use.
    #[arg(long, value_name = "GAS", conflicts_with = "disable_block_gas_limit")]
    pub(super) gas_limit: Option<u64>,
    /// Let blocks take any gas, as they do anyway.
    #[arg(long)]
    disable_block_gas_limit: bool,
    /// What a unit of L1 data costs, in wei; a byte has sixteen. Nitro's development mode begins with 50000000000.
    #[arg(long, value_name = "WEI")]
    pub(super) l1_price: Option<u64>,
    /// The ArbOS version: 51, or 60 for programs in fragments.
    #[arg(long, value_name = "VERSION")]
    pub(super) arbos_version: Option<u64>,
    /// Be like Nitro's development mode also where this node is kinder to developers: prices that follow use, full
    /// blocks, one account, no contracts but Nitro's and StylusDeployer.
    #[arg(long)]
    pub(super) like_nitro: bool,
    /// Let clients have no more than Nitro's: no methods of development, and no accounts that the node signs for.
    #[arg(long)]
    pub(super) no_development: bool,
    /// Forget no past state.
    #[arg(long)]
    pub(super) archive: bool,
}

/// A time above zero, in seconds with a fraction.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|error| format!("{error}"))?;
    let time = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    if time.is_zero() { Err("blocks take some time".into()) } else { Ok(time) }
}
