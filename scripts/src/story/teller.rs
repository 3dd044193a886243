//! Plays one step at a time and prints it: who did what, what it cost, whose balances changed, or why it reverted.

use crate::actors::{Actor, Cast};
use crate::balances::{Balances, units};
use crate::chain::{CallError, Chain};
use crate::suite::Suite;
use crate::verbs::Verb;
use alloy::primitives::U256;
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::{SolCall, SolError};
use eyre::{Result, WrapErr, bail, ensure};

/// Width of a printed line.
const WIDTH: usize = 110;

/// A space at which no line is broken; it is printed as an ordinary one.
const GLUE: &str = "\u{a0}";

pub(super) struct Teller<'a> {
    pub(super) chain: &'a Chain,
    pub(super) suite: &'a Suite,
    pub(super) cast: &'a Cast,
    steps: usize,
    acts: usize,
    balances: Balances,
    /// The gas of transactions that belong to the next step.
    prepared: Vec<u64>,
}

impl<'a> Teller<'a> {
    pub(super) async fn new(chain: &'a Chain, suite: &'a Suite, cast: &'a Cast) -> Result<Self> {
        let balances = Balances::take(chain, suite, cast).await?;
        Ok(Self { chain, suite, cast, steps: 0, acts: 0, balances, prepared: Vec::new() })
    }

    pub(super) fn now(&self) -> &Balances {
        &self.balances
    }

    /// A heading.
    pub(super) fn act(&mut self, title: &str) {
        self.acts += 1;
        let heading = format!("-- {}. {title} ", self.acts);
        println!("\n{heading}{}", "-".repeat(WIDTH.saturating_sub(heading.len())));
    }

    /// A paragraph.
    pub(super) fn say(&self, text: &str) {
        println!();
        wrap(text, "");
    }

    /// What `who` does in a transaction of its own that belongs to its next step: it must succeed.
    pub(super) async fn prepare<C: SolCall>(&mut self, who: &Actor, verb: &Verb<C>) -> Result<()> {
        self.send(who, verb).await.map(drop)
    }

    /// `who` does something: it must succeed.
    pub(super) async fn step<C: SolCall>(
        &mut self,
        who: &Actor,
        text: &str,
        verb: &Verb<C>,
    ) -> Result<TransactionReceipt> {
        let receipt = self.send(who, verb).await.wrap_err_with(|| format!("{} {text}", who.name))?;
        let gas = thousands(self.prepared.iter().sum());
        let cost = match self.prepared.len() {
            1 => format!("[{gas}{GLUE}gas]"),
            transactions => format!("[{gas}{GLUE}gas in {transactions}{GLUE}transactions]"),
        };
        self.prepared.clear();
        self.tell(&format!("{} {text}. {cost}", who.name));
        self.tell_changes().await?;
        Ok(receipt)
    }

    /// Sends what must succeed, and be known by its events.
    async fn send<C: SolCall>(&mut self, who: &Actor, verb: &Verb<C>) -> Result<TransactionReceipt> {
        let receipt =
            verb.send(self.chain, who.address).await.wrap_err_with(|| format!("{}: {}", who.name, verb.name()))?;
        ensure!(verb.is_done_in(&receipt), "{}: {} logged nothing that it is known by", who.name, verb.name());
        self.prepared.push(receipt.gas_used);
        Ok(receipt)
    }

    /// `who` tries something: it must revert with the error `E`.
    pub(super) async fn reverts<E: SolError, C: SolCall>(
        &mut self,
        who: &Actor,
        text: &str,
        verb: &Verb<C>,
    ) -> Result<()> {
        let name = E::SIGNATURE.split('(').next().unwrap_or(E::SIGNATURE);
        match verb.send(self.chain, who.address).await {
            Err(CallError::Refused(revert)) => {
                let expected = revert.decode::<E>().is_some();
                ensure!(expected, "{} {text}: reverted with {revert}, not with {name}", who.name);
                self.tell(&format!("{} {text}: REVERTS, {name}.", who.name));
                let before = self.balances.clone();
                self.tell_changes().await?;
                ensure!(self.balances == before, "a call that reverted changed balances");
                Ok(())
            }
            Err(error) => Err(error.into()),
            Ok(_) => bail!("{} {text}: this should have reverted with {name}", who.name),
        }
    }

    /// Something that happens off the chain.
    pub(super) fn aside(&mut self, text: &str) {
        self.tell(text);
    }

    /// What can be seen on the chain now.
    pub(super) fn remark(&self, text: &str) {
        wrap(&format!("      {text}"), "        ");
    }

    /// Time passes until `timestamp` (Unix seconds).
    pub(super) async fn wait_until(&mut self, timestamp: u64, text: &str) -> Result<()> {
        self.chain.travel_to(timestamp).await?;
        self.tell(text);
        self.tell_changes().await
    }

    /// The story's own assertion.
    pub(super) fn expect(&self, what: &str, is: U256, should_be: U256) -> Result<()> {
        ensure!(is == should_be, "{what}: it is {}, it should be {}", units(is), units(should_be));
        Ok(())
    }

    /// Asserts one balance, given in whole tokens.
    pub(super) fn expect_balance(&self, who: &Actor, what: &str, tokens: u128) -> Result<()> {
        self.expect(
            &format!("{}'s {what}", who.name),
            self.balances.of(who, what),
            U256::from(tokens) * U256::from(super::ETHER),
        )
    }

    fn tell(&mut self, text: &str) {
        self.steps += 1;
        wrap(&format!("{:>2}. {text}", self.steps), "    ");
    }

    async fn tell_changes(&mut self) -> Result<()> {
        let after = Balances::take(self.chain, self.suite, self.cast).await?;
        for line in after.changes_since(&self.balances) {
            wrap(&format!("      {line}"), "        ");
        }
        self.balances = after;
        Ok(())
    }
}

/// Prints words in lines of at most [`WIDTH`], continued with `indent`.
fn wrap(text: &str, indent: &str) {
    let text = text.replace(" %", &format!("{GLUE}%"));
    let start = text.len() - text.trim_start().len();
    let mut line = text[..start].to_owned();
    let mut empty = true;
    for word in text.split_ascii_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            print(&line);
            line = indent.to_owned();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    print(&line);
}

fn print(line: &str) {
    println!("{}", line.replace(GLUE, " "));
}

/// A number with a comma after every third digit.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let (head, tail) = digits.split_at(first);
    let groups = tail.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    std::iter::once(head.to_owned()).filter(|head| !head.is_empty()).chain(groups).collect::<Vec<_>>().join(",")
}
