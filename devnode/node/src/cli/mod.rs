//! A node as a command: options by the names that anvil has for them, and what is said at the start and at the end.

mod accounts;
mod chain;
mod error;
mod fork;
mod session;
mod state;
mod stop;
pub mod vectors;

pub use error::CliError;
pub use session::Session;

use crate::{Devnode, DevnodeBuilder};
use accounts::AccountArguments;
use chain::ChainArguments;
use clap::Args;
use fork::ForkArguments;
use state::StateArguments;
use std::net::{IpAddr, Ipv4Addr};

/// The options of a node.
#[derive(Clone, Debug, Args)]
pub struct NodeArguments {
    /// The port to listen on; 0 for any that is free.
    #[arg(long, short, default_value_t = 8547)]
    port: u16,
    /// The address to listen on, of IPv4 or IPv6.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = host)]
    host: IpAddr,
    /// Say nothing.
    #[arg(long, short, alias = "silent")]
    quiet: bool,
    #[command(flatten)]
    accounts: AccountArguments,
    #[command(flatten)]
    chain: ChainArguments,
    #[command(flatten)]
    state: StateArguments,
    #[command(flatten)]
    fork: ForkArguments,
}

/// An address; "localhost" is one too.
fn host(text: &str) -> Result<IpAddr, String> {
    if text == "localhost" {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().map_err(|_| "not an address of IPv4 or IPv6".into())
}

/// The options as if none was given.
#[derive(clap::Parser)]
struct Defaults {
    #[command(flatten)]
    node: NodeArguments,
}

impl NodeArguments {
    /// What no option asks for, on this port.
    pub fn on_port(port: u16) -> Self {
        let Defaults { node } = clap::Parser::parse_from(std::iter::empty::<&str>());
        Self { port, ..node }
    }

    /// What the options ask for, the state apart. Only what was asked for is set, as a chain that goes on has its
    /// settings.
    ///
    /// # Errors
    ///
    /// If the words of the mnemonic are none.
    pub fn builder(&self) -> Result<DevnodeBuilder, CliError> {
        let ChainArguments { chain_id, timestamp, block_time, gas_limit, l1_price, arbos_version, .. } = self.chain;
        let mut builder = Devnode::builder()
            .host(self.host)
            .port(self.port)
            .development(!self.chain.no_development)
            .automine(!self.chain.no_mining)
            .auto_impersonate(self.accounts.auto_impersonate());
        if let Some(accounts) = self.accounts.accounts()? {
            builder = builder.accounts(accounts);
        }
        if let Some(balance) = self.accounts.balance() {
            builder = builder.balance(balance);
        }
        if let Some(id) = chain_id {
            builder = builder.chain_id(id);
        }
        if let Some(timestamp) = timestamp {
            builder = builder.timestamp(timestamp);
        }
        if let Some(every) = block_time {
            builder = builder.block_time(every);
        }
        if let Some(gas) = gas_limit {
            builder = builder.block_gas_limit(gas);
        }
        if let Some(price) = l1_price {
            builder = builder.l1_price(price);
        }
        if let Some(version) = arbos_version {
            builder = builder.arbos_version(version);
        }
        if self.chain.like_nitro {
            builder = builder.like_nitro(true);
        }
        if self.chain.archive {
            builder = builder.archive(true);
        }
        if let Some(fork) = self.fork.clone().options() {
            builder = builder.fork(fork);
        }
        Ok(builder)
    }
}
