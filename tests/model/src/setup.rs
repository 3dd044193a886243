//! What a model is made of.

use crate::receipts::ReceiptContracts;
use crate::terms::Terms;
use alloy_primitives::{Address, U256};
use std::collections::BTreeMap;

/// Where the contracts are, what they were constructed with, and who has what to begin with. The default has no
/// services, no tokens, and the zero address everywhere.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The chain's number, which signed messages name.
    pub chain_id: u64,
    /// The contracts of the protocol.
    pub contracts: Contracts,
    /// The contracts of a receipt; zero addresses for none.
    pub receipt: ReceiptContracts,
    /// Who sets its weights.
    pub receipt_owner: Address,
    /// Who owns the protocol.
    pub owner: Address,
    /// Who may pause.
    pub pauser: Address,
    /// Who may end a pause.
    pub unpauser: Address,
    /// Listed tokens in the order of their listing, then others.
    pub tokens: Vec<TokenSetup>,
    /// The services that have contracts.
    pub services: Vec<ServiceSetup>,
    /// Admission contract => operator => whether it is admitted.
    pub admissions: BTreeMap<Address, BTreeMap<Address, bool>>,
    /// Account => wei.
    pub eth: BTreeMap<Address, U256>,
}

/// The contracts of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contracts {
    /// The stakers' door.
    pub token_pool: Address,
    /// The ledger.
    pub strategy_manager: Address,
    /// Grants and slash requests.
    pub slasher: Address,
    /// Several things at the door at once.
    pub batch: Address,
    /// Where services pay rewards.
    pub rewards: Address,
    /// Where the owner acts.
    pub governance: Address,
}

/// A token.
#[derive(Debug, Clone, Default)]
pub struct TokenSetup {
    /// The token.
    pub token: Address,
    /// Who owns it; the zero address for a token without an owner.
    pub owner: Address,
    /// The limits with which it is listed, unless it is not.
    pub listed: Option<crate::Limits>,
    /// Account => base units that it holds outside of the protocol.
    pub balances: BTreeMap<Address, u128>,
    /// Owner, spender => base units that the spender may move.
    pub allowances: BTreeMap<(Address, Address), U256>,
}

/// A number that holds since a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Since<T> {
    /// What it is.
    pub value: T,
    /// Since when (Unix seconds).
    pub time: u64,
}

/// The contracts of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ServiceContracts {
    /// Who serves.
    pub registry: Address,
    /// The service's single point of contact, and its terms.
    pub service_manager: Address,
    /// Where its operators are challenged.
    pub dispute_resolution: Address,
}

/// A service.
#[derive(Debug, Clone, Default)]
pub struct ServiceSetup {
    /// Its contracts.
    pub contracts: ServiceContracts,
    /// Who owns it.
    pub owner: Address,
    /// The first terms.
    pub terms: Terms,
    /// Weighted stake that an operator needs to join.
    pub minimum_stake: Since<u128>,
    /// Token, and what one base unit of it counts (wad), in the order in which they first got a weight.
    pub weights: Vec<(Address, Since<u64>)>,
    /// The contract that decides who signs; the zero address for none.
    pub admission: Since<Address>,
    /// Whether stake of the shared tier counts.
    pub accepts_shared: bool,
    /// How long evidence of a task is good (seconds).
    pub evidence_window: u64,
    /// How long an operator has to open a leaf (seconds).
    pub answer_window: u64,
    /// What a challenge must carry (wei).
    pub bond: U256,
}

impl Setup {
    pub(crate) fn token_owners(&self) -> impl Iterator<Item = (Address, Address)> {
        self.tokens.iter().map(|token| (token.token, token.owner)).filter(|(_, owner)| !owner.is_zero())
    }

    /// The listed tokens, in the order in which a slash visits them.
    pub fn listed(&self) -> impl Iterator<Item = Address> {
        self.tokens.iter().filter(|token| token.listed.is_some()).map(|token| token.token)
    }
}
