//! The model as the words that the contracts must have stored, one fact each.

mod protocol;
mod receipts;
mod services;
mod slasher;
mod word;

use crate::ledger::Bag;
use crate::{Funds, Protocol, Withdrawal};
use alloy_primitives::{Address, B256, U256};
use std::collections::BTreeMap;

/// One word of the contracts' storage, or the ETH of an account. Where a thing takes several words they are counted.
/// Services are numbered as in the [`Setup`](crate::Setup).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// The wei of an account.
    Eth(Address),
    /// The owner of a contract.
    Owner(Address),
    /// Whom the ownership of a contract is offered to.
    PendingOwner(Address),
    /// What an account holds of a token.
    Balance {
        /// The token.
        token: Address,
        /// The account.
        account: Address,
    },
    /// What somebody may move of somebody else's tokens.
    Allowance {
        /// The token.
        token: Address,
        /// Whose tokens.
        owner: Address,
        /// Who may move them.
        spender: Address,
    },
    /// How many permits of an account were used.
    Nonce {
        /// The token.
        token: Address,
        /// The account.
        owner: Address,
    },
    /// The TokenPool: what is paused.
    VaultPause,
    /// The TokenPool: a token's limits, and what is owed.
    Strategy(Address),
    /// The TokenPool: a token's outflow queue.
    Queue(Address),
    /// The TokenPool: the turn of a withdrawal.
    Deferral(Withdrawal),
    /// The TokenPool: the turn of what was set aside.
    Turn(Funds),
    /// The TokenPool: how much of that was in no withdrawal before.
    TurnUnqueued(Funds),
    /// The StrategyManager: a pool or a bucket.
    Pool(Bag),
    /// The StrategyManager: somebody's shares of one.
    Position(Bag, Address),
    /// The StrategyManager: rewards on their way.
    Stream(Bag),
    /// The StrategyManager: what was set aside.
    Funds(Funds),
    /// The Slasher: what is paused.
    SlasherPause,
    /// The Slasher: the last pause of queueing or of executing, and beside the latter the number of the next request.
    Window {
        /// The action's bit.
        action: u8,
    },
    /// The Slasher: a grant.
    Grant {
        /// Who granted it.
        operator: Address,
        /// Who has it.
        service: Address,
        /// Which of its words.
        word: u64,
    },
    /// The Slasher: the state of an operator.
    Status {
        /// The operator.
        operator: Address,
        /// Which of its words.
        word: u64,
    },
    /// The Slasher: what the request that is open under a number hashes to.
    Request(u64),
    /// A Registry: how many operators serve, and how many tokens ever had a weight.
    OperatorCount(usize),
    /// A Registry: the minimum stake.
    MinimumStake(usize),
    /// A Registry: the admission contract.
    Admission {
        /// The service.
        service: usize,
        /// Which of its words.
        word: u64,
    },
    /// A Registry: an operator.
    Member {
        /// The service.
        service: usize,
        /// The operator.
        operator: Address,
    },
    /// A Registry: a signing key.
    Key {
        /// The service.
        service: usize,
        /// The key.
        key: Address,
    },
    /// A Registry: a token that ever had a weight, and its weight.
    Weight {
        /// The service.
        service: usize,
        /// The token's place.
        index: u64,
        /// Which of the words.
        word: u64,
    },
    /// A Registry: an operator's last checkpoint, or its last two.
    LastCheckpoints {
        /// The service.
        service: usize,
        /// The operator.
        operator: Address,
    },
    /// A Registry: two checkpoints before these.
    History {
        /// The service.
        service: usize,
        /// The operator.
        operator: Address,
        /// Their place.
        index: u64,
    },
    /// A Registry: the total, mostly with the one before.
    LastTotals(usize),
    /// A Registry: two of the totals before these.
    Total {
        /// The service.
        service: usize,
        /// Their place.
        index: u64,
    },
    /// A ServiceManager: since when its terms hold.
    TermsTime(usize),
    /// A ServiceManager: its terms, those before first.
    Terms {
        /// The service.
        service: usize,
        /// Which of their words.
        word: u64,
    },
    /// A DisputeResolution: the bonds of an account.
    Bond {
        /// The service.
        service: usize,
        /// The account.
        account: Address,
    },
    /// A DisputeResolution: what cannot be judged again.
    Judged {
        /// The service.
        service: usize,
        /// Its name.
        name: B256,
    },
    /// A DisputeResolution: how many leaves were asked for.
    ChallengeCount(usize),
    /// A DisputeResolution: one of these challenges.
    Challenge {
        /// The service.
        service: usize,
        /// Its number.
        id: u64,
        /// Which of its words.
        word: u64,
    },
    /// The Rewards: the commission of an operator.
    Commission(Address),
    /// Governance: what is paused.
    GovernancePause,
    /// Governance: who may pause.
    Pauser,
    /// Governance: who may end a pause.
    Unpauser,
    /// Governance: a token's limits.
    Limits(Address),
    /// Governance: limits that are scheduled.
    Scheduled(Address),
    /// A receipt: how many there are.
    Supply(Address),
    /// The vault: its idle tokens, and what came in for redemptions.
    Held,
    /// The vault: how many operators it ever had.
    OperatorIds,
    /// The vault: the number of an operator.
    IdOf(Address),
    /// The vault: the operator with a number.
    AccountOf(u64),
    /// The vault: an operator.
    Place {
        /// Its place.
        index: u64,
        /// Which of its words.
        word: u64,
    },
    /// The weights: one.
    VaultWeight {
        /// Its place.
        index: u64,
        /// Which of its words.
        word: u64,
    },
    /// The desk: the present period.
    DeskPeriod,
    /// The desk: how many redemptions were opened.
    DeskCount,
    /// The desk: a redemption.
    Redemption(u64),
    /// The desk: two parts of a redemption.
    Parts {
        /// The redemption.
        id: u64,
        /// Which two.
        place: u64,
    },
    /// The desk: what came in of an operator's bucket, by number and release epoch.
    Pot(u64, u64),
    /// The desk: what waits with an operator, by number and period.
    Batch(u64, u64),
}

/// All facts. What is not among them is zero.
pub type Facts = BTreeMap<Fact, U256>;

impl Protocol {
    /// Everything that must be on the chain.
    pub fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        self.tell_tokens(&mut facts);
        self.tell_vault(&mut facts);
        self.tell_ledger(&mut facts);
        self.tell_slasher(&mut facts);
        for service in 0..self.registries.len() {
            self.tell_registry(&mut facts, service);
            self.tell_terms(&mut facts, service);
            self.tell_disputes(&mut facts, service);
        }
        self.tell_governance(&mut facts);
        self.tell_receipts(&mut facts);
        facts.retain(|_, value| !value.is_zero());
        facts
    }
}
