//! What somebody does in one step, and how it reads in a script.

use crate::stage::Who;
use arithmetic::epoch;
use std::fmt;

/// One step. Tokens and services are numbers in the stage's lists; times are Unix seconds, so that a step means the same when others are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Travel { to: u64 },
    Stake { who: Who, token: usize, amount: u128, operator: Who },
    StakeFor { who: Who, token: usize, amount: u128, operator: Who, staker: Who },
    Delegate { who: Who, token: usize, operator: Who, shares: u128 },
    Queue { who: Who, token: usize, operator: Who, shares: u128 },
    Complete { who: Who, token: usize, operator: Who, epoch: u64, recipient: Who },
    Restake { who: Who, token: usize, operator: Who, epoch: u64, to: Who },
    StakeBoth { who: Who, token: usize, operators: [Who; 2], amounts: [u128; 2] },
    QueueBoth { who: Who, tokens: [usize; 2], operators: [Who; 2], shares: [u128; 2] },
    CompleteBoth { who: Who, tokens: [usize; 2], operators: [Who; 2], epochs: [u64; 2], recipient: Who },
    Claim { who: Who, token: usize, claimant: Who },
    Donate { who: Who, token: usize, amount: u128 },
    Approve { who: Who, token: usize, amount: u128 },
    PayReward { who: Who, operator: Who, token: usize, amount: u128 },
    ScheduleCommission { who: Who, wad: u64 },
    OptIn { who: Who, service: usize, wad: u64 },
    Raise { who: Who, service: usize, wad: u64 },
    CancelPending { who: Who, service: usize },
    Activate { who: Who, operator: Who, service: usize },
    OptOut { who: Who, service: usize },
    Release { who: Who, operator: Who, service: usize },
    Record { who: Who, operator: Who, until: u64, last: bool },
    Freeze { who: Who, operator: Who, wad: u64, share: u64, challenger: Who, resolver: Who },
    Execute { who: Who, request: u64 },
    Veto { who: Who, request: u64 },
    Expire { who: Who, request: u64 },
    Register { who: Who, service: usize, key: Who },
    Deregister { who: Who, service: usize },
    UpdateStake { who: Who, service: usize, operator: Who },
    SetWeight { owner: bool, service: usize, token: usize, wad: u64 },
    SetMinimum { owner: bool, service: usize, stake: u128 },
    Accuse { who: Who, service: usize, operator: Who, task: Task, answers: (u8, u8), signer: Who, bonded: bool },
    Ask { who: Who, service: usize, operator: Who, task: Task, leaf: Leaf, signer: Who, bonded: bool },
    Answer { who: Who, service: usize, challenge: u64, leaf: Leaf },
    Resolve { who: Who, service: usize, challenge: u64 },
    WithdrawBond { who: Who, service: usize, recipient: Who },
    ScheduleTerms { owner: bool, service: usize, wads: (u64, u64), share: u64, resolver: Who },
    CancelTerms { owner: bool, service: usize },
    Pause { who: Who, flags: u8 },
    Unpause { who: Who },
    ScheduleLimits { owner: bool, token: usize, cap: u128, deposit: u8, outflow: u8 },
    CancelLimits { owner: bool, token: usize },
    ApplyLimits { who: Who, token: usize },
    CloseToken { owner: bool, token: usize },
}

/// A task of a service: its number, and when it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

fn owner(is_owner: bool) -> &'static str {
    if is_owner { "the owner" } else { "a stranger" }
}

fn bond(bonded: bool) -> &'static str {
    if bonded { "" } else { " without the bond" }
}

