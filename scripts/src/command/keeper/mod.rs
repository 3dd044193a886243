//! What somebody must do sooner or later, done: slash requests that are due, weights that lapse, announced grants,
//! challenges that nobody answered, programs that expire or fell out of the cache. It remembers nothing: what is due is
//! read from the chain in each round, and each call is simulated before it is sent. So it can be stopped at any moment,
//! and two of them waste gas at most.

mod due;
mod programs;
mod seen;
mod serving;

use super::sending::{Done, Failed, Refused};
use super::session::{Acting, Actor, Session};
use clap::{Args, ValueEnum};
use eyre::{Result, WrapErr, ensure};
use restake::amounts::{ETHER_DECIMALS, parse};
use restake::progress::Bar;
use seen::Seen;
use std::collections::{BTreeSet, VecDeque};
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// What is kept, and how often. Nothing of it pays who does it, so it is said what shall be done.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("asked").required(true).multiple(true).args(["only", "all", "prolong", "cache"]))]
pub(crate) struct Keeping {
    /// Only these duties. None of them pays who does it: it costs gas
    #[arg(long, value_enum, value_name = "DUTY")]
    only: Vec<Duty>,
    /// All duties that cost gas only
    #[arg(long, conflicts_with = "only")]
    all: bool,
    /// Pay for another year of programs that expire within so many days [60 if only --prolong is given]
    #[arg(long, value_name = "DAYS", num_args = 0..=1, default_missing_value = "60")]
    prolong: Option<u64>,
    /// Buy programs that are not in the chain's cache a place in it, for at most so much ETH each
    #[arg(long, value_name = "ETH")]
    cache: Option<String>,
    /// One round, instead of one after another
    #[arg(long)]
    once: bool,
    /// Seconds between two rounds
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Say at http://ADDRESS/metrics and /health what was done and seen
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<SocketAddr>,
    #[command(flatten)]
    pub(crate) acting: Acting,
}

/// A duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Duty {
    /// Execute slash requests that are due, and close those that expired
    Requests,
    /// Have operators weighed again once in an epoch
    Weights,
    /// Put announced grants into force, and clear those that lapsed
    Grants,
    /// Resolve challenges that nobody answered
    Challenges,
    /// Of `--prolong`.
    #[value(skip)]
    Prolong {
        /// Within so many days.
        days: u64,
    },
    /// Of `--cache`.
    #[value(skip)]
    Cache {
        /// For at most so many wei.
        most: u128,
    },
}

impl Duty {
    const fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Weights => "weights",
            Self::Grants => "grants",
            Self::Challenges => "challenges",
            Self::Prolong { .. } => "prolong",
            Self::Cache { .. } => "cache",
        }
    }

    /// Whether each call makes the next one dearer, so that its price is asked for when its turn comes.
    const fn moves_prices(self) -> bool {
        matches!(self, Self::Prolong { .. } | Self::Cache { .. })
    }
}

impl Keeping {
    fn duties(&self) -> Result<BTreeSet<Duty>> {
        let mut duties: BTreeSet<Duty> = self.only.iter().copied().collect();
        if self.all {
            duties.extend(Duty::value_variants());
        }
        duties.extend(self.prolong.map(|days| Duty::Prolong { days }));
        if let Some(most) = &self.cache {
            duties.insert(Duty::Cache { most: parse(most, ETHER_DECIMALS)? });
        }
        Ok(duties)
    }
}

pub(crate) async fn run(keeping: &Keeping) -> Result<()> {
    let duties = keeping.duties()?;
    ensure!(keeping.acting.sending.unsigned.is_none(), "a keeper sends what it does: --unsigned is for single calls");
    let (mut session, actor) = Session::act(&keeping.acting).await?;
    let seen = Arc::new(Seen::new(actor.address, Duration::from_secs(keeping.every)));
    if let Some(address) = keeping.metrics {
        let address = serving::serve(address, seen.clone()).await?;
        complain(&format!("What is done and seen is at http://{address}/metrics and /health"));
    }
    loop {
        let round = session.keep(&actor, keeping, &duties, &seen).await;
        seen.ended(&round);
        if keeping.once {
            return round;
        }
        let failed = round.is_err();
        if let Err(failure) = round {
            // The node went away, or the purse is empty: the next round finds the same again.
            complain(&super::sentence(&failure));
        }
        tokio::time::sleep(Duration::from_secs(keeping.every)).await;
        if failed {
            // A node that was away may have come back as another one: the deployment is looked at again.
            match session.again(&keeping.acting.node, &actor).await {
                Ok(found) => session = found,
                Err(failure) => complain(&super::sentence(&failure)),
            }
        }
    }
}

/// Tells who looks after the keeper; that nobody does is no reason to end.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

impl Session {
    /// One round. What cannot be done of one duty does not keep it from the others.
    async fn keep(&self, actor: &Actor, keeping: &Keeping, duties: &BTreeSet<Duty>, seen: &Seen) -> Result<()> {
        // Something of an earlier life may be on its way: it would be done twice.
        let settled = self.chain.is_settled(actor.address).await.wrap_err("cannot ask for transactions")?;
        ensure!(settled, "transactions of {} wait in the node: nothing is done before they are mined", actor.address);
        seen.looked(&self.chain).await?;
        let (mut done, mut first) = (Vec::new(), None);
        let bar = if self.json { Bar::hidden() } else { Bar::new("looking") };
        let all = u64::try_from(duties.len())?;
        for (looked, duty) in (0..).zip(duties) {
            bar.set(looked, all);
            if let Err(failure) = self.attend(actor, keeping, *duty, seen, &mut done, &bar).await {
                first.get_or_insert(failure);
            }
        }
        match first {
            Some(failure) => Err(super::sending::halfway(failure, &done)),
            None => {
                self.tell_done(actor, &done);
                Ok(())
            }
        }
    }

    /// Does what is due of a duty.
    async fn attend(
        &self,
        actor: &Actor,
        keeping: &Keeping,
        duty: Duty,
        seen: &Seen,
        done: &mut Vec<Done>,
        bar: &Bar,
    ) -> Result<()> {
        let mut due = VecDeque::from(self.due(duty, actor).await.wrap_err(duty.name())?);
        bar.clear();
        seen.due(duty, due.len());
        while let Some(step) = due.pop_front() {
            match self.take(actor, &keeping.acting.sending, step, None).await {
                Ok(sent) => {
                    seen.did(duty, &sent);
                    done.push(sent);
                    if duty.moves_prices() {
                        due = self.due(duty, actor).await.wrap_err(duty.name())?.into();
                    }
                }
                // What is not due yet, or somebody else did a moment ago, is refused or fails.
                Err(failure) if failure.is::<Refused>() || failure.is::<Failed>() => seen.lost(duty),
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }
}
