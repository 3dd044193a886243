//! What somebody does in one step, and how it reads in a script.

use crate::stage::{Service, Who};
use arithmetic::epoch;
use std::fmt;

/// One step. Tokens are numbers in the stage's list; times are Unix seconds, so that a step means the same when others
/// are left out. `max` is the commitment that a staker accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Travel { to: u64 },
    Stake { who: Who, token: usize, amount: u128, operator: Who, max: u64 },
    StakeFor { who: Who, token: usize, amount: u128, operator: Who, staker: Who, max: u64 },
    StakeWithPermit { who: Who, token: usize, amount: u128, operator: Who, max: u64, signer: Who },
    Delegate { who: Who, token: usize, operator: Who, shares: u128, max: u64 },
    Queue { who: Who, token: usize, operator: Who, shares: u128 },
    Complete { who: Who, token: usize, operator: Who, epoch: u64, recipient: Who },
    Restake { who: Who, token: usize, operator: Who, epoch: u64, to: Who, max: u64 },
    StakeBoth { who: Who, token: usize, operators: [Who; 2], amounts: [u128; 2], max: u64 },
    QueueBoth { who: Who, tokens: [usize; 2], operators: [Who; 2], shares: [u128; 2] },
    CompleteBoth { who: Who, tokens: [usize; 2], operators: [Who; 2], epochs: [u64; 2], recipient: Who },
    QueueFunds { who: Who, token: usize, claimant: Who, epoch: u64 },
    Claim { who: Who, token: usize, claimant: Who, epoch: u64 },
    Donate { who: Who, token: usize, amount: u128 },
    Transfer { who: Who, token: usize, to: Who, amount: u128 },
    Approve { who: Who, token: usize, amount: u128 },
    Permit { who: Who, token: usize, owner: Who, amount: u128, signer: Who, deadline: u64 },
    PayReward { who: Who, operator: Who, token: usize, amount: u128 },
    ScheduleCommission { who: Who, wad: u64 },
    OptIn { who: Who, service: Service, wad: u64, exclusive: bool },
    Raise { who: Who, service: Service, wad: u64 },
    CancelPending { who: Who, service: Service },
    Activate { who: Who, operator: Who, service: Service },
    ClearLapsed { who: Who, operator: Who, service: Service },
    OptOut { who: Who, service: Service },
    Release { who: Who, operator: Who, service: Service },
    Record { who: Who, operator: Who, last: bool },
    Freeze { who: Who, operator: Who, wad: u64, share: u64, challenger: Who, recipient: Who, resolver: Who },
    Execute { who: Who, request: u64 },
    Veto { who: Who, request: u64 },
    Expire { who: Who, request: u64 },
    Register { who: Who, service: usize, key: Key },
    Rotate { who: Who, service: usize, key: Key },
    Deregister { who: Who, service: usize },
    Update { who: Who, service: usize, operators: [Who; 2] },
    SetWeight { who: Who, service: usize, token: usize, wad: u64 },
    SetMinimum { who: Who, service: usize, stake: u128 },
    SetAdmission { who: Who, service: usize, asks: bool },
    Admit { who: Who, operator: Who, admitted: bool },
    Accuse { who: Who, service: usize, operator: Who, task: Task, answers: (u8, u8), signer: Key, bonded: bool },
    Ask { who: Who, service: usize, operator: Who, task: Task, leaf: Leaf, signer: Key, bonded: bool },
    Answer { who: Who, service: usize, challenge: u64, leaf: Leaf },
    Resolve { who: Who, service: usize, challenge: u64 },
    WithdrawBond { who: Who, service: usize, recipient: Who },
    ScheduleTerms { who: Who, service: usize, wads: (u64, u64), share: u64, resolver: Who },
    CancelTerms { who: Who, service: usize },
    Pause { who: Who, flags: u8 },
    Unpause { who: Who },
    SetRoles { who: Who, pauser: Who, unpauser: Who },
    ScheduleLimits { who: Who, token: usize, cap: u128, deposit: u8, outflow: u8 },
    CancelLimits { who: Who, token: usize },
    ApplyLimits { who: Who, token: usize },
    CloseToken { who: Who, token: usize },
    OfferOwnership { who: Who, of: Owned, to: Who },
    AcceptOwnership { who: Who, of: Owned },
    Deposit { who: Who, amount: u128, recipient: Who, min: u128, stakes: bool },
    SendReceipts { who: Who, to: Who, shares: u128 },
    Redeem { who: Who, shares: u128, min: u128 },
    ClaimRedemption { who: Who, id: u64 },
    Collect { who: Who, operator: Who, epoch: u64 },
    QueueWaiting { who: Who, operator: Who, period: u64 },
    StakeIdle { who: Who },
    Rebalance { who: Who },
    WeighOperator { who: Who, operator: Who, weight: u64, max: u64 },
    CancelWeight { who: Who, operator: Who },
}

