//! The token to stake, on development chains.

use super::looking;
use super::operator::send;
use super::sending::Step;
use super::session::{Acting, Node, Session};
use alloy::primitives::U256;
use clap::Subcommand;
use eyre::Result;
use restake::amounts::{Amount, ETHER_DECIMALS};
use restake::verbs::token;

/// The token to stake.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Turn ETH into tokens: the staking token of development chains
    #[command(after_help = "Example: restake token mint 10 --from alice")]
    Mint {
        /// How much ETH
        amount: Amount,
        #[command(flatten)]
        acting: Acting,
    },
    /// Let a contract take tokens
    #[command(after_help = "Example: restake token approve token-pool 10 --from alice")]
    Approve {
        /// Whom
        spender: String,
        /// How many
        amount: Amount,
        #[command(flatten)]
        acting: Acting,
    },
    /// Send tokens
    #[command(after_help = "Example: restake token transfer bob 1 --from alice")]
    Transfer {
        /// To whom
        to: String,
        /// How many
        amount: Amount,
        #[command(flatten)]
        acting: Acting,
    },
    /// What an account holds
    #[command(after_help = "Example: restake token balance alice")]
    Balance {
        /// Whose
        account: String,
        #[command(flatten)]
        node: Node,
    },
}

pub(crate) async fn run(command: TokenCommand) -> Result<()> {
    match command {
        TokenCommand::Mint { amount, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let held = session.chain.balance(actor.address).await?;
            let value = amount.base_units(ETHER_DECIMALS, held.try_into().unwrap_or(u128::MAX))?;
            let what = format!("turns {amount} ETH into tokens");
            let step = Step::new(what, &token::mint(&session.suite, U256::from(value)));
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        TokenCommand::Approve { spender, amount, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let (token, spender) = (session.suite.token, session.people.find(&spender)?);
            let value = match amount {
                Amount::Max => U256::MAX,
                Amount::Exactly(_) => U256::from(session.tokens(token, actor.address, &amount).await?),
            };
            let what = format!("lets {} take {amount}", session.people.name(spender));
            let step = Step::new(what, &token::approve(token, spender, value));
            session.perform(&actor, &acting.sending, vec![step]).await
        }
        TokenCommand::Transfer { to, amount, acting } => {
            let (session, actor) = Session::act(&acting).await?;
            let value = U256::from(session.tokens(session.suite.token, actor.address, &amount).await?);
            send(&acting, |session, _| {
                let to = session.people.find(&to)?;
                let what = format!("sends {amount} to {}", session.people.name(to));
                Ok(Step::new(what, &token::transfer(session.suite.token, to, value)))
            })
            .await
        }
        TokenCommand::Balance { account, node } => {
            let session = Session::open(&node).await?;
            let account = session.people.find(&account)?;
            looking::balance(&session, account).await
        }
    }
}