impl fmt::Display for Action {
    #[rustfmt::skip]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Action::*;
        match *self {
            Travel { to } => write!(f, "time passes until {}", At(to)),
            Stake { who, token, amount, operator } => write!(f, "{who} stakes {amount} of token {token} with {operator}"),
            StakeFor { who, token, amount, operator, staker } => write!(f, "{who} stakes {amount} of token {token} with {operator} for {staker}"),
            Delegate { who, token, operator, shares } => write!(f, "{who} delegates {shares} idle shares of token {token} to {operator}"),
            Queue { who, token, operator, shares } => write!(f, "{who} queues {shares} shares of token {token} out of {operator}"),
            Complete { who, token, operator, epoch, recipient } => write!(f, "{who} completes the withdrawal of token {token} from {operator} of epoch {epoch} to {recipient}"),
            Restake { who, token, operator, epoch, to } => write!(f, "{who} restakes the withdrawal of token {token} from {operator} of epoch {epoch} with {to}"),
            StakeBoth { who, token, operators: [a, b], amounts: [n, m] } => write!(f, "{who} stakes of token {token} at once {n} with {a} and {m} with {b}"),
            QueueBoth { who, tokens: [t, u], operators: [a, b], shares: [n, m] } => write!(f, "{who} queues at once {n} shares of token {t} out of {a} and {m} of token {u} out of {b}"),
            CompleteBoth { who, tokens: [t, u], operators: [a, b], epochs: [n, m], recipient } => write!(f, "{who} completes at once to {recipient} the withdrawals of token {t} from {a} of epoch {n} and of token {u} from {b} of epoch {m}"),
            Claim { who, token, claimant } => write!(f, "{who} claims the funds of {claimant} in token {token}"),
            Donate { who, token, amount } => write!(f, "{who} sends {amount} of token {token} to the TokenPool"),
            Approve { who, token, amount } => write!(f, "{who} lets the TokenPool take {amount} of token {token}"),
            PayReward { who, operator, token, amount } => write!(f, "{who} pays {amount} of token {token} to the stakers of {operator}"),
            ScheduleCommission { who, wad } => write!(f, "{who} schedules a commission of {wad}"),
            OptIn { who, service, wad } => write!(f, "{who} opts in to service {service} with {wad}"),
            Raise { who, service, wad } => write!(f, "{who} raises the budget of service {service} to {wad}"),
            CancelPending { who, service } => write!(f, "{who} cancels what is pending for service {service}"),
            Activate { who, operator, service } => write!(f, "{who} activates the grant of {operator} to service {service}"),
            OptOut { who, service } => write!(f, "{who} opts out of service {service}"),
            Release { who, operator, service } => write!(f, "{who} releases the commitment of {operator} to service {service}"),
            Record { who, operator, until, last } => write!(f, "{who}, as a service, records that {operator} owes it service until {}{}", At(until), if last { " and no longer" } else { "" }),
            Freeze { who, operator, wad, share, challenger, resolver } => write!(f, "{who}, as a service, freezes {operator} for {wad}, of which {share} is for {challenger}; {resolver} may veto"),
            Execute { who, request } => write!(f, "{who} executes request {request}"),
            Veto { who, request } => write!(f, "{who} vetoes request {request}"),
            Expire { who, request } => write!(f, "{who} closes the expired request {request}"),
            Register { who, service, key } => write!(f, "{who} registers with service {service}, signing with the key of {key}"),
            Deregister { who, service } => write!(f, "{who} leaves service {service}"),
            UpdateStake { who, service, operator } => write!(f, "{who} updates the stake of {operator} in service {service}"),
            SetWeight { owner: by, service, token, wad } => write!(f, "{} of service {service} weighs token {token} with {wad}", owner(by)),
            SetMinimum { owner: by, service, stake } => write!(f, "{} of service {service} sets the minimum stake to {stake}", owner(by)),
            Accuse { who, service, operator, task, answers: (a, b), signer, bonded } => write!(f, "{who} accuses {operator} in service {service} of the answers {a} and {b} to {task}, signed by {signer}{}", bond(bonded)),
            Ask { who, service, operator, task, leaf, signer, bonded } => write!(f, "{who} asks {operator} in service {service} for {leaf} of {task}, signed by {signer}{}", bond(bonded)),
            Answer { who, service, challenge, leaf } => write!(f, "{who} answers challenge {challenge} of service {service} with {leaf}"),
            Resolve { who, service, challenge } => write!(f, "{who} resolves challenge {challenge} of service {service}"),
            WithdrawBond { who, service, recipient } => write!(f, "{who} withdraws the bonds of service {service} to {recipient}"),
            ScheduleTerms { owner: by, service, wads, share, resolver } => write!(f, "{} of service {service} schedules the wads {} and {}, the share {share} and the resolver {resolver}", owner(by), wads.0, wads.1),
            CancelTerms { owner: by, service } => write!(f, "{} of service {service} cancels its terms", owner(by)),
            Pause { who, flags } => write!(f, "{who} pauses {flags:#b}"),
            Unpause { who } => write!(f, "{who} ends the pause"),
            ScheduleLimits { owner: by, token, cap, deposit, outflow } => write!(f, "{} schedules for token {token} the cap {cap}, {deposit} % per deposit, {outflow} % outflow", owner(by)),
            CancelLimits { owner: by, token } => write!(f, "{} cancels the limits of token {token}", owner(by)),
            ApplyLimits { who, token } => write!(f, "{who} applies the limits of token {token}"),
            CloseToken { owner: by, token } => write!(f, "{} closes token {token}", owner(by)),
        }
    }
}
