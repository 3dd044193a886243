//! What happens on a suite, told as it happens.

mod telling;

use super::looking;
use super::session::{Node, Session};
use alloy::primitives::{Address, B256};
use alloy::providers::Provider;
use alloy::pubsub::Subscription;
use alloy::rpc::types::{Filter, Header};
use alloy::transports::http::reqwest::{Client, Url};
use clap::Args;
use eyre::{Result, WrapErr};
use restake::build::PROGRAMS;
use restake::chain::gone;
use restake::progress::Bar;
use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;
use telling::Told;

/// Most blocks that a node is asked about at once.
const MOST_BLOCKS: u64 = 10_000;

/// The first wait for a node that does not answer.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait for a node that does not answer.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// How often a node that tells of new blocks is asked all the same: that it tells is not all there is to trust in.
const LONGEST_SILENCE: Duration = Duration::from_secs(15);

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
    /// Seconds between two questions to a node that does not tell of new blocks (over ws:// it does)
    #[arg(long, default_value_t = 1, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Run this with `sh -c` for each event, which it reads as JSON
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    /// Post each event there as JSON, until it is taken
    #[arg(long, value_name = "URL")]
    webhook: Option<Url>,
    #[command(flatten)]
    pub(crate) node: Node,
}

/// Somebody who watches.
struct Watcher<'a> {
    watching: &'a Watching,
    session: Session,
    /// New blocks, where the node tells of them.
    heads: Option<Subscription<Header>>,
    whom: Option<Address>,
    client: Client,
    /// The first block that is not told in full.
    next: u64,
    /// How much of it is told.
    told: Told,
    /// How far it is, while it catches up.
    bar: Bar,
}

pub(crate) async fn run(watching: &Watching) -> Result<()> {
    let session = Session::open(&watching.node).await?;
    let whom = watching.whom.as_deref().map(|name| session.people.find(name)).transpose()?;
    let latest = session.chain.provider().get_block_number().await?;
    let next = watching.from_block.unwrap_or(latest.saturating_add(1)).max(session.since);
    let client = Client::builder().timeout(Duration::from_secs(watching.node.timeout)).build()?;
    let heads = session.chain.heads().await?;
    let bar = if watching.node.json { Bar::hidden() } else { Bar::new("catching up") };
    let mut watcher = Watcher { watching, session, heads, whom, client, next, told: Told::default(), bar };
    let pause = Duration::from_secs(watching.every);
    let mut wait = FIRST_WAIT;
    loop {
        let before = watcher.next;
        match watcher.tell().await {
            Ok(()) if watching.once && watcher.next == before => return Ok(()),
            Ok(()) => {
                wait = FIRST_WAIT;
                if watcher.next == before {
                    watcher.hear(pause).await;
                }
            }
            Err(failure) if watching.once => return Err(failure),
            // The node went away or cannot keep up: nothing is missed, because it is known how far it was.
            Err(failure) => {
                complain(&format!("{}; again in {} s", super::sentence(&failure), wait.as_secs()));
                tokio::time::sleep(wait).await;
                wait = wait.saturating_mul(2).min(LONGEST_WAIT);
                if gone(&failure).is_some()
                    && let Err(failure) = watcher.connect().await
                {
                    complain(&super::sentence(&failure));
                }
            }
        }
    }
}

/// Tells who looks after it.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

impl Watcher<'_> {
    /// Connects again, and looks whether it is the same chain.
    async fn connect(&mut self) -> Result<()> {
        let session = Session::open(&self.watching.node).await?;
        self.heads = session.chain.heads().await?;
        self.session = session;
        Ok(())
    }

    /// Waits for something new.
    async fn hear(&mut self, pause: Duration) {
        match &mut self.heads {
            // That the connection is lost is found out by asking.
            Some(heads) => {
                if let Ok(Err(_)) = tokio::time::timeout(LONGEST_SILENCE, heads.recv()).await {
                    tokio::time::sleep(FIRST_WAIT).await;
                }
            }
            None => tokio::time::sleep(pause).await,
        }
    }

    /// Tells what happened since, in some blocks.
    async fn tell(&mut self) -> Result<()> {
        let provider = self.session.chain.provider();
        let latest = provider.get_block_number().await.wrap_err("cannot ask for the latest block")?;
        if latest < self.next {
            return Ok(());
        }
        let last = latest.min(self.next.saturating_add(MOST_BLOCKS - 1));
        if last < latest {
            self.bar.set(self.next, latest);
        }
        let contracts: Vec<Address> = self.session.suite.contracts().into_iter().take(PROGRAMS.len()).collect();
        let filter = Filter::new().address(contracts);
        let logs = self.session.chain.logs(&filter, self.next, last).await.wrap_err("cannot ask for events")?;
        let concerned = match self.whom {
            Some(account) => Some(concerned(&self.session, account).await?),
            None => None,
        };
        self.bar.clear();
        for log in logs {
            let concerns = |accounts: &BTreeSet<B256>| log.topics().iter().skip(1).any(|one| accounts.contains(one));
            if concerned.as_ref().is_none_or(concerns) {
                self.tell_one(&log).await?;
            }
        }
        self.next = last.saturating_add(1);
        Ok(())
    }
}

/// The account and its operators, as topics.
async fn concerned(session: &Session, account: Address) -> Result<BTreeSet<B256>> {
    let mut accounts = looking::pools_of(session, account).await?;
    accounts.remove(&Address::ZERO);
    accounts.insert(account);
    Ok(accounts.iter().map(Address::into_word).collect())
}
