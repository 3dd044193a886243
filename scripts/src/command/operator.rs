//! What operators do.

use super::account::{self, KeySource};
use super::evidence::{SignedAnswer, SignedData, tree_of};
use super::handing::{self, Handed};
use super::key::Key;
use super::looking;
use super::sending::Step;
use super::session::{Acting, Node, Session};
use alloy::primitives::{Address, B256};
use clap::{Args, Subcommand};
use eyre::{OptionExt, Result, ensure, eyre};
use interfaces::IDisputeResolution::{Attestation, SignedAttestation};
use restake::amounts::Fraction;
use restake::attestation::{CompactSignature, Domain};
use restake::availability::{LEAF_BYTES, SignedCommitment, commitment_of};
use restake::verbs::operator;
use std::path::PathBuf;

/// Operators.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// Let a service slash up to a part of the stake
    #[command(after_help = "Example: restake operator opt-in 50% --from honest-op")]
    OptIn {
        /// The part of the stake
        budget: Fraction,
        /// In the shared tier: the service is promised nothing that others could not take first
        #[arg(long)]
        shared: bool,
        #[command(flatten)]
        to: To,
        #[command(flatten)]
        acting: Acting,
    },
    /// Raise what is left of a budget
    #[command(after_help = "Example: restake operator raise 75% --from honest-op")]
    Raise {
        /// The part of the stake that it shall be
        budget: Fraction,
        #[command(flatten)]
        to: To,
        #[command(flatten)]
        acting: Acting,
    },
    /// Put what an operator announced into force when its notice has ended, by anyone
    #[command(after_help = "Example: restake operator activate honest-op --from bob")]
    Activate {
        /// Whose
        operator: String,
        #[command(flatten)]
        to: To,
        #[command(flatten)]
        acting: Acting,
    },
    /// End a grant; the service can slash until the end of the next epoch
    #[command(after_help = "Example: restake operator opt-out --from honest-op")]
    OptOut {
        #[command(flatten)]
        to: To,
        #[command(flatten)]
        acting: Acting,
    },
    /// Join the service
    #[command(after_help = "Example: restake operator register --from honest-op")]
    Register {
        #[command(flatten)]
        signing: SigningKey,
        #[command(flatten)]
        acting: Acting,
    },
    /// Sign with another key from now on
    #[command(after_help = "Example: restake operator rotate-key --signing-keystore new-key --from honest-op")]
    RotateKey {
        #[command(flatten)]
        signing: SigningKey,
        #[command(flatten)]
        acting: Acting,
    },
    /// Leave the service: nobody can hinder it
    #[command(after_help = "Example: restake operator deregister --from honest-op")]
    Deregister {
        #[command(flatten)]
        acting: Acting,
    },
    /// Have operators weighed again, by anyone: checkpoints sign for about an epoch
    #[command(after_help = "Example: restake operator update honest-op crooked-op --from bob")]
    Update {
        /// Who
        #[arg(required = true)]
        operators: Vec<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Sign an answer to a task, and print it as a file that `challenge equivocation` reads
    #[command(after_help = "Example: restake operator attest --task 0x.. --answer 0x.. --from honest-op > a.json")]
    Attest {
        /// The task
        #[arg(long)]
        task: B256,
        /// When it was set (Unix seconds) [default: when the latest block was mined]
        #[arg(long)]
        task_time: Option<u64>,
        /// The answer
        #[arg(long)]
        answer: B256,
        #[command(flatten)]
        acting: Acting,
    },
    /// Sign that a file, or a part of its leaves, is kept available, and print that
    #[command(after_help = "Example: restake operator commit data.bin --task 0x.. --from honest-op")]
    Commit {
        /// The file
        data: PathBuf,
        /// The task
        #[arg(long)]
        task: B256,
        /// When it was set (Unix seconds) [default: when the latest block was mined]
        #[arg(long)]
        task_time: Option<u64>,
        /// The bytes of a leaf, 4,096 at most
        #[arg(long, default_value_t = LEAF_BYTES, value_name = "BYTES")]
        leaf_size: usize,
        /// The first leaf that is kept
        #[arg(long, default_value_t = 0, value_name = "INDEX")]
        first_leaf: u64,
        /// How many leaves are kept from there on [default: all]
        #[arg(long, value_name = "LEAVES")]
        kept_leaves: Option<u64>,
        #[command(flatten)]
        acting: Acting,
    },
    /// Run an operator of a feed, or of a data store
    #[command(after_help = "Example: restake operator run oracle --help")]
    Run(Handed),
    /// Take the record of what a key signed to another machine
    #[command(after_help = "Example: restake operator record export --help")]
    Record(Handed),
    /// What an operator holds, risks and serves
    #[command(after_help = "Example: restake operator show honest-op")]
    Show {
        /// Who
        operator: String,
        #[command(flatten)]
        node: Node,
    },
}

