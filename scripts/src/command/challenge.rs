//! What challengers do, and whoever sees to it that slash requests end.

use super::operator::send;
use super::sending::Step;
use super::session::{Acting, Actor, Session};
use alloy::primitives::{B256, U256};
use clap::Subcommand;
use eyre::{Result, WrapErr};
use interfaces::IDisputeResolution::{self, SignedAttestation};
use interfaces::ISlasher;
use restake::attestation::equivocation;
use restake::requests;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

/// Challengers.
#[derive(Debug, Subcommand)]
pub(crate) enum ChallengeCommand {
    /// Prove that an operator answered one task twice: it is frozen and slashed
    #[command(after_help = "Example: restake challenge equivocation crooked-op --first a --second b --from challenger")]
    Equivocation {
        /// Who
        operator: String,
        /// A file with one signed answer, as `attest` writes it
        #[arg(long, value_name = "FILE")]
        first: PathBuf,
        /// A file with the other one
        #[arg(long, value_name = "FILE")]
        second: PathBuf,
        #[command(flatten)]
        acting: Acting,
    },
    /// Decide a challenge to open a leaf that nobody answered, by anyone
    #[command(after_help = "Example: restake challenge resolve 0 --from bob")]
    Resolve {
        /// Its number
        id: u64,
        #[command(flatten)]
        acting: Acting,
    },
    /// Withdraw bonds that were credited
    #[command(after_help = "Example: restake challenge withdraw-bond --from challenger")]
    WithdrawBond {
        /// To whom [default: who acts]
        #[arg(long)]
        recipient: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Execute a slash request after its challenge period, by anyone
    #[command(after_help = "Example: restake challenge execute 0 --from bob")]
    Execute {
        /// Its number
        id: u64,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take a slash request back: its resolver, until it can be executed
    #[command(after_help = "Example: restake challenge veto 0 --from owner")]
    Veto {
        /// Its number
        id: u64,
        #[command(flatten)]
        acting: Acting,
    },
    /// Close a slash request that nobody executed in time, by anyone
    #[command(after_help = "Example: restake challenge close 0 --from bob")]
    Close {
        /// Its number
        id: u64,
        #[command(flatten)]
        acting: Acting,
    },
}

/// A signed answer, as it lies in a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SignedAnswer {
    task: B256,
    task_time: u64,
    answer: B256,
    r: B256,
    vs: B256,
}

impl From<SignedAttestation> for SignedAnswer {
    fn from(SignedAttestation { task, taskTime, answer, r, vs }: SignedAttestation) -> Self {
        Self { task, task_time: taskTime, answer, r, vs }
    }
}

fn read(file: &Path) -> Result<SignedAttestation> {
    let text = fs::read_to_string(file).wrap_err_with(|| format!("cannot read {}", file.display()))?;
    let read: SignedAnswer =
        serde_json::from_str(&text).wrap_err_with(|| format!("{} is no signed answer", file.display()))?;
    let SignedAnswer { task, task_time, answer, r, vs } = read;
    Ok(SignedAttestation { task, taskTime: task_time, answer, r, vs })
}

pub(crate) async fn run(command: ChallengeCommand) -> Result<()> {
    match command {
        ChallengeCommand::Equivocation { operator, first, second, acting } => {
            let evidence = equivocation(read(&first)?, read(&second)?);
            let (session, actor) = Session::act(&acting).await?;
            let disputes = session.suite.service.dispute_resolution;
            let operator = session.people.find(&operator)?;
            let bond = session.chain.view(disputes, &IDisputeResolution::bondCall {}).await?;
            let what = format!("accuses {} of two answers to one task", session.people.name(operator));
            let call = IDisputeResolution::challengeCall { operator, evidence };
            let step = Step::new(what, disputes, &call).carrying(bond);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ChallengeCommand::Resolve { id, acting } => {
            send(&acting, |session, _| {
                let call = IDisputeResolution::resolveChallengeCall { challengeId: id };
                let what = format!("resolves challenge {id}");
                Ok(Step::new(what, session.suite.service.dispute_resolution, &call))
            })
            .await
        }
        ChallengeCommand::WithdrawBond { recipient, acting } => {
            send(&acting, |session, actor| {
                let recipient = recipient.map_or(Ok(actor), |name| session.people.find(&name))?;
                let what = format!("withdraws its bonds to {}", session.people.name(recipient));
                let call = IDisputeResolution::withdrawBondCall { recipient };
                Ok(Step::new(what, session.suite.service.dispute_resolution, &call).carrying(U256::ZERO))
            })
            .await
        }
        ChallengeCommand::Execute { id, acting } => {
            let (session, actor, request) = published(&acting, id).await?;
            let call = ISlasher::executeSlashCall { requestId: id, request };
            let step = Step::new(format!("executes slash request {id}"), session.suite.slasher, &call);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ChallengeCommand::Veto { id, acting } => {
            let (session, actor, request) = published(&acting, id).await?;
            let call = ISlasher::vetoSlashCall { requestId: id, request };
            let step = Step::new(format!("vetoes slash request {id}"), session.suite.slasher, &call);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ChallengeCommand::Close { id, acting } => {
            let (session, actor, request) = published(&acting, id).await?;
            let call = ISlasher::closeExpiredRequestCall { requestId: id, request };
            let step = Step::new(format!("closes slash request {id}"), session.suite.slasher, &call);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
    }
}

/// The session of who acts, and the request as it was published: the chain keeps only what it hashes to.
async fn published(acting: &Acting, id: u64) -> Result<(Session, Actor, ISlasher::SlashRequest)> {
    let (session, actor) = Session::act(acting).await?;
    let opened = requests::opened(&session.chain, session.suite.slasher, id).await?;
    Ok((session, actor, opened.request))
}
