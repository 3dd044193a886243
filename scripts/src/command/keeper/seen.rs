//! What a keeper did and sees, for those who look after it.

use super::Duty;
use crate::command::sending::Done;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use eyre::{Result, WrapErr};
use restake::chain::Chain;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// After so many rounds in which nothing was heard of it, a keeper is not well.
const SILENT_ROUNDS: u32 = 3;

/// What is known.
#[derive(Debug)]
pub(super) struct Seen {
    account: Address,
    every: Duration,
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    rounds: u64,
    failed_rounds: u64,
    /// When the last round ended well.
    well: Option<(Instant, u64)>,
    failure: Option<String>,
    block: u64,
    balance: U256,
    gas: u64,
    fee: U256,
    duties: BTreeMap<&'static str, Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    due: usize,
    done: u64,
    lost: u64,
}

impl Seen {
    pub(super) fn new(account: Address, every: Duration) -> Self {
        Self { account, every, book: Mutex::default() }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Counters are as good as they were.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the chain is, and what the account has.
    pub(super) async fn looked(&self, chain: &Chain) -> Result<()> {
        let block = chain.provider().get_block_number().await.wrap_err("cannot ask for the latest block")?;
        let balance = chain.balance(self.account).await?;
        let mut book = self.book();
        (book.block, book.balance) = (block, balance);
        Ok(())
    }

    /// So much is due of a duty.
    pub(super) fn due(&self, duty: Duty, count: usize) {
        self.book().duties.entry(duty.name()).or_default().due = count;
    }

    /// Something was done.
    pub(super) fn did(&self, duty: Duty, done: &Done) {
        let mut book = self.book();
        book.gas = book.gas.saturating_add(done.gas_used);
        book.fee = book.fee.saturating_add(done.paid);
        let counts = book.duties.entry(duty.name()).or_default();
        counts.done = counts.done.saturating_add(1);
    }

    /// Something was not due yet, or done by somebody else.
    pub(super) fn lost(&self, duty: Duty) {
        let mut book = self.book();
        let counts = book.duties.entry(duty.name()).or_default();
        counts.lost = counts.lost.saturating_add(1);
    }

    /// A round ended.
    pub(super) fn ended(&self, round: &Result<()>) {
        let mut book = self.book();
        match round {
            Ok(()) => {
                let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
                book.rounds = book.rounds.saturating_add(1);
                book.well = Some((Instant::now(), time));
                book.failure = None;
            }
            Err(failure) => {
                book.failed_rounds = book.failed_rounds.saturating_add(1);
                book.failure = Some(crate::command::sentence(failure));
            }
        }
    }

    /// Whether it is well, and JSON about it.
    pub(super) fn health(&self) -> (bool, String) {
        let book = self.book();
        let patience = self.every.saturating_mul(SILENT_ROUNDS).max(Duration::from_secs(60));
        let is_heard = book.well.is_some_and(|(when, _)| when.elapsed() <= patience);
        let is_well = is_heard && book.failure.is_none();
        let text = json!({
            "ok": is_well, "account": self.account, "block": book.block, "balance": book.balance.to_string(),
            "rounds": book.rounds, "failedRounds": book.failed_rounds,
            "lastRound": book.well.map(|(_, time)| time), "failure": book.failure,
        });
        (is_well, text.to_string())
    }

    /// The same for Prometheus, in its text format.
    pub(super) fn metrics(&self) -> String {
        let book = self.book();
        let mut text = String::new();
        let mut tell = |name: &str, kind: &str, help: &str, values: &[(String, String)]| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "# HELP restake_keeper_{name} {help}\n# TYPE restake_keeper_{name} {kind}");
            for (labels, value) in values {
                let _ = writeln!(text, "restake_keeper_{name}{labels} {value}");
            }
        };
        let one = |value: String| vec![(String::new(), value)];
        let last = book.well.map_or(0, |(_, time)| time);
        tell("rounds_total", "counter", "Rounds that ended well.", &one(book.rounds.to_string()));
        tell("failed_rounds_total", "counter", "Rounds that did not.", &one(book.failed_rounds.to_string()));
        tell("last_round_timestamp_seconds", "gauge", "When the last one ended well.", &one(last.to_string()));
        tell("block", "gauge", "The latest block.", &one(book.block.to_string()));
        tell("balance_wei", "gauge", "What the account has.", &one(book.balance.to_string()));
        tell("gas_total", "counter", "Gas that was used.", &one(book.gas.to_string()));
        tell("fee_wei_total", "counter", "What that cost.", &one(book.fee.to_string()));
        let each = |count: &dyn Fn(&Counts) -> String| -> Vec<(String, String)> {
            book.duties.iter().map(|(duty, counts)| (format!("{{duty=\"{duty}\"}}"), count(counts))).collect()
        };
        tell("due", "gauge", "Calls that seemed due in the last round.", &each(&|counts| counts.due.to_string()));
        tell("done_total", "counter", "Calls that were done.", &each(&|counts| counts.done.to_string()));
        tell("lost_total", "counter", "Calls that were refused.", &each(&|counts| counts.lost.to_string()));
        text
    }
}