/// The service that it is about.
#[derive(Debug, Args)]
pub(crate) struct To {
    /// The service: its ServiceManager, or another account that slashes
    #[arg(long, default_value = "service")]
    service: String,
}

/// The key that answers are signed with.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signing key")]
pub(crate) struct SigningKey {
    /// The keystore of the signing key [default: the key of who acts]
    #[arg(long, value_name = "FILE")]
    signing_keystore: Option<PathBuf>,
    /// A file with its password
    #[arg(long, value_name = "FILE")]
    signing_password_file: Option<PathBuf>,
}

pub(crate) async fn run(command: OperatorCommand) -> Result<()> {
    match command {
        OperatorCommand::OptIn { budget, shared, to, acting } => {
            let (tier, exclusive) = if shared { ("shared", false) } else { ("exclusive", true) };
            send(&acting, |session, _| {
                let service = session.people.find(&to.service)?;
                let verb = operator::opt_in(&session.suite, service, budget.0, exclusive);
                let what = format!("lets {} slash up to {budget}, {tier}", session.people.name(service));
                Ok(Step::new(what, &verb))
            })
            .await
        }
        OperatorCommand::Raise { budget, to, acting } => {
            send(&acting, |session, _| {
                let service = session.people.find(&to.service)?;
                let verb = operator::raise(&session.suite, service, budget.0);
                let what = format!("raises the budget of {} to {budget}", session.people.name(service));
                Ok(Step::new(what, &verb))
            })
            .await
        }
        OperatorCommand::Activate { operator, to, acting } => {
            send(&acting, |session, _| {
                let (whose, service) = (session.people.find(&operator)?, session.people.find(&to.service)?);
                let verb = operator::activate(&session.suite, whose, service);
                let what = format!("puts into force what {} announced", session.people.name(whose));
                Ok(Step::new(what, &verb))
            })
            .await
        }
        OperatorCommand::OptOut { to, acting } => {
            send(&acting, |session, _| {
                let service = session.people.find(&to.service)?;
                let verb = operator::opt_out(&session.suite, service);
                let what = format!("ends the grant to {}", session.people.name(service));
                Ok(Step::new(what, &verb))
            })
            .await
        }
        OperatorCommand::Register { signing, acting } => bind(&signing, &acting, false).await,
        OperatorCommand::RotateKey { signing, acting } => bind(&signing, &acting, true).await,
        OperatorCommand::Deregister { acting } => {
            send(&acting, |session, _| {
                let verb = operator::deregister(&session.suite.service);
                Ok(Step::new("leaves the service".to_owned(), &verb))
            })
            .await
        }
        OperatorCommand::Update { operators, acting } => {
            send(&acting, |session, _| {
                let names = operators.join(", ");
                let operators = operators.iter().map(|name| session.people.find(name)).collect::<Result<_, _>>()?;
                let verb = operator::update(&session.suite.service, operators);
                Ok(Step::new(format!("has {names} weighed again"), &verb))
            })
            .await
        }
        OperatorCommand::Attest { task, task_time, answer, acting } => {
            let (domain, key, latest) = signing(&acting).await?;
            let attestation = Attestation { task, taskTime: task_time.unwrap_or(latest), answer };
            let CompactSignature { r, vs } = key.sign(&domain.answer(&attestation)).await?;
            let Attestation { task, taskTime, answer } = attestation;
            let signed = SignedAnswer::from(SignedAttestation { task, taskTime, answer, r, vs });
            println!("{}", serde_json::to_string_pretty(&signed)?);
            Ok(())
        }
        OperatorCommand::Commit { data, task, task_time, leaf_size, first_leaf, kept_leaves, acting } => {
            let tree = tree_of(&data, leaf_size)?;
            ensure!(tree.leaf_count() > 0, "{} is empty: there is nothing to keep available", data.display());
            let end = kept_leaves.map_or(Some(tree.leaf_count()), |kept| first_leaf.checked_add(kept));
            let kept = end.filter(|end| first_leaf < *end && *end <= tree.leaf_count());
            let kept =
                first_leaf..kept.ok_or_else(|| eyre!("the data has the leaves 0 to {}", tree.leaf_count() - 1))?;
            let (domain, key, latest) = signing(&acting).await?;
            let commitment = commitment_of(task, task_time.unwrap_or(latest), &tree, kept);
            let signature = key.sign(&domain.data_commitment(&commitment)).await?;
            let signed = SignedData::from(SignedCommitment { commitment, signature });
            println!("{}", serde_json::to_string_pretty(&signed)?);
            Ok(())
        }
        OperatorCommand::Run(handed) => handing::run(&handing::SERVICES, &["operator", "run"], &handed),
        OperatorCommand::Record(handed) => handing::run(&handing::SERVICES, &["operator", "record"], &handed),
        OperatorCommand::Show { operator, node } => {
            let session = Session::open(&node).await?;
            let operator = session.people.find(&operator)?;
            looking::operator(&session, operator).await
        }
    }
}

