//! The commands that act on a suite, and that look at it.

mod account;
mod challenge;
mod deploy;
mod evidence;
mod game;
mod governance;
mod handing;
mod keeper;
mod key;
mod looking;
mod operator;
mod receipt;
mod sending;
mod service;
mod session;
mod staker;
mod token;
mod travel;
mod watch;

use clap::Subcommand;
use eyre::Result;
use restake::amounts::AmountError;
use restake::chain::{Shallow, Unsettled, expired, gone};
use restake::deployment::DeploymentError;
use restake::people::NameError;
use sending::{Declined, Halfway, Refused};
use session::{Node, Session};
use std::process::ExitCode;

/// What people do with a suite.
#[derive(Debug, Subcommand)]
pub(crate) enum Acts {
    /// Deploy a suite on any chain with Stylus; the same command goes on where it was interrupted
    #[command(after_help = "Example: restake deploy --rpc-url https://.. --keystore deployer --config suite.json")]
    Deploy(deploy::DeployCommand),
    /// Stake, delegate, and take stake out
    #[command(subcommand)]
    Staker(staker::StakerCommand),
    /// Let services slash, serve, and leave
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// Own a service, and pay an operator's stakers
    #[command(subcommand)]
    Service(service::ServiceCommand),
    /// Own the protocol, and pause it
    #[command(subcommand)]
    Governance(governance::GovernanceCommand),
    /// Prove faults, and execute or close slash requests
    #[command(subcommand)]
    Challenge(challenge::ChallengeCommand),
    /// Hold the liquid restaking receipt
    #[command(subcommand)]
    Receipt(receipt::ReceiptCommand),
    /// The token to stake
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Events as sentences, as they happen, with the last moment to leave
    #[command(after_help = "Example: restake watch --for alice")]
    Watch(watch::Watching),
    /// Do what is due and anybody may do, for gas: requests, weights, grants, challenges, programs
    #[command(after_help = "Example: restake keeper --all --every 60 --keystore keeper --password-file password")]
    Keeper(keeper::Keeping),
    /// A node, a suite, an oracle and a data store with all their people, on this machine
    #[command(after_help = "Example: restake network --lie crooked-op --withhold sly-op")]
    Network(handing::Handed),
    /// Put together what operators sign
    #[command(after_help = "Example: restake aggregator run --help")]
    Aggregator(handing::Handed),
    /// Find faults, prove them and collect
    #[command(after_help = "Example: restake watcher run --help")]
    Watcher(handing::Handed),
    /// A price feed: look at it, deploy one
    #[command(after_help = "Example: restake feed show 0x..")]
    Feed(handing::Handed),
    /// Have data kept, and get it back
    #[command(after_help = "Example: restake data keep file --board 0x.. --operator http://..")]
    Data(handing::Handed),
    /// What attacks cost at least, what a shock leaves, what stakers risk
    #[command(after_help = "Example: restake risk deployment --take service")]
    Risk(handing::Handed),
    /// Serve the page for wallets, and the API that it reads, until Ctrl-C
    #[command(after_help = "Example: restake page --port 8080")]
    Page(handing::Handed),
    /// Let time pass: on development chains only
    #[command(after_help = "Example: restake travel --epochs 2")]
    Travel {
        #[command(flatten)]
        far: travel::Far,
        #[command(flatten)]
        node: Node,
    },
    /// Keys in keystore files
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// The suite at a glance: epoch, books, service, who is frozen, addresses
    #[command(after_help = "Example: restake status --json")]
    Status {
        #[command(flatten)]
        node: Node,
    },
}

impl Acts {
    /// Does it.
    pub(crate) async fn run(self) -> Result<()> {
        match self {
            Self::Deploy(command) => deploy::run(command).await,
            Self::Staker(command) => staker::run(command).await.map_err(unsent),
            Self::Operator(command) => operator::run(command).await.map_err(unsent),
            Self::Service(command) => service::run(command).await.map_err(unsent),
            Self::Governance(command) => governance::run(command).await.map_err(unsent),
            Self::Watch(watching) => watch::run(&watching).await,
            Self::Challenge(command) => challenge::run(command).await.map_err(unsent),
            Self::Receipt(command) => receipt::run(command).await.map_err(unsent),
            Self::Token(command) => token::run(command).await.map_err(unsent),
            Self::Keeper(keeping) => keeper::run(&keeping).await,
            Self::Network(handed) => handing::run(&handing::SERVICES, &["network"], &handed),
            Self::Aggregator(handed) => handing::run(&handing::SERVICES, &["aggregator"], &handed),
            Self::Watcher(handed) => handing::run(&handing::SERVICES, &["watcher"], &handed),
            Self::Feed(handed) => handing::run(&handing::SERVICES, &["feed"], &handed),
            Self::Data(handed) => handing::run(&handing::SERVICES, &["data"], &handed),
            Self::Risk(handed) => handing::run(&handing::RISK, &["risk"], &handed),
            Self::Page(handed) => handing::run(&handing::PAGE, &["page"], &handed),
            Self::Travel { far, node } => travel::run(&far, &node).await,
            Self::Account(command) => account::run(command),
            Self::Status { node } => looking::status(&Session::open(&node).await?).await,
        }
    }
}

/// What a failure is to a script.
pub(crate) fn exit_code(failure: &eyre::Report) -> ExitCode {
    let is_input = failure.is::<NameError>() || failure.is::<AmountError>();
    ExitCode::from(match failure {
        _ if failure.is::<Refused>() => 3,
        _ if failure.is::<DeploymentError>() => 4,
        _ if failure.is::<Declined>() => 5,
        _ if failure.is::<deploy::TooPoor>() => 6,
        // As clap's own for what was written wrong.
        _ if is_input => 2,
        _ if gone(failure).is_some() => 4,
        _ => 1,
    })
}

/// A failure in a sentence; of a node that is gone or a program that expired also what to do.
pub(crate) fn sentence(failure: &eyre::Report) -> String {
    let text = format!("{failure:#}");
    match gone(failure).or_else(|| expired(failure).map(str::to_owned)) {
        Some(why) => format!("{text}; {why}"),
        None => text,
    }
}

/// What is sent by single calls is sent by [`Session::perform`] only, which says how far it came.
fn unsent(failure: eyre::Report) -> eyre::Report {
    let is_known =
        failure.is::<Halfway>() || failure.chain().any(|cause| cause.is::<Unsettled>() || cause.is::<Shallow>());
    match gone(&failure) {
        Some(_) if !is_known => failure.wrap_err("nothing was sent"),
        _ => failure,
    }
}

/// A failure for programs.
pub(crate) fn as_json(failure: &eyre::Report) -> serde_json::Value {
    let refused = failure.downcast_ref::<Refused>();
    let error = refused.map_or(serde_json::Value::Null, |refused| refused.error.clone().into());
    serde_json::json!({ "ok": false, "message": sentence(failure), "error": error })
}
