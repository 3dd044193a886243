//! What challengers do, and whoever sees to it that slash requests end.

use super::evidence::{SignedAnswer, SignedData, leaves_of, read};
use super::game::{self, GameCommand};
use super::operator::send;
use super::sending::Step;
use super::session::{Acting, Actor, Session};
use alloy::primitives::U256;
use clap::Subcommand;
use eyre::{OptionExt, Result};
use interfaces::{IDisputeResolution, ISlasher};
use restake::availability::{LEAF_BYTES, SignedCommitment};
use restake::merkle::MerkleTree;
use restake::requests;
use restake::verbs::challenge;
use std::path::{Path, PathBuf};

/// Challengers.
#[derive(Debug, Subcommand)]
pub(crate) enum ChallengeCommand {
    #[command(flatten)]
    Game(GameCommand),
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
    /// Ask an operator to open a leaf of data that it committed to
    #[command(after_help = "Example: restake challenge availability crooked-op --commitment file --leaf 3 --from bob")]
    Availability {
        /// Who
        operator: String,
        /// A file with the signed commitment, as `commit` writes it
        #[arg(long, value_name = "FILE")]
        commitment: PathBuf,
        /// Which leaf, from 0
        #[arg(long)]
        leaf: u64,
        #[command(flatten)]
        acting: Acting,
    },
    /// Open the leaf that a challenge asks for, by anyone who has the data
    #[command(after_help = "Example: restake challenge answer 0 --data data.bin --from honest-op")]
    Answer {
        /// Its number
        id: u64,
        /// The file
        #[arg(long, value_name = "FILE")]
        data: PathBuf,
        /// The bytes of a leaf, as it was committed to
        #[arg(long, default_value_t = LEAF_BYTES, value_name = "BYTES")]
        leaf_size: usize,
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

pub(crate) async fn run(command: ChallengeCommand) -> Result<()> {
    match command {
        ChallengeCommand::Game(command) => game::run(command).await,
        ChallengeCommand::Equivocation { operator, first, second, acting } => {
            let answer = |file: &Path| read::<SignedAnswer>(file, "signed answer");
            let (first, second) = (answer(&first)?.into(), answer(&second)?.into());
            let (session, actor) = Session::act(&acting).await?;
            let operator = session.people.find(&operator)?;
            let what = format!("accuses {} of two answers to one task", session.people.name(operator));
            let bond = bond(&session).await?;
            let verb = challenge::equivocation(&session.suite.service, operator, first, second, bond);
            session.perform(&actor, &acting.sending, vec![Step::new(what, &verb)]).await
        }
        ChallengeCommand::Availability { operator, commitment, leaf, acting } => {
            let signed = SignedCommitment::from(read::<SignedData>(&commitment, "signed commitment")?);
            let (session, actor) = Session::act(&acting).await?;
            let operator = session.people.find(&operator)?;
            let what = format!("asks {} for leaf {leaf}", session.people.name(operator));
            let bond = bond(&session).await?;
            let verb = challenge::availability(&session.suite.service, operator, &signed.leaf(leaf), bond);
            session.perform(&actor, &acting.sending, vec![Step::new(what, &verb)]).await
        }
        ChallengeCommand::Answer { id, data, leaf_size, acting } => {
            let leaves = leaves_of(&data, leaf_size)?;
            let (session, actor) = Session::act(&acting).await?;
            let disputes = session.suite.service.dispute_resolution;
            let asked = session.chain.view(disputes, &IDisputeResolution::challengeOfCall { challengeId: id }).await?;
            let index = usize::try_from(asked.index)?;
            let leaf = leaves.get(index).ok_or_eyre(format!("{} has no leaf {index}", data.display()))?;
            let proof = MerkleTree::new(&leaves).proof(index);
            let verb = challenge::answer(&session.suite.service, id, leaf.clone().into(), proof);
            let step = Step::new(format!("opens leaf {index}"), &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ChallengeCommand::Resolve { id, acting } => {
            send(&acting, |session, _| {
                let verb = challenge::resolve(&session.suite.service, id);
                Ok(Step::new(format!("resolves challenge {id}"), &verb))
            })
            .await
        }
        ChallengeCommand::WithdrawBond { recipient, acting } => {
            send(&acting, |session, actor| {
                let recipient = recipient.map_or(Ok(actor), |name| session.people.find(&name))?;
                let what = format!("withdraws its bonds to {}", session.people.name(recipient));
                Ok(Step::new(what, &challenge::withdraw_bond(&session.suite.service, recipient)))
            })
            .await
        }
        ChallengeCommand::Execute { id, acting } => {
            let (session, actor, request) = published(&acting, id).await?;
            let verb = challenge::execute(&session.suite, id, request);
            let step = Step::new(format!("executes slash request {id}"), &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ChallengeCommand::Veto { id, acting } => {
            let (session, actor, request) = published(&acting, id).await?;
            let verb = challenge::veto(&session.suite, id, request);
            let step = Step::new(format!("vetoes slash request {id}"), &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        ChallengeCommand::Close { id, acting } => {
            let (session, actor, request) = published(&acting, id).await?;
            let verb = challenge::close(&session.suite, id, request);
            let step = Step::new(format!("closes slash request {id}"), &verb);
            session.perform(&actor, &acting.sending, vec![step]).await
        }
    }
}

/// The bond that a challenge must carry.
async fn bond(session: &Session) -> Result<U256> {
    let disputes = session.suite.service.dispute_resolution;
    Ok(session.chain.view(disputes, &IDisputeResolution::bondCall {}).await?)
}

/// The session of who acts, and the request as it was published: the chain keeps only what it hashes to.
async fn published(acting: &Acting, id: u64) -> Result<(Session, Actor, ISlasher::SlashRequest)> {
    let (session, actor) = Session::act(acting).await?;
    let opened = requests::opened(&session.chain, session.suite.slasher, id).await?;
    Ok((session, actor, opened.request))
}
