//! The reference model: what the protocol is said to do, in plain Rust.
//!
//! A [`Model`] is made from a [`Setup`] and played with calls, each of which is a transaction: it returns its events,
//! or the data that the contracts revert with, and then nothing has changed. It knows no chain, keys or clock: accounts
//! are addresses, evidence names its signer, and time passes when somebody says so. So it serves the property test,
//! which holds the contracts against it, previews of what a transaction would do, and simulations of risk.
//!
//! ```
//! use alloy_primitives::Address;
//! use restake_model::{Model, Setup};
//!
//! let mut model = Model::new(Setup::default(), 1_700_000_000);
//! let somebody = Address::repeat_byte(1);
//! assert!(model.transact(|call| call.unpause(somebody)).is_err(), "nobody may, by the default setup");
//! ```
//!
//! It shares with the contracts only the arithmetic of pools, streams, queues and epochs. Its books are its own and
//! naive: what the contracts keep as running sums (what is owed, commitments, what slashes took, total stake) is added
//! up here each time, over all stakers if need be, so that a sum which drifts is found.

mod disputes;
mod evidence;
mod facts;
mod freezes;
mod governance;
mod grants;
mod ledger;
mod members;
mod mistake;
mod ownership;
mod queue;
mod receipts;
mod registry;
mod requests;
mod rewards;
mod setup;
mod terms;
mod tokens;
mod vault;

pub use disputes::{Challenge, Disputes, Judged};
pub use evidence::{Opening, Signed, attestation_hash, commitment_hash};
pub use facts::{Fact, Facts};
pub use freezes::Freeze;
pub use governance::{Governance, Limits, Pause, ScheduledLimits};
pub use grants::{Announced, Grant, Grants, NO_END, Sums};
pub use ledger::{Bag, Fund, Funds, Ledger};
pub use mistake::Mistake;
pub use ownership::Ownership;
pub use receipts::{Batch, MAX_OPERATORS, MAX_TRANSITS, Place, ReceiptContracts, Receipts, Redemption, Target, Weight};
pub use registry::{Checkpoint, Key, Member, Registry, Scheduled};
pub use requests::{Request, Requests, State};
pub use rewards::{Commission, Rewards};
pub use setup::{Contracts, ServiceContracts, ServiceSetup, Setup, Since, TokenSetup};
pub use terms::{Terms, TermsOf};
pub use tokens::{Permit, Tokens};
pub use vault::{Strategy, Vault, Withdrawal};

use alloy_primitives::{Address, IntoLogData, Log, U256};
use alloy_sol_types::{SolError, SolEvent};
use interfaces::IAccess;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

/// What a call returns: something, or the data that the contracts revert with.
pub type Answer<T = ()> = Result<T, Vec<u8>>;

/// The protocol, to be played with.
///
/// A copy is cheap, so states can be kept to look back at.
#[derive(Debug, Clone)]
pub struct Model {
    state: Arc<Protocol>,
}

/// Everything that the protocol remembers, and the calls that change it. A call that reverts leaves it half changed:
/// that is why only [`Model::transact`] hands it out.
#[derive(Debug, Clone)]
pub struct Protocol {
    /// Where everything is, and what it was constructed with.
    pub setup: Arc<Setup>,
    /// In which way the model is wrong on purpose.
    pub mistake: Mistake,
    /// The time (Unix seconds).
    pub now: u64,
    /// Account => wei.
    pub eth: BTreeMap<Address, U256>,
    /// The tokens outside of the protocol.
    pub tokens: Tokens,
    /// Listed tokens and their queues.
    pub vault: Vault,
    /// What belongs to whom.
    pub ledger: Ledger,
    /// What operators let services slash.
    pub grants: Grants,
    /// Slash requests.
    pub requests: Requests,
    /// The operator set of each service.
    pub registries: Vec<Registry>,
    /// The terms of each service.
    pub terms: Vec<TermsOf>,
    /// The disputes of each service.
    pub disputes: Vec<Disputes>,
    /// Commissions.
    pub rewards: Rewards,
    /// The receipt, and everything behind it.
    pub receipts: Receipts,
    /// Pauses and limits.
    pub governance: Governance,
    /// Contract => who owns it.
    pub owners: BTreeMap<Address, Ownership>,
    /// Admission contract => operator => whether it is admitted. One that is not here refuses everybody.
    pub admissions: BTreeMap<Address, BTreeMap<Address, bool>>,
    /// Events of the transaction.
    logs: Vec<Log>,
}