/// A signing key of somebody, by number. The first is the key of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) of: Who,
    pub(crate) number: u8,
}

/// A contract that somebody owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owned {
    Governance,
    Service(usize),
    Token(usize),
}

/// A task of a service: its number, and when it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Task {
    pub(crate) number: u8,
    pub(crate) time: u64,
}

/// A leaf: which of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) index: u8,
    pub(crate) of: u8,
}

impl Action {
    /// Who sends the transaction; nobody where only time passes.
    pub(crate) fn sender(&self) -> Option<Who> {
        use Action::*;
        match *self {
            Travel { .. } => None,
            Stake { who, .. }
            | StakeFor { who, .. }
            | StakeWithPermit { who, .. }
            | Delegate { who, .. }
            | Queue { who, .. }
            | Complete { who, .. }
            | Restake { who, .. }
            | StakeBoth { who, .. }
            | QueueBoth { who, .. }
            | CompleteBoth { who, .. }
            | QueueFunds { who, .. }
            | Claim { who, .. }
            | Donate { who, .. }
            | Transfer { who, .. }
            | Approve { who, .. }
            | Permit { who, .. }
            | PayReward { who, .. }
            | ScheduleCommission { who, .. }
            | OptIn { who, .. }
            | Raise { who, .. }
            | CancelPending { who, .. }
            | Activate { who, .. }
            | ClearLapsed { who, .. }
            | OptOut { who, .. }
            | Release { who, .. }
            | Record { who, .. }
            | Freeze { who, .. }
            | Execute { who, .. }
            | Veto { who, .. }
            | Expire { who, .. }
            | Register { who, .. }
            | Rotate { who, .. }
            | Deregister { who, .. }
            | Update { who, .. }
            | SetWeight { who, .. }
            | SetMinimum { who, .. }
            | SetAdmission { who, .. }
            | Admit { who, .. }
            | Accuse { who, .. }
            | Ask { who, .. }
            | Answer { who, .. }
            | Resolve { who, .. }
            | WithdrawBond { who, .. }
            | ScheduleTerms { who, .. }
            | CancelTerms { who, .. }
            | Pause { who, .. }
            | Unpause { who }
            | SetRoles { who, .. }
            | ScheduleLimits { who, .. }
            | CancelLimits { who, .. }
            | ApplyLimits { who, .. }
            | CloseToken { who, .. }
            | OfferOwnership { who, .. }
            | AcceptOwnership { who, .. }
            | Deposit { who, .. }
            | SendReceipts { who, .. }
            | Redeem { who, .. }
            | ClaimRedemption { who, .. }
            | Collect { who, .. }
            | QueueWaiting { who, .. }
            | StakeIdle { who }
            | Rebalance { who }
            | WeighOperator { who, .. }
            | CancelWeight { who, .. } => Some(who),
        }
    }

    /// The name of the kind of step.
    pub(crate) fn kind(&self) -> String {
        format!("{self:?}").split([' ', '{']).next().unwrap_or_default().to_owned()
    }
}

/// A time as the epoch and the second of it.
pub(crate) struct At(pub(crate) u64);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epoch {} + {} s", epoch::at(self.0), self.0 - epoch::start(epoch::at(self.0)))
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {} of {}", self.number, At(self.time))
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "leaf {} of {}", self.index, self.of)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key {} of {}", self.number, self.of)
    }
}

impl fmt::Display for Owned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Governance => f.write_str("the protocol"),
            Self::Service(service) => write!(f, "service {service}"),
            Self::Token(token) => write!(f, "token {token}"),
        }
    }
}

fn bond(bonded: bool) -> &'static str {
    if bonded { "" } else { " without the bond" }
}