/// What an operator signs with: the service's domain, its key, and the time of the latest block.
async fn signing(acting: &Acting) -> Result<(Domain, Key, u64)> {
    let (session, actor) = Session::act(acting).await?;
    let key = actor.key.ok_or_eyre("what is signed for a service needs a key: give --keystore or --signer-url")?;
    let domain = session.domain().await?;
    Ok((domain, key, session.chain.now().await?))
}

/// Sends the one step that is made of the session and who acts.
pub(super) async fn send(acting: &Acting, step: impl FnOnce(&Session, Address) -> Result<Step>) -> Result<()> {
    let (session, actor) = Session::act(acting).await?;
    let step = step(&session, actor.address)?;
    session.perform(&actor, &acting.sending, vec![step]).await
}

/// Registers with a signing key, or replaces it, with the proof that it is the operator's.
async fn bind(signing: &SigningKey, acting: &Acting, rotates: bool) -> Result<()> {
    let (session, actor) = Session::act(acting).await?;
    let source = KeySource {
        from: None,
        keystore: signing.signing_keystore.clone(),
        password_file: signing.signing_password_file.clone(),
        private_key: None,
        signer_url: None,
        #[cfg(feature = "ledger")]
        ledger: None,
    };
    let key = account::unlock(&source, None)?.map(Key::Here).or_else(|| actor.key.clone());
    let key = key.ok_or_eyre("no signing key: give --signing-keystore")?;
    let service = session.suite.service;
    let proof = key.sign(&session.domain().await?.key_binding(actor.address)).await?;
    let signing_key = key.address();
    let name = session.people.name(signing_key);
    let step = if rotates {
        let verb = operator::rotate_key(&service, signing_key, proof);
        Step::new(format!("signs with {name} from now on"), &verb)
    } else {
        let verb = operator::register(&service, signing_key, proof);
        Step::new(format!("joins the service, signing with {name}"), &verb)
    };
    session.perform(&actor, &acting.sending, vec![step]).await
}