impl Model {
    /// The protocol as it is when all contracts are constructed, at `now` (Unix seconds).
    pub fn new(setup: Setup, now: u64) -> Self {
        Self { state: Arc::new(Protocol::new(setup, now)) }
    }

    /// The same, wrong in one way, to test that a test finds it.
    pub fn with_mistake(setup: Setup, now: u64, mistake: Mistake) -> Self {
        let mut state = Protocol { mistake, ..Protocol::new(setup, now) };
        state.ledger.whole_streams = mistake == Mistake::StreamWithoutTenth;
        let endless = mistake == Mistake::CheckpointsNeverExpire;
        state.registries.iter_mut().for_each(|registry| registry.endless = endless);
        Self { state: Arc::new(state) }
    }

    /// Lets time pass until `to` (Unix seconds), if that lies ahead.
    pub fn wait(&mut self, to: u64) {
        if to > self.state.now {
            Arc::make_mut(&mut self.state).now = to;
        }
    }

    /// Makes one or more calls in one transaction. Returns the events.
    ///
    /// # Errors
    /// What it reverts with; then nothing has changed.
    pub fn transact<T>(&mut self, calls: impl FnOnce(&mut Protocol) -> Answer<T>) -> Answer<Vec<Log>> {
        let mut after = Protocol::clone(&self.state);
        calls(&mut after)?;
        let logs = std::mem::take(&mut after.logs);
        self.state = Arc::new(after);
        Ok(logs)
    }

    /// Takes the fee of a transaction from its sender.
    pub fn pay_fee(&mut self, payer: Address, fee: U256) {
        let wei = Arc::make_mut(&mut self.state).eth.entry(payer).or_default();
        *wei = wei.saturating_sub(fee);
    }
}

impl Deref for Model {
    type Target = Protocol;

    fn deref(&self) -> &Protocol {
        &self.state
    }
}

impl Protocol {
    fn new(setup: Setup, now: u64) -> Self {
        let services = &setup.services;
        let owners = services.iter().map(|service| (service.contracts.service_manager, service.owner));
        let protocol = [(setup.contracts.governance, setup.owner), (setup.receipt.weights, setup.receipt_owner)];
        let protocol = protocol.into_iter().filter(|(contract, _)| !contract.is_zero());
        let owners = owners.chain(protocol).chain(setup.token_owners());
        Self {
            mistake: Mistake::None,
            now,
            eth: setup.eth.clone(),
            tokens: Tokens::new(&setup),
            vault: Vault::new(&setup),
            ledger: Ledger::default(),
            grants: Grants::default(),
            requests: Requests::default(),
            registries: services.iter().map(Registry::new).collect(),
            terms: services.iter().map(|service| TermsOf::new(service.terms)).collect(),
            disputes: services.iter().map(|_| Disputes::default()).collect(),
            rewards: Rewards::default(),
            receipts: Receipts::default(),
            governance: Governance::new(&setup),
            owners: owners.map(|(contract, owner)| (contract, Ownership { owner, pending: Address::ZERO })).collect(),
            admissions: setup.admissions.clone(),
            logs: Vec::new(),
            setup: Arc::new(setup),
        }
    }

    /// The number of the service with this ServiceManager, if it has contracts.
    pub fn service_of(&self, service_manager: Address) -> Option<usize> {
        self.setup.services.iter().position(|service| service.contracts.service_manager == service_manager)
    }

    /// Notes an event.
    fn log(&mut self, emitter: Address, event: impl SolEvent + IntoLogData) {
        self.logs.push(Log { address: emitter, data: event.into_log_data() });
    }
}

/// A revert with a typed error.
fn revert<T>(error: impl SolError) -> Answer<T> {
    Err(error.abi_encode())
}

/// Reverts for the zero address.
fn nonzero(account: Address) -> Answer {
    if account.is_zero() { revert(IAccess::ZeroAddress {}) } else { Ok(()) }
}

/// Reverts for everybody but one.
fn only(caller: Address, allowed: Address) -> Answer {
    if caller == allowed { Ok(()) } else { revert(IAccess::Unauthorized { caller }) }
}
