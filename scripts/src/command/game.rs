//! Games about computations, played by hand.

use super::evidence::{SignedResult, read};
use super::looking::game;
use super::operator::send;
use super::sending::Step;
use super::session::{Acting, Node, Session};
use alloy::primitives::{Address, B256, Bytes, U256};
use arithmetic::fault::MISCOMPUTATION;
use clap::Subcommand;
use eyre::{Result, ensure};
use interfaces::IBisection::{bondCall, depositOfCall, gameOfCall};
use interfaces::IServiceManager::judgeOfCall;
use restake::computation::SignedComputation;
use restake::verbs::game as verbs;
use std::path::PathBuf;

/// Moves of a game.
#[derive(Debug, Subcommand)]
pub(crate) enum GameCommand {
    /// Say that an operator signed a wrong result: a game about it begins
    #[command(after_help = "Example: restake challenge computation bob --result result.json --from challenger")]
    Computation {
        /// Who
        operator: String,
        /// A file with the signed result, as `watcher result` writes it
        #[arg(long, value_name = "FILE")]
        result: PathBuf,
        #[command(flatten)]
        acting: Acting,
    },
    /// The operator: name the state in the middle
    #[command(after_help = "Example: restake challenge name 0 --at 50 --state 0x.. --from bob")]
    Name {
        /// The number of the game
        id: u64,
        /// After how many steps
        #[arg(long, value_name = "STEPS")]
        at: u64,
        /// The state
        #[arg(long, value_name = "HASH")]
        state: B256,
        #[command(flatten)]
        acting: Acting,
    },
    /// The challenger: say whether the state that was named is right
    #[command(after_help = "Example: restake challenge judge 0 --at 50 --state 0x.. --agree --from challenger")]
    Judge {
        /// The number of the game
        id: u64,
        /// After how many steps
        #[arg(long, value_name = "STEPS")]
        at: u64,
        /// The state that was named
        #[arg(long, value_name = "HASH")]
        state: B256,
        /// It is right; without this it is wrong
        #[arg(long)]
        agree: bool,
        #[command(flatten)]
        acting: Acting,
    },
    /// Execute the step that is left, by anyone
    #[command(after_help = "Example: restake challenge step 0 --witness 0x.. --from challenger")]
    Step {
        /// The number of the game
        id: u64,
        /// What opens the state, as `watcher state --witness` prints it
        #[arg(long, value_name = "BYTES")]
        witness: Bytes,
        #[command(flatten)]
        acting: Acting,
    },
    /// The challenger: leave the step to the operator, where its program is gone
    #[command(after_help = "Example: restake challenge pass 0 --from challenger")]
    Pass {
        /// The number of the game
        id: u64,
        #[command(flatten)]
        acting: Acting,
    },
    /// End a game whose clock ran out, or freeze for one that is won, by anyone
    #[command(after_help = "Example: restake challenge resolve-game 0 --from bob")]
    ResolveGame {
        /// The number of the game
        id: u64,
        #[command(flatten)]
        acting: Acting,
    },
    /// The operator: take its deposit back, when no game is open
    #[command(after_help = "Example: restake challenge withdraw-deposit --from bob")]
    WithdrawDeposit {
        /// To whom [default: who acts]
        #[arg(long)]
        recipient: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// How a game stands
    #[command(after_help = "Example: restake challenge game 0")]
    Game {
        /// The number of the game
        id: u64,
        #[command(flatten)]
        node: Node,
    },
}

pub(crate) async fn run(command: GameCommand) -> Result<()> {
    match command {
        GameCommand::Computation { operator, result, acting } => {
            let signed = SignedComputation::from(read::<SignedResult>(&result, "signed result")?);
            let (session, actor) = Session::act(&acting).await?;
            let (judge, operator) = (judge(&session).await?, session.people.find(&operator)?);
            let bond = session.chain.view(judge, &bondCall {}).await?;
            let what = format!("says that the result of {} is wrong", session.people.name(operator));
            let step = Step::new(what, &verbs::open(judge, operator, &signed, bond));
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        GameCommand::Name { id, at, state, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let judge = judge(&session).await?;
            let operator = session.chain.view(judge, &gameOfCall { gameId: id }).await?.operator;
            let has = session.chain.view(judge, &depositOfCall { operator }).await?.deposit;
            let due = if has.is_zero() { session.chain.view(judge, &bondCall {}).await? } else { U256::ZERO };
            let what = format!("names the state after {at} steps of game {id}");
            let step = Step::new(what, &verbs::name(judge, id, at, state, due));
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        GameCommand::Judge { id, at, state, agree, acting } => {
            let word = if agree { "right" } else { "wrong" };
            let what = format!("takes the state after {at} steps of game {id} for {word}");
            play(&acting, what, |judge| verbs::judge(judge, id, at, state, agree)).await
        }
        GameCommand::Step { id, witness, acting } => {
            play(&acting, format!("executes the step of game {id}"), |judge| verbs::execute(judge, id, witness)).await
        }
        GameCommand::Pass { id, acting } => {
            play(&acting, format!("leaves the step of game {id} to the operator"), |judge| verbs::pass(judge, id)).await
        }
        GameCommand::ResolveGame { id, acting } => {
            play(&acting, format!("resolves game {id}"), |judge| verbs::resolve(judge, id)).await
        }
        GameCommand::WithdrawDeposit { recipient, acting } => {
            let judge = judge(&Session::open(&acting.node).await?).await?;
            send(&acting, |session, actor| {
                let recipient = recipient.map_or(Ok(actor), |name| session.people.find(&name))?;
                let what = format!("withdraws its deposit to {}", session.people.name(recipient));
                Ok(Step::new(what, &verbs::withdraw_deposit(judge, recipient)))
            })
            .await
        }
        GameCommand::Game { id, node } => {
            let session = Session::open(&node).await?;
            game(&session, judge(&session).await?, id).await
        }
    }
}

/// Makes a move that needs nothing but the judge's address.
async fn play<C: alloy::sol_types::SolCall>(
    acting: &Acting,
    what: String,
    verb: impl FnOnce(Address) -> restake::verbs::Verb<C>,
) -> Result<()> {
    let (session, actor) = Session::act(acting).await?;
    let verb = verb(judge(&session).await?);
    session.perform(&actor, &acting.sending, vec![Step::new(what, &verb)]).await
}

/// Who judges computations of the service.
async fn judge(session: &Session) -> Result<Address> {
    let manager = session.suite.service.service_manager;
    let judge = session.chain.view(manager, &judgeOfCall { kind: MISCOMPUTATION }).await?;
    ensure!(!judge.is_zero(), "this service has nobody named who judges computations");
    Ok(judge)
}
