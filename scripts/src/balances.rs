//! Who owns what in the protocol at one moment, and what changed between two moments.

use crate::actors::{Actor, Cast};
use crate::chain::Chain;
use crate::suite::Suite;
use alloy::primitives::utils::format_ether;
use alloy::primitives::{Address, U256};
use arithmetic::epoch::RELEASE_DELAY_EPOCHS;
use eyre::Result;
use interfaces::{IDisputeResolution, IERC20, ILens, ISlasher, IStrategyManager};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The name of what restakes for the holders of the receipt.
const VAULT: &str = "Receipt's vault";

/// For how many epochs after that of its release what was not collected is looked for.
const REMEMBERED_EPOCHS: u64 = 1;

/// One number: whose, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Whose it is, by name.
    pub owner: String,
    /// What it is, with its unit.
    pub what: String,
}

/// What everyone owns, in base units of the token or wei.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balances(BTreeMap<Entry, U256>);

impl Balances {
    /// Asks the chain about every actor: tokens and receipts held, stake with each operator, withdrawals on their way,
    /// slashed funds and bonds to collect; about the vault behind the receipt; and about each operator, whether it is
    /// frozen. What was released before the last epoch is left out.
    ///
    /// # Errors
    /// If the chain cannot be asked.
    pub async fn take(chain: &Chain, suite: &Suite, cast: &Cast) -> Result<Self> {
        let mut balances = Self::default();
        let epoch = chain.view(suite.lens, &ILens::currentEpochCall {}).await?;
        let operators = [&cast.honest, &cast.dishonest, &cast.accuser];
        let [first, second, third] = operators.map(|operator| (operator.name, operator.address));
        let pools = [("idle", Address::ZERO), first, second, third];
        for actor in cast.all() {
            balances.take_staker(chain, suite, (actor.name, actor.address), &pools, epoch).await?;
            balances.take_claims(chain, suite, actor, epoch).await?;
        }
        balances.take_staker(chain, suite, (VAULT, suite.restaking_vault), &pools, epoch).await?;
        for operator in operators {
            let frozen = chain.view(suite.slasher, &ISlasher::isFrozenCall { operator: operator.address }).await?;
            balances.note(operator.name, "frozen", U256::from(frozen));
        }
        Ok(balances)
    }

    async fn take_staker(
        &mut self,
        chain: &Chain,
        suite: &Suite,
        (staker, account): (&str, Address),
        pools: &[(&str, Address)],
        epoch: u64,
    ) -> Result<()> {
        let token = suite.token;
        let held = chain.view(token, &IERC20::balanceOfCall { account }).await?;
        self.note(staker, "lsETH in the wallet", held);
        for (name, operator) in pools {
            let position = IStrategyManager::positionCall { staker: account, operator: *operator, token };
            let stake = chain.view(suite.strategy_manager, &position).await?.assets;
            self.note(staker, &format!("lsETH at stake with {name}"), U256::from(stake));
            let withdrawals = ILens::withdrawalsCall {
                staker: account,
                operator: *operator,
                token,
                fromEpoch: epoch.saturating_sub(REMEMBERED_EPOCHS.saturating_add(RELEASE_DELAY_EPOCHS)),
                toEpoch: epoch,
            };
            let leaving = chain.view(suite.lens, &withdrawals).await?.assets.into_iter().map(U256::from).sum();
            self.note(staker, &format!("lsETH leaving {name}"), leaving);
        }
        Ok(())
    }

    async fn take_claims(&mut self, chain: &Chain, suite: &Suite, actor: &Actor, epoch: u64) -> Result<()> {
        let (account, token) = (actor.address, suite.token);
        let receipts = chain.view(suite.restaking_token, &IERC20::balanceOfCall { account }).await?;
        self.note(actor.name, "lrETH in the wallet", receipts);
        let mut slashed = U256::ZERO;
        let releases = epoch.saturating_sub(REMEMBERED_EPOCHS)..=epoch.saturating_add(RELEASE_DELAY_EPOCHS);
        for release_epoch in releases {
            let funds = IStrategyManager::fundsOfCall { claimant: account, token, releaseEpoch: release_epoch };
            slashed += U256::from(chain.view(suite.strategy_manager, &funds).await?.amount);
        }
        self.note(actor.name, "lsETH of slashed funds to claim", slashed);
        let bond = chain.view(suite.service.dispute_resolution, &IDisputeResolution::bondOfCall { account }).await?;
        self.note(actor.name, "ETH of bonds to withdraw", bond);
        Ok(())
    }

    fn note(&mut self, owner: &str, what: &str, amount: U256) {
        self.0.insert(Entry { owner: owner.to_owned(), what: what.to_owned() }, amount);
    }

    /// The amount of `owner`'s entry `what`; zero if there is none.
    pub fn of(&self, owner: &Actor, what: &str) -> U256 {
        let entry = Entry { owner: owner.name.to_owned(), what: what.to_owned() };
        self.0.get(&entry).copied().unwrap_or_default()
    }

    /// The sum of all entries whose description starts with `what`.
    pub fn sum(&self, what: &str) -> U256 {
        self.0.iter().filter(|(entry, _)| entry.what.starts_with(what)).map(|(_, amount)| *amount).sum()
    }

    /// One line per owner whose entries differ from those of `before`: `Alice: lsETH in the wallet 100 -> 40, ...`.
    pub fn changes_since(&self, before: &Self) -> Vec<String> {
        let mut lines: BTreeMap<&str, String> = BTreeMap::new();
        for (entry, amount) in &self.0 {
            let old = before.0.get(entry).copied().unwrap_or_default();
            if old == *amount {
                continue;
            }
            let line = lines.entry(&entry.owner).or_insert_with(|| format!("{}: ", entry.owner));
            let separator = if line.ends_with(": ") { "" } else { ", " };
            let change = match (entry.what.as_str(), amount.is_zero()) {
                ("frozen", false) => "is now FROZEN".to_owned(),
                ("frozen", true) => "is now free".to_owned(),
                (what, _) => format!("{what} {} -> {}", units(old), units(*amount)),
            };
            // Writing to a string cannot fail.
            let _ = write!(line, "{separator}{change}");
        }
        lines.into_values().collect()
    }
}

/// An amount in whole units of 18 decimals, without trailing zeros.
pub fn units(amount: U256) -> String {
    let text = format_ether(amount);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