fn tier(exclusive: bool) -> &'static str {
    if exclusive { "exclusive" } else { "shared" }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Action::*;
        if let Some(who) = self.sender() {
            write!(f, "{who} ")?;
        }
        match *self {
            Travel { to } => write!(f, "time passes until {}", At(to)),
            Stake { token, amount, operator, max, .. } => {
                write!(f, "stakes {amount} of token {token} with {operator}, committed to {max} at most")
            }
            StakeFor { token, amount, operator, staker, max, .. } => {
                write!(f, "stakes {amount} of token {token} with {operator} for {staker}, committed to {max} at most")
            }
            StakeWithPermit { token, amount, operator, max, signer, .. } => write!(
                f,
                "stakes {amount} of token {token} with {operator} by a permit of {signer}, committed to {max} at most"
            ),
            Delegate { token, operator, shares, max, .. } => {
                write!(f, "delegates {shares} idle shares of token {token} to {operator}, committed to {max} at most")
            }
            Queue { token, operator, shares, .. } => {
                write!(f, "queues {shares} shares of token {token} out of {operator}")
            }
            Complete { token, operator, epoch, recipient, .. } => {
                write!(f, "completes the withdrawal of token {token} from {operator} of epoch {epoch} to {recipient}")
            }
            Restake { token, operator, epoch, to, max, .. } => write!(
                f,
                "restakes the withdrawal of token {token} from {operator} of epoch {epoch} with {to}, committed to \
                 {max} at most"
            ),
            StakeBoth { token, operators: [a, b], amounts: [n, m], max, .. } => {
                write!(f, "stakes of token {token} at once {n} with {a} and {m} with {b}, committed to {max} at most")
            }
            QueueBoth { tokens: [t, u], operators: [a, b], shares: [n, m], .. } => {
                write!(f, "queues at once {n} shares of token {t} out of {a} and {m} of token {u} out of {b}")
            }
            CompleteBoth { tokens: [t, u], operators: [a, b], epochs: [n, m], recipient, .. } => write!(
                f,
                "completes at once to {recipient} the withdrawals of token {t} from {a} of epoch {n} and of token {u} \
                 from {b} of epoch {m}"
            ),
            QueueFunds { token, claimant, epoch, .. } => {
                write!(f, "queues the funds of {claimant} in token {token} of epoch {epoch}")
            }
            Claim { token, claimant, epoch, .. } => {
                write!(f, "claims the funds of {claimant} in token {token} of epoch {epoch}")
            }
            Donate { token, amount, .. } => write!(f, "sends {amount} of token {token} to the TokenPool"),
            Transfer { token, to, amount, .. } => write!(f, "sends {amount} of token {token} to {to}"),
            Approve { token, amount, .. } => write!(f, "lets the TokenPool take {amount} of token {token}"),
            Permit { token, owner, amount, signer, deadline, .. } => write!(
                f,
                "uses a permit of {signer} that lets the TokenPool take {amount} of {owner}'s token {token} until {}",
                At(deadline)
            ),
            PayReward { operator, token, amount, .. } => {
                write!(f, "pays {amount} of token {token} to the stakers of {operator}")
            }
            ScheduleCommission { wad, .. } => write!(f, "schedules a commission of {wad}"),
            OptIn { service, wad, exclusive, .. } => {
                write!(f, "opts in to {service} with {wad}, {}", tier(exclusive))
            }
            Raise { service, wad, .. } => write!(f, "raises the budget of {service} to {wad}"),
            CancelPending { service, .. } => write!(f, "cancels what is pending for {service}"),
            Activate { operator, service, .. } => write!(f, "activates the grant of {operator} to {service}"),
            ClearLapsed { operator, service, .. } => write!(f, "clears what {operator} announced to {service}"),
            OptOut { service, .. } => write!(f, "opts out of {service}"),
            Release { operator, service, .. } => write!(f, "releases the commitment of {operator} to {service}"),
            Record { operator, last, .. } => {
                write!(f, "records that {operator} {} it", if last { "left" } else { "joined" })
            }
            Freeze { operator, wad, share, challenger, recipient, resolver, .. } => write!(
                f,
                "freezes {operator} for {wad}, of which {share} is for {challenger} and the rest for {recipient}; \
                 {resolver} may veto"
            ),
            Execute { request, .. } => write!(f, "executes request {request}"),
            Veto { request, .. } => write!(f, "vetoes request {request}"),
            Expire { request, .. } => write!(f, "closes the expired request {request}"),
            Register { service, key, .. } => write!(f, "registers with service {service}, signing with {key}"),
            Rotate { service, key, .. } => write!(f, "signs for service {service} with {key} from now on"),
            Deregister { service, .. } => write!(f, "leaves service {service}"),
            Update { service, operators: [a, b], .. } => write!(f, "updates {a} and {b} in service {service}"),
            SetWeight { service, token, wad, .. } => write!(f, "weighs token {token} with {wad} in service {service}"),
            SetMinimum { service, stake, .. } => write!(f, "sets the minimum stake of service {service} to {stake}"),
            SetAdmission { service, asks, .. } => {
                write!(f, "lets service {service} ask {} who signs", if asks { "a contract" } else { "nobody" })
            }
            Admit { operator, admitted, .. } => {
                write!(f, "has the admission contract {} {operator}", if admitted { "admit" } else { "refuse" })
            }
            Accuse { service, operator, task, answers: (a, b), signer, bonded, .. } => write!(
                f,
                "accuses {operator} in service {service} of the answers {a} and {b} to {task}, signed with {signer}{}",
                bond(bonded)
            ),
            Ask { service, operator, task, leaf, signer, bonded, .. } => write!(
                f,
                "asks {operator} in service {service} for {leaf} of {task}, signed with {signer}{}",
                bond(bonded)
            ),
            Answer { service, challenge, leaf, .. } => {
                write!(f, "answers challenge {challenge} of service {service} with {leaf}")
            }
            Resolve { service, challenge, .. } => write!(f, "resolves challenge {challenge} of service {service}"),
            WithdrawBond { service, recipient, .. } => {
                write!(f, "withdraws its bonds of service {service} to {recipient}")
            }
            ScheduleTerms { service, wads, share, resolver, .. } => write!(
                f,
                "schedules for service {service} the wads {} and {}, the share {share} and the resolver {resolver}",
                wads.0, wads.1
            ),
            CancelTerms { service, .. } => write!(f, "cancels the terms of service {service}"),
            Pause { flags, .. } => write!(f, "pauses {flags:#b}"),
            Unpause { .. } => write!(f, "ends the pause"),
            SetRoles { pauser, unpauser, .. } => write!(f, "lets {pauser} pause and {unpauser} unpause"),
            ScheduleLimits { token, cap, deposit, outflow, .. } => {
                write!(f, "schedules for token {token} the cap {cap}, {deposit} % per deposit, {outflow} % outflow")
            }
            CancelLimits { token, .. } => write!(f, "cancels the limits of token {token}"),
            ApplyLimits { token, .. } => write!(f, "applies the limits of token {token}"),
            CloseToken { token, .. } => write!(f, "closes token {token}"),
            OfferOwnership { of, to, .. } => write!(f, "offers {of} to {to}"),
            AcceptOwnership { of, .. } => write!(f, "takes {of}"),
            Deposit { amount, recipient, min, stakes, .. } => {
                let staked = if stakes { " and has them staked" } else { "" };
                write!(f, "deposits {amount} for {min} receipts at least, to {recipient}{staked}")
            }
            SendReceipts { to, shares, .. } => write!(f, "sends {shares} receipts to {to}"),
            Redeem { shares, min, .. } => write!(f, "redeems {shares} receipts, worth {min} at least"),
            ClaimRedemption { id, .. } => write!(f, "claims redemption {id}"),
            Collect { operator, epoch, .. } => {
                write!(f, "collects the vault's withdrawal from {operator} of epoch {epoch}")
            }
            QueueWaiting { operator, period, .. } => {
                write!(f, "queues what waits with {operator} since period {period}")
            }
            StakeIdle { .. } => write!(f, "has the vault stake what is idle"),
            Rebalance { .. } => write!(f, "has the vault rebalance"),
            WeighOperator { operator, weight, max, .. } => {
                write!(f, "gives {operator} the weight {weight} in the vault, committed to {max} at most")
            }
            CancelWeight { operator, .. } => write!(f, "cancels the weight of {operator} in the vault"),
        }
    }
}
