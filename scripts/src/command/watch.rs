//! What happens on a suite, told as it happens.

use super::looking;
use super::session::{Node, Session};
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::rpc::types::{Filter, Log};
use clap::Args;
use eyre::{Result, WrapErr, ensure};
use restake::build::PROGRAMS;
use restake::events;
use restake::times::at;
use restake::warnings::warning;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Most blocks that a node is asked about at once.
const MOST_BLOCKS: u64 = 10_000;

/// The longest wait for a node that does not answer.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// What is told, and to whom.
#[derive(Debug, Args)]
pub(crate) struct Watching {
    /// Only what concerns this account, and the operators that it has or had stake with
    #[arg(long = "for", value_name = "NAME")]
    whom: Option<String>,
    /// From this block on [default: the next one]
    #[arg(long, value_name = "BLOCK")]
    from_block: Option<u64>,
    /// Stop at the latest block, instead of waiting for more
    #[arg(long)]
    once: bool,
    /// Seconds between two questions to the node
    #[arg(long, default_value_t = 1, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Run this with `sh -c` for each event, which it reads as JSON
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    #[command(flatten)]
    pub(crate) node: Node,
}

pub(crate) async fn run(watching: &Watching) -> Result<()> {
    let session = Session::open(&watching.node).await?;
    let whom = watching.whom.as_deref().map(|name| session.people.find(name)).transpose()?;
    let latest = session.chain.provider().get_block_number().await?;
    let mut next = watching.from_block.unwrap_or(latest.saturating_add(1)).max(session.since);
    let pause = Duration::from_secs(watching.every);
    let mut wait = pause;
    loop {
        match tell(&session, watching, whom, next).await {
            Ok(told) if watching.once && told == next => return Ok(()),
            Ok(told) => {
                let is_behind = told != next;
                (next, wait) = (told, pause);
                if is_behind {
                    continue;
                }
            }
            Err(failure) if watching.once => return Err(failure),
            // The node went away or cannot keep up: nothing is missed, because `next` is where it was.
            Err(failure) => {
                let _ = writeln!(std::io::stderr(), "{failure:#}; again in {} s", wait.as_secs());
                wait = wait.saturating_mul(2).min(LONGEST_WAIT);
            }
        }
        tokio::time::sleep(wait).await;
    }
}

/// Tells what happened from the block `next` on. Returns the block after the last one told.
async fn tell(session: &Session, watching: &Watching, whom: Option<Address>, next: u64) -> Result<u64> {
    let provider = session.chain.provider();
    let latest = provider.get_block_number().await.wrap_err("cannot ask for the latest block")?;
    if latest < next {
        return Ok(next);
    }
    let last = latest.min(next.saturating_add(MOST_BLOCKS - 1));
    let contracts: Vec<Address> = session.suite.contracts().into_iter().take(PROGRAMS.len()).collect();
    let filter = Filter::new().address(contracts).from_block(next).to_block(last);
    let logs = provider.get_logs(&filter).await.wrap_err("cannot ask for events")?;
    let concerned = match whom {
        Some(account) => Some(concerned(session, account).await?),
        None => None,
    };
    for log in logs {
        let is_told =
            concerned.as_ref().is_none_or(|accounts| log.topics().iter().skip(1).any(|topic| accounts.contains(topic)));
        if is_told {
            tell_one(session, watching, &log).await?;
        }
    }
    Ok(last.saturating_add(1))
}

/// The account and its operators, as topics.
async fn concerned(session: &Session, account: Address) -> Result<BTreeSet<B256>> {
    let mut accounts = looking::pools_of(session, account).await?;
    accounts.remove(&Address::ZERO);
    accounts.insert(account);
    Ok(accounts.iter().map(Address::into_word).collect())
}

async fn tell_one(session: &Session, watching: &Watching, log: &Log) -> Result<()> {
    let number = log.block_number.unwrap_or_default();
    let block = session.chain.provider().get_block(number.into()).await.wrap_err("cannot ask for a block")?;
    let time = block.map(|block| block.header.timestamp).unwrap_or_default();
    let (text, warning) = (events::sentence(&session.people, &log.inner), warning(&session.people, &log.inner));
    let value = json!({
        "block": number, "time": time, "transactionHash": log.transaction_hash, "logIndex": log.log_index,
        "contract": session.people.name(log.address()), "event": text, "warning": warning
    });
    if let Some(command) = &watching.exec {
        execute(command, &value.to_string())?;
    }
    session.say(&format!("{} (block {number}) {text}", at(time)));
    if let Some(warning) = warning {
        session.say(&format!("    {warning}"));
    }
    if session.json {
        let mut out = std::io::stdout();
        // Who reads it is gone: nobody is told any more.
        writeln!(out, "{value}").and_then(|()| out.flush()).wrap_err("nobody reads this any more")?;
    }
    Ok(())
}

fn execute(command: &str, event: &str) -> Result<()> {
    let mut child =
        Command::new("sh").args(["-c", command]).stdin(Stdio::piped()).spawn().wrap_err("cannot run a shell")?;
    if let Some(mut input) = child.stdin.take() {
        // A command need not read it.
        let _ = writeln!(input, "{event}");
    }
    let status = child.wait()?;
    ensure!(status.success(), "`{command}` ended with {status}");
    Ok(())
}
