//! What a deployment says: lines for people, or one object for programs.

use alloy::primitives::{Address, U256};
use restake::amounts::{ETHER_DECIMALS, format};
use restake::deployment::Deployment;
use restake::progress::Bar;
use restake::suite::cache::Bid;
use restake::suite::{Forecast, Progress, Suite};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// Who is told.
#[derive(Debug)]
pub(super) struct Telling {
    /// A program.
    json: bool,
    /// How far the steps are.
    bar: Bar,
}

impl Telling {
    pub(super) fn new(json: bool) -> Self {
        Self { json, bar: if json { Bar::hidden() } else { Bar::new("deploying") } }
    }

    /// What is left to do, and what that costs.
    pub(super) fn introduce(&self, chain_id: u64, from: Address, forecast: &Forecast) {
        self.say(&format!("Chain {chain_id}; {from} has {} ETH.", ether(forecast.balance)));
        self.say(&format!(
            "{} steps are left: at most {} gas at {} gwei and {} ETH of data fees, {} ETH in all.",
            forecast.steps,
            forecast.gas,
            format(forecast.gas_price, 9),
            ether(forecast.data_fees),
            ether(forecast.total())
        ));
    }

    /// The end, where nothing was to be done.
    pub(super) fn estimated(&self, forecast: &Forecast) {
        self.print(&json!({ "ok": true, "forecast": as_json(forecast) }));
    }

    pub(super) fn step(&self, progress: &Progress) {
        let gas = progress.gas.map_or_else(String::new, |gas| format!(" ({gas} gas)"));
        self.say(&format!("[{:>2}/{}] {}{gas}", progress.done, progress.all, progress.what));
        if let (Ok(done), Ok(all)) = (u64::try_from(progress.done), u64::try_from(progress.all))
            && done < all
        {
            self.bar.set(done, all);
        }
    }

    pub(super) fn bid(&self, name: &str, bid: &Bid) {
        let (price, saves) = (ether(bid.wei), bid.saves);
        self.say(&format!("{name}: {price} ETH for a place in the cache, which saves {saves} gas whenever it starts"));
    }

    /// Where everything is.
    pub(super) fn ended(&self, suite: &Suite, record: &Deployment, file: &Path, bids: &[Bid]) {
        let prices: Vec<String> = bids.iter().map(|bid| bid.wei.to_string()).collect();
        self.print(&json!({ "ok": true, "deployment": file, "contracts": record.addresses(), "bids": prices }));
        self.say(&suite.to_string());
        let place = file.display();
        self.say(&format!("Every contract was read back, and has the code that is built here. It stands in {place}."));
    }

    /// What the owner, who is somebody else, has to do.
    pub(super) fn owner_is_left(&self) {
        self.say("The owner still has to list the token and let it count: `restake governance list` and");
        self.say("`restake service schedule-weight 100%`.");
    }

    /// For people. That nobody reads it any more is no reason to stop between two steps.
    fn say(&self, line: &str) {
        if !self.json {
            self.bar.clear();
            let _ = writeln!(std::io::stdout(), "{line}");
            let _ = std::io::stdout().flush();
        }
    }

    /// For programs.
    fn print(&self, object: &Value) {
        if self.json {
            let _ = writeln!(std::io::stdout(), "{object}");
        }
    }
}

fn as_json(forecast: &Forecast) -> Value {
    json!({
        "steps": forecast.steps,
        "gas": forecast.gas,
        "gasPrice": forecast.gas_price.to_string(),
        "dataFees": forecast.data_fees.to_string(),
        "total": forecast.total().to_string(),
        "balance": forecast.balance.to_string(),
    })
}

pub(super) fn ether(wei: U256) -> String {
    format(wei, ETHER_DECIMALS)
}
